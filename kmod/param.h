/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters that are numbers in a range, for the reference drivers: who sets
 * another is told by the kernel, and nothing has changed.
 */
#ifndef _IMS_PARAM_H
#define _IMS_PARAM_H

#include <linux/moduleparam.h>

/**
 * struct ims_param - a module parameter and what it may be
 * @value: first, for param_set_uint_minmax() and param_get_uint()
 * @min: smallest value
 * @max: largest value
 */
struct ims_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

static int ims_param_set(const char *val, const struct kernel_param *kp)
{
	const struct ims_param *param = kp->arg;

	return param_set_uint_minmax(val, kp, param->min, param->max);
}

static const struct kernel_param_ops ims_param_ops = {
	.set = ims_param_set,
	.get = param_get_uint,
};

/* module_param_named() for a struct ims_param */
#define ims_param_named(name, param, perm)				\
	module_param_cb(name, &ims_param_ops, &(param), perm);		\
	__MODULE_PARM_TYPE(name, "uint")

#endif /* _IMS_PARAM_H */
