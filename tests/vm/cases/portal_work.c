// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What descriptors of ims_siov.ko do to memory, and what they are refused for.
 * After each one all of the memory that is mapped for the device is compared with
 * what it is to be: nothing else is written.
 *
 * Seen to catch: a pattern that ends short of a page, reserved words that are not
 * looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "case.h"

#define PAGE	4096U
#define AREA	(3U << 20)	/* of fn->memory->data that is compared */

/* Memory that can only be read, and addresses behind it that are not mapped. */
#define READ_ONLY	0x80000000ULL

static uint8_t want[AREA];
static uint8_t *read_only;

static int setup(void **state)
{
	static struct portal fn;
	uint32_t i;

	case_open_portal(&fn, 0);
	for (i = 0; i < AREA; i++)
		want[i] = i * 2654435761U >> 24;
	memcpy(fn.memory->data, want, AREA);
	read_only = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(read_only, MAP_FAILED);
	memset(read_only, 0x77, 2 * PAGE);
	portal_map_dma(&fn, READ_ONLY, read_only, 2 * PAGE,
		       IMS_VFIO_DMA_READ);
	assert_int_equal(wq_bind(&fn.wq, 0, 1), 0);
	*state = &fn;
	return 0;
}

static int teardown(void **state)
{
	portal_close(*state);
	munmap(read_only, 2 * PAGE);
	return 0;
}

/* The device's address of a byte of the area */
static uint64_t at(struct portal *fn, uint32_t offset)
{
	return portal_iova(fn, fn->memory->data + offset);
}

static void assert_memory(struct portal *fn)
{
	uint32_t i;

	if (!memcmp(fn->memory->data, want, AREA))
		return;
	for (i = 0; fn->memory->data[i] == want[i]; i++)
		;
	fail_msg("byte %#x is %#x, not %#x", i, fn->memory->data[i], want[i]);
}

static struct ims_siov_desc desc(uint32_t operation, uint64_t source,
				 uint64_t destination, uint32_t size)
{
	return (struct ims_siov_desc) {
		.control = operation, .source = source,
		.destination = destination, .size = size,
	};
}

/* It must work. */
static void execute(struct portal *fn, struct ims_siov_desc d, uint32_t result,
		    uint64_t bytes)
{
	uint32_t errors = wq_read(&fn->wq, IMS_SIOV_REG_ERRORS);

	assert_int_equal(portal_execute(fn, d), IMS_SIOV_ERR_NONE);
	portal_settle(fn);
	assert_int_equal(fn->memory->record.result, result);
	assert_int_equal(fn->memory->record.bytes, bytes);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ERRORS), errors);
	assert_memory(fn);
}

static const uint32_t sizes[] = { 1, 2, 7, 8, 9, 63, 64, 65, PAGE - 1, PAGE,
	PAGE + 1, 3 * PAGE + 5, 65536, IMS_SIOV_SIZE_MAX - 1,
	IMS_SIOV_SIZE_MAX };
static const uint32_t offsets[] = { 0, 1, 8, PAGE - 1, PAGE - 8, 2 * PAGE + 3 };

#define each(i, array) (i = 0; i < sizeof(array) / sizeof(array[0]); i++)

static void moves(void **state)
{
	struct portal *fn = *state;
	uint32_t from, to;
	size_t i, j;

	for each(i, sizes)
		for each(j, offsets) {
			from = offsets[j];
			to = 0x180000 + offsets[(i + j) % 6];
			memmove(want + to, want + from, sizes[i]);
			execute(fn, desc(IMS_SIOV_OPERATION_MOVE, at(fn, from),
					 at(fn, to), sizes[i]), 0, sizes[i]);
			/* The next one is to find something else. */
			want[from] = ++fn->memory->data[from];
		}
	/* Within a page */
	memmove(want + 100, want + 200, 50);
	execute(fn, desc(IMS_SIOV_OPERATION_MOVE, at(fn, 200), at(fn, 100), 50),
		0, 50);
	/* From memory that can only be read */
	memset(want + 300, 0x77, PAGE);
	execute(fn, desc(IMS_SIOV_OPERATION_MOVE, READ_ONLY + 500, at(fn, 300),
			 PAGE), 0, PAGE);
}

static void fills(void **state)
{
	struct portal *fn = *state;
	uint64_t pattern = 0x0807060504030201;
	uint32_t to, k;
	size_t i, j;

	for each(i, sizes)
		for each(j, offsets) {
			to = 0x100000 + offsets[j];
			for (k = 0; k < sizes[i]; k++)
				want[to + k] = pattern >> k % 8 * 8;
			execute(fn, desc(IMS_SIOV_OPERATION_FILL, pattern,
					 at(fn, to), sizes[i]), 0, sizes[i]);
			pattern = pattern * 3 + 1;
		}
}

static void compares(void **state)
{
	struct portal *fn = *state;
	uint32_t a, b, differs;
	size_t i, j;

	for each(i, sizes)
		for each(j, offsets) {
			a = offsets[j];
			b = 0x180000 + offsets[(i + j) % 6];
			memcpy(want + b, want + a, sizes[i]);
			memcpy(fn->memory->data + b, want + a, sizes[i]);
			execute(fn, desc(IMS_SIOV_OPERATION_COMPARE, at(fn, a),
					 at(fn, b), sizes[i]), 0, sizes[i]);
			/* Their last byte, then one in the middle as well */
			for (differs = sizes[i] - 1; ; differs /= 2) {
				want[b + differs] = ++fn->memory->data[b + differs];
				execute(fn, desc(IMS_SIOV_OPERATION_COMPARE,
						 at(fn, a), at(fn, b),
						 sizes[i]), 1, differs);
				if (j || !differs)
					break;
			}
		}
}

/* In order, each with a record of its own: the next needs what one has done. */
static void batches(void **state)
{
	struct portal *fn = *state;
	struct ims_siov_completion *records = (void *)(fn->memory->data + AREA);
	struct ims_siov_desc *batch = fn->memory->batch;
	uint32_t i, count = 200;

	memset(records, 0, count * sizeof(*records));
	for (i = 0; i < count; i++) {
		batch[i] = desc(IMS_SIOV_OPERATION_MOVE, at(fn, i * 1000),
				at(fn, (i + 1) * 1000), 1000);
		batch[i].control |= IMS_SIOV_DESC_COMPLETION;
		batch[i].completion = portal_iova(fn, &records[i]);
		/* Ignored here */
		if (i % 2)
			batch[i].control |= IMS_SIOV_DESC_VALID;
		memcpy(want + (i + 1) * 1000, want + i * 1000, 1000);
	}
	execute(fn, desc(IMS_SIOV_OPERATION_BATCH, portal_iova(fn, batch), 0,
			 count), 0, count);
	for (i = 0; i < count; i++) {
		assert_int_equal(records[i].status, IMS_SIOV_COMPLETION_DONE);
		assert_int_equal(records[i].bytes, 1000);
	}
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_DONE), count + 1);

	/* Some of them fail, and the others are executed. */
	for (i = 0; i < count; i++) {
		batch[i] = desc(IMS_SIOV_OPERATION_FILL, i, at(fn, 8 * i), 8);
		memcpy(want + 8 * i, &(uint64_t){ i }, 8);
	}
	batch[10].control = IMS_SIOV_OPERATION_BATCH;
	memcpy(fn->memory->data + 80, want + 80, 8);
	batch[20].size = 0;
	memcpy(fn->memory->data + 160, want + 160, 8);
	batch[30].reserved[6] = 1;
	memcpy(fn->memory->data + 240, want + 240, 8);
	assert_int_equal(portal_execute(fn, desc(IMS_SIOV_OPERATION_BATCH,
						 portal_iova(fn, batch), 0,
						 count)), IMS_SIOV_ERR_NONE);
	portal_settle(fn);
	assert_int_equal(fn->memory->record.bytes, count - 3);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ERRORS), 3);
	assert_memory(fn);

	/* As long as can be */
	memset(batch, 0, sizeof(fn->memory->batch));
	execute(fn, desc(IMS_SIOV_OPERATION_BATCH, portal_iova(fn, batch), 0,
			 WQ_VECTORS), 0, WQ_VECTORS);
}

/*
 * It must fail, with a record if @record. Returns the bytes that were done, of
 * which the caller knows what they are.
 */
static uint64_t refuse(struct portal *fn, struct ims_siov_desc d,
		       uint32_t error, bool record)
{
	uint32_t errors = wq_read(&fn->wq, IMS_SIOV_REG_ERRORS);
	uint32_t done = wq_read(&fn->wq, IMS_SIOV_REG_DONE);
	uint64_t bytes = 0;

	wq_write(&fn->wq, IMS_SIOV_REG_INTCAUSE, UINT32_MAX);
	wq_take(&fn->wq, 0);
	if (record) {
		assert_int_equal(portal_execute(fn, d), error);
		bytes = fn->memory->record.bytes;
	} else {
		memset(&fn->memory->record, 0, sizeof(fn->memory->record));
		portal_submit(fn, &d);
	}
	/* Vector 0 tells of it. */
	assert_int_equal(wq_wait(&fn->wq, 0), 1);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_INTCAUSE),
			 IMS_SIOV_INTCAUSE_ERROR);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_ERRORS), errors + 1);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_DONE), done + 1);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_LAST_ERROR), error);
	/* Of a batch nothing was executed. */
	fn->memory->submitted = done + 1;
	return bytes;
}

static void refuse_all_of(struct portal *fn, struct ims_siov_desc d,
			  uint32_t error)
{
	assert_int_equal(refuse(fn, d, error, true), 0);
	assert_memory(fn);
}

/* Neither its record nor its interrupt is believed. */
static void refuse_malformed(struct portal *fn, struct ims_siov_desc d)
{
	d.control |= IMS_SIOV_DESC_COMPLETION | IMS_SIOV_DESC_INTERRUPT;
	d.completion = portal_iova(fn, &fn->memory->record);
	d.handle = fn->handles[1];
	refuse(fn, d, IMS_SIOV_ERR_INVALID, false);
	assert_int_equal(fn->memory->record.status, 0);
	assert_int_equal(wq_take(&fn->wq, 1), 0);
	assert_memory(fn);
}

static void malformed_is_refused(void **state)
{
	struct portal *fn = *state;
	struct ims_siov_desc good = desc(IMS_SIOV_OPERATION_MOVE, at(fn, 0),
					 at(fn, PAGE), 64), d;
	uint32_t i;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	for (i = IMS_SIOV_OPERATION_BATCH + 1; i < 256; i += i < 8 ? 1 : 31) {
		d = good;
		d.control = i;
		refuse_malformed(fn, d);
	}
	for (i = 10; i < 31; i++) {
		d = good;
		d.control |= 1U << i;
		refuse_malformed(fn, d);
	}
	for (i = 0; i < 7; i++) {
		d = good;
		d.reserved[i] = 1U << (i * 5);
		refuse_malformed(fn, d);
	}
	for (i = IMS_SIOV_OPERATION_MOVE; i <= IMS_SIOV_OPERATION_BATCH; i++) {
		d = good;
		d.control = i;
		d.size = 0;
		refuse_all_of(fn, d, IMS_SIOV_ERR_SIZE);
		d.size = i == IMS_SIOV_OPERATION_BATCH ?
			 IMS_SIOV_BATCH_MAX + 1 : IMS_SIOV_SIZE_MAX + 1;
		refuse_all_of(fn, d, IMS_SIOV_ERR_SIZE);
		d.size = UINT32_MAX;
		refuse_all_of(fn, d, IMS_SIOV_ERR_SIZE);
	}
	execute(fn, desc(IMS_SIOV_OPERATION_NOP, 0, 0, 0), 0, 0);
	assert_int_equal(wq_read(&fn->wq, IMS_SIOV_REG_INTERRUPTS), 0);
}

static void foreign_memory_is_refused(void **state)
{
	static const uint64_t nowhere[] = { 0, PAGE, READ_ONLY + 2 * PAGE,
		PORTAL_IOVA - 64, 0x100000000, UINT64_MAX - 63,
		UINT64_MAX, 0xfee00000 };
	struct portal *fn = *state;
	uint64_t end = READ_ONLY + 2 * PAGE, bytes;
	size_t i;

	for each(i, nowhere) {
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_MOVE, nowhere[i],
				       at(fn, 0), 64), IMS_SIOV_ERR_ADDRESS);
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_MOVE, at(fn, 0),
				       nowhere[i], 64), IMS_SIOV_ERR_ADDRESS);
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_FILL, 5, nowhere[i],
				       64), IMS_SIOV_ERR_ADDRESS);
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_COMPARE, nowhere[i],
				       at(fn, 0), 64), IMS_SIOV_ERR_ADDRESS);
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_COMPARE, at(fn, 0),
				       nowhere[i], 64), IMS_SIOV_ERR_ADDRESS);
		refuse_all_of(fn, desc(IMS_SIOV_OPERATION_BATCH, nowhere[i], 0,
				       1), IMS_SIOV_ERR_ADDRESS);
	}
	/* For reading only */
	refuse_all_of(fn, desc(IMS_SIOV_OPERATION_FILL, 5, READ_ONLY, 64),
		      IMS_SIOV_ERR_ADDRESS);
	refuse_all_of(fn, desc(IMS_SIOV_OPERATION_MOVE, at(fn, 0),
			       READ_ONLY + PAGE, 64), IMS_SIOV_ERR_ADDRESS);
	for (i = 0; i < 2 * PAGE; i++)
		assert_int_equal(read_only[i], 0x77);

	/* The end of what is mapped: what was done before it, and is told */
	bytes = refuse(fn, desc(IMS_SIOV_OPERATION_MOVE, end - 100, at(fn, 7),
				300), IMS_SIOV_ERR_ADDRESS, true);
	assert_in_range(bytes, 0, 100);
	memset(want + 7, 0x77, bytes);
	assert_memory(fn);
}

static void records_are_refused(void **state)
{
	static const uint64_t records[] = { READ_ONLY, READ_ONLY + 2 * PAGE, 0 };
	struct portal *fn = *state;
	struct ims_siov_desc d = desc(IMS_SIOV_OPERATION_NOP, 0, 0, 0);
	uint32_t i;

	d.control |= IMS_SIOV_DESC_COMPLETION;
	for (i = 1; i < 16; i++) {
		d.completion = at(fn, 64 + i);
		refuse(fn, d, IMS_SIOV_ERR_ADDRESS, false);
		assert_memory(fn);
	}
	for each(i, records) {
		d.completion = records[i];
		refuse(fn, d, IMS_SIOV_ERR_ADDRESS, false);
		assert_memory(fn);
	}
	for (i = 0; i < 2 * PAGE; i++)
		assert_int_equal(read_only[i], 0x77);

	/* None is wanted. */
	d.control &= ~IMS_SIOV_DESC_COMPLETION;
	d.completion = at(fn, 64);
	portal_submit(fn, &d);
	execute(fn, desc(IMS_SIOV_OPERATION_NOP, 0, 0, 0), 0, 0);
}

/* The interrupt comes after the record; a failed descriptor raises it, too. */
static void interrupt_follows_record(void **state)
{
	struct portal *fn = *state;
	struct ims_siov_completion *record = &fn->memory->record;
	struct ims_siov_desc d = desc(IMS_SIOV_OPERATION_MOVE, at(fn, 0),
				      at(fn, 0x100000), IMS_SIOV_SIZE_MAX);
	uint32_t i;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	d.control |= IMS_SIOV_DESC_COMPLETION | IMS_SIOV_DESC_INTERRUPT;
	d.completion = portal_iova(fn, record);
	d.handle = fn->handles[1];
	for (i = 0; i < 20; i++) {
		memset(record, 0, sizeof(*record));
		d.size = i % 4 ? IMS_SIOV_SIZE_MAX : 0;
		portal_submit(fn, &d);
		assert_int_equal(wq_wait(&fn->wq, 1), 1);
		assert_int_equal(record->status, IMS_SIOV_COMPLETION_DONE |
				 (i % 4 ? 0 : IMS_SIOV_ERR_SIZE));
		assert_int_equal(record->bytes, d.size);
	}
}

/* What is unmapped is not reached any more, and what is mapped instead is. */
static void memory_that_goes(void **state)
{
	struct portal *fn = *state;
	const uint64_t iova = 0x90000000;
	uint8_t *first = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *second = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t i, flags = IMS_VFIO_DMA_READ | IMS_VFIO_DMA_WRITE;
	struct ims_siov_desc fill = desc(IMS_SIOV_OPERATION_FILL,
					 0x1111111111111111, iova, 4 * PAGE);

	assert_ptr_not_equal(first, MAP_FAILED);
	assert_ptr_not_equal(second, MAP_FAILED);
	portal_map_dma(fn, iova, first, 4 * PAGE, flags);
	execute(fn, fill, 0, 4 * PAGE);
	for (i = 0; i < 4 * PAGE; i++)
		assert_int_equal(first[i], 0x11);

	portal_unmap_dma(fn, iova, 4 * PAGE);
	memset(first, 0, 4 * PAGE);
	refuse_all_of(fn, fill, IMS_SIOV_ERR_ADDRESS);

	portal_map_dma(fn, iova, second, 4 * PAGE, flags);
	execute(fn, fill, 0, 4 * PAGE);
	for (i = 0; i < 4 * PAGE; i++) {
		assert_int_equal(first[i], 0);
		assert_int_equal(second[i], 0x11);
	}
	/* Mapped for the device, but not any more in the process */
	munmap(second, 4 * PAGE);
	refuse_all_of(fn, fill, IMS_SIOV_ERR_ADDRESS);
	portal_unmap_dma(fn, iova, 4 * PAGE);
	munmap(first, 4 * PAGE);
}

/*
 * A portal that its user has mapped for DMA. Whether it can be read so does not
 * matter; the device does not come to harm, not even while the function is reset,
 * when nobody reaches its portal.
 */
static void portal_as_memory(void **state)
{
	struct portal *fn = *state;
	const uint64_t iova = 0x90000000;
	struct ims_siov_desc d = desc(IMS_SIOV_OPERATION_MOVE, iova,
				      at(fn, 0x200000), PAGE);
	uint32_t i, k;

	portal_map_dma(fn, iova, (void *)fn->page, PAGE, IMS_VFIO_DMA_READ |
		       IMS_VFIO_DMA_WRITE);
	for (i = 0; i < 100; i++) {
		for (k = 0; k < 20; k++)
			portal_submit(fn, &d);
		usleep(i * 30);
		assert_int_equal(ims_vfio_reset(fn->wq.vfio), 0);
		portal_restart(fn);
	}
	portal_unmap_dma(fn, iova, PAGE);
	memcpy(want + 0x200000, fn->memory->data + 0x200000, PAGE);
	want[0] = 5;
	execute(fn, desc(IMS_SIOV_OPERATION_FILL, 5, at(fn, 0), 1), 0, 1);
}

/*
 * Memory that is not there before a page fault is resolved, which a user can put off
 * as long as he likes: others go on.
 */
static void memory_that_does_not_come(void **state)
{
	static struct portal other;
	struct portal *fn = *state;
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_zeropage zero = { 0 };
	struct ims_siov_completion *record = &fn->memory->record;
	struct ims_siov_desc d = desc(IMS_SIOV_OPERATION_MOVE, 0x90000000,
				      at(fn, 0), PAGE);
	uint32_t i;
	void *page;
	int fd;

	fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api)) {
		print_message("# this kernel has no userfaultfd\n");
		skip();
	}
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	area.range.start = zero.range.start = (uintptr_t)page;
	area.range.len = zero.range.len = PAGE;
	assert_return_code(ioctl(fd, UFFDIO_REGISTER, &area), errno);
	portal_map_dma(fn, 0x90000000, page, PAGE, IMS_VFIO_DMA_READ);

	case_open_portal(&other, 1);
	assert_int_equal(portal_bind(&other, 1, 10), 0);
	memset(record, 0, sizeof(*record));
	d.control |= IMS_SIOV_DESC_COMPLETION;
	d.completion = portal_iova(fn, record);
	portal_submit(fn, &d);
	for (i = 0; i < 5; i++) {
		fire(&other, 1 + i, 1);
		assert_int_equal(wq_wait(&other.wq, 1 + i), 1);
		usleep(10000);
	}
	assert_int_equal(record->status, 0);
	portal_close(&other);

	assert_return_code(ioctl(fd, UFFDIO_ZEROPAGE, &zero), errno);
	assert_int_equal(portal_wait(fn, record), IMS_SIOV_ERR_NONE);
	memset(want, 0, PAGE);
	assert_memory(fn);
	close(fd);
	portal_unmap_dma(fn, 0x90000000, PAGE);
	munmap(page, PAGE);
}

#define work_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		work_test(moves),
		work_test(fills),
		work_test(compares),
		work_test(batches),
		work_test(malformed_is_refused),
		work_test(foreign_memory_is_refused),
		work_test(records_are_refused),
		work_test(interrupt_follows_record),
		work_test(memory_that_goes),
		work_test(portal_as_memory),
		work_test(memory_that_does_not_come),
	};

	return cmocka_run_group_tests_name("portal_work", tests, NULL, NULL);
}
