// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device that has functions: probe, remove, sleep, reset and errors.
 *
 * The driver's module stays while a function is open: VFIO holds a reference to
 * the module of the function's driver, which is that.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "vfunc.h"

/* For sysfs: of the type of mediated devices, or of the PCI device */
ssize_t ims_vfunc_description(const struct ims_vfunc_parent *parent, char *buf)
{
	return sysfs_emit(buf,
			  "%s; %u MSI-X vectors backed by an interrupt message store\n",
			  parent->driver->description,
			  parent->driver->num_vectors);
}

/* Unless the driver has other ones, the cookies of all functions must fit. */
static int ims_vfunc_check_cookies(struct pci_dev *pdev,
				   const struct ims_vfunc_driver *driver,
				   struct ims_store *store)
{
	unsigned int last = driver->max_functions - 1;
	u64 cookie = ims_vfunc_default_cookie(driver, store, last);
	int ret;

	ret = driver->params ? 0 : ims_store_check_cookie(store, cookie);
	if (ret)
		pci_err(pdev, "the store cannot hold the cookie of function %u, %llu: max_functions is too large\n",
			last, cookie);
	return ret;
}

/**
 * ims_vfunc_parent_add - let users make functions of a device
 * @pdev: the device
 * @driver: the functions' kind, registered
 * @store: the device's interrupt store, or what ims_store_create() and the like
 *	have returned in its place; is destroyed by ims_vfunc_parent_del(), and
 *	also when this fails
 * @data: fn->data of the functions
 *
 * Functions can be made and opened before this returns.
 *
 * Context: probe. Sleeps.
 *
 * Return: the parent, for the functions below; or an ERR_PTR: the error that
 * @store is; -ENOMEM; -ERANGE when there can be more functions than cookies, which
 * the kernel log says; what the driver core says.
 */
struct ims_vfunc_parent *ims_vfunc_parent_add(struct pci_dev *pdev,
					      struct ims_vfunc_driver *driver,
					      struct ims_store *store,
					      void *data)
{
	struct ims_vfunc_parent *parent;
	int ret;

	if (IS_ERR(store))
		return ERR_CAST(store);

	ret = ims_vfunc_check_cookies(pdev, driver, store);
	parent = ret ? NULL : kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent) {
		ims_store_destroy(store);
		return ERR_PTR(ret ? ret : -ENOMEM);
	}
	parent->pdev = pdev;
	parent->driver = driver;
	parent->data = data;
	parent->store = store;
	mutex_init(&parent->lock);
	INIT_LIST_HEAD(&parent->fns);
	init_waitqueue_head(&parent->awake);
	ida_init(&parent->ids);

	ret = driver->mdev ? ims_vfunc_mdev_add(parent) :
			     ims_vfunc_plain_add(parent);
	if (!ret)
		return parent;

	ims_store_destroy(store);
	ida_destroy(&parent->ids);
	mutex_destroy(&parent->lock);
	kfree(parent);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_add);

/**
 * ims_vfunc_parent_del - the device goes away: end its store and its functions
 * @parent: of a device that does not fire any more
 *
 * Functions may be open. The order, and why:
 *
 * 1. What users have mapped is unmapped: who writes to it gets SIGBUS.
 * 2. The store is taken away: a function that opens from now on gets -ENODEV, and
 *    does not look at what step 3 may free.
 * 3. ims_store_destroy() has vfio_pci_ims.ko release the interrupts of all
 *    functions that are open, and calls the store's callbacks for the last time.
 *    This is not left to step 4, because a user may take his time to close
 *    what he has open.
 * 4. Users are asked to close, and when they have, the functions are removed.
 *
 * Context: remove. Sleeps, until the last user has closed.
 */
void ims_vfunc_parent_del(struct ims_vfunc_parent *parent)
{
	struct ims_store *store;
	struct ims_vfunc *fn;

	mutex_lock(&parent->lock);
	list_for_each_entry(fn, &parent->fns, node)
		ims_vfunc_windows_end(fn);
	store = parent->store;
	parent->store = NULL;
	mutex_unlock(&parent->lock);
	ims_store_destroy(store);

	if (parent->driver->mdev)
		ims_vfunc_mdev_del(parent);
	else
		ims_vfunc_plain_del(parent);

	ida_destroy(&parent->ids);
	mutex_destroy(&parent->lock);
	kfree(parent);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_del);

static void ims_vfunc_parent_del_action(void *parent)
{
	ims_vfunc_parent_del(parent);
}

/**
 * devm_ims_vfunc_parent_add - the same, ended when the driver is unbound
 * @pdev: the device
 * @driver: see ims_vfunc_parent_add()
 * @store: likewise
 * @data: likewise
 *
 * ims_vfunc_parent_del() is called after the driver's remove(), which must have
 * the device stop.
 *
 * Context: probe. Sleeps.
 *
 * Return: as ims_vfunc_parent_add()
 */
struct ims_vfunc_parent *
devm_ims_vfunc_parent_add(struct pci_dev *pdev, struct ims_vfunc_driver *driver,
			  struct ims_store *store, void *data)
{
	struct ims_vfunc_parent *parent;
	int ret;

	parent = ims_vfunc_parent_add(pdev, driver, store, data);
	if (IS_ERR(parent))
		return parent;
	ret = devm_add_action_or_reset(&pdev->dev, ims_vfunc_parent_del_action,
				       parent);
	return ret ? ERR_PTR(ret) : parent;
}
EXPORT_SYMBOL_GPL(devm_ims_vfunc_parent_add);

/*
 * The hardware is not to be used while @parent is asleep or has failed: windows are
 * unmapped before the store is suspended, and can be mapped again when it is
 * restored.
 */
static void ims_vfunc_parent_set(struct ims_vfunc_parent *parent, bool asleep,
				 bool failed)
{
	bool usable = !asleep && !failed;
	struct ims_vfunc *fn;

	lockdep_assert_held(&parent->lock);

	if (usable)
		ims_store_restore(parent->store);
	WRITE_ONCE(parent->asleep, asleep);
	WRITE_ONCE(parent->failed, failed);
	list_for_each_entry(fn, &parent->fns, node)
		ims_vfunc_windows_update(fn);
	wake_up_all(&parent->awake);
	if (!usable)
		ims_store_suspend(parent->store);
}

/**
 * ims_vfunc_parent_suspend - the hardware goes to sleep, or is reset
 * @parent: whose functions' windows are unmapped, and whose store is suspended
 *	(ims_store_suspend()), when this returns
 *
 * Who writes to a window waits until ims_vfunc_parent_resume().
 *
 * Context: process context: suspend, reset_prepare. May sleep.
 */
void ims_vfunc_parent_suspend(struct ims_vfunc_parent *parent)
{
	mutex_lock(&parent->lock);
	ims_vfunc_parent_set(parent, true, parent->failed);
	mutex_unlock(&parent->lock);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_suspend);

/**
 * ims_vfunc_parent_resume - counterpart of ims_vfunc_parent_suspend()
 * @parent: the store is restored (ims_store_restore()), and windows can be mapped
 *	again, unless the device has failed
 *
 * Context: process context: resume, reset_done. May sleep.
 */
void ims_vfunc_parent_resume(struct ims_vfunc_parent *parent)
{
	mutex_lock(&parent->lock);
	ims_vfunc_parent_set(parent, false, parent->failed);
	mutex_unlock(&parent->lock);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_resume);

/**
 * ims_vfunc_parent_error - the device has reported an error
 * @parent: the store is suspended, and the users are told (ims_store_error())
 *
 * Nobody knows whether the device recovers: who writes to a window does not wait,
 * but gets SIGBUS, until ims_vfunc_parent_recovered().
 *
 * Context: process context: error_detected. May sleep.
 */
void ims_vfunc_parent_error(struct ims_vfunc_parent *parent)
{
	mutex_lock(&parent->lock);
	ims_vfunc_parent_set(parent, parent->asleep, true);
	mutex_unlock(&parent->lock);
	ims_store_error(parent->store);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_error);

/**
 * ims_vfunc_parent_recovered - counterpart of ims_vfunc_parent_error()
 * @parent: as ims_vfunc_parent_resume(), unless the device is asleep
 *
 * Context: process context: the resume of struct pci_error_handlers. May sleep.
 */
void ims_vfunc_parent_recovered(struct ims_vfunc_parent *parent)
{
	mutex_lock(&parent->lock);
	ims_vfunc_parent_set(parent, parent->asleep, false);
	mutex_unlock(&parent->lock);
}
EXPORT_SYMBOL_GPL(ims_vfunc_parent_recovered);
