// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For programs that are tested as a whole: the host that they look at is a
 * directory, IMS_FAKE_ROOT, or else one without any file.
 */
#include <stdlib.h>

#include "doctor/doctor.h"

const char *system_root(void)
{
	const char *root = getenv("IMS_FAKE_ROOT");

	return root ? root : "/nonexistent";
}
