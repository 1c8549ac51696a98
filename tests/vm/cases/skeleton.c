// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function of ims_skeleton.ko: vectors that have slots before they have triggers
 * and triggers without slots. Its array of messages is looked at as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../skeleton/registers.h"
#include "case.h"

#define SLOTS	256

/* An entry of the array, as hardware.h of the driver has it. */
struct entry {
	uint32_t address[2];
	uint32_t data;
	uint32_t control;
};

#define CONTROL_IGNORE	0x4
#define CONTROL_PASID	12

static volatile const struct entry *entries;

static struct wq fn;

static void map_entries(void)
{
	const char *device = getenv("IMS_SKELETON");
	char path[256];
	void *map;
	int fd;

	if (!device)
		errx(1, "IMS_SKELETON is not set: run this by cases/skeleton.sh");
	snprintf(path, sizeof(path), "%s/resource2", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	map = mmap(NULL, SLOTS * sizeof(struct entry), PROT_READ, MAP_SHARED,
		   fd, 0);
	if (map == MAP_FAILED)
		err(1, "%s: mmap", path);
	entries = map;
}

/* Slots in use that carry @pasid. */
static unsigned int entries_with(uint32_t pasid)
{
	unsigned int count = 0;
	uint32_t control;
	int i;

	for (i = 0; i < SLOTS; i++) {
		control = entries[i].control;
		if (!(control & CONTROL_IGNORE) && control >> CONTROL_PASID == pasid)
			count++;
	}
	return count;
}

/* Write a register: 0 or what STATUS says, negative. */
static int command(struct wq *wq, uint32_t reg, uint32_t value)
{
	wq_write(wq, reg, value);
	return -(int)wq_read(wq, SKEL_REG_STATUS);
}

static uint32_t handle(struct wq *wq, uint32_t vector)
{
	return wq_read(wq, SKEL_REG_HANDLE + 4 * vector);
}

static uint32_t pasid(struct wq *wq)
{
	return wq_read(wq, SKEL_REG_PASID);
}

/* Its handle raises the vector, once. */
static void assert_fires(struct wq *wq, uint32_t vector)
{
	uint32_t h = handle(wq, vector);

	assert_int_not_equal(h, SKEL_NO_HANDLE);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), 0);
	assert_int_equal(wq_wait(wq, vector), 1);
	assert_int_equal(wq_take(wq, vector), 0);
}

static int setup(void **state)
{
	case_open(&fn, 0);
	*state = &fn;
	return 0;
}

static int teardown(void **state)
{
	uint32_t own = pasid(*state);

	wq_close(*state);
	assert_int_equal(entries_with(own), 0);
	return 0;
}

static void prepared_before_it_is_bound(void **state)
{
	struct wq *wq = *state;
	uint32_t h;

	assert_int_equal(handle(wq, 3), SKEL_NO_HANDLE);
	assert_int_equal(command(wq, SKEL_REG_PREPARE, 3), 0);
	h = handle(wq, 3);
	assert_int_not_equal(h, SKEL_NO_HANDLE);
	assert_int_equal(entries_with(pasid(wq)), 1);
	assert_int_equal(entries[h].control >> CONTROL_PASID, pasid(wq));
	assert_int_not_equal(entries[h].address[0], 0);

	/* What was fired before is delivered once, when there is a trigger. */
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), 0);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), 0);
	assert_int_equal(wq_bind(wq, 3, 1), 0);
	assert_int_equal(handle(wq, 3), h);
	assert_int_equal(wq_wait(wq, 3), 1);
	assert_int_equal(wq_take(wq, 3), 0);
	assert_fires(wq, 3);

	/* It outlives the trigger, and ends by release. */
	assert_int_equal(ims_vfio_unbind(wq->vfio, 3, 1), 0);
	assert_int_equal(handle(wq, 3), h);
	assert_int_equal(command(wq, SKEL_REG_RELEASE, h), 0);
	assert_int_equal(handle(wq, 3), SKEL_NO_HANDLE);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), -ENOENT);
	assert_int_equal(command(wq, SKEL_REG_RELEASE, h), -ENOENT);
	assert_int_equal(entries_with(pasid(wq)), 0);
}

static void handles_are_each_functions_own(void **state)
{
	struct wq *wq = *state;
	static struct wq other;

	case_open(&other, 1);
	assert_int_not_equal(pasid(wq), pasid(&other));
	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_int_equal(wq_bind(&other, 0, 4), 0);
	assert_fires(wq, 2);
	assert_fires(&other, 2);
	assert_int_equal(command(wq, SKEL_REG_FIRE, handle(&other, 1)), -EACCES);
	assert_int_equal(command(wq, SKEL_REG_RELEASE, handle(&other, 1)), -ENOENT);
	assert_int_equal(wq_take(&other, 1), 0);
	wq_close(&other);
}

static void revoked_and_armed(void **state)
{
	struct wq *wq = *state;
	uint32_t changes;
	uint32_t h;

	assert_int_equal(wq_bind(wq, 0, 2), 0);
	h = handle(wq, 1);
	changes = wq_read(wq, SKEL_REG_CHANGES);
	assert_int_equal(command(wq, SKEL_REG_REVOKE, 1), 0);
	assert_int_equal(wq_read(wq, SKEL_REG_CHANGES), changes + 1);
	assert_int_equal(handle(wq, 1), SKEL_NO_HANDLE);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), -ENOENT);
	assert_fires(wq, 0);

	/* The trigger is there: loopback works. */
	assert_int_equal(ims_vfio_trigger(wq->vfio, 1, 1), 0);
	assert_int_equal(wq_take(wq, 1), 1);

	assert_int_equal(command(wq, SKEL_REG_ARM, 0), 0);
	assert_int_not_equal(handle(wq, 1), h);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), -ENOENT);
	assert_fires(wq, 1);
}

static void held_as_a_whole(void **state)
{
	struct wq *wq = *state;
	uint32_t v;

	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_int_equal(command(wq, SKEL_REG_HOLD, 0), 0);
	assert_int_equal(entries_with(pasid(wq)), 0);
	/* What is bound or prepared now waits. */
	assert_int_equal(wq_bind(wq, 4, 2), 0);
	assert_int_equal(command(wq, SKEL_REG_PREPARE, 6), 0);
	for (v = 0; v <= 6; v++)
		assert_int_equal(handle(wq, v), SKEL_NO_HANDLE);

	assert_int_equal(command(wq, SKEL_REG_ARM, 0), 0);
	assert_int_equal(entries_with(pasid(wq)), 7);
	for (v = 0; v < 6; v++)
		assert_fires(wq, v);
	assert_int_not_equal(handle(wq, 6), SKEL_NO_HANDLE);
}

static void no_entry_carries_a_detached_pasid(void **state)
{
	struct wq *wq = *state;
	static struct wq other;
	int i;

	case_open(&other, 1);
	assert_int_equal(wq_bind(wq, 0, SKEL_VECTORS), 0);
	assert_int_equal(wq_bind(&other, 0, SKEL_VECTORS), 0);
	for (i = 0; i < 20; i++) {
		assert_int_equal(entries_with(pasid(wq)), SKEL_VECTORS);
		assert_int_equal(command(wq, SKEL_REG_REVOKE_COOKIE, pasid(wq)), 0);
		assert_int_equal(entries_with(pasid(wq)), 0);
		assert_int_equal(entries_with(pasid(&other)), SKEL_VECTORS);
		assert_int_equal(command(wq, SKEL_REG_ARM, 0), 0);
		assert_fires(wq, i % SKEL_VECTORS);
	}
	wq_close(&other);
}

static void as_after_open_when_reset(void **state)
{
	struct wq *wq = *state;
	uint32_t v;

	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_int_equal(command(wq, SKEL_REG_PREPARE, 5), 0);
	assert_int_equal(ims_vfio_reset(wq->vfio), 0);
	assert_int_equal(entries_with(pasid(wq)), 0);
	for (v = 0; v < SKEL_VECTORS; v++)
		assert_int_equal(handle(wq, v), SKEL_NO_HANDLE);
	assert_int_equal(wq_bind(wq, 0, 4), 0);
	assert_fires(wq, 1);
}

static bool reset_device(void)
{
	char path[256];
	bool done;
	int fd;

	snprintf(path, sizeof(path), "%s/reset", getenv("IMS_SKELETON"));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = write(fd, "1", 1) == 1;
	close(fd);
	return done;
}

static void the_device_is_reset(void **state)
{
	struct wq *wq = *state;
	uint32_t h, v;

	assert_int_equal(wq_bind(wq, 0, 4), 0);
	h = handle(wq, 3);
	assert_int_equal(ims_vfio_mask(wq->vfio, 3, 1), 0);
	assert_int_equal(command(wq, SKEL_REG_FIRE, h), 0);
	assert_true(reset_device());
	assert_int_equal(entries_with(pasid(wq)), 4);
	for (v = 0; v < 3; v++)
		assert_fires(wq, v);
	/* What the vector has kept back it still has. */
	assert_int_equal(wq_take(wq, 3), 0);
	assert_int_equal(ims_vfio_unmask(wq->vfio, 3, 1), 0);
	assert_int_equal(wq_wait(wq, 3), 1);
	assert_int_equal(handle(wq, 3), h);
	assert_fires(wq, 3);
}

/* Registers are written all the time: the device is touched or the write refused. */
static void used_while_the_device_is_reset(void **state)
{
	struct wq *wq = *state;
	unsigned int refused = 0, i;
	uint32_t h;
	pid_t child;
	int status, ret;

	assert_int_equal(wq_bind(wq, 0, 1), 0);
	h = handle(wq, 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		for (i = 0; i < 3 && reset_device(); i++)
			;
		_exit(i < 3);
	}
	while (!waitpid(child, &status, WNOHANG)) {
		ret = command(wq, SKEL_REG_FIRE, h);
		assert_true(!ret || ret == -EBUSY);
		refused += ret == -EBUSY;
	}
	assert_int_equal(status, 0);
	assert_true(refused > 0);
	wq_take(wq, 0);
	assert_fires(wq, 0);
}

static void nonsense_is_refused(void **state)
{
	struct wq *wq = *state;

	assert_int_equal(command(wq, SKEL_REG_FIRE, SLOTS), -ENOENT);
	assert_int_equal(command(wq, SKEL_REG_FIRE, SKEL_NO_HANDLE), -ENOENT);
	assert_int_equal(command(wq, SKEL_REG_PREPARE, SKEL_VECTORS), -EINVAL);
	assert_int_equal(command(wq, SKEL_REG_REVOKE, SKEL_VECTORS), -EINVAL);
	assert_int_equal(command(wq, SKEL_REG_RELEASE, SKEL_NO_HANDLE), -ENOENT);
	assert_int_equal(entries_with(pasid(wq)), 0);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		EACH(prepared_before_it_is_bound),
		EACH(handles_are_each_functions_own),
		EACH(revoked_and_armed),
		EACH(held_as_a_whole),
		EACH(no_entry_carries_a_detached_pasid),
		EACH(as_after_open_when_reset),
		EACH(the_device_is_reset),
		EACH(used_while_the_device_is_reset),
		EACH(nonsense_is_refused),
	};

	map_entries();
	return cmocka_run_group_tests_name("skeleton", tests, NULL, NULL);
}
