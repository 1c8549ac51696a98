// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Driver of the kernel's VFIO tests for QEMU's NVMe controller, by the NVM Express
 * base specification: what vfio-pci shows beside a device of ours. A copy is a write to
 * the namespace and a read from it; a flush raises the interrupt.
 */
#include <stdint.h>
#include <unistd.h>

#include <linux/io.h>

#include <libvfio.h>

/* Registers in BAR 0 */
#define NVME_CC			0x14	/* controller configuration */
#define NVME_CSTS		0x1c	/* its status */
#define NVME_AQA		0x24	/* sizes of the admin queues */
#define NVME_ASQ		0x28
#define NVME_ACQ		0x30
#define NVME_DOORBELLS		0x1000

#define NVME_CC_ENABLE		(4 << 20 | 6 << 16 | 1)	/* entries of 16 and 64 bytes */
#define NVME_CSTS_READY		1

enum {
	NVME_FLUSH = 0,
	NVME_WRITE = 1,
	NVME_READ = 2,
	NVME_CREATE_SQ = 1,
	NVME_CREATE_CQ = 5,
};

#define NVME_ENTRIES		128
#define NVME_PAGE		4096
#define NVME_BLOCK		512

/* A queue of commands, and that of their completions, of the same number */
enum { NVME_ADMIN, NVME_COPY, NVME_MSI, NVME_QUEUES };

/* The only vector: queue NVME_MSI's. The admin queue has 0, the third has none. */
#define NVME_VECTOR		1

struct nvme_command {
	u32 opcode;
	u32 nsid;
	u64 reserved[2];
	u64 prp[2];
	u32 words[6];
};

struct nvme_completion {
	u32 result[2];
	u32 ids;
	u16 command;
	u16 status;	/* bit 0 changes each time round */
};

/* In memory that the device reads and writes */
struct nvme_state {
	struct {
		struct nvme_command commands[NVME_ENTRIES] __aligned(NVME_PAGE);
		struct nvme_completion completions[NVME_ENTRIES] __aligned(NVME_PAGE);
		u32 tail, head, phase;
	} queues[NVME_QUEUES];

	/* What memcpy_start() was asked for */
	iova_t dst;
	u64 size;
	u64 count;
};

static struct nvme_state *to_nvme_state(struct vfio_pci_device *device)
{
	return device->driver.region.vaddr;
}

static void nvme_submit(struct vfio_pci_device *device, int nr, struct nvme_command command)
{
	struct nvme_state *nvme = to_nvme_state(device);
	u32 *tail = &nvme->queues[nr].tail;

	nvme->queues[nr].commands[*tail] = command;
	*tail = (*tail + 1) % NVME_ENTRIES;
	writel(*tail, device->bars[0].vaddr + NVME_DOORBELLS + 8 * nr);
}

/* Wait for the next command to complete: 0, or that it failed. */
static int nvme_wait(struct vfio_pci_device *device, int nr)
{
	struct nvme_state *nvme = to_nvme_state(device);
	u32 *head = &nvme->queues[nr].head, *phase = &nvme->queues[nr].phase;
	u16 status;

	while (((status = READ_ONCE(nvme->queues[nr].completions[*head].status)) & 1) != *phase)
		usleep(100);
	*head = (*head + 1) % NVME_ENTRIES;
	*phase ^= !*head;
	writel(*head, device->bars[0].vaddr + NVME_DOORBELLS + 8 * nr + 4);
	return status >> 1 ? -1 : 0;
}

static void nvme_admin(struct vfio_pci_device *device, u32 opcode, void *at, u32 word10,
		       u32 word11)
{
	nvme_submit(device, NVME_ADMIN, (struct nvme_command) {
		.opcode = opcode,
		.prp[0] = to_iova(device, at),
		.words = { word10, word11 },
	});
	VFIO_ASSERT_EQ(nvme_wait(device, NVME_ADMIN), 0, "Admin command %u failed\n", opcode);
}

static void nvme_enable(struct vfio_pci_device *device, u32 cc)
{
	u32 attempts = 5000;

	writel(cc, device->bars[0].vaddr + NVME_CC);
	while ((readl(device->bars[0].vaddr + NVME_CSTS) & NVME_CSTS_READY) != (cc & 1)) {
		VFIO_ASSERT_GT(--attempts, 0U);
		usleep(1000);
	}
}

static int nvme_probe(struct vfio_pci_device *device)
{
	/* Class 01, 08: non-volatile memory; 02: NVM Express */
	return vfio_pci_config_readl(device, PCI_CLASS_REVISION) >> 8 == 0x010802 ? 0 : -1;
}

static void nvme_init(struct vfio_pci_device *device)
{
	struct nvme_state *nvme = to_nvme_state(device);
	void *bar = device->bars[0].vaddr;
	u32 last = NVME_ENTRIES - 1;
	int nr;

	VFIO_ASSERT_GE(device->driver.region.size, sizeof(*nvme));
	vfio_pci_config_writew(device, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			       PCI_COMMAND_INTX_DISABLE);
	nvme_enable(device, 0);
	memset(nvme, 0, sizeof(*nvme));
	for (nr = 0; nr < NVME_QUEUES; nr++)
		nvme->queues[nr].phase = 1;
	writel(last << 16 | last, bar + NVME_AQA);
	writeq(to_iova(device, nvme->queues[NVME_ADMIN].commands), bar + NVME_ASQ);
	writeq(to_iova(device, nvme->queues[NVME_ADMIN].completions), bar + NVME_ACQ);
	nvme_enable(device, NVME_CC_ENABLE);

	vfio_pci_msix_enable(device, NVME_VECTOR, 1);
	for (nr = NVME_COPY; nr < NVME_QUEUES; nr++) {
		/* Contiguous, with an interrupt */
		u32 flags = nr == NVME_MSI ? NVME_VECTOR << 16 | 3 : 1;

		nvme_admin(device, NVME_CREATE_CQ, nvme->queues[nr].completions,
			   last << 16 | nr, flags);
		nvme_admin(device, NVME_CREATE_SQ, nvme->queues[nr].commands,
			   last << 16 | nr, nr << 16 | 1);
	}
	device->driver.max_memcpy_size = 2 * NVME_PAGE;
	device->driver.max_memcpy_count = last;
	device->driver.msi = NVME_VECTOR;
}

static void nvme_remove(struct vfio_pci_device *device)
{
	nvme_enable(device, 0);
	vfio_pci_msix_disable(device);
}

/* Block 0 of the namespace onwards, from or to two pages */
static void nvme_transfer(struct vfio_pci_device *device, u32 opcode, iova_t at, u64 size)
{
	VFIO_ASSERT_EQ(at & (NVME_PAGE - 1), 0UL);
	VFIO_ASSERT_EQ(size & (NVME_BLOCK - 1), 0UL);
	nvme_submit(device, NVME_COPY, (struct nvme_command) {
		.opcode = opcode,
		.nsid = 1,
		.prp = { at, at + NVME_PAGE },
		.words[2] = size / NVME_BLOCK - 1,
	});
}

static void nvme_memcpy_start(struct vfio_pci_device *device,
			      iova_t src, iova_t dst, u64 size, u64 count)
{
	struct nvme_state *nvme = to_nvme_state(device);
	u64 i;

	nvme->dst = dst;
	nvme->size = size;
	nvme->count = count;
	for (i = 0; i < count; i++)
		nvme_transfer(device, NVME_WRITE, src, size);
}

/* Reads could overtake the writes: they begin when all of these are done. */
static int nvme_memcpy_wait(struct vfio_pci_device *device)
{
	struct nvme_state *nvme = to_nvme_state(device);
	int failed = 0;
	u64 i;

	for (i = 0; i < nvme->count; i++)
		failed |= nvme_wait(device, NVME_COPY);
	for (i = 0; i < nvme->count; i++)
		nvme_transfer(device, NVME_READ, nvme->dst, nvme->size);
	for (i = 0; i < nvme->count; i++)
		failed |= nvme_wait(device, NVME_COPY);
	return failed;
}

static void nvme_send_msi(struct vfio_pci_device *device)
{
	nvme_submit(device, NVME_MSI, (struct nvme_command) { .opcode = NVME_FLUSH, .nsid = 1 });
	VFIO_ASSERT_EQ(nvme_wait(device, NVME_MSI), 0);
}

const struct vfio_pci_driver_ops nvme_ops = {
	.name = "nvme",
	.probe = nvme_probe,
	.init = nvme_init,
	.remove = nvme_remove,
	.memcpy_start = nvme_memcpy_start,
	.memcpy_wait = nvme_memcpy_wait,
	.send_msi = nvme_send_msi,
};
