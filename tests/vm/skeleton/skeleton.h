/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_skeleton.ko:
 *
 *	skeleton.c	all that has to do with interrupts
 *	vfio.c		a VFIO device as small as can be, by way of mdev. Drivers
 *			have one already
 *	hardware.c	what a real device does by itself
 */
#ifndef IMS_SKELETON_H
#define IMS_SKELETON_H

#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

#include <linux/vfio_pci_ims.h>

#include "hardware.h"
#include "registers.h"

/**
 * struct skel - the PCI device
 * @store: its interrupt message store
 * @hw: what it does
 * @pasids: those in use
 * @parent: of its functions, which are mediated devices
 * @type: the one type of them
 * @types: the same in the form that mdev wants
 */
struct skel {
	struct ims_store *store;
	struct hardware hw;
	struct ida pasids;
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *types[1];
};

/**
 * struct skel_fn - a virtual function
 * @vdev: first, as vfio_alloc_device() demands
 * @skel: whose it is
 * @pasid: its own
 * @ims: the interrupts of its vectors, from open to close
 * @ims_id: what vfio_pci_ims_init() returned
 * @changes: register CHANGES
 * @status: 0, or the negative errno of the last register write
 */
struct skel_fn {
	struct vfio_device vdev;
	struct skel *skel;
	u32 pasid;
	struct vfio_pci_ims ims;
	int ims_id;
	u32 changes;
	int status;
};

/* skeleton.c */
int skel_open(struct skel_fn *fn);
void skel_close(struct skel_fn *fn);
int skel_command(struct skel_fn *fn, u32 reg, u32 value);
u32 skel_handle(struct skel_fn *fn, u32 vector);
long skel_ioctl(struct skel_fn *fn, unsigned int cmd, unsigned long arg);
void skel_request(struct skel_fn *fn, unsigned int count);

/* vfio.c */
int skel_functions_add(struct skel *skel, struct device *dev);
void skel_functions_del(struct skel *skel);
int skel_functions_register(void);
void skel_functions_unregister(void);

#endif /* IMS_SKELETON_H */
