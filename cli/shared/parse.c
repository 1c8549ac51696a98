// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What users write: numbers and times.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "shared/call.h"
#include "shared/parse.h"

const char *parse_number(const char *text, uint32_t *number)
{
	unsigned long long value;
	char *end;

	/* strtoull() takes blanks and signs, too. */
	if (!isdigit((unsigned char)text[0]))
		return NULL;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || value > UINT32_MAX)
		return NULL;

	*number = value;
	return end;
}

bool parse_vector(const char *text, uint32_t *number)
{
	text = parse_number(text, number);
	return text && !*text;
}

bool parse_u32(const char *text, uint32_t *number)
{
	uint64_t value;

	if (!parse_u64(text, &value) || value > UINT32_MAX)
		return false;

	*number = value;
	return true;
}

bool parse_u64(const char *text, uint64_t *number)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long long value;

	if (hex)
		text += 2;
	if (!text[0] || text[strspn(text, hex ? "0123456789abcdefABCDEF" :
						"0123456789")])
		return false;

	errno = 0;
	value = strtoull(text, NULL, hex ? 16 : 10);
	if (errno)
		return false;

	*number = value;
	return true;
}

bool parse_seconds(const char *text, int64_t *ns)
{
	uint32_t seconds, unit = 100000000;
	const char *s = parse_number(text, &seconds);

	if (!s || seconds > INT_MAX / 1000 - 1)
		return false;
	*ns = (int64_t)seconds * 1000000000;
	if (!*s)
		return true;
	if (*s++ != '.' || !*s)
		return false;
	for (; *s >= '0' && *s <= '9' && unit >= 1000000; s++, unit /= 10)
		*ns += (int64_t)(*s - '0') * unit;
	return !*s;
}

bool parse_duration(const char *text, int64_t *ns)
{
	static const char letters[] = "smhd";
	static const int64_t units[] = { 1, 60, 3600, 86400 };
	size_t len = strlen(text);
	const char *letter = len ? strchr(letters, text[len - 1]) : NULL;
	int64_t unit = letter ? units[letter - letters] : 1;
	char number[32];

	if (len >= sizeof(number))
		return false;
	snprintf(number, sizeof(number), "%.*s", (int)(len - !!letter), text);
	return parse_seconds(number, ns) &&
	       !__builtin_mul_overflow(*ns, unit, ns);
}

bool parse_bypass_mode(const char *text, uint32_t *mode)
{
	const char *name;

	for (*mode = 0; (name = ims_bypass_mode_name(*mode)); (*mode)++)
		if (!strcmp(text, name))
			return true;
	return false;
}
