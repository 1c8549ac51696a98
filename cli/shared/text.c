// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text that comes from elsewhere: a process chooses its own name, and may put
 * into it what confuses a terminal or is no UTF-8.
 */
#include "shared/table.h"

#define INVALID	U'\uFFFD'

/* Nearly all text is nothing else. */
static const char *skip_ascii(const char *text)
{
	while (*text >= 0x20 && *text < 0x7f)
		text++;
	return text;
}

/*
 * The character at @text into @c, U+FFFD if there is none, and where the next
 * one begins. @text must not be at its end.
 */
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

/* Characters, which is what columns are aligned by. */
size_t text_width(const char *text)
{
	const char *next = skip_ascii(text);
	size_t width = next - text;
	char32_t c;

	while (*next) {
		next = text_next(next, &c);
		width++;
	}
	return width;
}

/* Replace control characters, and what is no UTF-8, byte by byte. */
void text_clean(char *text)
{
	const char *next;
	char32_t c;

	text = (char *)skip_ascii(text);
	for (; *text; text = (char *)next) {
		next = text_next(text, &c);
		if (c >= 0x20 && c < 0x7f)
			continue;
		/* Somebody else may have replaced something before. */
		if (c >= 0xa0 && (c != INVALID || next - text > 1))
			continue;
		while (text < next)
			*text++ = '?';
	}
}
