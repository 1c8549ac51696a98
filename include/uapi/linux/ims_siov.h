/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * A work queue of ims_siov.ko: one virtual PCI function of a DSA-like accelerator,
 * which moves, fills and compares the user's memory. The user writes descriptors
 * into a portal that it has mapped; the device executes them, writes completion
 * records and raises interrupts, and no driver is in between. The accelerator is
 * simulated on QEMU's nvme device with a controller memory buffer.
 *
 * A function is made by writing a number to ims_vfunc/new_device of the PCI
 * device (ims_vfunc(9)), and is opened through VFIO. Its MSI-X vectors:
 *
 *	vector 0	emulated: signalled by the driver, for the causes in INTCAUSE
 *	1 to N - 1	backed by slots of the device's interrupt message store:
 *			raised by the device when a descriptor is done
 *
 * A descriptor names a vector by its interrupt handle, which the command
 * REQUEST_INT_HANDLE returns, before or after the vector is enabled. The device
 * raises the handle's interrupt if the handle's slot has the PASID of the
 * descriptor's portal: a function cannot raise the interrupts of another. One
 * interrupt that arrives before the vector is enabled is kept. When the host revokes
 * handles (INTCAUSE_HANDLE_REVOKED), descriptors that name them fail with
 * IMS_SIOV_ERR_HANDLE, and new handles must be requested. As with any message
 * signalled interrupt, two interrupts of one vector become one if the CPU has not
 * taken the first when the second is raised.
 *
 * The user's memory is what the container (VFIO_IOMMU_MAP_DMA) or the IOAS that the
 * function is attached to has mapped; addresses are I/O virtual addresses. While no
 * address space is attached, vectors get no slots and the queue cannot be enabled.
 *
 * PCI configuration space, 4096 bytes: vendor 1234, device 11ea (this project's
 * choice, registered nowhere), class 120000 (processing accelerator), BAR 0
 * (32-bit memory), BAR 2 (64-bit memory), capabilities MSI-X (table and PBA in BAR
 * 0), PCI Express (with function level reset) and PASID, no INTx.
 *
 * BAR 0: registers, 32 bits wide, little endian. An access has 4 bytes, at a multiple
 * of 4; a longer access is split into several of those, from low to high; any other
 * access fails with EINVAL and changes nothing. An offset that is not in the table
 * reads as 0 and ignores writes. RO: writes are ignored. WO: reads as 0.
 *
 * offset   name            access  meaning
 * ------------------------------------------------------------------------
 * 0x00000  ID              RO      IMS_SIOV_ID
 * 0x00004  VECTORS         RO      MSI-X vectors, N
 * 0x00008  PASID           RO      the function's PASID
 * 0x0000c  STATE           RO      enum ims_siov_state
 * 0x00010  COMMAND         WO      execute a command, IMS_SIOV_COMMAND_*, with
 *                                  ARGUMENT; it is done when the write returns,
 *                                  and sets INTCAUSE_COMMAND
 * 0x00014  ARGUMENT        RW      a vector or a handle
 * 0x00018  COMMAND_STATUS  RO      IMS_SIOV_ERR_* of the last command
 * 0x0001c  COMMAND_RESULT  RO      its result, 0 when it failed
 * 0x00020  INTCAUSE        RW1C    IMS_SIOV_INTCAUSE_*: why vector 0 was signalled.
 *                                  If a cause is set again while it is set,
 *                                  vector 0 is signalled again
 * 0x00024  ERRORS          RO      descriptors that failed since the queue was
 *                                  reset, as the device counts them
 * 0x00028  LAST_ERROR      RO      IMS_SIOV_ERR_* of the last of them
 * 0x0002c  DONE            RO      descriptors that were executed, including failed
 *                                  ones and each one of a batch; wraps
 * 0x00030  INTERRUPTS      RO      interrupts that were raised for the queue,
 *                                  including those that a masked slot keeps; wraps
 * 0x00034  REVOCATIONS     RO      handles that were taken away since the function
 *                                  was opened or reset
 * 0x02000  PBA             RO      MSI-X pending bits, one per vector
 * 0x08000  MSIX_TABLE      RW      MSI-X table, 16 bytes per vector up to 2048;
 *                                  storage: interrupts are set up and masked with
 *                                  VFIO_DEVICE_SET_IRQS
 * 0x10000                          end
 *
 * BAR 2: the portal, one page that can be mapped. It has IMS_SIOV_PORTAL_ENTRIES
 * entries for descriptors (struct ims_siov_desc), which are used as a ring,
 * beginning with entry 0 after a reset of the queue. An entry is free while its
 * word control is 0. To submit a descriptor, write its other words first, and
 * control, with IMS_SIOV_DESC_VALID, last, by one store of 4 bytes. The device
 * sets control to 0 when it has read the entry.
 *
 * Opening the device, VFIO_DEVICE_RESET and a function level reset give the initial
 * state: the queue is disabled and empty, registers are 0, handles are released.
 */
#ifndef _UAPI_LINUX_IMS_SIOV_H
#define _UAPI_LINUX_IMS_SIOV_H

#include <linux/types.h>

#define IMS_SIOV_PCI_VENDOR_ID		0x1234
#define IMS_SIOV_PCI_DEVICE_ID		0x11ea

/* VFIO region offset in bits: region index i starts at (u64)i << this. */
#define IMS_SIOV_REGION_SHIFT		40

#define IMS_SIOV_CONFIG_SIZE		4096
#define IMS_SIOV_BAR_SIZE		0x10000
#define IMS_SIOV_PORTAL_SIZE		0x1000

#define IMS_SIOV_VECTORS_MIN		2
#define IMS_SIOV_VECTORS_MAX		65536

/* The vector that is signalled when a cause in INTCAUSE is set */
#define IMS_SIOV_COMMAND_VECTOR		0

/* Registers of BAR 0 */
#define IMS_SIOV_REG_ID			0x00000
#define IMS_SIOV_REG_VECTORS		0x00004
#define IMS_SIOV_REG_PASID		0x00008
#define IMS_SIOV_REG_STATE		0x0000c
#define IMS_SIOV_REG_COMMAND		0x00010
#define IMS_SIOV_REG_ARGUMENT		0x00014
#define IMS_SIOV_REG_COMMAND_STATUS	0x00018
#define IMS_SIOV_REG_COMMAND_RESULT	0x0001c
#define IMS_SIOV_REG_INTCAUSE		0x00020
#define IMS_SIOV_REG_ERRORS		0x00024
#define IMS_SIOV_REG_LAST_ERROR		0x00028
#define IMS_SIOV_REG_DONE		0x0002c
#define IMS_SIOV_REG_INTERRUPTS		0x00030
#define IMS_SIOV_REG_REVOCATIONS	0x00034
#define IMS_SIOV_REG_PBA		0x02000
#define IMS_SIOV_REG_MSIX_TABLE		0x08000

/* ID */
#define IMS_SIOV_ID			0x564f4953	/* "SIOV" in memory */

/* INTCAUSE */
#define IMS_SIOV_INTCAUSE_COMMAND	0x1	/* a command is done */
#define IMS_SIOV_INTCAUSE_ERROR		0x2	/* a descriptor failed */
#define IMS_SIOV_INTCAUSE_HANDLE_REVOKED 0x4	/* handles were taken away */

/**
 * enum ims_siov_state - values of STATE
 * @IMS_SIOV_STATE_DISABLED: submitted descriptors wait
 * @IMS_SIOV_STATE_ENABLED: descriptors are executed
 * @IMS_SIOV_STATE_DETACHED: disabled, and no address space is attached
 */
enum ims_siov_state {
	IMS_SIOV_STATE_DISABLED,
	IMS_SIOV_STATE_ENABLED,
	IMS_SIOV_STATE_DETACHED,
};

/**
 * enum ims_siov_command - values of COMMAND
 * @IMS_SIOV_COMMAND_NOP: do nothing
 * @IMS_SIOV_COMMAND_ENABLE: execute submitted descriptors; succeeds also when the
 *	queue is enabled already
 * @IMS_SIOV_COMMAND_DISABLE: finish the descriptors that have been read, and leave
 *	the others in the portal; succeeds also when the queue is disabled already
 * @IMS_SIOV_COMMAND_DRAIN: return when all descriptors that had been submitted are
 *	done and their interrupts are raised
 * @IMS_SIOV_COMMAND_RESET: disable the queue, empty the portal, and set ERRORS,
 *	LAST_ERROR, DONE and INTERRUPTS to 0. Handles stay
 * @IMS_SIOV_COMMAND_REQUEST_INT_HANDLE: COMMAND_RESULT is the interrupt handle of
 *	vector ARGUMENT, which stays until it is released or revoked, or the function
 *	is reset. Repeating it gives the same handle; after a revocation, a new one
 * @IMS_SIOV_COMMAND_RELEASE_INT_HANDLE: handle ARGUMENT is not needed any more. The
 *	handle stays in use while its vector is enabled
 */
enum ims_siov_command {
	IMS_SIOV_COMMAND_NOP,
	IMS_SIOV_COMMAND_ENABLE,
	IMS_SIOV_COMMAND_DISABLE,
	IMS_SIOV_COMMAND_DRAIN,
	IMS_SIOV_COMMAND_RESET,
	IMS_SIOV_COMMAND_REQUEST_INT_HANDLE,
	IMS_SIOV_COMMAND_RELEASE_INT_HANDLE,
};

/**
 * enum ims_siov_err - what went wrong
 * @IMS_SIOV_ERR_NONE: nothing
 * @IMS_SIOV_ERR_INVALID: no such command or operation, a flag or word that must be 0
 * @IMS_SIOV_ERR_VECTOR: no such vector, or vector 0
 * @IMS_SIOV_ERR_HANDLE: no slot has this handle, or its slot has another PASID: no
 *	interrupt was raised. From REQUEST_INT_HANDLE: the host revoked the handle
 *	several times while it was being requested
 * @IMS_SIOV_ERR_ADDRESS: memory that is not mapped, or not for writing; or a
 *	completion record that is not aligned
 * @IMS_SIOV_ERR_SIZE: more than %IMS_SIOV_SIZE_MAX bytes or %IMS_SIOV_BATCH_MAX
 *	descriptors, or none
 * @IMS_SIOV_ERR_DETACHED: no address space is attached
 * @IMS_SIOV_ERR_NO_SPACE: there is no slot, or no interrupt, left for the handle
 * @IMS_SIOV_ERR_GONE: the device has been removed
 * @IMS_SIOV_ERR_HOST: the host is out of memory or the like
 */
enum ims_siov_err {
	IMS_SIOV_ERR_NONE,
	IMS_SIOV_ERR_INVALID,
	IMS_SIOV_ERR_VECTOR,
	IMS_SIOV_ERR_HANDLE,
	IMS_SIOV_ERR_ADDRESS,
	IMS_SIOV_ERR_SIZE,
	IMS_SIOV_ERR_DETACHED,
	IMS_SIOV_ERR_NO_SPACE,
	IMS_SIOV_ERR_GONE,
	IMS_SIOV_ERR_HOST,
};

#define IMS_SIOV_PORTAL_ENTRIES		64
#define IMS_SIOV_SIZE_MAX		(1U << 20)
#define IMS_SIOV_BATCH_MAX		65536

/* Bits of struct ims_siov_desc, control */
#define IMS_SIOV_DESC_OPERATION		0x000000ff	/* enum ims_siov_operation */
#define IMS_SIOV_DESC_COMPLETION	0x00000100	/* write a completion record */
#define IMS_SIOV_DESC_INTERRUPT		0x00000200	/* raise @handle when done */
#define IMS_SIOV_DESC_VALID		0x80000000	/* submitted */

/**
 * enum ims_siov_operation - what a descriptor asks for
 * @IMS_SIOV_OPERATION_NOP: nothing
 * @IMS_SIOV_OPERATION_MOVE: copy @size bytes from @source to @destination; the two
 *	must not overlap
 * @IMS_SIOV_OPERATION_FILL: fill @size bytes at @destination with the 8 bytes of
 *	@source, again and again
 * @IMS_SIOV_OPERATION_COMPARE: compare @size bytes at @source and @destination: the
 *	record's @result is 0 if they are equal, else 1, and @bytes is where they
 *	differ first
 * @IMS_SIOV_OPERATION_BATCH: execute the @size descriptors of the array at @source,
 *	in order; not from within a batch. %IMS_SIOV_DESC_VALID is ignored in them.
 *	The batch's own record and interrupt come last; its @bytes is the number of
 *	descriptors that have not failed
 */
enum ims_siov_operation {
	IMS_SIOV_OPERATION_NOP,
	IMS_SIOV_OPERATION_MOVE,
	IMS_SIOV_OPERATION_FILL,
	IMS_SIOV_OPERATION_COMPARE,
	IMS_SIOV_OPERATION_BATCH,
};

/**
 * struct ims_siov_desc - a descriptor, 64 bytes
 * @control: %IMS_SIOV_DESC_*; other bits must be 0
 * @handle: interrupt handle, for %IMS_SIOV_DESC_INTERRUPT: its interrupt is raised
 *	also when the operation failed, except with %IMS_SIOV_ERR_INVALID
 * @completion: address of a struct ims_siov_completion, a multiple of 16, for
 *	%IMS_SIOV_DESC_COMPLETION
 * @source: an address, or the pattern
 * @destination: an address
 * @size: bytes, at most %IMS_SIOV_SIZE_MAX, or descriptors, at most
 *	%IMS_SIOV_BATCH_MAX
 * @reserved: must be 0
 */
struct ims_siov_desc {
	__le32 control;
	__le32 handle;
	__le64 completion;
	__le64 source;
	__le64 destination;
	__le32 size;
	__le32 reserved[7];
};

/**
 * struct ims_siov_completion - a completion record, 16 bytes
 * @status: written last: %IMS_SIOV_COMPLETION_DONE, and IMS_SIOV_ERR_* of the
 *	operation in the low bits. The interrupt is raised afterwards: if that
 *	fails, ERRORS counts it, and the record does not show it
 * @result: result of the operation
 * @bytes: bytes done, including those before an error
 */
struct ims_siov_completion {
	__le32 status;
	__le32 result;
	__le64 bytes;
};

#define IMS_SIOV_COMPLETION_DONE	0x80000000

#endif /* _UAPI_LINUX_IMS_SIOV_H */
