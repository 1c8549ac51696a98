/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types, constants and one-liners, by the kernel's names. */
#ifndef _SHIM_DEFINITIONS_H
#define _SHIM_DEFINITIONS_H

#define MAX_ERRNO		4095

#ifndef ENOTSUPP
#define ENOTSUPP		524
#endif

#define SMP_CACHE_BYTES		64
#define ____cacheline_aligned		__attribute__((aligned(SMP_CACHE_BYTES)))
#define static_assert(e, ...)	_Static_assert(e, #e)

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define noinline		__attribute__((noinline))

#define ERR_PTR(error)		((void *)(long)(error))
#define PTR_ERR(ptr)		((long)(ptr))
#define IS_ERR(ptr)		((unsigned long)(ptr) >= (unsigned long)-MAX_ERRNO)
#define IS_ERR_OR_NULL(ptr)	(!(ptr) || IS_ERR(ptr))
#define ERR_CAST(ptr)		((void *)(ptr))

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof(*(p)->member) * (size_t)(n))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#define min(a, b) ({						\
	__typeof__(a) __a = (a); __typeof__(b) __b = (b);	\
	__a < __b ? __a : __b; })
#define max(a, b) ({						\
	__typeof__(a) __a = (a); __typeof__(b) __b = (b);	\
	__a > __b ? __a : __b; })
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max_t(t, a, b)		max((t)(a), (t)(b))

#define round_up(n, to)		(((n) + (to) - 1) / (to) * (to))
#define hweight32(w)		((unsigned int)__builtin_popcount(w))

#define GFP_KERNEL		1u
#define GFP_KERNEL_ACCOUNT	3u
#define GFP_ATOMIC		4u
#define __GFP_NOWARN		8u
typedef unsigned int gfp_t;

#define TASK_COMM_LEN		16

struct task_struct {
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	struct task_struct *group_leader;
};

struct shim_devres;

struct bus_type {
	const char *name;
};

struct device {
	int refs;
	const struct bus_type *bus;
	const char *name;
	struct shim_devres *devres;
};

struct pci_dev {
	struct device dev;
	bool isolated_msi;
	bool no_msi_domain;
	bool other_msi_domain;
};

/* Interrupts */
typedef enum { IRQ_NONE, IRQ_HANDLED } irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *arg);

struct cpumask {
	unsigned long bits;
};

extern struct cpumask shim_cpu_online;
#define cpu_online_mask			(&shim_cpu_online)
#define to_cpumask(bitmap)		((struct cpumask *)(bitmap))
#define cpumask_size()			sizeof(struct cpumask)
#define cpumask_empty(m)		(!(m)->bits)
#define cpumask_subset(a, b)		(!((a)->bits & ~(b)->bits))
#define cpumask_intersects(a, b)	(!!((a)->bits & (b)->bits))
#define cpumask_first(m)		((m)->bits ? __builtin_ctzl((m)->bits) : 64)
#define nr_cpu_ids			64u
#define cpumask_test_cpu(cpu, m)	(!!((m)->bits & 1UL << (cpu)))
#define cpumask_set_cpu(cpu, m)		((void)((m)->bits |= 1UL << (cpu)))
#define cpumask_clear(m)		((void)((m)->bits = 0))
#define cpumask_copy(to, from)		((void)((to)->bits = (from)->bits))

/* As where a struct cpumask is large (CONFIG_CPUMASK_OFFSTACK) */
typedef struct cpumask *cpumask_var_t;
#define alloc_cpumask_var(m, gfp)	(!!(*(m) = kmalloc(cpumask_size(), gfp)))
#define zalloc_cpumask_var(m, gfp)	(!!(*(m) = kzalloc(cpumask_size(), gfp)))
#define free_cpumask_var(m)		kfree(m)

struct sk_buff;

/* Time */
#define MSEC_PER_SEC			1000
#define NSEC_PER_MSEC			1000000L
#define NSEC_PER_SEC			1000000000L
#define nsecs_to_jiffies(ns)		((unsigned long)((ns) / NSEC_PER_MSEC))
#define DIV_ROUND_UP(n, d)		(((n) + (d) - 1) / (d))
#define div64_u64(a, b)			((u64)(a) / (u64)(b))
#define div_u64(a, b)			((u64)(a) / (u32)(b))

struct msi_msg {
	u32 address_lo;
	u32 address_hi;
	u32 data;
};

struct msi_desc {
	struct device *dev;
};

enum irq_alloc_type {
	X86_IRQ_ALLOC_TYPE_PCI_MSI = 2,
	X86_IRQ_ALLOC_TYPE_PCI_MSIX = 3,
};

struct irq_alloc_info {
	enum irq_alloc_type type;
	u32 devid;
	unsigned long hwirq;
	struct msi_desc *desc;
};

typedef unsigned long irq_hw_number_t;

#define IRQ_SET_MASK_OK			0
#define IRQ_SET_MASK_OK_NOCOPY		1
#define IRQ_SET_MASK_OK_DONE		2
#define IRQ_NOPROBE			(1 << 10)
#define IRQ_IS_POLLED			(1 << 18)
#define IRQ_HIDDEN			(1 << 20)
#define NUMA_NO_NODE			(-1)
#define IRQCHIP_SKIP_SET_WAKE		1
#define IRQCHIP_AFFINITY_PRE_STARTUP	2
#define IRQCHIP_ONESHOT_SAFE		4
#define IMS_COMPAT_MOVE_DEFERRED	8

struct irq_domain;

struct irq_data {
	unsigned int irq;
	unsigned long hwirq;
	struct irq_chip *chip;
	void *chip_data;
	struct irq_domain *domain;
	struct irq_data *parent_data;
	struct cpumask affinity;
	struct cpumask effective;
	bool affinity_set;
};

enum irqchip_irq_state {
	IRQCHIP_STATE_PENDING,
	IRQCHIP_STATE_ACTIVE,
};

struct irq_chip {
	const char *name;
	void (*irq_mask)(struct irq_data *d);
	void (*irq_unmask)(struct irq_data *d);
	void (*irq_ack)(struct irq_data *d);
	int (*irq_retrigger)(struct irq_data *d);
	int (*irq_set_affinity)(struct irq_data *d, const struct cpumask *mask,
				bool force);
	int (*irq_get_irqchip_state)(struct irq_data *d,
				     enum irqchip_irq_state which, bool *state);
	void (*irq_compose_msi_msg)(struct irq_data *d, struct msi_msg *msg);
	int (*irq_set_vcpu_affinity)(struct irq_data *d, void *vcpu);
	void (*irq_bus_lock)(struct irq_data *d);
	void (*irq_bus_sync_unlock)(struct irq_data *d);
	unsigned long flags;
};

struct irq_domain_ops {
	int (*alloc)(struct irq_domain *domain, unsigned int virq,
		     unsigned int nr, void *arg);
	void (*free)(struct irq_domain *domain, unsigned int virq,
		     unsigned int nr);
	int (*activate)(struct irq_domain *domain, struct irq_data *d,
			bool reserve);
	void (*deactivate)(struct irq_domain *domain, struct irq_data *d);
};

struct fwnode_handle {
	char name[48];
};

/* kmod/compat */
enum ims_compat_remapping {
	IMS_COMPAT_REMAP_INTEL,
	IMS_COMPAT_REMAP_AMD,
	IMS_COMPAT_REMAP_NOBODY,
	IMS_COMPAT_REMAP_OTHER,
};

struct irq_domain {
	const char *name;
	enum ims_compat_remapping remapping;
	struct irq_domain *parent;
	const struct irq_domain_ops *ops;
	void *host_data;
	struct fwnode_handle *fwnode;
	unsigned int mapped;
};

#define ims_compat_remapping(d)		((d)->remapping)
#define IMS_COMPAT_AMD_ENTRIES		512

#define irq_data_get_effective_affinity_mask(d) (&(d)->effective)
#define irq_data_get_affinity_mask(d)	(&(d)->affinity)
#define irqd_affinity_was_set(d)	((d)->affinity_set)
#define irqd_to_hwirq(d)		((d)->hwirq)
#define irq_data_get_irq_chip_data(d)	((d)->chip_data)

/* Who has interrupts, and who takes them past the host: bypass.c */
struct irq_bypass_consumer;
struct eventfd_ctx;

struct irq_bypass_producer {
	struct irq_bypass_producer *next;
	struct eventfd_ctx *eventfd;
	int irq;
	int (*add_consumer)(struct irq_bypass_producer *producer,
			    struct irq_bypass_consumer *consumer);
	void (*del_consumer)(struct irq_bypass_producer *producer,
			     struct irq_bypass_consumer *consumer);
};

/* As before 6.17; a test can have it the other way. */
extern bool shim_bypass_walks;
#define IMS_COMPAT_BYPASS_WALKS		shim_bypass_walks

/* Notifiers */
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long event,
			     void *data);
	struct notifier_block *next;
};

#define NOTIFY_DONE			0

struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_LIMIT(lo, hi)		((struct xa_limit){ .max = (hi), .min = (lo) })
#define xa_limit_32b			XA_LIMIT(0, U32_MAX)
#define XA_PRESENT			8u

#endif
