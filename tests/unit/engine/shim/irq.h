/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What irq.c and remap.c share.
 */
#ifndef _SHIM_IRQ_H
#define _SHIM_IRQ_H

#include "kernel.h"
#include "shim.h"

#define IRQS		1024
#define FIRST_IRQ	32

/**
 * struct irq_desc - a Linux IRQ
 * @data: of the store's domain
 * @remap: of its parent
 * @lock: the core's descriptor lock, held when a chip is called
 * @flow: one handler at a time; an interrupt that comes meanwhile waits
 * @row: first IRQ of the row of remapping entries that this one's is of
 * @row_size: entries in it
 * @set: the domain has filled in @data
 * @present: its remapping entry lets interrupts through
 * @status: flags of irq_set_status_flags()
 * @vcpu: that the interrupt goes to past the host, or NULL
 * @accepted: a CPU has accepted an interrupt and not begun to handle it
 */
struct irq_desc {
	struct irq_data data;
	struct irq_data remap;
	raw_spinlock_t lock;
	pthread_mutex_t flow;
	irq_handler_t handler;
	void *arg;
	const char *name;
	bool set;
	bool edge;
	bool remapped;
	bool masked;
	bool present;
	unsigned long status;
	void *vcpu;
	bool accepted;
	unsigned int row;
	unsigned int row_size;
};

/* It goes to the first of @cpus that is online and has a vector: 0 or -ENOSPC. */
int shim_goes_to(struct irq_desc *desc, unsigned long cpus);
/* A Linux IRQ that is there, and one that may not be */
struct irq_desc *shim_desc(unsigned int virq);
struct irq_desc *shim_desc_or_null(unsigned int virq);

/* Remapping entries taken */
long shim_remap_taken(void);
void shim_forgive_remap(void);

#endif
