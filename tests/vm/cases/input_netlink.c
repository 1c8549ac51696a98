// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bad input by netlink: errno, text and blamed attribute of each wrong request.
 * Raw messages, because libims sends no wrong ones.
 */
#include "raw.h"

static struct wq wq;
static uint32_t id;

static int group_setup(void **state)
{
	struct ims_device *device;

	(void)state;
	raw_open();
	case_open(&wq, 0);
	assert_int_equal(wq_bind(&wq, 1, 4), 0);
	assert_int_equal(ims_device_get(wq.ctx, wq.name, &device), 0);
	assert_int_equal(ims_device_get_id(device, &id), 0);
	ims_device_free(device);
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	wq_close(&wq);
	raw_close();
	return 0;
}

static void devices(void **state)
{
	struct nl_msg *msg;
	char name[IMS_NAME_MAX + 2];

	(void)state;
	assert_refused(raw_request(IMS_CMD_DEVICE_GET, 0), -EINVAL,
		       "no device given", 0);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_u32(msg, IMS_A_DEVICE_ID, 0xfffffff0);
	assert_refused(msg, -ENODEV, "no such virtual device", 1);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_string(msg, IMS_A_DEVICE_NAME, "nosuch");
	assert_refused(msg, -ENODEV, "no such virtual device", 1);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_u32(msg, IMS_A_DEVICE_ID, id);
	nla_put_string(msg, IMS_A_DEVICE_NAME, wq.name);
	assert_refused(msg, -EINVAL, "not by both", 1);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_u16(msg, IMS_A_DEVICE_ID, 1);
	assert_refused(msg, -EINVAL, "invalid attribute length", 1);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_u64(msg, IMS_A_DEVICE_ID, 1);
	assert_refused(msg, -EINVAL, "invalid attribute length", 1);

	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put(msg, IMS_A_DEVICE_NAME, 3, "abc");
	assert_refused(msg, -EINVAL, "", 1);

	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = 0;
	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_string(msg, IMS_A_DEVICE_NAME, name);
	assert_refused(msg, -EINVAL, "", 1);

	/* Attributes that the operation does not take. */
	msg = raw_request(IMS_CMD_DEVICE_GET, 0);
	nla_put_u32(msg, IMS_A_DEVICE_LIMIT, 1);
	assert_refused(msg, -EINVAL, "nknown attribute", 1);
	msg = raw_request(IMS_CMD_DEVICE_GET, NLM_F_DUMP);
	nla_put_u32(msg, IMS_A_DEVICE_ID, id);
	assert_refused(msg, -EINVAL, "nsupported attribute", 1);

	msg = raw_request(IMS_CMD_MAX + 1, 0);
	assert_refused(msg, -EOPNOTSUPP, "", 0);
}

static void vectors(void **state)
{
	struct nl_msg *msg;

	(void)state;
	msg = raw_request(IMS_CMD_VECTOR_GET, 0);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, 1);
	assert_refused(msg, -EINVAL, "no device given", 0);

	msg = raw_request(IMS_CMD_VECTOR_GET, 0);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	assert_refused(msg, -EINVAL, "no vector given", 0);

	msg = raw_request(IMS_CMD_VECTOR_GET, 0);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, 99999);
	assert_refused(msg, -ENOENT, "vector 99999 is beyond the", 1);

	msg = raw_request(IMS_CMD_VECTOR_GET, 0);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, UINT32_MAX);
	assert_refused(msg, -ENOENT, "vector 4294967295 is beyond the", 1);

	msg = raw_request(IMS_CMD_VECTOR_GET, NLM_F_DUMP);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, 1);
	assert_refused(msg, -EINVAL, "nsupported attribute", 1);

	msg = raw_request(IMS_CMD_VECTOR_GET, NLM_F_DUMP);
	nla_put_string(msg, IMS_A_VECTOR_DEVICE_NAME, "nosuch");
	assert_refused(msg, -ENODEV, "no such virtual device", 1);

	msg = raw_request(IMS_CMD_VECTOR_GET, 0);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	nla_put_u64(msg, IMS_A_VECTOR_COOKIE, 1);
	assert_refused(msg, -EINVAL, "nknown attribute", 1);
}

static void triggers(void **state)
{
	const struct {
		uint32_t first, count;
		int ret, blamed;
		const char *text;
	} bad[] = {
		{ 1, 0, -ERANGE, 1, "" },
		{ 0, 1, -EINVAL, 1, "vector 0 has no trigger" },
		{ 1, 5, -EINVAL, 1, "vector 5 has no trigger" },
		{ 1, UINT32_MAX, -ENOENT, 1, "vector 4294967295 is beyond the" },
		{ UINT32_MAX, UINT32_MAX, -ENOENT, 1, "is beyond the" },
	};
	struct nl_msg *msg;
	uint32_t v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		msg = raw_request(IMS_CMD_TRIGGER, NLM_F_ACK);
		nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
		nla_put_u32(msg, IMS_A_VECTOR_INDEX, bad[i].first);
		nla_put_u32(msg, IMS_A_VECTOR_COUNT, bad[i].count);
		assert_refused(msg, bad[i].ret, bad[i].text, bad[i].blamed);
	}
	msg = raw_request(IMS_CMD_TRIGGER, NLM_F_ACK);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	assert_refused(msg, -EINVAL, "no vector given", 0);
	msg = raw_request(IMS_CMD_TRIGGER, NLM_F_DUMP);
	assert_refused(msg, -EOPNOTSUPP, "", 0);

	for (v = 0; v < 6; v++)
		assert_int_equal(wq_take(&wq, v), 0);

	/* By id and by name, with and without a count. */
	msg = raw_request(IMS_CMD_TRIGGER, NLM_F_ACK);
	nla_put_u32(msg, IMS_A_VECTOR_DEVICE_ID, id);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, 1);
	nla_put_u32(msg, IMS_A_VECTOR_COUNT, 4);
	assert_refused(msg, 0, "", 0);
	msg = raw_request(IMS_CMD_TRIGGER, NLM_F_ACK);
	nla_put_string(msg, IMS_A_VECTOR_DEVICE_NAME, wq.name);
	nla_put_u32(msg, IMS_A_VECTOR_INDEX, 2);
	assert_refused(msg, 0, "", 0);
	for (v = 1; v <= 4; v++)
		assert_int_equal(wq_take(&wq, v), v == 2 ? 2 : 1);
}

/* Text for the message, attributes that overlap its end and the like. */
static void noise(void **state)
{
	unsigned char junk[64];
	struct nl_msg *msg;
	char text[256];
	uint32_t offset;
	int i, ret;

	(void)state;
	srand(1);
	for (i = 0; i < 2000; i++) {
		size_t n, len = 4 * (1 + rand() % 16);

		for (n = 0; n < len; n++)
			junk[n] = rand() % 4 ? rand() % 24 : rand();
		msg = raw_request(1 + rand() % IMS_CMD_MAX, NLM_F_ACK);
		nlmsg_append(msg, junk, len, 0);
		ret = raw_ask(msg, text, sizeof(text), &offset);
		assert_true(ret < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices),
		cmocka_unit_test(vectors),
		cmocka_unit_test(triggers),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests_name("input_netlink", tests, group_setup,
					   group_teardown);
}
