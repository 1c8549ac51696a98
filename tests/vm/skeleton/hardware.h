/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device of ims_skeleton.ko. QEMU's ivshmem has memory and nothing else, so
 * hardware.c does what an accelerator would do by itself. A driver of real
 * hardware has nothing like it.
 */
#ifndef IMS_SKELETON_HARDWARE_H
#define IMS_SKELETON_HARDWARE_H

#include <linux/bits.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct pci_dev;

/* The array of messages in BAR 2, an entry: */
#define HW_BAR			2
#define HW_SLOTS		256
#define HW_STRIDE		16
#define HW_ADDRESS		0
#define HW_DATA			8
#define HW_CONTROL		12
#define   HW_CONTROL_MASK	  BIT(0)
#define   HW_CONTROL_PENDING	  BIT(1)
#define   HW_CONTROL_IGNORE	  BIT(2)
#define   HW_CONTROL_CHECK	  BIT(3)	/* the PASID */
#define   HW_PASID_SHIFT	  12
#define   HW_PASID_WIDTH	  20

/**
 * struct hardware - what such a device has inside
 * @pdev: the device
 * @entries: the array
 * @pending: slots that were to be raised while they were masked
 * @replay: raises these when they are unmasked
 */
struct hardware {
	struct pci_dev *pdev;
	void __iomem *entries;
	DECLARE_BITMAP(pending, HW_SLOTS);
	struct delayed_work replay;
};

int hardware_init(struct hardware *hw, struct pci_dev *pdev,
		  void __iomem *entries);
int hardware_fire(struct hardware *hw, u32 slot, u32 pasid);
void hardware_off(struct hardware *hw);
void hardware_on(struct hardware *hw);
void hardware_drain(struct hardware *hw, u32 pasid);

#endif /* IMS_SKELETON_HARDWARE_H */
