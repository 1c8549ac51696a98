/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors as users name them: "3", "0-7", "0,3,7-9", "all".
 */
#ifndef IMSCTL_VECTOR_SET_H
#define IMSCTL_VECTOR_SET_H

#include "shared/call.h"

/* From @first to @last, both included. */
struct vector_range {
	uint32_t first;
	uint32_t last;
};

/* None were named if it is all zeroes. */
struct vector_set {
	/* Those that the verb is about; resolve_vectors() finds them. */
	bool all;
	/* Ascending, with a gap between each two. */
	struct vector_range *ranges;
	size_t num_ranges;
};

enum exit_code parse_vectors(const struct command *command, const char *text,
			     struct vector_set *set);
void free_vectors(struct vector_set *set);

bool has_vector(const struct vector_set *set, uint32_t index);
uint64_t count_vectors(const struct vector_set *set);
/* Their numbers, count_vectors() of them; the caller frees it. NULL: no memory. */
uint32_t *list_vectors(const struct vector_set *set);

/* EXIT_DONE, or it has been reported that @device has not declared them all. */
enum exit_code check_vectors(const struct ims_device *device,
			     const struct vector_set *set);

/*
 * As check_vectors(), and makes "all" the vectors of @device for which @fits is
 * true, of absent ones with NULL. Reports @none when there are none, unless it is
 * NULL.
 */
enum exit_code resolve_vectors(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       struct vector_set *set,
			       bool (*fits)(const struct ims_vector *vector),
			       const char *none);

/* Is it backed by a slot, or would be? */
bool is_not_emulated(const struct ims_vector *vector);

#endif /* IMSCTL_VECTOR_SET_H */
