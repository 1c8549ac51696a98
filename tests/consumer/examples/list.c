// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list - the stores of this host and the virtual devices that are open on them.
 * Needs no privilege.
 */
#include <inttypes.h>
#include <stdio.h>

#include <libims.h>

static int fail(const struct ims_ctx *ctx)
{
	fprintf(stderr, "list: %s\n",
		ims_error_get_message(ims_ctx_get_error(ctx)));
	return 1;
}

static void print_store(const struct ims_store *store)
{
	uint32_t used = 0, limit = 0, size = 0;

	ims_store_get_used(store, &used);
	ims_store_get_limit(store, &limit);
	ims_store_get_size(store, &size);
	printf("store %s: %" PRIu32 " of %" PRIu32 " slots in use, limit %"
	       PRIu32 "\n", ims_store_get_name(store), used, size, limit);
}

static void print_device(const struct ims_device *device)
{
	uint32_t live = 0, count = 0, slots = 0;

	ims_device_get_live(device, &live);
	ims_device_get_vectors(device, &count);
	ims_device_get_slots(device, &slots);
	printf("  device %s: %" PRIu32 " of %" PRIu32 " vectors live, %" PRIu32
	       " slots\n", ims_device_get_name(device), live, count, slots);
}

/* A list that kept changing while it was read (-EINTR) is shown all the same. */
static int print_devices(struct ims_ctx *ctx, const struct ims_store *store)
{
	struct ims_device_list *devices;
	size_t i;

	if (ims_device_list_get_by_store(ctx, store, &devices) && !devices)
		return fail(ctx);

	for (i = 0; i < ims_device_list_count(devices); i++)
		print_device(ims_device_list_at(devices, i));
	ims_device_list_free(devices);
	return 0;
}

int main(void)
{
	struct ims_store_list *stores;
	struct ims_ctx *ctx;
	int status = 0;
	size_t i;

	if (ims_ctx_new(&ctx)) {
		fputs("list: out of memory\n", stderr);
		return 1;
	}

	if (ims_store_list_get(ctx, &stores) && !stores)
		status = fail(ctx);
	for (i = 0; i < ims_store_list_count(stores) && !status; i++) {
		const struct ims_store *store = ims_store_list_at(stores, i);

		print_store(store);
		status = print_devices(ctx, store);
	}

	ims_store_list_free(stores);
	ims_ctx_free(ctx);
	return status;
}
