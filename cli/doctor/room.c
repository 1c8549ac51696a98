// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: how much is left of what all interrupts of the host share: the
 * CPUs' vectors, and the entries of interrupt-remapping tables. Slots can be
 * reserved for a device, these cannot.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "shared/parse.h"

/*
 * Vectors of a CPU that devices' interrupts can get, about. Of 256 the first 32
 * are exceptions (FIRST_EXTERNAL_VECTOR), 0x80 is a system call, and those from
 * FIRST_SYSTEM_VECTOR on, 0xeb or 0xec, are the kernel's own: see
 * arch/x86/include/asm/irq_vectors.h. That leaves 202.
 */
#define VECTORS_PER_CPU	200

/* NR_CPUS can be no higher on x86: NR_CPUS_RANGE_END in arch/x86/Kconfig. */
#define CPUS_MAX	8192

/*
 * Entries of an Intel IOMMU's table: INTR_REMAP_TABLE_ENTRIES in
 * drivers/iommu/intel/iommu.h.
 */
#define INTEL_ENTRIES	65536

/**
 * struct room - CPU vectors that are left
 * @exact: the kernel says so; else it is an estimate
 * @cpus: CPUs that are online
 * @left: on all of them
 * @least: on the CPU that has the fewest
 * @fullest: that CPU
 */
struct room {
	bool exact;
	uint32_t cpus;
	uint64_t left;
	uint32_t least;
	uint32_t fullest;
};

static void add_cpu(struct room *room, uint32_t cpu, uint32_t left)
{
	if (!room->cpus || left < room->least) {
		room->least = left;
		room->fullest = cpu;
	}
	room->cpus++;
	room->left += left;
}

/*
 * What irq_matrix_debug_show() in kernel/irq/matrix.c prints, in kernels that are
 * built with CONFIG_GENERIC_IRQ_DEBUGFS: "Global available:" and, for each CPU that
 * is online, its number and how many vectors are available.
 */
static bool read_room(struct room *room)
{
	FILE *file = open_file("/sys/kernel/debug/irq/domains/VECTOR");
	bool total = false, table = false;
	unsigned int cpu, left;
	uint64_t available = 0;
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0) {
		if (sscanf(line, " Global available: %" SCNu64, &available) == 1)
			total = true;
		else if (strstr(line, "| CPU | avl |"))
			table = true;
		else if (table && sscanf(line, " %u %u", &cpu, &left) == 2)
			add_cpu(room, cpu, left);
	}
	free(line);
	if (file)
		fclose(file);

	room->exact = total && room->cpus;
	room->left = available;
	return room->exact;
}

/**
 * struct cpu - for an estimate
 * @online: it can get interrupts
 * @used: interrupts that go to it
 */
struct cpu {
	bool online;
	uint32_t used;
};

/* Of a list such as "0-3,8". */
static void set_online(struct cpu *cpus, const char *list)
{
	uint32_t first, last;

	while ((list = parse_number(list, &first))) {
		last = first;
		if (*list == '-')
			list = parse_number(list + 1, &last);
		for (; first <= last && first < CPUS_MAX; first++)
			cpus[first].online = true;
		if (!list || *list++ != ',')
			break;
	}
}

/*
 * An interrupt goes to one CPU on x86 and takes one of its vectors. /proc/interrupts
 * has those that were requested; others may have a vector as well, and CPUs' own
 * interrupts, which have no number there, take none of these.
 */
static bool count_interrupts(struct cpu *cpus)
{
	FILE *file = open_file("/proc/interrupts");
	char path[PATH_MAX], text[64], *line = NULL;
	uint32_t irq, cpu;
	bool any = false;
	const char *end;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0) {
		end = parse_number(line + strspn(line, " "), &irq);
		if (!end || *end != ':')
			continue;
		snprintf(path, sizeof(path),
			 "/proc/irq/%" PRIu32 "/effective_affinity_list", irq);
		if (!read_line(path, text, sizeof(text)) ||
		    !parse_number(text, &cpu) || cpu >= CPUS_MAX)
			continue;
		cpus[cpu].used++;
		any = true;
	}
	free(line);
	if (file)
		fclose(file);
	return any;
}

static bool estimate_room(struct room *room)
{
	struct cpu *cpus = calloc(CPUS_MAX, sizeof(*cpus));
	char list[CELL_SIZE];
	uint32_t i;

	memset(room, 0, sizeof(*room));
	if (cpus && count_interrupts(cpus) &&
	    read_line("/sys/devices/system/cpu/online", list, sizeof(list)))
		set_online(cpus, list);
	for (i = 0; cpus && i < CPUS_MAX; i++)
		if (cpus[i].online)
			add_cpu(room, i, cpus[i].used < VECTORS_PER_CPU ?
					 VECTORS_PER_CPU - cpus[i].used : 0);
	free(cpus);
	return room->cpus;
}

void check_cpu_vectors(struct findings *findings)
{
	struct room room = { 0 };
	enum finding_state state = FINDING_OK;
	const char *remedy = NULL;

	if (!read_room(&room) && !estimate_room(&room)) {
		found(findings, "cpu-vectors", FINDING_UNKNOWN,
		      "mount -t proc proc /proc",
		      "/proc does not tell which CPUs get interrupts");
		return;
	}
	/* Less than a tenth is left. */
	if (room.left < (uint64_t)room.cpus * VECTORS_PER_CPU / 10) {
		state = FINDING_WARNING;
		remedy = "close devices, or let other drivers use fewer interrupts, such as by ethtool -L";
	} else if (!room.least) {
		state = FINDING_WARNING;
		remedy = "imsctl affinity set: choose other CPUs than that one";
	}
	found(findings, "cpu-vectors", state, remedy,
	      "%s%" PRIu64 " left on %" PRIu32 " CPUs, %" PRIu32
	      " on CPU %" PRIu32 ", the fullest", room.exact ? "" : "estimate: ",
	      room.left, room.cpus, room.least, room.fullest);
}

/**
 * struct remap_table - an interrupt-remapping table
 * @name: of the store that has it alone, or the IOMMU's, which others have a part in
 * @held: entries that the interrupts of stores hold, at least
 * @size: entries it has
 * @shared: other devices have a part in it, too
 */
struct remap_table {
	const char *name;
	uint64_t held;
	uint32_t size;
	bool shared;
};

/* Entries of all stores whose interrupts that domain remaps. */
static uint64_t held_in_domain(const struct ims_store_list *stores,
			       const char *domain)
{
	uint32_t entries;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < ims_store_list_count(stores); i++) {
		const struct ims_store *s = ims_store_list_at(stores, i);

		if (ims_store_get_domain(s) &&
		    !strcmp(ims_store_get_domain(s), domain) &&
		    !ims_store_get_entries(s, &entries))
			sum += entries;
	}
	return sum;
}

/* False when the size of the store's table is not known. */
static bool get_table(const struct ims_store *store,
		      const struct ims_store_list *stores,
		      struct remap_table *table)
{
	const char *domain = ims_store_get_domain(store);
	uint32_t entries;

	table->shared = false;
	if (!ims_store_get_capacity(store, &table->size)) {
		if (ims_store_get_entries(store, &entries))
			return false;
		table->name = ims_store_get_name(store);
		table->held = entries;
		return true;
	}
	if (!domain || strncmp(domain, "INTEL-IR", strlen("INTEL-IR")))
		return false;
	table->name = domain;
	table->held = held_in_domain(stores, domain);
	table->size = INTEL_ENTRIES;
	table->shared = true;
	return true;
}

/*
 * Interrupts of other devices that are remapped, of which each has an entry. Which
 * IOMMU's is not told, so that they are taken to be in any table.
 */
static uint64_t count_remapped(void)
{
	FILE *file = open_file("/proc/interrupts");
	char *line = NULL;
	size_t size = 0;
	uint64_t count = 0;

	while (file && getline(&line, &size, file) >= 0)
		count += strstr(line, " IR-") != NULL;
	free(line);
	if (file)
		fclose(file);
	return count;
}

static void tell_table(struct findings *findings,
		       const struct remap_table *table, uint64_t others)
{
	uint64_t taken = table->held + others;
	uint64_t left = taken < table->size ? table->size - taken : 0;
	/* Less than an eighth is left, and others hold some of that. */
	bool tight = left < table->size / 8;

	found(findings, "store-entries",
	      tight ? FINDING_WARNING : FINDING_OK, tight ?
	      "imsctl list -o name,parent,slots,entries; close a device" : NULL,
	      "%s: at most %" PRIu64 " of %" PRIu32 " left, stores hold %"
	      PRIu64, table->name, left, table->size, table->held);
}

/* What else others hold in it is not known. */
void check_entries(struct findings *findings, const struct doctor_state *state)
{
	const struct ims_store_list *stores = state->stores;
	struct remap_table table, fullest = { 0 };
	bool remapped = false;
	size_t i;

	if (!stores) {
		found_nothing(findings, "store-entries", state);
		return;
	}
	for (i = 0; i < ims_store_list_count(stores); i++) {
		const struct ims_store *s = ims_store_list_at(stores, i);
		const char *domain = ims_store_get_domain(s);

		remapped |= !domain || strstr(domain, "-IR");
		/* By the part of it that is held. */
		if (get_table(s, stores, &table) &&
		    (!fullest.size || table.held * fullest.size >
				      fullest.held * table.size))
			fullest = table;
	}

	if (!ims_store_list_count(stores))
		found(findings, "store-entries", FINDING_OK, NULL,
		      "there is no store");
	else if (!remapped)
		found(findings, "store-entries", FINDING_OK, NULL,
		      "no store's interrupts need an entry");
	else if (!fullest.size)
		found(findings, "store-entries", FINDING_UNKNOWN,
		      "imsctl list --stores -o name,domain,entries",
		      "how many entries the remapping tables have is not known");
	else
		tell_table(findings, &fullest,
			   fullest.shared && !state->captured ?
			   count_remapped() : 0);
}
