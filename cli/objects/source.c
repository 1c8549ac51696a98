// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whom verbs ask: this host's kernel, or if they only look and --input is given a
 * capture of whatever host.
 */
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "objects/objects.h"
#include "shared/clock.h"

static enum exit_code read_capture(struct ims_ctx *ctx, const char *file)
{
	bool is_stdin = !strcmp(file, "-");
	FILE *in = is_stdin ? stdin : fopen(file, "re");
	const char *name = is_stdin ? "standard input" : file;
	uint64_t now;
	int err;

	if (!in)
		return problem(EXIT_FAILED, "%s: %s", name, strerror(errno));
	err = ims_capture_read(ctx, in);
	if (!is_stdin)
		fclose(in);
	if (err)
		return problem(EXIT_FAILED, "%s: %s", name,
			       ims_error_get_message(ims_ctx_get_error(ctx)));

	/* How long ago something was is counted from then. */
	if (!ims_capture_get_time(ctx, &now))
		clock_stop(now);
	return EXIT_DONE;
}

/* The kernel may have something to say about a request that it carries out. */
static void warn(void *data, int priority, const char *text)
{
	(void)data;
	(void)priority;
	report_warning(text);
}

enum exit_code open_context(struct ims_ctx **ctx)
{
	int err = ims_ctx_new(ctx);

	if (err)
		return failure(NULL, err);

	ims_ctx_set_log(*ctx, warn, NULL, LOG_WARNING);
	vm_ask(*ctx);
	return EXIT_DONE;
}

enum exit_code open_source(const struct call *call, struct ims_ctx **ctx)
{
	enum exit_code code = open_context(ctx);

	if (code || !has(call, OPTION_INPUT))
		return code;

	code = read_capture(*ctx, call->values[OPTION_INPUT]);
	if (code)
		ims_ctx_free(*ctx);
	return code;
}
