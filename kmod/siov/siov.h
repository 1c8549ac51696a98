/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_siov.ko: the reference driver of a DSA-like accelerator: an array of messages
 * in MMIO, portals that users map, PASIDs, no mdev.
 *
 *	pci.c		struct ims_siov: the PCI device, from probe to remove
 *	queue.c		struct ims_siov_fn: a work queue, which is a virtual function
 *	regs.c		a work queue's registers (<uapi/linux/ims_siov.h>)
 *	debugfs.c	what the host does to a device
 *	hw*.c		the simulated hardware: hw.h. A real driver has none of it
 *
 * The virtual function itself, as VFIO sees it, is ims_vfunc.ko's, and the store
 * is a ready-made one of ims.ko (<linux/ims_array.h>).
 *
 * One lock, inside VFIO's lock of a device and outside the vectors':
 *
 *	siov->lock	(mutex) which functions are open
 */
#ifndef _IMS_SIOV_H
#define _IMS_SIOV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include <linux/ims_vfunc.h>

#include "hw.h"

struct dentry;

/**
 * struct ims_siov - one accelerator
 * @pdev: its PCI device
 * @hw: its hardware
 * @parent: of its functions
 * @dir: in debugfs
 * @asleep: it sleeps or is being reset. Written under the lock of @pdev's device, as
 *	@failed is
 * @failed: it has reported an error, or was not woken by a reset
 * @lock: guards @open
 * @open: functions that are open, by their node
 */
struct ims_siov {
	struct pci_dev *pdev;
	struct siov_hw hw;
	struct ims_vfunc_parent *parent;
	struct dentry *dir;
	bool asleep;
	bool failed;
	struct mutex lock;
	struct list_head open;
};

/**
 * struct ims_siov_fn - a work queue
 * @fn: the virtual function that it is; first, as struct ims_vfunc_driver demands.
 *	Its lock guards @attached and what follows, but the atomic ones
 * @node: of siov->open
 * @queue: the hardware's part of it
 * @attached: the user's memory can be reached
 * @argument: register ARGUMENT
 * @command_status: register COMMAND_STATUS
 * @command_result: register COMMAND_RESULT
 * @intcause: register INTCAUSE
 * @revocations: register REVOCATIONS
 */
struct ims_siov_fn {
	struct ims_vfunc fn;
	struct list_head node;
	struct siov_hw_queue *queue;
	bool attached;
	u32 argument;
	u32 command_status;
	u32 command_result;
	atomic_t intcause;
	atomic_t revocations;
};

static inline struct ims_siov_fn *ims_siov_fn_of(struct ims_vfunc *fn)
{
	return container_of(fn, struct ims_siov_fn, fn);
}

static inline struct ims_siov *ims_siov_of(const struct ims_siov_fn *sfn)
{
	return sfn->fn.data;
}

/* queue.c */
extern struct ims_vfunc_driver ims_siov_fn_driver;
void ims_siov_fn_cause(struct ims_siov_fn *sfn, u32 cause);
void ims_siov_fn_error(void *siov, unsigned int n);
int ims_siov_fn_revoke(struct ims_siov *siov, unsigned int n);

/* regs.c; with fn.lock held */
u32 ims_siov_regs_read(struct ims_vfunc *fn, unsigned int bar, u64 offset);
void ims_siov_regs_write(struct ims_vfunc *fn, unsigned int bar, u64 offset,
			 u32 val);
void ims_siov_regs_reset(struct ims_siov_fn *sfn);

/* debugfs.c */
void ims_siov_debugfs_init(void);
void ims_siov_debugfs_exit(void);
void ims_siov_debugfs_add(struct ims_siov *siov);
void ims_siov_debugfs_del(struct ims_siov *siov);

#endif /* _IMS_SIOV_H */
