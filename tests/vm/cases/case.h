/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For VM cases that are C programs. They find the modules loaded, and work queues
 * or functions made, by the script that runs them.
 */
#ifndef TESTS_VM_CASE_H
#define TESTS_VM_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <err.h>

#include <stdio.h>

#include "../../store_limit.h"
#include "../portal.h"
#include "../wq.h"

/* The value of PREFIX and @number in the environment */
static inline const char *case_name(const char *prefix, int number)
{
	char variable[32];
	const char *name;

	snprintf(variable, sizeof(variable), "%s%d", prefix, number);
	name = getenv(variable);
	if (!name)
		errx(1, "%s is not set: run this by tests/run vm", variable);
	return name;
}

static inline void case_check(int ret, struct wq *wq)
{
	if (ret)
		errx(1, "%s", wq->ctx ? ims_error_get_message(
				ims_ctx_get_error(wq->ctx)) : "no memory");
}

/* Open one of edu's work queues, whose UUIDs come in IMS_WQ0 and IMS_WQ1. */
static inline void case_open(struct wq *wq, int number)
{
	case_check(wq_open(wq, case_name("IMS_WQ", number)), wq);
}

/* Open a function of ims_siov.ko, whose names come in IMS_FN0 and so on. */
static inline void case_open_portal(struct portal *fn, int number)
{
	case_check(portal_open(fn, case_name("IMS_FN", number)), &fn->wq);
}

/* For tests that want two of them: the state is an array. */
static inline int case_open_two(void **state)
{
	static struct portal fns[2];

	case_open_portal(&fns[0], 0);
	case_open_portal(&fns[1], 1);
	*state = fns;
	return 0;
}

static inline int case_close_two(void **state)
{
	struct portal *fns = *state;

	portal_close(&fns[0]);
	portal_close(&fns[1]);
	return 0;
}

/* May it be one that comes a second after something else has happened? */
static inline bool case_of_figures(uint32_t type)
{
	return type == IMS_EVENT_STORE_CHANGE || type == IMS_EVENT_DEVICE_CHANGE;
}

/* There is no event but such ones. */
static inline void case_hear_nothing(struct ims_monitor *monitor)
{
	struct ims_event *event;
	uint32_t type;

	while (!ims_monitor_read(monitor, &event)) {
		assert_int_equal(ims_event_get_type(event, &type), 0);
		if (!case_of_figures(type))
			fail_msg("%s where nothing was due",
				 ims_event_type_name(type));
		ims_event_free(event);
	}
}

#endif /* TESTS_VM_CASE_H */
