// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Contexts, the log and the last error.
 */
#include "test.h"

#include <syslog.h>

#include "fake_kernel.h"

static int setup(void **state)
{
	fake_kernel_reset();
	return ims_ctx_new((struct ims_ctx **)state);
}

static int teardown(void **state)
{
	ims_ctx_free(*state);
	return 0;
}

static void version(void **state)
{
	(void)state;
	assert_string_equal(ims_version(), IMS_VERSION);
}

static void null_arguments(void **state)
{
	(void)state;
	assert_int_equal(ims_ctx_new(NULL), -EINVAL);
	ims_ctx_free(NULL);
	assert_int_equal(ims_ctx_set_log(NULL, NULL, NULL, LOG_ERR), -EINVAL);
	assert_null(ims_ctx_get_error(NULL));
	assert_int_equal(ims_error_get_errno(NULL), -EINVAL);
	assert_null(ims_error_get_text(NULL));
	assert_null(ims_error_get_attribute(NULL));
	assert_null(ims_error_get_object(NULL));
	assert_null(ims_error_get_message(NULL));
}

static void new_opens_nothing(void **state)
{
	assert_null(ims_ctx_get_error(*state));
	assert_int_equal(fake_kernel.opens, 0);
}

static void error_stays_until_the_next(void **state)
{
	struct ims_device_list *list;
	struct ims_device *device;

	assert_int_equal(ims_device_get_by_id(*state, 9, &device), -ENODEV);
	assert_reason(*state, -ENODEV, "device #9", "id",
		      "no such virtual device");
	assert_string_equal(ims_error_get_message(ims_ctx_get_error(*state)),
			    "device #9: no such virtual device is open");

	assert_int_equal(ims_device_list_get(*state, &list), 0);
	ims_device_list_free(list);
	assert_reason(*state, -ENODEV, "device #9", "id",
		      "no such virtual device");

	fake_kernel.silent = true;
	assert_int_equal(ims_device_get_by_id(*state, 8, &device), -ENODEV);
	assert_reason(*state, -ENODEV, "device #8", NULL, "No such device");
}

struct seen {
	unsigned int calls;
	int least_urgent;
	char text[128];
};

static void see(void *data, int priority, const char *text)
{
	struct seen *seen = data;

	seen->calls++;
	if (priority > seen->least_urgent)
		seen->least_urgent = priority;
	strncpy(seen->text, text, sizeof(seen->text) - 1);
}

static void log_filters(void **state)
{
	struct seen seen = { 0 };
	struct ims_device *device;

	assert_int_equal(ims_ctx_set_log(*state, see, &seen, -1), -EINVAL);
	assert_int_equal(ims_ctx_set_log(*state, see, &seen, LOG_DEBUG + 1),
			 -EINVAL);

	assert_int_equal(ims_ctx_set_log(*state, see, &seen, LOG_WARNING), 0);
	assert_int_equal(ims_device_get(*state, "x", &device), -ENODEV);
	assert_int_equal(seen.calls, 0);

	assert_int_equal(ims_ctx_set_log(*state, see, &seen, LOG_INFO), 0);
	assert_int_equal(ims_device_get(*state, "x", &device), -ENODEV);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.least_urgent, LOG_INFO);
	assert_string_equal(seen.text,
			    "device x: no such virtual device is open");

	assert_int_equal(ims_ctx_set_log(*state, see, &seen, LOG_DEBUG), 0);
	assert_int_equal(ims_device_get(*state, "x", &device), -ENODEV);
	assert_int_equal(seen.least_urgent, LOG_DEBUG);

	seen.calls = 0;
	assert_int_equal(ims_ctx_set_log(*state, NULL, NULL, LOG_DEBUG), 0);
	assert_int_equal(ims_device_get(*state, "x", &device), -ENODEV);
	assert_int_equal(seen.calls, 0);
}

static void kernel_warnings_are_logged(void **state)
{
	struct seen seen = { 0 };
	struct ims_device *device;

	fake_kernel_populate();
	fake_kernel.warning = "mind the gap";
	assert_int_equal(ims_ctx_set_log(*state, see, &seen, LOG_WARNING), 0);
	assert_int_equal(ims_device_get(*state, "wq0", &device), 0);
	ims_device_free(device);
	assert_int_equal(seen.calls, 1);
	assert_string_equal(seen.text, "mind the gap");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(version),
		TEST(null_arguments),
		TEST(new_opens_nothing),
		TEST(error_stays_until_the_next),
		TEST(log_filters),
		TEST(kernel_warnings_are_logged),
	};

	return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
