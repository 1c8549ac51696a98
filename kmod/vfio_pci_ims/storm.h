/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VFIO_PCI_IMS_STORM_H
#define _VFIO_PCI_IMS_STORM_H

void ims_storms_end(void);

#endif /* _VFIO_PCI_IMS_STORM_H */
