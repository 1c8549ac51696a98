// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl capture: all that the kernel tells as a file, for --input.
 */
#include <errno.h>
#include <string.h>

#include "commands/commands.h"
#include "objects/objects.h"
#include "shared/output_file.h"

static enum exit_code print(struct ims_ctx *ctx)
{
	int err = ims_capture_write(ctx, stdout);

	/* finish_output() has the words for that. */
	if (ferror(stdout))
		return EXIT_FAILED;
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code save(struct ims_ctx *ctx, const char *name)
{
	struct output_file file;
	enum exit_code code;
	int err;

	code = open_output(&file, name);
	if (code)
		return code;

	err = ims_capture_write(ctx, file.stream);
	/* That the list kept changing is worth a word, and no less a capture. */
	if (err && err != -EINTR) {
		code = ferror(file.stream) ?
		       problem(EXIT_FAILED, "%s: %s", name, strerror(-err)) :
		       failure(ctx, err);
		drop_output(&file);
		return code;
	}
	code = close_output(&file);
	return err && !code ? failure(ctx, err) : code;
}

static enum exit_code run(const struct call *call)
{
	struct ims_ctx *ctx;
	enum exit_code code;

	code = open_context(&ctx);
	if (code)
		return code;

	if (names_file(call, 0))
		code = save(ctx, call->arguments[0]);
	else
		code = print(ctx);
	ims_ctx_free(ctx);
	return code;
}

static enum effect effect(const struct call *call)
{
	return names_file(call, 0) ? EFFECT_UNTRIED : EFFECT_NONE;
}

const struct command command_capture = {
	.name = "capture",
	.arguments = "[FILE]",
	.summary = "write all there is into a file for --input",
	.help =
"Writes all that the kernel tells of stores, devices and vectors to FILE, or to\n"
"standard output. Commands that only look show it with --input FILE, on whatever\n"
"host and without the kernel module. It is JSON, see ims_capture(3). Cookies are\n"
"in it when the caller has CAP_SYS_ADMIN.",
	.max = 1,
	.effect = effect,
	.run = run,
};
