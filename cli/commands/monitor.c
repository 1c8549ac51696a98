// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl monitor: print what changes.
 */
#include <errno.h>
#include <inttypes.h>

#include "commands/commands.h"
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

static void print_line(const struct call *call,
		       const struct event_row *row)
{
	struct selection selection;
	struct event_object about;
	struct cell cell;
	char time[32];
	size_t i;

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
		select_view(about.table, IN_EVENT, &selection);
		for (i = 0; i < selection.count; i++) {
			const struct column *c = selection.columns[i];

			if (!c->get(about.object, &cell) ||
			    (c->type == COLUMN_BOOL && !cell.yes))
				continue;
			format_cell(c, about.object, &cell);
			printf(" %s=", c->key);
			print_styled(call, column_style(call, c, about.object),
				     cell.string);
		}
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
static bool print_event(const struct call *call, const struct ims_event *event)
{
	struct event_row row = { .event = event, .time = clock_now() };

	if (has(call, OPTION_JSON))
		print_json_line(&row);
	else
		print_line(call, &row);
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

static enum exit_code monitor(const struct call *call, struct ims_ctx *ctx,
			      struct ims_monitor *m, struct patience *patience)
{
	uint64_t last = clock_now();
	struct ims_event *event;
	int err;

	if (has(call, OPTION_BANNER) && !print_event(call, NULL))
		return EXIT_DONE;

	while (!patience->counts || patience->count) {
		err = ims_monitor_read(m, &event);
		if (!err) {
			bool written = print_event(call, event);

			ims_event_free(event);
			if (!written)
				return EXIT_DONE;
			patience->count--;
			last = clock_now();
			continue;
		}
		if (err == -EAGAIN)
			err = wait(m, patience, last);
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
	unsigned int flags = has(call, OPTION_SYNC) ? IMS_MONITOR_SYNC : 0;
	struct patience patience;
	struct ims_monitor *m;
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	code = parse_patience(call, &patience);
	if (!code)
		code = open_context(&ctx);
	if (code)
		return code;

	err = ims_monitor_new(ctx, flags, &m);
	if (err) {
		code = failure(ctx, err);
	} else {
		code = monitor(call, ctx, m, &patience);
		ims_monitor_free(m);
	}
	ims_ctx_free(ctx);
	return code;
}

const struct command command_monitor = {
	.name = "monitor",
	.arguments = "",
	.summary = "print what changes, as it happens",
	.help =
"Prints a line when a store or device comes, goes or changes, when a vector\n"
"changes its state, slot, cookie or affinity, and when something runs out. Ends\n"
"by a signal, or by --count or --idle-timeout. Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_COUNT) |
		   BIT(OPTION_IDLE_TIMEOUT) | BIT(OPTION_BANNER) |
		   BIT(OPTION_SYNC),
	.tables = { &store_table, &device_table, &vector_table, &alert_table },
	.shape = JSON_EVENTS,
	.run = run,
};
