/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * A work queue of ims_edu.ko: one mediated device, one virtual PCI function.
 *
 * It computes factorials on the edu device that it shares with other work
 * queues, and raises an interrupt for each. Its MSI-X vectors:
 *
 *	vector 0	emulated: signalled by the driver when a command is done
 *	1 to N - 1	backed by slots of edu's interrupt message store: raised
 *			by edu's hardware when a work item is done
 *
 * A vector's interrupt handle is its slot. A slot is programmed with the
 * vector's cookie when the vector is enabled (VFIO_DEVICE_SET_IRQS). A work
 * item presents the vector's permission entry as it is when the item is done; the
 * hardware raises no interrupt when it differs from the slot's cookie. So after
 * the guest has written a cookie while the vector is enabled, work is refused
 * with IMS_EDU_ERR_COOKIE until the vector's trigger is replaced, the vector is
 * enabled again, or IMS_EDU_COMMAND_APPLY_COOKIE is executed. While the guest has
 * written no cookie, or when the host's administrator has changed the vector's
 * cookie since, a work item presents the cookie that the slot carries.
 *
 * PCI configuration space, 256 bytes: vendor 1234, device 11e9 (this project's
 * choice beside edu's 1234:11e8, registered nowhere), class 120000 (processing
 * accelerator), BAR 0 (32-bit memory, not prefetchable), one MSI-X capability
 * (table and PBA in BAR 0), no INTx. Accesses within it may have any size.
 *
 * BAR 0. Registers are 32 bits wide, little endian. An access has 4 bytes, at a
 * multiple of 4; a longer access is split into several of those, from low to
 * high; any other access fails with EINVAL and changes nothing. An offset that
 * is not in the table reads as 0 and ignores writes. RO: writes are ignored.
 * WO: reads as 0. Counters wrap around.
 *
 * offset   name               access  meaning
 * ------------------------------------------------------------------------
 * 0x00000  ID                 RO      IMS_EDU_ID
 * 0x00004  VECTORS            RO      MSI-X vectors, N
 * 0x00008  COOKIE_LO          RO      default cookie, bits 31 to 0
 * 0x0000c  COOKIE_HI          RO      default cookie, bits 63 to 32
 * 0x00010  COMMAND            WO      execute a command, IMS_EDU_COMMAND_*,
 *                                     with ARGUMENT; signals vector 0 when
 *                                     done, also when it failed
 * 0x00014  ARGUMENT           RW      a vector
 * 0x00018  COMMAND_STATUS     RO      IMS_EDU_ERR_* of the last command
 * 0x0001c  COMMAND_RESULT     RO      its result, 0 when it failed
 * 0x00020  WORK_N             RW      operand, 0 to IMS_EDU_WORK_N_MAX
 * 0x00024  WORK_SUBMIT        WO      vector: submit the work item
 *                                     {WORK_N, vector}
 * 0x00028  WORK_STATUS        RO      IMS_EDU_ERR_* of the last submission; an
 *                                     item that was refused is not executed
 * 0x0002c  WORK_PENDING       RO      items accepted and not finished, at
 *                                     most IMS_EDU_QUEUE_DEPTH; an item is
 *                                     finished after its interrupt
 * 0x00030  COMPLETED          RO      results computed
 * 0x00034  ERRORS             RO      errors: failed commands and cookie
 *                                     writes, refused and failed work items
 * 0x00038  LAST_ERROR         RW      IMS_EDU_ERR_* of the last error;
 *                                     writing anything clears it and
 *                                     LAST_ERROR_VECTOR, but not ERRORS
 * 0x0003c  LAST_ERROR_VECTOR  RO      vector that the last error was about
 * 0x01000  PBA                RO      MSI-X pending bits, one per vector
 * 0x08000  MSIX_TABLE         RW      MSI-X table, 16 bytes per vector:
 *                                     address (bits 1 and 0 read as 0), upper
 *                                     address, data, control (bit 0, mask, is
 *                                     1 after a reset; the rest is 0). Only
 *                                     storage: interrupts are set up and
 *                                     masked with VFIO_DEVICE_SET_IRQS
 * 0x10000  VECTOR(v)          -       32 bytes per vector v:
 *    +0x00 COOKIE_LO          RW      permission entry, bits 31 to 0; a write
 *                                     waits for COOKIE_HI to be written
 *    +0x04 COOKIE_HI          RW      permission entry, bits 63 to 32; a write
 *                                     puts both halves in force. Refused with
 *                                     IMS_EDU_ERR_INVALID for vector 0, whose
 *                                     entry reads as 0, and for a cookie that
 *                                     the device cannot hold
 *    +0x08 CONTROL            WO      bit 0: the permission entry becomes the
 *                                     default again
 *    +0x0c HANDLE             RO      interrupt handle, IMS_EDU_NO_HANDLE when
 *                                     the vector has none
 *    +0x10 RESULT             RO      last result computed for this vector
 *    +0x14 STATUS             RO      IMS_EDU_ERR_* of the last work item that
 *                                     named this vector
 *    +0x18 COMPLETED          RO      results computed for this vector; this
 *                                     and RESULT are set before the interrupt
 *    +0x1c ERRORS             RO      work items for this vector that failed,
 *                                     those without an interrupt included
 * 0x20000                             end
 *
 * Opening the device and VFIO_DEVICE_RESET give the initial state: work items
 * that have not begun are dropped, registers are 0, permission entries are the
 * default, the default cookie is that of the opening, and MSI-X vectors are disabled.
 * COMMAND_STATUS, WORK_STATUS, LAST_ERROR and STATUS are IMS_EDU_ERR_NONE then.
 */
#ifndef _UAPI_LINUX_IMS_EDU_H
#define _UAPI_LINUX_IMS_EDU_H

#define IMS_EDU_PCI_VENDOR_ID		0x1234
#define IMS_EDU_PCI_DEVICE_ID		0x11e9

/* VFIO region offset in bits: region index i starts at (u64)i << this. */
#define IMS_EDU_REGION_SHIFT		40

#define IMS_EDU_CONFIG_SIZE		256
#define IMS_EDU_BAR_SIZE		0x20000

#define IMS_EDU_VECTORS_MIN		2
#define IMS_EDU_VECTORS_MAX		2048

/* The vector that is signalled when a command is done */
#define IMS_EDU_COMMAND_VECTOR		0

/* Registers of BAR 0 */
#define IMS_EDU_REG_ID			0x00000
#define IMS_EDU_REG_VECTORS		0x00004
#define IMS_EDU_REG_COOKIE_LO		0x00008
#define IMS_EDU_REG_COOKIE_HI		0x0000c
#define IMS_EDU_REG_COMMAND		0x00010
#define IMS_EDU_REG_ARGUMENT		0x00014
#define IMS_EDU_REG_COMMAND_STATUS	0x00018
#define IMS_EDU_REG_COMMAND_RESULT	0x0001c
#define IMS_EDU_REG_WORK_N		0x00020
#define IMS_EDU_REG_WORK_SUBMIT		0x00024
#define IMS_EDU_REG_WORK_STATUS		0x00028
#define IMS_EDU_REG_WORK_PENDING	0x0002c
#define IMS_EDU_REG_COMPLETED		0x00030
#define IMS_EDU_REG_ERRORS		0x00034
#define IMS_EDU_REG_LAST_ERROR		0x00038
#define IMS_EDU_REG_LAST_ERROR_VECTOR	0x0003c
#define IMS_EDU_REG_PBA			0x01000
#define IMS_EDU_REG_MSIX_TABLE		0x08000
#define IMS_EDU_REG_VECTOR		0x10000

/* Registers of a vector, from IMS_EDU_REG_VECTOR + v * IMS_EDU_VECTOR_SIZE */
#define IMS_EDU_VECTOR_SIZE		0x20
#define IMS_EDU_VECTOR_COOKIE_LO	0x00
#define IMS_EDU_VECTOR_COOKIE_HI	0x04
#define IMS_EDU_VECTOR_CONTROL		0x08
#define IMS_EDU_VECTOR_HANDLE		0x0c
#define IMS_EDU_VECTOR_RESULT		0x10
#define IMS_EDU_VECTOR_STATUS		0x14
#define IMS_EDU_VECTOR_COMPLETED	0x18
#define IMS_EDU_VECTOR_ERRORS		0x1c

/* ID */
#define IMS_EDU_ID			0x55444549	/* "IEDU" in memory */

/* CONTROL of a vector */
#define IMS_EDU_CONTROL_CLEAR_COOKIE	0x1

/* HANDLE of a vector without a slot */
#define IMS_EDU_NO_HANDLE		0xffffffff

#define IMS_EDU_WORK_N_MAX		12	/* 13! has more than 32 bits */
#define IMS_EDU_QUEUE_DEPTH		64

/**
 * enum ims_edu_command - values of COMMAND
 * @IMS_EDU_COMMAND_NOP: do nothing
 * @IMS_EDU_COMMAND_QUERY_HANDLE: COMMAND_RESULT is the interrupt handle of
 *	vector ARGUMENT
 * @IMS_EDU_COMMAND_CLEAR_COOKIE: the permission entry of vector ARGUMENT becomes
 *	the default again; succeeds also when it is already
 * @IMS_EDU_COMMAND_APPLY_COOKIE: give the slot of vector ARGUMENT the cookie of
 *	its permission entry now; succeeds also when it has no slot
 */
enum ims_edu_command {
	IMS_EDU_COMMAND_NOP,
	IMS_EDU_COMMAND_QUERY_HANDLE,
	IMS_EDU_COMMAND_CLEAR_COOKIE,
	IMS_EDU_COMMAND_APPLY_COOKIE,
};

/**
 * enum ims_edu_err - what went wrong
 * @IMS_EDU_ERR_NONE: nothing
 * @IMS_EDU_ERR_INVALID: no such command, operand too large, a cookie for an
 *	emulated vector, or one that the device cannot hold
 * @IMS_EDU_ERR_BAD_VECTOR: no such vector
 * @IMS_EDU_ERR_QUEUE_FULL: %IMS_EDU_QUEUE_DEPTH work items are pending
 * @IMS_EDU_ERR_NO_HANDLE: the vector has no slot; its interrupt is lost
 * @IMS_EDU_ERR_COOKIE: the slot has another cookie than the vector's permission
 *	entry; no interrupt was raised
 * @IMS_EDU_ERR_TIMEOUT: edu did not answer in time
 * @IMS_EDU_ERR_GONE: edu has been removed, or has reported an error and has not
 *	recovered from it
 * @IMS_EDU_ERR_HOST: the host is out of memory or the like
 */
enum ims_edu_err {
	IMS_EDU_ERR_NONE,
	IMS_EDU_ERR_INVALID,
	IMS_EDU_ERR_BAD_VECTOR,
	IMS_EDU_ERR_QUEUE_FULL,
	IMS_EDU_ERR_NO_HANDLE,
	IMS_EDU_ERR_COOKIE,
	IMS_EDU_ERR_TIMEOUT,
	IMS_EDU_ERR_GONE,
	IMS_EDU_ERR_HOST,
};

#endif /* _UAPI_LINUX_IMS_EDU_H */
