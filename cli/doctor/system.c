// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The host that is looked at, in a file of its own for the unit tests, which
 * have others.
 */
#include "doctor/doctor.h"

const char *system_root(void)
{
	return "";
}
