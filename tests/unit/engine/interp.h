/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes as operations: each record of 16 bytes is one, done to the engine and
 * to the model, which are then compared. The first record says what the store
 * is like. Any bytes are a valid sequence, and so is any part of one.
 *
 *	0	operation, by a table of weights
 *	1	bits 0-1 device, bits 2-7 index
 *	2-4	arguments
 *	5-12	payload: fds or bools
 *	13	variants
 *	14-15	failure to be injected: what, at the how-manyth (0: none)
 */
#ifndef _ENGINE_INTERP_H
#define _ENGINE_INTERP_H

#include <stddef.h>

#include <linux/types.h>

#define RECORD	16

/*
 * Run @size bytes. @trace: print each operation. The number of steps that were
 * done, or with *@error set the one (from 0) that went wrong.
 */
size_t interp_run(const u8 *bytes, size_t size, bool trace, const char **error);

#endif
