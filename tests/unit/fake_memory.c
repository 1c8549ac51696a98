// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For programs that are tested as a whole: one of their allocations fails, the
 * simulated kernel's left out.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake_kernel.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
int __real_vasprintf(char **text, const char *fmt, va_list args);

/* Visible, because the linker thinks that libraries might call them, too. */
#pragma GCC visibility push(default)
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
int __wrap_vasprintf(char **text, const char *fmt, va_list args);
#pragma GCC visibility pop

/* 1: the next one; 0: none. Volatile for the same reason as fake_kernel.inside. */
static volatile unsigned long countdown;

static bool fails(void)
{
	if (!countdown || fake_kernel.inside || --countdown)
		return false;
	errno = ENOMEM;
	return true;
}

/* Whoever tries one after the other has seen all of them. */
static void tell_left(void)
{
	if (countdown)
		fputs("memory is left\n", stderr);
}

void fake_memory_fail(unsigned long number)
{
	countdown = number;
	atexit(tell_left);
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

int __wrap_vasprintf(char **text, const char *fmt, va_list args)
{
	return fails() ? -1 : __real_vasprintf(text, fmt, args);
}
