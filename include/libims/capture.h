/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capture: what the kernel tells, kept in a file for later or for elsewhere
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
 * Numbers are numbers, flags true, enumerations the words of ims.yaml. Cookies
 * are strings such as "0x1001", since many programs keep numbers as doubles.
 *
 * A string whose bytes are no UTF-8 has U+FFFD for each byte that is not part of a
 * character, and a member beside it, named with "-bytes" behind, that has all its
 * bytes in hexadecimal: "owner-comm": "a\ufffd", "owner-comm-bytes": "61ff".
 * Readers take these.
 *
 * What is left out, the kernel did not tell. Readers take numbers in the place
 * of words and cookies, and pass over keys that they do not know, so that later
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
 * ims_capture_write() - write all that the kernel tells as a capture
 * @ctx: context
 * @stream: where to write it
 *
 * Has all stores, virtual devices and vectors, absent ones too. Cookies are in
 * it when the caller has CAP_SYS_ADMIN. It takes four dumps, and is not one
 * moment: of objects that come and go meanwhile, some may be there and what
 * belongs to them not. Nothing is written before all has been read. @stream is
 * flushed and stays open. A context that has a capture writes that, with its
 * time and host.
 *
 * @return 0, or
 *	-EINVAL	an argument is NULL
 *	-EINTR	a dump was never undisturbed, see ims_vector_list_get_by_device(): the
 *		capture has been written, and may be incomplete
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
 * @text: where to put the capture; a NUL that does not count is behind it
 * @size: where to put its number of bytes
 *
 * @return As ims_capture_write(). With 0, and with -EINTR, *@text is to be freed
 *	with free(3).
 */
int ims_capture_write_buffer(struct ims_ctx *ctx, char **text, size_t *size);

/**
 * ims_capture_read() - let a context tell what is in a capture
 * @ctx: context
 * @stream: where to read it, to its end; stays open
 *
 * From now on, and for the context's life, what asks the kernel by netlink is
 * answered from the capture: lists, filters and look-ups of stores, devices and
 * vectors as at that time. What would change or signal something fails with
 * -EROFS, and ims_monitor_new() with -EOPNOTSUPP. ims_vfio_*(), ims_vdev_*(),
 * ims_parent_*() and ims_hotplug_*() do not ask by netlink, and are about this host as before.
 *
 * On failure the context is as it was.
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL, or @ctx has a capture already
 *	-EBUSY		@ctx has a monitor, or another handle that was opened
 *			through it
 *	-EBADMSG	it is no capture, a broken one, or has a version that the
 *			library does not know; the reason names line or entry
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
 *	ims_vector_get_last() and ims_vector_get_since() count by, too
 *
 * @return 0, or
 *	-EINVAL		an argument is NULL
 *	-ENODATA	@ctx has no capture, or that does not say
 */
int ims_capture_get_time(const struct ims_ctx *ctx, uint64_t *ns);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_CAPTURE_H */
