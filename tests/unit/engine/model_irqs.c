// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reference model's SET_IRQS (semantics.md, section 3): see model.h.
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

static int m_bind(struct model *m, int d, const struct m_irqs *r)
{
	struct m_change changes[M_VECTORS] = { 0 };
	u32 i, v, nr = 0;
	int ret;

	for (i = 0; i < r->count; i++) {
		struct m_change *c = &changes[nr];

		v = r->start + i;
		*c = (struct m_change) {
			.v = v, .rebind = true, .eventfd = -1,
			.cookie = m_next_cookie(m, d, v),
		};
		if (r->payload[i] == -1) {
			nr += m->d[d].v[v].used;
			continue;
		}
		ret = m_lookup(m, r->payload[i], &c->eventfd);
		if (ret)
			return m_refuse(m, d, v, ret);
		c->renew = true;
		nr++;
	}
	return m_transact(m, d, changes, nr, m->d[d].on_hold, NULL);
}

static bool m_meant(const struct m_irqs *r, u32 i)
{
	return r->flags & NONE || r->payload[i];
}

/* As vfio-pci: what has no trigger is passed over, but not when nothing has. */
static int m_loopback(struct model *m, int d, const struct m_irqs *r)
{
	bool any = false;
	u32 i;

	for (i = 0; i < m->d[d].vectors; i++)
		any |= m->d[d].v[i].eventfd >= 0;
	if (!any)
		return -EINVAL;
	for (i = 0; i < r->count; i++) {
		struct m_vector *v = &m->d[d].v[r->start + i];

		if (m_meant(r, i) && v->eventfd >= 0)
			v->loopback += m_signal(m, v, true) == M_DELIVERED;
	}
	return 0;
}

static int m_set_vectors(struct model *m, int d, const struct m_irqs *r)
{
	u32 i;

	if (!r->count) {
		if (r->flags == (TRIGGER | NONE))
			m_disable(m, d, false);
		return 0;
	}
	if (r->flags == (TRIGGER | EVENTFD))
		return m_bind(m, d, r);

	if (r->flags & TRIGGER)
		return m_loopback(m, d, r);

	for (i = 0; i < r->count; i++)
		if (m_meant(r, i) && m->d[d].v[r->start + i].eventfd < 0)
			return -EINVAL;

	for (i = 0; i < r->count; i++) {
		struct m_vector *v = &m->d[d].v[r->start + i];

		if (!m_meant(r, i))
			continue;
		v->masked = r->flags & MASK;
		m_pass(m, v);
	}
	return 0;
}

static int m_set_channel(struct model *m, int *channel,
			 const struct m_irqs *r)
{
	int eventfd = -1, ret;

	if (r->flags & EVENTFD) {
		if (!r->count)
			return 0;
		ret = r->payload[0] == -1 ? 0 :
		      m_lookup(m, r->payload[0], &eventfd);
		if (!ret)
			*channel = eventfd;
		return ret;
	}
	if (r->flags & NONE && !r->count) {
		*channel = -1;
		return 0;
	}
	if (*channel < 0)
		return r->flags & NONE ? -EINVAL : 0;
	if (r->flags & NONE || (r->count && r->payload[0]))
		m->count[*channel]++;
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
	else if (r->index == VFIO_PCI_REQ_IRQ_INDEX ||
		 r->index == VFIO_PCI_ERR_IRQ_INDEX)
		limit = 1;
	else
		return -ENOTTY;
	if (r->start >= limit || (u64)r->start + r->count > limit)
		return -EINVAL;
	if (action != TRIGGER &&
	    (r->index != VFIO_PCI_MSIX_IRQ_INDEX || data == EVENTFD))
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
	if (r->index == VFIO_PCI_REQ_IRQ_INDEX)
		return m_set_channel(m, &m->d[d].request, r);
	if (r->index == VFIO_PCI_ERR_IRQ_INDEX)
		return m_set_channel(m, &m->d[d].error, r);
	return m_set_vectors(m, d, r);
}

/* Who holds an eventfd: descriptors, triggers, the indexes of one. */
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
		refs += m->d[d].error == eventfd;
		for (i = 0; i < M_VECTORS; i++)
			refs += m->d[d].v[i].eventfd == eventfd;
	}
	return refs;
}
