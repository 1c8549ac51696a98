// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests of the netlink family, made from the tables of ims.yaml, and a listener
 * to its events, which is mostly slow.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/ims_netlink.h>

#include "fuzz.h"
#include "spec.h"

#define NR_LEARNED	8
#define EVENT_READS	16

static int family, group;
static int asker = -1, listener = -1;
static uint32_t seq;

/* What answers and events have told: ids, Linux IRQs */
static struct learned {
	uint32_t values[NR_LEARNED];
	unsigned int count;
} stores, devices, irqs;

/* ---- sockets ------------------------------------------------------------------ */

void netlink_init(void)
{
	struct nl_sock *sk = nl_socket_alloc();

	if (!sk || genl_connect(sk))
		errx(1, "no netlink");
	family = genl_ctrl_resolve(sk, IMS_FAMILY_NAME);
	group = genl_ctrl_resolve_grp(sk, IMS_FAMILY_NAME, IMS_MCGRP_EVENTS);
	nl_socket_free(sk);
	if (family < 0 || group < 0)
		errx(1, "no netlink family");
}

static int open_socket(void)
{
	/* An answer that does not come is a finding. */
	const struct timeval patience = { .tv_sec = 120 };
	const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err(1, "netlink");
	return fd;
}

void netlink_begin(struct fuzzer *f)
{
	(void)f;
	asker = open_socket();
	listener = open_socket();
}

/* ---- what is learned ------------------------------------------------------------ */

static void learn(struct learned *learned, uint32_t value)
{
	learned->values[learned->count++ % NR_LEARNED] = value;
}

static uint32_t known(struct fuzzer *f, const struct learned *learned)
{
	unsigned int n = learned->count < NR_LEARNED ? learned->count : NR_LEARNED;

	if (!n)
		return 1;
	/* The last that was heard of is the one most likely to be there. */
	if (random_one_in(&f->random, 2))
		return learned->values[(learned->count - 1) % NR_LEARNED];
	return learned->values[random_below(&f->random, n)];
}

uint32_t netlink_irq(struct fuzzer *f)
{
	return irqs.count ? known(f, &irqs) : 0;
}

static void learn_from(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);
	struct nlattr *attr;
	int rest;

	if (nlh->nlmsg_type != family)
		return;
	nla_for_each_attr(attr, (struct nlattr *)genlmsg_data(genl),
			  genlmsg_len(genl), rest) {
		if (nla_len(attr) != sizeof(uint32_t))
			continue;
		switch (genl->cmd) {
		case IMS_CMD_STORE_GET ... IMS_CMD_STORE_CHANGE_NTF:
			if (nla_type(attr) == IMS_A_STORE_ID)
				learn(&stores, nla_get_u32(attr));
			break;
		case IMS_CMD_DEVICE_GET ... IMS_CMD_DEVICE_CHANGE_NTF:
			if (nla_type(attr) == IMS_A_DEVICE_ID)
				learn(&devices, nla_get_u32(attr));
			break;
		case IMS_CMD_VECTOR_GET ... IMS_CMD_VECTOR_CHANGE_NTF:
			if (nla_type(attr) == IMS_A_VECTOR_IRQ)
				learn(&irqs, nla_get_u32(attr));
		}
	}
}

/* ---- requests --------------------------------------------------------------------- */

struct request {
	unsigned char bytes[4096];
	size_t size;
};

static void put_attr(struct request *request, unsigned int type, const void *data,
		     size_t size)
{
	struct nlattr *attr = (void *)(request->bytes + request->size);

	if (request->size + NLA_HDRLEN + NLA_ALIGN(size) > sizeof(request->bytes))
		return;
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memset(attr + 1, 0, NLA_ALIGN(size));
	if (size)
		memcpy(attr + 1, data, size);
	request->size += NLA_HDRLEN + NLA_ALIGN(size);
}

static const char *any_store(struct fuzzer *f)
{
	return getenv(random_one_in(&f->random, 2) ? "IMS_EDU" : "IMS_SIOV");
}

/* A long one, or one that is not ended. */
static void put_odd_string(struct fuzzer *f, struct request *request,
			   const struct spec_attr *attr)
{
	unsigned int max = attr->max_len ? attr->max_len : 16;
	size_t size = random_edge(&f->random, max + 1) % 1024;
	char text[1024];

	memset(text, random_one_in(&f->random, 2) ? '0' : 'x', sizeof(text));
	if (size && !random_one_in(&f->random, 4))
		text[size - 1] = '\0';
	ring_note("%s[%zu]", attr->name, size);
	put_attr(request, attr->number, text, size);
}

static void put_string(struct fuzzer *f, struct request *request,
		       const struct spec_op *op, const struct spec_attr *attr)
{
	static const char *const cpus[] = {
		"", "0", "1", "0-3", "2,3", "1-2", "0-63", "9", "3-", "x",
	};
	const char *text;

	if (random_one_in(&f->random, 32)) {
		put_odd_string(f, request, attr);
		return;
	}
	if (!strcmp(attr->name, "affinity"))
		text = cpus[random_below(&f->random, 10)];
	else if (!strncmp(op->name, "store", 5))
		text = any_store(f);
	else
		text = devices_any_name(f);
	ring_note("%s %s", attr->name, text);
	put_attr(request, attr->number, text, strlen(text) + 1);
}

static uint64_t any_number(struct fuzzer *f, const struct spec_op *op,
			   const struct spec_attr *attr)
{
	uint64_t max = attr->type == SPEC_U64 ? UINT64_MAX : UINT32_MAX;

	if (random_one_in(&f->random, 24))
		return random_edge(&f->random, max);
	if (attr->entries)
		return random_below(&f->random, attr->entries);
	if (!strcmp(attr->name, "store-id") ||
	    (!strcmp(attr->name, "id") && !strncmp(op->name, "store", 5)))
		return known(f, &stores);
	if (!strcmp(attr->name, "id") || !strcmp(attr->name, "device-id"))
		return known(f, &devices);
	if (!strcmp(attr->name, "index") || !strcmp(attr->name, "list"))
		return random_vector(&f->random);
	if (!strcmp(attr->name, "limit"))
		return random_one_in(&f->random, 4) ?
		       random_below(&f->random, NR_VECTORS) :
		       NR_VECTORS + random_below(&f->random, 64);
	if (!strcmp(attr->name, "count") || !strcmp(attr->name, "reservation"))
		return random_below(&f->random, 4);
	/* Cookies: siov's have 20 bits. */
	return random_edge(&f->random, random_one_in(&f->random, 2) ? max : 0xfffff);
}

static void put_value(struct fuzzer *f, struct request *request,
		      const struct spec_op *op, const struct spec_attr *attr)
{
	uint64_t number;

	switch (attr->type) {
	case SPEC_FLAG:
	case SPEC_PAD:
		ring_note("%s", attr->name);
		put_attr(request, attr->number, NULL, 0);
		break;
	case SPEC_STRING:
		put_string(f, request, op, attr);
		break;
	default:
		number = any_number(f, op, attr);
		ring_note("%s %#llx", attr->name, (unsigned long long)number);
		put_attr(request, attr->number, &number,
			 attr->type == SPEC_U64 ? 8 : 4);
		if (attr->multi && !random_one_in(&f->random, 4))
			put_value(f, request, op, attr);
	}
}

static bool is_name(const struct spec_attr *attr)
{
	return attr->type == SPEC_STRING && strcmp(attr->name, "affinity");
}

static bool is_id(const struct spec_attr *attr)
{
	return !strcmp(attr->name, "id") || !strcmp(attr->name, "device-id");
}

/* How often an attribute that may be there is: once in that many times */
static unsigned int rarity(const struct spec_attr *attr)
{
	if (!strcmp(attr->name, "index"))
		return 1;
	if (!strcmp(attr->name, "validate-only") || !strcmp(attr->name, "list") ||
	    !strcmp(attr->name, "cookie-clear") || !strcmp(attr->name, "limit"))
		return 6;
	return 3;
}

/* Id or name: mostly one of them, as a request must have it that is no dump's. */
static void put_attrs(struct fuzzer *f, struct request *request,
		      const struct spec_op *op, const struct spec_request *takes,
		      bool dump)
{
	bool by_name = !random_one_in(&f->random, 4);
	bool odd = random_one_in(&f->random, 24);
	bool named = !dump || random_one_in(&f->random, 2);
	const struct spec_attr *attr;
	size_t i;

	for (i = 0; i < takes->nr_taken; i++) {
		attr = &op->attrs[takes->taken[i]];
		if (odd ? random_one_in(&f->random, 2) :
		    is_name(attr) ? named && by_name :
		    is_id(attr) ? named && !by_name :
		    random_one_in(&f->random, rarity(attr)))
			put_value(f, request, op, attr);
	}
	/* One that it does not take, or that nobody knows. */
	if (random_one_in(&f->random, 48))
		put_value(f, request, op,
			  &op->attrs[random_below(&f->random, op->nr_attrs)]);
	if (random_one_in(&f->random, 96))
		put_attr(request, random_below(&f->random, 80), "abcdefgh",
			 random_below(&f->random, 9));
}

static int send_request(struct request *request, unsigned int cmd, unsigned int flags)
{
	struct nlmsghdr *nlh = (void *)request->bytes;
	struct genlmsghdr *genl = NLMSG_DATA(nlh);

	memset(nlh, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	nlh->nlmsg_len = request->size;
	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++seq;
	genl->cmd = cmd;
	genl->version = IMS_FAMILY_VERSION;
	return send(asker, request->bytes, request->size, 0) < 0 ? -errno : 0;
}

/* Until the message that ends the answer, or only the first part of it. */
static int take_answer(bool all)
{
	unsigned char buf[32768];
	struct nlmsghdr *nlh;
	int len;

	for (;;) {
		len = recv(asker, buf, sizeof(buf), 0);
		if (len < 0) {
			if (errno == EAGAIN)
				errx(1, "no answer to a request");
			return -errno;
		}
		for (nlh = (void *)buf; NLMSG_OK(nlh, (uint32_t)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			learn_from(nlh);
			if (nlh->nlmsg_seq == seq && (nlh->nlmsg_type == NLMSG_ERROR ||
						      nlh->nlmsg_type == NLMSG_DONE))
				return *(int *)NLMSG_DATA(nlh);
		}
		if (!all)
			return 0;
	}
}

static int ask(struct fuzzer *f, bool dump)
{
	struct request request = { .size = NLMSG_HDRLEN + GENL_HDRLEN };
	bool all = !dump || !random_one_in(&f->random, 24);
	const struct spec_op *op;
	int ret;

	do {
		op = &spec_ops[random_below(&f->random, spec_nr_ops)];
	} while (!op->request[dump].exists && !random_one_in(&f->random, 48));
	ring_note("%s%s", op->name, dump ? " dump" : "");
	put_attrs(f, &request, op, &op->request[dump], dump);
	ret = send_request(&request, op->number, dump ? NLM_F_DUMP : 0);
	if (!ret)
		ret = take_answer(all);
	if (!all || ret == -ENOBUFS) {
		close(asker);
		asker = open_socket();
	}
	return ret;
}

int call_netlink(struct fuzzer *f)
{
	return ask(f, false);
}

int call_dump(struct fuzzer *f)
{
	return ask(f, true);
}

/* ---- events ------------------------------------------------------------------------ */

int call_listen(struct fuzzer *f)
{
	unsigned char buf[32768];
	struct nlmsghdr *nlh;
	int len, i, size;

	switch (random_below(&f->random, 8)) {
	case 0:
		ring_note("join");
		return setsockopt(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				  &group, sizeof(group)) ? -errno : 0;
	case 1:
		if (!random_one_in(&f->random, 4))
			return NOTHING;
		ring_note("leave");
		return setsockopt(listener, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP,
				  &group, sizeof(group)) ? -errno : 0;
	case 2:
		/* It overflows soon, or never. */
		size = random_one_in(&f->random, 2) ? 2304 : 1 << 20;
		ring_note("buffer of %d", size);
		return setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size,
				  sizeof(size)) ? -errno : 0;
	}
	ring_note("read");
	for (i = 0; i < EVENT_READS; i++) {
		len = recv(listener, buf, sizeof(buf), MSG_DONTWAIT);
		if (len < 0)
			return i && errno == EAGAIN ? 0 : -errno;
		for (nlh = (void *)buf; NLMSG_OK(nlh, (uint32_t)len);
		     nlh = NLMSG_NEXT(nlh, len))
			learn_from(nlh);
	}
	return 0;
}
