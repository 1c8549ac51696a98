// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of vectors.
 */
#include <inttypes.h>

#include "table.h"

static bool get_device(const void *vector, struct cell *cell)
{
	const char *name = ims_vector_get_device_name(vector);

	if (!name)
		return false;

	snprintf(cell->string, CELL_SIZE, "%s", name);
	return true;
}

/* A later kernel's value that we have no word for is shown as its number. */
static bool get_word(const char *word, uint32_t number, struct cell *cell)
{
	if (word)
		snprintf(cell->string, CELL_SIZE, "%s", word);
	else
		snprintf(cell->string, CELL_SIZE, "%u", number);
	return true;
}

static bool get_state(const void *vector, struct cell *cell)
{
	uint32_t state;

	if (ims_vector_get_state(vector, &state))
		return false;
	return get_word(ims_vector_state_name(state), state, cell);
}

static bool get_backing(const void *vector, struct cell *cell)
{
	uint32_t backing;

	if (ims_vector_get_backing(vector, &backing))
		return false;
	return get_word(ims_vector_backing_name(backing), backing, cell);
}

/* Without the cookie it is not known whose it is. */
static bool get_own_cookie(const void *vector, struct cell *cell)
{
	uint64_t cookie;

	cell->yes = ims_vector_has_own_cookie(vector);
	return !ims_vector_get_cookie(vector, &cookie);
}

/* "0x1001", "0x1001/default", "0x1001>0x2002": now, whose, and from when on. */
static bool text_cookie(const void *vector, struct cell *cell)
{
	uint64_t cookie, next;
	char change[32] = "";

	if (ims_vector_get_cookie(vector, &cookie))
		return false;

	if (!ims_vector_get_pending_cookie(vector, &next))
		snprintf(change, sizeof(change), ">0x%" PRIx64, next);
	snprintf(cell->string, CELL_SIZE, "0x%" PRIx64 "%s%s", cookie, change,
		 ims_vector_has_own_cookie(vector) ? "" : "/default");
	return true;
}

static bool get_masked(const void *vector, struct cell *cell)
{
	cell->yes = ims_vector_is_masked(vector);
	return true;
}

static bool get_pending(const void *vector, struct cell *cell)
{
	cell->yes = ims_vector_is_pending(vector);
	return true;
}

static bool get_flags(const void *vector, struct cell *cell)
{
	bool masked = ims_vector_is_masked(vector);
	bool pending = ims_vector_is_pending(vector);

	snprintf(cell->string, CELL_SIZE, "%s%s%s", masked ? "masked" : "",
		 masked && pending ? "," : "", pending ? "pending" : "");
	return masked || pending;
}

#define GET_NUMBER(name, width)						\
	static bool get_##name(const void *vector, struct cell *cell)	\
	{								\
		uint##width##_t number;					\
									\
		if (ims_vector_get_##name(vector, &number))		\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(device_id, 32)
GET_NUMBER(index, 32)
GET_NUMBER(slot, 32)
GET_NUMBER(generation, 32)
GET_NUMBER(irq, 32)
GET_NUMBER(cookie, 64)
GET_NUMBER(pending_cookie, 64)
GET_NUMBER(delivered, 64)
GET_NUMBER(loopback, 64)
GET_NUMBER(signalled, 64)
GET_NUMBER(dropped, 64)
GET_NUMBER(pended, 64)
GET_NUMBER(replaced, 64)
GET_NUMBER(failed, 64)
GET_NUMBER(last, 64)

static const struct column columns[] = {
	{ "DEVICE", "device", COLUMN_STRING, IN_JSON,
	  "name of the device", get_device },
	{ "DEVICE-ID", "device_id", COLUMN_NUMBER, IN_JSON,
	  "number of the device", get_device_id },
	{ "VECTOR", "vector", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "number of the vector", get_index },
	{ "STATE", "state", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "live: has a trigger; idle: has none", get_state },
	{ "BACKING", "backing", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "ims: a slot of the store; emulated: the driver", get_backing },
	{ "SLOT", "slot", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "slot of the store", get_slot },
	{ "GEN", "generation", COLUMN_NUMBER, IN_JSON,
	  "how often that slot was handed out", get_generation },
	{ "IRQ", "irq", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "Linux IRQ", get_irq },
	{ "COOKIE", "cookie", COLUMN_COOKIE, IN_TEXT | IN_JSON,
	  "now>next/default; CAP_SYS_ADMIN only", get_cookie, text_cookie },
	{ "NEXT", "pending_cookie", COLUMN_COOKIE, IN_JSON,
	  "cookie from the next allocation on", get_pending_cookie },
	{ "OWN", "own_cookie", COLUMN_BOOL, IN_JSON,
	  "the cookie is its own, not the device's default", get_own_cookie },
	{ "MASKED", "masked", COLUMN_BOOL, IN_JSON,
	  "interrupts are held back", get_masked },
	{ "PENDING", "pending", COLUMN_BOOL, IN_JSON,
	  "one waits for the unmasking", get_pending },
	{ "DELIVERED", "delivered", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "hardware interrupts passed to the trigger", get_delivered },
	{ "LOOPBACK", "loopback", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "signals asked for through VFIO or imsctl", get_loopback },
	{ "SIGNALLED", "signalled", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "signals by the virtual device's driver", get_signalled },
	{ "DROPPED", "dropped", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "interrupts and signals that met no trigger", get_dropped },
	{ "PENDED", "pended", COLUMN_NUMBER, IN_JSON,
	  "interrupts and signals that met a mask", get_pended },
	{ "REPLACED", "replaced", COLUMN_NUMBER, IN_JSON,
	  "triggers replaced by another", get_replaced },
	{ "FAILED", "failed", COLUMN_NUMBER, IN_JSON,
	  "failed attempts to make it live", get_failed },
	{ "LAST", "last_ns", COLUMN_NUMBER, IN_JSON,
	  "CLOCK_MONOTONIC of the last one, in nanoseconds", get_last },
	{ "FLAGS", "flags", COLUMN_STRING, IN_TEXT,
	  "masked, pending", get_flags },
	{ 0 },
};

const struct table vector_table = {
	.objects = "vectors",
	.columns = columns,
};
