// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of interrupt message stores.
 */
#include "objects/objects.h"

static bool get_name(const void *store, struct cell *cell)
{
	return cell_string(ims_store_get_name(store), cell);
}

static bool get_driver(const void *store, struct cell *cell)
{
	return cell_string(ims_store_get_driver(store), cell);
}

static bool get_domain(const void *store, struct cell *cell)
{
	return cell_string(ims_store_get_domain(store), cell);
}

#define GET_NUMBER(name)						\
	static bool get_##name(const void *store, struct cell *cell)	\
	{								\
		uint32_t number;					\
									\
		if (ims_store_get_##name(store, &number))		\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(id)
GET_NUMBER(size)
GET_NUMBER(limit)
GET_NUMBER(used)
GET_NUMBER(peak)
GET_NUMBER(reserved)
GET_NUMBER(available)
GET_NUMBER(entries)
GET_NUMBER(capacity)
GET_NUMBER(devices)

static bool get_failures(const void *store, struct cell *cell)
{
	return !ims_store_get_failures(store, &cell->number);
}

static bool get_suspended(const void *store, struct cell *cell)
{
	cell->yes = ims_store_is_suspended(store);
	return true;
}

static const struct column columns[] = {
	{ "ID", "id", COLUMN_NUMBER, IN_JSON | ALWAYS,
	  "number, not used again while the module is loaded", get_id },
	{ "STORE", "name", COLUMN_ADDRESS,
	  IN_TEXT | IN_STATS | IN_LIMIT | IN_JSON | ALWAYS,
	  "PCI address of the device that has it", get_name,
	  .weight = WEIGHT_KEY },
	{ "DRIVER", "driver", COLUMN_STRING, IN_TEXT | IN_EVENT | IN_JSON,
	  "that device's driver", get_driver, .weight = 3, .least = 6 },
	{ "DOMAIN", "domain", COLUMN_STRING, IN_JSON,
	  "interrupt domain that remaps its interrupts", get_domain },
	{ "SIZE", "size", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "slots it has", get_size, .weight = 5 },
	{ "LIMIT", "limit", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_EVENT | IN_GAUGE | IN_JSON,
	  "most slots that may be in use at a time", get_limit, .weight = 5 },
	{ "SLOTS", "used", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_LIMIT | IN_CHANGE | IN_GAUGE | IN_JSON,
	  "slots in use", get_used, .weight = 8 },
	{ "PEAK", "peak", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_GAUGE | IN_JSON,
	  "most slots in use at a time so far", get_peak, .weight = 4 },
	{ "RESERVED", "reserved", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_CHANGE | IN_GAUGE | IN_JSON | NONZERO,
	  "sum of the devices' reservations", get_reserved, .weight = 4 },
	{ "AVAILABLE", "available", COLUMN_NUMBER,
	  IN_TEXT | IN_LIMIT | IN_GAUGE | IN_JSON,
	  "slots that are neither in use nor promised", get_available,
	  .style = bad_if_none, .weight = 7 },
	{ "ENTRIES", "entries", COLUMN_NUMBER, IN_TEXT | IN_GAUGE | IN_JSON,
	  "entries of the interrupt-remapping table it holds", get_entries,
	  .weight = 2 },
	{ "CAPACITY", "capacity", COLUMN_NUMBER, IN_TEXT | IN_GAUGE | IN_JSON,
	  "most entries it can have, where its device has a table",
	  get_capacity, .weight = 2 },
	{ "DEVICES", "devices", COLUMN_NUMBER,
	  IN_TEXT | IN_CHANGE | IN_GAUGE | IN_JSON,
	  "virtual devices that are open on it", get_devices, .weight = 3 },
	{ "FAILURES", "failures", COLUMN_NUMBER,
	  IN_TEXT | IN_STATS | IN_CHANGE | IN_COUNTER | IN_JSON | NONZERO,
	  "requests for slots that failed", get_failures,
	  .style = bad_if_counted, .weight = 6 },
	{ "SUSPENDED", "suspended", COLUMN_BOOL,
	  IN_EVENT | IN_GAUGE | IN_JSON | ALWAYS,
	  "its hardware is asleep or being reset", get_suspended,
	  .style = warning_if_yes },
	{ 0 },
};

const struct table store_table = {
	.object = "store",
	.objects = "stores",
	.columns = columns,
};
