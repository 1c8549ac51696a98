// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The simulated machine: who it is, and what time it is there.
 */
#include <string.h>

#include "fake_kernel.h"
#include "sys.h"

uint64_t ims_sys_now(void)
{
	return fake_kernel.now;
}

void ims_sys_host(struct ims_sys_host *host)
{
	host->now = ims_sys_now();
	/* 2026-11-25 12:34:56 UTC */
	host->date = 1795610096;
	strcpy(host->name, "host1");
	strcpy(host->kernel, "6.12.0-ims");
}
