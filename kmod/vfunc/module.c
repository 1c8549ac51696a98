// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver's module comes and goes, and our own.
 */
#include <linux/log2.h>
#include <linux/module.h>

#include "vfunc.h"

static bool ims_vfunc_overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

static bool ims_vfunc_bar_right(const struct ims_vfunc_driver *driver,
				unsigned int i)
{
	const struct ims_vfunc_bar *bar = &driver->bars[i];
	bool wide = bar->flags & PCI_BASE_ADDRESS_MEM_TYPE_64;

	if (!bar->size)
		return !bar->flags && !bar->window_size;
	if (!is_power_of_2(bar->size) || bar->size < 16 ||
	    bar->size > BIT_ULL(IMS_VFUNC_REGION_SHIFT - 1))
		return false;
	if (bar->flags & ~(PCI_BASE_ADDRESS_MEM_TYPE_64 |
			   PCI_BASE_ADDRESS_MEM_PREFETCH))
		return false;
	if (wide ? i + 1 == PCI_STD_NUM_BARS || driver->bars[i + 1].size :
		   bar->size > BIT_ULL(31))
		return false;
	if (!bar->window_size)
		return true;
	return driver->window &&
	       PAGE_ALIGNED(bar->window) && PAGE_ALIGNED(bar->window_size) &&
	       bar->window < bar->size &&
	       bar->window_size <= bar->size - bar->window;
}

static bool ims_vfunc_msix_right(const struct ims_vfunc_driver *driver)
{
	u64 table_size = (u64)min(driver->num_vectors, IMS_VFUNC_MSIX_MAX) *
			 PCI_MSIX_ENTRY_SIZE;
	u64 pba_size = ims_vfunc_pba_size(driver);
	const struct ims_vfunc_bar *bar;

	if (driver->msix_bar >= PCI_STD_NUM_BARS)
		return false;
	bar = &driver->bars[driver->msix_bar];
	if (!IS_ALIGNED(driver->msix_table | driver->msix_pba, 8) ||
	    driver->msix_table + table_size > bar->size ||
	    driver->msix_pba + pba_size > bar->size ||
	    ims_vfunc_overlap(driver->msix_table, table_size, driver->msix_pba,
			      pba_size))
		return false;
	return !bar->window_size ||
	       (!ims_vfunc_overlap(driver->msix_table, table_size, bar->window,
				   bar->window_size) &&
		!ims_vfunc_overlap(driver->msix_pba, pba_size, bar->window,
				   bar->window_size));
}

/* What of @driver is wrong; NULL: nothing. */
static const char *ims_vfunc_fault_of(const struct ims_vfunc_driver *driver)
{
	unsigned int i;

	if (!driver->name || !driver->title || !driver->description)
		return "name, title or description";
	if (!driver->max_functions)
		return "max_functions";
	if (!driver->num_vectors ||
	    driver->num_vectors > VFIO_PCI_IMS_MAX_VECTORS)
		return "num_vectors";
	if (driver->size < sizeof(struct ims_vfunc))
		return "size";
	if (!driver->read || !driver->write)
		return "read or write";
	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (!ims_vfunc_bar_right(driver, i))
			return "bars";
	if (!ims_vfunc_msix_right(driver))
		return "msix_bar, msix_table or msix_pba";
	return NULL;
}

/**
 * __ims_vfunc_register - a driver's module is loaded: see ims_vfunc_register()
 * @driver: its kind of functions; stays until ims_vfunc_unregister()
 * @pci: the driver of the PCI devices that have them; is registered here
 * @owner: the module
 * @modname: its name
 *
 * Context: module init. Sleeps.
 *
 * Return: 0; -EINVAL when a member of @driver is wrong, which the kernel log names;
 * else a negative errno of the driver core.
 */
int __ims_vfunc_register(struct ims_vfunc_driver *driver, struct pci_driver *pci,
			 struct module *owner, const char *modname)
{
	const char *fault = ims_vfunc_fault_of(driver);
	int ret;

	if (fault) {
		pr_err("%s: struct ims_vfunc_driver: %s is wrong\n", modname,
		       fault);
		return -EINVAL;
	}

	driver->owner = owner;
	ret = driver->mdev ? ims_vfunc_mdev_register(driver, modname) :
			     ims_vfunc_plain_register(driver, modname);
	if (ret)
		return ret;

	ret = __pci_register_driver(pci, owner, modname);
	if (!ret)
		return 0;

	if (driver->mdev)
		ims_vfunc_mdev_unregister(driver);
	else
		ims_vfunc_plain_unregister(driver);
	return ret;
}
EXPORT_SYMBOL_GPL(__ims_vfunc_register);

/**
 * ims_vfunc_unregister() - counterpart of ims_vfunc_register()
 * @driver: the kind of functions
 * @pci: the driver of the PCI devices
 *
 * Context: module exit. Sleeps.
 */
void ims_vfunc_unregister(struct ims_vfunc_driver *driver,
			  struct pci_driver *pci)
{
	pci_unregister_driver(pci);
	if (driver->mdev)
		ims_vfunc_mdev_unregister(driver);
	else
		ims_vfunc_plain_unregister(driver);
}
EXPORT_SYMBOL_GPL(ims_vfunc_unregister);

static int __init ims_vfunc_init(void)
{
	return ims_vfunc_plain_init();
}
module_init(ims_vfunc_init);

static void __exit ims_vfunc_exit(void)
{
	ims_vfunc_plain_exit();
}
module_exit(ims_vfunc_exit);

MODULE_DESCRIPTION("Virtual PCI functions whose vectors an interrupt message store backs");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
