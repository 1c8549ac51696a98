// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of verbs.
 */
#include <string.h>

#include "commands/commands.h"

/* In the order of help. */
const struct command *const commands[] = {
	&command_list,
	&command_show,
	&command_trigger,
	&command_cookie,
	&command_affinity,
	&command_stats,
	&command_limit,
	&command_quiet,
	&command_rate,
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
