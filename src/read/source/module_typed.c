// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module's own files do with types when it is built for one kernel. */
#include "read/source/typed_internal.h"

const char *typed_name(struct typed_scan *t, uint32_t word)
{
	const char **known = t->names ? &t->names[word] : NULL;
	const char *name;

	if (word == WORDS_NONE || word & TOKEN_MARK)
		return NULL;
	if (known && *known)
		return *known;
	name = arena_strndup(t->arena, t->words->items[word].text, t->words->items[word].length);
	t->failed |= !name;
	if (known)
		*known = name;
	return name;
}

struct typed_site typed_site_of(struct typed_scan *t, const struct typed_token *token)
{
	(void)t;
	(void)token;
	return (struct typed_site){.line = 0};
}

int module_source_typed(const struct module_source *source,
			const struct module_source_question *question, struct ksa_typed *typed,
			struct ksa_error *err)
{
	(void)source;
	(void)question;
	(void)err;
	*typed = (struct ksa_typed){.accesses = NULL};
	return 0;
}
