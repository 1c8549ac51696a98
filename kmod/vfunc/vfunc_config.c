// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function's PCI configuration space: bytes, and which of their bits can
 * be written. That covers the sizing of BAR 0 too: the bits of its address
 * below its size cannot.
 *
 * Nothing here has an effect. The VMM reads from it where BAR 0 is and what the
 * MSI-X capability says, and acts on the device through other calls.
 */
#include "vfunc.h"

#define IMS_VFUNC_CONFIG_MSIX	0x40

static const u8 ims_vfunc_config_writable[IMS_VFUNC_CONFIG_SIZE] = {
	[PCI_COMMAND]			= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER,
	[PCI_COMMAND + 1]		= PCI_COMMAND_INTX_DISABLE >> 8,
	[PCI_CACHE_LINE_SIZE]		= 0xff,
	[PCI_INTERRUPT_LINE]		= 0xff,
	[IMS_VFUNC_CONFIG_MSIX + PCI_MSIX_FLAGS + 1] =
			(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) >> 8,
};

/* The bits that can be written of the byte at @offset. */
static u8 ims_vfunc_config_mask(const struct ims_vfunc *fn, u32 offset)
{
	u32 byte = offset - PCI_BASE_ADDRESS_0;

	if (byte < sizeof(u32))
		return ~(fn->parent->ops->bar_size - 1) >> 8 * byte;
	return ims_vfunc_config_writable[offset];
}

/**
 * ims_vfunc_config_read - read from configuration space
 * @fn: the function
 * @offset: from where
 * @buf: to where
 * @count: bytes, within configuration space
 *
 * Context: with fn->lock held.
 */
void ims_vfunc_config_read(struct ims_vfunc *fn, u32 offset, void *buf,
			   size_t count)
{
	lockdep_assert_held(&fn->lock);

	memcpy(buf, fn->config + offset, count);
}

/**
 * ims_vfunc_config_write - write to configuration space
 * @fn: the function
 * @offset: to where
 * @buf: from where
 * @count: bytes, within configuration space
 *
 * Context: with fn->lock held.
 */
void ims_vfunc_config_write(struct ims_vfunc *fn, u32 offset, const void *buf,
			    size_t count)
{
	const u8 *val = buf;
	u8 *byte, writable;
	size_t i;

	lockdep_assert_held(&fn->lock);

	for (i = 0; i < count; i++) {
		byte = &fn->config[offset + i];
		writable = ims_vfunc_config_mask(fn, offset + i);
		*byte = (*byte & ~writable) | (val[i] & writable);
	}
}

static void ims_vfunc_put_le16(u16 val, u8 *to)
{
	to[0] = val;
	to[1] = val >> 8;
}

static void ims_vfunc_put_le32(u32 val, u8 *to)
{
	ims_vfunc_put_le16(val, to);
	ims_vfunc_put_le16(val >> 16, to + 2);
}

/**
 * ims_vfunc_config_reset - initial state of configuration space
 * @fn: the function
 *
 * Context: with fn->lock held.
 */
void ims_vfunc_config_reset(struct ims_vfunc *fn)
{
	const struct ims_vfunc_ops *ops = fn->parent->ops;
	u8 *config = fn->config;
	u8 *msix = config + IMS_VFUNC_CONFIG_MSIX;

	lockdep_assert_held(&fn->lock);

	memset(config, 0, IMS_VFUNC_CONFIG_SIZE);
	ims_vfunc_put_le16(ops->vendor, config + PCI_VENDOR_ID);
	ims_vfunc_put_le16(ops->device, config + PCI_DEVICE_ID);
	ims_vfunc_put_le16(PCI_STATUS_CAP_LIST, config + PCI_STATUS);
	ims_vfunc_put_le16(ops->class, config + PCI_CLASS_DEVICE);
	config[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_NORMAL;
	ims_vfunc_put_le32(PCI_BASE_ADDRESS_SPACE_MEMORY |
			   PCI_BASE_ADDRESS_MEM_TYPE_32,
			   config + PCI_BASE_ADDRESS_0);
	ims_vfunc_put_le16(ops->vendor, config + PCI_SUBSYSTEM_VENDOR_ID);
	ims_vfunc_put_le16(ops->device, config + PCI_SUBSYSTEM_ID);
	config[PCI_CAPABILITY_LIST] = IMS_VFUNC_CONFIG_MSIX;

	msix[PCI_CAP_LIST_ID] = PCI_CAP_ID_MSIX;
	ims_vfunc_put_le16(ims_vfunc_nr_msix(fn) - 1, msix + PCI_MSIX_FLAGS);
	ims_vfunc_put_le32(ops->table, msix + PCI_MSIX_TABLE);
	ims_vfunc_put_le32(ops->pba, msix + PCI_MSIX_PBA);
}
