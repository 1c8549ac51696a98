// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors from which nothing is heard, and whose users do not listen.
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

bool is_stuck(const struct ims_vector *vector, uint64_t now, uint64_t *ago)
{
	uint64_t since;

	if (ims_vector_get_masked_since(vector, &since))
		return false;
	*ago = now > since ? now - since : 0;
	return true;
}

bool filter_quiet(const struct filter *filter, const struct ims_vector *vector,
		  uint64_t now)
{
	uint64_t ago;
	bool never;

	if (filter->silent && (!is_silent(vector, now, &ago, &never) ||
			       ago < (uint64_t)filter->silent))
		return false;
	return !filter->stuck || (is_stuck(vector, now, &ago) &&
				  ago >= (uint64_t)filter->stuck);
}
