// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual device's interrupts from open to close, and how the control plane
 * finds them.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "vector.h"

/*
 * Every open device, by id, 1 to INT_MAX: one more is a number, too. Ids go up
 * and are not used again before they have all been used. ims_vdevs_lock
 * serialises open and close, and keeps what a look-up finds until it has its
 * reference. It may be taken with a vdev->lock held; no other lock is taken
 * under it.
 */
static DEFINE_MUTEX(ims_vdevs_lock);
static DEFINE_XARRAY_ALLOC1(ims_vdevs);
static u32 ims_vdevs_next_id;

/* Changes when a device or a vector comes or goes: dumps tell by it. */
static atomic_t ims_vdevs_gen = ATOMIC_INIT(1);

u32 ims_vdevs_generation(void)
{
	return (u32)atomic_read(&ims_vdevs_gen) ?: 1;
}

void ims_vdevs_changed(void)
{
	atomic_inc(&ims_vdevs_gen);
}

/*
 * After the last reader: nothing is live, and client and device were put when
 * it was closed. What is left is memory, freed in softirq context.
 */
static void ims_vdev_free_cb(struct rcu_head *rcu)
{
	struct ims_vdev *vdev = container_of(rcu, struct ims_vdev, rcu);
	u32 i;

	for (i = 0; i < vdev->num_vectors; i++)
		ims_vector_free(rcu_dereference_protected(vdev->vectors[i],
							  true));
	kfree(vdev->name);
	mutex_destroy(&vdev->lock);
	kvfree(vdev);
}

static void ims_vdev_release(struct kref *ref)
{
	struct ims_vdev *vdev = container_of(ref, struct ims_vdev, ref);

	call_rcu(&vdev->rcu, ims_vdev_free_cb);
}

void ims_vdev_put(struct ims_vdev *vdev)
{
	kref_put(&vdev->ref, ims_vdev_release);
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

/* Before the lock goes: in the order in which things happened. */
void ims_vdev_unlock(struct ims_vdev *vdev)
{
	ims_events_send(vdev);
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

void ims_vdev_leave(struct ims_vdev *vdev)
{
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}

/* The parent goes away: let go of its interrupts, keep contexts and counts. */
static void ims_vdev_gone(void *priv)
{
	struct ims_vdev *vdev = priv;

	ims_vdev_lock(vdev);
	ims_block_disable(vdev);
	vdev->gone = true;
	/* Not announced yet, and perhaps without vdev->client: init will tell. */
	if (vdev->id)
		ims_event_device(vdev, IMS_EVENT_CHANGE);
	ims_vdev_unlock(vdev);
}

static const struct ims_client_ops ims_vdev_client_ops = {
	.gone = ims_vdev_gone,
};

static struct ims_vdev *ims_vdev_alloc(const struct vfio_pci_ims_params *params)
{
	struct ims_vdev *vdev;

	vdev = kvzalloc(struct_size(vdev, vectors, params->num_vectors),
			GFP_KERNEL_ACCOUNT);
	if (!vdev)
		return NULL;

	vdev->name = kstrdup(dev_name(params->dev), GFP_KERNEL_ACCOUNT);
	if (!vdev->name) {
		kvfree(vdev);
		return NULL;
	}

	kref_init(&vdev->ref);
	mutex_init(&vdev->lock);
	vdev->dev = get_device(params->dev);
	vdev->store = params->store;
	vdev->num_vectors = params->num_vectors;
	vdev->default_cookie = params->default_cookie;
	vdev->generation = 1;
	vdev->owner = task_tgid_nr(current);
	get_task_comm(vdev->comm, current->group_leader);
	return vdev;
}

/**
 * vfio_pci_ims_init - open: make a virtual device's vectors ready for use
 * @ims: handle in the driver's device
 * @params: what it is made of
 *
 * The process that calls is shown to operators as the device's owner.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EBUSY when @ims is open already; -EINVAL for a number of vectors
 * out of range or limits that contradict each other; -ENOSPC when the
 * reservation cannot be guaranteed; -ENODEV when the parent is gone; -ENOMEM.
 */
int vfio_pci_ims_init(struct vfio_pci_ims *ims,
		      const struct vfio_pci_ims_params *params)
{
	struct ims_client *client;
	struct ims_vdev *vdev;
	int ret;

	if (!params->num_vectors ||
	    params->num_vectors > VFIO_PCI_IMS_MAX_VECTORS)
		return -EINVAL;

	/* Looked at again below; here so that no other error comes first. */
	if (rcu_access_pointer(ims->vdev))
		return -EBUSY;

	vdev = ims_vdev_alloc(params);
	if (!vdev)
		return -ENOMEM;

	/* It may wait for a store that ends: not under ims_vdevs_lock. */
	client = ims_client_create(params->store, &ims_vdev_client_ops, vdev,
				   params->limit, params->reservation);
	if (IS_ERR(client)) {
		ret = PTR_ERR(client);
		goto err_put;
	}
	vdev->client = client;

	/* Who finds it waits until it has been announced. */
	ims_vdev_lock(vdev);
	mutex_lock(&ims_vdevs_lock);
	ret = -EBUSY;
	if (!rcu_access_pointer(ims->vdev))
		ret = xa_alloc_cyclic(&ims_vdevs, &vdev->id, vdev,
				      XA_LIMIT(1, INT_MAX), &ims_vdevs_next_id,
				      GFP_KERNEL);
	if (ret >= 0) {
		rcu_assign_pointer(ims->vdev, vdev);
		ims_vdevs_changed();
	}
	mutex_unlock(&ims_vdevs_lock);
	if (ret >= 0)
		ims_event_device(vdev, IMS_EVENT_CREATE);
	ims_vdev_unlock(vdev);
	if (ret >= 0) {
		ims_storms_watch();
		return 0;
	}

	ims_client_destroy(client);
err_put:
	put_device(vdev->dev);
	ims_vdev_put(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_init);

/**
 * vfio_pci_ims_free - close: end a virtual device's vectors
 * @ims: handle; in any state, also never opened
 *
 * Disables what is live. Contexts, cookies, declarations and counts go.
 *
 * Context: process context, may sleep.
 */
void vfio_pci_ims_free(struct vfio_pci_ims *ims)
{
	struct ims_client *client;
	struct ims_vdev *vdev;

	mutex_lock(&ims_vdevs_lock);
	vdev = rcu_replace_pointer(ims->vdev, NULL,
				   lockdep_is_held(&ims_vdevs_lock));
	if (vdev) {
		xa_erase(&ims_vdevs, vdev->id);
		ims_vdevs_changed();
	}
	mutex_unlock(&ims_vdevs_lock);
	if (!vdev)
		return;

	ims_vdev_lock(vdev);
	/* As it was to the end; it stands for all that its vectors go through. */
	ims_event_device(vdev, IMS_EVENT_DELETE);
	vdev->closed = true;
	ims_block_disable(vdev);
	ims_request_set(vdev, -1);
	client = vdev->client;
	vdev->client = NULL;
	ims_vdev_unlock(vdev);

	/*
	 * Not under vdev->lock, which gone() takes: until this returns gone()
	 * may run, and finds nothing live.
	 */
	ims_client_destroy(client);
	/* Who still holds @vdev, a netlink reader, must not pin the device. */
	put_device(vdev->dev);
	ims_vdev_put(vdev);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_free);

/**
 * vfio_pci_ims_hwirq - the slot behind a vector
 * @ims: the virtual device's interrupts; may be closed
 * @vector: number of the vector
 *
 * The guest uses it as interrupt handle. It changes when the vector's slot is
 * reallocated (a cookie that took effect).
 *
 * Context: any, interrupt context included.
 *
 * Return: the slot, 0-based; -ENOENT when the vector has none now, as an idle
 * or an emulated one; -EINVAL beyond the declared vectors; -ENODEV when the
 * device is not open.
 */
int vfio_pci_ims_hwirq(struct vfio_pci_ims *ims, u32 vector)
{
	struct ims_vdev *vdev;
	struct ims_vector *v;
	struct ims_line *line;
	int ret = -ENOENT;

	rcu_read_lock();
	vdev = rcu_dereference(ims->vdev);
	if (!vdev) {
		ret = -ENODEV;
	} else if (vector >= vdev->num_vectors) {
		ret = -EINVAL;
	} else {
		v = rcu_dereference(vdev->vectors[vector]);
		line = v ? rcu_dereference(v->line) : NULL;
		if (line)
			ret = line->irq.slot;
	}
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_hwirq);
