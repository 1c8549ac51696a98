/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The debug kernel's fault injection: which of a thread's slab allocations fails.
 * failslab_ready (guest.sh) has said which caches count. A failure of these
 * functions ends the program.
 */
#ifndef TESTS_VM_FAULT_H
#define TESTS_VM_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* Addresses of code; no code when @end is 0. */
struct fault_text {
	unsigned long start, end;
};

/*
 * Where modules are: texts[i] of names[i], such as "[ims_edu]". One that is not
 * loaded has no code.
 */
void fault_modules(const char *const names[], struct fault_text texts[], size_t count);
/* Where a function of the kernel's own is. */
struct fault_text fault_function(const char *name);

/*
 * Only allocations below a function of @require, and not below one of @reject,
 * count, whoever makes them. Again when modules have been loaded.
 */
void fault_scope(struct fault_text require, struct fault_text reject);

/* Once in each thread, and in each process. */
void fault_open(void);
/* From now on the calling thread's @n-th allocation fails. */
void fault_arm(unsigned int n);
/* No other one does. Did that one fail? */
bool fault_disarm(void);

#endif /* TESTS_VM_FAULT_H */
