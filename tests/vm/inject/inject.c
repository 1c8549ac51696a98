// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ims_inject.ko - a test device: raises Linux IRQs by irq_inject_interrupt().
 *
 * Writing "IRQ COUNT" to /sys/kernel/debug/ims_inject raises IRQ exactly COUNT
 * times and returns when the last has been raised. The interrupts take the same
 * way as those of hardware from the CPU's vector on. edu fires ten a second;
 * this is for loads.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

static struct dentry *ims_inject_file;

/* -EBUSY: the one before has not been handled yet, and would swallow this. */
static int ims_inject_one(unsigned int irq)
{
	int ret;

	do {
		ret = irq_inject_interrupt(irq);
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
	char buf[32] = { };
	int ret;

	if (size >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, user, size))
		return -EFAULT;
	if (sscanf(buf, "%u %u", &irq, &count) != 2)
		return -EINVAL;

	while (count--) {
		ret = ims_inject_one(irq);
		if (ret)
			return ret;
	}
	return size;
}

static const struct file_operations ims_inject_fops = {
	.owner	= THIS_MODULE,
	.open	= nonseekable_open,
	.write	= ims_inject_write,
};

static int __init ims_inject_init(void)
{
	ims_inject_file = debugfs_create_file("ims_inject", 0200, NULL, NULL,
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
