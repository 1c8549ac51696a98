// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_pci_ims.ko: loading and unloading.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "../version.h"
#include "engine.h"
#include "netlink/netlink.h"
#include "storm.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* By enum ims_bypass_mode */
static const char * const ims_bypass_names[] = { "auto", "on", "off" };

static int ims_bypass_param_set(const char *val, const struct kernel_param *kp)
{
	int mode = sysfs_match_string(ims_bypass_names, val);

	if (mode < 0)
		return mode;
	WRITE_ONCE(ims_bypass_default, mode);
	return 0;
}

static int ims_bypass_param_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%s\n",
		       ims_bypass_names[READ_ONCE(ims_bypass_default)]);
}

static const struct kernel_param_ops ims_bypass_param_ops = {
	.set = ims_bypass_param_set,
	.get = ims_bypass_param_get,
};

module_param_cb(bypass, &ims_bypass_param_ops, NULL, 0644);
__MODULE_PARM_TYPE(bypass, "charp");
MODULE_PARM_DESC(bypass,
		 "May hardware post interrupts straight to vCPUs: on, off, or auto, which is on, but before Linux 6.17 off for devices of more than 256 vectors; of devices that are opened from now on (default: auto)");

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
MODULE_VERSION(IMS_VERSION);
MODULE_ALIAS_GENL_FAMILY(IMS_FAMILY_NAME);
