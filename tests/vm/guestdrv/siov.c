// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function of ims_siov.ko (linux/ims_siov.h): descriptors are written to a page of
 * the device, and name a vector by a handle that the device gives, and can take away.
 */
#include <linux/delay.h>
#include <linux/io.h>

#include "guestdrv.h"
#include <linux/ims_siov.h>

static int gd_siov_command(struct gd *gd, u32 which, u32 argument, u32 *result)
{
	u32 status;

	iowrite32(argument, gd->regs + IMS_SIOV_REG_ARGUMENT);
	iowrite32(which, gd->regs + IMS_SIOV_REG_COMMAND);
	status = ioread32(gd->regs + IMS_SIOV_REG_COMMAND_STATUS);
	if (status) {
		pci_err(gd->pdev, "command %u, argument %u: error %u\n", which, argument, status);
		return -EIO;
	}
	if (result)
		*result = ioread32(gd->regs + IMS_SIOV_REG_COMMAND_RESULT);
	return 0;
}

static int gd_siov_request_handles(struct gd *gd)
{
	unsigned int i;
	int ret;

	for (i = 1; i < gd->vectors; i++) {
		ret = gd_siov_command(gd, IMS_SIOV_COMMAND_REQUEST_INT_HANDLE, i,
				      &gd->vector[i].handle);
		if (ret)
			return ret;
	}
	return 0;
}

static u32 gd_siov_sum(struct gd *gd)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 1; i < gd->vectors; i++)
		sum += atomic_read(&gd->vector[i].came);
	return sum;
}

static int gd_siov_start(struct gd *gd)
{
	int ret;

	if (ioread32(gd->regs + IMS_SIOV_REG_ID) != IMS_SIOV_ID)
		return -ENODEV;
	ret = gd_siov_command(gd, IMS_SIOV_COMMAND_RESET, 0, NULL);
	if (!ret)
		ret = gd_siov_request_handles(gd);
	if (!ret)
		ret = gd_siov_command(gd, IMS_SIOV_COMMAND_ENABLE, 0, NULL);
	gd->next = 0;
	gd->sum = gd_siov_sum(gd);
	return ret;
}

static int gd_siov_raise(struct gd *gd, unsigned int vector)
{
	void __iomem *d = gd->portal + gd->next * sizeof(struct ims_siov_desc);
	unsigned long end = jiffies + GD_PATIENCE;
	unsigned int at;

	while (ioread32(d)) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		usleep_range(100, 1000);
	}
	for (at = 4; at < sizeof(struct ims_siov_desc); at += 4)
		iowrite32(0, d + at);
	iowrite32(gd->vector[vector].handle, d + offsetof(struct ims_siov_desc, handle));
	iowrite32(IMS_SIOV_OPERATION_NOP | IMS_SIOV_DESC_INTERRUPT | IMS_SIOV_DESC_VALID, d);
	gd->next = (gd->next + 1) % IMS_SIOV_PORTAL_ENTRIES;
	return 0;
}

static u32 gd_siov_done(struct gd *gd)
{
	return ioread32(gd->regs + IMS_SIOV_REG_INTERRUPTS);
}

/*
 * Handles were taken away: request new ones. Descriptors with an old one have failed,
 * and the device tells how many, not which: when all that it did raise has come, those
 * of the vectors that still wait are the ones. Nobody may trigger vectors, or move
 * their interrupts, meanwhile.
 */
static int gd_siov_recover(struct gd *gd)
{
	unsigned int i;
	u32 raised;
	int ret;

	do {
		ret = gd_siov_request_handles(gd);
		if (!ret)
			ret = gd_siov_command(gd, IMS_SIOV_COMMAND_DRAIN, 0, NULL);
		if (ret)
			return ret;
		raised = gd_siov_done(gd);
		if (!wait_event_timeout(gd->wait, atomic_read(&gd->trouble) ||
					gd_siov_sum(gd) - gd->sum == raised, GD_PATIENCE))
			return -ETIMEDOUT;
	} while (atomic_xchg(&gd->trouble, 0));

	for (i = 1; i < gd->vectors && !ret; i++)
		if (atomic_read(&gd->vector[i].outstanding))
			ret = gd_siov_raise(gd, i);
	return ret;
}

static void gd_siov_vector0(struct gd *gd)
{
	u32 cause = ioread32(gd->regs + IMS_SIOV_REG_INTCAUSE);

	iowrite32(cause, gd->regs + IMS_SIOV_REG_INTCAUSE);
	if (cause & (IMS_SIOV_INTCAUSE_HANDLE_REVOKED | IMS_SIOV_INTCAUSE_ERROR))
		atomic_set(&gd->trouble, 1);
}

const struct gd_ops gd_siov_ops = {
	.start = gd_siov_start,
	.raise = gd_siov_raise,
	.done = gd_siov_done,
	.recover = gd_siov_recover,
	.vector0 = gd_siov_vector0,
};
