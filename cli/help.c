// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help, from the tables of commands, options and columns.
 */
#include <string.h>

#include "table.h"

#define HELP_WIDTH	80

/* Prints "  -x, --long ARGUMENT" and the help text behind it. */
static void print_option(FILE *out, const struct option_info *info)
{
	const char *text = info->help;
	const char *end;
	char left[32];
	char letter[5] = "    ";

	if (info->letter)
		snprintf(letter, sizeof(letter), "-%c, ", info->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, info->name,
		 info->argument ? " " : "",
		 info->argument ? info->argument : "");

	for (; *text; text = end + (*end == '\n')) {
		end = strchrnul(text, '\n');
		fprintf(out, "  %-21s %.*s\n", left, (int)(end - text), text);
		left[0] = '\0';
	}
}

static void print_options(FILE *out, unsigned int which)
{
	const struct option_info *info;

	fputs("\nOptions:\n", out);
	for (info = options; info->name; info++)
		if (info->bit & (which | OPTION_HELP | OPTION_VERSION))
			print_option(out, info);
}

/* A line that is broken before it gets too long; @column is where it stands. */
static void print_word(FILE *out, size_t *column, const char *word,
		       const char *behind)
{
	size_t len = strlen(word) + strlen(behind);

	if (*column + 1 + len > HELP_WIDTH) {
		fputs("\n   ", out);
		*column = 3;
	}
	fprintf(out, " %s%s", word, behind);
	*column += 1 + len;
}

static void print_columns(FILE *out, const struct table *table)
{
	const struct column *c;
	size_t column;

	column = fprintf(out, "\nColumns of %s:", table->objects);
	for (c = table->columns; c->key; c++)
		print_word(out, &column, c->key, c[1].key ? "," : "");
	fputs("\n", out);
}

void help_global(FILE *out)
{
	const struct command *command;

	fputs("Usage: imsctl COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Shows and triggers the interrupts of virtual devices.\n\n"
	      "Commands:\n", out);
	for (command = commands; command->name; command++) {
		char left[48];

		snprintf(left, sizeof(left), "%s %s", command->name,
			 command->arguments);
		fprintf(out, "  %-31s %s\n", left, command->summary);
	}
	print_options(out, 0);
	fputs("\nExit status: 0 done, 1 failed, 2 wrong call, 3 no such device or vector,\n"
	      "4 not permitted, 5 kernel module absent or without support.\n"
	      "\nSee \"imsctl COMMAND --help\" and imsctl(8).\n", out);
}

void help_command(FILE *out, const struct command *command)
{
	const struct table *const *table;

	fprintf(out, "Usage: imsctl %s [OPTION...] %s\n\n%s\n", command->name,
		command->arguments, command->help);
	print_options(out, command->options);
	for (table = command->tables; table && *table; table++)
		print_columns(out, *table);
	fprintf(out, "\nSee imsctl-%s(8).\n", command->name);
}
