// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests of the netlink family and their answers, and listeners to its events.
 * Plain system calls where allocations fail, so that nothing but the kernel's side
 * of them allocates.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "netlink.h"

/* Two: the second gets a copy of what the first got. */
#define NR_LISTENERS	2

struct answer answer;

static int family, group;
static int asker = -1, teller = -1;
static int listeners[NR_LISTENERS] = { -1, -1 };
static struct nl_msg *asked;

/* ---- requests --------------------------------------------------------------- */

void put_store(struct nl_msg *msg)
{
	assert_int_equal(nla_put_string(msg, IMS_A_STORE_NAME,
					getenv("IMS_EDU")), 0);
}

void put_device(struct nl_msg *msg)
{
	assert_int_equal(nla_put_string(msg, IMS_A_DEVICE_NAME, swept.name), 0);
}

void put_vectors(struct nl_msg *msg)
{
	assert_int_equal(nla_put_string(msg, IMS_A_VECTOR_DEVICE_NAME,
					swept.name), 0);
}

void put_vector(struct nl_msg *msg, uint32_t index)
{
	put_vectors(msg);
	assert_int_equal(nla_put_u32(msg, IMS_A_VECTOR_INDEX, index), 0);
}

static void resolve(void)
{
	struct nl_sock *sk;

	if (family)
		return;
	sk = nl_socket_alloc();
	assert_int_equal(genl_connect(sk), 0);
	family = genl_ctrl_resolve(sk, IMS_FAMILY_NAME);
	group = genl_ctrl_resolve_grp(sk, IMS_FAMILY_NAME, IMS_MCGRP_EVENTS);
	nl_socket_free(sk);
	assert_true(family > 0);
	assert_true(group > 0);
}

static struct nl_msg *new_message(const struct request *request)
{
	struct nl_msg *msg = nlmsg_alloc();

	resolve();
	assert_non_null(genlmsg_put(msg, 0, 1, family, 0,
				    request->flags | NLM_F_REQUEST | NLM_F_ACK,
				    request->cmd, IMS_FAMILY_VERSION));
	if (request->fill)
		request->fill(msg);
	return msg;
}

static void new_socket(int *fd)
{
	const struct timeval patience = { .tv_sec = WQ_PATIENCE_MS / 1000 };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const int on = 1;

	if (*fd >= 0)
		close(*fd);
	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	assert_true(*fd >= 0);
	assert_int_equal(connect(*fd, (void *)&kernel, sizeof(kernel)), 0);
	assert_int_equal(setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
				    sizeof(patience)), 0);
	assert_int_equal(setsockopt(*fd, SOL_NETLINK, 11 /* EXT_ACK */, &on,
				    sizeof(on)), 0);
}

/* Does a message end the answer? */
static bool take_message(const struct nlmsghdr *nlh)
{
	size_t len;

	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
		return true;
	if (nlh->nlmsg_type != family)
		return false;
	len = nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	if (len <= sizeof(answer.attrs) - answer.len) {
		memcpy(answer.attrs + answer.len,
		       (unsigned char *)NLMSG_DATA(nlh) + GENL_HDRLEN, len);
		answer.len += len;
	}
	answer.objects++;
	return false;
}

/* The answer ends with an acknowledgement or, for a dump, with NLMSG_DONE. */
static int ask(int fd, struct nl_msg *msg)
{
	static unsigned char datagram[65536];
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int len;

	answer.how = UNSENT;
	answer.objects = 0;
	answer.len = 0;
	if (send(fd, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	answer.how = UNANSWERED;
	for (;;) {
		len = recv(fd, datagram, sizeof(datagram), 0);
		if (len < 0)
			return -errno;
		for (nlh = (void *)datagram; NLMSG_OK(nlh, (uint32_t)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (!take_message(nlh))
				continue;
			answer.how = ANSWERED;
			return *(int *)NLMSG_DATA(nlh);
		}
	}
}

void netlink_will_ask(const struct request *request)
{
	nlmsg_free(asked);
	asked = new_message(request);
	new_socket(&asker);
}

int netlink_ask(struct wq *wq)
{
	(void)wq;
	return ask(asker, asked);
}

static void tell(struct nl_msg *msg)
{
	if (teller < 0)
		new_socket(&teller);
	assert_int_equal(ask(teller, msg), 0);
	nlmsg_free(msg);
}

void netlink_tell(const struct request *request)
{
	tell(new_message(request));
}

/* ---- listeners -------------------------------------------------------------- */

void netlink_listen(void)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int i, *fd;

	resolve();
	for (i = 0; i < NR_LISTENERS; i++) {
		fd = &listeners[i];
		if (*fd >= 0)
			close(*fd);
		*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			     NETLINK_GENERIC);
		assert_true(*fd >= 0);
		assert_int_equal(bind(*fd, (void *)&any, sizeof(any)), 0);
		assert_int_equal(setsockopt(*fd, SOL_NETLINK,
					    NETLINK_ADD_MEMBERSHIP, &group,
					    sizeof(group)), 0);
	}
}

struct event {
	uint8_t cmd;
	uint8_t get;		/* the request for such objects; 0: none */
	struct nlattr *name;
	struct nlattr *index;	/* a vector's */
	const unsigned char *attrs;
	size_t len;
};

static void parse_event(struct nlmsghdr *nlh, struct event *event)
{
	struct genlmsghdr *genl = NLMSG_DATA(nlh);
	struct nlattr *attrs = genlmsg_attrdata(genl, 0);
	int len = genlmsg_attrlen(genl, 0);

	assert_int_equal(nlh->nlmsg_type, family);
	*event = (struct event) {
		.cmd = genl->cmd, .attrs = (void *)attrs, .len = len,
	};
	switch (genl->cmd) {
	case IMS_CMD_STORE_CHANGE_NTF:
		event->get = IMS_CMD_STORE_GET;
		event->name = nla_find(attrs, len, IMS_A_STORE_NAME);
		break;
	case IMS_CMD_DEVICE_CHANGE_NTF:
		event->get = IMS_CMD_DEVICE_GET;
		event->name = nla_find(attrs, len, IMS_A_DEVICE_NAME);
		break;
	case IMS_CMD_VECTOR_CREATE_NTF:
	case IMS_CMD_VECTOR_CHANGE_NTF:
		event->get = IMS_CMD_VECTOR_GET;
		event->name = nla_find(attrs, len, IMS_A_VECTOR_DEVICE_NAME);
		event->index = nla_find(attrs, len, IMS_A_VECTOR_INDEX);
		assert_non_null(event->index);
		break;
	default:
		return;
	}
	assert_non_null(event->name);
}

/* All that a listener has got: how many events, and whether it has lost some. */
static unsigned int hear(int fd, struct event *events, bool *lost)
{
	static unsigned char heard[65536];
	struct nlmsghdr *nlh;
	unsigned int nr = 0;
	size_t used = 0;
	int len;

	*lost = false;
	for (;;) {
		assert_true(sizeof(heard) - used >= 32768);
		len = recv(fd, heard + used, sizeof(heard) - used, 0);
		if (len < 0 && errno == EAGAIN)
			return nr;
		if (len < 0) {
			assert_int_equal(errno, ENOBUFS);
			*lost = true;
			continue;
		}
		nlh = (void *)(heard + used);
		used += NLMSG_ALIGN(len);
		for (; NLMSG_OK(nlh, (uint32_t)len); nlh = NLMSG_NEXT(nlh, len)) {
			assert_true(nr < MAX_EVENTS);
			parse_event(nlh, &events[nr++]);
		}
	}
}

static bool same_object(const struct event *a, const struct event *b)
{
	return a->get == b->get &&
	       !strcmp(nla_get_string(a->name), nla_get_string(b->name)) &&
	       (!a->index || nla_get_u32(a->index) == nla_get_u32(b->index));
}

/* Events carry what a request for their object is answered with. */
static void assert_is_so(const struct event *event)
{
	const struct request get = { .cmd = event->get };
	struct nl_msg *msg = new_message(&get);

	nla_put(msg, nla_type(event->name), nla_len(event->name),
		nla_data(event->name));
	if (event->index)
		nla_put(msg, nla_type(event->index), nla_len(event->index),
			nla_data(event->index));
	tell(msg);
	assert_int_equal(answer.objects, 1);
	assert_int_equal(answer.len, event->len);
	assert_memory_equal(answer.attrs, event->attrs, event->len);
}

static bool assert_listener_heard(int fd, const uint8_t *wanted, bool may_miss)
{
	struct event events[MAX_EVENTS];
	unsigned int i, j, nr, seen = 0;
	bool lost;

	nr = hear(fd, events, &lost);
	for (i = 0; wanted[i]; i++)
		if (seen < nr && events[seen].cmd == wanted[i])
			seen++;
	if (seen < nr)
		fail_msg("event %u of %u is not to be expected: command %u",
			 seen, nr, events[seen].cmd);
	if (lost) {
		assert_true(may_miss);
		return true;
	}
	if (nr < i)
		fail_msg("heard %u of %u events, and of no loss", nr, i);

	for (i = 0; i < nr; i++) {
		if (!events[i].get)
			continue;
		for (j = i + 1; j < nr; j++)
			if (events[j].get && same_object(&events[i], &events[j]))
				break;
		if (j == nr)
			assert_is_so(&events[i]);
	}
	return false;
}

bool assert_heard(const uint8_t *events, bool may_miss)
{
	bool lost = false;
	int i;

	for (i = 0; i < NR_LISTENERS; i++)
		lost |= assert_listener_heard(listeners[i], events, may_miss);
	return lost;
}

static void close_it(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int netlink_teardown(void **state)
{
	int i;

	sweep_teardown(state);
	nlmsg_free(asked);
	asked = NULL;
	close_it(&asker);
	close_it(&teller);
	for (i = 0; i < NR_LISTENERS; i++)
		close_it(&listeners[i]);
	return 0;
}
