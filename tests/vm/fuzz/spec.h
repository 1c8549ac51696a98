/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the netlink family takes, as ims.yaml has it. spec.py makes the tables.
 */
#ifndef TESTS_VM_FUZZ_SPEC_H
#define TESTS_VM_FUZZ_SPEC_H

#include <stdbool.h>
#include <stddef.h>

enum spec_type { SPEC_U32, SPEC_U64, SPEC_STRING, SPEC_FLAG, SPEC_PAD };

/*
 * @max_len: of a string, 0: not told
 * @entries: of its enumeration, 0: it has none
 * @multi: may be there several times
 */
struct spec_attr {
	const char *name;
	unsigned short number;
	enum spec_type type;
	unsigned int max_len;
	unsigned int entries;
	bool multi;
};

/* Which attributes of the operation's set a request may have; places in @attrs */
struct spec_request {
	bool exists;
	const unsigned char *taken;
	size_t nr_taken;
};

struct spec_op {
	const char *name;
	unsigned char number;
	const struct spec_attr *attrs;
	size_t nr_attrs;
	struct spec_request request[2];	/* do, dump */
};

extern const struct spec_op spec_ops[];
extern const unsigned int spec_nr_ops;

#endif /* TESTS_VM_FUZZ_SPEC_H */
