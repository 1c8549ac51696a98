// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that tell of the kernel and the host.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/doctor.h"

static const char *full_path(const char *path, char *buf)
{
	int len = snprintf(buf, PATH_MAX, "%s%s", system_root(), path);

	/* One that is too long is no file's. */
	return len < PATH_MAX ? buf : "";
}

FILE *open_file(const char *path)
{
	char buf[PATH_MAX];

	return fopen(full_path(path, buf), "re");
}

bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = open_file(path);
	bool read;

	if (!file)
		return false;

	read = fgets(line, size, file);
	if (read)
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
	return read;
}

bool file_has(const char *path, const char *text)
{
	FILE *file = open_file(path);
	bool has = false;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return false;

	while (!has && getline(&line, &size, file) >= 0)
		has = strstr(line, text);
	free(line);
	fclose(file);
	return has;
}

bool read_link(const char *path, char *name, size_t size)
{
	char buf[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t len;

	len = readlink(full_path(path, buf), target, sizeof(target) - 1);
	if (len < 0)
		return false;

	target[len] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : target);
	return true;
}

int may_use(const char *path)
{
	char buf[PATH_MAX];

	return access(full_path(path, buf), R_OK | W_OK) ? -errno : 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int list_directory(const char *path, char ***names)
{
	struct dirent **entries;
	char buf[PATH_MAX];
	int i, count;

	*names = NULL;
	count = scandir(full_path(path, buf), &entries, is_visible,
			versionsort);
	if (count < 0)
		return -errno;

	*names = calloc(count + 1, sizeof(**names));
	for (i = 0; i < count; i++) {
		if (*names)
			(*names)[i] = strdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	for (i = 0; *names && i < count; i++) {
		if ((*names)[i])
			continue;
		free_names(*names, count);
		*names = NULL;
	}
	return *names ? count : -ENOMEM;
}

void free_names(char **names, int count)
{
	int i;

	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

bool kernel_release(char *release, size_t size)
{
	return read_line("/proc/sys/kernel/osrelease", release, size);
}

/* Modules that are built in have no such file. */
bool module_is_loaded(const char *name)
{
	char path[PATH_MAX], line[32];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return read_line(path, line, sizeof(line)) && !strcmp(line, "live");
}
