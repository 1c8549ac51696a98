// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The simulated machine: what it is called, what time it is there, and whether it has
 * the module.
 */
#include <string.h>

#include "fake_kernel.h"
#include "sys.h"

uint64_t ims_sys_now(void)
{
	return fake_kernel.now;
}

bool ims_sys_has_module(void)
{
	return !fake_kernel.absent || fake_kernel.elsewhere;
}

void ims_sys_host(struct ims_sys_host *host)
{
	host->now = ims_sys_now();
	/* 2026-11-25 12:34:56 UTC */
	host->date = 1795610096;
	strcpy(host->name, "host1");
	strcpy(host->kernel, "6.12.0-ims");
}
