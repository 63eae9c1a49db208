// SPDX-License-Identifier: GPL-2.0-or-later
/* Structures, unions and enums of the source's own. */
#include "read/source/typed_internal.h"

static uint64_t key_of(uint32_t structure, uint32_t word)
{
	return (uint64_t)structure << 32 | word;
}

static uint32_t *find_slot(const struct typed_scan *t, uint64_t key)
{
	size_t mask = t->member_slot_count - 1;

	for (size_t i = (key * 0x9e3779b97f4a7c15u) >> 32 & mask;; i = (i + 1) & mask) {
		uint32_t at = t->member_slots[i];

		if (!at || t->members.items[at - 1].key == key)
			return &t->member_slots[i];
	}
}

static bool grow(struct typed_scan *t)
{
	size_t count = t->member_slot_count ? t->member_slot_count * 2 : 1024;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots) {
		t->failed = true;
		return false;
	}
	free(t->member_slots);
	t->member_slots = slots;
	t->member_slot_count = count;
	for (size_t i = 0; i < t->members.count; i++)
		*find_slot(t, t->members.items[i].key) = (uint32_t)i + 1;
	return true;
}

/* A member that two arms of a conditional declare differently is unknown. */
static void add_member(struct typed_scan *t, uint32_t structure, uint32_t word,
		       const struct typed_type *type)
{
	uint64_t key = key_of(structure, word);
	uint32_t *slot;

	if (t->members.count >= t->member_slot_count / 2 && !grow(t))
		return;
	slot = find_slot(t, key);
	if (*slot) {
		struct typed_type *old = &t->members.items[*slot - 1].type;

		if (!typed_is_same(old, type))
			*old = (struct typed_type){.kind = TYPED_UNKNOWN};
		return;
	}
	if (!typed_room(t, members))
		return;
	t->members.items[t->members.count++] = (struct typed_member){key, *type};
	*slot = (uint32_t)t->members.count;
}

/* To the next of the two, or the end of what is read. */
static void skip_to(struct typed_scan *t, char a, char b)
{
	while (t->at < t->end && !typed_is(t, 0, a) && !typed_is(t, 0, b))
		t->at = typed_behind(t, t->at);
}

/* What a macro makes of its arguments is not known, but for their names. */
static void take_macro_members(struct typed_scan *t, uint32_t structure)
{
	struct typed_type unknown = {.kind = TYPED_UNKNOWN};

	while (t->at < t->end && !typed_is(t, 0, ';')) {
		if (typed_is_name(typed_what(t, 0)) && (typed_is(t, 1, ',') || typed_is(t, 1, ')')))
			add_member(t, structure, typed_what(t, 0), &unknown);
		t->at++;
	}
}

static void read_declarators(struct typed_scan *t, uint32_t structure,
			     const struct typed_type *type)
{
	while (t->at < t->end && !typed_is(t, 0, ';') && !t->failed) {
		struct typed_declarator declared;

		typed_declarator(t, type, &declared);
		if (declared.word != WORDS_NONE)
			add_member(t, structure, declared.word, &declared.type);
		skip_to(t, ',', ';');
		t->at += typed_is(t, 0, ',');
	}
}

/* True if "struct {" at hand, or "union {", has no name behind its braces. */
static bool is_anonymous(const struct typed_scan *t)
{
	uint32_t at = t->at + 1;

	if (typed_what(t, 0) != KEYWORD_STRUCT && typed_what(t, 0) != KEYWORD_UNION)
		return false;
	if (typed_token_at(t, at)->what != TOKEN_OF('{'))
		return false;
	at = typed_behind(t, at);
	while (typed_is_name(typed_token_at(t, at)->what)) {
		const char *text = t->words->items[typed_token_at(t, at)->what].text;

		if (strncmp(text, "__", 2) != 0)
			return false;
		at++;
	}
	return typed_token_at(t, at)->what == TOKEN_OF(';');
}

/* "{ members }" at hand. */
static void read_braces(struct typed_scan *t, uint32_t structure)
{
	uint32_t behind = typed_behind(t, t->at), end = t->end;

	if (!typed_token_at(t, t->at)->match || t->depth >= TYPED_DEPTH / 2) {
		t->at = behind;
		return;
	}
	t->depth++;
	t->at++;
	t->end = behind - 1;
	while (t->at < t->end && !t->failed) {
		struct typed_specifiers specifiers;

		if (is_anonymous(t)) {
			t->at++;
			read_braces(t, structure);
			skip_to(t, ';', ';');
		} else {
			typed_specifiers(t, &specifiers);
			if (specifiers.has_type)
				read_declarators(t, structure, &specifiers.type);
			else
				take_macro_members(t, structure);
		}
		t->at++;
	}
	t->end = end;
	t->at = behind;
	t->depth--;
}

uint32_t typed_read_members(struct typed_scan *t, uint8_t kind, uint32_t tag)
{
	struct typed_symbol symbol = {.word = tag,
				      .kind = kind == TYPED_UNION ? TYPED_DEFINES_UNION
								  : TYPED_DEFINES_STRUCT};
	uint32_t index = (uint32_t)t->structures.count;

	if (!typed_room(t, structures))
		return 0;
	t->structures.count++;
	t->structures.items[index] =
		(struct typed_structure){.tag = tag, .file = t->file, .kind = kind};
	if (t->known && tag != WORDS_NONE) {
		t->structures.items[index].next = t->known[tag].structure;
		t->known[tag].structure = index + 1;
		typed_add_symbol(t, &symbol, typed_token_at(t, t->at));
	}
	read_braces(t, index + 1);
	return index + 1;
}

void typed_read_enumerators(struct typed_scan *t)
{
	uint32_t behind = typed_behind(t, t->at), end = t->end;
	struct typed_symbol symbol = {.kind = TYPED_DEFINES_ENUMERATOR};

	t->end = typed_token_at(t, t->at)->match ? behind - 1 : t->end;
	for (t->at++; t->at < t->end && !t->failed; t->at += t->at < t->end) {
		symbol.word = typed_what(t, 0);
		if (typed_is_name(symbol.word))
			typed_add_symbol(t, &symbol, typed_token_at(t, t->at));
		skip_to(t, ',', ',');
	}
	t->end = end;
	t->at = behind;
}

uint32_t typed_structure_of(const struct typed_scan *t, const struct typed_type *type)
{
	uint32_t found = 0, elsewhere = 0, count = 0;

	if (type->kind != TYPED_STRUCT && type->kind != TYPED_UNION)
		return 0;
	if (type->number & TOKEN_MARK)
		return type->number == WORDS_NONE ? 0 : type->number & ~TOKEN_MARK;
	for (uint32_t at = t->known ? t->known[type->number].structure : 0; at;) {
		const struct typed_structure *s = &t->structures.items[at - 1];

		if (++count > TYPED_ALIKE)
			return TYPED_SEVERAL;
		if (s->kind == type->kind && s->file == t->file)
			found = found ? TYPED_SEVERAL : at;
		else if (s->kind == type->kind)
			elsewhere = elsewhere ? TYPED_SEVERAL : at;
		at = s->next;
	}
	return found ? found : elsewhere;
}

const struct typed_type *typed_member_of(const struct typed_scan *t, uint32_t structure,
					 uint32_t word)
{
	uint32_t slot;

	if (!t->member_slot_count || structure == TYPED_SEVERAL)
		return NULL;
	slot = *find_slot(t, key_of(structure, word));
	return slot ? &t->members.items[slot - 1].type : NULL;
}
