/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl top: rates, and the terminal they are shown on.
 */
#ifndef IMSCTL_TOP_H
#define IMSCTL_TOP_H

#include "shared/table.h"

/* What rates are of. */
enum top_count {
	TOP_DELIVERED,
	TOP_LOOPBACK,
	TOP_SIGNALLED,
	TOP_DROPPED,
	NUM_TOP_COUNTS
};

/**
 * struct top_row - a vector, or a device with all vectors that it uses
 * @device: NULL if it was closed meanwhile
 * @device_id: its number
 * @name: the device's
 * @vector: NULL in the row of a device
 * @used: vectors that the row is of
 * @live: those that are live
 * @held: those that are held
 * @slots: those that have a slot
 * @known: there was something to compare with
 * @rates: thousandths a second
 */
struct top_row {
	const struct ims_device *device;
	uint32_t device_id;
	const char *name;
	const struct ims_vector *vector;
	uint32_t used;
	uint32_t live;
	uint32_t held;
	uint32_t slots;
	bool known;
	uint64_t rates[NUM_TOP_COUNTS];
};

/* What there was at a time; @list is NULL: nothing yet. */
struct top_sample {
	struct ims_vector_list *list;
	uint64_t time;
};

/**
 * struct top - what is shown
 * @ctx: asks the kernel
 * @device: whose vectors, NULL for those of all
 * @devices: as far as they were needed, for what vectors do not say
 * @now: the last sample
 * @before: the one that it is compared with
 * @rows: made of the two
 * @count: how many
 * @by_device: rows are of devices
 * @sort: the column that they are sorted by
 * @reverse: in the other direction than usual
 * @chosen: columns by --output; none: the usual ones
 * @chosen_of: the table that these are of
 */
struct top {
	struct ims_ctx *ctx;
	struct ims_device *device;
	struct ims_device_list *devices;
	struct top_sample now;
	struct top_sample before;
	struct top_row *rows;
	size_t count;
	bool by_device;
	const struct column *sort;
	bool reverse;
	struct selection chosen;
	const struct table *chosen_of;
};

/* columns.c: of struct top_row. */
extern const struct table top_vector_table;
extern const struct table top_device_table;

static inline const struct table *top_table(const struct top *top)
{
	return top->by_device ? &top_device_table : &top_vector_table;
}

/* The columns to show; those of --output in the view that it was given for. */
void top_columns(const struct top *top, unsigned int view,
		 struct selection *selection);

/* sample.c */
int top_sample(struct top *top);
/* Makes the rows anew, sorted; false when memory ran out. */
bool top_make_rows(struct top *top);
void top_free(struct top *top);
/* The time that the rates are of; 0 when there are none yet. */
uint64_t top_elapsed(const struct top *top);
struct rows top_rows(const struct top *top);

/* screen.c: a frame that fits the terminal. */
void top_draw(const struct call *call, const struct top *top,
	      const char *interval);

/* A terminal that is ours. */
struct terminal;

enum terminal_key {
	KEY_NONE,
	KEY_QUIT,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_REVERSE,
	KEY_DEVICES,
	KEY_VECTORS,
	KEY_REFRESH,
	/* Not pressed: the size has changed, or the interval is over. */
	KEY_REDRAW,
	KEY_TIME,
	/* A signal that ends programs. */
	KEY_SIGNAL,
};

/* terminal.c: NULL and errno. @interval_ns is what KEY_TIME comes after. */
struct terminal *terminal_open(int64_t interval_ns);
enum terminal_key terminal_wait(struct terminal *terminal);
/* As it was; then dies by the signal, if there was one. */
void terminal_close(struct terminal *terminal);
void terminal_size(int *columns, int *lines);

#endif /* IMSCTL_TOP_H */
