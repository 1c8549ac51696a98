// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device's interrupt store: creation, end and figures.
 */
#include <linux/export.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <linux/slab.h>

#include "../version.h"
#include "ims_internal.h"

static bool allow_unsafe_interrupts;
module_param(allow_unsafe_interrupts, bool, 0644);
MODULE_PARM_DESC(allow_unsafe_interrupts,
		 "Create stores on hosts without interrupt remapping, where any DMA of a device can forge any interrupt (default: no)");

static void ims_store_release(struct kref *ref)
{
	struct ims_store *store = container_of(ref, struct ims_store, ref);

	pci_dev_put(store->pdev);
	free_cpumask_var(store->cpus);
	kvfree(store->slots);
	mutex_destroy(&store->lock);
	mutex_destroy(&store->teardown);
	kfree(store);
}

/**
 * ims_store_put - give back a store that was found
 * @store: from ims_store_get_id() and the like
 *
 * Context: process context, may sleep.
 */
void ims_store_put(struct ims_store *store)
{
	kref_put(&store->ref, ims_store_release);
}
EXPORT_SYMBOL_GPL(ims_store_put);

/* Tell all clients, and take the interrupt domain away. */
static void ims_store_end(struct ims_store *store)
{
	const struct ims_store_ops *ops = store->ops;
	struct ims_client *client;

	mutex_lock(&store->teardown);

	mutex_lock(&store->lock);
	store->gone = true;
	mutex_unlock(&store->lock);

	/* Only store->teardown: gone() frees interrupts, under store->lock. */
	list_for_each_entry(client, &store->clients, node)
		if (client->ops && client->ops->gone)
			client->ops->gone(client->priv);

	mutex_lock(&store->lock);
	WARN_ON_ONCE(store->used);
	mutex_unlock(&store->lock);
	cancel_delayed_work_sync(&store->tell);
	ims_entries_end(store);
	ims_domain_remove(store);
	mutex_unlock(&store->teardown);

	ims_store_unregister(store);
	if (ops->release && !store->abandoned)
		ops->release(store->data);
}

/*
 * The binding of the device to its driver ends. A driver that has forgotten its
 * store has perhaps freed what the callbacks work on: none of them is called any
 * more, as if the hardware had fallen asleep for ever. The creator's reference
 * stays, should ims_store_destroy() come after all.
 */
static void ims_store_abandon(struct ims_store *store)
{
	if (!store->managed) {
		pci_warn(store->pdev, "%s did not end its interrupt store: ims_store_destroy() is missing in its remove()\n",
			 store->driver);
		mutex_lock(&store->lock);
		store->gone = true;
		store->abandoned = true;
		mutex_unlock(&store->lock);
		down_write(&store->power);
		ims_store_sleep(store);
		up_write(&store->power);
	}
	ims_store_end(store);
	if (store->managed)
		ims_store_put(store);
}

/*
 * What devres has is a pointer with a reference. ims_store_destroy() takes it back,
 * but when a devres action of the driver calls that, the list is being worked off and
 * the pointer is not found there any more: its turn comes after the store's end.
 */
static void ims_store_unbound(struct device *dev, void *res)
{
	struct ims_store *store = *(struct ims_store **)res;

	if (!store->gone)
		ims_store_abandon(store);
	ims_store_put(store);
}

static int ims_store_is(struct device *dev, void *res, void *store)
{
	return *(struct ims_store **)res == store;
}

static int ims_store_check_ops(const struct ims_store_ops *ops)
{
	if (!ops->write || !ops->mask || !ops->unmask)
		return -EINVAL;
	if (!ops->lock != !ops->unlock || !ops->alloc_slot != !ops->free_slot)
		return -EINVAL;
	return 0;
}

/* May @pdev have a store? 0 or -EPERM, which is said in the log. */
static int ims_store_check_remapping(struct pci_dev *pdev)
{
	if (msi_device_has_isolated_msi(&pdev->dev))
		return 0;
	if (!allow_unsafe_interrupts) {
		pci_err(pdev, "no interrupt remapping: refusing an interrupt store, because a device could forge any interrupt by DMA; turn the IOMMU on (intel_iommu=on, firmware setup), or load ims with allow_unsafe_interrupts=1\n");
		return -EPERM;
	}
	pci_warn(pdev, "interrupt store without interrupt remapping, as allow_unsafe_interrupts says\n");
	return 0;
}

static struct ims_store *ims_store_alloc(struct pci_dev *pdev,
					 const struct ims_store_ops *ops,
					 u32 hwsize, void *data)
{
	struct ims_store *store;

	store = kzalloc(sizeof(*store), GFP_KERNEL);
	if (!store)
		return NULL;
	if (!zalloc_cpumask_var(&store->cpus, GFP_KERNEL)) {
		kfree(store);
		return NULL;
	}

	kref_init(&store->ref);
	mutex_init(&store->teardown);
	init_rwsem(&store->power);
	mutex_init(&store->lock);
	INIT_LIST_HEAD(&store->clients);
	INIT_LIST_HEAD(&store->free);
	ims_entries_init(store);
	INIT_DELAYED_WORK(&store->tell, ims_store_tell);
	store->pdev = pci_dev_get(pdev);
	snprintf(store->driver, sizeof(store->driver), "%s",
		 dev_driver_string(&pdev->dev));
	store->ops = ops;
	store->data = data;
	store->hwsize = hwsize;
	store->limit = hwsize;
	return store;
}

static struct ims_store *
ims_store_make(struct pci_dev *pdev, const struct ims_store_ops *ops,
	       u32 hwsize, void *data, bool managed)
{
	struct ims_store *store, **res;
	int ret;

	ret = ims_store_check_ops(ops);
	if (ret || !hwsize || hwsize > IMS_STORE_MAX)
		return ERR_PTR(-EINVAL);
	ret = ims_store_check_remapping(pdev);
	if (ret)
		return ERR_PTR(ret);

	store = ims_store_alloc(pdev, ops, hwsize, data);
	if (!store)
		return ERR_PTR(-ENOMEM);
	store->managed = managed;

	ret = ims_slots_init(store);
	if (!ret)
		ret = ims_domain_create(store);
	if (ret)
		goto err_put;
	res = devres_alloc(ims_store_unbound, sizeof(*res), GFP_KERNEL);
	ret = -ENOMEM;
	if (!res)
		goto err_domain;
	ret = ims_store_register(store);
	if (ret)
		goto err_res;
	kref_get(&store->ref);
	*res = store;
	devres_add(&pdev->dev, res);
	return store;

err_res:
	devres_free(res);
err_domain:
	ims_domain_remove(store);
err_put:
	ims_store_put(store);
	return ERR_PTR(ret);
}

/**
 * ims_store_create - make a device's interrupt store known
 * @pdev: the device; a reference is held
 * @ops: how its store is written; @ops->write, mask and unmask are mandatory
 * @hwsize: slots it has, 1 to %IMS_STORE_MAX
 * @data: first argument of @ops
 *
 * Call it from probe(): a driver whose remove() has not ended the store is warned
 * of in the log, and after remove() the store is ended without touching the
 * hardware or @data.
 *
 * Context: process context, may sleep.
 *
 * Return: the store, to be given back by ims_store_destroy(), or an ERR_PTR:
 * -EINVAL for missing callbacks or a wrong size, -ENODEV when the device has no
 * parent interrupt domain to build on, -EPERM when its interrupts are not
 * remapped (msi_device_has_isolated_msi(), kernel/irq/msi.c) and the
 * administrator did not set allow_unsafe_interrupts, -EEXIST when the device has
 * a store, -ENOMEM. @ops->release is not called for a store that was not made.
 */
struct ims_store *ims_store_create(struct pci_dev *pdev,
				   const struct ims_store_ops *ops,
				   u32 hwsize, void *data)
{
	return ims_store_make(pdev, ops, hwsize, data, false);
}
EXPORT_SYMBOL_GPL(ims_store_create);

/**
 * devm_ims_store_create - the same, ended with the device's binding
 * @pdev: the device, being probed
 * @ops: how its store is written
 * @hwsize: slots it has
 * @data: first argument of @ops; must live until the store has ended: what was
 *	allocated by devm_kzalloc() and the like ahead of this call does
 *
 * ims_store_destroy() ends it earlier, where remove() must have it so.
 *
 * Context: process context, may sleep.
 *
 * Return: as ims_store_create()
 */
struct ims_store *devm_ims_store_create(struct pci_dev *pdev,
					const struct ims_store_ops *ops,
					u32 hwsize, void *data)
{
	return ims_store_make(pdev, ops, hwsize, data, true);
}
EXPORT_SYMBOL_GPL(devm_ims_store_create);

/**
 * ims_store_destroy - the device goes away, or its driver does
 * @store: from ims_store_create(), or NULL
 *
 * Tells every client, whose interrupts are free when this returns. Clients may
 * keep their references: what they ask for from now on fails with -ENODEV, and
 * @store's callbacks are not called any more. The hardware of a store that is
 * suspended is left as it is, and is the driver's to reset. A devres action that
 * was added after the store was made may call it, too.
 *
 * Context: process context, may sleep.
 */
void ims_store_destroy(struct ims_store *store)
{
	if (!store)
		return;
	if (!store->abandoned) {
		ims_store_end(store);
		/* Not found: see ims_store_unbound(). */
		devres_release(&store->pdev->dev, ims_store_unbound,
			       ims_store_is, store);
	}
	ims_store_put(store);
}
EXPORT_SYMBOL_GPL(ims_store_destroy);

/**
 * ims_store_error - the device has reported an error
 * @store: the store
 *
 * Tells every client: virtual devices signal their error eventfd (VFIO's ERR
 * index). For error_detected() of the driver's struct pci_error_handlers.
 *
 * Context: process context, may sleep.
 */
void ims_store_error(struct ims_store *store)
{
	struct ims_client *client;

	mutex_lock(&store->teardown);
	list_for_each_entry(client, &store->clients, node)
		if (client->ops && client->ops->error)
			client->ops->error(client->priv);
	mutex_unlock(&store->teardown);
}
EXPORT_SYMBOL_GPL(ims_store_error);

/**
 * ims_store_pci_dev - the device that a store belongs to
 * @store: the store
 *
 * Context: any.
 *
 * Return: the device, valid as long as the caller's reference to the store.
 */
struct pci_dev *ims_store_pci_dev(const struct ims_store *store)
{
	return store->pdev;
}
EXPORT_SYMBOL_GPL(ims_store_pci_dev);

/**
 * ims_store_query - figures of a store
 * @store: the store
 * @info: filled in
 *
 * Context: process context, may sleep.
 */
void ims_store_query(struct ims_store *store, struct ims_store_info *info)
{
	mutex_lock(&store->lock);
	info->id = store->id;
	info->hwsize = store->hwsize;
	info->used = store->used;
	info->peak = store->peak;
	info->limit = store->limit;
	info->reserved = store->reserved;
	info->entries = store->entries;
	info->capacity = store->capacity;
	info->available = store->limit - store->used - store->unmet;
	info->clients = store->nr_clients;
	info->failures = store->failures;
	info->suspended = READ_ONCE(store->suspended);
	mutex_unlock(&store->lock);
}
EXPORT_SYMBOL_GPL(ims_store_query);

static int ims_store_limit_error(const struct ims_store *store, u32 limit)
{
	lockdep_assert_held(&store->lock);

	if (store->gone)
		return -ENODEV;
	if (limit > store->hwsize)
		return -EINVAL;
	if (limit < store->used + store->unmet)
		return -EBUSY;
	return 0;
}

/**
 * ims_store_check_limit - what ims_store_set_limit() would return now
 * @store: the store
 * @limit: see there
 *
 * Context: process context, may sleep.
 *
 * Return: as ims_store_set_limit(). Nothing is changed.
 */
int ims_store_check_limit(struct ims_store *store, u32 limit)
{
	int ret;

	mutex_lock(&store->lock);
	ret = ims_store_limit_error(store, limit);
	mutex_unlock(&store->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_store_check_limit);

/**
 * ims_store_set_limit - change how many slots may be in use at a time
 * @store: the store
 * @limit: at most the store's size
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for a limit above the store's size, -EBUSY when more
 * slots are in use or promised, -ENODEV when the device is gone.
 */
int ims_store_set_limit(struct ims_store *store, u32 limit)
{
	int ret;

	mutex_lock(&store->lock);
	ret = ims_store_limit_error(store, limit);
	if (!ret)
		store->limit = limit;
	mutex_unlock(&store->lock);

	if (!ret)
		ims_store_changed(store);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_store_set_limit);

/**
 * ims_store_reset_stats - begin anew with a store's peak and failures
 * @store: the store
 *
 * The peak is then what is in use now.
 *
 * Context: process context, may sleep.
 */
void ims_store_reset_stats(struct ims_store *store)
{
	mutex_lock(&store->lock);
	store->peak = store->used;
	store->failures = 0;
	mutex_unlock(&store->lock);

	ims_store_changed(store);
}
EXPORT_SYMBOL_GPL(ims_store_reset_stats);

/**
 * ims_store_domain - the interrupt domain that a store is built on
 * @store: the store
 *
 * Context: any.
 *
 * Return: its name, valid as long as the caller's reference to the store.
 */
const char *ims_store_domain(const struct ims_store *store)
{
	return store->parent;
}
EXPORT_SYMBOL_GPL(ims_store_domain);

/**
 * ims_store_driver - the driver that a store was made by
 * @store: the store
 *
 * Context: any.
 *
 * Return: its name, valid as long as the caller's reference to the store, also
 * when the driver is not there any more.
 */
const char *ims_store_driver(const struct ims_store *store)
{
	return store->driver;
}
EXPORT_SYMBOL_GPL(ims_store_driver);

/**
 * ims_store_check_cookie - can a store's hardware hold a cookie?
 * @store: the store
 * @cookie: the cookie
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -ERANGE (what check_cookie() of struct ims_store_ops says) when it
 * cannot; -ENODEV when the device is gone.
 */
int ims_store_check_cookie(struct ims_store *store, u64 cookie)
{
	int ret = 0;

	mutex_lock(&store->lock);
	if (store->gone)
		ret = -ENODEV;
	else if (store->ops->check_cookie)
		ret = store->ops->check_cookie(store->data, cookie);
	mutex_unlock(&store->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_store_check_cookie);

/**
 * ims_store_sets_cookies - can a store change a cookie in place?
 * @store: the store
 *
 * Context: any, as long as the store's client is told of its end by gone() and has
 * not returned from that.
 *
 * Return: whether ims_set_cookie() needs no other slot.
 */
bool ims_store_sets_cookies(const struct ims_store *store)
{
	return store->ops->set_cookie;
}
EXPORT_SYMBOL_GPL(ims_store_sets_cookies);

/**
 * ims_store_id - a store's number
 * @store: the store
 *
 * Context: any.
 *
 * Return: 1 and up, not used again before all have been used.
 */
u32 ims_store_id(const struct ims_store *store)
{
	return store->id;
}
EXPORT_SYMBOL_GPL(ims_store_id);

MODULE_DESCRIPTION("Interrupt domains for device-specific interrupt stores (IMS)");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
