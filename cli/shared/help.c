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
	      "Exit status: 0 done, 1 failed, 2 wrong call; 3 to 6: see imsctl(8).\n",
	      out);
}

void help_command(FILE *out, const struct command *command)
{
	const uint64_t common = BIT(OPTION_HELP) | BIT(OPTION_VERSION);
	int id;

	fprintf(out, "Usage: imsctl %s [OPTION...]%s%s\n\n%s\n\nOptions:\n",
		command->name, *command->arguments ? " " : "",
		command->arguments, command->help);
	for (id = 0; id < NUM_OPTIONS; id++)
		if ((command->options | common) & BIT(id))
			print_option(out, &options[id]);
	fprintf(out, "\nSee imsctl-%s(8).\n", command->name);
}
