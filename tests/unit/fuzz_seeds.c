// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: fuzz_seeds DIRECTORY
 *
 * Writes inputs for fuzz_reply, see there: what the simulated kernel answers to
 * each call, in some conditions. The linker puts itself between the library and
 * the transport.
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/types.h>

#include "fake_kernel.h"
#include "fuzz_reply.h"

struct ims_transport;

/* Visible for the linker. */
#pragma GCC visibility push(default)
ssize_t __real_ims_transport_recv(struct ims_transport *t, void **data);
ssize_t __wrap_ims_transport_recv(struct ims_transport *t, void **data);
#pragma GCC visibility pop

static FILE *file;
/* Also the answer to where the family is. */
static bool with_family;

static void write_message(struct nlmsghdr nlh, const char *payload)
{
	nlh.nlmsg_seq = 0;
	fwrite(&nlh, sizeof(nlh), 1, file);
	fwrite(payload, NLMSG_ALIGN(nlh.nlmsg_len) - sizeof(nlh), 1, file);
}

ssize_t __wrap_ims_transport_recv(struct ims_transport *t, void **data)
{
	ssize_t size = __real_ims_transport_recv(t, data);
	const char *at = *data;
	ssize_t rest = size;

	if (size < 0 || !(with_family || fake_kernel.requests))
		return size;

	fputc(NLMSG_ALIGN(size) & 0xff, file);
	fputc(NLMSG_ALIGN(size) >> 8, file);
	while (rest > 0) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)at;

		write_message(*nlh, at + sizeof(*nlh));
		at += NLMSG_ALIGN(nlh->nlmsg_len);
		rest -= NLMSG_ALIGN(nlh->nlmsg_len);
	}
	return size;
}

static void ordinary(void)
{
}

static void unprivileged(void)
{
	fake_kernel.privileged = false;
}

static void disturbed(void)
{
	fake_kernel.interrupts = 2;
}

static void small_parts(void)
{
	fake_kernel.part = 64;
}

static void warning(void)
{
	fake_kernel.warning = "mind the gap";
}

static void closed(void)
{
	fake_kernel.done_error = -19;
}

static void family_too(void)
{
	with_family = true;
}

static void (*const conditions[])(void) = {
	ordinary, unprivileged, disturbed, small_parts, warning, closed,
	family_too, fake_kernel_hold,
};

int main(int argc, char **argv)
{
	unsigned int i, j;

	if (argc != 2) {
		fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
		return 2;
	}
	for (i = 0; i < fuzz_num_calls; i++) {
		for (j = 0; j < sizeof(conditions) / sizeof(*conditions); j++) {
			struct ims_ctx *ctx;
			char path[4096];

			with_family = false;
			fake_kernel_reset();
			fake_kernel_populate();
			conditions[j]();
			snprintf(path, sizeof(path), "%s/%s-%u", argv[1],
				 fuzz_calls[i].name, j);
			file = fopen(path, "w");
			if (!file || ims_ctx_new(&ctx)) {
				perror(path);
				return 1;
			}
			fputc(i, file);
			fputc(with_family, file);
			fuzz_calls[i].call(ctx);
			ims_ctx_free(ctx);
			fclose(file);
		}
	}
	fake_kernel_reset();
	return 0;
}
