// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Columns of rates, and of what they are the rates of.
 */
#include <inttypes.h>
#include <langinfo.h>
#include <string.h>

#include "objects/objects.h"
#include "top/top.h"

static bool get_device(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	return cell_string(row->name, cell);
}

static const struct ims_device *device_of(const void *object)
{
	const struct top_row *row = object;

	return row->device ? row->device->device : NULL;
}

static bool get_parent(const void *row, struct cell *cell)
{
	return cell_string(ims_device_get_parent(device_of(row)), cell);
}

static bool get_owner(const void *row, struct cell *cell)
{
	return cell_owner(device_of(row), cell);
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

static bool get_vm(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	return row->device && cell_string(row->device->vm, cell);
}

#define GET_COUNT(name)							\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct top_row *row = object;			\
									\
		cell->number = row->name;				\
		return true;						\
	}

GET_COUNT(devices)
GET_COUNT(used)
GET_COUNT(live)
GET_COUNT(held)
GET_COUNT(slots)

#define GET_KEY(name, by)						\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct top_row *row = object;			\
									\
		cell->number = row->keys[by];				\
		return cell->number != TOP_NONE;			\
	}

GET_KEY(cpu, TOP_CPUS)
GET_KEY(node, TOP_NODES)

static bool get_cpu_node(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->cpu_node;
	return cell->number != TOP_NONE;
}

static bool get_parent_node(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->device ? row->device->node : TOP_NONE;
	return cell->number != TOP_NONE;
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

#define GET_RATE(name, member)						\
	static bool get_##name(const void *object, struct cell *cell)	\
	{								\
		const struct top_row *row = object;			\
									\
		cell->number = row->r.member;				\
		return row->r.known;					\
	}

GET_RATE(delivered, rates[TOP_DELIVERED])
GET_RATE(loopback, rates[TOP_LOOPBACK])
GET_RATE(signalled, rates[TOP_SIGNALLED])
GET_RATE(dropped, rates[TOP_DROPPED])
GET_RATE(remote, remote)
GET_RATE(1s, averages[TOP_1S])
GET_RATE(10s, averages[TOP_10S])
GET_RATE(60s, averages[TOP_60S])

static bool get_total(const void *object, struct cell *cell)
{
	const struct top_row *row = object;

	cell->number = row->r.rates[TOP_DELIVERED] +
		       row->r.rates[TOP_LOOPBACK] +
		       row->r.rates[TOP_SIGNALLED];
	return row->r.known;
}

/* From none to as many as there were at most. */
static const char *const *trend_levels(void)
{
	static const char *const blocks[] = {
		"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
	};
	static const char *const ascii[] = {
		"_", ".", ":", "-", "=", "+", "*", "#",
	};

	return strcmp(nl_langinfo(CODESET), "UTF-8") ? ascii : blocks;
}

/* The last frame is at the right; blanks are from before the first one. */
static bool get_trend(const void *object, struct cell *cell)
{
	const struct top_row *row = object;
	const char *const *levels = trend_levels();
	uint64_t most = 0;
	size_t len = 0;
	int i;

	for (i = 0; i < TOP_TREND; i++)
		if (row->r.trend[i] > most)
			most = row->r.trend[i];
	for (i = TOP_TREND - 1; i >= 0; i--) {
		uint64_t rate = row->r.trend[i];
		/* Not the lowest one unless there was none. */
		int level = rate ? 1 + (int)(6.0 * rate / most) : 0;

		len += snprintf(cell->string + len, CELL_SIZE - len, "%s",
				i < (int)row->steps ? levels[level] : " ");
	}
	return row->r.known;
}

#define TEXT	(IN_TEXT | IN_JSON)

#define DEVICE(where, help)						\
	{ "DEVICE", "device", COLUMN_DEVICE, where, help, get_device,	\
	  .weight = WEIGHT_KEY }
#define VM(importance)							\
	{ "VM", "vm", COLUMN_STRING, TEXT,				\
	  "virtual machine that has the device open, else the command",	\
	  get_vm, .weight = importance, .least = 8 }
#define CPU(importance)							\
	{ "CPU", "cpu", COLUMN_NUMBER, TEXT,				\
	  "CPU that gets the interrupt", get_cpu, .weight = importance }
#define NODE(where, importance)						\
	{ "NODE", "node", COLUMN_NUMBER, where,				\
	  "NUMA node of the interrupt's CPU, or else of the parent",	\
	  get_node, .weight = importance }
#define PARENT(where, importance)					\
	{ "PARENT", "parent", COLUMN_ADDRESS, where,			\
	  "PCI address of the device that has the store", get_parent,	\
	  .weight = importance }
#define PARENT_NODE							\
	{ "PARENT-NODE", "parent_node", COLUMN_NUMBER, IN_JSON,		\
	  "NUMA node of the parent", get_parent_node }
#define DEVICES								\
	{ "DEVICES", "devices", COLUMN_NUMBER, TEXT,			\
	  "devices that have such vectors", get_devices, .weight = 6 }
#define COUNTS								\
	{ "USED", "used", COLUMN_NUMBER, TEXT,				\
	  "vectors that were used", get_used, .weight = 4 },		\
	{ "LIVE", "live", COLUMN_NUMBER, TEXT,				\
	  "vectors that are live", get_live, .weight = 5 },		\
	{ "HELD", "held", COLUMN_NUMBER, IN_JSON,			\
	  "vectors that have a trigger, but get no slot", get_held,	\
	  .style = warning_if_counted },				\
	{ "SLOTS", "slots", COLUMN_NUMBER, IN_JSON,			\
	  "slots of the store in use", get_slots }
#define RATES								\
	{ "TOTAL/s", "total_rate", COLUMN_RATE, TEXT,			\
	  "all that its user was told of a second", get_total, .weight = WEIGHT_KEY }, \
	{ "RATE-1S", "rate_1s", COLUMN_RATE, IN_JSON,			\
	  "the same, on average over the last second", get_1s },	\
	{ "RATE-10S", "rate_10s", COLUMN_RATE, TEXT,			\
	  "over the last 10 seconds", get_10s, .weight = 8 },		\
	{ "RATE-60S", "rate_60s", COLUMN_RATE, TEXT,			\
	  "over the last minute", get_60s, .weight = 8 },		\
	{ "TREND", "trend", COLUMN_STRING, IN_TEXT,			\
	  "the total in each of the last frames", get_trend, .weight = 8 }, \
	{ "DELIVERED/s", "delivered_rate", COLUMN_RATE, TEXT,		\
	  "hardware interrupts", get_delivered, .weight = 4 },		\
	{ "LOOPBACK/s", "loopback_rate", COLUMN_RATE, TEXT | NONZERO,	\
	  "signals through VFIO or imsctl", get_loopback,		\
	  .weight = 3 },						\
	{ "SIGNALLED/s", "signalled_rate", COLUMN_RATE, TEXT | NONZERO,	\
	  "signals by the driver", get_signalled, .weight = 3 },	\
	{ "DROPPED/s", "dropped_rate", COLUMN_RATE, TEXT | NONZERO,	\
	  "those that met no trigger", get_dropped,			\
	  .style = bad_if_counted, .weight = 9 }
#define REMOTE(where)							\
	{ "REMOTE/s", "remote_rate", COLUMN_RATE, where | NONZERO,	\
	  "of the total, on a CPU of another node than the parent's",	\
	  get_remote, .weight = 7 }
#define OWNER(help)							\
	{ "OWNER", "owner", COLUMN_STRING, IN_TEXT,			\
	  "owner_pid/owner_comm", get_owner, .weight = 2, .least = 8 },	\
	{ "PID", "owner_pid", COLUMN_NUMBER, IN_JSON,			\
	  "process that opened " help, get_owner_pid },			\
	{ "COMM", "owner_comm", COLUMN_STRING, IN_JSON,			\
	  "command name of that process", get_owner_comm, .least = 8 }

static const struct column vector_columns[] = {
	DEVICE(TEXT, "name of the device"),
	{ "VECTOR", "vector", COLUMN_NUMBER, TEXT,
	  "number of the vector", get_index, .weight = WEIGHT_KEY },
	{ "STATE", "state", COLUMN_STRING, IN_JSON,
	  "live, held or idle", get_state, .style = style_state },
	{ "IRQ", "irq", COLUMN_NUMBER, TEXT, "Linux IRQ", get_irq,
	  .weight = 3 },
	CPU(6),
	RATES,
	OWNER("the device"),
	VM(7),
	PARENT(IN_JSON, 0),
	PARENT_NODE,
	NODE(IN_JSON, 0),
	REMOTE(IN_JSON),
	{ 0 },
};

static const struct column device_columns[] = {
	DEVICE(TEXT, "name of the device"),
	COUNTS,
	RATES,
	OWNER("it"),
	VM(7),
	PARENT(IN_JSON, 0),
	PARENT_NODE,
	REMOTE(IN_JSON),
	{ 0 },
};

static const struct column vm_columns[] = {
	VM(WEIGHT_KEY), DEVICES, COUNTS, RATES, REMOTE(IN_JSON), { 0 },
};

static const struct column cpu_columns[] = {
	CPU(WEIGHT_KEY),
	{ "NODE", "node", COLUMN_NUMBER, TEXT,
	  "NUMA node of the CPU", get_cpu_node, .weight = 7 },
	DEVICES, COUNTS, RATES, REMOTE(IN_JSON), { 0 },
};

static const struct column node_columns[] = {
	NODE(TEXT, WEIGHT_KEY), DEVICES, COUNTS, RATES, REMOTE(TEXT), { 0 },
};

static const struct column store_columns[] = {
	PARENT(TEXT, WEIGHT_KEY), PARENT_NODE, DEVICES, COUNTS, RATES, REMOTE(IN_JSON),
	{ 0 },
};

const struct table top_tables[NUM_TOP_BY] = {
	[TOP_VECTORS] = { "vector", "vectors", vector_columns },
	[TOP_DEVICES] = { "device", "devices", device_columns },
	[TOP_VMS] = { "vm", "vms", vm_columns },
	[TOP_CPUS] = { "cpu", "cpus", cpu_columns },
	[TOP_NODES] = { "node", "nodes", node_columns },
	[TOP_STORES] = { "store", "stores", store_columns },
};

static const struct column total_columns[] = {
	RATES, REMOTE(IN_JSON), { 0 },
};

const struct table top_total_table = { "total", "totals", total_columns };

const char *top_by_name(uint32_t by)
{
	return by < NUM_TOP_BY ? top_tables[by].object : NULL;
}

void top_columns(const struct top *top, unsigned int view,
		 struct selection *selection)
{
	const struct table *table = top_table(top);

	if (table == top->chosen_of)
		*selection = top->chosen;
	else
		select_view(table, view, selection);
}

const struct column *top_sort_column(const struct top *top, const char *key)
{
	const struct column *column = find_column(top_table(top), key,
						  strlen(key));

	return column ?: find_column(top_table(top), "total_rate",
				     strlen("total_rate"));
}

void top_summary(const struct top *top, char *text, size_t size)
{
	static const struct {
		const char *label;
		const char *key;
	} parts[] = {
		{ "total/s", "total_rate" },
		{ "10 s", "rate_10s" },
		{ "60 s", "rate_60s" },
		{ "dropped/s", "dropped_rate" },
	};
	struct cell cell;
	size_t i, len = 0;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]) && len < size; i++) {
		format_cell(find_column(&top_total_table, parts[i].key,
					strlen(parts[i].key)),
			    &top->total, &cell);
		len += snprintf(text + len, size - len, "%s%s: %s",
				len ? "  " : "", parts[i].label, cell.string);
	}
}
