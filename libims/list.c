// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Snapshots from the kernel: one by a look-up, many by a dump.
 */
#include <errno.h>
#include <stdlib.h>

#include "capture.h"
#include "list.h"
#include "sys.h"

static int out_of_memory(struct ims_ctx *ctx, const char *object)
{
	return ims_fail_errno(ctx, -ENOMEM, object, "reading");
}

const void *ims_list_at(const struct ims_list *list, size_t position)
{
	if (!list || position >= list->count)
		return NULL;
	return list->items + position * list->set->snapshot_size;
}

void ims_list_end(struct ims_list *list)
{
	free(list->items);
}

void *ims_list_room(struct ims_list *list)
{
	size_t size = list->set->snapshot_size;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 32;
		char *items = reallocarray(list->items, room, size);

		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return list->items + list->count * size;
}

static int append(struct ims_ctx *ctx, const struct ims_nl_op *op,
		  const struct nlmsghdr *nlh)
{
	struct ims_list *list = op->data;
	void *snapshot = ims_list_room(list);
	int err;

	if (!snapshot)
		return out_of_memory(ctx, op->object);

	err = ims_attr_read(ctx, list->set, op->object, nlh, snapshot);
	if (!err)
		list->count++;
	return err;
}

static void restart(void *data)
{
	struct ims_list *list = data;

	list->count = 0;
	list->time = ims_sys_now();
}

int ims_list_time(const struct ims_list *list, uint64_t *ns)
{
	if (!list || !ns)
		return -EINVAL;
	if (!list->time)
		return -ENODATA;
	*ns = list->time;
	return 0;
}

/* By @compare. Nearly always they are already, and to see that is cheap. */
static void sort(struct ims_list *list,
		 int (*compare)(const void *a, const void *b))
{
	size_t size = list->set->snapshot_size, i;

	for (i = 1; i < list->count; i++)
		if (compare(list->items + (i - 1) * size,
			    list->items + i * size) > 0)
			break;
	if (i < list->count)
		qsort(list->items, list->count, size, compare);
}

int ims_list_dump(struct ims_ctx *ctx, struct ims_list *list,
		  struct nl_msg *msg, const char *object,
		  int (*compare)(const void *a, const void *b))
{
	struct ims_nl_op op = {
		.msg = msg,
		.attrs = list->set,
		.object = object,
		.reply = append,
		.restart = restart,
		.data = list,
		.no_load = list->no_load,
	};
	int err;

	err = ims_nl_dump(ctx, &op);
	if (ctx->capture)
		list->time = ctx->capture->origin.time;

	/* The kernel's order is its own business. */
	if (compare)
		sort(list, compare);
	return err;
}

static int take_one(struct ims_ctx *ctx, const struct ims_nl_op *op,
		    const struct nlmsghdr *nlh)
{
	void **snapshot = op->data;

	if (!*snapshot)
		*snapshot = malloc(op->attrs->snapshot_size);
	if (!*snapshot)
		return out_of_memory(ctx, op->object);
	return ims_attr_read(ctx, op->attrs, op->object, nlh, *snapshot);
}

int ims_snapshot_get(struct ims_ctx *ctx, const struct ims_attr_set *set,
		     struct nl_msg *msg, const char *object, void **snapshot)
{
	struct ims_nl_op op = {
		.msg = msg,
		.attrs = set,
		.object = object,
		.reply = take_one,
		.data = snapshot,
	};
	int err;

	*snapshot = NULL;
	err = ims_nl_do(ctx, &op);
	if (!err && !*snapshot)
		err = ims_fail(ctx, -EPROTO, object, NULL,
			       "the kernel acknowledged without a reply");
	if (err) {
		free(*snapshot);
		*snapshot = NULL;
	}
	return err;
}
