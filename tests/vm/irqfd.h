/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's irqfd as who waits for an eventfd: a virtual machine that has an interrupt, and
 * a vCPU that need not run for that. A failure of these functions ends the program.
 */
#ifndef TESTS_VM_IRQFD_H
#define TESTS_VM_IRQFD_H

/* A machine of its own whose interrupt @eventfd raises: its descriptor, to be closed */
int irqfd_create(int eventfd);
/* The interrupt is not the machine's any more. */
void irqfd_remove(int vm, int eventfd);

#endif /* TESTS_VM_IRQFD_H */
