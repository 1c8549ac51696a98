// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writing captures.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "capture.h"
#include "capture_text.h"
#include "sys.h"

static void write_u32(FILE *out, const struct ims_attr *attr, uint32_t value)
{
	const char *word = attr->word ? attr->word(value) : NULL;

	if (word)
		fprintf(out, "\"%s\"", word);
	else
		fprintf(out, "%" PRIu32, value);
}

static void write_attr(FILE *out, const struct ims_attr_set *set, uint16_t type,
		       const void *snapshot)
{
	const struct ims_attr *attr = &set->attrs[type];
	uint64_t u64;
	uint32_t u32;

	if (attr->type == IMS_ATTR_STRING) {
		ims_capture_text_write(out, attr->name,
				       ims_attr_string(set, type, snapshot));
		return;
	}

	fprintf(out, "\"%s\": ", attr->name);
	switch (attr->type) {
	case IMS_ATTR_U32:
		ims_attr_u32(set, type, snapshot, &u32);
		write_u32(out, attr, u32);
		break;
	case IMS_ATTR_U64:
		ims_attr_u64(set, type, snapshot, &u64);
		fprintf(out, attr->hex ? "\"0x%" PRIx64 "\"" : "%" PRIu64, u64);
		break;
	default:
		fputs("true", out);
		break;
	}
}

/* Without its closing bracket. */
static void write_object(FILE *out, const struct ims_attr_set *set,
			 const void *snapshot)
{
	const char *separator = "";
	uint16_t type;

	putc('{', out);
	for (type = 1; type <= set->max; type++) {
		if (!ims_attr_flag(type, snapshot) ||
		    !ims_attr_is_kept(&set->attrs[type]))
			continue;
		fputs(separator, out);
		write_attr(out, set, type, snapshot);
		separator = ", ";
	}
}

static struct ims_capture_origin this_host(void)
{
	struct ims_capture_origin origin = { .has_time = true };
	struct ims_sys_host host;
	struct tm utc = { 0 };

	ims_sys_host(&host);
	origin.time = host.now;
	gmtime_r(&host.date, &utc);
	strftime(origin.date, sizeof(origin.date), "%Y-%m-%dT%H:%M:%SZ", &utc);
	strcpy(origin.host, host.name);
	strcpy(origin.kernel, host.kernel);
	return origin;
}

static void write_member(FILE *out, const char *name, const char *value)
{
	if (!value[0])
		return;
	fputs(",\n  ", out);
	ims_capture_text_write(out, name, value);
}

static void write_header(FILE *out, const struct ims_capture_origin *origin)
{
	fprintf(out, "{\n  \"capture\": %d", IMS_CAPTURE_VERSION);
	if (origin->has_time)
		fprintf(out, ",\n  \"time-ns\": %" PRIu64, origin->time);
	write_member(out, "date", origin->date);
	write_member(out, "host", origin->host);
	write_member(out, "kernel", origin->kernel);
}

/* Writes the objects of an array, each on a line. */
struct part {
	FILE *out;
	const struct ims_attr_set *set;
	bool empty;
};

static struct part begin_part(FILE *out, enum ims_capture_part which,
			      const struct ims_attr_set *set)
{
	fprintf(out, ",\n  \"%s\": [", ims_capture_names[which]);
	return (struct part) { .out = out, .set = set, .empty = true };
}

static void begin_entry(struct part *part, const void *snapshot)
{
	fputs(part->empty ? "\n    " : ",\n    ", part->out);
	write_object(part->out, part->set, snapshot);
	part->empty = false;
}

static void write_entry(struct part *part, const void *snapshot)
{
	begin_entry(part, snapshot);
	putc('}', part->out);
}

static void end_part(const struct part *part)
{
	fputs(part->empty ? "]" : "\n  ]", part->out);
}

/* What is written, in the order in which it is got. */
struct dumps {
	struct ims_vector_list *absent;
	struct ims_vector_list *vectors;
	struct ims_device_list *devices;
	struct ims_store_list *stores;
};

static void write_stores(FILE *out, const struct ims_store_list *list)
{
	struct part part = begin_part(out, IMS_CAPTURE_STORES,
				      &ims_store_attrs);
	size_t i;

	for (i = 0; i < ims_store_list_count(list); i++)
		write_entry(&part, ims_store_list_at(list, i));
	end_part(&part);
}

static void write_devices(const struct ims_ctx *ctx, FILE *out,
			  const struct ims_device_list *list)
{
	struct part part = begin_part(out, IMS_CAPTURE_DEVICES,
				      &ims_device_attrs);
	char vm[IMS_VM_NAME_MAX + 1];
	size_t i;

	for (i = 0; i < ims_device_list_count(list); i++) {
		const struct ims_device *device = ims_device_list_at(list, i);

		begin_entry(&part, device);
		if (!ims_device_find_vm(ctx, device, vm, sizeof(vm))) {
			fputs(", ", out);
			ims_capture_text_write(out, IMS_CAPTURE_VM, vm);
		}
		putc('}', out);
	}
	end_part(&part);
}

static int compare(const struct ims_vector *a, const struct ims_vector *b)
{
	if (a->device_id != b->device_id)
		return a->device_id < b->device_id ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

/*
 * Both lists are ordered. A vector that is in both was used in between, and is
 * absent no longer.
 */
static void write_vectors(FILE *out, const struct dumps *dumps)
{
	struct part part = begin_part(out, IMS_CAPTURE_VECTORS,
				      &ims_vector_attrs);
	const struct ims_vector *absent, *used;
	size_t a = 0, u = 0;

	for (;;) {
		int order;

		absent = ims_vector_list_at(dumps->absent, a);
		used = ims_vector_list_at(dumps->vectors, u);
		if (!absent && !used)
			break;
		order = !absent ? 1 : !used ? -1 : compare(absent, used);
		write_entry(&part, order < 0 ? absent : used);
		a += order <= 0;
		u += order >= 0;
	}
	end_part(&part);
}

static int write_all(struct ims_ctx *ctx, FILE *out, const struct dumps *dumps)
{
	struct ims_capture_origin origin;

	/* What was captured elsewhere stays what it was. */
	origin = ctx->capture ? ctx->capture->origin : this_host();
	/* Of an earlier write there would be no errno. */
	clearerr(out);
	errno = 0;
	write_header(out, &origin);
	write_stores(out, dumps->stores);
	write_devices(ctx, out, dumps->devices);
	write_vectors(out, dumps);
	fputs("\n}\n", out);
	if (!fflush(out) && !ferror(out))
		return 0;
	return ims_fail_errno(ctx, errno ? -errno : -EIO, NULL,
			      "writing a capture");
}

static int get_absent(struct ims_ctx *ctx, struct ims_vector_list **list)
{
	struct ims_vector_filter *filter;
	int err = ims_vector_filter_new(&filter);

	if (err)
		return ims_fail_errno(ctx, err, NULL, "listing vectors");

	ims_vector_filter_set_state(filter, IMS_VECTOR_STATE_ABSENT);
	err = ims_vector_list_get_by_filter(ctx, filter, list);
	ims_vector_filter_free(filter);
	return err;
}

/* -EINTR when one of them may be incomplete, and all are there. */
static int get_all(struct ims_ctx *ctx, struct dumps *dumps)
{
	int disturbed = 0, err;

	/*
	 * A vector that is used meanwhile is not missed so, nor the device and
	 * the store that belong to what came before.
	 */
	err = get_absent(ctx, &dumps->absent);
	if (!err || err == -EINTR) {
		disturbed |= err;
		err = ims_vector_list_get(ctx, &dumps->vectors);
	}
	if (!err || err == -EINTR) {
		disturbed |= err;
		err = ims_device_list_get(ctx, &dumps->devices);
	}
	if (!err || err == -EINTR) {
		disturbed |= err;
		err = ims_store_list_get(ctx, &dumps->stores);
	}
	return err ? err : disturbed;
}

IMS_PUBLIC int ims_capture_write(struct ims_ctx *ctx, FILE *stream)
{
	struct dumps dumps = { 0 };
	int err, write_err;

	if (!ctx || !stream)
		return -EINVAL;

	err = get_all(ctx, &dumps);
	if (!err || err == -EINTR) {
		write_err = write_all(ctx, stream, &dumps);
		err = write_err ? write_err : err;
	}
	ims_vector_list_free(dumps.absent);
	ims_vector_list_free(dumps.vectors);
	ims_device_list_free(dumps.devices);
	ims_store_list_free(dumps.stores);
	return err;
}
