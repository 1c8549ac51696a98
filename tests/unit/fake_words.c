// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the simulated kernel can be like, in a word: for programs that are tested as
 * a whole, see libims-testing(7).
 */
#include <errno.h>
#include <string.h>

#include "fake_events.h"

bool fake_word(const char *word)
{
	if (!strcmp(word, "empty"))
		fake_kernel.num_devices = 0;
	else if (!strcmp(word, "no-stores"))
		fake_kernel.num_stores = 0;
	else if (!strcmp(word, "absent"))
		fake_kernel.absent = true;
	else if (!strcmp(word, "elsewhere"))
		fake_kernel.absent = fake_kernel.elsewhere = true;
	else if (!strcmp(word, "user"))
		fake_kernel.privileged = false;
	else if (!strcmp(word, "no-public"))
		fake_events.no_public = true;
	else if (!strcmp(word, "disturbed"))
		fake_kernel.interrupts = 1000;
	else if (!strcmp(word, "disturbed-once"))
		fake_kernel.interrupts = 1;
	else if (!strcmp(word, "silent"))
		fake_kernel.silent = true;
	else if (!strcmp(word, "no-socket"))
		fake_kernel.open_error = -EMFILE;
	else if (!strcmp(word, "held"))
		fake_kernel_hold();
	else if (!strcmp(word, "keeps-cookies"))
		fake_kernel.devices[0].keeps_cookies = true;
	else if (!strcmp(word, "short-cookies"))
		fake_kernel.stores[1].cookie_max = 0xfffff;
	else if (!strcmp(word, "gone"))
		fake_kernel.devices[2].gone = true;
	else if (!strcmp(word, "large"))
		fake_kernel_add_large(5000);
	else
		return false;
	return true;
}
