/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

/* A key is the code point of its character; control characters and those without one are here. */
enum {
	KEYS_REDRAW = 0x0c, /* ^L */
	KEYS_HALF_DOWN = 0x04, /* ^D */
	KEYS_HALF_UP = 0x15, /* ^U */
	KEYS_ERASE_WORD = 0x17, /* ^W */
	KEYS_ENTER = '\r',
	KEYS_ESCAPE = 0x1b,
	KEYS_BACKSPACE = 0x7f,
	KEYS_UP = 0x110000,
	KEYS_DOWN,
	KEYS_LEFT,
	KEYS_RIGHT,
	KEYS_PAGE_UP,
	KEYS_PAGE_DOWN,
	KEYS_HOME,
	KEYS_END,
	KEYS_RESIZE,
	KEYS_OTHER /* one that means nothing here */
};

#endif
