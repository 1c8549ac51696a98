// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watch [MILLISECONDS] - print what there is and then what changes; end when
 * nothing happens for that long.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <libims.h>

static void print(const struct ims_event *event)
{
	const struct ims_vector *vector = ims_event_get_vector(event);
	uint32_t type = 0, kind = 0, index = 0, state = 0;
	const char *name;

	/* A later library may tell what this program does not know. */
	ims_event_get_type(event, &type);
	name = ims_event_type_name(type);
	fputs(name ? name : "unknown", stdout);

	if (ims_event_get_store(event)) {
		printf(" %s", ims_store_get_name(ims_event_get_store(event)));
	} else if (ims_event_get_device(event)) {
		printf(" %s", ims_device_get_name(ims_event_get_device(event)));
	} else if (vector) {
		ims_vector_get_index(vector, &index);
		ims_vector_get_state(vector, &state);
		printf(" %s %" PRIu32 " %s", ims_vector_get_device_name(vector),
		       index, ims_vector_state_name(state));
	} else if (!ims_event_get_alert_kind(event, &kind)) {
		ims_event_get_alert_index(event, &index);
		printf(" %s %s %" PRIu32, ims_alert_kind_name(kind),
		       ims_event_get_alert_device_name(event), index);
	}
	putchar('\n');
	/* Whoever reads from a pipe wants it now. */
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int patience = argc > 1 ? atoi(argv[1]) : -1;
	struct ims_monitor *monitor;
	struct ims_event *event;
	struct ims_ctx *ctx;
	int err;

	if (ims_ctx_new(&ctx)) {
		fputs("watch: out of memory\n", stderr);
		return 1;
	}

	err = ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor);
	while (!err) {
		err = ims_monitor_read(monitor, &event);
		if (!err) {
			print(event);
			ims_event_free(event);
		} else if (err == -EAGAIN) {
			err = ims_monitor_wait(monitor, patience);
		}
	}
	if (err != -ETIMEDOUT)
		fprintf(stderr, "watch: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));

	ims_monitor_free(monitor);
	ims_ctx_free(ctx);
	return err != -ETIMEDOUT;
}
