// SPDX-License-Identifier: GPL-2.0-only
/*
 * All stores of the host, for a control plane: found by number or by the name of
 * their PCI device, and announced when they come, change and go.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "ims_internal.h"

/*
 * Held over a change of the set of stores and its announcement: listeners are
 * told of a store from its beginning to its end, and of nothing before or after.
 * Outermost; the callees' locks and a store's own are inside.
 */
static DEFINE_MUTEX(ims_announce_lock);

/*
 * By id, 1 to INT_MAX. ims_stores_lock keeps what a look-up finds until it has
 * its reference, and two stores of one device apart. No other lock is taken
 * under it.
 */
static DEFINE_MUTEX(ims_stores_lock);
static DEFINE_XARRAY_ALLOC1(ims_stores);
static u32 ims_stores_next_id;

/* Changes when a store comes or goes: dumps tell by it. */
static atomic_t ims_stores_gen = ATOMIC_INIT(1);

/*
 * With ims_announce_lock held. Callees may sleep, and may look at the store, but
 * neither change it nor register or unregister.
 */
static BLOCKING_NOTIFIER_HEAD(ims_store_chain);

/* With ims_stores_lock held. */
static struct ims_store *ims_store_find(const char *name)
{
	struct ims_store *store;
	unsigned long id;

	lockdep_assert_held(&ims_stores_lock);

	xa_for_each(&ims_stores, id, store)
		if (!strcmp(pci_name(store->pdev), name))
			return store;
	return NULL;
}

static void ims_store_announce(struct ims_store *store,
			       enum ims_store_event event)
{
	blocking_notifier_call_chain(&ims_store_chain, event, store);
}

/* 0; -EEXIST when the device has a store; -ENOMEM. */
int ims_store_register(struct ims_store *store)
{
	int ret;

	mutex_lock(&ims_announce_lock);
	mutex_lock(&ims_stores_lock);
	ret = -EEXIST;
	if (!ims_store_find(pci_name(store->pdev)))
		ret = xa_alloc_cyclic(&ims_stores, &store->id, store,
				      XA_LIMIT(1, INT_MAX), &ims_stores_next_id,
				      GFP_KERNEL);
	if (ret >= 0)
		atomic_inc(&ims_stores_gen);
	mutex_unlock(&ims_stores_lock);
	if (ret >= 0)
		ims_store_announce(store, IMS_STORE_CREATED);
	mutex_unlock(&ims_announce_lock);
	return min(ret, 0);
}

void ims_store_unregister(struct ims_store *store)
{
	mutex_lock(&ims_announce_lock);
	mutex_lock(&ims_stores_lock);
	xa_erase(&ims_stores, store->id);
	atomic_inc(&ims_stores_gen);
	mutex_unlock(&ims_stores_lock);
	ims_store_announce(store, IMS_STORE_DESTROYED);
	mutex_unlock(&ims_announce_lock);
}

/* Who found it before its end may have changed it after. */
void ims_store_changed(struct ims_store *store)
{
	mutex_lock(&ims_announce_lock);
	if (xa_load(&ims_stores, store->id) == store)
		ims_store_announce(store, IMS_STORE_CHANGED);
	mutex_unlock(&ims_announce_lock);
}

void ims_store_tell(struct work_struct *work)
{
	ims_store_changed(container_of(to_delayed_work(work), struct ims_store,
				       tell));
}

/*
 * A figure of @store has changed. Guests decide how often that happens: listeners
 * are told once a second at most. What changes while the work runs queues it again,
 * so that the last change is told. Of a store that ends its end is told.
 */
void ims_store_tell_later(struct ims_store *store)
{
	lockdep_assert_held(&store->lock);

	if (!store->gone)
		queue_delayed_work(system_unbound_wq, &store->tell, HZ);
}

/**
 * ims_store_get_id - find a store by its number
 * @id: the number
 *
 * Context: process context, may sleep.
 *
 * Return: the store, to be put by ims_store_put(), or NULL.
 */
struct ims_store *ims_store_get_id(u32 id)
{
	struct ims_store *store;

	mutex_lock(&ims_stores_lock);
	store = xa_load(&ims_stores, id);
	if (store)
		kref_get(&store->ref);
	mutex_unlock(&ims_stores_lock);
	return store;
}
EXPORT_SYMBOL_GPL(ims_store_get_id);

/**
 * ims_store_get_name - find a store by the name of its PCI device
 * @name: the address, such as "0000:00:04.0"
 *
 * Context: process context, may sleep.
 *
 * Return: the store, to be put by ims_store_put(), or NULL.
 */
struct ims_store *ims_store_get_name(const char *name)
{
	struct ims_store *store;

	mutex_lock(&ims_stores_lock);
	store = ims_store_find(name);
	if (store)
		kref_get(&store->ref);
	mutex_unlock(&ims_stores_lock);
	return store;
}
EXPORT_SYMBOL_GPL(ims_store_get_name);

/**
 * ims_store_get_next - find the store with the lowest number from one on
 * @id: the number
 *
 * Context: process context, may sleep.
 *
 * Return: the store, to be put by ims_store_put(), or NULL when there is none.
 */
struct ims_store *ims_store_get_next(u32 id)
{
	unsigned long index = id;
	struct ims_store *store;

	mutex_lock(&ims_stores_lock);
	store = xa_find(&ims_stores, &index, U32_MAX, XA_PRESENT);
	if (store)
		kref_get(&store->ref);
	mutex_unlock(&ims_stores_lock);
	return store;
}
EXPORT_SYMBOL_GPL(ims_store_get_next);

/**
 * ims_stores_generation - has the set of stores changed?
 *
 * Context: any.
 *
 * Return: a number other than before when it has; never 0.
 */
u32 ims_stores_generation(void)
{
	return (u32)atomic_read(&ims_stores_gen) ?: 1;
}
EXPORT_SYMBOL_GPL(ims_stores_generation);

/**
 * ims_store_register_notifier - be told of stores
 * @nb: called with an enum ims_store_event and the struct ims_store *, which
 *	stays as long as the call, one call at a time; may sleep; must not use this
 *	function or its counterpart, nor create, change or destroy a store
 *
 * Context: process context, may sleep.
 *
 * Return: 0, or -EEXIST when @nb is registered.
 */
int ims_store_register_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&ims_store_chain, nb);
}
EXPORT_SYMBOL_GPL(ims_store_register_notifier);

/**
 * ims_store_unregister_notifier - counterpart of ims_store_register_notifier()
 * @nb: not called any more when this returns
 *
 * Context: process context, may sleep.
 */
void ims_store_unregister_notifier(struct notifier_block *nb)
{
	blocking_notifier_chain_unregister(&ims_store_chain, nb);
}
EXPORT_SYMBOL_GPL(ims_store_unregister_notifier);
