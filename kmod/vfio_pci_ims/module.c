// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_pci_ims.ko: loading and unloading.
 */
#include <linux/module.h>

#include "netlink/netlink.h"
#include "storm.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init vfio_pci_ims_module_init(void)
{
	return ims_netlink_register();
}

static void __exit vfio_pci_ims_module_exit(void)
{
	ims_netlink_unregister();
	ims_storms_end();
}

module_init(vfio_pci_ims_module_init);
module_exit(vfio_pci_ims_module_exit);

MODULE_DESCRIPTION("MSI-X vectors of VFIO virtual devices, backed by IMS slots");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY(IMS_FAMILY_NAME);
