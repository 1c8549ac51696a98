// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests to change vectors.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

struct ims_vector_config {
	bool has_cookie;
	bool clear_cookie;
	bool has_mode;
	bool has_affinity;
	uint64_t cookie;
	uint32_t mode;
	/* Room for one byte too many, so that "too long" can be remembered. */
	char affinity[IMS_CPULIST_MAX + 2];
};

IMS_PUBLIC int ims_vector_config_new(struct ims_vector_config **config)
{
	if (!config)
		return -EINVAL;

	*config = calloc(1, sizeof(**config));
	return *config ? 0 : -ENOMEM;
}

IMS_PUBLIC void ims_vector_config_free(struct ims_vector_config *config)
{
	free(config);
}

IMS_PUBLIC int ims_vector_config_set_cookie(struct ims_vector_config *config,
					    uint64_t cookie)
{
	if (!config)
		return -EINVAL;

	config->has_cookie = true;
	config->clear_cookie = false;
	config->cookie = cookie;
	return 0;
}

IMS_PUBLIC int ims_vector_config_clear_cookie(struct ims_vector_config *config)
{
	if (!config)
		return -EINVAL;

	config->has_cookie = false;
	config->clear_cookie = true;
	return 0;
}

IMS_PUBLIC int
ims_vector_config_set_cookie_mode(struct ims_vector_config *config,
				  uint32_t mode)
{
	if (!config)
		return -EINVAL;

	config->has_mode = true;
	config->mode = mode;
	return 0;
}

IMS_PUBLIC int ims_vector_config_set_affinity(struct ims_vector_config *config,
					      const char *cpus)
{
	size_t len;

	if (!config || !cpus)
		return -EINVAL;

	len = strnlen(cpus, sizeof(config->affinity) - 1);
	memcpy(config->affinity, cpus, len);
	config->affinity[len] = '\0';
	config->has_affinity = true;
	return 0;
}

/* What the kernel's policy would refuse without a word, or cannot be asked. */
static int check(struct ims_ctx *ctx, const char *object,
		 const struct ims_vector_config *config)
{
	if (!config->has_cookie && !config->clear_cookie && !config->has_mode &&
	    !config->has_affinity)
		return ims_fail(ctx, -EINVAL, object, NULL,
				"nothing to change");
	if (strlen(config->affinity) > IMS_CPULIST_MAX)
		return ims_fail(ctx, -EINVAL, object, "affinity",
				"a list of CPUs has at most %d bytes",
				IMS_CPULIST_MAX);
	return 0;
}

static int configure(struct ims_ctx *ctx, const struct ims_vectors *vectors,
		     const struct ims_vector_config *config, unsigned int flags)
{
	struct ims_nl_op op = { .attrs = &ims_vector_attrs };
	char object[IMS_OBJECT_SIZE];
	struct nl_msg *msg;
	int err;

	err = ims_vectors_check(ctx, vectors, "configure", flags, object);
	if (!err)
		err = check(ctx, object, config);
	if (err)
		return err;

	msg = ims_vectors_msg(IMS_CMD_VECTOR_SET, vectors);
	if (config->has_cookie)
		msg = ims_nl_u64(msg, IMS_A_VECTOR_COOKIE, config->cookie);
	if (config->clear_cookie)
		msg = ims_nl_flag(msg, IMS_A_VECTOR_COOKIE_CLEAR);
	if (config->has_mode)
		msg = ims_nl_u32(msg, IMS_A_VECTOR_COOKIE_MODE, config->mode);
	if (config->has_affinity)
		msg = ims_nl_string(msg, IMS_A_VECTOR_AFFINITY,
				    config->affinity);

	op.object = object;
	op.msg = ims_nl_flags(msg, IMS_A_VECTOR_VALIDATE_ONLY, flags);
	return ims_nl_do(ctx, &op);
}

IMS_PUBLIC int ims_vector_configure(struct ims_ctx *ctx,
				    const struct ims_vector *vector,
				    const struct ims_vector_config *config,
				    unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !vector || !config)
		return -EINVAL;

	vectors = ims_vectors_one(vector);
	return configure(ctx, &vectors, config, flags);
}

IMS_PUBLIC int
ims_vector_configure_range(struct ims_ctx *ctx, const struct ims_device *device,
			   uint32_t first, uint32_t count,
			   const struct ims_vector_config *config,
			   unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !config)
		return -EINVAL;

	vectors = ims_vectors_range(device, first, count);
	return configure(ctx, &vectors, config, flags);
}

IMS_PUBLIC int
ims_vector_configure_list(struct ims_ctx *ctx, const struct ims_device *device,
			  const uint32_t *indexes, size_t count,
			  const struct ims_vector_config *config,
			  unsigned int flags)
{
	struct ims_vectors vectors;

	if (!ctx || !device || !indexes || !config)
		return -EINVAL;

	vectors = ims_vectors_list(device, indexes, count);
	return configure(ctx, &vectors, config, flags);
}
