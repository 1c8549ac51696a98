// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wqtool UUID - hold a work queue open and do what standard input says, for
 * shell scripts. A line is a command; each is answered by one line.
 *
 *	bind FIRST COUNT	bind eventfds
 *	unbind FIRST COUNT	take them away
 *	disable			take all away
 *	cookie VECTOR 0xVALUE	write the vector's permission entry
 *	mask VECTOR		and unmask VECTOR
 *	work N VECTOR		submit, wait for the end: result and eventfd count
 *	submit N VECTOR		the same without the eventfd
 *	command			execute a NOP: eventfd count of vector 0
 *	take VECTOR		eventfd count since the last look
 *	request			wait until the host wants the device back
 *	quit			as end of input
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wq.h"

/* The eventfd of the unplug request is one that no vector of ours uses. */
#define REQUEST		(WQ_VECTORS - 1)

static void answer(struct wq *wq, int ret)
{
	if (ret)
		printf("error %d %s\n", -ret,
		       ims_error_get_message(ims_ctx_last_error(wq->ctx)));
	else
		printf("ok\n");
}

static void work(struct wq *wq, uint32_t n, uint32_t vector)
{
	uint32_t error = wq_submit(wq, n, vector);
	uint64_t count;

	if (!error && wq_drain(wq))
		errx(1, "edu does not finish");
	if (!error)
		error = wq_vector_read(wq, vector, IMS_EDU_VECTOR_STATUS);
	if (error) {
		printf("error %u\n", error);
		return;
	}
	count = wq_wait(wq, vector);
	printf("result %u eventfd %" PRIu64 "\n",
	       wq_vector_read(wq, vector, IMS_EDU_VECTOR_RESULT), count);
}

/* The same without waiting for the interrupt, which a mask may keep back */
static void submit(struct wq *wq, uint32_t n, uint32_t vector)
{
	uint32_t error = wq_submit(wq, n, vector);

	if (!error && wq_drain(wq))
		errx(1, "edu does not finish");
	if (!error)
		error = wq_vector_read(wq, vector, IMS_EDU_VECTOR_STATUS);
	printf(error ? "error %u\n" : "ok\n", error);
}

static int command(struct wq *wq, const char *line)
{
	uint64_t cookie;
	uint32_t a, b;

	if (sscanf(line, "bind %u %u", &a, &b) == 2 && a < REQUEST &&
	    b <= REQUEST - a)
		answer(wq, wq_bind(wq, a, b));
	else if (sscanf(line, "unbind %u %u", &a, &b) == 2)
		answer(wq, ims_vfio_unbind(wq->vfio, a, b));
	else if (!strcmp(line, "disable\n"))
		answer(wq, ims_vfio_disable(wq->vfio));
	else if (sscanf(line, "cookie %u 0x%" SCNx64, &a, &cookie) == 2) {
		wq_set_cookie(wq, a, cookie);
		printf("ok\n");
	} else if (sscanf(line, "mask %u", &a) == 1)
		answer(wq, ims_vfio_mask(wq->vfio, a, 1));
	else if (sscanf(line, "unmask %u", &a) == 1)
		answer(wq, ims_vfio_unmask(wq->vfio, a, 1));
	else if (sscanf(line, "work %u %u", &a, &b) == 2 && b < REQUEST)
		work(wq, a, b);
	else if (sscanf(line, "submit %u %u", &a, &b) == 2 && b < REQUEST)
		submit(wq, a, b);
	else if (!strcmp(line, "command\n")) {
		wq_command(wq, IMS_EDU_COMMAND_NOP, 0, NULL);
		printf("eventfd %" PRIu64 "\n", wq_take(wq, 0));
	} else if (sscanf(line, "take %u", &a) == 1 && a < REQUEST)
		printf("eventfd %" PRIu64 "\n", wq_take(wq, a));
	else if (!strcmp(line, "request\n"))
		printf("request %" PRIu64 "\n", wq_wait(wq, REQUEST));
	else if (!strcmp(line, "quit\n"))
		return 1;
	else
		errx(2, "no such command: %s", line);
	return 0;
}

int main(int argc, char **argv)
{
	char line[256];
	struct wq wq;

	if (argc != 2)
		errx(2, "usage: wqtool UUID <commands");
	if (wq_open(&wq, argv[1]) ||
	    ims_vfio_bind_request(wq.vfio, wq_fd(&wq, REQUEST)))
		errx(1, "%s", wq.ctx ? ims_error_get_message(
				ims_ctx_last_error(wq.ctx)) : strerror(ENOMEM));

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("open %s\n", argv[1]);
	while (fgets(line, sizeof(line), stdin))
		if (command(&wq, line))
			break;
	wq_close(&wq);
	return 0;
}
