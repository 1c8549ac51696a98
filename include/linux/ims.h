/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims.ko: interrupt domains for device-specific interrupt stores.
 *
 * An Interrupt Message Store (IMS) is where a PCI device keeps interrupt
 * messages beside its MSI-X table: in registers, or in memory that it reads.
 * The device's driver tells how a message is written, masked and unmasked;
 * ims.ko makes a Linux interrupt of each slot on request. The mainline kernel
 * had such domains in 6.2 to 6.9 (drivers/pci/msi/api.c there) and dropped
 * them for want of a user. How its calls map to these:
 *
 *	pci_create_ims_domain()		ims_store_create()
 *	pci_ims_alloc_irq()		ims_alloc_irqs()
 *	pci_ims_free_irq()		ims_free_irqs()
 *	union msi_instance_cookie	u64, by value
 *	struct msi_map			struct ims_irq
 *
 * New is the client: those for whom interrupts are allocated (virtual
 * devices) have a limit and a reservation each, so that one of them cannot
 * take the whole store.
 */
#ifndef _LINUX_IMS_H
#define _LINUX_IMS_H

#include <linux/types.h>

struct cpumask;
struct irq_data;
struct notifier_block;
struct pci_dev;
struct ims_client;
struct ims_store;

/* Any slot will do: see ims_alloc_irqs(). Never the number of a slot. */
#define IMS_SLOT_ANY	U32_MAX

/* Most slots a store can have. */
#define IMS_STORE_MAX	(1U << 20)

/**
 * struct ims_message - what goes into a slot
 * @address: where the device writes to raise the interrupt (a DMA address
 *	that interrupt remapping intercepts)
 * @data: what it writes there
 * @cookie: the allocation's cookie; what it means is up to the device. Where
 *	the hardware can check it (a PASID, a queue id) the driver must make it
 */
struct ims_message {
	u64 address;
	u32 data;
	u64 cookie;
};

/**
 * struct ims_store_ops - how a driver's store is written
 * @write: put @msg into a slot. An address of 0 means that the slot is no
 *	longer in use: the device must not fire it any more.
 * @mask: keep a slot from firing. An interrupt that the device would raise
 *	from now on must be remembered and raised by @unmask.
 * @unmask: let a slot fire.
 * @set_cookie: optional. Change the cookie of a slot that is in use, in
 *	place, without losing an interrupt.
 * @lock: optional. Called before request_irq(), free_irq(), disable_irq(),
 *	irq_inject_interrupt() and the like, and @set_cookie touch a slot, with
 *	@unlock after the last touch: where a driver can wait
 *	until the device does not use a slot any more, or flush several writes
 *	at once. @mask and @unmask by the interrupt's flow handler, and @write by
 *	a change of affinity, come without: they must take effect by themselves.
 *	May sleep.
 * @unlock: counterpart of @lock. May sleep.
 *
 * @write, @mask, @unmask and @set_cookie run with interrupts off and a raw
 * spinlock held and must not sleep. Calls for one slot never overlap; calls
 * for different slots may.
 */
struct ims_store_ops {
	void (*write)(void *data, u32 slot, const struct ims_message *msg);
	void (*mask)(void *data, u32 slot);
	void (*unmask)(void *data, u32 slot);
	int (*set_cookie)(void *data, u32 slot, u64 cookie);
	void (*lock)(void *data);
	void (*unlock)(void *data);
};

/**
 * struct ims_irq - one allocated interrupt
 * @slot: in: the slot wanted, or %IMS_SLOT_ANY. out: the slot.
 * @generation: out: how often the slot has been handed out, this time
 *	included; never 0
 * @virq: out: Linux IRQ, for request_irq() and the like
 * @data: out: what the interrupt core keeps for @virq, as irq_get_irq_data()
 *	would look it up
 * @cookie: in: the allocation's cookie; kept up to date by ims_set_cookie()
 */
struct ims_irq {
	u32 slot;
	u32 generation;
	unsigned int virq;
	struct irq_data *data;
	u64 cookie;
};

/**
 * struct ims_client_ops - what a client is told
 * @gone: the store's device goes away. When this returns, the client must have
 *	released its interrupts (free_irq() and ims_free_irqs()), and no call of
 *	it to ims_alloc_irqs(), ims_free_irqs() or ims_set_cookie() may be under
 *	way: a lock of the client's around both sees to it. Called at most once,
 *	from ims_store_destroy(). May sleep.
 */
struct ims_client_ops {
	void (*gone)(void *priv);
};

/**
 * struct ims_store_info - figures of a store
 * @id: its number: 1 and up, not used again before all have been used
 * @hwsize: slots it has
 * @used: slots in use
 * @peak: most slots ever in use at a time
 * @limit: most slots that may be in use at a time
 * @reserved: sum of the clients' reservations
 * @available: slots that are neither in use nor promised to a client
 * @clients: how many there are
 * @failures: calls to ims_alloc_irqs() that failed for want of slots, memory,
 *	remapping entries or CPUs of the wanted affinity. (CPU vectors are taken later, by request_irq().)
 */
struct ims_store_info {
	u32 id;
	u32 hwsize;
	u32 used;
	u32 peak;
	u32 limit;
	u32 reserved;
	u32 available;
	u32 clients;
	u64 failures;
};

/**
 * struct ims_client_info - figures of a client
 * @used: slots it uses
 * @limit: most slots it may use at a time
 * @reservation: slots guaranteed to it
 * @available: slots that it could have in addition now
 */
struct ims_client_info {
	u32 used;
	u32 limit;
	u32 reservation;
	u32 available;
};

/**
 * enum ims_store_event - what a notifier is told about a store
 * @IMS_STORE_CREATED: it can be found
 * @IMS_STORE_DESTROYED: its driver has ended it. All its interrupts are free; it
 *	cannot be found any more
 * @IMS_STORE_CHANGED: its limit was changed, or its statistics were reset
 */
enum ims_store_event {
	IMS_STORE_CREATED,
	IMS_STORE_DESTROYED,
	IMS_STORE_CHANGED,
};

struct ims_store *ims_store_create(struct pci_dev *pdev,
				   const struct ims_store_ops *ops,
				   u32 hwsize, void *data);
void ims_store_destroy(struct ims_store *store);
struct pci_dev *ims_store_pci_dev(const struct ims_store *store);
void ims_store_query(struct ims_store *store, struct ims_store_info *info);
int ims_store_check_limit(struct ims_store *store, u32 limit);
int ims_store_set_limit(struct ims_store *store, u32 limit);
void ims_store_reset_stats(struct ims_store *store);
const char *ims_store_domain(const struct ims_store *store);
const char *ims_store_driver(const struct ims_store *store);
bool ims_store_sets_cookies(const struct ims_store *store);

/* For a control plane: what is found must be put. */
struct ims_store *ims_store_get_id(u32 id);
struct ims_store *ims_store_get_name(const char *name);
struct ims_store *ims_store_get_next(u32 id);
void ims_store_put(struct ims_store *store);
u32 ims_store_id(const struct ims_store *store);
u32 ims_stores_generation(void);
int ims_store_register_notifier(struct notifier_block *nb);
void ims_store_unregister_notifier(struct notifier_block *nb);

struct ims_client *ims_client_create(struct ims_store *store,
				     const struct ims_client_ops *ops,
				     void *priv, u32 limit, u32 reservation);
void ims_client_destroy(struct ims_client *client);
void ims_client_query(struct ims_client *client, struct ims_client_info *info);
int ims_client_check_limits(struct ims_client *client, u32 limit,
			    u32 reservation);
int ims_client_set_limits(struct ims_client *client, u32 limit,
			  u32 reservation);

int ims_alloc_irqs(struct ims_client *client, struct ims_irq *irqs,
		   unsigned int nr, const struct cpumask *affinity);
void ims_free_irqs(struct ims_client *client, const struct ims_irq *irqs,
		   unsigned int nr);
int ims_set_cookie(struct ims_client *client, struct ims_irq *irq, u64 cookie);

#endif /* _LINUX_IMS_H */
