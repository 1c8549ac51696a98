// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors added up in groups.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* For its files. */
#include "doctor/doctor.h"
#include "objects/groups.h"

static const char *const kind_names[NUM_GROUP_KINDS] = {
	[GROUP_PARENT] = "parent",
	[GROUP_DEVICE] = "device",
	[GROUP_VM] = "vm",
	[GROUP_CPU] = "cpu",
	[GROUP_NODE] = "node",
	[GROUP_STORE] = "store",
};

const char *group_kind_name(uint32_t kind)
{
	return kind < NUM_GROUP_KINDS ? kind_names[kind] : NULL;
}

enum exit_code parse_group_kind(const struct call *call, enum group_kind *kind)
{
	const char *name = call->values[OPTION_BY];
	int k;

	for (k = 0; k < NUM_GROUP_KINDS; k++) {
		if (strcmp(kind_names[k], name))
			continue;
		*kind = k;
		return EXIT_DONE;
	}
	return usage_error(call->command,
			   "--by: '%s' is none of parent, device, vm, cpu, node, store",
			   name);
}

/* A CPU's directory has a link to its node, unless the host has no nodes. */
static bool cell_node(uint32_t cpu, struct cell *cell)
{
	char path[PATH_MAX], **names;
	bool found = false;
	int i, count;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%" PRIu32,
		 cpu);
	count = list_directory(path, &names);
	for (i = 0; i < count; i++)
		if (sscanf(names[i], "node%255[0-9]", cell->string) == 1)
			found = true;
	free_names(names, count);
	return found;
}

/* CPUs whose node is known are these. */
struct nodes {
	struct {
		bool known;
		bool has_node;
		char name[16];
	} cpus[256];
};

static bool known_node(struct nodes *nodes, uint32_t cpu, struct cell *cell)
{
	const size_t count = sizeof(nodes->cpus) / sizeof(nodes->cpus[0]);

	if (cpu >= count)
		return cell_node(cpu, cell);
	if (!nodes->cpus[cpu].known) {
		nodes->cpus[cpu].known = true;
		nodes->cpus[cpu].has_node = cell_node(cpu, cell);
		if (nodes->cpus[cpu].has_node)
			snprintf(nodes->cpus[cpu].name,
				 sizeof(nodes->cpus[cpu].name), "%.15s",
				 cell->string);
	}
	return nodes->cpus[cpu].has_node &&
	       cell_string(nodes->cpus[cpu].name, cell);
}

/* Which group it is in; false when in none of that kind. */
static bool get_group(const struct vector_row *row, enum group_kind kind,
		      struct nodes *nodes, struct cell *cell)
{
	uint32_t number;

	switch (kind) {
	case GROUP_PARENT:
		return cell_string(ims_device_get_parent(row->device), cell);
	case GROUP_DEVICE:
		return cell_string(ims_vector_get_device_name(row->vector),
				   cell);
	case GROUP_VM:
		return cell_vm(row->device, cell);
	case GROUP_STORE:
		return !ims_device_get_store_id(row->device, &number) &&
		       cell_word(NULL, number, cell);
	case GROUP_CPU:
		return !ims_vector_get_cpu(row->vector, &number) &&
		       cell_word(NULL, number, cell);
	case GROUP_NODE:
		return !ims_vector_get_cpu(row->vector, &number) &&
		       known_node(nodes, number, cell);
	case NUM_GROUP_KINDS:
		break;
	}
	return false;
}

/* The group of that name, which is made if there is none; NULL: no memory. */
static struct group *find_group(struct groups *groups, const char *name)
{
	struct group *list;
	size_t i;

	/* Mostly it is that of the row before. */
	for (i = groups->count; i-- > 0; ) {
		const char *its = groups->list[i].name;

		if (name ? its && !strcmp(its, name) : !its)
			return &groups->list[i];
	}

	list = reallocarray(groups->list, groups->count + 1, sizeof(*list));
	if (!list)
		return NULL;
	groups->list = list;
	list += groups->count;
	*list = (struct group) { .kind = groups->kind };
	if (name) {
		list->name = strdup(name);
		if (!list->name)
			return NULL;
	}
	groups->count++;
	return list;
}

static void add(struct group *group, const struct vector_row *row)
{
	static int (*const counts[])(const struct ims_vector *vector,
				     uint64_t *number) = {
		[SUM_DELIVERED] = ims_vector_get_delivered,
		[SUM_LOOPBACK] = ims_vector_get_loopback,
		[SUM_SIGNALLED] = ims_vector_get_signalled,
		[SUM_DROPPED] = ims_vector_get_dropped,
		[SUM_PENDED] = ims_vector_get_pended,
		[SUM_FAILED] = ims_vector_get_failed,
	};
	uint32_t state, slot, device = 0;
	uint64_t number;
	int i;

	ims_vector_get_device_id(row->vector, &device);
	if (!group->vectors || device != group->last_device)
		group->devices++;
	group->last_device = device;
	group->vectors++;
	if (!ims_vector_get_state(row->vector, &state)) {
		group->sums[SUM_LIVE] += state == IMS_VECTOR_STATE_LIVE;
		group->sums[SUM_HELD] += state == IMS_VECTOR_STATE_HELD;
	}
	group->sums[SUM_SLOTS] += !ims_vector_get_slot(row->vector, &slot);
	for (i = SUM_DELIVERED; i < NUM_GROUP_SUMS; i++)
		if (!counts[i](row->vector, &number) &&
		    __builtin_add_overflow(group->sums[i], number,
					   &group->sums[i]))
			group->sums[i] = UINT64_MAX;
}

enum exit_code make_groups(const struct vector_rows *vectors,
			   enum group_kind kind, struct groups *groups)
{
	struct nodes nodes = { 0 };
	struct group *group;
	struct cell cell;
	size_t i;

	*groups = (struct groups) { .kind = kind };
	for (i = 0; i < vectors->count; i++) {
		const struct vector_row *row = &vectors->rows[i];
		bool some = get_group(row, kind, &nodes, &cell);

		group = find_group(groups, some ? cell.string : NULL);
		if (!group)
			return out_of_memory();
		add(group, row);
	}
	return EXIT_DONE;
}

void free_groups(struct groups *groups)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		free(groups->list[i].name);
	free(groups->list);
}

static const void *group_at(const void *list, size_t position)
{
	const struct group *groups = list;

	return &groups[position];
}

struct rows rows_of_groups(const struct groups *groups)
{
	return (struct rows) {
		.list = groups->list,
		.count = groups->count,
		.at = group_at,
	};
}
