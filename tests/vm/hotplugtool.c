// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hotplugtool - print "listening" and then what comes and goes; with an argument
 * the mediated devices that there are, and end. For shell scripts.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <libims.h>

static void print_mdevs(struct ims_ctx *ctx)
{
	struct ims_mdev_list *list;
	uint32_t group;
	size_t i;

	if (ims_mdev_list_get(ctx, &list))
		errx(1, "%s", ims_error_get_message(ims_ctx_last_error(ctx)));

	for (i = 0; i < ims_mdev_list_count(list); i++) {
		const struct ims_mdev *m = ims_mdev_list_at(list, i);
		const char *driver = ims_mdev_get_driver(m);

		printf("mdev %s %s %s %s", ims_mdev_get_name(m),
		       ims_mdev_get_parent(m), ims_mdev_get_type(m),
		       driver ? driver : "-");
		if (!ims_mdev_get_group(m, &group))
			printf(" %" PRIu32, group);
		putchar('\n');
	}
	ims_mdev_list_free(list);
}

static void print_event(const struct ims_hotplug_event *event)
{
	uint32_t action, kind;

	ims_hotplug_event_get_action(event, &action);
	ims_hotplug_event_get_kind(event, &kind);
	printf("%s %s %s %s\n", ims_hotplug_action_name(action),
	       ims_hotplug_kind_name(kind), ims_hotplug_event_get_name(event),
	       ims_hotplug_event_get_parent(event));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct ims_hotplug_event *event;
	struct ims_hotplug *hotplug;
	struct ims_ctx *ctx;
	int ret;

	if (ims_ctx_new(&ctx))
		errx(1, "out of memory");
	(void)argv;
	if (argc > 1) {
		print_mdevs(ctx);
		ims_ctx_free(ctx);
		return 0;
	}

	ret = ims_hotplug_new(ctx, &hotplug);
	if (!ret) {
		puts("listening");
		fflush(stdout);
	}
	while (!ret) {
		ret = ims_hotplug_read(hotplug, &event);
		if (ret == -EAGAIN) {
			ret = ims_hotplug_wait(hotplug, -1);
		} else if (!ret) {
			print_event(event);
			ims_hotplug_event_free(event);
		}
	}
	errx(1, "%s", ims_error_get_message(ims_ctx_last_error(ctx)));
}
