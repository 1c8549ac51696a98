// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver's module comes and goes, and our own.
 */
#include <linux/log2.h>
#include <linux/module.h>

#include "../version.h"
#include "vfunc.h"

static bool ims_vfunc_overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* What of BAR @i is wrong; NULL: nothing. */
static const char *ims_vfunc_bar_fault(const struct ims_vfunc_driver *driver,
				       unsigned int i)
{
	const struct ims_vfunc_bar *bar = &driver->bars[i];
	bool wide = bar->flags & PCI_BASE_ADDRESS_MEM_TYPE_64;

	if (!bar->size)
		return bar->flags || bar->window_size ? "its size is 0" : NULL;
	if (!is_power_of_2(bar->size) || bar->size < 16)
		return "its size is no power of 2, or less than 16";
	if (bar->size > BIT_ULL(IMS_VFUNC_REGION_SHIFT - 1))
		return "it is too large";
	if (bar->flags & ~(PCI_BASE_ADDRESS_MEM_TYPE_64 |
			   PCI_BASE_ADDRESS_MEM_PREFETCH))
		return "unknown flags";
	if (!wide && bar->size > BIT_ULL(31))
		return "it is too large for 32 bits";
	if (wide && i + 1 == PCI_STD_NUM_BARS)
		return "the last one cannot have 64 bits";
	if (wide && driver->bars[i + 1].size)
		return "it has 64 bits, which takes the next one";
	if (!bar->window_size)
		return NULL;
	if (!driver->window)
		return "it has a window, and there is no window()";
	if (!PAGE_ALIGNED(bar->window | bar->window_size))
		return "its window is not a multiple of the page size";
	if (bar->window >= bar->size ||
	    bar->window_size > bar->size - bar->window)
		return "its window is not within it";
	return NULL;
}

/* What is wrong with where MSI-X table and pending bits are; NULL: nothing. */
static const char *ims_vfunc_msix_fault(const struct ims_vfunc_driver *driver)
{
	u64 table_size = (u64)min(driver->num_vectors, IMS_VFUNC_MSIX_MAX) *
			 PCI_MSIX_ENTRY_SIZE;
	u64 pba_size = ims_vfunc_pba_size(driver);
	const struct ims_vfunc_bar *bar;

	if (driver->msix_bar >= PCI_STD_NUM_BARS)
		return "msix_bar: there is no such BAR";
	bar = &driver->bars[driver->msix_bar];
	if (!IS_ALIGNED(driver->msix_table | driver->msix_pba, 8))
		return "msix_table, msix_pba: no multiple of 8";
	if (driver->msix_table + table_size > bar->size)
		return "msix_table: the table is not within msix_bar";
	if (driver->msix_pba + pba_size > bar->size)
		return "msix_pba: the pending bits are not within msix_bar";
	if (ims_vfunc_overlap(driver->msix_table, table_size, driver->msix_pba,
			      pba_size))
		return "msix_table, msix_pba: they overlap";
	if (ims_vfunc_overlap(driver->msix_table, table_size, bar->window,
			      bar->window_size) ||
	    ims_vfunc_overlap(driver->msix_pba, pba_size, bar->window,
			      bar->window_size))
		return "msix_table, msix_pba: they are in the BAR's window";
	return NULL;
}

/* What else of @driver is wrong; NULL: nothing. */
static const char *ims_vfunc_fault(const struct ims_vfunc_driver *driver,
				   const struct pci_driver *pci)
{
	if (!pci->name)
		return "the PCI driver has no name";
	if (!driver->name)
		return "name: there is none";
	if (!driver->title)
		return "title: there is none";
	if (!driver->description)
		return "description: there is none";
	if (!driver->max_functions)
		return "max_functions: 0";
	if (!driver->num_vectors ||
	    driver->num_vectors > VFIO_PCI_IMS_MAX_VECTORS)
		return "num_vectors: 0, or too many";
	if (driver->size < sizeof(struct ims_vfunc))
		return "size: less than that of struct ims_vfunc";
	if (!driver->read)
		return "read: there is none";
	if (!driver->write)
		return "write: there is none";
	return ims_vfunc_msix_fault(driver);
}

/* Says in the kernel log what is wrong. */
static int ims_vfunc_check(const struct ims_vfunc_driver *driver,
			   const struct pci_driver *pci, const char *modname)
{
	const char *fault;
	unsigned int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		fault = ims_vfunc_bar_fault(driver, i);
		if (!fault)
			continue;
		pr_err("%s: struct ims_vfunc_driver: bars[%u]: %s\n", modname, i,
		       fault);
		return -EINVAL;
	}
	fault = ims_vfunc_fault(driver, pci);
	if (!fault)
		return 0;
	pr_err("%s: struct ims_vfunc_driver: %s\n", modname, fault);
	return -EINVAL;
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
	int ret;

	ret = ims_vfunc_check(driver, pci, modname);
	if (ret)
		return ret;

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
MODULE_VERSION(IMS_VERSION);
