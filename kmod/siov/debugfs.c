// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host does to a device, by hand: /sys/kernel/debug/ims_siov/<PCI address>/
 *
 *	revoke		write a function's number: all its handles are taken away
 *	stall		write 1: whoever binds, unbinds or frees a vector waits for the
 *			device, until 0 is written
 *	waiting		read: how many wait so now
 */
#include <linux/debugfs.h>

#include "siov.h"

static struct dentry *ims_siov_root;

static int ims_siov_revoke_set(void *data, u64 n)
{
	return n > UINT_MAX ? -ENODEV : ims_siov_fn_revoke(data, n);
}

static int ims_siov_stall_get(void *data, u64 *val)
{
	struct ims_siov *siov = data;

	*val = READ_ONCE(siov->hw.stall);
	return 0;
}

static int ims_siov_stall_set(void *data, u64 val)
{
	struct ims_siov *siov = data;

	siov_hw_set_stall(&siov->hw, val);
	return 0;
}

static int ims_siov_waiting_get(void *data, u64 *val)
{
	struct ims_siov *siov = data;

	*val = atomic_read(&siov->hw.waiting);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(ims_siov_revoke, NULL, ims_siov_revoke_set, "%llu\n");
DEFINE_DEBUGFS_ATTRIBUTE(ims_siov_stall, ims_siov_stall_get, ims_siov_stall_set,
			 "%llu\n");
DEFINE_DEBUGFS_ATTRIBUTE(ims_siov_waiting, ims_siov_waiting_get, NULL, "%llu\n");

void ims_siov_debugfs_add(struct ims_siov *siov)
{
	siov->dir = debugfs_create_dir(pci_name(siov->pdev), ims_siov_root);
	debugfs_create_file("revoke", 0200, siov->dir, siov, &ims_siov_revoke);
	debugfs_create_file("stall", 0600, siov->dir, siov, &ims_siov_stall);
	debugfs_create_file("waiting", 0400, siov->dir, siov, &ims_siov_waiting);
}

void ims_siov_debugfs_del(struct ims_siov *siov)
{
	debugfs_remove(siov->dir);
}

void ims_siov_debugfs_init(void)
{
	ims_siov_root = debugfs_create_dir("ims_siov", NULL);
}

void ims_siov_debugfs_exit(void)
{
	debugfs_remove(ims_siov_root);
}
