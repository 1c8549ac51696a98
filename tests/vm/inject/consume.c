// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ims_consume.ko - a consumer of irqbypass, as KVM's irqfd is one where the hardware
 * can post interrupts, which QEMU's does not.
 *
 * Writing "FD accepts" or "FD refuses" to /sys/kernel/debug/ims_consume makes the open
 * file a consumer of that eventfd, until it is closed. "FD vcpu" accepts, too, and asks
 * the producer's interrupt for what KVM asks when posting ends, which must reach the
 * driver of the interrupt remapping. Reading gives "IRQ CONNECTS DISCONNECTS": the
 * Linux IRQ of the producer that is connected, 0 for none.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqbypass.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static struct dentry *ims_consume_file;

/**
 * struct ims_consume - an open file
 * @consumer: registered while @eventfd is set
 * @eventfd: referenced, NULL before the first write
 * @lock: guards @eventfd
 * @refuses: it accepts no producer
 * @vcpu: it calls irq_set_vcpu_affinity()
 * @irq: of the producer, 0 for none. This and what follows under irqbypass's mutex
 * @connects: how often
 * @disconnects: how often
 */
struct ims_consume {
	struct irq_bypass_consumer consumer;
	struct eventfd_ctx *eventfd;
	struct mutex lock;
	bool refuses;
	bool vcpu;
	int irq;
	unsigned int connects;
	unsigned int disconnects;
};

static struct ims_consume *ims_consume_of(struct irq_bypass_consumer *consumer)
{
	return container_of(consumer, struct ims_consume, consumer);
}

static int ims_consume_add(struct irq_bypass_consumer *consumer,
			   struct irq_bypass_producer *producer)
{
	struct ims_consume *c = ims_consume_of(consumer);
	int ret = 0;

	if (c->refuses)
		return -EINVAL;
	if (c->vcpu)
		ret = irq_set_vcpu_affinity(producer->irq, NULL);
	if (ret)
		return ret;
	WRITE_ONCE(c->irq, producer->irq);
	c->connects++;
	return 0;
}

static void ims_consume_del(struct irq_bypass_consumer *consumer,
			    struct irq_bypass_producer *producer)
{
	struct ims_consume *c = ims_consume_of(consumer);

	WRITE_ONCE(c->irq, 0);
	c->disconnects++;
}

static int ims_consume_register(struct ims_consume *c)
{
	c->consumer.add_producer = ims_consume_add;
	c->consumer.del_producer = ims_consume_del;
	return ims_compat_bypass_consume(&c->consumer, c->eventfd);
}

static int ims_consume_open(struct inode *inode, struct file *file)
{
	struct ims_consume *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	file->private_data = c;
	return 0;
}

static int ims_consume_release(struct inode *inode, struct file *file)
{
	struct ims_consume *c = file->private_data;

	if (c->eventfd) {
		irq_bypass_unregister_consumer(&c->consumer);
		eventfd_ctx_put(c->eventfd);
	}
	mutex_destroy(&c->lock);
	kfree(c);
	return 0;
}

/* With c->lock held */
static int ims_consume_begin(struct ims_consume *c, int fd, const char *how)
{
	struct eventfd_ctx *eventfd;
	int ret;

	if (c->eventfd)
		return -EBUSY;
	eventfd = eventfd_ctx_fdget(fd);
	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	c->eventfd = eventfd;
	c->refuses = !strcmp(how, "refuses");
	c->vcpu = !strcmp(how, "vcpu");
	ret = ims_consume_register(c);
	if (ret) {
		c->eventfd = NULL;
		eventfd_ctx_put(eventfd);
	}
	return ret;
}

static ssize_t ims_consume_write(struct file *file, const char __user *user,
				 size_t size, loff_t *pos)
{
	struct ims_consume *c = file->private_data;
	char buf[32] = { }, how[8] = { };
	int fd, ret;

	if (size >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, user, size))
		return -EFAULT;
	if (sscanf(buf, "%d %7s", &fd, how) < 2)
		return -EINVAL;
	mutex_lock(&c->lock);
	ret = ims_consume_begin(c, fd, how);
	mutex_unlock(&c->lock);
	return ret ?: size;
}

static ssize_t ims_consume_read(struct file *file, char __user *user,
				size_t size, loff_t *pos)
{
	struct ims_consume *c = file->private_data;
	char buf[48];
	int len;

	len = scnprintf(buf, sizeof(buf), "%d %u %u\n", READ_ONCE(c->irq),
			READ_ONCE(c->connects), READ_ONCE(c->disconnects));
	return simple_read_from_buffer(user, size, pos, buf, len);
}

static const struct file_operations ims_consume_fops = {
	.owner		= THIS_MODULE,
	.open		= ims_consume_open,
	.release	= ims_consume_release,
	.read		= ims_consume_read,
	.write		= ims_consume_write,
};

static int __init ims_consume_init(void)
{
	ims_consume_file = debugfs_create_file("ims_consume", 0600, NULL, NULL,
					       &ims_consume_fops);
	return PTR_ERR_OR_ZERO(ims_consume_file);
}

static void __exit ims_consume_exit(void)
{
	debugfs_remove(ims_consume_file);
}

module_init(ims_consume_init);
module_exit(ims_consume_exit);

MODULE_DESCRIPTION("Consumes interrupts for the tests of ims");
MODULE_LICENSE("GPL");
