// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exchanges with the kernel that go wrong in every way that we can think of.
 */
#include "test.h"

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <stdlib.h>

#include "fake_kernel.h"

static int setup(void **state)
{
	fake_kernel_reset();
	fake_kernel_populate();
	return ims_ctx_new((struct ims_ctx **)state);
}

static int teardown(void **state)
{
	ims_ctx_free(*state);
	assert_int_equal(fake_kernel.opens, fake_kernel.closes);
	return 0;
}

/* Whether the context is usable, whatever has happened before. */
static void assert_alive(struct ims_ctx *ctx)
{
	struct ims_device *device;

	fake_kernel.answer = NULL;
	assert_int_equal(ims_device_get(ctx, "wq0", &device), 0);
	ims_device_free(device);
}

static int list_devices(struct ims_ctx *ctx)
{
	struct ims_device_list *list;
	int err;

	err = ims_device_list_get(ctx, &list);
	if (err && err != -EINTR)
		assert_null(list);
	ims_device_list_free(list);
	return err;
}

static void one_socket_one_resolution(void **state)
{
	assert_int_equal(list_devices(*state), 0);
	assert_int_equal(list_devices(*state), 0);
	assert_int_equal(fake_kernel.opens, 1);
	assert_int_equal(fake_kernel.requests, 2);
}

static void no_socket(void **state)
{
	fake_kernel.open_error = -EMFILE;
	assert_int_equal(list_devices(*state), -EMFILE);
	assert_reason(*state, -EMFILE, NULL, NULL,
		      "socket(AF_NETLINK, NETLINK_GENERIC): Too many open files");
	fake_kernel.open_error = 0;
	assert_alive(*state);
}

static void send_fails(void **state)
{
	fake_kernel.send_error = -ENOBUFS;
	assert_int_equal(list_devices(*state), -ENOBUFS);
	assert_reason(*state, -ENOBUFS, NULL, NULL,
		      "sending to the kernel: No buffer space available");
	fake_kernel.send_error = 0;
	assert_alive(*state);
}

static void receive_fails(void **state)
{
	assert_alive(*state);
	fake_kernel.recv_error = -ENOBUFS;
	assert_int_equal(list_devices(*state), -ENOBUFS);
	assert_reason(*state, -ENOBUFS, NULL, NULL,
		      "receiving from the kernel: No buffer space available");
	fake_kernel.recv_error = 0;
	assert_alive(*state);
	assert_int_equal(fake_kernel.opens, 2);
}

/* Loaded, and not to be seen: modprobe would not help. */
static void other_namespace(void **state)
{
	fake_kernel.absent = true;
	fake_kernel.elsewhere = true;
	assert_int_equal(list_devices(*state), -EOPNOTSUPP);
	assert_reason(*state, -EOPNOTSUPP, NULL, NULL,
		      "the netlink family \"ims\" is in the initial network namespace, and this process is in another one");
	fake_kernel.absent = false;
	assert_alive(*state);
}

static void module_absent(void **state)
{
	fake_kernel.absent = true;
	assert_int_equal(list_devices(*state), -EOPNOTSUPP);
	assert_reason(*state, -EOPNOTSUPP, NULL, NULL,
		      "vfio_pci_ims is not loaded; try \"modprobe vfio_pci_ims\"");
	fake_kernel.absent = false;
	assert_alive(*state);
}

static void module_goes_and_comes_back(void **state)
{
	assert_alive(*state);
	fake_kernel.absent = true;
	assert_int_equal(list_devices(*state), -EOPNOTSUPP);

	fake_kernel.absent = false;
	assert_alive(*state);
	fake_kernel.family++;
	assert_alive(*state);
	assert_int_equal(fake_kernel.opens, 1);
}

static void no_endless_resolution(void **state)
{
	struct ims_device *device;

	/* ENOENT without a text, although the family is known. */
	assert_alive(*state);
	fake_kernel.silent = true;
	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	{
		struct ims_vector *vector;

		assert_int_equal(ims_vector_get(*state, device, 7, &vector),
				 -ENOENT);
		assert_null(vector);
		assert_reason(*state, -ENOENT, "device wq0: vector 7", NULL,
			      "No such file or directory");
	}
	ims_device_free(device);
}

static void family_without_number(void **state)
{
	fake_kernel.omit = -1;
	assert_int_equal(list_devices(*state), -EPROTO);
	assert_reason(*state, -EPROTO, NULL, NULL, "lacks the family's number");
	fake_kernel.omit = 0;
	assert_alive(*state);
}

static void unknown_operation(void **state)
{
	struct ims_device *device;

	fake_kernel.last_cmd = IMS_CMD_VECTOR_GET;
	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	assert_int_equal(ims_vector_trigger_range(*state, device, 0, 1, 0, 0),
			 -EOPNOTSUPP);
	assert_reason(*state, -EOPNOTSUPP, "device wq0: vector 0", NULL,
		      "does not know this operation");
	ims_device_free(device);
}

static void disturbed_dump_is_repeated(void **state)
{
	struct ims_device_list *list;

	fake_kernel.interrupts = 7;
	assert_int_equal(ims_device_list_get(*state, &list), 0);
	assert_int_equal(ims_device_list_count(list), 3);
	assert_int_equal(fake_kernel.dumps, 8);
	ims_device_list_free(list);
}

static void disturbed_for_ever(void **state)
{
	struct ims_device_list *list;

	fake_kernel.interrupts = 1000;
	assert_int_equal(ims_device_list_get(*state, &list), -EINTR);
	assert_int_equal(fake_kernel.dumps, 8);
	assert_reason(*state, -EINTR, NULL, NULL, "may be incomplete");
	assert_non_null(list);
	assert_int_equal(ims_device_list_count(list), 3);
	ims_device_list_free(list);
	fake_kernel.interrupts = 0;
	assert_alive(*state);
}

static void error_in_done(void **state)
{
	fake_kernel.done_error = -ENODEV;
	assert_int_equal(list_devices(*state), -ENODEV);
	assert_reason(*state, -ENODEV, NULL, NULL,
		      "the device was closed meanwhile");
	fake_kernel.done_error = 0;
	assert_alive(*state);
}

static void error_in_disturbed_dump(void **state)
{
	fake_kernel.interrupts = 1;
	fake_kernel.done_error = -ENOMEM;
	assert_int_equal(list_devices(*state), -ENOMEM);
	assert_int_equal(fake_kernel.dumps, 1);
}

/* ---- kernels that lost their mind --------------------------------------- */

static void no_reply(const struct nlmsghdr *request)
{
	fake_kernel_end(request, NLMSG_ERROR, 0, NULL, 0, 0);
}

static void ack_without_reply(void **state)
{
	struct ims_device *device;

	fake_kernel.answer = no_reply;
	assert_int_equal(ims_device_get(*state, "wq0", &device), -EPROTO);
	assert_null(device);
	assert_reason(*state, -EPROTO, "device wq0", NULL, "without a reply");
	assert_alive(*state);
}

static void push_garbage(const struct nlmsghdr *request)
{
	struct nlmsghdr nlh = *request;

	nlh.nlmsg_len = 5000;
	fake_kernel_push(&nlh, sizeof(nlh));
	nlh.nlmsg_len = 3;
	fake_kernel_push(&nlh, sizeof(nlh));
}

static void push_stub(const struct nlmsghdr *request)
{
	fake_kernel_push(request, 7);
}

static void push_short_error(const struct nlmsghdr *request)
{
	struct nlmsghdr nlh = *request;

	nlh.nlmsg_len = sizeof(nlh);
	nlh.nlmsg_type = NLMSG_ERROR;
	fake_kernel_push(&nlh, sizeof(nlh));
}

static void push_positive_error(const struct nlmsghdr *request)
{
	fake_kernel_end(request, NLMSG_ERROR, 22, NULL, 0, 0);
}

static void push_foreign_type(const struct nlmsghdr *request)
{
	struct nlmsghdr nlh = *request;

	nlh.nlmsg_len = sizeof(nlh);
	nlh.nlmsg_type = 0x77;
	fake_kernel_push(&nlh, sizeof(nlh));
}

static void push_headless(const struct nlmsghdr *request)
{
	struct nlmsghdr nlh = *request;

	nlh.nlmsg_len = sizeof(nlh);
	fake_kernel_push(&nlh, sizeof(nlh));
}

static void push_nothing(const struct nlmsghdr *request)
{
	(void)request;
	fake_kernel_push("", 0);
}

static void malformed_replies(void **state)
{
	static void (*const answers[])(const struct nlmsghdr *request) = {
		push_garbage, push_stub, push_short_error, push_positive_error,
		push_foreign_type, push_headless,
	};
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		fake_kernel.answer = answers[i];
		assert_int_equal(list_devices(*state), -EPROTO);
		assert_reason(*state, -EPROTO, NULL, NULL, "is malformed");
		assert_alive(*state);
	}
}

static void empty_datagrams_are_harmless(void **state)
{
	fake_kernel.answer = push_nothing;
	assert_int_equal(list_devices(*state), -ETIMEDOUT);
	assert_alive(*state);
}

static void push_leftovers(const struct nlmsghdr *request)
{
	struct nlmsghdr old = *request;
	struct nlmsghdr noop = *request;

	old.nlmsg_seq--;
	fake_kernel_end(&old, NLMSG_ERROR, -EIO, "not for you", 0, 0);
	noop.nlmsg_len = sizeof(noop);
	noop.nlmsg_type = NLMSG_NOOP;
	fake_kernel_push(&noop, sizeof(noop));
	fake_kernel_end(request, NLMSG_DONE, 0, NULL, 0, 0);
}

static void leftovers_are_passed_over(void **state)
{
	fake_kernel.answer = push_leftovers;
	assert_int_equal(list_devices(*state), 0);
}

/* ---- replies whose attributes are wrong --------------------------------- */

static void unknown_attributes(void **state)
{
	static const struct {
		struct nlattr nla;
		uint32_t value;
	} tail = { { 8, IMS_A_DEVICE_MAX + 20 }, 42 };

	fake_kernel.tail = &tail;
	fake_kernel.tail_size = sizeof(tail);
	assert_int_equal(list_devices(*state), 0);
	assert_alive(*state);
}

static void wrong_lengths(void **state)
{
	static const struct {
		struct nlattr nla;
		uint32_t value;
	} tails[] = {
		{ { 6, IMS_A_DEVICE_LIVE }, 42 },
		{ { 4, IMS_A_DEVICE_LIVE }, 0x00010004 },
		{ { 8, IMS_A_DEVICE_DEFAULT_COOKIE }, 42 },
	};
	size_t i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		fake_kernel.tail = &tails[i];
		fake_kernel.tail_size = sizeof(tails[i]);
		assert_int_equal(list_devices(*state), -EPROTO);
		assert_contains(ims_error_get_text(ims_ctx_get_error(*state)),
				"is malformed");
	}
	fake_kernel.tail = NULL;
	assert_alive(*state);
}

static void cut_short(void **state)
{
	static const struct nlattr tails[] = {
		{ 64, IMS_A_DEVICE_LIVE }, { 3, IMS_A_DEVICE_LIVE }, { 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		fake_kernel.tail = &tails[i];
		fake_kernel.tail_size = sizeof(tails[i]);
		assert_int_equal(list_devices(*state), -EPROTO);
		assert_reason(*state, -EPROTO, NULL, NULL, "is cut short");
	}
	fake_kernel.tail = NULL;
	assert_alive(*state);
}

static void strings_that_are_too_long(void **state)
{
	static const uint16_t types[] = { IMS_A_DEVICE_NAME,
		IMS_A_DEVICE_PARENT, IMS_A_DEVICE_OWNER_COMM };
	struct {
		struct nlattr nla;
		char text[200];
	} tail;
	size_t i;

	memset(&tail, 'x', sizeof(tail));
	tail.nla.nla_len = sizeof(tail);
	fake_kernel.tail = &tail;
	fake_kernel.tail_size = sizeof(tail);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		tail.nla.nla_type = types[i];
		assert_int_equal(list_devices(*state), -EPROTO);
	}
}

/* Found by fuzz_reply: the text was gone, but said to be there. */
static void repeated_attributes(void **state)
{
	static const struct {
		struct nlattr nla;
		char text[4];
	} empty_comm = { { 5, IMS_A_DEVICE_OWNER_COMM }, "" },
	  other_comm = { { 7, IMS_A_DEVICE_OWNER_COMM }, "sh" },
	  empty_name = { { 5, IMS_A_DEVICE_NAME }, "" };
	struct ims_device *device;

	fake_kernel.tail = &empty_comm;
	fake_kernel.tail_size = sizeof(empty_comm);
	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_null(ims_device_get_owner_comm(device));
	ims_device_free(device);

	fake_kernel.tail = &other_comm;
	assert_int_equal(ims_device_get(*state, NAME_A, &device), 0);
	assert_string_equal(ims_device_get_owner_comm(device), "sh");
	ims_device_free(device);

	fake_kernel.tail = &empty_name;
	assert_int_equal(ims_device_get(*state, NAME_A, &device), -EPROTO);
	assert_reason(*state, -EPROTO, "device " NAME_A, "name",
		      "lacks the attribute \"name\"");
}

static void missing_attributes(void **state)
{
	fake_kernel.omit = IMS_A_DEVICE_NAME;
	assert_int_equal(list_devices(*state), -EPROTO);
	assert_reason(*state, -EPROTO, NULL, "name",
		      "lacks the attribute \"name\"");
	fake_kernel.omit = 0;
	assert_alive(*state);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_socket_one_resolution),
		TEST(no_socket),
		TEST(send_fails),
		TEST(receive_fails),
		TEST(module_absent),
		TEST(other_namespace),
		TEST(module_goes_and_comes_back),
		TEST(no_endless_resolution),
		TEST(family_without_number),
		TEST(unknown_operation),
		TEST(disturbed_dump_is_repeated),
		TEST(disturbed_for_ever),
		TEST(error_in_done),
		TEST(error_in_disturbed_dump),
		TEST(ack_without_reply),
		TEST(malformed_replies),
		TEST(empty_datagrams_are_harmless),
		TEST(leftovers_are_passed_over),
		TEST(unknown_attributes),
		TEST(wrong_lengths),
		TEST(cut_short),
		TEST(strings_that_are_too_long),
		TEST(repeated_attributes),
		TEST(missing_attributes),
	};

	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
