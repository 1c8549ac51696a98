/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFIO's character device and iommufd, by their ioctls and nothing else: what a
 * VM case needs that opens a mediated device without a group. Built only where
 * the kernel's headers have iommufd (tests/vm/CMakeLists.txt).
 */
#ifndef TESTS_VM_CASES_CDEV_H
#define TESTS_VM_CASES_CDEV_H

#include <stdint.h>

#include <linux/iommufd.h>
#include <linux/vfio.h>

/*
 * All return 0, or what they say, or a negative errno.
 */

/* /dev/iommu: a file descriptor */
int iommufd_open(void);
/* An IO address space, and the end of any object */
int iommufd_ioas(int iommufd, uint32_t *ioas);
int iommufd_destroy(int iommufd, uint32_t object);
/* Let @size bytes at @memory be there at @iova, and take them away again. */
int iommufd_map(int iommufd, uint32_t ioas, void *memory, uint64_t size,
		uint64_t iova);
int iommufd_unmap(int iommufd, uint32_t ioas, uint64_t iova, uint64_t size);

/*
 * /dev/vfio/devices/vfioN of a mediated device, by its UUID: a file descriptor.
 * The device is not open before it is bound.
 */
int cdev_open(const char *uuid);
/* Give the device to an iommufd, which opens it. @id: of the device there */
int cdev_bind(int device, int iommufd, uint32_t *id);
/* Its IO address space; another one when it has one */
int cdev_attach(int device, uint32_t ioas);
int cdev_detach(int device);

#endif /* TESTS_VM_CASES_CDEV_H */
