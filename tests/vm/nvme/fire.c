// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store, and how its slots are fired: the controller writes the messages of
 * a table (<linux/ims_array.h>).
 *
 * It checks no cookie: NVMe has nowhere to present one. Nor can a guest choose
 * a slot: it names vectors of its own, whose slots are looked up with the lock
 * held that keeps them from being freed.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>

#include "nvme.h"

static struct ims_nvme *ims_nvme_of(struct ims_table *table)
{
	return container_of(table, struct ims_nvme, table);
}

/* A slot is masked and freed when no command is under way, for whichever slot. */
static void ims_nvme_store_lock(void *data, u32 slot)
{
	mutex_lock(&ims_nvme_of(data)->lock);
}

/* Slow hardware, on demand: a test ends it by setting the parameter back to 0. */
static uint ims_nvme_slow_unlock_ms;
module_param_named(slow_unlock_ms, ims_nvme_slow_unlock_ms, uint, 0644);
MODULE_PARM_DESC(slow_unlock_ms,
		 "How long the store's unlock() sleeps, in ms (default: 0)");

static bool ims_nvme_sleeps;
module_param_named(sleeps, ims_nvme_sleeps, bool, 0444);
MODULE_PARM_DESC(sleeps, "Does it sleep now?");

static void ims_nvme_be_slow(void)
{
	unsigned long start = jiffies;
	uint ms;

	for (;;) {
		ms = READ_ONCE(ims_nvme_slow_unlock_ms);
		if (time_after_eq(jiffies, start + msecs_to_jiffies(ms)))
			break;
		WRITE_ONCE(ims_nvme_sleeps, true);
		msleep(20);
	}
	WRITE_ONCE(ims_nvme_sleeps, false);
}

static void ims_nvme_store_unlock(void *data, u32 slot)
{
	ims_nvme_be_slow();
	mutex_unlock(&ims_nvme_of(data)->lock);
}

/* Their data is the table. No set_cookie: live vectors get another slot. */
const struct ims_store_ops ims_nvme_store_ops = {
	.write		= ims_table_write,
	.mask		= ims_table_mask,
	.unmask		= ims_table_unmask,
	.pending	= ims_table_pending,
	.lock		= ims_nvme_store_lock,
	.unlock		= ims_nvme_store_unlock,
};

/* A message's address: Intel VT-d, "Interrupt Requests in Remappable Format" */
#define IMS_NVME_ENTRY		GENMASK_ULL(19, 5)
#define IMS_NVME_REMAPPABLE	BIT_ULL(4)
#define IMS_NVME_SUBHANDLE	BIT_ULL(3)
#define IMS_NVME_ENTRY_15	BIT_ULL(2)

/*
 * The controller writes zeros only, see queue.c. A remapped message with data is
 * one of a row of table entries: the address names the first, the data how far
 * on. The address alone may name that entry as well.
 */
static int ims_nvme_address(const struct ims_table_slot *slot, u64 *address)
{
	u64 entry;

	*address = slot->address;
	if (!(*address & IMS_NVME_REMAPPABLE) || !(*address & IMS_NVME_SUBHANDLE))
		return slot->data ? -EOPNOTSUPP : 0;
	entry = FIELD_GET(IMS_NVME_ENTRY, *address) |
		FIELD_GET(IMS_NVME_ENTRY_15, *address) << 15;
	entry += slot->data;
	if (entry > U16_MAX)
		return -EOPNOTSUPP;
	*address &= ~(IMS_NVME_SUBHANDLE | IMS_NVME_ENTRY | IMS_NVME_ENTRY_15);
	*address |= FIELD_PREP(IMS_NVME_ENTRY, entry & 0x7fff) |
		    FIELD_PREP(IMS_NVME_ENTRY_15, entry >> 15);
	return 0;
}

static int ims_nvme_write(struct ims_nvme *nvme,
			  const struct ims_table_slot *slot, u32 *written)
{
	u64 address;
	int ret;

	if (nvme->gone)
		return -ENODEV;
	ret = ims_nvme_address(slot, &address);
	if (ret)
		return ret;
	return ims_nvme_queue_write(&nvme->queue, address, written);
}

/**
 * ims_nvme_replay - fire what was pending when slots were unmasked
 * @work: of the table
 */
void ims_nvme_replay(struct work_struct *work)
{
	struct ims_table *table = container_of(work, struct ims_table, replay);
	struct ims_nvme *nvme = ims_nvme_of(table);
	struct ims_table_slot slot;
	u32 index, written = 0;
	int ret = 0;

	mutex_lock(&nvme->lock);
	while (!ret && ims_table_first_pending(table, &index))
		if (ims_table_take_pending(table, index, &slot))
			ret = ims_nvme_write(nvme, &slot, &written);
	if (!ret)
		ret = ims_nvme_queue_flush(&nvme->queue, &written);
	mutex_unlock(&nvme->lock);
	if (ret)
		pci_dbg(nvme->pdev, "pending interrupts lost: %d\n", ret);
}

/* Fire vector @vector once; the message may wait for the flush. */
static int ims_nvme_fire_one(struct ims_nvme *nvme, struct ims_nvme_fn *fn,
			     u32 vector)
{
	struct vfio_pci_ims_slot slot;
	struct ims_table_slot message;
	int ret = -ENOENT;

	if (!vfio_pci_ims_hwirq(&fn->fn.ims, vector, &slot))
		ret = ims_table_raise(&nvme->table, slot.slot, NULL, &message);
	if (ret == 1)
		return ims_nvme_write(nvme, &message, &fn->fired);
	if (ret == 0)
		fn->kept++;
	if (ret == -ENOENT) {
		fn->refused++;
		ret = 0;
	}
	return ret;
}

/**
 * ims_nvme_fire - carry out IMS_NVME_COMMAND_FIRE
 * @fn: the function; its range is valid
 *
 * Others have their turn after each round.
 *
 * Context: process context, with fn->fn.lock held. May sleep.
 *
 * Return: 0 or the errno of ims_nvme.h
 */
int ims_nvme_fire(struct ims_nvme_fn *fn)
{
	struct ims_nvme *nvme = fn->fn.data;
	u32 round, i;
	int ret = 0;

	for (round = 0; !ret && round < fn->rounds; round++) {
		mutex_lock(&nvme->lock);
		for (i = 0; !ret && i < fn->count; i++)
			ret = ims_nvme_fire_one(nvme, fn, fn->first + i);
		if (!ret)
			ret = ims_nvme_queue_flush(&nvme->queue, &fn->fired);
		mutex_unlock(&nvme->lock);

		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
	}
	return ret;
}
