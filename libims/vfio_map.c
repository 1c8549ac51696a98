// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Windows on a virtual device's regions: which areas of a region can be mapped
 * into the process, and mapping them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sys.h"
#include "vfio.h"

/* The areas of a region that can be mapped. */
struct areas {
	struct vfio_region_info *info;
	uint32_t count;
	/* In @info, or @whole. */
	const struct vfio_region_sparse_mmap_area *list;
	struct vfio_region_sparse_mmap_area whole;
};

/* Whether a capability at @offset has room for @size bytes. */
static bool fits(const struct vfio_region_info *info, uint32_t offset,
		 size_t size)
{
	return offset <= info->argsz && info->argsz - offset >= size;
}

static int take_areas(struct areas *areas, uint32_t offset)
{
	const struct vfio_region_info *info = areas->info;
	const struct vfio_region_info_cap_sparse_mmap *sparse;

	if (!fits(info, offset, sizeof(*sparse)))
		return -EPROTO;
	sparse = (const void *)((const char *)info + offset);
	if (sparse->nr_areas > (info->argsz - offset - sizeof(*sparse)) /
			       sizeof(sparse->areas[0]))
		return -EPROTO;
	areas->count = sparse->nr_areas;
	areas->list = sparse->areas;
	return 0;
}

/*
 * Find the capability with the areas in a chain that the kernel has put behind
 * the struct: 0, -ENOENT when there is none, -EPROTO when the chain is broken.
 * The kernel appends, so the chain only goes forwards.
 */
static int find_areas(struct areas *areas)
{
	const struct vfio_region_info *info = areas->info;
	const struct vfio_info_cap_header *header;
	uint32_t offset = info->cap_offset, last = sizeof(*info) - 1;

	while (offset) {
		if (offset <= last || offset % sizeof(uint64_t) ||
		    !fits(info, offset, sizeof(*header)))
			return -EPROTO;
		header = (const void *)((const char *)info + offset);
		if (header->id == VFIO_REGION_INFO_CAP_SPARSE_MMAP)
			return take_areas(areas, offset);
		last = offset;
		offset = header->next;
	}
	return -ENOENT;
}

/* The caller frees @areas->info. */
static int query_areas(struct ims_vfio *vfio, uint32_t region,
		       struct areas *areas)
{
	struct vfio_region_info info;
	int err;

	*areas = (struct areas) { 0 };
	err = ims_vfio_query_region(vfio, region, &info, sizeof(info));
	if (err)
		return err;

	/* The first answer says how much room the capabilities need. */
	if (info.argsz < sizeof(info))
		info.argsz = sizeof(info);
	areas->info = calloc(1, info.argsz);
	if (!areas->info)
		return ims_vfio_fail(vfio, -ENOMEM, 0, 0,
				     "asking for a region's areas");
	err = ims_vfio_query_region(vfio, region, areas->info, info.argsz);
	if (err)
		return err;
	if (areas->info->argsz > info.argsz)
		areas->info->argsz = info.argsz;

	if (!(areas->info->flags & VFIO_REGION_INFO_FLAG_MMAP))
		return 0;
	err = areas->info->flags & VFIO_REGION_INFO_FLAG_CAPS ?
	      find_areas(areas) : -ENOENT;
	if (err == -EPROTO)
		return FAIL(vfio, err,
			    "region %u: the kernel's answer is broken", region);
	if (err == -ENOENT) {
		areas->whole.size = areas->info->size;
		areas->list = &areas->whole;
		areas->count = 1;
	}
	return 0;
}

IMS_PUBLIC int ims_vfio_get_region_areas(struct ims_vfio *vfio,
					 uint32_t region, uint32_t *count)
{
	struct areas areas;
	int err;

	if (!vfio || !count)
		return -EINVAL;

	err = query_areas(vfio, region, &areas);
	if (!err)
		*count = areas.count;
	free(areas.info);
	return err;
}

IMS_PUBLIC int ims_vfio_get_region_area(struct ims_vfio *vfio, uint32_t region,
					uint32_t number, uint64_t *offset,
					uint64_t *size)
{
	struct areas areas;
	int err;

	if (!vfio || !offset || !size)
		return -EINVAL;

	err = query_areas(vfio, region, &areas);
	if (!err && number >= areas.count)
		err = FAIL(vfio, -EINVAL,
			   "area %u of region %u: it has %u that can be mapped",
			   number, region, areas.count);
	if (!err) {
		*offset = areas.list[number].offset;
		*size = areas.list[number].size;
	}
	free(areas.info);
	return err;
}

static int map_fail(struct ims_vfio *vfio, uint32_t region, uint64_t offset,
		    size_t size, int err, const char *why)
{
	char buf[128];

	return FAIL(vfio, err, "mapping %zu bytes at %#llx of region %u: %s",
		    size, (unsigned long long)offset, region,
		    why ? why : ims_strerror(err, buf, sizeof(buf)));
}

static bool is_in_area(const struct areas *areas, uint64_t offset, size_t size)
{
	uint32_t i;

	for (i = 0; i < areas->count; i++) {
		uint64_t begin = areas->list[i].offset;
		uint64_t length = areas->list[i].size;

		if (offset >= begin && offset - begin <= length &&
		    size <= length - (offset - begin))
			return true;
	}
	return false;
}

static int map(struct ims_vfio *vfio, uint32_t region,
	       const struct areas *areas, uint64_t offset, size_t size,
	       void **window)
{
	const struct vfio_region_info *info = areas->info;
	size_t page = ims_sys_page_size();
	int prot = PROT_NONE;
	char why[64];
	int err;

	if (!areas->count)
		return map_fail(vfio, region, offset, size, -EACCES,
				"nothing of it can be mapped");
	if (!size)
		return map_fail(vfio, region, offset, size, -EINVAL,
				"the range is empty");
	if ((offset | size) & (page - 1)) {
		snprintf(why, sizeof(why), "these are not whole pages of %zu bytes",
			 page);
		return map_fail(vfio, region, offset, size, -EINVAL, why);
	}
	if (!is_in_area(areas, offset, size))
		return map_fail(vfio, region, offset, size, -EACCES,
				"the range is not in an area that can be mapped");

	if (info->flags & VFIO_REGION_INFO_FLAG_READ)
		prot |= PROT_READ;
	if (info->flags & VFIO_REGION_INFO_FLAG_WRITE)
		prot |= PROT_WRITE;
	err = ims_sys_mmap(vfio->device, info->offset + offset, size, prot,
			   window);
	return err ? map_fail(vfio, region, offset, size, err, NULL) : 0;
}

IMS_PUBLIC int ims_vfio_map_region(struct ims_vfio *vfio, uint32_t region,
				   uint64_t offset, size_t size, void **window)
{
	struct areas areas;
	int err;

	if (window)
		*window = NULL;
	if (!vfio || !window)
		return -EINVAL;

	err = query_areas(vfio, region, &areas);
	if (!err)
		err = map(vfio, region, &areas, offset, size, window);
	free(areas.info);
	return err;
}

IMS_PUBLIC int ims_vfio_unmap_region(struct ims_vfio *vfio, void *window,
				     size_t size)
{
	int err;

	if (!vfio || !window)
		return -EINVAL;

	err = ims_sys_munmap(window, size);
	return err ? ims_vfio_fail(vfio, err, 0, 0, "unmapping a region") : 0;
}
