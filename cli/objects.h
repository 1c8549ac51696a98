/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects as the verbs list them: filtered, and a vector with its device.
 */
#ifndef IMSCTL_OBJECTS_H
#define IMSCTL_OBJECTS_H

#include "table.h"

/* How many values an option's list may have. */
#define LIST_MAX	32

/* What --state, --backing, --cookie, --owner and --nonzero let pass. */
struct filter {
	/* Bit n: the state, the backing with number n; 0: all. */
	unsigned int states;
	unsigned int backings;
	size_t num_cookies;
	uint64_t cookies[LIST_MAX];
	/* The argument as it was given; NULL: all. */
	const char *owners;
	bool nonzero;
};

/* filter.c */
enum exit_code parse_filter(const struct call *call, struct filter *filter);
bool filter_state(const struct filter *filter, const struct ims_vector *vector);
bool filter_backing(const struct filter *filter,
		    const struct ims_vector *vector);
bool filter_cookie(const struct filter *filter, uint64_t cookie);
bool filter_owner(const struct filter *filter, const struct ims_device *device);

/* A vector, and its device unless that was closed meanwhile. */
struct vector_row {
	const struct ims_vector *vector;
	const struct ims_device *device;
};

/* Vectors, with all that they refer to. */
struct vector_rows {
	struct vector_row *rows;
	size_t count;
	struct ims_device_list *devices;
	/* Absent vectors come in a list of their own. */
	struct ims_vector_list *lists[2];
};

/*
 * vector_rows.c: the vectors of @device, or of all devices if NULL, that pass.
 * EXIT_DONE, or what is wrong has been reported; then, too, there may be rows
 * that are worth to be printed. Free them in any case.
 */
enum exit_code get_vector_rows(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       const struct filter *filter,
			       struct vector_rows *rows);
void free_vector_rows(struct vector_rows *rows);
struct rows rows_of_vectors(const struct vector_rows *rows);

#endif /* IMSCTL_OBJECTS_H */
