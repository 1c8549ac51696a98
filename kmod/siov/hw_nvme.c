// SPDX-License-Identifier: GPL-2.0-only
/*
 * The admin queue of an NVMe controller, and the one command that is of use
 * here: Get Log Page of one dword writes four bytes anywhere. The first dword
 * of the error log of a controller that has had no error is zero; so can be the
 * data of all messages of Intel's interrupt remapping (hw_raise.c).
 *
 * Registers, queues and commands as in the NVM Express Base Specification.
 * Nothing of ours interrupts: completions are polled for.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>

#include "hw.h"

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

struct siov_nvme_command {
	__le32 dword0;
	__le32 namespace;
	__le64 reserved;
	__le64 metadata;
	__le64 prp1;
	__le64 prp2;
	__le32 dword10;
	__le32 dword11_15[5];
};

struct siov_nvme_completion {
	__le32 result;
	__le32 reserved;
	__le16 sq_head;
	__le16 sq_id;
	__le16 command_id;
	__le16 status;
};

static_assert(sizeof(struct siov_nvme_command) == 64);
static_assert(sizeof(struct siov_nvme_completion) == 16);

/* Take one completion if it is there: 1, 0, or -EIO for a failed command. */
static int siov_nvme_reap(struct siov_nvme *nvme)
{
	u16 status = le16_to_cpu(READ_ONCE(nvme->completions[nvme->head].status));

	if ((status & 1) != nvme->phase)
		return 0;

	nvme->outstanding--;
	if (++nvme->head == NVME_DEPTH) {
		nvme->head = 0;
		nvme->phase = !nvme->phase;
	}
	return status >> 1 ? -EIO : 1;
}

/**
 * siov_nvme_flush - tell the controller, and wait until it is done
 * @nvme: the controller
 *
 * Context: process context, with hw->lock held. May sleep.
 *
 * Return: 0; -EIO when a command failed; -ETIMEDOUT when the controller does not
 * answer, after which it is of no use before siov_nvme_start().
 */
int siov_nvme_flush(struct siov_nvme *nvme)
{
	unsigned long deadline = jiffies + NVME_TIMEOUT;
	int ret = 0, got;

	if (!nvme->outstanding)
		return 0;

	writel(nvme->tail, nvme->sq_doorbell);
	while (nvme->outstanding) {
		got = siov_nvme_reap(nvme);
		if (got < 0)
			ret = got;
		if (got)
			continue;
		if (time_after(jiffies, deadline))
			return -ETIMEDOUT;
		cond_resched();
		cpu_relax();
	}
	writel(nvme->head, nvme->cq_doorbell);
	return ret;
}

/**
 * siov_nvme_write - let the controller write four zero bytes
 * @nvme: the controller
 * @address: where, a DMA address
 *
 * Context: process context, with hw->lock held. May sleep: when the queue is full
 * it is flushed.
 *
 * Return: as siov_nvme_flush()
 */
int siov_nvme_write(struct siov_nvme *nvme, u64 address)
{
	int ret = 0;

	if (nvme->outstanding == NVME_DEPTH - 1)
		ret = siov_nvme_flush(nvme);
	if (ret)
		return ret;

	nvme->commands[nvme->tail] = (struct siov_nvme_command) {
		.dword0 = cpu_to_le32(NVME_GET_LOG_PAGE | nvme->tail << 16),
		.namespace = cpu_to_le32(NVME_ALL_NAMESPACES),
		.prp1 = cpu_to_le64(address),
		.dword10 = cpu_to_le32(NVME_LOG_ERROR),
	};
	nvme->tail = (nvme->tail + 1) % NVME_DEPTH;
	nvme->outstanding++;
	return 0;
}

/* Enable or disable the controller and wait until it is so. */
static int siov_nvme_enable(struct siov_nvme *nvme, bool enable)
{
	u32 cc = NVME_CC_IOSQES_64 | NVME_CC_IOCQES_16;
	u32 csts;
	int ret;

	writel(enable ? cc | NVME_CC_EN : cc, nvme->bar + NVME_REG_CC);
	ret = readl_poll_timeout(nvme->bar + NVME_REG_CSTS, csts,
				 !(csts & NVME_CSTS_RDY) != enable ||
				 csts & NVME_CSTS_CFS,
				 100, jiffies_to_usecs(NVME_TIMEOUT));
	if (!ret && enable && csts & NVME_CSTS_CFS)
		ret = -EIO;
	return ret;
}

/**
 * siov_nvme_start - begin with empty queues, after power-on or a reset
 * @nvme: the controller
 *
 * Context: process context, sleeps. Nobody uses the controller.
 *
 * Return: 0; -EIO or -ETIMEDOUT when the controller does not start
 */
int siov_nvme_start(struct siov_nvme *nvme)
{
	u64 cap;
	int ret;

	ret = siov_nvme_enable(nvme, false);
	if (ret)
		return ret;
	nvme->tail = 0;
	nvme->head = 0;
	nvme->phase = true;
	nvme->outstanding = 0;
	memset(nvme->completions, 0,
	       array_size(NVME_DEPTH, sizeof(*nvme->completions)));

	cap = lo_hi_readq(nvme->bar + NVME_REG_CAP);
	nvme->sq_doorbell = nvme->bar + NVME_REG_DOORBELLS;
	nvme->cq_doorbell = nvme->sq_doorbell + (4U << NVME_CAP_DSTRD(cap));
	writel(U32_MAX, nvme->bar + NVME_REG_INTMS);
	writel((NVME_DEPTH - 1) << 16 | (NVME_DEPTH - 1),
	       nvme->bar + NVME_REG_AQA);
	lo_hi_writeq(nvme->commands_dma, nvme->bar + NVME_REG_ASQ);
	lo_hi_writeq(nvme->completions_dma, nvme->bar + NVME_REG_ACQ);
	return siov_nvme_enable(nvme, true);
}

/**
 * siov_nvme_init - take the controller into use
 * @nvme: to be initialised
 * @pdev: the controller; enabled, its regions requested
 *
 * Context: probe. Sleeps.
 *
 * Return: 0 or a negative errno
 */
int siov_nvme_init(struct siov_nvme *nvme, struct pci_dev *pdev)
{
	int ret;

	nvme->bar = pci_iomap(pdev, 0, 0);
	if (!nvme->bar)
		return -ENOMEM;

	ret = -ENOMEM;
	nvme->commands = dma_alloc_coherent(&pdev->dev,
			array_size(NVME_DEPTH, sizeof(*nvme->commands)),
			&nvme->commands_dma, GFP_KERNEL);
	if (!nvme->commands)
		goto err_unmap;
	nvme->completions = dma_alloc_coherent(&pdev->dev,
			array_size(NVME_DEPTH, sizeof(*nvme->completions)),
			&nvme->completions_dma, GFP_KERNEL);
	if (!nvme->completions)
		goto err_free_commands;

	pci_set_master(pdev);
	ret = siov_nvme_start(nvme);
	if (ret)
		goto err_clear_master;
	return 0;

err_clear_master:
	pci_clear_master(pdev);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*nvme->completions)),
			  nvme->completions, nvme->completions_dma);
err_free_commands:
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*nvme->commands)),
			  nvme->commands, nvme->commands_dma);
err_unmap:
	pci_iounmap(pdev, nvme->bar);
	return ret;
}

/**
 * siov_nvme_exit - give the controller back
 * @nvme: the controller
 * @pdev: the same
 *
 * Context: probe's failure path or remove. Sleeps.
 */
void siov_nvme_exit(struct siov_nvme *nvme, struct pci_dev *pdev)
{
	if (siov_nvme_enable(nvme, false))
		pci_warn(pdev, "does not stop\n");
	pci_clear_master(pdev);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*nvme->completions)),
			  nvme->completions, nvme->completions_dma);
	dma_free_coherent(&pdev->dev,
			  array_size(NVME_DEPTH, sizeof(*nvme->commands)),
			  nvme->commands, nvme->commands_dma);
	pci_iounmap(pdev, nvme->bar);
}
