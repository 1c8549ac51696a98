/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual function of ims_nvme.ko, a TEST DEVICE: thousands of vectors, each
 * backed by a slot, which NVMe commands fire as fast as the controller takes
 * them. For the module and the programs of the tests.
 *
 * It is opened as any mediated device with MSI-X vectors (VFIO's MSI-X index);
 * the MSI-X capability and table end at entry 2047, SET_IRQS does not.
 *
 * BAR 0. Registers are 32 bits wide, little endian, and accessed as those of
 * <linux/ims_edu.h>. What is not in the table reads as 0 and ignores writes.
 *
 * offset   name      access  meaning
 * ------------------------------------------------------------------------
 * 0x00000  ID        RO      IMS_NVME_ID
 * 0x00004  VECTORS   RO      vectors, N
 * 0x00008  FIRST     RW      a range of vectors, [FIRST, FIRST + COUNT), for
 * 0x0000c  COUNT     RW      the commands below
 * 0x00010  ROUNDS    RW      how often
 * 0x00014  COMMAND   WO      execute IMS_NVME_COMMAND_*; over when the write
 *                            returns
 * 0x00018  STATUS    RO      errno of the last command, 0 for none
 * 0x0001c  FIRED     RO      messages that the hardware wrote for it
 * 0x00020  KEPT      RO      interrupts that masked slots kept back
 * 0x00024  REFUSED   RO      vectors that had no slot
 * 0x00028  SIGNALLED RO      signals of emulated vectors that were delivered
 * 0x0002c  REVOKED   RO      rounds that IMS_NVME_COMMAND_REVOKE has done
 * 0x01000  PBA       RO      pending bits, one per vector
 * 0x08000  TABLE     RW      MSI-X table; storage, as in edu
 * 0x10000                    end
 */
#ifndef IMS_NVME_H
#define IMS_NVME_H

#define IMS_NVME_PCI_VENDOR_ID	0x1234
#define IMS_NVME_PCI_DEVICE_ID	0x11ea

#define IMS_NVME_BAR_SIZE	0x10000

#define IMS_NVME_REG_ID		0x00000
#define IMS_NVME_REG_VECTORS	0x00004
#define IMS_NVME_REG_FIRST	0x00008
#define IMS_NVME_REG_COUNT	0x0000c
#define IMS_NVME_REG_ROUNDS	0x00010
#define IMS_NVME_REG_COMMAND	0x00014
#define IMS_NVME_REG_STATUS	0x00018
#define IMS_NVME_REG_FIRED	0x0001c
#define IMS_NVME_REG_KEPT	0x00020
#define IMS_NVME_REG_REFUSED	0x00024
#define IMS_NVME_REG_SIGNALLED	0x00028
#define IMS_NVME_REG_REVOKED	0x0002c
#define IMS_NVME_REG_PBA	0x01000
#define IMS_NVME_PBA_SIZE	0x02000
#define IMS_NVME_REG_TABLE	0x08000

#define IMS_NVME_ID		0x4d564e49	/* "INVM" in memory */

/* Most vectors: as many as PBA has bits, and the helper takes. */
#define IMS_NVME_VECTORS_MAX	65536

/**
 * enum ims_nvme_command - values of COMMAND
 * @IMS_NVME_COMMAND_FIRE: let the hardware fire the range's slots one after the
 *	other, ROUNDS times
 * @IMS_NVME_COMMAND_EMULATE: declare the range emulated
 * @IMS_NVME_COMMAND_BACK: take the declaration back
 * @IMS_NVME_COMMAND_SIGNAL: signal the range's vectors, which are emulated, one
 *	after the other, ROUNDS times
 *
 * STATUS is EINVAL when the range is not within the vectors or there is no such
 * command, ETIMEDOUT when the controller does not answer, EIO when it reports an
 * error, ENODEV when it is gone, EOPNOTSUPP when a message cannot be written by
 * it; else what the helper returns.
 */
enum ims_nvme_command {
	IMS_NVME_COMMAND_FIRE = 1,
	IMS_NVME_COMMAND_EMULATE,
	IMS_NVME_COMMAND_BACK,
	IMS_NVME_COMMAND_SIGNAL,
	IMS_NVME_COMMAND_REVOKE,
	IMS_NVME_COMMAND_PREPARE,
	IMS_NVME_COMMAND_RELEASE,
};

#endif /* IMS_NVME_H */
