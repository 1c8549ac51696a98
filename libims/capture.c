// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Contexts with a capture: they answer requests as the kernel would have.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

const char *const ims_capture_names[IMS_CAPTURE_PARTS] = {
	[IMS_CAPTURE_STORES] = "stores",
	[IMS_CAPTURE_DEVICES] = "devices",
	[IMS_CAPTURE_VECTORS] = "vectors",
};

static const struct ims_attr_set *const sets[IMS_CAPTURE_PARTS] = {
	[IMS_CAPTURE_STORES] = &ims_store_attrs,
	[IMS_CAPTURE_DEVICES] = &ims_device_attrs,
	[IMS_CAPTURE_VECTORS] = &ims_vector_attrs,
};

void ims_capture_init(struct ims_capture *capture)
{
	int part;

	memset(capture, 0, sizeof(*capture));
	for (part = 0; part < IMS_CAPTURE_PARTS; part++)
		capture->lists[part].set = sets[part];
}

void ims_capture_end(struct ims_capture *capture)
{
	int part;

	for (part = 0; part < IMS_CAPTURE_PARTS; part++)
		ims_list_end(&capture->lists[part]);
	free(capture->vms);
}

int ims_capture_find_vm(const struct ims_capture *capture, uint32_t device_id,
			char *name)
{
	size_t i;

	for (i = 0; i < capture->num_vms; i++) {
		if (capture->vms[i].device_id != device_id)
			continue;
		strcpy(name, capture->vms[i].name);
		return 0;
	}
	return -ENODATA;
}

IMS_PUBLIC int ims_capture_get_time(const struct ims_ctx *ctx, uint64_t *ns)
{
	if (!ctx || !ns)
		return -EINVAL;
	if (!ctx->capture || !ctx->capture->origin.has_time)
		return -ENODATA;

	*ns = ctx->capture->origin.time;
	return 0;
}

static struct nlattr *find(const struct nl_msg *request, int type)
{
	return nlmsg_find_attr(nlmsg_hdr((struct nl_msg *)request), GENL_HDRLEN,
			       type);
}

/* As the kernel, which does not count what replaced an eventfd, or failed. */
static bool has_counted(const struct ims_vector *vector)
{
	static const uint16_t counts[] = {
		IMS_A_VECTOR_DELIVERED, IMS_A_VECTOR_LOOPBACK,
		IMS_A_VECTOR_SIGNALLED, IMS_A_VECTOR_DROPPED,
		IMS_A_VECTOR_PENDED,
	};
	uint64_t count;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (!ims_attr_u64(&ims_vector_attrs, counts[i], vector,
				  &count) && count)
			return true;
	return false;
}

/* What a request says without naming a value of an object. */
static bool passes(const struct nl_msg *request, const struct ims_vector *vector,
		   bool dump)
{
	uint32_t state;

	if (find(request, IMS_A_VECTOR_NONZERO) && !has_counted(vector))
		return false;
	/* Absent ones are dumped on request only. */
	return !dump || find(request, IMS_A_VECTOR_STATE) ||
	       ims_vector_get_state(vector, &state) ||
	       state != IMS_VECTOR_STATE_ABSENT;
}

/*
 * Names, numbers and conditions of a request are the values that an object must
 * have.
 */
static bool fits(const struct nl_msg *request, const struct ims_attr_set *set,
		 const void *snapshot)
{
	uint16_t type;

	for (type = 1; type <= set->max; type++) {
		const struct nlattr *nla = find(request, type);

		if (nla && set->attrs[type].size &&
		    !ims_attr_equals(set, type, snapshot, nla))
			return false;
	}
	return true;
}

static int answer_one(struct ims_ctx *ctx, const struct ims_nl_op *op,
		      const void *snapshot)
{
	const struct nlmsghdr *request = nlmsg_hdr(op->msg);
	const struct genlmsghdr *genl = nlmsg_data(request);
	struct nl_msg *msg;
	int err;

	msg = ims_attr_put(op->attrs, snapshot, ims_nl_msg(genl->cmd));
	if (!msg)
		return ims_fail_errno(ctx, -ENOMEM, op->object, "reading");
	err = op->reply(ctx, op, nlmsg_hdr(msg));
	nlmsg_free(msg);
	return err;
}

/* Is a request about the vectors of a device that is not there? */
static bool lacks_device(const struct ims_capture *capture,
			 const struct nl_msg *request)
{
	const struct nlattr *id = find(request, IMS_A_VECTOR_DEVICE_ID);
	const struct ims_list *list = &capture->lists[IMS_CAPTURE_DEVICES];
	size_t i;

	if (!id)
		return false;
	for (i = 0; i < list->count; i++)
		if (ims_attr_equals(list->set, IMS_A_DEVICE_ID,
				    ims_list_at(list, i), id))
			return false;
	return true;
}

static int no_match(struct ims_ctx *ctx, const struct ims_nl_op *op,
		    enum ims_capture_part part, bool dump)
{
	bool of_vector = part == IMS_CAPTURE_VECTORS;

	if (part == IMS_CAPTURE_STORES && !dump)
		return ims_fail(ctx, -ENODEV, op->object, NULL,
				"the capture has no such store");
	if (of_vector ? lacks_device(ctx->capture, op->msg) : !dump)
		return ims_fail(ctx, -ENODEV, op->object, NULL,
				"the capture has no such virtual device");
	if (of_vector && !dump)
		return ims_fail(ctx, -ENOENT, op->object,
				ims_attr_name(op->attrs, IMS_A_VECTOR_INDEX),
				"the capture has no such vector");
	return 0;
}

/* The kernel refuses a state or backing that it does not know. */
static int check_words(struct ims_ctx *ctx, const struct ims_nl_op *op)
{
	uint16_t type;

	for (type = 1; type <= op->attrs->max; type++) {
		const struct ims_attr *attr = &op->attrs->attrs[type];
		const struct nlattr *nla = find(op->msg, type);

		if (nla && attr->word && !attr->word(nla_get_u32(nla)))
			return ims_fail(ctx, -ERANGE, op->object, attr->name,
					"there is no %s %u", attr->name,
					nla_get_u32(nla));
	}
	return 0;
}

int ims_capture_answer(struct ims_ctx *ctx, const struct ims_nl_op *op,
		       bool dump)
{
	const struct genlmsghdr *genl = nlmsg_data(nlmsg_hdr(op->msg));
	enum ims_capture_part part;
	const struct ims_list *list;
	size_t i, found = 0;
	int err;

	switch (genl->cmd) {
	case IMS_CMD_STORE_GET:
		part = IMS_CAPTURE_STORES;
		break;
	case IMS_CMD_DEVICE_GET:
		part = IMS_CAPTURE_DEVICES;
		break;
	case IMS_CMD_VECTOR_GET:
		part = IMS_CAPTURE_VECTORS;
		break;
	default:
		return ims_fail(ctx, -EROFS, op->object, NULL,
				"this is a capture, which cannot be changed");
	}

	err = check_words(ctx, op);
	list = &ctx->capture->lists[part];
	for (i = 0; i < list->count && !err; i++) {
		const void *snapshot = ims_list_at(list, i);

		if (!fits(op->msg, list->set, snapshot) ||
		    (part == IMS_CAPTURE_VECTORS &&
		     !passes(op->msg, snapshot, dump)))
			continue;
		found++;
		err = answer_one(ctx, op, snapshot);
	}
	return err || found ? err : no_match(ctx, op, part, dump);
}
