/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stddef.h>

/* Longer input is not taken. */
#define PROMPT_SIZE 1024

/* A line of text as it is typed. Zero-initialize. */
struct prompt {
	char text[PROMPT_SIZE]; /* UTF-8 */
	size_t length;
};

enum prompt_result { PROMPT_IGNORED, PROMPT_EDITED, PROMPT_ENTERED, PROMPT_CANCELED };

/* Take a key: characters are added, Backspace, ^W and ^U take away a character, a word, all. */
enum prompt_result prompt_key(struct prompt *prompt, int key);

/* Start with this text, as much of it as has room. */
void prompt_set(struct prompt *prompt, const char *text);

#endif
