// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of groups of vectors.
 */
#include "objects/groups.h"

static bool get_name(const void *object, struct cell *cell)
{
	const struct group *group = object;

	return cell_string(group->name, cell);
}

static bool get_by(const void *object, struct cell *cell)
{
	const struct group *group = object;

	return cell_string(group_kind_name(group->kind), cell);
}

static bool get_devices(const void *object, struct cell *cell)
{
	const struct group *group = object;

	cell->number = group->devices;
	return true;
}

static bool get_vectors(const void *object, struct cell *cell)
{
	const struct group *group = object;

	cell->number = group->vectors;
	return true;
}

#define GET_SUM(name, sum)						\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct group *group = object;			\
									\
		cell->number = group->sums[sum];			\
		return true;						\
	}

GET_SUM(live, SUM_LIVE)
GET_SUM(held, SUM_HELD)
GET_SUM(slots, SUM_SLOTS)
GET_SUM(delivered, SUM_DELIVERED)
GET_SUM(loopback, SUM_LOOPBACK)
GET_SUM(signalled, SUM_SIGNALLED)
GET_SUM(dropped, SUM_DROPPED)
GET_SUM(pended, SUM_PENDED)
GET_SUM(failed, SUM_FAILED)

#define SUM	(IN_TEXT | IN_JSON | IN_COUNTER | ALWAYS)

static const struct column columns[] = {
	{ "GROUP", "group", COLUMN_DEVICE, IN_TEXT | IN_JSON,
	  "parent, device, machine, CPU, node or store; none: it has none",
	  get_name, .weight = WEIGHT_KEY },
	{ "BY", "by", COLUMN_STRING, IN_JSON | ALWAYS,
	  "what --by said: what the vectors have in common", get_by },
	/* One may be in several groups. */
	{ "DEVICES", "devices", COLUMN_NUMBER, IN_TEXT | IN_JSON | ALWAYS,
	  "devices that these vectors are of", get_devices, .weight = 4 },
	{ "VECTORS", "vectors", COLUMN_NUMBER, SUM,
	  "vectors that were used", get_vectors, .weight = 5 },
	{ "LIVE", "live", COLUMN_NUMBER, SUM,
	  "those that are live", get_live, .weight = 6 },
	{ "HELD", "held", COLUMN_NUMBER, SUM | NONZERO,
	  "those that have a trigger, but get no slot", get_held,
	  .style = warning_if_counted, .weight = 6 },
	{ "SLOTS", "slots", COLUMN_NUMBER, SUM,
	  "those that have a slot of the store", get_slots, .weight = 3 },
	{ "DELIVERED", "delivered", COLUMN_NUMBER, SUM,
	  "hardware interrupts passed to triggers", get_delivered,
	  .weight = 8 },
	{ "LOOPBACK", "loopback", COLUMN_NUMBER, SUM | NONZERO,
	  "signals asked for through VFIO or imsctl", get_loopback,
	  .weight = 2 },
	{ "SIGNALLED", "signalled", COLUMN_NUMBER, SUM | NONZERO,
	  "signals by the virtual devices' drivers", get_signalled,
	  .weight = 2 },
	{ "DROPPED", "dropped", COLUMN_NUMBER, SUM | NONZERO,
	  "interrupts and signals that met no trigger", get_dropped,
	  .style = bad_if_counted, .weight = 7 },
	{ "PENDED", "pended", COLUMN_NUMBER, SUM | NONZERO,
	  "interrupts and signals that met a mask", get_pended, .weight = 1 },
	{ "FAILED", "failed", COLUMN_NUMBER, SUM | NONZERO,
	  "failed attempts to make vectors live", get_failed,
	  .style = bad_if_counted, .weight = 5 },
	{ 0 },
};

const struct table group_table = {
	.object = "group",
	.objects = "groups",
	.columns = columns,
};
