// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bad input by ioctl and by region access: an error, and nothing changed.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "case.h"

#define TRIGGER	VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK
#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD	VFIO_IRQ_SET_DATA_EVENTFD
#define MSIX	VFIO_PCI_MSIX_IRQ_INDEX
#define REQ	VFIO_PCI_REQ_IRQ_INDEX

static uint32_t num_vectors;

/* Vectors 1 to 4 are live: what nothing may change. */
static int setup(void **state)
{
	static struct wq wq;

	case_open(&wq, 0);
	assert_int_equal(wq_bind(&wq, 1, 4), 0);
	assert_int_equal(ims_vfio_get_vectors(wq.vfio, &num_vectors), 0);
	*state = &wq;
	return 0;
}

static int teardown(void **state)
{
	wq_close(*state);
	return 0;
}

static int set_irqs(struct wq *wq, uint32_t argsz, uint32_t index,
		    uint32_t flags, uint32_t start, uint32_t count)
{
	union {
		struct vfio_irq_set set;
		unsigned char bytes[256];
	} arg;

	memset(&arg, 0xff, sizeof(arg));	/* as fds: all -1; as bools: 1 */
	arg.set.argsz = argsz;
	arg.set.index = index;
	arg.set.flags = flags;
	arg.set.start = start;
	arg.set.count = count;
	return ioctl(ims_vfio_get_fd(wq->vfio), VFIO_DEVICE_SET_IRQS, &arg) ?
	       -errno : 0;
}

static void assert_unchanged(struct wq *wq)
{
	uint32_t v;

	for (v = 1; v <= 4; v++) {
		assert_int_equal(wq_take(wq, v), 0);
		assert_int_equal(ims_vfio_trigger(wq->vfio, v, 1), 0);
		assert_int_equal(wq_take(wq, v), 1);
	}
	assert_int_equal(wq_number32(wq, 5, ims_vector_get_state),
			 IMS_VECTOR_STATE_ABSENT);
}

static void set_irqs_refuses(void **state)
{
	struct wq *wq = *state;
	const uint32_t hdr = sizeof(struct vfio_irq_set);
	const struct {
		uint32_t argsz, index, flags, start, count;
		int ret;
	} bad[] = {
		/* size */
		{ hdr - 1, MSIX, TRIGGER | NONE, 1, 1, -EINVAL },
		{ 0, MSIX, TRIGGER | NONE, 1, 1, -EINVAL },
		{ hdr + 4, MSIX, TRIGGER | EVENTFD, 1, 2, -EINVAL },
		{ hdr + 3, MSIX, TRIGGER | BOOL, 1, 4, -EINVAL },
		/* flags */
		{ hdr, MSIX, 0, 1, 1, -EINVAL },
		{ hdr, MSIX, TRIGGER, 1, 1, -EINVAL },
		{ hdr, MSIX, NONE, 1, 1, -EINVAL },
		{ hdr + 16, MSIX, TRIGGER | NONE | BOOL, 1, 1, -EINVAL },
		{ hdr + 16, MSIX, TRIGGER | EVENTFD | BOOL, 1, 1, -EINVAL },
		{ hdr, MSIX, TRIGGER | MASK | NONE, 1, 1, -EINVAL },
		{ hdr, MSIX, 1 << 6 | TRIGGER | NONE, 1, 1, -EINVAL },
		{ hdr, MSIX, 1U << 31 | TRIGGER | NONE, 1, 1, -EINVAL },
		/* range */
		{ hdr, MSIX, TRIGGER | NONE, 0, num_vectors + 1, -EINVAL },
		{ hdr, MSIX, TRIGGER | NONE, num_vectors, 0, -EINVAL },
		{ hdr, MSIX, TRIGGER | NONE, num_vectors, 1, -EINVAL },
		{ hdr, MSIX, TRIGGER | NONE, 1, UINT32_MAX, -EINVAL },
		{ hdr, MSIX, TRIGGER | NONE, UINT32_MAX, 1, -EINVAL },
		{ hdr, MSIX, TRIGGER | NONE, UINT32_MAX, UINT32_MAX, -EINVAL },
		{ UINT32_MAX, MSIX, TRIGGER | BOOL, 2, UINT32_MAX - 1, -EINVAL },
		{ hdr, REQ, TRIGGER | NONE, 1, 1, -EINVAL },
		{ hdr, REQ, TRIGGER | NONE, 0, 2, -EINVAL },
		/* index and action */
		{ hdr, VFIO_PCI_INTX_IRQ_INDEX, TRIGGER | NONE, 0, 1, -ENOTTY },
		{ hdr, VFIO_PCI_MSI_IRQ_INDEX, TRIGGER | NONE, 0, 1, -ENOTTY },
		{ hdr, VFIO_PCI_NUM_IRQS, TRIGGER | NONE, 0, 1, -EINVAL },
		{ hdr, UINT32_MAX, TRIGGER | NONE, 0, 1, -EINVAL },
		{ hdr + 4, MSIX, MASK | EVENTFD, 1, 1, -ENOTTY },
		{ hdr + 4, MSIX, UNMASK | EVENTFD, 1, 1, -ENOTTY },
		{ hdr, REQ, MASK | NONE, 0, 1, -ENOTTY },
		{ hdr, VFIO_PCI_ERR_IRQ_INDEX, MASK | NONE, 0, 1, -ENOTTY },
		{ hdr, VFIO_PCI_ERR_IRQ_INDEX, TRIGGER | NONE, 0, 1, -EINVAL },
		/* state */
		{ hdr, MSIX, MASK | NONE, 4, 2, -EINVAL },
		{ hdr + 2, MSIX, UNMASK | BOOL, 4, 2, -EINVAL },
		{ hdr, REQ, TRIGGER | NONE, 0, 1, -EINVAL },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int ret = set_irqs(wq, bad[i].argsz, bad[i].index, bad[i].flags,
				   bad[i].start, bad[i].count);

		if (ret != bad[i].ret)
			print_message("# row %zu: %d, not %d\n", i, ret,
				      bad[i].ret);
		assert_int_equal(ret, bad[i].ret);
	}
	assert_unchanged(wq);
}

/* What looks odd and is allowed. */
static void set_irqs_accepts(void **state)
{
	struct wq *wq = *state;
	const uint32_t hdr = sizeof(struct vfio_irq_set);

	assert_int_equal(set_irqs(wq, hdr, MSIX, TRIGGER | EVENTFD, 1, 0), 0);
	assert_int_equal(set_irqs(wq, hdr, MSIX, TRIGGER | BOOL, 1, 0), 0);
	assert_int_equal(set_irqs(wq, hdr, MSIX, MASK | NONE, 1, 0), 0);
	assert_int_equal(set_irqs(wq, 4096, MSIX, MASK | BOOL, 1, 0), 0);
	/* QEMU's way to turn MSI-X on: fd -1 for vector 0. */
	assert_int_equal(set_irqs(wq, hdr + 4, MSIX, TRIGGER | EVENTFD, 0, 1),
			 0);
	assert_unchanged(wq);
}

static void bad_pointers_are_efault(void **state)
{
	struct wq *wq = *state;
	int fd = ims_vfio_get_fd(wq->vfio);

	assert_int_equal(ioctl(fd, VFIO_DEVICE_SET_IRQS, (void *)8), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, (void *)8), -1);
	assert_int_equal(errno, EFAULT);
	assert_unchanged(wq);
}

static void irq_info_refuses(void **state)
{
	struct wq *wq = *state;
	struct vfio_irq_info info = { .argsz = 4 };
	int fd = ims_vfio_get_fd(wq->vfio);

	assert_int_equal(ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, &info), -1);
	assert_int_equal(errno, EINVAL);
	info.argsz = sizeof(info);
	info.index = VFIO_PCI_NUM_IRQS;
	assert_int_equal(ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, &info), -1);
	assert_int_equal(errno, EINVAL);

	info.index = VFIO_PCI_INTX_IRQ_INDEX;
	assert_int_equal(ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, &info), 0);
	assert_int_equal(info.count, 0);
	info.index = REQ;
	assert_int_equal(ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, &info), 0);
	assert_int_equal(info.count, 1);
	assert_int_equal(ioctl(fd, _IO(';', 200), 0), -1);
	assert_int_equal(errno, ENOTTY);
}

static off_t region(uint32_t index)
{
	return (off_t)index << IMS_EDU_REGION_SHIFT;
}

static void regions_refuse(void **state)
{
	struct wq *wq = *state;
	int fd = ims_vfio_get_fd(wq->vfio);
	off_t bar = region(VFIO_PCI_BAR0_REGION_INDEX);
	off_t config = region(VFIO_PCI_CONFIG_REGION_INDEX);
	unsigned char buf[8] = { 0xff, 0xff, 0xff, 0xff };
	const struct {
		size_t size;
		off_t offset;
	} bad[] = {
		{ 1, bar }, { 2, bar }, { 4, bar + 2 }, { 3, bar + 4 },
		{ 4, bar + IMS_EDU_BAR_SIZE }, { 8, bar + IMS_EDU_BAR_SIZE - 4 },
		{ 4, config + IMS_EDU_CONFIG_SIZE },
		{ 4, config + IMS_EDU_CONFIG_SIZE - 2 },
		{ 4, region(VFIO_PCI_BAR1_REGION_INDEX) },
		{ 4, region(VFIO_PCI_ROM_REGION_INDEX) },
		{ 4, region(VFIO_PCI_NUM_REGIONS) },
		{ 4, region(4000) },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (pwrite(fd, buf, bad[i].size, bad[i].offset) != -1 ||
		    pread(fd, buf, bad[i].size, bad[i].offset) != -1)
			fail_msg("row %zu was not refused", i);
		assert_true(errno == EINVAL || errno == EFAULT);
	}
	assert_unchanged(wq);
}

/* Every register takes any value without the device or the host giving in. */
static void registers_take_anything(void **state)
{
	struct wq *wq = *state;
	const uint32_t values[] = { 0, 1, 0x80000000, 0xffffffff };
	uint32_t reg, v;
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		for (reg = 0; reg < 0x100; reg += 4)
			wq_write(wq, reg, values[i]);
		for (reg = 0; reg < 0x400; reg += 4)
			wq_write(wq, IMS_EDU_REG_VECTOR + reg, values[i]);
		for (reg = 0; reg < 0x100; reg += 4)
			wq_write(wq, IMS_EDU_REG_MSIX_TABLE + reg, values[i]);
		for (reg = 0; reg < IMS_EDU_CONFIG_SIZE; reg += 4)
			assert_int_equal(ims_vfio_write32(wq->vfio,
					 VFIO_PCI_CONFIG_REGION_INDEX, reg,
					 values[i]), 0);
	}
	assert_int_equal(wq_drain(wq), 0);
	assert_int_equal(wq_read(wq, IMS_EDU_REG_ID), IMS_EDU_ID);
	assert_int_equal(ims_vfio_reset(wq->vfio), 0);
	assert_int_equal(wq_bind(wq, 1, 4), 0);
	for (v = 1; v <= 4; v++) {
		wq_take(wq, v);		/* work that was submitted above */
		assert_int_equal(wq_submit(wq, 4, v), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(wq, v), 1);
		assert_int_equal(wq_drain(wq), 0);
	}
}

/* A client must find its way by the capability, not by our header. */
static void config_space_leads_to_msix(void **state)
{
	struct wq *wq = *state;
	uint32_t bar, table, pba, c = VFIO_PCI_CONFIG_REGION_INDEX;
	uint16_t id, ctrl;
	uint8_t cap, type;

	assert_int_equal(ims_vfio_read16(wq->vfio, c, 0, &id), 0);
	assert_int_equal(id, IMS_EDU_PCI_VENDOR_ID);
	assert_int_equal(ims_vfio_read16(wq->vfio, c, 6, &id), 0);
	assert_true(id & 0x10);		/* status: has a capability list */
	assert_int_equal(ims_vfio_read8(wq->vfio, c, 0x34, &cap), 0);
	do {
		assert_true(cap >= 0x40 && cap % 4 == 0);
		assert_int_equal(ims_vfio_read8(wq->vfio, c, cap, &type), 0);
		if (type == 0x11)
			break;
		assert_int_equal(ims_vfio_read8(wq->vfio, c, cap + 1, &cap), 0);
	} while (cap);
	assert_int_equal(type, 0x11);

	assert_int_equal(ims_vfio_read16(wq->vfio, c, cap + 2, &ctrl), 0);
	assert_int_equal((ctrl & 0x7ff) + 1, num_vectors);
	assert_int_equal(ims_vfio_read32(wq->vfio, c, cap + 4, &table), 0);
	assert_int_equal(table, IMS_EDU_REG_MSIX_TABLE);	/* BAR 0 */
	assert_int_equal(ims_vfio_read32(wq->vfio, c, cap + 8, &pba), 0);
	assert_int_equal(pba, IMS_EDU_REG_PBA);

	/* Sizing of BAR 0, as every PCI client does it. */
	assert_int_equal(ims_vfio_write32(wq->vfio, c, 0x10, 0xffffffff), 0);
	assert_int_equal(ims_vfio_read32(wq->vfio, c, 0x10, &bar), 0);
	assert_int_equal(~(bar & ~0xfU) + 1, IMS_EDU_BAR_SIZE);
	assert_int_equal(bar & 0xf, 0);

	/* A vector's mask bit is set after reset, as the PCI specification
	 * (6.8.2.9) has it.
	 */
	assert_int_equal(wq_read(wq, IMS_EDU_REG_MSIX_TABLE + 16 * 7 + 12), 1);
}

#define input_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		input_test(set_irqs_refuses),
		input_test(set_irqs_accepts),
		input_test(bad_pointers_are_efault),
		input_test(irq_info_refuses),
		input_test(regions_refuse),
		input_test(registers_take_anything),
		input_test(config_space_leads_to_msix),
	};

	return cmocka_run_group_tests_name("input_ioctl", tests, NULL, NULL);
}
