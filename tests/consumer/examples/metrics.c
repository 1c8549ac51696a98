// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics - stores and virtual devices as OpenMetrics text, for a scraper. One
 * line for a store or device and figure: vectors, of which there may be many
 * thousands, are added up. Needs no privilege.
 */
#include <inttypes.h>
#include <stdio.h>

#include <libims.h>

typedef int (*store_getter)(const struct ims_store *store, uint32_t *value);
typedef int (*vector_getter)(const struct ims_vector *vector, uint64_t *value);

static const struct {
	const char *name;
	const char *help;
	store_getter get;
} store_figures[] = {
	{ "size", "Slots of the store.", ims_store_get_size },
	{ "limit", "Most slots that may be in use.", ims_store_get_limit },
	{ "used", "Slots in use.", ims_store_get_used },
	{ "reserved", "Slots reserved.", ims_store_get_reserved },
};

static const struct {
	const char *name;
	const char *help;
	vector_getter get;
} vector_figures[] = {
	{ "delivered", "Hardware interrupts delivered.",
	  ims_vector_get_delivered },
	{ "loopback", "Signals that were asked for.", ims_vector_get_loopback },
	{ "signalled", "Signals by the driver.", ims_vector_get_signalled },
	{ "dropped", "Interrupts that met no trigger.",
	  ims_vector_get_dropped },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void print_stores(const struct ims_store_list *stores)
{
	uint32_t value;
	size_t f, i;

	for (f = 0; f < COUNT(store_figures); f++) {
		printf("# TYPE ims_store_slots_%s gauge\n",
		       store_figures[f].name);
		printf("# HELP ims_store_slots_%s %s\n", store_figures[f].name,
		       store_figures[f].help);
		for (i = 0; i < ims_store_list_count(stores); i++) {
			const struct ims_store *s = ims_store_list_at(stores,
								      i);

			if (!store_figures[f].get(s, &value))
				printf("ims_store_slots_%s{store=\"%s\"} %"
				       PRIu32 "\n", store_figures[f].name,
				       ims_store_get_name(s), value);
		}
	}
}

/* The list is in the order of devices: the sum of those from @i on, and its end. */
static uint64_t sum_device(const struct ims_vector_list *vectors,
			   vector_getter get, size_t *i)
{
	uint32_t first = 0, id = 0;
	uint64_t value, sum = 0;

	ims_vector_get_device_id(ims_vector_list_at(vectors, *i), &first);
	for (; *i < ims_vector_list_count(vectors); ++*i) {
		const struct ims_vector *v = ims_vector_list_at(vectors, *i);

		ims_vector_get_device_id(v, &id);
		if (id != first)
			break;
		if (!get(v, &value))
			sum += value;
	}
	return sum;
}

static void print_vectors(const struct ims_vector_list *vectors)
{
	const char *name;
	uint64_t sum;
	size_t f, i;

	for (f = 0; f < COUNT(vector_figures); f++) {
		printf("# TYPE ims_device_%s counter\n",
		       vector_figures[f].name);
		printf("# HELP ims_device_%s %s\n", vector_figures[f].name,
		       vector_figures[f].help);
		for (i = 0; i < ims_vector_list_count(vectors); ) {
			name = ims_vector_get_device_name(
				ims_vector_list_at(vectors, i));
			sum = sum_device(vectors, vector_figures[f].get, &i);
			printf("ims_device_%s_total{device=\"%s\"} %" PRIu64
			       "\n", vector_figures[f].name, name, sum);
		}
	}
}

int main(void)
{
	struct ims_vector_list *vectors = NULL;
	struct ims_store_list *stores = NULL;
	struct ims_ctx *ctx;
	int status = 0;

	if (ims_ctx_new(&ctx)) {
		fputs("metrics: out of memory\n", stderr);
		return 1;
	}

	/* Complete or nothing: half a list would look like a fall. */
	if (ims_store_list_get(ctx, &stores) ||
	    ims_vector_list_get(ctx, &vectors)) {
		fprintf(stderr, "metrics: %s\n",
			ims_error_get_message(ims_ctx_get_error(ctx)));
		status = 1;
	} else {
		print_stores(stores);
		print_vectors(vectors);
		puts("# EOF");
	}

	ims_vector_list_free(vectors);
	ims_store_list_free(stores);
	ims_ctx_free(ctx);
	return status;
}
