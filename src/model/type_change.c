// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/type_change.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Members of the largest real structure: some 2,000. What has more is not compared by member. */
#define MAX_PARTS 4096

#define NONE SIZE_MAX

/* A member or an enumerator of one side. */
struct part {
	struct type_slice text, name;
	size_t twin; /* on the other side, or NONE */
};

struct side {
	struct part *items;
	size_t count, capacity;
};

static const char *const kind_names[TYPE_CHANGES] = {
	[TYPE_ADDED] = "added",	    [TYPE_REMOVED] = "removed", [TYPE_RETYPED] = "retyped",
	[TYPE_RESIZED] = "resized", [TYPE_RENAMED] = "renamed", [TYPE_MOVED] = "moved",
};

const char *type_change_name(enum type_change_kind kind)
{
	return kind_names[kind];
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct type_slice trim(const char *text, size_t length)
{
	while (length && *text == ' ') {
		text++;
		length--;
	}
	while (length && text[length - 1] == ' ')
		length--;
	return (struct type_slice){text, length};
}

static bool is_same(struct type_slice a, struct type_slice b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool starts_with(struct type_slice s, const char *word)
{
	size_t length = strlen(word);

	return s.length > length && memcmp(s.text, word, length) == 0;
}

/* Where what opens at text[at] closes, or length. */
static size_t closing(struct type_slice s, size_t at)
{
	int depth = 0;

	for (; at < s.length; at++) {
		char c = s.text[at];

		depth += c == '{' || c == '(' || c == '[';
		depth -= c == '}' || c == ')' || c == ']';
		if (!depth)
			break;
	}
	return at;
}

/* The word that ends before text[end]; blanks may follow it. */
static struct type_slice word_before(struct type_slice s, size_t end)
{
	size_t start;

	while (end && s.text[end - 1] == ' ')
		end--;
	for (start = end; start && is_word(s.text[start - 1]);)
		start--;
	return (struct type_slice){s.text + start, end - start};
}

/* The word behind "( *" of a pointer to a function or array, "(*(*" of those that return one. */
static struct type_slice pointer_name(struct type_slice s, size_t at)
{
	size_t end;

	while (at < s.length && strchr("(* ", s.text[at]))
		at++;
	for (end = at; end < s.length && is_word(s.text[end]);)
		end++;
	return (struct type_slice){s.text + at, end - at};
}

/* The name of a member: "b" of "int b", "struct a*b[2]", "int b:3", "int(*b)(void)". */
static struct type_slice member_name(struct type_slice s)
{
	size_t end = s.length;

	for (size_t at = 0; at < s.length; at++) {
		char c = s.text[at];
		size_t next = at + 1;

		if (c == '{') {
			at = closing(s, at);
			continue;
		}
		while (c == '(' && next < s.length && s.text[next] == ' ')
			next++;
		if (c == '(' && next < s.length && s.text[next] == '*')
			return pointer_name(s, at);
		if (c == '[' || c == ':' ||
		    (c == '_' && starts_with((struct type_slice){s.text + at, s.length - at},
					     "__attribute__"))) {
			end = at;
			break;
		}
	}
	return end && s.text[end - 1] == '}' ? (struct type_slice){s.text, 0} : word_before(s, end);
}

/* "A" of "A=1". What is no C may end otherwise: the part is the bound. */
static struct type_slice enumerator_name(struct type_slice s)
{
	size_t length = 0;

	while (length < s.length && !strchr(" =", s.text[length]))
		length++;
	return (struct type_slice){s.text, length};
}

static int add_part(struct side *side, struct type_slice text, bool enumerator,
		    struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(side, err);

	if (r)
		return r;
	side->items[side->count++] =
		(struct part){.text = text,
			      .name = enumerator ? enumerator_name(text) : member_name(text),
			      .twin = NONE};
	return 0;
}

/* The braces of a structure without a name. */
static bool is_anonymous(struct type_slice part)
{
	size_t at = strcspn(part.text, "{;");

	if (!starts_with(part, "struct") && !starts_with(part, "union"))
		return false;
	return at < part.length && part.text[at] == '{' && closing(part, at) + 1 == part.length;
}

static int split(struct side *side, struct type_slice body, bool enumerators, unsigned int depth,
		 struct ksa_error *err);

/* A member, or those of an anonymous one. */
static int take_part(struct side *side, struct type_slice text, bool enumerator, unsigned int depth,
		     struct ksa_error *err)
{
	size_t open = strcspn(text.text, "{");

	if (!text.length || side->count > MAX_PARTS)
		return 0;
	if (enumerator || depth == 16 || !is_anonymous(text))
		return add_part(side, text, enumerator, err);
	return split(side, (struct type_slice){text.text + open + 1, text.length - open - 2}, false,
		     depth + 1, err);
}

/* What is between braces. */
static int split(struct side *side, struct type_slice body, bool enumerators, unsigned int depth,
		 struct ksa_error *err)
{
	size_t start = 0;
	int r = 0;

	for (size_t at = 0; at <= body.length && !r; at++) {
		if (at < body.length && strchr("{([", body.text[at])) {
			at = closing(body, at);
			continue;
		}
		if (at < body.length && body.text[at] != (enumerators ? ',' : ';'))
			continue;
		r = take_part(side, trim(body.text + start, at - start), enumerators, depth, err);
		start = at + 1;
	}
	return r;
}

/* The members of a declaration; none if it has no braces. */
static int read_side(const char *text, struct side *side, bool *enumerators, struct ksa_error *err)
{
	const char *open = strchr(text, '{'), *word = text;
	size_t length = strlen(text), end;

	if (!open)
		return 0;
	if (strncmp(text, "typedef ", 8) == 0)
		word += 8;
	*enumerators = strncmp(word, "enum", 4) == 0;
	end = closing((struct type_slice){text, length}, (size_t)(open - text));
	if (end == length)
		return 0;
	return split(side, (struct type_slice){open + 1, end - (size_t)(open - text) - 1},
		     *enumerators, 0, err);
}

static void join(struct side *old, size_t i, struct side *now, size_t k)
{
	old->items[i].twin = k;
	now->items[k].twin = i;
}

/* Pair what has one name; without a name what is the same, and what is left in order. */
static void pair(struct side *old, struct side *now)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0, k; i < old->count; i++) {
			const struct part *a = &old->items[i];

			if (a->twin != NONE)
				continue;
			for (k = 0; k < now->count; k++) {
				const struct part *b = &now->items[k];

				if (b->twin != NONE || !is_same(a->name, b->name))
					continue;
				if (a->name.length || pass || is_same(a->text, b->text))
					break;
			}
			if (k < now->count)
				join(old, i, now, k);
		}
	}
}

/* True if the texts are the same but for the names in them. */
static bool is_renamed(const struct part *a, const struct part *b)
{
	size_t at = (size_t)(a->name.text - a->text.text), rest = at + a->name.length;

	return a->name.length && b->name.length && at == (size_t)(b->name.text - b->text.text) &&
	       a->text.length - rest == b->text.length - at - b->name.length &&
	       memcmp(a->text.text, b->text.text, at) == 0 &&
	       memcmp(a->text.text + rest, b->text.text + at + b->name.length,
		      a->text.length - rest) == 0;
}

/* What has another name at the same place. True: twin k of i was found so. */
static bool pair_renamed(struct side *old, size_t i, struct side *now)
{
	size_t k = i ? old->items[i - 1].twin : NONE;

	if (i && k == NONE)
		return false;
	k = i ? k + 1 : 0;
	if (k >= now->count || now->items[k].twin != NONE ||
	    !is_renamed(&old->items[i], &now->items[k]))
		return false;
	join(old, i, now, k);
	return true;
}

/* True if they differ in numbers between brackets or behind a colon only. */
static bool is_resized(struct type_slice a, struct type_slice b)
{
	size_t i = 0, k = 0;

	while (i < a.length && k < b.length) {
		bool size = i && isdigit((unsigned char)a.text[i]) &&
			    isdigit((unsigned char)b.text[k]) && strchr("[: ", a.text[i - 1]);

		if (!size) {
			if (a.text[i++] != b.text[k++])
				return false;
			continue;
		}
		while (i < a.length && isdigit((unsigned char)a.text[i]))
			i++;
		while (k < b.length && isdigit((unsigned char)b.text[k]))
			k++;
	}
	return i == a.length && k == b.length;
}

static int add_change(struct type_changes *c, enum type_change_kind kind, const struct part *old,
		      const struct part *now, struct ksa_error *err)
{
	static const struct part none = {.text = {"", 0}, .name = {"", 0}};
	int r = VEC_PUSH_ROOM(c, err);

	if (r)
		return r;
	c->items[c->count++] = (struct type_change){.kind = kind,
						    .name = (old ? old : now)->name,
						    .old = (old ? old : &none)->text,
						    .now = (now ? now : &none)->text};
	c->counts[kind]++;
	return 0;
}

/*
 * Mark what stays in order: the longest row of members that rise on both sides. keep[i] for those
 * of old; n log n. last[l] is the end of the best row of l + 1, before[i] what i follows.
 */
static void find_order(const struct side *old, size_t *last, size_t *before, bool *keep)
{
	size_t length = 0;

	for (size_t i = 0; i < old->count; i++) {
		size_t low = 0, high = length;

		keep[i] = false;
		if (old->items[i].twin == NONE)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (old->items[last[middle]].twin < old->items[i].twin)
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low ? last[low - 1] : NONE;
		last[low] = i;
		length = low == length ? length + 1 : length;
	}
	for (size_t i = length ? last[length - 1] : NONE; i != NONE; i = before[i])
		keep[i] = true;
}

static int judge_part(struct type_changes *c, const struct side *old, const struct side *now,
		      size_t i, bool in_order, struct ksa_error *err)
{
	const struct part *a = &old->items[i];
	const struct part *b = a->twin == NONE ? NULL : &now->items[a->twin];

	if (!b)
		return add_change(c, TYPE_REMOVED, a, NULL, err);
	if (!is_same(a->name, b->name))
		return add_change(c, TYPE_RENAMED, a, b, err);
	if (!is_same(a->text, b->text))
		return add_change(c, is_resized(a->text, b->text) ? TYPE_RESIZED : TYPE_RETYPED, a,
				  b, err);
	return in_order ? 0 : add_change(c, TYPE_MOVED, a, b, err);
}

/* What is new from *at up to end. */
static int add_new(struct type_changes *c, const struct side *now, size_t *at, size_t end,
		   struct ksa_error *err)
{
	int r = 0;

	for (; *at < end && !r; ++*at)
		if (now->items[*at].twin == NONE)
			r = add_change(c, TYPE_ADDED, NULL, &now->items[*at], err);
	return r;
}

static int judge(struct type_changes *c, struct side *old, struct side *now, struct ksa_error *err)
{
	size_t *last = calloc(old->count + 1, sizeof(*last));
	size_t *before = calloc(old->count + 1, sizeof(*before));
	bool *keep = calloc(old->count + 1, sizeof(*keep));
	size_t k = 0;
	int r = last && before && keep ? 0 : ksa_fail_nomem(err);

	pair(old, now);
	for (size_t i = 0; i < old->count; i++)
		if (old->items[i].twin == NONE)
			(void)pair_renamed(old, i, now);
	if (!r)
		find_order(old, last, before, keep);
	for (size_t i = 0; i < old->count && !r; i++) {
		if (keep[i])
			r = add_new(c, now, &k, old->items[i].twin, err);
		if (!r)
			r = judge_part(c, old, now, i, keep[i], err);
	}
	if (!r)
		r = add_new(c, now, &k, now->count, err);
	free(last);
	free(before);
	free(keep);
	return r;
}

int type_changes_find(const char *old, const char *now, struct type_changes *out,
		      struct ksa_error *err)
{
	struct side a = {.items = NULL}, b = {.items = NULL};
	bool enumerators[2] = {false, false};
	int r = read_side(old, &a, &enumerators[0], err);

	memset(out, 0, sizeof(*out));
	if (!r)
		r = read_side(now, &b, &enumerators[1], err);
	out->enumerators = enumerators[0];
	if (!r && enumerators[0] == enumerators[1] && a.count && b.count && a.count <= MAX_PARTS &&
	    b.count <= MAX_PARTS)
		r = judge(out, &a, &b, err);
	free(a.items);
	free(b.items);
	return r;
}

void type_changes_release(struct type_changes *changes)
{
	free(changes->items);
	memset(changes, 0, sizeof(*changes));
}

/* True if the text has the words, not as part of others. */
static bool has_words(struct type_slice text, const char *words)
{
	size_t length = strlen(words);
	const char *at = text.text, *end = text.text + text.length;

	for (; (at = memmem(at, (size_t)(end - at), words, length)); at++)
		if ((at == text.text || !is_word(at[-1])) &&
		    (at + length == end || !is_word(at[length])))
			return true;
	return false;
}

bool type_change_member(const char *text, const char *type, struct type_slice *out)
{
	struct side side = {.items = NULL};
	bool enumerators = false, found = false;

	if (strncmp(type, "typedef ", 8) == 0 || strncmp(type, "enumerator ", 11) == 0)
		type = strchr(type, ' ') + 1;
	if (!read_side(text, &side, &enumerators, NULL))
		for (size_t i = 0; i < side.count && !found; i++) {
			*out = side.items[i].text;
			found = has_words(*out, type);
		}
	free(side.items);
	return found;
}

/* What happened to them, behind their number. */
static const char *const words[TYPE_CHANGES] = {
	[TYPE_ADDED] = "added",	    [TYPE_REMOVED] = "removed", [TYPE_RETYPED] = "of another type",
	[TYPE_RESIZED] = "resized", [TYPE_RENAMED] = "renamed", [TYPE_MOVED] = "moved",
};

void type_changes_words(const struct type_changes *c, struct strbuf *out)
{
	const char *noun = c->enumerators ? "enumerator" : "member", *separator = "";

	if (c->count == 1 && c->items->name.length && c->items->name.length < 64) {
		strbuf_printf(out, "%s %.*s %s", noun, (int)c->items->name.length,
			      c->items->name.text, words[c->items->kind]);
		return;
	}
	for (int kind = 0; kind < TYPE_CHANGES; kind++) {
		if (!c->counts[kind])
			continue;
		strbuf_printf(out, "%s%zu ", separator, c->counts[kind]);
		if (!*separator)
			strbuf_printf(out, "%s%s ", noun, c->counts[kind] == 1 ? "" : "s");
		strbuf_adds(out, words[kind]);
		separator = ", ";
	}
}
