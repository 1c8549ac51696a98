// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended acknowledgements, sound and unsound. Messages are put at the end of
 * an allocation, so that reading on is an error to the sanitizer and valgrind.
 */
#include "test.h"

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include "extack.h"

struct message {
	struct nlmsghdr nlh;
	char data[512];
};

static struct message m;

static void begin(uint16_t type, uint16_t flags)
{
	memset(&m, 0, sizeof(m));
	m.nlh.nlmsg_len = NLMSG_HDRLEN;
	m.nlh.nlmsg_type = type;
	m.nlh.nlmsg_flags = flags;
}

static void append(const void *data, size_t size)
{
	memcpy((char *)&m + m.nlh.nlmsg_len, data, size);
	m.nlh.nlmsg_len += size;
}

static void append_error(int error, uint32_t request_len)
{
	struct nlmsgerr e = { .error = error };

	e.msg.nlmsg_len = request_len;
	append(&e, sizeof(e));
}

static void append_attr(uint16_t type, const void *data, uint16_t size)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + size, .nla_type = type };
	char padding[4] = { 0 };

	append(&nla, sizeof(nla));
	append(data, size);
	append(padding, NLA_ALIGN(size) - size);
}

static void append_text(const char *text)
{
	append_attr(NLMSGERR_ATTR_MSG, text, strlen(text) + 1);
}

static void append_u32(uint16_t type, uint32_t value)
{
	append_attr(type, &value, sizeof(value));
}

/* As long as the message and not a byte more. */
static bool parse(struct ims_extack *ack)
{
	void *copy = malloc(m.nlh.nlmsg_len);
	bool sound;

	memcpy(copy, &m, m.nlh.nlmsg_len);
	sound = ims_extack_parse(copy, ack);
	free(copy);
	return sound;
}

static void plain_ack(void **state)
{
	struct ims_extack ack;

	(void)state;
	begin(NLMSG_ERROR, NLM_F_CAPPED);
	append_error(0, 40);
	assert_true(parse(&ack));
	assert_int_equal(ack.err, 0);
	assert_string_equal(ack.text, "");
	assert_int_equal(ack.offset, 0);
	assert_int_equal(ack.missing, 0);
}

static void error_with_everything(void **state)
{
	struct ims_extack ack;

	(void)state;
	begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	append_error(-ENOENT, 40);
	append_text("vector 99 is beyond the 32 declared\n");
	append_u32(NLMSGERR_ATTR_OFFS, 28);
	append_u32(NLMSGERR_ATTR_MISS_TYPE, 3);
	append_attr(NLMSGERR_ATTR_COOKIE, "abc", 3);
	append_attr(77, "from the future", 16);
	assert_true(parse(&ack));
	assert_int_equal(ack.err, -ENOENT);
	assert_string_equal(ack.text, "vector 99 is beyond the 32 declared");
	assert_int_equal(ack.offset, 28);
	assert_int_equal(ack.missing, 3);
}

/* An older or stubborn kernel sends the request back. */
static void error_with_echo(void **state)
{
	struct ims_extack ack;
	/* 26 bytes of payload, with its padding. */
	static const char payload[28];

	(void)state;
	begin(NLMSG_ERROR, NLM_F_ACK_TLVS);
	append_error(-EINVAL, NLMSG_HDRLEN + 26);
	append(payload, sizeof(payload));
	append_text("after the echo");
	assert_true(parse(&ack));
	assert_string_equal(ack.text, "after the echo");
}

static void echo_that_lies(void **state)
{
	static const uint32_t lengths[] = { 0, 15, 200, 0x7fffffff, 0xffffffff };
	struct ims_extack ack;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		begin(NLMSG_ERROR, NLM_F_ACK_TLVS);
		append_error(-EINVAL, lengths[i]);
		append_text("unreachable");
		assert_true(parse(&ack));
		assert_int_equal(ack.err, -EINVAL);
		assert_string_equal(ack.text, "");
	}
}

static void no_tlvs_without_the_flag(void **state)
{
	struct ims_extack ack;

	(void)state;
	begin(NLMSG_ERROR, NLM_F_CAPPED);
	append_error(-EINVAL, 40);
	append_text("not flagged");
	assert_true(parse(&ack));
	assert_string_equal(ack.text, "");
}

static void done_with_text(void **state)
{
	struct ims_extack ack;
	int err = -ENODEV;

	(void)state;
	begin(NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS);
	append(&err, sizeof(err));
	append_text("the device was closed meanwhile");
	assert_true(parse(&ack));
	assert_int_equal(ack.err, -ENODEV);
	assert_string_equal(ack.text, "the device was closed meanwhile");
}

static void truncated_everywhere(void **state)
{
	struct ims_extack ack;
	uint32_t len, full;

	(void)state;
	begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	append_error(-ENOENT, 40);
	append_text("a text that is cut off somewhere");
	append_u32(NLMSGERR_ATTR_OFFS, 28);
	full = m.nlh.nlmsg_len;

	for (len = NLMSG_HDRLEN; len < full; len++) {
		m.nlh.nlmsg_len = len;
		if (len < NLMSG_HDRLEN + sizeof(struct nlmsgerr)) {
			assert_false(parse(&ack));
			continue;
		}
		assert_true(parse(&ack));
		assert_int_equal(ack.err, -ENOENT);
		assert_int_equal(ack.offset, 0);
	}
}

static void attributes_that_lie(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 5, 100, 0xffff };
	struct ims_extack ack;
	struct nlattr nla;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
		append_error(-ENOENT, 40);
		nla.nla_len = lengths[i];
		nla.nla_type = NLMSGERR_ATTR_OFFS;
		append(&nla, sizeof(nla));
		append("xxxx", 4);
		assert_true(parse(&ack));
		assert_int_equal(ack.err, -ENOENT);
		assert_int_equal(ack.offset, 0);
	}
}

static void text_without_end(void **state)
{
	struct ims_extack ack;
	char text[400];

	(void)state;
	begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	append_error(-ENOENT, 40);
	memset(text, 'x', sizeof(text));
	append_attr(NLMSGERR_ATTR_MSG, text, sizeof(text));
	assert_true(parse(&ack));
	assert_int_equal(strlen(ack.text), sizeof(ack.text) - 1);

	begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	append_error(-ENOENT, 40);
	append_attr(NLMSGERR_ATTR_MSG, "", 0);
	assert_true(parse(&ack));
	assert_string_equal(ack.text, "");
}

static void no_errno(void **state)
{
	static const int values[] = { 1, 4095, -4096, INT32_MIN, INT32_MAX };
	struct ims_extack ack;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		begin(NLMSG_DONE, 0);
		append(&values[i], sizeof(int));
		assert_false(parse(&ack));
	}
	begin(NLMSG_DONE, 0);
	assert_false(parse(&ack));
}

static void blame(void **state)
{
	struct nl_msg *msg = nlmsg_alloc();
	const struct nlmsghdr *request;

	(void)state;
	nlmsg_put(msg, 0, 0, 0x20, GENL_HDRLEN, 0);
	nla_put_u32(msg, 1, 5);
	nla_put_string(msg, 2, "name");
	nla_put_u32(msg, 3, 5);
	request = nlmsg_hdr(msg);

	/* Header 16, generic header 4, then 8, 9 padded to 12, and 8. */
	assert_int_equal(ims_extack_blamed(request, 20), 1);
	assert_int_equal(ims_extack_blamed(request, 27), 1);
	assert_int_equal(ims_extack_blamed(request, 28), 2);
	assert_int_equal(ims_extack_blamed(request, 40), 3);
	assert_int_equal(ims_extack_blamed(request, 0), 0);
	assert_int_equal(ims_extack_blamed(request, 19), 0);
	assert_int_equal(ims_extack_blamed(request, 38), 0);
	assert_int_equal(ims_extack_blamed(request, 48), 0);
	assert_int_equal(ims_extack_blamed(request, 0xffffffff), 0);
	nlmsg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_ack),
		cmocka_unit_test(error_with_everything),
		cmocka_unit_test(error_with_echo),
		cmocka_unit_test(echo_that_lies),
		cmocka_unit_test(no_tlvs_without_the_flag),
		cmocka_unit_test(done_with_text),
		cmocka_unit_test(truncated_everywhere),
		cmocka_unit_test(attributes_that_lie),
		cmocka_unit_test(text_without_end),
		cmocka_unit_test(no_errno),
		cmocka_unit_test(blame),
	};

	return cmocka_run_group_tests_name("extack", tests, NULL, NULL);
}
