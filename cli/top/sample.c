// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: asks for all vectors, and compares with what they had before.
 */
#include <errno.h>
#include <stdlib.h>

#include "objects/objects.h"
#include "shared/clock.h"
#include "top/top.h"

static int (*const getters[NUM_TOP_COUNTS])(const struct ims_vector *vector,
					    uint64_t *count) = {
	[TOP_DELIVERED] = ims_vector_get_delivered,
	[TOP_LOOPBACK] = ims_vector_get_loopback,
	[TOP_SIGNALLED] = ims_vector_get_signalled,
	[TOP_DROPPED] = ims_vector_get_dropped,
};

/* Something in the last minute makes a row busy. */
#define BUSY_NS		UINT64_C(60000000000)

static bool knows_all(const struct top *top)
{
	uint32_t id, last = 0;
	bool first = true;
	size_t i;

	for (i = 0; i < ims_vector_list_count(top->sample); i++) {
		if (ims_vector_get_device_id(ims_vector_list_at(top->sample, i),
					     &id))
			continue;
		if ((first || id != last) && !device_of_id(id, top->list))
			return false;
		first = false;
		last = id;
	}
	return true;
}

/* -1, 0, 1: by device, then by index, as lists are ordered. */
static int compare(const struct top_track *track, uint32_t device_id,
		   uint32_t index)
{
	if (track->device_id != device_id)
		return track->device_id < device_id ? -1 : 1;
	return track->index < index ? -1 : track->index > index;
}

/*
 * Counts have been reset, or began, later than at the sample before: all of
 * @track's are to be added. False when it is not known how many were counted
 * since then.
 */
static bool begin_anew(const struct top *top, struct top_track *track,
		       bool is_new, uint64_t since)
{
	int i;

	if (!is_new && track->since == since)
		return top->elapsed;
	for (i = 0; i < NUM_TOP_COUNTS; i++)
		track->counts[i] = 0;
	track->since = since;
	return top->elapsed && since >= top->time - top->elapsed;
}

/* What was counted since the sample before; false when that is not known. */
static bool count(const struct top *top, const struct ims_vector *vector,
		  struct top_track *track, bool is_new, uint64_t *counted)
{
	uint64_t since, now;
	bool known;
	int i;

	if (ims_vector_get_since(vector, &since))
		return false;

	known = begin_anew(top, track, is_new, since);
	for (i = 0; i < NUM_TOP_COUNTS; i++) {
		if (getters[i](vector, &now))
			return false;
		known = known && now >= track->counts[i];
		counted[i] = now - track->counts[i];
		track->counts[i] = now;
	}
	return known;
}

/* @place: where history has this sample. */
static void follow(const struct top *top, const struct ims_vector *vector,
		   struct top_track *track, bool is_new, unsigned int place,
		   struct top_rates *rates)
{
	uint64_t counted[NUM_TOP_COUNTS];
	int i;

	rates->known = count(top, vector, track, is_new, counted);
	if (!rates->known) {
		track->first = top->time;
		track->at[place] = track->total;
		return;
	}

	for (i = 0; i < NUM_TOP_COUNTS; i++) {
		rates->rates[i] = (double)counted[i] * 1e12 / top->elapsed +
				  0.5;
		if (i != TOP_DROPPED)
			track->total += counted[i];
	}
	track->at[place] = track->total;
	history_rates(&top->history, track, rates);
}

static const struct top_device *find_device_by_id(const struct top *top,
						  uint32_t id)
{
	size_t i;

	for (i = 0; i < top->num_devices; i++)
		if (top->devices[i].id == id)
			return &top->devices[i];
	return NULL;
}

/* Where its interrupts go, or else where its parent is. */
static void locate(const struct top *top, const struct ims_vector *vector,
		   struct top_row *row)
{
	uint64_t parents = row->device ? row->device->node : TOP_NONE;
	uint32_t cpu;
	int i;

	row->keys[TOP_CPUS] = row->cpu_node = TOP_NONE;
	if (!ims_vector_get_cpu(vector, &cpu)) {
		row->keys[TOP_CPUS] = cpu;
		if (cpu < top->num_cpus)
			row->cpu_node = top->cpu_nodes[cpu];
	}
	row->keys[TOP_NODES] = row->cpu_node;
	if (row->cpu_node == TOP_NONE)
		row->keys[TOP_NODES] = parents;
	if (row->cpu_node == TOP_NONE || parents == TOP_NONE ||
	    row->cpu_node == parents)
		return;
	for (i = 0; i < NUM_TOP_COUNTS; i++)
		if (i != TOP_DROPPED)
			row->r.remote += row->r.rates[i];
}

static bool is_busy(const struct top *top, const struct ims_vector *vector,
		    const struct top_rates *rates)
{
	uint64_t last;
	int i;

	for (i = 0; i < NUM_TOP_COUNTS; i++)
		if (rates->rates[i])
			return true;
	return !ims_vector_get_last(vector, &last) &&
	       last + BUSY_NS > top->time;
}

/* @before: the row of the vector before it, most often of the same device. */
static void fill(const struct top *top, const struct ims_vector *vector,
		 const struct top_track *track, const struct top_row *before,
		 struct top_row *row)
{
	uint32_t state, slot;

	row->vector = vector;
	row->name = ims_vector_get_device_name(vector);
	row->used = row->devices = 1;
	row->device = before && before->keys[TOP_DEVICES] == track->device_id ?
		      before->device :
		      find_device_by_id(top, track->device_id);
	row->keys[TOP_VECTORS] = (uint64_t)track->device_id << 32 |
				 track->index;
	row->keys[TOP_DEVICES] = track->device_id;
	row->keys[TOP_VMS] = row->device ? row->device->vm_key : TOP_NONE;
	row->keys[TOP_STORES] = row->device ? row->device->store : TOP_NONE;
	if (!ims_vector_get_state(vector, &state)) {
		row->live = state == IMS_VECTOR_STATE_LIVE;
		row->held = state == IMS_VECTOR_STATE_HELD;
	}
	row->slots = !ims_vector_get_slot(vector, &slot);
	row->steps = top->history.count - 1;
	if (row->steps > TOP_TREND)
		row->steps = TOP_TREND;
	locate(top, vector, row);
	row->busy = is_busy(top, vector, &row->r);
}

static void free_tracks(struct top_track **tracks, size_t count)
{
	size_t i;

	for (i = 0; tracks && i < count; i++)
		free(tracks[i]);
	free(tracks);
}

/* Both lists of vectors have the same order; those that are gone are freed. */
static bool make_vectors(struct top *top)
{
	size_t count = ims_vector_list_count(top->sample), i, old = 0;
	unsigned int place = history_add(&top->history, top->time);
	struct top_track **tracks = calloc(count + 1, sizeof(*tracks));
	struct top_row *rows = calloc(count + 1, sizeof(*rows));
	bool ok = tracks && rows;

	for (i = 0; ok && i < count; i++) {
		const struct ims_vector *v = ims_vector_list_at(top->sample, i);
		uint32_t id = 0, index = 0;
		bool is_new = true;

		ims_vector_get_device_id(v, &id);
		ims_vector_get_index(v, &index);
		while (old < top->num_tracks &&
		       compare(top->tracks[old], id, index) < 0)
			free(top->tracks[old++]);
		if (old < top->num_tracks &&
		    !compare(top->tracks[old], id, index)) {
			tracks[i] = top->tracks[old++];
			is_new = false;
		} else {
			tracks[i] = calloc(1, sizeof(*tracks[i]));
			if (!tracks[i]) {
				ok = false;
				break;
			}
			tracks[i]->device_id = id;
			tracks[i]->index = index;
		}
		follow(top, v, tracks[i], is_new, place, &rows[i].r);
		fill(top, v, tracks[i], i ? &rows[i - 1] : NULL, &rows[i]);
	}
	while (old < top->num_tracks)
		free(top->tracks[old++]);
	free(top->tracks);
	free(top->vectors);
	top->tracks = tracks;
	top->num_tracks = tracks ? i : 0;
	top->vectors = rows;
	return ok;
}

/*
 * One dump. Devices, of which the owners' names are, are only asked for when
 * there is a new one. -EINTR, an incomplete list, is good enough: what it lacks
 * has no rate next time.
 */
int top_sample(struct top *top)
{
	struct ims_vector_list *vectors = NULL;
	struct ims_device_list *devices = NULL;
	bool first = !top->sample;
	uint64_t now;
	int err;

	if (top->only_device)
		err = ims_vector_list_get_by_device(top->ctx, top->only_device,
						    &vectors);
	else
		err = ims_vector_list_get(top->ctx, &vectors);
	if (err && err != -EINTR)
		return err;

	now = clock_now();
	ims_vector_list_free(top->sample);
	top->sample = vectors;
	top->elapsed = first ? 0 : now - top->time;
	top->time = now;

	if (!knows_all(top)) {
		err = ims_device_list_get(top->ctx, &devices);
		if (err && err != -EINTR)
			return err;
		ims_device_list_free(top->list);
		top->list = devices;
		top->names = names_of_devices(top->call, devices);
		if (!top_know_devices(top))
			return -ENOMEM;
	}
	if (first && !top_know_cpus(top))
		return -ENOMEM;
	return make_vectors(top) ? 0 : -ENOMEM;
}

void top_free(struct top *top)
{
	free_tracks(top->tracks, top->num_tracks);
	free(top->vectors);
	free(top->rows);
	top_forget_host(top);
	ims_vector_list_free(top->sample);
	ims_device_list_free(top->list);
	ims_device_free(top->only_device);
	ims_ctx_free(top->ctx);
}
