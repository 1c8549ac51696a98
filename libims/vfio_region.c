// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A virtual device's regions: BARs and configuration space.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>

#include "sys.h"
#include "vfio.h"

/* One access, for its errors. */
struct access {
	const char *verb;
	uint32_t flag;
	uint32_t region;
	uint64_t offset;
	size_t size;
};

int ims_vfio_query_region(struct ims_vfio *vfio, uint32_t region,
			  struct vfio_region_info *info, size_t size)
{
	char what[64];
	int ret;

	*info = (struct vfio_region_info) {
		.argsz = size,
		.index = region,
	};
	snprintf(what, sizeof(what), "asking for region %u", region);

	/* Drivers need not accept an index that they did not announce. */
	if (region >= vfio->num_regions)
		return ims_vfio_fail(vfio, -EINVAL, 0, 0, what);

	ret = ims_sys_ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, info);
	return ret < 0 ? ims_vfio_fail(vfio, ret, 0, 0, what) : 0;
}

IMS_PUBLIC int ims_vfio_get_region_size(struct ims_vfio *vfio, uint32_t region,
					uint64_t *size)
{
	struct vfio_region_info info;
	int err;

	if (!vfio || !size)
		return -EINVAL;

	err = ims_vfio_query_region(vfio, region, &info, sizeof(info));
	if (!err)
		*size = info.size;
	return err;
}

static int access_fail(struct ims_vfio *vfio, const struct access *a, int err,
		       const char *why)
{
	char object[IMS_OBJECT_SIZE];
	char buf[128];

	ims_object_text(object, vfio->name, 0, 0);
	return ims_fail(vfio->ctx, err, object, NULL,
			"%s %zu bytes at %#llx of region %u: %s", a->verb,
			a->size, (unsigned long long)a->offset, a->region,
			why ? why : ims_strerror(err, buf, sizeof(buf)));
}

/* Find out where in the device's file the access goes. */
static int locate(struct ims_vfio *vfio, const struct access *a,
		  uint64_t *position)
{
	struct vfio_region_info info;
	char why[64];
	int err;

	err = ims_vfio_query_region(vfio, a->region, &info, sizeof(info));
	if (err)
		return err;

	if (a->offset > info.size || a->size > info.size - a->offset) {
		snprintf(why, sizeof(why), "the region has %llu bytes",
			 (unsigned long long)info.size);
		return access_fail(vfio, a, -EINVAL, why);
	}
	if (!(info.flags & a->flag))
		return access_fail(vfio, a, -EACCES, NULL);

	*position = info.offset + a->offset;
	return 0;
}

static int finish(struct ims_vfio *vfio, const struct access *a, ssize_t done)
{
	if (done < 0)
		return access_fail(vfio, a, done, NULL);
	if ((size_t)done != a->size)
		return access_fail(vfio, a, -EIO,
				   "the driver took a part only");
	return 0;
}

IMS_PUBLIC int ims_vfio_read(struct ims_vfio *vfio, uint32_t region,
			     uint64_t offset, void *data, size_t size)
{
	struct access a = { "reading", VFIO_REGION_INFO_FLAG_READ, region,
			    offset, size };
	uint64_t position = 0;
	int err;

	if (!vfio || !data)
		return -EINVAL;

	err = locate(vfio, &a, &position);
	if (err)
		return err;
	return finish(vfio, &a,
		      ims_sys_pread(vfio->device, data, size, position));
}

IMS_PUBLIC int ims_vfio_write(struct ims_vfio *vfio, uint32_t region,
			      uint64_t offset, const void *data, size_t size)
{
	struct access a = { "writing", VFIO_REGION_INFO_FLAG_WRITE, region,
			    offset, size };
	uint64_t position = 0;
	int err;

	if (!vfio || !data)
		return -EINVAL;

	err = locate(vfio, &a, &position);
	if (err)
		return err;
	return finish(vfio, &a,
		      ims_sys_pwrite(vfio->device, data, size, position));
}

IMS_PUBLIC int ims_vfio_read8(struct ims_vfio *vfio, uint32_t region,
			      uint64_t offset, uint8_t *value)
{
	return ims_vfio_read(vfio, region, offset, value, sizeof(*value));
}

IMS_PUBLIC int ims_vfio_read16(struct ims_vfio *vfio, uint32_t region,
			       uint64_t offset, uint16_t *value)
{
	uint16_t raw;
	int err;

	if (!value)
		return -EINVAL;

	err = ims_vfio_read(vfio, region, offset, &raw, sizeof(raw));
	if (!err)
		*value = le16toh(raw);
	return err;
}

IMS_PUBLIC int ims_vfio_read32(struct ims_vfio *vfio, uint32_t region,
			       uint64_t offset, uint32_t *value)
{
	uint32_t raw;
	int err;

	if (!value)
		return -EINVAL;

	err = ims_vfio_read(vfio, region, offset, &raw, sizeof(raw));
	if (!err)
		*value = le32toh(raw);
	return err;
}

IMS_PUBLIC int ims_vfio_read64(struct ims_vfio *vfio, uint32_t region,
			       uint64_t offset, uint64_t *value)
{
	uint64_t raw;
	int err;

	if (!value)
		return -EINVAL;

	err = ims_vfio_read(vfio, region, offset, &raw, sizeof(raw));
	if (!err)
		*value = le64toh(raw);
	return err;
}

IMS_PUBLIC int ims_vfio_write8(struct ims_vfio *vfio, uint32_t region,
			       uint64_t offset, uint8_t value)
{
	return ims_vfio_write(vfio, region, offset, &value, sizeof(value));
}

IMS_PUBLIC int ims_vfio_write16(struct ims_vfio *vfio, uint32_t region,
				uint64_t offset, uint16_t value)
{
	uint16_t raw = htole16(value);

	return ims_vfio_write(vfio, region, offset, &raw, sizeof(raw));
}

IMS_PUBLIC int ims_vfio_write32(struct ims_vfio *vfio, uint32_t region,
				uint64_t offset, uint32_t value)
{
	uint32_t raw = htole32(value);

	return ims_vfio_write(vfio, region, offset, &raw, sizeof(raw));
}

IMS_PUBLIC int ims_vfio_write64(struct ims_vfio *vfio, uint32_t region,
				uint64_t offset, uint64_t value)
{
	uint64_t raw = htole64(value);

	return ims_vfio_write(vfio, region, offset, &raw, sizeof(raw));
}
