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
	const uint64_t common = COMMON_OPTIONS;
	const struct command *const *c;

	puts("# What options the command $1 has.\n"
	     "_imsctl_options()\n{\n\tcase $1 in");
	for (c = commands; *c; c++) {
		printf("\t%s) echo", (*c)->name);
		print_option_names((*c)->options | common);
		puts(" ;;");
	}
	fputs("\t*) echo", stdout);
	print_option_names(BATCH_OPTIONS | BIT(OPTION_BATCH) | common);
	puts(" ;;\n\tesac\n}\n");
}

/* What completes an argument of that name; @kind is NULL for what nobody knows. */
static void print_argument(const char *name, size_t len,
			   const struct completion_kind *kind)
{
	size_t i;

	if (memchr(name, '|', len)) {
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

static void print_arguments(void)
{
	const struct command *const *c;
	const char *text, *name;
	size_t len;
	int number;

	puts("# What argument number $2, from 0, of the command $1 is.\n"
	     "_imsctl_argument()\n{\n\tcase $1:$2 in");
	for (c = commands; *c; c++) {
		number = 0;
		text = (*c)->arguments;
		while ((text = next_argument(text, &name, &len))) {
			printf("\t%s:%d) ", (*c)->name, number++);
			print_argument(name, len,
				       completion_kind(name, len));
			puts(" ;;");
		}
	}
	puts("\t*) echo @any ;;\n\tesac\n}\n");
}

void print_bash_completion(void)
{
	puts("# bash completion for imsctl, made by \"imsctl completion bash\"\n");
	print_commands();
	print_options();
	print_values();
	print_arguments();
	fputs(completion_bash, stdout);
}
