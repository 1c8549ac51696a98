// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory: malloc() with a count, failures by order, and the kernel's rules
 * about who may allocate where. ASan sees each allocation as it is.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "kernel.h"
#include "shim.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(p, n)		((void)(p))
#define ASAN_UNPOISON_MEMORY_REGION(p, n)	((void)(p))
#endif

#define MAGIC_K		0x6b6b6b6b
#define MAGIC_KV	0x76767676

/* Before each allocation, poisoned while it lives. */
struct header {
	u32 magic;
	u32 offset;		/* of the memory in what malloc() has given */
	size_t size;
};

static long live;
static long warnings;
static unsigned int armed[SHIM_FAILS];
static bool fired[SHIM_FAILS];

bool shim_trace_on;
static char last_log[640], last_trace[256];
static unsigned int logs;
static const char *watched_text;
static unsigned int watched;

void shim_die(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "# shim: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	abort();
}

void shim_assert(bool cond, const char *who, const char *what)
{
	if (!cond)
		shim_die("%s(): %s", who, what);
}

bool shim_warn_on(bool cond, const char *what, const char *file, int line)
{
	if (!cond)
		return false;
	fprintf(stderr, "# WARN_ON(%s) at %s:%d\n", what, file, line);
	__atomic_add_fetch(&warnings, 1, __ATOMIC_RELAXED);
	return true;
}

static void watch(const char *line)
{
	if (watched_text && strstr(line, watched_text))
		watched++;
}

/* The kernel's %pe is left out of the text: an errno, not a pointer. */
void shim_log(const char *level, const char *name, const char *fmt, ...)
{
	char text[512], *pe;
	size_t len;
	va_list ap;

	__atomic_add_fetch(&logs, 1, __ATOMIC_RELAXED);
	if (!shim_trace_on)
		return;
	snprintf(text, sizeof(text), "%s", fmt);
	pe = strstr(text, ": %pe");
	if (pe)
		*pe = '\0';
	len = (size_t)snprintf(last_log, sizeof(last_log), "%s %s: ", level, name);
	va_start(ap, fmt);
	vsnprintf(last_log + len, sizeof(last_log) - len, text, ap);
	va_end(ap);
	watch(last_log);
}

void shim_trace(const char *event, const char *fmt, ...)
{
	size_t len;
	va_list ap;

	len = (size_t)snprintf(last_trace, sizeof(last_trace), "%s ", event);
	va_start(ap, fmt);
	vsnprintf(last_trace + len, sizeof(last_trace) - len, fmt, ap);
	va_end(ap);
	watch(last_trace);
}

const char *shim_last_log(void) { return last_log; }
const char *shim_last_trace(void) { return last_trace; }
unsigned int shim_log_count(void) { return READ_ONCE(logs); }

void shim_watch(const char *text)
{
	watched_text = text;
	watched = 0;
}

unsigned int shim_watched(void) { return watched; }

void shim_log_reset(void)
{
	logs = 0;
	last_log[0] = '\0';
	last_trace[0] = '\0';
}

void shim_fail_at(enum shim_fail what, unsigned int n)
{
	armed[what] = n;
	fired[what] = false;
}

bool shim_fail_fired(enum shim_fail what)
{
	bool was = fired[what];

	shim_fail_at(what, 0);
	return was;
}

bool shim_should_fail(enum shim_fail what)
{
	/* Only single-threaded tests arm anything. */
	if (!armed[what] || --armed[what])
		return false;
	fired[what] = true;
	return true;
}

bool shim_no_spare_memory;

/*
 * Memory whose size is a multiple of a cache line begins at one, as kmalloc() has
 * it; other memory begins beside one, so that UBSan sees who relies on more.
 */
void *shim_alloc(size_t size, gfp_t gfp, bool zero, bool kv)
{
	u32 offset = size % SMP_CACHE_BYTES ? sizeof(struct header) :
					      SMP_CACHE_BYTES;
	struct header *h;
	void *memory;

	if (gfp & GFP_KERNEL)
		might_sleep();
	if (gfp & __GFP_NOWARN ? shim_no_spare_memory :
				 shim_should_fail(SHIM_FAIL_ALLOC))
		return NULL;
	if (size > 1UL << 30)
		return NULL;

	if (posix_memalign(&memory, SMP_CACHE_BYTES, offset + size))
		shim_die("out of memory");
	h = (struct header *)((char *)memory + offset) - 1;
	h->magic = kv ? MAGIC_KV : MAGIC_K;
	h->offset = offset;
	h->size = size;
	/* What is not zeroed must not look as if it were. */
	memset(h + 1, zero ? 0 : 0xa5, size);
	ASAN_POISON_MEMORY_REGION(h, sizeof(*h));
	__atomic_add_fetch(&live, 1, __ATOMIC_RELAXED);
	return h + 1;
}

void *shim_alloc_array(size_t n, size_t size, gfp_t gfp, bool zero, bool kv)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return shim_alloc(bytes, gfp, zero, kv);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t len = strlen(s) + 1;
	char *copy = kmalloc(len, gfp);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

void *kmemdup(const void *p, size_t size, gfp_t gfp)
{
	void *copy = kmalloc(size, gfp);

	if (copy)
		memcpy(copy, p, size);
	return copy;
}

static void release(const void *p, bool kv)
{
	struct shim_ctx *ctx = shim_ctx();
	struct header *h;
	int i;

	if (!p)
		return;
	if (IS_ERR(p))
		shim_die("kfree() of an ERR_PTR");
	h = (struct header *)p - 1;
	ASAN_UNPOISON_MEMORY_REGION(h, sizeof(*h));
	if (h->magic != MAGIC_K && h->magic != MAGIC_KV)
		shim_die("kfree() of what was not allocated, or twice");
	if (h->magic == MAGIC_KV && !kv)
		shim_die("kfree() of kvmalloc() memory");
	for (i = 0; i < ctx->nr_held; i++)
		if ((const char *)ctx->held[i] >= (const char *)p &&
		    (const char *)ctx->held[i] < (const char *)p + h->size)
			shim_die("kfree() of memory with a held lock in it");
	h->magic = 0;
	__atomic_sub_fetch(&live, 1, __ATOMIC_RELAXED);
	free((char *)(h + 1) - h->offset);
}

void kfree(const void *p)
{
	release(p, false);
}

void kvfree(const void *p)
{
	release(p, true);
}

unsigned long copy_from_user(void *to, const void *from, unsigned long n)
{
	might_sleep();
	if ((unsigned long)from < 4096)
		return n;
	memcpy(to, from, n);
	return 0;
}

unsigned long copy_to_user(void *to, const void *from, unsigned long n)
{
	might_sleep();
	if ((unsigned long)to < 4096)
		return n;
	memcpy(to, from, n);
	return 0;
}

void *vmemdup_user(const void *from, size_t n)
{
	void *p = kvmalloc(n, GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, from, n)) {
		kvfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}


void shim_counts_irq(struct shim_counts *counts);
void shim_counts_rcu(struct shim_counts *counts);
void shim_forgive_irqs(void);

void shim_forgive(void)
{
	warnings = 0;
	live = 0;
	shim_forgive_irqs();
	shim_forget_eventfds();
}

void shim_counts(struct shim_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	counts->memory = READ_ONCE(live);
	counts->warnings = READ_ONCE(warnings);
	shim_counts_irq(counts);
	shim_counts_rcu(counts);
}
