// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The options of all verbs, and how they are taken off a command line.
 */
#include <getopt.h>
#include <string.h>

#include "shared/call.h"
#include "shared/guess.h"

const struct option_info options[NUM_OPTIONS] = {
	[OPTION_JSON] = { 'j', "json", NULL,
	  "print JSON" },
	[OPTION_OUTPUT] = { 'o', "output", "COLUMNS",
	  "print these columns; +COLUMNS adds to the usual ones;\n"
	  "\"help\" describes them" },
	[OPTION_NOHEADINGS] = { 0, "noheadings", NULL,
	  "print no line of headings" },
	[OPTION_FULL] = { 0, "full", NULL,
	  "leave out and cut nothing to fit the terminal" },
	[OPTION_STORE] = { 0, "store", NULL,
	  "NAME is a store's: the address of a PCI device" },
	[OPTION_STORES] = { 0, "stores", NULL,
	  "interrupt message stores" },
	[OPTION_CLOSED] = { 0, "closed", NULL,
	  "virtual devices of the host that nobody has open" },
	[OPTION_VECTORS] = { 0, "vectors", NULL,
	  "the vectors of all devices" },
	[OPTION_STATE] = { 0, "state", "LIST",
	  "vectors that are live, held, idle or absent" },
	[OPTION_BACKING] = { 0, "backing", "LIST",
	  "vectors that are backed by ims or emulated" },
	[OPTION_COOKIE] = { 0, "cookie", "LIST",
	  "those with one of these cookies, such as 0x1001" },
	[OPTION_OWNER] = { 0, "owner", "LIST",
	  "those opened by these processes: numbers or names" },
	[OPTION_VM] = { 0, "vm", "LIST",
	  "those opened by these virtual machines" },
	[OPTION_EVENT] = { 0, "event", "LIST",
	  "these events, such as vector-change, or vector" },
	[OPTION_NONZERO] = { 0, "nonzero", NULL,
	  "vectors that have counted an interrupt or signal" },
	[OPTION_SILENT] = { 0, "silent", "TIME",
	  "live vectors without interrupts for TIME: 90s, 2h" },
	[OPTION_STUCK] = { 0, "stuck", "TIME",
	  "vectors that have been masked for TIME" },
	[OPTION_PARENT] = { 0, "parent", "LIST",
	  "those on the stores of these PCI devices" },
	[OPTION_TOTAL] = { 0, "total", NULL,
	  "sums of the columns in a last line" },
	[OPTION_INTERRUPT] = { 0, "interrupt", NULL,
	  "raise the host's interrupt instead of the eventfd" },
	[OPTION_NOW] = { 0, "now", NULL,
	  "let it take effect at once, in a new slot if need be" },
	[OPTION_RESERVATION] = { 0, "reservation", "N",
	  "slots that are guaranteed to the device" },
	[OPTION_CPUS] = { 0, "cpus", "LIST",
	  "spread over these CPUs, such as 0-3,8" },
	[OPTION_NODE] = { 0, "node", "N",
	  "spread over the CPUs of a NUMA node" },
	[OPTION_DRY_RUN] = { 'n', "dry-run", NULL,
	  "let the kernel check everything and change nothing" },
	[OPTION_COUNT] = { 0, "count", "N", "end after N events, or N looks" },
	[OPTION_IDLE_TIMEOUT] = { 0, "idle-timeout", "S",
	  "end when nothing has happened for S seconds" },
	[OPTION_BANNER] = { 0, "banner", NULL,
	  "say \"listening\" when it does" },
	[OPTION_SYNC] = { 0, "sync", NULL,
	  "tell first what there is, then say \"synced\"" },
	[OPTION_BY] = { 0, "by", "KIND",
	  "rows of: device, vm, cpu, node, store; of top also:\n"
	  "vector; of list also: parent" },
	[OPTION_INTERVAL] = { 0, "interval", "S",
	  "look every S seconds, such as 0.5; else 1" },
	[OPTION_SORT] = { 0, "sort", "KEY",
	  "most of this column first, or with -KEY last;\n"
	  "\"help\" describes them" },
	[OPTION_PLAIN] = { 0, "plain", NULL,
	  "one table below the other, also on a terminal" },
	[OPTION_INPUT] = { 0, "input", "FILE",
	  "look at a file of \"imsctl capture\"; - is stdin" },
	[OPTION_VERBOSE] = { 'v', "verbose", NULL,
	  "a line for each finding, not for each cause" },
	[OPTION_WATCH] = { 0, "watch", "DIR",
	  "apply DIR/NAME.conf to devices that are opened" },
	[OPTION_COLOR] = { 0, "color", "auto|always|never",
	  "colours; auto is on terminals" },
	[OPTION_BATCH] = { 0, "batch", "FILE",
	  "run the commands of FILE, one on a line" },
	[OPTION_HELP] = { 'h', "help", NULL, "print this help" },
	[OPTION_VERSION] = { 'V', "version", NULL, "print the version" },
};

/* What getopt_long() returns for a long option, beyond all letters. */
#define LONG_VALUE	256

static enum option_id option_of(int c)
{
	int id;

	if (c >= LONG_VALUE)
		return c - LONG_VALUE;
	for (id = 0; options[id].letter != c; id++)
		;
	return id;
}

/* The nearest of those that the command has, or that stand before one. */
static enum exit_code unknown_option(const struct command *command,
				     const char *word)
{
	uint64_t known = command ? command_options(command) :
			 BATCH_OPTIONS | BIT(OPTION_BATCH) | COMMON_OPTIONS;
	char text[GUESS_SIZE];
	struct guess guess;
	int id;

	begin_guess(&guess, word + 2, strcspn(word + 2, "="));
	for (id = 0; id < NUM_OPTIONS; id++)
		if (known & BIT(id))
			try_guess(&guess, options[id].name);
	return usage_error(command, "unknown option '%s'%s", word,
			   guess_text(&guess, "--", text));
}

static enum exit_code refuse(const struct command *command, int c,
			     const char *word)
{
	if (c == ':')
		return usage_error(command, "option '%s' needs an argument",
				   word);
	if (optopt >= LONG_VALUE)
		return usage_error(command, "option '--%s' takes no argument",
				   options[optopt - LONG_VALUE].name);
	if (optopt)
		return usage_error(command, "unknown option '-%c'", optopt);
	return unknown_option(command, word);
}

/*
 * Takes options off @argv into @call, before the verb (@in_order, stops at the
 * first argument) and after it.
 */
enum exit_code take_options(struct call *call, int argc, char **argv,
			    bool in_order)
{
	struct option longs[NUM_OPTIONS + 1] = { 0 };
	char shorts[2 + 2 * NUM_OPTIONS + 1];
	char *s = shorts;
	int c, id;

	*s++ = in_order ? '+' : ':';
	if (in_order)
		*s++ = ':';
	for (id = 0; id < NUM_OPTIONS; id++) {
		longs[id].name = options[id].name;
		longs[id].has_arg = !!options[id].argument;
		longs[id].val = LONG_VALUE + id;
		if (options[id].letter) {
			*s++ = options[id].letter;
			if (options[id].argument)
				*s++ = ':';
		}
	}
	*s = '\0';

	/* 0 makes getopt begin anew. */
	optind = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) >= 0) {
		if (c == ':' || c == '?')
			return refuse(call->command, c, argv[optind - 1]);
		id = option_of(c);
		call->given |= BIT(id);
		if (optarg)
			call->values[id] = optarg;
	}
	return EXIT_DONE;
}
