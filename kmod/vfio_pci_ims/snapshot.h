/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vectors and devices as readers see them. Included by engine.h.
 */
#ifndef _VFIO_PCI_IMS_SNAPSHOT_H
#define _VFIO_PCI_IMS_SNAPSHOT_H

/**
 * struct ims_vector_snapshot - a vector as readers see it
 * @vector: its context; NULL: it is absent, and nothing else is set but @state
 * @line: of its slot, or NULL
 * @affinity: its own or the device's; NULL: the kernel's default
 * @state: what it is
 * @backing: its backing
 * @masked: its user keeps interrupts back
 * @masked_at: jiffies from which on, when @masked
 * @pending: one was kept back, by whom ever
 * @prepared: its driver wants a slot also without a trigger
 * @revoked: it gets no slot before it is armed
 * @quiet: an administrator keeps interrupts back
 * @affinity_own: that is its own
 * @rate: its limit in interrupts a second; 0: none
 * @rate_own: that is its own, and not the device's
 * @throttled: interrupts are kept back for it now
 * @bypassed: a vCPU gets its interrupts: what is counted is the host's part
 * @cookie_own: it has a cookie of its own
 * @cookie: in its slot; without one the same as
 * @next_cookie: that of its next slot
 * @counts: since the last reset
 * @since: when that was, or its first use
 * @last: jiffies of the last interrupt or signal; 0 for never
 */
struct ims_vector_snapshot {
	const struct ims_vector *vector;
	const struct ims_line *line;
	const struct cpumask *affinity;
	enum ims_vector_state state;
	enum ims_vector_backing backing;
	bool masked;
	bool pending;
	bool prepared;
	bool revoked;
	bool quiet;
	bool affinity_own;
	bool rate_own;
	bool throttled;
	bool bypassed;
	bool cookie_own;
	u32 rate;
	u64 cookie;
	u64 next_cookie;
	struct ims_counts counts;
	u64 since;
	unsigned long last;
	unsigned long masked_at;
};

/**
 * struct ims_vdev_snapshot - a device as readers see it
 * @client: figures of its share of the store
 * @refused: requests that failed
 * @default_cookie: of vectors without their own
 * @live: vectors with a trigger and what they need for it
 * @held: vectors with a trigger that are to have a slot and have none, or are quiet
 * @emulated: vectors declared emulated
 * @quiet: vectors that an administrator holds
 * @rate_limit: of vectors without one of their own; 0: none
 * @bypass: may hardware post interrupts straight to vCPUs?
 * @on_hold: no vector gets a slot
 * @gone: the store's device is gone
 */
struct ims_vdev_snapshot {
	struct ims_client_info client;
	struct ims_refusals refused;
	u64 default_cookie;
	u32 live;
	u32 held;
	u32 emulated;
	u32 quiet;
	u32 rate_limit;
	enum ims_bypass_mode bypass;
	bool on_hold;
	bool gone;
};

/* snapshot.c; without vdev->lock, or with it */
int ims_vector_snapshot(struct ims_vdev *vdev, u32 index,
			struct ims_vector_snapshot *snapshot);
int ims_vdev_snapshot(struct ims_vdev *vdev,
		      struct ims_vdev_snapshot *snapshot);

#endif /* _VFIO_PCI_IMS_SNAPSHOT_H */
