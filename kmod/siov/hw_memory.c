// SPDX-License-Identifier: GPL-2.0-only
/*
 * In place of the IOMMU: a device's memory accesses carry a PASID, which selects an
 * address space. A real driver attaches the PASID by iommufd; here it tells which
 * function's user has the memory.
 */
#include <linux/errno.h>

#include <linux/ims_vfunc.h>

#include "hw.h"

/**
 * siov_hw_pasid_attach - a PASID has an address space from now on
 * @hw: the device
 * @pasid: nobody has it
 * @fn: the function whose user's memory it is
 *
 * Context: process context, may sleep
 *
 * Return: 0, -EBUSY when it has one, -ENOMEM
 */
int siov_hw_pasid_attach(struct siov_hw *hw, u32 pasid, struct ims_vfunc *fn)
{
	return xa_insert(&hw->pasids, pasid, fn, GFP_KERNEL);
}

/**
 * siov_hw_pasid_detach - counterpart of siov_hw_pasid_attach()
 * @hw: the device
 * @pasid: no queue that has it is enabled
 */
void siov_hw_pasid_detach(struct siov_hw *hw, u32 pasid)
{
	xa_erase(&hw->pasids, pasid);
}

static u32 siov_hw_memory_error(int ret)
{
	if (!ret)
		return IMS_SIOV_ERR_NONE;
	return ret == -ENOMEM ? IMS_SIOV_ERR_HOST : IMS_SIOV_ERR_ADDRESS;
}

/* Both return IMS_SIOV_ERR_*. */
u32 siov_hw_memory_read(struct siov_hw_queue *queue, u64 address, void *buf,
			size_t count)
{
	struct ims_vfunc *fn = xa_load(&queue->hw->pasids, queue->pasid);

	if (!fn)
		return IMS_SIOV_ERR_ADDRESS;
	return siov_hw_memory_error(ims_vfunc_read_memory(fn, address, buf,
							  count));
}

u32 siov_hw_memory_write(struct siov_hw_queue *queue, u64 address,
			 const void *buf, size_t count)
{
	struct ims_vfunc *fn = xa_load(&queue->hw->pasids, queue->pasid);

	if (!fn)
		return IMS_SIOV_ERR_ADDRESS;
	return siov_hw_memory_error(ims_vfunc_write_memory(fn, address, buf,
							   count));
}
