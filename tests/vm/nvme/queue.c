// SPDX-License-Identifier: GPL-2.0-only
/*
 * The admin queue of an NVMe controller, and the one command that is of use
 * here: Get Log Page of one dword writes four bytes anywhere. The first dword
 * of the error log of a controller that has had no error is zero; so can be the
 * data of all messages of Intel's interrupt remapping (fire.c).
 *
 * Registers, queues and commands as in the NVM Express Base Specification.
 * Nothing of ours interrupts: completions are polled for.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>

#include "nvme.h"

#define NVME_REG_CAP		0x00
#define   NVME_CAP_DSTRD(cap)	  (((cap) >> 32) & 0xf)
#define NVME_REG_INTMS		0x0c
#define NVME_REG_CC		0x14
#define   NVME_CC_EN		  BIT(0)
#define   NVME_CC_IOSQES_64	  (6U << 16)
#define   NVME_CC_IOCQES_16	  (4U << 20)
#define NVME_REG_CSTS		0x1c
#define   NVME_CSTS_RDY		  BIT(0)
#define   NVME_CSTS_CFS		  BIT(1)
#define NVME_REG_AQA		0x24
#define NVME_REG_ASQ		0x28
#define NVME_REG_ACQ		0x30
#define NVME_REG_DOORBELLS	0x1000

#define NVME_GET_LOG_PAGE	0x02
#define NVME_LOG_ERROR		0x01
#define NVME_ALL_NAMESPACES	0xffffffff

/* Entries of both queues; one is always free. */
#define NVME_DEPTH		1024

/* Far more than it takes: a machine that is slow is not a broken one. */
#define NVME_TIMEOUT		(60 * HZ)

struct ims_nvme_command_entry {
	__le32 dword0;
	__le32 namespace;
	__le64 reserved;
	__le64 metadata;
	__le64 prp1;
	__le64 prp2;
	__le32 dword10;
	__le32 dword11_15[5];
};

struct ims_nvme_completion {
	__le32 result;
	__le32 reserved;
	__le16 sq_head;
	__le16 sq_id;
	__le16 command_id;
	__le16 status;
};

static_assert(sizeof(struct ims_nvme_command_entry) == 64);
static_assert(sizeof(struct ims_nvme_completion) == 16);

/* Take one completion if it is there: 1, 0, or -EIO for a failed command. */
static int ims_nvme_queue_reap(struct ims_nvme_queue *queue)
{
	u16 status = le16_to_cpu(READ_ONCE(queue->completions[queue->head].status));

	if ((status & 1) != queue->phase)
		return 0;

	queue->outstanding--;
	if (++queue->head == NVME_DEPTH) {
		queue->head = 0;
		queue->phase = !queue->phase;
	}
	return status >> 1 ? -EIO : 1;
}

/**
 * ims_nvme_queue_flush - tell the controller, and wait until it is done
 * @queue: the queue
 * @written: increased by the commands that succeeded
 *
 * Context: process context, with nvme->lock held. May sleep.
 *
 * Return: 0; -EIO when a command failed; -ETIMEDOUT when the controller does not
 * answer, after which the queue is of no use any more.
 */
int ims_nvme_queue_flush(struct ims_nvme_queue *queue, u32 *written)
{
	unsigned long deadline = jiffies + NVME_TIMEOUT;
	int ret = 0, got;

	if (!queue->outstanding)
		return 0;

	writel(queue->tail, queue->sq_doorbell);
	while (queue->outstanding) {
		got = ims_nvme_queue_reap(queue);
		if (got > 0) {
			++*written;
		} else if (got < 0) {
			ret = got;
		} else if (time_after(jiffies, deadline)) {
			return -ETIMEDOUT;
		} else {
			cond_resched();
			cpu_relax();
		}
	}
	writel(queue->head, queue->cq_doorbell);
	return ret;
}

/**
 * ims_nvme_queue_write - let the controller write four zero bytes
 * @queue: the queue
 * @address: where, a DMA address
 * @written: as for ims_nvme_queue_flush(), which is called when the queue is full
 *
 * Context: process context, with nvme->lock held. May sleep.
 *
 * Return: as ims_nvme_queue_flush()
 */
int ims_nvme_queue_write(struct ims_nvme_queue *queue, u64 address,
			 u32 *written)
{
	int ret = 0;

	if (queue->outstanding == NVME_DEPTH - 1)
		ret = ims_nvme_queue_flush(queue, written);
	if (ret)
		return ret;

	queue->commands[queue->tail] = (struct ims_nvme_command_entry) {
		.dword0 = cpu_to_le32(NVME_GET_LOG_PAGE | queue->tail << 16),
		.namespace = cpu_to_le32(NVME_ALL_NAMESPACES),
		.prp1 = cpu_to_le64(address),
		.dword10 = cpu_to_le32(NVME_LOG_ERROR),
	};
	queue->tail = (queue->tail + 1) % NVME_DEPTH;
	queue->outstanding++;
	return 0;
}

/* Enable or disable the controller and wait until it is so. */
static int ims_nvme_queue_enable(struct ims_nvme_queue *queue, bool enable)
{
	u32 cc = NVME_CC_IOSQES_64 | NVME_CC_IOCQES_16;
	u32 csts;
	int ret;

	writel(enable ? cc | NVME_CC_EN : cc, queue->bar + NVME_REG_CC);
	ret = readl_poll_timeout(queue->bar + NVME_REG_CSTS, csts,
				 !(csts & NVME_CSTS_RDY) != enable ||
				 csts & NVME_CSTS_CFS,
				 100, jiffies_to_usecs(NVME_TIMEOUT));
	if (!ret && enable && csts & NVME_CSTS_CFS)
		ret = -EIO;
	return ret;
}

/**
 * ims_nvme_queue_init - take the controller into use
 * @queue: to be initialised
 * @pdev: the controller; enabled, its regions requested
 *
 * Context: probe. Sleeps.
 *
 * Return: 0 or a negative errno
 */
int ims_nvme_queue_init(struct ims_nvme_queue *queue, struct pci_dev *pdev)
{
	u64 cap;
	int ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	queue->bar = pci_iomap(pdev, 0, 0);
	if (!queue->bar)
		return -ENOMEM;

	ret = -ENOMEM;
	queue->commands = dma_alloc_coherent(&pdev->dev,
			array_size(NVME_DEPTH, sizeof(*queue->commands)),
			&queue->commands_dma, GFP_KERNEL);
	if (!queue->commands)
		goto err_unmap;
	queue->completions = dma_alloc_coherent(&pdev->dev,
			array_size(NVME_DEPTH, sizeof(*queue->completions)),
			&queue->completions_dma, GFP_KERNEL);
	if (!queue->completions)
		goto err_free_commands;
	queue->phase = true;

	pci_set_master(pdev);
	ret = ims_nvme_queue_enable(queue, false);
	if (ret)
		goto err_clear_master;
	cap = lo_hi_readq(queue->bar + NVME_REG_CAP);
	queue->sq_doorbell = queue->bar + NVME_REG_DOORBELLS;
	queue->cq_doorbell = queue->sq_doorbell + (4U << NVME_CAP_DSTRD(cap));
	writel(U32_MAX, queue->bar + NVME_REG_INTMS);
	writel((NVME_DEPTH - 1) << 16 | (NVME_DEPTH - 1),
	       queue->bar + NVME_REG_AQA);
	lo_hi_writeq(queue->commands_dma, queue->bar + NVME_REG_ASQ);
	lo_hi_writeq(queue->completions_dma, queue->bar + NVME_REG_ACQ);
	ret = ims_nvme_queue_enable(queue, true);
	if (ret)
		goto err_clear_master;
	return 0;

err_clear_master:
	pci_clear_master(pdev);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*queue->completions)),
			  queue->completions, queue->completions_dma);
err_free_commands:
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*queue->commands)),
			  queue->commands, queue->commands_dma);
err_unmap:
	pci_iounmap(pdev, queue->bar);
	return ret;
}

/**
 * ims_nvme_queue_exit - give the controller back
 * @queue: the queue
 * @pdev: the controller
 *
 * Context: probe's failure path or remove. Sleeps.
 */
void ims_nvme_queue_exit(struct ims_nvme_queue *queue, struct pci_dev *pdev)
{
	if (ims_nvme_queue_enable(queue, false))
		pci_warn(pdev, "does not stop\n");
	pci_clear_master(pdev);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*queue->completions)),
			  queue->completions, queue->completions_dma);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*queue->commands)),
			  queue->commands, queue->commands_dma);
	pci_iounmap(pdev, queue->bar);
}
