// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of a line, with quotes and comments much as a shell has them.
 */
#include <string.h>

#include "shared/call.h"

/* As in configuration files: a line may end as other systems end it. */
#define BLANKS		" \t\r\n"

/*
 * The word at *@from, which is not blank, without its quotes. It is written where
 * it stands, as it does not get longer. False when a quote is not closed.
 */
static bool take_word(char **from)
{
	char *in = *from, *out = *from;
	char quote = '\0';
	char end;

	for (; *in && (quote || !strchr(BLANKS, *in)); in++) {
		if (quote ? *in == quote : *in == '"' || *in == '\'') {
			quote = quote ? '\0' : *in;
			continue;
		}
		if (quote == '"' && *in == '\\' &&
		    (in[1] == '"' || in[1] == '\\'))
			in++;
		*out++ = *in;
	}
	/* What ends the word may be overwritten by its end. */
	end = *in;
	*out = '\0';
	*from = in + !!end;
	return !quote;
}

bool split_words(char *text, char **words, int *count)
{
	for (*count = 0; ; (*count)++) {
		text += strspn(text, BLANKS);
		if (!*text || *text == '#')
			return true;
		words[*count] = text;
		if (!take_word(&text))
			return false;
	}
}
