/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing to be made of the trace events: see stubs.h. */
