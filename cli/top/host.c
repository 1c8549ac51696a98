// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: what groups vectors and is not said by them. Of devices, it is
 * found out when there are new ones, as it does not change while they are open.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* For its files. */
#include "doctor/doctor.h"
#include "objects/objects.h"
#include "shared/parse.h"
#include "top/top.h"

#define NODES	"/sys/devices/system/node"

/* The key of a name, which gets one when it is new; false: no memory. */
static bool find_vm(struct top *top, const char *name, uint64_t *key)
{
	char **names;
	size_t i;

	for (i = 0; i < top->num_vm_names; i++) {
		if (strcmp(top->vm_names[i], name))
			continue;
		*key = i;
		return true;
	}

	names = reallocarray(top->vm_names, i + 1, sizeof(*names));
	if (!names)
		return false;
	top->vm_names = names;
	names[i] = strdup(name);
	if (!names[i])
		return false;
	top->num_vm_names++;
	*key = i;
	return true;
}

/* -1, which is what the kernel says of a host without nodes, is none. */
static uint64_t node_of_parent(const char *parent)
{
	char path[PATH_MAX], line[32];
	uint32_t node;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/numa_node",
		 parent ? parent : "");
	return read_line(path, line, sizeof(line)) && parse_u32(line, &node) ?
	       node : TOP_NONE;
}

static bool know_device(struct top *top, const struct ims_device *device,
			struct top_device *known)
{
	struct cell vm;
	uint32_t store;

	*known = (struct top_device) {
		.device = device,
		.vm_key = TOP_NONE,
		.store = TOP_NONE,
		.node = node_of_parent(ims_device_get_parent(device)),
	};
	known->passes = filter_owner(&top->filter, device);
	ims_device_get_id(device, &known->id);
	if (!ims_device_get_store_id(device, &store))
		known->store = store;
	if (!cell_vm(device, &vm))
		return true;
	if (!find_vm(top, vm.string, &known->vm_key))
		return false;
	known->vm = top->vm_names[known->vm_key];
	return true;
}

/* Makes @devices of @list; false when memory ran out. */
bool top_know_devices(struct top *top)
{
	size_t i, count = ims_device_list_count(top->list);
	struct top_device *devices = calloc(count + 1, sizeof(*devices));

	if (!devices)
		return false;

	free(top->devices);
	top->devices = devices;
	top->num_devices = count;
	for (i = 0; i < count; i++)
		if (!know_device(top, ims_device_list_at(top->list, i),
				 &devices[i]))
			return false;
	return true;
}

static bool set_node(struct top *top, uint32_t cpu, uint64_t node)
{
	uint64_t *nodes;

	if (cpu >= top->num_cpus) {
		nodes = reallocarray(top->cpu_nodes, cpu + 1, sizeof(*nodes));
		if (!nodes)
			return false;
		top->cpu_nodes = nodes;
		while (top->num_cpus <= cpu)
			nodes[top->num_cpus++] = TOP_NONE;
	}
	top->cpu_nodes[cpu] = node;
	return true;
}

/* "0-3,8-11"; what is behind something else is not read. */
static bool set_nodes(struct top *top, const char *cpus, uint64_t node)
{
	/* More than any kernel has. */
	const uint32_t most = 1 << 16;
	uint32_t first, last;

	while ((cpus = parse_number(cpus, &first))) {
		last = first;
		if (*cpus == '-') {
			cpus = parse_number(cpus + 1, &last);
			if (!cpus)
				return true;
		}
		for (; first <= last && first < most; first++)
			if (!set_node(top, first, node))
				return false;
		if (*cpus++ != ',')
			return true;
	}
	return true;
}

/* False when memory ran out; a host that tells of no nodes has none. */
bool top_know_cpus(struct top *top)
{
	char path[PATH_MAX], line[4096];
	int i, count;
	char **names;
	uint32_t node;
	bool ok = true;

	count = list_directory(NODES, &names);
	for (i = 0; ok && i < count; i++) {
		if (strncmp(names[i], "node", strlen("node")) ||
		    !parse_u32(names[i] + strlen("node"), &node))
			continue;
		snprintf(path, sizeof(path), NODES "/%s/cpulist", names[i]);
		if (read_line(path, line, sizeof(line)))
			ok = set_nodes(top, line, node);
	}
	free_names(names, count);
	return ok;
}

void top_forget_host(struct top *top)
{
	size_t i;

	for (i = 0; i < top->num_vm_names; i++)
		free(top->vm_names[i]);
	free(top->vm_names);
	free(top->cpu_nodes);
	free(top->devices);
}
