// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl: the command line.
 */
#include <locale.h>
#include <stdio.h>

#include "shared/call.h"

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

	choose_width(&call);
	code = check_call(&call);
	if (!code)
		code = choose_color(&call);
	return code ? code : call.command->run(&call);
}

int main(int argc, char **argv)
{
	/* Which characters can be printed, and nothing else. */
	setlocale(LC_CTYPE, "");
	return finish_output(run(argc, argv));
}
