// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl: the command line.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "imsctl.h"

const struct option_info options[] = {
	{ OPTION_JSON, 'j', "json", NULL,
	  "print JSON: an array of objects" },
	{ OPTION_OUTPUT, 'o', "output", "COLUMNS",
	  "print these columns; +COLUMNS adds to the usual ones;\n"
	  "\"help\" describes them" },
	{ OPTION_NOHEADINGS, 0, "noheadings", NULL,
	  "print no line of headings" },
	{ OPTION_HELP, 'h', "help", NULL, "print this help" },
	{ OPTION_VERSION, 'V', "version", NULL, "print the version" },
	{ 0 },
};

const struct command commands[] = {
	{
		.name = "list",
		.arguments = "[DEVICE]",
		.summary = "list virtual devices, or the vectors of one",
		.help =
"Lists the virtual devices that are open. With DEVICE, lists the vectors of\n"
"that device that were used since it was opened. DEVICE is a device's name or\n"
"the beginning of one, as long as it fits one device only.",
		.options = OPTION_JSON | OPTION_OUTPUT | OPTION_NOHEADINGS,
		.max = 1,
		.tables = list_tables,
		.run = cmd_list,
	},
	{
		.name = "trigger",
		.arguments = "DEVICE VECTOR[-VECTOR]",
		.summary = "signal vectors as if they had fired",
		.help =
"Signals a vector, or all vectors of a range or none, through the eventfds that\n"
"are bound to them: the device's user sees an interrupt that did not come from\n"
"hardware. Prints nothing. Needs CAP_SYS_ADMIN. DEVICE is a device's name or the\n"
"beginning of one, as long as it fits one device only.",
		.min = 2,
		.max = 2,
		.run = cmd_trigger,
	},
	{ 0 },
};

#define OPTIONS_MAX	(sizeof(options) / sizeof(options[0]))

/*
 * Takes options off @argv into @call, before the verb (@in_order, stops at the
 * first argument) and after it.
 */
static enum exit_code take_options(struct call *call, int argc, char **argv,
				   bool in_order)
{
	struct option longs[OPTIONS_MAX] = { 0 };
	char shorts[2 + 2 * OPTIONS_MAX];
	const struct option_info *info;
	char *s = shorts;
	size_t i;
	int c;

	*s++ = in_order ? '+' : ':';
	if (in_order)
		*s++ = ':';
	for (i = 0; options[i].name; i++) {
		longs[i].name = options[i].name;
		longs[i].has_arg = !!options[i].argument;
		longs[i].val = 256 + i;
		if (options[i].letter) {
			*s++ = options[i].letter;
			if (options[i].argument)
				*s++ = ':';
		}
	}
	*s = '\0';

	/* 0 makes getopt begin anew. */
	optind = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) >= 0) {
		if (c == ':')
			return usage_error(call->command,
					   "option '%s' needs an argument",
					   argv[optind - 1]);
		if (c == '?' && optopt && optopt < 256)
			return usage_error(call->command,
					   "unknown option '-%c'", optopt);
		if (c == '?' && optopt)
			return usage_error(call->command,
					   "option '--%s' takes no argument",
					   options[optopt - 256].name);
		if (c == '?')
			return usage_error(call->command, "unknown option '%s'",
					   argv[optind - 1]);

		for (info = options; info->name; info++)
			if (c == info->letter || c == 256 + info - options)
				break;
		call->given |= info->bit;
		if (info->bit == OPTION_OUTPUT)
			call->columns = optarg;
	}
	return EXIT_DONE;
}

static const struct command *find_command(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

static enum exit_code check_call(const struct call *call)
{
	const struct command *command = call->command;
	const struct option_info *info;
	unsigned int foreign = call->given & ~command->options;

	for (info = options; info->name; info++)
		if (foreign & info->bit)
			return usage_error(command, "it has no option '--%s'",
					   info->name);

	if (call->count < command->min)
		return usage_error(command, "%s is missing",
				   call->count ? "VECTOR" : "DEVICE");
	if (call->count > command->max)
		return usage_error(command, "unexpected argument '%s'",
				   call->arguments[command->max]);
	return EXIT_DONE;
}

static enum exit_code run(int argc, char **argv)
{
	struct call call = { 0 };
	enum exit_code code;

	code = take_options(&call, argc, argv, true);
	if (code)
		return code;
	argc -= optind;
	argv += optind;

	if (!(call.given & (OPTION_HELP | OPTION_VERSION))) {
		if (!argc)
			return usage_error(NULL, "no command given");
		call.command = find_command(argv[0]);
		if (!call.command)
			return usage_error(NULL, "unknown command '%s'",
					   argv[0]);

		code = take_options(&call, argc, argv, false);
		if (code)
			return code;
		call.count = argc - optind;
		call.arguments = argv + optind;
	}

	if (call.given & OPTION_VERSION) {
		printf("imsctl %s\n", IMS_VERSION);
		return EXIT_DONE;
	}
	if (call.given & OPTION_HELP) {
		if (call.command)
			help_command(stdout, call.command);
		else
			help_global(stdout);
		return EXIT_DONE;
	}

	code = check_call(&call);
	return code ? code : call.command->run(&call);
}

int main(int argc, char **argv)
{
	return finish_output(run(argc, argv));
}
