// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: does this host have what interrupts need?
 */
#include <errno.h>
#include <string.h>

#include "commands/commands.h"
#include "doctor/doctor.h"

static const char *const state_names[] = {
	[FINDING_OK] = "ok",
	[FINDING_WARNING] = "warning",
	[FINDING_FAILED] = "failed",
	[FINDING_UNKNOWN] = "unknown",
};

static bool get_check(const void *object, struct cell *cell)
{
	const struct finding *finding = object;

	return cell_string(finding->check, cell);
}

static bool get_state(const void *object, struct cell *cell)
{
	const struct finding *finding = object;

	return cell_string(state_names[finding->state], cell);
}

static enum style style_state(const struct column *column, const void *object)
{
	static const enum style styles[] = {
		[FINDING_OK] = STYLE_GOOD,
		[FINDING_WARNING] = STYLE_WARNING,
		[FINDING_FAILED] = STYLE_BAD,
		[FINDING_UNKNOWN] = STYLE_FAINT,
	};
	const struct finding *finding = object;

	(void)column;
	return styles[finding->state];
}

static bool get_object(const void *object, struct cell *cell)
{
	const struct finding *finding = object;

	/* A check that could not be made is about none. */
	return finding->object[0] && strcmp(finding->object, finding->check) &&
	       cell_string(finding->object, cell);
}

static bool get_message(const void *object, struct cell *cell)
{
	const struct finding *finding = object;

	return cell_string(finding->message, cell);
}

static bool get_remedy(const void *object, struct cell *cell)
{
	const struct finding *finding = object;

	return finding->remedy[0] && cell_string(finding->remedy, cell);
}

static const struct column columns[] = {
	{ "CHECK", "check", COLUMN_STRING, IN_JSON | ALWAYS,
	  "what was looked at", get_check },
	{ "STATE", "state", COLUMN_STRING, IN_JSON | ALWAYS,
	  "ok, warning, failed, or unknown", get_state,
	  .style = style_state },
	{ "MESSAGE", "message", COLUMN_STRING, IN_JSON | ALWAYS,
	  "what was found", get_message },
	{ "REMEDY", "remedy", COLUMN_STRING, IN_JSON,
	  "a command or a setting that helps", get_remedy },
	{ "OBJECT", "object", COLUMN_STRING, IN_JSON,
	  "the device or store that it is about", get_object },
	{ 0 },
};

static const struct table finding_table = {
	.object = "finding",
	.objects = "findings",
	.columns = columns,
};

static const void *finding_at(const void *list, size_t position)
{
	const struct finding *findings = list;

	return &findings[position];
}

/* The longest of a column. */
static int width_of(const struct column *column, const struct rows *rows)
{
	struct cell cell;
	size_t row, width = 0;

	for (row = 0; row < rows->count; row++) {
		format_cell(column, rows->at(rows->list, row), &cell);
		if (text_width(cell.string) > width)
			width = text_width(cell.string);
	}
	return width;
}

/* A line for each, and one more for what to do. */
static void print_text(const struct call *call, const struct rows *rows)
{
	int check_width = width_of(&columns[0], rows);
	int state_width = width_of(&columns[1], rows);
	struct cell check, state, message, remedy;
	size_t row;

	for (row = 0; row < rows->count; row++) {
		const void *object = rows->at(rows->list, row);

		format_cell(&columns[0], object, &check);
		format_cell(&columns[1], object, &state);
		format_cell(&columns[2], object, &message);
		format_cell(&columns[3], object, &remedy);
		printf("%-*s  ", check_width, check.string);
		print_styled(call, column_style(call, &columns[1], object),
			     state.string);
		printf("%*s  %s\n",
		       state_width - (int)text_width(state.string), "",
		       message.string);
		if (get_remedy(object, &remedy))
			printf("%*s  try: %s\n", check_width, "",
			       remedy.string);
	}
}

/* Incomplete lists, which come with -EINTR, will do. */
static bool is_list(struct doctor_state *state, struct ims_ctx *ctx, int err)
{
	const struct ims_error *error = ims_ctx_get_error(ctx);

	if (!err || err == -EINTR)
		return true;
	state->error = err;
	snprintf(state->text, sizeof(state->text), "%s",
		 error ? ims_error_get_message(error) : strerror(-err));
	return false;
}

static void ask_kernel(struct ims_ctx *ctx, struct doctor_state *state)
{
	/* Vectors first, so that their devices are known. */
	if (!is_list(state, ctx, ims_vector_list_get(ctx, &state->vectors)))
		state->vectors = NULL;
	if (!is_list(state, ctx, ims_device_list_get(ctx, &state->devices)))
		state->devices = NULL;
	if (!is_list(state, ctx, ims_store_list_get(ctx, &state->stores)))
		state->stores = NULL;
}

/* In JSON each by itself, for programs to make of it what they want. */
static enum exit_code print(const struct call *call,
			    const struct findings *findings)
{
	struct findings groups = { 0 };
	enum exit_code code = EXIT_DONE;
	struct selection selection;
	struct rows rows = { .at = finding_at };
	size_t i;

	for (i = 0; i < findings->count; i++)
		if (findings->list[i].state == FINDING_FAILED)
			code = EXIT_FAILED;
	if (!has(call, OPTION_JSON) && !has(call, OPTION_VERBOSE)) {
		group_findings(findings, &groups);
		findings = &groups;
	}
	rows.list = findings->list;
	rows.count = findings->count;
	if (has(call, OPTION_JSON)) {
		select_view(&finding_table, IN_JSON, &selection);
		print_json(&selection, &rows);
	} else {
		print_text(call, &rows);
	}
	if (findings->out_of_memory)
		code = out_of_memory();
	free_findings(&groups);
	return code;
}

static void check_host(struct findings *findings,
		       const struct doctor_state *state)
{
	check_kernel(findings);
	check_kernel_config(findings);
	check_iommu(findings);
	check_remapping(findings);
	check_cpu_vectors(findings);
	check_modules(findings);
	check_netlink(findings, state);
	check_privilege(findings);
	check_vfio_nodes(findings);
}

static enum exit_code run(const struct call *call)
{
	struct findings findings = { 0 };
	struct doctor_state state = {
		.captured = has(call, OPTION_INPUT),
	};
	enum exit_code code;
	struct ims_ctx *ctx;

	code = open_source(call, &ctx);
	if (code)
		return code;

	/* First, because looking for the family may load the module. */
	ask_kernel(ctx, &state);
	if (!state.captured)
		check_host(&findings, &state);
	check_stores(&findings, &state);
	check_entries(&findings, &state);
	check_devices(&findings, &state);
	code = print(call, &findings);

	free_findings(&findings);
	ims_store_list_free(state.stores);
	ims_device_list_free(state.devices);
	ims_vector_list_free(state.vectors);
	ims_ctx_free(ctx);
	return code;
}

const struct command command_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "check whether the host has what interrupts need",
	.help =
"Checks the kernel, its modules, the IOMMU, permissions, stores, devices and\n"
"vectors. Prints what each is like, and what to do where it is not ok. Works\n"
"without the kernel module, and then says what is missing. Several devices or\n"
"stores with the same finding have one line. With --input only stores, devices\n"
"and vectors are looked at. Exit status 0 when nothing failed, 1 when something\n"
"did.",
	.options = BIT(OPTION_JSON) | BIT(OPTION_VERBOSE) | BIT(OPTION_INPUT),
	.tables = { &finding_table },
	.run = run,
};
