// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The real transport. libnl's socket calls are not used because they fold
 * errno into codes of their own, and call ENOBUFS out of memory.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport.h"

/*
 * Bytes of events that may wait for their reader, as the kernel counts them:
 * thousands. It takes the memory only when they do.
 */
#define EVENTS_BUFFER	(8 << 20)

struct ims_transport {
	int fd;
	/* The receive buffer has been made large. */
	bool large;
	_Alignas(struct nlmsghdr) char buffer[IMS_DATAGRAM_MAX];
};

int ims_transport_open(struct ims_transport **transport, const char **step)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct ims_transport *t;
	const int on = 1;
	int err;

	t = malloc(sizeof(*t));
	if (!t) {
		*step = "netlink socket";
		return -ENOMEM;
	}

	*step = "socket(AF_NETLINK, NETLINK_GENERIC)";
	t->large = false;
	t->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (t->fd < 0) {
		err = -errno;
		free(t);
		return err;
	}

	*step = "setsockopt(NETLINK_EXT_ACK)";
	if (setsockopt(t->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)))
		goto fail;

	*step = "setsockopt(NETLINK_CAP_ACK)";
	if (setsockopt(t->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		goto fail;

	*step = "bind(AF_NETLINK)";
	if (bind(t->fd, (struct sockaddr *)&self, sizeof(self)))
		goto fail;

	*transport = t;
	return 0;
fail:
	err = -errno;
	ims_transport_close(t);
	return err;
}

void ims_transport_close(struct ims_transport *t)
{
	if (!t)
		return;

	close(t->fd);
	free(t);
}

int ims_transport_send(struct ims_transport *t, const void *data, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent;

	do {
		sent = sendto(t->fd, data, size, 0, (struct sockaddr *)&kernel,
			      sizeof(kernel));
	} while (sent < 0 && errno == EINTR);

	return sent < 0 ? -errno : 0;
}

int ims_transport_join(struct ims_transport *t, uint32_t group,
		       const char **step)
{
	const int size = EVENTS_BUFFER;

	/*
	 * Beyond the system's limit with CAP_NET_ADMIN only. Once: who has given
	 * that up would make it smaller.
	 */
	*step = "setsockopt(SO_RCVBUF)";
	if (!t->large &&
	    setsockopt(t->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)) &&
	    setsockopt(t->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)))
		return -errno;
	t->large = true;

	*step = "setsockopt(NETLINK_ADD_MEMBERSHIP)";
	if (setsockopt(t->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		return -errno;
	return 0;
}

int ims_transport_leave(struct ims_transport *t, uint32_t group,
			const char **step)
{
	*step = "setsockopt(NETLINK_DROP_MEMBERSHIP)";
	if (setsockopt(t->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group,
		       sizeof(group)))
		return -errno;
	return 0;
}

int ims_transport_fd(const struct ims_transport *t)
{
	return t->fd;
}

static ssize_t receive(struct ims_transport *t, void **data, int flags)
{
	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_size = sizeof(from);
		ssize_t size;

		size = recvfrom(t->fd, t->buffer, sizeof(t->buffer),
				MSG_TRUNC | flags, (struct sockaddr *)&from,
				&from_size);
		if (size < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}

		/* Other processes may write to this socket, too. */
		if (from_size != sizeof(from) || from.nl_pid)
			continue;
		if ((size_t)size > sizeof(t->buffer))
			return -EMSGSIZE;

		*data = t->buffer;
		return size;
	}
}

ssize_t ims_transport_recv(struct ims_transport *t, void **data)
{
	return receive(t, data, 0);
}

ssize_t ims_transport_try_recv(struct ims_transport *t, void **data)
{
	return receive(t, data, MSG_DONTWAIT);
}
