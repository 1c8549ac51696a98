/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vector engine: what a virtual device's interrupts are made of, and the
 * functions that change them. It knows neither VFIO's ioctls, which set_irqs.c
 * turns into calls of what is declared here, nor netlink, which does the same
 * and listens (struct ims_listener).
 *
 * What a vector has follows from what is wanted of it. It has a slot when
 *
 *	it is backed by slots
 *	and has an eventfd, or its driver has prepared it
 *	and the device is not on hold, nor the vector revoked.
 *
 * What arrives is passed on when there is an eventfd, and the vector is neither
 * masked by its user, nor quiet, nor above its rate limit. Else one is kept back.
 *
 * Every operation changes one of these and then makes it so: what needs slots is
 * a transaction (change.c), what only gives them up cannot fail (take.c).
 *
 * Locks, outermost first:
 *
 *	vdev->lock (mutex)	what a vector is and what it is bound to. Held
 *				over allocation and release of interrupts, and
 *				while the driver's callbacks run.
 *	vdev->telling (mutex)	keeps what listeners are told of the device itself in
 *				the order of its changes. Taken by the work that
 *				tells of figures, without vdev->lock: nobody who
 *				binds vectors waits for it.
 *	irqbypass's (mutex)	which producer of interrupts is connected to which
 *				consumer, see bypass.c; KVM takes it, too.
 *	vdev->figures (mutex)	what readers see of the device that cannot be read
 *				at once. Held for bookkeeping only; the locks of
 *				ims_client_query() are inside.
 *	vector->lock (raw spinlock, interrupts off) the meeting point of the slow
 *				paths of handler and send_signal with mask,
 *				unmask, binding and readers. Never held while an
 *				eventfd is signalled.
 *
 * Readers (snapshot.c) take the last two and not vdev->lock: what they read
 * besides is written with WRITE_ONCE(), or published under RCU.
 *
 * The fast paths take no lock of ours: they read vector->trigger under RCU, which
 * is NULL whenever an interrupt cannot be passed on at once.
 */
#ifndef _VFIO_PCI_IMS_ENGINE_H
#define _VFIO_PCI_IMS_ENGINE_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <asm/local64.h>

#include <linux/ims.h>
#include <linux/vfio_pci_ims.h>
#include <uapi/linux/ims_netlink.h>

struct ims_vdev;
struct ims_vector;
struct ims_bypass;
struct ims_limit;

/**
 * struct ims_counts - what is counted of a vector
 * @delivered: interrupts passed on, and one for each slot that was taken from a
 *	live vector with an interrupt perhaps under way, see ims_vector_resend()
 * @loopback: signals asked for by VFIO or netlink that were passed on
 * @signalled: signals by the driver that were passed on
 * @dropped: interrupts and signals that met no trigger
 * @pended: interrupts and signals that were kept back, or met no trigger yet
 * @throttles: pauses that its rate limit has made
 * @replaced: triggers replaced
 * @revocations: slots that the driver has taken from it
 * @failed: failed attempts to make it live or to change its cookie
 */
struct ims_counts {
	u64 delivered;
	u64 loopback;
	u64 signalled;
	u64 dropped;
	u64 pended;
	u64 throttles;
	u64 replaced;
	u64 revocations;
	u64 failed;
};

/* Which cache line of its structure a member begins in */
#define ims_cache_line(type, member)	(offsetof(type, member) / SMP_CACHE_BYTES)

/**
 * struct ims_line - one hardware interrupt on its way to a vector
 * @vector: where it goes; set before the interrupt is requested
 * @delivered: interrupts passed on. Written by the handler alone, of which the
 *	interrupt core runs one at a time for an interrupt: local64_t is one
 *	instruction, without a lock prefix.
 * @last: jiffies of the last one; 0 for never
 * @irq: slot, generation, Linux IRQ and cookie; vdev->lock
 * @left: an interrupt may have been kept at the slot to its end
 * @paused: the slot is masked by ims_pause_irq(); the vector's lock
 * @merged: of @delivered, what the vector has in its own count; vdev->lock
 * @node: for lists of lines on their way to be freed
 * @rcu: vfio_pci_ims_hwirq() may look at it without lock
 *
 * The handler uses the first three: one cache line, which no other interrupt's
 * handler writes to.
 */
struct ims_line {
	struct ims_vector *vector;
	local64_t delivered;
	unsigned long last;
	struct ims_irq irq;
	bool left;
	bool paused;
	u64 merged;
	struct list_head node;
	struct rcu_head rcu;
} ____cacheline_aligned;

static_assert(ims_cache_line(struct ims_line, vector) == 0 &&
	      offsetofend(struct ims_line, last) <= SMP_CACHE_BYTES);
static_assert(sizeof(struct ims_line) % SMP_CACHE_BYTES == 0);

/* struct ims_failure: nothing ran out, the request itself is at fault */
#define IMS_NOTHING_RAN_OUT	-1

/**
 * struct ims_failure - why a request was refused
 * @vector: the vector that it failed for; %VFIO_PCI_IMS_DEFAULT_COOKIE: none
 * @kind: what ran out, enum ims_alert_kind, or %IMS_NOTHING_RAN_OUT
 */
struct ims_failure {
	u32 vector;
	int kind;
};

/**
 * struct ims_backing - a way to raise a vector's interrupt
 * @id: its number on the wire
 * @alloc: get and request a line for each vector, all or none; @failure says
 *	which of them failed and what ran out. NULL: needs no lines, the driver
 *	signals by vfio_pci_ims_send_signal().
 * @quiesce: keep lines from raising interrupts, and wait for those under way
 * @free: counterpart of @alloc, for some of @lines, at least one, which go to
 *	@freed: their handlers do not run any more, and line->left is set
 * @set_cookie: change a line's cookie in place; only where
 *	ims_store_sets_cookies()
 *
 * All with vdev->lock held; they may sleep.
 */
struct ims_backing {
	enum ims_vector_backing id;
	int (*alloc)(struct ims_vdev *vdev, struct ims_line **lines, u32 nr,
		     struct ims_failure *failure);
	void (*quiesce)(struct list_head *lines);
	void (*free)(struct ims_vdev *vdev, struct list_head *lines,
		     struct list_head *freed);
	int (*set_cookie)(struct ims_vdev *vdev, struct ims_line *line,
			  u64 cookie);
};

extern const struct ims_backing ims_backing_slot;
extern const struct ims_backing ims_backing_emulated;

/**
 * struct ims_affinity - CPUs that a vector's interrupts may go to
 * @rcu: readers look at it without lock
 * @mask: cpumask_size() bytes of it
 */
struct ims_affinity {
	struct rcu_head rcu;
	unsigned long mask[];
};

/**
 * struct ims_vector - the context of one vector, from first use to close
 * @trigger: the fast paths' view of @eventfd: NULL without one, while interrupts
 *	are kept back, and while each of them is counted against a limit
 * @line: NULL for emulated vectors and while it has no slot; written under
 *	vdev->lock and @lock, readers under RCU
 * @vdev: whose it is
 * @backing: vdev->lock; send_signal() reads it without
 * @affinity: CPUs that its interrupts may go to, NULL for the device's;
 *	vdev->lock, readers under RCU
 * @limit: of its rate, or NULL: none, as yet; set once under vdev->lock. What is
 *	in it is guarded by @lock
 * @name: of its Linux IRQ
 * @index: its number
 * @revoked: its slot was revoked: it gets none before it is armed; vdev->lock,
 *	readers without
 * @quiet: an administrator keeps its interrupts back; written under vdev->lock and
 *	@lock
 *
 * @senders: signals by the driver, and what a limit has kept back, that are under way
 * @storm: there was one when storms were last polled for; only storm.c uses it
 * @signalled: signals by the driver that were passed on
 * @signalled_last: jiffies of the last of them; 0 for never
 * @bypassed: a consumer is connected; written under irqbypass's mutex
 * @bypass_changed: listeners are to be told so
 * @bypass: it is registered with irqbypass, or NULL; vdev->lock
 * @seen: interrupts and signals when storms were last polled for; only storm.c
 * @alert: rate of a storm that listeners are still to be told of, or 0; only storm.c
 * @rcu: for the any-context calls through the handle
 *
 * @lock: guards what follows up to @pended, which is read without it for show, and
 *	what is counted against a reset and the change of a line
 * @masked: its user keeps interrupts back; only ever true with an @eventfd
 * @masked_at: jiffies from which on it is @masked
 * @pending: one was
 * @prepared: the driver wants a slot also without @eventfd, and interrupts are
 *	kept back until there is one; written under vdev->lock as well
 * @cookie_own: it has a cookie of its own; likewise
 * @cookie: valid when @cookie_own; likewise
 * @eventfd: referenced, NULL while idle; written under vdev->lock as well
 * @dropped: interrupts and signals that met no trigger
 * @pended: interrupts and signals that were kept back, or met no trigger yet
 * @delivered: interrupts passed on by lines that it does not have any more, and
 *	what ims_vector_resend() passed on; vdev->lock, like all that follows
 * @loopback: signals asked for by VFIO or netlink that were passed on
 * @replaced: triggers replaced
 * @revocations: slots that the driver has taken from it
 * @failed: failed attempts to make it live or to change its cookie
 * @last: jiffies of the last signal that was not the driver's, or by a line that it
 *	does not have any more; 0 for never. Also written, without vdev->lock, when
 *	a limit lets pass what it has kept back
 * @base: those counters that are the fast paths' and only grow, as they were at
 *	the last reset: what is shown leaves them out; written under @lock as well
 * @since: CLOCK_MONOTONIC of that, or of first use; likewise
 *
 * Each block begins a cache line. Handlers and the driver's signals read the first,
 * which changes only with the vector itself. Signals write to the second. The third
 * is written by who finds no trigger or changes the vector, which is the same vector
 * for all of them, and they have a lock in common.
 */
struct ims_vector {
	struct eventfd_ctx __rcu *trigger;
	struct ims_line __rcu *line;
	struct ims_vdev *vdev;
	const struct ims_backing *backing;
	struct ims_affinity __rcu *affinity;
	struct ims_limit *limit;
	const char *name;
	u32 index;
	bool revoked;
	bool quiet;

	atomic_t senders ____cacheline_aligned;
	bool storm;
	bool bypassed;
	bool bypass_changed;
	atomic64_t signalled;
	unsigned long signalled_last;
	u64 seen;
	u64 alert;
	struct ims_bypass *bypass;
	struct rcu_head rcu;

	raw_spinlock_t lock ____cacheline_aligned;
	bool masked;
	bool pending;
	bool prepared;
	bool cookie_own;
	unsigned long masked_at;
	u64 cookie;
	struct eventfd_ctx *eventfd;
	u64 dropped;
	u64 pended;
	u64 delivered;
	u64 loopback;
	u64 replaced;
	u64 revocations;
	u64 failed;
	unsigned long last;
	struct {
		u64 delivered;
		u64 signalled;
		u64 dropped;
		u64 pended;
	} base;
	u64 since;
};

static_assert(ims_cache_line(struct ims_vector, trigger) == 0 &&
	      ims_cache_line(struct ims_vector, quiet) == 0);
static_assert(offsetof(struct ims_vector, senders) % SMP_CACHE_BYTES == 0 &&
	      ims_cache_line(struct ims_vector, senders) ==
	      ims_cache_line(struct ims_vector, signalled_last));
static_assert(offsetof(struct ims_vector, lock) % SMP_CACHE_BYTES == 0);
static_assert(sizeof(struct ims_vector) % SMP_CACHE_BYTES == 0);

/**
 * struct ims_limit - how many interrupts a second a vector may have: see limit.c
 * @vector: whose it is
 * @end: ends a pause
 * @own: the vector's own rate, in interrupts a second; 0: the device's
 * @rate: that is in force; 0: none
 * @cost: ns that one interrupt stands for; 0: there is no limit
 * @spent: CLOCK_MONOTONIC up to which time has been used for interrupts
 * @throttled: interrupts are kept back until @end
 * @throttles: how often that has begun
 *
 * All but @vector and @end are guarded by the vector's lock; @own and @rate are
 * written under vdev->lock as well.
 */
struct ims_limit {
	struct ims_vector *vector;
	struct delayed_work end;
	u32 own;
	u32 rate;
	u64 cost;
	u64 spent;
	bool throttled;
	u64 throttles;
};

/**
 * struct ims_refusals - requests that failed
 * @count: how many
 * @vector: that the last one failed for; %VFIO_PCI_IMS_DEFAULT_COOKIE: none
 * @error: its negative errno
 * @kind: what ran out, enum ims_alert_kind, or %IMS_NOTHING_RAN_OUT
 * @last: CLOCK_MONOTONIC of it, in ns
 */
struct ims_refusals {
	u64 count;
	u32 vector;
	int error;
	int kind;
	u64 last;
};

/* Those who may see cookies, and all others: struct ims_vdev has room for both */
#define IMS_AUDIENCES	2

/**
 * struct ims_vdev - a virtual device's vectors, from open to close
 * @ref: the handle holds one, and who found it by id
 * @rcu: for the any-context calls through the handle
 * @lock: see above; guards all that is not constant
 * @figures: see above; guards @client and @refused against readers
 * @telling: see above
 * @handle: the driver's; not valid any more once @abandoned
 * @ops: the driver's callbacks, never NULL
 * @owner: the driver's module, in use until @closed
 * @dev: the virtual device, referenced until @closed
 * @name: its name
 * @is_mdev: it is a mediated device
 * @store: the parent's store; valid until @closed
 * @store_id: its id
 * @parent: name of the parent
 * @client: our share of the store; NULL once closed
 * @id: on the wire
 * @num_vectors: declared
 * @pid: thread group that opened the device, in the initial PID namespace
 * @comm: its command name
 * @affinity: of vectors without one of their own, NULL: the kernel's default; never
 *	changes
 * @initial: what a reset brings back
 * @default_cookie: of vectors without their own; written with WRITE_ONCE()
 * @on_hold: no vector gets a slot
 * @closed: vfio_pci_ims_free() has been here: no context is made any more
 * @abandoned: it never came: closed by the end of the device's binding
 * @gone: the store's device is gone: nothing is allocated any more
 * @generation: changes with the set of vectors that have a context; never 0
 * @triggers: vectors with an eventfd
 * @held: those of them that are to have a slot and have none, or are quiet
 * @emulated: vectors declared emulated
 * @quiet: vectors that an administrator holds
 * @rate_limit: of vectors without one of their own, in interrupts a second; 0: none.
 *	WRITE_ONCE()
 * @refused: requests that failed
 * @bypass: may hardware post interrupts straight to vCPUs? WRITE_ONCE()
 * @bypass_tell: tells listeners of vectors that began or ended to be bypassed
 * @figures_tell: tells listeners that figures have changed
 * @announced: they know the device; vdev->telling
 * @request: eventfd of the unplug request
 * @error: eventfd of errors that the device reports
 * @unsent: what the listener keeps until ims_vdev_unlock(), for each kind of those
 *	whom it tells
 * @vectors: @num_vectors contexts, NULL when absent; readers under RCU
 */
struct ims_vdev {
	struct kref ref;
	struct rcu_head rcu;
	struct mutex lock;
	struct mutex figures;
	struct mutex telling;
	struct vfio_pci_ims *handle;
	const struct vfio_pci_ims_ops *ops;
	struct module *owner;
	struct device *dev;
	const char *name;
	bool is_mdev;
	struct ims_store *store;
	u32 store_id;
	const char *parent;
	struct ims_client *client;
	u32 id;
	u32 num_vectors;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct ims_affinity *affinity;
	struct {
		u64 default_cookie;
		bool on_hold;
	} initial;

	u64 default_cookie;
	bool on_hold;
	bool closed;
	bool abandoned;
	bool gone;
	u32 generation;
	u32 triggers;
	u32 held;
	u32 emulated;
	u32 quiet;
	u32 rate_limit;
	struct ims_refusals refused;
	enum ims_bypass_mode bypass;
	struct delayed_work bypass_tell;
	struct delayed_work figures_tell;
	bool announced;
	struct eventfd_ctx *request;
	struct eventfd_ctx *error;
	void *unsent[IMS_AUDIENCES];
	struct ims_vector __rcu *vectors[] __counted_by(num_vectors);
};

/* vdev.c: life; find.c: look-up. What get returns must be put. */
bool ims_vdevs_any(void);
struct ims_vdev *ims_vdev_get(struct vfio_pci_ims *ims);
struct ims_vdev *ims_vdev_get_id(u32 id);
struct ims_vdev *ims_vdev_get_name(const char *name);
struct ims_vdev *ims_vdev_get_next(u32 id);
void ims_vdev_put(struct ims_vdev *vdev);
int ims_vdev_publish(struct ims_vdev *vdev);
void ims_vdev_unpublish(struct ims_vdev *vdev);
struct ims_vdev *ims_vdev_withdraw(struct vfio_pci_ims *ims, u32 id);
u32 ims_vdevs_generation(void);
void ims_vdevs_changed(void);
void ims_vdev_free(struct ims_vdev *vdev);
void ims_vdev_lock(struct ims_vdev *vdev);
int ims_vdev_lock_interruptible(struct ims_vdev *vdev);
bool ims_vdev_trylock(struct ims_vdev *vdev);
void ims_vdev_unlock(struct ims_vdev *vdev);
int ims_vdev_usable(struct ims_vdev *vdev);
struct ims_vdev *ims_vdev_enter(struct vfio_pci_ims *ims);
struct ims_vdev *ims_vdev_enter_range(struct vfio_pci_ims *ims, u32 start,
				      u32 count);
void ims_vdev_leave(struct ims_vdev *vdev);
int ims_vdev_refuse(struct ims_vdev *vdev, const struct ims_failure *failure,
		    int error);

/* vector.c; with vdev->lock held */
struct ims_vector *ims_vector_get(struct ims_vdev *vdev, u32 index);
struct ims_vector *ims_vector_next(struct ims_vdev *vdev, u32 index);
struct ims_vector *ims_vector_alloc(struct ims_vdev *vdev, u32 index);
void ims_vector_publish(struct ims_vector *vector);
u32 ims_vdev_generation(const struct ims_vdev *vdev);
void ims_vector_free(struct ims_vector *vector);
struct ims_line *ims_vector_line(const struct ims_vector *vector);
enum ims_vector_state ims_vector_state(const struct ims_vector *vector);
void ims_vector_count_state(struct ims_vector *vector,
			    enum ims_vector_state was);
u64 ims_vector_cookie(const struct ims_vector *vector);
bool ims_vector_emulated(const struct ims_vector *vector);
struct eventfd_ctx *ims_vector_update(struct ims_vector *vector);
void ims_vector_pause(struct ims_vector *vector);
void ims_vector_pass(struct ims_vector *vector, struct eventfd_ctx *eventfd);
struct eventfd_ctx *ims_vector_bind(struct ims_vector *vector,
				    struct eventfd_ctx *eventfd);
void ims_vector_set_prepared(struct ims_vector *vector, bool prepared);
void ims_vector_quiesce(struct ims_vector *vector);
struct ims_line *ims_vector_swap_line(struct ims_vector *vector,
				      struct ims_line *line);
void ims_vector_tell_slot(struct ims_vector *vector, const struct ims_irq *old,
			  enum vfio_pci_ims_reason why);

/* line.c; with vdev->lock held, ims_line_merge_counts() with vector->lock, too */
struct ims_line *ims_line_alloc(struct ims_vector *vector, u64 cookie);
void ims_lines_abort(struct list_head *lines);
void ims_line_merge_counts(struct ims_line *line);
void ims_lines_free(struct ims_vdev *vdev, struct list_head *lines,
		    enum vfio_pci_ims_reason why);
void ims_lines_revoke(struct ims_vdev *vdev, struct list_head *lines,
		      enum vfio_pci_ims_reason why);

/**
 * struct ims_change - what is to become of one vector: see change.c
 * @vector: its context; NULL: nothing
 * @fresh: @vector is new, not published yet
 * @rebind: @eventfd is to be its trigger, or NULL: none
 * @prepare: it is to be prepared
 * @arm: it is not to be revoked any more
 * @renew: its slot is to carry @cookie
 * @eventfd: referenced; after the commit that of before
 * @cookie: that it is to have
 * @line: new line to put in force, or NULL
 * @in_place: the cookie of the line that it has is to change
 * @tell: listeners are to be told of it
 */
struct ims_change {
	struct ims_vector *vector;
	bool fresh;
	bool rebind;
	bool prepare;
	bool arm;
	bool renew;
	bool in_place;
	bool tell;
	struct eventfd_ctx *eventfd;
	u64 cookie;
	struct ims_line *line;
};

/* change.c, take.c: make a vector what is wanted of it; with vdev->lock held */
int ims_change_context(struct ims_vdev *vdev, struct ims_change *change,
		       u32 index);
int ims_changes_prepare(struct ims_vdev *vdev, struct ims_change *changes,
			u32 nr, bool on_hold, struct ims_failure *failure);
void ims_changes_abort(struct ims_change *changes, u32 nr);
void ims_changes_commit(struct ims_vdev *vdev, struct ims_change *changes,
			u32 nr, enum vfio_pci_ims_reason why);
void ims_vector_unbind(struct ims_vector *vector);
void ims_vector_take_line(struct ims_vector *vector, struct list_head *lines);
void ims_vectors_disable(struct ims_vdev *vdev, bool release,
			 enum vfio_pci_ims_reason why);

/* bind.c; with vdev->lock held */
int ims_block_bind(struct ims_vdev *vdev, u32 start, u32 count, const s32 *fds);

/*
 * signal.c; the blocks with vdev->lock held, which keeps vectors bound. @bools
 * choose from the range; NULL: all of it. The checks return 0, or -EINVAL and the
 * first vector that is not so.
 */
enum vfio_pci_ims_signal ims_vector_defer(struct ims_vector *vector,
					  bool loopback,
					  struct eventfd_ctx **eventfd);
void ims_vector_resend(struct ims_vector *vector);
int ims_block_check_triggers(struct ims_vdev *vdev, u32 start, u32 count,
			     const u8 *bools, u32 *failed);
int ims_block_check_lines(struct ims_vdev *vdev, u32 start, u32 count,
			  const u8 *bools, u32 *failed);
void ims_block_inject(struct ims_vdev *vdev, u32 start, u32 count,
		      const u8 *bools);
void ims_block_signal(struct ims_vdev *vdev, u32 start, u32 count,
		      const u8 *bools);

/* mask.c; with vdev->lock held */
int ims_block_mask(struct ims_vdev *vdev, u32 start, u32 count,
		   const u8 *bools, bool mask, u32 *failed);

/*
 * bypass.c; with vdev->lock held, but for the work item. begin: whenever a vector may
 * have become live or unmasked; end: before it is not so any more
 */
extern enum ims_bypass_mode ims_bypass_default;
void ims_bypass_begin(struct ims_vector *vector);
void ims_bypass_end(struct ims_vector *vector);
void ims_bypass_set(struct ims_vdev *vdev, enum ims_bypass_mode mode);
void ims_bypass_tell(struct work_struct *work);

/**
 * struct ims_restraint - what an administrator wants against storms
 * @set_quiet: @quiet is to change
 * @quiet: hold the vectors' interrupts back
 * @set_rate: @rate is to change
 * @rate: their own limit, in interrupts a second; 0: the device's
 */
struct ims_restraint {
	bool set_quiet;
	bool quiet;
	bool set_rate;
	u32 rate;
};

/* restrain.c; with vdev->lock held */
int ims_block_restrain(struct ims_vdev *vdev, u32 start, u32 count,
		       const u8 *bools, const struct ims_restraint *restraint);
int ims_rate_prepare(struct ims_vdev *vdev, u32 rate);
void ims_rate_set(struct ims_vdev *vdev, u32 rate);

/*
 * limit.c; with vector->lock held, but for alloc and stop, which may sleep; stop
 * without vdev->lock, when the vector has no eventfd any more
 */
int ims_limit_alloc(struct ims_vector *vector);
void ims_limit_stop(struct ims_vector *vector);
bool ims_limit_set(struct ims_vector *vector, u32 own);
bool ims_limit_pass(struct ims_vector *vector);
bool ims_vector_limited(const struct ims_vector *vector);
bool ims_vector_throttled(const struct ims_vector *vector);

/* cookie.c, emulated.c; with vdev->lock held */
int ims_cookie_valid(struct ims_vdev *vdev,
		     const struct vfio_pci_ims_cookie *change);
u64 ims_cookie_next(const struct ims_vdev *vdev,
		    const struct vfio_pci_ims_cookie *change);
int ims_cookie_check(struct ims_vdev *vdev,
		     const struct vfio_pci_ims_cookie *change, u32 *slots);
int ims_cookie_may_change(struct ims_vdev *vdev);
int ims_cookie_ask(struct ims_vdev *vdev,
		   const struct vfio_pci_ims_cookie *change);
void ims_vector_set_cookie(struct ims_vector *vector, bool own, u64 cookie);
int ims_cookie_set(struct ims_vdev *vdev,
		   const struct vfio_pci_ims_cookie *change, bool ask);
int ims_emulated_set(struct ims_vdev *vdev, u32 start, u32 count);
int ims_emulated_clear(struct ims_vdev *vdev, u32 start, u32 count);

/* affinity.c; with vdev->lock held */
int ims_affinity_check(struct ims_vdev *vdev, u32 index,
		       const struct cpumask *mask);
struct ims_affinity *ims_affinity_alloc(const struct cpumask *mask);
void ims_affinity_replace(struct ims_vector *vector,
			  struct ims_affinity *affinity);
void ims_affinity_forget(struct ims_vector *vector);
/* Also under RCU */
const struct cpumask *ims_vdev_affinity(const struct ims_vdev *vdev);
const struct cpumask *ims_vector_affinity(const struct ims_vector *vector);
bool ims_affinity_broken(const struct ims_vector *vector);

/*
 * stats.c; the first three with vector->lock held, and either vdev->lock or under
 * RCU; the reset with vdev->lock held
 */
void ims_vector_counts(const struct ims_vector *vector,
		       struct ims_counts *counts);
unsigned long ims_vector_last(const struct ims_vector *vector);
void ims_vector_raw_counts(const struct ims_vector *vector,
			   struct ims_counts *counts);
void ims_stats_reset(struct ims_vdev *vdev, u32 start, u32 count);

/* storm.c; any context that may sleep */
void ims_storms_watch(void);

/* channel.c; with vdev->lock held. @channel: &vdev->request or &vdev->error */
int ims_channel_set(struct eventfd_ctx **channel, s32 fd);
bool ims_channel_signal(struct eventfd_ctx *channel);

/* One more. Written by one at a time, and read by others without lock. */
static inline void ims_count(u64 *counter)
{
	WRITE_ONCE(*counter, *counter + 1);
}

/* Is [@start, @start + @count) within the declared vectors? */
static inline bool ims_vdev_has(const struct ims_vdev *vdev, u32 start,
				u32 count)
{
	return (u64)start + count <= vdev->num_vectors;
}

#include "configure.h"
#include "listener.h"
#include "snapshot.h"

#endif /* _VFIO_PCI_IMS_ENGINE_H */
