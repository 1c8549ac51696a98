// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl trigger: signal vectors through their triggers.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "imsctl.h"

/* A number at @text; where it ends, or NULL when there is none that fits. */
static const char *parse_number(const char *text, uint32_t *number)
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

static bool parse_range(const char *text, uint32_t *first, uint32_t *last)
{
	text = parse_number(text, first);
	if (!text)
		return false;

	*last = *first;
	if (*text == '-')
		text = parse_number(text + 1, last);
	return text && !*text;
}

enum exit_code cmd_trigger(const struct call *call)
{
	const char *range = call->arguments[1];
	struct ims_device *device;
	uint32_t first, last;
	struct ims_ctx *ctx;
	enum exit_code code;
	int err;

	if (!parse_range(range, &first, &last))
		return usage_error(call->command,
				   "'%s' is neither a vector nor a range of vectors such as 0-3",
				   range);
	if (last < first || last - first == UINT32_MAX)
		return usage_error(call->command, "'%s' is no possible range",
				   range);

	code = open_context(&ctx);
	if (code)
		return code;

	code = find_device(ctx, call->command, call->arguments[0], &device);
	if (!code) {
		err = ims_trigger_range(ctx, device, first, last - first + 1,
					IMS_TRIGGER_PATH_EVENTFD, 0);
		if (err)
			code = failure(ctx, err);
		ims_device_free(device);
	}
	ims_ctx_free(ctx);
	return code;
}
