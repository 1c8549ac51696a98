// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors from which nothing is heard.
 */
#include "objects/objects.h"

bool is_silent(const struct ims_vector *vector, uint64_t now, uint64_t *ago,
	       bool *never)
{
	uint32_t state;
	uint64_t last;

	if (ims_vector_get_state(vector, &state) ||
	    state != IMS_VECTOR_STATE_LIVE || ims_vector_is_masked(vector) ||
	    ims_vector_is_bypassed(vector))
		return false;

	*never = ims_vector_get_last(vector, &last);
	if (*never && ims_vector_get_since(vector, &last))
		return false;
	/* The clock may have been read before the vector. */
	*ago = now > last ? now - last : 0;
	return true;
}

bool filter_silent(const struct filter *filter, const struct ims_vector *vector,
		   uint64_t now)
{
	uint64_t ago;
	bool never;

	return !filter->silent || (is_silent(vector, now, &ago, &never) &&
				   ago >= (uint64_t)filter->silent);
}
