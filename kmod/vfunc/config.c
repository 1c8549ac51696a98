// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function's PCI configuration space: bytes, and which of their bits can
 * be written. That covers the sizing of BARs too: the bits of an address
 * below a BAR's size cannot.
 *
 * Nothing here has an effect but the bit that asks for a function level reset. The
 * VMM reads from it where BARs are and what the MSI-X capability says, and acts on
 * the device through other calls.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "vfunc.h"

#define IMS_VFUNC_CAPS_FIRST	0x40

/**
 * struct ims_vfunc_config - configuration space of a function
 * @size: %PCI_CFG_SPACE_SIZE, or %PCI_CFG_SPACE_EXP_SIZE with PCI Express
 * @link: where the next capability's offset is written
 * @next: where that is put
 * @ext: the last extended capability; 0: there is none
 * @ext_next: where the next one is put
 * @pcie: the PCI Express capability; 0: there is none
 * @now: what is read
 * @initial: the same after a reset
 * @writable: bits that can be written
 */
struct ims_vfunc_config {
	u32 size;
	u32 link;
	u32 next;
	u32 ext;
	u32 ext_next;
	u32 pcie;
	u8 now[PCI_CFG_SPACE_EXP_SIZE];
	u8 initial[PCI_CFG_SPACE_EXP_SIZE];
	u8 writable[PCI_CFG_SPACE_EXP_SIZE];
};

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

u32 ims_vfunc_config_size(const struct ims_vfunc *fn)
{
	return fn->config->size;
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

	memcpy(buf, fn->config->now + offset, count);
}

/**
 * ims_vfunc_config_write - write to configuration space
 * @fn: the function
 * @offset: to where
 * @buf: from where
 * @count: bytes, within configuration space
 *
 * Context: with fn->lock held.
 *
 * Return: whether a function level reset is asked for, which the caller does
 */
bool ims_vfunc_config_write(struct ims_vfunc *fn, u32 offset, const void *buf,
			    size_t count)
{
	struct ims_vfunc_config *config = fn->config;
	u32 flr = config->pcie + PCI_EXP_DEVCTL + 1;
	const u8 *val = buf;
	bool reset = false;
	u8 *byte, writable;
	size_t i;

	lockdep_assert_held(&fn->lock);

	for (i = 0; i < count; i++) {
		byte = &config->now[offset + i];
		writable = config->writable[offset + i];
		*byte = (*byte & ~writable) | (val[i] & writable);
		if (config->pcie && offset + i == flr &&
		    val[i] & PCI_EXP_DEVCTL_BCR_FLR >> 8)
			reset = true;
	}
	return reset;
}

/**
 * ims_vfunc_config_reset - initial state of configuration space
 * @fn: the function
 *
 * Context: with fn->lock held.
 */
void ims_vfunc_config_reset(struct ims_vfunc *fn)
{
	struct ims_vfunc_config *config = fn->config;

	lockdep_assert_held(&fn->lock);

	memcpy(config->now, config->initial, sizeof(config->now));
}

static void ims_vfunc_config_body(struct ims_vfunc_config *config, u32 at,
				  const void *body, size_t size,
				  const void *writable)
{
	memcpy(config->initial + at, body, size);
	if (writable)
		memcpy(config->writable + at, writable, size);
}

/**
 * ims_vfunc_add_cap - give a function a capability
 * @fn: the function
 * @id: PCI_CAP_ID_*
 * @body: what is behind its 2 bytes of header
 * @size: bytes of that
 * @writable: its bits that the user can write, @size bytes; NULL: none
 *
 * MSI-X is there already.
 *
 * Context: from init() of struct ims_vfunc_driver
 *
 * Return: its offset in configuration space, or -ENOSPC when there is no room
 */
int ims_vfunc_add_cap(struct ims_vfunc *fn, u8 id, const void *body, size_t size,
		      const void *writable)
{
	struct ims_vfunc_config *config = fn->config;
	u32 at = config->next;

	if (size + PCI_CAP_FLAGS > PCI_CFG_SPACE_SIZE - at)
		return -ENOSPC;

	config->initial[at + PCI_CAP_LIST_ID] = id;
	ims_vfunc_config_body(config, at + PCI_CAP_FLAGS, body, size, writable);
	config->initial[config->link] = at;
	config->link = at + PCI_CAP_LIST_NEXT;
	config->next = ALIGN(at + PCI_CAP_FLAGS + size, 4);
	return at;
}
EXPORT_SYMBOL_GPL(ims_vfunc_add_cap);

/**
 * ims_vfunc_add_ext_cap - give a function an extended capability
 * @fn: the function; has ims_vfunc_add_pcie()
 * @id: PCI_EXT_CAP_ID_*
 * @version: of the capability
 * @body: what is behind its 4 bytes of header
 * @size: bytes of that
 * @writable: its bits that the user can write, @size bytes; NULL: none
 *
 * Context: from init() of struct ims_vfunc_driver
 *
 * Return: its offset in configuration space; -ENOSPC when there is no room;
 * -EINVAL when the function is not a PCI Express one
 */
int ims_vfunc_add_ext_cap(struct ims_vfunc *fn, u16 id, u8 version,
			  const void *body, size_t size, const void *writable)
{
	struct ims_vfunc_config *config = fn->config;
	u32 at = config->ext_next;

	if (!config->pcie)
		return -EINVAL;
	if (at + sizeof(u32) > PCI_CFG_SPACE_EXP_SIZE ||
	    size > PCI_CFG_SPACE_EXP_SIZE - at - sizeof(u32))
		return -ENOSPC;

	ims_vfunc_put_le32(id | version << 16, config->initial + at);
	ims_vfunc_config_body(config, at + sizeof(u32), body, size, writable);
	/* The upper 12 bits of the header are where the next one is. */
	if (config->ext)
		ims_vfunc_put_le16(at << 4 | config->initial[config->ext + 2],
				   config->initial + config->ext + 2);
	config->ext = at;
	config->ext_next = ALIGN(at + sizeof(u32) + size, 4);
	return at;
}
EXPORT_SYMBOL_GPL(ims_vfunc_add_ext_cap);

/**
 * ims_vfunc_add_pcie - make a function a PCI Express one
 * @fn: the function
 *
 * A root complex integrated endpoint with function level reset, which is done as
 * VFIO_DEVICE_RESET is.
 *
 * Context: from init() of struct ims_vfunc_driver
 *
 * Return: the capability's offset, or -ENOSPC when there is no room
 */
int ims_vfunc_add_pcie(struct ims_vfunc *fn)
{
	const u16 control = PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE |
			    PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE |
			    PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_PAYLOAD |
			    PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ;
	u8 writable[PCI_CAP_EXP_ENDPOINT_SIZEOF_V2] = { };
	u8 cap[PCI_CAP_EXP_ENDPOINT_SIZEOF_V2] = { };
	int at;

	ims_vfunc_put_le16(2 | PCI_EXP_TYPE_RC_END << 4, cap + PCI_EXP_FLAGS);
	ims_vfunc_put_le32(PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR,
			   cap + PCI_EXP_DEVCAP);
	ims_vfunc_put_le16(PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN |
			   PCI_EXP_DEVCTL_READRQ_512B, cap + PCI_EXP_DEVCTL);
	ims_vfunc_put_le16(control, writable + PCI_EXP_DEVCTL);

	at = ims_vfunc_add_cap(fn, PCI_CAP_ID_EXP, cap + PCI_CAP_FLAGS,
			       sizeof(cap) - PCI_CAP_FLAGS,
			       writable + PCI_CAP_FLAGS);
	if (at < 0)
		return at;
	fn->config->pcie = at;
	fn->config->size = PCI_CFG_SPACE_EXP_SIZE;
	return at;
}
EXPORT_SYMBOL_GPL(ims_vfunc_add_pcie);

/**
 * ims_vfunc_add_pasid - give a function the PASID capability
 * @fn: the function; has ims_vfunc_add_pcie()
 * @width: bits of a PASID that the user's driver can use, 1 to 20
 *
 * Storage: what a guest enables has no effect, and the PASIDs are its own. What the
 * hardware is given is up to the driver.
 *
 * Context: from init() of struct ims_vfunc_driver
 *
 * Return: the capability's offset; -EINVAL when the function is not a PCI Express
 * one, or for another @width; -ENOSPC when there is no room
 */
int ims_vfunc_add_pasid(struct ims_vfunc *fn, u8 width)
{
	const u8 body[] = { 0, width, 0, 0 };
	const u8 writable[] = { 0, 0, PCI_PASID_CTRL_ENABLE, 0 };

	if (!width || width > 20)
		return -EINVAL;
	return ims_vfunc_add_ext_cap(fn, PCI_EXT_CAP_ID_PASID, 1, body,
				     sizeof(body), writable);
}
EXPORT_SYMBOL_GPL(ims_vfunc_add_pasid);

static void ims_vfunc_config_bar(struct ims_vfunc_config *config, unsigned int i,
				 const struct ims_vfunc_bar *bar)
{
	u32 at = PCI_BASE_ADDRESS_0 + i * sizeof(u32);
	u64 mask = ~(bar->size - 1);

	if (!bar->size)
		return;
	ims_vfunc_put_le32(PCI_BASE_ADDRESS_SPACE_MEMORY | bar->flags,
			   config->initial + at);
	ims_vfunc_put_le32(mask, config->writable + at);
	if (bar->flags & PCI_BASE_ADDRESS_MEM_TYPE_64)
		ims_vfunc_put_le32(mask >> 32, config->writable + at + 4);
}

static int ims_vfunc_config_msix(struct ims_vfunc *fn)
{
	const struct ims_vfunc_driver *driver = fn->driver;
	u8 writable[PCI_CAP_MSIX_SIZEOF] = { };
	u8 cap[PCI_CAP_MSIX_SIZEOF] = { };
	int at;

	ims_vfunc_put_le16(ims_vfunc_nr_msix(fn) - 1, cap + PCI_MSIX_FLAGS);
	ims_vfunc_put_le32(driver->msix_table | driver->msix_bar,
			   cap + PCI_MSIX_TABLE);
	ims_vfunc_put_le32(driver->msix_pba | driver->msix_bar,
			   cap + PCI_MSIX_PBA);
	ims_vfunc_put_le16(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL,
			   writable + PCI_MSIX_FLAGS);

	at = ims_vfunc_add_cap(fn, PCI_CAP_ID_MSIX, cap + PCI_CAP_FLAGS,
			       sizeof(cap) - PCI_CAP_FLAGS,
			       writable + PCI_CAP_FLAGS);
	return min(at, 0);
}

int ims_vfunc_config_init(struct ims_vfunc *fn)
{
	const struct ims_vfunc_driver *driver = fn->driver;
	struct ims_vfunc_config *config;
	unsigned int i;

	config = kvzalloc(sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!config)
		return -ENOMEM;
	fn->config = config;
	config->size = PCI_CFG_SPACE_SIZE;
	config->link = PCI_CAPABILITY_LIST;
	config->next = IMS_VFUNC_CAPS_FIRST;
	config->ext_next = PCI_CFG_SPACE_SIZE;

	ims_vfunc_put_le16(driver->vendor, config->initial + PCI_VENDOR_ID);
	ims_vfunc_put_le16(driver->device, config->initial + PCI_DEVICE_ID);
	ims_vfunc_put_le16(PCI_STATUS_CAP_LIST, config->initial + PCI_STATUS);
	ims_vfunc_put_le16(driver->class, config->initial + PCI_CLASS_DEVICE);
	config->initial[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_NORMAL;
	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		ims_vfunc_config_bar(config, i, &driver->bars[i]);
	ims_vfunc_put_le16(driver->vendor,
			   config->initial + PCI_SUBSYSTEM_VENDOR_ID);
	ims_vfunc_put_le16(driver->device, config->initial + PCI_SUBSYSTEM_ID);

	config->writable[PCI_COMMAND] = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	config->writable[PCI_COMMAND + 1] = PCI_COMMAND_INTX_DISABLE >> 8;
	config->writable[PCI_CACHE_LINE_SIZE] = 0xff;
	config->writable[PCI_INTERRUPT_LINE] = 0xff;
	return ims_vfunc_config_msix(fn);
}

void ims_vfunc_config_exit(struct ims_vfunc *fn)
{
	kvfree(fn->config);
}
