// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the test says and asks, in the device's directory of sysfs:
 *
 *	fire	write "FIRST LAST TIMES": raise these vectors, and wait for each
 *		interrupt; fails with ETIMEDOUT when one does not come
 *	load	write 1: raise all vectors but 0 on and on, until 0 is written, which
 *		fails when an interrupt was lost. Read: rounds that are done
 *	mask	write "VECTOR 1": disable_irq(), "VECTOR 0": enable_irq()
 *	counts	read: interrupts of each vector, since the driver has the device
 *	raised	read: of them, those that this driver had the device raise
 *	done	read: interrupts, of vectors but 0, as the device counts them
 *	irqs	read: Linux IRQ of each vector
 */
#include <linux/interrupt.h>

#include "guestdrv.h"

static struct gd *gd_of(struct device *dev)
{
	return pci_get_drvdata(to_pci_dev(dev));
}

static ssize_t fire_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t size)
{
	unsigned int first, last, times;
	int ret;

	if (sscanf(buf, "%u %u %u", &first, &last, &times) != 3)
		return -EINVAL;
	ret = gd_fire(gd_of(dev), first, last, times);
	return ret ?: size;
}
static DEVICE_ATTR_WO(fire);

static ssize_t load_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t size)
{
	bool on;
	int ret = kstrtobool(buf, &on);

	if (ret)
		return ret;
	/* remove() is called with it, too. */
	if (!device_trylock(dev))
		return -EBUSY;
	ret = on ? gd_load_start(gd_of(dev)) : gd_load_stop(gd_of(dev));
	device_unlock(dev);
	return ret ?: size;
}

static ssize_t load_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(gd_of(dev)->rounds));
}
static DEVICE_ATTR_RW(load);

static ssize_t mask_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t size)
{
	struct gd *gd = gd_of(dev);
	unsigned int vector, on;

	if (sscanf(buf, "%u %u", &vector, &on) != 2 || vector >= gd->vectors)
		return -EINVAL;
	if (on)
		disable_irq(gd->vector[vector].irq);
	else
		enable_irq(gd->vector[vector].irq);
	return size;
}
static DEVICE_ATTR_WO(mask);

/* A number of each vector, in one line */
static ssize_t gd_emit(struct device *dev, char *buf,
		       unsigned int (*number)(const struct gd_vector *v))
{
	struct gd *gd = gd_of(dev);
	unsigned int i;
	int len = 0;

	for (i = 0; i < gd->vectors; i++)
		len += sysfs_emit_at(buf, len, "%u ", number(&gd->vector[i]));
	return len + sysfs_emit_at(buf, len, "\n");
}

static unsigned int gd_count(const struct gd_vector *v)
{
	return atomic_read(&v->count);
}

static ssize_t counts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return gd_emit(dev, buf, gd_count);
}
static DEVICE_ATTR_RO(counts);

static unsigned int gd_raised(const struct gd_vector *v)
{
	return READ_ONCE(v->raised);
}

static ssize_t raised_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return gd_emit(dev, buf, gd_raised);
}
static DEVICE_ATTR_RO(raised);

static unsigned int gd_irq(const struct gd_vector *v)
{
	return v->irq;
}

static ssize_t irqs_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return gd_emit(dev, buf, gd_irq);
}
static DEVICE_ATTR_RO(irqs);

static ssize_t done_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gd *gd = gd_of(dev);
	u32 done;

	mutex_lock(&gd->lock);
	done = gd->ops->done(gd);
	mutex_unlock(&gd->lock);
	return sysfs_emit(buf, "%u\n", done);
}
static DEVICE_ATTR_RO(done);

static struct attribute *gd_attrs[] = {
	&dev_attr_fire.attr,
	&dev_attr_load.attr,
	&dev_attr_mask.attr,
	&dev_attr_counts.attr,
	&dev_attr_raised.attr,
	&dev_attr_irqs.attr,
	&dev_attr_done.attr,
	NULL
};

static const struct attribute_group gd_group = {
	.attrs = gd_attrs,
};

const struct attribute_group *gd_groups[] = {
	&gd_group,
	NULL
};
