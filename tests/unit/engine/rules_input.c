// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Section 3: everything about a request is validated first, and each error has
 * its code. What is refused has changed and signalled nothing.
 */
#include <stdlib.h>

#include "rules.h"

#define HDR	20	/* sizeof(struct vfio_irq_set) */
#define MAX	0xffffffffu

static char before[65536], after[65536];

struct row {
	const char *name;
	u32 argsz, index, flags, start, count;
	int ret;
};

/* Vectors 1 to 4 are live, 0 is absent, 5 idle, 6 idle and emulated. */
static const struct row rows[] = {
	{ "argsz 0", 0, MSIX, TRIGGER | NONE, 1, 1, -EINVAL },
	{ "argsz below the header", HDR - 1, MSIX, TRIGGER | NONE, 1, 1, -EINVAL },
	{ "EVENTFD payload missing", HDR, MSIX, TRIGGER | EVENTFD, 1, 1, -EINVAL },
	{ "EVENTFD payload too short", HDR + 7, MSIX, TRIGGER | EVENTFD, 1, 2, -EINVAL },
	{ "BOOL payload too short", HDR + 3, MSIX, TRIGGER | BOOL, 1, 4, -EINVAL },
	{ "BOOL payload of MASK too short", HDR + 1, MSIX, MASK | BOOL, 1, 2, -EINVAL },
	{ "no flags", HDR, MSIX, 0, 1, 1, -EINVAL },
	{ "no DATA bit", HDR + 8, MSIX, TRIGGER, 1, 1, -EINVAL },
	{ "no ACTION bit", HDR + 8, MSIX, NONE, 1, 1, -EINVAL },
	{ "two DATA bits", HDR + 8, MSIX, TRIGGER | NONE | BOOL, 1, 1, -EINVAL },
	{ "all DATA bits", HDR + 8, MSIX, TRIGGER | NONE | BOOL | EVENTFD, 1, 1, -EINVAL },
	{ "two ACTION bits", HDR + 8, MSIX, TRIGGER | MASK | NONE, 1, 1, -EINVAL },
	{ "all ACTION bits", HDR + 8, MSIX, TRIGGER | MASK | UNMASK | NONE, 1, 1, -EINVAL },
	{ "unknown flag, bit 6", HDR + 8, MSIX, 1 << 6 | TRIGGER | NONE, 1, 1, -EINVAL },
	{ "unknown flag, bit 31", HDR + 8, MSIX, 1U << 31 | TRIGGER | NONE, 1, 1, -EINVAL },
	{ "start beyond the vectors, count 0", HDR, MSIX, TRIGGER | NONE, VECTORS, 0, -EINVAL },
	{ "start beyond the vectors", HDR + 4, MSIX, TRIGGER | EVENTFD, VECTORS, 1, -EINVAL },
	{ "range one too long", HDR + 64, MSIX, TRIGGER | EVENTFD, 1, VECTORS, -EINVAL },
	{ "range one too long at the end", HDR + 64, MSIX, TRIGGER | EVENTFD, VECTORS - 1, 2, -EINVAL },
	{ "count 2^32 - 1", MAX, MSIX, TRIGGER | NONE, 1, MAX, -EINVAL },
	{ "start 2^32 - 1", HDR, MSIX, TRIGGER | NONE, MAX, 1, -EINVAL },
	{ "start + count overflow 32 bits to 1", HDR, MSIX, TRIGGER | NONE, 2, MAX, -EINVAL },
	{ "start + count overflow 32 bits, EVENTFD", MAX, MSIX, TRIGGER | EVENTFD, MAX, 2, -EINVAL },
	{ "start and count 2^31", HDR, MSIX, TRIGGER | NONE, 1U << 31, 1U << 31, -EINVAL },
	{ "payload's size overflows 32 bits", HDR + 4, MSIX, TRIGGER | EVENTFD, 0, 1U << 30, -EINVAL },
	{ "INTx index", HDR, VFIO_PCI_INTX_IRQ_INDEX, TRIGGER | NONE, 0, 1, -ENOTTY },
	{ "MSI index", HDR, VFIO_PCI_MSI_IRQ_INDEX, TRIGGER | NONE, 0, 1, -ENOTTY },
	{ "an index that VFIO has not", HDR, VFIO_PCI_NUM_IRQS, TRIGGER | NONE, 0, 1, -EINVAL },
	{ "index 2^32 - 1", HDR, MAX, TRIGGER | NONE, 0, 1, -EINVAL },
	{ "MASK by eventfd", HDR + 4, MSIX, MASK | EVENTFD, 1, 1, -ENOTTY },
	{ "UNMASK by eventfd", HDR + 4, MSIX, UNMASK | EVENTFD, 1, 1, -ENOTTY },
	{ "MASK of the error index", HDR, ERR, MASK | NONE, 0, 1, -ENOTTY },
	{ "UNMASK of the error index", HDR, ERR, UNMASK | NONE, 0, 1, -ENOTTY },
	{ "second interrupt of the error index", HDR, ERR, TRIGGER | NONE, 1, 1, -EINVAL },
	{ "two interrupts of the error index", HDR + 8, ERR, TRIGGER | EVENTFD, 0, 2, -EINVAL },
	{ "MASK of the request index", HDR, REQ, MASK | NONE, 0, 1, -ENOTTY },
	{ "UNMASK of the request index", HDR, REQ, UNMASK | NONE, 0, 1, -ENOTTY },
	{ "second interrupt of the request index", HDR, REQ, TRIGGER | NONE, 1, 1, -EINVAL },
	{ "two interrupts of the request index", HDR + 8, REQ, TRIGGER | EVENTFD, 0, 2, -EINVAL },
	{ "MASK of an absent vector", HDR, MSIX, MASK | NONE, 0, 1, -EINVAL },
	{ "MASK of a range whose last vector is idle", HDR, MSIX, MASK | NONE, 1, 5, -EINVAL },
	{ "UNMASK of an idle emulated vector", HDR, MSIX, UNMASK | NONE, 6, 1, -EINVAL },
	{ "BOOL MASK of a range with an idle vector", HDR + 8, MSIX, MASK | BOOL, 4, 2, -EINVAL },
	{ "signal to a request index without eventfd", HDR, REQ, TRIGGER | NONE, 0, 1, -EINVAL },
	{ "signal to an error index without eventfd", HDR, ERR, TRIGGER | NONE, 0, 1, -EINVAL },
	{ "EVENTFD count 0 with argsz of the header: fine", HDR, MSIX, TRIGGER | EVENTFD, 1, 0, 0 },
	{ "BOOL count 0: fine", HDR, MSIX, TRIGGER | BOOL, 7, 0, 0 },
	{ "MASK NONE count 0: fine, nothing", HDR, MSIX, MASK | NONE, 1, 0, 0 },
	{ "UNMASK NONE count 0: fine, nothing", HDR, MSIX, UNMASK | NONE, 1, 0, 0 },
	{ "argsz larger than needed: fine", HDR + 64, MSIX, MASK | BOOL, 1, 0, 0 },
	{ "error index, BOOL count 0: fine, nothing", HDR, ERR, TRIGGER | BOOL, 0, 0, 0 },
	{ "error index, EVENTFD count 0: fine, nothing", HDR, ERR, TRIGGER | EVENTFD, 0, 0, 0 },
	{ "request index, BOOL count 0: fine, nothing", HDR, REQ, TRIGGER | BOOL, 0, 0, 0 },
	{ "request index, EVENTFD count 0: fine, nothing", HDR, REQ, TRIGGER | EVENTFD, 0, 0, 0 },
};

static void check_row(void **state)
{
	const struct row *row = *state;
	u8 payload[64];
	size_t size = row->argsz < HDR ? 0 : row->argsz - HDR;

	rules_setup(NULL);
	rules_live(1, 5);
	assert_int_equal(env_bind1(&e, 0, 5, -1), 0);
	assert_int_equal(vfio_pci_ims_set_emulated(&e.ims[0], 6, 1), 0);

	memset(payload, 1, sizeof(payload));
	env_dump(&e, before, sizeof(before));
	assert_int_equal(env_irqs_raw(&e, 0, row->argsz, row->index, row->flags,
				      row->start, row->count, payload,
				      size > sizeof(payload) ? 0 : size),
			 row->ret);
	env_dump(&e, after, sizeof(after));
	assert_string_equal(before, after);
	rules_no_signals();
}

static void faults(void **state)
{
	struct vfio_irq_set set = { .argsz = sizeof(set) };

	(void)state;
	assert_int_equal(vfio_pci_ims_set_irqs(&e.ims[0], 8), -EFAULT);
	assert_int_equal(vfio_pci_ims_get_irq_info(&e.ims[0], 8), -EFAULT);
	set.flags = TRIGGER | NONE;
	set.index = MSIX;
	assert_int_equal(vfio_pci_ims_set_irqs(&e.ims[0], (unsigned long)&set), 0);
}

static void in_kernel_checks(void **state)
{
	const s32 fds[] = { 0, 1 };

	(void)state;
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 7, 2,
						  TRIGGER | EVENTFD, fds), -EINVAL);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 6, 2,
						  TRIGGER | EVENTFD, NULL), -EINVAL);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], 0, 0, 1,
						  TRIGGER | NONE, NULL), -ENOTTY);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 6, 2,
						  TRIGGER | EVENTFD, fds), 0);
	rules_state(7, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 0, 0,
						  TRIGGER | NONE, NULL), 0);
	rules_state(7, IMS_VECTOR_STATE_IDLE);
}

/* All live, so that the state of a vector is no reason to refuse. */
static void wraps_around(void **state)
{
	const u32 counts[] = { MAX, MAX - 1, MAX - 6, VECTORS - 1 };
	s32 fds[VECTORS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	u8 bools[VECTORS] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	size_t i;

	(void)state;
	rules_live(0, VECTORS);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 2,
							  counts[i],
							  TRIGGER | EVENTFD,
							  fds), -EINVAL);
		assert_int_equal(vfio_pci_set_ims_trigger(&e.ims[0], MSIX, 2,
							  counts[i],
							  TRIGGER | BOOL,
							  bools), -EINVAL);
		assert_int_equal(env_irqs_raw(&e, 0, HDR, MSIX, TRIGGER | NONE,
					      2, counts[i], NULL, 0), -EINVAL);
		assert_int_equal(env_irqs_raw(&e, 0, HDR, MSIX, MASK | NONE,
					      2, counts[i], NULL, 0), -EINVAL);
	}
	rules_no_signals();
}

static int info(u32 index, struct vfio_irq_info *i)
{
	*i = (struct vfio_irq_info){ .argsz = sizeof(*i), .index = index,
				     .flags = ~0u };
	return vfio_pci_ims_get_irq_info(&e.ims[0], (unsigned long)i);
}

static void irq_info(void **state)
{
	struct vfio_irq_info i;

	(void)state;
	assert_int_equal(info(MSIX, &i), 0);
	assert_int_equal(i.count, VECTORS);
	assert_int_equal(i.flags, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE);
	assert_int_equal(info(REQ, &i), 0);
	assert_int_equal(i.count, 1);
	assert_int_equal(i.flags & VFIO_IRQ_INFO_EVENTFD, VFIO_IRQ_INFO_EVENTFD);
	assert_int_equal(info(ERR, &i), 0);
	assert_int_equal(i.count, 1);
	assert_int_equal(i.flags, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE);
	assert_int_equal(info(VFIO_PCI_INTX_IRQ_INDEX, &i), 0);
	assert_int_equal(i.count, 0);
	assert_int_equal(info(VFIO_PCI_NUM_IRQS, &i), -EINVAL);
	assert_int_equal(info(MAX, &i), -EINVAL);
	i = (struct vfio_irq_info){ .argsz = sizeof(i) - 1 };
	assert_int_equal(vfio_pci_ims_get_irq_info(&e.ims[0], (unsigned long)&i),
			 -EINVAL);
}

static void request_index(void **state)
{
	const s32 fds[] = { 5, 6, -1, BAD_FD, FILE_FD };
	const u32 argsz = HDR + 4;
	const u8 on = 1, off = 0;

	(void)state;
#define req(flags, count, p, n) \
	env_irqs_raw(&e, 0, HDR + (n), REQ, TRIGGER | (flags), 0, count, p, n)
	assert_int_equal(req(EVENTFD, 1, &fds[0], 4), 0);
	assert_int_equal(req(NONE, 1, NULL, 0), 0);
	assert_int_equal(env_count(5), 1);
	vfio_pci_ims_request(&e.ims[0], 0);
	vfio_pci_ims_request(&e.ims[0], 1);
	assert_int_equal(env_count(5), 3);
	/* replaced; a bad one leaves it */
	assert_int_equal(req(EVENTFD, 1, &fds[1], 4), 0);
	assert_int_equal(req(EVENTFD, 1, &fds[3], 4), -EBADF);
	assert_int_equal(req(EVENTFD, 1, &fds[4], 4), -EINVAL);
	assert_int_equal(req(BOOL, 1, &off, 1), 0);
	assert_int_equal(env_count(6), 0);
	assert_int_equal(req(BOOL, 1, &on, 1), 0);
	assert_int_equal(env_count(6), 1);
	/* The vectors' index has nothing to do with it. */
	assert_int_equal(env_disable(&e, 0), 0);
	vfio_pci_ims_request(&e.ims[0], 0);
	assert_int_equal(env_count(6), 2);
	/* Unbound by -1, or by NONE with count 0 */
	assert_int_equal(env_irqs_raw(&e, 0, argsz, REQ, TRIGGER | EVENTFD, 0,
				      1, &fds[2], 4), 0);
	assert_int_equal(req(NONE, 1, NULL, 0), -EINVAL);
	assert_int_equal(req(EVENTFD, 1, &fds[0], 4), 0);
	assert_int_equal(req(NONE, 0, NULL, 0), 0);
	assert_int_equal(req(NONE, 1, NULL, 0), -EINVAL);
	assert_int_equal(env_count(5), 3);
#undef req
	/* Without eventfd the log says it, once. */
	shim_log_reset();
	vfio_pci_ims_request(&e.ims[0], 0);
	assert_int_equal(shim_log_count(), 1);
	vfio_pci_ims_request(&e.ims[0], 1);
	assert_int_equal(shim_log_count(), 1);
	env_close(&e, 0);
	vfio_pci_ims_request(&e.ims[0], 0);
}

static void request_closed(void **state)
{
	const s32 fd = 5;

	(void)state;
	assert_int_equal(env_irqs_raw(&e, 0, HDR + 4, REQ, TRIGGER | EVENTFD, 0,
				      1, &fd, 4), 0);
	ims_store_destroy(e.store);
	e.store = NULL;
	vfio_pci_ims_request(&e.ims[0], 0);
	assert_int_equal(env_count(5), 1);
}

/* The same eventfd as the request index has, but for who signals it. */
static void error_index(void **state)
{
	const s32 fds[] = { 5, 6, -1, BAD_FD };

	(void)state;
#define err(flags, count, p, n) \
	env_irqs_raw(&e, 0, HDR + (n), ERR, TRIGGER | (flags), 0, count, p, n)
	/* Nobody to be told, nothing said. */
	shim_log_reset();
	vfio_pci_ims_error(&e.ims[0]);
	ims_store_error(e.store);
	assert_int_equal(shim_log_count(), 0);
	assert_int_equal(err(EVENTFD, 1, &fds[0], 4), 0);
	vfio_pci_ims_error(&e.ims[0]);
	assert_int_equal(env_count(5), 1);
	/* One error of the parent reaches all its devices. */
	assert_int_equal(env_open(&e, 1, 4), 0);
	assert_int_equal(env_irqs_raw(&e, 1, HDR + 4, ERR, TRIGGER | EVENTFD, 0,
				      1, &fds[1], 4), 0);
	ims_store_error(e.store);
	assert_int_equal(env_count(5), 2);
	assert_int_equal(env_count(6), 1);
	assert_int_equal(err(NONE, 1, NULL, 0), 0);
	assert_int_equal(env_count(5), 3);
	/* The request index has nothing to do with it. */
	vfio_pci_ims_request(&e.ims[0], 1);
	assert_int_equal(env_count(5), 3);
	assert_int_equal(err(EVENTFD, 1, &fds[3], 4), -EBADF);
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(vfio_pci_ims_reset(&e.ims[0]), 0);
	vfio_pci_ims_error(&e.ims[0]);
	assert_int_equal(env_count(5), 4);
	assert_int_equal(err(EVENTFD, 1, &fds[2], 4), 0);
	assert_int_equal(err(NONE, 1, NULL, 0), -EINVAL);
	assert_int_equal(err(EVENTFD, 1, &fds[0], 4), 0);
#undef err
	env_close(&e, 0);
	vfio_pci_ims_error(&e.ims[0]);
	ims_store_error(e.store);
	assert_int_equal(env_count(5), 4);
	assert_int_equal(env_count(6), 2);
	assert_int_equal(shim_eventfd_refs(5), 1);
}

/* As vfio-pci; only where nothing at all is bound there is nothing to signal. */
static void signals_pass_over(void **state)
{
	const u8 on[] = { 1, 1, 1, 0, 1, 1, 1, 1 };

	(void)state;
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, VECTORS, NULL), -EINVAL);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | BOOL, 0, VECTORS, on), -EINVAL);
	rules_live(2, 2);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, VECTORS, NULL), 0);
	rules_counts((unsigned int[]){ 1, 1 }, 2);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | BOOL, 0, VECTORS, on), 0);
	rules_counts((unsigned int[]){ 2, 1 }, 2);
	rules_state(0, IMS_VECTOR_STATE_ABSENT);
	/* Prepared is not bound. */
	assert_int_equal(env_disable(&e, 0), 0);
	assert_int_equal(vfio_pci_ims_prepare(&e.ims[0], 2), 0);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 2, 1, NULL), -EINVAL);
	/* One that is held has a trigger. */
	rules_live(2, 1);
	assert_int_equal(vfio_pci_ims_hold(&e.ims[0]), 0);
	assert_int_equal(env_irqs(&e, 0, TRIGGER | NONE, 0, VECTORS, NULL), 0);
}

size_t rules_input(struct CMUnitTest *tests)
{
	static char names[ARRAY_SIZE(rows)][128];
	const struct CMUnitTest more[] = {
		rule("input: memory that cannot be read is EFAULT", faults),
		rule("input: requests from the kernel are validated, too", in_kernel_checks),
		rule("input: ranges that wrap around 32 bits are EINVAL, with all vectors live", wraps_around),
		rule("input: GET_IRQ_INFO reports EVENTFD and MASKABLE, not NORESIZE", irq_info),
		rule("request index: bound, signalled, replaced, unbound", request_index),
		rule("error index: bound, signalled by the driver and by the parent's errors, replaced, unbound", error_index),
		rule("signals: pass over vectors without a trigger, EINVAL when none has one", signals_pass_over),
		rule("request index: asks the user also when the parent is gone", request_closed),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "input: %s%s%s",
			 rows[i].name, rows[i].ret ? " is " : "",
			 !rows[i].ret ? "" :
			 rows[i].ret == -EINVAL ? "EINVAL" : "ENOTTY");
		tests[i] = (struct CMUnitTest) {
			.name = names[i],
			.test_func = check_row,
			.teardown_func = rules_teardown,
			.initial_state = (void *)&rows[i],
		};
	}
	memcpy(tests + i, more, sizeof(more));
	return i + ARRAY_SIZE(more);
}
