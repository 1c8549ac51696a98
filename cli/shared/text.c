// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text that comes from elsewhere: a process chooses its own name, and may put
 * into it what confuses a terminal or is no text in its locale.
 */
#include <limits.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "shared/table.h"

#define INVALID	U'\uFFFD'

/* Nearly all text is nothing else. */
static const char *skip_ascii(const char *text)
{
	while (*text >= 0x20 && *text < 0x7f)
		text++;
	return text;
}

/* Bytes of the character at @text; 0 when there is none that can be printed. */
static size_t printable(const char *text, wchar_t *c)
{
	mbstate_t state = { 0 };
	size_t len = mbrtowc(c, text, strlen(text), &state);

	return len <= MB_LEN_MAX && iswprint(*c) ? len : 0;
}

size_t text_width(const char *text)
{
	const char *next = skip_ascii(text);
	size_t width = next - text;
	wchar_t c;

	while (*next) {
		size_t len = printable(next, &c);

		width += len ? wcwidth(c) : 1;
		next += len ? len : 1;
	}
	return width;
}

void text_cut(char *text, size_t width)
{
	size_t taken = 0;
	wchar_t c;

	while (*text) {
		size_t len = printable(text, &c);

		taken += len ? wcwidth(c) : 1;
		if (taken > width)
			break;
		text += len ? len : 1;
	}
	*text = '\0';
}

void text_clean(char *text)
{
	wchar_t c;

	for (text = (char *)skip_ascii(text); *text; ) {
		size_t len = printable(text, &c);

		if (len)
			text += len;
		else
			*text++ = '?';
	}
}

const char *text_next(const char *text, char32_t *c)
{
	static const char32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	int i, more;

	if (s[0] < 0x80)
		more = 0;
	else if (s[0] >> 5 == 0x6)
		more = 1;
	else if (s[0] >> 4 == 0xe)
		more = 2;
	else if (s[0] >> 3 == 0x1e)
		more = 3;
	else
		goto invalid;

	*c = more ? s[0] & (0x3f >> more) : s[0];
	for (i = 1; i <= more; i++) {
		if (s[i] >> 6 != 0x2)
			goto invalid;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < least[more] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		goto invalid;
	return text + 1 + more;

invalid:
	*c = INVALID;
	return text + 1;
}
