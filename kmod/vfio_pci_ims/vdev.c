// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual device's interrupts from open to close.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "engine.h"
#include "trace.h"

/* Of a driver that wants to be told nothing. */
static const struct vfio_pci_ims_ops ims_no_ops;

/*
 * Nobody has a reference: nothing is bound, and client and device were put when it
 * was closed. What is left is memory. The any-context calls through the handle,
 * which they do not find @vdev by any more, may still look at it and its vectors.
 */
void ims_vdev_free(struct ims_vdev *vdev)
{
	u32 i;

	for (i = 0; i < vdev->num_vectors; i++) {
		ims_vector_free(rcu_dereference_protected(vdev->vectors[i],
							  true));
		cond_resched();
	}
	kfree(vdev->affinity);
	kfree(vdev->name);
	kfree(vdev->parent);
	mutex_destroy(&vdev->telling);
	mutex_destroy(&vdev->figures);
	mutex_destroy(&vdev->lock);
	kvfree_rcu(vdev, rcu);
}

/* Remember why a request failed, and tell listeners. Returns @error. */
int ims_vdev_refuse(struct ims_vdev *vdev, const struct ims_failure *failure,
		    int error)
{
	struct ims_vector *vector = NULL;

	lockdep_assert_held(&vdev->lock);

	if (failure->vector != VFIO_PCI_IMS_DEFAULT_COOKIE)
		vector = ims_vector_get(vdev, failure->vector);

	mutex_lock(&vdev->figures);
	vdev->refused = (struct ims_refusals) {
		.count = vdev->refused.count + 1,
		.vector = failure->vector,
		.error = error,
		.kind = failure->kind,
		.last = ktime_get_ns(),
	};
	mutex_unlock(&vdev->figures);
	ims_vdev_tell_later(vdev);
	if (vector)
		ims_count(&vector->failed);
	if (failure->kind != IMS_NOTHING_RAN_OUT)
		ims_event_alert(vdev, failure->vector, failure->kind, error, 0);
	dev_dbg(vdev->dev, "vector %u: %pe\n", failure->vector, ERR_PTR(error));
	trace_ims_refused(vdev, failure->vector, error);
	return error;
}

/* The parent goes away: let go of its interrupts, keep contexts and counts. */
static void ims_vdev_gone(void *priv)
{
	struct ims_vdev *vdev = priv;

	ims_vdev_lock(vdev);
	ims_vectors_disable(vdev, true, VFIO_PCI_IMS_GONE);
	WRITE_ONCE(vdev->gone, true);
	/* Not announced yet, and perhaps without vdev->client: init will tell. */
	if (vdev->id)
		ims_event_device(vdev, IMS_EVENT_CHANGE);
	ims_vdev_unlock(vdev);
}

static void ims_vdev_error(void *priv)
{
	struct ims_vdev *vdev = priv;

	ims_vdev_lock(vdev);
	ims_channel_signal(vdev->error);
	ims_vdev_unlock(vdev);
}

static void ims_vdev_share_changed(void *priv)
{
	ims_vdev_tell_later(priv);
}

static const struct ims_client_ops ims_vdev_client_ops = {
	.gone		= ims_vdev_gone,
	.error		= ims_vdev_error,
	.changed	= ims_vdev_share_changed,
};

/* Nothing queues them any more: no vector has an eventfd. */
static void ims_vdev_stop_limits(struct ims_vdev *vdev)
{
	struct ims_vector *vector;
	u32 i;

	for (i = 0; i < vdev->num_vectors; i++) {
		/* It is closed, and so nobody makes contexts. */
		vector = rcu_dereference_protected(vdev->vectors[i], true);
		if (vector)
			ims_limit_stop(vector);
		cond_resched();
	}
}

/* Nobody finds it any more. Disables what is live and gives everything back. */
static void ims_vdev_close(struct ims_vdev *vdev)
{
	struct ims_client *client;

	ims_vdev_unpublish(vdev);

	ims_vdev_lock(vdev);
	/* As it was to the end; it stands for all that its vectors go through. */
	ims_event_device(vdev, IMS_EVENT_DELETE);
	WRITE_ONCE(vdev->closed, true);
	ims_vectors_disable(vdev, true, VFIO_PCI_IMS_CLOSED);
	ims_channel_set(&vdev->request, -1);
	ims_channel_set(&vdev->error, -1);
	/* A reader that looks at it has done so when this is over. */
	mutex_lock(&vdev->figures);
	client = vdev->client;
	vdev->client = NULL;
	mutex_unlock(&vdev->figures);
	ims_vdev_unlock(vdev);

	/* No vector is a producer any more, which would queue it. It takes vdev->lock. */
	cancel_delayed_work_sync(&vdev->bypass_tell);
	ims_vdev_stop_limits(vdev);
	/*
	 * Not under vdev->lock, which gone() takes: until this returns gone()
	 * may run, and finds nothing live.
	 */
	ims_client_destroy(client);
	/* Nor is it queued again: there is no client, and @vdev is closed. */
	cancel_delayed_work_sync(&vdev->figures_tell);
	module_put(vdev->owner);
	/* Who still holds @vdev, a netlink reader, must not pin the device. */
	put_device(vdev->dev);
}

/*
 * The binding of the virtual device to its driver ends, and it is still open. The
 * driver has perhaps freed its handle, which is not touched any more: the handle's
 * reference stays, should vfio_pci_ims_free() come after all.
 */
static void ims_vdev_abandon(void *data)
{
	struct ims_vdev *vdev = data;

	dev_warn(vdev->dev, "%s did not end the interrupts of its device: vfio_pci_ims_free() is missing in its close_device()\n",
		 dev_driver_string(vdev->dev));

	ims_vdev_lock(vdev);
	vdev->ops = &ims_no_ops;
	vdev->abandoned = true;
	ims_vdev_unlock(vdev);
	ims_vdev_close(vdev);
}

/* A mediated device's name is its UUID (drivers/vfio/mdev/mdev_core.c). */
static bool ims_device_is_mdev(const struct device *dev)
{
	return dev->bus && !strcmp(dev->bus->name, "mdev");
}

static struct ims_vdev *ims_vdev_alloc(const struct vfio_pci_ims_params *params)
{
	struct ims_vdev *vdev;

	vdev = kvzalloc(struct_size(vdev, vectors, params->num_vectors),
			GFP_KERNEL_ACCOUNT);
	if (!vdev)
		return NULL;

	vdev->name = kstrdup(dev_name(params->dev), GFP_KERNEL_ACCOUNT);
	vdev->parent = kstrdup(pci_name(ims_store_pci_dev(params->store)),
			       GFP_KERNEL_ACCOUNT);
	if (params->affinity)
		vdev->affinity = ims_affinity_alloc(params->affinity);
	if (!vdev->name || !vdev->parent ||
	    (params->affinity && !vdev->affinity)) {
		kfree(vdev->affinity);
		kfree(vdev->name);
		kfree(vdev->parent);
		kvfree(vdev);
		return NULL;
	}

	kref_init(&vdev->ref);
	mutex_init(&vdev->lock);
	mutex_init(&vdev->figures);
	mutex_init(&vdev->telling);
	vdev->ops = params->ops ?: &ims_no_ops;
	vdev->dev = get_device(params->dev);
	vdev->is_mdev = ims_device_is_mdev(params->dev);
	vdev->store = params->store;
	vdev->store_id = ims_store_id(params->store);
	vdev->num_vectors = params->num_vectors;
	vdev->initial.default_cookie = params->default_cookie;
	vdev->initial.on_hold = params->on_hold;
	vdev->default_cookie = params->default_cookie;
	vdev->on_hold = params->on_hold;
	vdev->generation = 1;
	vdev->refused.kind = IMS_NOTHING_RAN_OUT;
	vdev->bypass = READ_ONCE(ims_bypass_default);
	INIT_DELAYED_WORK(&vdev->bypass_tell, ims_bypass_tell);
	INIT_DELAYED_WORK(&vdev->figures_tell, ims_vdev_tell);
	vdev->pid = task_tgid_nr(current);
	get_task_comm(vdev->comm, current->group_leader);
	return vdev;
}

/* Take a share of the store: 0 or a negative errno. */
static int ims_vdev_join(struct ims_vdev *vdev,
			 const struct vfio_pci_ims_params *params)
{
	struct ims_client_params share = {
		.ops = &ims_vdev_client_ops,
		.priv = vdev,
		/* One more: a slot that is replaced goes when the new one is there. */
		.max = params->num_vectors + 1,
		.limit = min(params->limit, params->num_vectors + 1),
		.reservation = params->reservation,
		.first_slot = params->first_slot,
		.nr_slots = params->nr_slots,
	};
	struct ims_client *client;
	int ret;

	ret = ims_store_check_cookie(params->store, params->default_cookie);
	if (ret)
		return ret;
	/* May wait for a store that ends. */
	client = ims_client_create(params->store, &share);
	if (IS_ERR(client))
		return PTR_ERR(client);
	vdev->client = client;
	return 0;
}

/**
 * __vfio_pci_ims_init - open: make a virtual device's vectors ready for use
 * @ims: handle in the driver's device
 * @params: what it is made of
 * @owner: the driver's module, which vfio_pci_ims_init() fills in
 *
 * The process that calls is shown to operators as the device's owner. The driver's
 * module cannot be unloaded before vfio_pci_ims_free(), and a driver that is
 * unbound from @params->dev without having called it is warned of in the log.
 *
 * Context: process context, may sleep.
 *
 * Return: the number of this open, 1 to INT_MAX, which vfio_pci_ims_free() takes.
 * (It is the id that netlink shows.) -EBUSY when @ims is open already; -EINVAL for
 * a number of vectors out of range, a window that is not within the store, limits
 * that contradict each other, or an affinity without a CPU that is online; -ERANGE
 * for a default cookie that the hardware cannot hold; -ENOSPC when the reservation
 * cannot be guaranteed; -ENODEV when the parent is gone; -ENOMEM.
 */
int __vfio_pci_ims_init(struct vfio_pci_ims *ims,
			const struct vfio_pci_ims_params *params,
			struct module *owner)
{
	struct ims_vdev *vdev;
	int ret;

	if (!params->num_vectors ||
	    params->num_vectors > VFIO_PCI_IMS_MAX_VECTORS)
		return -EINVAL;
	if (params->affinity &&
	    !cpumask_intersects(params->affinity, cpu_online_mask))
		return -EINVAL;

	/* Looked at again below; here so that no other error comes first. */
	if (rcu_access_pointer(ims->vdev))
		return -EBUSY;

	vdev = ims_vdev_alloc(params);
	if (!vdev)
		return -ENOMEM;
	vdev->handle = ims;
	vdev->owner = owner;
	ret = -ENODEV;
	if (!try_module_get(owner))
		goto err_put;
	ret = ims_vdev_join(vdev, params);
	if (ret)
		goto err_module;
	ret = devm_add_action(vdev->dev, ims_vdev_abandon, vdev);
	if (ret)
		goto err_client;

	/* Who finds it and changes it waits until it has been announced. */
	ims_vdev_lock(vdev);
	ret = ims_vdev_publish(vdev);
	if (!ret)
		ims_event_device(vdev, IMS_EVENT_CREATE);
	ims_vdev_unlock(vdev);
	if (ret)
		goto err_action;

	ims_storms_watch();
	return vdev->id;

err_action:
	devm_remove_action(vdev->dev, ims_vdev_abandon, vdev);
err_client:
	ims_client_destroy(vdev->client);
err_module:
	module_put(owner);
err_put:
	put_device(vdev->dev);
	ims_vdev_put(vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(__vfio_pci_ims_init);

/**
 * vfio_pci_ims_free - close: end a virtual device's vectors
 * @ims: handle; in any state, also never opened
 * @id: what vfio_pci_ims_init() has returned. When that was an error, or another
 *	open of @ims has come since, nothing is done: who was refused cannot end
 *	somebody else's vectors
 *
 * Disables what is live. Contexts, cookies, declarations and counts go.
 *
 * Context: process context, may sleep.
 */
void vfio_pci_ims_free(struct vfio_pci_ims *ims, int id)
{
	struct ims_vdev *vdev;

	if (id <= 0)
		return;
	vdev = ims_vdev_withdraw(ims, id);
	if (!vdev)
		return;

	if (!vdev->abandoned) {
		devm_remove_action(vdev->dev, ims_vdev_abandon, vdev);
		ims_vdev_close(vdev);
	}
	ims_vdev_put(vdev);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_free);

/**
 * vfio_pci_ims_reset - make a virtual device's vectors as they are after open
 * @ims: the virtual device's interrupts
 *
 * Disables the index, releases what was prepared, ends revocations, forgets all
 * cookies whoever has set them and brings the default cookie and the hold of
 * vfio_pci_ims_init() back. Declarations, limits, affinities, the mode of bypass,
 * counts and the eventfds of VFIO's ERR and REQ indexes stay, and so does what an
 * administrator holds: a guest cannot end that. For VFIO_DEVICE_RESET.
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -ENODEV when the device is not open or its parent is gone, which
 * has disabled everything.
 */
int vfio_pci_ims_reset(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev = ims_vdev_enter(ims);
	struct ims_vector *vector;
	unsigned long flags;
	bool changed, tell;
	u32 i;

	if (IS_ERR(vdev))
		return PTR_ERR(vdev);

	ims_vectors_disable(vdev, true, VFIO_PCI_IMS_RESET);
	changed = vdev->default_cookie != vdev->initial.default_cookie ||
		  vdev->on_hold != vdev->initial.on_hold;
	WRITE_ONCE(vdev->default_cookie, vdev->initial.default_cookie);
	WRITE_ONCE(vdev->on_hold, vdev->initial.on_hold);
	if (changed)
		ims_event_device(vdev, IMS_EVENT_CHANGE);

	for (i = 0; (vector = ims_vector_next(vdev, i)); i = vector->index + 1) {
		tell = vector->cookie_own || vector->revoked ||
		       (changed && !ims_vector_emulated(vector));
		raw_spin_lock_irqsave(&vector->lock, flags);
		vector->cookie_own = false;
		vector->cookie = 0;
		raw_spin_unlock_irqrestore(&vector->lock, flags);
		WRITE_ONCE(vector->revoked, false);
		if (tell)
			ims_event_vector(vector, IMS_EVENT_CHANGE);
		cond_resched();
	}
	ims_vdev_leave(vdev);
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_reset);
