/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All else is written for the interfaces of Linux 6.12. Here kernels before that
 * get what they do not have; what there is, probe has found out (config.h).
 * Included ahead of everything, so that it is the only place with differences.
 */
#ifndef _IMS_COMPAT_H
#define _IMS_COMPAT_H

#include <linux/pci_ids.h>

/* 6.4 */
#ifndef PCI_CLASS_ACCELERATOR_PROCESSING
#define PCI_CLASS_ACCELERATOR_PROCESSING	0x1200
#endif

#ifndef IMS_HAVE_EVENTFD_SIGNAL_ONE
#include <linux/eventfd.h>

static inline void ims_eventfd_signal(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx, 1);
}

#define eventfd_signal(ctx)	ims_eventfd_signal(ctx)
#endif

#ifndef IMS_HAVE_ISOLATED_MSI
#include <linux/iommu.h>

/* What VFIO asked there: vfio_iommu_device_capable() */
static inline bool msi_device_has_isolated_msi(struct device *dev)
{
	return device_iommu_capable(dev, IOMMU_CAP_INTR_REMAP);
}
#endif

#ifndef IMS_HAVE_MSI_PARENT
#include <linux/irqdomain.h>
#include <linux/msi.h>

/*
 * A device's domain is the one for PCI/MSI, built upon what is now the device's:
 * "INTEL-IR", say. Others' (VMD's) have other tokens.
 */
static inline struct irq_domain *ims_msi_parent(struct device *dev)
{
	struct irq_domain *domain = dev_get_msi_domain(dev);

	return domain && domain->bus_token == DOMAIN_BUS_PCI_MSI ?
	       domain->parent : NULL;
}

#define dev_get_msi_domain(dev)			ims_msi_parent(dev)
#define irq_domain_is_msi_parent(domain)	(!!(domain))

/*
 * The domains of interrupt remapping have no tokens. Only there the names must do
 * that intel_setup_irq_remapping() and amd_iommu_create_irq_domain() give them.
 */
#include <linux/string.h>

#define DOMAIN_BUS_DMAR		0x1000
#define DOMAIN_BUS_AMDVI	0x1001

static inline unsigned int ims_domain_token(const struct irq_domain *domain)
{
	if (domain->name && str_has_prefix(domain->name, "INTEL-IR"))
		return DOMAIN_BUS_DMAR;
	if (domain->name && str_has_prefix(domain->name, "AMD-IR"))
		return DOMAIN_BUS_AMDVI;
	return domain->bus_token;
}
#else
#define ims_domain_token(domain)		((domain)->bus_token)
#endif

/* 6.13: chips whose interrupts only their handler moves have to say so. */
#ifndef IMS_HAVE_MOVE_DEFERRED
#define IRQCHIP_MOVE_DEFERRED			0
#endif

/*
 * Entries of a device's table, DTE_INTTABLEN of drivers/iommu/amd/amd_iommu_types.h,
 * which no header for modules has and no compiler can be asked for. From 6.15 on it
 * is this or 512, as the hardware is; then the parent refuses what is too much.
 */
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define IMS_AMD_ENTRIES				2048
#else
#define IMS_AMD_ENTRIES				512
#endif

/*
 * For a struct vfio_device_ops of an emulated device: @name_bind_iommufd() and so on
 * call what is here, which before 6.6 does nothing: then VFIO has no iommufd, or one
 * without detaching.
 */
#include <linux/vfio.h>

#ifdef IMS_HAVE_VFIO_IOMMUFD
#define IMS_VFIO_IOMMUFD_OPS(name)					\
	.bind_iommufd	= name##_bind_iommufd,				\
	.unbind_iommufd	= name##_unbind_iommufd,			\
	.attach_ioas	= name##_attach_ioas,				\
	.detach_ioas	= name##_detach_ioas,
#else
struct iommufd_ctx;

#define IMS_VFIO_IOMMUFD_OPS(name)

#undef vfio_iommufd_emulated_bind
#undef vfio_iommufd_emulated_unbind
#undef vfio_iommufd_emulated_attach_ioas
#define vfio_iommufd_emulated_bind(vdev, ictx, id)	(-EOPNOTSUPP)
#define vfio_iommufd_emulated_unbind(vdev)		do { } while (0)
#define vfio_iommufd_emulated_attach_ioas(vdev, id)	(-EOPNOTSUPP)
#define vfio_iommufd_emulated_detach_ioas(vdev)		do { } while (0)
#endif

/* 7.0: VFIO copies what describes a region. */
#ifdef IMS_HAVE_REGION_INFO_CAPS
#define IMS_VFIO_REGION_OPS(f)	.get_region_info_caps = f,
#else
#define IMS_VFIO_REGION_OPS(f)
#endif

/* 6.3 */
#ifndef IMS_HAVE_VM_FLAGS_SET
#include <linux/mm.h>

static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}
#endif

/* 6.4: locks of single mappings, too */
#ifndef IMS_HAVE_RELEASE_FAULT_LOCK
#include <linux/mm.h>

static inline void release_fault_lock(struct vm_fault *vmf)
{
	mmap_read_unlock(vmf->vma->vm_mm);
}
#endif

/* 6.11: a bus matches a const driver. */
#ifdef IMS_HAVE_MATCH_CONST
#define IMS_CONST_DRIVER	const
#else
#define IMS_CONST_DRIVER
#endif

/* The last thing that .release() of a struct vfio_device_ops does */
#ifndef IMS_HAVE_VFIO_FREE_DEVICE
#define vfio_free_device(vdev)	do { } while (0)
#endif

#endif /* _IMS_COMPAT_H */
