// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The interrupt core: descriptors, the store's domain, CPU vectors, and interrupts
 * as they arrive. The domain below: remap.c.
 */
#include "irq.h"

static DEFINE_MUTEX(irq_domain_mutex);
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct irq_desc *descs[IRQS];
static long irqs, requested, cpu_vectors, domains, domain_allocs, lost;
static unsigned long posted;
static long cpu_vectors_limit = IRQS;
/* CPUs that have no vector left, while others do */
static unsigned long full_cpus;
static unsigned long default_affinity = 0xf;
static unsigned long interrupted;
static long cpu_syncs;

int shim_goes_to(struct irq_desc *desc, unsigned long cpus)
{
	cpus &= shim_cpu_online.bits & ~full_cpus;
	if (!cpus)
		return -ENOSPC;
	desc->data.effective.bits = cpus & -cpus;
	return 0;
}

void shim_cpus_full(unsigned long cpus)
{
	full_cpus = cpus;
}

void shim_default_affinity(unsigned long cpus)
{
	default_affinity = cpus ?: 0xf;
}

/* CPUs are interrupted: each has handled what it had accepted before. */
void on_each_cpu_mask(const struct cpumask *mask, void (*fn)(void *), void *arg,
		      bool wait)
{
	if (!wait)
		shim_die("on_each_cpu_mask() that does not wait");
	if (shim_ctx()->irqs_off || shim_ctx()->irq)
		shim_die("on_each_cpu_mask() with interrupts off");
	WRITE_ONCE(interrupted, mask->bits);
	__atomic_add_fetch(&cpu_syncs, 1, __ATOMIC_RELAXED);
	if (shim_sync_hook && mask->bits)
		shim_sync_hook();
	pthread_rwlock_wrlock(&table_lock);
	pthread_rwlock_unlock(&table_lock);
	fn(arg);
}

unsigned long shim_cpus_interrupted(void)
{
	return READ_ONCE(interrupted);
}

struct irq_desc *shim_desc_or_null(unsigned int virq)
{
	return virq < IRQS ? descs[virq] : NULL;
}

struct irq_desc *shim_desc(unsigned int virq)
{
	struct irq_desc *desc = shim_desc_or_null(virq);

	if (!desc)
		shim_die("there is no IRQ %u", virq);
	return desc;
}

struct irq_data *irq_get_irq_data(unsigned int virq)
{
	return &shim_desc(virq)->data;
}

void handle_edge_irq(void *desc)
{
	(void)desc;
}

/* Domains */

struct fwnode_handle *irq_domain_alloc_named_fwnode(const char *name)
{
	struct fwnode_handle *fwnode = kzalloc(sizeof(*fwnode), GFP_KERNEL);

	if (fwnode)
		snprintf(fwnode->name, sizeof(fwnode->name), "%s", name);
	return fwnode;
}

void irq_domain_free_fwnode(struct fwnode_handle *fwnode)
{
	kfree(fwnode);
}

struct irq_domain *
irq_domain_create_hierarchy(struct irq_domain *parent, unsigned int flags,
			    unsigned int size, struct fwnode_handle *fwnode,
			    const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	(void)flags;
	(void)size;
	if (!domain)
		return NULL;
	domain->parent = parent;
	domain->ops = ops;
	domain->host_data = host_data;
	domain->fwnode = fwnode;
	__atomic_add_fetch(&domains, 1, __ATOMIC_RELAXED);
	return domain;
}

void irq_domain_remove(struct irq_domain *domain)
{
	mutex_lock(&irq_domain_mutex);
	WARN_ON(domain->mapped);
	__atomic_sub_fetch(&domains, 1, __ATOMIC_RELAXED);
	mutex_unlock(&irq_domain_mutex);
	kfree(domain);
}

static void free_descs(unsigned int virq, unsigned int nr)
{
	struct irq_desc *desc;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		desc = shim_desc(virq + i);
		if (desc->handler)
			shim_die("IRQ %u is freed while requested", virq + i);
		if (desc->remapped || desc->set)
			shim_die("IRQ %u is freed with a domain's data", virq + i);
		pthread_rwlock_wrlock(&table_lock);
		descs[virq + i] = NULL;
		pthread_rwlock_unlock(&table_lock);
		pthread_mutex_destroy(&desc->flow);
		kfree(desc);
		WRITE_ONCE(irqs, irqs - 1);
	}
}

/* The lowest @nr IRQs in a row that are free. */
static int find_irqs(unsigned int nr)
{
	unsigned int virq, run = 0;

	for (virq = FIRST_IRQ; virq < IRQS; virq++) {
		run = descs[virq] ? 0 : run + 1;
		if (run == nr)
			return (int)(virq - nr + 1);
	}
	return -ENOSPC;
}

static int make_descs(struct irq_domain *domain, unsigned int virq,
		      unsigned int nr)
{
	struct irq_desc *desc;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		desc = kzalloc(sizeof(*desc), GFP_KERNEL);
		if (!desc) {
			free_descs(virq, i);
			return -ENOMEM;
		}
		raw_spin_lock_init(&desc->lock);
		pthread_mutex_init(&desc->flow, NULL);
		desc->data.irq = virq + i;
		desc->data.affinity.bits = default_affinity;
		desc->data.domain = domain;
		desc->data.parent_data = &desc->remap;
		desc->masked = true;
		pthread_rwlock_wrlock(&table_lock);
		descs[virq + i] = desc;
		pthread_rwlock_unlock(&table_lock);
		WRITE_ONCE(irqs, irqs + 1);
	}
	return 0;
}

int __irq_domain_alloc_irqs(struct irq_domain *domain, int irq_base,
			    unsigned int nr, int node, void *arg, bool realloc,
			    const void *affinity)
{
	int virq, ret;

	(void)irq_base;
	(void)node;
	(void)realloc;
	(void)affinity;
	mutex_lock(&irq_domain_mutex);
	WRITE_ONCE(domain_allocs, domain_allocs + 1);
	virq = find_irqs(nr);
	ret = virq < 0 ? virq : make_descs(domain, (unsigned int)virq, nr);
	if (ret)
		goto out;
	ret = domain->ops->alloc(domain, (unsigned int)virq, nr, arg);
	if (ret) {
		free_descs((unsigned int)virq, nr);
		goto out;
	}
	domain->mapped += nr;
	ret = virq;
out:
	mutex_unlock(&irq_domain_mutex);
	return ret;
}

void irq_dispose_mapping(unsigned int virq)
{
	struct irq_domain *domain = shim_desc(virq)->data.domain;

	mutex_lock(&irq_domain_mutex);
	/* The core takes the chip away first. */
	shim_desc(virq)->data.chip = NULL;
	domain->ops->free(domain, virq, 1);
	free_descs(virq, 1);
	domain->mapped--;
	mutex_unlock(&irq_domain_mutex);
}

int irq_domain_alloc_irqs_parent(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr, void *arg)
{
	return domain->parent->ops->alloc(domain->parent, virq, nr, arg);
}

void irq_domain_free_irqs_common(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr)
{
	struct irq_desc *desc;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		desc = shim_desc(virq + i);
		desc->set = false;
		desc->data.chip = NULL;
		desc->data.chip_data = NULL;
	}
	domain->parent->ops->free(domain->parent, virq, nr);
}

static void set_chip(struct irq_desc *desc, struct irq_chip *chip)
{
	unsigned int i;

	for (i = FIRST_IRQ; i < IRQS; i++)
		if (descs[i] && descs[i]->set &&
		    READ_ONCE(descs[i]->data.hwirq) == desc->data.hwirq &&
		    descs[i]->data.domain == desc->data.domain)
			shim_die("hwirq %lu is mapped twice", desc->data.hwirq);
	desc->data.chip = chip;
	desc->set = true;
}

static void bus_lock(struct irq_desc *desc)
{
	if (desc->data.chip && desc->data.chip->irq_bus_lock)
		desc->data.chip->irq_bus_lock(&desc->data);
}

static void bus_unlock(struct irq_desc *desc)
{
	if (desc->data.chip && desc->data.chip->irq_bus_sync_unlock)
		desc->data.chip->irq_bus_sync_unlock(&desc->data);
}

void irq_set_chip_handler_name_locked(struct irq_data *d, struct irq_chip *chip,
				      void (*handler)(void *desc),
				      const char *name)
{
	struct irq_desc *desc = shim_desc(d->irq);

	(void)name;
	if (handler != handle_edge_irq)
		shim_die("IRQ %u: not an edge interrupt", d->irq);
	if (desc->handler)
		shim_die("IRQ %u: another flow handler while requested", d->irq);
	desc->edge = true;
	set_chip(desc, chip);
}

void irq_set_status_flags(unsigned int irq, unsigned long flags)
{
	shim_desc(irq)->status |= flags;
}

void irq_clear_status_flags(unsigned int irq, unsigned long flags)
{
	shim_desc(irq)->status &= ~flags;
}

/* A descriptor of no domain */
int irq_alloc_desc(int node)
{
	int virq, ret;

	(void)node;
	mutex_lock(&irq_domain_mutex);
	virq = find_irqs(1);
	ret = virq < 0 ? virq : make_descs(NULL, (unsigned int)virq, 1);
	mutex_unlock(&irq_domain_mutex);
	return ret ?: virq;
}

void irq_free_desc(unsigned int virq)
{
	mutex_lock(&irq_domain_mutex);
	free_descs(virq, 1);
	mutex_unlock(&irq_domain_mutex);
}

unsigned long shim_irq_status(unsigned int virq)
{
	return shim_desc(virq)->status;
}

const struct irq_chip *shim_irq_chip(unsigned int virq)
{
	return shim_desc(virq)->data.chip;
}

/* Would somebody who looks for interrupts start this one? */
bool shim_irq_probes(unsigned int virq)
{
	return !shim_desc(virq)->handler && !(shim_desc(virq)->status & IRQ_NOPROBE);
}

int irq_chip_set_affinity_parent(struct irq_data *d,
				 const struct cpumask *mask, bool force)
{
	d = d->parent_data;
	return d->chip->irq_set_affinity(d, mask, force);
}

void irq_chip_ack_parent(struct irq_data *d)
{
	d = d->parent_data;
	d->chip->irq_ack(d);
}

int irq_chip_set_vcpu_affinity_parent(struct irq_data *d, void *vcpu)
{
	d = d->parent_data;
	return d->chip->irq_set_vcpu_affinity(d, vcpu);
}

int irq_set_vcpu_affinity(unsigned int irq, void *vcpu)
{
	struct irq_desc *desc = shim_desc(irq);
	unsigned long flags;
	int ret;

	if (!desc->data.chip->irq_set_vcpu_affinity)
		return -ENOSYS;
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = desc->data.chip->irq_set_vcpu_affinity(&desc->data, vcpu);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/*
 * The CPU's vector is raised. Interrupts are off here, or a lock is held that the
 * handler may want: it arrives when they are on again.
 */
static __thread unsigned int resends[64];
static __thread unsigned int nr_resends;

int irq_chip_retrigger_hierarchy(struct irq_data *d)
{
	struct irq_desc *desc = shim_desc(d->irq);

	if (!desc->present)
		shim_die("IRQ %u is raised again and has no CPU vector", d->irq);
	shim_irq_raise_later(d->irq);
	return 1;
}

void shim_irq_raise_later(unsigned int virq)
{
	if (nr_resends == ARRAY_SIZE(resends))
		shim_die("too many interrupts are raised again");
	resends[nr_resends++] = virq;
}

void shim_irq_resend(void)
{
	while (nr_resends)
		shim_irq_raise(resends[--nr_resends]);
}

/* Requests */

/* Parent first: without a CPU vector there is no message to be written. */
static int activate(struct irq_desc *desc)
{
	struct irq_domain *domain = desc->data.domain;
	int ret;

	if (shim_should_fail(SHIM_FAIL_REQUEST))
		return -ENOSPC;
	if (__atomic_add_fetch(&cpu_vectors, 1, __ATOMIC_RELAXED) >
	    cpu_vectors_limit) {
		__atomic_sub_fetch(&cpu_vectors, 1, __ATOMIC_RELAXED);
		return -ENOSPC;
	}
	/* Of the CPUs that it may go to the first, or else any, as x86 does. */
	if (shim_goes_to(desc, desc->data.affinity.bits)) {
		shim_log("warn", "irq", "Affinity broken");
		if (shim_goes_to(desc, ~0UL)) {
			__atomic_sub_fetch(&cpu_vectors, 1, __ATOMIC_RELAXED);
			return -ENOSPC;
		}
	}
	ret = domain->ops->activate(domain, &desc->data, false);
	desc->present = !ret;
	if (ret)
		__atomic_sub_fetch(&cpu_vectors, 1, __ATOMIC_RELAXED);
	return ret;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
		const char *name, void *arg)
{
	struct irq_desc *desc = shim_desc(irq);
	void *action;
	int ret;

	(void)flags;
	might_sleep();
	/* The kernel's own struct irqaction; stands for itself here. */
	action = kzalloc(64, GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	bus_lock(desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = desc->handler ? -EBUSY : activate(desc);
	if (!ret) {
		desc->handler = handler;
		desc->arg = arg;
		desc->name = name;
		desc->masked = false;
		desc->data.chip->irq_unmask(&desc->data);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	bus_unlock(desc);
	kfree(action);
	if (!ret)
		__atomic_add_fetch(&requested, 1, __ATOMIC_RELAXED);
	return ret;
}

/* Nobody is in the handler when it returns. */
void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = shim_desc(irq);

	might_sleep();
	pthread_mutex_lock(&desc->flow);
	pthread_mutex_unlock(&desc->flow);
}

const void *free_irq(unsigned int irq, void *arg)
{
	struct irq_desc *desc = shim_desc(irq);
	struct irq_domain *domain = desc->data.domain;
	unsigned long flags;
	const char *name;

	might_sleep();
	bus_lock(desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!desc->handler || desc->arg != arg)
		shim_die("free_irq(%u) of what was not requested", irq);
	if (desc->vcpu)
		shim_die("free_irq(%u) while a vCPU has it", irq);
	desc->data.chip->irq_mask(&desc->data);
	desc->masked = true;
	domain->ops->deactivate(domain, &desc->data);
	desc->present = false;
	name = desc->name;
	desc->handler = NULL;
	desc->arg = NULL;
	/* No wait for that: x86's chips cannot say that there is one. */
	if (desc->accepted)
		__atomic_add_fetch(&lost, 1, __ATOMIC_RELAXED);
	desc->accepted = false;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	bus_unlock(desc);
	synchronize_irq(irq);
	__atomic_sub_fetch(&cpu_vectors, 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&requested, 1, __ATOMIC_RELAXED);
	return name;
}

int irq_set_affinity(unsigned int irq, const struct cpumask *mask)
{
	struct irq_desc *desc = shim_desc(irq);
	unsigned long flags;
	int ret = 0;

	if (!mask->bits)
		return -EINVAL;
	if (shim_should_fail(SHIM_FAIL_AFFINITY))
		return -ENOSPC;
	raw_spin_lock_irqsave(&desc->lock, flags);
	shim_ctx()->moving = true;
	if (desc->handler)
		ret = desc->data.chip->irq_set_affinity(&desc->data, mask, false);
	if (ret >= 0) {
		desc->data.affinity = *mask;
		desc->data.affinity_set = true;
	}
	shim_ctx()->moving = false;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret < 0 ? ret : 0;
}

/* CPUs that the interrupt may go to, 0 when nobody has said so */
unsigned long shim_irq_affinity(unsigned int virq)
{
	const struct irq_data *d = &shim_desc(virq)->data;

	return d->affinity_set ? d->affinity.bits : 0;
}

/* Interrupts */

bool shim_irq_accept(unsigned int virq)
{
	struct irq_desc *desc;
	unsigned long flags;
	bool accepted = false;

	pthread_rwlock_rdlock(&table_lock);
	desc = virq < IRQS ? descs[virq] : NULL;
	if (desc) {
		struct shim_ctx irq = { .irq = 1 }, *was = shim_ctx_switch(&irq);

		raw_spin_lock_irqsave(&desc->lock, flags);
		accepted = desc->handler && !desc->masked && !desc->vcpu;
		desc->accepted |= accepted;
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		shim_ctx_switch(was);
	}
	pthread_rwlock_unlock(&table_lock);
	return accepted;
}

static bool irq_arrives(unsigned int virq, bool accepted)
{
	struct shim_ctx irq = { .irq = 1 }, *was;
	irq_handler_t handler = NULL;
	struct irq_desc *desc;
	unsigned long flags;
	void *arg = NULL;

	pthread_rwlock_rdlock(&table_lock);
	desc = virq < IRQS ? descs[virq] : NULL;
	if (desc) {
		was = shim_ctx_switch(&irq);
		pthread_mutex_lock(&desc->flow);
		raw_spin_lock_irqsave(&desc->lock, flags);
		if (desc->handler && !desc->masked && desc->vcpu && !accepted) {
			__atomic_add_fetch(&posted, 1, __ATOMIC_RELAXED);
		} else if (desc->handler && !desc->masked &&
			   (!accepted || desc->accepted)) {
			desc->accepted = false;
			handler = desc->handler;
			arg = desc->arg;
			desc->data.chip->irq_ack(&desc->data);
		}
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		/* Interrupts off is a read section. */
		rcu_read_lock();
		if (handler && handler((int)virq, arg) != IRQ_HANDLED)
			shim_die("IRQ %u was not handled", virq);
		rcu_read_unlock();
		pthread_mutex_unlock(&desc->flow);
		if (irq.nr_held || irq.rcu || irq.irqs_off)
			shim_die("the handler ends with locks held");
		shim_ctx_switch(was);
	}
	pthread_rwlock_unlock(&table_lock);
	return handler;
}

bool shim_irq_raise(unsigned int virq)
{
	return irq_arrives(virq, false);
}

bool shim_irq_handle(unsigned int virq)
{
	return irq_arrives(virq, true);
}

/* irq_get_irqchip_state() */
bool shim_irq_pending(unsigned int virq)
{
	struct irq_desc *desc = shim_desc(virq);
	unsigned long flags;
	bool pending = true;

	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!desc->data.chip->irq_get_irqchip_state(&desc->data, 1, &pending))
		shim_die("the chip says another state than the one asked for");
	if (desc->data.chip->irq_get_irqchip_state(&desc->data,
						   IRQCHIP_STATE_PENDING,
						   &pending))
		shim_die("the chip does not say what is pending");
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return pending;
}

unsigned long shim_irq_posted(void)
{
	return READ_ONCE(posted);
}

void shim_cpu_vectors(long limit)
{
	cpu_vectors_limit = limit < 0 ? IRQS : limit;
}

const char *shim_irq_name(unsigned int virq)
{
	return virq < IRQS && descs[virq] ? descs[virq]->name : NULL;
}

bool shim_irq_masked(unsigned int virq)
{
	return shim_desc(virq)->masked;
}

void shim_forgive_irqs(void);
void shim_forgive_irqs(void)
{
	memset(descs, 0, sizeof(descs));
	irqs = 0;
	requested = 0;
	cpu_vectors = 0;
	domains = 0;
	shim_forgive_remap();
}

void shim_counts_irq(struct shim_counts *counts);
void shim_counts_irq(struct shim_counts *counts)
{
	counts->irqs = READ_ONCE(irqs);
	counts->requested = READ_ONCE(requested);
	counts->cpu_vectors = READ_ONCE(cpu_vectors);
	counts->domains = READ_ONCE(domains);
	counts->remap_entries = shim_remap_taken();
	counts->domain_allocs = READ_ONCE(domain_allocs);
	counts->irqs_lost = READ_ONCE(lost);
	counts->cpu_syncs = READ_ONCE(cpu_syncs);
}
