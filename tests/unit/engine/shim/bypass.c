// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The irqbypass manager, and consumers as KVM's irqfds are: one is connected to the
 * producer of its eventfd, and then the interrupt goes to a vCPU.
 */
#include "kernel.h"
#include "shim.h"

static DEFINE_MUTEX(bypass_lock);
static struct irq_bypass_producer *producers;
static unsigned long registrations;
bool shim_bypass_walks = true;
void (*shim_bypass_hook)(int id, bool connect);

/* By the id of the eventfd */
static struct irq_bypass_consumer {
	bool there;
	int refuses;
	struct irq_bypass_producer *producer;
} consumers[SHIM_EVENTFDS];

static int id_of(const struct irq_bypass_producer *producer)
{
	return shim_eventfd_id(producer->eventfd);
}

static void disconnect(struct irq_bypass_consumer *c)
{
	struct irq_bypass_producer *p = c->producer;

	if (!p)
		return;
	if (shim_bypass_hook)
		shim_bypass_hook(id_of(p), false);
	if (irq_set_vcpu_affinity((unsigned int)p->irq, NULL))
		shim_die("IRQ %d stays with its vCPU", p->irq);
	WRITE_ONCE(c->producer, NULL);
	p->del_consumer(p, c);
}

/* Like the kernel's: a consumer that refuses has been announced before. */
static int connect_to(struct irq_bypass_consumer *c,
		      struct irq_bypass_producer *p)
{
	int ret = p->add_consumer(p, c);

	if (ret)
		return ret;
	if (shim_bypass_hook)
		shim_bypass_hook(id_of(p), true);
	ret = c->refuses ?: irq_set_vcpu_affinity((unsigned int)p->irq, c);
	if (ret)
		p->del_consumer(p, c);
	else
		WRITE_ONCE(c->producer, p);
	return ret;
}

int ims_compat_bypass_register(struct irq_bypass_producer *producer,
			       struct eventfd_ctx *eventfd, int irq)
{
	struct irq_bypass_consumer *c = &consumers[shim_eventfd_id(eventfd)];
	struct irq_bypass_producer *p;
	int ret = 0;

	might_sleep();
	mutex_lock(&bypass_lock);
	registrations++;
	for (p = producers; p && !ret; p = p->next) {
		if (p == producer)
			shim_die("a producer is registered twice");
		if (p->irq == irq)
			shim_die("IRQ %d has two producers", irq);
		if (p->eventfd == eventfd)
			ret = -EBUSY;
	}
	producer->eventfd = eventfd;
	producer->irq = irq;
	if (!ret && c->there)
		ret = connect_to(c, producer);
	if (!ret) {
		producer->next = producers;
		producers = producer;
	}
	mutex_unlock(&bypass_lock);
	return ret;
}

void ims_compat_bypass_unregister(struct irq_bypass_producer *producer)
{
	struct irq_bypass_producer **at;
	struct irq_bypass_consumer *c;

	might_sleep();
	mutex_lock(&bypass_lock);
	for (at = &producers; *at && *at != producer; at = &(*at)->next)
		;
	if (!*at)
		shim_die("a producer is not registered");
	c = &consumers[id_of(producer)];
	if (c->producer == producer)
		disconnect(c);
	*at = producer->next;
	mutex_unlock(&bypass_lock);
}

int shim_bypass_consumer(int id, int refuses)
{
	struct irq_bypass_consumer *c = &consumers[id];
	struct irq_bypass_producer *p;
	int ret = 0;

	mutex_lock(&bypass_lock);
	c->refuses = refuses;
	for (p = producers; p && id_of(p) != id; p = p->next)
		;
	if (p)
		ret = connect_to(c, p);
	c->there = !ret;
	mutex_unlock(&bypass_lock);
	return ret;
}

void shim_bypass_consumer_goes(int id)
{
	mutex_lock(&bypass_lock);
	disconnect(&consumers[id]);
	consumers[id].there = false;
	mutex_unlock(&bypass_lock);
}

void shim_bypass_consumers_go(void)
{
	int id;

	for (id = 0; id < SHIM_EVENTFDS; id++)
		if (consumers[id].there)
			shim_bypass_consumer_goes(id);
}

bool shim_bypass_connected(int id)
{
	return READ_ONCE(consumers[id].producer);
}

int shim_bypass_producer(unsigned int virq)
{
	struct irq_bypass_producer *p;
	int id = -1;

	mutex_lock(&bypass_lock);
	for (p = producers; p; p = p->next)
		if (p->irq == (int)virq)
			id = id_of(p);
	mutex_unlock(&bypass_lock);
	return id;
}

long shim_bypass_producers(void)
{
	struct irq_bypass_producer *p;
	long n = 0;

	mutex_lock(&bypass_lock);
	for (p = producers; p; p = p->next)
		n++;
	mutex_unlock(&bypass_lock);
	return n;
}

unsigned long shim_bypass_registrations(void)
{
	return READ_ONCE(registrations);
}
