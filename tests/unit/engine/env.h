/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine's tests stand on: a PCI device with an interrupt store (its
 * hardware played by this file), virtual devices, and ways to see all of it.
 */
#ifndef _ENGINE_ENV_H
#define _ENGINE_ENV_H

#include <linux/vfio.h>

#include "engine.h"
#include "ims_internal.h"
#include "shim.h"

#define ENV_DEVS	3
#define ENV_SLOTS	512

#define TRIGGER		VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK		VFIO_IRQ_SET_ACTION_MASK
#define UNMASK		VFIO_IRQ_SET_ACTION_UNMASK
#define NONE		VFIO_IRQ_SET_DATA_NONE
#define BOOL		VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD		VFIO_IRQ_SET_DATA_EVENTFD
#define MSIX		VFIO_PCI_MSIX_IRQ_INDEX
#define ERR		VFIO_PCI_ERR_IRQ_INDEX
#define REQ		VFIO_PCI_REQ_IRQ_INDEX
#define NEXT		VFIO_PCI_IMS_COOKIE_NEXT
#define NOW		VFIO_PCI_IMS_COOKIE_NOW

/**
 * struct env_slot - a slot of the hardware
 * @address: of its message, 0 when it is not in use
 * @masked: by the interrupt core
 * @pending: fired while masked, or when its last use ended so; fired again when it
 *	is unmasked
 */
struct env_slot {
	u64 address;
	u32 data;
	u64 cookie;
	bool masked;
	bool pending;
};

/**
 * struct env - a store and its virtual devices
 * @store: NULL while there is none
 * @id: of its devices, what vfio_pci_ims_init() returned
 * @driver: callbacks of devices that are opened, or NULL
 * @cookie_max: largest cookie that the hardware can hold
 * @bus: depth of the bus lock, by slot
 * @asleep: nobody may touch the hardware
 * @choose: the hardware's choice of a slot; -1: the first that it has free
 * @chosen: slots that it has handed out
 * @alloc_error: what its choice fails with
 * @writes: messages written
 * @released: stores that have ended, by their last callback
 * @on_mask: called when a slot has been masked that is in use: it keeps what the
 *	device raises from now on
 * @hw_lock: guards what the hardware has
 */
struct env {
	struct pci_dev pdev;
	struct ims_store_ops ops;
	struct ims_store *store;
	struct vfio_pci_ims ims[ENV_DEVS];
	int id[ENV_DEVS];
	struct device dev[ENV_DEVS];
	const struct vfio_pci_ims_ops *driver;

	pthread_mutex_t hw_lock;
	struct env_slot slots[ENV_SLOTS];
	u32 hwsize;
	u64 cookie_max;
	int bus[ENV_SLOTS];
	bool asleep;
	int choose;
	bool chosen[ENV_SLOTS];
	int alloc_error;
	unsigned long writes;
	unsigned int released;
	unsigned long bus_locks;
	void (*on_mask)(u32 slot);
};

#define ENV_IN_PLACE	1	/* the hardware changes cookies in place */
#define ENV_BUS		2	/* the store has a lock that sleeps */
#define ENV_CHOOSES	4	/* the hardware chooses slots, see env_handle() */
#define ENV_PENDING	8	/* the hardware tells what masked slots have kept */

#define ENV_COOKIE(d)	(0x1000u * ((d) + 1))	/* default cookies */

void env_init(struct env *env, u32 hwsize, unsigned int flags);
void env_set_flags(struct env *env, unsigned int flags);
int env_store(struct env *env);
/* Ends all; the number of things that are left over, each named on stderr. */
int env_fini(struct env *env);
int env_open_limits(struct env *env, int d, u32 vectors, u32 limit,
		    u32 reservation);
int env_open(struct env *env, int d, u32 vectors);
int env_open_params(struct env *env, int d,
		    const struct vfio_pci_ims_params *params);
void env_close(struct env *env, int d);
/* Linux IRQs that clients have kept for what they allocate next are given up. */
void env_settle(void);
/* A client of the store's own driver: told nothing, may have all slots */
struct ims_client *env_client_create(struct env *env);
/* The slot behind a vector, or the errno of vfio_pci_ims_hwirq() */
int env_hwirq(struct env *env, int d, u32 vector);
/* The handle that the hardware gives a slot */
u32 env_handle(const struct env *env, u32 slot);
/* The hardware loses what it has, as by a function level reset. */
void env_forget(struct env *env);

/* VFIO_DEVICE_SET_IRQS by its ioctl; @payload as flags say */
int env_irqs(struct env *env, int d, u32 flags, u32 start, u32 count,
	     const void *payload);
int env_irqs_raw(struct env *env, int d, u32 argsz, u32 index, u32 flags,
		 u32 start, u32 count, const void *payload, size_t size);
int env_bind(struct env *env, int d, u32 start, u32 count, const s32 *fds);
int env_bind1(struct env *env, int d, u32 vector, s32 fd);
int env_disable(struct env *env, int d);

/* The hardware fires @slot, presenting @cookie: has a handler run? */
bool env_fire(struct env *env, u32 slot, u64 cookie);
/* A CPU accepts it, and does not handle it yet: the Linux IRQ, or 0 */
u32 env_accept(struct env *env, u32 slot, u64 cookie);
/* env_fire() by vector, with the cookie that its slot has */
bool env_fire_vector(struct env *env, int d, u32 vector);

/**
 * struct env_vector - all that is known of a vector
 * @slot: -1: none
 * @handle: of the slot
 * @cookie: in the slot
 * @next: of the next allocation
 * @own: has a cookie of its own
 */
struct env_vector {
	int state;
	bool emulated;
	int slot;
	u32 handle;
	u32 generation;
	u32 virq;
	u64 cookie;
	u64 next;
	bool own;
	bool masked;
	bool pending;
	bool prepared;
	bool revoked;
	bool quiet;
	bool throttled;
	bool rate_own;
	u32 rate;
	u64 throttles;
	u64 delivered;
	u64 loopback;
	u64 signalled;
	u64 dropped;
	u64 pended;
	u64 replaced;
	u64 revocations;
	u64 failed;
	u64 last;
};

/* -ENODEV when the device is closed */
int env_vector(struct env *env, int d, u32 vector, struct env_vector *v);
struct env_vector env_get(struct env *env, int d, u32 vector);
int env_client(struct env *env, int d, struct ims_client_info *info);
int env_set_limits(struct env *env, int d, u32 limit, u32 reservation);
u64 env_count(int fd_id);

/**
 * struct env_event - what listeners were told
 * @live: of a vector's
 * @slot: likewise; -1: none
 * @bypassed: likewise
 * @delivered: likewise
 */
struct env_event {
	enum { ENV_DEVICE, ENV_VECTOR, ENV_ALERT } kind;
	enum ims_event event;
	u32 device;
	u32 vector;
	bool live;
	int slot;
	bool bypassed;
	u64 delivered;
	enum ims_alert_kind alert;
	int error;
	u64 rate;
};

/*
 * The first ones since they were forgotten, but for those by which a device's figures
 * are told some time after they have changed: events.c
 */
#define ENV_EVENTS	256
extern const struct ims_listener env_listener;
/* Nobody listens to the listener. */
extern bool env_events_unwanted;
void env_events_forget(void);
unsigned int env_events_count(void);
const struct env_event *env_event(unsigned int i);
/* Those others */
unsigned int env_events_of_figures(void);

/*
 * What who is told of everything knows: table.c. Wrong, which runs what waits to be
 * run, and differs return what is not so, or NULL.
 */
void env_table_begin(void);
void env_table_end(void);
void env_table_device(struct ims_vdev *vdev, enum ims_event event);
void env_table_vector(struct ims_vector *vector);
const char *env_table_differs(void);
const char *env_table_wrong(void);

/*
 * Everything that can be observed, as text. Left out, because a request that
 * fails may change it: counts of failures, the store's peak, free slots' order.
 */
void env_dump(struct env *env, char *buf, size_t size);

/* An administrator sets a vector's affinity; with vdev->lock held */
int env_set_affinity(struct ims_vdev *vdev, u32 vector,
		     const struct cpumask *mask);

#endif
