/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Datagrams to the kernel's generic netlink and back.
 *
 * socket.c has the real one. The unit tests link a simulated kernel in its
 * place, so that nothing in the library knows that it is being tested.
 */
#ifndef LIBIMS_TRANSPORT_H
#define LIBIMS_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ims_transport;

/*
 * The kernel makes the parts of a dump as long as the longest buffer that the
 * socket's reader has shown, and never longer than this.
 */
#define IMS_DATAGRAM_MAX	32768

/*
 * 0 or a negative errno; on failure @step says what failed, as static string.
 * The socket asks for extended acknowledgements without echo of the request.
 */
int ims_transport_open(struct ims_transport **transport, const char **step);
void ims_transport_close(struct ims_transport *transport);

/* 0 or a negative errno. */
int ims_transport_send(struct ims_transport *transport, const void *data,
		       size_t size);

/*
 * One datagram from the kernel: its size or a negative errno. The buffer has
 * IMS_DATAGRAM_MAX bytes, is aligned for netlink headers and is valid until
 * the next call.
 */
ssize_t ims_transport_recv(struct ims_transport *transport, void **data);

/*
 * For transports that listen. Join a multicast group, with a large receive
 * buffer: 0 or a negative errno and @step as above. -EPERM also for a member that
 * has lost the privilege since.
 */
int ims_transport_join(struct ims_transport *transport, uint32_t group,
		       const char **step);

/* Also for one that is no member: 0 or a negative errno and @step as above. */
int ims_transport_leave(struct ims_transport *transport, uint32_t group,
			const char **step);

/* Readable when there is a datagram, or an error to be told. Borrowed. */
int ims_transport_fd(const struct ims_transport *transport);

/*
 * As ims_transport_recv(), but -EAGAIN when there is no datagram now. -ENOBUFS:
 * some were lost, and the kernel goes on to lose them, without a further word,
 * until all that it still holds have been received.
 */
ssize_t ims_transport_try_recv(struct ims_transport *transport, void **data);

#endif /* LIBIMS_TRANSPORT_H */
