// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of vectors.
 */
#include <inttypes.h>

#include "objects/objects.h"

static const struct ims_vector *vector_of(const void *object)
{
	const struct vector_row *row = object;

	return row->vector;
}

static const struct ims_device *device_of(const void *object)
{
	const struct vector_row *row = object;

	return row->device;
}

static bool get_device(const void *row, struct cell *cell)
{
	return cell_string(ims_vector_get_device_name(vector_of(row)), cell);
}

static bool get_parent(const void *row, struct cell *cell)
{
	return cell_string(ims_device_get_parent(device_of(row)), cell);
}

static bool get_owner_pid(const void *row, struct cell *cell)
{
	uint32_t pid;

	if (ims_device_get_owner_pid(device_of(row), &pid))
		return false;

	cell->number = pid;
	return true;
}

static bool get_owner_comm(const void *row, struct cell *cell)
{
	return cell_string(ims_device_get_owner_comm(device_of(row)), cell);
}

static bool get_owner(const void *row, struct cell *cell)
{
	return cell_owner(device_of(row), cell);
}

static bool get_vm(const void *row, struct cell *cell)
{
	return cell_vm(device_of(row), cell);
}

static bool get_state(const void *row, struct cell *cell)
{
	uint32_t state;

	if (ims_vector_get_state(vector_of(row), &state))
		return false;
	return cell_word(ims_vector_state_name(state), state, cell);
}

static enum style style_state(const struct column *column, const void *row)
{
	(void)column;
	return vector_state_style(vector_of(row));
}

static bool get_backing(const void *row, struct cell *cell)
{
	uint32_t backing;

	if (ims_vector_get_backing(vector_of(row), &backing))
		return false;
	return cell_word(ims_vector_backing_name(backing), backing, cell);
}

static bool get_affinity(const void *row, struct cell *cell)
{
	return cell_string(ims_vector_get_affinity(vector_of(row)), cell);
}

/* Without an affinity it is nobody's. */
static bool get_own_affinity(const void *row, struct cell *cell)
{
	cell->yes = ims_vector_is_affinity_own(vector_of(row));
	return ims_vector_get_affinity(vector_of(row));
}

/* "0-3", "0-3/default": which, and whose. */
static bool text_affinity(const void *row, struct cell *cell)
{
	const char *cpus = ims_vector_get_affinity(vector_of(row));

	if (!cpus)
		return false;
	snprintf(cell->string, CELL_SIZE, "%s%s", cpus,
		 ims_vector_is_affinity_own(vector_of(row)) ? "" : "/default");
	return true;
}

/* Without the cookie it is not known whose it is. */
static bool get_own_cookie(const void *row, struct cell *cell)
{
	uint64_t cookie;

	cell->yes = ims_vector_is_cookie_own(vector_of(row));
	return !ims_vector_get_cookie(vector_of(row), &cookie);
}

/* "0x1001", "0x1001/default", "0x1001>0x2002": now, whose, and from when on. */
static bool text_cookie(const void *row, struct cell *cell)
{
	const struct ims_vector *vector = vector_of(row);
	uint64_t cookie, next;
	char change[32] = "";

	if (ims_vector_get_cookie(vector, &cookie))
		return false;

	if (!ims_vector_get_pending_cookie(vector, &next))
		snprintf(change, sizeof(change), ">0x%" PRIx64, next);
	snprintf(cell->string, CELL_SIZE, "0x%" PRIx64 "%s%s", cookie, change,
		 ims_vector_is_cookie_own(vector) ? "" : "/default");
	return true;
}

static bool get_pasid(const void *row, struct cell *cell)
{
	uint64_t cookie;

	return !ims_vector_get_cookie(vector_of(row), &cookie) &&
	       cell_pasid(cookie, cell);
}

#define GET_FLAG(name)							\
	static bool get_##name(const void *row, struct cell *cell)	\
	{								\
		uint32_t state;						\
									\
		cell->yes = ims_vector_is_##name(vector_of(row));	\
		return !ims_vector_get_state(vector_of(row), &state) &&	\
		       state != IMS_VECTOR_STATE_ABSENT;		\
	}

GET_FLAG(masked)
GET_FLAG(pending)
GET_FLAG(prepared)
GET_FLAG(revoked)
GET_FLAG(affinity_broken)
GET_FLAG(bypassed)
GET_FLAG(quiet)
GET_FLAG(throttled)

/* Without a limit it is not known whose it is. */
static bool get_own_rate(const void *row, struct cell *cell)
{
	uint32_t rate;

	cell->yes = ims_vector_is_rate_limit_own(vector_of(row));
	return !ims_vector_get_rate_limit(vector_of(row), &rate);
}

/* "5000", "20000/default": how many, and whose limit. */
static bool text_rate(const void *row, struct cell *cell)
{
	uint32_t rate;

	if (ims_vector_get_rate_limit(vector_of(row), &rate))
		return false;
	snprintf(cell->string, CELL_SIZE, "%" PRIu32 "%s", rate,
		 ims_vector_is_rate_limit_own(vector_of(row)) ? "" : "/default");
	return true;
}

static bool get_flags(const void *row, struct cell *cell)
{
	const struct ims_vector *vector = vector_of(row);
	const struct {
		bool yes;
		const char *word;
	} flags[] = {
		{ ims_vector_is_masked(vector), "masked" },
		{ ims_vector_is_pending(vector), "pending" },
		{ ims_vector_is_prepared(vector), "prepared" },
		{ ims_vector_is_revoked(vector), "revoked" },
		{ ims_vector_is_affinity_broken(vector), "affinity-broken" },
		{ ims_vector_is_bypassed(vector), "bypassed" },
		{ ims_vector_is_quiet(vector), "quiet" },
		{ ims_vector_is_throttled(vector), "throttled" },
	};
	size_t i, len = 0;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].yes)
			len += snprintf(cell->string + len, CELL_SIZE - len,
					"%s%s", len ? "," : "", flags[i].word);
	return len;
}

#define GET_NUMBER(name, width)						\
	static bool get_##name(const void *row, struct cell *cell)	\
	{								\
		uint##width##_t number;					\
									\
		if (ims_vector_get_##name(vector_of(row), &number))	\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(device_id, 32)
GET_NUMBER(index, 32)
GET_NUMBER(slot, 32)
GET_NUMBER(generation, 32)
GET_NUMBER(handle, 32)
GET_NUMBER(irq, 32)
GET_NUMBER(cpu, 32)
GET_NUMBER(rate_limit, 32)
GET_NUMBER(cookie, 64)
GET_NUMBER(pending_cookie, 64)
GET_NUMBER(delivered, 64)
GET_NUMBER(loopback, 64)
GET_NUMBER(signalled, 64)
GET_NUMBER(dropped, 64)
GET_NUMBER(pended, 64)
GET_NUMBER(throttles, 64)
GET_NUMBER(replaced, 64)
GET_NUMBER(revocations, 64)
GET_NUMBER(failed, 64)
GET_NUMBER(since, 64)
GET_NUMBER(last, 64)
GET_NUMBER(masked_since, 64)

static const struct column columns[] = {
	{ "DEVICE", "device", COLUMN_DEVICE, IN_ALL | IN_JSON,
	  "name of the device", get_device, .weight = WEIGHT_KEY },
	{ "DEVICE-ID", "device_id", COLUMN_NUMBER, IN_JSON | ALWAYS,
	  "number of the device", get_device_id },
	{ "PARENT", "parent", COLUMN_ADDRESS, IN_JSON,
	  "PCI address of the device that has the store", get_parent,
	  .weight = 3 },
	{ "PID", "owner_pid", COLUMN_NUMBER, IN_JSON,
	  "process that opened the device", get_owner_pid },
	{ "COMM", "owner_comm", COLUMN_STRING, IN_JSON,
	  "command name of that process", get_owner_comm, .least = 8 },
	{ "VECTOR", "vector", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_COOKIE | IN_STATS | IN_AFFINITY | IN_QUIET |
	  IN_RATE | IN_JSON | ALWAYS,
	  "number of the vector", get_index, .weight = WEIGHT_KEY },
	{ "STATE", "state", COLUMN_STRING,
	  IN_TEXT | IN_ALL | IN_COOKIE | IN_AFFINITY | IN_QUIET | IN_EVENT |
	  IN_JSON | ALWAYS,
	  "live; held: hardware cannot reach it; idle: no trigger", get_state,
	  .style = style_state, .weight = 8 },
	{ "BACKING", "backing", COLUMN_STRING,
	  IN_TEXT | IN_ALL | IN_EVENT | IN_JSON,
	  "ims: a slot of the store; emulated: the driver", get_backing,
	  .weight = 2 },
	{ "SLOT", "slot", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_COOKIE | IN_EVENT | IN_JSON,
	  "slot of the store", get_slot, .weight = 4 },
	{ "GEN", "generation", COLUMN_NUMBER, IN_JSON,
	  "how often that slot was handed out", get_generation },
	{ "HANDLE", "handle", COLUMN_NUMBER, IN_JSON,
	  "interrupt handle that descriptors name the slot by", get_handle },
	{ "IRQ", "irq", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_AFFINITY | IN_EVENT | IN_JSON,
	  "Linux IRQ", get_irq, .weight = 6 },
	{ "CPU", "cpu", COLUMN_NUMBER, IN_AFFINITY | IN_EVENT | IN_JSON,
	  "CPU that gets the interrupt", get_cpu, .weight = 6 },
	{ "AFFINITY", "affinity", COLUMN_STRING,
	  IN_AFFINITY | IN_EVENT | IN_JSON,
	  "CPUs that may get it, if somebody has said so", get_affinity,
	  text_affinity, .weight = 5, .least = 8 },
	{ "OWN-AFFINITY", "own_affinity", COLUMN_BOOL, IN_JSON,
	  "that is its own, not the device's", get_own_affinity },
	{ "BROKEN", "affinity_broken", COLUMN_BOOL,
	  IN_AFFINITY | IN_GAUGE | IN_JSON | NONZERO,
	  "the interrupt goes to a CPU that it was not to go to",
	  get_affinity_broken, .style = bad_if_yes, .weight = 7 },
	{ "COOKIE", "cookie", COLUMN_COOKIE,
	  IN_TEXT | IN_ALL | IN_COOKIE | IN_EVENT | IN_JSON,
	  "now>next/default; CAP_SYS_ADMIN only", get_cookie, text_cookie,
	  .weight = 5 },
	{ "PASID", "pasid", COLUMN_NUMBER, IN_SHOW,
	  "the cookie in decimal, if a PASID can be that", get_pasid,
	  .weight = 2 },
	{ "NEXT", "pending_cookie", COLUMN_COOKIE, IN_JSON,
	  "cookie from the next allocation on", get_pending_cookie },
	{ "OWN", "own_cookie", COLUMN_BOOL, IN_JSON,
	  "the cookie is its own, not the device's default", get_own_cookie },
	{ "MASKED", "masked", COLUMN_BOOL, IN_JSON,
	  "interrupts are held back", get_masked },
	{ "QUIET", "quiet", COLUMN_BOOL, IN_QUIET | IN_JSON,
	  "an administrator holds it", get_quiet, .style = warning_if_yes,
	  .weight = 7 },
	{ "PENDING", "pending", COLUMN_BOOL, IN_QUIET | IN_JSON,
	  "one waits: for the end of a mask or hold, or the trigger",
	  get_pending, .weight = 6 },
	{ "RATE", "rate_limit", COLUMN_NUMBER, IN_RATE | IN_EVENT | IN_JSON,
	  "most interrupts a second; /default: the device's limit",
	  get_rate_limit, text_rate, .weight = 7 },
	{ "OWN-RATE", "own_rate_limit", COLUMN_BOOL, IN_JSON,
	  "that is its own, not the device's", get_own_rate },
	{ "THROTTLED", "throttled", COLUMN_BOOL, IN_RATE | IN_JSON,
	  "it is above that: interrupts are held back for a moment",
	  get_throttled, .style = warning_if_yes, .weight = 6 },
	{ "PREPARED", "prepared", COLUMN_BOOL, IN_JSON,
	  "is to have a slot also while it has no trigger", get_prepared },
	{ "REVOKED", "revoked", COLUMN_BOOL, IN_JSON,
	  "its slot was revoked, and it gets none until it is armed",
	  get_revoked, .style = warning_if_yes },
	{ "BYPASSED", "bypassed", COLUMN_BOOL, IN_JSON,
	  "hardware posts it to a vCPU, and the host does not count",
	  get_bypassed },
	{ "DELIVERED", "delivered", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_STATS | IN_COUNTER | IN_JSON,
	  "hardware interrupts passed to the trigger", get_delivered,
	  .weight = 7 },
	{ "LOOPBACK", "loopback", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_COUNTER | IN_JSON | NONZERO,
	  "signals asked for through VFIO or imsctl", get_loopback,
	  .weight = 3 },
	{ "SIGNALLED", "signalled", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_COUNTER | IN_JSON | NONZERO,
	  "signals by the virtual device's driver", get_signalled,
	  .weight = 3 },
	{ "DROPPED", "dropped", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_STATS | IN_COUNTER | IN_JSON | NONZERO,
	  "interrupts and signals that met no trigger", get_dropped,
	  .style = bad_if_counted, .weight = 6 },
	{ "PENDED", "pended", COLUMN_NUMBER,
	  IN_STATS | IN_COUNTER | IN_JSON | NONZERO,
	  "interrupts and signals that met a mask, hold or limit", get_pended,
	  .weight = 3 },
	{ "THROTTLES", "throttles", COLUMN_NUMBER,
	  IN_STATS | IN_RATE | IN_COUNTER | IN_JSON | NONZERO,
	  "how often it was above its limit", get_throttles, .weight = 5 },
	{ "REPLACED", "replaced", COLUMN_NUMBER,
	  IN_STATS | IN_COUNTER | IN_JSON | NONZERO,
	  "triggers replaced by another", get_replaced, .weight = 1 },
	{ "REVOCATIONS", "revocations", COLUMN_NUMBER, IN_COUNTER | IN_JSON,
	  "slots that its driver has taken from it", get_revocations },
	{ "FAILED", "failed", COLUMN_NUMBER,
	  IN_TEXT | IN_ALL | IN_STATS | IN_CHANGE | IN_COUNTER | IN_JSON |
	  NONZERO,
	  "failed attempts to make it live", get_failed,
	  .style = bad_if_counted, .weight = 4 },
	{ "SINCE", "since_ns", COLUMN_TIME, IN_STATS | IN_SILENT | IN_JSON,
	  "counted from then on; in JSON CLOCK_MONOTONIC", get_since,
	  .weight = 1 },
	{ "AGO", "last_ns", COLUMN_TIME,
	  IN_STATS | IN_SILENT | IN_STUCK | IN_JSON,
	  "the last interrupt or signal; in JSON CLOCK_MONOTONIC", get_last,
	  .weight = 6 },
	{ "MASKED-FOR", "masked_since_ns", COLUMN_TIME, IN_STUCK | IN_JSON,
	  "masked from then on; in JSON CLOCK_MONOTONIC", get_masked_since,
	  .weight = 7 },
	{ "FLAGS", "flags", COLUMN_STRING, IN_TEXT | IN_EVENT | IN_ALL,
	  "masked, quiet, throttled, revoked, bypassed, and so on",
	  get_flags, .weight = 5, .least = 8 },
	{ "OWNER", "owner", COLUMN_STRING, IN_ALL,
	  "owner_pid/owner_comm", get_owner, .weight = 2, .least = 8 },
	{ "VM", "vm", COLUMN_STRING, IN_ALL | IN_JSON,
	  "virtual machine that has the device open, else the command",
	  get_vm, .weight = 6, .least = 8 },
	{ 0 },
};

const struct table vector_table = {
	.object = "vector",
	.objects = "vectors",
	.columns = columns,
};
