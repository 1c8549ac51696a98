// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl monitor: print what changes.
 */
#include <errno.h>
#include <inttypes.h>

#include "commands/commands.h"
#include "objects/event_model.h"
#include "objects/event_row.h"
#include "shared/clock.h"
#include "shared/parse.h"

/* When to stop. */
struct patience {
	bool counts;
	uint64_t count;
	/* Negative: for ever. */
	int64_t timeout_ns;
};

/**
 * struct watch - a monitor at work
 * @call: how it was called
 * @patience: when it ends
 * @filter: what it prints
 * @model: what was told so far
 * @beginning: it is told what there is, which is not to be printed
 * @written: its output could be written
 * @last: when it printed last
 */
struct watch {
	const struct call *call;
	struct patience patience;
	struct event_filter filter;
	struct event_model model;
	bool beginning;
	bool written;
	uint64_t last;
};

/* What there is to know of it; nothing for no. */
static void print_values(const struct call *call,
			 const struct event_object *about)
{
	struct selection selection;
	struct cell cell;
	size_t i;

	select_view(about->table, IN_EVENT, &selection);
	for (i = 0; i < selection.count; i++) {
		const struct column *c = selection.columns[i];

		if (!c->get(about->object, &cell) ||
		    (c->type == COLUMN_BOOL && !cell.yes))
			continue;
		format_cell(c, about->object, &cell);
		printf(" %s=", c->key);
		print_styled(call, column_style(call, c, about->object),
			     cell.string);
	}
}

static void print_changes(const struct call *call,
			  const struct event_changes *changes)
{
	struct cell old, new;
	size_t i;

	for (i = 0; i < changes->columns.count; i++) {
		const struct column *c = changes->columns.columns[i];

		format_change(c, changes->old.object, &old);
		format_change(c, changes->new.object, &new);
		printf(" %s=%s->", c->key, old.string);
		print_styled(call, column_style(call, c, changes->new.object),
			     new.string);
	}
}

static void print_line(const struct call *call,
		       const struct event_row *row)
{
	struct event_changes changes;
	struct selection selection;
	struct event_object about;
	struct cell cell;
	char time[32];

	clock_text(time, sizeof(time));
	select_view(&event_table, IN_TEXT, &selection);
	format_cell(selection.columns[0], row, &cell);
	printf("%s ", time);
	print_styled(call, column_style(call, selection.columns[0], row),
		     cell.string);

	if (get_event_object(row, &about)) {
		cell_string(about.name, &cell);
		text_clean(cell.string);
		printf(" %s", cell.string);
		if (about.has_index)
			printf(" %" PRIu32, about.index);
		if (get_event_changes(row, &changes))
			print_changes(call, &changes);
		else
			print_values(call, &about);
	}
	putchar('\n');
}

/* The event's own keys, then those that list has for its object. */
static void print_json_line(const struct event_row *row)
{
	struct selection selection;
	struct event_object about;

	json_begin();
	select_view(&event_table, IN_JSON, &selection);
	json_members(&selection, row);
	if (get_event_object(row, &about)) {
		select_view(about.table, IN_JSON, &selection);
		json_members(&selection, about.object);
	}
	puts("}");
}

/* False when the output cannot be written. */
static bool print_event(const struct call *call, const struct event_row *row)
{
	if (has(call, OPTION_JSON))
		print_json_line(row);
	else
		print_line(call, row);
	/* Whoever reads from a pipe wants it now. */
	return !fflush(stdout) && !ferror(stdout);
}

static int wait(struct ims_monitor *monitor, const struct patience *patience,
		uint64_t last)
{
	int64_t left = patience->timeout_ns;
	uint64_t passed;

	if (left < 0)
		return ims_monitor_wait(monitor, -1);

	passed = clock_now() - last;
	left = passed < (uint64_t)left ? left - (int64_t)passed : 0;
	return ims_monitor_wait(monitor, (left + 999999) / 1000000);
}

/*
 * A notification that made no sense counts as lost, and so do those that come
 * faster than they can be thrown away: the state follows, so go on.
 */
static bool is_loss(int err)
{
	return err == -EPROTO || err == -ENOBUFS;
}

/*
 * The state that the monitor begins with is asked for in any case, to compare with
 * what is told later. It is only told to whom wants it.
 */
static bool begins(const struct ims_event *event)
{
	uint32_t type;

	return !ims_event_get_type(event, &type) &&
	       (type == IMS_EVENT_STORE_SYNC || type == IMS_EVENT_DEVICE_SYNC ||
		type == IMS_EVENT_VECTOR_SYNC || type == IMS_EVENT_SYNCED);
}

static void print_banner(struct watch *watch)
{
	struct event_row banner = { .time = clock_now() };

	watch->last = banner.time;
	if (has(watch->call, OPTION_BANNER))
		watch->written = print_event(watch->call, &banner);
}

/* Takes over @event. */
static enum exit_code take(struct watch *watch, struct ims_event *event)
{
	struct event_row row = { .event = event };
	bool kept = model_keeps(event), passes = false;
	struct ims_event *before;
	uint32_t type;

	if (ims_event_get_time(event, &row.time))
		row.time = clock_now();
	/* Of what is gone the model knows nothing afterwards. */
	if (!kept)
		passes = event_passes(&watch->filter, &row, &watch->model);
	if (!model_take(&watch->model, event, &before)) {
		ims_event_free(event);
		return out_of_memory();
	}
	row.before = before;
	if (kept)
		passes = event_passes(&watch->filter, &row, &watch->model);
	if (watch->beginning) {
		passes = !begins(event);
		watch->beginning = !passes &&
				   (ims_event_get_type(event, &type) ||
				    type != IMS_EVENT_SYNCED);
		if (!watch->beginning)
			print_banner(watch);
	}
	if (passes && watch->written) {
		watch->written = print_event(watch->call, &row);
		watch->patience.count--;
		watch->last = clock_now();
	}
	if (!kept)
		ims_event_free(event);
	ims_event_free(before);
	return EXIT_DONE;
}

static enum exit_code monitor(struct watch *watch, struct ims_ctx *ctx,
			      struct ims_monitor *m)
{
	const struct patience *patience = &watch->patience;
	struct ims_event *event;
	enum exit_code code;
	int err;

	while (watch->written && (!patience->counts || patience->count)) {
		err = ims_monitor_read(m, &event);
		if (!err) {
			code = take(watch, event);
			if (code)
				return code;
			continue;
		}
		if (err == -EAGAIN)
			err = wait(m, patience, watch->last);
		if (err == -ETIMEDOUT)
			return EXIT_DONE;
		if (err && err != -EINTR) {
			failure(ctx, err);
			if (!is_loss(err))
				return exit_code_of(err);
		}
	}
	return EXIT_DONE;
}

static enum exit_code parse_patience(const struct call *call,
				     struct patience *patience)
{
	const char *count = call->values[OPTION_COUNT];
	const char *timeout = call->values[OPTION_IDLE_TIMEOUT];

	*patience = (struct patience) { .counts = count, .timeout_ns = -1 };
	if (count && (!parse_u64(count, &patience->count) || !patience->count))
		return usage_error(call->command,
				   "--count: '%s' is no number of events",
				   count);
	if (timeout && !parse_seconds(timeout, &patience->timeout_ns))
		return usage_error(call->command,
				   "--idle-timeout: '%s' is no number of seconds",
				   timeout);
	return EXIT_DONE;
}

static enum exit_code run(const struct call *call)
{
	struct watch watch = {
		.call = call,
		.beginning = !has(call, OPTION_SYNC),
		.written = true,
	};
	struct ims_monitor *m;
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	code = parse_patience(call, &watch.patience);
	if (!code)
		code = parse_event_filter(call, &watch.filter);
	if (!code)
		code = open_context(&ctx);
	if (code)
		return code;

	err = ims_monitor_new(ctx, IMS_MONITOR_SYNC, &m);
	if (err) {
		code = failure(ctx, err);
	} else {
		/* What is known at the banner is what changes are compared with. */
		watch.last = clock_now();
		if (!watch.beginning)
			print_banner(&watch);
		code = monitor(&watch, ctx, m);
		ims_monitor_free(m);
	}
	model_end(&watch.model);
	ims_ctx_free(ctx);
	return code;
}

const struct command command_monitor = {
	.name = "monitor",
	.arguments = "[DEVICE]",
	.summary = "print what changes, as it happens",
	.help =
"Prints a line when a store or device comes, goes or changes, when a vector\n"
"changes its state, slot, cookie or affinity, and when something runs out. Of a\n"
"change it says what was before and what is now: slot=7->9. DEVICE is a device's\n"
"name, the beginning of several, or their parent's address. Ends by a signal, or\n"
"by --count or --idle-timeout. Cookies are in it with CAP_SYS_ADMIN.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_COUNT) |
		   BIT(OPTION_IDLE_TIMEOUT) | BIT(OPTION_BANNER) |
		   BIT(OPTION_SYNC) | BIT(OPTION_VM) | BIT(OPTION_EVENT),
	.max = 1,
	.tables = { &store_table, &device_table, &vector_table, &alert_table },
	.shape = JSON_EVENTS,
	.run = run,
};
