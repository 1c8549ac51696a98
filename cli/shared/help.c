// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help, from the tables of commands and options.
 */
#include <string.h>

#include "shared/call.h"

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

void help_global(FILE *out)
{
	const struct command *const *c;

	fputs("Usage: imsctl COMMAND [OPTION...] [ARGUMENT...], or imsctl --batch FILE\n\n"
	      "Commands:\n", out);
	for (c = commands; *c; c++)
		fprintf(out, "  %-11s %s\n", (*c)->name, (*c)->summary);
	fputs("\nOptions of all commands: --color WHEN; -h, --help; -V, --version.\n"
	      "Exit status: 0 done, 1 failed, 2 wrong call, 3 no such object, 4 not permitted,\n"
	      "5 not supported, 6 different (diff).\n",
	      out);
}

/* "imsctl VERB [ACTION] [OPTION...] ARGUMENT...", for each action. */
static void print_usage(FILE *out, const struct command *command)
{
	const struct action *a = command->actions;

	if (!a->name)
		fprintf(out, "Usage: imsctl %s [OPTION...]%s%s\n",
			command->name, *command->arguments ? " " : "",
			command->arguments);
	for (; a->name; a++)
		fprintf(out, a == command->actions ?
			"Usage: imsctl %s [%s] [OPTION...] %s\n" :
			"       imsctl %s %s [OPTION...] %s\n",
			command->name, a->name, a->arguments);
}

void help_command(FILE *out, const struct command *command)
{
	const uint64_t given = command_options(command) & ~BIT(OPTION_COLOR);
	int id;

	print_usage(out, command);
	fprintf(out, "\n%s\n\nOptions:\n", command->help);
	for (id = 0; id < NUM_OPTIONS; id++)
		if (given & BIT(id))
			print_option(out, &options[id]);
	fprintf(out, "\nSee imsctl-%s(8).\n", command->name);
}
