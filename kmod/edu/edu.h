/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_edu.ko: a reference accelerator with an interrupt message store, on
 * QEMU's "edu" PCI device. One object per file:
 *
 *	pci.c		struct ims_edu: the PCI device, from probe to remove
 *	engine.c	struct ims_edu_engine: edu's hardware
 *	store.c		struct ims_edu_store: the interrupt message store
 *	wq.c		struct ims_edu_wq: a work queue, which is a virtual function
 *	work.c		a work queue's work items
 *	regs.c		a work queue's registers (<uapi/linux/ims_edu.h>)
 *
 * The virtual function itself, as mdev and VFIO see it, is ims_vfunc.ko's
 * (<linux/ims_vfunc.h>); the table that the store's messages are in is ims.ko's
 * (<linux/ims_array.h>).
 *
 * Locks, inside those of <linux/ims_vfunc.h>:
 *
 *	wq->work_lock	(spinlock) what registers and the engine's worker share.
 *			The worker takes nothing else of the queue's, so that
 *			fn->lock may be held while waiting for the worker.
 *
 *	engine->turn	(semaphore) the hardware. Down while a work item on the
 *			engine's ordered workqueue runs, and while edu sleeps
 *			or is reset, which begins and ends in different tasks.
 *			Inside fn->lock, whose holder waits for the worker;
 *			outside the store's and the helper's locks.
 */
#ifndef _IMS_EDU_H
#define _IMS_EDU_H

#include <linux/completion.h>
#include <linux/kfifo.h>
#include <linux/pci.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <linux/ims_array.h>
#include <linux/ims_vfunc.h>
#include <uapi/linux/ims_edu.h>

struct ims_edu;

/**
 * struct ims_edu_engine - edu's hardware
 * @bar: edu's registers
 * @turn: guards all that follows, and the hardware
 * @queue: ordered: its work items take turns
 * @event: completed at each of edu's own interrupts
 * @word: what is copied to edu's buffer; coherent
 * @word_dma: where edu finds it
 * @loaded: edu's buffer holds *@word
 * @irq: Linux IRQ of edu's own MSI
 */
struct ims_edu_engine {
	void __iomem *bar;
	struct semaphore turn;
	struct workqueue_struct *queue;
	struct completion event;
	__le32 *word;
	dma_addr_t word_dma;
	bool loaded;
	int irq;
};

/**
 * struct ims_edu_store - the interrupt message store
 * @table: its messages
 * @held: slot that the engine is about to fire, or %IMS_SLOT_ANY; written in
 *	the engine's turn
 * @released: woken when @held becomes %IMS_SLOT_ANY
 */
struct ims_edu_store {
	struct ims_table table;
	u32 held;
	wait_queue_head_t released;
};

/**
 * struct ims_edu - one edu device
 * @pdev: its PCI device
 * @gone: it is being removed, or has reported an error: no hardware access is
 *	begun. Written under the lock of @pdev's device, as all calls of pci.c are
 * @asleep: it sleeps or is being reset, and @engine's turn is taken. As @gone
 * @engine: its hardware
 * @store: its interrupt message store
 * @parent: of its work queues
 */
struct ims_edu {
	struct pci_dev *pdev;
	bool gone;
	bool asleep;
	struct ims_edu_engine engine;
	struct ims_edu_store store;
	struct ims_vfunc_parent *parent;
};

/**
 * struct ims_edu_item - a work item
 * @n: compute the factorial of this
 * @vector: raise this vector when done
 */
struct ims_edu_item {
	u32 n;
	u32 vector;
};

/**
 * struct ims_edu_vector - registers of a vector
 * @written: the guest has written the permission entry, and no administrator has
 *	changed the vector's cookie since; wq->work_lock, like all but @cookie_lo
 * @cookie: what it has written
 * @result: of the last work item
 * @status: %IMS_EDU_ERR_* of the last work item
 * @completed: results computed
 * @errors: work items that failed
 * @cookie_lo: written and waiting for the upper half; fn.lock
 */
struct ims_edu_vector {
	bool written;
	u64 cookie;
	u32 result;
	u32 status;
	u32 completed;
	u32 errors;
	u32 cookie_lo;
};

/**
 * struct ims_edu_wq - a work queue
 * @fn: the virtual function that it is; first, as struct ims_vfunc_driver
 *	demands. Its lock guards the block that follows
 * @argument: register ARGUMENT
 * @command_status: register COMMAND_STATUS
 * @command_result: register COMMAND_RESULT
 * @work_n: register WORK_N
 * @work_status: register WORK_STATUS
 *
 * @work: executes one item and queues itself again if there are more, so that
 *	queues take turns
 * @work_lock: guards the block that follows
 * @items: not begun yet
 * @running: the worker has taken one
 * @completed: results computed
 * @errors: register ERRORS
 * @last_error: register LAST_ERROR
 * @last_error_vector: register LAST_ERROR_VECTOR
 * @vectors: one for each vector
 */
struct ims_edu_wq {
	struct ims_vfunc fn;
	u32 argument;
	u32 command_status;
	u32 command_result;
	u32 work_n;
	u32 work_status;

	struct work_struct work;
	spinlock_t work_lock;
	DECLARE_KFIFO(items, struct ims_edu_item, IMS_EDU_QUEUE_DEPTH);
	bool running;
	u32 completed;
	u32 errors;
	u32 last_error;
	u32 last_error_vector;
	struct ims_edu_vector *vectors;
};

static inline struct ims_edu_wq *ims_edu_wq_from_fn(struct ims_vfunc *fn)
{
	return container_of(fn, struct ims_edu_wq, fn);
}

/* The device that does a work queue's work; outlives the queue. */
static inline struct ims_edu *ims_edu_of(const struct ims_edu_wq *wq)
{
	return wq->fn.data;
}

/* pci.c: module parameters */
void ims_edu_param_quota(u32 *limit, u32 *reserve);
bool ims_edu_param_cookie_fits(u64 cookie);

static inline bool ims_edu_gone(const struct ims_edu *edu)
{
	return READ_ONCE(edu->gone);
}

/* engine.c; factorial and message: between begin and end */
int ims_edu_engine_init(struct ims_edu *edu);
void ims_edu_engine_exit(struct ims_edu *edu);
int ims_edu_engine_restart(struct ims_edu *edu);
void ims_edu_engine_begin(struct ims_edu *edu);
void ims_edu_engine_end(struct ims_edu *edu);
int ims_edu_engine_factorial(struct ims_edu *edu, u32 n, u32 *result);
int ims_edu_engine_message(struct ims_edu *edu, u64 address, u32 data);

/* store.c; hold, fire and release: between begin and end of the engine's turn */
extern const struct ims_store_ops ims_edu_store_ops;
int ims_edu_store_init(struct ims_edu *edu, u32 nr_slots);
void ims_edu_store_exit(struct ims_edu *edu);
void ims_edu_store_hold(struct ims_edu *edu, u32 slot);
int ims_edu_store_fire(struct ims_edu *edu, const u64 *cookie);
void ims_edu_store_release(struct ims_edu *edu);

/* wq.c */
extern struct ims_vfunc_driver ims_edu_wq_driver;

/* work.c */
void ims_edu_work_init(struct ims_edu_wq *wq);
void ims_edu_work_stop(struct ims_edu_wq *wq);
void ims_edu_work_reset(struct ims_edu_wq *wq);
u32 ims_edu_work_submit(struct ims_edu_wq *wq, u32 n, u32 vector);
u32 ims_edu_work_pending(struct ims_edu_wq *wq);
void ims_edu_work_present(struct ims_edu_wq *wq, u32 vector, const u64 *cookie);
u32 ims_edu_wq_error(struct ims_edu_wq *wq, int err, u32 vector);
u32 ims_edu_wq_error_code(struct ims_edu_wq *wq, u32 code, u32 vector);

/* regs.c; with fn.lock held */
void ims_edu_regs_reset(struct ims_edu_wq *wq);
u32 ims_edu_regs_read(struct ims_vfunc *fn, unsigned int bar, u64 offset);
void ims_edu_regs_write(struct ims_vfunc *fn, unsigned int bar, u64 offset,
			u32 val);

#endif /* _IMS_EDU_H */
