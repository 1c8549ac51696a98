// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: interrupt message stores.
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
		found_of(findings, "store-domain", FINDING_UNKNOWN, name,
			 "stores do not tell their interrupt domain",
			 "rmmod and modprobe vfio_pci_ims, of this version",
			 "store %s does not tell its interrupt domain", name);
		return false;
	}
	/* INTEL-IR-0, AMD-IR-0. */
	if (strstr(domain, "-IR"))
		return true;
	found_of(findings, "store-domain", FINDING_WARNING, name,
		 "stores' domains do not remap interrupts",
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
	found_of(findings, "store-group", FINDING_WARNING, name,
		 "stores' devices are in no IOMMU group",
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
			 "imsctl limit set --store %s %" PRIu32, name,
			 size);
	else
		snprintf(remedy, sizeof(remedy),
			 "imsctl list: close a device, or lower its reservation");
	found_of(findings, "store-slots", FINDING_WARNING, name,
		 "stores are full", remedy,
		 "store %s is full: slots in use: %" PRIu32 ", reserved: %"
		 PRIu32 ", limit: %" PRIu32, name, used, reserved, limit);
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
		 "imsctl list --stores; then imsctl stats reset --store %s",
		 name);
	found_of(findings, "store-failures", FINDING_WARNING, name,
		 "stores had requests for slots that failed", remedy,
		 "store %s: requests for slots that failed: %" PRIu64, name,
		 failures);
	return false;
}

static const struct {
	const char *check;
	const char *fine;
	bool (*look)(struct findings *findings, const struct ims_store *store);
	/* By files of the host. */
	bool of_host;
} store_checks[] = {
	{ "store-domain", "interrupts of all stores are remapped",
	  check_domain },
	{ "store-group", "devices with stores are in IOMMU groups",
	  check_group, true },
	{ "store-slots", "every store has slots left", check_slots },
	{ "store-failures", "no request for a slot failed", check_failures },
};

#define NUM_STORE_CHECKS	(sizeof(store_checks) / sizeof(store_checks[0]))

/* The drivers that have stores, such as the reference driver ims_edu. */
static void check_drivers(struct findings *findings,
			  const struct doctor_state *state)
{
	const struct ims_store_list *stores = state->stores;
	size_t i, count = ims_store_list_count(stores);
	const struct ims_store *first = ims_store_list_at(stores, 0);

	for (i = 0; i < count; i++)
		if (!ims_store_get_driver(ims_store_list_at(stores, i)))
			found_of(findings, "driver", FINDING_UNKNOWN,
				 ims_store_get_name(ims_store_list_at(stores, i)),
				 "stores' drivers are leaving",
				 "dmesg | grep -i ims",
				 "the driver of store %s is leaving",
				 ims_store_get_name(ims_store_list_at(stores, i)));
	if (count)
		found(findings, "driver", FINDING_OK, NULL,
		      "stores: %zu, the first is %s of %s", count,
		      ims_store_get_name(first),
		      ims_store_get_driver(first) ?: "no driver");
	else if (state->captured)
		found(findings, "driver", FINDING_WARNING,
		      "imsctl doctor, on that host", "no driver has a store");
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
		found_nothing(findings, "driver", state);
		for (c = 0; c < NUM_STORE_CHECKS; c++)
			found_nothing(findings, store_checks[c].check, state);
		return;
	}
	check_drivers(findings, state);
	for (c = 0; c < NUM_STORE_CHECKS; c++) {
		bool fine = true;

		if (state->captured && store_checks[c].of_host)
			continue;
		for (i = 0; i < count; i++)
			fine &= store_checks[c].look(findings,
				ims_store_list_at(state->stores, i));
		if (fine)
			found(findings, store_checks[c].check, FINDING_OK,
			      NULL, "%s", count ? store_checks[c].fine :
			      "there is no store");
	}
}
