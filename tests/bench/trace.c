// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "bench.h"

static bool takes_bytes(uint64_t nr)
{
	return nr == SYS_read || nr == SYS_pread64 || nr == SYS_recvmsg ||
	       nr == SYS_recvfrom;
}

/* Between the two SIGSTOPs that @fn is put between. */
struct traced trace_calls(void (*fn)(void *), void *arg)
{
	struct __ptrace_syscall_info info;
	struct traced traced = { };
	uint64_t nr = 0;
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		fn(arg);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(1, "cannot trace");
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD);
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
			err(1, "PTRACE_GET_SYSCALL_INFO");
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
			nr = info.entry.nr;
			traced.calls++;
		} else if (info.op == PTRACE_SYSCALL_INFO_EXIT &&
			   !info.exit.is_error && takes_bytes(nr)) {
			traced.bytes += info.exit.rval;
		}
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "what was traced failed");
	/* Its exit is not its own. */
	traced.calls--;
	return traced;
}
