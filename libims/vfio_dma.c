// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A virtual device's address space: which memory of the process it may reach,
 * in a container or in an iommufd.
 */
#include <errno.h>
#include <stdio.h>

#include "iommufd.h"
#include "sys.h"
#include "vfio.h"

/* A range of the address space that is to change. */
struct range {
	struct ims_vfio *vfio;
	const char *verb;
	uint64_t iova;
	uint64_t size;
};

static int range_fail(const struct range *r, int err, const char *why)
{
	char buf[128];

	return FAIL(r->vfio, err, "%s %llu bytes at IOVA %#llx: %s", r->verb,
		    (unsigned long long)r->size, (unsigned long long)r->iova,
		    why ? why : ims_strerror(err, buf, sizeof(buf)));
}

/* The kernel checks this, too, but all it says is EINVAL. */
static int check(const struct range *r, uint64_t addr)
{
	size_t page = ims_sys_page_size();
	char why[64];

	if (r->vfio->container < 0 && r->vfio->iommufd < 0)
		return range_fail(r, -EOPNOTSUPP,
				  "its address space is that of the caller who has opened the device");
	if (!r->size)
		return range_fail(r, -EINVAL, "the range is empty");
	if ((r->iova | r->size | addr) & (page - 1)) {
		snprintf(why, sizeof(why), "these are not whole pages of %zu bytes",
			 page);
		return range_fail(r, -EINVAL, why);
	}
	if (r->iova + r->size - 1 < r->iova || addr + r->size - 1 < addr)
		return range_fail(r, -EINVAL,
				  "the range goes beyond the last address");
	return 0;
}

static int map_in_container(const struct range *r, uint64_t addr,
			    unsigned int flags)
{
	struct vfio_iommu_type1_dma_map arg = {
		.argsz = sizeof(arg),
		.vaddr = addr,
		.iova = r->iova,
		.size = r->size,
	};

	if (flags & IMS_VFIO_DMA_READ)
		arg.flags |= VFIO_DMA_MAP_FLAG_READ;
	if (flags & IMS_VFIO_DMA_WRITE)
		arg.flags |= VFIO_DMA_MAP_FLAG_WRITE;
	return ims_sys_ioctl(r->vfio->container, VFIO_IOMMU_MAP_DMA, &arg);
}

static int map_in_iommufd(const struct range *r, uint64_t addr,
			  unsigned int flags)
{
	struct iommu_ioas_map arg = {
		.size = sizeof(arg),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA,
		.ioas_id = r->vfio->ioas,
		.user_va = addr,
		.length = r->size,
		.iova = r->iova,
	};

	if (flags & IMS_VFIO_DMA_READ)
		arg.flags |= IOMMU_IOAS_MAP_READABLE;
	if (flags & IMS_VFIO_DMA_WRITE)
		arg.flags |= IOMMU_IOAS_MAP_WRITEABLE;
	return ims_sys_ioctl(r->vfio->iommufd, IOMMU_IOAS_MAP, &arg);
}

IMS_PUBLIC int ims_vfio_map_dma(struct ims_vfio *vfio, uint64_t iova,
				void *addr, uint64_t size, unsigned int flags)
{
	struct range r = { vfio, "mapping", iova, size };
	uint64_t from = (uintptr_t)addr;
	int ret;

	if (!vfio || !addr)
		return -EINVAL;
	if (!flags || flags & ~(IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE))
		return range_fail(&r, -EINVAL,
				  "the flags are neither to read nor to write");
	ret = check(&r, from);
	if (ret)
		return ret;

	ret = vfio->iommufd >= 0 ? map_in_iommufd(&r, from, flags) :
				   map_in_container(&r, from, flags);
	if (ret == -EEXIST)
		return range_fail(&r, ret, "something is mapped there already");
	if (ret == -ENOSPC)
		return range_fail(&r, ret, "there are too many mappings");
	if (ret == -ENOMEM)
		return range_fail(&r, ret,
				  "out of memory, or of what the process may lock (RLIMIT_MEMLOCK)");
	return ret < 0 ? range_fail(&r, ret, NULL) : 0;
}

/* -ENOENT when the range has no mapping, or begins or ends within one. */
static int unmap_in_container(const struct range *r)
{
	struct vfio_iommu_type1_dma_unmap arg = {
		.argsz = sizeof(arg),
		.iova = r->iova,
		.size = r->size,
	};
	int ret;

	ret = ims_sys_ioctl(r->vfio->container, VFIO_IOMMU_UNMAP_DMA, &arg);
	if (ret == -EINVAL || (!ret && !arg.size))
		return -ENOENT;
	return ret;
}

static int unmap_in_iommufd(const struct range *r)
{
	struct iommu_ioas_unmap arg = {
		.size = sizeof(arg),
		.ioas_id = r->vfio->ioas,
		.iova = r->iova,
		.length = r->size,
	};

	return ims_sys_ioctl(r->vfio->iommufd, IOMMU_IOAS_UNMAP, &arg);
}

IMS_PUBLIC int ims_vfio_unmap_dma(struct ims_vfio *vfio, uint64_t iova,
				  uint64_t size)
{
	struct range r = { vfio, "unmapping", iova, size };
	int ret;

	if (!vfio)
		return -EINVAL;
	ret = check(&r, 0);
	if (ret)
		return ret;

	ret = vfio->iommufd >= 0 ? unmap_in_iommufd(&r) :
				   unmap_in_container(&r);
	if (ret == -ENOENT)
		return range_fail(&r, ret,
				  "nothing is mapped there, or only a part of a mapping is in the range");
	return ret < 0 ? range_fail(&r, ret, NULL) : 0;
}
