/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw messages to the family, for cases that send what libims never sends.
 */
#ifndef TESTS_VM_RAW_H
#define TESTS_VM_RAW_H

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "case.h"

/* Once, before the others; a failure ends the test. */
void raw_open(void);
void raw_close(void);

struct nl_msg *raw_request(uint8_t cmd, int flags);

/* The kernel's answer to @msg, which is freed: errno, text, blamed offset. */
int raw_ask(struct nl_msg *msg, char *text, size_t size, uint32_t *offset);

/* @msg gives @err, a text that holds @part, and blames an attribute or none. */
#define assert_refused(msg, err, part, blamed) do {			\
	char text[256];							\
	uint32_t offset;						\
									\
	assert_int_equal(raw_ask(msg, text, sizeof(text), &offset), err);	\
	if (!strstr(text, part))					\
		fail_msg("\"%s\" does not hold \"%s\"", text, part);	\
	assert_int_equal(!!offset, blamed);				\
} while (0)

#endif /* TESTS_VM_RAW_H */
