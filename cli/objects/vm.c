// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which virtual machine has a device open, as libims finds it.
 */
#include <string.h>

#include "objects/objects.h"

/* Where devices are from. */
static const struct ims_ctx *source;

/*
 * The last answer, for the vectors of a device come one after the other. A device's
 * number is not used again.
 */
static struct {
	bool valid;
	uint32_t id;
	uint32_t pid;
	char name[IMS_VM_NAME_MAX + 1];
} last;

void vm_ask(const struct ims_ctx *ctx)
{
	source = ctx;
	last.valid = false;
}

bool cell_vm(const struct ims_device *device, struct cell *cell)
{
	uint32_t id, pid = 0;

	if (ims_device_get_id(device, &id))
		return false;

	ims_device_get_owner_pid(device, &pid);
	if (!last.valid || last.id != id || last.pid != pid) {
		last.valid = true;
		last.id = id;
		last.pid = pid;
		if (ims_device_find_vm(source, device, last.name,
				       sizeof(last.name)))
			last.name[0] = '\0';
	}
	return last.name[0] && cell_string(last.name, cell);
}
