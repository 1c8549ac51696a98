// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Driver of the kernel's VFIO tests for a function of ims_siov.ko (linux/ims_siov.h):
 * copies by MOVE, and an interrupt by a NOP that raises one.
 */
#include <stdint.h>
#include <unistd.h>

#include <linux/io.h>
#include <linux/ims_siov.h>

#include <libvfio.h>

/* Vector 0 is the driver's, and never raised by a descriptor. */
#define SIOV_VECTOR	1

#define SIOV_COPIES	256

/* In memory that the device reads and writes */
struct siov_state {
	struct ims_siov_desc copies[SIOV_COPIES];
	struct ims_siov_completion record;
	u32 next;	/* entry of the portal */
	u32 handle;	/* of SIOV_VECTOR */
};

static struct siov_state *to_siov_state(struct vfio_pci_device *device)
{
	return device->driver.region.vaddr;
}

static u32 siov_read(struct vfio_pci_device *device, u64 reg)
{
	u32 val;

	VFIO_ASSERT_EQ(pread(device->fd, &val, sizeof(val),
			     device->bars[0].info.offset + reg), sizeof(val));
	return val;
}

static void siov_write(struct vfio_pci_device *device, u64 reg, u32 val)
{
	VFIO_ASSERT_EQ(pwrite(device->fd, &val, sizeof(val),
			      device->bars[0].info.offset + reg), sizeof(val));
}

static u32 siov_command(struct vfio_pci_device *device, u32 command, u32 argument)
{
	siov_write(device, IMS_SIOV_REG_ARGUMENT, argument);
	siov_write(device, IMS_SIOV_REG_COMMAND, command);
	VFIO_ASSERT_EQ(siov_read(device, IMS_SIOV_REG_COMMAND_STATUS), IMS_SIOV_ERR_NONE,
		       "Command %u failed\n", command);
	return siov_read(device, IMS_SIOV_REG_COMMAND_RESULT);
}

static int siov_probe(struct vfio_pci_device *device)
{
	if (!vfio_pci_device_match(device, IMS_SIOV_PCI_VENDOR_ID, IMS_SIOV_PCI_DEVICE_ID))
		return -1;
	return siov_read(device, IMS_SIOV_REG_ID) == IMS_SIOV_ID ? 0 : -1;
}

static void siov_init(struct vfio_pci_device *device)
{
	struct siov_state *siov = to_siov_state(device);

	VFIO_ASSERT_GE(device->driver.region.size, sizeof(*siov));
	VFIO_ASSERT_EQ(device->bars[2].info.size, (u64)IMS_SIOV_PORTAL_SIZE);

	vfio_pci_config_writew(device, PCI_COMMAND,
			       PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	siov_command(device, IMS_SIOV_COMMAND_RESET, 0);
	siov->next = 0;
	vfio_pci_msix_enable(device, SIOV_VECTOR, 1);
	siov->handle = siov_command(device, IMS_SIOV_COMMAND_REQUEST_INT_HANDLE, SIOV_VECTOR);
	siov_command(device, IMS_SIOV_COMMAND_ENABLE, 0);

	device->driver.max_memcpy_size = IMS_SIOV_SIZE_MAX;
	device->driver.max_memcpy_count = SIOV_COPIES;
	device->driver.msi = SIOV_VECTOR;
}

static void siov_remove(struct vfio_pci_device *device)
{
	struct siov_state *siov = to_siov_state(device);

	siov_command(device, IMS_SIOV_COMMAND_RESET, 0);
	siov_command(device, IMS_SIOV_COMMAND_RELEASE_INT_HANDLE, siov->handle);
	vfio_pci_msix_disable(device);
}

/* Submit, with the one completion record: nothing else may be under way. */
static void siov_submit(struct vfio_pci_device *device, struct ims_siov_desc desc)
{
	struct siov_state *siov = to_siov_state(device);
	struct ims_siov_desc *entry = (struct ims_siov_desc *)device->bars[2].vaddr + siov->next;
	size_t word;

	memset(&siov->record, 0, sizeof(siov->record));
	desc.completion = to_iova(device, &siov->record);
	desc.control |= IMS_SIOV_DESC_COMPLETION | IMS_SIOV_DESC_VALID;

	VFIO_ASSERT_EQ(readl(&entry->control), 0U);
	for (word = 1; word < sizeof(desc) / sizeof(u32); word++)
		writel(((u32 *)&desc)[word], (u32 *)entry + word);
	writel(desc.control, &entry->control);
	siov->next = (siov->next + 1) % IMS_SIOV_PORTAL_ENTRIES;
}

static struct ims_siov_desc siov_move(iova_t src, iova_t dst, u64 size)
{
	return (struct ims_siov_desc) {
		.control = IMS_SIOV_OPERATION_MOVE,
		.source = src,
		.destination = dst,
		.size = size,
	};
}

static void siov_memcpy_start(struct vfio_pci_device *device,
			      iova_t src, iova_t dst, u64 size, u64 count)
{
	struct siov_state *siov = to_siov_state(device);
	u64 i;

	if (count == 1) {
		siov_submit(device, siov_move(src, dst, size));
		return;
	}
	for (i = 0; i < count; i++)
		siov->copies[i] = siov_move(src, dst, size);
	siov_submit(device, (struct ims_siov_desc) {
		.control = IMS_SIOV_OPERATION_BATCH,
		.source = to_iova(device, siov->copies),
		.size = count,
	});
}

static int siov_memcpy_wait(struct vfio_pci_device *device)
{
	struct siov_state *siov = to_siov_state(device);
	u32 status;

	while (!((status = READ_ONCE(siov->record.status)) & IMS_SIOV_COMPLETION_DONE))
		usleep(100);
	return status == IMS_SIOV_COMPLETION_DONE ? 0 : -1;
}

static void siov_send_msi(struct vfio_pci_device *device)
{
	struct siov_state *siov = to_siov_state(device);

	siov_submit(device, (struct ims_siov_desc) {
		.control = IMS_SIOV_OPERATION_NOP | IMS_SIOV_DESC_INTERRUPT,
		.handle = siov->handle,
	});
	VFIO_ASSERT_EQ(siov_memcpy_wait(device), 0);
}

const struct vfio_pci_driver_ops ims_siov_ops = {
	.name = "ims_siov",
	.probe = siov_probe,
	.init = siov_init,
	.remove = siov_remove,
	.memcpy_start = siov_memcpy_start,
	.memcpy_wait = siov_memcpy_wait,
	.send_msi = siov_send_msi,
};
