// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tokens of a source that count for one kernel: what stands behind conditions that do not hold
 * is left out, and the source's own macros without arguments are put in where they are short. This
 * is no preprocessor: what it does not follow it marks.
 */
#include "read/source/typed_internal.h"

#define MAX_TEXT      24 /* tokens of a macro that is put in */
#define MAX_EXPANSION 6 /* macros in macros */
#define MAX_PUT_IN    256u /* tokens for one name */
#define MAX_ALL	      4000000u /* tokens that are put in for all names */

static enum cond_value judge(struct typed_scan *t, uint32_t branch)
{
	return t->source ? module_judge_branch(&t->judge, branch) : COND_TRUE;
}

bool typed_is_unsure(struct typed_scan *t, uint32_t start, uint32_t end)
{
	uint32_t branch = typed_token_at(t, start)->branch, last = branch;

	for (uint32_t i = start + 1; i < end; i++) {
		uint32_t other = typed_token_at(t, i)->branch;

		if (other != branch && other != last && judge(t, other) != COND_TRUE)
			return true;
		last = other;
	}
	return false;
}

/* True for a macro that can be put in where it is named. */
static bool is_text(const struct typed_scan *t, const struct source_definition *d)
{
	if (d->kind != DEFINES_MACRO || d->takes_arguments || d->token_count > MAX_TEXT)
		return false;
	for (uint32_t i = 0; i < d->token_count; i++) {
		uint32_t what = t->source->bodies.items[d->first_token + i].what;

		if (what == TOKEN_OF('#') || what == TOKEN_OF2('#', '#') || what == TOKEN_OF('{') ||
		    what == d->word)
			return false;
	}
	return true;
}

/* Whether the file at hand sees the definition. */
static enum cond_value sees(struct typed_scan *t, const struct source_definition *d)
{
	if (!t->chosen[d->file] || !module_judge_sees(&t->judge, d, t->file))
		return COND_FALSE;
	return judge(t, d->branch);
}

/* What is found of the definitions of a word, one after the other. */
struct finding {
	unsigned int seen; /* that hold, or may */
	bool is_certain; /* the last of them */
	bool has_plain; /* a macro without arguments */
};

/* Take a definition that the file sees. */
static void find_definition(struct typed_word *known, struct finding *found, enum cond_value holds,
			    const struct source_definition *d)
{
	found->seen++;
	found->is_certain = holds == COND_TRUE;
	if (d->kind == DEFINES_MACRO) {
		found->has_plain |= !d->takes_arguments;
		known->own = OWN_MACRO;
	} else if (known->own == OWN_NOTHING) {
		known->own = OWN_OTHER;
	}
}

/* Find out what the source defines under the word. */
static void find_own(struct typed_scan *t, uint32_t word, struct typed_word *known)
{
	struct finding found = {.seen = 0};
	unsigned int count = 0;

	for (uint32_t at = module_source_definition(t->source, word); at;) {
		const struct source_definition *d = &t->source->definitions.items[at - 1];
		enum cond_value holds = sees(t, d);

		if (++count > TYPED_ALIKE) {
			known->own = OWN_MACRO;
			return;
		}
		if (holds != COND_FALSE) {
			known->definition = at - 1;
			find_definition(known, &found, holds, d);
		}
		at = d->next;
	}
	if (known->own != OWN_MACRO)
		return;
	/* Several, or one that may not hold, are never put in. */
	if (!found.has_plain)
		known->own = OWN_CALL;
	else if (found.seen == 1 && found.is_certain && !known->is_undefined &&
		 is_text(t, &t->source->definitions.items[known->definition]))
		known->own = OWN_TEXT;
}

enum typed_own typed_own_of(struct typed_scan *t, uint32_t word)
{
	struct typed_word *known = &t->known[word];

	if (known->own_file != t->file + 1) {
		known->own_file = t->file + 1;
		known->own = OWN_NOTHING;
		known->used = 0;
		find_own(t, word, known);
	}
	return known->own;
}

/* The macros of this name are used, as sure as that: their bodies are to be read. */
static void use_macros(struct typed_scan *t, uint32_t word, uint8_t certainty)
{
	unsigned int count = 0;

	if (t->known[word].used >= certainty)
		return;
	t->known[word].used = certainty;
	for (uint32_t at = module_source_definition(t->source, word);
	     at && count++ < TYPED_ALIKE;) {
		const struct source_definition *d = &t->source->definitions.items[at - 1];
		uint8_t *used = &t->macro_used[at - 1];

		if (d->kind == DEFINES_MACRO && d->token_count && *used < certainty &&
		    sees(t, d) != COND_FALSE) {
			if (!*used && typed_room(t, queue))
				t->queue.items[t->queue.count++] = at - 1;
			*used = certainty;
		}
		at = d->next;
	}
}

static void push(struct typed_scan *t, const struct source_token *token, uint8_t flags)
{
	if (typed_room(t, stream))
		t->stream.items[t->stream.count++] =
			(struct typed_token){token->what, token->line, token->branch, 0, flags};
}

static void put_in(struct typed_scan *t, const struct source_token *token,
		   const struct source_definition *d, uint32_t next, uint8_t flags);

/* The macro whose text is to be put in for the token, or NULL. */
static const struct source_definition *text_of(struct typed_scan *t,
					       const struct source_token *token, uint8_t flags)
{
	const struct source_definition *d =
		&t->source->definitions.items[t->known[token->what].definition];

	if (!t->macros)
		t->put_in = 0;
	if (flags & TYPED_PASTED || t->macros >= MAX_EXPANSION || t->put_in >= MAX_PUT_IN ||
	    t->all_put_in >= MAX_ALL)
		return NULL;
	t->put_in += d->token_count;
	t->all_put_in += d->token_count;
	return d;
}

/* True if the macro is defined behind the token, which means something else then. */
static bool is_later(const struct typed_scan *t, const struct source_token *token, uint8_t flags)
{
	const struct source_definition *d =
		&t->source->definitions.items[t->known[token->what].definition];

	return d->file == t->file && d->line > token->line && !(flags & TYPED_IN_MACRO);
}

/* What the source defines under the token, where it stands. */
static enum typed_own own_of_token(struct typed_scan *t, const struct source_token *token,
				   uint32_t next, uint8_t flags)
{
	enum typed_own own =
		typed_is_name(token->what) ? typed_own_of(t, token->what) : OWN_NOTHING;

	if (own == OWN_TEXT && is_later(t, token, flags))
		return OWN_NOTHING;
	if (own == OWN_CALL)
		return next == TOKEN_OF('(') ? OWN_MACRO : OWN_OTHER;
	return own;
}

/* Append a token of the source, or what its macro stands for. next: what follows it. */
static void take(struct typed_scan *t, const struct source_token *token, uint32_t next,
		 uint8_t flags)
{
	enum typed_own own = own_of_token(t, token, next, flags);
	const struct source_definition *d = own == OWN_TEXT ? text_of(t, token, flags) : NULL;
	uint8_t certainty;

	if (d) {
		t->macros++;
		put_in(t, token, d, next, flags | TYPED_IN_MACRO);
		t->macros--;
		return;
	}
	if (own >= OWN_TEXT) {
		certainty = judge(t, token->branch) == COND_TRUE ? NAMED_YES : NAMED_MAYBE;
		use_macros(t, token->what, certainty < t->reached ? certainty : t->reached);
		flags |= TYPED_OWN_MACRO;
	}
	push(t, token, flags);
}

/* Append the text of a macro in the place of a token. */
static void put_in(struct typed_scan *t, const struct source_token *token,
		   const struct source_definition *d, uint32_t next, uint8_t flags)
{
	const struct source_token *tokens = t->source->bodies.items;

	for (uint32_t i = d->first_token, end = i + d->token_count; i < end && !t->failed; i++) {
		struct source_token copy = {tokens[i].what, token->line, token->branch};

		take(t, &copy, i + 1 < end ? tokens[i + 1].what : next, flags);
	}
}

/* Some tokens of a file: those of one branch and of the branches in it. */
struct run {
	const struct source_token *tokens;
	uint32_t start, end;
	uint32_t branch;
};

/* The branch right within the outer one that the branch is in. */
static uint32_t arm_within(const struct branches *branches, uint32_t branch, uint32_t outer)
{
	while (branch && branches->items[branch].parent != outer)
		branch = branches->items[branch].parent;
	return branch;
}

/* How many bytes of nesting a token adds. */
static int nesting_of(uint32_t what)
{
	if (what == TOKEN_OF('{') || what == TOKEN_OF('(') || what == TOKEN_OF('['))
		return 1;
	return what == TOKEN_OF('}') || what == TOKEN_OF(')') || what == TOKEN_OF(']') ? -1 : 0;
}

/* True if a statement or declaration may begin behind the token, which may be TOKEN_END. */
static bool may_begin_behind(uint32_t what)
{
	if (token_is_word(what))
		return what == KEYWORD_ELSE;
	return what == TOKEN_END ||
	       (what < TOKEN_MARK + 0x100 && strchr(";{},:)", (int)(what & 0xff)));
}

/* True if one ends with the token. */
static bool may_end_with(uint32_t what)
{
	return what == TOKEN_END || (what > TOKEN_MARK && what < TOKEN_MARK + 0x100 &&
				     strchr(";},)", (int)(what & 0xff)));
}

/* True if an arm is made of whole statements or declarations: others may stand beside it. */
static bool is_whole(struct typed_scan *t, const struct run *run)
{
	uint32_t last = TOKEN_END;
	int depth = 0;

	if (t->stream.count && !may_begin_behind(t->stream.items[t->stream.count - 1].what))
		return false;
	for (uint32_t i = run->start; i < run->end; i++) {
		uint32_t what = run->tokens[i].what;

		if (judge(t, run->tokens[i].branch) == COND_FALSE)
			continue;
		depth += nesting_of(what);
		if (depth < 0)
			return false;
		last = what;
	}
	return !depth && may_end_with(last);
}

/* Of a conditional that cannot be decided: what was taken of it. */
struct choice {
	uint32_t chain; /* its first branch */
	bool is_closed; /* its other branches cannot stand beside the one that was taken */
	bool is_begun;
};

/* True if the undecided arm is to be taken. */
static bool choose(struct typed_scan *t, const struct run *arm, struct choice *choice)
{
	uint32_t chain = t->source->branches.items[arm->branch].chain;
	bool whole = is_whole(t, arm), first;

	if (choice->chain != chain)
		*choice = (struct choice){.chain = chain};
	first = !choice->is_begun;
	if (choice->is_closed || (!whole && !first))
		return false;
	choice->is_begun = true;
	choice->is_closed = !whole;
	return true;
}

/* Branches are in each other COND_DEPTH deep at most. */
static void take_run(struct typed_scan *t, const struct run *run)
{
	const struct branches *branches = &t->source->branches;
	struct choice choice = {.chain = 0};

	for (uint32_t i = run->start; i < run->end && !t->failed;) {
		struct run arm = {run->tokens, i, i, 0};

		if (run->tokens[i].branch == run->branch) {
			take(t, &run->tokens[i], i + 1 < run->end ? run->tokens[i + 1].what : 0, 0);
			i++;
			continue;
		}
		arm.branch = arm_within(branches, run->tokens[i].branch, run->branch);
		while (i < run->end && arm.branch &&
		       branch_is_within(branches, run->tokens[i].branch, arm.branch))
			i++;
		if (i == arm.start) {
			i++; /* never */
			continue;
		}
		arm.end = i;
		switch (judge(t, arm.branch)) {
		case COND_FALSE:
			break;
		case COND_TRUE:
			take_run(t, &arm);
			break;
		case COND_UNKNOWN:
			if (choose(t, &arm, &choice))
				take_run(t, &arm);
			break;
		}
	}
}

void typed_stream_file(struct typed_scan *t)
{
	const struct source_part_file *file = &t->source->files.items[t->file];
	struct run run = {.tokens = t->source->tokens.items,
			  .start = file->first_token,
			  .end = file->first_token + file->token_count};

	t->reached = NAMED_YES;
	take_run(t, &run);
}

void typed_stream_macro(struct typed_scan *t, const struct source_definition *definition)
{
	const struct source_token *tokens = &t->source->bodies.items[definition->first_token];
	uint32_t count = definition->token_count;

	for (uint32_t i = 0; i < count && !t->failed; i++) {
		uint8_t flags = TYPED_IN_MACRO;

		if ((i && (tokens[i - 1].what == TOKEN_OF2('#', '#') ||
			   tokens[i - 1].what == TOKEN_OF('#'))) ||
		    (i + 1 < count && tokens[i + 1].what == TOKEN_OF2('#', '#')))
			flags |= TYPED_PASTED;
		if (tokens[i].what != TOKEN_OF2('#', '#') && tokens[i].what != TOKEN_OF('#'))
			take(t, &tokens[i], i + 1 < count ? tokens[i + 1].what : 0, flags);
	}
}

void typed_stream_match(struct typed_scan *t, size_t start)
{
	static const char pairs[] = "()[]{}";
	TYPED_VECTOR(uint32_t) open = {.items = NULL};

	for (size_t i = start; i < t->stream.count && !t->failed; i++) {
		uint32_t what = t->stream.items[i].what;
		int nesting = nesting_of(what);
		const char *pair = nesting ? strchr(pairs, (int)(what & 0xff)) : NULL;

		if (nesting > 0) {
			t->failed = VEC_PUSH_ROOM(&open, t->err) != 0;
			if (!t->failed)
				open.items[open.count++] = (uint32_t)i;
			continue;
		}
		if (nesting == 0)
			continue;
		/* A brace closes what is open within it; the others close their like alone. */
		while (what == TOKEN_OF('}') && open.count &&
		       t->stream.items[open.items[open.count - 1]].what != TOKEN_OF('{'))
			open.count--;
		if (open.count &&
		    t->stream.items[open.items[open.count - 1]].what == TOKEN_OF(pair[-1])) {
			uint32_t at = open.items[--open.count];

			t->stream.items[at].match = (uint32_t)i - at;
		}
	}
	free(open.items);
}
