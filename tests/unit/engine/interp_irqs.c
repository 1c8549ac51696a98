// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes as requests to set interrupts: see interp.h. */
#include "interp_ops.h"

#define BAD_FD	30

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

static s32 fd_of(u8 b)
{
	if (b < 200)
		return b % M_FDS;
	if (b < 250)
		return -1;
	return b < 252 ? BAD_FD : b < 255 ? M_FILE_FD : -2;
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

	r->index = index < 52 ? MSIX : index < 57 ? REQ : index < 61 ? ERR :
		   index == 61 ? (u32)VFIO_PCI_INTX_IRQ_INDEX :
		   index == 62 ? (u32)VFIO_PCI_NUM_IRQS : U32_MAX;
	r->flags = flag_table[b[4] % 32];
	range_of(d, b, &r->start, &r->count);
	if (r->index == REQ || r->index == ERR) {
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

void interp_irqs(int d, const u8 *b, int *ret)
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
