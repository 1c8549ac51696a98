// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control plane: what it takes to see all vectors, and to trigger one.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "bench.h"

/* A library's whole dump, from a new context on, as a command does it. */
struct dump {
	const char *name;
	uint32_t count;
};

static void dump_ours(void *arg)
{
	const struct dump *dump = arg;
	struct ims_vector_list *list;
	struct ims_device *device;
	struct ims_ctx *ctx;

	if (ims_ctx_new(&ctx) || ims_device_get(ctx, dump->name, &device) ||
	    ims_vector_list_get_by_device(ctx, device, &list))
		errx(1, "dump");
	/* With vector 0, which is emulated */
	if (ims_vector_list_count(list) != 1 + dump->count)
		errx(1, "dump: %zu vectors, not %u", ims_vector_list_count(list),
		     1 + dump->count);
	ims_vector_list_free(list);
	ims_device_free(device);
	ims_ctx_free(ctx);
}

/*
 * The best that can be had without us: read /proc/interrupts in large pieces,
 * and of each line that names the device keep IRQ, the sum over the CPUs, and
 * the name.
 */
static void dump_proc(void *arg)
{
	const struct dump *dump = arg;
	static char text[64 << 20];
	uint64_t irq, sum, total = 0;
	char *line, *end, *at;
	size_t size = 0;
	uint32_t n = 0;
	ssize_t got;
	int fd;

	fd = open("/proc/interrupts", O_RDONLY);
	while ((got = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += got;
	close(fd);
	text[size] = 0;
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = 0;
		irq = strtoul(line, &at, 10);
		if (*at != ':' || !strstr(at, dump->name))
			continue;
		sum = 0;
		for (at++; *(at += strspn(at, " ")) >= '0' && *at <= '9';)
			sum += strtoul(at, &at, 10);
		total += sum + irq;
		n++;
	}
	if (n != dump->count || !total)
		errx(1, "/proc/interrupts: %u vectors, not %u", n, dump->count);
}

static void run(char *const argv[])
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static void exec_lsirq(void *arg)
{
	(void)arg;
	run((char *[]){ "lsirq", "-o", "IRQ,TOTAL,NAME", NULL });
}

static void exec_imsctl(void *arg)
{
	const struct dump *dump = arg;

	run((char *[]){ "imsctl", "list", (char *)dump->name, NULL });
}

static uint64_t nanoseconds(const struct timeval *time)
{
	return time->tv_sec * 1000000000ULL + time->tv_usec * 1000ULL;
}

/*
 * CPU time of @fn in a process of its own. Its time from fork to end is also
 * spent waiting for files, which with -icount counts as instructions, too.
 */
static uint64_t time_process(void (*fn)(void *), void *arg)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (!pid)
		fn(arg);
	if (wait4(pid, &status, 0, &usage) != pid || status)
		errx(1, "a command failed: status %#x", status);
	return nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime);
}

void measure_dump(struct bench *b, uint32_t count)
{
	struct dump dump = { b->name, count };
	struct series library, command;
	struct traced ours, peer;
	uint64_t start;
	char name[64];
	int i;

	bench_reopen(b);
	bench_bind(b, OURS, 0, b->eventfds[OURS], count);
	for (i = 0; i < REPEAT; i++) {
		start = now();
		dump_ours(&dump);
		library.value[OURS][i] = since(start);
		start = now();
		dump_proc(&dump);
		library.value[PEER][i] = since(start);
		command.value[OURS][i] = time_process(exec_imsctl, &dump);
		command.value[PEER][i] = time_process(exec_lsirq, NULL);
	}
	snprintf(name, sizeof(name), "dump of %u: /proc/interrupts", count);
	report(name, "per vector", &library, count);
	snprintf(name, sizeof(name), "imsctl list of %u: lsirq", count);
	report(name, "per vector", &command, count);

	ours = trace_calls(dump_ours, &dump);
	peer = trace_calls(dump_proc, &dump);
	snprintf(name, sizeof(name), "dump of %u: system calls", count);
	report_one(name, "calls", ours.calls, peer.calls);
	snprintf(name, sizeof(name), "dump of %u: bytes", count);
	report_one(name, "bytes", ours.bytes, peer.bytes);
	bench_disable(b, OURS);
}

/* A netlink client with nothing to spare: one request of a constant form. */
struct raw {
	int fd;
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr id_head;
		uint32_t id;
		struct nlattr index_head;
		uint32_t index;
		struct nlattr count_head;
		uint32_t count;
	} request;
};

static uint16_t raw_family(int fd)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr head;
		char name[8];
	} request = {
		.nlh = { .nlmsg_len = sizeof(request), .nlmsg_type = GENL_ID_CTRL,
			 .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.head = { .nla_len = NLA_HDRLEN + sizeof(IMS_FAMILY_NAME),
			  .nla_type = CTRL_ATTR_FAMILY_NAME },
		.name = IMS_FAMILY_NAME,
	};
	char reply[8192];
	struct nlattr *attr;
	ssize_t len;

	if (send(fd, &request, sizeof(request), 0) < 0 ||
	    (len = recv(fd, reply, sizeof(reply), 0)) < 0)
		err(1, "family");
	attr = (void *)(reply + NLMSG_HDRLEN + GENL_HDRLEN);
	while ((char *)attr < reply + len) {
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)((char *)attr + NLA_HDRLEN);
		attr = (void *)((char *)attr + NLA_ALIGN(attr->nla_len));
	}
	errx(1, "no family");
}

static void raw_open(struct raw *raw, uint32_t device)
{
	raw->fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (raw->fd < 0)
		err(1, "netlink");
	memset(&raw->request, 0, sizeof(raw->request));
	raw->request.nlh.nlmsg_len = sizeof(raw->request);
	raw->request.nlh.nlmsg_type = raw_family(raw->fd);
	raw->request.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	raw->request.genl.cmd = IMS_CMD_TRIGGER;
	raw->request.genl.version = IMS_FAMILY_VERSION;
	raw->request.id_head = (struct nlattr){ 8, IMS_A_VECTOR_DEVICE_ID };
	raw->request.id = device;
	raw->request.index_head = (struct nlattr){ 8, IMS_A_VECTOR_INDEX };
	raw->request.index = 1;
	raw->request.count_head = (struct nlattr){ 8, IMS_A_VECTOR_COUNT };
	raw->request.count = 1;
}

static void raw_trigger(struct raw *raw)
{
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
		char more[256];
	} reply;

	if (send(raw->fd, &raw->request, sizeof(raw->request), 0) < 0 ||
	    recv(raw->fd, &reply, sizeof(reply), 0) < 0)
		err(1, "trigger");
	if (reply.nlh.nlmsg_type != NLMSG_ERROR || reply.err.error)
		errx(1, "trigger: %s", strerror(-reply.err.error));
}

void measure_trigger(struct bench *b)
{
	struct ims_device *device;
	struct series s;
	uint64_t start;
	struct raw raw;
	uint32_t id;
	int i, n;

	bench_reopen(b);
	bench_bind(b, OURS, 0, b->eventfds[OURS], 1);
	if (ims_device_get(b->ours.wq.ctx, b->name, &device) ||
	    ims_device_get_id(device, &id))
		errx(1, "no device");
	raw_open(&raw, id);
	for (i = 0; i < REPEAT; i++) {
		start = now();
		for (n = 0; n < 100; n++)
			if (ims_vector_trigger_range(b->ours.wq.ctx, device, 1, 1,
						     IMS_TRIGGER_PATH_EVENTFD, 0))
				errx(1, "trigger");
		s.value[OURS][i] = since(start);
		start = now();
		for (n = 0; n < 100; n++)
			raw_trigger(&raw);
		s.value[PEER][i] = since(start);
	}
	report("trigger by libims: raw netlink", "each", &s, 100);
	close(raw.fd);
	ims_device_free(device);
}
