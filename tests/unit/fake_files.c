// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"

#define FILES_MAX	16

struct fake_files fake_files;

static struct file {
	const char *path;
	const char *line;
} files[FILES_MAX];
static unsigned int num_files;

void fake_files_reset(void)
{
	memset(&fake_files, 0, sizeof(fake_files));
	num_files = 0;
}

void fake_files_add(const char *path, const char *line)
{
	if (num_files == FILES_MAX)
		abort();
	files[num_files++] = (struct file) { path, line };
}

/* What is behind directory @path and a slash; NULL if it is not in there. */
static const char *below(const struct file *file, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(file->path, path, len) || file->path[len] != '/')
		return NULL;
	return file->path + len + 1;
}

bool fake_files_has(const char *path)
{
	unsigned int i;

	for (i = 0; i < num_files; i++)
		if (!strcmp(files[i].path, path) || below(&files[i], path))
			return true;
	return false;
}

/* Files of one directory are to be added one after the other. */
int fake_files_list(const char *path,
		    int (*found)(void *data, const char *name), void *data)
{
	char name[64], last[64] = "";
	unsigned int i;
	int ret = 0;

	if (fake_files.list_error)
		return fake_files.list_error;
	if (!fake_files_has(path))
		return -ENOENT;
	for (i = 0; i < num_files && !ret; i++) {
		const char *rest = below(&files[i], path);

		if (!rest)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(rest, "/"),
			 rest);
		if (strcmp(name, last))
			ret = found(data, name);
		strcpy(last, name);
	}
	return ret;
}

int ims_sys_read_line(const char *path, char *line, size_t size)
{
	unsigned int i;

	if (fake_files.read_error)
		return fake_files.read_error;
	for (i = 0; i < num_files; i++) {
		if (strcmp(files[i].path, path))
			continue;
		snprintf(line, size, "%s", files[i].line);
		return 0;
	}
	return -ENOENT;
}

/* Of a host that is a directory, if there is one. */
ssize_t ims_sys_read_file(const char *path, char *data, size_t size)
{
	const char *root = getenv("IMS_FAKE_ROOT");
	char full[512];
	size_t len;
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root ? root : "/nonexistent", path);
	file = fopen(full, "re");
	if (!file)
		return -errno;
	len = fread(data, 1, size, file);
	fclose(file);
	return len;
}

int ims_sys_write_file(const char *path, const char *text)
{
	snprintf(fake_files.path, sizeof(fake_files.path), "%s", path);
	snprintf(fake_files.text, sizeof(fake_files.text), "%s", text);
	return fake_files.write_error;
}
