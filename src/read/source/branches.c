// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/branches.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"

#define MAX_TEXT 300 /* bytes of a condition that a message shows */

void branches_release(struct branches *branches)
{
	free(branches->items);
	strbuf_release(&branches->text);
	arena_release(&branches->arena);
	*branches = (struct branches){.items = NULL};
}

int branches_begin(struct branches *branches, struct ksa_error *err)
{
	int r;

	branches->depth = 0;
	if (branches->count)
		return 0;
	r = VEC_PUSH_ROOM(branches, err);
	if (!r)
		branches->items[branches->count++] = (struct branch){.text = "1"};
	return r;
}

bool branch_word_of(struct span word, enum branch_word *out)
{
	static const char *const words[] = {"if", "ifdef", "ifndef", "elif", "else", "endif"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (span_is(word, words[i])) {
			*out = (enum branch_word)i;
			return true;
		}
	}
	return false;
}

uint32_t branches_open(const struct branches *branches)
{
	unsigned int depth = branches->depth < COND_DEPTH ? branches->depth : COND_DEPTH;

	return depth ? branches->open[depth - 1] : 0;
}

/* The condition on one line: "A && B", "defined(X)", "!defined(X)". */
static const char *copy_condition(struct branches *branches, enum branch_word word,
				  struct span text)
{
	struct strbuf *out = &branches->text;
	bool name = word == BRANCH_IFDEF || word == BRANCH_IFNDEF, blank = false;
	const unsigned char *p = lex_skip_blank(text.at, text.end, true);

	strbuf_reset(out);
	if (name) {
		struct span macro = lex_name(p, text.end);

		strbuf_adds(out, word == BRANCH_IFDEF ? "defined(" : "!defined(");
		strbuf_add(out, macro.at, span_length(macro));
		strbuf_addc(out, ')');
		p = text.end;
	}
	while (p < text.end) {
		const unsigned char *next = lex_skip_blank(p, text.end, false);

		blank |= next > p;
		if (next == text.end)
			break;
		if (blank)
			strbuf_addc(out, ' ');
		blank = false;
		p = next;
		next = *p == '"' || *p == '\'' ? lex_skip_quoted(p, text.end) : p + 1;
		strbuf_add(out, p, (size_t)(next - p));
		p = next;
	}
	if (out->failed)
		return NULL;
	return arena_strndup(&branches->arena, strbuf_string(out), out->length);
}

/* Add an arm and leave it open at the level that is open. */
static int add(struct branches *branches, struct branch branch, struct ksa_error *err)
{
	uint32_t number = (uint32_t)branches->count;
	int r;

	if (branches->count >= UINT32_MAX / 2)
		return ksa_fail(err, KSA_ELIMIT,
				"the source has more conditionals than any real "
				"one");
	r = VEC_PUSH_ROOM(branches, err);
	if (r)
		return r;
	if (!branch.previous)
		branch.chain = number;
	branches->items[branches->count++] = branch;
	branches->items[branch.chain].last = number;
	branches->items[branch.chain].has_else |= !branch.text;
	branches->open[branches->depth - 1] = number;
	return 0;
}

int branches_take(struct branches *branches, enum branch_word word, struct span text, uint32_t file,
		  uint32_t line, struct ksa_error *err)
{
	struct branch arm = {.file = file, .line = line};

	if (word == BRANCH_ENDIF) {
		branches->depth -= branches->depth > 0;
		return 0;
	}
	if (word == BRANCH_ELIF || word == BRANCH_ELSE) {
		if (!branches->depth || branches->depth > COND_DEPTH)
			return 0;
		arm.previous = branches->open[branches->depth - 1];
		arm.parent = branches->items[arm.previous].parent;
		arm.chain = branches->items[arm.previous].chain;
		arm.arm = branches->items[arm.previous].arm + 1;
	} else {
		arm.parent = branches_open(branches);
		if (++branches->depth > COND_DEPTH)
			return 0;
	}
	if (word != BRANCH_ELSE) {
		arm.text = copy_condition(branches, word, text);
		if (!arm.text)
			return ksa_fail_nomem(err);
	}
	return add(branches, arm, err);
}

bool branch_is_within(const struct branches *branches, uint32_t branch, uint32_t outer)
{
	while (branch > outer)
		branch = branches->items[branch].parent;
	return branch == outer;
}

/* What holds in this arm: that those before it do not, and its own condition. */
static void add_arm(const struct branches *branches, const struct branch *arm, struct strbuf *out)
{
	uint32_t before[4];
	size_t count = 0;

	for (uint32_t at = arm->previous; at && count < 4; at = branches->items[at].previous)
		before[count++] = at;
	while (count) {
		const char *text = branches->items[before[--count]].text;

		strbuf_printf(out, "%s!(%s)", out->length ? " && " : "", text ? text : "");
	}
	if (arm->text)
		strbuf_printf(out, strstr(arm->text, "||") ? "%s(%s)" : "%s%s",
			      out->length ? " && " : "", arm->text);
}

int branch_text(const struct branches *branches, uint32_t branch, struct arena *arena,
		const char **text, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf out = {.data = NULL};
	uint32_t path[COND_DEPTH];
	size_t count = 0;

	*text = NULL;
	for (; branch && count < COND_DEPTH; branch = branches->items[branch].parent)
		if (!branches->items[branch].guard)
			path[count++] = branch;
	if (!count)
		return 0;
	while (count && out.length < MAX_TEXT)
		add_arm(branches, &branches->items[path[--count]], &out);
	if (!out.failed)
		*text = arena_printf(arena, "%.*s%s", MAX_TEXT - 3, strbuf_string(&out),
				     out.length > MAX_TEXT - 3 ? "..." : "");
	return *text ? 0 : ksa_fail_nomem(err);
}
