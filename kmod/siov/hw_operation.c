// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors are executed: the operation on the user's memory, the completion
 * record, and the interrupt, which siov_hw_raise() raises afterwards.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "hw.h"

#define SIOV_HW_DESC_KNOWN						\
	(IMS_SIOV_DESC_OPERATION | IMS_SIOV_DESC_COMPLETION |		\
	 IMS_SIOV_DESC_INTERRUPT | IMS_SIOV_DESC_VALID)

/**
 * struct siov_hw_result - what became of an operation
 * @error: IMS_SIOV_ERR_*
 * @result: of the completion record
 * @bytes: the same
 */
struct siov_hw_result {
	u32 error;
	u32 result;
	u64 bytes;
};

static void siov_hw_move(struct siov_hw_queue *queue,
			 const struct ims_siov_desc *desc,
			 struct siov_hw_result *result)
{
	u64 from = le64_to_cpu(desc->source), to = le64_to_cpu(desc->destination);
	u32 size = le32_to_cpu(desc->size);
	size_t n;

	while (!result->error && result->bytes < size) {
		n = min_t(size_t, size - result->bytes, PAGE_SIZE);
		result->error = siov_hw_memory_read(queue, from + result->bytes,
						    queue->page, n);
		if (!result->error)
			result->error = siov_hw_memory_write(queue,
					to + result->bytes, queue->page, n);
		if (!result->error)
			result->bytes += n;
	}
}

static void siov_hw_fill(struct siov_hw_queue *queue,
			 const struct ims_siov_desc *desc,
			 struct siov_hw_result *result)
{
	u64 to = le64_to_cpu(desc->destination);
	u32 size = le32_to_cpu(desc->size);
	size_t n;

	/* Each page begins with the pattern's first byte. */
	for (n = 0; n < PAGE_SIZE; n += sizeof(desc->source))
		memcpy(queue->page + n, &desc->source, sizeof(desc->source));

	while (!result->error && result->bytes < size) {
		n = min_t(size_t, size - result->bytes, PAGE_SIZE);
		result->error = siov_hw_memory_write(queue, to + result->bytes,
						     queue->page, n);
		if (!result->error)
			result->bytes += n;
	}
}

static void siov_hw_compare(struct siov_hw_queue *queue,
			    const struct ims_siov_desc *desc,
			    struct siov_hw_result *result)
{
	u64 a = le64_to_cpu(desc->source), b = le64_to_cpu(desc->destination);
	u32 size = le32_to_cpu(desc->size);
	size_t n, i;

	while (!result->error && result->bytes < size) {
		n = min_t(size_t, size - result->bytes, PAGE_SIZE);
		result->error = siov_hw_memory_read(queue, a + result->bytes,
						    queue->page, n);
		if (!result->error)
			result->error = siov_hw_memory_read(queue,
					b + result->bytes, queue->other, n);
		if (result->error)
			return;

		for (i = 0; i < n && queue->page[i] == queue->other[i]; i++)
			;
		result->bytes += i;
		if (i < n) {
			result->result = 1;
			return;
		}
	}
}

static void siov_hw_batch(struct siov_hw_queue *queue,
			  const struct ims_siov_desc *desc,
			  struct siov_hw_result *result)
{
	u64 list = le64_to_cpu(desc->source);
	u32 left = le32_to_cpu(desc->size);
	size_t n, i;

	while (left) {
		n = min_t(size_t, left, ARRAY_SIZE(queue->batch));
		result->error = siov_hw_memory_read(queue, list, queue->batch,
						    n * sizeof(*desc));
		if (result->error)
			return;
		for (i = 0; i < n; i++)
			result->bytes += siov_hw_execute(queue,
							 &queue->batch[i], true);
		siov_hw_raise(queue);
		list += n * sizeof(*desc);
		left -= n;
		cond_resched();
	}
}

static bool siov_hw_valid(const struct ims_siov_desc *desc, bool in_batch)
{
	u32 control = le32_to_cpu(desc->control);
	u32 operation = control & IMS_SIOV_DESC_OPERATION;
	size_t i;

	if (control & ~SIOV_HW_DESC_KNOWN)
		return false;
	for (i = 0; i < ARRAY_SIZE(desc->reserved); i++)
		if (desc->reserved[i])
			return false;
	return operation <= IMS_SIOV_OPERATION_BATCH &&
	       !(in_batch && operation == IMS_SIOV_OPERATION_BATCH);
}

static u32 siov_hw_check(const struct ims_siov_desc *desc)
{
	u32 control = le32_to_cpu(desc->control);
	u32 size = le32_to_cpu(desc->size);
	u32 most = IMS_SIOV_SIZE_MAX;

	if (control & IMS_SIOV_DESC_COMPLETION &&
	    !IS_ALIGNED(le64_to_cpu(desc->completion),
			sizeof(struct ims_siov_completion)))
		return IMS_SIOV_ERR_ADDRESS;

	switch (control & IMS_SIOV_DESC_OPERATION) {
	case IMS_SIOV_OPERATION_NOP:
		return IMS_SIOV_ERR_NONE;
	case IMS_SIOV_OPERATION_BATCH:
		most = IMS_SIOV_BATCH_MAX;
		break;
	}
	return size && size <= most ? IMS_SIOV_ERR_NONE : IMS_SIOV_ERR_SIZE;
}

static void siov_hw_operate(struct siov_hw_queue *queue,
			    const struct ims_siov_desc *desc,
			    struct siov_hw_result *result)
{
	switch (le32_to_cpu(desc->control) & IMS_SIOV_DESC_OPERATION) {
	case IMS_SIOV_OPERATION_MOVE:
		siov_hw_move(queue, desc, result);
		break;
	case IMS_SIOV_OPERATION_FILL:
		siov_hw_fill(queue, desc, result);
		break;
	case IMS_SIOV_OPERATION_COMPARE:
		siov_hw_compare(queue, desc, result);
		break;
	case IMS_SIOV_OPERATION_BATCH:
		siov_hw_batch(queue, desc, result);
		break;
	}
}

/* The status comes last: who polls it finds the rest. */
static u32 siov_hw_complete(struct siov_hw_queue *queue, u64 address,
			    const struct siov_hw_result *result)
{
	const struct ims_siov_completion record = {
		.status = cpu_to_le32(IMS_SIOV_COMPLETION_DONE | result->error),
		.result = cpu_to_le32(result->result),
		.bytes = cpu_to_le64(result->bytes),
	};
	const size_t rest = offsetof(struct ims_siov_completion, result);
	u32 error;

	error = siov_hw_memory_write(queue, address + rest, (u8 *)&record + rest,
				     sizeof(record) - rest);
	if (!error)
		error = siov_hw_memory_write(queue, address, &record.status,
					     sizeof(record.status));
	return error;
}

/**
 * siov_hw_execute - execute a descriptor
 * @queue: the queue
 * @desc: the descriptor, whatever is in it
 * @in_batch: it is one of a batch
 *
 * Context: process context, with queue->step held. May sleep.
 *
 * Return: whether all of it has succeeded so far; its interrupt comes later
 */
bool siov_hw_execute(struct siov_hw_queue *queue, const struct ims_siov_desc *desc,
		     bool in_batch)
{
	struct siov_hw_result result = { };
	u32 control = le32_to_cpu(desc->control);
	u32 error = IMS_SIOV_ERR_NONE;

	lockdep_assert_held(&queue->step);

	if (!siov_hw_valid(desc, in_batch)) {
		siov_hw_fail(queue, IMS_SIOV_ERR_INVALID);
		queue->done++;
		return false;
	}

	result.error = siov_hw_check(desc);
	if (!result.error)
		siov_hw_operate(queue, desc, &result);
	if (control & IMS_SIOV_DESC_COMPLETION &&
	    IS_ALIGNED(le64_to_cpu(desc->completion), sizeof(struct ims_siov_completion)))
		error = siov_hw_complete(queue, le64_to_cpu(desc->completion),
					 &result);
	/* A descriptor is one error, whatever is wrong with it. */
	if (result.error)
		error = result.error;
	siov_hw_fail(queue, error);
	if (control & IMS_SIOV_DESC_INTERRUPT)
		siov_hw_want(queue, le32_to_cpu(desc->handle));
	queue->done++;
	return !error;
}
