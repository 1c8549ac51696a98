// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user maps: pages of the hardware, by a fault handler, so that they can be
 * unmapped at any time (reset, sleep, removal) and are mapped again at the next
 * access, or not.
 *
 * To find the mappings again each function has file offsets of its own,
 * ims_vfunc_window_base(): up to Linux 6.9 all VFIO devices share an inode.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "vfunc.h"

/* Regions of a function that can have windows, in bytes of file offset */
#define IMS_VFUNC_WINDOW_SHIFT	(IMS_VFUNC_REGION_SHIFT + 3)
#define IMS_VFUNC_WINDOW_IDS	BIT(62 - IMS_VFUNC_WINDOW_SHIFT)

static_assert(PCI_STD_NUM_BARS <= BIT(3));

/* Begin with 1: below are the offsets that everybody uses. */
static DEFINE_IDA(ims_vfunc_window_ids);

int ims_vfunc_windows_init(struct ims_vfunc *fn)
{
	int id = ida_alloc_range(&ims_vfunc_window_ids, 1,
				 IMS_VFUNC_WINDOW_IDS - 1, GFP_KERNEL);

	if (id < 0)
		return id;
	fn->window_id = id;
	mutex_init(&fn->window_lock);
	return 0;
}

void ims_vfunc_windows_exit(struct ims_vfunc *fn)
{
	mutex_destroy(&fn->window_lock);
	ida_free(&ims_vfunc_window_ids, fn->window_id);
}

static u64 ims_vfunc_window_base(const struct ims_vfunc *fn)
{
	return (u64)fn->window_id << IMS_VFUNC_WINDOW_SHIFT;
}

/* Who faults has to wait. */
static bool ims_vfunc_windows_paused(const struct ims_vfunc *fn)
{
	return READ_ONCE(fn->resetting) || READ_ONCE(fn->parent->asleep);
}

/* Who faults gets SIGBUS. */
static bool ims_vfunc_windows_dead(const struct ims_vfunc *fn)
{
	return READ_ONCE(fn->ended) || READ_ONCE(fn->parent->failed);
}

/*
 * The process's mmap_lock is not held while waiting: who ends the pause may need it,
 * to access the user's memory. Nor is anything of the mapping touched afterwards:
 * the file keeps the function.
 */
static vm_fault_t ims_vfunc_fault_wait(struct vm_fault *vmf, struct ims_vfunc *fn)
{
	struct file *file;

	/*
	 * A kernel thread here accesses the user's memory for a device, and finds a
	 * window in it. Whoever pauses the windows may wait for that device.
	 */
	if (current->flags & PF_KTHREAD ||
	    !(vmf->flags & FAULT_FLAG_ALLOW_RETRY))
		return VM_FAULT_SIGBUS;
	if (vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
		return VM_FAULT_RETRY;

	file = get_file(vmf->vma->vm_file);
	release_fault_lock(vmf);
	wait_event_killable(fn->parent->awake, !ims_vfunc_windows_paused(fn) ||
			    ims_vfunc_windows_dead(fn));
	fput(file);
	return VM_FAULT_RETRY;
}

static vm_fault_t ims_vfunc_fault(struct vm_fault *vmf)
{
	struct ims_vfunc *fn = vmf->vma->vm_private_data;
	u64 offset = ((u64)vmf->pgoff << PAGE_SHIFT) - ims_vfunc_window_base(fn);
	unsigned int bar = offset >> IMS_VFUNC_REGION_SHIFT;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	bool paused = false;
	phys_addr_t phys;

	offset &= BIT_ULL(IMS_VFUNC_REGION_SHIFT) - 1;

	mutex_lock(&fn->window_lock);
	if (ims_vfunc_windows_dead(fn))
		ret = VM_FAULT_SIGBUS;
	else if (ims_vfunc_windows_paused(fn))
		paused = true;
	else if (!fn->driver->window(fn, bar, offset, &phys))
		ret = vmf_insert_pfn(vmf->vma, vmf->address, PHYS_PFN(phys));
	mutex_unlock(&fn->window_lock);

	return paused ? ims_vfunc_fault_wait(vmf, fn) : ret;
}

static const struct vm_operations_struct ims_vfunc_window_ops = {
	.fault	= ims_vfunc_fault,
};

/**
 * ims_vfunc_mmap - map a part of a window
 * @vdev: the function's
 * @vma: what is to be mapped
 *
 * Return: 0; -EINVAL when it is not in a window, or private
 */
int ims_vfunc_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct ims_vfunc *fn = ims_vfunc_from_vdev(vdev);
	u64 first = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 size = vma->vm_end - vma->vm_start;
	u64 offset = first & (BIT_ULL(IMS_VFUNC_REGION_SHIFT) - 1);
	u64 index = first >> IMS_VFUNC_REGION_SHIFT;
	const struct ims_vfunc_bar *bar;

	if (index >= PCI_STD_NUM_BARS || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	bar = &fn->driver->bars[index];
	if (offset < bar->window || size > bar->window_size ||
	    offset - bar->window > bar->window_size - size)
		return -EINVAL;

	vma->vm_private_data = fn;
	vma->vm_ops = &ims_vfunc_window_ops;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_pgoff += ims_vfunc_window_base(fn) >> PAGE_SHIFT;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);

	mutex_lock(&fn->window_lock);
	fn->mapping = vma->vm_file->f_mapping;
	mutex_unlock(&fn->window_lock);
	return 0;
}

/* Unmap what is not to be used now. Who waits is woken by the caller. */
void ims_vfunc_windows_update(struct ims_vfunc *fn)
{
	mutex_lock(&fn->window_lock);
	if (fn->mapping &&
	    (ims_vfunc_windows_dead(fn) || ims_vfunc_windows_paused(fn)))
		unmap_mapping_range(fn->mapping, ims_vfunc_window_base(fn),
				    BIT_ULL(IMS_VFUNC_WINDOW_SHIFT), 1);
	mutex_unlock(&fn->window_lock);
}

/* A reset begins. With fn->lock held. */
void ims_vfunc_windows_pause(struct ims_vfunc *fn)
{
	lockdep_assert_held(&fn->lock);

	WRITE_ONCE(fn->resetting, true);
	ims_vfunc_windows_update(fn);
}

/* It ends. */
void ims_vfunc_windows_resume(struct ims_vfunc *fn)
{
	lockdep_assert_held(&fn->lock);

	WRITE_ONCE(fn->resetting, false);
	wake_up_all(&fn->parent->awake);
}

/* The hardware goes away. */
void ims_vfunc_windows_end(struct ims_vfunc *fn)
{
	WRITE_ONCE(fn->ended, true);
	ims_vfunc_windows_update(fn);
	wake_up_all(&fn->parent->awake);
}

/* The device was closed: nothing is mapped any more. */
void ims_vfunc_windows_close(struct ims_vfunc *fn)
{
	mutex_lock(&fn->window_lock);
	fn->mapping = NULL;
	mutex_unlock(&fn->window_lock);
}
