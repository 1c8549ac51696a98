// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: which vectors and devices get how many interrupts.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/clock.h"
#include "shared/parse.h"
#include "top/view.h"

/* What the options say. */
struct request {
	const struct call *call;
	int64_t interval_ns;
	const char *interval;
	bool counts;
	uint64_t count;
};

/* A frame on a line. */
static void print_json_frame(const struct top *top)
{
	const struct table *table = top_table(top);
	struct rows rows = top_rows(top);
	struct selection selection;
	size_t row;

	json_begin();
	printf(", \"time_ns\": %" PRIu64 ", \"elapsed_ns\": %" PRIu64
	       ", \"total\": ", top->time, top->elapsed);
	select_view(&top_total_table, IN_JSON, &selection);
	json_begin();
	json_members(&selection, &top->total);
	printf("}, \"%s\": [", table->objects);

	top_columns(top, IN_JSON, &selection);
	for (row = 0; row < rows.count; row++) {
		fputs(row ? ", " : "", stdout);
		json_begin();
		json_members(&selection, rows.at(rows.list, row));
		putchar('}');
	}
	puts("]}");
}

static enum exit_code print_frame(const struct call *call,
				  const struct top *top, bool first)
{
	struct rows rows = top_rows(top);
	struct selection selection;
	char time[32], sums[CELL_SIZE], all[32] = "";

	if (has(call, OPTION_JSON)) {
		print_json_frame(top);
		return EXIT_DONE;
	}
	top_columns(top, IN_TEXT, &selection);
	clock_text(time, sizeof(time));
	top_summary(top, sums, sizeof(sums));
	if (top->hidden)
		snprintf(all, sizeof(all), " of %zu", top->count + top->hidden);
	if (!has(call, OPTION_NOHEADINGS))
		printf("%s%s  %s: %zu%s  %s\n", first ? "" : "\n", time,
		       top_table(top)->objects, top->count, all, sums);
	return print_rows(call, &selection, &rows);
}

/* One frame below the other. */
static enum exit_code run_plain(const struct request *request, struct top *top)
{
	struct timespec pause = { request->interval_ns / 1000000000,
				  request->interval_ns % 1000000000 };
	enum exit_code code;
	uint64_t frame;
	int err;

	err = top_sample(top);
	for (frame = 0; !err && (!request->counts || frame < request->count);
	     frame++) {
		/* Signals end it or do nothing: no need to go on. */
		nanosleep(&pause, NULL);
		err = top_sample(top);
		if (err)
			break;
		if (!top_make_rows(top))
			return out_of_memory();
		code = print_frame(request->call, top, !frame);
		if (code)
			return code;
		/* Who reads from a pipe wants it now. */
		if (fflush(stdout) || ferror(stdout))
			return EXIT_DONE;
	}
	return err ? failure(top->ctx, err) : EXIT_DONE;
}

static enum exit_code run_screen(const struct request *request,
				 struct top *top)
{
	struct view view = {
		.interval = request->interval,
		.top = top,
		.stale = true,
	};
	uint64_t frames = 0;
	struct terminal *terminal;
	int event, result;

	result = top_sample(top);
	if (result)
		return failure(top->ctx, result);
	terminal = terminal_open(request->call, request->interval_ns);
	if (!terminal)
		return problem(EXIT_FAILED, "the terminal: %s",
			       strerror(errno));
	do {
		if (view.stale && !view_refresh(&view)) {
			result = -ENOMEM;
			break;
		}
		view_draw(&view);
		if (request->counts && frames == request->count)
			break;
		/* Who pressed many keys wants to see what came of all. */
		do {
			event = terminal_wait(terminal);
			result = view_press(&view, event);
			frames += event == TERMINAL_TIME;
		} while (result > 0 && terminal_is_pending());
	} while (result > 0);
	terminal_close(terminal);
	if (result == -ENOMEM)
		return out_of_memory();
	return result < 0 ? failure(top->ctx, result) : EXIT_DONE;
}

/* Plain where there is nobody to press a key. */
static bool wants_screen(const struct call *call)
{
	return !has(call, OPTION_PLAIN) && !has(call, OPTION_JSON) &&
	       terminal_is_able();
}

/* The columns that there are depend on it: it comes before their help. */
static enum exit_code parse_by(const struct call *call, struct top *top)
{
	const char *by = call->values[OPTION_BY];
	const char *name;

	for (top->by = 0; by && (name = top_by_name(top->by)); top->by++)
		if (!strcmp(name, by))
			return EXIT_DONE;
	if (!by)
		return EXIT_DONE;
	return usage_error(call->command,
			   "--by: '%s' is none of vector, device, vm, cpu, node, store",
			   by);
}

static enum exit_code parse_request(const struct call *call,
				    struct request *request, struct top *top)
{
	const char *count = call->values[OPTION_COUNT];
	const char *usual = "total_rate";
	enum exit_code code;
	struct order order;

	*request = (struct request) {
		.call = call,
		.interval = call->values[OPTION_INTERVAL] ?: "1",
		.counts = count,
	};
	top->nonzero = has(call, OPTION_NONZERO);
	code = parse_filter(call, &top->filter);
	if (code)
		return code;
	if (!parse_seconds(request->interval, &request->interval_ns) ||
	    request->interval_ns < 10000000)
		return usage_error(call->command,
				   "--interval: '%s' is no number of seconds, 0.01 or more",
				   request->interval);
	if (count && (!parse_u64(count, &request->count) || !request->count))
		return usage_error(call->command,
				   "--count: '%s' is no number of frames",
				   count);
	code = parse_order(call, top_table(top), &order);
	if (code)
		return code;
	top->sort = order.column ?: find_column(top_table(top), usual,
						strlen(usual));
	top->reverse = order.reverse;
	if (!has(call, OPTION_OUTPUT))
		return EXIT_DONE;
	top->chosen_of = top_table(top);
	return select_columns(call, top->chosen_of, IN_TEXT, &top->chosen);
}

/* Is there one of that name? Those that come later are shown, too. */
static enum exit_code check_vm(struct top *top)
{
	struct ims_device_list *list;
	enum exit_code code;
	int err;

	if (top->only_device)
		return check_owners(&top->filter, top->only_device, NULL);
	err = ims_device_list_get(top->ctx, &list);
	code = err && err != -EINTR ? failure(top->ctx, err) :
				      check_owners(&top->filter, NULL, list);
	ims_device_list_free(list);
	return code;
}

static enum exit_code run(const struct call *call)
{
	struct top top = { .call = call };
	struct request request;
	enum exit_code code;

	code = parse_by(call, &top);
	if (code)
		return code;
	if (wants_sort_help(call) || wants_column_help(call)) {
		print_column_help(top_table(&top), IN_TEXT);
		return EXIT_DONE;
	}
	code = parse_request(call, &request, &top);
	if (!code)
		code = open_context(&top.ctx);
	if (code)
		return code;

	if (call->count)
		code = find_device(top.ctx, call, call->arguments[0],
				   &top.only_device);
	if (!code && has(call, OPTION_VM))
		code = check_vm(&top);
	if (!code && wants_screen(call))
		code = run_screen(&request, &top);
	else if (!code)
		code = run_plain(&request, &top);
	top_free(&top);
	return code;
}

const struct command command_top = {
	.name = "top",
	.arguments = "[DEVICE]",
	.summary = "show rates of interrupts, again and again",
	.help =
"Shows how many interrupts a second each vector gets, of all devices or of\n"
"DEVICE, or with --by each device, virtual machine, CPU, NUMA node or store. On\n"
"a terminal, keys scroll, search, sort and group, Enter goes into a group and\n"
"Escape back; the last lines tell. Elsewhere, one table follows the other.",
	.options = TABLE_OPTIONS | BIT(OPTION_COUNT) |
		   BIT(OPTION_BY) | BIT(OPTION_INTERVAL) |
		   BIT(OPTION_NONZERO) | BIT(OPTION_SORT) |
		   BIT(OPTION_PLAIN) | BIT(OPTION_VM),
	.max = 1,
	.tables = {
		&top_tables[TOP_VECTORS], &top_tables[TOP_DEVICES],
		&top_tables[TOP_VMS], &top_tables[TOP_CPUS],
		&top_tables[TOP_NODES], &top_tables[TOP_STORES],
	},
	.total = &top_total_table,
	.shape = JSON_FRAMES,
	.run = run,
};
