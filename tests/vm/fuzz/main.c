// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: fuzz [--seed N] [--calls N] [--seconds N] [--processes N] [--from N]
 *             [--ring FILE]
 *        fuzz --tell FILE
 *
 * Random calls that are well formed, from several processes. Between rounds all
 * of them close what they have open, and what is left is looked at. Ends with
 * status 0 when that was nothing, no process was lost and the kernel had nothing to
 * report.
 *
 *	--seed N	other calls (1)
 *	--calls N	so many in all (20000)
 *	--seconds N	but no longer than that (for ever)
 *	--processes N	1 to 16 (4). The calls of one process alone are the same in
 *			each VM that has just started, and so are their results,
 *			but for what hardware does in its own time and which
 *			allocation is the one that fails. Several make them in
 *			another order.
 *	--from N	each process begins with its call N, not 0
 *	--ring FILE	keep the last calls of each process in FILE
 *	--tell FILE	print them
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fault.h"
#include "fuzz.h"

#define ROUND		1000	/* calls of a process in a round */
#define PATIENCE	300	/* seconds without a call that returns */
#define NR_ERRORS	160	/* errnos that are counted one by one */

#define NEEDS_DEVICE	1	/* opens one when none is open */
#define MAY_FAIL	2	/* allocations may fail in it */

static const struct kind {
	const char *name;
	int (*call)(struct fuzzer *f);
	unsigned int weight;
	unsigned int flags;
} kinds[] = {
	{ "open", call_open, 120, MAY_FAIL },
	{ "irqs", call_set_irqs, 900, NEEDS_DEVICE | MAY_FAIL },
	{ "event", call_event, 160, 0 },
	{ "region", call_region, 500, NEEDS_DEVICE | MAY_FAIL },
	{ "registers", call_registers, 500, NEEDS_DEVICE | MAY_FAIL },
	{ "portal", call_portal, 400, NEEDS_DEVICE | MAY_FAIL },
	{ "netlink", call_netlink, 900, MAY_FAIL },
	{ "dump", call_dump, 100, MAY_FAIL },
	{ "listen", call_listen, 160, 0 },
	{ "share", call_share, 60, 0 },
	{ "close", call_close, 60, 0 },
	{ "create", call_create, 60, 0 },
	{ "remove", call_remove, 10, 0 },
	{ "reset", call_reset, 40, NEEDS_DEVICE | MAY_FAIL },
	{ "info", call_info, 100, NEEDS_DEVICE | MAY_FAIL },
	{ "dma", call_dma, 80, NEEDS_DEVICE | MAY_FAIL },
	{ "revoke", call_revoke, 40, MAY_FAIL },
	{ "stall", call_stall, 10, 0 },
	{ "unbind", call_unbind, 2, 0 },
	{ "pci-reset", call_pci_reset, 4, 0 },
	{ "sysfs", call_sysfs, 40, 0 },
	{ "cpu", call_cpu, 10, 0 },
	{ "affinity", call_affinity, 60, 0 },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(*kinds))

static struct options {
	uint64_t seed, calls, seconds, from;
	unsigned int processes;
	const char *ring;
} options = { .seed = 1, .calls = 20000, .processes = 4 };

/* Of a process. Of results the last but one is for errors beyond, the last NOTHING. */
struct counts {
	uint64_t results[NR_KINDS][NR_ERRORS + 2];
	uint64_t failed[NR_KINDS];	/* allocations in it */
	uint64_t ns[NR_KINDS];		/* how long it took */
	volatile uint64_t calls;
};

static struct shared {
	volatile unsigned int waiting;	/* processes that have ended the round */
	volatile unsigned int round;
	volatile bool enough;	/* time is up: end as after the last call */
	volatile bool stop;	/* something is wrong: end at once */
	struct counts counts[NR_PROCESSES];
} *shared;

/* ---- a process ------------------------------------------------------------------- */

static unsigned int kind_of(int (*call)(struct fuzzer *f))
{
	unsigned int i = 0;

	while (kinds[i].call != call)
		i++;
	return i;
}

static unsigned int any_kind(struct fuzzer *f)
{
	static unsigned int sum;
	unsigned int i, n;

	if (!sum)
		for (i = 0; i < NR_KINDS; i++)
			sum += kinds[i].weight;
	n = random_below(&f->random, sum);
	/* As a user does whose request eventfd is signalled. */
	if (random_one_in(&f->random, 16) && devices_wanted(f))
		return kind_of(call_close);
	for (i = 0; n >= kinds[i].weight; i++)
		n -= kinds[i].weight;
	if (kinds[i].flags & NEEDS_DEVICE && !devices_any_open(f))
		return kind_of(call_open);
	return i;
}

static void count(struct counts *counts, unsigned int kind, int ret, bool failed_one)
{
	unsigned int i = ret == NOTHING ? NR_ERRORS + 1 :
			 -ret < NR_ERRORS ? (unsigned int)-ret : NR_ERRORS;

	counts->results[kind][i]++;
	counts->failed[kind] += failed_one;
	counts->calls++;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void one_call(struct fuzzer *f, uint64_t n)
{
	struct counts *counts = &shared->counts[f->number];
	uint64_t begun = now_ns();
	bool armed, failed_one = false;
	unsigned int kind, nth;
	int ret;

	random_seed(&f->random, options.seed, f->number, n);
	kind = any_kind(f);
	armed = random_one_in(&f->random, 12) && kinds[kind].flags & MAY_FAIL;
	nth = 1 + random_below(&f->random, random_one_in(&f->random, 2) ? 3 : 24);
	ring_call(n, kinds[kind].name);
	if (armed)
		fault_arm(nth);
	ret = kinds[kind].call(f);
	if (armed)
		failed_one = fault_disarm();
	ring_result(ret, failed_one);
	counts->ns[kind] += now_ns() - begun;
	count(counts, kind, ret, failed_one);
}

static void wait_for_others(void)
{
	unsigned int round = shared->round;

	__atomic_fetch_add(&shared->waiting, 1, __ATOMIC_SEQ_CST);
	while (shared->round == round && !shared->stop)
		usleep(2000);
}

static void run(unsigned int number)
{
	uint64_t n, end = options.from + options.calls / options.processes;
	struct fuzzer f = { .number = number };
	bool last = false;

	ring_begin(number);
	devices_begin(&f);
	irqs_begin(&f);
	portal_begin();
	netlink_begin(&f);
	fault_open();
	for (n = options.from; !last && !shared->stop; n++) {
		one_call(&f, n);
		last = n + 1 >= end || shared->enough;
		if ((n + 1) % ROUND && !last)
			continue;
		devices_close_all(&f);
		wait_for_others();
	}
	exit(0);
}

/* ---- all of them ------------------------------------------------------------------- */

/* What fails: what our modules allocate, and what is allocated for them. */
static void init_faults(void)
{
	static const char *const names[] = {
		"[ims]", "[vfio_pci_ims]", "[ims_vfunc]", "[ims_edu]", "[ims_siov]",
	};
	struct fault_text texts[5], all = { };
	unsigned int i;

	fault_modules(names, texts, 5);
	for (i = 0; i < 5; i++) {
		if (!texts[i].end)
			errx(2, "%s is not loaded", names[i]);
		if (!all.end || texts[i].start < all.start)
			all.start = texts[i].start;
		if (texts[i].end > all.end)
			all.end = texts[i].end;
	}
	/*
	 * A file of /proc/irq/N that could not be made is not noticed before its
	 * removal, and then by a WARN().
	 */
	fault_scope(all, fault_function("register_irq_proc"));
}

static void print_counts(time_t begun)
{
	uint64_t sum, good, failed, ns, all = 0, all_good = 0, n;
	unsigned int kind, i, p;

	for (kind = 0; kind < NR_KINDS; kind++) {
		uint64_t results[NR_ERRORS + 2] = { };

		sum = failed = ns = 0;
		for (p = 0; p < options.processes; p++) {
			for (i = 0; i < NR_ERRORS + 2; i++)
				results[i] += shared->counts[p].results[kind][i];
			failed += shared->counts[p].failed[kind];
			ns += shared->counts[p].ns[kind];
		}
		for (i = 0; i < NR_ERRORS + 1; i++)
			sum += results[i];
		good = results[0];
		all += sum;
		all_good += good;
		printf("# %-10s %8" PRIu64 " calls of %7" PRIu64 " us, %3u %% ok",
		       kinds[kind].name, sum, sum ? ns / sum / 1000 : 0,
		       sum ? (unsigned int)(good * 100 / sum) : 0);
		for (i = 1; i < NR_ERRORS + 1; i++)
			if ((n = results[i]))
				printf(", %" PRIu64 " %s", n, i < NR_ERRORS ?
				       strerrorname_np(i) : "others");
		if (results[NR_ERRORS + 1])
			printf(", %" PRIu64 " nothing to do", results[NR_ERRORS + 1]);
		if (failed)
			printf("; %" PRIu64 " allocations failed", failed);
		printf("\n");
	}
	printf("# seed %" PRIu64 ", %u processes: %" PRIu64 " calls in %u s, %u %% ok\n",
	       options.seed, options.processes, all,
	       (unsigned int)(time(NULL) - begun),
	       all ? (unsigned int)(all_good * 100 / all) : 0);
}

static uint64_t sum_calls(void)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < options.processes; i++)
		sum += shared->counts[i].calls;
	return sum;
}

/* One that has ended is one that is lost, unless all is done. */
static bool lost_one(unsigned int *left)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		(*left)--;
		if (status) {
			printf("# process %d ended with status %#x\n", pid, status);
			return true;
		}
	}
	return false;
}

/* True when all that is left to do has been done, and nothing was wrong. */
static bool watch(unsigned int left, time_t begun)
{
	uint64_t calls = 0, now;
	time_t last = time(NULL), told = last;
	bool good = true;

	while (left && good) {
		usleep(20000);
		if (watch_reports() || lost_one(&left)) {
			good = false;
		} else if (left && shared->waiting == left) {
			good = quiet_check();
			devices_make_all();
			shared->waiting = 0;
			shared->round++;
			last = time(NULL);
		}
		if (options.seconds && time(NULL) - begun >= (time_t)options.seconds)
			shared->enough = true;
		now = sum_calls();
		if (now != calls) {
			calls = now;
			last = time(NULL);
		} else if (time(NULL) - last > PATIENCE) {
			printf("# no call has returned for %u s\n", PATIENCE);
			good = false;
		}
		if (time(NULL) - told >= 60) {
			told = time(NULL);
			printf("# %" PRIu64 " calls, round %u\n", now, shared->round);
			fflush(stdout);
		}
	}
	return good && !watch_reports();
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "calls", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 'S' },
		{ "processes", required_argument, NULL, 'p' },
		{ "from", required_argument, NULL, 'f' },
		{ "ring", required_argument, NULL, 'r' },
		{ "tell", required_argument, NULL, 't' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		switch (c) {
		case 's':
			options.seed = strtoull(optarg, NULL, 0);
			break;
		case 'c':
			options.calls = strtoull(optarg, NULL, 0);
			break;
		case 'S':
			options.seconds = strtoull(optarg, NULL, 0);
			break;
		case 'p':
			options.processes = strtoul(optarg, NULL, 0);
			break;
		case 'f':
			options.from = strtoull(optarg, NULL, 0);
			break;
		case 'r':
			options.ring = optarg;
			break;
		case 't':
			ring_open(optarg);
			ring_tell(stdout);
			exit(0);
		default:
			exit(2);
		}
	}
	if (!options.processes || options.processes > NR_PROCESSES || optind != argc)
		errx(2, "bad arguments");
}

int main(int argc, char **argv)
{
	time_t begun;
	unsigned int i;
	bool good;
	pid_t pid;

	parse(argc, argv);
	ring_open(options.ring);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	devices_init();
	host_init();
	cpus_init();
	netlink_init();
	watch_init();
	init_faults();
	devices_make_all();
	fflush(stdout);
	begun = time(NULL);
	for (i = 0; i < options.processes; i++) {
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (!pid)
			run(i);
	}
	good = watch(options.processes, begun);
	shared->stop = true;
	/* Who is in a call that does not end is not waited for. */
	for (i = 0; i < 100 && waitpid(-1, NULL, WNOHANG) >= 0; i++)
		usleep(100000);
	if (!good)
		ring_tell(stdout);
	print_counts(begun);
	printf("%sok - seed %" PRIu64 ": all is as it was, and nothing was reported\n",
	       good ? "" : "not ", options.seed);
	fflush(stdout);
	return !good;
}
