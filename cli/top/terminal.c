// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A terminal for frames: ncurses, with signals and the interval waited for like
 * keys, so that there is only one way out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "top/view.h"

/* It makes macros of many short words. */
#include <curses.h>
#include <term.h>

struct terminal {
	SCREEN *screen;
	sigset_t mask;
	int signals;
	int timer;
	/* That has come, 0 for none. */
	int signal;
};

/* One that is known, and whose cursor can be sent everywhere. */
bool terminal_is_able(void)
{
	bool able;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    setupterm(NULL, STDOUT_FILENO, &err) != OK)
		return false;
	able = tigetstr("cup");
	del_curterm(cur_term);
	return able;
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

static bool enter(struct terminal *t, const struct call *call)
{
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen)
		return false;

	/* Signals by keys remain. */
	cbreak();
	noecho();
	keypad(stdscr, true);
	nodelay(stdscr, true);
	/* How long Escape may be the beginning of another key, in ms. */
	set_escdelay(25);
	curs_set(0);
	if (!call->color || !has_colors())
		return true;
	start_color();
	use_default_colors();
	init_pair(STYLE_GOOD, COLOR_GREEN, -1);
	init_pair(STYLE_WARNING, COLOR_YELLOW, -1);
	init_pair(STYLE_BAD, COLOR_RED, -1);
	return true;
}

static void release(struct terminal *t)
{
	if (t->signals >= 0)
		close(t->signals);
	if (t->timer >= 0)
		close(t->timer);
	free(t);
}

struct terminal *terminal_open(const struct call *call, int64_t interval_ns)
{
	static const int taken[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGWINCH,
	};
	struct terminal *t = calloc(1, sizeof(*t));
	sigset_t mask;
	size_t i;
	int err;

	if (!t)
		return NULL;

	sigemptyset(&mask);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&mask, taken[i]);
	t->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	t->timer = make_timer(interval_ns);
	err = errno;
	if (t->signals < 0 || t->timer < 0)
		goto fail;
	/* Ahead of ncurses, whose handlers then never run. */
	sigprocmask(SIG_BLOCK, &mask, &t->mask);
	if (enter(t, call))
		return t;
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
	err = ENOTTY;

fail:
	release(t);
	errno = err;
	return NULL;
}

void terminal_close(struct terminal *t)
{
	int signal_number = t->signal;
	sigset_t mask = t->mask;

	endwin();
	delscreen(t->screen);
	release(t);
	if (signal_number) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void follow_size(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row &&
	    size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	/* What others have written there goes, too. */
	clearok(curscr, true);
}

static int read_signal(struct terminal *t)
{
	struct signalfd_siginfo info;

	if (read(t->signals, &info, sizeof(info)) != sizeof(info))
		return TERMINAL_REDRAW;
	if (info.ssi_signo == SIGTSTP) {
		endwin();
		raise(SIGSTOP);
		/* Here when somebody continues it, perhaps on another screen. */
		refresh();
	} else if (info.ssi_signo != SIGWINCH) {
		t->signal = info.ssi_signo;
		return TERMINAL_END;
	}
	follow_size();
	return TERMINAL_REDRAW;
}

/* There is something to read, but no key came of it. */
static bool is_gone(const struct pollfd *input)
{
	int bytes = 0;

	return input->revents & (POLLERR | POLLHUP | POLLNVAL) ||
	       ioctl(STDIN_FILENO, FIONREAD, &bytes) || !bytes;
}

int terminal_wait(struct terminal *t)
{
	struct pollfd fds[] = {
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = t->timer, .events = POLLIN },
	};
	uint64_t times;
	int key;

	for (;;) {
		/* ncurses may have read several of them. */
		key = getch();
		if (key == KEY_RESIZE)
			continue;
		if (key != ERR)
			return key;
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0) {
			if (errno == EINTR)
				continue;
			return TERMINAL_END;
		}
		if (fds[0].revents)
			return read_signal(t);
		if (fds[1].revents) {
			if (is_gone(&fds[1]))
				return TERMINAL_END;
		} else if (read(t->timer, &times, sizeof(times)) ==
			   sizeof(times)) {
			return TERMINAL_TIME;
		}
	}
}

bool terminal_is_pending(void)
{
	int key;

	/* The size is not a key: it has been asked for already. */
	do
		key = getch();
	while (key == KEY_RESIZE);
	if (key == ERR)
		return false;
	ungetch(key);
	return true;
}
