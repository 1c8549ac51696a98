// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: virtual devices that are open.
 */
#include <inttypes.h>
#include <string.h>

#include "doctor/doctor.h"

static bool check_gone(struct findings *findings, const struct subject *subject)
{
	const struct ims_device *device = subject->device;
	char remedy[CELL_SIZE + 32];
	struct cell owner;

	if (!ims_device_is_gone(device))
		return true;

	if (!cell_owner(device, &owner))
		strcpy(owner.string, "not known");
	text_clean(owner.string);
	snprintf(remedy, sizeof(remedy), "end the process that has it open: %s",
		 owner.string);
	found_of(findings, "device-parent", FINDING_WARNING, subject->name,
		 "devices are open whose parent is gone", remedy,
		 "device %s: its parent is gone", subject->name);
	return false;
}

/* A limit is only felt by a device that could use more. */
static bool check_limit(struct findings *findings, const struct subject *subject)
{
	const struct ims_device *device = subject->device;
	uint32_t slots, limit, declared, emulated;
	char remedy[CELL_SIZE];

	if (ims_device_get_slots(device, &slots) ||
	    ims_device_get_limit(device, &limit) ||
	    ims_device_get_vectors(device, &declared) ||
	    ims_device_get_emulated(device, &emulated) ||
	    slots < limit || declared - emulated <= limit)
		return true;

	snprintf(remedy, sizeof(remedy), "imsctl limit set %s %" PRIu32,
		 subject->name, declared - emulated);
	found_of(findings, "device-limit", FINDING_WARNING, subject->name,
		 "devices are at their limit of slots", remedy,
		 "device %s is at its limit of %" PRIu32 " slots",
		 subject->name, limit);
	return false;
}

/* By enum ims_alert_kind: what ran out, of several devices, and what helps. */
static const struct {
	const char *what;
	const char *several;
	const char *remedy;
} shortages[] = {
	[IMS_ALERT_KIND_DEVICE_LIMIT] = {
		"the device may use no more slots",
		"devices had requests refused, device-limit: they may use no more slots",
		"imsctl limit set: raise the limit of the device",
	},
	[IMS_ALERT_KIND_STORE_FULL] = {
		"the store has no slot left for it",
		"devices had requests refused, store-full: the store has no slot left for them",
		"imsctl limit set --store: raise the limit of the store, or close a device",
	},
	[IMS_ALERT_KIND_ENTRIES] = {
		"the interrupt-remapping table has no entry left",
		"devices had requests refused, entries: the interrupt-remapping table has none left",
		"imsctl list -o name,parent,slots,entries; close a device",
	},
	[IMS_ALERT_KIND_CPU_VECTORS] = {
		"the CPUs have no interrupt vector left",
		"devices had requests refused, cpu-vectors: the CPUs have none left",
		"see cpu-vectors; imsctl affinity set: choose CPUs that have some left",
	},
	[IMS_ALERT_KIND_NO_MEMORY] = {
		"the host has no memory left",
		"devices had requests refused, no-memory: the host has none left",
		"free -h; raise the memory limit of the process's cgroup",
	},
};

/* The vector that the last request failed for, if it was used. */
static const struct ims_vector *refused_vector(const struct subject *subject)
{
	uint32_t wanted, index;
	size_t i;

	if (ims_device_get_refused_vector(subject->device, &wanted))
		return NULL;
	for (i = 0; i < subject->count; i++)
		if (!ims_vector_get_index(subject_vector(subject, i), &index) &&
		    index == wanted)
			return subject_vector(subject, i);
	return NULL;
}

static bool check_refused(struct findings *findings,
			  const struct subject *subject)
{
	const struct ims_vector *vector = refused_vector(subject);
	const char *several = "devices had requests refused";
	const char *remedy = NULL, *what = NULL;
	struct cell sentence;
	char look[CELL_SIZE];
	uint32_t kind;

	if (!cell_refusal(subject->device, vector, &sentence))
		return true;

	if (is_cured(vector)) {
		found_of(findings, "device-refusals", FINDING_OK,
			 subject->name,
			 "devices had requests refused for vectors that are live now",
			 NULL, "device %s: %s", subject->name,
			 sentence.string);
		return false;
	}
	if (!ims_device_get_refused_kind(subject->device, &kind) &&
	    kind < sizeof(shortages) / sizeof(shortages[0]) &&
	    shortages[kind].what) {
		what = shortages[kind].what;
		several = shortages[kind].several;
		remedy = shortages[kind].remedy;
	}
	if (!remedy) {
		snprintf(look, sizeof(look), "imsctl show %s; dmesg",
			 subject->name);
		remedy = look;
	}
	found_of(findings, "device-refusals", FINDING_WARNING, subject->name,
		 several, remedy, "device %s: %s%s%s", subject->name,
		 sentence.string, what ? ": " : "", what ? what : "");
	return false;
}

static const struct {
	const char *check;
	const char *fine;
	bool (*look)(struct findings *findings, const struct subject *subject);
} device_checks[] = {
	{ "device-parent", "the parents of all devices are there", check_gone },
	{ "device-limit", "no device is at its limit", check_limit },
	{ "device-refusals", "no request of a device failed", check_refused },
	{ "vector-held", "no vector is held", check_held },
	{ "vector-affinity", "all interrupts go where they may",
	  check_affinity },
	{ "vector-failures", "no other vector failed to become live",
	  check_failed },
	{ "vector-drops", "no interrupt was dropped", check_drops },
	{ "vector-stuck", "no interrupt waits for long to be unmasked",
	  check_stuck },
	{ "vector-silent", "no live vector was silent for an hour",
	  check_silent },
};

const struct ims_vector *subject_vector(const struct subject *subject,
					size_t position)
{
	return ims_vector_list_at(subject->vectors, subject->first + position);
}

/* Both lists are in the order of the devices' ids. */
static void find_vectors(struct subject *subject)
{
	size_t end = ims_vector_list_count(subject->vectors);
	uint32_t id, owner;

	/* Behind those of the last device. */
	subject->first += subject->count;
	subject->count = 0;
	if (ims_device_get_id(subject->device, &id))
		return;
	for (; subject->first + subject->count < end; ) {
		if (ims_vector_get_device_id(subject_vector(subject,
							    subject->count),
					     &owner) || owner > id)
			return;
		if (owner == id)
			subject->count++;
		else
			/* Of a device that was closed meanwhile. */
			subject->first++;
	}
}

void check_devices(struct findings *findings, const struct doctor_state *state)
{
	size_t count = ims_device_list_count(state->devices);
	size_t c, i;

	for (c = 0; c < sizeof(device_checks) / sizeof(device_checks[0]); c++) {
		struct subject subject = { .vectors = state->vectors };
		const char *check = device_checks[c].check;
		bool fine = true;

		if (!state->devices || !state->vectors) {
			found_nothing(findings, check, state);
			continue;
		}
		for (i = 0; i < count; i++) {
			subject.device = ims_device_list_at(state->devices, i);
			subject.name = ims_device_get_name(subject.device);
			find_vectors(&subject);
			fine &= device_checks[c].look(findings, &subject);
		}
		if (fine)
			found(findings, check, FINDING_OK, NULL, "%s",
			      count ? device_checks[c].fine :
			      "no virtual device is open");
	}
}
