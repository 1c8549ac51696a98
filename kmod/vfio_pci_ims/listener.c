// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling the control plane what happens. The engine does not know who listens.
 */
#include "engine.h"

static bool ims_nobody_wanted(void)
{
	return false;
}

static void ims_nobody_device(struct ims_vdev *vdev, enum ims_event event)
{
}

static void ims_nobody_vector(struct ims_vector *vector, enum ims_event event)
{
}

static void ims_nobody_alert(struct ims_vdev *vdev, u32 index,
			     enum ims_alert_kind kind, int error, u64 rate)
{
}

static void ims_nobody_flush(struct ims_vdev *vdev)
{
}

static const struct ims_listener ims_nobody = {
	.wanted	= ims_nobody_wanted,
	.device	= ims_nobody_device,
	.vector	= ims_nobody_vector,
	.alert	= ims_nobody_alert,
	.flush	= ims_nobody_flush,
};

/* Set and taken back while no device is open. */
static const struct ims_listener *ims_listener = &ims_nobody;

/* @listener: NULL: nobody, any more */
void ims_listen(const struct ims_listener *listener)
{
	ims_listener = listener ?: &ims_nobody;
}

/* Would anybody hear of what happens now? Called without locks. */
bool ims_events_wanted(void)
{
	return ims_listener->wanted();
}

/*
 * Of a device that is closed nothing is told: its end has been, and stands for
 * all that follows.
 */
void ims_event_device(struct ims_vdev *vdev, enum ims_event event)
{
	lockdep_assert_held(&vdev->lock);

	if (vdev->closed)
		return;
	/* What was told of its vectors goes first. */
	ims_listener->flush(vdev);
	mutex_lock(&vdev->telling);
	vdev->announced = event != IMS_EVENT_DELETE;
	ims_listener->device(vdev, event);
	mutex_unlock(&vdev->telling);
}

/*
 * A figure of @vdev has changed: live, held or emulated vectors, slots, entries,
 * requests that failed. Guests decide how often that happens: listeners are told
 * once a second at most. What changes while the work runs queues it again, so that
 * the last change is told. With vdev->lock held, or where @vdev has a client.
 */
void ims_vdev_tell_later(struct ims_vdev *vdev)
{
	if (!READ_ONCE(vdev->closed))
		queue_delayed_work(system_unbound_wq, &vdev->figures_tell, HZ);
}

/* Without vdev->lock, which is held for as long as the hardware takes. */
void ims_vdev_tell(struct work_struct *work)
{
	struct ims_vdev *vdev = container_of(to_delayed_work(work),
					     struct ims_vdev, figures_tell);

	mutex_lock(&vdev->telling);
	if (vdev->announced)
		ims_listener->device(vdev, IMS_EVENT_CHANGE);
	mutex_unlock(&vdev->telling);
}

void ims_event_vector(struct ims_vector *vector, enum ims_event event)
{
	lockdep_assert_held(&vector->vdev->lock);

	if (!vector->vdev->closed)
		ims_listener->vector(vector, event);
}

void ims_event_alert(struct ims_vdev *vdev, u32 index,
		     enum ims_alert_kind kind, int error, u64 rate)
{
	lockdep_assert_held(&vdev->lock);

	if (!vdev->closed)
		ims_listener->alert(vdev, index, kind, error, rate);
}

void ims_events_flush(struct ims_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);

	ims_listener->flush(vdev);
}
