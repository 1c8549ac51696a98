// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nobody has anything open: nothing may be left of what was.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../store_limit.h"
#include "../wq.h"
#include "fuzz.h"

/* Entries that may be left: see kmod/ims/entries.c. */
#define ENTRIES_SPARE	32

static bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool complain(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	return false;
}

static bool check_store(struct ims_ctx *ctx, const struct ims_store *store)
{
	uint32_t used, reserved, entries, devices, size;
	const char *name = ims_store_get_name(store);
	bool good = true;

	ims_store_get_used(store, &used);
	ims_store_get_reserved(store, &reserved);
	ims_store_get_entries(store, &entries);
	ims_store_get_devices(store, &devices);
	ims_store_get_size(store, &size);
	if (used || reserved || devices || entries > ENTRIES_SPARE)
		good = complain("store %s: %u slots used, %u reserved, %u devices, %u entries",
				name, used, reserved, devices, entries);
	/* The next round begins with all of it. */
	if (limit_store(ctx, store, size, 0))
		return complain("store %s: its limit cannot be set", name);
	return good;
}

static bool check_stores(struct ims_ctx *ctx)
{
	struct ims_store_list *stores;
	bool good = true;
	size_t i;

	if (ims_store_list_get(ctx, &stores))
		return complain("there is no answer about stores");
	if (ims_store_list_count(stores) != 2)
		good = complain("%zu stores, not 2", ims_store_list_count(stores));
	for (i = 0; i < ims_store_list_count(stores); i++)
		good &= check_store(ctx, ims_store_list_at(stores, i));
	ims_store_list_free(stores);
	return good;
}

static bool check_devices(struct ims_ctx *ctx)
{
	struct ims_device_list *devices;
	bool good;

	if (ims_device_list_get(ctx, &devices))
		return complain("there is no answer about devices");
	good = !ims_device_list_count(devices) ||
	       complain("%zu devices are open", ims_device_list_count(devices));
	ims_device_list_free(devices);
	return good;
}

static bool check_irqs(void)
{
	unsigned int count = wq_count_irqs("IMS-");

	return count <= 2 * ENTRIES_SPARE || complain("%u Linux IRQs", count);
}

bool quiet_check(void)
{
	struct ims_ctx *ctx;
	bool good;

	if (cpus_all_online())
		return complain("a CPU does not come back");
	if (ims_ctx_new(&ctx))
		return complain("no memory");
	good = check_devices(ctx);
	good &= check_stores(ctx);
	good &= check_irqs();
	ims_ctx_free(ctx);
	/* It ends with another status than 0 when something is in the state failed. */
	if (system("imsctl doctor >/tmp/doctor 2>&1")) {
		good = complain("doctor:");
		fflush(stdout);
		if (system("sed 's/^/# /' /tmp/doctor"))
			return false;
	}
	return good;
}
