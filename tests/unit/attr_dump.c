// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints libims' attribute tables for lint-spec: set, number, name, type.
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
		printf("%s %u %s %s\n", set->name, i, set->attrs[i].name,
		       types[set->attrs[i].type]);
}

int main(void)
{
	dump(&ims_store_attrs);
	dump(&ims_device_attrs);
	dump(&ims_vector_attrs);
	dump(&ims_alert_attrs);
	return 0;
}
