// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO's indexes of one eventfd each: REQ, by which a driver asks the process
 * that holds a virtual device to let go of it, and ERR, by which it is told that
 * the hardware has reported an error.
 */
#include <linux/err.h>
#include <linux/export.h>

#include "engine.h"

/* Bind @fd, or with -1 none. -EBADF or -EINVAL: nothing changed. */
int ims_channel_set(struct eventfd_ctx **channel, s32 fd)
{
	struct eventfd_ctx *eventfd = NULL;

	if (fd != -1) {
		eventfd = eventfd_ctx_fdget(fd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	if (*channel)
		eventfd_ctx_put(*channel);
	*channel = eventfd;
	return 0;
}

/* False when no eventfd is bound. */
bool ims_channel_signal(struct eventfd_ctx *channel)
{
	if (channel)
		ims_compat_eventfd_signal(channel);
	return channel;
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
	if (!vdev->closed && !ims_channel_signal(vdev->request) && !count)
		dev_notice(vdev->dev, "no device request channel registered, blocked until released by user\n");
	ims_vdev_unlock(vdev);

	ims_vdev_put(vdev);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_request);

/**
 * vfio_pci_ims_error - the virtual device has an error that it cannot recover from
 * @ims: the virtual device's interrupts; may be closed
 *
 * Signals the user's error eventfd (VFIO's ERR index), if there is one. QEMU
 * stops the guest then. Errors of the parent reach all its virtual devices by
 * ims_store_error().
 *
 * Context: process context, may sleep.
 */
void vfio_pci_ims_error(struct vfio_pci_ims *ims)
{
	struct ims_vdev *vdev = ims_vdev_get(ims);

	if (!vdev)
		return;
	ims_vdev_lock(vdev);
	ims_channel_signal(vdev->error);
	ims_vdev_unlock(vdev);
	ims_vdev_put(vdev);
}
EXPORT_SYMBOL_GPL(vfio_pci_ims_error);
