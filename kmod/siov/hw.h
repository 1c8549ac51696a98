/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hardware of ims_siov.ko: a DSA-like accelerator, of which QEMU has the
 * parts. An nvme controller with a controller memory buffer has memory in a BAR,
 * where such a device has its registers, and can be made to write a message.
 * What happens in between is done here by kernel threads, which do what the device
 * would do and nothing that a driver does. The driver of a real device has the
 * registers and nothing of these files.
 *
 *	hw.c		struct siov_hw: the device, from power-on to the end
 *	hw_portal.c	struct siov_hw_queue: takes descriptors from a portal
 *	hw_operation.c	executes one
 *	hw_raise.c	looks a handle up in the array of messages, and raises it
 *	hw_memory.c	in place of the IOMMU: PASIDs, and memory behind them
 *	hw_nvme.c	has the controller write a message
 *
 * Locks, inside those of the driver:
 *
 *	queue->step	(mutex) the queue takes and executes descriptors. Users can
 *			have it held for as long as their page faults take
 *	hw->lock	(mutex) slots are looked up and raised, or their registers
 *			change; the controller's queue. Inside queue->step, and
 *			inside the locks of ims.ko and vfio_pci_ims.ko
 */
#ifndef _IMS_SIOV_HW_H
#define _IMS_SIOV_HW_H

#include <linux/bits.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <uapi/linux/ims_siov.h>

struct ims_store;
struct ims_vfunc;
struct siov_nvme_command;
struct siov_nvme_completion;

/* BAR 2 */
#define SIOV_HW_BAR		2
#define SIOV_HW_SIZE		0x600000

/* The array of messages, an entry: */
#define SIOV_HW_ARRAY		0x000000
#define SIOV_HW_SLOTS_MAX	0x8000
#define SIOV_HW_STRIDE		16
#define SIOV_HW_ADDRESS		0
#define SIOV_HW_DATA		8
#define SIOV_HW_CONTROL		12
#define   SIOV_HW_MASK		  BIT(0)
#define   SIOV_HW_PENDING	  BIT(1)
#define   SIOV_HW_IGNORE	  BIT(2)
#define   SIOV_HW_PASID_ENABLE	  BIT(3)
#define   SIOV_HW_PASID_SHIFT	  12
#define   SIOV_HW_PASID_WIDTH	  20

/* Registers of a queue, for the driver to read: */
#define SIOV_HW_QUEUE(n)	(0x100000 + 32 * (n))
#define SIOV_HW_QUEUE_ERRORS	0
#define SIOV_HW_QUEUE_LAST_ERROR 4
#define SIOV_HW_QUEUE_DONE	8
#define SIOV_HW_QUEUE_RAISED	12

/* The portal of a queue */
#define SIOV_HW_PORTAL(n)	(0x200000 + IMS_SIOV_PORTAL_SIZE * (n))
#define SIOV_HW_QUEUES_MAX	1024

/**
 * struct siov_nvme - the controller's admin queue
 * @bar: the controller's registers
 * @commands: submission queue; coherent
 * @commands_dma: where the controller finds it
 * @completions: completion queue; coherent
 * @completions_dma: where the controller finds it
 * @sq_doorbell: where its new tail is written
 * @cq_doorbell: where its new head is written
 * @tail: next command
 * @head: next completion
 * @phase: what its phase bit will be
 * @outstanding: commands not completed, those not told of included
 */
struct siov_nvme {
	void __iomem *bar;
	struct siov_nvme_command *commands;
	dma_addr_t commands_dma;
	struct siov_nvme_completion *completions;
	dma_addr_t completions_dma;
	void __iomem *sq_doorbell;
	void __iomem *cq_doorbell;
	u16 tail;
	u16 head;
	bool phase;
	u16 outstanding;
};

/**
 * struct siov_hw_queue - one queue
 * @hw: the device
 * @n: number of the queue
 * @portal: its portal
 * @registers: its registers
 * @pasid: presented for slots, and to the IOMMU
 * @thread: runs it; NULL while it is disabled
 *
 * @step: guards the block that follows
 * @head: the portal's next entry
 * @taken: descriptors that were taken from the portal and are done; wraps
 * @empty: how often the portal was found empty; wraps
 * @errors: register ERRORS
 * @last_error: register LAST_ERROR
 * @done: register DONE
 * @raised: register RAISED
 * @handles: to be raised; @nr_handles of them
 * @nr_handles: see @handles
 * @batch: descriptors of a batch
 * @page: data on its way
 * @other: the same, to be compared
 *
 * @idle: woken when @taken or @empty change and somebody waits
 */
struct siov_hw_queue {
	struct siov_hw *hw;
	unsigned int n;
	void __iomem *portal;
	void __iomem *registers;
	u32 pasid;
	struct task_struct *thread;

	struct mutex step;
	u32 head;
	u32 taken;
	u32 empty;
	u32 errors;
	u32 last_error;
	u32 done;
	u32 raised;
	u32 handles[IMS_SIOV_PORTAL_ENTRIES];
	u32 nr_handles;
	struct ims_siov_desc batch[IMS_SIOV_PORTAL_ENTRIES];
	u8 page[PAGE_SIZE];
	u8 other[PAGE_SIZE];

	wait_queue_head_t idle;
};

/**
 * struct siov_hw - the device
 * @pdev: as the driver knows it
 * @bar: BAR 2
 * @nr_slots: of the array
 * @error: the error interrupt: descriptors of queue n have failed
 * @data: argument of @error
 * @store: made of the array
 * @off: queues do not execute: no power, a reset, or gone
 * @gone: they never will again
 * @pasids: what is behind each
 *
 * @lock: guards the block that follows
 * @nvme: writes messages
 * @pending: slots that were to be raised while they were masked
 * @replay: raises these when they are unmasked
 *
 * @stall: who wants to change a slot's registers waits, for tests
 * @waiting: how many do
 * @moved: woken when @stall ends
 */
struct siov_hw {
	struct pci_dev *pdev;
	void __iomem *bar;
	u32 nr_slots;
	void (*error)(void *data, unsigned int n);
	void *data;
	struct ims_store *store;
	bool off;
	bool gone;
	struct xarray pasids;

	struct mutex lock;
	struct siov_nvme nvme;
	DECLARE_BITMAP(pending, SIOV_HW_SLOTS_MAX);
	struct delayed_work replay;

	bool stall;
	atomic_t waiting;
	wait_queue_head_t moved;
};

/* hw.c */
int siov_hw_init(struct siov_hw *hw, struct pci_dev *pdev, u32 nr_slots,
		 void (*error)(void *data, unsigned int n), void *data);
void siov_hw_exit(struct siov_hw *hw);
void siov_hw_off(struct siov_hw *hw);
int siov_hw_start(struct siov_hw *hw);
void siov_hw_on(struct siov_hw *hw);
void siov_hw_lock(struct siov_hw *hw, u32 slot);
void siov_hw_unlock(struct siov_hw *hw, u32 slot);
void siov_hw_set_stall(struct siov_hw *hw, bool stall);

/* hw_portal.c: what the device has commands for */
struct siov_hw_queue *siov_hw_queue_new(struct siov_hw *hw, unsigned int n);
void siov_hw_queue_free(struct siov_hw_queue *queue);
int siov_hw_enable(struct siov_hw_queue *queue, u32 pasid);
void siov_hw_disable(struct siov_hw_queue *queue);
int siov_hw_drain(struct siov_hw_queue *queue);
void siov_hw_clear(struct siov_hw_queue *queue);
bool siov_hw_rest(struct siov_hw_queue *queue, unsigned int patience);

/* The parts of the device; with queue->step held, pending ones with hw->lock */
void siov_hw_fail(struct siov_hw_queue *queue, u32 error);
bool siov_hw_execute(struct siov_hw_queue *queue, const struct ims_siov_desc *desc,
		     bool in_batch);
void siov_hw_want(struct siov_hw_queue *queue, u32 handle);
void siov_hw_raise(struct siov_hw_queue *queue);
void siov_hw_restore_pending(struct siov_hw *hw, u32 slot);
void siov_hw_forget(struct siov_hw *hw, u32 slot);
void siov_hw_replay(struct work_struct *work);

/* hw_memory.c */
int siov_hw_pasid_attach(struct siov_hw *hw, u32 pasid, struct ims_vfunc *fn);
void siov_hw_pasid_detach(struct siov_hw *hw, u32 pasid);
u32 siov_hw_memory_read(struct siov_hw_queue *queue, u64 address, void *buf,
			size_t count);
u32 siov_hw_memory_write(struct siov_hw_queue *queue, u64 address,
			 const void *buf, size_t count);

/* hw_nvme.c; write and flush with hw->lock held */
int siov_nvme_init(struct siov_nvme *nvme, struct pci_dev *pdev);
void siov_nvme_exit(struct siov_nvme *nvme, struct pci_dev *pdev);
int siov_nvme_start(struct siov_nvme *nvme);
int siov_nvme_write(struct siov_nvme *nvme, u64 address);
int siov_nvme_flush(struct siov_nvme *nvme);

#endif /* _IMS_SIOV_HW_H */
