// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for bash: what the tables say, for the functions in completion.bash.
 */
#include <string.h>

#include "completion/completion.h"

static void print_commands(void)
{
	const struct command *const *c;

	puts("_imsctl_command()\n{");
	for (c = commands; *c; c++)
		printf("\techo %s\n", (*c)->name);
	puts("}\n");
}

static void print_option_names(uint64_t given)
{
	int id;

	for (id = 0; id < NUM_OPTIONS; id++)
		if (given & BIT(id))
			printf(" --%s", options[id].name);
}

static void print_options(void)
{
	const struct command *const *c;
	const struct action *a;

	puts("# What options the command $1 has, which may be one with its action.\n"
	     "_imsctl_options()\n{\n\tcase $1 in");
	for (c = commands; *c; c++) {
		printf("\t%s) echo", (*c)->name);
		print_option_names(command_options(*c));
		puts(" ;;");
		for (a = (*c)->actions; a->name; a++) {
			printf("\t'%s %s') echo", (*c)->name, a->name);
			print_option_names((*c)->options | a->options |
					   COMMON_OPTIONS);
			puts(" ;;");
		}
	}
	fputs("\t*) echo", stdout);
	print_option_names(BATCH_OPTIONS | BIT(OPTION_BATCH) | COMMON_OPTIONS);
	puts(" ;;\n\tesac\n}\n");
}

void print_actions(void)
{
	const struct command *const *c;
	const struct action *a;

	puts("# The actions of the command $1.\n"
	     "_imsctl_actions()\n{\n\tcase $1 in");
	for (c = commands; *c; c++) {
		if (!(*c)->actions[0].name)
			continue;
		printf("\t%s) echo", (*c)->name);
		for (a = (*c)->actions; a->name; a++)
			printf(" %s", a->name);
		puts(" ;;");
	}
	puts("\tesac\n}\n");
}

/* What completes an argument of that name; @kind is NULL for what nobody knows. */
static void print_argument(const char *name, size_t len,
			   const struct completion_kind *kind)
{
	size_t i;

	if (!kind && memchr(name, '|', len)) {
		fputs("echo @words ", stdout);
		for (i = 0; i < len; i++)
			putchar(name[i] == '|' ? ' ' : name[i]);
	} else if (kind) {
		printf("echo @%s", kind->name);
	} else {
		fputs("echo @any", stdout);
	}
}

static void print_option_value(enum option_id id)
{
	const char *(*word)(uint32_t number) = option_words(id);
	const char *argument = options[id].argument;
	uint32_t i;

	if (!word) {
		print_argument(argument, strlen(argument), option_kind(id));
		return;
	}
	fputs("echo @list", stdout);
	for (i = 0; word(i); i++)
		printf(" %s", word(i));
}

static void print_values(void)
{
	int id;

	puts("# What argument the option $1 takes; fails when it takes none.\n"
	     "_imsctl_value()\n{\n\tcase $1 in");
	for (id = 0; id < NUM_OPTIONS; id++) {
		if (!options[id].argument)
			continue;
		fputs("\t", stdout);
		if (options[id].letter)
			printf("-%c | ", options[id].letter);
		printf("--%s) ", options[id].name);
		print_option_value(id);
		puts(" ;;");
	}
	puts("\t*) return 1 ;;\n\tesac\n}\n");
}

/* What follows @command, or @command and one of its actions. */
static void print_synopsis(const char *command, const char *action,
			   const char *text)
{
	const char *name;
	int number = 0;
	size_t len;

	while ((text = next_argument(text, &name, &len))) {
		printf("\t'%s%s%s:%d') ", command, action ? " " : "",
		       action ? action : "", number++);
		print_argument(name, len, completion_kind(name, len));
		puts(" ;;");
	}
}

static void print_arguments(void)
{
	const struct command *const *c;
	const struct action *a;

	puts("# What argument number $2, from 0, of the command $1 is.\n"
	     "_imsctl_argument()\n{\n\tcase $1:$2 in");
	for (c = commands; *c; c++) {
		a = (*c)->actions;
		print_synopsis((*c)->name, NULL,
			       a->name ? a->arguments : (*c)->arguments);
		for (; a->name; a++)
			print_synopsis((*c)->name, a->name, a->arguments);
	}
	puts("\t*) echo @any ;;\n\tesac\n}\n");
}

void print_bash_completion(void)
{
	puts("# bash completion for imsctl, made by \"imsctl completion bash\"\n");
	print_commands();
	print_options();
	print_values();
	print_actions();
	print_arguments();
	fputs(completion_bash, stdout);
}
