/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vector engine: what a virtual device's interrupts are made of, and the
 * functions that change them. It knows neither VFIO's ioctls nor netlink;
 * set_irqs.c and netlink_*.c call what is declared here.
 *
 * Locks, outermost first:
 *
 *	vdev->lock (mutex)	what a vector is and what it is bound to. Held
 *				over allocation and release of interrupts.
 *	vector->lock (spinlock, interrupts off) the meeting point of the slow
 *				paths of handler and send_signal with mask,
 *				unmask and binding. Never held while an eventfd
 *				is signalled.
 *
 * The fast paths take no lock of ours: they read vector->trigger under RCU,
 * which is NULL whenever an interrupt cannot be passed on at once.
 */
#ifndef _VFIO_PCI_IMS_VECTOR_H
#define _VFIO_PCI_IMS_VECTOR_H

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <asm/local64.h>

#include <linux/ims.h>
#include <linux/vfio_pci_ims.h>
#include <uapi/linux/ims_netlink.h>

struct ims_vdev;
struct ims_vector;
struct sk_buff;

/**
 * struct ims_counts - what is counted of a vector
 * @delivered: interrupts passed on, and one for each slot that was replaced
 *	under a live vector, see ims_vector_make_up()
 * @loopback: signals asked for by VFIO or netlink that were passed on
 * @signalled: signals by the driver that were passed on
 * @dropped: interrupts and signals that met no trigger
 * @pended: interrupts and signals that met a mask
 * @replaced: triggers replaced
 * @failed: failed attempts to make it live or to change its cookie
 */
struct ims_counts {
	u64 delivered;
	u64 loopback;
	u64 signalled;
	u64 dropped;
	u64 pended;
	u64 replaced;
	u64 failed;
};

/**
 * struct ims_line - one hardware interrupt on its way to a vector
 * @vector: where it goes; set before the interrupt is requested
 * @delivered: interrupts passed on. Written by the handler alone, of which the
 *	interrupt core runs one at a time for an interrupt: local64_t is one
 *	instruction, without a lock prefix.
 * @last: jiffies of the last one; 0 for never
 * @irq: slot, generation, Linux IRQ and cookie; vdev->lock
 * @node: for lists of lines on their way to be freed
 * @rcu: vfio_pci_ims_hwirq() may look at it without lock
 */
struct ims_line {
	struct ims_vector *vector;
	local64_t delivered;
	unsigned long last;
	struct ims_irq irq;
	struct list_head node;
	struct rcu_head rcu;
};

/**
 * struct ims_backing - a way to raise a vector's interrupt
 * @id: its number on the wire
 * @alloc: get and request a line for each vector, all or none; *@culprit is
 *	then the index of the one that failed. NULL: needs no lines, the driver
 *	signals by vfio_pci_ims_send_signal().
 * @free: counterpart
 * @set_cookie: change a line's cookie in place, -EOPNOTSUPP if that is not
 *	possible
 *
 * All with vdev->lock held; they may sleep.
 */
struct ims_backing {
	enum ims_vector_backing id;
	int (*alloc)(struct ims_vdev *vdev, struct ims_line **lines, u32 nr,
		     u32 *culprit);
	void (*free)(struct ims_vdev *vdev, struct ims_line *line);
	int (*set_cookie)(struct ims_vdev *vdev, struct ims_line *line,
			  u64 cookie);
};

extern const struct ims_backing ims_backing_slot;
extern const struct ims_backing ims_backing_emulated;

/**
 * struct ims_vector - the context of one vector, from first use to close
 * @trigger: the fast paths' view of @eventfd: NULL without one and while masked
 * @line: NULL for emulated and idle vectors; vdev->lock, readers under RCU
 * @vdev: whose it is
 * @backing: vdev->lock; send_signal() reads it without
 * @lock: guards the block that follows, which is read without it for show
 * @eventfd: referenced, NULL while idle; written under vdev->lock as well
 * @masked: interrupts are kept back; only ever true with an @eventfd
 * @pending: one was
 * @dropped: interrupts and signals that met no trigger
 * @pended: interrupts and signals that met a mask
 * @old: the eventfd before, which fast paths may be using; vdev->lock
 * @senders: signals by the driver that are under way
 * @signalled: signals by the driver that were passed on
 * @delivered: interrupts passed on by lines that are gone, and what
 *	ims_vector_make_up() passed on; vdev->lock
 * @loopback: signals asked for by VFIO or netlink that were passed on;
 *	vdev->lock
 * @replaced: triggers replaced; vdev->lock
 * @failed: failed attempts to make it live or to change its cookie;
 *	vdev->lock
 * @last: jiffies of the last signal, or of a line that is gone; 0 for never
 * @cookie: valid when @cookie_own; vdev->lock
 * @cookie_own: it has a cookie of its own; vdev->lock
 * @affinity: CPUs that its interrupts may go to, NULL for the default;
 *	vdev->lock
 * @base: those counters that are the fast paths' and only grow, as they were at
 *	the last reset: what is shown leaves them out; vdev->lock
 * @since: CLOCK_MONOTONIC of that, or of first use; vdev->lock
 * @seen: interrupts and signals when storms were last looked for; vdev->lock
 * @storm: there was one then; vdev->lock
 * @index: its number
 * @name: of its Linux IRQ
 */
struct ims_vector {
	struct eventfd_ctx __rcu *trigger;
	struct ims_line __rcu *line;
	struct ims_vdev *vdev;
	const struct ims_backing *backing;

	spinlock_t lock;
	bool masked;
	bool pending;
	bool cookie_own;
	bool storm;
	struct eventfd_ctx *eventfd;
	u64 dropped;
	u64 pended;

	struct eventfd_ctx *old;
	atomic_t senders;
	u32 index;
	atomic64_t signalled;
	u64 delivered;
	u64 loopback;
	u64 replaced;
	u64 failed;
	unsigned long last;
	u64 cookie;
	struct cpumask *affinity;
	struct {
		u64 delivered;
		u64 signalled;
		u64 dropped;
		u64 pended;
	} base;
	u64 since;
	u64 seen;
	char name[];
};

/**
 * struct ims_vdev - a virtual device's vectors, from open to close
 * @ref: the handle holds one, and who found it by id
 * @rcu: for the any-context calls through the handle
 * @lock: see above; guards all that is not constant
 * @dev: the virtual device, referenced until @closed
 * @name: its name
 * @store: the parent's store; valid until @closed
 * @client: our share of it; NULL once closed
 * @id: on the wire
 * @num_vectors: declared
 * @owner: thread group that opened the device, in the initial PID namespace
 * @comm: its command name
 * @default_cookie: of vectors without their own
 * @closed: vfio_pci_ims_free() has been here: no context is made any more
 * @gone: the store's device is gone: nothing is allocated any more
 * @generation: changes with the set of vectors that have a context; never 0
 * @live: vectors with an eventfd
 * @emulated: vectors declared emulated
 * @request: eventfd of the unplug request
 * @events: notifications to be sent by ims_vdev_unlock()
 * @vectors: @num_vectors contexts, NULL when absent; readers under RCU
 */
struct ims_vdev {
	struct kref ref;
	struct rcu_head rcu;
	struct mutex lock;
	struct device *dev;
	const char *name;
	struct ims_store *store;
	struct ims_client *client;
	u32 id;
	u32 num_vectors;
	pid_t owner;
	char comm[TASK_COMM_LEN];

	u64 default_cookie;
	bool closed;
	bool gone;
	u32 generation;
	u32 live;
	u32 emulated;
	struct eventfd_ctx *request;
	struct sk_buff *events;
	struct ims_vector __rcu *vectors[] __counted_by(num_vectors);
};

/* vdev.c: life and look-up; what get returns must be put */
struct ims_vdev *ims_vdev_get(struct vfio_pci_ims *ims);
struct ims_vdev *ims_vdev_get_id(u32 id);
struct ims_vdev *ims_vdev_get_name(const char *name);
struct ims_vdev *ims_vdev_get_next(u32 id);
void ims_vdev_put(struct ims_vdev *vdev);
u32 ims_vdevs_generation(void);
void ims_vdevs_changed(void);
void ims_vdev_lock(struct ims_vdev *vdev);
void ims_vdev_unlock(struct ims_vdev *vdev);
int ims_vdev_usable(struct ims_vdev *vdev);
struct ims_vdev *ims_vdev_enter(struct vfio_pci_ims *ims);
void ims_vdev_leave(struct ims_vdev *vdev);

/* vector.c; with vdev->lock held */
struct ims_vector *ims_vector_get(struct ims_vdev *vdev, u32 index);
struct ims_vector *ims_vector_next(struct ims_vdev *vdev, u32 index);
struct ims_vector *ims_vector_alloc(struct ims_vdev *vdev, u32 index);
void ims_vector_publish(struct ims_vector *vector);
struct ims_line *ims_vector_line(const struct ims_vector *vector);
u64 ims_vector_cookie(const struct ims_vector *vector);
void ims_vector_free(struct ims_vector *vector);
bool ims_vector_emulated(const struct ims_vector *vector);
void ims_vector_bind(struct ims_vector *vector, struct eventfd_ctx *eventfd);
void ims_vector_quiesce(struct ims_vector *vector);
void ims_vector_put_old(struct ims_vector *vector);
struct ims_line *ims_vector_swap_line(struct ims_vector *vector,
				      struct ims_line *line);

/* line.c; with vdev->lock held */
struct ims_line *ims_line_alloc(struct ims_vector *vector);
void ims_lines_free(struct ims_vdev *vdev, struct list_head *lines);
int ims_vector_realloc(struct ims_vector *vector);

/* block.c; with vdev->lock held */
int ims_block_bind(struct ims_vdev *vdev, u32 start, u32 count, const s32 *fds,
		   u32 *culprit);
void ims_block_disable(struct ims_vdev *vdev);

/*
 * signal.c; the blocks with vdev->lock held, which keeps vectors live. @bools
 * choose from the range; NULL: all of it.
 */
enum vfio_pci_ims_signal ims_vector_catch(struct ims_vector *vector,
					  struct eventfd_ctx **eventfd);
void ims_vector_make_up(struct ims_vector *vector);
int ims_block_check_live(struct ims_vdev *vdev, u32 start, u32 count,
			 const u8 *bools, u32 *culprit);
int ims_block_check_lines(struct ims_vdev *vdev, u32 start, u32 count,
			  const u8 *bools, u32 *culprit);
int ims_block_inject(struct ims_vdev *vdev, u32 start, u32 count,
		     const u8 *bools, u32 *culprit);
int ims_block_signal(struct ims_vdev *vdev, u32 start, u32 count,
		     const u8 *bools, u32 *culprit);

/* mask.c; with vdev->lock held */
int ims_block_mask(struct ims_vdev *vdev, u32 start, u32 count,
		   const u8 *bools, bool mask, u32 *culprit);

/* cookie.c, emulated.c; with vdev->lock held */
int ims_cookie_check(struct ims_vdev *vdev, u32 index, bool own, u64 cookie,
		     enum vfio_pci_ims_cookie_mode mode);
int ims_cookie_set(struct ims_vdev *vdev, u32 index, bool own, u64 cookie,
		   enum vfio_pci_ims_cookie_mode mode);
void ims_cookie_set_default(struct ims_vdev *vdev, u64 cookie);
int ims_emulated_set(struct ims_vdev *vdev, u32 start, u32 count);
int ims_emulated_clear(struct ims_vdev *vdev, u32 start, u32 count);

/* affinity.c; with vdev->lock held */
int ims_affinity_check(struct ims_vdev *vdev, u32 index,
		       const struct cpumask *mask);
int ims_affinity_set(struct ims_vdev *vdev, u32 index,
		     const struct cpumask *mask);
void ims_affinity_forget(struct ims_vector *vector);

/* stats.c; with vdev->lock held */
void ims_vector_counts(const struct ims_vector *vector,
		       struct ims_counts *counts);
unsigned long ims_vector_last(const struct ims_vector *vector);
void ims_stats_reset(struct ims_vdev *vdev, u32 start, u32 count);
void ims_storms_judge(struct ims_vdev *vdev, u64 limit, u64 ms);

/* storm.c; any context that may sleep */
void ims_storms_watch(void);

/*
 * netlink_event.c: tell the control plane's listeners. With vdev->lock held; kept
 * until ims_vdev_unlock(), so that they see what the whole of a change came to.
 */
enum ims_event {
	IMS_EVENT_CREATE,
	IMS_EVENT_DELETE,
	IMS_EVENT_CHANGE,
};

void ims_event_device(struct ims_vdev *vdev, enum ims_event event);
void ims_event_vector(struct ims_vector *vector, enum ims_event event);
void ims_event_alert(struct ims_vdev *vdev, u32 index,
		     enum ims_alert_kind kind, int error, u64 rate);
void ims_events_send(struct ims_vdev *vdev);

/* request.c; with vdev->lock held */
int ims_request_set(struct ims_vdev *vdev, s32 fd);
bool ims_request_signal(struct ims_vdev *vdev);

/* Is [@start, @start + @count) within the declared vectors? */
static inline bool ims_vdev_has(const struct ims_vdev *vdev, u32 start,
				u32 count)
{
	return (u64)start + count <= vdev->num_vectors;
}

#endif /* _VFIO_PCI_IMS_VECTOR_H */
