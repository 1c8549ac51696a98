// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of rates.
 */
#include "objects/objects.h"
#include "top/top.h"

static bool get_device(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	return cell_string(row->name, cell);
}

static bool get_owner(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	return cell_owner(row->device, cell);
}

static bool get_used(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->used;
	return true;
}

static bool get_live(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->live;
	return true;
}

static bool get_held(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->held;
	return true;
}

static bool get_slots(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->slots;
	return true;
}

#define GET_NUMBER(name)						\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct top_row *row = object;			\
		uint32_t number;					\
									\
		if (ims_vector_get_##name(row->vector, &number))	\
			return false;					\
		cell->number = number;					\
		return true;						\
	}

GET_NUMBER(index)
GET_NUMBER(irq)
GET_NUMBER(cpu)

static bool get_state(const void *object, struct cell *cell)
{
	const struct top_row *row = object;
	uint32_t state;

	return !ims_vector_get_state(row->vector, &state) &&
	       cell_word(ims_vector_state_name(state), state, cell);
}

static enum style style_state(const struct column *column, const void *object)
{
	const struct top_row *row = object;

	(void)column;
	return vector_state_style(row->vector);
}

#define GET_RATE(name, count)						\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct top_row *row = object;			\
									\
		cell->number = row->rates[count];			\
		return row->known;					\
	}

GET_RATE(delivered, TOP_DELIVERED)
GET_RATE(loopback, TOP_LOOPBACK)
GET_RATE(signalled, TOP_SIGNALLED)
GET_RATE(dropped, TOP_DROPPED)

static bool get_total(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->rates[TOP_DELIVERED] + row->rates[TOP_LOOPBACK] +
		       row->rates[TOP_SIGNALLED];
	return row->known;
}

#define RATES								\
	{ "TOTAL/s", "total_rate", COLUMN_RATE, IN_TEXT | IN_JSON,	\
	  "all that its user was told of a second", get_total },	\
	{ "DELIVERED/s", "delivered_rate", COLUMN_RATE,			\
	  IN_TEXT | IN_JSON, "hardware interrupts", get_delivered },	\
	{ "LOOPBACK/s", "loopback_rate", COLUMN_RATE,			\
	  IN_TEXT | IN_JSON, "signals through VFIO or imsctl",		\
	  get_loopback },						\
	{ "SIGNALLED/s", "signalled_rate", COLUMN_RATE,			\
	  IN_TEXT | IN_JSON, "signals by the driver", get_signalled },	\
	{ "DROPPED/s", "dropped_rate", COLUMN_RATE, IN_TEXT | IN_JSON,	\
	  "those that met no trigger", get_dropped,			\
	  .style = bad_if_counted }

static const struct column vector_columns[] = {
	{ "DEVICE", "device", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "name of the device", get_device },
	{ "VECTOR", "vector", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "number of the vector", get_index },
	{ "STATE", "state", COLUMN_STRING, IN_JSON,
	  "live, held or idle", get_state, .style = style_state },
	{ "IRQ", "irq", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "Linux IRQ", get_irq },
	{ "CPU", "cpu", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "CPU that gets the interrupt", get_cpu },
	RATES,
	{ "OWNER", "owner", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "process that opened the device", get_owner },
	{ 0 },
};

const struct table top_vector_table = {
	.object = "vector",
	.objects = "vectors",
	.columns = vector_columns,
};

static const struct column device_columns[] = {
	{ "DEVICE", "device", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "name of the device", get_device },
	{ "USED", "used", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "vectors that were used", get_used },
	{ "LIVE", "live", COLUMN_NUMBER, IN_TEXT | IN_JSON,
	  "vectors that are live", get_live },
	{ "HELD", "held", COLUMN_NUMBER, IN_JSON,
	  "vectors that have a trigger, but get no slot", get_held,
	  .style = warning_if_counted },
	{ "SLOTS", "slots", COLUMN_NUMBER, IN_JSON,
	  "slots of the store in use", get_slots },
	RATES,
	{ "OWNER", "owner", COLUMN_STRING, IN_TEXT | IN_JSON,
	  "process that opened it", get_owner },
	{ 0 },
};

const struct table top_device_table = {
	.object = "device",
	.objects = "devices",
	.columns = device_columns,
};

void top_columns(const struct top *top, unsigned int view,
		 struct selection *selection)
{
	const struct table *table = top_table(top);

	if (table == top->chosen_of)
		*selection = top->chosen;
	else
		select_view(table, view, selection);
}
