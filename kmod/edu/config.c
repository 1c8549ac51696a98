// SPDX-License-Identifier: GPL-2.0-only
/*
 * A work queue's PCI configuration space: bytes, and which of their bits can
 * be written. That covers the sizing of BAR 0 too: the bits of its address
 * below its size cannot.
 *
 * Nothing here has an effect. The VMM reads from it where BAR 0 is and what the
 * MSI-X capability says, and acts on the device through other calls.
 */
#include "edu.h"

#define IMS_EDU_CONFIG_MSIX	0x40

/* Byte @n of BAR 0's address: the bits that can be written */
#define IMS_EDU_BAR_BYTE(n)	((~(IMS_EDU_BAR_SIZE - 1U) >> 8 * (n)) & 0xff)

static const u8 ims_edu_config_writable[IMS_EDU_CONFIG_SIZE] = {
	[PCI_COMMAND]			= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER,
	[PCI_COMMAND + 1]		= PCI_COMMAND_INTX_DISABLE >> 8,
	[PCI_CACHE_LINE_SIZE]		= 0xff,
	[PCI_BASE_ADDRESS_0 + 1]	= IMS_EDU_BAR_BYTE(1),
	[PCI_BASE_ADDRESS_0 + 2]	= IMS_EDU_BAR_BYTE(2),
	[PCI_BASE_ADDRESS_0 + 3]	= IMS_EDU_BAR_BYTE(3),
	[PCI_INTERRUPT_LINE]		= 0xff,
	[IMS_EDU_CONFIG_MSIX + PCI_MSIX_FLAGS + 1] =
			(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) >> 8,
};

/**
 * ims_edu_config_read - read from configuration space
 * @wq: the work queue
 * @offset: from where
 * @buf: to where
 * @count: bytes, within configuration space
 *
 * Context: with wq->lock held.
 */
void ims_edu_config_read(struct ims_edu_wq *wq, u32 offset, void *buf,
			 size_t count)
{
	lockdep_assert_held(&wq->lock);

	memcpy(buf, wq->config + offset, count);
}

/**
 * ims_edu_config_write - write to configuration space
 * @wq: the work queue
 * @offset: to where
 * @buf: from where
 * @count: bytes, within configuration space
 *
 * Context: with wq->lock held.
 */
void ims_edu_config_write(struct ims_edu_wq *wq, u32 offset, const void *buf,
			  size_t count)
{
	const u8 *writable = ims_edu_config_writable + offset;
	u8 *config = wq->config + offset;
	const u8 *val = buf;
	size_t i;

	lockdep_assert_held(&wq->lock);

	for (i = 0; i < count; i++)
		config[i] = (config[i] & ~writable[i]) | (val[i] & writable[i]);
}

static void ims_edu_put_le16(u16 val, u8 *to)
{
	to[0] = val;
	to[1] = val >> 8;
}

static void ims_edu_put_le32(u32 val, u8 *to)
{
	ims_edu_put_le16(val, to);
	ims_edu_put_le16(val >> 16, to + 2);
}

/**
 * ims_edu_config_reset - initial state of configuration space
 * @wq: the work queue
 *
 * Context: with wq->lock held.
 */
void ims_edu_config_reset(struct ims_edu_wq *wq)
{
	u8 *config = wq->config;
	u8 *msix = config + IMS_EDU_CONFIG_MSIX;

	lockdep_assert_held(&wq->lock);

	memset(config, 0, IMS_EDU_CONFIG_SIZE);
	ims_edu_put_le16(IMS_EDU_PCI_VENDOR_ID, config + PCI_VENDOR_ID);
	ims_edu_put_le16(IMS_EDU_PCI_DEVICE_ID, config + PCI_DEVICE_ID);
	ims_edu_put_le16(PCI_STATUS_CAP_LIST, config + PCI_STATUS);
	ims_edu_put_le16(PCI_CLASS_ACCELERATOR_PROCESSING,
			 config + PCI_CLASS_DEVICE);
	config[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_NORMAL;
	ims_edu_put_le32(PCI_BASE_ADDRESS_SPACE_MEMORY |
			 PCI_BASE_ADDRESS_MEM_TYPE_32,
			 config + PCI_BASE_ADDRESS_0);
	ims_edu_put_le16(IMS_EDU_PCI_VENDOR_ID,
			 config + PCI_SUBSYSTEM_VENDOR_ID);
	ims_edu_put_le16(IMS_EDU_PCI_DEVICE_ID, config + PCI_SUBSYSTEM_ID);
	config[PCI_CAPABILITY_LIST] = IMS_EDU_CONFIG_MSIX;

	msix[PCI_CAP_LIST_ID] = PCI_CAP_ID_MSIX;
	ims_edu_put_le16(wq->nr_vectors - 1, msix + PCI_MSIX_FLAGS);
	ims_edu_put_le32(IMS_EDU_REG_MSIX_TABLE, msix + PCI_MSIX_TABLE);
	ims_edu_put_le32(IMS_EDU_REG_PBA, msix + PCI_MSIX_PBA);
}
