// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl: the command line.
 */
#include <getopt.h>
#include <string.h>

#include "imsctl.h"

/* In the order of help. */
const struct command *const commands[] = {
	&command_list,
	&command_show,
	&command_trigger,
	&command_cookie,
	&command_affinity,
	&command_stats,
	&command_limit,
	&command_bypass,
	&command_monitor,
	&command_top,
	&command_metrics,
	&command_doctor,
	&command_save,
	&command_apply,
	&command_diff,
	&command_capture,
	&command_schema,
	&command_completion,
	NULL
};

const struct command *find_command(const char *name)
{
	const struct command *const *c;

	for (c = commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

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

static enum exit_code run(int argc, char **argv)
{
	struct call call = { 0 };
	enum exit_code code;

	code = parse_call(&call, argc, argv);
	if (code)
		return code;

	if (has(&call, OPTION_VERSION)) {
		printf("imsctl %s\n", IMS_VERSION);
		return EXIT_DONE;
	}
	if (has(&call, OPTION_HELP)) {
		if (call.command)
			help_command(stdout, call.command);
		else
			help_global(stdout);
		return EXIT_DONE;
	}
	if (!call.command)
		return run_batch(&call);

	code = check_call(&call);
	if (!code)
		code = choose_color(&call);
	return code ? code : call.command->run(&call);
}

int main(int argc, char **argv)
{
	return finish_output(run(argc, argv));
}
