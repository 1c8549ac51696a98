// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading captures.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "capture_text.h"

#define CHUNK	65536

/* What is being read, for errors. */
struct reader {
	struct ims_ctx *ctx;
	struct ims_capture *capture;
	enum ims_capture_part part;
	size_t entry;
};

static int bad_line(struct ims_ctx *ctx, size_t line, const char *text)
{
	return ims_fail(ctx, -EBADMSG, NULL, NULL,
			"the capture is broken in line %zu: %s", line, text);
}

static int bad_value(const struct reader *r, const char *name, const char *text)
{
	return ims_fail(r->ctx, -EBADMSG, NULL, name,
			"the capture is broken: \"%s\" of entry %zu of \"%s\" %s",
			name, r->entry, ims_capture_names[r->part], text);
}

static size_t count_lines(const char *text, size_t size)
{
	size_t lines = 0;

	for (; size; size--)
		lines += *text++ == '\n';
	return lines;
}

static bool is_blank(const char *text, size_t size)
{
	while (size && strchr(" \t\r\n", *text) && *text) {
		text++;
		size--;
	}
	return !size;
}

/* One document and nothing behind it, into @root. */
static int parse(struct ims_ctx *ctx, FILE *in, struct json_tokener *tok,
		 char *chunk, struct json_object **root)
{
	struct ims_capture_text text = { .in = in };
	enum json_tokener_error state = json_tokener_continue;
	size_t size, used, line = 1;

	*root = NULL;
	while ((size = ims_capture_text_read(&text, chunk, CHUNK))) {
		used = 0;
		if (state == json_tokener_continue) {
			*root = json_tokener_parse_ex(tok, chunk, size);
			state = json_tokener_get_error(tok);
			used = json_tokener_get_parse_end(tok);
			line += count_lines(chunk, used);
			if (state != json_tokener_continue &&
			    state != json_tokener_success)
				return bad_line(ctx, line,
						json_tokener_error_desc(state));
		}
		if (!is_blank(chunk + used, size - used))
			return bad_line(ctx, line,
					"there is something behind its end");
	}
	if (ferror(in))
		return ims_fail_errno(ctx, errno ? -errno : -EIO, NULL,
				      "reading a capture");
	if (text.broken)
		return bad_line(ctx, line, text.broken);
	/* The end is what ends a number or word. */
	if (state == json_tokener_continue)
		*root = json_tokener_parse_ex(tok, "", 1);
	if (json_tokener_get_error(tok) != json_tokener_success)
		return bad_line(ctx, line, "it ends too early");
	return 0;
}

/* A number, or as a string one such as "0x1001". */
static bool get_number(const struct ims_attr *attr, struct json_object *value,
		       uint64_t max, uint64_t *number)
{
	const char *text;
	char *end;

	if (json_object_is_type(value, json_type_int)) {
		*number = json_object_get_uint64(value);
		return json_object_get_int64(value) >= 0 && *number <= max;
	}
	if (!attr->hex || !json_object_is_type(value, json_type_string))
		return false;

	text = json_object_get_string(value);
	if (strncmp(text, "0x", 2) || !strchr("0123456789abcdefABCDEF", text[2]))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 16);
	return !errno && end != text + 2 && !*end;
}

/* The number that @word stands for: there are few. */
static bool get_word(const struct ims_attr *attr, struct json_object *value,
		     uint32_t *number)
{
	const char *word;

	if (!attr->word || !json_object_is_type(value, json_type_string))
		return false;
	for (*number = 0; (word = attr->word(*number)); (*number)++)
		if (!strcmp(word, json_object_get_string(value)))
			return true;
	return false;
}

/*
 * The string that spells the bytes of member @name, which is no UTF-8. NULL if there
 * is none, and empty if that is no string.
 */
static const char *find_bytes(struct json_object *object, const char *name)
{
	struct json_object *value;
	char key[64];

	snprintf(key, sizeof(key), "%s" IMS_CAPTURE_BYTES, name);
	if (!json_object_object_get_ex(object, key, &value))
		return NULL;
	return json_object_is_type(value, json_type_string) ?
	       json_object_get_string(value) : "";
}

static int set_string(const struct reader *r, const struct ims_attr *attr,
		      struct json_object *object, struct json_object *value,
		      char *member)
{
	const char *hex = find_bytes(object, attr->name);
	size_t len;

	if (!json_object_is_type(value, json_type_string))
		return bad_value(r, attr->name, "is no string");
	if (hex) {
		len = ims_capture_text_bytes(hex, member, attr->size);
		if (!len)
			return bad_value(r, attr->name,
					 "has bytes that are not in hexadecimal, or are NUL");
		return len < attr->size ? 0 :
		       bad_value(r, attr->name, "is too long");
	}
	len = json_object_get_string_len(value);
	if (!len || memchr(json_object_get_string(value), '\0', len))
		return bad_value(r, attr->name, "is empty or has a NUL in it");
	if (len >= attr->size)
		return bad_value(r, attr->name, "is too long");
	memcpy(member, json_object_get_string(value), len + 1);
	return 0;
}

static int set_value(const struct reader *r, const struct ims_attr *attr,
		     struct json_object *object, struct json_object *value,
		     void *member)
{
	uint64_t number;
	uint32_t u32;

	switch (attr->type) {
	case IMS_ATTR_U32:
		if (!get_word(attr, value, &u32)) {
			if (!get_number(attr, value, UINT32_MAX, &number))
				return bad_value(r, attr->name,
						 "is none of its values");
			u32 = number;
		}
		memcpy(member, &u32, sizeof(u32));
		return 0;
	case IMS_ATTR_U64:
		if (!get_number(attr, value, UINT64_MAX, &number))
			return bad_value(r, attr->name,
					 "is none of its values");
		memcpy(member, &number, sizeof(number));
		return 0;
	case IMS_ATTR_STRING:
		return set_string(r, attr, object, value, member);
	default:
		if (!json_object_is_type(value, json_type_boolean) ||
		    !json_object_get_boolean(value))
			return bad_value(r, attr->name,
					 "is a flag, and not true");
		return 0;
	}
}

/* The virtual machine of the device that was read last, if @object has one. */
static int read_vm(const struct reader *r, struct json_object *object,
		   const struct ims_device *device)
{
	static const struct ims_attr attr = {
		.name = IMS_CAPTURE_VM,
		.type = IMS_ATTR_STRING,
		.size = IMS_VM_NAME_MAX + 1,
	};
	struct ims_capture *capture = r->capture;
	struct ims_capture_vm *vms;
	struct json_object *value;
	int err;

	if (!json_object_object_get_ex(object, attr.name, &value))
		return 0;

	vms = reallocarray(capture->vms, capture->num_vms + 1, sizeof(*vms));
	if (!vms)
		return ims_fail_errno(r->ctx, -ENOMEM, NULL,
				      "reading a capture");
	capture->vms = vms;
	vms[capture->num_vms].device_id = device->id;
	err = set_string(r, &attr, object, value, vms[capture->num_vms].name);
	if (!err)
		capture->num_vms++;
	return err;
}

static int read_entry(const struct reader *r, struct json_object *object)
{
	struct ims_list *list = &r->capture->lists[r->part];
	const struct ims_attr_set *set = list->set;
	struct ims_snapshot *snapshot;
	uint64_t missing;
	int err;

	if (!json_object_is_type(object, json_type_object))
		return ims_fail(r->ctx, -EBADMSG, NULL, NULL,
				"the capture is broken: entry %zu of \"%s\" is no object",
				r->entry, ims_capture_names[r->part]);
	snapshot = ims_list_room(list);
	if (!snapshot)
		return ims_fail_errno(r->ctx, -ENOMEM, NULL,
				      "reading a capture");
	memset(snapshot, 0, set->snapshot_size);

	json_object_object_foreach(object, key, value) {
		uint16_t type = ims_attr_find(set, key);
		const struct ims_attr *attr = &set->attrs[type];

		if (!ims_attr_is_kept(attr))
			continue;
		err = set_value(r, attr, object, value,
				(char *)snapshot + attr->offset);
		if (err)
			return err;
		snapshot->present |= UINT64_C(1) << type;
	}

	missing = set->required & ~snapshot->present;
	if (missing)
		return bad_value(r, set->attrs[__builtin_ctzll(missing)].name,
				 "is missing");
	list->count++;
	return r->part == IMS_CAPTURE_DEVICES ?
	       read_vm(r, object, (const struct ims_device *)snapshot) : 0;
}

static int read_part(struct reader *r, struct json_object *root)
{
	const char *name = ims_capture_names[r->part];
	struct json_object *array;
	size_t i;
	int err;

	if (!json_object_object_get_ex(root, name, &array) ||
	    !json_object_is_type(array, json_type_array))
		return ims_fail(r->ctx, -EBADMSG, NULL, NULL,
				"the capture is broken: it has no array \"%s\"",
				name);
	for (i = 0; i < json_object_array_length(array); i++) {
		r->entry = i + 1;
		err = read_entry(r, json_object_array_get_idx(array, i));
		if (err)
			return err;
	}
	return 0;
}

/* For people: what is too long is cut off, and what is no string left out. */
static void read_string(struct json_object *root, const char *name, char *text,
			size_t size)
{
	const char *hex = find_bytes(root, name);
	struct json_object *value;

	if (hex && ims_capture_text_bytes(hex, text, size))
		return;
	*text = '\0';
	if (json_object_object_get_ex(root, name, &value) &&
	    json_object_is_type(value, json_type_string))
		snprintf(text, size, "%s", json_object_get_string(value));
}

static int read_header(struct ims_ctx *ctx, struct ims_capture_origin *origin,
		       struct json_object *root)
{
	static const struct ims_attr plain = { .type = IMS_ATTR_U64 };
	struct json_object *value;

	if (!json_object_is_type(root, json_type_object) ||
	    !json_object_object_get_ex(root, "capture", &value))
		return ims_fail(ctx, -EBADMSG, NULL, NULL,
				"this is no capture: it has no member \"capture\"");
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) != IMS_CAPTURE_VERSION)
		return ims_fail(ctx, -EBADMSG, NULL, NULL,
				"the capture has version %s: only version %d is known",
				json_object_to_json_string(value),
				IMS_CAPTURE_VERSION);
	read_string(root, "date", origin->date, sizeof(origin->date));
	read_string(root, "host", origin->host, sizeof(origin->host));
	read_string(root, "kernel", origin->kernel, sizeof(origin->kernel));
	if (!json_object_object_get_ex(root, "time-ns", &value))
		return 0;
	origin->has_time = get_number(&plain, value, UINT64_MAX,
				      &origin->time);
	return origin->has_time ? 0 :
	       ims_fail(ctx, -EBADMSG, NULL, NULL,
			"the capture is broken: \"time-ns\" is no time");
}

static int read_root(struct ims_ctx *ctx, struct ims_capture *capture,
		     struct json_object *root)
{
	struct reader r = { .ctx = ctx, .capture = capture };
	int err, part;

	err = read_header(ctx, &capture->origin, root);
	for (part = 0; part < IMS_CAPTURE_PARTS && !err; part++) {
		r.part = part;
		err = read_part(&r, root);
	}
	return err;
}

static int read_stream(struct ims_ctx *ctx, FILE *in,
		       struct ims_capture *capture)
{
	struct json_tokener *tok = json_tokener_new();
	char *chunk = malloc(CHUNK);
	struct json_object *root = NULL;
	int err;

	if (tok && chunk) {
		json_tokener_set_flags(tok, JSON_TOKENER_STRICT |
					    JSON_TOKENER_ALLOW_TRAILING_CHARS);
		errno = 0;
		err = parse(ctx, in, tok, chunk, &root);
		if (!err)
			err = read_root(ctx, capture, root);
	} else {
		err = ims_fail_errno(ctx, -ENOMEM, NULL, "reading a capture");
	}
	json_object_put(root);
	free(chunk);
	json_tokener_free(tok);
	return err;
}

IMS_PUBLIC int ims_capture_read(struct ims_ctx *ctx, FILE *stream)
{
	struct ims_capture *capture;
	int err;

	if (!ctx || !stream)
		return -EINVAL;
	if (ctx->capture)
		return ims_fail(ctx, -EINVAL, NULL, NULL,
				"the context has a capture already");

	/* It would go on to tell of the kernel. */
	if (ctx->refs > 1)
		return ims_fail(ctx, -EBUSY, NULL, NULL,
				"the context has handles: open them later");

	capture = malloc(sizeof(*capture));
	if (!capture)
		return ims_fail_errno(ctx, -ENOMEM, NULL, "reading a capture");
	ims_capture_init(capture);
	err = read_stream(ctx, stream, capture);
	if (err) {
		ims_capture_end(capture);
		free(capture);
		return err;
	}
	ims_nl_close(ctx);
	ctx->capture = capture;
	return 0;
}
