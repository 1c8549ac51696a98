/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SHIM_LINUX_COMPILER_TYPES_H
#define _SHIM_LINUX_COMPILER_TYPES_H

/* sparse's business, and the compiler's from gcc 15 on */
#define __rcu
#define __user
#define __init
#define __exit
#define __must_check	__attribute__((warn_unused_result))
#undef __counted_by
#define __counted_by(member)

#endif
