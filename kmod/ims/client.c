// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients of a store and their share of it: a limit, so that none can take
 * the whole store, and a reservation, which the others cannot take away.
 */
#include <linux/export.h>
#include <linux/slab.h>

#include "ims_internal.h"

/* Slots that were promised to @client and that it does not use yet. */
static u32 ims_quota_unmet(const struct ims_client *client)
{
	return client->reservation > client->used ?
	       client->reservation - client->used : 0;
}

/* How many more slots @client could have now. */
static u32 ims_quota_available(const struct ims_client *client)
{
	const struct ims_store *store = client->store;
	u32 free = store->limit - store->used - store->unmet;

	return min(client->limit - client->used,
		   free + ims_quota_unmet(client));
}

/* How many slots of its window nobody uses. */
static u32 ims_client_slots_left(const struct ims_client *client)
{
	const struct ims_store *store = client->store;
	u32 i, left = 0;

	if (client->count == store->hwsize)
		return store->hwsize - store->used;
	for (i = client->first; ims_client_has(client, i); i++)
		if (!store->slots[i].used)
			left++;
	return left;
}

/* Slots or entries of @client have changed in number, and so have its store's. */
void ims_client_tell_later(struct ims_client *client)
{
	ims_store_tell_later(client->store);
	if (client->ops && client->ops->changed)
		client->ops->changed(client->priv);
}

/* Account for @nr more slots of @client: 0 or -ENOSPC. */
int ims_quota_take(struct ims_client *client, u32 nr)
{
	struct ims_store *store = client->store;

	lockdep_assert_held(&store->lock);

	if (nr > ims_quota_available(client))
		return -ENOSPC;

	store->unmet -= min(nr, ims_quota_unmet(client));
	store->used += nr;
	client->used += nr;
	store->peak = max(store->peak, store->used);
	ims_client_tell_later(client);
	return 0;
}

/* Undo ims_quota_take(), at once or when the slots are freed. */
void ims_quota_give(struct ims_client *client, u32 nr)
{
	struct ims_store *store = client->store;
	u32 unmet = ims_quota_unmet(client);

	lockdep_assert_held(&store->lock);

	client->used -= nr;
	store->used -= nr;
	store->unmet += ims_quota_unmet(client) - unmet;
	ims_client_tell_later(client);
}

/*
 * May @client have these limits? A lowered limit must not be below what is in
 * use: nobody's interrupts are taken away.
 */
static int ims_quota_check(const struct ims_client *client, u32 limit,
			   u32 reservation)
{
	const struct ims_store *store = client->store;
	u32 unmet = ims_quota_unmet(client);
	u32 wanted;

	lockdep_assert_held(&store->lock);

	if (store->gone)
		return -ENODEV;
	if (limit > client->max || reservation > limit)
		return -EINVAL;
	if (limit < client->used)
		return -EBUSY;

	wanted = reservation > client->used ? reservation - client->used : 0;
	if (wanted > unmet &&
	    wanted - unmet > store->limit - store->used - store->unmet)
		return -ENOSPC;
	return 0;
}

static int ims_quota_set(struct ims_client *client, u32 limit, u32 reservation)
{
	struct ims_store *store = client->store;
	u32 unmet = ims_quota_unmet(client);
	int ret;

	lockdep_assert_held(&store->lock);

	if (!limit)
		limit = client->max;
	ret = ims_quota_check(client, limit, reservation);
	if (ret)
		return ret;

	store->reserved += reservation - client->reservation;
	client->limit = limit;
	client->reservation = reservation;
	store->unmet += ims_quota_unmet(client) - unmet;
	ims_store_tell_later(store);
	return 0;
}

/* Give @client its window, or the whole store: 0 or -EINVAL. */
static int ims_client_set_window(struct ims_client *client,
				 const struct ims_client_params *params)
{
	u32 hwsize = client->store->hwsize;

	client->first = params->first_slot;
	client->count = params->nr_slots;
	if (!client->first && !client->count)
		client->count = hwsize;
	if (!client->count || client->first >= hwsize ||
	    client->count > hwsize - client->first)
		return -EINVAL;

	client->max = client->count;
	if (params->max)
		client->max = min(client->max, params->max);
	return 0;
}

/**
 * ims_client_create - register somebody for whom interrupts are allocated
 * @store: the store; the client holds a reference
 * @params: what it is told, and what it may use
 *
 * Context: process context, may sleep. Not from an @params->ops callback.
 *
 * Return: the client, to be given back by ims_client_destroy(), or an ERR_PTR:
 * -EINVAL for a window that is empty or not within the store, a limit above what
 * it may be or a reservation above the limit, -ENOSPC when the reservation cannot
 * be guaranteed, -ENODEV when the store's device is gone, -ENOMEM.
 */
struct ims_client *ims_client_create(struct ims_store *store,
				     const struct ims_client_params *params)
{
	struct ims_client *client;
	int ret;

	client = kzalloc(sizeof(*client), GFP_KERNEL_ACCOUNT);
	if (!client)
		return ERR_PTR(-ENOMEM);

	client->store = store;
	client->ops = params->ops;
	client->priv = params->priv;
	INIT_LIST_HEAD(&client->partial);
	INIT_LIST_HEAD(&client->spare);
	ret = ims_client_set_window(client, params);
	if (ret) {
		kfree(client);
		return ERR_PTR(ret);
	}

	mutex_lock(&store->teardown);
	mutex_lock(&store->lock);
	ret = ims_quota_set(client, params->limit, params->reservation);
	if (!ret) {
		kref_get(&store->ref);
		list_add_tail(&client->node, &store->clients);
		store->nr_clients++;
	}
	mutex_unlock(&store->lock);
	mutex_unlock(&store->teardown);

	if (ret) {
		kfree(client);
		return ERR_PTR(ret);
	}
	return client;
}
EXPORT_SYMBOL_GPL(ims_client_create);

/**
 * ims_client_destroy - end a client
 * @client: from ims_client_create(); all its interrupts freed. NULL is fine.
 *
 * Waits for a gone() of this client that is under way: call it without the
 * locks that gone() takes.
 *
 * Context: process context, may sleep.
 */
void ims_client_destroy(struct ims_client *client)
{
	struct ims_store *store;
	LIST_HEAD(rows);

	if (!client)
		return;
	store = client->store;

	mutex_lock(&store->teardown);
	mutex_lock(&store->lock);
	WARN_ON_ONCE(client->used);
	ims_entries_drain(client, &rows);
	store->unmet -= ims_quota_unmet(client);
	store->reserved -= client->reservation;
	list_del(&client->node);
	store->nr_clients--;
	ims_store_tell_later(store);
	mutex_unlock(&store->lock);
	/* Under store->teardown: the domain is there as long as its IRQs are. */
	ims_rows_dispose(&rows);
	mutex_unlock(&store->teardown);

	kfree(client);
	ims_store_put(store);
}
EXPORT_SYMBOL_GPL(ims_client_destroy);

/**
 * ims_client_query - figures of a client
 * @client: the client
 * @info: filled in
 *
 * Context: process context, may sleep.
 */
void ims_client_query(struct ims_client *client, struct ims_client_info *info)
{
	mutex_lock(&client->store->lock);
	info->used = client->used;
	info->limit = client->limit;
	info->reservation = client->reservation;
	info->entries = client->entries;
	info->no_vectors = ims_is_paused(&client->store->vectors_again);
	info->available = min(ims_quota_available(client),
			      ims_client_slots_left(client));
	info->max = client->max;
	mutex_unlock(&client->store->lock);
}
EXPORT_SYMBOL_GPL(ims_client_query);

/**
 * ims_client_check_limits - what ims_client_set_limits() would return now
 * @client: the client
 * @limit: see there
 * @reservation: see there
 *
 * Context: process context, may sleep.
 *
 * Return: as ims_client_set_limits(). Nothing is changed.
 */
int ims_client_check_limits(struct ims_client *client, u32 limit,
			    u32 reservation)
{
	struct ims_store *store = client->store;
	int ret;

	mutex_lock(&store->lock);
	ret = ims_quota_check(client, limit ?: client->max, reservation);
	mutex_unlock(&store->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_client_check_limits);

/**
 * ims_client_set_limits - change what a client may use
 * @client: the client
 * @limit: most slots it may use at a time, 0 for as many as it ever may
 * @reservation: slots guaranteed to it, at most @limit
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL as for ims_client_create(), -EBUSY when more than @limit
 * slots are in use, -ENOSPC when the reservation cannot be guaranteed, -ENODEV
 * when the store's device is gone. On error nothing has changed.
 */
int ims_client_set_limits(struct ims_client *client, u32 limit, u32 reservation)
{
	struct ims_store *store = client->store;
	int ret;

	mutex_lock(&store->lock);
	ret = ims_quota_set(client, limit, reservation);
	mutex_unlock(&store->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_client_set_limits);
