// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for fish: what the tables say, for the functions in completion.fish.
 */
#include <string.h>

#include "completion/completion.h"

/* Between single quotes, in one line. */
static void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putchar('\\');
		putchar(*text == '\n' ? ' ' : *text);
	}
	putchar('\'');
}

static void print_values(void)
{
	int id;

	fputs("# Does the option $argv[1] take the next word?\n"
	      "function __imsctl_takes_value\n    contains -- $argv[1]", stdout);
	for (id = 0; id < NUM_OPTIONS; id++) {
		if (!options[id].argument)
			continue;
		if (options[id].letter)
			printf(" -%c", options[id].letter);
		printf(" --%s", options[id].name);
	}
	puts("\nend\n");
}

static void print_commands(void)
{
	const struct command *const *c;

	fputs("function __imsctl_command\n    printf '%s\\n'", stdout);
	for (c = commands; *c; c++)
		printf(" %s", (*c)->name);
	puts("\nend\n");
}

static void print_fish_actions(void)
{
	const struct command *const *c;
	const struct action *a;

	puts("# The actions of the command $argv[1].\n"
	     "function __imsctl_actions\n    switch \"$argv[1]\"");
	for (c = commands; *c; c++) {
		if (!(*c)->actions[0].name)
			continue;
		printf("        case %s\n            printf '%%s\\n'",
		       (*c)->name);
		for (a = (*c)->actions; a->name; a++)
			printf(" %s", a->name);
		putchar('\n');
	}
	puts("    end\nend\n");
}

/* " -a WORDS" for an argument of that name, or an option's. */
static void print_words(const char *name, size_t len,
			const struct completion_kind *kind)
{
	size_t i;

	if (kind && (!strcmp(kind->name, "file") ||
		     !strcmp(kind->name, "directory"))) {
		fputs(" -F", stdout);
	} else if (kind) {
		printf(" -a '(__imsctl_%s)'", kind->name);
	} else if (memchr(name, '|', len)) {
		fputs(" -a '", stdout);
		for (i = 0; i < len; i++)
			putchar(name[i] == '|' ? ' ' : name[i]);
		putchar('\'');
	}
}

static void print_option(const char *condition, enum option_id id)
{
	const char *(*word)(uint32_t number) = option_words(id);
	const struct option_info *info = &options[id];
	uint32_t i;

	printf("complete -c imsctl -n '__imsctl_is %s'", condition);
	if (info->letter)
		printf(" -s %c", info->letter);
	printf(" -l %s", info->name);
	if (info->argument)
		fputs(" -r", stdout);
	if (word) {
		fputs(" -a '(__imsctl_in_list", stdout);
		for (i = 0; word(i); i++)
			printf(" %s", word(i));
		fputs(")'", stdout);
	} else if (info->argument) {
		print_words(info->argument, strlen(info->argument),
			    option_kind(id));
	}
	fputs(" -d ", stdout);
	print_quoted(info->help);
	putchar('\n');
}

/* What follows a command, or a command and its action, which is @name then. */
static void print_part(const char *name, uint64_t given, const char *arguments)
{
	char condition[64];
	const char *argument;
	int id, number = 0;
	size_t len;

	snprintf(condition, sizeof(condition), "\"%s\"", name);
	for (id = 0; id < NUM_OPTIONS; id++)
		if (given & BIT(id))
			print_option(condition, id);
	while ((arguments = next_argument(arguments, &argument, &len))) {
		printf("complete -c imsctl -n '__imsctl_is %s %d'", condition,
		       number++);
		print_words(argument, len, completion_kind(argument, len));
		putchar('\n');
	}
}

static void print_command(const struct command *command)
{
	const struct action *a = command->actions;
	char name[64];

	printf("complete -c imsctl -n '__imsctl_is \"\" 0' -a %s -d ",
	       command->name);
	print_quoted(command->summary);
	putchar('\n');
	print_part(command->name, command_options(command),
		   a->name ? a->arguments : command->arguments);
	for (; a->name; a++) {
		printf("complete -c imsctl -n '__imsctl_is \"%s\" 0' -a %s\n",
		       command->name, a->name);
		snprintf(name, sizeof(name), "%s %s", command->name, a->name);
		print_part(name, command->options | a->options | COMMON_OPTIONS,
			   a->arguments);
	}
}

void print_fish_completion(void)
{
	const uint64_t early = BATCH_OPTIONS | BIT(OPTION_BATCH) |
			       COMMON_OPTIONS;
	const struct command *const *c;

	puts("# fish completion for imsctl, made by \"imsctl completion fish\"\n");
	print_commands();
	print_values();
	print_fish_actions();
	fputs(completion_fish, stdout);
	print_part("", early, "");
	for (c = commands; *c; c++)
		print_command(*c);
}
