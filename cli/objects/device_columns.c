// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of virtual devices.
 */
#include <string.h>

#include "objects/objects.h"

static bool get_name(const void *device, struct cell *cell)
{
	return cell_string(ims_device_get_name(device), cell);
}

static bool get_uuid(const void *device, struct cell *cell)
{
	return cell_string(ims_device_get_uuid(device), cell);
}

static bool get_parent(const void *device, struct cell *cell)
{
	return cell_string(ims_device_get_parent(device), cell);
}

static bool get_owner_comm(const void *device, struct cell *cell)
{
	return cell_string(ims_device_get_owner_comm(device), cell);
}

bool cell_owner(const struct ims_device *device, struct cell *cell)
{
	const char *comm = ims_device_get_owner_comm(device);
	uint32_t pid;

	if (ims_device_get_owner_pid(device, &pid))
		return false;

	snprintf(cell->string, CELL_SIZE, "%u%s%s", pid, comm ? "/" : "",
		 comm ? comm : "");
	return true;
}

static bool get_owner(const void *device, struct cell *cell)
{
	return cell_owner(device, cell);
}

static bool get_vm(const void *device, struct cell *cell)
{
	return cell_vm(device, cell);
}

static bool get_gone(const void *device, struct cell *cell)
{
	cell->yes = ims_device_is_gone(device);
	return true;
}

static bool get_on_hold(const void *device, struct cell *cell)
{
	cell->yes = ims_device_is_on_hold(device);
	return true;
}

static bool get_bypass(const void *device, struct cell *cell)
{
	uint32_t mode;

	return !ims_device_get_bypass(device, &mode) &&
	       cell_word(ims_bypass_mode_name(mode), mode, cell);
}

static bool get_refused_error(const void *device, struct cell *cell)
{
	uint32_t error;

	return !ims_device_get_refused_error(device, &error) &&
	       cell_word(strerrorname_np(error), error, cell);
}

static bool get_refused_kind(const void *device, struct cell *cell)
{
	uint32_t kind;

	return !ims_device_get_refused_kind(device, &kind) &&
	       cell_word(ims_alert_kind_name(kind), kind, cell);
}

bool cell_pasid(uint64_t cookie, struct cell *cell)
{
	/* 0 is the address space without any. */
	cell->number = cookie;
	return cookie && cookie < 1 << 20;
}

static bool get_pasid(const void *device, struct cell *cell)
{
	uint64_t cookie;

	return !ims_device_get_default_cookie(device, &cookie) &&
	       cell_pasid(cookie, cell);
}

static bool get_default_cookie(const void *device, struct cell *cell)
{
	return !ims_device_get_default_cookie(device, &cell->number);
}

#define GET_NUMBER(name, width)						\
	static bool get_##name(const void *device, struct cell *cell)	\
	{								\
		uint##width##_t number;					\
									\
		if (ims_device_get_##name(device, &number))		\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(id, 32)
GET_NUMBER(store_id, 32)
GET_NUMBER(vectors, 32)
GET_NUMBER(live, 32)
GET_NUMBER(held, 32)
GET_NUMBER(emulated, 32)
GET_NUMBER(quiet, 32)
GET_NUMBER(rate_limit, 32)
GET_NUMBER(slots, 32)
GET_NUMBER(limit, 32)
GET_NUMBER(reservation, 32)
GET_NUMBER(entries, 32)
GET_NUMBER(owner_pid, 32)
GET_NUMBER(refused, 64)
GET_NUMBER(refused_vector, 32)
GET_NUMBER(refused_last, 64)

static const struct column columns[] = {
	{ "ID", "id", COLUMN_NUMBER, IN_JSON | ALWAYS,
	  "number, not used again while the module is loaded", get_id },
	{ "DEVICE", "name", COLUMN_DEVICE,
	  IN_TEXT | IN_COOKIE | IN_LIMIT | IN_BYPASS | IN_RATE | IN_JSON |
	  ALWAYS,
	  "name below /sys/bus, such as a mediated device's UUID", get_name,
	  .weight = WEIGHT_KEY },
	{ "UUID", "uuid", COLUMN_STRING, IN_JSON,
	  "UUID, of a mediated device only", get_uuid },
	{ "PARENT", "parent", COLUMN_ADDRESS,
	  IN_TEXT | IN_LIMIT | IN_BYPASS | IN_RATE | IN_EVENT | IN_JSON,
	  "PCI address of the device that has the store", get_parent,
	  .weight = 5 },
	{ "STORE-ID", "store_id", COLUMN_NUMBER, IN_JSON,
	  "number of the store", get_store_id },
	{ "VECTORS", "vectors", COLUMN_NUMBER,
	  IN_TEXT | IN_BYPASS | IN_EVENT | IN_GAUGE | IN_JSON,
	  "vectors declared", get_vectors, .weight = 4 },
	{ "LIVE", "live", COLUMN_NUMBER,
	  IN_TEXT | IN_BYPASS | IN_CHANGE | IN_GAUGE | IN_JSON,
	  "vectors that are live", get_live, .weight = 7 },
	{ "HELD", "held", COLUMN_NUMBER,
	  IN_CHANGE | IN_GAUGE | IN_JSON | NONZERO,
	  "vectors that have a trigger, but hardware cannot reach", get_held,
	  .style = warning_if_counted, .weight = 6 },
	{ "EMULATED", "emulated", COLUMN_NUMBER,
	  IN_TEXT | IN_CHANGE | IN_GAUGE | IN_JSON | NONZERO,
	  "vectors declared emulated", get_emulated, .weight = 2 },
	{ "SLOTS", "slots", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_CHANGE | IN_GAUGE | IN_JSON,
	  "slots of the store in use", get_slots, .weight = 6 },
	{ "LIMIT", "limit", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "most slots it may use at a time", get_limit, .weight = 4 },
	{ "RESERVED", "reservation", COLUMN_NUMBER,
	  IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "slots guaranteed to it", get_reservation, .weight = 3 },
	{ "ENTRIES", "entries", COLUMN_NUMBER, IN_GAUGE | IN_JSON,
	  "entries of the interrupt-remapping table it holds", get_entries },
	{ "COOKIE", "default_cookie", COLUMN_COOKIE,
	  IN_TEXT | IN_COOKIE | IN_EVENT | IN_JSON,
	  "cookie of vectors without their own; CAP_SYS_ADMIN only",
	  get_default_cookie, .weight = 3 },
	{ "PASID", "pasid", COLUMN_NUMBER, IN_SHOW,
	  "the cookie in decimal, if a PASID can be that", get_pasid,
	  .weight = 2 },
	{ "PID", "owner_pid", COLUMN_NUMBER, IN_JSON,
	  "process that opened it", get_owner_pid },
	{ "COMM", "owner_comm", COLUMN_STRING, IN_JSON,
	  "command name of that process", get_owner_comm, .least = 8 },
	{ "OWNER", "owner", COLUMN_STRING, IN_TEXT | IN_EVENT,
	  "owner_pid/owner_comm", get_owner, .weight = 5, .least = 8 },
	{ "VM", "vm", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "virtual machine that has it open, else the command", get_vm,
	  .weight = 8, .least = 8 },
	{ "BYPASS", "bypass", COLUMN_STRING, IN_BYPASS | IN_EVENT | IN_JSON,
	  "may hardware post its interrupts to vCPUs: auto, on, off",
	  get_bypass, .weight = 8 },
	{ "QUIET", "quiet", COLUMN_NUMBER,
	  IN_CHANGE | IN_GAUGE | IN_JSON | NONZERO,
	  "vectors that an administrator holds", get_quiet,
	  .style = warning_if_counted, .weight = 6 },
	{ "RATE", "rate_limit", COLUMN_NUMBER, IN_RATE | IN_EVENT | IN_JSON,
	  "most interrupts a second of vectors without their own limit",
	  get_rate_limit, .weight = 6 },
	{ "ON-HOLD", "on_hold", COLUMN_BOOL,
	  IN_EVENT | IN_GAUGE | IN_JSON | ALWAYS,
	  "its driver holds it: no vector gets a slot", get_on_hold,
	  .style = warning_if_yes },
	{ "REFUSED", "refused", COLUMN_NUMBER,
	  IN_TEXT | IN_CHANGE | IN_COUNTER | IN_JSON | NONZERO,
	  "requests to bind, configure or arm vectors that failed",
	  get_refused, .style = bad_if_counted, .weight = 6 },
	{ "REFUSED-VECTOR", "refused_vector", COLUMN_NUMBER,
	  IN_CHANGE | IN_GAUGE | IN_JSON,
	  "vector that the last of them failed for", get_refused_vector },
	{ "REFUSED-ERROR", "refused_error", COLUMN_STRING, IN_CHANGE | IN_JSON,
	  "errno that its caller got, such as ENOSPC", get_refused_error },
	{ "REFUSED-KIND", "refused_kind", COLUMN_STRING, IN_CHANGE | IN_JSON,
	  "what ran out, if anything did, such as store-full",
	  get_refused_kind },
	{ "REFUSED-LAST", "refused_last_ns", COLUMN_TIME, IN_JSON,
	  "when it was; in JSON CLOCK_MONOTONIC", get_refused_last },
	{ "GONE", "gone", COLUMN_BOOL, IN_EVENT | IN_JSON | ALWAYS,
	  "its parent is gone: nothing but close is left", get_gone,
	  .style = bad_if_yes },
	{ 0 },
};

const struct table device_table = {
	.object = "device",
	.objects = "devices",
	.columns = columns,
};
