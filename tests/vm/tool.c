// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

void tool_answer(struct wq *wq, int ret)
{
	if (ret)
		printf("error %d %s\n", -ret,
		       ims_error_get_message(ims_ctx_get_error(wq->ctx)));
	else
		printf("ok\n");
}

static bool tool_command(struct wq *wq, const char *line)
{
	uint32_t a, b;

	if (sscanf(line, "bind %u %u", &a, &b) == 2 && a < TOOL_REQUEST &&
	    b <= TOOL_REQUEST - a)
		tool_answer(wq, wq_bind(wq, a, b));
	else if (sscanf(line, "unbind %u %u", &a, &b) == 2)
		tool_answer(wq, ims_vfio_unbind(wq->vfio, a, b));
	else if (!strcmp(line, "disable\n"))
		tool_answer(wq, ims_vfio_disable(wq->vfio));
	else if (!strcmp(line, "reset\n"))
		tool_answer(wq, ims_vfio_reset(wq->vfio));
	else if (sscanf(line, "mask %u", &a) == 1)
		tool_answer(wq, ims_vfio_mask(wq->vfio, a, 1));
	else if (sscanf(line, "unmask %u", &a) == 1)
		tool_answer(wq, ims_vfio_unmask(wq->vfio, a, 1));
	else if (sscanf(line, "take %u", &a) == 1 && a < TOOL_REQUEST)
		printf("eventfd %" PRIu64 "\n", wq_take(wq, a));
	else if (sscanf(line, "wait %u", &a) == 1 && a < TOOL_REQUEST)
		printf("eventfd %" PRIu64 "\n", wq_wait(wq, a));
	else if (!strcmp(line, "request\n"))
		printf("request %" PRIu64 "\n", wq_wait(wq, TOOL_REQUEST));
	else
		return false;
	return true;
}

static bool tool_has_input(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&pfd, 1, 0) != 0;
}

void tool_run(struct wq *wq, bool (*command)(struct wq *wq, const char *line),
	      bool (*idle)(struct wq *wq))
{
	char line[256];

	if (ims_vfio_bind_request(wq->vfio, wq_fd(wq, TOOL_REQUEST)))
		errx(1, "%s", ims_error_get_message(
				ims_ctx_get_error(wq->ctx)));
	/* poll(2) knows nothing of what a buffer holds. */
	if (idle)
		setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("open %s\n", wq->name);
	for (;;) {
		while (idle && !tool_has_input() && idle(wq))
			;
		if (!fgets(line, sizeof(line), stdin) ||
		    !strcmp(line, "quit\n"))
			break;
		if (!tool_command(wq, line) && !command(wq, line))
			errx(2, "no such command: %s", line);
	}
}
