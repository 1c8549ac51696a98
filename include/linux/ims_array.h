/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ready-made stores of ims.ko, for drivers that need not write one:
 *
 *	struct ims_array	an array of messages in the device's registers, as
 *				DSA-like accelerators have. The driver fills in
 *				where the fields are, and calls ims_array_create()
 *	struct ims_table	messages in the driver's memory, for devices that
 *				have no store but can be made to write a word
 *				anywhere. The driver has the device write the
 *				message
 *
 * Stores, slots and cookies are described in <linux/ims.h>.
 */
#ifndef _LINUX_IMS_ARRAY_H
#define _LINUX_IMS_ARRAY_H

#include <linux/ims.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/**
 * struct ims_array - an array of messages in a device's registers
 * @base: slot 0, mapped (pci_iomap()); must stay mapped until the store has
 *	ended
 * @nr_slots: how many slots there are, 1 to %IMS_STORE_MAX
 * @stride: bytes from one slot to the next, a multiple of 4, at least 16
 * @address: offset of the message's address in a slot: 64 bits, written as two
 *	words of 32 bits, the lower half first
 * @data: offset of the message's data, 32 bits
 * @control: offset of the control word, 32 bits. The members below are its bits
 * @mask: bit of @control that masks the slot; must not be 0
 * @pending: bit of @control that the device sets when it would raise an
 *	interrupt while the slot is masked; 0: there is no bit that can be read
 * @ignore: bit of @control that makes the device drop interrupts that it would
 *	raise; it is set while a slot is not in use; 0: there is no such bit
 * @cookie_enable: bits of @control that are set while a slot is in use, for
 *	example one that makes the device check the cookie; 0: none
 * @cookie_shift: lowest bit of the cookie in @control
 * @cookie_width: bits of the cookie; 0: the hardware has no cookie, and 0 is
 *	the only one that is accepted
 * @lock: optional, with @unlock: as in struct ims_store_ops, for a device that has
 *	to be kept from using a slot while its registers change
 * @unlock: see @lock
 * @priv: argument of both
 *
 * All offsets are multiples of 4. Registers are little endian and are accessed
 * 32 bits at a time. Only the device changes @pending: the control word is
 * written with 0 there, which must not clear it. (Memory that simulates registers
 * cannot do that: see ims_array(9), Simulated hardware.) When a slot is written with
 * @ignore set (or, where there is no such bit, with address 0), the device must
 * drop an interrupt that is pending.
 */
struct ims_array {
	void __iomem *base;
	u32 nr_slots;
	u32 stride;
	u32 address;
	u32 data;
	u32 control;
	u32 mask;
	u32 pending;
	u32 ignore;
	u32 cookie_enable;
	u8 cookie_shift;
	u8 cookie_width;
	void (*lock)(void *priv, u32 slot);
	void (*unlock)(void *priv, u32 slot);
	void *priv;
};

struct ims_store * __must_check
ims_array_create(struct pci_dev *pdev, const struct ims_array *array);
struct ims_store * __must_check
devm_ims_array_create(struct pci_dev *pdev, const struct ims_array *array);

/**
 * struct ims_table_slot - one slot, guarded by table->lock
 * @address: where the interrupt's message is written; 0 when not in use
 * @cookie: the allocation's cookie
 * @data: the message
 * @masked: the message must not be written now
 */
struct ims_table_slot {
	u64 address;
	u64 cookie;
	u32 data;
	bool masked;
};

/**
 * struct ims_table - the messages of a store that is kept in memory
 * @lock: guards @slots and @pending; raw: taken by irq_chip callbacks
 * @slots: @nr_slots of them
 * @pending: bit per slot: an interrupt waits until the slot is unmasked
 * @nr_slots: constant
 * @queue: where @replay is queued
 * @replay: the driver's work item, which raises the interrupts that were pending
 */
struct ims_table {
	raw_spinlock_t lock;
	struct ims_table_slot *slots;
	unsigned long *pending;
	u32 nr_slots;
	struct workqueue_struct *queue;
	struct work_struct replay;
};

/* Callbacks for a struct ims_store_ops; such a store's data is the table. */
void ims_table_write(void *table, u32 slot, const struct ims_message *msg);
void ims_table_mask(void *table, u32 slot);
void ims_table_unmask(void *table, u32 slot);
void ims_table_set_cookie(void *table, u32 slot, u64 cookie);
bool ims_table_pending(void *table, u32 slot);

/* For the driver, which does in software what the hardware of other devices does. */
int __must_check ims_table_raise(struct ims_table *table, u32 slot,
				 const u64 *cookie,
				 struct ims_table_slot *copy);
bool ims_table_first_pending(struct ims_table *table, u32 *slot);
bool ims_table_take_pending(struct ims_table *table, u32 slot,
			    struct ims_table_slot *copy);
bool ims_table_quiet(struct ims_table *table, u32 slot);
int __must_check ims_table_init(struct ims_table *table, u32 nr_slots,
				struct workqueue_struct *queue,
				work_func_t replay);
void ims_table_exit(struct ims_table *table);

#endif /* _LINUX_IMS_ARRAY_H */
