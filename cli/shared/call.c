// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command line made into a call, and whether its verb takes it.
 */
#include <getopt.h>
#include <string.h>

#include "shared/call.h"
#include "shared/guess.h"

bool is_action(const struct call *call, const char *name)
{
	return call->action && !strcmp(call->action->name, name);
}

uint64_t command_options(const struct command *command)
{
	uint64_t all = command->options | COMMON_OPTIONS;
	const struct action *a;

	for (a = command->actions; a->name; a++)
		all |= a->options;
	return all;
}

uint64_t call_options(const struct call *call)
{
	return call->command->options | COMMON_OPTIONS |
	       (call->action ? call->action->options : 0);
}

enum effect effect_of(const struct call *call)
{
	if (call->action)
		return call->action->effect;
	return call->command->effect ? call->command->effect(call) :
				       EFFECT_NONE;
}

enum exit_code unknown_command(const struct command *command, const char *name)
{
	const struct command *const *c;
	char text[GUESS_SIZE];
	struct guess guess;

	begin_guess(&guess, name, strlen(name));
	for (c = commands; *c; c++)
		try_guess(&guess, (*c)->name);
	return usage_error(command, "unknown command '%s'%s", name,
			   guess_text(&guess, "", text));
}

/* The argument that is missing, as the synopsis calls it. */
enum exit_code missing_argument(const struct call *call)
{
	const char *name = call->action ? call->action->arguments :
					  call->command->arguments;
	int i;

	for (i = 0; i < call->count; i++)
		name = strchr(name, ' ') + 1;
	name += *name == '[';
	return usage_error(call->command, "%.*s is missing",
			   (int)strcspn(name, " []"), name);
}

void guess_action(const struct command *command, struct guess *guess)
{
	const struct action *a;

	for (a = command->actions; a->name; a++)
		try_guess(guess, a->name);
}

enum exit_code unknown_action(const struct call *call, const char *what)
{
	const struct action *a = call->command->actions;
	const char *word = call->arguments[0];
	char names[128] = "", text[GUESS_SIZE];
	struct guess guess;
	size_t len = 0;

	for (; a->name; a++)
		len += snprintf(names + len, sizeof(names) - len, "%s%s",
				!len ? "" : a[1].name ? ", " : " and ",
				a->name);
	begin_guess(&guess, word, strlen(word));
	guess_action(call->command, &guess);
	return usage_error(call->command, "%s'%s' is none of %s%s",
			   guess.best ? "" : what, word, names,
			   guess_text(&guess, "", text));
}

/* What was taken for a name, as it is no action, is much like one. */
static bool means_action(const struct call *call)
{
	struct guess guess;

	if (!call->action || call->action_said || !call->count)
		return false;
	begin_guess(&guess, call->arguments[0], strlen(call->arguments[0]));
	guess_action(call->command, &guess);
	return guess.best;
}

static enum exit_code check_options(const struct call *call)
{
	uint64_t foreign = call->given & ~command_options(call->command);
	const char *name;

	if (foreign)
		return usage_error(call->command, "it has no option '--%s'",
				   options[__builtin_ctzll(foreign)].name);
	foreign = call->given & ~call_options(call);
	if (!foreign)
		return EXIT_DONE;
	/* The option belongs to the action that was meant. */
	if (means_action(call))
		return unknown_action(call, "");
	name = options[__builtin_ctzll(foreign)].name;
	return usage_error(call->command, "%s goes without --%s",
			   call->action->name, name);
}


enum exit_code check_call(const struct call *call)
{
	const struct command *command = call->command;
	int min = call->action ? call->action->min : command->min;
	int max = call->action ? call->action->max : command->max;
	const char *columns = call->values[OPTION_OUTPUT];
	enum exit_code code;

	/* With so many arguments, the first one was meant for an action. */
	if (call->action && !call->action_said && call->count > max)
		return unknown_action(call, "");
	code = check_options(call);
	if (code)
		return code;
	/* The columns are explained for whatever there is. */
	if (call->count < min && !(columns && !strcmp(columns, "help")))
		return missing_argument(call);
	if (call->count > max)
		return usage_error(call->command, "unexpected argument '%s'",
				   call->arguments[max]);
	return EXIT_DONE;
}

/* The action that the first argument names, or the first one that there is. */
static void take_action(struct call *call)
{
	const struct action *a = call->command->actions;

	if (!a->name)
		return;
	call->action = a;
	for (; call->count && a->name; a++) {
		if (strcmp(a->name, call->arguments[0]))
			continue;
		call->action = a;
		call->action_said = true;
		call->arguments++;
		call->count--;
		return;
	}
}

enum exit_code parse_call(struct call *call, int argc, char **argv)
{
	const uint64_t verbless = BIT(OPTION_HELP) | BIT(OPTION_VERSION) |
				  BIT(OPTION_BATCH);
	enum exit_code code;

	code = take_options(call, argc, argv, true);
	if (code)
		return code;
	argc -= optind;
	argv += optind;

	if (!(call->given & verbless)) {
		if (!argc)
			return usage_error(NULL, "no command given");
		/* "help list" is what many type, "help help" what some do. */
		while (!strcmp(argv[0], "help")) {
			call->given |= BIT(OPTION_HELP);
			argv++;
			if (!--argc)
				return EXIT_DONE;
		}
		call->command = find_command(argv[0]);
		if (!call->command)
			return unknown_command(NULL, argv[0]);

		code = take_options(call, argc, argv, false);
		if (code)
			return code;
		argc -= optind;
		argv += optind;
	}
	call->count = argc;
	call->arguments = argv;
	if (call->command)
		take_action(call);
	return EXIT_DONE;
}
