// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl metrics: OpenMetrics text for monitoring systems.
 *
 * A family for each column of a table that is a gauge or a counter. By default
 * there are as many samples as stores and devices: thousands of vectors would
 * make thousands of time series, so that their counts are summed up.
 */
#include <inttypes.h>
#include <string.h>

#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/clock.h"

/* All that is asked for before anything is printed: no half of a scrape. */
struct state {
	struct ims_store_list *stores;
	/* Has the devices, too. */
	struct vector_rows vectors;
};

/* A label's value, with what is no UTF-8 replaced. */
static void print_label(const char *name, const char *value)
{
	const char *next;
	char32_t c;

	printf("%s=\"", name);
	for (; value && *value; value = next) {
		next = text_next(value, &c);
		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '"' || c == '\\')
			printf("\\%c", (char)c);
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			putchar('?');
		else if (c == 0xfffd)
			fputs("\xef\xbf\xbd", stdout);
		else
			fwrite(value, next - value, 1, stdout);
	}
	putchar('"');
}

static void print_device_labels(const struct ims_device *device)
{
	putchar('{');
	print_label("device", ims_device_get_name(device));
	print_label(",store", ims_device_get_parent(device));
}

static bool is_counter(const struct column *column)
{
	return column->where & IN_COUNTER;
}

static void print_type(const char *object, const struct column *column)
{
	printf("# TYPE ims_%s_%s %s\n", object, column->key,
	       is_counter(column) ? "counter" : "gauge");
}

static void print_family(const char *object, const struct column *column)
{
	print_type(object, column);
	printf("# HELP ims_%s_%s %c%s.\n", object, column->key,
	       column->help[0] - 'a' + 'A', column->help + 1);
}

/* Of a device: the sum over its vectors, or of how many the flag is set. */
static void print_sum_family(const struct column *column)
{
	if (column->type != COLUMN_BOOL) {
		print_family("device", column);
		return;
	}
	print_type("device", column);
	printf("# HELP ims_device_%s Vectors of which this is true: %s.\n", column->key,
	       column->help);
}

static void print_sample(const char *object, const struct column *column)
{
	printf("ims_%s_%s%s", object, column->key,
	       is_counter(column) ? "_total" : "");
}

static uint64_t sample_of(const struct column *column, const struct cell *cell)
{
	return column->type == COLUMN_BOOL ? cell->yes : cell->number;
}

static void print_stores(const struct state *state)
{
	const struct column *c;
	struct cell cell;
	size_t i;

	for (c = store_table.columns; c->key; c++) {
		if (!(c->where & (IN_GAUGE | IN_COUNTER)))
			continue;
		print_family("store", c);
		for (i = 0; i < ims_store_list_count(state->stores); i++) {
			const struct ims_store *s =
				ims_store_list_at(state->stores, i);

			if (!c->get(s, &cell))
				continue;
			print_sample("store", c);
			putchar('{');
			print_label("store", ims_store_get_name(s));
			printf("} %" PRIu64 "\n", sample_of(c, &cell));
		}
	}
}

static void print_devices(const struct state *state)
{
	const struct ims_device_list *list = state->vectors.devices;
	const struct column *c;
	struct cell cell;
	size_t i;

	for (c = device_table.columns; c->key; c++) {
		if (!(c->where & (IN_GAUGE | IN_COUNTER)))
			continue;
		print_family("device", c);
		for (i = 0; i < ims_device_list_count(list); i++) {
			const struct ims_device *d = ims_device_list_at(list, i);

			if (!c->get(d, &cell))
				continue;
			print_sample("device", c);
			print_device_labels(d);
			printf("} %" PRIu64 "\n", sample_of(c, &cell));
		}
	}
}

/*
 * Who has it open, for queries to join with. By its type a gauge: node exporter
 * reads the older format, which has no "info".
 */
static void print_owners(const struct state *state)
{
	const struct ims_device_list *list = state->vectors.devices;
	struct cell vm;
	char pid[16];
	size_t i;

	puts("# TYPE ims_device_info gauge\n"
	     "# HELP ims_device_info Process that opened it.");
	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);
		uint32_t number;

		pid[0] = '\0';
		if (!ims_device_get_owner_pid(d, &number))
			snprintf(pid, sizeof(pid), "%" PRIu32, number);
		fputs("ims_device_info", stdout);
		print_device_labels(d);
		print_label(",owner_pid", pid);
		print_label(",owner_comm", ims_device_get_owner_comm(d));
		print_label(",vm", cell_vm(d, &vm) ? vm.string : "");
		puts("} 1");
	}
}

/*
 * The time since then, as CLOCK_MONOTONIC is the host's alone. The reason is one of
 * few; the vector, of which there are many, has a family of its own.
 */
static void print_refusals(const struct state *state)
{
	const struct ims_device_list *list = state->vectors.devices;
	uint64_t last, now = clock_now();
	uint32_t number;
	size_t i;

	puts("# TYPE ims_device_refused_last_seconds gauge\n"
	     "# UNIT ims_device_refused_last_seconds seconds\n"
	     "# HELP ims_device_refused_last_seconds Time since the last request that failed.");
	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);

		if (ims_device_get_refused_last(d, &last))
			continue;
		fputs("ims_device_refused_last_seconds", stdout);
		print_device_labels(d);
		print_label(",error",
			    ims_device_get_refused_error(d, &number) ? NULL :
			    strerrorname_np(number));
		print_label(",kind",
			    ims_device_get_refused_kind(d, &number) ? NULL :
			    ims_alert_kind_name(number));
		last = now > last ? (now - last) / 1000000 : 0;
		printf("} %" PRIu64 ".%03" PRIu64 "\n", last / 1000,
		       last % 1000);
	}
}

/* Both lists are ordered by the devices' ids. */
static void print_sums(const struct state *state, const struct column *c)
{
	const struct ims_device_list *list = state->vectors.devices;
	const struct vector_rows *vectors = &state->vectors;
	struct cell cell;
	size_t i, v = 0;

	print_sum_family(c);
	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *d = ims_device_list_at(list, i);
		uint64_t sum = 0;

		/* Vectors of a device that was closed meanwhile. */
		while (v < vectors->count && !vectors->rows[v].device)
			v++;
		for (; v < vectors->count && vectors->rows[v].device == d; v++)
			if (c->get(&vectors->rows[v], &cell))
				sum += sample_of(c, &cell);
		print_sample("device", c);
		print_device_labels(d);
		printf("} %" PRIu64 "\n", sum);
	}
}

static void print_vectors(const struct state *state, const struct column *c)
{
	const struct vector_rows *vectors = &state->vectors;
	uint32_t index;
	struct cell cell;
	size_t i;

	print_family("vector", c);
	for (i = 0; i < vectors->count; i++) {
		const struct vector_row *row = &vectors->rows[i];

		if (!row->device || ims_vector_get_index(row->vector, &index) ||
		    !c->get(row, &cell))
			continue;
		print_sample("vector", c);
		print_device_labels(row->device);
		printf(",vector=\"%" PRIu32 "\"} %" PRIu64 "\n", index,
		       sample_of(c, &cell));
	}
}

static void print(const struct call *call, const struct state *state)
{
	const struct column *c;

	print_stores(state);
	print_devices(state);
	print_owners(state);
	print_refusals(state);
	for (c = vector_table.columns; c->key; c++) {
		if (!(c->where & (IN_GAUGE | IN_COUNTER)))
			continue;
		print_sums(state, c);
		if (has(call, OPTION_VECTORS))
			print_vectors(state, c);
	}
	puts("# EOF");
}

static enum exit_code run(const struct call *call)
{
	struct filter everything = { 0 };
	struct state state = { 0 };
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	code = open_source(call, &ctx);
	if (code)
		return code;

	code = get_vector_rows(ctx, NULL, &everything, &state.vectors);
	if (!code) {
		err = ims_store_list_get(ctx, &state.stores);
		code = err ? failure(ctx, err) : EXIT_DONE;
	}
	if (!code)
		print(call, &state);
	ims_store_list_free(state.stores);
	free_vector_rows(&state.vectors);
	ims_ctx_free(ctx);
	return code;
}

const struct command command_metrics = {
	.name = "metrics",
	.arguments = "",
	.summary = "print OpenMetrics text for monitoring systems",
	.help =
"Prints the figures of stores and devices as OpenMetrics text, for Prometheus\n"
"and the like: slots, limits, and the counts of each device's vectors in sum.\n"
"With --vectors, also the counts of each vector, which can be many.",
	.options = BIT(OPTION_VECTORS) | BIT(OPTION_INPUT),
	.run = run,
};
