// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A virtual device's vectors, from its VFIO user's side.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "vfio.h"

int ims_vfio_fail(struct ims_vfio *vfio, int err, uint32_t first,
		  uint32_t count, const char *what)
{
	char object[IMS_OBJECT_SIZE];

	ims_object_text(object, vfio->name, first, count);
	return ims_fail_errno(vfio->ctx, err, object, what);
}

IMS_PUBLIC const char *ims_vfio_get_name(const struct ims_vfio *vfio)
{
	return vfio && !vfio->unnamed ? vfio->name : NULL;
}

IMS_PUBLIC int ims_vfio_get_fd(const struct ims_vfio *vfio)
{
	return vfio ? vfio->device : -EINVAL;
}

IMS_PUBLIC int ims_vfio_get_vectors(const struct ims_vfio *vfio,
				    uint32_t *count)
{
	if (!vfio || !count)
		return -EINVAL;

	*count = vfio->num_vectors;
	return 0;
}

IMS_PUBLIC int ims_vfio_get_irq_flags(const struct ims_vfio *vfio,
				      uint32_t *flags)
{
	if (!vfio || !flags)
		return -EINVAL;

	*flags = vfio->irq_flags;
	return 0;
}

/*
 * The kernel checks ranges, too, but all it says is EINVAL. An empty range is
 * refused because SET_IRQS without vectors means to disable the whole index.
 */
static int check_range(struct ims_vfio *vfio, uint32_t first, uint32_t count,
		       const char *what)
{
	uint64_t last = (uint64_t)first + count - 1;
	char object[IMS_OBJECT_SIZE];

	ims_object_text(object, vfio->name, first, count);
	if (!count)
		return ims_fail(vfio->ctx, -EINVAL, object, NULL,
				"%s: no vectors given", what);
	if (last >= vfio->num_vectors)
		return ims_fail(vfio->ctx, -EINVAL, object, NULL,
				"%s: vector %llu is beyond the %u declared",
				what, (unsigned long long)last,
				vfio->num_vectors);
	return 0;
}

/* One VFIO_DEVICE_SET_IRQS with @size bytes of @data behind the header. */
static int set_irqs(struct ims_vfio *vfio, uint32_t index, uint32_t flags,
		    uint32_t first, uint32_t count, const void *data,
		    size_t size)
{
	struct vfio_irq_set *set = malloc(sizeof(*set) + size);
	int ret;

	if (!set)
		return -ENOMEM;

	set->argsz = sizeof(*set) + size;
	set->flags = flags;
	set->index = index;
	set->start = first;
	set->count = count;
	if (size)
		memcpy(set->data, data, size);

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, set);
	free(set);
	return ret < 0 ? ret : 0;
}

/*
 * VFIO has nothing but errno to tell a reason with. What is left for it once a
 * request is well-formed is known, though.
 */
static int vectors_fail(struct ims_vfio *vfio, int err, uint32_t flags,
			uint32_t first, uint32_t count, const char *what)
{
	char object[IMS_OBJECT_SIZE];
	const char *why = NULL;

	if (err == -EINVAL && flags & VFIO_IRQ_SET_DATA_EVENTFD)
		why = "a file is not an eventfd";
	else if (err == -EINVAL)
		why = count == 1 ? "it has no trigger" :
				   "one of them has no trigger";
	else if (err == -ENOSPC)
		why = "the store, the device's limit, remapping entries or the CPUs' interrupt vectors are exhausted";
	else if (err == -ENODEV)
		why = "the parent device is gone";

	if (!why)
		return ims_vfio_fail(vfio, err, first, count, what);

	ims_object_text(object, vfio->name, first, count);
	return ims_fail(vfio->ctx, err, object, NULL, "%s: %s", what, why);
}

/* Act on a range of MSI-X vectors, with @size bytes of data for each. */
static int set_vectors(struct ims_vfio *vfio, uint32_t flags, uint32_t first,
		       uint32_t count, const void *data, size_t size,
		       const char *what)
{
	int err;

	err = check_range(vfio, first, count, what);
	if (err)
		return err;

	err = set_irqs(vfio, VFIO_PCI_MSIX_IRQ_INDEX, flags, first, count, data,
		       size * count);
	return err ? vectors_fail(vfio, err, flags, first, count, what) : 0;
}

IMS_PUBLIC int ims_vfio_bind(struct ims_vfio *vfio, uint32_t first,
			     const int *fds, uint32_t count)
{
	_Static_assert(sizeof(*fds) == sizeof(int32_t), "VFIO takes s32");

	if (!vfio || !fds)
		return -EINVAL;

	return set_vectors(vfio, VFIO_IRQ_SET_DATA_EVENTFD |
			   VFIO_IRQ_SET_ACTION_TRIGGER, first, count, fds,
			   sizeof(*fds), "binding eventfds");
}

IMS_PUBLIC int ims_vfio_unbind(struct ims_vfio *vfio, uint32_t first,
			       uint32_t count)
{
	const char *what = "unbinding eventfds";
	int *fds;
	int err;

	if (!vfio)
		return -EINVAL;

	/* Before an array is made that is as large as an unchecked number. */
	err = check_range(vfio, first, count, what);
	if (err)
		return err;

	fds = malloc(count * sizeof(*fds));
	if (!fds)
		return ims_vfio_fail(vfio, -ENOMEM, first, count, what);
	memset(fds, 0xff, count * sizeof(*fds));

	err = set_vectors(vfio, VFIO_IRQ_SET_DATA_EVENTFD |
			  VFIO_IRQ_SET_ACTION_TRIGGER, first, count, fds,
			  sizeof(*fds), what);
	free(fds);
	return err;
}

IMS_PUBLIC int ims_vfio_mask(struct ims_vfio *vfio, uint32_t first,
			     uint32_t count)
{
	if (!vfio)
		return -EINVAL;

	return set_vectors(vfio, VFIO_IRQ_SET_DATA_NONE |
			   VFIO_IRQ_SET_ACTION_MASK, first, count, NULL, 0,
			   "masking");
}

IMS_PUBLIC int ims_vfio_unmask(struct ims_vfio *vfio, uint32_t first,
			       uint32_t count)
{
	if (!vfio)
		return -EINVAL;

	return set_vectors(vfio, VFIO_IRQ_SET_DATA_NONE |
			   VFIO_IRQ_SET_ACTION_UNMASK, first, count, NULL, 0,
			   "unmasking");
}

IMS_PUBLIC int ims_vfio_trigger(struct ims_vfio *vfio, uint32_t first,
				uint32_t count)
{
	if (!vfio)
		return -EINVAL;

	return set_vectors(vfio, VFIO_IRQ_SET_DATA_NONE |
			   VFIO_IRQ_SET_ACTION_TRIGGER, first, count, NULL, 0,
			   "triggering");
}

IMS_PUBLIC int ims_vfio_trigger_some(struct ims_vfio *vfio, uint32_t first,
				     const uint8_t *wanted, uint32_t count)
{
	if (!vfio || !wanted)
		return -EINVAL;

	return set_vectors(vfio, VFIO_IRQ_SET_DATA_BOOL |
			   VFIO_IRQ_SET_ACTION_TRIGGER, first, count, wanted,
			   sizeof(*wanted), "triggering");
}

IMS_PUBLIC int ims_vfio_disable(struct ims_vfio *vfio)
{
	int err;

	if (!vfio)
		return -EINVAL;

	err = set_irqs(vfio, VFIO_PCI_MSIX_IRQ_INDEX, VFIO_IRQ_SET_DATA_NONE |
		       VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0, NULL, 0);
	return err ? ims_vfio_fail(vfio, err, 0, 0, "disabling all vectors") : 0;
}

IMS_PUBLIC int ims_vfio_bind_request(struct ims_vfio *vfio, int fd)
{
	int err = -ENOTTY;

	if (!vfio)
		return -EINVAL;

	if (vfio->num_irqs > VFIO_PCI_REQ_IRQ_INDEX)
		err = set_irqs(vfio, VFIO_PCI_REQ_IRQ_INDEX,
			       VFIO_IRQ_SET_DATA_EVENTFD |
			       VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, &fd,
			       sizeof(fd));
	return err ? ims_vfio_fail(vfio, err, 0, 0,
				   "binding the eventfd for removal requests") :
		     0;
}

IMS_PUBLIC int ims_vfio_reset(struct ims_vfio *vfio)
{
	int ret;

	if (!vfio)
		return -EINVAL;

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_RESET, NULL);
	return ret < 0 ? ims_vfio_fail(vfio, ret, 0, 0, "resetting") : 0;
}
