// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of what vectors are to have, their own cookie and their affinity, for one
 * or for many of them: all, or none.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "engine.h"
#include "trace.h"

/**
 * struct ims_configuring - a request under way
 * @vdev: the device
 * @config: what is wanted
 * @changes: one for each vector of the range; without a vector where nothing is to
 *	change
 * @affinities: likewise, the affinity to put in force; NULL for the default
 * @affinity_failed: it failed for an affinity
 */
struct ims_configuring {
	struct ims_vdev *vdev;
	const struct ims_config *config;
	struct ims_change *changes;
	struct ims_affinity **affinities;
	bool affinity_failed;
};

/* The change of vector @index's cookie. */
static struct vfio_pci_ims_cookie
ims_config_cookie(const struct ims_config *config, u32 index)
{
	struct vfio_pci_ims_cookie cookie = config->cookie;

	cookie.vector = index;
	return cookie;
}

/* What is to become of vector @i of the range: 0, or why it cannot be. */
static int ims_configure_prepare(struct ims_configuring *c, u32 i,
				 struct ims_failure *failure)
{
	const struct ims_config *config = c->config;
	struct ims_change *change = &c->changes[i];
	u32 index = config->start + i;
	struct vfio_pci_ims_cookie cookie = ims_config_cookie(config, index);
	bool gives = (config->cookie_given && cookie.own) || config->mask;
	int ret = 0;

	failure->vector = index;
	if (config->cookie_given)
		ret = ims_cookie_valid(c->vdev, &cookie);
	if (!ret && config->affinity_given) {
		ret = ims_affinity_check(c->vdev, index, config->mask);
		c->affinity_failed = ret;
	}
	if (ret)
		return ret;

	/* It has nothing that could be taken from it, and stays absent. */
	if (!gives && !ims_vector_get(c->vdev, index))
		return 0;

	failure->kind = IMS_ALERT_KIND_NO_MEMORY;
	ret = ims_change_context(c->vdev, change, index);
	if (ret)
		return ret;
	if (config->mask) {
		c->affinities[i] = ims_affinity_alloc(config->mask);
		if (!c->affinities[i])
			return -ENOMEM;
	}
	failure->kind = IMS_NOTHING_RAN_OUT;

	change->tell = true;
	if (config->cookie_given) {
		change->renew = cookie.mode == VFIO_PCI_IMS_COOKIE_NOW;
		change->cookie = ims_cookie_next(c->vdev, &cookie);
	}
	return 0;
}

/*
 * Move interrupts of the first @nr vectors back to where they may go. They have just
 * been there; should others have taken that room, they are where they may not be, as
 * when a CPU goes offline, and an alert says so.
 */
static void ims_configure_move_back(struct ims_configuring *c, u32 nr)
{
	const struct ims_vector *vector;
	struct ims_line *line;
	u32 i;

	for (i = 0; i < nr; i++) {
		vector = c->changes[i].vector;
		line = vector ? ims_vector_line(vector) : NULL;
		if (line && ims_irq_set_affinity(&line->irq,
						 ims_vector_affinity(vector)))
			ims_event_alert(c->vdev, vector->index,
					IMS_ALERT_KIND_AFFINITY, 0, 0);
	}
}

/* Move the interrupts that there are: all, or none. */
static int ims_configure_move(struct ims_configuring *c,
			      struct ims_failure *failure)
{
	const struct cpumask *mask = c->config->mask;
	struct ims_line *line;
	int ret;
	u32 i;

	if (!c->config->affinity_given)
		return 0;
	if (!mask) {
		mask = ims_vdev_affinity(c->vdev);
		/* Then they stay where they are, which readers are told. */
		if (mask && !cpumask_intersects(mask, cpu_online_mask))
			return 0;
	}
	for (i = 0; i < c->config->count; i++) {
		if (!c->changes[i].vector)
			continue;
		line = ims_vector_line(c->changes[i].vector);
		ret = line ? ims_irq_set_affinity(&line->irq, mask) : 0;
		if (ret) {
			failure->vector = c->config->start + i;
			c->affinity_failed = true;
			ims_configure_move_back(c, i);
			return ret;
		}
	}
	return 0;
}

/* Tell the driver of the first @nr vectors that they keep the cookies they have. */
static void ims_configure_ask_back(struct ims_configuring *c, u32 nr)
{
	const struct ims_vector *vector;
	u32 i;

	for (i = 0; i < nr; i++) {
		vector = c->changes[i].vector;
		if (vector)
			ims_cookie_ask(c->vdev, &(struct vfio_pci_ims_cookie) {
				.vector = vector->index,
				.own = vector->cookie_own,
				.cookie = vector->cookie,
			});
	}
}

/* The last that can fail: the driver relies on its answers. */
static int ims_configure_ask(struct ims_configuring *c,
			     struct ims_failure *failure)
{
	struct vfio_pci_ims_cookie cookie;
	int ret;
	u32 i;

	if (!c->config->cookie_given || !c->config->ask)
		return 0;
	for (i = 0; i < c->config->count; i++) {
		if (!c->changes[i].vector)
			continue;
		cookie = ims_config_cookie(c->config, c->config->start + i);
		ret = ims_cookie_ask(c->vdev, &cookie);
		if (ret) {
			failure->vector = cookie.vector;
			failure->kind = IMS_NOTHING_RAN_OUT;
			ims_configure_ask_back(c, i);
			return ret;
		}
	}
	return 0;
}

static void ims_configure_commit(struct ims_configuring *c)
{
	const struct ims_config *config = c->config;
	struct ims_vector *vector;
	u32 i;

	for (i = 0; i < config->count; i++) {
		vector = c->changes[i].vector;
		if (!vector)
			continue;
		if (config->affinity_given)
			ims_affinity_replace(vector, c->affinities[i]);
		if (config->cookie_given) {
			ims_vector_set_cookie(vector, config->cookie.own,
					      config->cookie.cookie);
			trace_ims_cookie(vector, config->cookie.mode);
		}
	}
	ims_changes_commit(c->vdev, c->changes, config->count,
			   VFIO_PCI_IMS_COOKIE);
}

/* With room for all changes. */
static int ims_configure(struct ims_configuring *c, struct ims_failure *failure)
{
	const struct ims_config *config = c->config;
	int ret = 0;
	u32 i;

	for (i = 0; !ret && i < config->count; i++)
		if (!config->bools || config->bools[config->start + i])
			ret = ims_configure_prepare(c, i, failure);
	if (!ret)
		ret = ims_changes_prepare(c->vdev, c->changes, config->count,
					  c->vdev->on_hold, failure);
	if (!ret) {
		failure->kind = IMS_NOTHING_RAN_OUT;
		ret = ims_configure_move(c, failure);
		if (!ret) {
			ret = ims_configure_ask(c, failure);
			if (ret && config->affinity_given)
				ims_configure_move_back(c, config->count);
		}
	}
	if (!ret) {
		ims_configure_commit(c);
		return 0;
	}

	ims_changes_abort(c->changes, config->count);
	for (i = 0; i < config->count; i++)
		kfree(c->affinities[i]);
	return ret;
}

/**
 * ims_vectors_configure - change the own cookies and the affinities of vectors
 * @vdev: the device
 * @config: what is to change, of which vectors
 * @failed: out: on error what it failed for
 *
 * A vector that is given something gets a context if it has none. On error nothing
 * has changed, and the refusal of a cookie is noted. A driver that has agreed to a
 * change which then fails for another vector is told of the cookies that stay.
 *
 * Return: 0; -EINVAL for an emulated vector, or when none of the CPUs is online;
 * -ERANGE for a cookie that the hardware cannot hold; -ENODEV; -ENOMEM; with
 * config->ask -EOPNOTSUPP when the driver lets nobody change cookies, and what it
 * answers; for a cookie that is to take effect now also as ims_changes_prepare();
 * what ims_irq_set_affinity() returns, -ENOSPC when the CPUs have no vector left.
 */
int ims_vectors_configure(struct ims_vdev *vdev, const struct ims_config *config,
			  struct ims_config_failure *failed)
{
	struct ims_failure failure = { config->start, IMS_NOTHING_RAN_OUT };
	struct ims_affinity *affinity = NULL;
	struct ims_change change = { };
	struct ims_configuring c = {
		.vdev = vdev,
		.config = config,
		.changes = &change,
		.affinities = &affinity,
	};
	int ret = 0;

	lockdep_assert_held(&vdev->lock);

	if (config->count > 1) {
		c.changes = kvcalloc(config->count, sizeof(*c.changes),
				     GFP_KERNEL);
		c.affinities = kvcalloc(config->count, sizeof(*c.affinities),
					GFP_KERNEL);
	}
	if (c.changes && c.affinities) {
		ret = ims_configure(&c, &failure);
	} else {
		failure.kind = IMS_ALERT_KIND_NO_MEMORY;
		ret = -ENOMEM;
	}
	if (config->count > 1) {
		kvfree(c.affinities);
		kvfree(c.changes);
	}
	failed->vector = failure.vector;
	failed->affinity = c.affinity_failed;
	return ret && config->cookie_given ?
	       ims_vdev_refuse(vdev, &failure, ret) : ret;
}
