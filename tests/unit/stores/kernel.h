/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel as kmod/ims/array.c and table.c see it, for test_stores. Each header in
 * linux/ is this one. Accesses to registers and allocations are the test's.
 */
#ifndef STORES_KERNEL_H
#define STORES_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/types.h>

#define U32_MAX			UINT_MAX
#define __iomem
#ifndef __must_check
#define __must_check		__attribute__((warn_unused_result))
#endif
#define EXPORT_SYMBOL_GPL(name)	extern int stores_exported_##name

#define BIT_ULL(n)		(1ULL << (n))
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define IS_ALIGNED(x, a)	(!((x) & ((a) - 1)))
#define is_power_of_2(n)	((n) && !((n) & ((n) - 1)))
#define hweight32(n)		__builtin_popcount(n)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof(*(p)->member) * (size_t)(n))

#define ERR_PTR(error)		((void *)(long)(error))
#define PTR_ERR(ptr)		((long)(ptr))
#define IS_ERR(ptr)		((unsigned long)(ptr) >= -4095UL)

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *arg);

#define GFP_KERNEL		0
void *stores_alloc(size_t n, size_t size);
#define kvzalloc(size, gfp)	stores_alloc(1, size)
#define kvcalloc(n, size, gfp)	stores_alloc(n, size)
#define kvfree(p)		free((void *)(p))

/* A register access: as the device sees it. */
u32 readl(const volatile void *addr);
void writel(u32 value, volatile void *addr);

struct pci_dev {
	char log[256];
};

#define pci_name(pdev)	((void)(pdev), "0000:00:04.0")
#define pci_err(pdev, ...)	snprintf((pdev)->log, sizeof((pdev)->log), __VA_ARGS__)

/* One thread: a lock is held, or not. */
typedef struct { bool held; } raw_spinlock_t;
void raw_spin_lock(raw_spinlock_t *lock);
void raw_spin_unlock(raw_spinlock_t *lock);
#define raw_spin_lock_init(lock)		((lock)->held = false)
#define raw_spin_lock_irqsave(lock, flags)	((flags) = 0, raw_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(flags), raw_spin_unlock(lock))

#define BITS			(8 * sizeof(long))
#define bitmap_zalloc(n, gfp)	stores_alloc((n) / BITS + 1, sizeof(long))
#define bitmap_free(p)		free(p)

static inline bool test_bit(u32 n, const unsigned long *bits)
{
	return bits[n / BITS] >> n % BITS & 1;
}

static inline void __set_bit(u32 n, unsigned long *bits)
{
	bits[n / BITS] |= 1UL << n % BITS;
}

static inline void __clear_bit(u32 n, unsigned long *bits)
{
	bits[n / BITS] &= ~(1UL << n % BITS);
}

static inline bool __test_and_clear_bit(u32 n, unsigned long *bits)
{
	bool was = test_bit(n, bits);

	__clear_bit(n, bits);
	return was;
}

#define for_each_set_bit(n, bits, size) \
	for ((n) = 0; (n) < (size); (n)++) if (test_bit(n, bits))

struct workqueue_struct;
struct work_struct {
	void (*func)(struct work_struct *work);
};
typedef void (*work_func_t)(struct work_struct *work);
#define INIT_WORK(work, fn)	((work)->func = (fn))
bool queue_work(struct workqueue_struct *queue, struct work_struct *work);

#endif
