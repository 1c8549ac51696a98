// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The PCI driver: BARs, one interrupt for each MSI-X vector, reset.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>

#include "guestdrv.h"
#include <linux/ims_edu.h>
#include <linux/ims_siov.h>

static irqreturn_t gd_handler(int irq, void *data)
{
	struct gd_vector *v = data;
	struct gd *gd = v->gd;

	atomic_inc(&v->count);
	if (atomic_xchg(&v->outstanding, 0))
		atomic_inc(&v->came);
	if (v == &gd->vector[0] && gd->ops->vector0)
		gd->ops->vector0(gd);
	wake_up(&gd->wait);
	return IRQ_HANDLED;
}

static void gd_free_irqs(struct gd *gd, unsigned int count)
{
	while (count--)
		free_irq(gd->vector[count].irq, &gd->vector[count]);
	pci_free_irq_vectors(gd->pdev);
}

static int gd_request_irqs(struct gd *gd)
{
	unsigned int i;
	int ret;

	ret = pci_alloc_irq_vectors(gd->pdev, gd->vectors, gd->vectors, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	for (i = 0; i < gd->vectors; i++) {
		struct gd_vector *v = &gd->vector[i];

		v->gd = gd;
		v->irq = pci_irq_vector(gd->pdev, i);
		/* disable_irq() masks the vector at once. */
		irq_set_status_flags(v->irq, IRQ_DISABLE_UNLAZY);
		snprintf(v->name, sizeof(v->name), "guestdrv-%u", i);
		ret = request_irq(v->irq, gd_handler, 0, v->name, v);
		if (ret) {
			gd_free_irqs(gd, i);
			return ret;
		}
	}
	return 0;
}

static int gd_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int ret, vectors = pci_msix_vec_count(pdev);
	struct gd *gd;

	if (vectors < 2)
		return vectors < 0 ? vectors : -ENODEV;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	gd = devm_kzalloc(&pdev->dev, struct_size(gd, vector, vectors), GFP_KERNEL);
	if (!gd)
		return -ENOMEM;
	gd->vectors = vectors;
	gd->pdev = pdev;
	gd->ops = (const struct gd_ops *)id->driver_data;
	mutex_init(&gd->lock);
	init_waitqueue_head(&gd->wait);
	gd->regs = pcim_iomap(pdev, 0, 0);
	if (!gd->regs)
		return -ENOMEM;
	if (gd->ops == &gd_siov_ops) {
		gd->portal = pcim_iomap(pdev, 2, 0);
		if (!gd->portal)
			return -ENOMEM;
	}
	pci_set_master(pdev);
	pci_set_drvdata(pdev, gd);

	ret = gd_request_irqs(gd);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no %d interrupts\n", vectors);
	mutex_lock(&gd->lock);
	ret = gd->ops->start(gd);
	mutex_unlock(&gd->lock);
	if (ret) {
		gd_free_irqs(gd, gd->vectors);
		return dev_err_probe(&pdev->dev, ret, "the device does not start\n");
	}
	return 0;
}

static void gd_remove(struct pci_dev *pdev)
{
	struct gd *gd = pci_get_drvdata(pdev);

	gd_load_stop(gd);
	gd_free_irqs(gd, gd->vectors);
}

/* A reset that the administrator wants: nobody uses the device meanwhile. */
static void gd_reset_prepare(struct pci_dev *pdev)
{
	struct gd *gd = pci_get_drvdata(pdev);

	mutex_lock(&gd->lock);
}

static void gd_reset_done(struct pci_dev *pdev)
{
	struct gd *gd = pci_get_drvdata(pdev);

	if (gd->ops->start(gd))
		pci_err(pdev, "does not start after a reset\n");
	mutex_unlock(&gd->lock);
}

static const struct pci_error_handlers gd_err_handler = {
	.reset_prepare = gd_reset_prepare,
	.reset_done = gd_reset_done,
};

static const struct pci_device_id gd_ids[] = {
	{ PCI_DEVICE(IMS_EDU_PCI_VENDOR_ID, IMS_EDU_PCI_DEVICE_ID),
	  .driver_data = (kernel_ulong_t)&gd_edu_ops },
	{ PCI_DEVICE(IMS_SIOV_PCI_VENDOR_ID, IMS_SIOV_PCI_DEVICE_ID),
	  .driver_data = (kernel_ulong_t)&gd_siov_ops },
	{ }
};
MODULE_DEVICE_TABLE(pci, gd_ids);

static struct pci_driver gd_driver = {
	.name = "guestdrv",
	.id_table = gd_ids,
	.probe = gd_probe,
	.remove = gd_remove,
	.err_handler = &gd_err_handler,
	.dev_groups = gd_groups,
};
module_pci_driver(gd_driver);

MODULE_DESCRIPTION("A guest's driver of functions whose interrupts an IMS backs");
MODULE_LICENSE("GPL");
