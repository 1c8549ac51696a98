/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl top: rates of vectors and of groups of them.
 */
#ifndef IMSCTL_TOP_H
#define IMSCTL_TOP_H

#include "objects/objects.h"

/* What rates are of. */
enum top_count {
	TOP_DELIVERED,
	TOP_LOOPBACK,
	TOP_SIGNALLED,
	TOP_DROPPED,
	NUM_TOP_COUNTS
};

/* How long averages go back. */
enum top_average {
	TOP_1S,
	TOP_10S,
	TOP_60S,
	NUM_TOP_AVERAGES
};

/* What a row is: a vector, or all vectors that have something in common. */
enum top_by {
	TOP_VECTORS,
	TOP_DEVICES,
	TOP_VMS,
	TOP_CPUS,
	TOP_NODES,
	TOP_STORES,
	NUM_TOP_BY
};

/* The key of what is in no group: no CPU, no virtual machine, and so on. */
#define TOP_NONE	UINT64_MAX

/* How many frames a trend shows. */
#define TOP_TREND	10

/**
 * struct top_device - what is known of a device
 * @device: who has opened it, and so on
 * @id: its number
 * @vm: its virtual machine, NULL if that is not known
 * @vm_key: the same for all devices of that machine
 * @store: the number of its store
 * @node: the parent's NUMA node, or TOP_NONE
 * @passes: the filter lets it
 */
struct top_device {
	const struct ims_device *device;
	uint32_t id;
	const char *vm;
	uint64_t vm_key;
	uint64_t store;
	uint64_t node;
	bool passes;
};

/**
 * struct top_rates - what happens, in thousandths a second
 * @known: there was something to compare with
 * @rates: between the last two frames
 * @remote: of these, what went to a CPU of another NUMA node than the parent's
 * @averages: of what users were told of
 * @trend: the same between each two of the last frames, the last one first
 */
struct top_rates {
	bool known;
	uint64_t rates[NUM_TOP_COUNTS];
	uint64_t remote;
	uint64_t averages[NUM_TOP_AVERAGES];
	uint64_t trend[TOP_TREND];
};

/**
 * struct top_row - a vector, or a group
 * @keys: which groups it is in; a group's own one counts, and those that it is
 *	wholly in
 * @vector: NULL in the row of a group
 * @device: of the vector, of a group the first one; NULL if it was closed
 *	meanwhile
 * @name: that device's
 * @cpu_node: the NUMA node of the CPU that gets the interrupt, or TOP_NONE; of a
 *	group, that of the first one
 * @devices: how many
 * @last_device: the one whose vectors were added last
 * @used: vectors that the row is of
 * @live: those that are live
 * @held: those that are held
 * @slots: those that have a slot
 * @steps: how many of its trend there are
 * @busy: something was counted in the last minute
 * @r: what happens
 */
struct top_row {
	uint64_t keys[NUM_TOP_BY];
	const struct ims_vector *vector;
	const struct top_device *device;
	const char *name;
	uint64_t cpu_node;
	uint32_t devices;
	uint64_t last_device;
	uint32_t used;
	uint32_t live;
	uint32_t held;
	uint32_t slots;
	uint32_t steps;
	bool busy;
	struct top_rates r;
};

/*
 * Frames that are remembered: enough for a minute at a second each, and for
 * the last second at a tenth.
 */
#define TOP_MOMENTS	80

/* A frame that is remembered; @place: where tracks have what it counted. */
struct top_moment {
	uint64_t time;
	unsigned int place;
};

/* Oldest first; the last one is that of the last sample. */
struct top_history {
	struct top_moment moments[TOP_MOMENTS];
	unsigned int count;
};

/**
 * struct top_track - what is remembered of a vector
 * @device_id: its device
 * @index: its number
 * @since: its counts are from then on
 * @counts: they, in the last sample
 * @first: nothing is known of what was counted before; 0: nothing was
 * @total: what its user was told of since then
 * @at: that at the moments
 */
struct top_track {
	uint32_t device_id;
	uint32_t index;
	uint64_t since;
	uint64_t counts[NUM_TOP_COUNTS];
	uint64_t first;
	uint64_t total;
	uint64_t at[TOP_MOMENTS];
};

/**
 * struct top - what is shown
 * @call: how it is to be shown
 * @ctx: asks the kernel
 * @only_device: whose vectors, NULL for those of all
 * @list: the devices as far as they were needed, for what vectors do not say
 * @devices: the same, with what else is known
 * @num_devices: how many
 * @names: how a terminal shows their names
 * @vm_names: all that were seen; a machine's key is its place
 * @num_vm_names: how many
 * @cpu_nodes: the NUMA nodes of CPUs
 * @num_cpus: how many
 * @sample: the vectors; NULL: not asked for yet
 * @time: when that was
 * @elapsed: since the sample before, 0 if there is none
 * @history: when samples were
 * @tracks: of the vectors in @sample, in its order
 * @num_tracks: how many
 * @vectors: the rows of the vectors, in the same order
 * @by: what the rows are
 * @restricted: only vectors that have the key @only
 * @only: the key
 * @nonzero: only rows that are busy
 * @filter: only devices of these virtual machines
 * @rows: what is shown, sorted
 * @count: how many
 * @hidden: how many @nonzero has left out
 * @total: all of them, those left out included
 * @sort: the column that they are sorted by
 * @reverse: in the other direction than usual
 * @chosen: columns by --output; none: the usual ones
 * @chosen_of: the table that these are of
 */
struct top {
	const struct call *call;
	struct ims_ctx *ctx;
	struct ims_device *only_device;
	struct ims_device_list *list;
	struct top_device *devices;
	size_t num_devices;
	struct short_names names;
	char **vm_names;
	size_t num_vm_names;
	uint64_t *cpu_nodes;
	size_t num_cpus;

	struct ims_vector_list *sample;
	uint64_t time;
	uint64_t elapsed;
	struct top_history history;
	struct top_track **tracks;
	size_t num_tracks;
	struct top_row *vectors;

	enum top_by by;
	bool restricted[NUM_TOP_BY];
	uint64_t only[NUM_TOP_BY];
	bool nonzero;
	struct filter filter;
	struct top_row *rows;
	size_t count;
	size_t hidden;
	struct top_row total;

	const struct column *sort;
	bool reverse;
	struct selection chosen;
	const struct table *chosen_of;
};

/* columns.c: of struct top_row, by enum top_by, and of the sums. */
extern const struct table top_tables[NUM_TOP_BY];
extern const struct table top_total_table;

static inline const struct table *top_table(const struct top *top)
{
	return &top_tables[top->by];
}

/* The columns to show; those of --output in the view that it was given for. */
void top_columns(const struct top *top, unsigned int view,
		 struct selection *selection);
/* What --by calls it; NULL behind the last one. */
const char *top_by_name(uint32_t by);
/* "total/s: 112.0 ...", the sums in a line. */
void top_summary(const struct top *top, char *text, size_t size);
/* The column of that name, or else the one that is sorted by at first. */
const struct column *top_sort_column(const struct top *top, const char *key);

/* history.c: @time is now; returns the place for what tracks have now. */
unsigned int history_add(struct top_history *history, uint64_t time);
/* Averages and trend of @track, whose last place is filled in. */
void history_rates(const struct top_history *history,
		   const struct top_track *track, struct top_rates *rates);

/* host.c: what devices have that vectors do not say, and where CPUs are. */
bool top_know_devices(struct top *top);
bool top_know_cpus(struct top *top);
void top_forget_host(struct top *top);

/* sample.c: asks the kernel, once; a negative errno. */
int top_sample(struct top *top);
void top_free(struct top *top);

/* rows.c: makes the rows anew, sorted; false when memory ran out. */
bool top_make_rows(struct top *top);
struct rows top_rows(const struct top *top);

#endif /* IMSCTL_TOP_H */
