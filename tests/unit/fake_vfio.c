// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_vfio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "fake_files.h"
#include "fake_kernel.h"
#include "fake_uevents.h"
#include "iommufd.h"
#include "sys.h"

#define CONTAINER	1000
#define GROUP		1001
#define DEVICE		1002
#define IOMMUFD		1003

/* Where region 0 is in the device's file, as vfio-pci has it for region 1. */
#define REGION_OFFSET	(UINT64_C(1) << 40)

struct fake_vfio fake_vfio;

void fake_vfio_reset(void)
{
	memset(&fake_vfio, 0, sizeof(fake_vfio));
	fake_vfio.link = "../../../kernel/iommu_groups/12";
	fake_vfio.mode = S_IFDIR;
	fake_vfio.api_version = VFIO_API_VERSION;
	fake_vfio.status_flags = VFIO_GROUP_FLAGS_VIABLE;
	fake_vfio.num_irqs = VFIO_PCI_NUM_IRQS;
	fake_vfio.num_regions = VFIO_PCI_NUM_REGIONS;
	fake_vfio.num_vectors = FAKE_VECTORS;
	fake_vfio.region_flags = VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE;
}

static int opened(int err, int fd)
{
	if (err)
		return err;
	fake_vfio.open_files++;
	return fd;
}

/* Before it is bound, a cdev does nothing else. */
static bool is_shut(void)
{
	return fake_vfio.cdev_path[0] && !fake_vfio.bound;
}

int ims_sys_open(const char *path)
{
	if (!strcmp(path, "/dev/vfio/vfio"))
		return opened(fake_vfio.container_error, CONTAINER);
	if (!strcmp(path, "/dev/iommu"))
		return opened(fake_vfio.iommufd_error, IOMMUFD);
	if (strstr(path, "/devices/")) {
		snprintf(fake_vfio.cdev_path, sizeof(fake_vfio.cdev_path),
			 "%s", path);
		return opened(fake_vfio.cdev_error, DEVICE);
	}

	snprintf(fake_vfio.group_path, sizeof(fake_vfio.group_path), "%s",
		 path);
	return opened(fake_vfio.group_error, GROUP);
}

int ims_sys_close(int fd)
{
	if (fd < CONTAINER || fd > IOMMUFD)
		return -EBADF;
	if (fd == DEVICE) {
		fake_vfio.bound = false;
		fake_vfio.attached = false;
	}
	fake_vfio.open_files--;
	return 0;
}

int ims_sys_dup(int fd)
{
	if (fd != FAKE_FD)
		return -EBADF;
	return opened(fake_vfio.dup_error, DEVICE);
}

int ims_sys_exists(const char *path)
{
	size_t i;

	fake_vfio.looks++;
	if (!strncmp(path, "/sys/bus/pci/", 13))
		return fake_files_has(path) ? 0 : -ENOENT;
	for (i = 0; i < sizeof(fake_vfio.missing) / sizeof(char *); i++) {
		const char *missing = fake_vfio.missing[i];

		if (missing && !strncmp(path, missing, strlen(missing)))
			return -ENOENT;
	}
	return 0;
}

int ims_sys_stat(const char *path, struct stat *result)
{
	(void)path;
	memset(result, 0, sizeof(*result));
	result->st_mode = fake_vfio.mode;
	result->st_rdev = makedev(511, 3);
	return fake_vfio.stat_error;
}

int ims_sys_realpath(const char *path, char result[PATH_MAX])
{
	snprintf(result, PATH_MAX, "%s",
		 fake_vfio.realpath ? fake_vfio.realpath : path);
	return fake_vfio.realpath_error;
}

int ims_sys_list(const char *path, int (*found)(void *data, const char *name),
		 void *data)
{
	if (!strstr(path, "/vfio-dev"))
		return fake_files_list(path, found, data);
	if (fake_vfio.list_error)
		return fake_vfio.list_error;
	return fake_vfio.cdev ? found(data, fake_vfio.cdev) : -ENOENT;
}

ssize_t ims_sys_readlink(const char *path, char *buf, size_t size)
{
	const char *link = strcmp(path, "/sys/dev/char/511:3") ?
			   fake_uevents_link(path, fake_vfio.link) :
			   fake_vfio.cdev_link;
	size_t len;

	if (!link)
		return -ENOENT;
	len = strlen(link);
	if (fake_vfio.readlink_error)
		return fake_vfio.readlink_error;
	if (len > size)
		len = size;
	memcpy(buf, link, len);
	return len;
}

size_t ims_sys_page_size(void)
{
	return FAKE_PAGE;
}

static int map(const struct fake_mapping *new)
{
	struct fake_mapping *m, *room = NULL;

	if (fake_vfio.dma_error)
		return fake_vfio.dma_error;
	for (m = fake_vfio.mappings; m < fake_vfio.mappings + FAKE_MAPPINGS;
	     m++) {
		if (!m->size)
			room = m;
		else if (new->iova <= m->iova + (m->size - 1) &&
			 m->iova <= new->iova + (new->size - 1))
			return -EEXIST;
	}
	if (!room)
		return -ENOSPC;
	*room = *new;
	return 0;
}

/* How many bytes, or @cut when the range begins or ends within a mapping. */
static int64_t unmap(uint64_t iova, uint64_t size, int cut)
{
	uint64_t last = iova + (size - 1), unmapped = 0;
	struct fake_mapping *m;

	if (fake_vfio.dma_error)
		return fake_vfio.dma_error;
	for (m = fake_vfio.mappings; m < fake_vfio.mappings + FAKE_MAPPINGS;
	     m++) {
		uint64_t end = m->iova + (m->size - 1);

		if (!m->size || m->iova > last || end < iova)
			continue;
		if (m->iova < iova || end > last)
			return cut;
		unmapped += m->size;
		m->size = 0;
	}
	return unmapped;
}

static int container_map(const struct vfio_iommu_type1_dma_map *map_arg)
{
	const struct fake_mapping new = {
		map_arg->iova, map_arg->vaddr, map_arg->size,
		map_arg->flags & VFIO_DMA_MAP_FLAG_READ,
		map_arg->flags & VFIO_DMA_MAP_FLAG_WRITE,
	};

	return map_arg->argsz == sizeof(*map_arg) ? map(&new) : -EINVAL;
}

static int container_unmap(struct vfio_iommu_type1_dma_unmap *arg)
{
	int64_t size;

	if (arg->argsz != sizeof(*arg) || arg->flags)
		return -EINVAL;
	size = unmap(arg->iova, arg->size, -EINVAL);
	arg->size = size < 0 ? 0 : size;
	return size < 0 ? size : 0;
}

static int iommufd_map(const struct iommu_ioas_map *arg)
{
	const struct fake_mapping new = {
		arg->iova, arg->user_va, arg->length,
		arg->flags & IOMMU_IOAS_MAP_READABLE,
		arg->flags & IOMMU_IOAS_MAP_WRITEABLE,
	};

	if (arg->size != sizeof(*arg) || arg->ioas_id != FAKE_IOAS ||
	    !(arg->flags & IOMMU_IOAS_MAP_FIXED_IOVA))
		return -EINVAL;
	return map(&new);
}

static int iommufd_unmap(struct iommu_ioas_unmap *arg)
{
	int64_t size;

	if (arg->size != sizeof(*arg) || arg->ioas_id != FAKE_IOAS)
		return -EINVAL;
	size = unmap(arg->iova, arg->length, -ENOENT);
	if (size <= 0)
		return size ? size : -ENOENT;
	arg->length = size;
	return 0;
}

static int container_ioctl(unsigned long request, void *arg)
{
	long type = (long)arg;

	switch (request) {
	case VFIO_GET_API_VERSION:
		return fake_vfio.api_error ? fake_vfio.api_error :
					     fake_vfio.api_version;
	case VFIO_CHECK_EXTENSION:
		if (fake_vfio.no_type1)
			return 0;
		return type == VFIO_TYPE1_IOMMU ||
		       (type == VFIO_TYPE1v2_IOMMU && !fake_vfio.only_type1v1);
	case VFIO_SET_IOMMU:
		fake_vfio.iommu_type = type;
		return fake_vfio.iommu_error;
	case VFIO_IOMMU_MAP_DMA:
		return container_map(arg);
	case VFIO_IOMMU_UNMAP_DMA:
		return container_unmap(arg);
	}
	return -ENOTTY;
}

static int group_ioctl(unsigned long request, void *arg)
{
	struct vfio_group_status *status = arg;

	switch (request) {
	case VFIO_GROUP_GET_STATUS:
		if (status->argsz < sizeof(*status))
			return -EINVAL;
		status->flags = fake_vfio.status_flags;
		return fake_vfio.status_error;
	case VFIO_GROUP_SET_CONTAINER:
		if (*(int *)arg != CONTAINER)
			return -EBADF;
		return fake_vfio.join_error;
	case VFIO_GROUP_GET_DEVICE_FD:
		snprintf(fake_vfio.device_name, sizeof(fake_vfio.device_name),
			 "%s", (const char *)arg);
		return opened(fake_vfio.device_error, DEVICE);
	}
	return -ENOTTY;
}

static int iommufd_ioctl(unsigned long request, void *arg)
{
	struct iommu_ioas_alloc *ioas = arg;

	switch (request) {
	case IOMMU_IOAS_ALLOC:
		if (ioas->size != sizeof(*ioas) || ioas->flags)
			return -EINVAL;
		ioas->out_ioas_id = FAKE_IOAS;
		return fake_vfio.ioas_error;
	case IOMMU_IOAS_MAP:
		return iommufd_map(arg);
	case IOMMU_IOAS_UNMAP:
		return iommufd_unmap(arg);
	}
	return -ENOTTY;
}

/* What only a cdev has: 1 for what each device's file has. */
static int cdev_ioctl(unsigned long request, void *arg)
{
	struct vfio_device_bind_iommufd *bind = arg;
	struct vfio_device_attach_iommufd_pt *attach = arg;
	struct vfio_device_detach_iommufd_pt *detach = arg;

	switch (request) {
	case VFIO_DEVICE_BIND_IOMMUFD:
		if (bind->argsz != sizeof(*bind) || bind->flags ||
		    bind->iommufd != IOMMUFD)
			return -EINVAL;
		fake_vfio.bound = !fake_vfio.bind_error;
		return fake_vfio.bind_error;
	case VFIO_DEVICE_ATTACH_IOMMUFD_PT:
		if (attach->argsz != sizeof(*attach) || attach->flags ||
		    attach->pt_id != FAKE_IOAS || is_shut())
			return -EINVAL;
		fake_vfio.attached = !fake_vfio.attach_error;
		return fake_vfio.attach_error;
	case VFIO_DEVICE_DETACH_IOMMUFD_PT:
		if (detach->argsz != sizeof(*detach) || detach->flags ||
		    is_shut())
			return -EINVAL;
		fake_vfio.attached = fake_vfio.detach_error;
		return fake_vfio.detach_error;
	}
	return 1;
}

/* As vfio_info_add_capability() and vfio-pci do. */
static int region_info(struct vfio_region_info *region)
{
	uint32_t room = region->argsz;

	if (room < sizeof(*region))
		return -EINVAL;
	region->size = region->index == 0 ? FAKE_REGION :
		       region->index == 2 ? FAKE_BIG_REGION : 0;
	region->offset = region->index == 2 ? FAKE_BIG_OFFSET : REGION_OFFSET;
	region->flags = fake_vfio.region_flags;
	region->cap_offset = 0;
	if (fake_vfio.caps) {
		region->flags |= VFIO_REGION_INFO_FLAG_CAPS;
		region->argsz = sizeof(*region) + fake_vfio.caps_size;
		if (room >= region->argsz) {
			memcpy(region + 1, fake_vfio.caps,
			       fake_vfio.caps_size);
			region->cap_offset = sizeof(*region);
		}
	}
	return fake_vfio.region_error;
}

static int device_ioctl(unsigned long request, void *arg)
{
	struct vfio_device_info *info = arg;
	struct vfio_irq_info *irqs = arg;
	struct vfio_irq_set *set = arg;
	size_t size;
	int ret;

	ret = fake_vfio.cdev_path[0] ? cdev_ioctl(request, arg) : 1;
	if (ret <= 0)
		return ret;
	if (is_shut())
		return -EINVAL;

	switch (request) {
	case VFIO_DEVICE_GET_INFO:
		if (info->argsz < sizeof(*info))
			return -EINVAL;
		info->num_irqs = fake_vfio.num_irqs;
		info->num_regions = fake_vfio.num_regions;
		return fake_vfio.info_error;
	case VFIO_DEVICE_GET_IRQ_INFO:
		if (irqs->argsz < sizeof(*irqs) ||
		    irqs->index != VFIO_PCI_MSIX_IRQ_INDEX)
			return -EINVAL;
		irqs->count = fake_vfio.num_vectors;
		irqs->flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE;
		return fake_vfio.irq_info_error;
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		size = set->argsz - sizeof(*set);
		fake_vfio.set_irqs_calls++;
		memcpy(&fake_vfio.last, set, sizeof(fake_vfio.last));
		memset(fake_vfio.last_data, 0x55, sizeof(fake_vfio.last_data));
		memcpy(fake_vfio.last_data, set->data, size);
		return fake_vfio.set_irqs_error;
	case VFIO_DEVICE_RESET:
		fake_vfio.resets++;
		return fake_vfio.reset_error;
	}
	return -ENOTTY;
}

int ims_sys_ioctl(int fd, unsigned long request, void *arg)
{
	switch (fd) {
	case CONTAINER:
		return container_ioctl(request, arg);
	case GROUP:
		return group_ioctl(request, arg);
	case IOMMUFD:
		return iommufd_ioctl(request, arg);
	case DEVICE:
		return device_ioctl(request, arg);
	}
	return -EBADF;
}

int ims_sys_mmap(int fd, uint64_t offset, size_t size, int prot, void **memory)
{
	if (fd != DEVICE)
		return -EBADF;
	if (fake_vfio.mmap_error)
		return fake_vfio.mmap_error;
	fake_vfio.window_offset = offset;
	fake_vfio.window_size = size;
	fake_vfio.window_prot = prot;
	fake_vfio.windows++;
	*memory = &fake_vfio.windows;
	return 0;
}

int ims_sys_munmap(void *memory, size_t size)
{
	if (memory != &fake_vfio.windows || size != fake_vfio.window_size)
		return -EINVAL;
	if (!fake_vfio.munmap_error)
		fake_vfio.windows--;
	return fake_vfio.munmap_error;
}

ssize_t ims_sys_pread(int fd, void *data, size_t size, uint64_t offset)
{
	if (fd != DEVICE || offset < REGION_OFFSET ||
	    offset - REGION_OFFSET + size > FAKE_REGION)
		return -EFAULT;
	if (fake_vfio.access_error)
		return fake_vfio.access_error;
	memcpy(data, fake_vfio.memory + (offset - REGION_OFFSET), size);
	return fake_vfio.short_access ? size - 1 : size;
}

ssize_t ims_sys_pwrite(int fd, const void *data, size_t size, uint64_t offset)
{
	if (fd != DEVICE || offset < REGION_OFFSET ||
	    offset - REGION_OFFSET + size > FAKE_REGION)
		return -EFAULT;
	if (fake_vfio.access_error)
		return fake_vfio.access_error;
	memcpy(fake_vfio.memory + (offset - REGION_OFFSET), data, size);
	return fake_vfio.short_access ? size - 1 : size;
}
