/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference: what semantics.md says that the engine does, written from that
 * page alone. Arrays and loops; it knows nothing of the engine's insides.
 *
 * Where the contract leaves a choice (which of the slots that may be handed out
 * is), the model is told what was seen (@seen) and complains if it is not one
 * of the allowed ones.
 */
#ifndef _ENGINE_MODEL_H
#define _ENGINE_MODEL_H

#include <linux/types.h>

#define M_DEVICES	3
#define M_VECTORS	8
#define M_SLOTS		8
#define M_FDS		8
#define M_FILE_FD	31	/* open, and never an eventfd */
#define M_EVENTFDS	256

enum m_state { M_ABSENT, M_IDLE, M_HELD, M_LIVE };
enum m_fd { M_FD_CLOSED, M_FD_FILE, M_FD_EVENTFD };
enum m_outcome { M_DELIVERED, M_PENDING, M_NO_TRIGGER, M_NOT_EMULATED };

/*
 * @used: has a context; @eventfd, @slot: -1: none; @kept, @injected: its slot, which is
 * masked, has kept an interrupt of the hardware, of software
 */
struct m_vector {
	bool used;
	bool emulated;
	bool prepared;
	bool revoked;
	bool quiet;
	bool kept;
	bool injected;
	int eventfd;
	bool own;
	u64 cookie;		/* own */
	int slot;
	u32 generation;
	u64 slot_cookie;
	bool masked;
	bool pending;
	u64 delivered;
	u64 loopback;
	u64 signalled;
	u64 dropped;
	u64 pended;
	u64 replaced;
	u64 revocations;
	u64 failed;
};

/* What a device is opened with */
struct m_params {
	u32 vectors;
	u64 cookie;
	u32 limit, reservation;
	u32 first, count;	/* window; both 0: the whole store */
	bool on_hold;
	bool asked;		/* the driver has a say in cookies */
};

struct m_device {
	bool open;
	bool gone;		/* its store is */
	struct m_params initial;
	u32 vectors;
	u64 default_cookie;
	bool on_hold;
	u32 first, count;
	u32 max;		/* of the limit */
	u32 limit;
	u32 reservation;
	int request, error;	/* eventfds, -1: none */
	u64 refused;
	struct m_vector v[M_VECTORS];
};

/* @freed: when; @unsure: a failed request may have had it since */
struct m_slot {
	bool used;
	bool unsure;
	u32 generation;
	u64 freed;
};

struct m_store {
	bool there;
	bool in_place;
	bool chooses;		/* the hardware does: the first that is free */
	bool asleep;
	u64 cookie_max;
	u32 size;
	u32 limit;
	u32 peak;
	u64 failures;
	struct m_slot slot[M_SLOTS];
};

struct m_seen {
	int slot;
	u32 generation;
};

struct model {
	struct m_device d[M_DEVICES];
	struct m_store store;
	struct {
		enum m_fd kind;
		int eventfd;
	} fd[M_FDS];
	u64 count[M_EVENTFDS];	/* of each eventfd */
	int cpu_vectors;	/* how many there are */
	int answer;		/* of drivers that are asked about cookies */
	u64 clock;
	struct m_seen seen[M_VECTORS];
	const char *complaint;
};

/* A request to set interrupts; @payload: bools, or fds */
struct m_irqs {
	u32 index, flags, start, count;
	u32 argsz;		/* 0: from the kernel, no such thing */
	s32 payload[M_VECTORS];
};

void m_init(struct model *m);
void m_store_create(struct model *m, u32 size, bool in_place, bool chooses,
		    u64 cookie_max);
void m_store_destroy(struct model *m);
int m_store_limit(struct model *m, u32 limit);
int m_open(struct model *m, int d, const struct m_params *params);
void m_close(struct model *m, int d);
int m_limits(struct model *m, int d, u32 limit, u32 reservation);
int m_set_irqs(struct model *m, int d, const struct m_irqs *r);
/* @ask: by an administrator */
int m_cookie(struct model *m, int d, u32 v, bool own, u64 cookie, bool now,
	     bool ask);
int m_default_cookie(struct model *m, int d, u64 cookie, bool ask);
int m_emulated(struct model *m, int d, u32 start, u32 count, bool on);
enum m_outcome m_send(struct model *m, int d, u32 v);
bool m_fire(struct model *m, int slot, u64 cookie);
int m_inject(struct model *m, u32 slot);
int m_prepare(struct model *m, int d, u32 v);
int m_release(struct model *m, int d, u32 v);
int m_hold(struct model *m, int d);
int m_arm(struct model *m, int d);
int m_arm_range(struct model *m, int d, u32 start, u32 count);
int m_revoke(struct model *m, int d, u32 start, u32 count);
int m_revoke_cookie(struct model *m, int d, u64 cookie);
int m_reset(struct model *m, int d);
int m_quiet(struct model *m, int d, u32 start, u32 count, bool on);
/* The hardware is back, and has @forgotten what it had kept. */
void m_wake(struct model *m, bool forgotten);
enum m_state m_state(const struct m_vector *v);
void m_error(struct model *m);
void m_request(struct model *m, int d);

/*
 * What is to become of a vector; model.c. @line: it gets a new slot. All or none:
 * on error the vector to blame counts it.
 */
struct m_change {
	u32 v;
	bool rebind;
	int eventfd;
	bool prepare;
	bool arm;
	bool renew;		/* the cookie, too */
	u64 cookie;
	bool line;
	bool in_place;
	int old;
};

int m_transact(struct model *m, int d, struct m_change *changes, u32 nr,
	       bool on_hold, int (*last)(const struct model *m, int d));
enum m_outcome m_signal(struct model *m, struct m_vector *v, bool loopback);
void m_pass(struct model *m, struct m_vector *v);
void m_disable(struct model *m, int d, bool release);
int m_refuse(struct model *m, int d, u32 v, int error);
int m_usable(const struct model *m, int d);

/* model_store.c, for model.c */
bool m_client(const struct model *m, int d);
int m_quota(struct model *m, int d, u32 limit, u32 reservation);
int m_window(struct model *m, int d, u32 first, u32 count);
int m_check_cookie(const struct model *m, u64 cookie);
int m_want(struct model *m, int d, u32 nr, u32 *bad);
void m_take_slot(struct model *m, int d, struct m_vector *v,
		 const struct m_seen *seen);
void m_unsure(struct model *m);
void m_free_slot(struct model *m, int slot);

u32 m_room(const struct model *m, int d);
u32 m_used(const struct model *m, int d);
u32 m_store_used(const struct model *m);
u32 m_reserved(const struct model *m);
int m_eventfd_refs(const struct model *m, int eventfd);
u64 m_next_cookie(const struct model *m, int d, u32 v);

#endif
