// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unplug request: the eventfd of VFIO_PCI_REQ_IRQ_INDEX, by which a driver
 * asks the process that holds a virtual device to let go of it.
 */
#include <linux/err.h>
#include <linux/export.h>

#include "vector.h"

/* Bind @fd, or with -1 none. -EBADF or -EINVAL: nothing changed. */
int ims_request_set(struct ims_vdev *vdev, s32 fd)
{
	struct eventfd_ctx *eventfd = NULL;

	lockdep_assert_held(&vdev->lock);

	if (fd != -1) {
		eventfd = eventfd_ctx_fdget(fd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	if (vdev->request)
		eventfd_ctx_put(vdev->request);
	vdev->request = eventfd;
	return 0;
}

/* False when no eventfd is bound. */
bool ims_request_signal(struct ims_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);

	if (vdev->request)
		eventfd_signal(vdev->request);
	return vdev->request;
}

/**
 * vfio_pci_ims_request - the .request callback of struct vfio_device_ops
 * @ims: the virtual device's interrupts; may be closed
 * @count: how often VFIO has asked before
 *
 * Signals the user's request eventfd. Says so in the log when there is none,
 * but not at each repetition: the removal waits for that user.
 *
 * Context: process context, may sleep.
 */
void vfio_pci_ims_request(struct vfio_pci_ims *ims, unsigned int count)
{
	struct ims_vdev *vdev = ims_vdev_get(ims);

	if (!vdev)
		return;

	ims_vdev_lock(vdev);
	if (!vdev->closed && !ims_request_signal(vdev) && !count)
		dev_notice(vdev->dev, "no device request channel registered, blocked until released by user\n");
	ims_vdev_unlock(vdev);

	ims_vdev_put(vdev);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_request);
