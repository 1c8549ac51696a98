// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reference model's store: slots, limits, reservations, quarantine and
 * generations (semantics.md, section 6). See model.h.
 */
#include <errno.h>
#include <string.h>

#include "model.h"

u32 m_store_used(const struct model *m)
{
	u32 i, used = 0;

	for (i = 0; i < m->store.size; i++)
		used += m->store.slot[i].used;
	return used;
}

u32 m_used(const struct model *m, int d)
{
	u32 i, used = 0;

	for (i = 0; i < m->d[d].vectors; i++)
		used += m->d[d].v[i].slot >= 0;
	return used;
}

bool m_client(const struct model *m, int d)
{
	return m->d[d].open && !m->d[d].gone;
}

u32 m_reserved(const struct model *m)
{
	u32 sum = 0;
	int d;

	for (d = 0; d < M_DEVICES; d++)
		if (m_client(m, d))
			sum += m->d[d].reservation;
	return sum;
}

/* Slots that are used or promised, if device @d used @more more. */
static u32 m_taken(const struct model *m, int d, u32 more)
{
	u32 sum = 0, used;
	int i;

	for (i = 0; i < M_DEVICES; i++) {
		if (!m_client(m, i))
			continue;
		used = m_used(m, i) + (i == d ? more : 0);
		sum += used > m->d[i].reservation ? used : m->d[i].reservation;
	}
	return sum;
}

/* How many more slots device @d may have. */
static u32 m_available(const struct model *m, int d)
{
	u32 n = 0;

	while (m_used(m, d) + n < m->d[d].limit &&
	       m_taken(m, d, n + 1) <= m->store.limit)
		n++;
	return n;
}

/* How many slots of its window device @d could have. */
static u32 m_window_left(const struct model *m, int d)
{
	u32 i, left = 0;

	for (i = m->d[d].first; i < m->d[d].first + m->d[d].count; i++)
		left += !m->store.slot[i].used;
	return left;
}

/* Is @slot the one of device @d's window that comes next? */
static void m_check_order(struct model *m, int d, u32 slot)
{
	const struct m_slot *s = &m->store.slot[slot], *other;
	u32 first = m->d[d].first, i;

	if (slot < first || slot >= first + m->d[d].count) {
		m->complaint = "a slot is handed out that is not of the window";
		return;
	}
	for (i = first; i < first + m->d[d].count; i++) {
		other = &m->store.slot[i];
		if (other->used)
			continue;
		if (m->store.chooses && i < slot)
			m->complaint = "the hardware's choice is not heard";
		if (!m->store.chooses && !other->unsure && !s->unsure &&
		    other->freed < s->freed)
			m->complaint = "a slot is handed out before one that was freed earlier";
	}
}

/* Hand @seen out: free, the one free for longest, and its generation counts. */
void m_take_slot(struct model *m, int d, struct m_vector *v,
		 const struct m_seen *seen)
{
	struct m_slot *s;

	if (seen->slot < 0 || (u32)seen->slot >= m->store.size) {
		m->complaint = "a vector that should have a slot has none";
		return;
	}
	s = &m->store.slot[seen->slot];
	if (s->used)
		m->complaint = "a slot in use is handed out";
	m_check_order(m, d, (u32)seen->slot);
	if (s->unsure ? seen->generation <= s->generation :
			seen->generation != s->generation + 1)
		m->complaint = "generation does not count how often a slot is handed out";
	s->used = true;
	s->unsure = false;
	s->generation = seen->generation;
	v->slot = seen->slot;
	v->generation = seen->generation;
	if (m_store_used(m) > m->store.peak)
		m->store.peak = m_store_used(m);
}

void m_free_slot(struct model *m, int slot)
{
	m->store.slot[slot].used = false;
	m->store.slot[slot].freed = ++m->clock;
}

/* A request that failed late has had slots: who knows which. */
void m_unsure(struct model *m)
{
	u32 i;

	for (i = 0; i < m->store.size; i++)
		if (!m->store.slot[i].used)
			m->store.slot[i].unsure = true;
}

/* How many more slots device @d could have now */
u32 m_room(const struct model *m, int d)
{
	u32 quota = m_available(m, d), left = m_window_left(m, d);

	return quota < left ? quota : left;
}

/*
 * May device @d have @nr slots and CPU vectors more? -ENOSPC, and the first
 * that does not fit in @bad.
 */
int m_want(struct model *m, int d, u32 nr, u32 *bad)
{
	u32 used = m_store_used(m), quota = m_available(m, d);
	u32 left = m_window_left(m, d);

	*bad = m_room(m, d);
	if (nr > quota) {
		m->store.failures++;
		return -ENOSPC;
	}
	if (nr && (nr > left || (m->store.chooses && m->store.asleep))) {
		/* Others have the window, or nobody can be asked. */
		m->store.failures++;
		if (used + nr > m->store.peak)
			m->store.peak = used + nr;
		m_unsure(m);
		if (nr > left && !(m->store.chooses && m->store.asleep))
			return -ENOSPC;
		*bad = 0;
		return -EBUSY;
	}
	if (nr && used + nr > (u32)m->cpu_vectors) {
		*bad = used < (u32)m->cpu_vectors ? m->cpu_vectors - used : 0;
		/* The slots were had for a moment. */
		if (used + nr > m->store.peak)
			m->store.peak = used + nr;
		m_unsure(m);
		return -ENOSPC;
	}
	return 0;
}

void m_store_create(struct model *m, u32 size, bool in_place, bool chooses,
		    u64 cookie_max)
{
	memset(&m->store, 0, sizeof(m->store));
	m->store.there = true;
	m->store.in_place = in_place;
	m->store.chooses = chooses;
	m->store.cookie_max = cookie_max;
	m->store.size = size;
	m->store.limit = size;
}

int m_check_cookie(const struct model *m, u64 cookie)
{
	return cookie > m->store.cookie_max ? -ERANGE : 0;
}

/* Give device @d its window, and the most that its limit can be. */
int m_window(struct model *m, int d, u32 first, u32 count)
{
	struct m_device *dev = &m->d[d];

	if (!first && !count)
		count = m->store.size;
	if (!count || (u64)first + count > m->store.size)
		return -EINVAL;
	dev->first = first;
	dev->count = count;
	dev->max = count < dev->vectors + 1 ? count : dev->vectors + 1;
	return 0;
}

int m_store_limit(struct model *m, u32 limit)
{
	if (limit > m->store.size)
		return -EINVAL;
	if (limit < m_taken(m, -1, 0))
		return -EBUSY;
	m->store.limit = limit;
	return 0;
}

int m_quota(struct model *m, int d, u32 limit, u32 reservation)
{
	struct m_device *dev = &m->d[d];
	struct m_device was = *dev;

	if (!limit)
		limit = dev->max;
	if (limit > dev->max || reservation > limit)
		return -EINVAL;
	if (limit < m_used(m, d))
		return -EBUSY;
	dev->open = true;
	dev->limit = limit;
	dev->reservation = reservation;
	/* Refused when it asks for more than there is, not when it gives back. */
	if (m_taken(m, d, 0) > m->store.limit) {
		*dev = was;
		return -ENOSPC;
	}
	return 0;
}

int m_limits(struct model *m, int d, u32 limit, u32 reservation)
{
	if (!m->d[d].open || m->d[d].gone)
		return -ENODEV;
	return m_quota(m, d, limit, reservation);
}
