// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "tui/keys.h"
#include "tui/osc52.h"

struct screen {
	SCREEN *terminal;
	int signals; /* a signalfd: what would interrupt us comes as data */
	sigset_t mask; /* as it was before */
	int ended_by; /* a signal, or 0 */
	bool utf8, color;
};

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
static const int other_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};

bool screen_has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void fill_signals(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(ending_signals) / sizeof(ending_signals[0]); i++)
		sigaddset(set, ending_signals[i]);
	for (size_t i = 0; i < sizeof(other_signals) / sizeof(other_signals[0]); i++)
		sigaddset(set, other_signals[i]);
}

/* The terminal's own eight colors on its own background. */
static bool start_colors(void)
{
	static const short colors[TINT_COUNT] = {
		[TINT_BAD] = COLOR_RED,
		[TINT_WARN] = COLOR_YELLOW,
		[TINT_GOOD] = COLOR_GREEN,
	};

	if (!has_colors() || start_color() == ERR || use_default_colors() == ERR)
		return false;
	for (int tint = TINT_NONE + 1; tint < TINT_COUNT; tint++)
		init_pair((short)tint, colors[tint], -1);
	return true;
}

static int start(struct screen *screen, bool color, struct ksa_error *err)
{
	const char *term = getenv("TERM");
	sigset_t set;

	screen->terminal = newterm(NULL, stdout, stdin);
	if (!screen->terminal)
		return ksa_fail(err, KSA_EUNSUPPORTED, "the terminal '%s' is not known",
				term ? term : "");
	if (!tigetstr("cup"))
		return ksa_fail(err, KSA_EUNSUPPORTED, "the terminal '%s' cannot place a cursor",
				term ? term : "");
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(10); /* a key that is followed by nothing may take no longer than any */
	screen->color = color && start_colors();
	fill_signals(&set);
	screen->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (screen->signals < 0)
		return ksa_fail(err, KSA_EIO, "cannot wait for signals: %s", strerror(errno));
	return 0;
}

int screen_open(struct screen **out, bool color, struct ksa_error *err)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	sigset_t set;
	int r;

	*out = NULL;
	if (!screen)
		return ksa_fail_nomem(err);
	setlocale(LC_CTYPE, "");
	screen->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen->signals = -1;
	fill_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, &screen->mask);
	r = start(screen, color, err);
	if (r)
		screen_close(screen);
	else
		*out = screen;
	return r;
}

/* The default action of a signal, as if it had not waited. */
static void let_through(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	/* curses has handlers of its own for some */
	sigaction(number, &action, NULL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void screen_close(struct screen *screen)
{
	int ended_by;

	if (!screen)
		return;
	ended_by = screen->ended_by;
	if (screen->terminal) {
		endwin();
		delscreen(screen->terminal);
	}
	if (screen->signals >= 0)
		close(screen->signals);
	setlocale(LC_CTYPE, "C");
	if (ended_by)
		let_through(ended_by);
	pthread_sigmask(SIG_SETMASK, &screen->mask, NULL);
	free(screen);
}

int screen_size(struct screen *screen, struct cells *cells, struct ksa_error *err)
{
	cells->utf8 = screen->utf8;
	return cells_resize(cells, (unsigned int)getmaxx(stdscr), (unsigned int)getmaxy(stdscr),
			    err);
}

void screen_redraw(struct screen *screen)
{
	(void)screen;
	clearok(stdscr, TRUE);
}

static void draw_cell(const struct screen *screen, int y, int x, struct cell cell)
{
	short tint = cell.style & ~(CELL_BOLD | CELL_REVERSE);
	wchar_t text[2] = {(wchar_t)cell.code, L'\0'};
	attr_t attributes = A_NORMAL;
	cchar_t c;

	if (cell.style & CELL_BOLD)
		attributes |= A_BOLD;
	if (cell.style & CELL_REVERSE)
		attributes |= A_REVERSE;
	setcchar(&c, text, attributes, screen->color ? tint : 0, NULL);
	mvadd_wch(y, x, &c);
}

void screen_draw(struct screen *screen, const struct cells *cells)
{
	bool cursor = cells->cursor_x < cells->width;

	for (unsigned int y = 0; y < cells->height; y++)
		for (unsigned int x = 0; x < cells->width; x++)
			draw_cell(screen, (int)y, (int)x,
				  cells->items[(size_t)y * cells->width + x]);
	curs_set(cursor ? 1 : 0);
	if (cursor)
		move((int)cells->cursor_y, (int)cells->cursor_x);
	refresh();
}

static int translate(wint_t key)
{
	static const struct {
		wint_t theirs;
		int ours;
	} keys[] = {
		{KEY_UP, KEYS_UP},	   {KEY_DOWN, KEYS_DOWN},
		{KEY_LEFT, KEYS_LEFT},	   {KEY_RIGHT, KEYS_RIGHT},
		{KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN},
		{KEY_HOME, KEYS_HOME},	   {KEY_END, KEYS_END},
		{KEY_ENTER, KEYS_ENTER},   {KEY_BACKSPACE, KEYS_BACKSPACE},
		{KEY_RESIZE, KEYS_RESIZE},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].theirs == key)
			return keys[i].ours;
	return KEYS_OTHER;
}

static int translate_character(wint_t c)
{
	if (c == '\n')
		return KEYS_ENTER;
	if (c == '\b')
		return KEYS_BACKSPACE;
	return (int)c;
}

static void stop(struct screen *screen)
{
	endwin();
	let_through(SIGTSTP);
	screen_redraw(screen);
}

static void resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

/* True if there is something to draw anew. */
static bool take_signal(struct screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return false;
	switch (info.ssi_signo) {
	case SIGTSTP:
		stop(screen);
		resize();
		return true;
	case SIGCONT:
		/* whoever had the terminal meanwhile may have left it in another state */
		reset_prog_mode();
		screen_redraw(screen);
		resize();
		return true;
	case SIGWINCH:
		resize();
		return true;
	default:
		screen->ended_by = (int)info.ssi_signo;
		return false;
	}
}

bool screen_key(struct screen *screen, int *key)
{
	struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
			       {.fd = screen->signals, .events = POLLIN}};

	for (;;) {
		wint_t c;
		int r;

		if (take_signal(screen)) {
			*key = KEYS_RESIZE;
			return true;
		}
		if (screen->ended_by)
			return false;
		r = get_wch(&c);
		if (r != ERR) {
			*key = r == KEY_CODE_YES ? translate(c) : translate_character(c);
			return true;
		}
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			return false;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return false;
	}
}

void screen_copy(struct screen *screen, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf sequence = {.data = NULL};

	(void)screen;
	osc52_copy(&sequence, text);
	/* curses has written all that it had to; a clipboard that is missed is no failure */
	if (write(STDOUT_FILENO, strbuf_string(&sequence), sequence.length) < 0)
		return;
}
