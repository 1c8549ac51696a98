// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors with their devices, filtered: by the kernel as far as it can, which
 * is one state, one backing and --nonzero.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"
#include "shared/clock.h"

#define ABSENT	(1u << IMS_VECTOR_STATE_ABSENT)

static bool is_single(unsigned int bits)
{
	return bits && !(bits & (bits - 1));
}

static int get_list(struct ims_ctx *ctx, const struct ims_device *device,
		    const struct filter *filter, unsigned int states,
		    struct ims_vector_list **list)
{
	struct ims_vector_filter *request;
	int err = ims_vector_filter_new(&request);

	if (err)
		return err;

	ims_vector_filter_set_device(request, device);
	ims_vector_filter_set_nonzero(request, filter->nonzero);
	if (is_single(states))
		ims_vector_filter_set_state(request, __builtin_ctz(states));
	if (is_single(filter->backings))
		ims_vector_filter_set_backing(request,
					      __builtin_ctz(filter->backings));
	err = ims_vector_list_get_by_filter(ctx, request, list);
	ims_vector_filter_free(request);
	return err;
}

static int get_lists(struct ims_ctx *ctx, const struct ims_device *device,
		     const struct filter *filter, struct vector_rows *rows)
{
	unsigned int others = filter->states & ~ABSENT;
	int err = 0, absent_err = 0;

	/*
	 * Absent vectors are only listed when they are asked for alone. They
	 * come first, so that one that is used meanwhile is not missed.
	 */
	if (filter->states & ABSENT)
		absent_err = get_list(ctx, device, filter, ABSENT,
				      &rows->lists[1]);
	if (absent_err && absent_err != -EINTR)
		return absent_err;
	if (!filter->states || others)
		err = get_list(ctx, device, filter, others, &rows->lists[0]);
	return err ? err : absent_err;
}

static int compare(const void *a, const void *b)
{
	const struct vector_row *x = a, *y = b;
	uint32_t device_x = 0, device_y = 0, index_x = 0, index_y = 0;

	ims_vector_get_device_id(x->vector, &device_x);
	ims_vector_get_device_id(y->vector, &device_y);
	ims_vector_get_index(x->vector, &index_x);
	ims_vector_get_index(y->vector, &index_y);
	if (device_x != device_y)
		return device_x < device_y ? -1 : 1;
	return index_x < index_y ? -1 : index_x > index_y;
}

static bool is_absent(const struct vector_row *row)
{
	uint32_t state;

	return !ims_vector_get_state(row->vector, &state) &&
	       state == IMS_VECTOR_STATE_ABSENT;
}

/* Makes one list of two. A vector that is in both was used in between. */
static void merge(struct vector_rows *rows)
{
	struct vector_row *row = rows->rows;
	size_t i, kept = 0;

	qsort(row, rows->count, sizeof(*row), compare);
	for (i = 0; i < rows->count; i++) {
		if (!kept || compare(&row[kept - 1], &row[i]))
			row[kept++] = row[i];
		else if (is_absent(&row[kept - 1]))
			row[kept - 1] = row[i];
	}
	rows->count = kept;
}

/* Is it one that has a cookie, and does not show it? */
static bool is_secret(const struct ims_vector *vector)
{
	uint32_t state, backing;
	uint64_t cookie;

	return !ims_vector_get_state(vector, &state) &&
	       state != IMS_VECTOR_STATE_ABSENT &&
	       !ims_vector_get_backing(vector, &backing) &&
	       backing == IMS_VECTOR_BACKING_IMS &&
	       ims_vector_get_cookie(vector, &cookie);
}

static bool passes(const struct filter *filter, const struct vector_row *row,
		   uint64_t now)
{
	uint64_t cookie;

	if (!filter_state(filter, row->vector) ||
	    !filter_backing(filter, row->vector) ||
	    !filter_quiet(filter, row->vector, now) ||
	    !filter_owner(filter, row->device) ||
	    !filter_parent(filter, ims_device_get_parent(row->device)))
		return false;
	return !filter->num_cookies ||
	       (!ims_vector_get_cookie(row->vector, &cookie) &&
		filter_cookie(filter, cookie));
}

static enum exit_code fill(const struct ims_device *device,
			   const struct filter *filter,
			   struct vector_rows *rows)
{
	size_t l, i, room = 0;
	uint64_t now = 0;

	/* One moment for all of them. */
	if (filter->silent || filter->stuck)
		now = clock_now();
	for (l = 0; l < 2; l++)
		room += ims_vector_list_count(rows->lists[l]);
	if (!room)
		return EXIT_DONE;
	rows->rows = reallocarray(NULL, room, sizeof(*rows->rows));
	if (!rows->rows)
		return out_of_memory();

	for (l = 0; l < 2; l++) {
		for (i = 0; i < ims_vector_list_count(rows->lists[l]); i++) {
			struct vector_row *row = &rows->rows[rows->count];

			row->vector = ims_vector_list_at(rows->lists[l], i);
			row->device = device ? device :
				      device_of_vector(row->vector, rows->devices);
			if (filter->num_cookies && is_secret(row->vector))
				return problem(EXIT_NOT_PERMITTED,
					       "seeing cookies needs CAP_SYS_ADMIN");
			rows->count += passes(filter, row, now);
		}
	}
	if (rows->lists[0] && rows->lists[1])
		merge(rows);
	return EXIT_DONE;
}

enum exit_code get_vector_rows(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       const struct filter *filter,
			       struct vector_rows *rows)
{
	enum exit_code code;
	int err = 0, list_err;

	memset(rows, 0, sizeof(*rows));
	/* Vectors first: a device that was opened later is not missed so. */
	list_err = get_lists(ctx, device, filter, rows);
	if (!device && (!list_err || list_err == -EINTR))
		err = ims_device_list_get(ctx, &rows->devices);
	if (!err)
		err = list_err;
	if (err && err != -EINTR)
		return failure(ctx, err);

	/*
	 * -EINTR, the list changed all the time while it was read, comes with a
	 * list that may be incomplete: better than nothing, but not a success.
	 */
	code = check_owners(filter, device, rows->devices);
	if (!code)
		code = fill(device, filter, rows);
	if (!code && err)
		code = failure(ctx, err);
	return code;
}

void free_vector_rows(struct vector_rows *rows)
{
	ims_vector_list_free(rows->lists[0]);
	ims_vector_list_free(rows->lists[1]);
	ims_device_list_free(rows->devices);
	free(rows->rows);
}

static const void *row_at(const void *list, size_t position)
{
	const struct vector_row *rows = list;

	return &rows[position];
}

enum exit_code print_vector_rows(const struct call *call,
				 const struct selection *selection,
				 const struct vector_rows *vectors,
				 enum exit_code code)
{
	struct rows rows = {
		.list = vectors->rows,
		.count = vectors->count,
		.at = row_at,
		.names = names_of_devices(call, vectors->devices),
	};
	enum exit_code printed;

	if (code && !rows.count)
		return code;

	printed = print_rows(call, selection, &rows);
	return code ? code : printed;
}
