// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The system calls as they are, which other tests have simulated.
 */
#include "test.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sys.h"

static void host(void **state)
{
	uint64_t before = ims_sys_now();
	struct ims_sys_host host;
	struct utsname names;

	(void)state;
	memset(&host, 0x55, sizeof(host));
	ims_sys_host(&host);
	assert_int_equal(uname(&names), 0);
	assert_string_equal(host.name, names.nodename);
	assert_string_equal(host.kernel, names.release);
	assert_true(before && host.now >= before);
	assert_true(ims_sys_now() >= host.now);
	/* 2026 */
	assert_true(host.date > 1767225600);
}

static void descriptors(void **state)
{
	int fd = ims_sys_open("/dev/null"), copy;

	(void)state;
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	copy = ims_sys_dup(fd);
	assert_true(copy >= 0 && copy != fd);
	assert_true(fcntl(copy, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(ims_sys_close(copy), 0);
	assert_int_equal(ims_sys_close(fd), 0);
	assert_int_equal(ims_sys_close(fd), -EBADF);
	assert_int_equal(ims_sys_dup(fd), -EBADF);
	assert_int_equal(ims_sys_open("/proc/none"), -ENOENT);
}

/* Pipes: what comes, what does not, and what is cut off. */
static void files(void **state)
{
	char text[64], path[64];
	uint64_t word = 0;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[1]);
	assert_int_equal(ims_sys_wait(fds[0], 0), -ETIMEDOUT);
	assert_int_equal(ims_sys_write_file(path, "one\ntwo\n"), 0);
	assert_int_equal(ims_sys_wait(fds[0], -1), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	assert_int_equal(ims_sys_read_line(path, text, sizeof(text)), 0);
	assert_string_equal(text, "one");
	assert_int_equal(ims_sys_write_file("/dev/full", "x"), -ENOSPC);
	assert_int_equal(ims_sys_write_file("/proc/none", "x"), -ENOENT);

	/* In pieces, to the end of the file or of the buffer. */
	assert_int_equal(write(fds[1], "abc", 3), 3);
	assert_int_equal(ims_sys_read_file(path, text, 3), 3);
	assert_memory_equal(text, "abc", 3);
	assert_int_equal(ims_sys_read_file("/dev/null", text, 3), 0);
	assert_int_equal(ims_sys_read_file("/", text, 3), -EISDIR);
	assert_int_equal(ims_sys_read_line("/", text, 3), -EISDIR);
	assert_int_equal(ims_sys_read_line("/proc/none", text, 3), -ENOENT);

	/* Pipes have no positions. */
	assert_int_equal(ims_sys_pread(fds[0], &word, 8, 0), -ESPIPE);
	assert_int_equal(ims_sys_pwrite(fds[1], &word, 8, 0), -ESPIPE);
	assert_int_equal(ims_sys_exists(path), 0);
	assert_int_equal(ims_sys_exists("/proc/none"), -ENOENT);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests_name("sys", tests, NULL, NULL);
}
