// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Vectors of virtual devices.
 */
#include <errno.h>
#include <stdlib.h>

#include "list.h"
#include "vector_filter.h"

struct ims_vector_list {
	struct ims_list list;
};

static int compare(const void *a, const void *b)
{
	const struct ims_vector *x = a, *y = b;

	if (x->device_id != y->device_id)
		return x->device_id < y->device_id ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static int dump(struct ims_ctx *ctx, const struct ims_vector_filter *filter,
		struct ims_vector_list **list)
{
	char text[IMS_OBJECT_SIZE];
	const char *object = NULL;
	struct ims_vector_list *l;
	int err;

	if (filter->has_device) {
		ims_object_text(text, filter->device_name, 0, 0);
		object = text;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return ims_fail_errno(ctx, -ENOMEM, object, "listing vectors");

	l->list.set = &ims_vector_attrs;
	err = ims_list_dump(ctx, &l->list, ims_vector_filter_msg(filter),
			    object, compare);
	if (err && err != -EINTR)
		ims_vector_list_free(l);
	else
		*list = l;
	return err;
}

IMS_PUBLIC int ims_vector_list_get_by_device(struct ims_ctx *ctx,
					     const struct ims_device *device,
					     struct ims_vector_list **list)
{
	struct ims_vector_filter filter = { 0 };

	if (list)
		*list = NULL;
	if (!ctx || !device || !list)
		return -EINVAL;

	ims_vector_filter_set_device(&filter, device);
	return dump(ctx, &filter, list);
}

IMS_PUBLIC int ims_vector_list_get(struct ims_ctx *ctx,
				   struct ims_vector_list **list)
{
	const struct ims_vector_filter filter = { 0 };

	if (list)
		*list = NULL;
	if (!ctx || !list)
		return -EINVAL;

	return dump(ctx, &filter, list);
}

IMS_PUBLIC int
ims_vector_list_get_by_filter(struct ims_ctx *ctx,
			      const struct ims_vector_filter *filter,
			      struct ims_vector_list **list)
{
	if (list)
		*list = NULL;
	if (!ctx || !filter || !list)
		return -EINVAL;

	return dump(ctx, filter, list);
}

IMS_PUBLIC void ims_vector_list_free(struct ims_vector_list *list)
{
	if (!list)
		return;

	ims_list_end(&list->list);
	free(list);
}

IMS_PUBLIC int ims_vector_list_get_time(const struct ims_vector_list *list,
				    uint64_t *ns)
{
	return ims_list_time(list ? &list->list : NULL, ns);
}

IMS_PUBLIC size_t ims_vector_list_count(const struct ims_vector_list *list)
{
	return list ? list->list.count : 0;
}

IMS_PUBLIC const struct ims_vector *
ims_vector_list_at(const struct ims_vector_list *list, size_t position)
{
	return list ? ims_list_at(&list->list, position) : NULL;
}

IMS_PUBLIC int ims_vector_get(struct ims_ctx *ctx,
			      const struct ims_device *device, uint32_t index,
			      struct ims_vector **vector)
{
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	void *snapshot;
	int err;

	if (vector)
		*vector = NULL;
	if (!ctx || !device || !vector)
		return -EINVAL;

	ims_object_text(object, device->name, index, 1);
	msg = ims_nl_u32(ims_nl_msg(IMS_CMD_VECTOR_GET), IMS_A_VECTOR_DEVICE_ID,
			 device->id);
	msg = ims_nl_u32(msg, IMS_A_VECTOR_INDEX, index);
	err = ims_snapshot_get(ctx, &ims_vector_attrs, msg, object, &snapshot);
	*vector = snapshot;
	return err;
}

IMS_PUBLIC int ims_vector_copy(const struct ims_vector *vector,
			       struct ims_vector **copy)
{
	if (copy)
		*copy = NULL;
	if (!vector || !copy)
		return -EINVAL;

	*copy = malloc(sizeof(**copy));
	if (!*copy)
		return -ENOMEM;
	**copy = *vector;
	return 0;
}

IMS_PUBLIC void ims_vector_free(struct ims_vector *vector)
{
	free(vector);
}

IMS_PUBLIC const char *ims_vector_state_name(uint32_t state)
{
	switch (state) {
	case IMS_VECTOR_STATE_ABSENT:
		return "absent";
	case IMS_VECTOR_STATE_IDLE:
		return "idle";
	case IMS_VECTOR_STATE_HELD:
		return "held";
	case IMS_VECTOR_STATE_LIVE:
		return "live";
	default:
		return NULL;
	}
}

IMS_PUBLIC const char *ims_vector_backing_name(uint32_t backing)
{
	switch (backing) {
	case IMS_VECTOR_BACKING_IMS:
		return "ims";
	case IMS_VECTOR_BACKING_EMULATED:
		return "emulated";
	default:
		return NULL;
	}
}

static int u32(const struct ims_vector *vector, uint16_t type, uint32_t *value)
{
	return ims_attr_u32(&ims_vector_attrs, type, vector, value);
}

static int u64(const struct ims_vector *vector, uint16_t type, uint64_t *value)
{
	return ims_attr_u64(&ims_vector_attrs, type, vector, value);
}

IMS_PUBLIC const char *
ims_vector_get_device_name(const struct ims_vector *vector)
{
	return ims_attr_string(&ims_vector_attrs, IMS_A_VECTOR_DEVICE_NAME,
			       vector);
}

IMS_PUBLIC int ims_vector_get_device_id(const struct ims_vector *vector,
					uint32_t *id)
{
	return u32(vector, IMS_A_VECTOR_DEVICE_ID, id);
}

IMS_PUBLIC int ims_vector_get_index(const struct ims_vector *vector,
				    uint32_t *index)
{
	return u32(vector, IMS_A_VECTOR_INDEX, index);
}

IMS_PUBLIC int ims_vector_get_state(const struct ims_vector *vector,
				    uint32_t *state)
{
	return u32(vector, IMS_A_VECTOR_STATE, state);
}

IMS_PUBLIC int ims_vector_get_backing(const struct ims_vector *vector,
				      uint32_t *backing)
{
	return u32(vector, IMS_A_VECTOR_BACKING, backing);
}

IMS_PUBLIC int ims_vector_get_slot(const struct ims_vector *vector,
				   uint32_t *slot)
{
	return u32(vector, IMS_A_VECTOR_SLOT, slot);
}

IMS_PUBLIC int ims_vector_get_generation(const struct ims_vector *vector,
					 uint32_t *generation)
{
	return u32(vector, IMS_A_VECTOR_GENERATION, generation);
}

IMS_PUBLIC int ims_vector_get_handle(const struct ims_vector *vector,
				     uint32_t *handle)
{
	return u32(vector, IMS_A_VECTOR_HANDLE, handle);
}

IMS_PUBLIC int ims_vector_get_irq(const struct ims_vector *vector,
				  uint32_t *irq)
{
	return u32(vector, IMS_A_VECTOR_IRQ, irq);
}

IMS_PUBLIC int ims_vector_get_cpu(const struct ims_vector *vector,
				  uint32_t *cpu)
{
	return u32(vector, IMS_A_VECTOR_CPU, cpu);
}

IMS_PUBLIC const char *ims_vector_get_affinity(const struct ims_vector *vector)
{
	return ims_attr_string(&ims_vector_attrs, IMS_A_VECTOR_AFFINITY,
			       vector);
}

IMS_PUBLIC int ims_vector_get_rate_limit(const struct ims_vector *vector,
					 uint32_t *rate)
{
	return u32(vector, IMS_A_VECTOR_RATE_LIMIT, rate);
}

IMS_PUBLIC int ims_vector_get_cookie(const struct ims_vector *vector,
				     uint64_t *cookie)
{
	return u64(vector, IMS_A_VECTOR_COOKIE, cookie);
}

IMS_PUBLIC int ims_vector_get_pending_cookie(const struct ims_vector *vector,
					     uint64_t *cookie)
{
	return u64(vector, IMS_A_VECTOR_PENDING_COOKIE, cookie);
}

IMS_PUBLIC int ims_vector_get_delivered(const struct ims_vector *vector,
					uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_DELIVERED, count);
}

IMS_PUBLIC int ims_vector_get_loopback(const struct ims_vector *vector,
				       uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_LOOPBACK, count);
}

IMS_PUBLIC int ims_vector_get_signalled(const struct ims_vector *vector,
					uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_SIGNALLED, count);
}

IMS_PUBLIC int ims_vector_get_dropped(const struct ims_vector *vector,
				      uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_DROPPED, count);
}

IMS_PUBLIC int ims_vector_get_pended(const struct ims_vector *vector,
				     uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_PENDED, count);
}

IMS_PUBLIC int ims_vector_get_throttles(const struct ims_vector *vector,
					uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_THROTTLES, count);
}

IMS_PUBLIC int ims_vector_get_replaced(const struct ims_vector *vector,
				       uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_REPLACED, count);
}

IMS_PUBLIC int ims_vector_get_revocations(const struct ims_vector *vector,
					  uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_REVOCATIONS, count);
}

IMS_PUBLIC int ims_vector_get_failed(const struct ims_vector *vector,
				     uint64_t *count)
{
	return u64(vector, IMS_A_VECTOR_FAILED, count);
}

IMS_PUBLIC int ims_vector_get_since(const struct ims_vector *vector,
				    uint64_t *ns)
{
	return u64(vector, IMS_A_VECTOR_SINCE, ns);
}

IMS_PUBLIC int ims_vector_get_last(const struct ims_vector *vector,
				   uint64_t *ns)
{
	return u64(vector, IMS_A_VECTOR_LAST, ns);
}

IMS_PUBLIC int ims_vector_get_masked_since(const struct ims_vector *vector,
					   uint64_t *ns)
{
	return u64(vector, IMS_A_VECTOR_MASKED_SINCE, ns);
}

IMS_PUBLIC bool ims_vector_is_cookie_own(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_COOKIE_OWN, vector);
}

IMS_PUBLIC bool ims_vector_is_masked(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_MASKED, vector);
}

IMS_PUBLIC bool ims_vector_is_pending(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_PENDING, vector);
}

IMS_PUBLIC bool ims_vector_is_prepared(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_PREPARED, vector);
}

IMS_PUBLIC bool ims_vector_is_revoked(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_REVOKED, vector);
}

IMS_PUBLIC bool ims_vector_is_quiet(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_QUIET, vector);
}

IMS_PUBLIC bool ims_vector_is_rate_limit_own(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_RATE_LIMIT_OWN, vector);
}

IMS_PUBLIC bool ims_vector_is_throttled(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_THROTTLED, vector);
}

IMS_PUBLIC bool ims_vector_is_affinity_own(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_AFFINITY_OWN, vector);
}

IMS_PUBLIC bool ims_vector_is_affinity_broken(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_AFFINITY_BROKEN, vector);
}

IMS_PUBLIC bool ims_vector_is_bypassed(const struct ims_vector *vector)
{
	return ims_attr_flag(IMS_A_VECTOR_BYPASSED, vector);
}
