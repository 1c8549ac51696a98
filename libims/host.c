// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The machine that the program runs on.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "sys.h"

/* With these arguments, the calls of this function and of the next do not fail. */
uint64_t ims_sys_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void ims_sys_host(struct ims_sys_host *host)
{
	struct utsname names = { 0 };

	uname(&names);
	host->now = ims_sys_now();
	host->date = time(NULL);
	snprintf(host->name, sizeof(host->name), "%s", names.nodename);
	snprintf(host->kernel, sizeof(host->kernel), "%s", names.release);
}

bool ims_sys_has_module(void)
{
	char state[16];

	/* While it comes or goes it has no family, and can be seen. */
	return !ims_sys_read_line("/sys/module/vfio_pci_ims/initstate", state,
				  sizeof(state)) && !strcmp(state, "live");
}
