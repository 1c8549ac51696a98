// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures that this library did not write, or that were broken since.
 */
#include "capture_fixture.h"

#include <stdio.h>

/* Around one store, device and vector, whose keys are given. */
#define DOCUMENT(store, device, vector)					\
	"{\"capture\": 1, \"stores\": [" store "], \"devices\": [" device \
	"],\n\"vectors\": [" vector "]}"
#define VECTOR(rest)	"{\"device-id\": 1, \"index\": 0" rest "}"
#define OF_VECTOR(rest)	DOCUMENT("", "", VECTOR(rest))
#define NAME(name)	DOCUMENT("", "{\"id\": 1, \"name\": \"" name "\"}", "")
/* Of a name of bytes, in JSON. */
#define BYTES(bytes)	\
	DOCUMENT("", "{\"id\": 1, \"name\": \"x\", \"name-bytes\": " bytes "}", "")
#define HEX16		"ffffffffffffffffffffffffffffffff"
#define VM(vm)		\
	DOCUMENT("", "{\"id\": 1, \"name\": \"x\", \"vm\": " vm "}", "")
#define HEX64		HEX16 HEX16 HEX16 HEX16

static void other_writers(void **state)
{
	static const char text[] = DOCUMENT("", "{\"id\": 1, \"name\": \"x\"}",
		VECTOR(", \"state\": 3, \"cookie\": 4097, \"backing\": \"ims\","
		       " \"pending-cookie\": \"0xFF\", \"later\": [1],"
		       " \"count\": 7, \"list\": 3, \"pad\": 0"));
	struct ims_device *device;
	struct ims_vector *vector;
	struct ims_vector_list *list;
	uint64_t cookie, ns;
	uint32_t u32;

	(void)state;
	assert_int_equal(read_text(f.captured, text, strlen(text)), 0);
	assert_int_equal(ims_device_get(f.captured, "x", &device), 0);
	assert_int_equal(ims_vector_get(f.captured, device, 0, &vector), 0);
	assert_int_equal(ims_vector_get_cookie(vector, &cookie), 0);
	assert_int_equal(cookie, 4097);
	assert_int_equal(ims_vector_get_pending_cookie(vector, &cookie), 0);
	assert_int_equal(cookie, 255);
	assert_int_equal(ims_vector_get_state(vector, &u32), 0);
	assert_int_equal(u32, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(ims_vector_get_backing(vector, &u32), 0);
	assert_int_equal(u32, IMS_VECTOR_BACKING_IMS);
	assert_int_equal(ims_vector_get_slot(vector, &u32), -ENODATA);
	assert_int_equal(ims_capture_get_time(f.captured, &ns), -ENODATA);
	assert_int_equal(ims_vector_list_get(f.captured, &list), 0);
	assert_int_equal(ims_vector_list_get_time(list, &ns), -ENODATA);
	ims_vector_list_free(list);
	ims_vector_free(vector);
	ims_device_free(device);
}

/* Characters that are read in two parts: chunks end wherever they do. */
static void cut_characters(void **state)
{
	static const char name[] = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
	static char text[70000];
	struct ims_device *device;
	size_t blanks;
	int size;

	(void)state;
	for (blanks = 65400; blanks < 65536; blanks++) {
		size = snprintf(text, sizeof(text), "%*s" DOCUMENT("",
				"{\"id\": 1, \"name\": \"x\", \"owner-comm\": \"%s\"}",
				""), (int)blanks, "", name);
		assert_int_equal(read_text(f.captured, text, size), 0);
		assert_int_equal(ims_device_get(f.captured, "x", &device), 0);
		assert_string_equal(ims_device_get_owner_comm(device), name);
		ims_device_free(device);
		ims_ctx_free(f.captured);
		assert_int_equal(ims_ctx_new(&f.captured), 0);
	}
}

/* Bytes go before what is shown of them, whichever comes first, in any case. */
static void bytes(void **state)
{
	static const char text[] = "{\"capture\": 1, \"host-bytes\": \"68c3\","
		"\"host\": \"x\", \"kernel\": \"6\", \"kernel-bytes\": \"6\","
		"\"stores\": [], \"devices\": [{\"id\": 1,"
		"\"owner-comm-bytes\": \"41fFfa\", \"owner-comm\": \"\","
		"\"driver-bytes\": \"41\", \"name\": \"x\"}], \"vectors\": []}";
	struct ims_device *device;
	FILE *out;

	(void)state;
	assert_int_equal(read_text(f.captured, text, strlen(text)), 0);
	assert_int_equal(ims_device_get(f.captured, "x", &device), 0);
	assert_string_equal(ims_device_get_owner_comm(device), "A\xff\xfa");
	ims_device_free(device);

	out = open_memstream(&f.text, &f.size);
	assert_int_equal(ims_capture_write(f.captured, out), 0);
	fclose(out);
	assert_contains(f.text, "\"host\": \"h\\ufffd\", \"host-bytes\": \"68c3\"");
	assert_contains(f.text, "\"kernel\": \"6\",\n");
	assert_contains(f.text, "\"owner-comm\": \"A\\ufffd\\ufffd\", "
			"\"owner-comm-bytes\": \"41fffa\"}");
}

/* What no reply of the kernel has goes with the device's number. */
static void machines(void **state)
{
	static const char text[] = DOCUMENT("",
		"{\"vm\": \"web\", \"id\": 1, \"name\": \"x\"}, "
		"{\"id\": 2, \"name\": \"y\"}, "
		"{\"id\": 3, \"name\": \"z\", \"vm\": \"\", \"vm-bytes\": \"41ff\"}",
		"");
	static const struct {
		const char *device;
		const char *vm;
	} wanted[] = { { "x", "web" }, { "y", NULL }, { "z", "A\xff" } };
	char name[IMS_VM_NAME_MAX + 1];
	struct ims_device *device;
	size_t i;
	FILE *out;

	(void)state;
	assert_int_equal(read_text(f.captured, text, strlen(text)), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(ims_device_get(f.captured, wanted[i].device,
						&device), 0);
		strcpy(name, "?");
		assert_int_equal(ims_device_find_vm(f.captured, device, name,
						    sizeof(name)),
				 wanted[i].vm ? 0 : -ENODATA);
		assert_string_equal(name, wanted[i].vm ? wanted[i].vm : "?");
		assert_int_equal(ims_device_find_vm(f.captured, device, name,
						    2),
				 wanted[i].vm ? 0 : -ENODATA);
		assert_true(!wanted[i].vm || (name[0] == wanted[i].vm[0] &&
					      !name[1]));
		assert_int_equal(ims_device_find_vm(NULL, device, name, 9),
				 -EINVAL);
		assert_int_equal(ims_device_find_vm(f.captured, NULL, name, 9),
				 -EINVAL);
		assert_int_equal(ims_device_find_vm(f.captured, device, NULL,
						    9), -EINVAL);
		assert_int_equal(ims_device_find_vm(f.captured, device, name,
						    0), -EINVAL);
		ims_device_free(device);
	}

	out = open_memstream(&f.text, &f.size);
	assert_int_equal(ims_capture_write(f.captured, out), 0);
	fclose(out);
	assert_contains(f.text, "{\"id\": 1, \"name\": \"x\", \"vm\": \"web\"}");
	assert_contains(f.text, "{\"id\": 2, \"name\": \"y\"}");
	assert_contains(f.text, "\"vm\": \"A\\ufffd\", \"vm-bytes\": \"41ff\"}");
}

static const struct {
	const char *text;
	const char *reason;
} broken[] = {
	{ " ", "broken in line 1: it ends too early" },
	{ "{\n\"capture\": 1,\n", "broken in line 3: it ends too early" },
	{ "{\n\"capture\": 1,\n,}", "broken in line 3: " },
	{ "{} x", "there is something behind its end" },
	{ "{}\n\n{}", "there is something behind its end" },
	{ "[]", "no member \"capture\"" },
	{ "7", "no member \"capture\"" },
	{ "null", "no member \"capture\"" },
	{ "{}", "no member \"capture\"" },
	{ VM("7"), "\"vm\" of entry 1 of \"devices\" is no string" },
	{ VM("\"\""), "\"vm\" of entry 1 of \"devices\" is empty" },
	{ VM("\"" HEX64 HEX64 HEX64 HEX64 "\""),
	  "\"vm\" of entry 1 of \"devices\" is too long" },
	{ "{\"capture\": 2}", "has version 2: only version 1 is known" },
	{ "{\"capture\": \"1\"}", "has version \"1\": " },
	{ "{\"capture\": null}", "has version null: " },
	{ "{\"capture\": 1, \"time-ns\": -1}", "\"time-ns\" is no time" },
	{ "{\"capture\": 1, \"time-ns\": \"0x1\"}", "\"time-ns\" is no time" },
	{ "{\"capture\": 1}", "has no array \"stores\"" },
	{ "{\"capture\": 1, \"stores\": {}}", "has no array \"stores\"" },
	{ "{\"capture\": 1, \"stores\": []}", "has no array \"devices\"" },
	{ DOCUMENT("7", "", ""), "entry 1 of \"stores\" is no object" },
	{ DOCUMENT("{\"id\": 1, \"name\": \"x\"}, null", "", ""),
	  "entry 2 of \"stores\" is no object" },
	{ DOCUMENT("", "{\"id\": 1}", ""),
	  "\"name\" of entry 1 of \"devices\" is missing" },
	{ DOCUMENT("", "{\"id\": 4294967296, \"name\": \"x\"}", ""),
	  "\"id\" of entry 1 of \"devices\" is none of its values" },
	{ DOCUMENT("", "{\"id\": -1, \"name\": \"x\"}", ""),
	  "\"id\" of entry 1 of \"devices\" is none of its values" },
	{ DOCUMENT("", "{\"id\": 1.5, \"name\": \"x\"}", ""),
	  "\"id\" of entry 1 of \"devices\" is none of its values" },
	{ DOCUMENT("", "{\"id\": null, \"name\": \"x\"}", ""),
	  "\"id\" of entry 1 of \"devices\" is none of its values" },
	{ DOCUMENT("", "{\"id\": \"0x1\", \"name\": \"x\"}", ""),
	  "\"id\" of entry 1 of \"devices\" is none of its values" },
	{ DOCUMENT("", "{\"id\": 1, \"name\": 5}", ""), "is no string" },
	{ DOCUMENT("", "{\"id\": 1, \"name\": \"\"}", ""), "is empty" },
	{ DOCUMENT("", "{\"id\": 1, \"name\": \"a\\u0000b\"}", ""),
	  "has a NUL in it" },
	{ DOCUMENT("", "{\"id\": 1, \"name\": \"x\", \"gone\": false}", ""),
	  "\"gone\" of entry 1 of \"devices\" is a flag, and not true" },
	{ NAME("\xff"), "broken in line 1: a character is no UTF-8" },
	{ NAME("\xc3"), "a character is no UTF-8" },
	{ NAME("\xc0\x80"), "a character is no UTF-8" },
	{ NAME("\xed\xa0\x80"), "a character is no UTF-8" },
	{ NAME("\xf4\x90\x80\x80"), "a character is no UTF-8" },
	{ "{\"capture\": 1,\n\"x\": \"\xe2\x82",
	  "broken in line 2: a character is no UTF-8" },
	{ NAME("\\\xc3\xa4"), "unexpected character" },
	{ "{\"capture\": 1, \xc3\xa4", "line 1: unexpected character" },
	{ NAME("a\tb"), "a control character in a string" },
	{ NAME("a\nb"), "broken in line 1: a control character in a string" },
	{ BYTES("\"\""), "\"name\" of entry 1 of \"devices\" has bytes that" },
	{ BYTES("\"4\""), "has bytes that" },
	{ BYTES("\"414\""), "has bytes that" },
	{ BYTES("\"4g\""), "has bytes that" },
	{ BYTES("\"g4\""), "has bytes that" },
	{ BYTES("\"4100\""), "has bytes that" },
	{ BYTES("41"), "has bytes that" },
	{ BYTES("null"), "has bytes that" },
	{ BYTES("\"" HEX64 HEX64 HEX64 HEX64 "\""), "is too long" },
	{ OF_VECTOR(""), "\"state\" of entry 1 of \"vectors\" is missing" },
	{ OF_VECTOR(", \"state\": \"alive\""), "\"state\" of entry 1" },
	{ OF_VECTOR(", \"state\": 2, \"cookie\": \"0x\""), "\"cookie\" of" },
	{ OF_VECTOR(", \"state\": 2, \"cookie\": \"12\""), "\"cookie\" of" },
	{ OF_VECTOR(", \"state\": 2, \"cookie\": \"0x-1\""), "\"cookie\" of" },
	{ OF_VECTOR(", \"state\": 2, \"cookie\": \"0x1g\""), "\"cookie\" of" },
	{ OF_VECTOR(", \"state\": 2, \"cookie\": \"0x12345678123456781\""),
	  "\"cookie\" of" },
	{ OF_VECTOR(", \"state\": 2, \"delivered\": \"0x1\""),
	  "\"delivered\" of" },
	{ OF_VECTOR(", \"state\": 2, \"masked\": 1"), "\"masked\" of" },
};

/* Refused with a reason, and the context still asks the kernel. */
static void broken_ones(void **state)
{
	struct ims_device *device;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const struct ims_error *error;
		const char *text = broken[i].text;

		assert_int_equal(read_text(f.captured, text, strlen(text)),
				 -EBADMSG);
		error = ims_ctx_get_error(f.captured);
		assert_int_equal(ims_error_get_errno(error), -EBADMSG);
		assert_contains(ims_error_get_message(error),
				broken[i].reason);
	}
	assert_int_equal(ims_device_get(f.captured, NAME_A, &device), 0);
	ims_device_free(device);
}

/* One that is cut off anywhere is refused, and so is a name without an end. */
static void cut_off(void **state)
{
	char name[IMS_NAME_MAX + 2], text[512];
	size_t size;

	(void)state;
	write_capture();
	for (size = 1; size + 2 < f.size; size += 1 + size / 64)
		assert_int_equal(read_text(f.captured, f.text, size), -EBADMSG);

	memset(name, 'x', sizeof(name));
	name[IMS_NAME_MAX + 1] = '\0';
	snprintf(text, sizeof(text), DOCUMENT("", "{\"id\": 1, \"name\": \"%s\"}", ""),
		 name);
	assert_int_equal(read_text(f.captured, text, strlen(text)), -EBADMSG);
	assert_reason(f.captured, -EBADMSG, NULL, "name", "is too long");
	name[IMS_NAME_MAX] = '\0';
	snprintf(text, sizeof(text), DOCUMENT("", "{\"id\": 1, \"name\": \"%s\"}", ""),
		 name);
	assert_int_equal(read_text(f.captured, text, strlen(text)), 0);

	assert_int_equal(read_text(f.captured, text, strlen(text)), -EINVAL);
	assert_reason(f.captured, -EINVAL, NULL, NULL,
		      "the context has a capture already");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(other_writers),
		TEST(cut_characters),
		TEST(bytes),
		TEST(machines),
		TEST(broken_ones),
		TEST(cut_off),
	};

	return cmocka_run_group_tests_name("capture read", tests, NULL, NULL);
}
