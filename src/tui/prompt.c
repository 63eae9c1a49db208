// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "tui/keys.h"

/* The UTF-8 of a code point; its length. */
static size_t encode(unsigned int code, char *out)
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(first[length == 1 ? 0 : length] | code);
	return length;
}

static void erase_character(struct prompt *p)
{
	while (p->length && (p->text[--p->length] & 0xc0) == 0x80)
		;
	p->text[p->length] = '\0';
}

static void erase_word(struct prompt *p)
{
	while (p->length && p->text[p->length - 1] == ' ')
		p->length--;
	while (p->length && p->text[p->length - 1] != ' ')
		p->length--;
	p->text[p->length] = '\0';
}

static enum prompt_result add(struct prompt *p, unsigned int code)
{
	char bytes[4];
	size_t length = encode(code, bytes);

	if (p->length + length >= sizeof(p->text))
		return PROMPT_IGNORED;
	memcpy(p->text + p->length, bytes, length);
	p->length += length;
	p->text[p->length] = '\0';
	return PROMPT_EDITED;
}

enum prompt_result prompt_key(struct prompt *p, int key)
{
	switch (key) {
	case KEYS_ENTER:
		return PROMPT_ENTERED;
	case KEYS_ESCAPE:
		return PROMPT_CANCELED;
	case KEYS_BACKSPACE:
		/* as in every pager: there is nothing left to take away but the prompt */
		if (!p->length)
			return PROMPT_CANCELED;
		erase_character(p);
		return PROMPT_EDITED;
	case KEYS_ERASE_WORD:
		erase_word(p);
		return PROMPT_EDITED;
	case KEYS_HALF_UP:
		prompt_set(p, "");
		return PROMPT_EDITED;
	default:
		if (key < ' ' || key >= KEYS_UP || (key >= 0x80 && key < 0xa0))
			return PROMPT_IGNORED;
		return add(p, (unsigned int)key);
	}
}

void prompt_set(struct prompt *p, const char *text)
{
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->length = strlen(p->text);
}
