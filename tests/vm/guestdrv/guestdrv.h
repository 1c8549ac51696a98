/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guestdrv.ko - a guest's driver of the PCI functions that ims_edu.ko and ims_siov.ko
 * give to virtual machines. It is an ordinary PCI driver, which knows MSI-X and
 * nothing of the store that its interrupts are backed by on the host.
 *
 * It raises interrupts one after the other of each vector: none is raised before the
 * one before has come, so none is merged with another, and one that is lost is seen.
 */
#ifndef TESTS_VM_GUESTDRV_H
#define TESTS_VM_GUESTDRV_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/wait.h>

/* How long an interrupt may take. The machine is emulated and may be busy. */
#define GD_PATIENCE	(120 * HZ)

/* An interrupt vector of the function */
struct gd_vector {
	struct gd *gd;
	int irq;
	/* In /proc/interrupts */
	char name[24];
	/*
	 * Interrupts that the handler has seen. It can be more than the device has
	 * raised: the kernel replays one that it meets while it moves it to another
	 * CPU, and somebody may trigger vectors on the host.
	 */
	atomic_t count;
	/* One that this driver had the device raise has not come. */
	atomic_t outstanding;
	/* Those that it had the device raise, written under gd->lock; that have come */
	unsigned int raised;
	atomic_t came;
	/* Of siov: what descriptors name the vector by */
	u32 handle;
};

struct gd {
	struct pci_dev *pdev;
	const struct gd_ops *ops;
	void __iomem *regs;
	/* Guards all but counts; held by who uses the device. Sleeps. */
	struct mutex lock;
	/* Of siov: the page that descriptors are written to, and the next entry */
	void __iomem *portal;
	unsigned int next;
	/* Of siov: what had come of all vectors when the queue was reset */
	u32 sum;
	/* Of siov: the device said that handles are gone, or that descriptors failed */
	atomic_t trouble;

	/* An interrupt has come. */
	wait_queue_head_t wait;
	/* gd_load() runs, or NULL; changed under the lock of the device */
	struct task_struct *load;
	/* Rounds that it has done */
	unsigned int rounds;

	unsigned int vectors;
	struct gd_vector vector[];
};

/**
 * struct gd_ops - a kind of function
 * @start: make the device ready, after interrupts were requested
 * @raise: let the device do something that ends in the interrupt of a vector other
 *	than 0; need not wait for it
 * @done: interrupts of all vectors but 0 that the device itself has counted since
 *	@start
 * @recover: gd->trouble was set: raise again what was raised and is lost by that
 * @vector0: from the handler of vector 0
 */
struct gd_ops {
	int (*start)(struct gd *gd);
	int (*raise)(struct gd *gd, unsigned int vector);
	u32 (*done)(struct gd *gd);
	int (*recover)(struct gd *gd);
	void (*vector0)(struct gd *gd);
};

extern const struct gd_ops gd_edu_ops, gd_siov_ops;
extern const struct attribute_group *gd_groups[];

/* load.c */
int gd_fire(struct gd *gd, unsigned int first, unsigned int last, unsigned int times);
int gd_load_start(struct gd *gd);
int gd_load_stop(struct gd *gd);

#endif /* TESTS_VM_GUESTDRV_H */
