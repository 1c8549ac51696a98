// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reference model: see model.h. Numbers in comments are sections of
 * semantics.md.
 */
#include <errno.h>
#include <string.h>

#include <linux/vfio.h>

#include "model.h"

#define TRIGGER	VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK
#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD	VFIO_IRQ_SET_DATA_EVENTFD

void m_init(struct model *m)
{
	memset(m, 0, sizeof(*m));
	m->cpu_vectors = 1000;
}

/* Life (2, 6) */

int m_open(struct model *m, int d, u32 vectors, u64 cookie, u32 limit,
	   u32 reservation)
{
	struct m_device *dev = &m->d[d];
	int ret, i;

	if (!vectors || vectors > 65536)
		return -EINVAL;
	if (dev->open)
		return -EBUSY;
	memset(dev, 0, sizeof(*dev));
	ret = m_quota(m, d, limit, reservation);
	if (ret) {
		dev->open = false;
		return ret;
	}
	dev->vectors = vectors;
	dev->default_cookie = cookie;
	dev->request = -1;
	for (i = 0; i < M_VECTORS; i++)
		dev->v[i].slot = -1;
	return 0;
}

static void m_unbind(struct model *m, struct m_vector *v)
{
	if (v->state != M_LIVE)
		return;
	v->state = M_IDLE;
	v->masked = false;
	v->pending = false;
	if (v->slot >= 0)
		m_free_slot(m, v->slot);
	v->slot = -1;
}

static void m_disable(struct model *m, int d)
{
	u32 i;

	for (i = 0; i < m->d[d].vectors; i++)
		m_unbind(m, &m->d[d].v[i]);
}

void m_close(struct model *m, int d)
{
	if (!m->d[d].open)
		return;
	m_disable(m, d);
	memset(&m->d[d], 0, sizeof(m->d[d]));
}

void m_store_destroy(struct model *m)
{
	int d;

	for (d = 0; d < M_DEVICES; d++) {
		if (!m_client(m, d))
			continue;
		m_disable(m, d);
		m->d[d].gone = true;
	}
	m->store.there = false;
}

/* Signals (3, 5) */

static enum m_outcome m_signal(struct model *m, struct m_vector *v)
{
	if (v->state != M_LIVE) {
		v->dropped++;
		return M_NO_TRIGGER;
	}
	if (v->masked) {
		v->pending = true;
		v->pended++;
		return M_PENDING;
	}
	m->count[v->eventfd]++;
	return M_DELIVERED;
}

enum m_outcome m_send(struct model *m, int d, u32 v)
{
	struct m_vector *vec;
	enum m_outcome ret;

	if (!m->d[d].open || v >= m->d[d].vectors)
		return M_NOT_EMULATED;
	vec = &m->d[d].v[v];
	if (!vec->emulated)
		return M_NOT_EMULATED;
	ret = m_signal(m, vec);
	if (ret == M_DELIVERED)
		vec->signalled++;
	return ret;
}

/* A slot has gone under a LIVE vector: as if it had fired a last time (3). */
static void m_replaced(struct model *m, struct m_vector *v, int slot)
{
	m_free_slot(m, slot);
	v->delivered += m_signal(m, v) == M_DELIVERED;
}

bool m_fire(struct model *m, int slot, u64 cookie)
{
	u32 i;
	int d;

	for (d = 0; d < M_DEVICES; d++) {
		for (i = 0; i < m->d[d].vectors; i++) {
			struct m_vector *v = &m->d[d].v[i];

			if (!m->d[d].open || v->slot != slot ||
			    v->slot_cookie != cookie)
				continue;
			if (m_signal(m, v) == M_DELIVERED)
				v->delivered++;
			return true;
		}
	}
	return false;
}

void m_request(struct model *m, int d)
{
	if (m->d[d].open && m->d[d].request >= 0)
		m->count[m->d[d].request]++;
}

/* Cookies (4) */

u64 m_next_cookie(const struct model *m, int d, u32 v)
{
	const struct m_vector *vec = &m->d[d].v[v];

	return vec->own ? vec->cookie : m->d[d].default_cookie;
}

static int m_usable(const struct model *m, int d)
{
	return m->d[d].open && !m->d[d].gone ? 0 : -ENODEV;
}

int m_default_cookie(struct model *m, int d, u64 cookie)
{
	if (m_usable(m, d))
		return -ENODEV;
	m->d[d].default_cookie = cookie;
	return 0;
}

int m_cookie(struct model *m, int d, u32 i, bool own, u64 cookie, bool now)
{
	struct m_vector *v = &m->d[d].v[i], was;
	int ret = 0, old;
	u32 bad;

	if (m_usable(m, d))
		return -ENODEV;
	if (i >= m->d[d].vectors)
		return -EINVAL;
	if (v->emulated)
		return -EINVAL;
	if (v->state == M_ABSENT) {
		if (!own)
			return 0;
		v->state = M_IDLE;
	}
	was = *v;
	v->own = own;
	v->cookie = own ? cookie : 0;
	cookie = m_next_cookie(m, d, i);
	if (!now || v->slot < 0 || v->slot_cookie == cookie)
		return 0;

	if (m->store.in_place) {
		ret = m->cookie_error;
	} else {
		ret = m_want(m, d, 1, &bad);
		old = v->slot;
		if (!ret) {
			m_take_slot(m, v, &m->seen[i]);
			m_replaced(m, v, old);
		}
	}
	if (ret) {
		*v = was;
		v->failed++;
	} else {
		v->slot_cookie = cookie;
	}
	return ret;
}

/* Emulated (5) */

int m_emulated(struct model *m, int d, u32 start, u32 count, bool on)
{
	struct m_vector *v;
	u64 i;

	if (m_usable(m, d))
		return -ENODEV;
	if ((u64)start + count > m->d[d].vectors)
		return -EINVAL;
	for (i = start; i < (u64)start + count; i++) {
		v = &m->d[d].v[i];
		if (v->state == M_LIVE && v->emulated != on)
			return -EBUSY;
	}
	for (i = start; i < (u64)start + count; i++) {
		v = &m->d[d].v[i];
		if (on && v->state == M_ABSENT)
			v->state = M_IDLE;
		if (on) {
			v->own = false;
			v->cookie = 0;
		}
		if (v->state != M_ABSENT)
			v->emulated = on;
	}
	return 0;
}

/* SET_IRQS (3) */

static int m_lookup(const struct model *m, s32 fd, int *eventfd)
{
	if (fd == M_FILE_FD)
		return -EINVAL;
	if (fd < 0 || fd >= M_FDS || m->fd[fd].kind == M_FD_CLOSED)
		return -EBADF;
	if (m->fd[fd].kind == M_FD_FILE)
		return -EINVAL;
	*eventfd = m->fd[fd].eventfd;
	return 0;
}

static bool m_needs_slot(const struct model *m, int d, u32 i)
{
	const struct m_vector *v = &m->d[d].v[i];

	return !v->emulated &&
	       (v->slot < 0 || v->slot_cookie != m_next_cookie(m, d, i));
}

static void m_blame(struct model *m, int d, u32 i)
{
	if (m->d[d].v[i].state != M_ABSENT)
		m->d[d].v[i].failed++;
}

static int m_bind(struct model *m, int d, const struct m_irqs *r)
{
	int eventfd[M_VECTORS], old[M_VECTORS];
	u32 i, nr = 0, bad;
	int ret;

	for (i = 0; i < r->count; i++) {
		eventfd[i] = -1;
		old[i] = -1;
		if (r->payload[i] == -1)
			continue;
		ret = m_lookup(m, r->payload[i], &eventfd[i]);
		if (ret) {
			m_blame(m, d, r->start + i);
			return ret;
		}
		nr += m_needs_slot(m, d, r->start + i);
	}
	ret = m_want(m, d, nr, &bad);
	if (ret) {
		for (i = 0; i < r->count; i++)
			if (eventfd[i] >= 0 &&
			    m_needs_slot(m, d, r->start + i) && !bad--)
				m_blame(m, d, r->start + i);
		return ret;
	}

	/* All new slots are taken before any old one is free. */
	for (i = 0; i < r->count; i++) {
		struct m_vector *v = &m->d[d].v[r->start + i];

		if (eventfd[i] < 0)
			continue;
		if (m_needs_slot(m, d, r->start + i)) {
			old[i] = v->slot;
			m_take_slot(m, v, &m->seen[r->start + i]);
			v->slot_cookie = m_next_cookie(m, d, r->start + i);
		}
		v->replaced += v->state == M_LIVE;
		v->state = M_LIVE;
		v->eventfd = eventfd[i];
	}
	for (i = 0; i < r->count; i++) {
		if (eventfd[i] < 0)
			m_unbind(m, &m->d[d].v[r->start + i]);
		else if (old[i] >= 0)
			m_replaced(m, &m->d[d].v[r->start + i], old[i]);
	}
	return 0;
}

static int m_set_vectors(struct model *m, int d, const struct m_irqs *r)
{
	u32 i;

	if (!r->count) {
		if (r->flags == (TRIGGER | NONE))
			m_disable(m, d);
		return 0;
	}
	if (r->flags == (TRIGGER | EVENTFD))
		return m_bind(m, d, r);

	for (i = 0; i < r->count; i++)
		if ((r->flags & NONE || r->payload[i]) &&
		    m->d[d].v[r->start + i].state != M_LIVE)
			return -EINVAL;

	for (i = 0; i < r->count; i++) {
		struct m_vector *v = &m->d[d].v[r->start + i];

		if (r->flags & BOOL && !r->payload[i])
			continue;
		if (r->flags & TRIGGER) {
			v->loopback += m_signal(m, v) == M_DELIVERED;
		} else if (r->flags & MASK) {
			v->masked = true;
		} else {
			v->masked = false;
			m->count[v->eventfd] += v->pending;
			v->pending = false;
		}
	}
	return 0;
}

static int m_set_request(struct model *m, int d, const struct m_irqs *r)
{
	struct m_device *dev = &m->d[d];
	int eventfd = -1, ret;

	if (r->flags & EVENTFD) {
		if (!r->count)
			return 0;
		ret = r->payload[0] == -1 ? 0 :
		      m_lookup(m, r->payload[0], &eventfd);
		if (!ret)
			dev->request = eventfd;
		return ret;
	}
	if (r->flags & NONE && !r->count) {
		dev->request = -1;
		return 0;
	}
	if (r->flags & BOOL && (!r->count || !r->payload[0]))
		return 0;
	if (dev->request < 0)
		return -EINVAL;
	m->count[dev->request]++;
	return 0;
}

static int m_valid(const struct model *m, int d, const struct m_irqs *r)
{
	const u32 data = r->flags & (NONE | BOOL | EVENTFD);
	const u32 action = r->flags & (TRIGGER | MASK | UNMASK);
	u64 size, limit;

	if (r->argsz && r->argsz < 20)
		return -EINVAL;
	if (r->flags != (data | action))
		return -EINVAL;
	if (data != NONE && data != BOOL && data != EVENTFD)
		return -EINVAL;
	if (action != TRIGGER && action != MASK && action != UNMASK)
		return -EINVAL;
	if (r->index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	if (r->index == VFIO_PCI_MSIX_IRQ_INDEX)
		limit = m->d[d].vectors;
	else if (r->index == VFIO_PCI_REQ_IRQ_INDEX)
		limit = 1;
	else
		return -ENOTTY;
	if (r->start >= limit || (u64)r->start + r->count > limit)
		return -EINVAL;
	if (action != TRIGGER &&
	    (r->index == VFIO_PCI_REQ_IRQ_INDEX || data == EVENTFD))
		return -ENOTTY;
	size = data == NONE ? 0 : data == BOOL ? r->count : 4ULL * r->count;
	if (r->argsz && r->argsz < 20 + size)
		return -EINVAL;
	return 0;
}

int m_set_irqs(struct model *m, int d, const struct m_irqs *r)
{
	int ret;

	if (!m->d[d].open)
		return -ENODEV;
	ret = m_valid(m, d, r);
	if (ret)
		return ret;
	if (m->d[d].gone)
		return -ENODEV;
	return r->index == VFIO_PCI_REQ_IRQ_INDEX ? m_set_request(m, d, r) :
						    m_set_vectors(m, d, r);
}

/* Who holds an eventfd: descriptors, triggers, requests. */
int m_eventfd_refs(const struct model *m, int eventfd)
{
	int d, i, refs = 0;

	for (i = 0; i < M_FDS; i++)
		refs += m->fd[i].kind == M_FD_EVENTFD &&
			m->fd[i].eventfd == eventfd;
	for (d = 0; d < M_DEVICES; d++) {
		if (!m->d[d].open)
			continue;
		refs += m->d[d].request == eventfd;
		for (i = 0; i < M_VECTORS; i++)
			refs += m->d[d].v[i].state == M_LIVE &&
				m->d[d].v[i].eventfd == eventfd;
	}
	return refs;
}
