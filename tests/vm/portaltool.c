// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * portaltool NAME - hold a function of ims_siov.ko open, with its portal mapped and
 * its queue enabled, and do what standard input says, for shell scripts. Commands
 * are those of tool.h and
 *
 *	handle VECTOR		request the vector's interrupt handle
 *	release VECTOR		release it
 *	raise VECTOR		submit a NOP that raises its interrupt
 *	work N VECTOR		the same N times, each interrupt awaited: what the
 *				eventfd has counted
 *	load FIRST COUNT	do so for each of a range over and over, from now on
 *	loaded			how often so far
 *	stop			no more: what came of it
 *	command N ARGUMENT	execute a command: status and result
 *	read REGISTER		a register of BAR 0
 *	portal			write to the portal: "there", or "gone"
 *
 * A load requests handles again when they are revoked, and ends when the portal
 * is gone. Of what it has raised each has arrived, was refused (the device counted
 * an error), or is missing; what was under way when the portal went is "cut". The
 * last figure is the longest time in ms that a write to the portal took.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "portal.h"
#include "tool.h"

static struct portal portal;

static struct {
	uint32_t first, count;
	bool runs, gone;
	uint32_t errors;	/* of the device, before the round */
	uint32_t revocations;	/* that were seen */
	uint32_t submitted;	/* in this round */
	uint64_t raised, arrived, refused, missing, cut, longest;
} load;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static void load_submit(struct portal *fn)
{
	for (load.submitted = 0; load.submitted < load.count; load.submitted++)
		portal_raise(fn, load.first + load.submitted);
}

/* Neither is worth anything when the device is gone. */
static bool load_read(struct portal *fn, uint32_t reg, uint32_t *value)
{
	return !ims_vfio_read32(fn->wq.vfio, VFIO_PCI_BAR0_REGION_INDEX, reg,
				value);
}

/* Write to the portal: false when it is gone. */
static bool load_write(struct portal *fn, void (*write)(struct portal *fn))
{
	uint64_t start = now_ms();
	bool survived = portal_survives(fn, write);

	if (now_ms() - start > load.longest)
		load.longest = now_ms() - start;
	return survived;
}

/* Handles that the host has taken away are requested again. */
static bool load_look(struct portal *fn, uint32_t *errors)
{
	uint32_t revocations;

	if (!load_write(fn, portal_touch) ||
	    !load_read(fn, IMS_SIOV_REG_ERRORS, errors) ||
	    !load_read(fn, IMS_SIOV_REG_REVOCATIONS, &revocations))
		return false;
	if (revocations != load.revocations &&
	    portal_request(fn, load.first, load.count))
		return false;
	load.revocations = revocations;
	return true;
}

/* Returns what of the round is not accounted for. */
static uint32_t load_collect(struct portal *fn)
{
	uint32_t left = load.submitted, refused = 0, errors, v;
	int patience = 5000;

	for (;;) {
		for (v = load.first; v < load.first + load.count; v++)
			left -= wq_take(&fn->wq, v);
		if (left == refused || !patience--)
			break;
		usleep(1000);
		if (!load_look(fn, &errors)) {
			load.gone = true;
			break;
		}
		refused = errors - load.errors;
	}
	load.arrived += load.submitted - left;
	load.refused += refused;
	load.errors += refused;
	return left - refused;
}

static bool load_round(struct wq *wq)
{
	uint32_t left;

	(void)wq;
	if (!load.runs)
		return false;
	load.gone = !load_write(&portal, load_submit);
	load.raised += load.submitted;
	left = load_collect(&portal);
	if (load.gone)
		load.cut += left;
	else
		load.missing += left;
	load.runs = !load.gone;
	return load.runs;
}

static void load_start(struct portal *fn, uint32_t first, uint32_t count)
{
	memset(&load, 0, sizeof(load));
	load.first = first;
	load.count = count;
	if (portal_request(fn, first, count) ||
	    !load_read(fn, IMS_SIOV_REG_ERRORS, &load.errors) ||
	    !load_read(fn, IMS_SIOV_REG_REVOCATIONS, &load.revocations)) {
		printf("error\n");
		return;
	}
	load.runs = true;
	printf("ok\n");
}

static void load_stop(void)
{
	load.runs = false;
	printf("raised %" PRIu64 " arrived %" PRIu64 " refused %" PRIu64
	       " missing %" PRIu64 " cut %" PRIu64 "%s longest %" PRIu64 "\n",
	       load.raised, load.arrived, load.refused, load.missing, load.cut,
	       load.gone ? " gone" : "", load.longest);
}

static void work(struct portal *fn, uint32_t n, uint32_t vector)
{
	uint64_t sum = 0, counted = 1;

	while (n-- && counted) {
		portal_raise(fn, vector);
		counted = wq_wait(&fn->wq, vector);
		sum += counted;
	}
	printf("eventfd %" PRIu64 "\n", sum);
}

static void answer(const char *what, uint32_t error, uint32_t value)
{
	if (error)
		printf("error %u\n", error);
	else
		printf("%s %u\n", what, value);
}

static bool command(struct wq *wq, const char *line)
{
	struct portal *fn = &portal;
	uint32_t a, b, result, error;

	if (sscanf(line, "handle %u", &a) == 1 && a < WQ_VECTORS) {
		error = portal_request(fn, a, 1);
		answer("handle", error, fn->handles[a]);
	} else if (sscanf(line, "release %u", &a) == 1 && a < WQ_VECTORS) {
		result = fn->handles[a];
		answer("released", portal_release(fn, a, 1), result);
	} else if (sscanf(line, "raise %u", &a) == 1 && a < WQ_VECTORS) {
		portal_raise(fn, a);
		printf("ok\n");
	} else if (sscanf(line, "work %u %u", &a, &b) == 2 && b < TOOL_REQUEST)
		work(fn, a, b);
	else if (sscanf(line, "load %u %u", &a, &b) == 2 &&
		 a < TOOL_REQUEST && b <= TOOL_REQUEST - a)
		load_start(fn, a, b);
	else if (!strcmp(line, "loaded\n"))
		printf("raised %" PRIu64 "\n", load.raised);
	else if (!strcmp(line, "stop\n"))
		load_stop();
	else if (sscanf(line, "command %u %u", &a, &b) == 2) {
		error = portal_command(fn, a, b, &result);
		printf("status %u result %u\n", error, result);
	} else if (sscanf(line, "read %x", &a) == 1)
		printf("value %u\n", wq_read(wq, a));
	else if (!strcmp(line, "portal\n"))
		printf(portal_is_there(fn) ? "there\n" : "gone\n");
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: portaltool NAME <commands");
	if (portal_open(&portal, argv[1]))
		errx(1, "%s", portal.wq.ctx ? ims_error_get_message(
			ims_ctx_get_error(portal.wq.ctx)) : strerror(ENOMEM));
	tool_run(&portal.wq, command, load_round);
	portal_close(&portal);
	return 0;
}
