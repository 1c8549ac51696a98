// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl completion: scripts for shells.
 */
#include <string.h>

#include "commands/commands.h"
#include "completion/completion.h"
#include "objects/event_row.h"
#include "objects/groups.h"
#include "top/top.h"

static const struct completion_kind kinds[] = {
	{ "COLUMNS", "columns" },
	{ "COMMAND", "command" },
	{ "DEVICE", "device" },
	{ "DIR", "directory" },
	{ "FILE", "file" },
	{ "NAME", "name" },
	{ "OWNERS", "owner" },
	{ "PARENTS", "parent" },
	{ "VECTOR", "vector" },
	{ "VECTORS", "vectors" },
	{ "VECTORS|default", "cookies" },
};

const struct completion_kind *completion_kind(const char *argument, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].argument) == len &&
		    !strncmp(kinds[i].argument, argument, len))
			return &kinds[i];
	return NULL;
}

const struct completion_kind *option_kind(enum option_id id)
{
	const char *argument = options[id].argument;

	/* Of the lists, those whose words are not known beforehand. */
	if (id == OPTION_OWNER)
		argument = "OWNERS";
	if (id == OPTION_PARENT)
		argument = "PARENTS";
	return argument ? completion_kind(argument, strlen(argument)) : NULL;
}

/* What top and list have rows of. */
static const char *by_word(uint32_t number)
{
	if (number == NUM_TOP_BY)
		return group_kind_name(GROUP_PARENT);
	return top_by_name(number);
}

const char *(*option_words(enum option_id id))(uint32_t number)
{
	switch (id) {
	case OPTION_STATE:
		return ims_vector_state_name;
	case OPTION_BACKING:
		return ims_vector_backing_name;
	case OPTION_EVENT:
		return event_word;
	case OPTION_BY:
		return by_word;
	default:
		return NULL;
	}
}

const char *next_argument(const char *text, const char **name, size_t *len)
{
	text += strspn(text, " []");
	if (!*text)
		return NULL;

	*name = text;
	*len = strcspn(text, " []");
	return text + *len;
}

static enum exit_code run(const struct call *call)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {
		{ "bash", print_bash_completion },
		{ "fish", print_fish_completion },
		{ "zsh", print_zsh_completion },
	};
	size_t i;

	for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, call->arguments[0]))
			continue;
		shells[i].print();
		return EXIT_DONE;
	}
	return usage_error(call->command, "'%s' is none of bash, fish and zsh",
			   call->arguments[0]);
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "bash|fish|zsh",
	.summary = "print a shell's completion script",
	.help =
"Prints the script by which bash, fish or zsh completes imsctl's command lines.\n"
"It is installed where the shells look for it. To try it in a running bash:\n"
"  . <(imsctl completion bash)\n"
"Needs no kernel module.",
	.min = 1,
	.max = 1,
	.run = run,
};
