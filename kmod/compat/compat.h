/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place with differences between kernels, included ahead of everything.
 * What there is, probe has found out (config.h). What means on every kernel what
 * later ones mean by a name has that name here; all else is called ims_compat_*().
 */
#ifndef _IMS_COMPAT_H
#define _IMS_COMPAT_H

#include <linux/pci_ids.h>

/* 6.4 */
#ifndef PCI_CLASS_ACCELERATOR_PROCESSING
#define PCI_CLASS_ACCELERATOR_PROCESSING	0x1200
#endif

#include <linux/eventfd.h>

/* Add one to the eventfd's count and wake who waits. Any context. */
static inline void ims_compat_eventfd_signal(struct eventfd_ctx *ctx)
{
#ifdef IMS_HAVE_EVENTFD_SIGNAL_ONE
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

#ifndef IMS_HAVE_ISOLATED_MSI
#include <linux/iommu.h>

/* What VFIO asked there: vfio_iommu_device_capable() */
static inline bool msi_device_has_isolated_msi(struct device *dev)
{
	return device_iommu_capable(dev, IOMMU_CAP_INTR_REMAP);
}
#endif

#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/string.h>

/*
 * The domain that a device's interrupts are made upon, "INTEL-IR-0", say; NULL when
 * there is none that other domains can be built on. Before 6.2 a device has the
 * domain for PCI/MSI that is built upon it; others' (VMD's) have other tokens.
 */
static inline struct irq_domain *ims_compat_msi_parent(struct device *dev)
{
	struct irq_domain *domain = dev_get_msi_domain(dev);

#ifdef IMS_HAVE_MSI_PARENT
	return domain && irq_domain_is_msi_parent(domain) ? domain : NULL;
#else
	return domain && domain->bus_token == DOMAIN_BUS_PCI_MSI ?
	       domain->parent : NULL;
#endif
}

/* Who remaps the interrupts of such a domain? */
enum ims_compat_remapping {
	IMS_COMPAT_REMAP_INTEL,
	IMS_COMPAT_REMAP_AMD,
	IMS_COMPAT_REMAP_NOBODY,	/* it is the domain of the CPUs' vectors */
	IMS_COMPAT_REMAP_OTHER,
};

static inline enum ims_compat_remapping
ims_compat_remapping(const struct irq_domain *domain)
{
#ifdef IMS_HAVE_MSI_PARENT
	if (domain->bus_token == DOMAIN_BUS_DMAR)
		return IMS_COMPAT_REMAP_INTEL;
	if (domain->bus_token == DOMAIN_BUS_AMDVI)
		return IMS_COMPAT_REMAP_AMD;
#else
	/*
	 * Domains of interrupt remapping have no tokens there. Only there the names
	 * must do that intel_setup_irq_remapping() and amd_iommu_create_irq_domain()
	 * give them.
	 */
	if (domain->name && str_has_prefix(domain->name, "INTEL-IR"))
		return IMS_COMPAT_REMAP_INTEL;
	if (domain->name && str_has_prefix(domain->name, "AMD-IR"))
		return IMS_COMPAT_REMAP_AMD;
#endif
	return domain->bus_token == DOMAIN_BUS_ANY ? IMS_COMPAT_REMAP_NOBODY :
						     IMS_COMPAT_REMAP_OTHER;
}

/* 6.13: chips whose interrupts only their handler moves have to say so. */
#ifdef IMS_HAVE_MOVE_DEFERRED
#define IMS_COMPAT_MOVE_DEFERRED		IRQCHIP_MOVE_DEFERRED
#else
#define IMS_COMPAT_MOVE_DEFERRED		0
#endif

/*
 * Entries of a device's table, DTE_INTTABLEN of drivers/iommu/amd/amd_iommu_types.h,
 * which no header for modules has and no compiler can be asked for. From 6.15 on it
 * is this or 512, as the hardware is; then the parent refuses what is too much.
 */
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define IMS_COMPAT_AMD_ENTRIES				2048
#else
#define IMS_COMPAT_AMD_ENTRIES				512
#endif

#include <linux/vfio.h>

/*
 * For the struct vfio_device_ops of an emulated device: @name_bind_iommufd() and so
 * on. Before 6.6 VFIO has no iommufd, or one without detaching: then an operation is
 * not there, and nobody calls what is below.
 */
#ifdef IMS_HAVE_VFIO_IOMMUFD
#define IMS_COMPAT_VFIO_IOMMUFD_OPS(name)				\
	.bind_iommufd	= name##_bind_iommufd,				\
	.unbind_iommufd	= name##_unbind_iommufd,			\
	.attach_ioas	= name##_attach_ioas,				\
	.detach_ioas	= name##_detach_ioas,
#define ims_compat_iommufd_bind(vdev, ictx, id)				\
	vfio_iommufd_emulated_bind(vdev, ictx, id)
#define ims_compat_iommufd_unbind(vdev)	vfio_iommufd_emulated_unbind(vdev)
#define ims_compat_iommufd_attach(vdev, id)				\
	vfio_iommufd_emulated_attach_ioas(vdev, id)
#define ims_compat_iommufd_detach(vdev)	vfio_iommufd_emulated_detach_ioas(vdev)
#else
struct iommufd_ctx;

#define IMS_COMPAT_VFIO_IOMMUFD_OPS(name)
#define ims_compat_iommufd_bind(vdev, ictx, id)	(-EOPNOTSUPP)
#define ims_compat_iommufd_unbind(vdev)		do { } while (0)
#define ims_compat_iommufd_attach(vdev, id)	(-EOPNOTSUPP)
#define ims_compat_iommufd_detach(vdev)		do { } while (0)
#endif

/* 7.0: VFIO copies what describes a region; before that the ioctl reaches us. */
#ifdef IMS_HAVE_REGION_INFO_CAPS
#define IMS_COMPAT_VFIO_REGION_OPS(f)	.get_region_info_caps = f,
#else
#define IMS_COMPAT_VFIO_REGION_OPS(f)
#endif

/* The last thing that .release() of a struct vfio_device_ops does: up to 6.1 it frees. */
static inline void ims_compat_vfio_free_device(struct vfio_device *vdev)
{
#ifdef IMS_HAVE_VFIO_FREE_DEVICE
	vfio_free_device(vdev);
#endif
}

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
#define IMS_COMPAT_CONST_DRIVER	const
#else
#define IMS_COMPAT_CONST_DRIVER
#endif

#include <linux/irqbypass.h>

/*
 * Register a producer: @ctx is signalled for the interrupts of @irq. Returns 0, -EBUSY
 * when @ctx has a producer, or what its consumer returns. Up to 6.16 that walks all
 * producers and consumers, which are known by their token.
 */
#ifdef IMS_HAVE_BYPASS_EVENTFD
#define IMS_COMPAT_BYPASS_WALKS		false
#else
#define IMS_COMPAT_BYPASS_WALKS		true
#endif

#if IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
static inline int
ims_compat_bypass_register(struct irq_bypass_producer *producer,
			   struct eventfd_ctx *ctx, int irq)
{
#ifdef IMS_HAVE_BYPASS_EVENTFD
	return irq_bypass_register_producer(producer, ctx, irq);
#else
	producer->token = ctx;
	producer->irq = irq;
	return irq_bypass_register_producer(producer);
#endif
}

#define ims_compat_bypass_unregister(producer)				\
	irq_bypass_unregister_producer(producer)

/* The consumer that a test plays (tests/vm/inject) */
#ifdef IMS_HAVE_BYPASS_EVENTFD
#define ims_compat_bypass_consume(consumer, ctx)			\
	irq_bypass_register_consumer(consumer, ctx)
#else
#define ims_compat_bypass_consume(consumer, ctx) ({			\
	(consumer)->token = (ctx);					\
	irq_bypass_register_consumer(consumer);				\
})
#endif
#else
/* A kernel without KVM and vfio-pci has nobody to connect to. */
#define ims_compat_bypass_register(producer, ctx, irq)	(-EOPNOTSUPP)
#define ims_compat_bypass_unregister(producer)		do { } while (0)
#endif

/* How many timer interrupts has this CPU had? A test asks (tests/vm/inject). */
#ifdef IMS_HAVE_IRQ_COUNTS
#define ims_compat_timer_interrupts()	this_cpu_read(irq_stat.counts[IRQ_COUNT_APIC_TIMER])
#else
#define ims_compat_timer_interrupts()	this_cpu_read(irq_stat.apic_timer_irqs)
#endif

#endif /* _IMS_COMPAT_H */
