/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs, each in a file of its name.
 */
#ifndef IMSCTL_COMMANDS_H
#define IMSCTL_COMMANDS_H

#include "shared/call.h"

extern const struct command command_affinity;
extern const struct command command_apply;
extern const struct command command_bypass;
extern const struct command command_capture;
extern const struct command command_completion;
extern const struct command command_cookie;
extern const struct command command_doctor;
extern const struct command command_diff;
extern const struct command command_limit;
extern const struct command command_list;
extern const struct command command_metrics;
extern const struct command command_monitor;
extern const struct command command_quiet;
extern const struct command command_rate;
extern const struct command command_save;
extern const struct command command_schema;
extern const struct command command_show;
extern const struct command command_stats;
extern const struct command command_top;
extern const struct command command_trigger;

#endif /* IMSCTL_COMMANDS_H */
