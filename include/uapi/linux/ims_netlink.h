/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The generic netlink family "ims": the wire between vfio_pci_ims.ko and
 * management agents. ims.yaml beside this file is the same family as a YNL
 * specification; tests/unit/lint-spec keeps the two equal.
 *
 * Rules that hold for every operation:
 *
 *  - A virtual device is named by its id or by its name, never by both, and a
 *    store likewise. Ids begin at 1 and go up; they are not used again before
 *    they have all been used, 2^31 of them. The name of a virtual device is its
 *    name below /sys/bus (the UUID of a mediated device); the name of a store is
 *    that of its PCI device (its address).
 *  - A virtual device is present from open to close, a store as long as its
 *    device's driver offers it.
 *  - Reads are open to everybody but carry cookies only for a caller with
 *    CAP_SYS_ADMIN. Operations that change or signal something need CAP_SYS_ADMIN
 *    in the initial user namespace, and fail with EPERM without it; so does
 *    joining the multicast group "events". Everybody may join "events-public".
 *  - The family exists in the initial network namespace only.
 *  - ENODEV: no such virtual device or store, or the parent is gone. ENOENT: the
 *    vector is beyond those the device declared. EINVAL: the request is
 *    malformed or the vector's state does not allow it. ERANGE: a number
 *    has no meaning (a count of 0, an unknown mode), or a cookie is one that the
 *    hardware cannot hold. EBUSY: what is in use does not allow it. ENOSPC:
 *    slots, a limit, entries of the IOMMU's interrupt-remapping table or the
 *    CPUs' vectors are exhausted. EOPNOTSUPP: the device's driver does not let
 *    others change its cookies. EINTR: a signal arrived while the request waited
 *    for a busy device; reads do not wait for one. Each error comes with a text
 *    in an extended acknowledgement.
 *  - A request that fails has changed nothing.
 *  - With VALIDATE_ONLY, an operation that changes something makes all its
 *    checks, answers as it would, and changes nothing. Success promises nothing
 *    about later: others may take what was free. Memory, entries and the
 *    CPUs' vectors are not tried.
 *
 * A notification has the layout of the reply to the GET operation of its object,
 * plus the time at which it was made. In the group "events" it carries what a
 * caller with CAP_SYS_ADMIN gets, in "events-public" what everybody gets, without
 * cookies; both groups get the same notifications. One datagram may carry several.
 * The vectors of a device go with it: DEVICE_DELETE_NTF stands for all of them. When
 * a listener's socket overflows (ENOBUFS), it has lost events and must dump again.
 *
 * Notifications keep each attribute of a store and of a device current. A change of
 * the configuration, and the beginning and the end of the object, are reported at
 * once. Attributes that follow from the life of vectors (live, held, emulated, slots,
 * used, peak, reserved, available, entries, devices, failures, refused and its
 * details) are reported a second after they have changed, and the changes of that
 * second as one; the last change is always reported.
 *
 * All attributes of a vector are kept current except cpu, affinity-broken, masked,
 * masked-since, pending, throttled, last and the counts from delivered to failed:
 * interrupts, guests and the host's CPUs change these all the time, and they are only
 * reported along with other changes.
 */
#ifndef _UAPI_LINUX_IMS_NETLINK_H
#define _UAPI_LINUX_IMS_NETLINK_H

#define IMS_FAMILY_NAME		"ims"
#define IMS_FAMILY_VERSION	1

/* Multicast groups of the notifications: with cookies, and without. */
#define IMS_MCGRP_EVENTS	"events"
#define IMS_MCGRP_EVENTS_PUBLIC	"events-public"

/* Longest name of a virtual device or store in bytes, without the NUL. */
#define IMS_NAME_MAX		127

/* Longest list of CPUs, such as "0-3,8", that a request may have in bytes. */
#define IMS_CPULIST_MAX		255

/* Highest limit of a vector's rate, in interrupts a second. */
#define IMS_RATE_LIMIT_MAX	1000000

/**
 * enum ims_vector_state - where a vector is in its life
 * @IMS_VECTOR_STATE_ABSENT: never used since open; has no context
 * @IMS_VECTOR_STATE_IDLE: has a context, but no trigger; a slot and a Linux IRQ
 *	only if its driver has prepared it
 * @IMS_VECTOR_STATE_HELD: has a trigger and would be live, but gets no slot,
 *	because the driver holds the device or has revoked the vector's slot; or
 *	an administrator holds the vector (QUIET)
 * @IMS_VECTOR_STATE_LIVE: has a trigger, and a slot unless it is emulated
 */
enum ims_vector_state {
	IMS_VECTOR_STATE_ABSENT,
	IMS_VECTOR_STATE_IDLE,
	IMS_VECTOR_STATE_HELD,
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
 * enum ims_cookie_mode - when a cookie takes effect on a live vector
 * @IMS_COOKIE_MODE_NEXT: at the next allocation of a slot
 * @IMS_COOKIE_MODE_NOW: before the request is answered: in place if the store
 *	can, else in a new slot, with the old one in force until then
 */
enum ims_cookie_mode {
	IMS_COOKIE_MODE_NEXT,
	IMS_COOKIE_MODE_NOW,
};

/**
 * enum ims_bypass_mode - may hardware post a device's interrupts to vCPUs?
 * @IMS_BYPASS_MODE_AUTO: yes, but for devices of more than 256 vectors on kernels
 *	before 6.17, where that makes binding and masking a vector slow
 * @IMS_BYPASS_MODE_ON: yes
 * @IMS_BYPASS_MODE_OFF: no: each interrupt is handled by the host
 */
enum ims_bypass_mode {
	IMS_BYPASS_MODE_AUTO,
	IMS_BYPASS_MODE_ON,
	IMS_BYPASS_MODE_OFF,
};

/**
 * enum ims_trigger_path - where a trigger enters the path of an interrupt
 * @IMS_TRIGGER_PATH_EVENTFD: signal the eventfd; a masked vector keeps the signal
 *	pending
 * @IMS_TRIGGER_PATH_INTERRUPT: raise the vector's Linux interrupt; the handler
 *	does the rest, as for an interrupt of the hardware. Not for emulated
 *	vectors. An interrupt that is raised while the previous one has not been
 *	handled yet becomes one with it, as in hardware.
 */
enum ims_trigger_path {
	IMS_TRIGGER_PATH_EVENTFD,
	IMS_TRIGGER_PATH_INTERRUPT,
};

/**
 * enum ims_alert_kind - what an alert is about
 * @IMS_ALERT_KIND_DEVICE_LIMIT: a vector got no slot: its device's limit is reached
 * @IMS_ALERT_KIND_STORE_FULL: a vector got no slot: the store's limit is reached, or
 *	the slots that are left are reserved for others
 * @IMS_ALERT_KIND_ENTRIES: a vector got no interrupt: no entry is left in the
 *	IOMMU's interrupt-remapping table, of the host or, with AMD, of the device
 * @IMS_ALERT_KIND_CPU_VECTORS: a vector got no interrupt: the CPUs' interrupt
 *	vectors are exhausted
 * @IMS_ALERT_KIND_AFFINITY: a vector's interrupt goes to a CPU outside its affinity:
 *	see %IMS_A_VECTOR_AFFINITY_BROKEN
 * @IMS_ALERT_KIND_NO_MEMORY: a vector got no interrupt: no memory
 * @IMS_ALERT_KIND_STORM: a vector's interrupts exceed the rate of the module
 *	parameter vfio_pci_ims.storm_rate. Reported when the storm begins.
 */
enum ims_alert_kind {
	IMS_ALERT_KIND_DEVICE_LIMIT,
	IMS_ALERT_KIND_STORE_FULL,
	IMS_ALERT_KIND_ENTRIES,
	IMS_ALERT_KIND_CPU_VECTORS,
	IMS_ALERT_KIND_AFFINITY,
	IMS_ALERT_KIND_NO_MEMORY,
	IMS_ALERT_KIND_STORM,
};

/**
 * enum ims_store_attr - attributes of an interrupt message store
 * @IMS_A_STORE_ID: u32
 * @IMS_A_STORE_NAME: string, address of the PCI device that has it, at most
 *	%IMS_NAME_MAX bytes
 * @IMS_A_STORE_DRIVER: string, name of that device's driver
 * @IMS_A_STORE_DOMAIN: string, name of the interrupt domain that remaps its
 *	interrupts
 * @IMS_A_STORE_SIZE: u32, slots it has
 * @IMS_A_STORE_LIMIT: u32, most slots that may be in use at a time
 * @IMS_A_STORE_USED: u32, slots in use
 * @IMS_A_STORE_PEAK: u32, most slots in use at a time so far
 * @IMS_A_STORE_RESERVED: u32, sum of the virtual devices' reservations
 * @IMS_A_STORE_AVAILABLE: u32, slots that are neither in use nor promised
 * @IMS_A_STORE_ENTRIES: u32, entries of the IOMMU's interrupt-remapping table
 *	that its interrupts hold, idle ones included
 * @IMS_A_STORE_CAPACITY: u32, most entries that the IOMMU can give to its PCI
 *	device. AMD's has a table for each device, of 512 entries, or 2048 on
 *	newer hardware and kernels. Left out when it is not known
 * @IMS_A_STORE_FAILURES: u64, requests for slots that failed
 * @IMS_A_STORE_DEVICES: u32, virtual devices that are open on it
 * @IMS_A_STORE_SUSPENDED: flag, the hardware is asleep or being reset: slots are
 *	written when its driver restores the store
 * @IMS_A_STORE_TIME: u64, notifications only: CLOCK_MONOTONIC in nanoseconds at
 *	which the notification was made
 * @IMS_A_STORE_VALIDATE_ONLY: flag, requests only: change nothing
 * @IMS_A_STORE_PAD: alignment of u64 attributes, without meaning
 */
enum ims_store_attr {
	IMS_A_STORE_ID = 1,
	IMS_A_STORE_NAME,
	IMS_A_STORE_DRIVER,
	IMS_A_STORE_DOMAIN,
	IMS_A_STORE_SIZE,
	IMS_A_STORE_LIMIT,
	IMS_A_STORE_USED,
	IMS_A_STORE_PEAK,
	IMS_A_STORE_RESERVED,
	IMS_A_STORE_AVAILABLE,
	IMS_A_STORE_ENTRIES,
	IMS_A_STORE_CAPACITY,
	IMS_A_STORE_FAILURES,
	IMS_A_STORE_DEVICES,
	IMS_A_STORE_SUSPENDED,
	IMS_A_STORE_TIME,
	IMS_A_STORE_VALIDATE_ONLY,
	IMS_A_STORE_PAD,

	__IMS_A_STORE_MAX,
	IMS_A_STORE_MAX = (__IMS_A_STORE_MAX - 1)
};

/**
 * enum ims_device_attr - attributes of a virtual device
 * @IMS_A_DEVICE_ID: u32
 * @IMS_A_DEVICE_NAME: string, at most %IMS_NAME_MAX bytes
 * @IMS_A_DEVICE_UUID: string, UUID of a mediated device; left out for others
 * @IMS_A_DEVICE_PARENT: string, name of the store: address of the PCI device
 *	that has it, at most %IMS_NAME_MAX bytes
 * @IMS_A_DEVICE_STORE_ID: u32, the store's id
 * @IMS_A_DEVICE_VECTORS: u32, number of vectors declared; they are numbered from 0
 * @IMS_A_DEVICE_LIVE: u32, vectors in the state live
 * @IMS_A_DEVICE_HELD: u32, vectors in the state held
 * @IMS_A_DEVICE_EMULATED: u32, vectors declared emulated
 * @IMS_A_DEVICE_SLOTS: u32, slots of the store in use by this device
 * @IMS_A_DEVICE_LIMIT: u32, most slots it may use at a time. In a request 0
 *	stands for one more than its vectors, or its window if that is less
 * @IMS_A_DEVICE_RESERVATION: u32, slots guaranteed to it
 * @IMS_A_DEVICE_ENTRIES: u32, entries of the IOMMU's interrupt-remapping table
 *	that its interrupts hold, idle ones included
 * @IMS_A_DEVICE_DEFAULT_COOKIE: u64, CAP_SYS_ADMIN only
 * @IMS_A_DEVICE_OWNER_PID: u32, process that opened it, in the initial PID
 *	namespace
 * @IMS_A_DEVICE_OWNER_COMM: string, command name of that process at open, at
 *	most 15 bytes
 * @IMS_A_DEVICE_BYPASS: u32, enum ims_bypass_mode: whether vectors that are live,
 *	unmasked and backed by slots are offered to KVM for posting. At open, the
 *	mode of the module parameter vfio_pci_ims.bypass
 * @IMS_A_DEVICE_QUIET: u32, vectors that an administrator holds
 * @IMS_A_DEVICE_RATE_LIMIT: u32, most interrupts a second of each vector that has
 *	no limit of its own, at most %IMS_RATE_LIMIT_MAX. Left out when there is
 *	no limit; in a request 0 stands for no limit
 * @IMS_A_DEVICE_ON_HOLD: flag, its driver holds it: no vector gets a slot
 * @IMS_A_DEVICE_REFUSED: u64, requests to bind, configure or arm vectors that
 *	failed since the device was opened
 * @IMS_A_DEVICE_REFUSED_VECTOR: u32, vector for which the last of them failed.
 *	Left out, like the other REFUSED_ attributes, when none has failed; this
 *	one also when the last of them was about the default cookie
 * @IMS_A_DEVICE_REFUSED_ERROR: u32, errno of the last of them
 * @IMS_A_DEVICE_REFUSED_KIND: u32, enum ims_alert_kind: what ran out. Left out
 *	also when nothing ran out
 * @IMS_A_DEVICE_REFUSED_LAST: u64, CLOCK_MONOTONIC of the last of them in
 *	nanoseconds
 * @IMS_A_DEVICE_GONE: flag, its parent is gone: the device can only be closed
 * @IMS_A_DEVICE_TIME: u64, notifications only: CLOCK_MONOTONIC in nanoseconds at
 *	which the notification was made
 * @IMS_A_DEVICE_VALIDATE_ONLY: flag, requests only: change nothing
 * @IMS_A_DEVICE_PAD: alignment of u64 attributes, without meaning
 */
enum ims_device_attr {
	IMS_A_DEVICE_ID = 1,
	IMS_A_DEVICE_NAME,
	IMS_A_DEVICE_UUID,
	IMS_A_DEVICE_PARENT,
	IMS_A_DEVICE_STORE_ID,
	IMS_A_DEVICE_VECTORS,
	IMS_A_DEVICE_LIVE,
	IMS_A_DEVICE_HELD,
	IMS_A_DEVICE_EMULATED,
	IMS_A_DEVICE_SLOTS,
	IMS_A_DEVICE_LIMIT,
	IMS_A_DEVICE_RESERVATION,
	IMS_A_DEVICE_ENTRIES,
	IMS_A_DEVICE_DEFAULT_COOKIE,
	IMS_A_DEVICE_OWNER_PID,
	IMS_A_DEVICE_OWNER_COMM,
	IMS_A_DEVICE_BYPASS,
	IMS_A_DEVICE_QUIET,
	IMS_A_DEVICE_RATE_LIMIT,
	IMS_A_DEVICE_ON_HOLD,
	IMS_A_DEVICE_REFUSED,
	IMS_A_DEVICE_REFUSED_VECTOR,
	IMS_A_DEVICE_REFUSED_ERROR,
	IMS_A_DEVICE_REFUSED_KIND,
	IMS_A_DEVICE_REFUSED_LAST,
	IMS_A_DEVICE_GONE,
	IMS_A_DEVICE_TIME,
	IMS_A_DEVICE_VALIDATE_ONLY,
	IMS_A_DEVICE_PAD,

	__IMS_A_DEVICE_MAX,
	IMS_A_DEVICE_MAX = (__IMS_A_DEVICE_MAX - 1)
};

/**
 * enum ims_vector_attr - attributes of a vector
 * @IMS_A_VECTOR_DEVICE_ID: u32, the virtual device's id
 * @IMS_A_VECTOR_DEVICE_NAME: string, the virtual device's name
 * @IMS_A_VECTOR_INDEX: u32, the vector's number, 0-based
 * @IMS_A_VECTOR_COUNT: u32, requests only: vectors from INDEX on, default 1
 * @IMS_A_VECTOR_LIST: u32, requests only, any number of times: a vector's
 *	number, in place of INDEX and COUNT. A number given twice counts once
 * @IMS_A_VECTOR_STATE: u32, enum ims_vector_state. In a dump's request: only
 *	vectors in that state. Absent vectors are dumped only when this asks for
 *	them
 * @IMS_A_VECTOR_BACKING: u32, enum ims_vector_backing; left out when absent. In
 *	a dump's request: only vectors with that backing
 * @IMS_A_VECTOR_NONZERO: flag, a dump's request only: only vectors that have a
 *	count of interrupts or signals other than 0
 * @IMS_A_VECTOR_SLOT: u32, slot of the store; left out when it has none
 * @IMS_A_VECTOR_GENERATION: u32, how often that slot was handed out; left out
 *	with the slot
 * @IMS_A_VECTOR_HANDLE: u32, interrupt handle that descriptors name the slot by:
 *	the slot's number, unless the hardware hands out others. Left out with
 *	the slot
 * @IMS_A_VECTOR_IRQ: u32, Linux IRQ; left out with the slot
 * @IMS_A_VECTOR_CPU: u32, CPU that gets the interrupt; left out with the slot
 * @IMS_A_VECTOR_AFFINITY: string, CPUs that may get the interrupt, as a list
 *	such as "0-3,8": its own, or the one that the device was opened with. Left
 *	out when it has neither: then the CPUs of the kernel's default affinity
 *	may get it (irqaffinity=, /proc/irq/default_smp_affinity). In a request:
 *	at most %IMS_CPULIST_MAX bytes, and within the CPUs that the caller may
 *	run on; an empty list takes its own away, and moves the interrupt at once
 * @IMS_A_VECTOR_AFFINITY_OWN: flag, the affinity is the vector's own; an AFFINITY
 *	without this flag is the device's
 * @IMS_A_VECTOR_AFFINITY_BROKEN: flag, the interrupt goes to a CPU outside its
 *	affinity (outside the kernel's default affinity when it has none),
 *	because the CPUs in it have no vector left or are offline
 * @IMS_A_VECTOR_BYPASSED: flag, KVM has connected to the vector and may let the
 *	hardware post the interrupt straight to a vCPU: the counts cover only
 *	what the host handled. Never with MASKED, or without a slot. A change is
 *	reported some 100 ms later, and several changes as one
 * @IMS_A_VECTOR_COOKIE: u64, cookie in the slot; without a slot, the cookie that
 *	the next allocation gets; CAP_SYS_ADMIN only; left out when emulated. In
 *	a request: the new cookie of the vector
 * @IMS_A_VECTOR_PENDING_COOKIE: u64, cookie that replaces the slot's at the
 *	next allocation; left out when it is the same; CAP_SYS_ADMIN only
 * @IMS_A_VECTOR_COOKIE_OWN: flag, the vector has a cookie of its own; a COOKIE
 *	without this flag is the device's default. CAP_SYS_ADMIN only
 * @IMS_A_VECTOR_COOKIE_CLEAR: flag, requests only, in place of COOKIE: use the
 *	default cookie again
 * @IMS_A_VECTOR_COOKIE_MODE: u32, requests only: enum ims_cookie_mode, default
 *	is next
 * @IMS_A_VECTOR_PATH: u32, requests only: enum ims_trigger_path, default is
 *	eventfd
 * @IMS_A_VECTOR_MASKED: flag
 * @IMS_A_VECTOR_MASKED_SINCE: u64, CLOCK_MONOTONIC in nanoseconds since which it
 *	is masked, to the resolution of a scheduler tick; left out when it is not
 *	masked
 * @IMS_A_VECTOR_PENDING: flag, an interrupt waits for the end of the vector's
 *	mask, of an administrator's hold or of a pause, or for the trigger of a
 *	prepared vector
 * @IMS_A_VECTOR_PREPARED: flag, the driver wants it to have a slot even while it
 *	has no trigger
 * @IMS_A_VECTOR_REVOKED: flag, the driver has revoked its slot: it gets none
 *	until the driver arms it
 * @IMS_A_VECTOR_QUIET: flag, an administrator holds it: its slot is kept and
 *	masked, and one interrupt (of an emulated vector, one signal of its
 *	driver) is kept back and delivered when the hold ends. In a request: hold it
 * @IMS_A_VECTOR_QUIET_CLEAR: flag, requests only, in place of QUIET: end the hold
 * @IMS_A_VECTOR_RATE_LIMIT: u32, most interrupts, and signals of the driver, a
 *	second, up to %IMS_RATE_LIMIT_MAX. Above the limit the slot is masked for
 *	some milliseconds, and what arrives meanwhile is delivered as one. In each
 *	second a vector gets at least as many as the limit says, and at most a
 *	tenth more, or one more. Left out when there is no limit. In a request: the
 *	vector's own limit; 0: the device's
 * @IMS_A_VECTOR_RATE_LIMIT_OWN: flag, the limit is the vector's own; a RATE_LIMIT
 *	without this flag is the device's
 * @IMS_A_VECTOR_THROTTLED: flag, it is above its limit: interrupts are kept back
 *	at this moment
 * @IMS_A_VECTOR_DELIVERED: u64, hardware interrupts passed to the trigger, and
 *	one for each time that the slot was replaced or revoked under a live
 *	vector, in place of an interrupt that may have been lost with the old slot
 * @IMS_A_VECTOR_LOOPBACK: u64, signals asked for through VFIO or netlink and
 *	passed to the trigger
 * @IMS_A_VECTOR_SIGNALLED: u64, signals by the virtual device's driver, passed
 *	to the trigger
 * @IMS_A_VECTOR_DROPPED: u64, interrupts and signals that arrived without a trigger
 * @IMS_A_VECTOR_PENDED: u64, interrupts and signals that were kept back by a mask,
 *	an administrator's hold or a limit; however many, they are passed on as one
 *	when it ends. An interrupt that waits at a masked slot is not counted
 * @IMS_A_VECTOR_THROTTLES: u64, how often its slot was masked for a pause because
 *	it was above its limit
 * @IMS_A_VECTOR_REPLACED: u64, triggers replaced by another
 * @IMS_A_VECTOR_REVOCATIONS: u64, slots that the driver has taken from it, by
 *	revoking them or by holding the device
 * @IMS_A_VECTOR_FAILED: u64, failed attempts to make the vector live or to
 *	change its cookie
 * @IMS_A_VECTOR_SINCE: u64, CLOCK_MONOTONIC in nanoseconds since which these
 *	counts run: first use, or the last STATS_RESET
 * @IMS_A_VECTOR_LAST: u64, CLOCK_MONOTONIC of the last delivery or signal in
 *	nanoseconds, to the resolution of a scheduler tick; left out when none
 * @IMS_A_VECTOR_TIME: u64, notifications only: CLOCK_MONOTONIC in nanoseconds at
 *	which the notification was made
 * @IMS_A_VECTOR_VALIDATE_ONLY: flag, requests only: change nothing
 * @IMS_A_VECTOR_PAD: alignment of u64 attributes, without meaning
 */
enum ims_vector_attr {
	IMS_A_VECTOR_DEVICE_ID = 1,
	IMS_A_VECTOR_DEVICE_NAME,
	IMS_A_VECTOR_INDEX,
	IMS_A_VECTOR_COUNT,
	IMS_A_VECTOR_LIST,
	IMS_A_VECTOR_STATE,
	IMS_A_VECTOR_BACKING,
	IMS_A_VECTOR_NONZERO,
	IMS_A_VECTOR_SLOT,
	IMS_A_VECTOR_GENERATION,
	IMS_A_VECTOR_HANDLE,
	IMS_A_VECTOR_IRQ,
	IMS_A_VECTOR_CPU,
	IMS_A_VECTOR_AFFINITY,
	IMS_A_VECTOR_AFFINITY_OWN,
	IMS_A_VECTOR_AFFINITY_BROKEN,
	IMS_A_VECTOR_BYPASSED,
	IMS_A_VECTOR_COOKIE,
	IMS_A_VECTOR_PENDING_COOKIE,
	IMS_A_VECTOR_COOKIE_OWN,
	IMS_A_VECTOR_COOKIE_CLEAR,
	IMS_A_VECTOR_COOKIE_MODE,
	IMS_A_VECTOR_PATH,
	IMS_A_VECTOR_MASKED,
	IMS_A_VECTOR_MASKED_SINCE,
	IMS_A_VECTOR_PENDING,
	IMS_A_VECTOR_PREPARED,
	IMS_A_VECTOR_REVOKED,
	IMS_A_VECTOR_QUIET,
	IMS_A_VECTOR_QUIET_CLEAR,
	IMS_A_VECTOR_RATE_LIMIT,
	IMS_A_VECTOR_RATE_LIMIT_OWN,
	IMS_A_VECTOR_THROTTLED,
	IMS_A_VECTOR_DELIVERED,
	IMS_A_VECTOR_LOOPBACK,
	IMS_A_VECTOR_SIGNALLED,
	IMS_A_VECTOR_DROPPED,
	IMS_A_VECTOR_PENDED,
	IMS_A_VECTOR_THROTTLES,
	IMS_A_VECTOR_REPLACED,
	IMS_A_VECTOR_REVOCATIONS,
	IMS_A_VECTOR_FAILED,
	IMS_A_VECTOR_SINCE,
	IMS_A_VECTOR_LAST,
	IMS_A_VECTOR_TIME,
	IMS_A_VECTOR_VALIDATE_ONLY,
	IMS_A_VECTOR_PAD,

	__IMS_A_VECTOR_MAX,
	IMS_A_VECTOR_MAX = (__IMS_A_VECTOR_MAX - 1)
};

/**
 * enum ims_alert_attr - attributes of an alert
 * @IMS_A_ALERT_KIND: u32, enum ims_alert_kind
 * @IMS_A_ALERT_DEVICE_ID: u32, the virtual device's id
 * @IMS_A_ALERT_DEVICE_NAME: string, the virtual device's name
 * @IMS_A_ALERT_PARENT: string, name of the store
 * @IMS_A_ALERT_INDEX: u32, number of the vector that it was about
 * @IMS_A_ALERT_ERROR: u32, the errno that the device's owner got; left out for an
 *	affinity and for a storm, which do not make a request fail
 * @IMS_A_ALERT_RATE: u64, interrupts a second; only in the alert of a storm
 * @IMS_A_ALERT_TIME: u64, CLOCK_MONOTONIC in nanoseconds at which the alert was made
 * @IMS_A_ALERT_PAD: alignment of u64 attributes, without meaning
 */
enum ims_alert_attr {
	IMS_A_ALERT_KIND = 1,
	IMS_A_ALERT_DEVICE_ID,
	IMS_A_ALERT_DEVICE_NAME,
	IMS_A_ALERT_PARENT,
	IMS_A_ALERT_INDEX,
	IMS_A_ALERT_ERROR,
	IMS_A_ALERT_RATE,
	IMS_A_ALERT_TIME,
	IMS_A_ALERT_PAD,

	__IMS_A_ALERT_MAX,
	IMS_A_ALERT_MAX = (__IMS_A_ALERT_MAX - 1)
};

/**
 * enum ims_cmd - operations
 * @IMS_CMD_STORE_GET: do: the store named by ID or NAME. dump: every store,
 *	takes no attributes. Replies carry store attributes.
 * @IMS_CMD_STORE_SET: do: change the store's LIMIT. No reply.
 * @IMS_CMD_STORE_CREATE_NTF: notification: a driver offers a store
 * @IMS_CMD_STORE_DELETE_NTF: notification: a driver no longer offers a store
 * @IMS_CMD_STORE_CHANGE_NTF: notification: a store's limit was changed, its counts
 *	were reset, or it was suspended or restored
 * @IMS_CMD_DEVICE_GET: do: the device named by ID or NAME. dump: every device,
 *	or those of the store named by STORE_ID. Replies carry device
 *	attributes.
 * @IMS_CMD_DEVICE_SET: do: change the device's LIMIT, RESERVATION,
 *	DEFAULT_COOKIE, BYPASS, RATE_LIMIT, or several of them. The default
 *	cookie takes effect at a vector's next allocation. No reply.
 * @IMS_CMD_DEVICE_CREATE_NTF: notification: a device was opened
 * @IMS_CMD_DEVICE_DELETE_NTF: notification: a device was closed
 * @IMS_CMD_DEVICE_CHANGE_NTF: notification: a device's limits, rate limit, default
 *	cookie or bypass changed, it was held or armed, or its parent is gone
 * @IMS_CMD_VECTOR_GET: do: vector INDEX of the device named by DEVICE_ID or
 *	DEVICE_NAME, in any state. dump: the vectors that are not absent, of
 *	that device or of all, filtered by STATE, BACKING and NONZERO; takes no
 *	INDEX. Replies carry vector attributes.
 * @IMS_CMD_VECTOR_SET: do: change the COOKIE (or COOKIE_CLEAR, and
 *	COOKIE_MODE), the AFFINITY, or both (not both with mode now, as either
 *	may fail), of COUNT vectors from INDEX on, or of those of LIST, all or
 *	none. A cookie or an affinity makes a context for an absent vector; neither
 *	may be set for an emulated vector. EPERM also: a CPU that the caller may not
 *	run on. No reply.
 * @IMS_CMD_VECTOR_RESTRAIN: do: hold COUNT vectors from INDEX on, or those of LIST
 *	(QUIET), or end the hold (QUIET_CLEAR), change their own RATE_LIMIT, or
 *	both, of all or of none. A hold and a limit make contexts for absent
 *	vectors. Both last until they are ended or the device is closed, whatever
 *	its user and its driver do. No reply.
 * @IMS_CMD_VECTOR_CREATE_NTF: notification: a vector's first use
 * @IMS_CMD_VECTOR_CHANGE_NTF: notification: a vector's state, backing, slot, cookie,
 *	affinity, bypass, quiet or rate limit changed, or its counts were reset
 * @IMS_CMD_TRIGGER: do: signal COUNT vectors from INDEX on, or those of LIST,
 *	by PATH, all or none. No reply.
 * @IMS_CMD_STATS_RESET: do: reset the counts of COUNT vectors from INDEX on, of
 *	those of LIST, or of all vectors of the device. No reply.
 * @IMS_CMD_STORE_STATS_RESET: do: reset the store's peak and failures. No reply.
 * @IMS_CMD_ALERT_NTF: notification with alert attributes
 */
enum ims_cmd {
	IMS_CMD_STORE_GET = 1,
	IMS_CMD_STORE_SET,
	IMS_CMD_STORE_CREATE_NTF,
	IMS_CMD_STORE_DELETE_NTF,
	IMS_CMD_STORE_CHANGE_NTF,
	IMS_CMD_DEVICE_GET,
	IMS_CMD_DEVICE_SET,
	IMS_CMD_DEVICE_CREATE_NTF,
	IMS_CMD_DEVICE_DELETE_NTF,
	IMS_CMD_DEVICE_CHANGE_NTF,
	IMS_CMD_VECTOR_GET,
	IMS_CMD_VECTOR_SET,
	IMS_CMD_VECTOR_RESTRAIN,
	IMS_CMD_VECTOR_CREATE_NTF,
	IMS_CMD_VECTOR_CHANGE_NTF,
	IMS_CMD_TRIGGER,
	IMS_CMD_STATS_RESET,
	IMS_CMD_STORE_STATS_RESET,
	IMS_CMD_ALERT_NTF,

	__IMS_CMD_MAX,
	IMS_CMD_MAX = (__IMS_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_IMS_NETLINK_H */
