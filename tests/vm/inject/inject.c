// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ims_inject.ko - a test device: raises Linux IRQs by irq_inject_interrupt().
 *
 * Writing "IRQ COUNT" to /sys/kernel/debug/ims_inject raises IRQ exactly COUNT
 * times and returns when the last has been raised. The interrupts take the same
 * way as those of hardware from the CPU's vector on. edu fires ten a second;
 * this is for loads.
 *
 * After "IRQ COUNT timed" reading gives "COUNT NS": how many of them were raised on
 * the CPU that handles them, with no timer tick in between, and how long these
 * took, from the CPU's vector to the return from the interrupt. They are raised
 * by the interrupt's chip, with interrupts off.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/hardirq.h>

static struct dentry *ims_inject_file;

/* Of the last write; who writes at the same time gets a mixture. */
static u64 ims_inject_count;
static s64 ims_inject_ns;

/* How long it takes to let interrupts in. */
static s64 ims_inject_window(void)
{
	s64 start = ktime_get_ns();

	local_irq_enable();
	/* The first instruction after the one that enables is not interrupted. */
	asm volatile("nop; nop");
	local_irq_disable();
	return ktime_get_ns() - start;
}

/* Does this CPU handle @irq? With interrupts off. */
static bool ims_inject_here(unsigned int irq)
{
	const struct cpumask *cpus = irq_get_effective_affinity_mask(irq);

	return cpus && cpumask_test_cpu(smp_processor_id(), cpus);
}

/*
 * What irq_inject_interrupt() ends in. With interrupts off that itself must not be
 * called: it takes the chip's bus lock, which may sleep.
 */
static int ims_inject_retrigger(unsigned int irq)
{
	struct irq_data *d = irq_get_irq_data(irq);

	if (!d || !d->chip || !d->chip->irq_retrigger)
		return -EINVAL;
	return d->chip->irq_retrigger(d) ? 0 : -EIO;
}

/* Raise @irq with interrupts off, then let it in, and look how long it takes. */
static int ims_inject_timed(unsigned int irq)
{
	unsigned int ticks;
	s64 empty, ns;
	bool clean;
	int ret;

	local_irq_disable();
	ticks = ims_compat_timer_interrupts();
	clean = ims_inject_here(irq);
	empty = ims_inject_window();
	ret = ims_inject_retrigger(irq);
	ns = ims_inject_window();
	clean &= ticks == ims_compat_timer_interrupts();
	local_irq_enable();
	if (!ret && clean) {
		ims_inject_count++;
		ims_inject_ns += ns - empty;
	}
	return ret;
}

/* -EBUSY: the one before has not been handled yet, and would swallow this. */
static int ims_inject_one(unsigned int irq, bool timed)
{
	int ret;

	do {
		ret = timed ? ims_inject_timed(irq) : irq_inject_interrupt(irq);
		if (ret == -EBUSY && signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (ret == -EBUSY);
	return ret;
}

static ssize_t ims_inject_write(struct file *file, const char __user *user,
				size_t size, loff_t *pos)
{
	unsigned int irq, count;
	char buf[32] = { }, how[6] = { };
	bool timed;
	int ret;

	if (size >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, user, size))
		return -EFAULT;
	if (sscanf(buf, "%u %u %5s", &irq, &count, how) < 2)
		return -EINVAL;
	timed = !strcmp(how, "timed");
	if (how[0] && !timed)
		return -EINVAL;

	ims_inject_count = 0;
	ims_inject_ns = 0;
	while (count--) {
		ret = ims_inject_one(irq, timed);
		if (ret)
			return ret;
	}
	return size;
}

static ssize_t ims_inject_read(struct file *file, char __user *user,
			       size_t size, loff_t *pos)
{
	char buf[48];
	int len;

	len = scnprintf(buf, sizeof(buf), "%llu %lld\n", ims_inject_count,
			ims_inject_ns);
	return simple_read_from_buffer(user, size, pos, buf, len);
}

static const struct file_operations ims_inject_fops = {
	.owner	= THIS_MODULE,
	.read	= ims_inject_read,
	.write	= ims_inject_write,
};

static int __init ims_inject_init(void)
{
	ims_inject_file = debugfs_create_file("ims_inject", 0600, NULL, NULL,
					      &ims_inject_fops);
	return PTR_ERR_OR_ZERO(ims_inject_file);
}

static void __exit ims_inject_exit(void)
{
	debugfs_remove(ims_inject_file);
}

module_init(ims_inject_init);
module_exit(ims_inject_exit);

MODULE_DESCRIPTION("Raises interrupts for the tests of ims");
MODULE_LICENSE("GPL");
