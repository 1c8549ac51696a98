/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The uapi part is the installed one; the rest of the kernel's is not used. */
#include "../kernel.h"
#include_next <linux/vfio.h>
