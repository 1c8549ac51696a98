// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log. What is a report is what it is to tests/vm/vm.
 */
#include <err.h>
#include <fcntl.h>
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include "../files.h"
#include "fuzz.h"

static int kmsg = -1;
static regex_t report;

void watch_init(void)
{
	kmsg = open_or_die("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (lseek(kmsg, 0, SEEK_END) < 0)
		err(1, "/dev/kmsg");
	if (regcomp(&report, "WARNING:|BUG:|Oops|Call Trace|UBSAN|KASAN|"
		    "general protection|refcount_t:|suspicious RCU|"
		    "possible recursive locking|possible circular locking|"
		    "inconsistent lock state|INFO: task .* blocked|"
		    "unexpected IRQ trap|No irq handler for vector|nobody cared",
		    REG_EXTENDED | REG_NOSUB))
		errx(1, "regcomp");
}

bool watch_reports(void)
{
	char line[8192];
	ssize_t n;

	/* EPIPE: lines were overwritten; the next read goes on behind them. */
	while ((n = read(kmsg, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		line[strcspn(line, "\n")] = '\0';
		if (!regexec(&report, line, 0, NULL, 0)) {
			printf("# %s\n", line);
			return true;
		}
	}
	return false;
}
