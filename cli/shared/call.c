// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command line made into a call, and whether its verb takes it.
 */
#include <getopt.h>
#include <string.h>

#include "shared/call.h"

/* The argument that is missing, as the synopsis calls it. */
enum exit_code missing_argument(const struct call *call)
{
	const char *name = call->command->arguments;
	int i;

	for (i = 0; i < call->count; i++)
		name = strchr(name, ' ') + 1;
	name += *name == '[';
	return usage_error(call->command, "%.*s is missing",
			   (int)strcspn(name, " []"), name);
}

enum exit_code check_call(const struct call *call)
{
	const struct command *command = call->command;
	uint64_t foreign = call->given & ~(command->options | COMMON_OPTIONS);

	if (foreign)
		return usage_error(command, "it has no option '--%s'",
				   options[__builtin_ctzll(foreign)].name);
	if (call->count < command->min)
		return missing_argument(call);
	if (call->count > command->max)
		return usage_error(command, "unexpected argument '%s'",
				   call->arguments[command->max]);
	return EXIT_DONE;
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
			return usage_error(NULL, "unknown command '%s'",
					   argv[0]);

		code = take_options(call, argc, argv, false);
		if (code)
			return code;
		argc -= optind;
		argv += optind;
	}
	call->count = argc;
	call->arguments = argv;
	return EXIT_DONE;
}
