// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: what the netlink family tells. It tells all of it, or fails.
 */
#include <string.h>

#include <linux/netlink.h>

#include "netlink.h"

static const struct request *request;
static struct answer unfailed;

static void will_get(struct wq *wq)
{
	if (!wq->vfio)
		two_live(wq);
	netlink_tell(request);
	unfailed = answer;
	netlink_will_ask(request);
}

static unsigned int objects_wanted;

static void is_answered(struct wq *wq, const struct picture *before)
{
	assert_int_equal(answer.objects, objects_wanted);
	assert_int_equal(answer.len, unfailed.len);
	assert_memory_equal(answer.attrs, unfailed.attrs, answer.len);
	assert_as_before(wq, before);
}

static void put_one(struct nl_msg *msg)
{
	put_vector(msg, 1);
}

#define GET(function, nr, ...)						\
void function(void **state)						\
{									\
	static const struct request get = { __VA_ARGS__ };		\
	static const struct op op = {					\
		.name = #function, .scope = EVERYWHERE,			\
		.prepare = will_get, .call = netlink_ask,		\
		.worked = is_answered,					\
	};								\
									\
	(void)state;							\
	request = &get;							\
	objects_wanted = nr;						\
	sweep(&op);							\
}

GET(netlink_store_get, 1, .cmd = IMS_CMD_STORE_GET, .fill = put_store)
GET(netlink_store_dump, 2, .cmd = IMS_CMD_STORE_GET, .flags = NLM_F_DUMP)
GET(netlink_device_get, 1, .cmd = IMS_CMD_DEVICE_GET, .fill = put_device)
GET(netlink_device_dump, 1, .cmd = IMS_CMD_DEVICE_GET, .flags = NLM_F_DUMP)
GET(netlink_vector_get, 1, .cmd = IMS_CMD_VECTOR_GET, .fill = put_one)
GET(netlink_vector_dump, 2, .cmd = IMS_CMD_VECTOR_GET, .flags = NLM_F_DUMP,
    .fill = put_vectors)
