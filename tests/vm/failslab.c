// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No memory: every operation, with its first slab allocation failing, then its
 * second, and so on until it has so many that none fails. What is refused must
 * be refused cleanly and have changed nothing; what works nevertheless (the
 * interrupt core can live without a file in /proc, say) must work.
 *
 * Runs on the debug kernel only: see failslab.sh, which prepares it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vfio.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "cases/case.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define MDEVS		"/sys/bus/mdev/devices/"
#define EXTRA		"badc0de0-0000-4000-8000-000000000003"

#define NR		10	/* vectors that are looked at */
#define TRIES_MAX	5000	/* no operation allocates so often */

/* ---- files ---------------------------------------------------------------- */

/* Write to a file that must be there: 0 or a negative errno. */
static int put(int fd, const char *text)
{
	return pwrite(fd, text, strlen(text), 0) < 0 ? -errno : 0;
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void put_file(const char *path, const char *text)
{
	int fd = open_or_die(path, O_WRONLY);

	/* Not put(): debugfs knows no positions. */
	if (write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

static long get_file(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	char text[32] = "";

	if (read(fd, text, sizeof(text) - 1) < 0)
		err(1, "%s", path);
	close(fd);
	return strtol(text, NULL, 10);
}

/* ---- injection ------------------------------------------------------------ */

/* Below which code allocations count: everywhere, or in calls from a module. */
enum scope { EVERYWHERE, HELPER, EDU, NR_SCOPES };

static struct { unsigned long start, end; } text[NR_SCOPES] = {
	[EVERYWHERE] = { 0, ULONG_MAX },
};
static int fail_nth = -1;

static void find_text(void)
{
	static const char * const modules[NR_SCOPES] = {
		[HELPER] = "[vfio_pci_ims]\n", [EDU] = "[ims_edu]\n",
	};
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address;
	char line[512], type;
	int i, at;

	if (!file)
		err(1, "kallsyms");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx %c %*s %n", &address, &type, &at) < 2 ||
		    (type != 't' && type != 'T'))
			continue;
		for (i = HELPER; i < NR_SCOPES; i++) {
			if (strcmp(line + at, modules[i]))
				continue;
			if (!text[i].start || address < text[i].start)
				text[i].start = address;
			/* Where the last function ends is not told. */
			if (address + 4096 > text[i].end)
				text[i].end = address + 4096;
		}
	}
	fclose(file);
	if (!text[HELPER].start || !text[EDU].start)
		errx(1, "the modules are not loaded");
}

static void set_scope(enum scope scope)
{
	char number[32];

	snprintf(number, sizeof(number), "%#lx", text[scope].start);
	put_file(FAILSLAB "require-start", number);
	snprintf(number, sizeof(number), "%#lx", text[scope].end);
	put_file(FAILSLAB "require-end", number);
}

static int group_setup(void **state)
{
	(void)state;
	find_text();
	put_file(FAILSLAB "stacktrace-depth", "32");
	fail_nth = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	return 0;
}

/* From now on this thread's @n-th allocation fails. */
static void arm(unsigned int n)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", n);
	if (put(fail_nth, number))
		err(1, "fail-nth");
}

/* Did one fail? */
static bool disarm(void)
{
	char left[16] = "";

	if (pread(fail_nth, left, sizeof(left) - 1, 0) < 0 || put(fail_nth, "0"))
		err(1, "fail-nth");
	return !atoi(left);
}

/* ---- what there is, as netlink tells ---------------------------------------- */

struct picture {
	uint32_t live, slots, emulated;
	struct {
		uint32_t state, backing, slot, generation, irq;
		uint32_t own, masked, pending;
		uint64_t cookie, pending_cookie;
		uint64_t delivered, loopback, replaced, dropped;
	} v[NR];
};

static void take_picture(struct wq *wq, struct picture *p)
{
	struct ims_device *device;
	uint32_t i;

	memset(p, 0xff, sizeof(*p));
	assert_int_equal(ims_device_get(wq->ctx, wq->name, &device), 0);
	ims_device_get_num_live(device, &p->live);
	ims_device_get_num_slots(device, &p->slots);
	ims_device_get_num_emulated(device, &p->emulated);
	for (i = 0; i < NR; i++) {
		struct ims_vector *v;

		assert_int_equal(ims_vector_get(wq->ctx, device, i, &v), 0);
		ims_vector_get_state(v, &p->v[i].state);
		ims_vector_get_backing(v, &p->v[i].backing);
		ims_vector_get_slot(v, &p->v[i].slot);
		ims_vector_get_generation(v, &p->v[i].generation);
		ims_vector_get_irq(v, &p->v[i].irq);
		ims_vector_get_cookie(v, &p->v[i].cookie);
		ims_vector_get_pending_cookie(v, &p->v[i].pending_cookie);
		ims_vector_get_delivered(v, &p->v[i].delivered);
		ims_vector_get_loopback(v, &p->v[i].loopback);
		ims_vector_get_replaced(v, &p->v[i].replaced);
		ims_vector_get_dropped(v, &p->v[i].dropped);
		p->v[i].own = ims_vector_has_own_cookie(v);
		p->v[i].masked = ims_vector_is_masked(v);
		p->v[i].pending = ims_vector_is_pending(v);
		ims_vector_free(v);
	}
	ims_device_free(device);
}

/* Which eventfd each vector has: its own unless the operation says otherwise. */
static uint32_t event_of[NR];

/* Each live vector's eventfd counts one when it is signalled, and no other. */
static void assert_live_ones_work(struct wq *wq, const struct picture *p)
{
	uint32_t i, j;

	for (i = 0; i < NR; i++) {
		if (p->v[i].state != IMS_VECTOR_STATE_LIVE)
			continue;
		assert_int_equal(ims_vfio_trigger(wq->vfio, i, 1), 0);
		for (j = 0; j < 2 * NR; j++)
			assert_int_equal(wq_take(wq, j), j == event_of[i]);
	}
}

/* ---- the sweep -------------------------------------------------------------- */

struct op {
	const char *name;
	enum scope scope;
	/* From the state that the last try has left to the one to start from. */
	void (*prepare)(struct wq *wq);
	/* 0 or a negative errno. Makes no other system calls. */
	int (*call)(struct wq *wq);
	/* It has worked: is all as it should be? */
	void (*worked)(struct wq *wq, const struct picture *before);
	/* It was refused: is all as before? NULL: see below. */
	void (*refused)(struct wq *wq, const struct picture *before);
	bool cannot_fail;
	bool closed;	/* needs no open work queue */
};

static void assert_as_before(struct wq *wq, const struct picture *before)
{
	struct picture after;
	uint32_t i;

	take_picture(wq, &after);
	assert_int_equal(after.live, before->live);
	assert_int_equal(after.slots, before->slots);
	assert_int_equal(after.emulated, before->emulated);
	for (i = 0; i < NR; i++)
		assert_memory_equal(&after.v[i], &before->v[i],
				    sizeof(*after.v));
	assert_live_ones_work(wq, &after);
}

static void sweep(struct wq *wq, const struct op *op)
{
	unsigned int n, refused = 0, absorbed = 0;
	struct picture before;
	bool hit;
	int ret;

	set_scope(op->scope);
	for (n = 1; n < TRIES_MAX; n++) {
		if (op->prepare)
			op->prepare(wq);
		if (!op->closed)
			take_picture(wq, &before);

		arm(n);
		ret = op->call(wq);
		hit = disarm();

		if (!ret) {
			op->worked(wq, &before);
			absorbed += hit;
		} else {
			if (!hit || op->cannot_fail ||
			    (ret != -ENOMEM && ret != -ENOBUFS &&
			     ret != -ENOSPC))
				fail_msg("%s: allocation %u%s: %s", op->name, n,
					 hit ? "" : " (not reached)",
					 strerror(-ret));
			if (op->refused)
				op->refused(wq, &before);
			else
				assert_as_before(wq, &before);
			refused++;
		}
		if (!hit)
			break;
	}
	assert_in_range(n, 1, TRIES_MAX - 1);
	printf("# %s: %u allocations failed: %u times refused, %u absorbed\n",
	       op->name, n - 1, refused, absorbed);
	fflush(stdout);
}

/* ---- SET_IRQS --------------------------------------------------------------- */

static int set_irqs(struct wq *wq, uint32_t index, uint32_t flags,
		    uint32_t start, uint32_t count, const int32_t *fds)
{
	struct {
		struct vfio_irq_set set;
		int32_t fds[NR];
	} arg = { {
		.argsz = sizeof(arg.set) + count * sizeof(*fds),
		.flags = flags, .index = index, .start = start, .count = count,
	}, { 0 } };

	if (count)
		memcpy(arg.fds, fds, count * sizeof(*fds));
	return ioctl(ims_vfio_get_fd(wq->vfio), VFIO_DEVICE_SET_IRQS, &arg) < 0 ?
	       -errno : 0;
}

/* Bind vectors from @start on to the eventfds of these vectors (-1: unbind). */
static int bind_to(struct wq *wq, uint32_t start, uint32_t count,
		   const int *events)
{
	int32_t fds[NR];
	uint32_t i;

	for (i = 0; i < count; i++)
		fds[i] = events[i] < 0 ? -1 : wq->fds[events[i]];
	return set_irqs(wq, VFIO_PCI_MSIX_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			start, count, fds);
}

static int disable(struct wq *wq)
{
	return set_irqs(wq, VFIO_PCI_MSIX_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
			0, 0, NULL);
}

static void reopen(struct wq *wq)
{
	uint32_t i;

	if (wq->vfio)
		wq_close(wq);
	case_open(wq, 0);
	for (i = 0; i < 2 * NR; i++)
		assert_true(wq_fd(wq, i) >= 0);
	for (i = 0; i < NR; i++)
		event_of[i] = i;
}

/* 0 and 1 live, all others never used: contexts are allocated, too. */
static void two_live(struct wq *wq)
{
	reopen(wq);
	assert_int_equal(wq_bind(wq, 0, 2), 0);
}

static int bind_six(struct wq *wq)
{
	static const int events[] = { 2, 3, 4, 5, 6, 7 };

	return bind_to(wq, 2, 6, events);
}

static void six_are_live(struct wq *wq, const struct picture *before)
{
	struct picture p;
	uint32_t i;

	take_picture(wq, &p);
	assert_int_equal(p.live, before->live + 6);
	assert_int_equal(p.slots, before->slots + 6);
	for (i = 2; i < 8; i++) {
		assert_int_equal(p.v[i].state, IMS_VECTOR_STATE_LIVE);
		assert_int_not_equal(p.v[i].slot, UINT32_MAX);
	}
	assert_memory_equal(p.v, before->v, 2 * sizeof(*p.v));
	assert_live_ones_work(wq, &p);
}

/* The contexts are there: what is allocated is what goes with a slot. */
static void two_live_six_idle(struct wq *wq)
{
	uint32_t i;

	if (!wq->vfio) {
		two_live(wq);
		assert_int_equal(bind_six(wq), 0);
	}
	for (i = 2; i < 8; i++)
		assert_int_equal(ims_vfio_unbind(wq->vfio, i, 1), 0);
}

static int replace_two(struct wq *wq)
{
	static const int events[] = { 10, 11 };

	return bind_to(wq, 0, 2, events);
}

static void two_own(struct wq *wq)
{
	if (!wq->vfio)
		reopen(wq);
	event_of[0] = 0;
	event_of[1] = 1;
	assert_int_equal(wq_bind(wq, 0, 2), 0);
}

static void two_are_replaced(struct wq *wq, const struct picture *before)
{
	struct picture p;
	uint32_t i;

	event_of[0] = 10;
	event_of[1] = 11;
	take_picture(wq, &p);
	assert_int_equal(p.live, 2);
	assert_int_equal(p.slots, 1);
	for (i = 0; i < 2; i++) {
		assert_int_equal(p.v[i].slot, before->v[i].slot);
		assert_int_equal(p.v[i].irq, before->v[i].irq);
		assert_int_equal(p.v[i].generation, before->v[i].generation);
		assert_int_equal(p.v[i].replaced, before->v[i].replaced + 1);
	}
	assert_live_ones_work(wq, &p);
}

/* 1 and 2 live, 1 with a cookie that waits, 3 absent. */
static void cookie_waits(struct wq *wq)
{
	static uint64_t cookie = 0x1000;

	reopen(wq);
	assert_int_equal(wq_bind(wq, 1, 2), 0);
	wq_set_cookie(wq, 1, ++cookie);
	assert_int_equal(wq_number(wq, 1, ims_vector_get_pending_cookie),
			 cookie);
}

static int replace_unbind_bind(struct wq *wq)
{
	static const int events[] = { 11, -1, 3 };

	return bind_to(wq, 1, 3, events);
}

static void replaced_unbound_bound(struct wq *wq, const struct picture *before)
{
	struct picture p;

	event_of[1] = 11;
	take_picture(wq, &p);
	assert_int_equal(p.v[1].state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(p.v[1].cookie, before->v[1].pending_cookie);
	assert_int_equal(p.v[1].pending_cookie, UINT64_MAX);
	assert_int_not_equal(p.v[1].slot, before->v[1].slot);
	assert_int_equal(p.v[2].state, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(p.v[3].state, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(p.slots, 2);
	assert_live_ones_work(wq, &p);
}

static void all_are_idle(struct wq *wq, const struct picture *before)
{
	struct picture p;

	(void)before;
	take_picture(wq, &p);
	assert_int_equal(p.live, 0);
	assert_int_equal(p.slots, 0);
	assert_int_equal(p.v[1].state, IMS_VECTOR_STATE_IDLE);
}

static int bind_request(struct wq *wq)
{
	return set_irqs(wq, VFIO_PCI_REQ_IRQ_INDEX,
			VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			0, 1, &wq->fds[9]);
}

static void request_works(struct wq *wq, const struct picture *before)
{
	uint8_t yes = 1;
	int32_t data;

	assert_as_before(wq, before);
	memcpy(&data, &yes, 1);
	assert_int_equal(set_irqs(wq, VFIO_PCI_REQ_IRQ_INDEX,
				  VFIO_IRQ_SET_DATA_BOOL |
				  VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, &data), 0);
	assert_int_equal(wq_take(wq, 9), 1);
}

static int reset(struct wq *wq)
{
	return ioctl(ims_vfio_get_fd(wq->vfio), VFIO_DEVICE_RESET) < 0 ?
	       -errno : 0;
}

/* ---- registers --------------------------------------------------------------- */

static int write_reg(struct wq *wq, uint32_t reg, uint32_t value)
{
	uint64_t base = (uint64_t)VFIO_PCI_BAR0_REGION_INDEX <<
			IMS_EDU_REGION_SHIFT;

	return pwrite(ims_vfio_get_fd(wq->vfio), &value, 4, base + reg) == 4 ?
	       0 : -errno;
}

/* LAST_ERROR as errno. */
static int last_error(struct wq *wq)
{
	uint32_t error = wq_read(wq, IMS_EDU_REG_LAST_ERROR);

	wq_write(wq, IMS_EDU_REG_LAST_ERROR, 0);
	return error == IMS_EDU_ERR_NONE ? 0 :
	       error == IMS_EDU_ERR_HOST ? -ENOMEM : -EPROTO;
}

#define COOKIE_REG(v, r) \
	(IMS_EDU_REG_VECTOR + (v) * IMS_EDU_VECTOR_SIZE + IMS_EDU_VECTOR_##r)

static void cookie_halfway(struct wq *wq)
{
	two_live(wq);
	wq_write(wq, COOKIE_REG(3, COOKIE_LO), 0x1234);
}

static int write_cookie(struct wq *wq)
{
	int ret = write_reg(wq, COOKIE_REG(3, COOKIE_HI), 0x1);

	return ret ? ret : last_error(wq);
}

static void cookie_is_there(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_number(wq, 3, ims_vector_get_cookie),
			 0x100001234);
	assert_int_equal(wq_number32(wq, 3, ims_vector_get_state),
			 IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_bind(wq, 3, 1), 0);
	assert_int_equal(wq_submit(wq, 3, 3), IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, 3), 1);
	assert_int_equal(wq_drain(wq), 0);
}

static int apply_cookie(struct wq *wq)
{
	int ret = write_reg(wq, IMS_EDU_REG_ARGUMENT, 1);

	if (!ret)
		ret = write_reg(wq, IMS_EDU_REG_COMMAND,
				IMS_EDU_COMMAND_APPLY_COOKIE);
	return ret ? ret : last_error(wq);
}

static void cookie_is_applied(struct wq *wq, const struct picture *before)
{
	struct picture p;

	take_picture(wq, &p);
	assert_int_equal(p.v[1].cookie, before->v[1].pending_cookie);
	assert_int_equal(p.v[1].slot, before->v[1].slot);
	assert_live_ones_work(wq, &p);
}

static int submit(struct wq *wq)
{
	int ret = write_reg(wq, IMS_EDU_REG_WORK_N, 3);

	return ret ? ret : write_reg(wq, IMS_EDU_REG_WORK_SUBMIT, 1);
}

static void is_submitted(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_read(wq, IMS_EDU_REG_WORK_STATUS),
			 IMS_EDU_ERR_NONE);
	assert_int_equal(wq_wait(wq, 1), 1);
	assert_int_equal(wq_drain(wq), 0);
}

/* ---- open and close ----------------------------------------------------------- */

static struct ims_ctx *ctx;

static void closed(struct wq *wq)
{
	if (wq->vfio)
		wq_close(wq);
	ims_ctx_free(ctx);
	assert_int_equal(ims_ctx_new(&ctx), 0);
	wq->ctx = ctx;
	wq->name = getenv("IMS_WQ0");
}

static int open_it(struct wq *wq)
{
	return ims_vfio_open(ctx, wq->name, &wq->vfio);
}

static void is_open(struct wq *wq, const struct picture *before)
{
	(void)before;
	assert_int_equal(wq_number32(wq, 0, ims_vector_get_backing),
			 IMS_VECTOR_BACKING_EMULATED);
	ims_vfio_close(wq->vfio);
	wq->vfio = NULL;
}

static void is_not_open(struct wq *wq, const struct picture *before)
{
	struct ims_device *device;

	(void)before;
	assert_null(wq->vfio);
	assert_int_equal(ims_device_get(wq->ctx, wq->name, &device), -ENODEV);
}

/* Not wq_close(): an operation is one call, and this is a free one. */
static int close_it(struct wq *wq)
{
	ims_vfio_close(wq->vfio);
	wq->vfio = NULL;
	return 0;
}

static void is_closed(struct wq *wq, const struct picture *before)
{
	uint32_t i;

	is_not_open(wq, before);
	for (i = 0; i < 2 * NR; i++)
		close(wq->fds[i]);
	ims_ctx_free(wq->ctx);
	memset(wq, 0, sizeof(*wq));
}

/* ---- the mediated device and edu's driver --------------------------------------- */

static char parent[256];	/* edu, below /sys */
static int file = -1;
static long instances;

static long count_instances(void)
{
	char path[512];

	snprintf(path, sizeof(path),
		 "%s/mdev_supported_types/ims_edu-wq/available_instances",
		 parent);
	return get_file(path);
}

static void will_create(struct wq *wq)
{
	char path[512];

	(void)wq;
	instances = count_instances();
	snprintf(path, sizeof(path), "%s/mdev_supported_types/ims_edu-wq/create",
		 parent);
	if (file < 0)
		file = open_or_die(path, O_WRONLY);
}

static int create(struct wq *wq)
{
	(void)wq;
	return put(file, EXTRA);
}

static void is_created(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(count_instances(), instances - 1);
	assert_int_equal(access(MDEVS EXTRA "/iommu_group", F_OK), 0);
	put_file(MDEVS EXTRA "/remove", "1");
	assert_int_equal(count_instances(), instances);
}

static void is_not_created(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(access(MDEVS EXTRA, F_OK), -1);
	assert_int_equal(count_instances(), instances);
}

static void will_remove(struct wq *wq)
{
	will_create(wq);
	assert_int_equal(put(file, EXTRA), 0);
}

static int remove_it(struct wq *wq)
{
	int fd = open(MDEVS EXTRA "/remove", O_WRONLY);
	int ret;

	(void)wq;
	if (fd < 0)
		return -errno;
	ret = put(fd, "1");
	close(fd);
	return ret;
}

static void is_removed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_int_equal(access(MDEVS EXTRA, F_OK), -1);
	assert_int_equal(count_instances(), instances);
}

#define DRIVER	"/sys/bus/pci/drivers/ims_edu/"

static const char *address(void)
{
	return strrchr(parent, '/') + 1;
}

static bool has_driver(void)
{
	char path[512];

	snprintf(path, sizeof(path), DRIVER "%s", address());
	return !access(path, F_OK);
}

static void will_probe(struct wq *wq)
{
	(void)wq;
	if (has_driver())
		put_file(DRIVER "unbind", address());
	assert_false(has_driver());
}

static int probe(struct wq *wq)
{
	(void)wq;
	return put(file, address());
}

static void is_probed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_true(has_driver());
	assert_int_equal(count_instances(), instances);
}

static void is_not_probed(struct wq *wq, const struct picture *before)
{
	(void)wq;
	(void)before;
	assert_false(has_driver());
}

/* ---- netlink -------------------------------------------------------------------- */

static int family;
static int sock = -1;
static struct nl_msg *request;
static unsigned char answer[65536];
static unsigned int objects;

/*
 * Plain system calls, so that nothing but the kernel's side of them allocates.
 * The answer ends with an acknowledgement or, for a dump, with NLMSG_DONE.
 */
static int ask(struct wq *wq)
{
	struct nlmsghdr *nlh = nlmsg_hdr(request);
	int len;

	(void)wq;
	objects = 0;
	if (send(sock, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		len = recv(sock, answer, sizeof(answer), 0);
		if (len < 0)
			return -errno;
		for (nlh = (void *)answer; NLMSG_OK(nlh, (uint32_t)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
			objects += nlh->nlmsg_type == family;
		}
	}
}

static void will_ask(struct wq *wq)
{
	const struct timeval patience = { .tv_sec = WQ_PATIENCE_MS / 1000 };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const int on = 1;

	if (!wq->vfio)
		two_live(wq);
	if (sock >= 0)
		close(sock);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	assert_true(sock >= 0);
	assert_int_equal(connect(sock, (void *)&kernel, sizeof(kernel)), 0);
	assert_int_equal(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience,
				    sizeof(patience)), 0);
	assert_int_equal(setsockopt(sock, SOL_NETLINK, 11 /* EXT_ACK */, &on,
				    sizeof(on)), 0);
}

static unsigned int objects_wanted;

static void is_answered(struct wq *wq, const struct picture *before)
{
	assert_int_equal(objects, objects_wanted);
	assert_as_before(wq, before);
}

/* Signalled are both or none. An acknowledgement that there is no memory for
 * does not mean that the request was refused.
 */
static void both_or_none(struct wq *wq, const struct picture *before)
{
	struct picture p;
	uint64_t n = wq_take(wq, 0);

	assert_int_equal(wq_take(wq, 1), n);
	assert_in_range(n, 0, 1);
	take_picture(wq, &p);
	assert_int_equal(p.v[0].loopback, before->v[0].loopback + n);
	assert_int_equal(p.v[1].loopback, before->v[1].loopback + n);
	assert_live_ones_work(wq, &p);
}

static void is_triggered(struct wq *wq, const struct picture *before)
{
	assert_int_equal(wq_number(wq, 0, ims_vector_get_loopback),
			 before->v[0].loopback + 1);
	both_or_none(wq, before);
}

static void new_request(uint8_t cmd, int flags)
{
	struct nl_sock *sk = nl_socket_alloc();

	assert_int_equal(genl_connect(sk), 0);
	family = genl_ctrl_resolve(sk, IMS_FAMILY_NAME);
	assert_true(family > 0);
	nl_socket_free(sk);

	request = nlmsg_alloc();
	assert_non_null(genlmsg_put(request, 0, 1, family, 0,
				    flags | NLM_F_REQUEST | NLM_F_ACK, cmd,
				    IMS_FAMILY_VERSION));
}

/* ---- tests ---------------------------------------------------------------------- */

static struct wq wq;

static int teardown(void **state)
{
	(void)state;
	if (disarm() || true)
		set_scope(EVERYWHERE);
	if (wq.vfio)
		wq_close(&wq);
	memset(&wq, 0, sizeof(wq));
	ims_ctx_free(ctx);
	ctx = NULL;
	nlmsg_free(request);
	request = NULL;
	if (file >= 0)
		close(file);
	file = -1;
	return 0;
}

/* After all of it: a work queue is opened, and the hardware fires its vectors. */
static void everything_works(void **state)
{
	uint32_t v;

	(void)state;
	reopen(&wq);
	assert_int_equal(wq_bind(&wq, 0, NR), 0);
	for (v = 1; v < NR; v++) {
		assert_int_equal(wq_submit(&wq, 3, v), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(&wq, v), 1);
	}
	assert_int_equal(wq_drain(&wq), 0);
	assert_int_equal(wq_read(&wq, IMS_EDU_REG_ERRORS), 0);
}

#define SWEEP(function, ...)						\
static void function(void **state)					\
{									\
	static const struct op op = { .name = #function, __VA_ARGS__ };	\
									\
	(void)state;							\
	sweep(&wq, &op);						\
}

SWEEP(bind_absent, .scope = HELPER, .prepare = two_live, .call = bind_six,
      .worked = six_are_live)
SWEEP(bind_idle, .scope = HELPER, .prepare = two_live_six_idle,
      .call = bind_six, .worked = six_are_live)
SWEEP(replace_live, .scope = HELPER, .prepare = two_own, .call = replace_two,
      .worked = two_are_replaced)
SWEEP(replace_with_cookie_pending, .scope = HELPER, .prepare = cookie_waits,
      .call = replace_unbind_bind, .worked = replaced_unbound_bound)
SWEEP(disable_index, .scope = HELPER, .prepare = cookie_waits, .call = disable,
      .worked = all_are_idle, .cannot_fail = true)
SWEEP(reset_device, .scope = EDU, .prepare = cookie_waits, .call = reset,
      .worked = all_are_idle, .cannot_fail = true)
SWEEP(bind_request_eventfd, .scope = HELPER, .prepare = two_live,
      .call = bind_request, .worked = request_works)
SWEEP(write_cookie_register, .scope = EDU, .prepare = cookie_halfway,
      .call = write_cookie, .worked = cookie_is_there)
SWEEP(apply_cookie_now, .scope = EDU, .prepare = cookie_waits,
      .call = apply_cookie, .worked = cookie_is_applied)
SWEEP(submit_work, .scope = EDU, .prepare = two_own, .call = submit,
      .worked = is_submitted)
SWEEP(open_device, .scope = EDU, .prepare = closed, .call = open_it,
      .worked = is_open, .refused = is_not_open, .closed = true)
SWEEP(close_device, .scope = EDU, .prepare = cookie_waits, .call = close_it,
      .worked = is_closed, .cannot_fail = true)
SWEEP(create_mdev, .scope = EDU, .prepare = will_create, .call = create,
      .worked = is_created, .refused = is_not_created, .closed = true)
SWEEP(remove_mdev, .scope = EDU, .prepare = will_remove, .call = remove_it,
      .worked = is_removed, .closed = true, .cannot_fail = true)

static void probe_driver(void **state)
{
	static const struct op op = {
		.name = "probe_driver", .scope = EDU, .prepare = will_probe,
		.call = probe, .worked = is_probed, .refused = is_not_probed,
		.closed = true,
	};

	char path[256];

	(void)state;
	/* Without driver there is no work queue. */
	snprintf(path, sizeof(path), MDEVS "%s/remove", getenv("IMS_WQ0"));
	put_file(path, "1");
	instances = count_instances();
	file = open_or_die(DRIVER "bind", O_WRONLY);
	sweep(&wq, &op);
	assert_true(has_driver());
	close(file);
	file = -1;
	will_create(&wq);
	assert_int_equal(put(file, getenv("IMS_WQ0")), 0);
}

#define ASK(function, cmd, flags, nr, done, not_done, ...)		\
static void function(void **state)					\
{									\
	static const struct op op = {					\
		.name = #function, .scope = EVERYWHERE,			\
		.prepare = will_ask, .call = ask, .worked = done,	\
		.refused = not_done,					\
	};								\
									\
	(void)state;							\
	new_request(cmd, flags);					\
	objects_wanted = nr;						\
	__VA_ARGS__;							\
	sweep(&wq, &op);						\
}

ASK(netlink_device_get, IMS_CMD_DEVICE_GET, 0, 1, is_answered, NULL,
    nla_put_string(request, IMS_A_DEVICE_NAME, getenv("IMS_WQ0")))
ASK(netlink_device_dump, IMS_CMD_DEVICE_GET, NLM_F_DUMP, 1, is_answered, NULL,)
ASK(netlink_vector_get, IMS_CMD_VECTOR_GET, 0, 1, is_answered, NULL,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0"));
    nla_put_u32(request, IMS_A_VECTOR_INDEX, 1))
ASK(netlink_vector_dump, IMS_CMD_VECTOR_GET, NLM_F_DUMP, 2, is_answered, NULL,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0")))
ASK(netlink_trigger, IMS_CMD_TRIGGER, 0, 0, is_triggered, both_or_none,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0"));
    nla_put_u32(request, IMS_A_VECTOR_INDEX, 0);
    nla_put_u32(request, IMS_A_VECTOR_COUNT, 2))

#define test(f) cmocka_unit_test_teardown(f, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		test(bind_absent),
		test(bind_idle),
		test(replace_live),
		test(replace_with_cookie_pending),
		test(disable_index),
		test(reset_device),
		test(bind_request_eventfd),
		test(write_cookie_register),
		test(apply_cookie_now),
		test(submit_work),
		test(open_device),
		test(close_device),
		test(netlink_device_get),
		test(netlink_device_dump),
		test(netlink_vector_get),
		test(netlink_vector_dump),
		test(netlink_trigger),
		test(create_mdev),
		test(remove_mdev),
		test(probe_driver),
		test(everything_works),
	};
	const char *edu = getenv("IMS_EDU");

	if (!edu || !getenv("IMS_WQ0"))
		errx(1, "run this by tests/vm/debug");
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	snprintf(parent, sizeof(parent), "/sys/bus/pci/devices/%s", edu);
	return cmocka_run_group_tests_name("failslab", tests, group_setup, NULL);
}
