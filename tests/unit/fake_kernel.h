/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated kernel behind libims' transport: the family "ims" with its
 * policies, texts and ways to fail, on the real wire format.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/ims_netlink.h>

#define FAKE_DEVICES_MAX	256
#define FAKE_STORES_MAX		8
#define FAKE_FAMILY		0x1d

/* Slots in use and reservations are those of its devices. */
struct fake_store {
	uint32_t id;
	const char *name;
	const char *driver;
	const char *domain;
	uint32_t size;
	uint32_t limit;
	uint32_t peak;
	/* Most remapping entries that its device can have; 0: not known. */
	uint32_t capacity;
	uint64_t failures;
	bool suspended;
	/* The highest cookie that the hardware can hold; 0: all. */
	uint64_t cookie_max;
};

struct fake_vector {
	uint32_t index;
	uint32_t state;
	uint32_t backing;
	bool has_slot;
	uint32_t slot;
	uint32_t generation;
	/* 0: the slot's number. */
	uint32_t handle;
	uint32_t irq;
	uint32_t cpu;
	/* Empty when nobody has set it. */
	char affinity[IMS_CPULIST_MAX + 1];
	bool affinity_broken;
	bool bypassed;
	uint64_t cookie;
	uint64_t pending_cookie;
	bool cookie_own;
	bool masked;
	bool pending;
	bool prepared;
	bool revoked;
	bool quiet;
	bool throttled;
	/* Its own; 0: the device's. */
	uint32_t rate_limit;
	uint64_t delivered;
	uint64_t loopback;
	uint64_t signalled;
	uint64_t dropped;
	uint64_t pended;
	uint64_t throttles;
	uint64_t replaced;
	uint64_t revocations;
	uint64_t failed;
	uint64_t since;
	uint64_t last;
	/* When it is masked. */
	uint64_t masked_since;
};

struct fake_device {
	uint32_t id;
	const char *name;
	const char *uuid;
	/* The store's name. */
	const char *parent;
	bool gone;
	bool on_hold;
	/* Its driver takes no cookies by netlink. */
	bool keeps_cookies;
	uint32_t declared;
	uint32_t limit;
	uint32_t reservation;
	uint32_t bypass;
	uint32_t rate_limit;
	/* Remapping entries that it holds, beyond one for each slot. */
	uint32_t idle_entries;
	uint64_t default_cookie;
	uint32_t pid;
	const char *comm;
	/* Requests that failed; without any the rest is not told. */
	uint64_t refused;
	uint32_t refused_vector;
	uint32_t refused_error;
	/* An enum ims_alert_kind, if something ran out. */
	bool has_refused_kind;
	uint32_t refused_kind;
	uint64_t refused_last;
	/* In the order of the dump; room for all that are declared. */
	struct fake_vector *vectors;
	size_t num_vectors;
};

struct fake_kernel {
	struct fake_device devices[FAKE_DEVICES_MAX];
	size_t num_devices;
	struct fake_store stores[FAKE_STORES_MAX];
	size_t num_stores;

	/*
	 * CPUs that the host may have, that are online, that the caller may run
	 * on, and that have an interrupt vector left. Bit n: CPU n.
	 */
	uint64_t cpus_possible;
	uint64_t cpus_online;
	uint64_t cpus_allowed;
	uint64_t cpus_free;
	/* CLOCK_MONOTONIC. */
	uint64_t now;

	/* The module is not there. */
	bool absent;
	/* It is there, and on its way out: dumps are not begun. */
	bool unloading;
	/* But in another network namespace. */
	bool elsewhere;
	/* The caller has CAP_SYS_ADMIN; whoever opened the socket it asks on had it. */
	bool privileged;
	bool opener_privileged;
	/* Family number; tests change it to reload the module. */
	uint16_t family;
	/* Dumps to come that are disturbed, behind some that are not. */
	unsigned int interrupts;
	unsigned int undisturbed;
	/* Datagrams of a dump have at most this many bytes. */
	size_t part;
	/* fake_trace.c tells of changes that are asked for. */
	bool trace;
	/* Errors come without extended acknowledgement. */
	bool silent;
	/* A text that comes with the success of a do. */
	const char *warning;
	/* Fail a dump in its NLMSG_DONE with this errno. */
	int done_error;
	/*
	 * The n-th change of a device or vector fails, though its check has
	 * passed; 0: none does. With @keeps_failing, so do all behind it.
	 */
	unsigned int fail_change;
	bool keeps_failing;
	/* Operations beyond this one are unknown; 0 for none. */
	uint8_t last_cmd;
	/* Put these bytes behind the attributes of each reply. */
	const void *tail;
	size_t tail_size;
	/* Attribute to leave out of replies, 0 for none. */
	int omit;

	/* Errors of the transport itself, and how often it was opened. */
	int open_error;
	int send_error;
	int recv_error;
	unsigned int opens;
	unsigned int closes;

	/* Requests for the family by its name, which have the module loaded. */
	unsigned int loads;
	/* Length of the last request. */
	size_t request_size;
	/* Requests seen, dumps and dos. */
	unsigned int requests;
	unsigned int dumps;
	uint8_t cmds[64];

	/*
	 * Not 0 while the simulated kernel itself runs. Volatile, because the
	 * compiler knows that malloc() does not look at it. Ours does.
	 */
	volatile int inside;

	/* When set, answers requests in the family's place. */
	void (*answer)(const struct nlmsghdr *request);
};

extern struct fake_kernel fake_kernel;

/* Forget everything; the caller is privileged. */
void fake_kernel_reset(void);

/* fake_devices.c: three small devices on two stores. */
void fake_kernel_populate(void);
/*
 * What their drivers do meanwhile: one device is on hold with vectors held, on
 * another one a vector is prepared, and their store is suspended.
 */
void fake_kernel_hold(void);
/*
 * A device with vectors 0 to @count less 1, all live on slots of their own, and
 * its store.
 */
void fake_kernel_add_large(uint32_t count);
/* fake_fleet.c: in place of all that, 200 devices of 32 vectors. */
void fake_kernel_fleet(void);
void fake_kernel_drop_vectors(void);
/* NULL when the device has no such vector, or it is absent. */
struct fake_vector *fake_kernel_vector(const struct fake_device *device,
				       uint32_t index);

/* An open device of the first store, without vectors in use. */
struct fake_device *fake_kernel_open(uint32_t id, const char *name,
				     uint32_t declared);
/* fake_words.c: have the kernel be as a word says; false for one that is unknown. */
bool fake_word(const char *word);

/* For fake_kernel.answer: a datagram as it is; an error or a "done". */
void fake_kernel_push(const void *data, size_t size);
void fake_kernel_end(const struct nlmsghdr *request, uint16_t type, int err,
		     const char *text, int offset, int missing);

/* fake_memory.c: the program's allocation with that number, from 1, fails. */
void fake_memory_fail(unsigned long number);

#endif /* FAKE_KERNEL_H */
