/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VFIO_PCI_IMS_STORM_H
#define _VFIO_PCI_IMS_STORM_H

#include <linux/types.h>

struct ims_vdev;

void ims_storms_poll_device(struct ims_vdev *vdev, u64 limit, u64 ms);
void ims_storms_end(void);

#endif /* _VFIO_PCI_IMS_STORM_H */
