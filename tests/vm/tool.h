/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What wqtool and portaltool share: a device that is held open, and does what
 * standard input says. A line is a command; each is answered by one line.
 *
 *	bind FIRST COUNT	bind eventfds
 *	unbind FIRST COUNT	take them away
 *	disable			take all away
 *	reset			reset the device
 *	mask VECTOR		and unmask VECTOR
 *	take VECTOR		eventfd count since the last look
 *	wait VECTOR		the same, when there is something
 *	request			wait until the host wants the device back
 *	quit			as end of input
 */
#ifndef TESTS_VM_TOOL_H
#define TESTS_VM_TOOL_H

#include "wq.h"

/* The eventfd of the unplug request is one that no vector of ours uses. */
#define TOOL_REQUEST	(WQ_VECTORS - 1)

/* "ok", or the reason of a negative errno */
void tool_answer(struct wq *wq, int ret);

/*
 * Say that the device is open, and execute commands until they end. Others than
 * those above are @command's, which returns false for what is none either. While
 * there is no input @idle is called, if it is not NULL, as long as it returns true.
 */
void tool_run(struct wq *wq, bool (*command)(struct wq *wq, const char *line),
	      bool (*idle)(struct wq *wq));

#endif /* TESTS_VM_TOOL_H */
