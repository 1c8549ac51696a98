// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for zsh: what the tables say, for the functions in completion.zsh.
 */
#include <string.h>

#include "completion/completion.h"

/* Between single quotes, and where "[...]" or ":" have a meaning. */
static void print_quoted(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text == '\n' ? ' ' : *text);
	}
}

static void print_commands(void)
{
	const struct command *const *c;

	puts("_imsctl_command()\n{\n\tlocal -a commands=(");
	for (c = commands; *c; c++) {
		printf("\t\t'%s:", (*c)->name);
		print_quoted((*c)->summary);
		puts("'");
	}
	puts("\t)\n\t_describe -t commands command commands\n}\n");
}

/* ":NAME:ACTION" for what follows an option or the verb. */
static void print_action(const char *name, size_t len,
			 const struct completion_kind *kind)
{
	size_t i;

	if (memchr(name, '|', len)) {
		fputs(":argument:(", stdout);
		for (i = 0; i < len; i++)
			putchar(name[i] == '|' ? ' ' : name[i]);
		putchar(')');
	} else {
		printf(":%.*s:", (int)len, name);
		if (kind)
			printf("_imsctl_%s", kind->name);
		else
			putchar(' ');
	}
}

static void print_value(enum option_id id)
{
	const char *(*word)(uint32_t number) = option_words(id);
	const char *argument = options[id].argument;
	uint32_t i;

	if (!word) {
		print_action(argument, strlen(argument), option_kind(id));
		return;
	}
	printf(":%s:_values -s , %s", argument, options[id].name);
	for (i = 0; word(i); i++)
		printf(" %s", word(i));
}

/* '(-x --long)'{-x,--long=}'[help]:ARGUMENT:action' */
static void print_option(enum option_id id)
{
	const struct option_info *info = &options[id];
	bool takes = info->argument;

	fputs("\t\t", stdout);
	if (info->letter)
		printf("'(-%c --%s)'{-%c%s,--%s%s}'[", info->letter, info->name,
		       info->letter, takes ? "+" : "", info->name,
		       takes ? "=" : "");
	else
		/* --batch stands for the command. */
		printf("'%s--%s%s[", id == OPTION_BATCH ? "(1 *)" : "",
		       info->name, takes ? "=" : "");
	print_quoted(info->help);
	putchar(']');
	if (takes)
		print_value(id);
	puts("' \\");
}

/* Those that may stand before the command, but for the ones that print help. */
static void print_batch_options(void)
{
	const uint64_t given = BATCH_OPTIONS | BIT(OPTION_BATCH);
	int id;

	puts("_imsctl_batch_options()\n{\n\tbatch_options=( \\");
	for (id = 0; id < NUM_OPTIONS; id++)
		if (given & BIT(id))
			print_option(id);
	puts("\t)\n}\n");
}

static void print_arguments(const struct command *command)
{
	const char *text = command->arguments, *name;
	int number = 1;
	size_t len;

	while ((text = next_argument(text, &name, &len))) {
		printf("\t\t'%d", number++);
		print_action(name, len, completion_kind(name, len));
		puts("' \\");
	}
}

static void print_command(const struct command *command)
{
	const uint64_t common = COMMON_OPTIONS;
	int id;

	printf("\t%s) _arguments -S \\\n", command->name);
	for (id = 0; id < NUM_OPTIONS; id++)
		if ((command->options | common) & BIT(id))
			print_option(id);
	print_arguments(command);
	puts("\t\t;;");
}

void print_zsh_completion(void)
{
	const struct command *const *c;

	puts("#compdef imsctl\n"
	     "# zsh completion for imsctl, made by \"imsctl completion zsh\"\n");
	print_commands();
	print_batch_options();
	puts("# Options and arguments of the command $1.\n"
	     "_imsctl_arguments()\n{\n\tcase $1 in");
	for (c = commands; *c; c++)
		print_command(*c);
	puts("\tesac\n}\n");
	fputs(completion_zsh, stdout);
}
