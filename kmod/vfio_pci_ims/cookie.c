// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cookies of vectors: their own or the device's default, who may change them, and
 * when a change takes effect.
 */
#include <linux/err.h>
#include <linux/export.h>

#include "engine.h"
#include "trace.h"

/* May there be such a change at all? 0, -EINVAL, -ERANGE or -ENODEV. */
int ims_cookie_valid(struct ims_vdev *vdev,
		     const struct vfio_pci_ims_cookie *change)
{
	const struct ims_vector *vector = NULL;

	if (change->vector != VFIO_PCI_IMS_DEFAULT_COOKIE)
		vector = ims_vector_get(vdev, change->vector);
	if (vector && ims_vector_emulated(vector))
		return -EINVAL;
	return change->own ?
	       ims_store_check_cookie(vdev->store, change->cookie) : 0;
}

/* The cookie that the vector of @change is to have. */
u64 ims_cookie_next(const struct ims_vdev *vdev,
		    const struct vfio_pci_ims_cookie *change)
{
	return change->own ? change->cookie : vdev->default_cookie;
}

/* Would a cookie that is to take effect now need a slot more for a moment? */
static bool ims_cookie_needs_slot(struct ims_vdev *vdev,
				  const struct vfio_pci_ims_cookie *change)
{
	const struct ims_vector *vector;
	const struct ims_line *line;

	if (change->vector == VFIO_PCI_IMS_DEFAULT_COOKIE ||
	    change->mode != VFIO_PCI_IMS_COOKIE_NOW ||
	    ims_store_sets_cookies(vdev->store))
		return false;
	vector = ims_vector_get(vdev, change->vector);
	line = vector ? ims_vector_line(vector) : NULL;
	return line && line->irq.cookie != ims_cookie_next(vdev, change);
}

/*
 * What ims_cookie_set() would return now, as far as that can be told without
 * trying: memory and CPU vectors may be short all the same, and the driver is not
 * asked. @slots: how many the changes of a request need that were checked before;
 * counted on.
 */
int ims_cookie_check(struct ims_vdev *vdev,
		     const struct vfio_pci_ims_cookie *change, u32 *slots)
{
	struct ims_client_info info;
	int ret;

	lockdep_assert_held(&vdev->lock);

	ret = ims_cookie_valid(vdev, change);
	if (ret || !ims_cookie_needs_slot(vdev, change))
		return ret;
	ims_client_query(vdev->client, &info);
	return ++*slots <= info.available ? 0 : -ENOSPC;
}

/* May an administrator change cookies? 0, or -EOPNOTSUPP. */
int ims_cookie_may_change(struct ims_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);

	return vdev->ops->cookie_change ? 0 : -EOPNOTSUPP;
}

/* May there be such a change? The driver's answer. */
int ims_cookie_ask(struct ims_vdev *vdev,
		   const struct vfio_pci_ims_cookie *change)
{
	int ret = ims_cookie_may_change(vdev);

	return ret ?: vdev->ops->cookie_change(vdev->handle, change);
}

/* Takes effect at the next allocation of each vector without a cookie of its own. */
static void ims_cookie_commit_default(struct ims_vdev *vdev, u64 cookie)
{
	struct ims_vector *vector;
	u32 i;

	WRITE_ONCE(vdev->default_cookie, cookie);
	ims_event_device(vdev, IMS_EVENT_CHANGE);
	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1)
		if (!vector->cookie_own && !ims_vector_emulated(vector))
			ims_event_vector(vector, IMS_EVENT_CHANGE);
}

void ims_vector_set_cookie(struct ims_vector *vector, bool own, u64 cookie)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->cookie_own = own;
	vector->cookie = own ? cookie : 0;
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

/**
 * ims_cookie_set - change a vector's own cookie, or the default
 * @vdev: the device
 * @change: what is to change; the vector must be declared
 * @ask: the driver is to be asked, who has not asked for it himself
 *
 * On error nothing has changed, and the refusal is noted.
 *
 * Return: as ims_vectors_configure().
 */
int ims_cookie_set(struct ims_vdev *vdev,
		   const struct vfio_pci_ims_cookie *change, bool ask)
{
	const struct ims_failure failure = {
		/* Of the default: none. */
		.vector = change->vector,
		.kind = IMS_NOTHING_RAN_OUT,
	};
	const struct ims_config config = {
		.start = change->vector,
		.count = 1,
		.ask = ask,
		.cookie_given = true,
		.cookie = *change,
	};
	struct ims_config_failure failed;
	int ret;

	lockdep_assert_held(&vdev->lock);

	if (change->vector != VFIO_PCI_IMS_DEFAULT_COOKIE)
		return ims_vectors_configure(vdev, &config, &failed);

	ret = ims_cookie_valid(vdev, change);
	if (!ret && ask)
		ret = ims_cookie_ask(vdev, change);
	if (ret)
		return ims_vdev_refuse(vdev, &failure, ret);
	ims_cookie_commit_default(vdev, change->cookie);
	return 0;
}

static int ims_cookie_call(struct vfio_pci_ims *ims,
			   const struct vfio_pci_ims_cookie *change)
{
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, change->vector, 1);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = ims_cookie_set(vdev, change, false);
	ims_vdev_leave(vdev);
	return ret;
}

/**
 * vfio_pci_ims_set_cookie - give a vector a cookie of its own
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 * @cookie: the cookie
 * @mode: when it takes effect on a vector with a slot
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -EINVAL for an emulated vector or one beyond those declared; -ERANGE
 * for a cookie that the hardware cannot hold; -ENOMEM; -ENODEV when the device is
 * not open or its parent is gone; with %VFIO_PCI_IMS_COOKIE_NOW also what
 * ims_alloc_irqs() and request_irq() return. On error nothing has changed.
 */
int vfio_pci_ims_set_cookie(struct vfio_pci_ims *ims, u32 vector, u64 cookie,
			    enum vfio_pci_ims_cookie_mode mode)
{
	return ims_cookie_call(ims, &(struct vfio_pci_ims_cookie) {
		.vector = vector,
		.own = true,
		.cookie = cookie,
		.mode = mode,
	});
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_cookie);

/**
 * vfio_pci_ims_clear_cookie - let a vector have the default cookie again
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 * @mode: when it takes effect on a vector with a slot
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: as vfio_pci_ims_set_cookie().
 */
int vfio_pci_ims_clear_cookie(struct vfio_pci_ims *ims, u32 vector,
			      enum vfio_pci_ims_cookie_mode mode)
{
	return ims_cookie_call(ims, &(struct vfio_pci_ims_cookie) {
		.vector = vector,
		.mode = mode,
	});
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_clear_cookie);

/**
 * vfio_pci_ims_apply_cookie - put the cookie that a vector is to have in force
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 *
 * What waits for the next allocation, its own cookie or the default, takes effect
 * now, as %VFIO_PCI_IMS_COOKIE_NOW would have had it.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: as vfio_pci_ims_set_cookie().
 */
int vfio_pci_ims_apply_cookie(struct vfio_pci_ims *ims, u32 vector)
{
	struct vfio_pci_ims_cookie change = {
		.vector = vector,
		.mode = VFIO_PCI_IMS_COOKIE_NOW,
	};
	struct ims_vdev *vdev = ims_vdev_enter_range(ims, vector, 1);
	struct ims_vector *v;
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	v = ims_vector_get(vdev, vector);
	if (v) {
		change.own = v->cookie_own;
		change.cookie = v->cookie;
	}
	ret = ims_cookie_set(vdev, &change, false);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_apply_cookie);

/**
 * vfio_pci_ims_set_default_cookie - change the cookie of vectors without own
 * @ims: the virtual device's interrupts
 * @cookie: the cookie
 *
 * Takes effect at a vector's next allocation, as %VFIO_PCI_IMS_COOKIE_NEXT.
 *
 * Context: process context, may sleep. Not from the driver's callbacks.
 *
 * Return: 0; -ERANGE for a cookie that the hardware cannot hold; -ENODEV when the
 * device is not open or its parent is gone.
 */
int vfio_pci_ims_set_default_cookie(struct vfio_pci_ims *ims, u64 cookie)
{
	const struct vfio_pci_ims_cookie change = {
		.vector = VFIO_PCI_IMS_DEFAULT_COOKIE,
		.own = true,
		.cookie = cookie,
	};
	struct ims_vdev *vdev = ims_vdev_enter(ims);
	int ret;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ret = ims_cookie_set(vdev, &change, false);
	ims_vdev_leave(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_default_cookie);

/**
 * vfio_pci_ims_cookie - the cookie that a vector is to have
 * @ims: the virtual device's interrupts; may be closed
 * @vector: number of the vector; %VFIO_PCI_IMS_DEFAULT_COOKIE: the device's default
 * @cookie: out: its own one or the default, when the function returns 0
 *
 * That of the slot may be an older one, until the next allocation.
 *
 * Context: any, interrupt context included; also from the driver's callbacks.
 *
 * Return: 0; -EINVAL for an emulated vector or one beyond those declared; -ENODEV
 * when the device is not open.
 */
int vfio_pci_ims_cookie(struct vfio_pci_ims *ims, u32 vector, u64 *cookie)
{
	struct ims_vector *v = NULL;
	struct ims_vdev *vdev;
	unsigned long flags;
	int ret = -EINVAL;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (!vdev) {
		ret = -ENODEV;
		goto out;
	}
	if (vector < vdev->num_vectors)
		v = rcu_dereference(vdev->vectors[vector]);
	else if (vector != VFIO_PCI_IMS_DEFAULT_COOKIE)
		goto out;
	if (v && ims_vector_emulated(v))
		goto out;

	*cookie = READ_ONCE(vdev->default_cookie);
	if (v) {
		raw_spin_lock_irqsave(&v->lock, flags);
		if (v->cookie_own)
			*cookie = v->cookie;
		raw_spin_unlock_irqrestore(&v->lock, flags);
	}
	ret = 0;
out:
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_cookie);
