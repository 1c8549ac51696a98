// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ready-made stores of ims.ko, kmod/ims/array.c and table.c as they are, with
 * the headers of stores/ in place of the kernel's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <linux/ims_array.h>

#include "stores/kernel.h"

#define SLOTS	4
#define MASK	0x1
#define PENDING	0x2
#define IGNORE	0x4
#define CHECK	0x8

/* The device: 16 bytes a slot, and what was done to them. */
static u32 regs[SLOTS][4];

static struct access {
	char what;		/* 'r' or 'w' */
	u32 slot;
	u32 word;
	u32 value;
} accesses[64];

static unsigned int num_accesses;

static void record(char what, const volatile void *addr, u32 value)
{
	u32 word = (const volatile u32 *)addr - &regs[0][0];

	assert_in_range(word, 0, SLOTS * 4 - 1);
	if (num_accesses < 64)
		accesses[num_accesses++] = (struct access) {
			what, word / 4, word % 4, value,
		};
}

/* A device that has an interrupt pending, and forgets it at IGNORE */
static bool forgets;

u32 readl(const volatile void *addr)
{
	u32 value = *(const volatile u32 *)addr;

	record('r', addr, 0);
	/* Until it is to ignore what it would raise */
	if (forgets && accesses[num_accesses - 1].word == 3 &&
	    !(value & IGNORE))
		value |= PENDING;
	return value;
}

void writel(u32 value, volatile void *addr)
{
	record('w', addr, value);
	*(volatile u32 *)addr = value;
}

static int fail_alloc;		/* 1: the next fails, and so on; 0: none */

void *stores_alloc(size_t n, size_t size)
{
	if (fail_alloc && !--fail_alloc)
		return NULL;
	return calloc(n, size);
}

void raw_spin_lock(raw_spinlock_t *lock)
{
	assert_false(lock->held);
	lock->held = true;
}

void raw_spin_unlock(raw_spinlock_t *lock)
{
	assert_true(lock->held);
	lock->held = false;
}

static unsigned int queued;

bool queue_work(struct workqueue_struct *queue, struct work_struct *work)
{
	(void)queue;
	(void)work;
	queued++;
	return true;
}

/* ims_store_create(): what it was given. */
static struct {
	const struct ims_store_ops *ops;
	void *data;
	u32 hwsize;
	bool devm;
	int err;
} made;

static struct ims_store *create(const struct ims_store_ops *ops, u32 hwsize,
				void *data, bool devm)
{
	made.ops = ops;
	made.data = data;
	made.hwsize = hwsize;
	made.devm = devm;
	return made.err ? ERR_PTR(made.err) : (struct ims_store *)&made;
}

struct ims_store *ims_store_create(struct pci_dev *pdev,
				   const struct ims_store_ops *ops, u32 hwsize,
				   void *data)
{
	(void)pdev;
	return create(ops, hwsize, data, false);
}

struct ims_store *devm_ims_store_create(struct pci_dev *pdev,
					const struct ims_store_ops *ops,
					u32 hwsize, void *data)
{
	(void)pdev;
	return create(ops, hwsize, data, true);
}

/* The device has a store already. */
static bool taken;

struct ims_store *ims_store_get_name(const char *name)
{
	assert_string_equal(name, "0000:00:04.0");
	return taken ? (struct ims_store *)&made : NULL;
}

void ims_store_put(struct ims_store *store)
{
	assert_ptr_equal(store, &made);
	taken = false;
}

static struct pci_dev pdev;

static const struct ims_array layout = {
	.base = regs,
	.nr_slots = SLOTS,
	.stride = 16,
	.address = 0,
	.data = 8,
	.control = 12,
	.mask = MASK,
	.pending = PENDING,
	.ignore = IGNORE,
	.cookie_enable = CHECK,
	.cookie_shift = 12,
	.cookie_width = 20,
};

static int setup(void **state)
{
	(void)state;
	memset(regs, 0xff, sizeof(regs));
	memset(&made, 0, sizeof(made));
	memset(&pdev, 0, sizeof(pdev));
	num_accesses = 0;
	queued = 0;
	return 0;
}

static void make(const struct ims_array *array)
{
	assert_ptr_equal(ims_array_create(&pdev, array), &made);
	num_accesses = 0;
}

static void write_slot(u32 slot, u64 address, u32 data, u64 cookie)
{
	struct ims_message msg = {
		.address = address,
		.data = data,
		.cookie = cookie,
	};

	made.ops->write(made.data, slot, &msg);
}

/* The last accesses: a write of the control word, and a read after it or not. */
static void assert_control(u32 slot, u32 value, bool flushed)
{
	const struct access *a = &accesses[num_accesses - 1 - flushed];

	assert_int_equal(regs[slot][3], value);
	assert_int_equal(a->what, 'w');
	assert_int_equal(a->slot, slot);
	assert_int_equal(a->word, 3);
	assert_int_equal(a->value, value);
	if (!flushed)
		return;
	assert_int_equal(a[1].what, 'r');
	assert_int_equal(a[1].slot, slot);
}

static void array_begins_with_nothing_in_use(void **state)
{
	u32 i;

	(void)state;
	assert_ptr_equal(devm_ims_array_create(&pdev, &layout), &made);
	assert_true(made.devm);
	assert_int_equal(made.hwsize, SLOTS);
	for (i = 0; i < SLOTS; i++) {
		assert_int_equal(regs[i][0], 0);
		assert_int_equal(regs[i][1], 0);
		assert_int_equal(regs[i][2], 0);
		assert_int_equal(regs[i][3], MASK | IGNORE);
	}
	made.ops->release(made.data);
}

static void array_slot_lives(void **state)
{
	u32 others[SLOTS][4];

	(void)state;
	make(&layout);
	memcpy(others, regs, sizeof(regs));

	/* The message is there before the slot takes part. */
	write_slot(2, 0x123456789abcdef0, 0xdada, 0xfffff);
	assert_int_equal(num_accesses, 5);
	assert_int_equal(accesses[0].value, 0x9abcdef0);
	assert_int_equal(accesses[1].value, 0x12345678);
	assert_int_equal(regs[2][0], 0x9abcdef0);
	assert_int_equal(regs[2][1], 0x12345678);
	assert_int_equal(regs[2][2], 0xdada);
	assert_control(2, 0xfffff000 | CHECK | MASK, true);

	/* Its own reads do not come into what is written. */
	regs[2][3] |= PENDING;
	assert_true(made.ops->pending(made.data, 2));
	num_accesses = 0;
	made.ops->unmask(made.data, 2);
	assert_int_equal(num_accesses, 1);
	assert_control(2, 0xfffff000 | CHECK, false);
	assert_false(made.ops->pending(made.data, 2));

	/* One write, while it may fire. */
	num_accesses = 0;
	made.ops->set_cookie(made.data, 2, 0x12345);
	assert_int_equal(num_accesses, 2);
	assert_control(2, 0x12345000 | CHECK, true);
	made.ops->mask(made.data, 2);
	assert_control(2, 0x12345000 | CHECK | MASK, true);
	/* Once: what the device has there stays. */
	num_accesses = 0;
	made.ops->mask(made.data, 2);
	assert_int_equal(num_accesses, 1);
	assert_int_equal(accesses[0].what, 'r');

	/* It is out before the message goes, and what it has kept is known. */
	num_accesses = 0;
	write_slot(2, 0, 0, 0);
	assert_int_equal(num_accesses, 6);
	assert_int_equal(accesses[0].what, 'r');
	assert_int_equal(accesses[0].word, 3);
	assert_int_equal(accesses[1].what, 'w');
	assert_int_equal(accesses[1].word, 3);
	assert_int_equal(regs[2][3], MASK | IGNORE);
	assert_int_equal(accesses[5].what, 'r');
	assert_false(made.ops->pending(made.data, 2));

	assert_memory_equal(regs, others, sizeof(regs));
	made.ops->release(made.data);
}

static void array_tells_what_a_slot_has_kept(void **state)
{
	(void)state;
	make(&layout);
	write_slot(1, 16, 0, 1);
	forgets = true;
	write_slot(1, 0, 0, 0);
	forgets = false;
	assert_int_equal(regs[1][3] & PENDING, 0);
	assert_true(made.ops->pending(made.data, 1));
	/* The bit is the device's: it is not written, and the next use is clean. */
	made.ops->mask(made.data, 1);
	assert_int_equal(regs[1][3], MASK | IGNORE);
	write_slot(1, 16, 0, 2);
	assert_false(made.ops->pending(made.data, 1));
	made.ops->release(made.data);
}

/* Then the store is taken to have kept an interrupt. */
static void array_without_pending_cannot_tell(void **state)
{
	struct ims_array array = layout;

	(void)state;
	array.pending = 0;
	make(&array);
	assert_null(made.ops->pending);
	made.ops->release(made.data);
}

static void array_in_use_is_not_written(void **state)
{
	(void)state;
	taken = true;
	assert_int_equal(PTR_ERR(ims_array_create(&pdev, &layout)), -EEXIST);
	assert_false(taken);
	assert_int_equal(num_accesses, 0);
}

static void array_says_which_cookies_it_holds(void **state)
{
	struct ims_array array = layout;

	(void)state;
	make(&layout);
	assert_int_equal(made.ops->check_cookie(made.data, 0xfffff), 0);
	assert_int_equal(made.ops->check_cookie(made.data, 0x100000), -ERANGE);
	assert_int_equal(made.ops->check_cookie(made.data, 1ULL << 63), -ERANGE);
	assert_int_equal(num_accesses, 0);
	made.ops->release(made.data);

	array.cookie_width = 0;
	make(&array);
	assert_int_equal(made.ops->check_cookie(made.data, 0), 0);
	assert_int_equal(made.ops->check_cookie(made.data, 1), -ERANGE);
	write_slot(0, 16, 0, 0);
	made.ops->set_cookie(made.data, 0, 0);
	assert_control(0, CHECK | MASK, true);
	made.ops->release(made.data);

	/* A control word that is all cookie but for the mask. */
	array = (struct ims_array) {
		.base = regs, .nr_slots = SLOTS, .stride = 16, .address = 8,
		.data = 0, .control = 4, .mask = 1U << 31, .cookie_width = 31,
	};
	make(&array);
	write_slot(3, 16, 5, 0x7fffffff);
	assert_int_equal(regs[3][0], 5);
	assert_int_equal(regs[3][1], 0xffffffff);
	assert_int_equal(regs[3][2], 16);
	made.ops->release(made.data);
}

static u32 locked[2];

static void note_lock(void *priv, u32 slot)
{
	*(u32 *)priv = slot;
}

/* A driver that keeps the device from using a slot is told of each; others are not. */
static void array_with_a_lock(void **state)
{
	struct ims_array array = layout;

	(void)state;
	make(&array);
	assert_null(made.ops->lock);
	assert_null(made.ops->unlock);
	made.ops->release(made.data);

	array.lock = note_lock;
	array.unlock = note_lock;
	array.priv = &locked[1];
	make(&array);
	made.ops->lock(made.data, 3);
	assert_int_equal(locked[1], 3);
	made.ops->unlock(made.data, 2);
	assert_int_equal(locked[1], 2);
	assert_int_equal(locked[0], 0);
	assert_non_null(made.ops->pending);
	made.ops->release(made.data);

	array.pending = 0;
	make(&array);
	assert_non_null(made.ops->lock);
	assert_null(made.ops->pending);
	made.ops->release(made.data);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"

static void array_that_cannot_be(void **state)
{
	static u8 base[1];
	static const struct {
		const char *field;
		struct ims_array array;
	} cases[] = {
#define GOOD	.base = base, .nr_slots = 1, .stride = 16, .data = 8, \
		.control = 12, .mask = 1
		{ "base", { .nr_slots = 1, .stride = 16, .data = 8, .control = 12, .mask = 1 } },
		{ "nr_slots", { GOOD, .nr_slots = 0 } },
		{ "nr_slots", { GOOD, .nr_slots = IMS_STORE_MAX + 1 } },
		{ "stride", { GOOD, .stride = 12 } },
		{ "stride", { GOOD, .stride = 18 } },
		{ "address", { GOOD, .address = 12 } },
		{ "address", { GOOD, .address = 2 } },
		{ "address", { GOOD, .address = 0xfffffffc } },
		{ "data", { GOOD, .data = 16 } },
		{ "data", { GOOD, .data = 0 } },
		{ "data", { GOOD, .data = 4 } },
		{ "data", { GOOD, .data = 9 } },
		{ "control", { GOOD, .control = 4 } },
		{ "control", { GOOD, .control = 8 } },
		{ "control", { GOOD, .control = 20 } },
		{ "mask", { GOOD, .mask = 0 } },
		{ "mask", { GOOD, .mask = 3 } },
		{ "pending", { GOOD, .pending = 1 } },
		{ "pending", { GOOD, .pending = 6 } },
		{ "ignore", { GOOD, .pending = 2, .ignore = 2 } },
		{ "ignore", { GOOD, .ignore = 12 } },
		{ "cookie_enable", { GOOD, .ignore = 4, .cookie_enable = 12 } },
		{ "cookie_shift", { GOOD, .cookie_shift = 32 } },
		{ "cookie_width", { GOOD, .cookie_shift = 12, .cookie_width = 21 } },
		{ "cookie_width", { GOOD, .cookie_width = 4 } },
		{ "cookie_width", { GOOD, .cookie_shift = 1, .cookie_width = 255 } },
		{ "lock, unlock", { GOOD, .lock = note_lock } },
		{ "lock, unlock", { GOOD, .unlock = note_lock } },
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&pdev, 0, sizeof(pdev));
		assert_int_equal(PTR_ERR(ims_array_create(&pdev, &cases[i].array)),
				 -EINVAL);
		snprintf(text, sizeof(text), "struct ims_array: %s: ",
			 cases[i].field);
		if (!strstr(pdev.log, text))
			fail_msg("case %zu: %s", i, pdev.log);
	}
	assert_int_equal(num_accesses, 0);
	assert_null(made.ops);
}

#pragma GCC diagnostic pop

/* The sanitizer finds what is not freed, or freed twice. */
static void array_without_store_leaves_nothing(void **state)
{
	(void)state;
	fail_alloc = 1;
	assert_int_equal(PTR_ERR(ims_array_create(&pdev, &layout)), -ENOMEM);
	made.err = -EPERM;
	assert_int_equal(PTR_ERR(ims_array_create(&pdev, &layout)), -EPERM);
	assert_int_equal(PTR_ERR(devm_ims_array_create(&pdev, &layout)), -EPERM);
}

static void table_keeps_back_what_is_masked(void **state)
{
	const struct ims_message msg = { .address = 0x1000, .data = 7, .cookie = 3 };
	const struct ims_message none = { .address = 0 };
	struct ims_table_slot slot;
	struct ims_table t;
	u64 cookie = 3;
	u32 index;

	(void)state;
	assert_int_equal(ims_table_init(&t, 100, NULL, NULL), 0);
	assert_true(ims_table_quiet(&t, 99));
	assert_int_equal(ims_table_raise(&t, 99, NULL, &slot), -ENOENT);

	ims_table_write(&t, 99, &msg);
	assert_true(ims_table_quiet(&t, 99));
	assert_int_equal(ims_table_raise(&t, 99, &cookie, &slot), 0);
	assert_true(ims_table_pending(&t, 99));
	assert_false(ims_table_first_pending(&t, &index));
	assert_false(ims_table_take_pending(&t, 99, &slot));

	/* Fired once it is unmasked, with the cookie that it had. */
	ims_table_set_cookie(&t, 99, 4);
	ims_table_unmask(&t, 99);
	assert_int_equal(queued, 1);
	assert_true(ims_table_first_pending(&t, &index));
	assert_int_equal(index, 99);
	assert_true(ims_table_take_pending(&t, 99, &slot));
	assert_int_equal(slot.address, 0x1000);
	assert_int_equal(slot.data, 7);
	assert_false(ims_table_take_pending(&t, 99, &slot));
	assert_false(ims_table_pending(&t, 99));
	assert_false(ims_table_quiet(&t, 99));

	assert_int_equal(ims_table_raise(&t, 99, &cookie, &slot), -EACCES);
	cookie = 4;
	assert_int_equal(ims_table_raise(&t, 99, &cookie, &slot), 1);
	ims_table_mask(&t, 99);
	assert_int_equal(ims_table_raise(&t, 99, NULL, &slot), 0);

	/* Written again it keeps it; out of use it tells of it; then it forgets. */
	ims_table_write(&t, 99, &msg);
	assert_true(ims_table_pending(&t, 99));
	ims_table_write(&t, 99, &none);
	assert_true(ims_table_pending(&t, 99));
	assert_int_equal(ims_table_raise(&t, 99, NULL, &slot), -ENOENT);
	assert_false(ims_table_first_pending(&t, &index));
	ims_table_write(&t, 99, &msg);
	assert_false(ims_table_pending(&t, 99));
	ims_table_exit(&t);
}

static void table_without_memory(void **state)
{
	struct ims_table t;

	(void)state;
	fail_alloc = 1;
	assert_int_equal(ims_table_init(&t, 8, NULL, NULL), -ENOMEM);
	fail_alloc = 2;
	assert_int_equal(ims_table_init(&t, 8, NULL, NULL), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(array_begins_with_nothing_in_use, setup),
		cmocka_unit_test_setup(array_slot_lives, setup),
		cmocka_unit_test_setup(array_tells_what_a_slot_has_kept, setup),
		cmocka_unit_test_setup(array_without_pending_cannot_tell, setup),
		cmocka_unit_test_setup(array_in_use_is_not_written, setup),
		cmocka_unit_test_setup(array_says_which_cookies_it_holds, setup),
		cmocka_unit_test_setup(array_with_a_lock, setup),
		cmocka_unit_test_setup(array_that_cannot_be, setup),
		cmocka_unit_test_setup(array_without_store_leaves_nothing, setup),
		cmocka_unit_test_setup(table_keeps_back_what_is_masked, setup),
		cmocka_unit_test_setup(table_without_memory, setup),
	};

	return cmocka_run_group_tests_name("stores", tests, NULL, NULL);
}
