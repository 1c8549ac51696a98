// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The real transport, with system calls that fail.
 */
#include "test.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/genetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport.h"

/* Of these, the call with that number fails, from 1; 0: none does. */
static unsigned int fails, calls;
static int opened;

/* As the linker names them, and what is behind them. */
int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __real_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size);
int __real_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);

static bool is_to_fail(void)
{
	if (++calls != fails)
		return false;
	errno = ENOPROTOOPT;
	return true;
}

int __wrap_socket(int domain, int type, int protocol)
{
	if (is_to_fail())
		return -1;
	opened = __real_socket(domain, type, protocol);
	return opened;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size)
{
	/* Without CAP_NET_ADMIN, the second way is taken. */
	if (name == SO_RCVBUFFORCE && level == SOL_SOCKET) {
		errno = EPERM;
		return -1;
	}
	return is_to_fail() ? -1 : __real_setsockopt(fd, level, name, value, size);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size)
{
	return is_to_fail() ? -1 : __real_bind(fd, address, size);
}

static int setup(void **state)
{
	(void)state;
	fails = 0;
	calls = 0;
	opened = -1;
	return 0;
}

/* Says which step it was, and leaves nothing open. */
static void open_fails(void **state)
{
	static const char *const steps[] = {
		"socket(AF_NETLINK, NETLINK_GENERIC)",
		"setsockopt(NETLINK_EXT_ACK)", "setsockopt(NETLINK_CAP_ACK)",
		"bind(AF_NETLINK)",
	};
	struct ims_transport *t;
	const char *step;

	for (fails = 1; fails <= 4; fails++) {
		calls = 0;
		step = NULL;
		opened = -1;
		assert_int_equal(ims_transport_open(&t, &step), -ENOPROTOOPT);
		assert_string_equal(step, steps[fails - 1]);
		assert_int_equal(fcntl(opened, F_GETFD), -1);
	}
	setup(state);
	assert_int_equal(ims_transport_open(&t, &step), 0);
	assert_int_equal(calls, 4);
	assert_int_equal(ims_transport_fd(t), opened);
	assert_true(fcntl(opened, F_GETFD) & FD_CLOEXEC);
	ims_transport_close(t);
	assert_int_equal(fcntl(opened, F_GETFD), -1);
	ims_transport_close(NULL);
}

static void join_fails(void **state)
{
	struct ims_transport *t;
	const char *step;

	assert_int_equal(ims_transport_open(&t, &step), 0);
	setup(state);
	fails = 1;
	step = NULL;
	assert_int_equal(ims_transport_join(t, GENL_ID_CTRL, &step), -ENOPROTOOPT);
	assert_string_equal(step, "setsockopt(SO_RCVBUF)");
	calls = 0;
	fails = 2;
	step = NULL;
	assert_int_equal(ims_transport_join(t, GENL_ID_CTRL, &step), -ENOPROTOOPT);
	assert_string_equal(step, "setsockopt(NETLINK_ADD_MEMBERSHIP)");
	fails = 0;
	assert_int_equal(ims_transport_join(t, GENL_ID_CTRL, &step), 0);
	/* A group that nobody has. */
	assert_true(ims_transport_join(t, UINT32_MAX, &step) < 0);
	assert_string_equal(step, "setsockopt(NETLINK_ADD_MEMBERSHIP)");
	ims_transport_close(t);
}

/* The groups that the kernel says it is in, one bit each. */
static uint32_t groups(const struct ims_transport *t)
{
	uint32_t words[64] = { 0 };
	socklen_t size = sizeof(words);

	assert_int_equal(getsockopt(ims_transport_fd(t), SOL_NETLINK,
				    NETLINK_LIST_MEMBERSHIPS, words, &size), 0);
	return words[0];
}

static int buffer(const struct ims_transport *t)
{
	socklen_t size = sizeof(int);
	int bytes;

	assert_int_equal(getsockopt(ims_transport_fd(t), SOL_SOCKET, SO_RCVBUF,
				    &bytes, &size), 0);
	return bytes;
}

/* The controller's "notify" is a group of its own. Joined again, it is left at once. */
static void join_and_leave(void **state)
{
	const int small = 4096;
	struct ims_transport *t;
	const char *step;
	int size;

	(void)state;
	assert_int_equal(ims_transport_open(&t, &step), 0);
	size = buffer(t);
	assert_int_equal(ims_transport_join(t, GENL_ID_CTRL, &step), 0);
	assert_int_equal(groups(t), 1 << (GENL_ID_CTRL - 1));
	assert_true(buffer(t) >= size);

	/* The buffer stays as it is, lest it shrink with the privilege. */
	assert_int_equal(__real_setsockopt(ims_transport_fd(t), SOL_SOCKET, SO_RCVBUF,
					   &small, sizeof(small)), 0);
	size = buffer(t);
	assert_int_equal(ims_transport_join(t, GENL_ID_CTRL, &step), 0);
	assert_int_equal(buffer(t), size);

	assert_int_equal(ims_transport_leave(t, GENL_ID_CTRL, &step), 0);
	assert_int_equal(groups(t), 0);
	assert_int_equal(ims_transport_leave(t, GENL_ID_CTRL, &step), 0);
	setup(state);
	fails = 1;
	assert_int_equal(ims_transport_leave(t, GENL_ID_CTRL, &step), -ENOPROTOOPT);
	assert_string_equal(step, "setsockopt(NETLINK_DROP_MEMBERSHIP)");
	ims_transport_close(t);
}

/* The controller is asked for itself. */
static void answers(void **state)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr genl;
		struct nlattr attr;
		uint16_t id, padding;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = GENL_ID_CTRL,
			    .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = 77 },
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attr = { .nla_len = 6, .nla_type = CTRL_ATTR_FAMILY_ID },
		.id = GENL_ID_CTRL,
	};
	const struct nlmsghdr *reply;
	struct ims_transport *t;
	const char *step;
	void *data;

	(void)state;
	assert_int_equal(ims_transport_open(&t, &step), 0);
	assert_int_equal(ims_transport_try_recv(t, &data), -EAGAIN);
	assert_int_equal(ims_transport_send(t, &request, sizeof(request)), 0);
	assert_true(ims_transport_recv(t, &data) > (ssize_t)sizeof(*reply));
	reply = data;
	assert_int_equal(reply->nlmsg_seq, 77);
	assert_int_equal(reply->nlmsg_type, GENL_ID_CTRL);
	ims_transport_close(t);
}

#define TEST(function)	cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_fails),
		TEST(join_fails),
		TEST(join_and_leave),
		TEST(answers),
	};

	return cmocka_run_group_tests_name("socket", tests, NULL, NULL);
}
