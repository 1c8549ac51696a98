/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the library's own files share about contexts and errors.
 */
#ifndef LIBIMS_INTERNAL_H
#define LIBIMS_INTERNAL_H

#include <syslog.h>

#include <libims.h>

#define IMS_PUBLIC		__attribute__((visibility("default")))
#define IMS_PRINTF(fmt, args)	__attribute__((format(printf, fmt, args)))

/* Long enough for "device <name>: vectors 4294967295-4294967295". */
#define IMS_OBJECT_SIZE		(IMS_NAME_MAX + 48)

/* Long enough for a list of eight candidates of the longest name. */
#define IMS_TEXT_SIZE		1280

struct ims_error {
	int err;
	char attribute[32];
	char object[IMS_OBJECT_SIZE];
	char text[IMS_TEXT_SIZE];
	char message[IMS_OBJECT_SIZE + 2 + IMS_TEXT_SIZE];
};

struct ims_capture;
struct ims_transport;

struct ims_ctx {
	/* One for the caller, one for each VFIO handle. */
	unsigned int refs;

	ims_log_fn log_fn;
	void *log_data;
	int log_priority;

	bool has_error;
	struct ims_error error;

	/* Owned by netlink.c. Both are found out when first needed. */
	struct ims_transport *transport;
	uint16_t family;
	/* Its multicast group, 0 if it has none. */
	/* Multicast groups, 0 if the family has none: with cookies, and without. */
	uint32_t events_group;
	uint32_t public_group;
	uint32_t seq;

	/* What it tells in the kernel's place; NULL: asks the kernel. */
	struct ims_capture *capture;
};

struct ims_ctx *ims_ctx_ref(struct ims_ctx *ctx);

void ims_log(struct ims_ctx *ctx, int priority, const char *fmt, ...)
	IMS_PRINTF(3, 4);

/*
 * Remember why a call fails, and return @err so that "return ims_fail(...)"
 * works. @object and @attribute may be NULL.
 */
int ims_fail(struct ims_ctx *ctx, int err, const char *object,
	     const char *attribute, const char *fmt, ...) IMS_PRINTF(5, 6);

/* As ims_fail(), with "@what: <text of the errno>" as the reason. */
int ims_fail_errno(struct ims_ctx *ctx, int err, const char *object,
		   const char *what);

/* "device X", or with count > 0 "device X: vector 7", "... vectors 4-7". */
void ims_object_text(char text[IMS_OBJECT_SIZE], const char *device,
		     uint32_t first, uint64_t count);

/* "store X" */
void ims_store_text(char text[IMS_OBJECT_SIZE], const char *store);

/* 0, or -EINVAL when @flags has something beyond enum ims_flags. */
int ims_check_flags(struct ims_ctx *ctx, const char *object,
		    unsigned int flags);

/* strerror() for a negative errno, without its static buffer. */
const char *ims_strerror(int err, char *buf, size_t size);

#endif /* LIBIMS_INTERNAL_H */
