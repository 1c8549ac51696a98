// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A terminal for frames: keys one by one, the alternate screen, and everything
 * as it was before in the end. Signals are read like keys, so that there is
 * only one way out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

#include "top/top.h"

struct terminal {
	struct termios before;
	sigset_t mask;
	int signals;
	int timer;
	/* That has come, 0 for none. */
	int signal;
};

/* Alternate screen, no cursor, no wrapping of long lines; and back. */
#define ENTER	"\x1b[?1049h\x1b[?25l\x1b[?7l"
#define LEAVE	"\x1b[?7h\x1b[?25h\x1b[?1049l"

static void enter(struct terminal *t)
{
	struct termios keys = t->before;

	/* Signals by keys remain. */
	keys.c_lflag &= ~(ICANON | ECHO);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
	fputs(ENTER, stdout);
	fflush(stdout);
}

static void leave(struct terminal *t)
{
	fputs(LEAVE, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
}

static int make_timer(int64_t ns)
{
	struct itimerspec every = {
		.it_interval = { ns / 1000000000, ns % 1000000000 },
		.it_value = { ns / 1000000000, ns % 1000000000 },
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		timerfd_settime(fd, 0, &every, NULL);
	return fd;
}

struct terminal *terminal_open(int64_t interval_ns)
{
	static const int taken[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGWINCH,
	};
	struct terminal *t = calloc(1, sizeof(*t));
	sigset_t mask;
	size_t i;

	if (!t)
		return NULL;

	sigemptyset(&mask);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&mask, taken[i]);
	t->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	t->timer = make_timer(interval_ns);
	if (t->signals < 0 || t->timer < 0 ||
	    tcgetattr(STDIN_FILENO, &t->before)) {
		int err = errno;

		if (t->signals >= 0)
			close(t->signals);
		if (t->timer >= 0)
			close(t->timer);
		free(t);
		errno = err;
		return NULL;
	}
	sigprocmask(SIG_BLOCK, &mask, &t->mask);
	enter(t);
	return t;
}

void terminal_close(struct terminal *t)
{
	int signal_number = t->signal;

	leave(t);
	close(t->signals);
	close(t->timer);
	if (signal_number) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
	free(t);
}

void terminal_size(int *columns, int *lines)
{
	struct winsize size;

	*columns = 80;
	*lines = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return;
	if (size.ws_col)
		*columns = size.ws_col;
	if (size.ws_row)
		*lines = size.ws_row;
}

static enum terminal_key key_of(const char *text)
{
	static const struct {
		const char *text;
		enum terminal_key key;
	} keys[] = {
		{ "\x1b[D", KEY_LEFT }, { "\x1bOD", KEY_LEFT },
		{ "<", KEY_LEFT },
		{ "\x1b[C", KEY_RIGHT }, { "\x1bOC", KEY_RIGHT },
		{ ">", KEY_RIGHT },
		{ "q", KEY_QUIT }, { "r", KEY_REVERSE }, { " ", KEY_REFRESH },
		{ "d", KEY_DEVICES }, { "v", KEY_VECTORS },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(text, keys[i].text))
			return keys[i].key;
	return KEY_NONE;
}

/* One key; what follows an escape comes with it. */
static enum terminal_key read_key(void)
{
	struct pollfd more = { .fd = STDIN_FILENO, .events = POLLIN };
	char text[4] = "";

	if (read(STDIN_FILENO, text, 1) != 1)
		return KEY_QUIT;
	if (text[0] == '\x1b' && poll(&more, 1, 50) == 1 &&
	    read(STDIN_FILENO, text + 1, 1) == 1 &&
	    (text[1] == '[' || text[1] == 'O') && poll(&more, 1, 50) == 1 &&
	    read(STDIN_FILENO, text + 2, 1) != 1)
		return KEY_QUIT;
	return key_of(text);
}

static enum terminal_key read_signal(struct terminal *t)
{
	struct signalfd_siginfo info;

	if (read(t->signals, &info, sizeof(info)) != sizeof(info))
		return KEY_NONE;
	if (info.ssi_signo == SIGWINCH)
		return KEY_REDRAW;
	if (info.ssi_signo != SIGTSTP) {
		t->signal = info.ssi_signo;
		return KEY_SIGNAL;
	}
	leave(t);
	raise(SIGSTOP);
	/* Here when somebody continues it, perhaps on another screen. */
	enter(t);
	return KEY_REDRAW;
}

enum terminal_key terminal_wait(struct terminal *t)
{
	struct pollfd fds[] = {
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = t->timer, .events = POLLIN },
	};
	uint64_t times;

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
		return errno == EINTR ? KEY_NONE : KEY_QUIT;
	if (fds[0].revents)
		return read_signal(t);
	if (fds[1].revents)
		return read_key();
	return read(t->timer, &times, sizeof(times)) == sizeof(times) ?
	       KEY_TIME : KEY_NONE;
}
