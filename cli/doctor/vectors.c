// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: the vectors of a virtual device.
 */
#include <inttypes.h>
#include <string.h>

#include "doctor/doctor.h"
#include "shared/clock.h"

/*
 * Their interrupts cannot come, which may be meant so for a while. An administrator who
 * holds vectors means it.
 */
bool check_held(struct findings *findings, const struct subject *subject)
{
	uint32_t state, held = 0, first = 0;
	char remedy[CELL_SIZE];
	size_t i;

	for (i = 0; i < subject->count; i++) {
		const struct ims_vector *v = subject_vector(subject, i);

		if (!ims_vector_get_state(v, &state) &&
		    state == IMS_VECTOR_STATE_HELD &&
		    !ims_vector_is_quiet(v) && !held++)
			ims_vector_get_index(v, &first);
	}
	if (!held)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl list %s --state held; its driver has to arm them",
		 subject->name);
	found_of(findings, "vector-held", FINDING_WARNING, subject->name,
		 "devices have vectors that get no slot", remedy,
		 "device %s%s: vectors that get no slot: %" PRIu32
		 ", the first is %" PRIu32, subject->name,
		 ims_device_is_on_hold(subject->device) ?
		 ", held by its driver" : "", held, first);
	return false;
}

/* Their interrupts go to CPUs that may be kept for something else. */
bool check_affinity(struct findings *findings, const struct subject *subject)
{
	const struct ims_vector *first = NULL;
	uint32_t index = 0, cpu = 0;
	char remedy[CELL_SIZE];
	const char *affinity;
	size_t i, count = 0;

	for (i = 0; i < subject->count; i++)
		if (ims_vector_is_affinity_broken(subject_vector(subject, i)) &&
		    !count++)
			first = subject_vector(subject, i);
	if (!first)
		return true;

	ims_vector_get_index(first, &index);
	ims_vector_get_cpu(first, &cpu);
	affinity = ims_vector_get_affinity(first);
	snprintf(remedy, sizeof(remedy),
		 "imsctl affinity set %s %" PRIu32
		 " CPUS: some that are online and have vectors left",
		 subject->name, index);
	found_of(findings, "vector-affinity", FINDING_WARNING, subject->name,
		 "devices have interrupts on other CPUs than they may go to",
		 remedy,
		 "device %s: interrupts on other CPUs than they may go to: %zu, vector %"
		 PRIu32 " on CPU %" PRIu32 ", its affinity is %s",
		 subject->name, count, index, cpu,
		 affinity ? affinity : "the default");
	return false;
}

/* What refused requests were about has been told by then. */
bool check_failed(struct findings *findings, const struct subject *subject)
{
	uint64_t refused, failed, sum = 0;
	uint32_t index = 0, vectors = 0, cured = 0;
	char remedy[CELL_SIZE];
	size_t i;

	if (!ims_device_get_refused(subject->device, &refused) && refused)
		return true;
	for (i = 0; i < subject->count; i++) {
		const struct ims_vector *v = subject_vector(subject, i);

		if (ims_vector_get_failed(v, &failed) || !failed)
			continue;
		sum += failed;
		cured += is_cured(v);
		if (!vectors++)
			ims_vector_get_index(v, &index);
	}
	if (!sum)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl stats %s -o vector,failed; imsctl stats reset %s",
		 subject->name, subject->name);
	found_of(findings, "vector-failures",
		 cured == vectors ? FINDING_OK : FINDING_WARNING,
		 subject->name, cured == vectors ?
		 "devices have vectors that failed to become live, and are now" :
		 "devices have vectors that failed to become live",
		 cured == vectors ? NULL : remedy,
		 "device %s: attempts to make a vector live that failed: %" PRIu64
		 ", of vectors: %" PRIu32 ", the first is %" PRIu32 "%s",
		 subject->name, sum, vectors, index,
		 cured == vectors ? "; live now" : "");
	return false;
}

bool check_drops(struct findings *findings, const struct subject *subject)
{
	char remedy[CELL_SIZE];
	uint64_t count, sum = 0;
	size_t i;

	for (i = 0; i < subject->count; i++)
		if (!ims_vector_get_dropped(subject_vector(subject, i), &count))
			sum += count;
	if (!sum)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl stats %s -o vector,dropped; imsctl stats reset %s",
		 subject->name, subject->name);
	found_of(findings, "vector-drops", FINDING_WARNING, subject->name,
		 "devices have interrupts that met no trigger", remedy,
		 "device %s: interrupts that met no trigger: %" PRIu64,
		 subject->name, sum);
	return false;
}

/* A user that handles an interrupt masks it for less than that: 10 s. */
#define STUCK_NS	UINT64_C(10000000000)

/* An interrupt waits for a user that does not unmask the vector. */
bool check_stuck(struct findings *findings, const struct subject *subject)
{
	uint64_t ago, longest = 0, now = clock_now();
	uint32_t index = 0, stuck = 0;
	char remedy[CELL_SIZE];
	size_t i;

	for (i = 0; i < subject->count; i++) {
		const struct ims_vector *v = subject_vector(subject, i);

		if (!ims_vector_is_pending(v) || !is_stuck(v, now, &ago) ||
		    ago < STUCK_NS)
			continue;
		stuck++;
		if (ago > longest) {
			longest = ago;
			ims_vector_get_index(v, &index);
		}
	}
	if (!stuck)
		return true;

	snprintf(remedy, sizeof(remedy),
		 "imsctl list %s --stuck 10s; look at its driver in the guest",
		 subject->name);
	found_of(findings, "vector-stuck", FINDING_WARNING, subject->name,
		 "devices have vectors that are masked, with an interrupt that waits",
		 remedy,
		 "device %s: masked vectors with an interrupt that waits: %" PRIu32
		 ", vector %" PRIu32 " for %" PRIu64 " s", subject->name, stuck,
		 index, longest / 1000000000);
	return false;
}

/* From when on a live vector is worth a word: 1 h. */
#define SILENT_NS	UINT64_C(3600000000000)

/*
 * A device that has no work has nothing to signal, so that this is no fault. But where
 * work is not done it is the place to look at.
 */
bool check_silent(struct findings *findings, const struct subject *subject)
{
	uint32_t index = 0, silent = 0, unheard = 0;
	uint64_t ago, now = clock_now();
	bool never;
	size_t i;

	for (i = 0; i < subject->count; i++) {
		const struct ims_vector *v = subject_vector(subject, i);

		if (!is_silent(v, now, &ago, &never) || ago < SILENT_NS)
			continue;
		unheard += never;
		if (!silent++)
			ims_vector_get_index(v, &index);
	}
	if (!silent)
		return true;

	found_of(findings, "vector-silent", FINDING_OK, subject->name,
		 "devices have live vectors that were silent for an hour", NULL,
		 "device %s: live vectors that were silent for an hour: %" PRIu32
		 ", of which never heard of: %" PRIu32 ", the first is %" PRIu32,
		 subject->name, silent, unheard, index);
	return false;
}
