// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ready-made store: an array of messages in a device's registers.
 *
 * The control word of a slot is written as a whole and never read for that: its
 * value is kept here. The calls for one slot do not overlap (struct
 * ims_store_ops), so that no lock is needed.
 *
 * Writes to a device are posted. An operation that must have taken effect when
 * it returns reads one register of the slot, which the writes cannot be behind.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include <linux/ims_array.h>

/**
 * struct ims_array_store - the data of such a store
 * @array: copy of the driver's description
 * @control: control word of each slot, as it was last written
 */
struct ims_array_store {
	struct ims_array array;
	u32 control[];
};

static void __iomem *ims_array_slot(const struct ims_array_store *as, u32 slot)
{
	return as->array.base + (size_t)slot * as->array.stride;
}

static u32 ims_array_cookie_bits(const struct ims_array *array, u64 cookie)
{
	return cookie << array->cookie_shift;
}

static u32 ims_array_cookie_mask(const struct ims_array *array)
{
	return ims_array_cookie_bits(array, BIT_ULL(array->cookie_width) - 1);
}

/* The pending bit is the device's. */
static void ims_array_write_control(struct ims_array_store *as, u32 slot,
				    u32 control)
{
	control &= ~as->array.pending;
	as->control[slot] = control;
	writel(control, ims_array_slot(as, slot) + as->array.control);
}

/* Wait until the device has what was written to @slot. */
static void ims_array_flush(const struct ims_array_store *as, u32 slot)
{
	readl(ims_array_slot(as, slot) + as->array.control);
}

static void ims_array_write_message(const struct ims_array_store *as, u32 slot,
				    u64 address, u32 data)
{
	const struct ims_array *array = &as->array;
	void __iomem *at = ims_array_slot(as, slot);

	writel(lower_32_bits(address), at + array->address);
	writel(upper_32_bits(address), at + array->address + 4);
	writel(data, at + array->data);
}

static void ims_array_write(void *data, u32 slot, const struct ims_message *msg)
{
	struct ims_array_store *as = data;
	const struct ims_array *array = &as->array;
	u32 pending;

	/*
	 * The slot is masked before and after. What ends a use says so first,
	 * what begins one has its message in place first.
	 */
	if (!msg->address) {
		/* Before the device forgets it: see ims_array_pending(). */
		pending = readl(ims_array_slot(as, slot) + array->control) &
			  array->pending;
		ims_array_write_control(as, slot, array->mask | array->ignore);
		as->control[slot] |= pending;
		ims_array_write_message(as, slot, 0, 0);
	} else {
		ims_array_write_message(as, slot, msg->address, msg->data);
		ims_array_write_control(as, slot, array->mask |
					array->cookie_enable |
					ims_array_cookie_bits(array, msg->cookie));
	}
	ims_array_flush(as, slot);
}

static void ims_array_mask(void *data, u32 slot)
{
	struct ims_array_store *as = data;

	if (!(as->control[slot] & as->array.mask))
		ims_array_write_control(as, slot,
					as->control[slot] | as->array.mask);
	ims_array_flush(as, slot);
}

static void ims_array_unmask(void *data, u32 slot)
{
	struct ims_array_store *as = data;

	ims_array_write_control(as, slot, as->control[slot] & ~as->array.mask);
}

/* One write: the device sees the old cookie or the new one, and no mask. */
static void ims_array_set_cookie(void *data, u32 slot, u64 cookie)
{
	struct ims_array_store *as = data;
	u32 control = as->control[slot] & ~ims_array_cookie_mask(&as->array);

	ims_array_write_control(as, slot, control |
				ims_array_cookie_bits(&as->array, cookie));
	ims_array_flush(as, slot);
}

static int ims_array_check_cookie(void *data, u64 cookie)
{
	const struct ims_array_store *as = data;

	return cookie >> as->array.cookie_width ? -ERANGE : 0;
}

static bool ims_array_pending(void *data, u32 slot)
{
	const struct ims_array_store *as = data;

	return (readl(ims_array_slot(as, slot) + as->array.control) |
		as->control[slot]) & as->array.pending;
}

static void ims_array_release(void *data)
{
	kvfree(data);
}

static void ims_array_lock(void *data, u32 slot)
{
	struct ims_array_store *as = data;

	as->array.lock(as->array.priv, slot);
}

static void ims_array_unlock(void *data, u32 slot)
{
	struct ims_array_store *as = data;

	as->array.unlock(as->array.priv, slot);
}

#define IMS_ARRAY_OPS						\
	.write		= ims_array_write,			\
	.mask		= ims_array_mask,			\
	.unmask		= ims_array_unmask,			\
	.set_cookie	= ims_array_set_cookie,			\
	.check_cookie	= ims_array_check_cookie,		\
	.release	= ims_array_release

/* Of an array that can tell what is pending, and has lock() */
static const struct ims_store_ops ims_array_ops[2][2] = {
	[false][false] = {
		IMS_ARRAY_OPS,
	},
	[false][true] = {
		IMS_ARRAY_OPS,
		.lock		= ims_array_lock,
		.unlock		= ims_array_unlock,
	},
	[true][false] = {
		IMS_ARRAY_OPS,
		.pending	= ims_array_pending,
	},
	[true][true] = {
		IMS_ARRAY_OPS,
		.pending	= ims_array_pending,
		.lock		= ims_array_lock,
		.unlock		= ims_array_unlock,
	},
};

/* Is the field of @size bytes at @offset one of the slot's words? */
static bool ims_array_has(const struct ims_array *array, u32 offset, u32 size)
{
	return IS_ALIGNED(offset, 4) && offset < array->stride &&
	       size <= array->stride - offset;
}

/* What of @array is wrong; NULL: nothing. */
static const char *ims_array_fault(const struct ims_array *array)
{
	u32 used;

	if (!array->base)
		return "base: NULL";
	if (!array->nr_slots || array->nr_slots > IMS_STORE_MAX)
		return "nr_slots: 0, or too many";
	if (array->stride < 16 || !IS_ALIGNED(array->stride, 4))
		return "stride: less than 16, or no multiple of 4";

	if (!ims_array_has(array, array->address, 8))
		return "address: not within the stride, or no multiple of 4";
	if (!ims_array_has(array, array->data, 4))
		return "data: not within the stride, or no multiple of 4";
	if (array->data == array->address || array->data == array->address + 4)
		return "data: overlaps address";
	if (!ims_array_has(array, array->control, 4))
		return "control: not within the stride, or no multiple of 4";
	if (array->control == array->data || array->control == array->address ||
	    array->control == array->address + 4)
		return "control: overlaps address or data";

	if (!is_power_of_2(array->mask))
		return "mask: not one bit";
	used = array->mask;
	if (hweight32(array->pending) > 1 || array->pending & used)
		return "pending: more than one bit, or that of mask";
	used |= array->pending;
	if (hweight32(array->ignore) > 1 || array->ignore & used)
		return "ignore: more than one bit, or one of the others";
	used |= array->ignore;
	if (array->cookie_enable & used)
		return "cookie_enable: overlaps mask, pending or ignore";
	used |= array->cookie_enable;
	if (array->cookie_shift > 31)
		return "cookie_shift: above 31";
	if (array->cookie_width > 32 - array->cookie_shift)
		return "cookie_width: beyond bit 31";
	if (ims_array_cookie_mask(array) & used)
		return "cookie_width: the cookie overlaps another field";
	if (!array->lock != !array->unlock)
		return "lock, unlock: one without the other";
	return NULL;
}

/* @create: ims_store_create() or devm_ims_store_create() */
static struct ims_store *
ims_array_make(struct pci_dev *pdev, const struct ims_array *array,
	       struct ims_store *(*create)(struct pci_dev *pdev,
					   const struct ims_store_ops *ops,
					   u32 hwsize, void *data))
{
	const char *fault = ims_array_fault(array);
	struct ims_array_store *as;
	struct ims_store *store;
	u32 slot;

	/* Ahead of any write: the slots may be in use. */
	store = ims_store_get_name(pci_name(pdev));
	if (store) {
		ims_store_put(store);
		return ERR_PTR(-EEXIST);
	}
	if (fault) {
		pci_err(pdev, "struct ims_array: %s\n", fault);
		return ERR_PTR(-EINVAL);
	}

	as = kvzalloc(struct_size(as, control, array->nr_slots), GFP_KERNEL);
	if (!as)
		return ERR_PTR(-ENOMEM);
	as->array = *array;
	for (slot = 0; slot < array->nr_slots; slot++)
		ims_array_write(as, slot, &(struct ims_message) { });

	/* From here on release() frees @as, unless there is no store. */
	store = create(pdev, &ims_array_ops[!!array->pending][!!array->lock],
		       array->nr_slots, as);
	if (IS_ERR(store))
		kvfree(as);
	return store;
}

/**
 * ims_array_create - make a store of an array of messages in registers
 * @pdev: the device; enabled, and not suspended
 * @array: where the fields are. It is copied and may be gone afterwards
 *
 * No slot is in use: each is masked, ignores what it would raise if there is a
 * bit for that, and has address 0.
 *
 * Context: process context, may sleep.
 *
 * Return: the store, to be given back by ims_store_destroy(), after which
 * @array->base may be unmapped; or an ERR_PTR: -EINVAL when a member of @array
 * is wrong, which the kernel log names; -ENOMEM; else the error of
 * ims_store_create().
 */
struct ims_store *ims_array_create(struct pci_dev *pdev,
				   const struct ims_array *array)
{
	return ims_array_make(pdev, array, ims_store_create);
}
EXPORT_SYMBOL_GPL(ims_array_create);

/**
 * devm_ims_array_create - the same, given back when the driver is unbound
 * @pdev: the device; enabled, and not suspended
 * @array: where the fields are. Map its base before this call, by pcim_iomap() or
 *	the like, for it to be unmapped after the store has ended
 *
 * Context: probe. Sleeps.
 *
 * Return: as ims_array_create(). ims_store_destroy() ends it earlier.
 */
struct ims_store *devm_ims_array_create(struct pci_dev *pdev,
					const struct ims_array *array)
{
	return ims_array_make(pdev, array, devm_ims_store_create);
}
EXPORT_SYMBOL_GPL(devm_ims_array_create);
