// SPDX-License-Identifier: GPL-2.0-or-later
/* The interpreter of model test and fuzzer: see interp.h. */
#include <stdarg.h>
#include <stdlib.h>

#include "compare.h"
#include "interp.h"

#define BAD_FD	30

enum op {
	OP_IRQS, OP_OPEN, OP_CLOSE, OP_COOKIE, OP_CLEAR_COOKIE, OP_DEFAULT,
	OP_EMULATED, OP_CLEAR_EMULATED, OP_SEND, OP_FIRE, OP_FD, OP_GONE,
	OP_STORE, OP_LIMITS, OP_STORE_LIMIT, OP_REQUEST, OP_BARRIER, OP_INFO,
	OP_CPU, OP_COOKIE_ERROR,
};

/* Weights: how often each is in the table. */
static const u8 op_table[64] = {
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
	OP_REQUEST, OP_BARRIER, OP_INFO, OP_CPU, OP_COOKIE_ERROR, OP_GONE,
};

static const u32 flag_table[32] = {
	TRIGGER | EVENTFD, TRIGGER | EVENTFD, TRIGGER | EVENTFD,
	TRIGGER | EVENTFD, TRIGGER | EVENTFD, TRIGGER | EVENTFD,
	TRIGGER | EVENTFD, TRIGGER | EVENTFD, TRIGGER | EVENTFD,
	TRIGGER | EVENTFD, TRIGGER | EVENTFD, TRIGGER | EVENTFD,
	TRIGGER | NONE, TRIGGER | NONE, TRIGGER | NONE,
	TRIGGER | BOOL, TRIGGER | BOOL, TRIGGER | BOOL,
	MASK | NONE, MASK | NONE, MASK | BOOL, MASK | BOOL,
	UNMASK | NONE, UNMASK | NONE, UNMASK | BOOL, UNMASK | BOOL,
	MASK | EVENTFD, 0, TRIGGER | NONE | BOOL, TRIGGER | MASK | NONE,
	1 << 6 | TRIGGER | NONE, TRIGGER | EVENTFD,
};

/* The enums are compared by value below. */
_Static_assert((int)M_LIVE == (int)IMS_VECTOR_STATE_LIVE, "states");
_Static_assert((int)M_DELIVERED == (int)VFIO_PCI_IMS_SIGNAL_DELIVERED &&
	       (int)M_NOT_EMULATED == (int)VFIO_PCI_IMS_SIGNAL_NOT_EMULATED,
	       "outcomes");

static struct env e;
static struct model m;
static struct model was;	/* before an operation that is to fail */
static bool deferred;
static bool tracing;

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	va_list ap;

	if (!tracing)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/* What the model has to know of what was handed out. */
static void look(int d)
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

static s32 fd_of(u8 b)
{
	if (b < 200)
		return b % M_FDS;
	if (b < 250)
		return -1;
	return b < 252 ? BAD_FD : b < 255 ? M_FILE_FD : -2;
}

/* A range that is within the declared vectors, but for some. */
static void range_of(int d, const u8 *b, u32 *start, u32 *count)
{
	u32 vectors = m.d[d].vectors;

	*start = b[2] % (M_VECTORS + 1);
	*count = b[3] % (M_VECTORS + 1);
	if (!vectors || b[2] >= 240)
		return;
	*start %= vectors;
	*count = b[3] & 1 ? 1 : (b[3] >> 1) % (vectors - *start + 1);
}

/* A request to set interrupts, as the engine is to see it. */
static int engine_irqs(int d, const struct m_irqs *r, u8 variant)
{
	u8 bools[M_VECTORS];
	const void *payload = r->payload;
	size_t size;
	u32 i, n = r->count < M_VECTORS ? r->count : M_VECTORS;

	size = r->flags & EVENTFD ? 4 * n : r->flags & BOOL ? n : 0;
	if (r->flags & BOOL && !(r->flags & EVENTFD)) {
		for (i = 0; i < M_VECTORS; i++)
			bools[i] = (u8)r->payload[i];
		payload = bools;
	}
	if (variant & 0x10)
		return vfio_pci_set_ims_trigger(&e.ims[d], r->index, r->start,
						r->count, r->flags, payload);
	if (r->argsz < 20 + size)
		size = r->argsz < 20 ? 0 : r->argsz - 20;
	return env_irqs_raw(&e, d, r->argsz, r->index, r->flags, r->start,
			    r->count, payload, size);
}

static void decode_irqs(int d, const u8 *b, struct m_irqs *r)
{
	static const u32 big[] = { U32_MAX, 1U << 31, U32_MAX - 3, 1U << 30 };
	u32 i, index = b[1] >> 2;

	r->index = index < 54 ? MSIX : index < 61 ? REQ :
		   index == 61 ? (u32)VFIO_PCI_INTX_IRQ_INDEX :
		   index == 62 ? (u32)VFIO_PCI_NUM_IRQS : U32_MAX;
	r->flags = flag_table[b[4] % 32];
	range_of(d, b, &r->start, &r->count);
	if (r->index == REQ) {
		r->start = b[2] > 250;
		r->count = b[3] % 16 < 14 ? b[3] % 2 : 2;
	}
	if ((b[13] & 0xc0) == 0xc0) {
		r->start = b[13] & 1 ? big[b[2] % 4] : r->start;
		r->count = b[13] & 2 ? big[b[3] % 4] : r->count;
	}
	for (i = 0; i < M_VECTORS; i++)
		r->payload[i] = r->flags & EVENTFD ? fd_of(b[5 + i]) :
						     b[5 + i] % 3;
	r->argsz = 0;
	if (!(b[13] & 0x10)) {
		u64 size = r->flags & EVENTFD ? 4ULL * r->count :
			   r->flags & BOOL ? r->count : 0;

		r->argsz = size > U32_MAX - 32 ? U32_MAX : (u32)size + 20;
		if ((b[13] & 0x2c) == 0x2c)
			r->argsz -= b[13] & 3;
	}
}

static void do_irqs(int d, const u8 *b, int *ret)
{
	struct m_irqs r;
	u32 i;

	decode_irqs(d, b, &r);
	say("set_irqs device %d index %u flags %#x start %u count %u argsz %u:",
	    d, r.index, r.flags, r.start, r.count, r.argsz);
	for (i = 0; i < r.count && i < M_VECTORS; i++)
		say(" %d", r.payload[i]);
	*ret = engine_irqs(d, &r, b[13]);
	look(d);
	same("set_irqs", *ret, m_set_irqs(&m, d, &r));
}

static void do_open(int d, const u8 *b, int *ret)
{
	static const u32 odd[] = { 0, 65537, U32_MAX, 8 };
	u32 vectors = 1 + b[2] % M_VECTORS, limit, reservation;

	limit = b[3] % (M_SLOTS + 3);
	reservation = b[4] % 5 < 3 ? 0 : (b[4] >> 4) % (M_SLOTS + 2);
	if (b[13] > 250)
		vectors = odd[b[13] % 4];
	if ((b[13] & 6) == 6) {
		say("close device %d, ", d);
		vfio_pci_ims_free(&e.ims[d]);
		m_close(&m, d);
		was = m;
	}
	if (!m.store.there)
		return;
	say("open device %d vectors %u limit %u reservation %u", d, vectors,
	    limit, reservation);
	*ret = env_open_limits(&e, d, vectors, limit, reservation);
	same("open", *ret, m_open(&m, d, vectors, ENV_COOKIE(d), limit,
				  reservation));
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

static void make_store(const u8 *b)
{
	u32 size = 1 + b[1] % M_SLOTS;
	bool in_place = b[2] & 1;

	e.hwsize = size;
	env_set_flags(&e, (in_place ? ENV_IN_PLACE : 0) |
			  (b[2] & 2 ? ENV_BUS : 0));
	if (env_store(&e))
		return;
	m_store_create(&m, size, in_place);
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
		     info.index == MSIX ? m.d[d].vectors : info.index == REQ);
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

/* One operation: to the engine, to the model. */
static int step(const u8 *b, int *ret)
{
	enum op op = op_table[b[0] % 64];
	int d = device_of(op, b);
	u32 v, n;
	u64 cookie = b[4] % 4 ? 0x100u + b[4] % 4 : (u64)b[4] << 56;
	bool now = b[13] & 1;

	range_of(d, b, &v, &n);
	if (b[13] > 252)
		n = U32_MAX - b[13] % 2;
	switch (op) {
	case OP_IRQS:
		do_irqs(d, b, ret);
		break;
	case OP_OPEN:
		do_open(d, b, ret);
		break;
	case OP_CLOSE:
		say("close device %d", d);
		vfio_pci_ims_free(&e.ims[d]);
		m_close(&m, d);
		break;
	case OP_COOKIE:
		say("cookie device %d vector %u %#llx %s", d, v, cookie,
		    now ? "now" : "next");
		*ret = vfio_pci_ims_set_cookie(&e.ims[d], v, cookie,
					       now ? NOW : NEXT);
		look(d);
		same("set_cookie", *ret, m_cookie(&m, d, v, true, cookie, now));
		break;
	case OP_CLEAR_COOKIE:
		say("clear cookie device %d vector %u %s", d, v,
		    now ? "now" : "next");
		*ret = vfio_pci_ims_clear_cookie(&e.ims[d], v,
						 now ? NOW : NEXT);
		look(d);
		same("clear_cookie", *ret, m_cookie(&m, d, v, false, 0, now));
		break;
	case OP_DEFAULT:
		say("default cookie device %d %#llx", d, cookie);
		*ret = vfio_pci_ims_set_default_cookie(&e.ims[d], cookie);
		same("default_cookie", *ret, m_default_cookie(&m, d, cookie));
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
		if (m.store.there && b[13] % 4)
			break;
		if (!m.store.there) {
			make_store(b);
			break;
		}
		say("the parent goes away");
		ims_store_destroy(e.store);
		e.store = NULL;
		m_store_destroy(&m);
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
	case OP_COOKIE_ERROR:
		m.cookie_error = b[2] % 4 ? 0 : -EIO;
		say("cookies in place: %d", m.cookie_error);
		e.cookie_error = m.cookie_error;
		break;
	}
	if (m.complaint)
		wrong("%s", m.complaint);
	return d;
}

static void begin(const u8 *b)
{
	int fd, d;

	env_init(&e, 1 + b[1] % M_SLOTS, (b[2] & 1 ? ENV_IN_PLACE : 0) |
					 (b[2] & 2 ? ENV_BUS : 0));
	m_init(&m);
	m_store_create(&m, e.hwsize, b[2] & 1);
	deferred = (b[2] & 12) == 12;
	shim_rcu_mode(deferred ? SHIM_RCU_DEFERRED : SHIM_RCU_IMMEDIATE);
	for (fd = 0; fd < M_FDS; fd++) {
		m.fd[fd].kind = M_FD_EVENTFD;
		m.fd[fd].eventfd = shim_fd_eventfd(fd);
	}
	shim_fd_file(M_FILE_FD);
	for (d = 0; d < M_DEVICES; d++)
		if (b[3] & 3 << 2 * d) {
			env_open(&e, d, M_VECTORS - d);
			m_open(&m, d, M_VECTORS - d, ENV_COOKIE(d), 0, 0);
		}
	say("# 0: store with %u slots, devices open %d%d%d%s%s%s\n", e.hwsize,
	    m.d[0].open, m.d[1].open, m.d[2].open,
	    b[2] & 1 ? ", cookies in place" : "",
	    b[2] & 2 ? ", bus lock" : "",
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
		bool fired = false;
		int ret = 0, d;

		say("# %zu: ", i);
		if (b[15] && b[15] < 32) {
			was = m;
			shim_fail_at(what, b[15]);
		}
		d = step(b, &ret);
		if (b[15] && b[15] < 32)
			fired = shim_fail_fired(what);
		if (fired && ret) {
			/* It failed as it was to: nothing has changed. */
			compare_error[0] = '\0';
			if (ret != -ENOMEM && ret != -ENOSPC && ret != -EMFILE)
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
	if (env_fini(&e)) {
		wrong("something is left over at the end");
		*error = compare_error;
	}
	shim_rcu_mode(SHIM_RCU_IMMEDIATE);
	return nr - 1;
}
