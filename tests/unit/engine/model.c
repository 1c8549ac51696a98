// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reference model: see model.h. Numbers in comments are sections of
 * semantics.md. SET_IRQS: model_irqs.c.
 */
#include <errno.h>
#include <string.h>

#include "model.h"

void m_init(struct model *m)
{
	memset(m, 0, sizeof(*m));
	m->cpu_vectors = 1000;
}

/* Life (2, 6) */

enum m_state m_state(const struct m_vector *v)
{
	if (!v->used)
		return M_ABSENT;
	if (v->eventfd < 0)
		return M_IDLE;
	return !v->quiet && (v->emulated || v->slot >= 0) ? M_LIVE : M_HELD;
}

int m_open(struct model *m, int d, const struct m_params *params)
{
	struct m_device *dev = &m->d[d];
	u32 limit = params->limit;
	int ret, i;

	if (!params->vectors || params->vectors > 65536)
		return -EINVAL;
	if (dev->open)
		return -EBUSY;
	ret = m_check_cookie(m, params->cookie);
	if (ret)
		return ret;
	memset(dev, 0, sizeof(*dev));
	dev->vectors = params->vectors;
	for (i = 0; i < M_VECTORS; i++) {
		dev->v[i].slot = -1;
		dev->v[i].eventfd = -1;
	}
	if (limit > params->vectors + 1)
		limit = params->vectors + 1;
	ret = m_window(m, d, params->first, params->count);
	if (!ret)
		ret = m_quota(m, d, limit, params->reservation);
	if (ret) {
		memset(dev, 0, sizeof(*dev));
		return ret;
	}
	dev->initial = *params;
	dev->default_cookie = params->cookie;
	dev->on_hold = params->on_hold;
	dev->request = -1;
	dev->error = -1;
	return 0;
}

static void m_take_from(struct model *m, struct m_vector *v)
{
	if (v->slot >= 0)
		m_free_slot(m, v->slot);
	v->slot = -1;
	v->kept = false;
	v->injected = false;
}

static void m_unbind(struct m_vector *v)
{
	v->eventfd = -1;
	v->masked = false;
	if (!v->prepared)
		v->pending = false;
}

static void m_unprepare(struct m_vector *v)
{
	v->prepared = false;
	if (v->eventfd < 0)
		v->pending = false;
}

/* @release: also what is prepared */
void m_disable(struct model *m, int d, bool release)
{
	struct m_vector *v;
	u32 i;

	for (i = 0; i < m->d[d].vectors; i++) {
		v = &m->d[d].v[i];
		if (release)
			m_unprepare(v);
		m_unbind(v);
		if (!v->prepared)
			m_take_from(m, v);
	}
}

void m_close(struct model *m, int d)
{
	if (!m->d[d].open)
		return;
	m_disable(m, d, true);
	memset(&m->d[d], 0, sizeof(m->d[d]));
}

void m_store_destroy(struct model *m)
{
	int d;

	for (d = 0; d < M_DEVICES; d++) {
		if (!m_client(m, d))
			continue;
		m_disable(m, d, true);
		m->d[d].gone = true;
	}
	m->store.there = false;
}

int m_reset(struct model *m, int d)
{
	struct m_device *dev = &m->d[d];
	u32 i;

	if (m_usable(m, d))
		return -ENODEV;
	m_disable(m, d, true);
	dev->default_cookie = dev->initial.cookie;
	dev->on_hold = dev->initial.on_hold;
	for (i = 0; i < dev->vectors; i++) {
		dev->v[i].own = false;
		dev->v[i].cookie = 0;
		dev->v[i].revoked = false;
	}
	return 0;
}

int m_usable(const struct model *m, int d)
{
	return m->d[d].open && !m->d[d].gone ? 0 : -ENODEV;
}

static int m_range(const struct model *m, int d, u32 start, u32 count)
{
	if (m_usable(m, d))
		return -ENODEV;
	return (u64)start + count > m->d[d].vectors ? -EINVAL : 0;
}

/* Signals (3, 5) */

enum m_outcome m_signal(struct model *m, struct m_vector *v, bool loopback)
{
	if (v->eventfd >= 0 && !v->masked && (loopback || !v->quiet)) {
		m->count[v->eventfd]++;
		return M_DELIVERED;
	}
	if (v->eventfd >= 0 || v->prepared) {
		v->pending = true;
		v->pended++;
		return M_PENDING;
	}
	v->dropped++;
	return M_NO_TRIGGER;
}

/* What is pending goes to the trigger, if nothing is against it. */
void m_pass(struct model *m, struct m_vector *v)
{
	if (v->eventfd < 0 || v->masked || v->quiet)
		return;
	m->count[v->eventfd] += v->pending;
	v->pending = false;
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
	ret = m_signal(m, vec, false);
	if (ret == M_DELIVERED)
		vec->signalled++;
	return ret;
}

/*
 * A slot has gone under a vector that goes on without it: as if it had fired a
 * last time (3).
 */
static void m_lost(struct model *m, struct m_vector *v, int slot)
{
	m_free_slot(m, slot);
	if (v->eventfd >= 0 || v->prepared)
		v->delivered += m_signal(m, v, false) == M_DELIVERED;
}

static void m_arrive(struct model *m, struct m_vector *v)
{
	v->delivered += m_signal(m, v, false) == M_DELIVERED;
}

static struct m_vector *m_vector_of(struct model *m, int slot)
{
	u32 i;
	int d;

	if (!m->store.there)
		return NULL;
	for (d = 0; d < M_DEVICES; d++)
		for (i = 0; i < m->d[d].vectors; i++)
			if (m_client(m, d) && m->d[d].v[i].slot == slot)
				return &m->d[d].v[i];
	return NULL;
}

bool m_fire(struct model *m, int slot, u64 cookie)
{
	struct m_vector *v = m_vector_of(m, slot);

	if (!v || m->store.asleep || v->slot_cookie != cookie)
		return false;
	if (v->quiet)
		v->kept = true;
	else
		m_arrive(m, v);
	return !v->quiet;
}

/* What is software needs no hardware, nor a cookie. */
int m_inject(struct model *m, u32 slot)
{
	struct m_vector *v;

	if (slot >= m->store.size)
		return -EINVAL;
	v = m_vector_of(m, (int)slot);
	if (!v)
		return -ENOENT;
	if (v->quiet)
		v->injected = true;
	else
		m_arrive(m, v);
	return 0;
}

/* The slot of @v is not masked any more. */
static void m_unmask_slot(struct model *m, struct m_vector *v)
{
	if (v->slot < 0 || v->quiet)
		return;
	if (v->kept && !m->store.asleep) {
		v->kept = false;
		m_arrive(m, v);
	}
	if (v->injected) {
		v->injected = false;
		m_arrive(m, v);
	}
}

void m_wake(struct model *m, bool forgotten)
{
	struct m_vector *v;
	u32 i;
	int d;

	m->store.asleep = false;
	for (d = 0; d < M_DEVICES; d++) {
		for (i = 0; i < m->d[d].vectors; i++) {
			v = &m->d[d].v[i];
			v->kept &= !forgotten;
			m_unmask_slot(m, v);
		}
	}
}

int m_quiet(struct model *m, int d, u32 start, u32 count, bool on)
{
	int ret = m_range(m, d, start, count);
	struct m_vector *v;
	u32 i;

	for (i = start; !ret && i < start + count; i++) {
		v = &m->d[d].v[i];
		v->used |= on;
		v->quiet = on;
		m_pass(m, v);
		m_unmask_slot(m, v);
	}
	return ret;
}

void m_request(struct model *m, int d)
{
	if (m->d[d].open && m->d[d].request >= 0)
		m->count[m->d[d].request]++;
}

void m_error(struct model *m)
{
	int d;

	for (d = 0; d < M_DEVICES; d++)
		if (m_client(m, d) && m->d[d].error >= 0)
			m->count[m->d[d].error]++;
}

/* Transactions (2, 3) */

int m_refuse(struct model *m, int d, u32 v, int error)
{
	m->d[d].refused++;
	if (v < m->d[d].vectors && m->d[d].v[v].used)
		m->d[d].v[v].failed++;
	return error;
}

static bool m_wants_slot(const struct m_vector *v, const struct m_change *c,
			 bool on_hold)
{
	bool bound = c->rebind ? c->eventfd >= 0 : v->eventfd >= 0;

	return !v->emulated && (bound || v->prepared || c->prepare) &&
	       !on_hold && (!v->revoked || c->arm);
}

static void m_carry_out(struct model *m, int d, struct m_change *c)
{
	struct m_vector *v = &m->d[d].v[c->v];

	c->old = -1;
	v->used = true;
	v->revoked &= !c->arm;
	v->prepared |= c->prepare;
	if (c->line) {
		c->old = v->slot;
		m_take_slot(m, d, v, &m->seen[c->v]);
		v->kept = false;
		v->injected = false;
	}
	if (c->line || c->in_place)
		v->slot_cookie = c->cookie;
	if (c->rebind && c->eventfd < 0) {
		m_unbind(v);
	} else if (c->rebind) {
		v->replaced += v->eventfd >= 0;
		v->eventfd = c->eventfd;
		/* What waited for a trigger has one. */
		m_pass(m, v);
	}
	if (v->eventfd < 0 && !v->prepared) {
		c->old = v->slot;
		v->slot = -1;
		v->kept = false;
		v->injected = false;
	}
}

int m_transact(struct model *m, int d, struct m_change *changes, u32 nr,
	       bool on_hold, int (*last)(const struct model *m, int d))
{
	u32 i, lines = 0, bad;
	struct m_vector *v;
	int ret;

	for (i = 0; i < nr; i++) {
		struct m_change *c = &changes[i];

		v = &m->d[d].v[c->v];
		if (!m_wants_slot(v, c, on_hold))
			continue;
		if (v->slot < 0)
			c->line = true;
		else if (!c->renew || v->slot_cookie == c->cookie)
			continue;
		else if (m->store.in_place)
			c->in_place = true;
		else
			c->line = true;
		lines += c->line;
	}
	ret = m_want(m, d, lines, &bad);
	for (i = 0; ret && i < nr; i++)
		if (changes[i].line && !bad--)
			return m_refuse(m, d, changes[i].v, ret);
	ret = last ? last(m, d) : 0;
	if (ret) {
		/* The slots were had for a moment. */
		if (m_store_used(m) + lines > m->store.peak)
			m->store.peak = m_store_used(m) + lines;
		if (lines)
			m_unsure(m);
		return m_refuse(m, d, changes[0].v, ret);
	}

	/* All new slots are taken before any old one is free. */
	for (i = 0; i < nr; i++)
		m_carry_out(m, d, &changes[i]);
	for (i = 0; i < nr; i++)
		if (changes[i].old >= 0)
			m_lost(m, &m->d[d].v[changes[i].v], changes[i].old);
	return 0;
}

/* Slots without triggers, triggers without slots (2) */

int m_prepare(struct model *m, int d, u32 i)
{
	struct m_change c = { .v = i, .prepare = true };
	int ret = m_range(m, d, i, 1);

	if (ret)
		return ret;
	if (m->d[d].v[i].emulated)
		return -EINVAL;
	c.cookie = m_next_cookie(m, d, i);
	return m_transact(m, d, &c, 1, m->d[d].on_hold, NULL);
}

int m_release(struct model *m, int d, u32 i)
{
	struct m_vector *v = &m->d[d].v[i];
	int ret = m_range(m, d, i, 1);

	if (ret)
		return ret;
	m_unprepare(v);
	if (v->eventfd < 0)
		m_take_from(m, v);
	return 0;
}

static void m_revoke_one(struct model *m, struct m_vector *v)
{
	int slot = v->slot;

	if (slot < 0)
		return;
	v->slot = -1;
	v->kept = false;
	v->injected = false;
	v->revocations++;
	m_lost(m, v, slot);
}

int m_hold(struct model *m, int d)
{
	u32 i;

	if (m_usable(m, d))
		return -ENODEV;
	m->d[d].on_hold = true;
	for (i = 0; i < m->d[d].vectors; i++)
		m_revoke_one(m, &m->d[d].v[i]);
	return 0;
}

int m_revoke(struct model *m, int d, u32 start, u32 count)
{
	int ret = m_range(m, d, start, count);
	struct m_vector *v;
	u32 i;

	for (i = start; !ret && i < start + count; i++) {
		v = &m->d[d].v[i];
		v->revoked |= v->slot >= 0;
		m_revoke_one(m, v);
	}
	return ret;
}

int m_revoke_cookie(struct model *m, int d, u64 cookie)
{
	u32 i;

	if (m_usable(m, d))
		return -ENODEV;
	for (i = 0; i < m->d[d].vectors; i++)
		if (m->d[d].v[i].slot_cookie == cookie)
			m_revoke(m, d, i, 1);
	return 0;
}

static int m_arm_some(struct model *m, int d, u32 start, u32 count, bool all)
{
	struct m_change changes[M_VECTORS] = { 0 };
	bool on_hold = m->d[d].on_hold && !all;
	u32 i, nr = 0;
	int ret;

	for (i = start; i < start + count; i++) {
		if (!m->d[d].v[i].used)
			continue;
		changes[nr++] = (struct m_change) {
			.v = i, .arm = true, .cookie = m_next_cookie(m, d, i),
		};
	}
	ret = m_transact(m, d, changes, nr, on_hold, NULL);
	if (!ret)
		m->d[d].on_hold = on_hold;
	return ret;
}

int m_arm(struct model *m, int d)
{
	if (m_usable(m, d))
		return -ENODEV;
	return m_arm_some(m, d, 0, m->d[d].vectors, true);
}

int m_arm_range(struct model *m, int d, u32 start, u32 count)
{
	int ret = m_range(m, d, start, count);

	return ret ?: m_arm_some(m, d, start, count, false);
}

/* Cookies (4) */

u64 m_next_cookie(const struct model *m, int d, u32 v)
{
	const struct m_vector *vec = &m->d[d].v[v];

	return vec->own ? vec->cookie : m->d[d].default_cookie;
}

static int m_ask(const struct model *m, int d)
{
	return m->d[d].initial.asked ? m->answer : -EOPNOTSUPP;
}

int m_default_cookie(struct model *m, int d, u64 cookie, bool ask)
{
	int ret;

	if (m_usable(m, d))
		return -ENODEV;
	ret = m_check_cookie(m, cookie);
	if (!ret && ask)
		ret = m_ask(m, d);
	if (ret)
		return m_refuse(m, d, U32_MAX, ret);
	m->d[d].default_cookie = cookie;
	return 0;
}

int m_cookie(struct model *m, int d, u32 i, bool own, u64 cookie, bool now,
	     bool ask)
{
	struct m_change c = { .v = i, .renew = now };
	struct m_vector *v = &m->d[d].v[i];
	int ret = m_range(m, d, i, 1);

	if (ret)
		return ret;
	if (v->emulated)
		return m_refuse(m, d, i, -EINVAL);
	ret = own ? m_check_cookie(m, cookie) : 0;
	if (ret)
		return m_refuse(m, d, i, ret);
	if (!own && !v->used)
		return 0;
	c.cookie = own ? cookie : m->d[d].default_cookie;
	ret = m_transact(m, d, &c, 1, m->d[d].on_hold, ask ? m_ask : NULL);
	if (ret)
		return ret;
	v->own = own;
	v->cookie = own ? cookie : 0;
	return 0;
}

/* Emulated (5) */

int m_emulated(struct model *m, int d, u32 start, u32 count, bool on)
{
	int ret = m_range(m, d, start, count);
	struct m_vector *v;
	u32 i;

	if (ret)
		return ret;
	for (i = start; i < start + count; i++) {
		v = &m->d[d].v[i];
		if ((v->eventfd >= 0 || v->prepared) && v->emulated != on)
			return -EBUSY;
	}
	for (i = start; i < start + count; i++) {
		v = &m->d[d].v[i];
		v->used |= on;
		if (on && !v->emulated) {
			v->own = false;
			v->cookie = 0;
			v->revoked = false;
		}
		v->emulated = on;
	}
	return 0;
}
