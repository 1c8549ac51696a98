// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The text of captures.
 */
#include <stdint.h>
#include <string.h>

#include "capture_text.h"

/* Room for the longest that a character becomes, a surrogate pair, and a NUL. */
#define ESCAPED_SIZE	sizeof("\\ud83d\\ude00")

/* How many bytes a character has that begins so; 0 if none does. */
static size_t character_size(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Bytes of the character at @s, which becomes @c, or 0 if it is not UTF-8. */
static size_t character(const unsigned char *s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = character_size(*s), i;

	if (size < 2) {
		*c = *s;
		return size;
	}

	*c = *s & (0x7f >> size);
	for (i = 1; i < size; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < least[size] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return size;
}

/* The character that begins with @first becomes an escape sequence. */
static size_t escape(struct ims_capture_text *text, int first, char *chunk)
{
	unsigned char s[5] = { first };
	size_t size = character_size(first), i;
	uint32_t c;
	int next;

	for (i = 1; i < size; i++) {
		next = getc(text->in);
		if (next == EOF)
			break;
		s[i] = next;
	}
	if (!character(s, &c)) {
		text->broken = "a character is no UTF-8";
		return 0;
	}
	if (text->escape || !text->in_string) {
		text->broken = "unexpected character";
		return 0;
	}
	if (c < 0x10000)
		return sprintf(chunk, "\\u%04x", c);
	c -= 0x10000;
	return sprintf(chunk, "\\u%04x\\u%04x", 0xd800 | c >> 10,
		       0xdc00 | (c & 0x3ff));
}

/*
 * json-c 0.18 takes no character but ASCII in a string when it is to be strict,
 * and no version takes one that is cut in two by the end of a chunk. json-c 0.16
 * takes control characters in strings, 0.18 does not, and neither does JSON.
 */
size_t ims_capture_text_read(struct ims_capture_text *text, char *chunk,
			     size_t size)
{
	size_t used = 0;
	int c;

	while (!text->broken && used + ESCAPED_SIZE <= size) {
		c = getc(text->in);
		if (c == EOF)
			break;
		if (c >= 0x80) {
			used += escape(text, c, chunk + used);
			continue;
		}
		if (c < 0x20 && text->in_string) {
			text->broken = "a control character in a string";
			break;
		}
		if (c == '"' && !text->escape)
			text->in_string = !text->in_string;
		text->escape = c == '\\' && text->in_string && !text->escape;
		chunk[used++] = c;
	}
	return used;
}

static bool write_string(FILE *out, const unsigned char *s)
{
	bool utf8 = true;
	size_t size;
	uint32_t c;

	putc('"', out);
	for (; *s; s += size ? size : 1) {
		size = character(s, &c);
		if (!size) {
			fputs("\\ufffd", out);
			utf8 = false;
		} else if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", *s);
		} else if (c < 0x20 || c == 0x7f) {
			fprintf(out, "\\u%04x", c);
		} else {
			fwrite(s, size, 1, out);
		}
	}
	putc('"', out);
	return utf8;
}

/*
 * A process may call itself anything, and the kernel cuts what is too long in the
 * middle of a character.
 */
void ims_capture_text_write(FILE *out, const char *name, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	fprintf(out, "\"%s\": ", name);
	if (write_string(out, s))
		return;

	fprintf(out, ", \"%s" IMS_CAPTURE_BYTES "\": \"", name);
	for (; *s; s++)
		fprintf(out, "%02x", *s);
	putc('"', out);
}

/* What a hexadecimal digit stands for, or -1. */
static int digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;
	int value = found ? found - digits : -1;

	return value < 16 ? value : value - 6;
}

size_t ims_capture_text_bytes(const char *hex, char *bytes, size_t size)
{
	size_t len;
	int high, low;

	for (len = 0; hex[2 * len]; len++) {
		high = digit(hex[2 * len]);
		low = digit(hex[2 * len + 1]);
		if (high < 0 || low < 0 || (!high && !low))
			return 0;
		if (len + 1 < size)
			bytes[len] = high << 4 | low;
	}
	bytes[len < size ? len : size - 1] = '\0';
	return len;
}
