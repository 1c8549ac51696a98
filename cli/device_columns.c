// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of virtual devices.
 */
#include "table.h"

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

static bool get_gone(const void *device, struct cell *cell)
{
	cell->yes = ims_device_is_gone(device);
	return true;
}

static bool get_default_cookie(const void *device, struct cell *cell)
{
	return !ims_device_get_default_cookie(device, &cell->number);
}

#define GET_NUMBER(name)						\
	static bool get_##name(const void *device, struct cell *cell)	\
	{								\
		uint32_t number;					\
									\
		if (ims_device_get_##name(device, &number))		\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(id)
GET_NUMBER(store_id)
GET_NUMBER(num_vectors)
GET_NUMBER(num_live)
GET_NUMBER(num_emulated)
GET_NUMBER(num_slots)
GET_NUMBER(limit)
GET_NUMBER(reservation)
GET_NUMBER(owner_pid)

static const struct column columns[] = {
	{ "ID", "id", COLUMN_NUMBER, IN_JSON | ALWAYS,
	  "number, not used again while the module is loaded", get_id },
	{ "NAME", "name", COLUMN_STRING,
	  IN_TEXT | IN_COOKIE | IN_LIMIT | IN_JSON | ALWAYS,
	  "name below /sys/bus, the UUID of a mediated device", get_name },
	{ "UUID", "uuid", COLUMN_STRING, IN_JSON,
	  "UUID, of a mediated device only", get_uuid },
	{ "PARENT", "parent", COLUMN_STRING,
	  IN_TEXT | IN_LIMIT | IN_EVENT | IN_JSON,
	  "PCI address of the device that has the store", get_parent },
	{ "STORE", "store_id", COLUMN_NUMBER, IN_JSON,
	  "number of the store", get_store_id },
	{ "VECTORS", "vectors", COLUMN_NUMBER,
	  IN_TEXT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "vectors declared", get_num_vectors },
	{ "LIVE", "live", COLUMN_NUMBER, IN_TEXT | IN_GAUGE | IN_JSON,
	  "vectors with a trigger", get_num_live },
	{ "EMULATED", "emulated", COLUMN_NUMBER, IN_TEXT | IN_GAUGE | IN_JSON,
	  "vectors declared emulated", get_num_emulated },
	{ "SLOTS", "slots", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_GAUGE | IN_JSON,
	  "slots of the store in use", get_num_slots },
	{ "LIMIT", "limit", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "most slots it may use at a time", get_limit },
	{ "RESERVED", "reservation", COLUMN_NUMBER,
	  IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "slots guaranteed to it", get_reservation },
	{ "COOKIE", "default_cookie", COLUMN_COOKIE,
	  IN_TEXT | IN_COOKIE | IN_EVENT | IN_JSON,
	  "cookie of vectors without their own; CAP_SYS_ADMIN only",
	  get_default_cookie },
	{ "PID", "owner_pid", COLUMN_NUMBER, IN_JSON,
	  "process that opened it", get_owner_pid },
	{ "COMM", "owner_comm", COLUMN_STRING, IN_JSON,
	  "command name of that process", get_owner_comm },
	{ "OWNER", "owner", COLUMN_STRING, IN_TEXT | IN_EVENT,
	  "owner_pid/owner_comm", get_owner },
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
