// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For programs that are tested as a whole: IMS_FAKE says what their simulated
 * kernel is like, in words separated by commas.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "imsctl.h"

uint64_t clock_now(void)
{
	return fake_kernel.now;
}

/* More devices on one store than an error lists. */
static void add_many(void)
{
	static const char *const names[] = {
		"many0", "many1", "many2", "many3", "many4", "many5", "many6",
		"many7", "many8", "many9", "many10",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		fake_kernel.devices[fake_kernel.num_devices++] =
			(struct fake_device) {
				.id = 100 + i,
				.name = names[i],
				.parent = "0000:00:05.0",
			};
}

/* No slot is left that is not used or promised. */
static void fill_stores(void)
{
	size_t i;

	for (i = 0; i < fake_kernel.num_stores; i++)
		fake_kernel.stores[i].limit = 4;
}

static void apply(const char *word)
{
	if (!strcmp(word, "empty"))
		fake_kernel.num_devices = 0;
	else if (!strcmp(word, "no-stores"))
		fake_kernel.num_stores = 0;
	else if (!strcmp(word, "absent"))
		fake_kernel.absent = true;
	else if (!strcmp(word, "user"))
		fake_kernel.privileged = false;
	else if (!strcmp(word, "old"))
		fake_kernel.last_cmd = IMS_CMD_VECTOR_GET;
	else if (!strcmp(word, "warning"))
		fake_kernel.warning = "mind the gap";
	else if (!strcmp(word, "disturbed"))
		fake_kernel.interrupts = 1000;
	else if (!strcmp(word, "disturbed-once"))
		fake_kernel.interrupts = 1;
	else if (!strcmp(word, "silent"))
		fake_kernel.silent = true;
	else if (!strcmp(word, "closed"))
		fake_kernel.done_error = -ENODEV;
	else if (!strcmp(word, "no-socket"))
		fake_kernel.open_error = -EMFILE;
	else if (!strcmp(word, "trace"))
		fake_kernel.trace = true;
	else if (!strcmp(word, "full"))
		fill_stores();
	else if (!strcmp(word, "many"))
		add_many();
	else if (!strncmp(word, "now=", 4))
		fake_kernel.now = strtoull(word + 4, NULL, 10) * 1000000000;
	else if (!strcmp(word, "large"))
		fake_kernel_add_large(5000);
	else {
		fprintf(stderr, "IMS_FAKE: what is \"%s\"?\n", word);
		abort();
	}
}

__attribute__((constructor)) static void set_scene(void)
{
	const char *scenario = getenv("IMS_FAKE");
	char *words, *word, *rest;

	fake_kernel_reset();
	fake_kernel_populate();
	if (!scenario)
		return;

	words = strdup(scenario);
	for (word = strtok_r(words, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest))
		apply(word);
	free(words);
}
