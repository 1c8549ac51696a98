// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl schema: what --json prints, as a JSON Schema made from the tables of
 * columns.
 */
#include "commands/commands.h"
#include "objects/event_row.h"

static const char *type_of(const struct column *column)
{
	switch (column->type) {
	case COLUMN_NUMBER:
	case COLUMN_TIME:
		return "integer";
	case COLUMN_RATE:
		return "number";
	case COLUMN_BOOL:
		return "boolean";
	case COLUMN_STRING:
	case COLUMN_DEVICE:
	case COLUMN_ADDRESS:
	case COLUMN_COOKIE:
		break;
	}
	return "string";
}

static void print_property(const struct column *column)
{
	const char *type = type_of(column);

	fputs(",\n        ", stdout);
	json_string(column->key);
	fputs(": {\"description\": ", stdout);
	json_string(column->help);
	if (column->where & ALWAYS)
		printf(", \"type\": \"%s\"", type);
	else
		printf(", \"type\": [\"%s\", \"null\"]", type);
	if (column->type == COLUMN_COOKIE)
		fputs(", \"pattern\": \"^0x[0-9a-f]{1,16}$\"", stdout);
	if (column->type == COLUMN_NUMBER || column->type == COLUMN_TIME ||
	    column->type == COLUMN_RATE)
		fputs(", \"minimum\": 0", stdout);
	putchar('}');
}

static void print_properties(const struct selection *selection)
{
	size_t i;

	for (i = 0; i < selection->count; i++)
		print_property(selection->columns[i]);
}

static void print_required(const struct selection *selection)
{
	size_t i;

	for (i = 0; i < selection->count; i++) {
		fputs(",\n        ", stdout);
		json_string(selection->columns[i]->key);
	}
}

/* An event about @object, or about nothing if NULL. */
static void print_event_properties(const char *object)
{
	struct selection selection;
	size_t i;

	select_view(&event_table, IN_JSON, &selection);
	for (i = 0; i + 1 < selection.count; i++)
		print_property(selection.columns[i]);

	/* The last column says which of these definitions it is. */
	fputs(",\n        ", stdout);
	json_string(selection.columns[i]->key);
	fputs(": {\"description\": ", stdout);
	json_string(selection.columns[i]->help);
	fputs(", \"const\": ", stdout);
	if (object)
		json_string(object);
	else
		fputs("null", stdout);
	putchar('}');
}

/* The definition of a row of @table; of an event without object if NULL. */
static void print_definition(const struct command *command,
			     const struct table *table)
{
	struct selection event = { 0 }, selection = { 0 };

	if (table)
		select_view(table, IN_JSON, &selection);
	if (command->shape == JSON_EVENTS)
		select_view(&event_table, IN_JSON, &event);

	printf("    \"%s\": {\n"
	       "      \"type\": \"object\",\n"
	       "      \"properties\": {\n"
	       "        \"schema\": {\"description\": \"version of the keys and their meaning\", \"const\": %d}",
	       table ? table->object : "nothing", JSON_SCHEMA);
	if (command->shape == JSON_EVENTS)
		print_event_properties(table ? table->object : NULL);
	print_properties(&selection);
	fputs("\n      },\n"
	      "      \"required\": [\n"
	      "        \"schema\"", stdout);
	print_required(&event);
	print_required(&selection);
	fputs("\n      ],\n"
	      "      \"additionalProperties\": false\n"
	      "    }", stdout);
}

static void print_frame_schema(const struct table *table,
			       const struct table *total)
{
	printf("    {\"type\": \"object\", \"properties\": {\n"
	       "        \"schema\": {\"description\": \"version of the keys and their meaning\", \"const\": %d},\n"
	       "        \"time_ns\": {\"description\": \"when it was told: CLOCK_MONOTONIC in nanoseconds\", \"type\": \"integer\", \"minimum\": 0},\n"
	       "        \"elapsed_ns\": {\"description\": \"the time that the rates are of\", \"type\": \"integer\", \"minimum\": 0},\n"
	       "        \"%s\": {\"$ref\": \"#/$defs/%s\"},\n"
	       "        \"%s\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}}\n"
	       "      },\n"
	       "      \"required\": [\"schema\", \"time_ns\", \"elapsed_ns\", \"%s\", \"%s\"],\n"
	       "      \"additionalProperties\": false\n"
	       "    }", JSON_SCHEMA, total->object, total->object,
	       table->objects, table->object, total->object,
	       table->objects);
}

static void print_choice(const struct command *command,
			 const struct table *table)
{
	switch (command->shape) {
	case JSON_ARRAY:
		printf("    {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}}",
		       table->object);
		break;
	case JSON_EVENTS:
		printf("    {\"$ref\": \"#/$defs/%s\"}",
		       table ? table->object : "nothing");
		break;
	case JSON_FRAMES:
		print_frame_schema(table, command->total);
		break;
	}
}

static void print_schema(const struct command *command)
{
	const struct table *const *t;

	printf("{\n"
	       "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
	       "  \"title\": \"imsctl %s --json\",\n"
	       "  \"description\": \"%s\",\n"
	       "  \"$defs\": {\n", command->name,
	       command->shape == JSON_ARRAY ? "the output without --output" :
	       command->shape == JSON_FRAMES ?
	       "a line of output without --output" : "a line of output");
	for (t = command->tables; *t; t++) {
		print_definition(command, *t);
		if (t[1])
			fputs(",\n", stdout);
	}
	if (command->shape == JSON_EVENTS) {
		fputs(",\n", stdout);
		print_definition(command, NULL);
	} else if (command->shape == JSON_FRAMES) {
		fputs(",\n", stdout);
		print_definition(command, command->total);
	}

	fputs("\n  },\n  \"anyOf\": [\n", stdout);
	for (t = command->tables; *t; t++) {
		print_choice(command, *t);
		if (t[1])
			fputs(",\n", stdout);
	}
	if (command->shape == JSON_EVENTS) {
		fputs(",\n", stdout);
		print_choice(command, NULL);
	}
	fputs("\n  ]\n}\n", stdout);
}

static enum exit_code run(const struct call *call)
{
	const struct command *const *c, *command;

	if (!call->count) {
		for (c = commands; *c; c++)
			if ((*c)->tables[0])
				puts((*c)->name);
		return EXIT_DONE;
	}

	command = find_command(call->arguments[0]);
	if (!command)
		return unknown_command(call->command, call->arguments[0]);
	if (!command->tables[0])
		return usage_error(call->command, "%s prints no JSON",
				   command->name);
	print_schema(command);
	return EXIT_DONE;
}

const struct command command_schema = {
	.name = "schema",
	.arguments = "[COMMAND]",
	.summary = "print the JSON Schema of a command's output",
	.help =
"Prints the JSON Schema, draft 2020-12, of what COMMAND --json prints, with the\n"
"meaning of each key. \"null\" among its types says that a value may be absent.\n"
"The schemas of monitor and top are those of a line. Without COMMAND, lists the\n"
"commands that print JSON. Needs no kernel module.",
	.max = 1,
	.run = run,
};
