/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_edu.ko: a reference accelerator with an interrupt message store, on
 * QEMU's "edu" PCI device. One object per file:
 *
 *	pci.c		struct ims_edu: the PCI device, from probe to remove
 *	engine.c	struct ims_edu_engine: edu's hardware
 *	store.c		struct ims_edu_store: the interrupt message store
 *	wq.c		struct ims_edu_wq: a work queue, as mdev and VFIO see it
 *	work.c		a work queue's work items
 *	config.c	a work queue's PCI configuration space
 *	regs.c		a work queue's registers (<uapi/linux/ims_edu.h>)
 *
 * Locks, outermost first. None is taken in another order, and none but
 * store.lock with interrupts off.
 *
 *	edu->lock	(mutex) edu->ims: a work queue that opens uses it under
 *			the lock, remove takes it away under the lock.
 *	wq->lock	(mutex) what the guest reads and writes through the
 *			VFIO device. Held while the helper (vfio_pci_ims) is
 *			called, whose locks are inside.
 *	wq->work_lock	(spinlock) what registers and the engine's worker share.
 *			The worker takes nothing else of the queue's, so that
 *			wq->lock may be held while waiting for the worker.
 *	store.lock	(raw spinlock) slots. Inside the interrupt core's
 *			descriptor lock, hence raw, and taken with interrupts
 *			off.
 *
 * The engine has no lock: all that it does is done by work items on its
 * ordered workqueue, one at a time.
 */
#ifndef _IMS_EDU_H
#define _IMS_EDU_H

#include <linux/completion.h>
#include <linux/idr.h>
#include <linux/kfifo.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <linux/ims.h>
#include <linux/vfio_pci_ims.h>
#include <uapi/linux/ims_edu.h>

struct ims_edu;

/**
 * struct ims_edu_engine - edu's hardware
 * @bar: edu's registers
 * @queue: ordered: everything below is touched by its work items only, before
 *	and after its life by probe and remove
 * @event: completed at each of edu's own interrupts
 * @word: what is copied to edu's buffer; coherent
 * @word_dma: where edu finds it
 * @loaded: edu's buffer holds *@word
 * @irq: Linux IRQ of edu's own MSI
 */
struct ims_edu_engine {
	void __iomem *bar;
	struct workqueue_struct *queue;
	struct completion event;
	__le32 *word;
	dma_addr_t word_dma;
	bool loaded;
	int irq;
};

/**
 * struct ims_edu_slot - one slot of the store; store.lock
 * @address: where the interrupt's message is written; 0 when not in use
 * @cookie: what a work item must present
 * @data: the message
 * @masked: keep the message back
 */
struct ims_edu_slot {
	u64 address;
	u64 cookie;
	u32 data;
	bool masked;
};

/**
 * struct ims_edu_store - the interrupt message store
 * @lock: guards all that follows; raw: taken by irq_chip callbacks
 * @slots: @nr_slots of them
 * @pending: bit per slot: an interrupt waits for the slot's unmasking
 * @nr_slots: constant
 * @held: slot that the engine is about to fire, or %IMS_SLOT_ANY
 * @released: woken when @held becomes %IMS_SLOT_ANY
 * @replay: fires what was pending; on the engine's queue
 */
struct ims_edu_store {
	raw_spinlock_t lock;
	struct ims_edu_slot *slots;
	unsigned long *pending;
	u32 nr_slots;
	u32 held;
	wait_queue_head_t released;
	struct work_struct replay;
};

/**
 * struct ims_edu - one edu device
 * @pdev: its PCI device
 * @gone: it is being removed: no hardware access is begun any more
 * @engine: its hardware
 * @store: its interrupt message store
 * @lock: guards @ims
 * @ims: the store's interrupt domain; NULL once removed
 * @wq_ids: numbers of its work queues
 * @parent: of its mediated devices
 * @types: the one type of them, in the form that mdev wants
 * @type: that type
 */
struct ims_edu {
	struct pci_dev *pdev;
	bool gone;
	struct ims_edu_engine engine;
	struct ims_edu_store store;
	struct mutex lock;
	struct ims_store *ims;
	struct ida wq_ids;
	struct mdev_parent parent;
	struct mdev_type *types[1];
	struct mdev_type type;
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
 * @cookie: its permission entry, if @own; wq->work_lock, like all but
 *	@cookie_lo
 * @own: else the queue's default cookie is its permission entry; written under
 *	wq->lock as well
 * @result: of the last work item
 * @status: %IMS_EDU_ERR_* of the last work item
 * @completed: results computed
 * @errors: work items that failed
 * @cookie_lo: written and waiting for the upper half; wq->lock
 */
struct ims_edu_vector {
	u64 cookie;
	bool own;
	u32 result;
	u32 status;
	u32 completed;
	u32 errors;
	u32 cookie_lo;
};

/**
 * struct ims_edu_wq - a work queue: a virtual PCI function
 * @vdev: VFIO's part; first, as vfio_alloc_device() demands
 * @edu: the device that does the work; outlives the queue
 * @id: number among @edu's work queues
 * @nr_vectors: MSI-X vectors
 * @default_cookie: no other queue of @edu has it
 * @ims: the vectors' interrupts; in use from open to close
 *
 * @lock: guards the block that follows
 * @config: PCI configuration space
 * @msix: MSI-X table, 4 words per vector
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
 * @vectors: @nr_vectors of them
 */
struct ims_edu_wq {
	struct vfio_device vdev;
	struct ims_edu *edu;
	unsigned int id;
	u32 nr_vectors;
	u64 default_cookie;
	struct vfio_pci_ims ims;

	struct mutex lock;
	u8 config[IMS_EDU_CONFIG_SIZE];
	u32 (*msix)[4];
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

/* pci.c: module parameters */
unsigned int ims_edu_param_vectors(void);
void ims_edu_param_quota(u32 *limit, u32 *reserve);

static inline bool ims_edu_gone(const struct ims_edu *edu)
{
	return READ_ONCE(edu->gone);
}

/* engine.c; factorial and message: on the engine's queue only */
int ims_edu_engine_init(struct ims_edu *edu);
void ims_edu_engine_exit(struct ims_edu *edu);
int ims_edu_engine_factorial(struct ims_edu *edu, u32 n, u32 *result);
int ims_edu_engine_message(struct ims_edu *edu, u64 address, u32 data);

/* store.c; hold, fire and release: on the engine's queue only */
extern const struct ims_store_ops ims_edu_store_ops;
int ims_edu_store_init(struct ims_edu *edu, u32 nr_slots);
void ims_edu_store_exit(struct ims_edu *edu);
void ims_edu_store_hold(struct ims_edu *edu, u32 slot);
int ims_edu_store_fire(struct ims_edu *edu, u64 cookie);
void ims_edu_store_release(struct ims_edu *edu);

/* wq.c */
extern struct mdev_driver ims_edu_mdev_driver;

/* work.c */
void ims_edu_work_init(struct ims_edu_wq *wq);
void ims_edu_work_stop(struct ims_edu_wq *wq);
void ims_edu_work_reset(struct ims_edu_wq *wq);
u32 ims_edu_work_submit(struct ims_edu_wq *wq, u32 n, u32 vector);
u32 ims_edu_work_pending(struct ims_edu_wq *wq);
u32 ims_edu_wq_error(struct ims_edu_wq *wq, int err, u32 vector);
u32 ims_edu_wq_error_code(struct ims_edu_wq *wq, u32 code, u32 vector);

/* config.c, regs.c; with wq->lock held */
void ims_edu_config_reset(struct ims_edu_wq *wq);
void ims_edu_config_read(struct ims_edu_wq *wq, u32 offset, void *buf,
			 size_t count);
void ims_edu_config_write(struct ims_edu_wq *wq, u32 offset, const void *buf,
			  size_t count);
void ims_edu_regs_reset(struct ims_edu_wq *wq);
u32 ims_edu_regs_read(struct ims_edu_wq *wq, u32 offset);
void ims_edu_regs_write(struct ims_edu_wq *wq, u32 offset, u32 val);

#endif /* _IMS_EDU_H */
