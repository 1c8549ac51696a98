// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual function from its making to its end. This is where vfio_pci_ims.ko is
 * used: its handle lives from open to close, and it is given everything that
 * has to do with interrupts.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "vfunc.h"

/* Cookie of function 0 */
#define IMS_VFUNC_COOKIE_BASE	0x100

static void ims_vfunc_stop(struct ims_vfunc *fn)
{
	if (fn->driver->stop)
		fn->driver->stop(fn);
}

/* Everything but the vectors, which are as after open, and what is stopped. */
static void ims_vfunc_clear(struct ims_vfunc *fn)
{
	u32 i;

	lockdep_assert_held(&fn->lock);

	ims_vfunc_config_reset(fn);
	for (i = 0; i < ims_vfunc_nr_msix(fn); i++) {
		memset(fn->msix[i], 0, sizeof(fn->msix[i]));
		fn->msix[i][3] = PCI_MSIX_ENTRY_CTRL_MASKBIT;
	}
	if (fn->driver->reset)
		fn->driver->reset(fn);
}

/**
 * ims_vfunc_reset - VFIO_DEVICE_RESET, or a function level reset
 * @fn: the function, open
 *
 * Return: 0; -ENODEV when the PCI device is gone; else what vfio_pci_ims_arm() says
 */
int ims_vfunc_reset(struct ims_vfunc *fn)
{
	int ret;

	mutex_lock(&fn->lock);
	ims_vfunc_windows_pause(fn);
	ims_vfunc_stop(fn);
	ret = vfio_pci_ims_reset(&fn->ims);
	ims_vfunc_clear(fn);
	if (!ret)
		ret = ims_vfunc_memory_reset(fn);
	ims_vfunc_windows_resume(fn);
	mutex_unlock(&fn->lock);
	return ret;
}

/**
 * ims_vfunc_default_cookie - the cookie of a function's vectors
 * @driver: its kind
 * @store: of the PCI device
 * @id: its number
 *
 * No two functions have the same. Cookies are not to look like ids, unless the
 * hardware's are so small; hardware without cookies takes 0 only.
 *
 * Return: the cookie
 */
u64 ims_vfunc_default_cookie(const struct ims_vfunc_driver *driver,
			     struct ims_store *store, unsigned int id)
{
	u32 last = driver->max_functions - 1;

	if (!ims_store_check_cookie(store, IMS_VFUNC_COOKIE_BASE + last))
		return IMS_VFUNC_COOKIE_BASE + id;
	if (!ims_store_check_cookie(store, 1))
		return 1 + id;
	return 0;
}

/**
 * ims_vfunc_params - what vfio_pci_ims_init() is to be called with
 * @fn: the function, open or not
 * @settings: what an administrator has chosen, in place of the driver's choice
 * @params: out
 */
void ims_vfunc_params(struct ims_vfunc *fn,
		      const struct ims_vfunc_settings *settings,
		      struct vfio_pci_ims_params *params)
{
	const struct ims_vfunc_driver *driver = fn->driver;
	struct ims_store *store = fn->parent->store;

	lockdep_assert_held(&fn->parent->lock);

	*params = (struct vfio_pci_ims_params) {
		.dev = fn->vdev.dev,
		.store = store,
		.ops = driver->ims_ops,
		.num_vectors = driver->num_vectors,
		.default_cookie = ims_vfunc_default_cookie(driver, store, fn->id),
		.on_hold = driver->uses_memory,
	};
	if (driver->params)
		driver->params(fn, params);
	ims_vfunc_settings_apply(settings, params);
}

/* With parent->lock held. */
static int ims_vfunc_ims_init(struct ims_vfunc *fn)
{
	struct vfio_pci_ims_params params;
	int ret;

	if (!fn->parent->store)
		return -ENODEV;

	ims_vfunc_params(fn, fn->settings, &params);
	fn->cookie = params.default_cookie;
	ret = __vfio_pci_ims_init(&fn->ims, &params, fn->driver->owner);
	if (ret < 0)
		dev_dbg(fn->vdev.dev,
			"open: no vectors: limit %u, reservation %u%s: %d\n",
			params.limit, params.reservation,
			params.affinity ? ", an affinity" : "", ret);
	return ret;
}

/* In the reverse order of ims_vfunc_open(): who uses the vectors goes first. */
static void ims_vfunc_close(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	ims_vfunc_stop(fn);
	vfio_pci_ims_free(&fn->ims, fn->ims_id);
	ims_vfunc_memory_close(fn);
	if (fn->driver->close)
		fn->driver->close(fn);
	ims_vfunc_windows_close(fn);
}

static int ims_vfunc_open(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	struct ims_vfunc_parent *parent = fn->parent;
	int ret;

	mutex_lock(&parent->lock);
	ret = ims_vfunc_ims_init(fn);
	mutex_unlock(&parent->lock);
	if (ret < 0)
		return ret;
	fn->ims_id = ret;

	ret = fn->driver->open ? fn->driver->open(fn) : 0;
	if (ret) {
		dev_dbg(vdev->dev, "open: the driver's open(): %d\n", ret);
		vfio_pci_ims_free(&fn->ims, fn->ims_id);
		return ret;
	}

	mutex_lock(&fn->lock);
	ims_vfunc_clear(fn);
	mutex_unlock(&fn->lock);
	ret = ims_vfunc_memory_open(fn);
	if (ret) {
		dev_dbg(vdev->dev, "open: attaching the user's memory: %d\n", ret);
		ims_vfunc_close(vdev);
	}
	return ret;
}

static void ims_vfunc_release(struct vfio_device *vdev)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);

	if (fn->ready) {
		if (fn->driver->release)
			fn->driver->release(fn);
		ims_vfunc_config_exit(fn);
		kvfree(fn->msix);
		ims_vfunc_windows_exit(fn);
		ims_vfunc_settings_exit(fn);
		mutex_destroy(&fn->lock);
	}
	ims_compat_vfio_free_device(vdev);
}

static void ims_vfunc_request(struct vfio_device *vdev, unsigned int count)
{
	vfio_pci_ims_request(&ims_vfunc_from_vdev(vdev)->ims, count);
}

static const struct vfio_device_ops ims_vfunc_vfio_ops = {
	.name		= KBUILD_MODNAME,
	.release	= ims_vfunc_release,
	.open_device	= ims_vfunc_open,
	.close_device	= ims_vfunc_close,
	.read		= ims_vfunc_read,
	.write		= ims_vfunc_write,
	.ioctl		= ims_vfunc_ioctl,
	.mmap		= ims_vfunc_mmap,
	.request	= ims_vfunc_request,
	.dma_unmap	= ims_vfunc_dma_unmap,
	IMS_COMPAT_VFIO_REGION_OPS(ims_vfunc_region_info)
	IMS_COMPAT_VFIO_IOMMUFD_OPS(ims_vfunc)
};

/* Undone by ims_vfunc_release() once fn->ready says so. */
static int ims_vfunc_init(struct ims_vfunc *fn)
{
	int ret;

	mutex_init(&fn->lock);
	ret = ims_vfunc_settings_init(fn);
	if (ret)
		goto err_lock;
	ret = ims_vfunc_windows_init(fn);
	if (ret)
		goto err_settings;
	ret = -ENOMEM;
	fn->msix = kvcalloc(ims_vfunc_nr_msix(fn), sizeof(*fn->msix),
			    GFP_KERNEL_ACCOUNT);
	if (!fn->msix)
		goto err_windows;
	ret = ims_vfunc_config_init(fn);
	if (ret)
		goto err_msix;
	ret = fn->driver->init ? fn->driver->init(fn) : 0;
	if (ret)
		goto err_config;
	fn->ready = true;
	return 0;

err_config:
	ims_vfunc_config_exit(fn);
err_msix:
	kvfree(fn->msix);
err_windows:
	ims_vfunc_windows_exit(fn);
err_settings:
	ims_vfunc_settings_exit(fn);
err_lock:
	mutex_destroy(&fn->lock);
	return ret;
}

static void ims_vfunc_forget(struct ims_vfunc *fn)
{
	mutex_lock(&fn->parent->lock);
	list_del(&fn->node);
	mutex_unlock(&fn->parent->lock);
}

/**
 * ims_vfunc_create - make a function of a device
 * @parent: of the function
 * @dev: becomes the function's; its driver is being bound
 * @id: number of the function, below max_functions, no other has it
 *
 * Context: process context, may sleep.
 *
 * Return: 0 or a negative errno
 */
int ims_vfunc_create(struct ims_vfunc_parent *parent, struct device *dev,
		     unsigned int id)
{
	struct vfio_device *vdev;
	struct ims_vfunc *fn;
	int ret;

	/* vfio_alloc_device() for a size that the compiler does not know. */
	vdev = _vfio_alloc_device(parent->driver->size, dev,
				  &ims_vfunc_vfio_ops);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	fn = ims_vfunc_from_vdev(vdev);
	fn->driver = parent->driver;
	fn->parent = parent;
	fn->data = parent->data;
	fn->id = id;

	ret = ims_vfunc_init(fn);
	if (ret)
		goto err_put;
	mutex_lock(&parent->lock);
	list_add_tail(&fn->node, &parent->fns);
	mutex_unlock(&parent->lock);

	ret = vfio_register_emulated_iommu_dev(vdev);
	if (ret)
		goto err_forget;
	dev_set_drvdata(dev, fn);
	return 0;

err_forget:
	ims_vfunc_forget(fn);
err_put:
	vfio_put_device(vdev);
	return ret;
}

/**
 * ims_vfunc_remove - counterpart of ims_vfunc_create()
 * @dev: the function's device
 *
 * Context: process context. Asks the user to close the function, and waits.
 *
 * Return: the function's number, which is free now
 */
unsigned int ims_vfunc_remove(struct device *dev)
{
	struct ims_vfunc *fn = dev_get_drvdata(dev);
	unsigned int id = fn->id;

	vfio_unregister_group_dev(&fn->vdev);
	ims_vfunc_forget(fn);
	vfio_put_device(&fn->vdev);
	return id;
}
