// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures as files: what is written when the kernel or the file disturbs it, and
 * other ways than a stream.
 */
#include "capture_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake_kernel.h"
#include "netlink.h"

static void files_fail(void **state)
{
	FILE *file = fopen("/dev/full", "w");
	char buffer[16];

	(void)state;
	assert_non_null(file);
	assert_int_equal(ims_capture_write(f.ctx, file), -ENOSPC);
	assert_reason(f.ctx, -ENOSPC, NULL, NULL,
		      "writing a capture: No space left on device");
	fclose(file);

	file = fopen("/", "r");
	assert_non_null(file);
	assert_int_equal(ims_capture_read(f.ctx, file), -EISDIR);
	assert_reason(f.ctx, -EISDIR, NULL, NULL,
		      "reading a capture: Is a directory");
	fclose(file);

	/* Nothing is written when there is nothing to be told. */
	fake_kernel.absent = true;
	memset(buffer, 0, sizeof(buffer));
	file = fmemopen(buffer, sizeof(buffer), "w");
	assert_int_equal(ims_capture_write(f.ctx, file), -EOPNOTSUPP);
	fclose(file);
	assert_int_equal(buffer[0], 0);
}

/* All of it is written, whichever of the four dumps may be incomplete. */
static void disturbed(void **state)
{
	unsigned int before;
	char *text;
	FILE *out;

	(void)state;
	write_capture();
	for (before = 0; before < 4; before++) {
		fake_kernel.undisturbed = before;
		fake_kernel.interrupts = IMS_DUMP_TRIES;
		out = open_memstream(&text, &f.size);
		assert_int_equal(ims_capture_write(f.ctx, out), -EINTR);
		fclose(out);
		assert_int_equal(fake_kernel.interrupts, 0);
		assert_string_equal(text, f.text);
		free(text);
	}
}

/* A context that tells of a capture asks the kernel no more, and has no socket. */
static void closes_the_socket(void **state)
{
	struct ims_device_list *list;

	(void)state;
	write_capture();
	assert_int_equal(ims_device_list_get(f.captured, &list), 0);
	ims_device_list_free(list);
	assert_int_equal(fake_kernel.opens, 2);
	assert_int_equal(fake_kernel.closes, 0);
	assert_int_equal(read_text(f.captured, f.text, f.size), 0);
	assert_int_equal(fake_kernel.closes, 1);
}

/* The same by a descriptor and in memory; both stay the caller's. */
static void other_ways(void **state)
{
	char path[] = "/tmp/ims-capture-XXXXXX", *text;
	struct ims_device *device;
	size_t size;
	int fd;

	(void)state;
	write_capture();
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ims_capture_write_fd(f.ctx, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), f.size);
	assert_int_equal(ims_capture_write_buffer(f.ctx, &text, &size), 0);
	assert_int_equal(size, f.size);
	assert_int_equal(text[size], '\0');

	assert_int_equal(ims_capture_read_buffer(f.captured, "", 0), -EBADMSG);
	assert_int_equal(ims_capture_read_fd(f.captured, fd), -EBADMSG);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(ims_capture_read_fd(f.captured, fd), 0);
	assert_int_equal(ims_device_get(f.captured, NAME_A, &device), 0);
	ims_device_free(device);
	assert_int_equal(close(fd), 0);
	ims_ctx_free(f.captured);
	assert_int_equal(ims_ctx_new(&f.captured), 0);
	assert_int_equal(ims_capture_read_buffer(f.captured, text, size), 0);
	assert_int_equal(ims_device_get(f.captured, NAME_A, &device), 0);
	ims_device_free(device);
	free(text);
}

static void other_ways_refused(void **state)
{
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(ims_capture_write_fd(f.ctx, -1), -EBADF);
	assert_reason(f.ctx, -EBADF, NULL, NULL,
		      "writing a capture: Bad file descriptor");
	assert_int_equal(ims_capture_read_fd(f.captured, -1), -EBADF);
	assert_reason(f.captured, -EBADF, NULL, NULL,
		      "reading a capture: Bad file descriptor");
	fake_kernel.absent = true;
	assert_int_equal(ims_capture_write_buffer(f.ctx, &text, &size),
			 -EOPNOTSUPP);
	assert_null(text);
	assert_int_equal(ims_capture_write_fd(NULL, 1), -EINVAL);
	assert_int_equal(ims_capture_read_fd(NULL, 0), -EINVAL);
	assert_int_equal(ims_capture_write_buffer(f.ctx, NULL, &size), -EINVAL);
	assert_int_equal(ims_capture_write_buffer(f.ctx, &text, NULL), -EINVAL);
	assert_int_equal(ims_capture_write_buffer(NULL, &text, &size), -EINVAL);
	assert_int_equal(ims_capture_read_buffer(f.captured, NULL, 1), -EINVAL);
	assert_int_equal(ims_capture_read_buffer(NULL, "", 1), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_fail),
		TEST(disturbed),
		TEST(closes_the_socket),
		TEST(other_ways),
		TEST(other_ways_refused),
	};

	return cmocka_run_group_tests_name("capture, file", tests, NULL, NULL);
}
