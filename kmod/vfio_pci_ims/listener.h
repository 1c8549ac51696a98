/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine tells of, and to whom. Included by engine.h.
 */
#ifndef _VFIO_PCI_IMS_LISTENER_H
#define _VFIO_PCI_IMS_LISTENER_H

/* listener.c */
enum ims_event {
	IMS_EVENT_CREATE,
	IMS_EVENT_DELETE,
	IMS_EVENT_CHANGE,
};

/**
 * struct ims_listener - who is told what happens to vectors: the control plane
 * @wanted: is there anybody whom it tells? For who would have to look for what he
 *	tells. Called in any context that may sleep, with or without vdev->lock
 * @device: @vdev was opened, changed, or is about to be closed, which stands for
 *	the end of its vectors
 * @vector: it got a context or changed
 * @alert: a vector did not get what it needs (@error), or has a storm (@rate, in
 *	interrupts a second)
 * @flush: vdev->lock is about to be released: what was told since it was taken
 *	can go out
 *
 * All but @wanted with vdev->lock held, and @device with vdev->telling, and perhaps
 * without vdev->lock; they may sleep. vdev->unsent is the listener's.
 */
struct ims_listener {
	bool (*wanted)(void);
	void (*device)(struct ims_vdev *vdev, enum ims_event event);
	void (*vector)(struct ims_vector *vector, enum ims_event event);
	void (*alert)(struct ims_vdev *vdev, u32 index,
		      enum ims_alert_kind kind, int error, u64 rate);
	void (*flush)(struct ims_vdev *vdev);
};

void ims_listen(const struct ims_listener *listener);
bool ims_events_wanted(void);
void ims_event_device(struct ims_vdev *vdev, enum ims_event event);
void ims_event_vector(struct ims_vector *vector, enum ims_event event);
void ims_event_alert(struct ims_vdev *vdev, u32 index,
		     enum ims_alert_kind kind, int error, u64 rate);
void ims_events_flush(struct ims_vdev *vdev);
void ims_vdev_tell_later(struct ims_vdev *vdev);
void ims_vdev_tell(struct work_struct *work);

#endif /* _VFIO_PCI_IMS_LISTENER_H */
