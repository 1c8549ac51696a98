/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A work queue of ims_edu.ko as its VFIO user sees it, for the VM cases and
 * the demo. The register layout is in <linux/ims_edu.h>. What is not about
 * edu's registers serves for functions of ims_siov.ko as well, which portal.h is
 * about.
 */
#ifndef TESTS_VM_WQ_H
#define TESTS_VM_WQ_H

#include <stdbool.h>
#include <stdint.h>

#include <libims.h>

#include <linux/ims_edu.h>

/* More than any has. */
#define WQ_VECTORS	8192

/* Long enough for a machine that is slow, so never the reason for a failure. */
#define WQ_PATIENCE_MS	20000

struct wq {
	struct ims_ctx *ctx;
	struct ims_vfio *vfio;
	const char *name;
	int fds[WQ_VECTORS];	/* -1 until wq_fd() */
};

/* The path of a device's cdev; empty when it has none. */
void wq_cdev(const char *name, char *path, size_t size);

/* All return 0 or a negative errno, and leave the reason in wq->ctx. */
int wq_open(struct wq *wq, const char *name);
void wq_close(struct wq *wq);
int wq_bind(struct wq *wq, uint32_t first, uint32_t count);

/* The vector's eventfd, made at its first use. */
int wq_fd(struct wq *wq, uint32_t vector);

/* Registers of BAR 0. A failed access ends the program: it is a bug here. */
uint32_t wq_read(struct wq *wq, uint32_t reg);
void wq_write(struct wq *wq, uint32_t reg, uint32_t value);
uint32_t wq_vector_read(struct wq *wq, uint32_t vector, uint32_t reg);
void wq_set_cookie(struct wq *wq, uint32_t vector, uint64_t cookie);

/* Submit {n, vector}: IMS_EDU_ERR_*. */
uint32_t wq_submit(struct wq *wq, uint32_t n, uint32_t vector);
/* Wait until all that was submitted is finished, interrupts included. */
int wq_drain(struct wq *wq);
/* Execute a command: IMS_EDU_ERR_*, with its result. */
uint32_t wq_command(struct wq *wq, uint32_t command, uint32_t argument,
		    uint32_t *result);

/* What the vector's eventfd has counted since the last look: at once ... */
uint64_t wq_take(struct wq *wq, uint32_t vector);
/* ... or, where nothing has been counted yet, when it counts. 0: patience ran
 * out.
 */
uint64_t wq_wait(struct wq *wq, uint32_t vector);

/* The vector as netlink shows it; to be freed. */
struct ims_vector *wq_vector(struct wq *wq, uint32_t vector);
/* One number of it; UINT64_MAX when it has none. */
uint64_t wq_number(struct wq *wq, uint32_t vector,
		   int (*get)(const struct ims_vector *, uint64_t *));
uint32_t wq_number32(struct wq *wq, uint32_t vector,
		     int (*get)(const struct ims_vector *, uint32_t *));

/* Linux IRQs whose chip's name begins with @chip, requested or not */
unsigned int wq_count_irqs(const char *chip);

#endif /* TESTS_VM_WQ_H */
