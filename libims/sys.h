/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The system calls that handles make. sys.c and host.c have the real ones; the
 * unit tests link a simulated system in their place, and libims-testing that of
 * host.c.
 *
 * As the system calls, but with a negative errno instead of -1.
 */
#ifndef LIBIMS_SYS_H
#define LIBIMS_SYS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* Who and when: the machine that the program runs on. */
struct ims_sys_host {
	/* CLOCK_MONOTONIC in nanoseconds. */
	uint64_t now;
	time_t date;
	char name[65];
	char kernel[65];
};

/* CLOCK_MONOTONIC in nanoseconds */
uint64_t ims_sys_now(void);
void ims_sys_host(struct ims_sys_host *host);
/* Is vfio_pci_ims loaded completely, whether this process can reach it or not? */
bool ims_sys_has_module(void);

int ims_sys_open(const char *path);
int ims_sys_close(int fd);
/* A second descriptor of the same file. */
int ims_sys_dup(int fd);
/*
 * Until @fd is readable or has an error: 0, or -ETIMEDOUT, -EINTR. Negative
 * times are for ever.
 */
int ims_sys_wait(int fd, int timeout_ms);
int ims_sys_exists(const char *path);
ssize_t ims_sys_readlink(const char *path, char *buf, size_t size);
/* Links are followed. */
int ims_sys_stat(const char *path, struct stat *result);
int ims_sys_realpath(const char *path, char result[PATH_MAX]);
/*
 * Call @found with the name of each entry of a directory that does not begin
 * with a dot, until it returns something else than 0, which is returned then.
 */
int ims_sys_list(const char *path, int (*found)(void *data, const char *name),
		 void *data);
/* The first line of a file, without its end; cut when it is too long. */
int ims_sys_read_line(const char *path, char *line, size_t size);
/* The first @size bytes of a file, or as many as there are: their number. */
ssize_t ims_sys_read_file(const char *path, char *data, size_t size);
/* All of @text in one write. */
int ims_sys_write_file(const char *path, const char *text);
/* A power of 2. */
size_t ims_sys_page_size(void);
int ims_sys_ioctl(int fd, unsigned long request, void *arg);
/* Shared, with @prot as mmap(2) has it. */
int ims_sys_mmap(int fd, uint64_t offset, size_t size, int prot, void **memory);
int ims_sys_munmap(void *memory, size_t size);
ssize_t ims_sys_pread(int fd, void *data, size_t size, uint64_t offset);
ssize_t ims_sys_pwrite(int fd, const void *data, size_t size, uint64_t offset);

#endif /* LIBIMS_SYS_H */
