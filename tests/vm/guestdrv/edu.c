// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A work queue of ims_edu.ko (linux/ims_edu.h): a work item ends in the interrupt of
 * the vector that it names.
 */
#include <linux/delay.h>
#include <linux/io.h>

#include "guestdrv.h"
#include <linux/ims_edu.h>

static int gd_edu_start(struct gd *gd)
{
	return ioread32(gd->regs + IMS_EDU_REG_ID) == IMS_EDU_ID ? 0 : -ENODEV;
}

static int gd_edu_raise(struct gd *gd, unsigned int vector)
{
	u32 status;

	for (;;) {
		iowrite32(vector % (IMS_EDU_WORK_N_MAX + 1), gd->regs + IMS_EDU_REG_WORK_N);
		iowrite32(vector, gd->regs + IMS_EDU_REG_WORK_SUBMIT);
		status = ioread32(gd->regs + IMS_EDU_REG_WORK_STATUS);
		if (status != IMS_EDU_ERR_QUEUE_FULL)
			break;
		msleep(20);
	}
	if (!status)
		return 0;
	pci_err(gd->pdev, "vector %u: error %u of work\n", vector, status);
	return -EIO;
}

/* All that was raised has come, so each item has been computed. */
static u32 gd_edu_done(struct gd *gd)
{
	return ioread32(gd->regs + IMS_EDU_REG_COMPLETED);
}

const struct gd_ops gd_edu_ops = {
	.start = gd_edu_start,
	.raise = gd_edu_raise,
	.done = gd_edu_done,
};
