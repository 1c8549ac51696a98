/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a context tells that has read a capture.
 */
#ifndef LIBIMS_CAPTURE_H
#define LIBIMS_CAPTURE_H

#include "list.h"
#include "netlink.h"

/* Version of the format: see <libims/capture.h>. */
#define IMS_CAPTURE_VERSION	1

enum ims_capture_part {
	IMS_CAPTURE_STORES,
	IMS_CAPTURE_DEVICES,
	IMS_CAPTURE_VECTORS,
	IMS_CAPTURE_PARTS
};

/* Who was captured, and when. Strings are empty when it does not say. */
struct ims_capture_origin {
	bool has_time;
	uint64_t time;
	char date[32];
	char host[65];
	char kernel[65];
};

/* The virtual machine that had a device open, which no reply of the kernel has. */
struct ims_capture_vm {
	uint32_t device_id;
	char name[IMS_VM_NAME_MAX + 1];
};

struct ims_capture {
	struct ims_list lists[IMS_CAPTURE_PARTS];
	struct ims_capture_vm *vms;
	size_t num_vms;
	struct ims_capture_origin origin;
};

/* A part's name in the file. */
extern const char *const ims_capture_names[IMS_CAPTURE_PARTS];

void ims_capture_init(struct ims_capture *capture);
void ims_capture_end(struct ims_capture *capture);

/* The name, of IMS_VM_NAME_MAX bytes and a NUL: 0, or -ENODATA. */
int ims_capture_find_vm(const struct ims_capture *capture, uint32_t device_id,
			char *name);

/*
 * What ims_nl_do() and ims_nl_dump() do with the kernel: hand the replies of a
 * request to its op.
 */
int ims_capture_answer(struct ims_ctx *ctx, const struct ims_nl_op *op,
		       bool dump);

#endif /* LIBIMS_CAPTURE_H */
