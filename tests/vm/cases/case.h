/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For VM cases that are C programs. They find the modules loaded and two work
 * queues made: see cases/all.
 */
#ifndef TESTS_VM_CASE_H
#define TESTS_VM_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <err.h>

#include "../wq.h"

/* Open the first or the second work queue (0, 1), whose UUIDs come in IMS_WQ0
 * and IMS_WQ1.
 */
static inline void case_open(struct wq *wq, int number)
{
	const char *name = getenv(number ? "IMS_WQ1" : "IMS_WQ0");

	if (!name)
		errx(1, "IMS_WQ%d is not set: run this by tests/run vm", number);
	if (wq_open(wq, name))
		errx(1, "%s", wq->ctx ? ims_error_get_message(
				ims_ctx_last_error(wq->ctx)) : "no memory");
}

#endif /* TESTS_VM_CASE_H */
