/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capture: the state that the kernel reports, in a file, to be examined later or on
 * another host
 *
 * <libims.h> has the rules that hold for all of the library.
 *
 * A capture is a JSON document (RFC 8259) with one object:
 *
 *	capture		1, the version of the format
 *	time-ns		when it was made: CLOCK_MONOTONIC of its host
 *	date		the same by the calendar: RFC 3339, UTC
 *	host, kernel	nodename and release of uname(2)
 *	stores, devices, vectors
 *			arrays of objects: the attributes of a reply of the
 *			family, by their names in ims.yaml; a device also has its
 *			"vm", see ims_device_find_vm(), if that was known
 *
 * Numbers are JSON numbers, flags are true, enumerations are the names of
 * ims.yaml. Cookies are strings such as "0x1001", since many programs keep numbers
 * as doubles.
 *
 * A string whose bytes are not UTF-8 has U+FFFD for each byte that is not part of a
 * character. Beside it is a member with "-bytes" appended to its name, which has all
 * bytes of the string in hexadecimal: "owner-comm": "a\ufffd",
 * "owner-comm-bytes": "61ff". Readers use the latter.
 *
 * An attribute is left out when the kernel did not report it. Readers accept numbers
 * in place of names and cookies, and ignore keys that they do not know, so that later
 * versions can have more of them.
 */
#ifndef LIBIMS_API_CAPTURE_H
#define LIBIMS_API_CAPTURE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <libims/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * ims_capture_write() - write all that the kernel reports as a capture
 * @ctx: context
 * @stream: where to write it
 *
 * A capture has all stores, virtual devices and vectors, including absent ones.
 * It has cookies when the caller has CAP_SYS_ADMIN. It takes four dumps, so it
 * does not show one moment: when objects come and go meanwhile, it may have an
 * object without what belongs to it. Nothing is written before all has been read.
 * @stream is flushed and stays open. If the context has a capture, that is
 * written, with its time and host.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 *	-EINTR	each attempt at a dump was disturbed by changes, see
 *		ims_vector_list_get_by_device(): the capture has been written, and
 *		may be incomplete
 *	other	the errno of writing to @stream
 */
int ims_capture_write(struct ims_ctx *ctx, FILE *stream);

/**
 * ims_capture_write_fd() - the same to a file descriptor
 * @ctx: context
 * @fd: file descriptor, stays open
 *
 * @return As ims_capture_write().
 */
int ims_capture_write_fd(struct ims_ctx *ctx, int fd);

/**
 * ims_capture_write_buffer() - the same into memory
 * @ctx: context
 * @text: where to put the capture; a NUL follows it
 * @size: where to put its number of bytes, without the NUL
 *
 * @return As ims_capture_write(). With 0, and with -EINTR, *@text is to be freed
 *	with free(3).
 */
int ims_capture_write_buffer(struct ims_ctx *ctx, char **text, size_t *size);

/**
 * ims_capture_read() - make a context answer from a capture
 * @ctx: context
 * @stream: where to read it, to its end; stays open
 *
 * From now on, and for the context's life, calls that would ask the kernel by
 * netlink are answered from the capture: lists, filters and look-ups of stores,
 * devices and vectors show the state at that time. Calls that would change or
 * signal something fail with -EROFS, and ims_monitor_new() with -EOPNOTSUPP.
 * ims_vfio_*(), ims_vdev_*(), ims_parent_*() and ims_hotplug_*() do not use
 * netlink, and are about this host as before.
 *
 * On failure the context is as it was.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, or @ctx has a capture already
 *	-EBUSY		@ctx has a monitor, or another handle that was opened
 *			through it
 *	-EBADMSG	it is not a capture, is a broken one, or has a version that
 *			the library does not know; the reason names the line or entry
 *	-ENOMEM		out of memory
 *	other		the errno of reading from @stream
 */
int ims_capture_read(struct ims_ctx *ctx, FILE *stream);

/**
 * ims_capture_read_fd() - the same from a file descriptor
 * @ctx: context
 * @fd: file descriptor, which is read to its end and stays open
 *
 * @return As ims_capture_read().
 */
int ims_capture_read_fd(struct ims_ctx *ctx, int fd);

/**
 * ims_capture_read_buffer() - the same from memory
 * @ctx: context
 * @text: capture
 * @size: its number of bytes
 *
 * @return As ims_capture_read().
 */
int ims_capture_read_buffer(struct ims_ctx *ctx, const void *text, size_t size);

/**
 * ims_capture_get_time() - when a context's capture was made
 * @ctx: context
 * @ns: where to put it: nanoseconds of its host's CLOCK_MONOTONIC, which
 *	ims_vector_get_last() and ims_vector_get_since() use, too
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	@ctx has no capture, or the capture has no time
 */
int ims_capture_get_time(const struct ims_ctx *ctx, uint64_t *ns);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_CAPTURE_H */
