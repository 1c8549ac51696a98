// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Regions of a function of ims_siov.ko (and so of ims_vfunc.ko): PCI configuration
 * space, registers, and the window that can be mapped.
 *
 * Seen to catch: a mapping that reaches the next function's page, a BAR that tells
 * half its size, an identity of which the user can overwrite a byte.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "case.h"

#define PAGE	4096
#define CONFIG	VFIO_PCI_CONFIG_REGION_INDEX

static uint32_t config32(struct portal *fn, uint32_t at)
{
	uint32_t value;

	assert_int_equal(ims_vfio_read32(fn->wq.vfio, CONFIG, at, &value), 0);
	return value;
}

static uint16_t config16(struct portal *fn, uint32_t at)
{
	uint16_t value;

	assert_int_equal(ims_vfio_read16(fn->wq.vfio, CONFIG, at, &value), 0);
	return value;
}

static uint8_t config8(struct portal *fn, uint32_t at)
{
	uint8_t value;

	assert_int_equal(ims_vfio_read8(fn->wq.vfio, CONFIG, at, &value), 0);
	return value;
}

static void set_config32(struct portal *fn, uint32_t at, uint32_t value)
{
	assert_int_equal(ims_vfio_write32(fn->wq.vfio, CONFIG, at, value), 0);
}

static void identity(void **state)
{
	struct portal *fn = *state;

	assert_int_equal(config16(fn, PCI_VENDOR_ID), IMS_SIOV_PCI_VENDOR_ID);
	assert_int_equal(config16(fn, PCI_DEVICE_ID), IMS_SIOV_PCI_DEVICE_ID);
	assert_int_equal(config16(fn, PCI_CLASS_DEVICE), 0x1200);
	assert_int_equal(config8(fn, PCI_CLASS_PROG), 0);
	assert_int_equal(config8(fn, PCI_HEADER_TYPE), PCI_HEADER_TYPE_NORMAL);
	assert_int_equal(config8(fn, PCI_INTERRUPT_PIN), 0);
	assert_true(config16(fn, PCI_STATUS) & PCI_STATUS_CAP_LIST);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ID), IMS_SIOV_ID);
}

/* MSI-X and PCI Express, each once, and nothing else */
static void capabilities(void **state)
{
	struct portal *fn = *state;
	uint32_t vectors = wq_read(&fn->wq, IMS_SIOV_REG_VECTORS);
	uint32_t at, next, msix = 0, express = 0, seen = 0;

	for (at = config8(fn, PCI_CAPABILITY_LIST); at;
	     at = config8(fn, at + PCI_CAP_LIST_NEXT)) {
		assert_true(at >= PCI_STD_HEADER_SIZEOF && at % 4 == 0);
		assert_true(seen++ < 2);
		if (config8(fn, at) == PCI_CAP_ID_MSIX)
			msix = at;
		else if (config8(fn, at) == PCI_CAP_ID_EXP)
			express = at;
	}
	assert_int_not_equal(msix, 0);
	assert_int_not_equal(express, 0);

	if (vectors > 2048)
		vectors = 2048;
	assert_int_equal(config16(fn, msix + PCI_MSIX_FLAGS) &
			 PCI_MSIX_FLAGS_QSIZE, vectors - 1);
	assert_int_equal(config32(fn, msix + PCI_MSIX_TABLE),
			 IMS_SIOV_REG_MSIX_TABLE);
	assert_int_equal(config32(fn, msix + PCI_MSIX_PBA), IMS_SIOV_REG_PBA);
	assert_true(config32(fn, express + PCI_EXP_DEVCAP) &
		    PCI_EXP_DEVCAP_FLR);

	/* PASID, among the extended ones */
	at = PCI_CFG_SPACE_SIZE;
	for (seen = 0; at; at = next) {
		next = PCI_EXT_CAP_NEXT(config32(fn, at));
		seen += PCI_EXT_CAP_ID(config32(fn, at)) == PCI_EXT_CAP_ID_PASID;
		assert_true(!next || (next > at && next % 4 == 0));
	}
	assert_int_equal(seen, 1);
}

static void bars_tell_their_sizes(void **state)
{
	struct portal *fn = *state;
	uint32_t low, high;
	int i;

	set_config32(fn, PCI_BASE_ADDRESS_0, UINT32_MAX);
	assert_int_equal(config32(fn, PCI_BASE_ADDRESS_0),
			 (uint32_t)~(IMS_SIOV_BAR_SIZE - 1));
	set_config32(fn, PCI_BASE_ADDRESS_0, 0x12345678);
	assert_int_equal(config32(fn, PCI_BASE_ADDRESS_0), 0x12340000);

	set_config32(fn, PCI_BASE_ADDRESS_2, UINT32_MAX);
	set_config32(fn, PCI_BASE_ADDRESS_3, UINT32_MAX);
	low = config32(fn, PCI_BASE_ADDRESS_2);
	high = config32(fn, PCI_BASE_ADDRESS_3);
	assert_int_equal(low & (uint32_t)PCI_BASE_ADDRESS_MEM_MASK,
			 (uint32_t)~(IMS_SIOV_PORTAL_SIZE - 1));
	assert_int_equal(low & PCI_BASE_ADDRESS_MEM_TYPE_MASK,
			 PCI_BASE_ADDRESS_MEM_TYPE_64);
	assert_int_equal(high, UINT32_MAX);
	set_config32(fn, PCI_BASE_ADDRESS_3, 0x11);
	assert_int_equal(config32(fn, PCI_BASE_ADDRESS_3), 0x11);

	for (i = PCI_BASE_ADDRESS_1; i <= PCI_BASE_ADDRESS_5; i += 4) {
		if (i == PCI_BASE_ADDRESS_2 || i == PCI_BASE_ADDRESS_3)
			continue;
		set_config32(fn, i, UINT32_MAX);
		assert_int_equal(config32(fn, i), 0);
	}
	/* A reset takes the addresses away. */
	assert_int_equal(ims_vfio_reset(fn->wq.vfio), 0);
	assert_int_equal(config32(fn, PCI_BASE_ADDRESS_0), 0);
	assert_int_equal(config32(fn, PCI_BASE_ADDRESS_3), 0);
}

/*
 * Write ones to all of it, then zeros: what is not the guest's to change is as
 * before. The function level reset is left out.
 */
static void identity_cannot_be_written(void **state)
{
	static const struct { uint16_t first, end; } writable[] = {
		{ PCI_COMMAND, PCI_STATUS }, { PCI_CACHE_LINE_SIZE,
		  PCI_HEADER_TYPE }, { PCI_BASE_ADDRESS_0, PCI_CARDBUS_CIS },
		{ PCI_INTERRUPT_LINE, PCI_INTERRUPT_PIN },
	};
	static uint8_t before[PAGE], after[PAGE];
	struct portal *fn = *state;
	uint32_t at, i, round;
	bool skip;

	assert_int_equal(ims_vfio_read(fn->wq.vfio, CONFIG, 0, before,
				       PCI_STD_HEADER_SIZEOF), 0);
	for (round = 0; round < 2; round++)
		for (at = 0; at < PCI_STD_HEADER_SIZEOF; at++)
			assert_int_equal(ims_vfio_write8(fn->wq.vfio, CONFIG, at,
							 round ? 0 : 0xff), 0);
	assert_int_equal(ims_vfio_read(fn->wq.vfio, CONFIG, 0, after,
				       PCI_STD_HEADER_SIZEOF), 0);
	for (at = 0; at < PCI_STD_HEADER_SIZEOF; at++) {
		for (i = 0, skip = false; i < 4; i++)
			skip |= at >= writable[i].first && at < writable[i].end;
		if (!skip && before[at] != after[at])
			fail_msg("byte %#x was %#x, is %#x", at, before[at],
				 after[at]);
	}
	/* Capabilities: ids and links */
	identity(state);
	for (at = config8(fn, PCI_CAPABILITY_LIST); at;
	     at = config8(fn, at + PCI_CAP_LIST_NEXT))
		assert_int_equal(ims_vfio_write16(fn->wq.vfio, CONFIG, at,
						  0xffff), 0);
	capabilities(state);
	/* Beyond its end */
	assert_int_equal(ims_vfio_write8(fn->wq.vfio, CONFIG, PAGE, 0), -EINVAL);
	assert_int_equal(ims_vfio_read8(fn->wq.vfio, CONFIG, PAGE, before),
			 -EINVAL);
}

/* Registers are accessed by 4 bytes at a multiple of 4, or by several of those. */
static void registers_by_four_bytes(void **state)
{
	struct portal *fn = *state;
	int fd = ims_vfio_get_fd(fn->wq.vfio);
	uint32_t words[4] = { 5, 5, 5, 5 };
	off_t at, base = 0;
	size_t size;

	for (at = 0; at < 4; at++)
		for (size = 1; size <= 9; size++) {
			if (at == 0 && size % 4 == 0)
				continue;
			errno = 0;
			assert_int_equal(pread(fd, words, size, base + at), -1);
			assert_int_equal(errno, EINVAL);
			assert_int_equal(pwrite(fd, words, size, base +
						IMS_SIOV_REG_ARGUMENT + at), -1);
			assert_int_equal(errno, EINVAL);
		}
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ARGUMENT), 0);
	assert_int_equal(pread(fd, words, 16, base), 16);
	assert_int_equal(words[0], IMS_SIOV_ID);
	assert_int_equal(words[1], wq_read(&fn->wq, IMS_SIOV_REG_VECTORS));
	assert_int_equal(words[2], wq_read(&fn->wq, IMS_SIOV_REG_PASID));
	assert_int_equal(words[3], IMS_SIOV_STATE_ENABLED);
	/* What there is not */
	wq_write(&fn->wq, 0x1000, UINT32_MAX);
	assert_int_equal(wq_read(&fn->wq, 0x1000), 0);
	wq_write(&fn->wq, IMS_SIOV_REG_ID, 0);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ID), IMS_SIOV_ID);
	/* Each function has a PASID of its own. */
	assert_int_not_equal(words[2], wq_read(&fn[1].wq, IMS_SIOV_REG_PASID));
}

/* ---- windows ---------------------------------------------------------------- */

static void region_info(void **state)
{
	struct portal *fn = *state;
	struct {
		struct vfio_region_info info;
		uint8_t caps[256];
	} arg;
	struct vfio_region_info_cap_sparse_mmap *sparse;
	struct vfio_info_cap_header *header;
	uint32_t i;

	for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		memset(&arg, 0, sizeof(arg));
		arg.info.argsz = sizeof(arg);
		arg.info.index = i;
		assert_return_code(ioctl(ims_vfio_get_fd(fn->wq.vfio),
					 VFIO_DEVICE_GET_REGION_INFO, &arg), 0);
		assert_int_equal(!!(arg.info.flags & VFIO_REGION_INFO_FLAG_MMAP),
				 i == VFIO_PCI_BAR2_REGION_INDEX);
		assert_int_equal(arg.info.size,
				 i == VFIO_PCI_BAR0_REGION_INDEX ?
				 IMS_SIOV_BAR_SIZE :
				 i == VFIO_PCI_BAR2_REGION_INDEX ?
				 IMS_SIOV_PORTAL_SIZE :
				 i == CONFIG ? IMS_SIOV_CONFIG_SIZE : 0);
		if (i != VFIO_PCI_BAR2_REGION_INDEX)
			continue;
		assert_int_equal(arg.info.flags & VFIO_REGION_INFO_FLAG_CAPS,
				 VFIO_REGION_INFO_FLAG_CAPS);
		header = (void *)((uint8_t *)&arg + arg.info.cap_offset);
		assert_int_equal(header->id, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
		sparse = (void *)header;
		assert_int_equal(sparse->nr_areas, 1);
		assert_int_equal(sparse->areas[0].offset, 0);
		assert_int_equal(sparse->areas[0].size, IMS_SIOV_PORTAL_SIZE);
	}
}

static void *map(struct portal *fn, uint32_t region, off_t offset, size_t size,
		 int prot, int flags)
{
	return mmap(NULL, size, prot, flags, ims_vfio_get_fd(fn->wq.vfio),
		    ((off_t)region << IMS_SIOV_REGION_SHIFT) + offset);
}

static void mappings_are_refused(void **state)
{
	static const struct {
		uint32_t region;
		off_t offset;
		size_t size;
		int flags;
	} refused[] = {
		{ VFIO_PCI_BAR2_REGION_INDEX, 0, 2 * PAGE, MAP_SHARED },
		{ VFIO_PCI_BAR2_REGION_INDEX, PAGE, PAGE, MAP_SHARED },
		{ VFIO_PCI_BAR2_REGION_INDEX, PAGE * 16, PAGE, MAP_SHARED },
		{ VFIO_PCI_BAR2_REGION_INDEX, 0, PAGE, MAP_PRIVATE },
		{ VFIO_PCI_BAR0_REGION_INDEX, 0, PAGE, MAP_SHARED },
		{ VFIO_PCI_BAR0_REGION_INDEX, 0, IMS_SIOV_BAR_SIZE, MAP_SHARED },
		{ VFIO_PCI_BAR1_REGION_INDEX, 0, PAGE, MAP_SHARED },
		{ VFIO_PCI_BAR3_REGION_INDEX, 0, PAGE, MAP_SHARED },
		{ CONFIG, 0, PAGE, MAP_SHARED },
		{ VFIO_PCI_NUM_REGIONS, 0, PAGE, MAP_SHARED },
		{ 1000, 0, PAGE, MAP_SHARED },
	};
	struct portal *fn = *state;
	void *at;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		at = map(fn, refused[i].region, refused[i].offset,
			 refused[i].size, PROT_READ | PROT_WRITE,
			 refused[i].flags);
		if (at != MAP_FAILED)
			fail_msg("mapping %zu is not refused", i);
		assert_int_equal(errno, EINVAL);
	}
	/* Nor does one grow into the next function's page. */
	assert_ptr_equal(mremap((void *)fn->page, PAGE, 2 * PAGE,
				MREMAP_MAYMOVE), MAP_FAILED);
	assert_true(portal_is_there(fn));
}

/* Each function has a page of its own, for all that have mapped it. */
static void pages_are_apart(void **state)
{
	struct portal *fns = *state;
	volatile struct ims_siov_desc *again;
	uint32_t i;

	for (i = 0; i < 2; i++)
		assert_int_equal(portal_command(&fns[i],
				IMS_SIOV_COMMAND_DISABLE, 0, NULL), 0);
	again = map(&fns[0], VFIO_PCI_BAR2_REGION_INDEX, 0, PAGE,
		    PROT_READ | PROT_WRITE, MAP_SHARED);
	assert_ptr_not_equal(again, MAP_FAILED);
	for (i = 0; i < IMS_SIOV_PORTAL_ENTRIES; i++) {
		fns[0].page[i].size = 0x1000 + i;
		fns[1].page[i].size = 0x2000 + i;
	}
	for (i = 0; i < IMS_SIOV_PORTAL_ENTRIES; i++) {
		assert_int_equal(again[i].size, 0x1000 + i);
		assert_int_equal(fns[1].page[i].size, 0x2000 + i);
	}
	munmap((void *)again, PAGE);
	assert_true(portal_is_there(&fns[0]));
}

/* Who does not map it reads and writes it. */
static void portal_by_system_calls(void **state)
{
	struct portal *fn = *state;
	struct ims_vfio *vfio = fn->wq.vfio;
	struct ims_siov_desc desc = {
		.control = IMS_SIOV_OPERATION_NOP | IMS_SIOV_DESC_INTERRUPT,
	};
	uint32_t i, word;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	desc.handle = fn->handles[1];
	for (i = 0; i < 2 * IMS_SIOV_PORTAL_ENTRIES; i++) {
		uint64_t entry = i % IMS_SIOV_PORTAL_ENTRIES * sizeof(desc);

		assert_int_equal(ims_vfio_write(vfio, VFIO_PCI_BAR2_REGION_INDEX,
						entry, &desc, sizeof(desc)), 0);
		assert_int_equal(ims_vfio_write32(vfio,
				VFIO_PCI_BAR2_REGION_INDEX, entry,
				desc.control | IMS_SIOV_DESC_VALID), 0);
		assert_int_equal(wq_wait(&fn->wq, 1), 1);
		assert_int_equal(ims_vfio_read32(vfio,
				VFIO_PCI_BAR2_REGION_INDEX, entry, &word), 0);
		assert_int_equal(word, 0);
	}
	assert_int_equal(ims_vfio_read32(vfio, VFIO_PCI_BAR2_REGION_INDEX, 4,
					 &word), 0);
	assert_int_equal(word, fn->page[0].handle);
}

#define region_test(f)	\
	cmocka_unit_test_setup_teardown(f, case_open_two, case_close_two)

int main(void)
{
	const struct CMUnitTest tests[] = {
		region_test(identity),
		region_test(capabilities),
		region_test(bars_tell_their_sizes),
		region_test(identity_cannot_be_written),
		region_test(registers_by_four_bytes),
		region_test(region_info),
		region_test(mappings_are_refused),
		region_test(pages_are_apart),
		region_test(portal_by_system_calls),
	};

	return cmocka_run_group_tests_name("portal_region", tests, NULL, NULL);
}
