// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wqtool UUID - hold a work queue open and do what standard input says, for
 * shell scripts. Commands are those of tool.h and
 *
 *	cookie VECTOR 0xVALUE	write the vector's permission entry
 *	work N VECTOR		submit, wait for the end: result and eventfd count
 *	submit N VECTOR		the same without the eventfd
 *	command			execute a NOP: eventfd count of vector 0
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

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

static bool command(struct wq *wq, const char *line)
{
	uint64_t cookie;
	uint32_t a, b;

	if (sscanf(line, "cookie %u 0x%" SCNx64, &a, &cookie) == 2) {
		wq_set_cookie(wq, a, cookie);
		printf("ok\n");
	} else if (sscanf(line, "work %u %u", &a, &b) == 2 && b < TOOL_REQUEST)
		work(wq, a, b);
	else if (sscanf(line, "submit %u %u", &a, &b) == 2 && b < TOOL_REQUEST)
		submit(wq, a, b);
	else if (!strcmp(line, "command\n")) {
		wq_command(wq, IMS_EDU_COMMAND_NOP, 0, NULL);
		printf("eventfd %" PRIu64 "\n", wq_take(wq, 0));
	} else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	static struct wq wq;

	if (argc != 2)
		errx(2, "usage: wqtool UUID <commands");
	if (wq_open(&wq, argv[1]))
		errx(1, "%s", wq.ctx ? ims_error_get_message(
				ims_ctx_get_error(wq.ctx)) : strerror(ENOMEM));
	tool_run(&wq, command, NULL);
	wq_close(&wq);
	return 0;
}
