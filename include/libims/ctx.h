/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * context: a handle, with the log and the reason of the last failure. Also what
 * all calls share: the flags of a change, the version of the library.
 *
 * <libims.h> has the rules that hold for all of the library.
 */
#ifndef LIBIMS_API_CTX_H
#define LIBIMS_API_CTX_H

#ifdef __cplusplus
extern "C" {
#endif

struct ims_ctx;
struct ims_error;

/**
 * enum ims_flags - how a change is made
 * @IMS_VALIDATE_ONLY: the kernel makes all checks, answers as it would, and
 *	changes nothing. Success promises nothing about later: others may take
 *	what was free.
 */
enum ims_flags {
	IMS_VALIDATE_ONLY = 1 << 0,
};

/**
 * ims_version() - version of the library that runs
 *
 * @return Static string, three numbers with dots between them.
 */
const char *ims_version(void);

/**
 * ims_ctx_new() - make a context
 * @ctx: where to put it
 *
 * Does not talk to the kernel: the netlink socket is opened by the first call that
 * needs it, so this works without kernel module and privilege.
 *
 * @return 0 and a context to be freed with ims_ctx_free(), or
 *	-EINVAL	@ctx is NULL
 *	-ENOMEM	out of memory
 */
int ims_ctx_new(struct ims_ctx **ctx);

/**
 * ims_ctx_free() - free a context
 * @ctx: context or NULL
 *
 * VFIO handles, monitors and hotplug handles that were made with it stay usable.
 */
void ims_ctx_free(struct ims_ctx *ctx);

/**
 * ims_log_fn - receiver of log messages
 * @data: what was given to ims_ctx_set_log()
 * @priority: LOG_ERR to LOG_DEBUG of syslog(3)
 * @text: one line without newline, borrowed for the time of the call
 *
 * Must not call back into the library with the same context.
 */
typedef void (*ims_log_fn)(void *data, int priority, const char *text);

/**
 * ims_ctx_set_log() - receive the library's log messages
 * @ctx: context
 * @fn: receiver; NULL, the initial state, for silence
 * @data: passed to @fn
 * @priority: least urgent priority to pass on, LOG_DEBUG for everything
 *
 * @return 0, or
 *	-EINVAL	@ctx is NULL or @priority is not one of syslog(3)
 */
int ims_ctx_set_log(struct ims_ctx *ctx, ims_log_fn fn, void *data,
		    int priority);

/**
 * ims_ctx_get_error() - the reason of the last failure
 * @ctx: context
 *
 * Like errno: set by failure, left alone by success. It covers calls on this
 * context and on VFIO handles opened through it.
 *
 * @return Borrowed until the next call on the context or such a handle; NULL
 *	when nothing has failed yet or @ctx is NULL.
 */
const struct ims_error *ims_ctx_get_error(const struct ims_ctx *ctx);

/**
 * ims_error_get_errno() - the errno that the failed call returned
 * @error: error
 *
 * @return The negative errno; -EINVAL if @error is NULL.
 */
int ims_error_get_errno(const struct ims_error *error);

/**
 * ims_error_get_text() - the reason: the kernel's text if there is one
 * @error: error
 *
 * @return Borrowed, such as "vector 7 has no trigger", never empty; NULL if
 *	@error is NULL.
 */
const char *ims_error_get_text(const struct ims_error *error);

/**
 * ims_error_get_attribute() - netlink attribute that the kernel points at
 * @error: error
 *
 * @return Borrowed name as in the specification, such as "index"; NULL when the
 *	kernel points at none.
 */
const char *ims_error_get_attribute(const struct ims_error *error);

/**
 * ims_error_get_object() - the object that the failed call was about
 * @error: error
 *
 * @return Borrowed, such as "device X: vector 7" or "device X: vectors 4-7";
 *	NULL when the call was about no object in particular.
 */
const char *ims_error_get_object(const struct ims_error *error);

/**
 * ims_error_get_message() - object and text in one line
 * @error: error
 *
 * @return Borrowed, such as "device X: vector 7 has no trigger",
 *	ready to be printed after a program's name; NULL if @error is NULL.
 */
const char *ims_error_get_message(const struct ims_error *error);

#ifdef __cplusplus
}
#endif

#endif /* LIBIMS_API_CTX_H */
