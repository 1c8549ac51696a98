// SPDX-License-Identifier: GPL-2.0-or-later
/* The interpreter of model test and fuzzer: see interp.h. */
#include <stdarg.h>
#include <stdlib.h>

#include "interp.h"
#include "interp_ops.h"
#include "told.h"

enum op {
	OP_IRQS, OP_OPEN, OP_CLOSE, OP_COOKIE, OP_CLEAR_COOKIE, OP_DEFAULT,
	OP_EMULATED, OP_CLEAR_EMULATED, OP_SEND, OP_FIRE, OP_FD, OP_GONE,
	OP_STORE, OP_LIMITS, OP_STORE_LIMIT, OP_REQUEST, OP_BARRIER, OP_INFO,
	OP_CPU, OP_ANSWER, OP_PREPARE, OP_RELEASE, OP_HOLD, OP_ARM,
	OP_ARM_RANGE, OP_REVOKE, OP_REVOKE_COOKIE, OP_RESET, OP_SLEEP,
	OP_INJECT, OP_ERROR, OP_QUIET,
};

/* Weights: how often each is in the table. */
static const u8 op_table[96] = {
	OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS,
	OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS,
	OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS, OP_IRQS,
	OP_OPEN, OP_OPEN, OP_OPEN, OP_OPEN, OP_CLOSE,
	OP_COOKIE, OP_COOKIE, OP_COOKIE, OP_COOKIE, OP_COOKIE,
	OP_CLEAR_COOKIE, OP_CLEAR_COOKIE, OP_DEFAULT,
	OP_EMULATED, OP_EMULATED, OP_CLEAR_EMULATED, OP_CLEAR_EMULATED,
	OP_SEND, OP_SEND, OP_SEND, OP_SEND,
	OP_FIRE, OP_FIRE, OP_FIRE, OP_FIRE, OP_FIRE, OP_FIRE,
	OP_FD, OP_FD, OP_FD, OP_STORE, OP_LIMITS, OP_LIMITS, OP_STORE_LIMIT,
	OP_REQUEST, OP_BARRIER, OP_INFO, OP_CPU, OP_ANSWER, OP_GONE,
	OP_PREPARE, OP_PREPARE, OP_PREPARE, OP_PREPARE, OP_PREPARE,
	OP_RELEASE, OP_RELEASE, OP_RELEASE, OP_HOLD, OP_HOLD,
	OP_ARM, OP_ARM, OP_ARM, OP_ARM_RANGE, OP_ARM_RANGE, OP_ARM_RANGE,
	OP_REVOKE, OP_REVOKE, OP_REVOKE, OP_REVOKE, OP_REVOKE_COOKIE,
	OP_REVOKE_COOKIE, OP_RESET, OP_RESET, OP_SLEEP, OP_SLEEP, OP_SLEEP,
	OP_INJECT, OP_INJECT, OP_ERROR, OP_ANSWER, OP_COOKIE,
};

/* Bytes that the sequences of the corpus, which are older, do not have */
#define QUIET_FIRST	240
#define QUIET_LAST	244

/* The enums are compared by value below. */
_Static_assert((int)M_LIVE == (int)IMS_VECTOR_STATE_LIVE, "states");
_Static_assert((int)M_DELIVERED == (int)VFIO_PCI_IMS_SIGNAL_DELIVERED &&
	       (int)M_NOT_EMULATED == (int)VFIO_PCI_IMS_SIGNAL_NOT_EMULATED,
	       "outcomes");

struct env e;
struct model m;
static struct model was;	/* before an operation that is to fail */
static bool deferred;
static bool tracing;

void say(const char *fmt, ...)
{
	va_list ap;

	if (!tracing)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

void look(int d)
{
	struct env_vector v;
	u32 i;

	for (i = 0; i < M_VECTORS; i++) {
		m.seen[i].slot = -1;
		if (!m.d[d].open || i >= m.d[d].vectors)
			continue;
		env_vector(&e, d, i, &v);
		m.seen[i].slot = v.slot;
		m.seen[i].generation = v.generation;
	}
}

void range_of(int d, const u8 *b, u32 *start, u32 *count)
{
	u32 vectors = m.d[d].vectors;

	*start = b[2] % (M_VECTORS + 1);
	*count = b[3] % (M_VECTORS + 1);
	if (!vectors || b[2] >= 240)
		return;
	*start %= vectors;
	*count = b[3] & 1 ? 1 : (b[3] >> 1) % (vectors - *start + 1);
}

static void do_open(int d, const u8 *b, int *ret)
{
	static const u32 odd[] = { 0, 65537, U32_MAX, 8 };
	struct m_params p = {
		.vectors = 1 + b[2] % M_VECTORS,
		.cookie = ENV_COOKIE(d) | (b[11] % 16 ? 0 : 1ULL << 60),
		.limit = b[3] % (M_SLOTS + 3),
		.reservation = b[4] % 5 < 3 ? 0 : (b[4] >> 4) % (M_SLOTS + 2),
		.on_hold = b[11] >> 4 == 1,
		.asked = b[5] & 1,
	};
	struct vfio_pci_ims_params params;

	if (b[13] > 250)
		p.vectors = odd[b[13] % 4];
	if (b[8] % 4 == 0) {
		p.first = b[9] % M_SLOTS;
		p.count = b[10] % (M_SLOTS + 1);
	}
	if ((b[13] & 6) == 6) {
		say("close device %d, ", d);
		env_close(&e, d);
		m_close(&m, d);
		was = m;
	}
	if (!m.store.there)
		return;
	say("open device %d vectors %u limit %u reservation %u window %u+%u cookie %#llx%s%s",
	    d, p.vectors, p.limit, p.reservation, p.first, p.count, p.cookie,
	    p.on_hold ? " on hold" : "", p.asked ? " asked" : "");
	params = (struct vfio_pci_ims_params) {
		.dev = &e.dev[d],
		.store = e.store,
		.ops = &told_ops[p.asked],
		.num_vectors = p.vectors,
		.default_cookie = p.cookie,
		.limit = p.limit,
		.reservation = p.reservation,
		.first_slot = p.first,
		.nr_slots = p.count,
		.on_hold = p.on_hold,
	};
	*ret = env_open_params(&e, d, &params);
	same("open", *ret, m_open(&m, d, &p));
}

static void do_fd(const u8 *b)
{
	int fd = b[1] % M_FDS, id;

	shim_fd_close(fd);
	m.fd[fd].kind = M_FD_CLOSED;
	if (b[2] % 8 == 0) {
		say("close fd %d", fd);
	} else if (b[2] % 8 == 1) {
		say("fd %d becomes a file", fd);
		shim_fd_file(fd);
		m.fd[fd].kind = M_FD_FILE;
	} else {
		rcu_barrier();
		id = shim_fd_eventfd(fd);
		say("fd %d becomes eventfd %d", fd, id);
		if (id >= 40)
			wrong("eventfds are not given back");
		if (m_eventfd_refs(&m, id))
			wrong("eventfd %d has ended while bound", id);
		m.fd[fd].kind = M_FD_EVENTFD;
		m.fd[fd].eventfd = id;
		m.count[id] = 0;
	}
}

/* What the store's hardware can do */
static unsigned int store_flags(const u8 *b)
{
	return (b[2] & 1 ? ENV_IN_PLACE : 0) | (b[2] & 2 ? ENV_BUS : 0) |
	       (b[2] & 0x30 ? 0 : ENV_CHOOSES);
}

/* The model's store is as the engine's. */
static void model_store(const u8 *b)
{
	e.cookie_max = b[2] & 0x40 ? 0xffff : U64_MAX;
	m_store_create(&m, e.hwsize, e.ops.set_cookie, e.ops.alloc_slot,
		       e.cookie_max);
}

static void make_store(const u8 *b)
{
	e.hwsize = 1 + b[1] % M_SLOTS;
	env_set_flags(&e, store_flags(b));
	if (!env_store(&e))
		model_store(b);
}

static void wake(bool forgotten)
{
	e.asleep = false;
	ims_store_restore(e.store);
	m_wake(&m, forgotten);
}

static void do_sleep(const u8 *b)
{
	if (!m.store.there)
		return;
	if (m.store.asleep) {
		say("restore%s", b[2] % 2 ? ", the hardware has forgotten all" : "");
		if (b[2] % 2)
			env_forget(&e);
		wake(b[2] % 2);
		if (b[3] % 4 == 0)
			ims_store_restore(e.store);
		return;
	}
	say("suspend");
	ims_store_suspend(e.store);
	e.asleep = true;
	m.store.asleep = true;
	if (b[3] % 4 == 0)
		ims_store_suspend(e.store);
}

static void do_gone(const u8 *b)
{
	if (m.store.there && b[13] % 4)
		return;
	if (!m.store.there) {
		make_store(b);
		return;
	}
	say("the parent goes away");
	ims_store_destroy(e.store);
	e.store = NULL;
	/* The driver resets hardware that nobody could tell of it. */
	if (e.asleep) {
		e.asleep = false;
		env_forget(&e);
		memset(e.chosen, 0, sizeof(e.chosen));
	}
	m_store_destroy(&m);
}

/* An administrator changes a cookie. */
static int by_netlink(int d, const struct vfio_pci_ims_cookie *change)
{
	bool own = change->vector != VFIO_PCI_IMS_DEFAULT_COOKIE;
	struct ims_vdev *vdev;
	int ret;

	vdev = own ? ims_vdev_enter_range(&e.ims[d], change->vector, 1) :
		     ims_vdev_enter(&e.ims[d]);
	if (IS_ERR(vdev))
		return (int)PTR_ERR(vdev);
	ret = ims_cookie_set(vdev, change, true);
	ims_vdev_leave(vdev);
	return ret;
}

/* By the driver, or by an administrator */
static void do_cookie(int d, const u8 *b, u32 v, bool own, u64 cookie, int *ret)
{
	struct vfio_pci_ims_cookie change = {
		.vector = v, .own = own, .cookie = cookie,
		.mode = b[13] & 1 ? NOW : NEXT,
	};
	bool ask = (b[13] & 6) == 2;

	say("%s cookie device %d vector %u %#llx %s%s", own ? "set" : "clear",
	    d, v, cookie, change.mode == NOW ? "now" : "next",
	    ask ? " by netlink" : "");
	if (ask)
		*ret = by_netlink(d, &change);
	else if (own)
		*ret = vfio_pci_ims_set_cookie(&e.ims[d], v, cookie,
					       change.mode);
	else
		*ret = vfio_pci_ims_clear_cookie(&e.ims[d], v, change.mode);
	look(d);
	same("cookie", *ret, m_cookie(&m, d, v, own, cookie,
				      change.mode == NOW, ask));
}

static void do_default(int d, const u8 *b, u64 cookie, int *ret)
{
	struct vfio_pci_ims_cookie change = {
		.vector = VFIO_PCI_IMS_DEFAULT_COOKIE, .own = true,
		.cookie = cookie,
	};
	bool ask = (b[13] & 6) == 2;

	say("default cookie device %d %#llx%s", d, cookie,
	    ask ? " by netlink" : "");
	*ret = ask ? by_netlink(d, &change) :
		     vfio_pci_ims_set_default_cookie(&e.ims[d], cookie);
	same("default_cookie", *ret, m_default_cookie(&m, d, cookie, ask));
}

static void do_info(int d, const u8 *b, int *ret)
{
	struct vfio_irq_info info = {
		.argsz = b[13] & 1 ? sizeof(info) : sizeof(info) - 4,
		.index = b[2] % 7,
	};
	int want = 0;

	say("irq_info device %d index %u argsz %u", d, info.index, info.argsz);
	*ret = vfio_pci_ims_get_irq_info(&e.ims[d], (unsigned long)&info);
	if (info.argsz < 16 || info.index >= VFIO_PCI_NUM_IRQS)
		want = -EINVAL;
	else if (!m.d[d].open)
		want = -ENODEV;
	same("irq_info", *ret, want);
	if (!want)
		same("irq_info count", info.count,
		     info.index == MSIX ? m.d[d].vectors :
		     info.index == REQ || info.index == ERR);
}

/*
 * The device that an operation is for: one that is as the operation needs it,
 * but for one time in eight.
 */
static int device_of(enum op op, const u8 *b)
{
	int d = b[1] % 4 % M_DEVICES, i, other;
	bool usable = op != OP_OPEN && op != OP_CLOSE;

	if (b[12] % 8 == 0)
		return d;
	for (i = 0; i < M_DEVICES; i++) {
		other = (d + i) % M_DEVICES;
		if (usable ? m.d[other].open && !m.d[other].gone :
			     op == OP_CLOSE ? m.d[other].gone :
					      !m.d[other].open)
			return other;
	}
	return d;
}

/* Slots without triggers, triggers without slots */
static void hold_ops(enum op op, int d, u32 v, u32 n, u64 cookie, int *ret)
{
	struct vfio_pci_ims *ims = &e.ims[d];

	switch (op) {
	case OP_PREPARE:
		say("prepare device %d vector %u", d, v);
		*ret = vfio_pci_ims_prepare(ims, v);
		look(d);
		same("prepare", *ret, m_prepare(&m, d, v));
		break;
	case OP_RELEASE:
		say("release device %d vector %u", d, v);
		*ret = vfio_pci_ims_release(ims, v);
		same("release", *ret, m_release(&m, d, v));
		break;
	case OP_HOLD:
		say("hold device %d", d);
		*ret = vfio_pci_ims_hold(ims);
		same("hold", *ret, m_hold(&m, d));
		break;
	case OP_ARM:
		say("arm device %d", d);
		*ret = vfio_pci_ims_arm(ims);
		look(d);
		same("arm", *ret, m_arm(&m, d));
		break;
	case OP_ARM_RANGE:
		say("arm device %d %u+%u", d, v, n);
		*ret = vfio_pci_ims_arm_range(ims, v, n);
		look(d);
		same("arm_range", *ret, m_arm_range(&m, d, v, n));
		break;
	case OP_REVOKE:
		say("revoke device %d %u+%u", d, v, n);
		*ret = vfio_pci_ims_revoke(ims, v, n);
		same("revoke", *ret, m_revoke(&m, d, v, n));
		break;
	case OP_REVOKE_COOKIE:
		if (n & 1)
			cookie = ENV_COOKIE(d);
		say("revoke device %d cookie %#llx", d, cookie);
		*ret = vfio_pci_ims_revoke_cookie(ims, cookie);
		same("revoke_cookie", *ret, m_revoke_cookie(&m, d, cookie));
		break;
	default:
		say("reset device %d", d);
		*ret = vfio_pci_ims_reset(ims);
		same("reset", *ret, m_reset(&m, d));
	}
}

/* An administrator holds vectors, or ends that. */
static void do_quiet(int d, const u8 *b, u32 v, u32 n, int *ret)
{
	struct ims_restraint r = { .set_quiet = true, .quiet = b[5] % 2 };
	struct ims_vdev *vdev;

	/* By netlink there is one at least. */
	if (!n)
		return;
	say("quiet device %d %u+%u %s", d, v, n, r.quiet ? "on" : "off");
	vdev = ims_vdev_enter_range(&e.ims[d], v, n);
	if (IS_ERR(vdev)) {
		*ret = (int)PTR_ERR(vdev);
	} else {
		*ret = ims_block_restrain(vdev, v, n, NULL, &r);
		ims_vdev_leave(vdev);
	}
	same("quiet", *ret, m_quiet(&m, d, v, n, r.quiet));
}

/* One operation: to the engine, to the model. */
static int step(const u8 *b, int *ret)
{
	enum op op = b[0] >= QUIET_FIRST && b[0] <= QUIET_LAST ?
		     OP_QUIET : op_table[b[0] % 96];
	int d = device_of(op, b);
	u32 v, n;
	u64 cookie = b[4] % 4 ? 0x100u + b[4] % 4 : (u64)b[4] << 56;

	range_of(d, b, &v, &n);
	if (b[13] > 252)
		n = U32_MAX - b[13] % 2;
	switch (op) {
	case OP_IRQS:
		interp_irqs(d, b, ret);
		break;
	case OP_OPEN:
		do_open(d, b, ret);
		break;
	case OP_CLOSE:
		say("close device %d", d);
		env_close(&e, d);
		m_close(&m, d);
		break;
	case OP_COOKIE:
	case OP_CLEAR_COOKIE:
		do_cookie(d, b, v, op == OP_COOKIE,
			  op == OP_COOKIE ? cookie : 0, ret);
		break;
	case OP_DEFAULT:
		do_default(d, b, cookie, ret);
		break;
	case OP_EMULATED:
		say("emulated device %d %u+%u", d, v, n);
		*ret = vfio_pci_ims_set_emulated(&e.ims[d], v, n);
		same("set_emulated", *ret, m_emulated(&m, d, v, n, true));
		break;
	case OP_CLEAR_EMULATED:
		say("clear emulated device %d %u+%u", d, v, n);
		*ret = vfio_pci_ims_clear_emulated(&e.ims[d], v, n);
		same("clear_emulated", *ret, m_emulated(&m, d, v, n, false));
		break;
	case OP_SEND:
		say("send_signal device %d vector %u", d, v);
		same("send_signal", vfio_pci_ims_send_signal(&e.ims[d], v),
		     m_send(&m, d, v));
		break;
	case OP_QUIET:
		do_quiet(d, b, v, n, ret);
		break;
	case OP_FIRE:
		/* Any slot, with a cookie that is right more often than not. */
		v = b[2] % M_SLOTS;
		if (b[3] % 4)
			cookie = v < e.hwsize ? e.slots[v].cookie : 0;
		say("fire slot %u cookie %#llx", v, cookie);
		same("fire", env_fire(&e, v, cookie),
		     m.store.there && m_fire(&m, (int)v, cookie));
		break;
	case OP_FD:
		do_fd(b);
		break;
	case OP_GONE:
		do_gone(b);
		break;
	case OP_STORE:
		if (m.store.there)
			break;
		say("a new parent with %u slots", 1 + b[1] % M_SLOTS);
		make_store(b);
		break;
	case OP_LIMITS:
		n = b[3] % (M_SLOTS + 3);
		say("limits device %d %u %u", d, n, b[4] % (M_SLOTS + 2));
		*ret = env_set_limits(&e, d, n, b[4] % (M_SLOTS + 2));
		same("set_limits", *ret,
		     m_limits(&m, d, n, b[4] % (M_SLOTS + 2)));
		break;
	case OP_STORE_LIMIT:
		if (!m.store.there)
			break;
		n = b[3] % (M_SLOTS + 2);
		say("store limit %u", n);
		*ret = ims_store_set_limit(e.store, n);
		same("store_set_limit", *ret, m_store_limit(&m, n));
		break;
	case OP_REQUEST:
		say("request device %d", d);
		vfio_pci_ims_request(&e.ims[d], b[2]);
		m_request(&m, d);
		break;
	case OP_BARRIER:
		say("rcu_barrier");
		rcu_barrier();
		break;
	case OP_INFO:
		do_info(d, b, ret);
		break;
	case OP_CPU:
		m.cpu_vectors = b[2] % 4 ? 1000 : b[3] % (M_SLOTS + 2);
		say("CPU vectors: %d", m.cpu_vectors);
		shim_cpu_vectors(m.cpu_vectors);
		break;
	case OP_ANSWER:
		m.answer = b[2] % 4 ? 0 : -EPERM;
		say("drivers' answers: %d", m.answer);
		told_answer = m.answer;
		break;
	case OP_SLEEP:
		do_sleep(b);
		break;
	case OP_INJECT:
		if (!m.store.there)
			break;
		n = b[2] % (M_SLOTS + 1);
		say("inject slot %u", n);
		*ret = ims_store_inject(e.store, n);
		same("inject", *ret, m_inject(&m, n));
		break;
	case OP_ERROR:
		if (!m.store.there)
			break;
		say("the parent has an error");
		ims_store_error(e.store);
		m_error(&m);
		break;
	default:
		hold_ops(op, d, v, n, cookie, ret);
	}
	if (m.complaint)
		wrong("%s", m.complaint);
	return d;
}

static void begin(const u8 *b)
{
	struct m_params p = { .asked = true };
	int fd, d;

	env_init(&e, 1 + b[1] % M_SLOTS, store_flags(b));
	told_begin(&e);
	m_init(&m);
	model_store(b);
	deferred = (b[2] & 12) == 12;
	shim_rcu_mode(deferred ? SHIM_RCU_DEFERRED : SHIM_RCU_IMMEDIATE);
	for (fd = 0; fd < M_FDS; fd++) {
		m.fd[fd].kind = M_FD_EVENTFD;
		m.fd[fd].eventfd = shim_fd_eventfd(fd);
	}
	shim_fd_file(M_FILE_FD);
	e.driver = &told_ops[1];
	for (d = 0; d < M_DEVICES; d++)
		if (b[3] & 3 << 2 * d) {
			p.vectors = M_VECTORS - d;
			p.cookie = ENV_COOKIE(d);
			env_open(&e, d, p.vectors);
			m_open(&m, d, &p);
		}
	say("# 0: store with %u slots, devices open %d%d%d%s%s%s%s%s\n", e.hwsize,
	    m.d[0].open, m.d[1].open, m.d[2].open,
	    m.store.in_place ? ", cookies in place" : "",
	    e.ops.lock ? ", bus lock" : "",
	    m.store.chooses ? ", slots chosen by the hardware" : "",
	    m.store.cookie_max < U64_MAX ? ", cookies of 16 bits" : "",
	    deferred ? ", late RCU callbacks" : "");
}

size_t interp_run(const u8 *bytes, size_t size, bool trace, const char **error)
{
	size_t i, nr = size / RECORD;

	*error = NULL;
	compare_error[0] = '\0';
	tracing = trace;
	if (!nr)
		return 0;
	begin(bytes);
	for (i = 1; i < nr && !compare_error[0]; i++) {
		const u8 *b = bytes + i * RECORD;
		enum shim_fail what = b[14] % SHIM_FAILS;
		const char *told;
		bool fired = false;
		int ret = 0, d;

		say("# %zu: ", i);
		/* Who was refused may ask again; what is idle for long goes. */
		shim_jiffies += HZ;
		if (b[12] % 16 == 0) {
			told = env_table_wrong();
			if (told)
				wrong("listeners: %s", told);
		}
		if (b[15] && b[15] < 32) {
			was = m;
			shim_fail_at(what, b[15]);
		}
		d = step(b, &ret);
		if (b[15] && b[15] < 32)
			fired = shim_fail_fired(what);
		if (fired && ret) {
			/*
			 * It failed as it was to, or as it would have anyway: an
			 * entry that the parent refuses can be replaced by an
			 * idle one. Nothing has changed.
			 */
			bool foreseen = !compare_error[0];

			compare_error[0] = '\0';
			if (!foreseen && ret != -ENOMEM && ret != -ENOSPC &&
			    ret != -EMFILE)
				wrong("injected failure %d ends as %d", what, ret);
			m = was;
			adopt(&e, &m, d);
		}
		say(" = %d%s\n", ret, fired ? " (failure injected)" : "");
		compare(&e, &m, deferred);
	}
	if (compare_error[0]) {
		*error = compare_error;
		return i - 1;
	}
	if (m.store.there && m.store.asleep)
		wake(false);
	if (env_fini(&e)) {
		wrong("something is left over at the end");
		*error = compare_error;
	}
	shim_rcu_mode(SHIM_RCU_IMMEDIATE);
	return nr - 1;
}
