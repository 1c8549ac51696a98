// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that are written: the old one or a whole new one, whatever happens.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/output_file.h"

bool names_file(const struct call *call, int argument)
{
	return call->count > argument && strcmp(call->arguments[argument], "-");
}

static enum exit_code file_problem(const char *name)
{
	return problem(EXIT_FAILED, "%s: %s", name, strerror(errno));
}

/*
 * What is no file, such as a pipe, is written to and not replaced. Of a link,
 * which may be /dev/stdout, the file is replaced that it leads to, if that has
 * a name.
 */
static bool is_replaced(struct output_file *file)
{
	struct stat st;

	if (stat(file->name, &st)) {
		snprintf(file->target, sizeof(file->target), "%s", file->name);
		return true;
	}
	return S_ISREG(st.st_mode) && realpath(file->name, file->target);
}

/* Cookies may be secret, so only the owner may read it: mkstemp(3) sees to it. */
static enum exit_code open_temporary(struct output_file *file)
{
	int fd;

	if (snprintf(file->temporary, sizeof(file->temporary), "%s.XXXXXX",
		     file->target) >= (int)sizeof(file->temporary)) {
		errno = ENAMETOOLONG;
		return file_problem(file->name);
	}
	fd = mkstemp(file->temporary);
	if (fd < 0)
		return file_problem(file->name);

	file->stream = fdopen(fd, "w");
	if (file->stream)
		return EXIT_DONE;
	close(fd);
	unlink(file->temporary);
	return out_of_memory();
}

enum exit_code open_output(struct output_file *file, const char *name)
{
	*file = (struct output_file) { .name = name };
	if (is_replaced(file))
		return open_temporary(file);

	file->stream = fopen(name, "we");
	return file->stream ? EXIT_DONE : file_problem(name);
}

/* False with errno. */
static bool finish(struct output_file *file)
{
	bool good;

	errno = 0;
	good = !fflush(file->stream) && !ferror(file->stream) &&
	       (!fsync(fileno(file->stream)) || errno == EINVAL ||
		errno == EROFS);
	/* An error that is older than this has left no errno. */
	if (!good && !errno)
		errno = EIO;
	return !fclose(file->stream) && good;
}

enum exit_code close_output(struct output_file *file)
{
	enum exit_code code;

	if (finish(file) &&
	    (!file->temporary[0] || !rename(file->temporary, file->target)))
		return EXIT_DONE;

	code = file_problem(file->name);
	if (file->temporary[0])
		unlink(file->temporary);
	return code;
}

void drop_output(struct output_file *file)
{
	fclose(file->stream);
	if (file->temporary[0])
		unlink(file->temporary);
}
