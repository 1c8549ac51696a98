/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shim's other side: what tests do to the kernel around the engine. */
#ifndef _SHIM_H
#define _SHIM_H

#include <linux/types.h>

struct pci_dev;

/*
 * Context of a thread of execution. Simulated interrupts and RCU callbacks
 * have one of their own: they run on "another CPU".
 */
struct shim_ctx {
	int irq;		/* in an interrupt or a softirq */
	int irqs_off;		/* spinlocks held */
	int rcu;		/* depth of rcu_read_lock() */
	int nr_held;
	const void *held[16];
	bool in_hook;
	bool moving;		/* irq_set_affinity(): the bus lock is not held */
	bool unordered;		/* a pointer was published, no barrier since */
};

struct shim_ctx *shim_ctx(void);
struct shim_ctx *shim_ctx_switch(struct shim_ctx *to);

/*
 * Called wherever an interrupt may arrive in the midst of the engine: at locks,
 * allocations, look-ups and the end of RCU sections, with interrupts on.
 */
extern void (*shim_hook)(void);
void shim_point(void);

/* Called when a grace period is waited for, or for other CPUs. */
extern void (*shim_sync_hook)(void);

/* A signal has come for who waits interruptibly. */
extern bool shim_signal;

/* Failure injection: the @n-th from now on fails (1 is the next); 0: none. */
enum shim_fail {
	SHIM_FAIL_ALLOC,	/* -ENOMEM */
	SHIM_FAIL_REQUEST,	/* request_irq(): -ENOSPC, no CPU vector */
	SHIM_FAIL_REMAP,	/* allocation in the parent domain: -ENOMEM */
	SHIM_FAIL_FDGET,	/* eventfd_ctx_fdget(): -EMFILE */
	SHIM_FAIL_AFFINITY,	/* irq_set_affinity(): -ENOSPC */
	SHIM_FAILS,
};

/* Allocations with __GFP_NOWARN fail, whose callers do without. */
extern bool shim_no_spare_memory;

void shim_fail_at(enum shim_fail what, unsigned int n);
/* Has it happened? Disarms it. */
bool shim_fail_fired(enum shim_fail what);
bool shim_should_fail(enum shim_fail what);

/* How much there is of everything; @warnings since the last reset */
struct shim_counts {
	long memory;
	long irqs;
	long requested;
	long cpu_vectors;
	long domains;
	long remap_entries;	/* taken, also those of no interrupt */
	long rcu_pending;
	long warnings;
	long domain_allocs;	/* calls, ever */
	long irqs_lost;		/* accepted, then free_irq(); ever */
	long rcu_syncs;		/* calls, ever */
	long cpu_syncs;		/* calls of on_each_cpu_mask(), ever */
};

void shim_counts(struct shim_counts *counts);
/* After a test that left things over: the next one is not to blame. */
void shim_forgive(void);
void shim_forget_lock_order(void);

/* The next id that is given to a device or a store, as if all below had been. */
void shim_next_id(u32 id);

/* The driver is unbound: what is left of its device ends. */
struct device;
void shim_unbind(struct device *dev);

/* RCU. IMMEDIATE: as soon as there is no reader. DEFERRED: at a barrier. */
enum shim_rcu { SHIM_RCU_IMMEDIATE, SHIM_RCU_DEFERRED, SHIM_RCU_THREAD };
void shim_rcu_mode(enum shim_rcu mode);
/* The delayed work items that are queued run. Returns how many there were. */
unsigned int shim_delayed_work_run(void);

/*
 * A table of file descriptors, and eventfds behind them. An eventfd's count is
 * kept under its id after its end, until the id is used again.
 */
#define SHIM_FDS	64
#define SHIM_EVENTFDS	256
int shim_fd_eventfd(int fd);		/* opens: id of the new one */
void shim_fd_file(int fd);		/* opens what is no eventfd */
void shim_fd_close(int fd);
void shim_fd_reset(void);
void shim_forget_eventfds(void);
u64 shim_eventfd_count(int id);
int shim_eventfd_refs(int id);
void shim_eventfd_on_signal(void (*fn)(int id));

/* Interrupts: is there one, and has its handler run? */
bool shim_irq_raise(unsigned int virq);
/*
 * The same in two steps: a CPU accepts it, and handles it later. free_irq() in
 * between does not wait, and the interrupt is lost, as on x86. Handling waits for
 * who handles the same Linux IRQ.
 */
bool shim_irq_accept(unsigned int virq);
bool shim_irq_handle(unsigned int virq);
/* The Linux IRQ that a message raises; 0 for none. */
unsigned int shim_irq_of_message(u64 address, u32 data);
/* Interrupts that went to a vCPU, ever */
unsigned long shim_irq_posted(void);
/*
 * A consumer, by the eventfd's id, that accepts each producer, or fails with @refuses:
 * as its own registration does when the producer is there.
 */
int shim_bypass_consumer(int id, int refuses);
void shim_bypass_consumer_goes(int id);
void shim_bypass_consumers_go(void);
bool shim_bypass_connected(int id);
/* Id of the eventfd that the producer of a Linux IRQ has; -1: there is none */
int shim_bypass_producer(unsigned int virq);
long shim_bypass_producers(void);
unsigned long shim_bypass_registrations(void);
/* Called when a consumer is about to be connected or disconnected */
extern void (*shim_bypass_hook)(int id, bool connect);
void shim_cpu_vectors(long limit);	/* how many requests there may be */
/* Moving an interrupt changes its message, as without remapping? */
void shim_affinity_rewrites(bool on);
void shim_remap_error(int error);
/* Of the parent domain, which tells its kind: enum irq_domain_bus_token */
void shim_remap(enum ims_compat_remapping who);
void shim_remap_no_rows(bool on);
unsigned long shim_remap_asked(void);
bool shim_irq_probes(unsigned int virq);
/* How many remapping entries there are, negative: enough */
void shim_remap_entries(long limit);
/* Interrupts that were raised again with interrupts off arrive. */
void shim_irq_resend(void);
/* @virq arrives when interrupts are on again. */
void shim_irq_raise_later(unsigned int virq);
const char *shim_irq_name(unsigned int virq);
bool shim_irq_masked(unsigned int virq);
unsigned long shim_irq_status(unsigned int virq);
const struct irq_chip *shim_irq_chip(unsigned int virq);
void shim_cpus_online(unsigned long cpus);
bool shim_irq_pending(unsigned int virq);
unsigned long shim_irq_affinity(unsigned int virq);
/* CPUs that have no vector left for an interrupt that comes to them */
void shim_cpus_full(unsigned long cpus);
/* The kernel's default affinity; 0: all */
void shim_default_affinity(unsigned long cpus);
/* CPUs that on_each_cpu_mask() was last called for */
unsigned long shim_cpus_interrupted(void);

/* Text of the last log line and of the last trace event */
const char *shim_last_log(void);
const char *shim_last_trace(void);
unsigned int shim_log_count(void);
void shim_log_reset(void);
/*
 * How many log lines and trace events have had @text in them since; NULL: watch
 * for none. Only while shim_trace_on.
 */
void shim_watch(const char *text);
unsigned int shim_watched(void);

#endif
