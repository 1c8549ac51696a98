// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu's hardware: factorials, and DMA that writes a message.
 *
 * The register layout is QEMU's (docs/specs/edu.rst there). Registers below
 * 0x80 are accessed by 4 bytes, the DMA registers by 4 or 8. edu has one unit
 * for factorials and one for DMA; a DMA takes it about 100 ms. It cannot be
 * aborted.
 *
 * edu's own MSI is ours and tells that something is finished. What that is the
 * busy bits tell: waiting means to look at them after each interrupt, so that
 * one that is late, early or lost does no more harm than to cost time.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/sizes.h>

#include "edu.h"

#define EDU_REG_ID		0x00
#define   EDU_ID_MASK		  0x0000ffff
#define   EDU_ID		  0x000000ed
#define EDU_REG_LIVENESS	0x04
#define EDU_REG_FACTORIAL	0x08
#define EDU_REG_STATUS		0x20
#define   EDU_STATUS_COMPUTING	  BIT(0)
#define   EDU_STATUS_IRQ	  BIT(7)
#define EDU_REG_IRQ_STATUS	0x24
#define EDU_REG_IRQ_ACK		0x64
#define EDU_REG_DMA_SRC		0x80
#define EDU_REG_DMA_DST		0x88
#define EDU_REG_DMA_COUNT	0x90
#define EDU_REG_DMA_CMD		0x98
#define   EDU_DMA_RUN		  BIT(0)
#define   EDU_DMA_TO_RAM	  BIT(1)
#define   EDU_DMA_IRQ		  BIT(2)

/* Where edu's buffer is in the addresses that its DMA registers take */
#define EDU_BUFFER		0x40000

/* Longest that edu may take for anything */
#define EDU_TIMEOUT		(2 * HZ)

static irqreturn_t ims_edu_engine_irq(int irq, void *arg)
{
	struct ims_edu_engine *engine = arg;
	u32 status = readl(engine->bar + EDU_REG_IRQ_STATUS);

	if (!status)
		return IRQ_NONE;

	writel(status, engine->bar + EDU_REG_IRQ_ACK);
	complete(&engine->event);
	return IRQ_HANDLED;
}

/* Wait until @busy is clear in register @reg: 0 or -ETIMEDOUT. */
static int ims_edu_engine_wait(struct ims_edu_engine *engine, u32 reg, u32 busy)
{
	unsigned long left = EDU_TIMEOUT;

	while (readl(engine->bar + reg) & busy) {
		if (!left)
			return -ETIMEDOUT;
		left = wait_for_completion_timeout(&engine->event, left);
	}
	return 0;
}

/**
 * ims_edu_engine_begin - have the hardware for oneself
 * @edu: the device
 *
 * Context: process context. Sleeps until whoever has it calls
 * ims_edu_engine_end(): for seconds at most, or as long as edu sleeps.
 */
void ims_edu_engine_begin(struct ims_edu *edu)
{
	down(&edu->engine.turn);
}

/**
 * ims_edu_engine_end - counterpart of ims_edu_engine_begin()
 * @edu: the device
 *
 * Context: any task, not only the one that began.
 */
void ims_edu_engine_end(struct ims_edu *edu)
{
	up(&edu->engine.turn);
}

/**
 * ims_edu_engine_factorial - let edu compute a factorial
 * @edu: the device
 * @n: of what
 * @result: 32 low bits of the result
 *
 * Context: between ims_edu_engine_begin() and ims_edu_engine_end(). Sleeps, for
 * seconds at most.
 *
 * Return: 0; -ENODEV when the device is being removed; -ETIMEDOUT when it does
 * not answer, or has not since an earlier time-out.
 */
int ims_edu_engine_factorial(struct ims_edu *edu, u32 n, u32 *result)
{
	struct ims_edu_engine *engine = &edu->engine;
	int ret;

	if (ims_edu_gone(edu))
		return -ENODEV;
	if (readl(engine->bar + EDU_REG_STATUS) & EDU_STATUS_COMPUTING)
		return -ETIMEDOUT;

	reinit_completion(&engine->event);
	writel(n, engine->bar + EDU_REG_FACTORIAL);
	ret = ims_edu_engine_wait(engine, EDU_REG_STATUS, EDU_STATUS_COMPUTING);
	if (ret)
		return ret;

	*result = readl(engine->bar + EDU_REG_FACTORIAL);
	return 0;
}

/* Copy one word between RAM and edu's buffer. Both ends are bus addresses. */
static int ims_edu_engine_dma(struct ims_edu *edu, u32 src, u32 dst, u32 cmd)
{
	struct ims_edu_engine *engine = &edu->engine;

	if (ims_edu_gone(edu))
		return -ENODEV;
	if (readl(engine->bar + EDU_REG_DMA_CMD) & EDU_DMA_RUN)
		return -ETIMEDOUT;

	reinit_completion(&engine->event);
	writel(src, engine->bar + EDU_REG_DMA_SRC);
	writel(dst, engine->bar + EDU_REG_DMA_DST);
	writel(sizeof(*engine->word), engine->bar + EDU_REG_DMA_COUNT);
	writel(cmd | EDU_DMA_RUN | EDU_DMA_IRQ, engine->bar + EDU_REG_DMA_CMD);
	return ims_edu_engine_wait(engine, EDU_REG_DMA_CMD, EDU_DMA_RUN);
}

/* Have @data in edu's buffer. */
static int ims_edu_engine_load(struct ims_edu *edu, u32 data)
{
	struct ims_edu_engine *engine = &edu->engine;
	int ret;

	if (engine->loaded && *engine->word == cpu_to_le32(data))
		return 0;

	engine->loaded = false;
	*engine->word = cpu_to_le32(data);
	ret = ims_edu_engine_dma(edu, engine->word_dma, EDU_BUFFER, 0);
	if (ret)
		return ret;

	engine->loaded = true;
	return 0;
}

/**
 * ims_edu_engine_message - let edu write one word to memory
 * @edu: the device
 * @address: bus address
 * @data: the word
 *
 * A word that is the same as the time before costs one DMA, another one two.
 * (Messages of Intel's interrupt remapping all have data 0.)
 *
 * Context: between ims_edu_engine_begin() and ims_edu_engine_end(). Sleeps, for
 * seconds at most.
 *
 * Return: 0; -ENODEV when the device is being removed; -ETIMEDOUT when it does
 * not answer, or has not since an earlier time-out; -EFAULT when it cannot
 * reach @address.
 */
int ims_edu_engine_message(struct ims_edu *edu, u64 address, u32 data)
{
	int ret;

	if (upper_32_bits(address))
		return -EFAULT;

	ret = ims_edu_engine_load(edu, data);
	if (ret)
		return ret;
	return ims_edu_engine_dma(edu, EDU_BUFFER, address, EDU_DMA_TO_RAM);
}

/* Take a word from one end, write it to the other, see if it has arrived. */
static int ims_edu_engine_try(struct ims_edu *edu, __le32 *src,
			      dma_addr_t src_dma, __le32 *dst,
			      dma_addr_t dst_dma)
{
	struct device *dev = &edu->pdev->dev;
	int ret;

	*src = cpu_to_le32(0x1a5e5eed);
	*dst = 0;
	ret = ims_edu_engine_dma(edu, src_dma, EDU_BUFFER, 0);
	if (!ret)
		ret = ims_edu_engine_dma(edu, EDU_BUFFER, dst_dma,
					 EDU_DMA_TO_RAM);
	if (ret) {
		dev_err(dev, "DMA does not finish\n");
	} else if (*dst != *src) {
		dev_err(dev, "DMA does not reach 32 bits: start QEMU with -device edu,dma_mask=0xffffffff\n");
		ret = -EIO;
	}
	return ret;
}

/* The same with @size bytes beyond 28 bits and below: 1 if these are not had. */
static int ims_edu_engine_try_size(struct ims_edu *edu, size_t size)
{
	struct device *dev = &edu->pdev->dev;
	const gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	dma_addr_t low_dma, high_dma;
	__le32 *low, *high;
	int ret;

	high = dma_alloc_coherent(dev, size, &high_dma, gfp);
	if (!high)
		return 1;
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(28));
	if (ret)
		goto out_free_high;
	low = dma_alloc_coherent(dev, size, &low_dma, gfp);
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		goto out_free_low;

	ret = 1;
	if (low && high_dma > DMA_BIT_MASK(28))
		ret = ims_edu_engine_try(edu, high, high_dma, low, low_dma);

out_free_low:
	if (low)
		dma_free_coherent(dev, size, low, low_dma);
out_free_high:
	dma_free_coherent(dev, size, high, high_dma);
	return ret;
}

/*
 * QEMU's edu cuts DMA addresses to 28 bits unless it is told otherwise, and a
 * message so cut would be written into somebody's memory. Reading from a cut
 * address is harmless: copy a word from beyond 28 bits to below.
 *
 * The DMA API has no way to ask for addresses beyond 28 bits. An IOMMU's are
 * given out from the top, unless smaller blocks than the first were freed
 * before; those of memory itself are best had in small blocks.
 */
static int ims_edu_engine_selftest(struct ims_edu *edu)
{
	int ret;

	ret = ims_edu_engine_try_size(edu, SZ_256K);
	if (ret > 0)
		ret = ims_edu_engine_try_size(edu, SZ_4K);
	if (ret > 0) {
		dev_warn(&edu->pdev->dev, "cannot test how far DMA reaches; QEMU must have been started with -device edu,dma_mask=0xffffffff\n");
		ret = 0;
	}
	return ret;
}

static int ims_edu_engine_identify(struct ims_edu *edu)
{
	struct ims_edu_engine *engine = &edu->engine;
	const u32 pattern = 0x600df00d;
	u32 id;

	id = readl(engine->bar + EDU_REG_ID);
	writel(pattern, engine->bar + EDU_REG_LIVENESS);
	if ((id & EDU_ID_MASK) != EDU_ID ||
	    readl(engine->bar + EDU_REG_LIVENESS) != ~pattern) {
		dev_err(&edu->pdev->dev, "not an edu device (id %#010x)\n", id);
		return -ENODEV;
	}
	return 0;
}

/**
 * ims_edu_engine_init - take edu's hardware into use
 * @edu: the device; enabled, its regions requested
 *
 * Context: probe. Sleeps.
 *
 * Return: 0 or a negative errno.
 */
int ims_edu_engine_init(struct ims_edu *edu)
{
	struct ims_edu_engine *engine = &edu->engine;
	struct pci_dev *pdev = edu->pdev;
	int ret;

	sema_init(&engine->turn, 1);
	init_completion(&engine->event);

	engine->bar = pci_iomap(pdev, 0, 0);
	if (!engine->bar)
		return -ENOMEM;
	ret = ims_edu_engine_identify(edu);
	if (ret)
		goto err_unmap;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		goto err_unmap;
	engine->word = dma_alloc_coherent(&pdev->dev, sizeof(*engine->word),
					  &engine->word_dma, GFP_KERNEL);
	if (!engine->word) {
		ret = -ENOMEM;
		goto err_unmap;
	}

	engine->queue = alloc_ordered_workqueue("ims_edu/%s", 0,
						pci_name(pdev));
	if (!engine->queue) {
		ret = -ENOMEM;
		goto err_free_word;
	}

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		goto err_destroy_queue;
	engine->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(engine->irq, ims_edu_engine_irq, 0,
			  dev_name(&pdev->dev), engine);
	if (ret)
		goto err_free_vectors;

	pci_set_master(pdev);
	writel(EDU_STATUS_IRQ, engine->bar + EDU_REG_STATUS);

	ret = ims_edu_engine_selftest(edu);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	writel(0, engine->bar + EDU_REG_STATUS);
	pci_clear_master(pdev);
	free_irq(engine->irq, engine);
err_free_vectors:
	pci_free_irq_vectors(pdev);
err_destroy_queue:
	destroy_workqueue(engine->queue);
err_free_word:
	dma_free_coherent(&pdev->dev, sizeof(*engine->word), engine->word,
			  engine->word_dma);
err_unmap:
	pci_iounmap(pdev, engine->bar);
	return ret;
}

/**
 * ims_edu_engine_restart - take edu's hardware into use again
 * @edu: the device, after it slept or was reset; its configuration space is
 *	restored
 *
 * Context: nobody else has the hardware.
 *
 * Return: 0, or -ENODEV when edu does not answer.
 */
int ims_edu_engine_restart(struct ims_edu *edu)
{
	struct ims_edu_engine *engine = &edu->engine;
	int ret;

	ret = ims_edu_engine_identify(edu);
	if (ret)
		return ret;
	engine->loaded = false;
	writel(EDU_STATUS_IRQ, engine->bar + EDU_REG_STATUS);
	return 0;
}

/**
 * ims_edu_engine_exit - give edu's hardware back
 * @edu: the device; nobody queues work any more
 *
 * Context: probe's failure path or remove. Sleeps.
 */
void ims_edu_engine_exit(struct ims_edu *edu)
{
	struct ims_edu_engine *engine = &edu->engine;
	struct pci_dev *pdev = edu->pdev;

	destroy_workqueue(engine->queue);

	/* A DMA that timed out may still be under way: it must not get far. */
	writel(0, engine->bar + EDU_REG_STATUS);
	pci_clear_master(pdev);

	free_irq(engine->irq, engine);
	pci_free_irq_vectors(pdev);
	dma_free_coherent(&pdev->dev, sizeof(*engine->word), engine->word,
			  engine->word_dma);
	pci_iounmap(pdev, engine->bar);
}
