// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every value that a caller can give an operation and that is refused: missing,
 * too long, unknown, out of range, or against the state of things.
 */
#include "matrix.h"

#include <stdio.h>

#define DEVICE		"device " NAME_A
#define VECTOR(n)	DEVICE ": vector " #n

#define EVENTFD		IMS_TRIGGER_PATH_EVENTFD
#define INTERRUPT	IMS_TRIGGER_PATH_INTERRUPT

/**
 * struct cell - a call that is refused
 * @operation: function, without ims_
 * @condition: what is wrong
 * @call: call it, on what is in m
 * @err: errno
 * @object: what the error is about
 * @attribute: which attribute is blamed
 * @text: why
 * @sent: the kernel was asked
 */
struct cell {
	const char *operation;
	const char *condition;
	int (*call)(void);
	int err;
	const char *object;
	const char *attribute;
	const char *text;
	bool sent;
};

static struct cell cells[256];
static size_t num_cells;

#define TOO_LONG	16
static char long_name[IMS_NAME_MAX + TOO_LONG];
static char long_store[sizeof("store ") + IMS_NAME_MAX + TOO_LONG];
static char long_device[sizeof("device ") + IMS_NAME_MAX + TOO_LONG];
static char long_list[IMS_CPULIST_MAX + 2];

static const char drivers_cookies[] =
	"the cookies of this device are its driver's";
static const char too_large[] = "the hardware cannot hold this cookie";

/* ---- calls -------------------------------------------------------------- */

struct device_values {
	bool limit, reservation, bypass, rate;
	uint32_t new_limit, new_reservation, new_bypass, new_rate;
};

static int configure_device(struct device_values v)
{
	struct ims_device_config *config;
	int err;

	assert_int_equal(ims_device_config_new(&config), 0);
	if (v.limit)
		ims_device_config_set_limit(config, v.new_limit);
	if (v.reservation)
		ims_device_config_set_reservation(config, v.new_reservation);
	if (v.bypass)
		ims_device_config_set_bypass(config, v.new_bypass);
	if (v.rate)
		ims_device_config_set_rate_limit(config, v.new_rate);
	/* Nothing of the request is done, the cookie neither. */
	if (v.limit || v.reservation || v.bypass || v.rate)
		ims_device_config_set_default_cookie(config, 0x99);
	err = ims_device_configure(m.ctx, m.device, config, m.flags);
	ims_device_config_free(config);
	return err;
}

struct vector_values {
	bool cookie, clear, mode;
	uint32_t new_mode;
	const char *cpus;
};

static int configure_vector(uint32_t index, struct vector_values v)
{
	struct ims_vector_config *config;
	int err;

	assert_int_equal(ims_vector_config_new(&config), 0);
	if (v.cookie)
		ims_vector_config_set_cookie(config, 0x99);
	if (v.clear)
		ims_vector_config_clear_cookie(config);
	if (v.mode)
		ims_vector_config_set_cookie_mode(config, v.new_mode);
	if (v.cpus)
		ims_vector_config_set_affinity(config, v.cpus);
	err = ims_vector_configure_range(m.ctx, m.device, index, 1, config,
					 m.flags);
	ims_vector_config_free(config);
	return err;
}

static int list_filtered(bool state, bool backing, uint32_t value)
{
	struct ims_vector_list *list = (void *)1;
	struct ims_vector_filter *filter;
	int err;

	assert_int_equal(ims_vector_filter_new(&filter), 0);
	ims_vector_filter_set_device(filter, m.device);
	if (state)
		ims_vector_filter_set_state(filter, value);
	if (backing)
		ims_vector_filter_set_backing(filter, value);
	err = ims_vector_list_get_by_filter(m.ctx, filter, &list);
	assert_null(list);
	ims_vector_filter_free(filter);
	return err;
}

static int vector_trigger_list(uint32_t a, uint32_t b, uint32_t path)
{
	const uint32_t indexes[] = { 1, a, b };

	return ims_vector_trigger_list(m.ctx, m.device, indexes, 3, path, m.flags);
}

/* The third is beyond. */
static const uint32_t some[] = { 1, 2, 32 };

static int quiet_list(size_t count)
{
	return ims_vector_quiet_list(m.ctx, m.device, some, count, true, m.flags);
}

static int rate_list(size_t count, uint32_t rate)
{
	return ims_vector_rate_limit_list(m.ctx, m.device, some, count, rate,
					  m.flags);
}

static int get_store(const char *name)
{
	struct ims_store *store = (void *)1;
	int err = ims_store_get(m.ctx, name, &store);

	assert_null(store);
	return err;
}

static int get_device(const char *name)
{
	struct ims_device *device = (void *)1;
	int err = ims_device_get(m.ctx, name, &device);

	assert_null(device);
	return err;
}

static int find_device(const char *name)
{
	struct ims_device *device = (void *)1;
	int err = ims_device_find(m.ctx, name, &device);

	assert_null(device);
	return err;
}

static int get_vector(uint32_t index)
{
	struct ims_vector *vector = (void *)1;
	int err = ims_vector_get(m.ctx, m.device, index, &vector);

	assert_null(vector);
	return err;
}

/* ---- cells -------------------------------------------------------------- */

#define CELL(name, expression)						\
static int name(void)							\
{									\
	return expression;						\
}

CELL(store_empty, get_store(""))
CELL(store_long, get_store(long_name))
CELL(store_unknown, get_store("0000:00:09.0"))
CELL(device_empty, get_device(""))
CELL(device_long, get_device(long_name))
CELL(device_unknown, get_device("wq1"))
CELL(find_empty, find_device(""))
CELL(find_long, find_device(long_name))
CELL(find_unknown, find_device("wq1"))
CELL(find_ambiguous, find_device("83b8"))
CELL(vector_beyond, get_vector(32))
CELL(vector_far_beyond, get_vector(UINT32_MAX))

CELL(limit_above_size, limit_store(m.ctx, m.store, 2049, m.flags))
CELL(limit_highest, limit_store(m.ctx, m.store, UINT32_MAX, m.flags))
CELL(limit_below_use, limit_store(m.ctx, m.store, 3, m.flags))
CELL(limit_zero, limit_store(m.ctx, m.store, 0, m.flags))

CELL(nothing_for_device, configure_device((struct device_values){ 0 }))
CELL(device_limit_above, configure_device((struct device_values){
	.limit = true, .new_limit = 2049 }))
CELL(device_limit_highest, configure_device((struct device_values){
	.limit = true, .new_limit = UINT32_MAX }))
CELL(device_limit_below_use, configure_device((struct device_values){
	.limit = true, .new_limit = 2, .reservation = true }))
CELL(device_limit_below_reservation, configure_device((struct device_values){
	.limit = true, .new_limit = 3 }))
CELL(reservation_above_limit, configure_device((struct device_values){
	.reservation = true, .new_reservation = 65 }))
CELL(both_in_the_wrong_order, configure_device((struct device_values){
	.limit = true, .new_limit = 100, .reservation = true,
	.new_reservation = 101 }))
CELL(reservation_above_rest, configure_device((struct device_values){
	.limit = true, .reservation = true, .new_reservation = 1025 }))
CELL(bypass_unknown, configure_device((struct device_values){
	.bypass = true, .new_bypass = IMS_BYPASS_MODE_OFF + 1 }))
CELL(bypass_highest, configure_device((struct device_values){
	.bypass = true, .new_bypass = UINT32_MAX }))
CELL(rate_above, configure_device((struct device_values){
	.rate = true, .new_rate = IMS_RATE_LIMIT_MAX + 1 }))
CELL(rate_highest, configure_device((struct device_values){
	.rate = true, .new_rate = UINT32_MAX }))
CELL(quiet_of_none, ims_vector_quiet_range(m.ctx, m.device, 1, 0, true, m.flags))
CELL(quiet_beyond, ims_vector_quiet_range(m.ctx, m.device, 30, 3, true, m.flags))
CELL(quiet_overflows, ims_vector_quiet_range(m.ctx, m.device, UINT32_MAX, 2,
					     false, m.flags))
CELL(quiet_list_of_none, quiet_list(0))
CELL(quiet_list_beyond, quiet_list(3))
CELL(rate_range_of_none, ims_vector_rate_limit_range(m.ctx, m.device, 1, 0, 5,
						     m.flags))
CELL(rate_range_beyond, ims_vector_rate_limit_range(m.ctx, m.device, 32, 1, 5,
						    m.flags))
CELL(rate_range_above, ims_vector_rate_limit_range(m.ctx, m.device, 1, 1,
						   IMS_RATE_LIMIT_MAX + 1,
						   m.flags))
CELL(rate_list_of_none, rate_list(0, 5))
CELL(rate_list_beyond, rate_list(3, 5))
CELL(rate_list_above, rate_list(2, UINT32_MAX))

#define NOW	.mode = true, .new_mode = IMS_COOKIE_MODE_NOW
CELL(nothing_for_vector, configure_vector(3, (struct vector_values){ 0 }))
CELL(mode_alone, configure_vector(3, (struct vector_values){ NOW }))
CELL(mode_unknown, configure_vector(3, (struct vector_values){
	.cookie = true, .mode = true, .new_mode = 2 }))
CELL(now_and_affinity, configure_vector(3, (struct vector_values){
	.cookie = true, NOW, .cpus = "0" }))
CELL(cookie_beyond, configure_vector(32, (struct vector_values){
	.cookie = true }))
CELL(cookie_of_emulated, configure_vector(0, (struct vector_values){
	.cookie = true }))
CELL(clear_of_emulated, configure_vector(0, (struct vector_values){
	.clear = true }))
CELL(affinity_of_emulated, configure_vector(0, (struct vector_values){
	.cpus = "0" }))
CELL(default_affinity_of_emulated, configure_vector(0, (struct vector_values){
	.cpus = "" }))
CELL(cpus_too_long, configure_vector(1, (struct vector_values){
	.cpus = long_list }))
CELL(cpus_no_list, configure_vector(1, (struct vector_values){
	.cpus = "0,x" }))
CELL(cpus_backwards, configure_vector(1, (struct vector_values){
	.cpus = "3-1" }))
CELL(cpus_not_there, configure_vector(1, (struct vector_values){
	.cpus = "0-8" }))
CELL(cpus_offline, configure_vector(1, (struct vector_values){
	.cpus = "4-7" }))
CELL(cookie_and_cpus_offline, configure_vector(3, (struct vector_values){
	.cookie = true, .cpus = "4-7" }))

static int cpus_forbidden(void)
{
	fake_kernel.cpus_allowed = 0x3;
	return configure_vector(1, (struct vector_values){ .cpus = "1-3" });
}

static int cpus_full(void)
{
	fake_kernel.cpus_free = 0x1;
	return configure_vector(1, (struct vector_values){ .cpus = "1-3" });
}

static void fill_store(void)
{
	fake_kernel.stores[1].limit = 4;
	matrix_remember();
}

static void keep_cookies(void)
{
	fake_kernel.devices[0].keeps_cookies = true;
	matrix_remember();
}

static void shorten_cookies(void)
{
	fake_kernel.stores[1].cookie_max = 0x98;
	matrix_remember();
}

#define CELL_AFTER(prepare, name, ...)					\
static int name(void)							\
{									\
	prepare();							\
	return __VA_ARGS__;						\
}

CELL_AFTER(fill_store, no_slot_for_cookie, configure_vector(1,
	   (struct vector_values){ .cookie = true, NOW }))
CELL_AFTER(fill_store, no_slot_to_clear, configure_vector(2,
	   (struct vector_values){ .clear = true, NOW }))

/* The limit alone would be right. */
#define LIMIT_AND_COOKIE						\
	((struct device_values){ .limit = true, .new_limit = 100 })
CELL_AFTER(keep_cookies, default_cookie_of_driver,
	   configure_device(LIMIT_AND_COOKIE))
CELL_AFTER(shorten_cookies, default_cookie_too_large,
	   configure_device(LIMIT_AND_COOKIE))

#define COOKIE	((struct vector_values){ .cookie = true })
CELL_AFTER(keep_cookies, cookie_of_driver, configure_vector(3, COOKIE))
CELL_AFTER(keep_cookies, clear_of_driver,
	   configure_vector(3, (struct vector_values){ .clear = true }))
CELL_AFTER(shorten_cookies, cookie_too_large, configure_vector(3, COOKIE))
/* A vector that was never used gets no context either. */
CELL_AFTER(shorten_cookies, cookie_too_large_for_absent,
	   configure_vector(31, COOKIE))

CELL(state_unknown, list_filtered(true, false, 4))
CELL(state_highest, list_filtered(true, false, UINT32_MAX))
CELL(backing_unknown, list_filtered(false, true, 2))

#define RANGE(first, count, path)	\
	ims_vector_trigger_range(m.ctx, m.device, first, count, path, m.flags)

CELL(range_of_none, RANGE(0, 0, EVENTFD))
CELL(range_beyond, RANGE(30, 3, EVENTFD))
CELL(range_overflows, RANGE(UINT32_MAX, UINT32_MAX, EVENTFD))
CELL(range_absent, RANGE(31, 1, EVENTFD))
CELL(range_idle, RANGE(0, 5, EVENTFD))
CELL(range_path_unknown, RANGE(1, 1, 2))
CELL(range_path_highest, RANGE(1, 1, UINT32_MAX))
CELL(range_emulated_interrupt, RANGE(0, 3, INTERRUPT))
CELL(range_idle_interrupt, RANGE(2, 2, INTERRUPT))

static int list_of_none(void)
{
	const uint32_t index = 1;

	return ims_vector_trigger_list(m.ctx, m.device, &index, 0, EVENTFD, m.flags);
}

static int list_missing(void)
{
	return ims_vector_trigger_list(m.ctx, m.device, NULL, 1, EVENTFD, m.flags);
}

CELL(list_beyond, vector_trigger_list(2, 32, EVENTFD))
CELL(list_far_beyond, vector_trigger_list(2, UINT32_MAX, EVENTFD))
CELL(list_absent, vector_trigger_list(31, 2, EVENTFD))
CELL(list_idle, vector_trigger_list(3, 2, EVENTFD))
CELL(list_path_unknown, vector_trigger_list(2, 4, 2))
CELL(list_emulated_interrupt, vector_trigger_list(2, 0, INTERRUPT))

CELL(reset_of_none, ims_vector_reset_stats_range(m.ctx, m.device, 0, 0, m.flags))
CELL(reset_beyond, ims_vector_reset_stats_range(m.ctx, m.device, 32, 1, m.flags))
CELL(reset_across, ims_vector_reset_stats_range(m.ctx, m.device, 0, 33, m.flags))
CELL(reset_overflows,
     ims_vector_reset_stats_range(m.ctx, m.device, UINT32_MAX, 2, m.flags))

static void add(const char *operation, const char *condition,
		int (*call)(void), int err, const char *object,
		const char *attribute, const char *text, bool sent)
{
	cells[num_cells++] = (struct cell) {
		operation, condition, call, err, object, attribute, text, sent,
	};
}

#define LOCAL(...)	add(__VA_ARGS__, false)
#define KERNEL(...)	add(__VA_ARGS__, true)

static void look_ups(void)
{
	const char *op = "store_get";

	LOCAL(op, "empty name", store_empty, -EINVAL, NULL, "name",
	      "a store's name cannot be empty");
	LOCAL(op, "name too long", store_long, -ENODEV, long_store, "name",
	      "no such store: names have at most 127 bytes");
	KERNEL(op, "no such name", store_unknown, -ENODEV, "store 0000:00:09.0",
	       "name", "no such store");
	op = "device_get";
	LOCAL(op, "empty name", device_empty, -EINVAL, NULL, "name",
	      "a device's name cannot be empty");
	LOCAL(op, "name too long", device_long, -ENODEV, long_device, "name",
	      "no such virtual device is open: names have at most 127 bytes");
	KERNEL(op, "no such name", device_unknown, -ENODEV, "device wq1",
	       "name", "no such virtual device is open");
	op = "device_find";
	LOCAL(op, "empty name", find_empty, -EINVAL, NULL, "name",
	      "a device's name cannot be empty");
	LOCAL(op, "name too long", find_long, -ENODEV, long_device, "name",
	      "no such virtual device is open: names have at most 127 bytes");
	KERNEL(op, "no such name", find_unknown, -ENODEV, "device wq1", "name",
	       "no such virtual device is open");
	KERNEL(op, "ambiguous", find_ambiguous, -ENOTUNIQ, "device 83b8",
	       "name", "the name fits several: " NAME_A ", " NAME_B);
	op = "vector_get";
	KERNEL(op, "beyond", vector_beyond, -ENOENT, VECTOR(32), "index",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "far beyond", vector_far_beyond, -ENOENT, VECTOR(4294967295),
	       "index", "vector 4294967295 is beyond the 32 declared");
	op = "vector_list_get_by_filter";
	KERNEL(op, "unknown state", state_unknown, -ERANGE, DEVICE, "state",
	       "integer out of range");
	KERNEL(op, "highest state", state_highest, -ERANGE, DEVICE, "state",
	       "integer out of range");
	KERNEL(op, "unknown backing", backing_unknown, -ERANGE, DEVICE,
	       "backing", "integer out of range");
}

static void limits(void)
{
	const char *op = "store_configure";

	KERNEL(op, "above size", limit_above_size, -EINVAL, "store " STORE,
	       "limit", "the limit is above the store's 2048 slots");
	KERNEL(op, "highest", limit_highest, -EINVAL, "store " STORE, "limit",
	       "the limit is above the store's 2048 slots");
	KERNEL(op, "below use", limit_below_use, -EBUSY, "store " STORE,
	       "limit", "4 slots are in use or reserved, more than the limit");
	KERNEL(op, "zero", limit_zero, -EBUSY, "store " STORE, "limit",
	       "4 slots are in use or reserved, more than the limit");
	op = "device_configure";
	LOCAL(op, "nothing", nothing_for_device, -EINVAL, DEVICE, NULL,
	      "nothing to change");
	KERNEL(op, "limit above size", device_limit_above, -EINVAL, DEVICE,
	       "limit", "the limit is above the store's 2048 slots");
	KERNEL(op, "limit highest", device_limit_highest, -EINVAL, DEVICE,
	       "limit", "the limit is above the store's 2048 slots");
	KERNEL(op, "limit below use", device_limit_below_use, -EBUSY, DEVICE,
	       "limit", "3 slots are in use, more than the limit");
	KERNEL(op, "limit below reservation", device_limit_below_reservation,
	       -EINVAL, DEVICE, "limit",
	       "a reservation of 4 is above the limit of 3");
	KERNEL(op, "reservation above limit", reservation_above_limit, -EINVAL,
	       DEVICE, "reservation",
	       "a reservation of 65 is above the limit of 64");
	KERNEL(op, "reservation above new limit", both_in_the_wrong_order,
	       -EINVAL, DEVICE, "reservation",
	       "a reservation of 101 is above the limit of 100");
	KERNEL(op, "reservation above rest", reservation_above_rest, -ENOSPC,
	       DEVICE, "reservation",
	       "the store has 1020 slots that can still be reserved");
	KERNEL(op, "bypass unknown", bypass_unknown, -ERANGE, DEVICE, "bypass",
	       "integer out of range");
	KERNEL(op, "bypass highest", bypass_highest, -ERANGE, DEVICE, "bypass",
	       "integer out of range");
	KERNEL(op, "rate limit too high", rate_above, -ERANGE, DEVICE,
	       "rate-limit", "integer out of range");
	KERNEL(op, "rate limit highest", rate_highest, -ERANGE, DEVICE,
	       "rate-limit", "integer out of range");
	KERNEL(op, "default cookie of driver", default_cookie_of_driver,
	       -EOPNOTSUPP, DEVICE, "default-cookie", drivers_cookies);
	KERNEL(op, "default cookie too large", default_cookie_too_large,
	       -ERANGE, DEVICE, "default-cookie", too_large);
}

static void vectors(void)
{
	const char *op = "vector_configure";
	const char *no_list =
		"not a list of CPUs of this host, such as \"0-3,8\"";

	LOCAL(op, "nothing", nothing_for_vector, -EINVAL, VECTOR(3), NULL,
	      "nothing to change");
	LOCAL(op, "CPU list too long", cpus_too_long, -EINVAL, VECTOR(1),
	      "affinity", "a list of CPUs has at most 255 bytes");
	KERNEL(op, "mode without cookie", mode_alone, -EINVAL, VECTOR(3),
	       "cookie-mode",
	       "a cookie's mode goes with a cookie to be set or cleared");
	KERNEL(op, "unknown mode", mode_unknown, -ERANGE, VECTOR(3),
	       "cookie-mode", "integer out of range");
	KERNEL(op, "cookie now and affinity", now_and_affinity, -EINVAL,
	       VECTOR(3), "cookie-mode",
	       "a cookie that takes effect now and an affinity go in two requests");
	KERNEL(op, "beyond", cookie_beyond, -ENOENT, VECTOR(32), "index",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "cookie of emulated", cookie_of_emulated, -EINVAL, VECTOR(0),
	       "cookie", "vector 0 is emulated and has no cookie");
	KERNEL(op, "clear cookie of emulated", clear_of_emulated, -EINVAL,
	       VECTOR(0), "cookie-clear",
	       "vector 0 is emulated and has no cookie");
	KERNEL(op, "affinity of emulated", affinity_of_emulated, -EINVAL,
	       VECTOR(0), "affinity",
	       "vector 0 is emulated and has no affinity");
	KERNEL(op, "default affinity of emulated", default_affinity_of_emulated,
	       -EINVAL, VECTOR(0), "affinity",
	       "vector 0 is emulated and has no affinity");
	KERNEL(op, "no list of CPUs", cpus_no_list, -EINVAL, VECTOR(1),
	       "affinity", no_list);
	KERNEL(op, "CPUs backwards", cpus_backwards, -EINVAL, VECTOR(1),
	       "affinity", no_list);
	KERNEL(op, "CPUs that are not there", cpus_not_there, -EINVAL,
	       VECTOR(1), "affinity", no_list);
	KERNEL(op, "CPUs offline", cpus_offline, -EINVAL, VECTOR(1), "affinity",
	       "none of these CPUs is online");
	KERNEL(op, "cookie, and CPUs offline", cookie_and_cpus_offline, -EINVAL,
	       VECTOR(3), "affinity", "none of these CPUs is online");
	KERNEL(op, "CPUs forbidden", cpus_forbidden, -EPERM, VECTOR(1),
	       "affinity", "CPU 2 is not one that the caller may run on");
	KERNEL(op, "CPUs full", cpus_full, -ENOSPC, VECTOR(1), "affinity",
	       "vector 1: these CPUs have no interrupt vector left");
	KERNEL(op, "no slot for cookie", no_slot_for_cookie, -ENOSPC, VECTOR(1),
	       "cookie", "vector 1 needs another slot for its cookie now, and none is left");
	KERNEL(op, "no slot to clear cookie", no_slot_to_clear, -ENOSPC,
	       VECTOR(2), "cookie-clear", "vector 2 needs another slot for its cookie now, and none is left");
	KERNEL(op, "cookie of driver", cookie_of_driver, -EOPNOTSUPP, VECTOR(3),
	       "cookie", drivers_cookies);
	KERNEL(op, "clear cookie of driver", clear_of_driver, -EOPNOTSUPP,
	       VECTOR(3), "cookie-clear", drivers_cookies);
	KERNEL(op, "cookie too large", cookie_too_large, -ERANGE, VECTOR(3),
	       "cookie", too_large);
	KERNEL(op, "cookie too large for absent", cookie_too_large_for_absent,
	       -ERANGE, VECTOR(31), "cookie", too_large);
}

static void signals(void)
{
	const char *op = "vector_trigger_range";
	const char *three = DEVICE ": 3 vectors";

	LOCAL(op, "no vectors", range_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to trigger");
	KERNEL(op, "beyond", range_beyond, -ENOENT, DEVICE ": vectors 30-32",
	       "index", "vector 32 is beyond the 32 declared");
	KERNEL(op, "overflow", range_overflows, -ENOENT,
	       DEVICE ": vectors 4294967295-8589934589", "index",
	       "vector 8589934589 is beyond the 32 declared");
	KERNEL(op, "absent", range_absent, -EINVAL, VECTOR(31), "index",
	       "vector 31 has no trigger");
	KERNEL(op, "one idle", range_idle, -EINVAL, DEVICE ": vectors 0-4",
	       "index", "vector 3 has no trigger");
	KERNEL(op, "unknown path", range_path_unknown, -ERANGE, VECTOR(1),
	       "path", "integer out of range");
	KERNEL(op, "highest path", range_path_highest, -ERANGE, VECTOR(1),
	       "path", "integer out of range");
	KERNEL(op, "interrupt of emulated", range_emulated_interrupt, -EINVAL,
	       DEVICE ": vectors 0-2", "index",
	       "vector 0 has no Linux interrupt");
	KERNEL(op, "interrupt of idle", range_idle_interrupt, -EINVAL,
	       DEVICE ": vectors 2-3", "index",
	       "vector 3 has no Linux interrupt");
	op = "vector_trigger_list";
	LOCAL(op, "no vectors", list_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to trigger");
	KERNEL(op, "beyond", list_beyond, -ENOENT, three, "list",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "far beyond", list_far_beyond, -ENOENT, three, "list",
	       "vector 4294967295 is beyond the 32 declared");
	KERNEL(op, "absent", list_absent, -EINVAL, three, "list",
	       "vector 31 has no trigger");
	KERNEL(op, "one idle", list_idle, -EINVAL, three, "list",
	       "vector 3 has no trigger");
	KERNEL(op, "unknown path", list_path_unknown, -ERANGE, three, "path",
	       "integer out of range");
	KERNEL(op, "interrupt of emulated", list_emulated_interrupt, -EINVAL,
	       three, "list", "vector 0 has no Linux interrupt");
	op = "vector_quiet_range";
	LOCAL(op, "no vectors", quiet_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to change");
	KERNEL(op, "beyond", quiet_beyond, -ENOENT, DEVICE ": vectors 30-32",
	       "index", "vector 32 is beyond the 32 declared");
	KERNEL(op, "overflow", quiet_overflows, -ENOENT,
	       DEVICE ": vectors 4294967295-4294967296", "index",
	       "vector 4294967296 is beyond the 32 declared");
	op = "vector_quiet_list";
	LOCAL(op, "no vectors", quiet_list_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to change");
	KERNEL(op, "beyond", quiet_list_beyond, -ENOENT, three, "list",
	       "vector 32 is beyond the 32 declared");
	op = "vector_rate_limit_range";
	LOCAL(op, "no vectors", rate_range_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to change");
	KERNEL(op, "beyond", rate_range_beyond, -ENOENT, VECTOR(32), "index",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "too high", rate_range_above, -ERANGE, VECTOR(1),
	       "rate-limit", "integer out of range");
	op = "vector_rate_limit_list";
	LOCAL(op, "no vectors", rate_list_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to change");
	KERNEL(op, "beyond", rate_list_beyond, -ENOENT, three, "list",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "too high", rate_list_above, -ERANGE, DEVICE ": 2 vectors",
	       "rate-limit", "integer out of range");
	op = "vector_reset_stats_range";
	LOCAL(op, "no vectors", reset_of_none, -EINVAL, DEVICE, "count",
	      "no vectors to reset");
	KERNEL(op, "beyond", reset_beyond, -ENOENT, VECTOR(32), "index",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "across the end", reset_across, -ENOENT,
	       DEVICE ": vectors 0-32", "index",
	       "vector 32 is beyond the 32 declared");
	KERNEL(op, "overflow", reset_overflows, -ENOENT,
	       DEVICE ": vectors 4294967295-4294967296", "index",
	       "vector 4294967296 is beyond the 32 declared");
}

static void is_refused(void **state)
{
	const struct cell *c = *state;

	assert_int_equal(c->call(), c->err);
	assert_reason(m.ctx, c->err, c->object, c->attribute, c->text);
	assert_string_equal(ims_error_get_text(ims_ctx_get_error(m.ctx)),
			    c->text);
	assert_int_equal(fake_kernel.requests > 0, c->sent);
	matrix_assert_unchanged();
}

/* As is_refused(): asking first gives the same answer. */
static void is_refused_validate_only(void **state)
{
	m.flags = IMS_VALIDATE_ONLY;
	is_refused(state);
}

static void list_of_null(void **state)
{
	(void)state;
	assert_int_equal(list_missing(), -EINVAL);
	assert_null(ims_ctx_get_error(m.ctx));
	assert_int_equal(fake_kernel.requests, 0);
}

static bool takes_flags(const struct cell *c)
{
	return !strstr(c->operation, "_get") &&
	       strcmp(c->operation, "device_find");
}

int main(void)
{
	static char condition[256][64];
	size_t i;

	memset(long_name, 'x', IMS_NAME_MAX + 1);
	snprintf(long_store, sizeof(long_store), "store %s", long_name);
	snprintf(long_device, sizeof(long_device), "device %s", long_name);
	memset(long_list, '0', IMS_CPULIST_MAX + 1);

	look_ups();
	limits();
	vectors();
	signals();
	for (i = 0; i < num_cells; i++) {
		const struct cell *c = &cells[i];

		matrix_add(c->operation, c->condition, is_refused, c);
		if (!takes_flags(c))
			continue;
		snprintf(condition[i], sizeof(condition[i]),
			 "%s, validate only", c->condition);
		matrix_add(c->operation, condition[i], is_refused_validate_only,
			   c);
	}
	matrix_add("vector_trigger_list", "NULL", list_of_null, NULL);
	return matrix_run("values");
}
