/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration of vectors: cookies and affinities. Included by engine.h.
 */
#ifndef _VFIO_PCI_IMS_CONFIGURE_H
#define _VFIO_PCI_IMS_CONFIGURE_H

/**
 * struct ims_config - what vectors are to have
 * @start: first vector; the range must be within those declared
 * @count: how many
 * @bools: those that are meant, by their numbers; NULL: all of the range
 * @ask: the driver is to be asked for cookies, who has not asked for it himself
 * @cookie_given: their own cookie is to change
 * @cookie: to what, and when; without the vector
 * @affinity_given: their affinity is to change; not with a cookie that is to take
 *	effect now
 * @mask: to these CPUs; NULL: the device's
 */
struct ims_config {
	u32 start;
	u32 count;
	const u8 *bools;
	bool ask;
	bool cookie_given;
	struct vfio_pci_ims_cookie cookie;
	bool affinity_given;
	const struct cpumask *mask;
};

/**
 * struct ims_config_failure - why that failed
 * @vector: the vector that it failed for
 * @affinity: for its affinity, not for its cookie
 */
struct ims_config_failure {
	u32 vector;
	bool affinity;
};

/* configure.c; with vdev->lock held */
int ims_vectors_configure(struct ims_vdev *vdev, const struct ims_config *config,
			  struct ims_config_failure *failed);

#endif /* _VFIO_PCI_IMS_CONFIGURE_H */
