// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an agent changes through libims does on the real kernel what it says, and
 * a monitor hears of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"

static struct wq wq;
static struct ims_device *device;
static struct ims_store *store;
static struct ims_monitor *monitor;

static struct ims_device *get_device(void)
{
	struct ims_device *d;

	assert_int_equal(ims_device_get(wq.ctx, wq.name, &d), 0);
	return d;
}

static int setup(void **state)
{
	(void)state;
	case_open(&wq, 0);
	assert_int_equal(wq_bind(&wq, 0, 4), 0);
	device = get_device();
	assert_int_equal(ims_store_get(wq.ctx, ims_device_get_parent(device),
				       &store), 0);
	assert_int_equal(ims_monitor_new(wq.ctx, 0, &monitor), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ims_monitor_free(monitor);
	ims_store_free(store);
	ims_device_free(device);
	wq_close(&wq);
	return 0;
}

/* The next event, which must come and be of @type. To be freed. */
static struct ims_event *hear(uint32_t type)
{
	struct ims_event *event;
	uint32_t is;

	for (;;) {
		assert_int_equal(ims_monitor_wait(monitor, WQ_PATIENCE_MS), 0);
		assert_int_equal(ims_monitor_read(monitor, &event), 0);
		assert_int_equal(ims_event_get_type(event, &is), 0);
		if (is == type || !case_of_figures(is))
			break;
		ims_event_free(event);
	}
	if (is != type)
		fail_msg("%s where %s was due", ims_event_type_name(is),
			 ims_event_type_name(type));
	return event;
}

static void hear_nothing(void)
{
	case_hear_nothing(monitor);
}

static void hear_device_limit(uint32_t limit)
{
	struct ims_event *event;
	uint32_t is;

	do {
		event = hear(IMS_EVENT_DEVICE_CHANGE);
		assert_int_equal(ims_device_get_limit(ims_event_get_device(event),
						      &is), 0);
		ims_event_free(event);
	} while (is != limit);
}

static void hear_store_limit(uint32_t limit)
{
	struct ims_event *event;
	uint32_t is;

	do {
		event = hear(IMS_EVENT_STORE_CHANGE);
		assert_int_equal(ims_store_get_limit(ims_event_get_store(event),
						     &is), 0);
		ims_event_free(event);
	} while (is != limit);
}

static void hear_vector(uint32_t type, uint32_t index, uint32_t state)
{
	struct ims_event *event = hear(type);
	const struct ims_vector *v = ims_event_get_vector(event);
	uint32_t n;

	assert_int_equal(ims_vector_get_index(v, &n), 0);
	assert_int_equal(n, index);
	assert_int_equal(ims_vector_get_state(v, &n), 0);
	assert_int_equal(n, state);
	ims_event_free(event);
}

static int configure(uint32_t index, const char *cpus, const uint64_t *cookie,
		     uint32_t mode, unsigned int flags)
{
	struct ims_vector_config *config;
	int ret;

	assert_int_equal(ims_vector_config_new(&config), 0);
	if (cpus)
		assert_int_equal(ims_vector_config_set_affinity(config, cpus), 0);
	if (cookie) {
		assert_int_equal(ims_vector_config_set_cookie(config, *cookie), 0);
		assert_int_equal(ims_vector_config_set_cookie_mode(config, mode), 0);
	}
	ret = ims_vector_configure_range(wq.ctx, device, index, 1, config,
					 flags);
	ims_vector_config_free(config);
	return ret;
}

static int set_limits(int64_t limit, int64_t reservation, unsigned int flags)
{
	struct ims_device_config *config;
	int ret;

	assert_int_equal(ims_device_config_new(&config), 0);
	if (limit >= 0)
		assert_int_equal(ims_device_config_set_limit(config, limit), 0);
	if (reservation >= 0)
		assert_int_equal(ims_device_config_set_reservation(config,
								   reservation), 0);
	ret = ims_device_configure(wq.ctx, device, config, flags);
	ims_device_config_free(config);
	return ret;
}

/* What the interrupt core itself says of a Linux IRQ's CPUs. */
static void irq_cpus(uint32_t irq, const char *file, char *text, size_t size)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/irq/%u/%s", irq, file);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, size, f));
	fclose(f);
	text[strcspn(text, "\n")] = 0;
}

static void affinity_moves_the_interrupt(void **state)
{
	uint32_t cpu, irq = wq_number32(&wq, 1, ims_vector_get_irq);
	struct ims_vector *v;
	char text[64];

	(void)state;
	for (cpu = 0; cpu < 2; cpu++) {
		char cpus[2] = { '0' + cpu, 0 };

		assert_int_equal(configure(1, cpus, NULL, 0, 0), 0);
		hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
		irq_cpus(irq, "smp_affinity_list", text, sizeof(text));
		assert_string_equal(text, cpus);
		v = wq_vector(&wq, 1);
		assert_string_equal(ims_vector_get_affinity(v), cpus);
		ims_vector_free(v);
		assert_int_equal(wq_number32(&wq, 1, ims_vector_get_cpu), cpu);
		/* And arrives there. */
		assert_int_equal(wq_submit(&wq, 4, 1), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(&wq, 1), 1);
	}

	/* It is context: the next slot has it from the first interrupt on. */
	assert_int_equal(ims_vfio_unbind(wq.vfio, 1, 1), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_bind(&wq, 1, 1), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number32(&wq, 1, ims_vector_get_cpu), 1);

	assert_int_equal(configure(1, "", NULL, 0, 0), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	v = wq_vector(&wq, 1);
	assert_null(ims_vector_get_affinity(v));
	ims_vector_free(v);
	hear_nothing();
}

static void interrupts_are_raised_by_hand(void **state)
{
	const uint32_t some[] = { 3, 1 }, twice[] = { 2, 1, 2 };

	(void)state;
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 1, 3,
						  IMS_TRIGGER_PATH_INTERRUPT, 0), 0);
	assert_int_equal(wq_wait(&wq, 1), 1);
	assert_int_equal(wq_wait(&wq, 2), 1);
	assert_int_equal(wq_wait(&wq, 3), 1);
	assert_int_equal(ims_vector_trigger_list(wq.ctx, device, some, 2,
						 IMS_TRIGGER_PATH_INTERRUPT, 0), 0);
	assert_int_equal(wq_wait(&wq, 1), 1);
	assert_int_equal(wq_wait(&wq, 3), 1);
	assert_int_equal(wq_take(&wq, 2), 0);
	/* The handler counted them, as it would those of the hardware. */
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_delivered), 2);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_loopback), 0);

	/* Behind a mask they wait. */
	assert_int_equal(ims_vfio_mask(wq.vfio, 2, 1), 0);
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 2, 1,
						  IMS_TRIGGER_PATH_INTERRUPT, 0), 0);
	while (!wq_number(&wq, 2, ims_vector_get_pended))
		usleep(1000);
	assert_int_equal(wq_take(&wq, 2), 0);
	assert_int_equal(ims_vfio_unmask(wq.vfio, 2, 1), 0);
	assert_int_equal(wq_wait(&wq, 2), 1);

	/* One that is given twice counts once. */
	assert_int_equal(ims_vector_trigger_list(wq.ctx, device, twice, 3,
						 IMS_TRIGGER_PATH_EVENTFD, 0), 0);
	assert_int_equal(wq_take(&wq, 1), 1);
	assert_int_equal(wq_take(&wq, 2), 1);

	/* All or none: vector 0 is emulated. */
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 0, 4,
						  IMS_TRIGGER_PATH_INTERRUPT, 0), -EINVAL);
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 0, 4,
						  IMS_TRIGGER_PATH_EVENTFD,
						  IMS_VALIDATE_ONLY), 0);
	assert_int_equal(wq_take(&wq, 0) + wq_take(&wq, 1), 0);
	/* Counts are no events. */
	hear_nothing();
}

static void counts_begin_anew(void **state)
{
	uint64_t since, last;

	(void)state;
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 0, 4,
						  IMS_TRIGGER_PATH_EVENTFD, 0), 0);
	since = wq_number(&wq, 2, ims_vector_get_since);
	last = wq_number(&wq, 2, ims_vector_get_last);
	assert_int_equal(ims_vector_reset_stats_range(wq.ctx, device, 2, 1,
						      IMS_VALIDATE_ONLY), 0);
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_loopback), 1);
	assert_int_equal(ims_vector_reset_stats_range(wq.ctx, device, 2, 1, 0), 0);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_loopback), 1);
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_loopback), 0);
	assert_true(wq_number(&wq, 2, ims_vector_get_since) > since);
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_last), last);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 2, IMS_VECTOR_STATE_LIVE);

	assert_int_equal(ims_device_reset_stats(wq.ctx, device, 0), 0);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_loopback), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 0, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 2, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 3, IMS_VECTOR_STATE_LIVE);
	hear_nothing();
}

static void cookies_next_and_now(void **state)
{
	const uint64_t next = 0xfeedfacecafebeef, now = 0x77;
	uint32_t slot = wq_number32(&wq, 1, ims_vector_get_slot);
	uint64_t was = wq_number(&wq, 1, ims_vector_get_cookie);

	(void)state;
	assert_int_equal(configure(1, NULL, &next, IMS_COOKIE_MODE_NEXT, 0), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_cookie), was);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_pending_cookie), next);
	assert_int_equal(configure(1, NULL, &now, IMS_COOKIE_MODE_NOW, 0), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_cookie), now);
	/* edu's store writes it in place. */
	assert_int_equal(wq_number32(&wq, 1, ims_vector_get_slot), slot);
	/* A context for a vector that was absent. */
	assert_int_equal(configure(9, NULL, &next, IMS_COOKIE_MODE_NEXT,
				   IMS_VALIDATE_ONLY), 0);
	assert_int_equal(wq_number32(&wq, 9, ims_vector_get_state),
			 IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(configure(9, "0", &next, IMS_COOKIE_MODE_NEXT, 0), 0);
	hear_vector(IMS_EVENT_VECTOR_CREATE, 9, IMS_VECTOR_STATE_IDLE);
	assert_int_equal(wq_number(&wq, 9, ims_vector_get_cookie), next);
	hear_nothing();
}

static void hear_alert(uint32_t kind, uint32_t index)
{
	struct ims_event *event = hear(IMS_EVENT_ALERT);
	uint32_t n;

	assert_int_equal(ims_event_get_alert_kind(event, &n), 0);
	if (n != kind)
		fail_msg("alert %s", ims_alert_kind_name(n));
	assert_int_equal(ims_event_get_alert_index(event, &n), 0);
	assert_int_equal(n, index);
	assert_int_equal(ims_event_get_alert_error(event, &n), 0);
	assert_int_equal(n, ENOSPC);
	assert_string_equal(ims_event_get_alert_device_name(event), wq.name);
	ims_event_free(event);
}

/* One request, all or none; and what an event gave names a vector. */
static void many_in_one_request(void **state)
{
	const uint32_t some[] = { 3, 1, 3 };
	struct ims_vector_config *config;
	struct ims_event *event;
	uint64_t was;
	uint32_t i;

	(void)state;
	assert_int_equal(ims_vector_config_new(&config), 0);
	assert_int_equal(ims_vector_config_set_cookie(config, 0x55), 0);
	assert_int_equal(ims_vector_config_set_cookie_mode(config,
						IMS_COOKIE_MODE_NOW), 0);
	was = wq_number(&wq, 2, ims_vector_get_cookie);
	assert_int_equal(ims_vector_configure_list(wq.ctx, device, some, 3,
						   config, 0), 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 3, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number(&wq, 1, ims_vector_get_cookie), 0x55);
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_cookie), was);
	assert_int_equal(wq_number(&wq, 3, ims_vector_get_cookie), 0x55);

	/* Vector 0 is emulated: no other one is changed. */
	assert_int_equal(ims_vector_configure_range(wq.ctx, device, 0, 4,
						    config, 0), -EINVAL);
	assert_non_null(strstr(ims_error_get_text(ims_ctx_get_error(wq.ctx)),
			       "vector 0 is emulated"));
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_cookie), was);
	hear_nothing();
	ims_vector_config_free(config);

	/* Interrupts of all of them move, and arrive. */
	assert_int_equal(ims_vector_config_new(&config), 0);
	assert_int_equal(ims_vector_config_set_affinity(config, "1"), 0);
	assert_int_equal(ims_vector_configure_range(wq.ctx, device, 1, 3,
						    config, 0), 0);
	for (i = 1; i < 4; i++) {
		hear_vector(IMS_EVENT_VECTOR_CHANGE, i, IMS_VECTOR_STATE_LIVE);
		assert_int_equal(wq_number32(&wq, i, ims_vector_get_cpu), 1);
		assert_int_equal(wq_submit(&wq, 4, i), IMS_EDU_ERR_NONE);
		assert_int_equal(wq_wait(&wq, i), 1);
	}
	assert_int_equal(ims_vector_config_set_affinity(config, ""), 0);
	assert_int_equal(ims_vector_configure_range(wq.ctx, device, 2, 1,
						    config, 0), 0);
	ims_vector_config_free(config);

	event = hear(IMS_EVENT_VECTOR_CHANGE);
	assert_int_equal(ims_vector_trigger(wq.ctx, ims_event_get_vector(event),
					    IMS_TRIGGER_PATH_EVENTFD, 0), 0);
	assert_int_equal(wq_wait(&wq, 2), 1);
	assert_int_equal(ims_vector_reset_stats(wq.ctx,
						ims_event_get_vector(event), 0),
			 0);
	ims_event_free(event);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 2, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(wq_number(&wq, 2, ims_vector_get_loopback), 0);
	assert_int_equal(ims_vector_reset_stats_list(wq.ctx, device, some, 3, 0),
			 0);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 1, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CHANGE, 3, IMS_VECTOR_STATE_LIVE);
	hear_nothing();
}

static void limits_hold_and_alert(void **state)
{
	struct ims_event *event;
	struct ims_device *d;
	struct ims_store *s;
	uint32_t n, vectors;
	uint64_t failures;

	(void)state;
	/* Vector 0 is emulated: 3 slots. */
	assert_int_equal(set_limits(5, -1, 0), 0);
	hear_device_limit(5);
	assert_int_equal(wq_bind(&wq, 10, 4), -ENOSPC);
	hear_alert(IMS_ALERT_KIND_DEVICE_LIMIT, 12);
	hear_nothing();
	assert_int_equal(wq_number32(&wq, 10, ims_vector_get_state),
			 IMS_VECTOR_STATE_ABSENT);
	assert_int_equal(wq_bind(&wq, 10, 2), 0);
	hear_vector(IMS_EVENT_VECTOR_CREATE, 10, IMS_VECTOR_STATE_LIVE);
	hear_vector(IMS_EVENT_VECTOR_CREATE, 11, IMS_VECTOR_STATE_LIVE);
	assert_int_equal(set_limits(4, -1, 0), -EBUSY);
	assert_int_equal(set_limits(0, 6, 0), 0);
	d = get_device();
	/* One slot more than vectors: one that is replaced. */
	assert_int_equal(ims_device_get_vectors(d, &vectors), 0);
	hear_device_limit(vectors + 1);
	assert_int_equal(ims_device_get_limit(d, &n), 0);
	assert_int_equal(n, vectors + 1);
	assert_int_equal(ims_device_get_reservation(d, &n), 0);
	assert_int_equal(n, 6);
	ims_device_free(d);

	/* The store's: one slot is promised to this device, and no more. */
	assert_int_equal(limit_store(wq.ctx, store, 5, 0), -EBUSY);
	assert_int_equal(limit_store(wq.ctx, store, 6, 0), 0);
	hear_store_limit(6);
	assert_int_equal(wq_bind(&wq, 20, 2), -ENOSPC);
	hear_alert(IMS_ALERT_KIND_STORE_FULL, 21);
	assert_int_equal(wq_bind(&wq, 20, 1), 0);
	hear_vector(IMS_EVENT_VECTOR_CREATE, 20, IMS_VECTOR_STATE_LIVE);

	assert_int_equal(ims_store_get_by_id(wq.ctx, ({
		ims_store_get_id(store, &n); n; }), &s), 0);
	assert_int_equal(ims_store_get_used(s, &n), 0);
	assert_int_equal(n, 6);
	assert_int_equal(ims_store_get_failures(s, &failures), 0);
	assert_true(failures >= 2);
	ims_store_free(s);
	assert_int_equal(ims_store_reset_stats(wq.ctx, store, 0), 0);
	do {
		event = hear(IMS_EVENT_STORE_CHANGE);
		assert_int_equal(ims_store_get_failures(
				 ims_event_get_store(event), &failures), 0);
		ims_event_free(event);
	} while (failures);
	assert_int_equal(ims_store_get_size(store, &n), 0);
	assert_int_equal(limit_store(wq.ctx, store, n, 0), 0);
	hear_store_limit(n);
	hear_nothing();
}

static void filters_are_the_kernel_s(void **state)
{
	struct ims_vector_filter *filter;
	struct ims_vector_list *list;
	uint32_t declared;

	(void)state;
	assert_int_equal(ims_vfio_get_vectors(wq.vfio, &declared), 0);
	assert_int_equal(ims_device_reset_stats(wq.ctx, device, 0), 0);
	assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 2, 1,
						  IMS_TRIGGER_PATH_EVENTFD, 0), 0);
	assert_int_equal(ims_vfio_unbind(wq.vfio, 3, 1), 0);

	assert_int_equal(ims_vector_filter_new(&filter), 0);
	assert_int_equal(ims_vector_filter_set_device(filter, device), 0);
	assert_int_equal(ims_vector_filter_set_nonzero(filter, true), 0);
	assert_int_equal(ims_vector_list_get_by_filter(wq.ctx, filter, &list), 0);
	assert_int_equal(ims_vector_list_count(list), 1);
	ims_vector_list_free(list);
	assert_int_equal(ims_vector_filter_set_nonzero(filter, false), 0);
	assert_int_equal(ims_vector_filter_set_state(filter,
						     IMS_VECTOR_STATE_IDLE), 0);
	assert_int_equal(ims_vector_list_get_by_filter(wq.ctx, filter, &list), 0);
	assert_int_equal(ims_vector_list_count(list), 1);
	ims_vector_list_free(list);
	assert_int_equal(ims_vector_filter_set_state(filter,
						     IMS_VECTOR_STATE_ABSENT), 0);
	assert_int_equal(ims_vector_list_get_by_filter(wq.ctx, filter, &list), 0);
	assert_int_equal(ims_vector_list_count(list), declared - 4);
	ims_vector_list_free(list);
	ims_vector_filter_free(filter);
}

/* A storm is one by the module's parameter; edu cannot fire one, the owner can. */
static void storms_are_told(void **state)
{
	static const char rate[] =
		"/sys/module/vfio_pci_ims/parameters/storm_rate";
	struct ims_event *event;
	uint64_t n;
	FILE *f;
	int i;

	(void)state;
	f = fopen(rate, "w");
	assert_non_null(f);
	fprintf(f, "1\n");
	assert_int_equal(fclose(f), 0);
	/* At least four a second, however slow this machine is, for seconds. */
	for (i = 0; i < 100; i++) {
		assert_int_equal(ims_vector_trigger_range(wq.ctx, device, 1, 1,
							  IMS_TRIGGER_PATH_INTERRUPT, 0), 0);
		usleep(50000);
	}
	event = hear(IMS_EVENT_ALERT);
	assert_int_equal(ims_event_get_alert_rate(event, &n), 0);
	assert_true(n > 1);
	ims_event_free(event);
	f = fopen(rate, "w");
	assert_non_null(f);
	fprintf(f, "100000\n");
	assert_int_equal(fclose(f), 0);
}

static void the_end_is_told(void **state)
{
	struct ims_event *event;

	(void)state;
	ims_vfio_close(wq.vfio);
	wq.vfio = NULL;
	event = hear(IMS_EVENT_DEVICE_DELETE);
	assert_string_equal(ims_device_get_name(ims_event_get_device(event)),
			    wq.name);
	ims_event_free(event);
	hear_nothing();
}

int main(void)
{
#define control(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		control(affinity_moves_the_interrupt),
		control(interrupts_are_raised_by_hand),
		control(counts_begin_anew),
		control(cookies_next_and_now),
		control(many_in_one_request),
		control(limits_hold_and_alert),
		control(filters_are_the_kernel_s),
		control(storms_are_told),
		control(the_end_is_told),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
