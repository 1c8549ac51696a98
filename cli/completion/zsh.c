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

	if (!kind && memchr(name, '|', len)) {
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

/* The first one, which may also be an action of the command. */
static void print_first(const struct command *command,
			const struct completion_kind *kind)
{
	const struct action *a;

	/* Behind a blank, it is called as it stands. */
	printf(":argument: _imsctl_first _imsctl_%s", kind->name);
	for (a = command->actions; a->name; a++)
		printf(" %s", a->name);
}

/* What follows @command, or if it is not NULL @action. */
static void print_arguments(const struct command *command,
			    const struct action *action)
{
	const char *text = command->arguments, *name;
	const struct completion_kind *kind;
	int number = 1;
	size_t len;

	if (action || command->actions[0].name)
		text = action ? action->arguments :
				command->actions[0].arguments;
	while ((text = next_argument(text, &name, &len))) {
		kind = completion_kind(name, len);
		printf("\t\t'%d", number);
		if (number == 1 && command->actions[0].name && !action)
			print_first(command, kind);
		else
			print_action(name, len, kind);
		puts("' \\");
		number++;
	}
}

static void print_case(const struct command *command,
		       const struct action *action)
{
	uint64_t given = command_options(command);
	int id;

	if (action)
		given = command->options | action->options | COMMON_OPTIONS;
	printf("\t'%s%s%s') _arguments -S \\\n", command->name,
	       action ? " " : "", action ? action->name : "");
	for (id = 0; id < NUM_OPTIONS; id++)
		if (given & BIT(id))
			print_option(id);
	print_arguments(command, action);
	puts("\t\t;;");
}

static void print_command(const struct command *command)
{
	const struct action *a;

	print_case(command, NULL);
	for (a = command->actions; a->name; a++)
		print_case(command, a);
}

void print_zsh_completion(void)
{
	const struct command *const *c;

	puts("#compdef imsctl\n"
	     "# zsh completion for imsctl, made by \"imsctl completion zsh\"\n");
	print_commands();
	print_batch_options();
	print_actions();
	puts("# Options and arguments of the command $1, which may be one with its action.\n"
	     "_imsctl_arguments()\n{\n\tcase $1 in");
	for (c = commands; *c; c++)
		print_command(*c);
	puts("\tesac\n}\n");
	fputs(completion_zsh, stdout);
}
