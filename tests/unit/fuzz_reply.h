/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls whose replies are fuzzed, and what an input is made of:
 *
 *	one byte	the call, by its position below
 *	one byte	bit 0: the family is resolved from the input, too; else
 *			it is resolved as FUZZ_FAMILY
 *	datagrams	each a length of two bytes, low one first, and the bytes
 *
 * A message in a datagram whose sequence number is 0 gets that of the request:
 * no fuzzer would ever guess it.
 */
#ifndef FUZZ_REPLY_H
#define FUZZ_REPLY_H

#include <libims.h>

#define FUZZ_FAMILY	0x1d

/* Looks at all that was given, frees it, and returns what the call has. */
struct fuzz_call {
	const char *name;
	int (*call)(struct ims_ctx *ctx);
};

extern const struct fuzz_call fuzz_calls[];
extern const unsigned int fuzz_num_calls;

#endif /* FUZZ_REPLY_H */
