// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl save: the configuration of a device as a file.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

static enum exit_code file_problem(const char *file)
{
	return problem(EXIT_FAILED, "%s: %s", file, strerror(errno));
}

/* False with errno. Closes @out. */
static bool write_to(FILE *out, const struct config *config)
{
	bool good;

	config_print(out, config);
	good = !fflush(out) && !ferror(out) &&
	       (!fsync(fileno(out)) || errno == EINVAL || errno == EROFS);
	return !fclose(out) && good;
}

/* What is no file, such as a pipe, is written to and not replaced. */
static bool is_file(const char *file)
{
	struct stat st;

	return stat(file, &st) || S_ISREG(st.st_mode);
}

/*
 * The old file or the new one, whatever happens. Cookies may be secret, so only
 * the owner may read it.
 */
static enum exit_code replace(const char *file, const struct config *config)
{
	char temporary[PATH_MAX];
	enum exit_code code;
	FILE *out;
	int fd;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", file) >=
	    (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return file_problem(file);
	}
	fd = mkstemp(temporary);
	if (fd < 0)
		return file_problem(file);

	out = fdopen(fd, "w");
	if (!out)
		close(fd);
	if (out && write_to(out, config) && !rename(temporary, file))
		return EXIT_DONE;
	code = file_problem(file);
	unlink(temporary);
	return code;
}

static enum exit_code save(const char *file, const struct config *config)
{
	FILE *out;

	if (is_file(file))
		return replace(file, config);

	out = fopen(file, "we");
	if (!out || !write_to(out, config))
		return file_problem(file);
	return EXIT_DONE;
}

static enum exit_code print(const struct call *call,
			    const struct config *config)
{
	if (has(call, OPTION_JSON))
		return config_print_json(NULL, config);
	if (call->count > 1 && strcmp(call->arguments[1], "-"))
		return save(call->arguments[1], config);

	config_print(stdout, config);
	return EXIT_DONE;
}

static enum exit_code run(const struct call *call)
{
	struct ims_device *device;
	struct config config;
	struct ims_ctx *ctx;
	enum exit_code code;

	if (has(call, OPTION_JSON) && call->count > 1)
		return usage_error(call->command,
				   "--json goes without FILE: it is not read back");
	code = open_context(&ctx);
	if (code)
		return code;

	code = find_device(ctx, call->command, call->arguments[0], &device);
	if (!code) {
		code = config_get(ctx, device, &config);
		if (!code) {
			code = print(call, &config);
			config_free(&config);
		}
		ims_device_free(device);
	}
	ims_ctx_free(ctx);
	return code;
}

const struct command command_save = {
	.name = "save",
	.arguments = "DEVICE [FILE]",
	.summary = "print or save the configuration of a device",
	.help =
"Writes limit, reservation and cookies of a device, in a form to be edited and\n"
"given to \"imsctl apply\" and \"imsctl diff\". Without FILE, to standard output.\n"
"DEVICE is a device's name, the beginning of one, or its parent's address.\n"
"Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_JSON),
	.min = 1,
	.max = 2,
	.tables = { &setting_table },
	.run = run,
};
