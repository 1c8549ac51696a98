/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel as the engine sees it, in userspace. Each header in linux/ is
 * this one. Three kinds:
 *
 *	stubs.h		does nothing, or next to nothing
 *	definitions.h	types and constants, as far as they are used
 *	reimpl.h	does what the kernel does, and dies on misuse
 */
#ifndef _SHIM_KERNEL_H
#define _SHIM_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <linux/types.h>
#include <linux/compiler_types.h>

#include "definitions.h"
#include "stubs.h"
#include "list.h"
#include "reimpl.h"

#endif
