/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SHIM_LINUX_COMPILER_TYPES_H
#define _SHIM_LINUX_COMPILER_TYPES_H

/* sparse's business, and the compiler's from gcc 15 on */
#define __rcu
#define __user
#define __init
#define __exit
#undef __counted_by
#define __counted_by(member)

#endif
