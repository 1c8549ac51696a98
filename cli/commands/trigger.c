// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl trigger: signal vectors through their triggers.
 */
#include <stdlib.h>

#include "commands/commands.h"
#include "commands/vectors.h"

static bool has_trigger(const struct ims_vector *vector)
{
	uint32_t state;

	return !ims_vector_get_state(vector, &state) &&
	       (state == IMS_VECTOR_STATE_LIVE ||
		state == IMS_VECTOR_STATE_HELD);
}

static enum exit_code trigger(const struct call *call, struct ims_ctx *ctx,
			      const struct ims_device *device, void *of)
{
	uint32_t path = has(call, OPTION_INTERRUPT) ?
			IMS_TRIGGER_PATH_INTERRUPT : IMS_TRIGGER_PATH_EVENTFD;
	struct vector_set *vectors = of;
	enum exit_code code;
	uint32_t *list;
	int err;

	code = resolve_vectors(ctx, device, vectors, has_trigger,
			       "no vector has a trigger");
	if (code)
		return code;
	if (vectors->num_ranges == 1) {
		err = ims_vector_trigger_range(ctx, device,
					       vectors->ranges[0].first,
					       count_vectors(vectors), path,
					       dry_run(call));
		return err ? failure(ctx, err) : EXIT_DONE;
	}
	list = list_vectors(vectors);
	if (!list)
		return out_of_memory();
	err = ims_vector_trigger_list(ctx, device, list,
				      count_vectors(vectors), path,
				      dry_run(call));
	free(list);
	return err ? failure(ctx, err) : EXIT_DONE;
}

static enum exit_code check(const struct call *call)
{
	struct vector_set vectors;
	enum exit_code code;

	code = parse_vectors(call->command, call->arguments[1], &vectors);
	free_vectors(&vectors);
	return code;
}

static enum exit_code run(const struct call *call)
{
	struct vector_set vectors;
	enum exit_code code;

	code = parse_vectors(call->command, call->arguments[1], &vectors);
	if (!code)
		code = on_device(call, call->arguments[0], trigger, &vectors);
	free_vectors(&vectors);
	return code;
}

static enum effect effect(const struct call *call)
{
	(void)call;
	return EFFECT_CHANGE;
}

const struct command command_trigger = {
	.name = "trigger",
	.arguments = "DEVICE VECTORS",
	.summary = "signal vectors as if they had fired",
	.help =
"Signals all of the vectors, or none, through the eventfds that are bound to\n"
"them: the device's user sees an interrupt that did not come from hardware.\n"
"VECTORS is a list such as 0,3,7-9; all are those that have a trigger. DEVICE\n"
"is a device's name, the beginning of one, or its parent's address. Prints\n"
"nothing. Needs CAP_SYS_ADMIN.",
	.options = BIT(OPTION_INTERRUPT) | BIT(OPTION_DRY_RUN),
	.min = 2,
	.max = 2,
	.effect = effect,
	.check = check,
	.run = run,
};
