// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator chooses for a function's opens: files in its sysfs directory
 * ims/, which exist while the function is bound to its driver. They are read at each open, in place of what the
 * driver has chosen; a function that is open stays as it is.
 *
 * A write that would have the next open fail is refused and changes nothing. What
 * others take afterwards is not foreseen: then it is the open that fails.
 */
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <uapi/linux/ims_netlink.h>

#include "vfunc.h"

enum ims_vfunc_setting {
	IMS_VFUNC_LIMIT,
	IMS_VFUNC_RESERVATION,
	IMS_VFUNC_COOKIE,
	IMS_VFUNC_AFFINITY,
};

static const char * const ims_vfunc_setting_names[] = {
	[IMS_VFUNC_LIMIT]	= "limit",
	[IMS_VFUNC_RESERVATION]	= "reservation",
	[IMS_VFUNC_COOKIE]	= "cookie",
	[IMS_VFUNC_AFFINITY]	= "affinity",
};

/* Replace the driver's choice in @params by what is set. */
void ims_vfunc_settings_apply(const struct ims_vfunc_settings *settings,
			      struct vfio_pci_ims_params *params)
{
	if (settings->set & BIT(IMS_VFUNC_LIMIT))
		params->limit = settings->limit;
	if (settings->set & BIT(IMS_VFUNC_RESERVATION))
		params->reservation = settings->reservation;
	if (settings->set & BIT(IMS_VFUNC_COOKIE))
		params->default_cookie = settings->cookie;
	if (settings->set & BIT(IMS_VFUNC_AFFINITY))
		params->affinity = settings->affinity;
}

/* What vfio_pci_ims_init() makes of params->limit, and the most that it can be. */
static u32 ims_vfunc_limit(const struct vfio_pci_ims_params *params, u32 *max)
{
	struct ims_store_info info;

	ims_store_query(params->store, &info);
	*max = min(params->num_vectors + 1,
		   params->nr_slots ? params->nr_slots : info.hwsize);
	return params->limit ? min(params->limit, *max) : *max;
}

/*
 * For the files. Locks parent->lock: 0, or -ENODEV when the PCI device is being
 * removed, or -EINTR when the caller is killed; then it is not locked.
 */
static int ims_vfunc_settings_lock(struct ims_vfunc *fn)
{
	if (mutex_lock_killable(&fn->parent->lock))
		return -EINTR;
	if (fn->parent->store)
		return 0;
	mutex_unlock(&fn->parent->lock);
	return -ENODEV;
}

static int ims_vfunc_check_slots(struct ims_vfunc *fn,
				 const struct ims_vfunc_settings *wanted)
{
	struct vfio_pci_ims_params params;
	u32 limit, max;

	ims_vfunc_params(fn, wanted, &params);
	limit = ims_vfunc_limit(&params, &max);
	if (params.reservation > limit)
		return -EINVAL;
	/* The driver's own is cut down. */
	return (wanted->set & BIT(IMS_VFUNC_LIMIT)) && params.limit > max ?
	       -EINVAL : 0;
}

/*
 * Could the store promise what is wanted? While the function is open its own share is
 * among what is taken: then the next open tells.
 */
static int ims_vfunc_check_room(struct ims_vfunc *fn,
				const struct ims_vfunc_settings *wanted)
{
	struct vfio_pci_ims_params params;
	struct ims_store_info info;
	u64 cookie;

	if (vfio_pci_ims_cookie(&fn->ims, VFIO_PCI_IMS_DEFAULT_COOKIE,
				&cookie) != -ENODEV)
		return 0;
	ims_vfunc_params(fn, wanted, &params);
	ims_store_query(params.store, &info);
	return params.reservation > info.available ? -ENOSPC : 0;
}

/* As by netlink: a driver without cookie_change() does not let anybody choose cookies. */
static int ims_vfunc_check_cookie(struct ims_vfunc *fn, u64 cookie)
{
	const struct vfio_pci_ims_ops *ops = fn->driver->ims_ops;

	if (!ops || !ops->cookie_change)
		return -EOPNOTSUPP;
	return ims_store_check_cookie(fn->parent->store, cookie);
}

/*
 * As for a vector's own; but who configures a device at boot does not run on the CPUs
 * that are kept for it, so those of the caller do not matter.
 */
static int ims_vfunc_check_affinity(const struct cpumask *mask)
{
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	return snprintf(NULL, 0, "%*pbl", cpumask_pr_args(mask)) > IMS_CPULIST_MAX ?
	       -EINVAL : 0;
}

static int ims_vfunc_settings_check(struct ims_vfunc *fn,
				    enum ims_vfunc_setting which,
				    const struct ims_vfunc_settings *wanted)
{
	bool set = wanted->set & BIT(which);
	int ret;

	switch (which) {
	case IMS_VFUNC_LIMIT:
		return ims_vfunc_check_slots(fn, wanted);
	case IMS_VFUNC_RESERVATION:
		ret = ims_vfunc_check_slots(fn, wanted);
		return ret || !set ? ret : ims_vfunc_check_room(fn, wanted);
	case IMS_VFUNC_COOKIE:
		return set ? ims_vfunc_check_cookie(fn, wanted->cookie) : 0;
	case IMS_VFUNC_AFFINITY:
		return set ? ims_vfunc_check_affinity(wanted->affinity) : 0;
	}
	return -EINVAL;
}

/* The value of @buf into @wanted; what is not @which stays. 0 or a negative errno. */
static int ims_vfunc_settings_parse(enum ims_vfunc_setting which, const char *buf,
				    struct ims_vfunc_settings *wanted)
{
	switch (which) {
	case IMS_VFUNC_LIMIT:
		return kstrtou32(buf, 0, &wanted->limit);
	case IMS_VFUNC_RESERVATION:
		return kstrtou32(buf, 0, &wanted->reservation);
	case IMS_VFUNC_COOKIE:
		return kstrtou64(buf, 0, &wanted->cookie);
	case IMS_VFUNC_AFFINITY:
		return cpulist_parse(buf, wanted->affinity);
	}
	return -EINVAL;
}

/* Have @which be @buf, "default" for the driver's choice: @count or a negative errno. */
static ssize_t ims_vfunc_settings_write(struct device *dev,
					enum ims_vfunc_setting which,
					const char *buf, size_t count)
{
	struct ims_vfunc *fn = dev_get_drvdata(dev);
	struct ims_vfunc_settings wanted;
	struct cpumask *mask;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mask = kzalloc(cpumask_size(), GFP_KERNEL_ACCOUNT);
	if (!mask)
		return -ENOMEM;
	ret = ims_vfunc_settings_lock(fn);
	if (ret)
		goto out;

	wanted = *fn->settings;
	if (which == IMS_VFUNC_AFFINITY)
		wanted.affinity = mask;
	if (sysfs_streq(buf, "default")) {
		wanted.set &= ~BIT(which);
	} else {
		wanted.set |= BIT(which);
		ret = ims_vfunc_settings_parse(which, buf, &wanted);
	}
	if (!ret)
		ret = ims_vfunc_settings_check(fn, which, &wanted);
	if (!ret) {
		/* What is freed below is the one that is not used any more. */
		if (which == IMS_VFUNC_AFFINITY)
			mask = fn->settings->affinity;
		*fn->settings = wanted;
	}
	mutex_unlock(&fn->parent->lock);
out:
	kfree(mask);
	if (ret)
		dev_dbg(dev, "ims/%s: refused: %d\n",
			ims_vfunc_setting_names[which], ret);
	return ret ? ret : count;
}

/* What the next open would have. */
static ssize_t ims_vfunc_settings_read(struct device *dev,
				       enum ims_vfunc_setting which, char *buf)
{
	struct ims_vfunc *fn = dev_get_drvdata(dev);
	struct vfio_pci_ims_params params;
	ssize_t ret;
	u32 max;

	/* As by netlink: a cookie may be a kernel pointer. */
	if (which == IMS_VFUNC_COOKIE && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	ret = ims_vfunc_settings_lock(fn);
	if (ret)
		return ret;
	ims_vfunc_params(fn, fn->settings, &params);
	switch (which) {
	case IMS_VFUNC_LIMIT:
		ret = sysfs_emit(buf, "%u\n", ims_vfunc_limit(&params, &max));
		break;
	case IMS_VFUNC_RESERVATION:
		ret = sysfs_emit(buf, "%u\n", params.reservation);
		break;
	case IMS_VFUNC_COOKIE:
		ret = sysfs_emit(buf, "0x%llx\n", params.default_cookie);
		break;
	case IMS_VFUNC_AFFINITY:
		ret = params.affinity ?
		      sysfs_emit(buf, "%*pbl\n", cpumask_pr_args(params.affinity)) :
		      sysfs_emit(buf, "default\n");
		break;
	}
	mutex_unlock(&fn->parent->lock);
	return ret;
}

/* The names of those that are not the driver's choice, in a line */
static ssize_t set_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ims_vfunc *fn = dev_get_drvdata(dev);
	unsigned int which;
	ssize_t len = 0;

	if (mutex_lock_killable(&fn->parent->lock))
		return -EINTR;
	for_each_set_bit(which, &fn->settings->set,
			 ARRAY_SIZE(ims_vfunc_setting_names))
		len += sysfs_emit_at(buf, len, "%s%s", len ? " " : "",
				     ims_vfunc_setting_names[which]);
	mutex_unlock(&fn->parent->lock);
	return len + sysfs_emit_at(buf, len, "\n");
}
static DEVICE_ATTR_RO(set);

#define IMS_VFUNC_FILE(_name, _which, _mode)				\
static ssize_t _name##_show(struct device *dev,				\
			    struct device_attribute *attr, char *buf)	\
{									\
	return ims_vfunc_settings_read(dev, _which, buf);		\
}									\
static ssize_t _name##_store(struct device *dev,			\
			     struct device_attribute *attr,		\
			     const char *buf, size_t count)		\
{									\
	return ims_vfunc_settings_write(dev, _which, buf, count);	\
}									\
static struct device_attribute dev_attr_##_name =			\
	__ATTR(_name, _mode, _name##_show, _name##_store)

IMS_VFUNC_FILE(limit, IMS_VFUNC_LIMIT, 0644);
IMS_VFUNC_FILE(reservation, IMS_VFUNC_RESERVATION, 0644);
/* Who knows a function's cookie can make up its interrupts. */
IMS_VFUNC_FILE(cookie, IMS_VFUNC_COOKIE, 0600);
IMS_VFUNC_FILE(affinity, IMS_VFUNC_AFFINITY, 0644);

static struct attribute *ims_vfunc_setting_files[] = {
	&dev_attr_set.attr,
	&dev_attr_limit.attr,
	&dev_attr_reservation.attr,
	&dev_attr_cookie.attr,
	&dev_attr_affinity.attr,
	NULL,
};

static const struct attribute_group ims_vfunc_setting_group = {
	.name	= "ims",
	.attrs	= ims_vfunc_setting_files,
};

/*
 * Of functions that are bound: the driver core removes the files, and waits for who
 * uses one, ahead of ims_vfunc_remove().
 */
const struct attribute_group *ims_vfunc_groups[] = {
	&ims_vfunc_setting_group,
	NULL,
};

int ims_vfunc_settings_init(struct ims_vfunc *fn)
{
	fn->settings = kzalloc(sizeof(*fn->settings), GFP_KERNEL_ACCOUNT);
	return fn->settings ? 0 : -ENOMEM;
}

void ims_vfunc_settings_exit(struct ims_vfunc *fn)
{
	kfree(fn->settings->affinity);
	kfree(fn->settings);
}
