// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hotplugtool - print "listening" and then what comes and goes. For shell scripts.
 *
 * With arguments it does something else, and ends:
 *
 *	list			print parents and virtual devices
 *	create PARENT ID	make one
 *	delete NAME		delete one
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libims.h>

static void print_parents(struct ims_ctx *ctx)
{
	struct ims_parent_list *list;
	uint32_t available;
	size_t i;

	if (ims_parent_list_get(ctx, &list))
		errx(1, "%s", ims_error_get_message(ims_ctx_get_error(ctx)));

	for (i = 0; i < ims_parent_list_count(list); i++) {
		const struct ims_parent *p = ims_parent_list_at(list, i);
		const char *type = ims_parent_get_type(p);

		printf("parent %s %s", ims_parent_get_name(p),
		       type ? type : "-");
		if (!ims_parent_get_available(p, &available))
			printf(" %" PRIu32, available);
		putchar('\n');
	}
	ims_parent_list_free(list);
}

static void print_vdevs(struct ims_ctx *ctx)
{
	struct ims_vdev_list *list;
	uint32_t group;
	size_t i;

	if (ims_vdev_list_get(ctx, &list))
		errx(1, "%s", ims_error_get_message(ims_ctx_get_error(ctx)));

	for (i = 0; i < ims_vdev_list_count(list); i++) {
		const struct ims_vdev *v = ims_vdev_list_at(list, i);
		const char *driver = ims_vdev_get_driver(v);
		const char *type = ims_vdev_get_type(v);

		printf("%s %s %s %s %s", type ? "mdev" : "function",
		       ims_vdev_get_name(v), ims_vdev_get_parent(v),
		       type ? type : "-", driver ? driver : "-");
		if (!ims_vdev_get_group(v, &group))
			printf(" %" PRIu32, group);
		putchar('\n');
	}
	ims_vdev_list_free(list);
}

static void print_all(struct ims_ctx *ctx)
{
	print_parents(ctx);
	print_vdevs(ctx);
}

/* On the first that @parent offers. */
static void create(struct ims_ctx *ctx, const char *parent, const char *id)
{
	const struct ims_parent *p = NULL;
	struct ims_parent_list *list;
	size_t i;

	if (ims_parent_list_get(ctx, &list))
		errx(1, "%s", ims_error_get_message(ims_ctx_get_error(ctx)));
	for (i = 0; !p && i < ims_parent_list_count(list); i++)
		if (!strcmp(ims_parent_get_name(ims_parent_list_at(list, i)),
			    parent))
			p = ims_parent_list_at(list, i);
	if (!p)
		errx(1, "%s is no parent", parent);
	if (ims_vdev_create(ctx, p, id))
		errx(1, "%s", ims_error_get_message(ims_ctx_get_error(ctx)));
	ims_parent_list_free(list);
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
	int ret = 0;

	if (ims_ctx_new(&ctx))
		errx(1, "out of memory");
	if (argc > 1) {
		if (argc == 4 && !strcmp(argv[1], "create"))
			create(ctx, argv[2], argv[3]);
		else if (argc == 3 && !strcmp(argv[1], "delete"))
			ret = ims_vdev_delete(ctx, argv[2]);
		else if (argc == 2 && !strcmp(argv[1], "list"))
			print_all(ctx);
		else
			errx(2, "see the source for how to call this");
		if (ret)
			errx(1, "%s", ims_error_get_message(
					ims_ctx_get_error(ctx)));
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
	errx(1, "%s", ims_error_get_message(ims_ctx_get_error(ctx)));
}
