// SPDX-License-Identifier: GPL-2.0-only
/*
 * All open devices: found by id or name by the control plane, and by the handle
 * by their drivers.
 */
#include <linux/err.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "engine.h"

/*
 * Every open device, by id, 1 to INT_MAX. Ids go up and are not used again before
 * they have all been used. ims_vdevs_lock serialises open and close, and keeps
 * what a look-up finds until it has its reference. It may be taken with a
 * vdev->lock held; no other lock is taken under it.
 */
static DEFINE_MUTEX(ims_vdevs_lock);
static DEFINE_XARRAY_ALLOC1(ims_vdevs);
static u32 ims_vdevs_next_id;

/* Changes when a device or a vector comes or goes: dumps tell by it. */
static atomic_t ims_vdevs_gen = ATOMIC_INIT(1);

/* As ims_vdev_generation(), of all devices and vectors. */
u32 ims_vdevs_generation(void)
{
	u32 generation;

	smp_rmb();
	generation = (u32)atomic_read(&ims_vdevs_gen);
	smp_rmb();
	return generation ?: 1;
}

/* After what has come or gone, and ahead of what comes or goes next. */
void ims_vdevs_changed(void)
{
	smp_mb__before_atomic();
	atomic_inc(&ims_vdevs_gen);
}

static void ims_vdev_release(struct kref *ref)
{
	ims_vdev_free(container_of(ref, struct ims_vdev, ref));
}

/* Process context, may sleep: there may be thousands of contexts to be freed. */
void ims_vdev_put(struct ims_vdev *vdev)
{
	might_sleep();
	kref_put(&vdev->ref, ims_vdev_release);
}

/* Give @vdev its id, and its handle to find it by: 0, -EBUSY or -ENOMEM. */
int ims_vdev_publish(struct ims_vdev *vdev)
{
	int ret = -EBUSY;

	mutex_lock(&ims_vdevs_lock);
	if (!rcu_access_pointer(vdev->handle->vdev))
		ret = xa_alloc_cyclic(&ims_vdevs, &vdev->id, vdev,
				      XA_LIMIT(1, INT_MAX), &ims_vdevs_next_id,
				      GFP_KERNEL);
	/* 1: ids begin anew */
	if (ret >= 0) {
		rcu_assign_pointer(vdev->handle->vdev, vdev);
		ims_vdevs_changed();
	}
	mutex_unlock(&ims_vdevs_lock);
	return min(ret, 0);
}

/* It is not found by id or name any more. */
void ims_vdev_unpublish(struct ims_vdev *vdev)
{
	mutex_lock(&ims_vdevs_lock);
	xa_erase(&ims_vdevs, vdev->id);
	ims_vdevs_changed();
	mutex_unlock(&ims_vdevs_lock);
}

/*
 * Take what is behind a driver's handle, with its reference, if it is the one
 * that was opened as @id; else NULL.
 */
struct ims_vdev *ims_vdev_withdraw(struct vfio_pci_ims *ims, u32 id)
{
	struct ims_vdev *vdev;

	mutex_lock(&ims_vdevs_lock);
	vdev = rcu_dereference_protected(ims->vdev,
					 lockdep_is_held(&ims_vdevs_lock));
	if (vdev && vdev->id == id)
		RCU_INIT_POINTER(ims->vdev, NULL);
	else
		vdev = NULL;
	mutex_unlock(&ims_vdevs_lock);
	return vdev;
}

/* What is behind a driver's handle; NULL when it is closed. */
struct ims_vdev *ims_vdev_get(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (vdev && !kref_get_unless_zero(&vdev->ref))
		vdev = NULL;
	rcu_read_unlock();
	return vdev;
}

struct ims_vdev *ims_vdev_get_id(u32 id)
{
	struct ims_vdev *vdev;

	mutex_lock(&ims_vdevs_lock);
	vdev = xa_load(&ims_vdevs, id);
	if (vdev)
		kref_get(&vdev->ref);
	mutex_unlock(&ims_vdevs_lock);
	return vdev;
}

struct ims_vdev *ims_vdev_get_name(const char *name)
{
	struct ims_vdev *vdev;
	unsigned long id;

	mutex_lock(&ims_vdevs_lock);
	xa_for_each(&ims_vdevs, id, vdev) {
		if (!strcmp(vdev->name, name)) {
			kref_get(&vdev->ref);
			break;
		}
	}
	mutex_unlock(&ims_vdevs_lock);
	return vdev;
}

/* Is any device open? */
bool ims_vdevs_any(void)
{
	return !xa_empty(&ims_vdevs);
}

/* The first device whose id is @id or above, or NULL. */
struct ims_vdev *ims_vdev_get_next(u32 id)
{
	unsigned long index = id;
	struct ims_vdev *vdev;

	mutex_lock(&ims_vdevs_lock);
	vdev = xa_find(&ims_vdevs, &index, U32_MAX, XA_PRESENT);
	if (vdev)
		kref_get(&vdev->ref);
	mutex_unlock(&ims_vdevs_lock);
	return vdev;
}

void ims_vdev_lock(struct ims_vdev *vdev)
{
	mutex_lock(&vdev->lock);
}

/* For a process that may be told to end meanwhile: 0 or -EINTR. */
int ims_vdev_lock_interruptible(struct ims_vdev *vdev)
{
	return mutex_lock_interruptible(&vdev->lock);
}

bool ims_vdev_trylock(struct ims_vdev *vdev)
{
	return mutex_trylock(&vdev->lock);
}

/* Events go out before the lock goes: in the order in which things happened. */
void ims_vdev_unlock(struct ims_vdev *vdev)
{
	ims_events_flush(vdev);
	mutex_unlock(&vdev->lock);
}

/* With vdev->lock held: 0, or -ENODEV when nothing can be configured any more. */
int ims_vdev_usable(struct ims_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);

	return vdev->closed || vdev->gone ? -ENODEV : 0;
}

/*
 * Begin to configure what is behind a driver's handle: with vdev->lock held and
 * a reference, until ims_vdev_leave(). ERR_PTR(-ENODEV) when it is not open or
 * its parent is gone.
 */
struct ims_vdev *ims_vdev_enter(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev = ims_vdev_get(ims);

	if (!vdev)
		return ERR_PTR(-ENODEV);

	ims_vdev_lock(vdev);
	if (ims_vdev_usable(vdev)) {
		ims_vdev_leave(vdev);
		return ERR_PTR(-ENODEV);
	}
	return vdev;
}

/* The same for a range of vectors: ERR_PTR(-EINVAL) when it does not have them. */
struct ims_vdev *ims_vdev_enter_range(struct vfio_pci_ims *ims, u32 start,
				      u32 count)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);

	if (!IS_ERR(vdev) && !ims_vdev_has(vdev, start, count)) {
		ims_vdev_leave(vdev);
		return ERR_PTR(-EINVAL);
	}
	return vdev;
}

void ims_vdev_leave(struct ims_vdev *vdev)
{
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}
