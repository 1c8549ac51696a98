// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cookies of vectors: their own or the device's default, and when a change
 * takes effect.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "trace.h"
#include "vector.h"

/* Bring a live vector's slot in line with the cookie it is to have. */
static int ims_cookie_apply(struct ims_vector *vector)
{
	struct ims_line *line = ims_vector_line(vector);
	u64 cookie = ims_vector_cookie(vector);
	int ret;

	if (!line || line->irq.cookie == cookie)
		return 0;

	ret = vector->backing->set_cookie(vector->vdev, line, cookie);
	if (ret == -EOPNOTSUPP)
		ret = ims_vector_realloc(vector);
	return ret;
}

/* Would a cookie that is to take effect now need a slot more for a moment? */
static bool ims_cookie_needs_slot(const struct ims_vector *vector, bool own,
				  u64 cookie)
{
	const struct ims_line *line = ims_vector_line(vector);

	if (!line || ims_store_sets_cookies(vector->vdev->store))
		return false;
	return line->irq.cookie !=
	       (own ? cookie : vector->vdev->default_cookie);
}

/*
 * What ims_cookie_set() would return now, as far as that can be told without
 * trying: memory and CPU vectors may be short all the same.
 */
int ims_cookie_check(struct ims_vdev *vdev, u32 index, bool own, u64 cookie,
		     enum vfio_pci_ims_cookie_mode mode)
{
	const struct ims_vector *vector = ims_vector_get(vdev, index);
	struct ims_client_info info;

	if (!vector)
		return 0;
	if (ims_vector_emulated(vector))
		return -EINVAL;
	if (mode == VFIO_PCI_IMS_COOKIE_NOW &&
	    ims_cookie_needs_slot(vector, own, cookie)) {
		ims_client_query(vdev->client, &info);
		if (!info.available)
			return -ENOSPC;
	}
	return 0;
}

/*
 * Give vector @index its @own @cookie, or none. The vector gets a context if it
 * has none. -EINVAL when it is emulated. On error nothing has changed.
 */
int ims_cookie_set(struct ims_vdev *vdev, u32 index, bool own, u64 cookie,
		   enum vfio_pci_ims_cookie_mode mode)
{
	struct ims_vector *vector = ims_vector_get(vdev, index);
	enum ims_event event = IMS_EVENT_CHANGE;
	bool was_own;
	u64 was;
	int ret;

	lockdep_assert_held(&vdev->lock);

	if (!vector) {
		if (!own)
			return 0;
		vector = ims_vector_alloc(vdev, index);
		if (!vector)
			return -ENOMEM;
		ims_vector_publish(vector);
		event = IMS_EVENT_CREATE;
	}
	if (ims_vector_emulated(vector))
		return -EINVAL;

	was_own = vector->cookie_own;
	was = vector->cookie;
	vector->cookie_own = own;
	vector->cookie = own ? cookie : 0;

	if (mode == VFIO_PCI_IMS_COOKIE_NOW) {
		ret = ims_cookie_apply(vector);
		if (ret) {
			vector->cookie_own = was_own;
			vector->cookie = was;
			vector->failed++;
			return ret;
		}
	}
	trace_ims_cookie(vector, mode);
	ims_event_vector(vector, event);
	return 0;
}

/* Takes effect at the next allocation of each vector without a cookie of its own. */
void ims_cookie_set_default(struct ims_vdev *vdev, u64 cookie)
{
	struct ims_vector *vector;
	u32 i;

	lockdep_assert_held(&vdev->lock);

	vdev->default_cookie = cookie;
	ims_event_device(vdev, IMS_EVENT_CHANGE);
	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1)
		if (!vector->cookie_own && !ims_vector_emulated(vector))
			ims_event_vector(vector, IMS_EVENT_CHANGE);
}

static int ims_cookie_call(struct vfio_pci_ims *ims, u32 index, bool own,
			   u64 cookie, enum vfio_pci_ims_cookie_mode mode)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);
	int ret = -EINVAL;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	if (ims_vdev_has(vdev, index, 1))
		ret = ims_cookie_set(vdev, index, own, cookie, mode);
	ims_vdev_leave(vdev);
	return ret;
}

/**
 * vfio_pci_ims_set_cookie - give a vector a cookie of its own
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 * @cookie: the cookie
 * @mode: when it takes effect on a live vector
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL for an emulated vector or one beyond those declared;
 * -ENOMEM; -ENODEV when the device is not open or its parent is gone; with
 * %VFIO_PCI_IMS_COOKIE_NOW also what ims_set_cookie(), ims_alloc_irqs() and
 * request_irq() return. On error nothing has changed.
 */
int vfio_pci_ims_set_cookie(struct vfio_pci_ims *ims, u32 vector, u64 cookie,
			    enum vfio_pci_ims_cookie_mode mode)
{
	return ims_cookie_call(ims, vector, true, cookie, mode);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_cookie);

/**
 * vfio_pci_ims_clear_cookie - let a vector have the default cookie again
 * @ims: the virtual device's interrupts
 * @vector: number of the vector
 * @mode: when it takes effect on a live vector
 *
 * Context: process context, may sleep.
 *
 * Return: as vfio_pci_ims_set_cookie().
 */
int vfio_pci_ims_clear_cookie(struct vfio_pci_ims *ims, u32 vector,
			      enum vfio_pci_ims_cookie_mode mode)
{
	return ims_cookie_call(ims, vector, false, 0, mode);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_clear_cookie);

/**
 * vfio_pci_ims_set_default_cookie - change the cookie of vectors without own
 * @ims: the virtual device's interrupts
 * @cookie: the cookie
 *
 * Takes effect at a vector's next allocation, as %VFIO_PCI_IMS_COOKIE_NEXT.
 *
 * Context: process context, may sleep.
 *
 * Return: 0, or -ENODEV when the device is not open or its parent is gone.
 */
int vfio_pci_ims_set_default_cookie(struct vfio_pci_ims *ims, u64 cookie)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	ims_cookie_set_default(vdev, cookie);
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_set_default_cookie);
