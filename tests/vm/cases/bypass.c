// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts past the host, on the real irqbypass: vectors are producers while they are
 * live and unmasked. The consumers are an irqfd of KVM, which connects only where the
 * hardware can post interrupts (QEMU's cannot), and tests/vm/inject's, which always
 * does. Interrupts are handled by the host throughout, so all of them are counted.
 * On functions of ims_siov.ko.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "../irqfd.h"

#define CONSUME	"/sys/kernel/debug/ims_consume"

/* What a consumer tells: the Linux IRQ that it is connected to, or 0, and how often */
struct consumer {
	unsigned int irq;
	unsigned int connects;
	unsigned int disconnects;
};

/* Become a consumer of @fd until what is returned is closed; -errno */
static int consume(int fd, const char *how)
{
	int file = open(CONSUME, O_RDWR | O_CLOEXEC);
	char text[32];
	int ret;

	if (file < 0)
		err(1, "%s", CONSUME);
	snprintf(text, sizeof(text), "%d %s", fd, how);
	ret = write(file, text, strlen(text)) < 0 ? -errno : file;
	if (ret < 0)
		close(file);
	return ret;
}

static struct consumer look(int file)
{
	struct consumer c = { 0 };
	char text[64] = "";

	assert_true(pread(file, text, sizeof(text) - 1, 0) > 0);
	assert_int_equal(sscanf(text, "%u %u %u", &c.irq, &c.connects,
				&c.disconnects), 3);
	return c;
}

static bool is_bypassed(struct portal *fn, uint32_t vector)
{
	struct ims_vector *v = wq_vector(&fn->wq, vector);
	bool is = ims_vector_is_bypassed(v);

	ims_vector_free(v);
	return is;
}

/* Vector 1 is connected, or is not, as the consumer and as netlink have it. */
static void connected(struct portal *fn, int file, bool is)
{
	assert_int_equal(look(file).irq, is ?
			 wq_number32(&fn->wq, 1, ims_vector_get_irq) : 0);
	assert_int_equal(is_bypassed(fn, 1), is);
}

/* The hardware raises vector 1, and the host counts it. */
static void counted(struct portal *fn)
{
	uint64_t before = wq_number(&fn->wq, 1, ims_vector_get_delivered);

	fire(fn, 1, 1);
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	assert_int_equal(wq_number(&fn->wq, 1, ims_vector_get_delivered),
			 before + 1);
}

static int set_mode(struct portal *fn, uint32_t mode, unsigned int flags)
{
	struct ims_device_config *config;
	struct ims_device *device;
	int ret;

	assert_int_equal(ims_device_config_new(&config), 0);
	ims_device_config_set_bypass(config, mode);
	assert_int_equal(ims_device_get(fn->wq.ctx, fn->wq.name, &device), 0);
	ret = ims_device_configure(fn->wq.ctx, device, config, flags);
	ims_device_config_free(config);
	ims_device_free(device);
	return ret;
}

static void take_away(void)
{
	const char *path = getenv("IMS_REVOKE");
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;

	if (fd < 0 || write(fd, "0", 1) != 1)
		err(1, "IMS_REVOKE: %s", path ? path : "is not set");
	close(fd);
}

static void consumer_comes_and_goes(void **state)
{
	struct portal *fn = *state;
	const char *how = getenv("IMS_VCPU") ? "vcpu" : "accepts";
	int file, other;

	assert_int_equal(portal_bind(fn, 1, 2), 0);
	assert_false(is_bypassed(fn, 1));
	file = consume(fn->wq.fds[1], how);
	assert_true(file >= 0);
	connected(fn, file, true);
	assert_false(is_bypassed(fn, 2));
	counted(fn);
	close(file);
	assert_false(is_bypassed(fn, 1));
	counted(fn);

	/* It is there before the vector is bound. */
	other = consume(wq_fd(&fn->wq, 3), how);
	assert_true(other >= 0);
	assert_int_equal(look(other).connects, 0);
	assert_int_equal(portal_bind(fn, 3, 1), 0);
	assert_true(is_bypassed(fn, 3));
	assert_int_equal(portal_unbind(fn, 3, 1), 0);
	assert_int_equal(look(other).disconnects, 1);
	assert_false(is_bypassed(fn, 3));
	close(other);
}

static void masked_is_the_hosts(void **state)
{
	struct portal *fn = *state;
	struct ims_vfio *vfio = fn->wq.vfio;
	int i, file;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	file = consume(fn->wq.fds[1], "accepts");
	assert_true(file >= 0);
	for (i = 1; i <= 100; i++) {
		assert_int_equal(ims_vfio_mask(vfio, 1, 1), 0);
		connected(fn, file, false);
		if (i == 1) {
			fire(fn, 1, 1);
			portal_settle(fn);
			assert_int_equal(wq_take(&fn->wq, 1), 0);
		}
		assert_int_equal(ims_vfio_unmask(vfio, 1, 1), 0);
		connected(fn, file, true);
		assert_int_equal(look(file).connects, i + 1);
		assert_int_equal(look(file).disconnects, i);
	}
	assert_int_equal(wq_wait(&fn->wq, 1), 1);
	counted(fn);
	close(file);
}

static void swap_revoke_and_off(void **state)
{
	struct portal *fn = *state;
	struct ims_vfio *vfio = fn->wq.vfio;
	int file;

	assert_int_equal(portal_bind(fn, 1, 2), 0);
	file = consume(fn->wq.fds[1], "accepts");
	assert_true(file >= 0);

	/* To an eventfd that has no consumer, and back; another's is shared so long. */
	assert_int_equal(ims_vfio_bind(vfio, 1, &fn->wq.fds[2], 1), 0);
	connected(fn, file, false);
	assert_int_equal(wq_bind(&fn->wq, 1, 1), 0);
	connected(fn, file, true);

	take_away();
	assert_int_equal(wq_number32(&fn->wq, 1, ims_vector_get_state),
			 IMS_VECTOR_STATE_HELD);
	connected(fn, file, false);
	assert_int_equal(portal_request(fn, 1, 1), 0);
	connected(fn, file, true);
	counted(fn);

	assert_int_equal(set_mode(fn, IMS_BYPASS_MODE_OFF, IMS_VALIDATE_ONLY), 0);
	connected(fn, file, true);
	assert_int_equal(set_mode(fn, IMS_BYPASS_MODE_OFF, 0), 0);
	connected(fn, file, false);
	assert_int_equal(set_mode(fn, IMS_BYPASS_MODE_ON, 0), 0);
	connected(fn, file, true);
	counted(fn);

	assert_int_equal(ims_vfio_reset(vfio), 0);
	connected(fn, file, false);
	close(file);
}

static void refused_and_shared(void **state)
{
	struct portal *fn = *state;
	int fds[2], file;

	file = consume(wq_fd(&fn->wq, 1), "refuses");
	assert_true(file >= 0);
	assert_int_equal(portal_bind(fn, 1, 1), 0);
	connected(fn, file, false);
	counted(fn);
	close(file);
	/* Refused once, it is no producer until it is bound or unmasked again. */
	file = consume(fn->wq.fds[1], "accepts");
	connected(fn, file, false);
	assert_int_equal(wq_bind(&fn->wq, 1, 1), 0);
	connected(fn, file, true);
	close(file);
	/* Now it is one, and who refuses fails himself. */
	assert_int_equal(consume(fn->wq.fds[1], "refuses"), -EINVAL);
	counted(fn);

	fds[0] = fn->wq.fds[1];
	fds[1] = fn->wq.fds[1];
	assert_int_equal(ims_vfio_bind(fn->wq.vfio, 1, fds, 2), 0);
	file = consume(fn->wq.fds[1], "accepts");
	connected(fn, file, true);
	assert_false(is_bypassed(fn, 2));
	close(file);
}

/* The next event is vector 1's, and tells whether it is bypassed. */
static void hear(struct ims_monitor *monitor, bool is)
{
	struct ims_event *event;
	uint32_t type, index;

	for (;;) {
		assert_int_equal(ims_monitor_wait(monitor, WQ_PATIENCE_MS), 0);
		assert_int_equal(ims_monitor_read(monitor, &event), 0);
		assert_int_equal(ims_event_get_type(event, &type), 0);
		if (!case_of_figures(type))
			break;
		ims_event_free(event);
	}
	assert_int_equal(type, IMS_EVENT_VECTOR_CHANGE);
	assert_int_equal(ims_vector_get_index(ims_event_get_vector(event),
					      &index), 0);
	assert_int_equal(index, 1);
	assert_int_equal(ims_vector_is_bypassed(ims_event_get_vector(event)),
			 is);
	ims_event_free(event);
}

static void listeners_are_told(void **state)
{
	struct portal *fn = *state;
	struct ims_monitor *monitor;
	int file;

	assert_int_equal(portal_bind(fn, 1, 1), 0);
	assert_int_equal(ims_monitor_new(fn->wq.ctx, 0, &monitor), 0);
	file = consume(fn->wq.fds[1], "accepts");
	hear(monitor, true);
	close(file);
	hear(monitor, false);
	case_hear_nothing(monitor);
	ims_monitor_free(monitor);
}

/* Through all that ends and begins a producer while KVM may be connected */
static void kvm_irqfd(void **state)
{
	struct portal *fn = *state;
	bool posts, remapped;
	uint64_t before;
	int vm, i;

	if (access("/dev/kvm", R_OK | W_OK))
		skip();
	assert_int_equal(portal_bind(fn, 1, 1), 0);
	vm = irqfd_create(fn->wq.fds[1]);
	posts = is_bypassed(fn, 1);
	print_message("# KVM %s\n", posts ? "is connected, and posts" :
		      "does not connect: this hardware cannot post");
	for (i = 0; i < 20; i++) {
		assert_int_equal(ims_vfio_mask(fn->wq.vfio, 1, 1), 0);
		assert_false(is_bypassed(fn, 1));
		assert_int_equal(ims_vfio_unmask(fn->wq.vfio, 1, 1), 0);
		assert_int_equal(is_bypassed(fn, 1), posts);
	}
	/* Handled by the host, an interrupt is the irqfd's: nothing is left to read. */
	before = wq_number(&fn->wq, 1, ims_vector_get_delivered);
	fire(fn, 1, 1);
	portal_settle(fn);
	remapped = wq_number(&fn->wq, 1, ims_vector_get_delivered) == before + 1;
	assert_int_equal(remapped, !posts);
	assert_int_equal(wq_take(&fn->wq, 1), 0);

	/* KVM goes first, or the vector does. */
	irqfd_remove(vm, fn->wq.fds[1]);
	assert_false(is_bypassed(fn, 1));
	counted(fn);
	close(vm);
	vm = irqfd_create(fn->wq.fds[1]);
	assert_int_equal(portal_unbind(fn, 1, 1), 0);
	close(vm);
}

static int open_one(void **state)
{
	static struct portal fn;

	case_open_portal(&fn, 0);
	*state = &fn;
	return 0;
}

static int close_one(void **state)
{
	portal_close(*state);
	return 0;
}

#define bypass_test(f)	cmocka_unit_test_setup_teardown(f, open_one, close_one)

int main(void)
{
	const struct CMUnitTest tests[] = {
		bypass_test(consumer_comes_and_goes),
		bypass_test(masked_is_the_hosts),
		bypass_test(swap_revoke_and_off),
		bypass_test(refused_and_shared),
		bypass_test(listeners_are_told),
		bypass_test(kvm_irqfd),
	};

	return cmocka_run_group_tests_name("bypass", tests, NULL, NULL);
}
