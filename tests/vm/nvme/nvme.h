/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_nvme.ko: a TEST DEVICE for loads, not an example of a driver (that is
 * ims_edu.ko). A parent with an interrupt message store on QEMU's NVMe
 * controller, whose DMA is aimed at slots: it fires tens of thousands
 * of messages a second, where edu fires ten.
 *
 *	pci.c		struct ims_nvme: the controller, from probe to remove
 *	queue.c		struct ims_nvme_queue: its admin queue
 *	fire.c		the store, and how slots are fired
 *	function.c	struct ims_nvme_fn: a virtual function (ims_nvme.h)
 *
 * The virtual function itself: ims_vfunc.ko. The table of messages: ims.ko.
 *
 * One lock, inside those of <linux/ims_vfunc.h>:
 *
 *	nvme->lock	(mutex) the admin queue. It is also the store's bus
 *			lock, so that no message is on its way to a slot that
 *			is masked or freed between ops->lock and ops->unlock.
 */
#ifndef IMS_NVME_NVME_H
#define IMS_NVME_NVME_H

#include <linux/mutex.h>
#include <linux/pci.h>

#include <linux/ims_array.h>
#include <linux/ims_vfunc.h>

#include "ims_nvme.h"

struct ims_nvme_command_entry;
struct ims_nvme_completion;

/**
 * struct ims_nvme_queue - the admin queue
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
struct ims_nvme_queue {
	void __iomem *bar;
	struct ims_nvme_command_entry *commands;
	dma_addr_t commands_dma;
	struct ims_nvme_completion *completions;
	dma_addr_t completions_dma;
	void __iomem *sq_doorbell;
	void __iomem *cq_doorbell;
	u16 tail;
	u16 head;
	bool phase;
	u16 outstanding;
};

/**
 * struct ims_nvme - one controller
 * @pdev: its PCI device
 * @lock: guards what follows, but @table and @parent
 * @gone: it is being removed: nothing is fired any more
 * @queue: its admin queue
 * @table: the store's messages
 * @replays: for the table's replay
 * @parent: of its functions
 */
struct ims_nvme {
	struct pci_dev *pdev;
	struct mutex lock;
	bool gone;
	struct ims_nvme_queue queue;
	struct ims_table table;
	struct workqueue_struct *replays;
	struct ims_vfunc_parent *parent;
};

/**
 * struct ims_nvme_fn - a virtual function
 * @fn: first, as struct ims_vfunc_driver demands. Its lock guards what follows,
 *	the registers of ims_nvme.h
 * @revoking: carries out %IMS_NVME_COMMAND_REVOKE
 * @revoke_first: its range
 * @revoke_count: likewise
 * @revoke_rounds: its rounds
 * @stop: it is to end
 * @revoked: REVOKED
 * @first: FIRST
 * @count: COUNT
 * @rounds: ROUNDS
 * @status: STATUS
 * @fired: FIRED
 * @kept: KEPT
 * @refused: REFUSED
 * @signalled: SIGNALLED
 */
struct ims_nvme_fn {
	struct ims_vfunc fn;

	struct work_struct revoking;
	u32 revoke_first;
	u32 revoke_count;
	u32 revoke_rounds;
	bool stop;
	u32 revoked;

	u32 first;
	u32 count;
	u32 rounds;
	u32 status;
	u32 fired;
	u32 kept;
	u32 refused;
	u32 signalled;
};

/* queue.c; write and flush with nvme->lock held */
int ims_nvme_queue_init(struct ims_nvme_queue *queue, struct pci_dev *pdev);
void ims_nvme_queue_exit(struct ims_nvme_queue *queue, struct pci_dev *pdev);
int ims_nvme_queue_write(struct ims_nvme_queue *queue, u64 address,
			 u32 *written);
int ims_nvme_queue_flush(struct ims_nvme_queue *queue, u32 *written);

/* fire.c */
extern const struct ims_store_ops ims_nvme_store_ops;
void ims_nvme_replay(struct work_struct *work);
int ims_nvme_fire(struct ims_nvme_fn *fn);

/* function.c */
extern struct ims_vfunc_driver ims_nvme_fn_driver;

#endif /* IMS_NVME_NVME_H */
