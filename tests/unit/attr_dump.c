// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints libims' attribute tables for lint-spec: set, number, name,
 * type and what the type is about; and the words of enumerations.
 */
#include <stdio.h>

#include "attr.h"

static void dump(const struct ims_attr_set *set)
{
	static const char *const types[] = {
		[IMS_ATTR_PAD] = "pad", [IMS_ATTR_FLAG] = "flag",
		[IMS_ATTR_U32] = "u32", [IMS_ATTR_U64] = "u64",
		[IMS_ATTR_STRING] = "string",
	};
	uint16_t i;

	for (i = 1; i <= set->max; i++)
		printf("%s %u %s %s%s%s\n", set->name, i, set->attrs[i].name,
		       types[set->attrs[i].type],
		       set->attrs[i].hex ? " hex" : "",
		       set->attrs[i].word ? " enum" : "");
}

/* The words of numbers that are kept. */
static void dump_words(const struct ims_attr_set *set)
{
	uint32_t value;
	uint16_t i;

	for (i = 1; i <= set->max; i++) {
		if (!set->attrs[i].word)
			continue;
		for (value = 0; set->attrs[i].word(value); value++)
			printf("%s %s %u %s\n", set->name, set->attrs[i].name,
			       value, set->attrs[i].word(value));
	}
}

int main(void)
{
	static const struct ims_attr_set *const sets[] = {
		&ims_store_attrs, &ims_device_attrs, &ims_vector_attrs,
		&ims_alert_attrs,
	};
	size_t i;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		dump(sets[i]);
		dump_words(sets[i]);
	}
	return 0;
}
