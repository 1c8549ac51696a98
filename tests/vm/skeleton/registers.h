/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a function of ims_skeleton.ko, in its BAR 0: 32 bits wide, little
 * endian. For the driver and the programs of its users.
 *
 * What a write does is done when it returns; STATUS tells whether it failed.
 * A handle names a slot in what is submitted to the hardware.
 */
#ifndef IMS_SKELETON_REGISTERS_H
#define IMS_SKELETON_REGISTERS_H

/* The function's PCI ids. This project's choice, registered nowhere. */
#define SKEL_PCI_VENDOR_ID	0x1234
#define SKEL_PCI_DEVICE_ID	0x11eb

#define SKEL_FUNCTIONS		16
#define SKEL_VECTORS		16

#define SKEL_BAR_SIZE		0x1000
#define SKEL_MSIX_TABLE		0x800
#define SKEL_MSIX_PBA		0xc00

#define SKEL_REG_FIRE		0x00	/* W: handle: let the hardware raise it */
#define SKEL_REG_PREPARE	0x04	/* W: vector: is to have a handle */
#define SKEL_REG_RELEASE	0x08	/* W: handle: is not needed any more */
#define SKEL_REG_HOLD		0x0c	/* W: take all handles away */
#define SKEL_REG_ARM		0x10	/* W: give all that were taken anew */
#define SKEL_REG_REVOKE		0x14	/* W: vector: take its handle away */
#define SKEL_REG_REVOKE_COOKIE	0x18	/* W: PASID: take away all that carry it */
#define SKEL_REG_STATUS		0x1c	/* R: errno of the last write, 0: none */
#define SKEL_REG_PASID		0x20	/* R: the function's */
#define SKEL_REG_CHANGES	0x24	/* R: handles taken or replaced so far */
#define SKEL_REG_HANDLE		0x100	/* R: of vector v, at 4 * v from here */

/* HANDLE of a vector that has none */
#define SKEL_NO_HANDLE		0xffffffff

#endif /* IMS_SKELETON_REGISTERS_H */
