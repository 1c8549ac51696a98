// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation in every condition that can befall all of them: errno, object,
 * attribute and text.
 */
#include "matrix.h"

#include <stdio.h>

#define VECTOR_3	"device " NAME_A ": vector 3"

/* What an operation does, for the conditions that concern it. */
enum trait {
	/* Needs CAP_SYS_ADMIN and takes flags. */
	CHANGES = 1 << 0,
	DUMPS = 1 << 1,
	/* Asks for one object. */
	GETS = 1 << 2,
	/* A device whose parent is gone cannot have it. */
	NEEDS_PARENT = 1 << 3,
	/* Names no object: nothing can be gone or NULL. */
	NAMELESS = 1 << 4,
	SETS_COOKIE = 1 << 5,
};

/**
 * struct operation - a public function that asks the kernel
 * @name: without ims_
 * @call: call it on what is in m
 * @traits: enum trait
 * @object: what its errors are about
 * @key: attribute that names the object
 * @gone: text when the object is not there
 * @required: attribute that must be in replies, by number and by name
 */
struct operation {
	const char *name;
	int (*call)(void);
	unsigned int traits;
	const char *object;
	const char *key;
	const char *gone;
	int required;
	const char *required_name;
};

static const char no_store[] = "no such store";
static const char no_device[] = "no such virtual device is open";

/* A list or snapshot is given exactly when there is no error. */
#define GET(name, type, ...)						\
static int name(void)							\
{									\
	struct ims_##type *object = (void *)1;				\
	int err = ims_##name(__VA_ARGS__, &object);			\
									\
	assert_int_equal(!object, err && err != -EINTR);		\
	ims_##type##_free(object);					\
	return err;							\
}

GET(store_list_get, store_list, m.ctx)
GET(store_get, store, m.ctx, m.store ? STORE : NULL)
GET(store_get_by_id, store, m.ctx, 1)
GET(device_list_get, device_list, m.ctx)
GET(device_list_get_by_store, device_list, m.ctx, m.store)
GET(device_get, device, m.ctx, m.device ? NAME_A : NULL)
GET(device_get_by_id, device, m.ctx, 1)
GET(device_find, device, m.ctx, m.device ? NAME_A : NULL)
GET(vector_list_get_by_device, vector_list, m.ctx, m.device)
GET(vector_list_get, vector_list, m.ctx)
GET(vector_get, vector, m.ctx, m.device, 3)

static int store_configure(void)
{
	return limit_store(m.ctx, m.store, 100, m.flags);
}

static int store_reset_stats(void)
{
	return ims_store_reset_stats(m.ctx, m.store, m.flags);
}

static int device_configure(void)
{
	struct ims_device_config *config;
	int err;

	assert_int_equal(ims_device_config_new(&config), 0);
	ims_device_config_set_limit(config, 100);
	err = ims_device_configure(m.ctx, m.device, config, m.flags);
	ims_device_config_free(config);
	return err;
}

static int vector_list_get_by_filter(void)
{
	struct ims_vector_list *list = (void *)1;
	struct ims_vector_filter *filter;
	int err;

	assert_int_equal(ims_vector_filter_new(&filter), 0);
	ims_vector_filter_set_device(filter, m.device);
	err = ims_vector_list_get_by_filter(m.ctx, m.device ? filter : NULL,
					    &list);
	assert_int_equal(!list, err && err != -EINTR);
	ims_vector_list_free(list);
	ims_vector_filter_free(filter);
	return err;
}

static int vector_configure(void)
{
	struct ims_vector_config *config;
	int err;

	assert_int_equal(ims_vector_config_new(&config), 0);
	ims_vector_config_set_cookie(config, 7);
	err = ims_vector_configure_range(m.ctx, m.device, 3, 1, config,
					 m.flags);
	ims_vector_config_free(config);
	return err;
}

static int vector_trigger_range(void)
{
	return ims_vector_trigger_range(m.ctx, m.device, 1, 2, 0, m.flags);
}

static int vector_trigger_list(void)
{
	static const uint32_t indexes[] = { 2, 1 };

	return ims_vector_trigger_list(m.ctx, m.device, indexes, 2, 0, m.flags);
}

static int vector_quiet_range(void)
{
	return ims_vector_quiet_range(m.ctx, m.device, 1, 2, true, m.flags);
}

static int vector_quiet_list(void)
{
	static const uint32_t indexes[] = { 2, 1 };

	return ims_vector_quiet_list(m.ctx, m.device, indexes, 2, true, m.flags);
}

static int vector_rate_limit_range(void)
{
	return ims_vector_rate_limit_range(m.ctx, m.device, 1, 2, 9, m.flags);
}

static int vector_rate_limit_list(void)
{
	static const uint32_t indexes[] = { 2, 1 };

	return ims_vector_rate_limit_list(m.ctx, m.device, indexes, 2, 9,
					  m.flags);
}

static int vector_reset_stats_range(void)
{
	return ims_vector_reset_stats_range(m.ctx, m.device, 1, 2, m.flags);
}

static int device_reset_stats(void)
{
	return ims_device_reset_stats(m.ctx, m.device, m.flags);
}

#define OP(function)	.name = #function, .call = function
#define OF_STORE	IMS_A_STORE_ID, "id"
#define OF_DEVICE	IMS_A_DEVICE_ID, "id"
#define OF_VECTOR	IMS_A_VECTOR_DEVICE_ID, "device-id"

static const struct operation operations[] = {
	{ OP(store_list_get), DUMPS | NAMELESS, NULL, NULL, NULL, OF_STORE },
	{ OP(store_get), GETS, "store " STORE, "name", no_store, OF_STORE },
	{ OP(store_get_by_id), GETS, "store #1", "id", no_store, OF_STORE },
	{ OP(store_configure), CHANGES, "store " STORE, "id", no_store },
	{ OP(store_reset_stats), CHANGES, "store " STORE, "id", no_store },
	{ OP(device_list_get), DUMPS | NAMELESS, NULL, NULL, NULL, OF_DEVICE },
	{ OP(device_list_get_by_store), DUMPS, "store " STORE, "store-id",
	  no_store, OF_DEVICE },
	{ OP(device_get), GETS, "device " NAME_A, "name", no_device,
	  OF_DEVICE },
	{ OP(device_get_by_id), GETS, "device #1", "id", no_device, OF_DEVICE },
	{ OP(device_find), GETS, "device " NAME_A, "name", no_device,
	  OF_DEVICE },
	{ OP(device_configure), CHANGES | NEEDS_PARENT, "device " NAME_A, "id",
	  no_device },
	{ OP(vector_list_get_by_device), DUMPS, "device " NAME_A, "device-id", no_device,
	  OF_VECTOR },
	{ OP(vector_list_get), DUMPS | NAMELESS, NULL, NULL, NULL,
	  OF_VECTOR },
	{ OP(vector_list_get_by_filter), DUMPS, "device " NAME_A, "device-id",
	  no_device, OF_VECTOR },
	{ OP(vector_get), GETS, VECTOR_3, "device-id", no_device, OF_VECTOR },
	{ OP(vector_configure), CHANGES | NEEDS_PARENT | SETS_COOKIE, VECTOR_3,
	  "device-id", no_device },
	{ OP(vector_trigger_range), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": vectors 1-2", "device-id", no_device },
	{ OP(vector_trigger_list), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": 2 vectors", "device-id", no_device },
	{ OP(vector_quiet_range), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": vectors 1-2", "device-id", no_device },
	{ OP(vector_quiet_list), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": 2 vectors", "device-id", no_device },
	{ OP(vector_rate_limit_range), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": vectors 1-2", "device-id", no_device },
	{ OP(vector_rate_limit_list), CHANGES | NEEDS_PARENT,
	  "device " NAME_A ": 2 vectors", "device-id", no_device },
	{ OP(vector_reset_stats_range), CHANGES, "device " NAME_A ": vectors 1-2",
	  "device-id", no_device },
	{ OP(device_reset_stats), CHANGES, "device " NAME_A, "device-id",
	  no_device },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void fails(const struct operation *op, int err, const char *object,
		  const char *attribute, const char *text)
{
	assert_int_equal(op->call(), err);
	assert_reason(m.ctx, err, object, attribute, text);
	matrix_assert_unchanged();
}

/* ---- conditions --------------------------------------------------------- */

/* No condition at all: the others show nothing if this fails. */
static void succeeds(void **state)
{
	const struct operation *op = *state;

	assert_int_equal(op->call(), 0);
	assert_null(ims_ctx_get_error(m.ctx));
	assert_int_equal(fake_kernel.requests, 1);
}

static void no_context(void **state)
{
	const struct operation *op = *state;
	struct ims_ctx *ctx = m.ctx;

	m.ctx = NULL;
	assert_int_equal(op->call(), -EINVAL);
	m.ctx = ctx;
	assert_int_equal(fake_kernel.requests, 0);
}

static void no_object(void **state)
{
	const struct operation *op = *state;

	ims_store_free(m.store);
	ims_device_free(m.device);
	m.store = NULL;
	m.device = NULL;
	assert_int_equal(op->call(), -EINVAL);
	assert_int_equal(fake_kernel.requests, 0);
}

static void module_absent(void **state)
{
	fake_kernel.absent = true;
	fails(*state, -EOPNOTSUPP, NULL, NULL,
	      "the kernel module vfio_pci_ims is not loaded; try \"modprobe vfio_pci_ims\"");
}

static void do_not_know(const struct nlmsghdr *request)
{
	fake_kernel_end(request, NLMSG_ERROR, -EOPNOTSUPP, NULL, 0, 0);
}

static void operation_unknown(void **state)
{
	const struct operation *op = *state;

	fake_kernel.answer = do_not_know;
	fails(op, -EOPNOTSUPP, op->object, NULL,
	      "the loaded module vfio_pci_ims does not know this operation");
}

static void unprivileged(void **state)
{
	const struct operation *op = *state;

	fake_kernel.privileged = false;
	if (op->traits & CHANGES)
		fails(op, -EPERM, op->object, NULL,
		      "this needs CAP_SYS_ADMIN in the initial user namespace");
	else
		assert_int_equal(op->call(), 0);
}

static void unprivileged_without_text(void **state)
{
	const struct operation *op = *state;

	fake_kernel.privileged = false;
	fake_kernel.silent = true;
	fails(op, -EPERM, op->object, NULL, "Operation not permitted");
}

static void unknown_flags(void **state)
{
	const struct operation *op = *state;

	m.flags = IMS_VALIDATE_ONLY | 6;
	fails(op, -EINVAL, op->object, NULL, "the flags 0x6 are unknown");
	assert_int_equal(fake_kernel.requests, 0);
}

static void validate_only(void **state)
{
	const struct operation *op = *state;

	m.flags = IMS_VALIDATE_ONLY;
	assert_int_equal(op->call(), 0);
	assert_int_equal(fake_kernel.requests, 1);
	matrix_assert_unchanged();
}

static void object_gone(void **state)
{
	const struct operation *op = *state;

	fake_kernel.num_devices = 0;
	fake_kernel.num_stores = 0;
	matrix_remember();
	fails(op, -ENODEV, op->object, op->key, op->gone);
}

/* Also when only told what would happen. */
static void object_gone_validate_only(void **state)
{
	m.flags = IMS_VALIDATE_ONLY;
	object_gone(state);
}

static void parent_gone(void **state)
{
	const struct operation *op = *state;

	fake_kernel.devices[0].gone = true;
	matrix_remember();
	if (op->traits & NEEDS_PARENT)
		fails(op, -ENODEV, op->object, NULL,
		      "the device is going away");
	else
		assert_int_equal(op->call(), 0);
}

/* Only for operations that set a cookie is something wrong with one. */
static void cookie_refused(const struct operation *op, int err,
			   const char *text)
{
	matrix_remember();
	if (op->traits & SETS_COOKIE)
		fails(op, err, op->object, "cookie", text);
	else
		assert_int_equal(op->call(), 0);
}

static void cookies_are_drivers(void **state)
{
	fake_kernel.devices[0].keeps_cookies = true;
	cookie_refused(*state, -EOPNOTSUPP,
		       "the cookies of this device are its driver's");
}

static void cookies_are_drivers_validate_only(void **state)
{
	m.flags = IMS_VALIDATE_ONLY;
	cookies_are_drivers(state);
}

static void cookie_too_large(void **state)
{
	fake_kernel.stores[1].cookie_max = 6;
	cookie_refused(*state, -ERANGE, "the hardware cannot hold this cookie");
}

static void cookie_too_large_validate_only(void **state)
{
	m.flags = IMS_VALIDATE_ONLY;
	cookie_too_large(state);
}

/* Operations are none of what the driver withholds. */
static void held(void **state)
{
	const struct operation *op = *state;

	fake_kernel.devices[0].on_hold = true;
	fake_kernel.stores[1].suspended = true;
	assert_int_equal(op->call(), 0);
	assert_null(ims_ctx_get_error(m.ctx));
}

static void no_socket(void **state)
{
	const struct operation *op = *state;
	struct ims_ctx *ctx = m.ctx;

	/* The context of the setup has one. */
	assert_int_equal(ims_ctx_new(&m.ctx), 0);
	ims_ctx_free(ctx);
	fake_kernel.open_error = -EMFILE;
	fails(op, -EMFILE, op->object, NULL,
	      "socket(AF_NETLINK, NETLINK_GENERIC): Too many open files");
}

static void send_fails(void **state)
{
	const struct operation *op = *state;

	fake_kernel.send_error = -ENOBUFS;
	fails(op, -ENOBUFS, op->object, NULL,
	      "sending to the kernel: No buffer space available");
}

static void receive_fails(void **state)
{
	const struct operation *op = *state;

	fake_kernel.send_error = 0;
	fake_kernel.recv_error = -ENOBUFS;
	assert_int_equal(op->call(), -ENOBUFS);
	assert_reason(m.ctx, -ENOBUFS, op->object, NULL,
		      "receiving from the kernel: No buffer space available");
}

static void push_stub(const struct nlmsghdr *request)
{
	fake_kernel_push(request, 7);
}

static void reply_malformed(void **state)
{
	const struct operation *op = *state;

	fake_kernel.answer = push_stub;
	fails(op, -EPROTO, op->object, NULL, "the kernel's reply is malformed");
}

static void reply_lacks_attribute(void **state)
{
	const struct operation *op = *state;
	char text[80];

	snprintf(text, sizeof(text),
		 "the kernel's reply lacks the attribute \"%s\"",
		 op->required_name);
	fake_kernel.omit = op->required;
	fails(op, -EPROTO, op->object, op->required_name, text);
}

static void only_acknowledge(const struct nlmsghdr *request)
{
	fake_kernel_end(request, NLMSG_ERROR, 0, NULL, 0, 0);
}

static void no_reply(void **state)
{
	const struct operation *op = *state;

	fake_kernel.answer = only_acknowledge;
	fails(op, -EPROTO, op->object, NULL,
	      "the kernel acknowledged without a reply");
}

static void always_disturbed(void **state)
{
	const struct operation *op = *state;

	fake_kernel.interrupts = 1000;
	fails(op, -EINTR, op->object, NULL,
	      "the list kept changing while it was read; it may be incomplete");
	assert_int_equal(fake_kernel.requests, 8);
}

static void error_in_the_end(void **state)
{
	const struct operation *op = *state;

	fake_kernel.done_error = -ENODEV;
	fails(op, -ENODEV, op->object, NULL,
	      "the device was closed meanwhile");
}

/* A moment before the module is absent. */
static void module_unloading(void **state)
{
	const struct operation *op = *state;

	fake_kernel.unloading = true;
	fails(op, -EOPNOTSUPP, op->object, NULL,
	      "the kernel module vfio_pci_ims is being unloaded");
	assert_int_equal(fake_kernel.requests, 1);
}

/* For operations with a trait of @with (0: all) and none of @without. */
static const struct condition {
	const char *name;
	CMUnitTestFunction test;
	unsigned int with;
	unsigned int without;
} conditions[] = {
	{ "succeeds", succeeds },
	{ "no context", no_context },
	{ "no object", no_object, CHANGES | GETS | DUMPS, NAMELESS },
	{ "module absent", module_absent },
	{ "module unloading", module_unloading, DUMPS },
	{ "operation unknown", operation_unknown },
	{ "unprivileged", unprivileged },
	{ "unprivileged, no text", unprivileged_without_text, CHANGES },
	{ "unknown flags", unknown_flags, CHANGES },
	{ "validate only", validate_only, CHANGES },
	{ "object gone", object_gone, 0, NAMELESS },
	{ "object gone, validate only", object_gone_validate_only, CHANGES },
	{ "parent gone", parent_gone },
	{ "cookies are the driver's", cookies_are_drivers },
	{ "cookies are the driver's, validate only",
	  cookies_are_drivers_validate_only, CHANGES },
	{ "cookie too large", cookie_too_large },
	{ "cookie too large, validate only", cookie_too_large_validate_only,
	  CHANGES },
	{ "held", held },
	{ "no socket", no_socket },
	{ "sending fails", send_fails },
	{ "receiving fails", receive_fails },
	{ "malformed reply", reply_malformed },
	{ "reply lacks attribute", reply_lacks_attribute, GETS | DUMPS },
	{ "no reply", no_reply, GETS },
	{ "always disturbed", always_disturbed, DUMPS },
	{ "error in the end", error_in_the_end, DUMPS },
};

static bool concerns(const struct condition *c, const struct operation *op)
{
	/* These two have a number in the place of an object. */
	if (c->test == no_object && (op->call == store_get_by_id ||
				     op->call == device_get_by_id))
		return false;
	return (!c->with || (op->traits & c->with)) &&
	       !(op->traits & c->without);
}

int main(void)
{
	size_t i, j;

	for (i = 0; i < COUNT(operations); i++)
		for (j = 0; j < COUNT(conditions); j++)
			if (concerns(&conditions[j], &operations[i]))
				matrix_add(operations[i].name,
					   conditions[j].name,
					   conditions[j].test, &operations[i]);
	return matrix_run("errors");
}
