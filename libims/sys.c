// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The real system calls.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys.h"

#define CHECK(result)	((result) < 0 ? -errno : (result))

int ims_sys_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return CHECK(fd);
}

int ims_sys_close(int fd)
{
	int ret = close(fd);

	return CHECK(ret);
}

int ims_sys_dup(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return CHECK(copy);
}

int ims_sys_wait(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ready = poll(&poll_fd, 1, timeout_ms < 0 ? -1 : timeout_ms);

	if (ready < 0)
		return -errno;
	return ready ? 0 : -ETIMEDOUT;
}

int ims_sys_exists(const char *path)
{
	int ret = access(path, F_OK);

	return CHECK(ret);
}

ssize_t ims_sys_readlink(const char *path, char *buf, size_t size)
{
	ssize_t len = readlink(path, buf, size);

	return CHECK(len);
}

int ims_sys_stat(const char *path, struct stat *result)
{
	int ret = stat(path, result);

	return CHECK(ret);
}

int ims_sys_realpath(const char *path, char result[PATH_MAX])
{
	return realpath(path, result) ? 0 : -errno;
}

int ims_sys_list(const char *path, int (*found)(void *data, const char *name),
		 void *data)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return -errno;
	while (!ret) {
		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			ret = -errno;
			break;
		}
		if (entry->d_name[0] != '.')
			ret = found(data, entry->d_name);
	}
	closedir(dir);
	return ret;
}

int ims_sys_read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, line, size - 1);
	len = CHECK(len);
	close(fd);
	if (len < 0)
		return len;
	line[len] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

ssize_t ims_sys_read_file(const char *path, char *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t len = 0;

	if (fd < 0)
		return -errno;
	/* Files of /proc may come in pieces. */
	while (done < size && (len = read(fd, data + done, size - done)) > 0)
		done += len;
	len = CHECK(len);
	close(fd);
	return len < 0 ? len : (ssize_t)done;
}

int ims_sys_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return -errno;
	done = write(fd, text, strlen(text));
	done = CHECK(done);
	close(fd);
	return done < 0 ? done : 0;
}

size_t ims_sys_page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

int ims_sys_ioctl(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return CHECK(ret);
}

int ims_sys_mmap(int fd, uint64_t offset, size_t size, int prot, void **memory)
{
	void *result = mmap(NULL, size, prot, MAP_SHARED, fd, offset);

	if (result == MAP_FAILED)
		return -errno;
	*memory = result;
	return 0;
}

int ims_sys_munmap(void *memory, size_t size)
{
	int ret = munmap(memory, size);

	return CHECK(ret);
}

ssize_t ims_sys_pread(int fd, void *data, size_t size, uint64_t offset)
{
	ssize_t done = pread(fd, data, size, offset);

	return CHECK(done);
}

ssize_t ims_sys_pwrite(int fd, const void *data, size_t size, uint64_t offset)
{
	ssize_t done = pwrite(fd, data, size, offset);

	return CHECK(done);
}
