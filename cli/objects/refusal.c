// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests that were refused, in a sentence: how many, and the last one's time,
 * vector and reason.
 */
#include <inttypes.h>
#include <string.h>

#include "objects/objects.h"

/* Live, and with nothing left to be done: what failed has been made good. */
bool is_cured(const struct ims_vector *vector)
{
	uint64_t cookie;
	uint32_t state;

	return !ims_vector_get_state(vector, &state) &&
	       state == IMS_VECTOR_STATE_LIVE &&
	       ims_vector_get_pending_cookie(vector, &cookie);
}

/* Behind what is there: what a column of devices shows, if it does. */
static void add_value(const struct ims_device *device, const char *key,
		      const char *separator, struct cell *cell)
{
	const struct column *c = find_column(&device_table, key, strlen(key));
	size_t len = strlen(cell->string);
	struct cell value;

	if (!c->get(device, &value))
		return;
	format_cell(c, device, &value);
	snprintf(cell->string + len, CELL_SIZE - len, "%s%s%s", separator,
		 value.string, c->type == COLUMN_TIME ? " ago" : "");
}

bool cell_refusal(const struct ims_device *device,
		  const struct ims_vector *vector, struct cell *cell)
{
	uint64_t refused;
	uint32_t index;
	size_t len;

	if (ims_device_get_refused(device, &refused) || !refused)
		return false;

	snprintf(cell->string, CELL_SIZE, refused == 1 ?
		 "1 request refused" : "%" PRIu64 " requests refused", refused);
	add_value(device, "refused_last_ns",
		  refused == 1 ? ", " : "; the last ", cell);
	len = strlen(cell->string);
	if (ims_device_get_refused_vector(device, &index))
		snprintf(cell->string + len, CELL_SIZE - len,
			 ": default cookie");
	else
		snprintf(cell->string + len, CELL_SIZE - len,
			 ": vector %" PRIu32, index);
	add_value(device, "refused_error", ", ", cell);
	add_value(device, "refused_kind", ", ", cell);
	len = strlen(cell->string);
	if (is_cured(vector))
		snprintf(cell->string + len, CELL_SIZE - len,
			 "; that vector is live now");
	return true;
}

bool cell_failures(const struct ims_vector *vector, struct cell *cell)
{
	uint64_t failed;

	if (ims_vector_get_failed(vector, &failed) || !failed)
		return false;

	snprintf(cell->string, CELL_SIZE, "%" PRIu64 " %s to make it live or change its cookie failed%s",
		 failed, failed == 1 ? "attempt" : "attempts",
		 is_cured(vector) ? "; it is live now" : "");
	return true;
}
