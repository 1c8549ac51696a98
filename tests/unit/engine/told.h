/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver of the model test: it checks what the engine tells it of slots, and
 * answers what it is asked about cookies.
 */
#ifndef _ENGINE_TOLD_H
#define _ENGINE_TOLD_H

#include "env.h"

#define TOLD_VECTORS	8

/* The slot of a vector as the driver knows it; @slot: -1: none */
struct told_slot {
	int slot;
	u32 handle;
	u32 generation;
};

/* Without and with a say in cookies */
extern const struct vfio_pci_ims_ops told_ops[2];
/* What it answers */
extern int told_answer;

void told_begin(struct env *env);
const struct told_slot *told_slot(int d, u32 vector);

#endif
