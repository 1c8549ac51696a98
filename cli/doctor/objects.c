// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: stores, devices and vectors.
 */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "doctor/doctor.h"

/* A store works, but its interrupts may not be the device's alone. */
static bool check_domain(struct findings *findings,
			 const struct ims_store *store)
{
	const char *domain = ims_store_get_domain(store);
	const char *name = ims_store_get_name(store);

	if (!domain) {
		found(findings, "store-domain", FINDING_UNKNOWN,
		      "rmmod and modprobe vfio_pci_ims, of this version",
		      "store %s does not tell its interrupt domain", name);
		return false;
	}
	/* INTEL-IR-0, AMD-IR-0. */
	if (strstr(domain, "-IR"))
		return true;
	found(findings, "store-domain", FINDING_WARNING,
	      "enable remapping with VT-d or AMD-Vi in the firmware",
	      "store %s: its domain %s does not remap interrupts", name,
	      domain);
	return false;
}

static bool check_group(struct findings *findings,
			const struct ims_store *store)
{
	const char *name = ims_store_get_name(store);
	char path[PATH_MAX], group[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group",
		 name);
	if (read_link(path, group, sizeof(group)))
		return true;
	found(findings, "store-group", FINDING_WARNING,
	      "boot with intel_iommu=on",
	      "store %s: its device is in no IOMMU group", name);
	return false;
}

static bool check_slots(struct findings *findings,
			const struct ims_store *store)
{
	uint32_t used, limit, size, reserved, available;
	const char *name = ims_store_get_name(store);
	char remedy[CELL_SIZE];

	if (ims_store_get_used(store, &used) ||
	    ims_store_get_limit(store, &limit) ||
	    ims_store_get_size(store, &size) ||
	    ims_store_get_reserved(store, &reserved) ||
	    ims_store_get_available(store, &available) || available)
		return true;

	if (limit < size)
		snprintf(remedy, sizeof(remedy),
			 "imsctl limit --store %s --limit %" PRIu32, name,
			 size);
	else
		snprintf(remedy, sizeof(remedy),
			 "imsctl list: close a device, or lower its reservation");
	found(findings, "store-slots", FINDING_WARNING, remedy,
	      "store %s is full: slots in use: %" PRIu32 ", reserved: %" PRIu32
	      ", limit: %" PRIu32, name, used, reserved, limit);
	return false;
}

static bool check_failures(struct findings *findings,
			   const struct ims_store *store)
{
	const char *name = ims_store_get_name(store);
	char remedy[CELL_SIZE];
	uint64_t failures;

	if (ims_store_get_failures(store, &failures) || !failures)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl list --stores; then imsctl stats --store %s --reset",
		 name);
	found(findings, "store-failures", FINDING_WARNING, remedy,
	      "store %s: requests for slots that failed: %" PRIu64, name,
	      failures);
	return false;
}

static const struct {
	const char *check;
	const char *fine;
	bool (*look)(struct findings *findings, const struct ims_store *store);
} store_checks[] = {
	{ "store-domain", "interrupts of all stores are remapped",
	  check_domain },
	{ "store-group", "devices with stores are in IOMMU groups",
	  check_group },
	{ "store-slots", "every store has slots left", check_slots },
	{ "store-failures", "no request for a slot failed", check_failures },
};

#define NUM_STORE_CHECKS	(sizeof(store_checks) / sizeof(store_checks[0]))

/* The drivers that have stores, such as the reference driver ims_edu. */
static void check_drivers(struct findings *findings,
			  const struct ims_store_list *stores)
{
	size_t i, count = ims_store_list_count(stores);
	const struct ims_store *first = ims_store_list_at(stores, 0);

	for (i = 0; i < count; i++)
		if (!ims_store_get_driver(ims_store_list_at(stores, i)))
			found(findings, "driver", FINDING_UNKNOWN,
			      "dmesg | grep -i ims",
			      "the driver of store %s is leaving",
			      ims_store_get_name(ims_store_list_at(stores, i)));
	if (count)
		found(findings, "driver", FINDING_OK, NULL,
		      "stores: %zu, the first is %s of %s", count,
		      ims_store_get_name(first),
		      ims_store_get_driver(first) ?: "no driver");
	else if (module_is_loaded("ims_edu"))
		found(findings, "driver", FINDING_WARNING,
		      "dmesg | grep -i ims",
		      "ims_edu is loaded, but has no store");
	else
		found(findings, "driver", FINDING_WARNING,
		      "modprobe your device's driver; for QEMU's edu, ims_edu",
		      "no driver has a store");
}

void check_stores(struct findings *findings, const struct doctor_state *state)
{
	size_t count = ims_store_list_count(state->stores);
	size_t c, i;

	if (!state->stores) {
		found(findings, "driver", FINDING_UNKNOWN,
		      "modprobe vfio_pci_ims", NO_MODULE);
		for (c = 0; c < NUM_STORE_CHECKS; c++)
			found(findings, store_checks[c].check, FINDING_UNKNOWN,
			      "modprobe vfio_pci_ims", NO_MODULE);
		return;
	}
	check_drivers(findings, state->stores);
	for (c = 0; c < NUM_STORE_CHECKS; c++) {
		bool fine = true;

		for (i = 0; i < count; i++)
			fine &= store_checks[c].look(findings,
				ims_store_list_at(state->stores, i));
		if (fine)
			found(findings, store_checks[c].check, FINDING_OK,
			      NULL, "%s", count ? store_checks[c].fine :
			      "there is no store");
	}
}

/* What its vectors have counted, in sum. */
struct sums {
	uint64_t dropped;
	uint64_t failed;
	uint32_t held;
	/* Number of the first vector that is held. */
	uint32_t first_held;
};

static struct sums sum_up(const struct ims_device *device,
			  const struct ims_vector_list *vectors)
{
	struct sums sums = { 0 };
	uint32_t id, owner, state;
	uint64_t count;
	size_t i;

	if (ims_device_get_id(device, &id))
		return sums;
	for (i = 0; i < ims_vector_list_count(vectors); i++) {
		const struct ims_vector *v = ims_vector_list_at(vectors, i);

		if (ims_vector_get_device_id(v, &owner) || owner != id)
			continue;
		if (!ims_vector_get_dropped(v, &count))
			sums.dropped += count;
		if (!ims_vector_get_failed(v, &count))
			sums.failed += count;
		if (!ims_vector_get_state(v, &state) &&
		    state == IMS_VECTOR_STATE_HELD && !sums.held++)
			ims_vector_get_index(v, &sums.first_held);
	}
	return sums;
}

static bool check_gone(struct findings *findings,
		       const struct ims_device *device,
		       const struct ims_vector_list *vectors)
{
	struct cell owner;
	char remedy[CELL_SIZE + 32];

	(void)vectors;
	if (!ims_device_is_gone(device))
		return true;

	if (!cell_owner(device, &owner))
		strcpy(owner.string, "not known");
	text_clean(owner.string);
	snprintf(remedy, sizeof(remedy), "end the process that has it open: %s",
		 owner.string);
	found(findings, "device-parent", FINDING_WARNING, remedy,
	      "device %s: its parent is gone", ims_device_get_name(device));
	return false;
}

/* A limit is only felt by a device that could use more. */
static bool check_limit(struct findings *findings,
			const struct ims_device *device,
			const struct ims_vector_list *vectors)
{
	uint32_t slots, limit, declared, emulated;
	char remedy[CELL_SIZE];

	(void)vectors;
	if (ims_device_get_slots(device, &slots) ||
	    ims_device_get_limit(device, &limit) ||
	    ims_device_get_vectors(device, &declared) ||
	    ims_device_get_emulated(device, &emulated) ||
	    slots < limit || declared - emulated <= limit)
		return true;

	snprintf(remedy, sizeof(remedy), "imsctl limit %s --limit %" PRIu32,
		 ims_device_get_name(device), declared - emulated);
	found(findings, "device-limit", FINDING_WARNING, remedy,
	      "device %s is at its limit of %" PRIu32 " slots",
	      ims_device_get_name(device), limit);
	return false;
}

/* What a column of devices shows. */
static void device_text(const struct ims_device *device, const char *key,
			struct cell *cell)
{
	format_cell(find_column(&device_table, key, strlen(key)), device, cell);
}

/* By enum ims_alert_kind: what ran out, and what helps. */
static const struct {
	const char *what;
	const char *remedy;
} shortages[] = {
	[IMS_ALERT_KIND_DEVICE_LIMIT] = {
		"the device may use no more slots",
		"imsctl limit: raise the limit of the device",
	},
	[IMS_ALERT_KIND_STORE_FULL] = {
		"the store has no slot left for it",
		"imsctl limit --store: raise the limit of the store, or close a device",
	},
	[IMS_ALERT_KIND_ENTRIES] = {
		"the interrupt-remapping table has no entry left",
		"imsctl list -o name,parent,slots,entries; close a device",
	},
	[IMS_ALERT_KIND_CPU_VECTORS] = {
		"the CPUs have no interrupt vector left",
		"see cpu-vectors; imsctl affinity: choose CPUs that have some left",
	},
	[IMS_ALERT_KIND_NO_MEMORY] = {
		"the host has no memory left",
		"free -h; raise the memory limit of the process's cgroup",
	},
};

static bool check_refused(struct findings *findings,
			  const struct ims_device *device,
			  const struct ims_vector_list *vectors)
{
	const char *name = ims_device_get_name(device);
	struct cell when, vector, error;
	const char *remedy = NULL, *word = NULL, *what = NULL;
	char look[CELL_SIZE];
	uint64_t refused;
	uint32_t kind;

	(void)vectors;
	if (ims_device_get_refused(device, &refused) || !refused)
		return true;

	if (!ims_device_get_refused_kind(device, &kind)) {
		word = ims_alert_kind_name(kind);
		if (kind < sizeof(shortages) / sizeof(shortages[0])) {
			what = shortages[kind].what;
			remedy = shortages[kind].remedy;
		}
	}
	if (!remedy) {
		snprintf(look, sizeof(look), "imsctl show %s; dmesg", name);
		remedy = look;
	}
	device_text(device, "refused_last_ns", &when);
	device_text(device, "refused_vector", &vector);
	device_text(device, "refused_error", &error);
	found(findings, "device-refusals", FINDING_WARNING, remedy,
	      "device %s: requests that failed: %" PRIu64
	      ", the last %s for vector %s: %s%s%s%s%s", name, refused,
	      when.string, vector.string, error.string, word ? ", " : "",
	      word ? word : "", what ? ": " : "", what ? what : "");
	return false;
}

/* Their interrupts cannot come, which may be meant so for a while. */
static bool check_held(struct findings *findings,
		       const struct ims_device *device,
		       const struct ims_vector_list *vectors)
{
	struct sums sums = sum_up(device, vectors);
	const char *name = ims_device_get_name(device);
	char remedy[CELL_SIZE];

	if (!sums.held)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl list %s --state held; its driver has to arm them",
		 name);
	found(findings, "vector-held", FINDING_WARNING, remedy,
	      "device %s%s: vectors that get no slot: %" PRIu32
	      ", the first is %" PRIu32, name,
	      ims_device_is_on_hold(device) ? ", held by its driver" : "",
	      sums.held, sums.first_held);
	return false;
}

/* The first vector of the device whose affinity is broken, and how many there are. */
static const struct ims_vector *
find_broken(const struct ims_device *device,
	    const struct ims_vector_list *vectors, size_t *count)
{
	const struct ims_vector *first = NULL;
	uint32_t id, owner;
	size_t i;

	*count = 0;
	if (ims_device_get_id(device, &id))
		return NULL;
	for (i = 0; i < ims_vector_list_count(vectors); i++) {
		const struct ims_vector *v = ims_vector_list_at(vectors, i);

		if (ims_vector_get_device_id(v, &owner) || owner != id ||
		    !ims_vector_is_affinity_broken(v))
			continue;
		if (!first)
			first = v;
		(*count)++;
	}
	return first;
}

/* Their interrupts go to CPUs that may be kept for something else. */
static bool check_affinity(struct findings *findings,
			   const struct ims_device *device,
			   const struct ims_vector_list *vectors)
{
	const char *name = ims_device_get_name(device);
	uint32_t index = 0, cpu = 0;
	const struct ims_vector *first;
	char remedy[CELL_SIZE];
	const char *affinity;
	size_t count;

	first = find_broken(device, vectors, &count);
	if (!first)
		return true;

	ims_vector_get_index(first, &index);
	ims_vector_get_cpu(first, &cpu);
	affinity = ims_vector_get_affinity(first);
	snprintf(remedy, sizeof(remedy),
		 "imsctl affinity set %s %" PRIu32
		 " CPUS: some that are online and have vectors left", name,
		 index);
	found(findings, "vector-affinity", FINDING_WARNING, remedy,
	      "device %s: interrupts on other CPUs than they may go to: %zu, vector %"
	      PRIu32 " on CPU %" PRIu32 ", its affinity is %s", name, count, index,
	      cpu, affinity ? affinity : "the default");
	return false;
}

static bool check_failed(struct findings *findings,
			 const struct ims_device *device,
			 const struct ims_vector_list *vectors)
{
	struct sums sums = sum_up(device, vectors);
	const char *name = ims_device_get_name(device);
	char remedy[CELL_SIZE];

	if (!sums.failed)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl stats %s -o vector,failed; then --reset", name);
	found(findings, "vector-failures", FINDING_WARNING, remedy,
	      "device %s: attempts to make a vector live that failed: %" PRIu64,
	      name, sums.failed);
	return false;
}

static bool check_drops(struct findings *findings,
			const struct ims_device *device,
			const struct ims_vector_list *vectors)
{
	struct sums sums = sum_up(device, vectors);
	const char *name = ims_device_get_name(device);
	char remedy[CELL_SIZE];

	if (!sums.dropped)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl stats %s -o vector,dropped; then --reset", name);
	found(findings, "vector-drops", FINDING_WARNING, remedy,
	      "device %s: interrupts that met no trigger: %" PRIu64, name,
	      sums.dropped);
	return false;
}

static const struct {
	const char *check;
	const char *fine;
	bool (*look)(struct findings *findings, const struct ims_device *device,
		     const struct ims_vector_list *vectors);
} device_checks[] = {
	{ "device-parent", "the parents of all devices are there", check_gone },
	{ "device-limit", "no device is at its limit", check_limit },
	{ "device-refusals", "no request of a device failed", check_refused },
	{ "vector-held", "no vector is held", check_held },
	{ "vector-affinity", "all interrupts go where they may",
	  check_affinity },
	{ "vector-failures", "no vector failed to become live", check_failed },
	{ "vector-drops", "no interrupt was dropped", check_drops },
};

void check_devices(struct findings *findings, const struct doctor_state *state)
{
	size_t count = ims_device_list_count(state->devices);
	size_t c, i;

	for (c = 0; c < sizeof(device_checks) / sizeof(device_checks[0]); c++) {
		const char *check = device_checks[c].check;
		bool fine = true;

		if (!state->devices || !state->vectors) {
			found(findings, check, FINDING_UNKNOWN,
			      "modprobe vfio_pci_ims", NO_MODULE);
			continue;
		}
		for (i = 0; i < count; i++)
			fine &= device_checks[c].look(findings,
				ims_device_list_at(state->devices, i),
				state->vectors);
		if (fine)
			found(findings, check, FINDING_OK, NULL, "%s",
			      count ? device_checks[c].fine :
			      "no virtual device is open");
	}
}
