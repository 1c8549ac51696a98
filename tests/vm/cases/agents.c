// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several agents at once: they dump, change, trigger, reset and listen while
 * devices come and go. Each answer is one that the contract allows; nothing hangs
 * and nothing is left over. How far each gets is the machine's business.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

#define CYCLES	40
#define AGENTS	5

/* What a request may say to a device that others change, close and open. */
static bool allowed(int ret)
{
	switch (-ret) {
	case 0:
	case ENODEV:	/* closed meanwhile */
	case EINVAL:	/* no trigger, emulated */
	case EBUSY:	/* in use */
	case ENOSPC:
	case EINTR:	/* the list kept changing */
		return true;
	}
	return false;
}

static void check(struct ims_ctx *ctx, const char *what, int ret)
{
	if (!allowed(ret))
		errx(1, "%s: %d: %s", what, ret, ims_error_get_message(
				ims_ctx_get_error(ctx)));
}

/* One device of those that are open, or NULL. To be freed with the list. */
static const struct ims_device *any_device(struct ims_ctx *ctx,
					   struct ims_device_list **list)
{
	size_t count;

	check(ctx, "list", ims_device_list_get(ctx, list));
	count = ims_device_list_count(*list);
	return count ? ims_device_list_at(*list, rand() % count) : NULL;
}

static void dump(struct ims_ctx *ctx)
{
	struct ims_vector_list *vectors;
	uint32_t index, last_index = 0, id, last_id = 0;
	size_t i;
	int ret;

	ret = ims_vector_list_get(ctx, &vectors);
	check(ctx, "dump", ret);
	/* Each vector once, in order, whatever happens meanwhile. */
	for (i = 0; !ret && i < ims_vector_list_count(vectors); i++) {
		const struct ims_vector *v = ims_vector_list_at(vectors, i);

		if (ims_vector_get_device_id(v, &id) ||
		    ims_vector_get_index(v, &index))
			errx(1, "dump: a vector without number");
		if (i && (id < last_id || (id == last_id && index <= last_index)))
			errx(1, "dump: vector %u of %u after %u of %u", index, id,
			     last_index, last_id);
		last_id = id;
		last_index = index;
	}
	ims_vector_list_free(vectors);
}

static void change(struct ims_ctx *ctx, const struct ims_device *device)
{
	unsigned int flags = rand() % 3 ? 0 : IMS_VALIDATE_ONLY;
	struct ims_vector_config *vector;
	struct ims_device_config *config;

	if (ims_vector_config_new(&vector) || ims_device_config_new(&config))
		errx(1, "no memory");
	if (rand() % 2) {
		ims_vector_config_set_cookie(vector, rand());
		ims_vector_config_set_cookie_mode(vector, rand() % 2);
	} else {
		ims_vector_config_set_affinity(vector, rand() % 2 ? "0" : "");
	}
	check(ctx, "configure vector",
	      ims_vector_configure_range(ctx, device, rand() % 8, 1, vector,
					 flags));
	ims_device_config_set_limit(config, rand() % 3 ? 0 : 4 + rand() % 8);
	ims_device_config_set_reservation(config, rand() % 4);
	ims_device_config_set_default_cookie(config, 1 + rand() % 9);
	check(ctx, "configure device",
	      ims_device_configure(ctx, device, config, flags));
	ims_device_config_free(config);
	ims_vector_config_free(vector);
}

static void trigger(struct ims_ctx *ctx, const struct ims_device *device)
{
	const uint32_t some[] = { rand() % 8, rand() % 8, rand() % 8 };
	uint32_t path = rand() % 2;

	check(ctx, "trigger", ims_vector_trigger_list(ctx, device, some, 3, path, 0));
	check(ctx, "trigger", ims_vector_trigger_range(ctx, device, rand() % 4, 2, path,
						       0));
	if (rand() % 4 == 0)
		check(ctx, "reset", ims_device_reset_stats(ctx, device, 0));
}

/* An agent's life: until the parent ends it. */
static void agent(int number)
{
	struct ims_monitor *monitor = NULL;
	struct ims_device_list *list;
	const struct ims_device *device;
	struct ims_event *event;
	struct ims_ctx *ctx;
	int ret;

	srand(number);
	if (ims_ctx_new(&ctx))
		errx(1, "no memory");
	if (number == 0 && ims_monitor_new(ctx, IMS_MONITOR_SYNC, &monitor))
		errx(1, "monitor: %s", ims_error_get_message(
				ims_ctx_get_error(ctx)));
	for (;;) {
		if (monitor) {
			ims_monitor_wait(monitor, 100);
			ret = ims_monitor_read(monitor, &event);
			if (ret && ret != -EAGAIN && ret != -EINTR)
				errx(1, "monitor: %d", ret);
			ims_event_free(event);
			continue;
		}
		if (number == 1) {
			dump(ctx);
			continue;
		}
		device = any_device(ctx, &list);
		if (device && number % 2)
			change(ctx, device);
		else if (device)
			trigger(ctx, device);
		ims_device_list_free(list);
	}
}

static void agents_do_no_harm(void **state)
{
	pid_t pids[AGENTS];
	struct wq wq;
	int i, k, status;

	(void)state;
	for (i = 0; i < AGENTS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (!pids[i]) {
			agent(i);
			_exit(1);
		}
	}

	for (i = 0; i < CYCLES; i++) {
		case_open(&wq, i % 2);
		/* A limit that an agent has set may be in the way: all or none. */
		for (k = 0; k < 8; k++) {
			int ret = wq_bind(&wq, k % 4, 5);

			assert_true(ret == 0 || ret == -ENOSPC);
			ret = ims_vfio_mask(wq.vfio, 1, 2);
			assert_true(ret == 0 || ret == -EINVAL);
			ret = ims_vfio_unbind(wq.vfio, k % 3, 3);
			assert_int_equal(ret, 0);
		}
		wq_close(&wq);
		/* None of them has ended: they end by our signal only. */
		assert_int_equal(waitpid(-1, &status, WNOHANG), 0);
	}
	for (i = 0; i < AGENTS; i++) {
		assert_int_equal(kill(pids[i], SIGTERM), 0);
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	}
}

static void nothing_is_left(void **state)
{
	struct ims_store_list *stores;
	struct ims_device_list *list;
	struct ims_ctx *ctx;
	uint32_t n;

	(void)state;
	assert_int_equal(ims_ctx_new(&ctx), 0);
	assert_int_equal(ims_device_list_get(ctx, &list), 0);
	assert_int_equal(ims_device_list_count(list), 0);
	assert_int_equal(ims_store_list_get(ctx, &stores), 0);
	assert_int_equal(ims_store_list_count(stores), 1);
	assert_int_equal(ims_store_get_used(ims_store_list_at(stores, 0), &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ims_store_get_reserved(ims_store_list_at(stores, 0), &n), 0);
	assert_int_equal(n, 0);
	ims_store_list_free(stores);
	ims_device_list_free(list);
	ims_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agents_do_no_harm),
		cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
