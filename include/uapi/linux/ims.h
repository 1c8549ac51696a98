/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The generic netlink family "ims": the wire between vfio_pci_ims.ko and
 * management agents. ims.yaml beside this file is the same family as a YNL
 * specification; tests/unit/lint-spec keeps the two equal.
 *
 * Rules that hold for every operation:
 *
 *  - A virtual device is named by its id or by its name, never by both. Ids
 *    begin at 1 and go up; they are not used again before they have all been
 *    used, 2^31 of them. The name is the one that the device has below
 *    /sys/bus (the UUID of a mediated device).
 *  - A virtual device is present from open to close.
 *  - Reads are open to everybody but carry cookies only for a caller with
 *    CAP_SYS_ADMIN. What changes or signals something needs CAP_SYS_ADMIN
 *    and else fails with EPERM.
 *  - ENODEV: no such virtual device, or its parent is gone. ENOENT: the vector
 *    is beyond those the device declared. EINVAL: the request is malformed or
 *    the vector's state does not allow it. Each of them comes with a text in
 *    an extended acknowledgement.
 *  - A request that fails has changed nothing.
 */
#ifndef _UAPI_LINUX_IMS_H
#define _UAPI_LINUX_IMS_H

#define IMS_FAMILY_NAME		"ims"
#define IMS_FAMILY_VERSION	1

/* Longest virtual device name in bytes, without the terminating NUL. */
#define IMS_NAME_MAX		127

/**
 * enum ims_vector_state - where a vector is in its life
 * @IMS_VECTOR_STATE_ABSENT: never used since open; has no context
 * @IMS_VECTOR_STATE_IDLE: has a context, but no trigger, slot or Linux IRQ
 * @IMS_VECTOR_STATE_LIVE: has a trigger
 */
enum ims_vector_state {
	IMS_VECTOR_STATE_ABSENT,
	IMS_VECTOR_STATE_IDLE,
	IMS_VECTOR_STATE_LIVE,
};

/**
 * enum ims_vector_backing - who raises the interrupt of a vector
 * @IMS_VECTOR_BACKING_IMS: hardware, through a slot of the parent's store
 * @IMS_VECTOR_BACKING_EMULATED: the virtual device's driver
 */
enum ims_vector_backing {
	IMS_VECTOR_BACKING_IMS,
	IMS_VECTOR_BACKING_EMULATED,
};

/**
 * enum ims_device_attr - attributes of a virtual device
 * @IMS_A_DEVICE_ID: u32
 * @IMS_A_DEVICE_NAME: string, at most %IMS_NAME_MAX bytes
 * @IMS_A_DEVICE_PARENT: string, PCI address of the device that has the store,
 *	at most %IMS_NAME_MAX bytes
 * @IMS_A_DEVICE_VECTORS: u32, vectors declared: 0 to this less 1 exist
 * @IMS_A_DEVICE_LIVE: u32, vectors with a trigger
 * @IMS_A_DEVICE_EMULATED: u32, vectors declared emulated
 * @IMS_A_DEVICE_SLOTS: u32, slots of the store in use by this device
 * @IMS_A_DEVICE_LIMIT: u32, most slots it may use at a time
 * @IMS_A_DEVICE_RESERVATION: u32, slots guaranteed to it
 * @IMS_A_DEVICE_DEFAULT_COOKIE: u64, CAP_SYS_ADMIN only
 * @IMS_A_DEVICE_OWNER_PID: u32, process that opened it, in the initial PID
 *	namespace
 * @IMS_A_DEVICE_OWNER_COMM: string, command name of that process at open, at
 *	most 15 bytes
 * @IMS_A_DEVICE_PAD: alignment of u64 attributes, without meaning
 */
enum ims_device_attr {
	IMS_A_DEVICE_ID = 1,
	IMS_A_DEVICE_NAME,
	IMS_A_DEVICE_PARENT,
	IMS_A_DEVICE_VECTORS,
	IMS_A_DEVICE_LIVE,
	IMS_A_DEVICE_EMULATED,
	IMS_A_DEVICE_SLOTS,
	IMS_A_DEVICE_LIMIT,
	IMS_A_DEVICE_RESERVATION,
	IMS_A_DEVICE_DEFAULT_COOKIE,
	IMS_A_DEVICE_OWNER_PID,
	IMS_A_DEVICE_OWNER_COMM,
	IMS_A_DEVICE_PAD,

	__IMS_A_DEVICE_MAX,
	IMS_A_DEVICE_MAX = (__IMS_A_DEVICE_MAX - 1)
};

/**
 * enum ims_vector_attr - attributes of a vector
 * @IMS_A_VECTOR_DEVICE_ID: u32, the virtual device's id
 * @IMS_A_VECTOR_DEVICE_NAME: string, the virtual device's name
 * @IMS_A_VECTOR_INDEX: u32, the vector's number, 0-based
 * @IMS_A_VECTOR_COUNT: u32, trigger only: vectors from INDEX on, default 1
 * @IMS_A_VECTOR_STATE: u32, enum ims_vector_state
 * @IMS_A_VECTOR_BACKING: u32, enum ims_vector_backing; left out when absent
 * @IMS_A_VECTOR_SLOT: u32, slot of the store; left out when it has none
 * @IMS_A_VECTOR_GENERATION: u32, how often that slot was handed out; left out
 *	with the slot
 * @IMS_A_VECTOR_IRQ: u32, Linux IRQ; left out with the slot
 * @IMS_A_VECTOR_COOKIE: u64, cookie in the slot, without a slot the one that
 *	the next allocation gets; CAP_SYS_ADMIN only; left out when emulated
 * @IMS_A_VECTOR_PENDING_COOKIE: u64, cookie that replaces the slot's at the
 *	next allocation; left out when it is the same; CAP_SYS_ADMIN only
 * @IMS_A_VECTOR_COOKIE_OWN: flag, the vector has a cookie of its own; where
 *	there is a COOKIE without it, that is the device's default.
 *	CAP_SYS_ADMIN only
 * @IMS_A_VECTOR_MASKED: flag
 * @IMS_A_VECTOR_PENDING: flag, an interrupt waits for the vector's unmasking
 * @IMS_A_VECTOR_DELIVERED: u64, hardware interrupts passed to the trigger
 * @IMS_A_VECTOR_LOOPBACK: u64, signals asked for through VFIO or netlink and
 *	passed to the trigger
 * @IMS_A_VECTOR_SIGNALLED: u64, signals by the virtual device's driver, passed
 *	to the trigger
 * @IMS_A_VECTOR_DROPPED: u64, interrupts and signals that met no trigger
 * @IMS_A_VECTOR_PENDED: u64, interrupts and signals that met a mask; however
 *	many, they are passed on as one when it goes
 * @IMS_A_VECTOR_REPLACED: u64, triggers replaced by another
 * @IMS_A_VECTOR_FAILED: u64, failed attempts to make the vector live or to
 *	change its cookie
 * @IMS_A_VECTOR_LAST: u64, CLOCK_MONOTONIC of the last delivery or signal in
 *	nanoseconds, to the resolution of a scheduler tick; left out when none
 * @IMS_A_VECTOR_PAD: alignment of u64 attributes, without meaning
 */
enum ims_vector_attr {
	IMS_A_VECTOR_DEVICE_ID = 1,
	IMS_A_VECTOR_DEVICE_NAME,
	IMS_A_VECTOR_INDEX,
	IMS_A_VECTOR_COUNT,
	IMS_A_VECTOR_STATE,
	IMS_A_VECTOR_BACKING,
	IMS_A_VECTOR_SLOT,
	IMS_A_VECTOR_GENERATION,
	IMS_A_VECTOR_IRQ,
	IMS_A_VECTOR_COOKIE,
	IMS_A_VECTOR_PENDING_COOKIE,
	IMS_A_VECTOR_COOKIE_OWN,
	IMS_A_VECTOR_MASKED,
	IMS_A_VECTOR_PENDING,
	IMS_A_VECTOR_DELIVERED,
	IMS_A_VECTOR_LOOPBACK,
	IMS_A_VECTOR_SIGNALLED,
	IMS_A_VECTOR_DROPPED,
	IMS_A_VECTOR_PENDED,
	IMS_A_VECTOR_REPLACED,
	IMS_A_VECTOR_FAILED,
	IMS_A_VECTOR_LAST,
	IMS_A_VECTOR_PAD,

	__IMS_A_VECTOR_MAX,
	IMS_A_VECTOR_MAX = (__IMS_A_VECTOR_MAX - 1)
};

/**
 * enum ims_cmd - operations
 * @IMS_CMD_DEVICE_GET: do: the device named by DEVICE_ID or DEVICE_NAME.
 *	dump: every device, takes no attributes. Replies carry device
 *	attributes.
 * @IMS_CMD_VECTOR_GET: do: vector INDEX of the device named by DEVICE_ID or
 *	DEVICE_NAME, in any state. dump: the vectors that are not absent, of
 *	that device or of all; takes no INDEX. Replies carry vector attributes.
 * @IMS_CMD_TRIGGER: do: signal COUNT vectors from INDEX on through their
 *	triggers, all or none. Needs CAP_SYS_ADMIN. No reply.
 */
enum ims_cmd {
	IMS_CMD_DEVICE_GET = 1,
	IMS_CMD_VECTOR_GET,
	IMS_CMD_TRIGGER,

	__IMS_CMD_MAX,
	IMS_CMD_MAX = (__IMS_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_IMS_H */
