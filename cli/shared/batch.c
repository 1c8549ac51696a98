// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl --batch: a file of commands. All of them are read before the first one
 * runs, so that a mistake in the last line changes nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/table.h"

/* So many are reported of a file that is something else. */
#define WRONG_MAX	10

/* A line that has a command. @call refers to @words, and these to @text. */
struct line {
	unsigned int number;
	char *text;
	char **words;
	struct call call;
};

struct batch {
	const char *file;
	/* What stands before --batch. */
	const struct call *common;
	struct line *lines;
	size_t count;
	unsigned int wrong;
};

static void free_line(struct line *line)
{
	free(line->words);
	free(line->text);
}

/*
 * Options of the batch, where the command has them, and they make sense for what
 * it is told to do. What the line says itself goes first.
 */
static enum exit_code add_common(const struct batch *batch, struct call *call)
{
	const struct command *command = call->command;
	const struct call *common = batch->common;
	enum effect effect = effect_of(call);
	uint64_t added;
	int id;

	if (effect == EFFECT_UNTRIED && has(common, OPTION_DRY_RUN))
		return usage_error(command,
				   "it cannot be tried: the batch goes without --dry-run, or without this line");

	added = common->given & call_options(call);
	added &= effect == EFFECT_NONE ? ~BIT(OPTION_DRY_RUN) : ~TABLE_OPTIONS;
	added &= ~call->given;
	for (id = 0; id < NUM_OPTIONS; id++)
		if (added & BIT(id))
			call->values[id] = common->values[id];
	call->given |= added;
	return EXIT_DONE;
}

/* Everything that can be said about it before it runs. */
static enum exit_code parse_words(const struct batch *batch, struct call *call,
				  int count, char **words)
{
	const uint64_t foreign = BIT(OPTION_HELP) | BIT(OPTION_VERSION) |
				 BIT(OPTION_BATCH);
	enum exit_code code;

	code = parse_call(call, count, words);
	if (!code && call->given & foreign)
		code = usage_error(call->command, "--%s does not go into a batch",
				   options[__builtin_ctzll(call->given &
							   foreign)].name);
	if (!code)
		code = check_call(call);
	if (!code)
		code = add_common(batch, call);
	if (!code)
		code = choose_color(call);
	choose_width(call);
	if (!code && call->command->check)
		code = call->command->check(call);
	return code;
}

/* Keeps what @line has if it is a command; @len is that of its text. */
static enum exit_code parse_line(struct batch *batch, struct line *line,
				 size_t len)
{
	static char program[] = "imsctl";
	enum exit_code code;
	struct line *lines;
	int count;

	if (strlen(line->text) != len)
		return problem(EXIT_USAGE, "a NUL byte");

	/* The program's name, a word in every second byte, and NULL. */
	line->words = calloc(len / 2 + 3, sizeof(*line->words));
	if (!line->words)
		return out_of_memory();
	if (!split_words(line->text, line->words + 1, &count))
		return problem(EXIT_USAGE, "a quote is not closed");
	if (!count)
		return EXIT_DONE;

	line->words[0] = program;
	code = parse_words(batch, &line->call, count + 1, line->words);
	if (code)
		return code;

	lines = reallocarray(batch->lines, batch->count + 1, sizeof(*lines));
	if (!lines)
		return out_of_memory();
	batch->lines = lines;
	batch->lines[batch->count++] = *line;
	*line = (struct line) { 0 };
	return EXIT_DONE;
}

/* Goes on when a line is wrong, but not for ever. */
static enum exit_code read_lines(struct batch *batch, FILE *in)
{
	enum exit_code code = EXIT_DONE;
	unsigned int number = 0;
	struct line line;
	size_t size;
	ssize_t len;

	while (!code && batch->wrong < WRONG_MAX) {
		line = (struct line) { .number = ++number };
		size = 0;
		len = getline(&line.text, &size, in);
		/* Half a batch is not run: there are more reasons than ferror(). */
		if (len < 0 && !feof(in))
			code = problem(EXIT_FAILED, "%s: %s", batch->file,
				       strerror(errno));
		if (len >= 0) {
			report_about(batch->file, number);
			code = parse_line(batch, &line, len);
			report_about(NULL, 0);
		}
		free_line(&line);
		if (len < 0)
			break;
		if (code == EXIT_USAGE) {
			batch->wrong++;
			code = EXIT_DONE;
		}
	}
	return code;
}

static enum exit_code read_file(struct batch *batch, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	enum exit_code code;
	FILE *in;

	batch->file = is_stdin ? "standard input" : name;
	in = is_stdin ? stdin : fopen(name, "re");
	if (!in)
		return problem(EXIT_FAILED, "%s: %s", name, strerror(errno));

	code = read_lines(batch, in);
	if (!is_stdin)
		fclose(in);
	if (!code && batch->wrong)
		code = problem(EXIT_USAGE, "%s: %snothing was run", batch->file,
			       batch->wrong < WRONG_MAX ? "" :
			       "too much is wrong; ");
	return code;
}

/* What is said when a signal ends the batch; a handler has nothing else. */
static const char *volatile end_text;

static void end_by_signal(int number)
{
	const char *text = end_text;
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
	signal(number, SIG_DFL);
	raise(number);
}

/* Unless it is ignored, as of what runs in the background. */
static void take_signal(int number)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) || action.sa_handler == SIG_IGN)
		return;
	action = (struct sigaction) { .sa_handler = end_by_signal };
	sigaction(number, &action, NULL);
}

/* The signals find the old text until the new one is whole. */
static void tell_signals(const struct batch *batch, size_t reached)
{
	static char texts[2][512];
	char *text = texts[reached % 2];

	snprintf(text, sizeof(texts[0]),
		 "imsctl: %.400s:%u: a signal ends the batch here: %zu of %zu commands not run",
		 batch->file, batch->lines[reached].number,
		 batch->count - reached - 1, batch->count);
	text_clean(text);
	strcat(text, "\n");
	end_text = text;
	if (!reached) {
		take_signal(SIGINT);
		take_signal(SIGTERM);
	}
}

static enum exit_code run_lines(const struct batch *batch)
{
	enum exit_code code = EXIT_DONE;
	size_t done = 0;

	while (!code && done < batch->count) {
		const struct line *line = &batch->lines[done];

		tell_signals(batch, done++);
		report_about(batch->file, line->number);
		code = finish_output(line->call.command->run(&line->call));
	}
	if (code && done < batch->count)
		problem(code, "the batch ends here: %zu of %zu commands not run",
			batch->count - done, batch->count);
	report_about(NULL, 0);
	return code;
}

enum exit_code run_batch(struct call *call)
{
	struct batch batch = { .common = call };
	uint64_t foreign = call->given & ~(BATCH_OPTIONS | BIT(OPTION_BATCH));
	enum exit_code code;
	size_t i;

	if (call->count)
		return usage_error(NULL,
				   "--batch takes the commands of FILE: leave out '%s'",
				   call->arguments[0]);
	if (foreign)
		return usage_error(NULL, "--batch goes without --%s",
				   options[__builtin_ctzll(foreign)].name);
	code = choose_color(call);
	if (!code)
		code = read_file(&batch, call->values[OPTION_BATCH]);
	if (!code)
		code = run_lines(&batch);
	for (i = 0; i < batch.count; i++)
		free_line(&batch.lines[i]);
	free(batch.lines);
	return code;
}
