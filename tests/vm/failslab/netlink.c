// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swept: requests of the netlink family.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "sweep.h"

static int family;
static int sock = -1;
static struct nl_msg *request;
static unsigned char answer[65536];
static unsigned int objects;

/*
 * Plain system calls, so that nothing but the kernel's side of them allocates.
 * The answer ends with an acknowledgement or, for a dump, with NLMSG_DONE.
 */
static int ask(struct wq *wq)
{
	struct nlmsghdr *nlh = nlmsg_hdr(request);
	int len;

	(void)wq;
	objects = 0;
	if (send(sock, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		len = recv(sock, answer, sizeof(answer), 0);
		if (len < 0)
			return -errno;
		for (nlh = (void *)answer; NLMSG_OK(nlh, (uint32_t)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
			objects += nlh->nlmsg_type == family;
		}
	}
}

static void will_ask(struct wq *wq)
{
	const struct timeval patience = { .tv_sec = WQ_PATIENCE_MS / 1000 };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const int on = 1;

	if (!wq->vfio)
		two_live(wq);
	if (sock >= 0)
		close(sock);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	assert_true(sock >= 0);
	assert_int_equal(connect(sock, (void *)&kernel, sizeof(kernel)), 0);
	assert_int_equal(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience,
				    sizeof(patience)), 0);
	assert_int_equal(setsockopt(sock, SOL_NETLINK, 11 /* EXT_ACK */, &on,
				    sizeof(on)), 0);
}

static unsigned int objects_wanted;

static void is_answered(struct wq *wq, const struct picture *before)
{
	assert_int_equal(objects, objects_wanted);
	assert_as_before(wq, before);
}

/* Signalled are both or none. An acknowledgement that there is no memory for
 * does not mean that the request was refused.
 */
static void both_or_none(struct wq *wq, const struct picture *before)
{
	struct picture p;
	uint64_t n = wq_take(wq, 0);

	assert_int_equal(wq_take(wq, 1), n);
	assert_in_range(n, 0, 1);
	take_picture(wq, &p);
	assert_int_equal(p.v[0].loopback, before->v[0].loopback + n);
	assert_int_equal(p.v[1].loopback, before->v[1].loopback + n);
	assert_live_ones_work(wq, &p);
}

static void is_triggered(struct wq *wq, const struct picture *before)
{
	assert_int_equal(wq_number(wq, 0, ims_vector_get_loopback),
			 before->v[0].loopback + 1);
	both_or_none(wq, before);
}

static void new_request(uint8_t cmd, int flags)
{
	struct nl_sock *sk = nl_socket_alloc();

	assert_int_equal(genl_connect(sk), 0);
	family = genl_ctrl_resolve(sk, IMS_FAMILY_NAME);
	assert_true(family > 0);
	nl_socket_free(sk);

	request = nlmsg_alloc();
	assert_non_null(genlmsg_put(request, 0, 1, family, 0,
				    flags | NLM_F_REQUEST | NLM_F_ACK, cmd,
				    IMS_FAMILY_VERSION));
}

int netlink_teardown(void **state)
{
	sweep_teardown(state);
	nlmsg_free(request);
	request = NULL;
	return 0;
}

#define ASK(function, cmd, flags, nr, done, not_done, ...)		\
void function(void **state)						\
{									\
	static const struct op op = {					\
		.name = #function, .scope = EVERYWHERE,			\
		.prepare = will_ask, .call = ask, .worked = done,	\
		.refused = not_done,					\
	};								\
									\
	(void)state;							\
	new_request(cmd, flags);					\
	objects_wanted = nr;						\
	__VA_ARGS__;							\
	sweep(&op);							\
}

ASK(netlink_device_get, IMS_CMD_DEVICE_GET, 0, 1, is_answered, NULL,
    nla_put_string(request, IMS_A_DEVICE_NAME, getenv("IMS_WQ0")))
ASK(netlink_device_dump, IMS_CMD_DEVICE_GET, NLM_F_DUMP, 1, is_answered, NULL,)
ASK(netlink_vector_get, IMS_CMD_VECTOR_GET, 0, 1, is_answered, NULL,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0"));
    nla_put_u32(request, IMS_A_VECTOR_INDEX, 1))
ASK(netlink_vector_dump, IMS_CMD_VECTOR_GET, NLM_F_DUMP, 2, is_answered, NULL,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0")))
ASK(netlink_trigger, IMS_CMD_TRIGGER, 0, 0, is_triggered, both_or_none,
    nla_put_string(request, IMS_A_VECTOR_DEVICE_NAME, getenv("IMS_WQ0"));
    nla_put_u32(request, IMS_A_VECTOR_INDEX, 0);
    nla_put_u32(request, IMS_A_VECTOR_COUNT, 2))
