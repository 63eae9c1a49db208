// SPDX-License-Identifier: GPL-2.0-or-later
/* What a series does to exports in the end, of one kernel: the changes of its patches, added up. */
#include "audit/review/pending.h"

#include <stdlib.h>
#include <string.h>

#include "audit/review/review_internal.h"
#include "audit/review/tracks.h"
#include "base/cleanup.h"
#include "base/vec.h"

/* One run of pending_make. */
struct net {
	const struct review_input *input;
	const struct pending_scope *scope;
	struct ksa_pending *out;
	const char *arch; /* the kernel's directory below arch/, or NULL */
	struct review_change_list changes; /* of all patches, by symbol and patch */
	struct {
		struct pending_change *items;
		size_t count, capacity;
	} found;
	struct tracks tracks; /* of the symbol at hand */
	struct strmap imported; /* by some module */
	struct ksa_error *err;
};

static void net_release(struct net *n)
{
	free(n->changes.items);
	free(n->found.items);
	free(n->tracks.items);
	strmap_release(&n->imported);
}

/* The directory below arch/ of an architecture as kernels call it; NULL: not known. */
static const char *arch_directory(const char *arch)
{
	static const char *const names[][2] = {{"x86_64", "x86"},      {"i386", "x86"},
					       {"arm64", "arm64"},     {"arm", "arm"},
					       {"ppc64le", "powerpc"}, {"ppc64", "powerpc"},
					       {"ppc", "powerpc"},     {"s390x", "s390"},
					       {"s390", "s390"},       {"riscv64", "riscv"},
					       {"riscv32", "riscv"},   {"mips64el", "mips"},
					       {"mips64", "mips"},     {"mipsel", "mips"},
					       {"mips", "mips"},       {"loongarch64", "loongarch"},
					       {"sparc64", "sparc"},   {"parisc", "parisc"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i][0], arch) == 0)
			return names[i][1];
	return NULL;
}

/* True if the file is of the kernel's architecture, or of all. Before 2.6.24 x86 was two; and what
 * user-mode Linux has of it is no part of it. */
static bool is_for_arch(const struct net *n, const char *path)
{
	size_t length = n->arch ? strlen(n->arch) : 0;
	const char *dir = path + strlen("arch/");

	if (!n->arch || strncmp(path, "arch/", 5) != 0)
		return true;
	if (strncmp(dir, "x86/um/", 7) == 0)
		return false;
	if (strcmp(n->arch, "x86") == 0 &&
	    (strncmp(dir, "i386/", 5) == 0 || strncmp(dir, "x86_64/", 7) == 0))
		return true;
	return strncmp(dir, n->arch, length) == 0 && dir[length] == '/';
}

static int compare_changes(const void *x, const void *y)
{
	const struct review_change *a = x, *b = y;
	int r = strcmp(a->symbol, b->symbol);

	if (r)
		return r;
	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	r = strcmp(review_change_place(a)->path, review_change_place(b)->path);
	if (r)
		return r;
	return review_change_place(a)->line < review_change_place(b)->line ? -1 : 1;
}

/* What is of another architecture is nothing here: its own export that becomes another's is gone.
 */
static void keep_arch(const struct net *n, struct review_change *c)
{
	for (int side = PATCH_OLD; side < PATCH_SIDES; side++)
		if (c->sides[side].path && !is_for_arch(n, c->sides[side].path))
			c->sides[side].path = NULL;
}

static int gather(struct net *n)
{
	int r = 0;

	for (size_t p = 0; p < n->input->patch_count && !r; p++)
		r = review_changes_of(&n->input->patches[p], (uint32_t)p, &n->changes, n->err);
	if (!r && n->changes.count)
		qsort(n->changes.items, n->changes.count, sizeof(*n->changes.items),
		      compare_changes);
	for (size_t i = 0; i < n->changes.count && !r; i++)
		keep_arch(n, &n->changes.items[i]);
	return r;
}

/* What the kernel has of the symbol, or NULL. One of sources has it by file: the one of path. */
static const struct ksa_export *kernel_export(const struct net *n, const char *symbol,
					      const char *path)
{
	const struct ksa_kernel *k = n->scope->kernel;
	size_t count;
	const struct ksa_export *e = kernel_find_exports(k, symbol, &count);

	for (size_t i = 0; i < count && k->from_source && path; i++)
		if (strcmp(e[i].owner, path) == 0)
			return &e[i];
	return k->from_source && path ? NULL : e;
}

/* True if the kernel is known to have the symbol from that file. */
static bool is_from(const struct ksa_export *e, const char *path)
{
	return e && e->source_file && strcmp(e->source_file, path) == 0;
}

/*
 * Of the files whose exports of the symbol change the one that counts for the kernel: the one that
 * it has the symbol from, where that is known, else the first. *other: a file whose export stays,
 * of which it may be just as well.
 */
static const struct track *choose(const struct net *n, const struct ksa_export *e,
				  const char **other)
{
	const struct track *first = NULL;
	const char *stays = NULL;

	*other = NULL;
	for (size_t i = 0; i < n->tracks.count; i++) {
		const struct track *t = &n->tracks.items[i];

		if (t->first && is_from(e, t->first->path))
			return track_changes(t) ? t : NULL;
		if (track_changes(t) && (!first || (t->first && !first->first)))
			first = t;
		if (!track_changes(t) && t->now)
			stays = t->now->path;
	}
	*other = first ? stays : NULL;
	return first;
}

static int add_pending(struct net *n, const char *symbol, const struct track *t, const char *other)
{
	struct pending_change *c;
	int r = VEC_PUSH_ROOM(&n->found, n->err);

	if (r)
		return r;
	c = &n->found.items[n->found.count++];
	*c = (struct pending_change){.symbol = symbol,
				     .presence_by =
					     !t->first != !t->now ? t->presence_by : NO_INDEX,
				     .class_by = NO_INDEX,
				     .ns_by = NO_INDEX,
				     .other = other};
	if (t->first)
		c->sides[PATCH_OLD] = *t->first;
	if (t->now)
		c->sides[PATCH_NEW] = *t->now;
	if (t->now && (!t->first || t->first->cls != t->now->cls))
		c->class_by = t->class_by;
	if (t->now && (!t->first || !tracks_is_same_text(t->first->ns, t->now->ns)))
		c->ns_by = t->ns_by;
	return 0;
}

/* True if the kernel is as the change leaves it already, or has nothing that it could change. */
static bool is_done(const struct pending_change *c, const struct ksa_export *e)
{
	const struct review_place *after = &c->sides[PATCH_NEW];

	if (!after->path)
		return !e;
	if (!e || !c->sides[PATCH_OLD].path)
		return (e != NULL) == !c->sides[PATCH_OLD].path;
	return (c->class_by == NO_INDEX || e->cls == after->cls) &&
	       (c->ns_by == NO_INDEX || (e->ns_known && tracks_is_same_text(e->ns, after->ns)));
}

static int keep_change(struct net *n, const char *symbol, const struct track *t, const char *other)
{
	const struct review_place *place = t->first ? t->first : t->now;
	int r = add_pending(n, symbol, t, other);

	if (!r &&
	    is_done(&n->found.items[n->found.count - 1], kernel_export(n, symbol, place->path)))
		n->found.count--;
	return r;
}

/* The changes [first, end) of one symbol, added up. */
static int sum_up(struct net *n, size_t first, size_t end)
{
	const char *symbol = n->changes.items[first].symbol, *other;
	const struct track *t;
	int r = 0;

	n->tracks.count = 0;
	for (size_t i = first; i < end && !r; i++)
		r = tracks_follow(&n->tracks, &n->changes.items[i], n->err);
	if (r)
		return r;
	tracks_join_moved(&n->tracks);
	/* Sources have each file's for itself. */
	for (size_t i = 0; i < n->tracks.count && n->scope->kernel->from_source && !r; i++)
		if (track_changes(&n->tracks.items[i]))
			r = keep_change(n, symbol, &n->tracks.items[i], NULL);
	if (n->scope->kernel->from_source)
		return r;
	t = choose(n, kernel_export(n, symbol, NULL), &other);
	return t ? keep_change(n, symbol, t, other) : 0;
}

static int sum_all(struct net *n)
{
	int r = 0;

	for (size_t i = 0, end; i < n->changes.count && !r; i = end) {
		for (end = i + 1; end < n->changes.count && strcmp(n->changes.items[end].symbol,
								   n->changes.items[i].symbol) == 0;
		     end++)
			;
		r = sum_up(n, i, end);
	}
	return r;
}

/* Whether a change of another symbol is the new name of what goes: *certain with the same body. */
static bool is_successor(const struct pending_change *gone, const struct review_change *come,
			 bool *certain)
{
	const struct review_place *old = &gone->sides[PATCH_OLD], *new_ = &come->sides[PATCH_NEW];

	if (come->what != REVIEW_ADDED || come->patch != gone->presence_by || come->test ||
	    !new_->path || strcmp(old->path, new_->path) != 0)
		return false;
	*certain = old->body && old->body == new_->body;
	return true;
}

/* How many other exports the patch removes from the file. */
static size_t count_gone(const struct net *n, const struct pending_change *gone)
{
	size_t count = 0;

	for (size_t i = 0; i < n->changes.count; i++) {
		const struct review_change *c = &n->changes.items[i];

		count += c->what == REVIEW_REMOVED && c->patch == gone->presence_by &&
			 c->sides[PATCH_OLD].path &&
			 strcmp(c->sides[PATCH_OLD].path, gone->sides[PATCH_OLD].path) == 0 &&
			 strcmp(c->symbol, gone->symbol) != 0;
	}
	return count;
}

/* What the same patch exports instead: with the same body, or the only one for the only one. */
static void find_successor(const struct net *n, struct pending_change *gone)
{
	const struct review_change *only = NULL;
	size_t come = 0;

	for (size_t i = 0; i < n->changes.count && !gone->renamed; i++) {
		const struct review_change *c = &n->changes.items[i];

		if (!is_successor(gone, c, &gone->renamed))
			continue;
		come++;
		only = c;
	}
	if (!only || (!gone->renamed && (come != 1 || count_gone(n, gone))))
		return;
	gone->successor = only->symbol;
	gone->successor_cls = only->sides[PATCH_NEW].cls;
}

static int note_imports(struct net *n)
{
	for (size_t m = 0; m < n->scope->module_count; m++) {
		const struct ksa_module *module = n->scope->modules[m];

		for (size_t i = 0; i < module->import_count; i++) {
			uint32_t value = 0;

			if (strmap_add(&n->imported, module->imports[i].name, &value, NULL) < 0)
				return ksa_fail_nomem(n->err);
		}
	}
	return 0;
}

/* What the tree, after the patches, still has of a symbol whose file changes. */
static int look_up(struct net *n, struct review_audit *a, struct pending_change *c)
{
	struct review_exporter x = {.symbol = review_symbol_find(a, c->symbol)};
	const struct ksa_export *e = kernel_export(n, c->symbol, NULL);
	const struct review_place *after = &c->sides[PATCH_NEW];
	bool is_inline = false;
	int r;

	while (!(r = review_next_exporter(a, &x, n->err)) && x.export_ && !c->other)
		if (is_for_arch(n, x.path) && !n->scope->kernel->from_source &&
		    !(after->path && strcmp(x.path, after->path) == 0) &&
		    !is_from(e, c->sides[PATCH_OLD].path))
			c->other = x.path;
	if (!r && !after->path && !c->other && x.symbol)
		r = review_is_inline(a, x.symbol, &is_inline, n->err);
	c->in_header = is_inline;
	return r;
}

static bool is_asked(const struct net *n, const struct pending_change *c)
{
	return strmap_get(&n->imported, c->symbol, NULL) && c->sides[PATCH_OLD].path;
}

/* One look through tree and patches for what the modules import and the patches change. */
static int search(struct net *n, struct review_audit *a)
{
	int r = 0;

	for (size_t i = 0; i < n->found.count && !r; i++)
		if (is_asked(n, &n->found.items[i]))
			r = review_ask(a, n->found.items[i].symbol, false, n->err);
	if (r || !a->symbols.count)
		return r;
	r = review_search_patches(a, n->err);
	if (!r)
		r = review_search_tree(a, n->err);
	for (size_t i = 0; i < n->found.count && !r; i++)
		if (is_asked(n, &n->found.items[i]))
			r = look_up(n, a, &n->found.items[i]);
	return r;
}

static const char *keep(struct net *n, const char *s)
{
	return s ? arena_strdup(&n->out->arena, s) : NULL;
}

/* What the search found, out of memory that goes with it. */
static int ask_tree(struct net *n, struct review_input *input)
{
	struct review review = {.input = input};
	struct review_audit a = {
		.input = input, .rules = input->rules, .review = &review, .report = &review.report};
	int r = note_imports(n);

	if (!r)
		r = search(n, &a);
	for (size_t i = 0; i < n->found.count && !r; i++) {
		const char *other = n->found.items[i].other;

		n->found.items[i].other = keep(n, other);
		if (other && !n->found.items[i].other)
			r = ksa_fail_nomem(n->err);
	}
	for (size_t i = 0; i < review.report.notice_count && !r; i++)
		r = review_input_notice(input, n->err, "%s", review.report.notices[i]);
	review_audit_release(&a);
	report_release(&review.report);
	return r;
}

static int hand_over(struct net *n)
{
	struct ksa_pending *out = n->out;

	out->items = arena_calloc(&out->arena, n->found.count, sizeof(*out->items));
	if (!out->items)
		return ksa_fail_nomem(n->err);
	for (uint32_t i = 0; i < n->found.count; i++) {
		uint32_t at = i;

		out->items[i] = n->found.items[i];
		/* Of several of one symbol the first. */
		if (strmap_add(&out->by_symbol, out->items[i].symbol, &at, NULL) < 0)
			return ksa_fail_nomem(n->err);
	}
	out->count = n->found.count;
	return 0;
}

/* The sources of a revision are of all of them: then the modules' counts. */
static const char *arch_of(const struct pending_scope *scope)
{
	if (*scope->kernel->arch || !scope->module_count)
		return scope->kernel->arch;
	return scope->modules[0]->arch ? scope->modules[0]->arch : "";
}

int pending_make(struct review_input *input, const struct pending_scope *scope,
		 struct ksa_pending *out, struct ksa_error *err)
{
	_cleanup_(net_release) struct net n = {.input = input,
					       .scope = scope,
					       .out = out,
					       .arch = arch_directory(arch_of(scope)),
					       .err = err};
	int r;

	out->input = input;
	r = gather(&n);
	if (!r)
		r = sum_all(&n);
	for (size_t i = 0; i < n.found.count && !r; i++)
		if (!n.found.items[i].sides[PATCH_NEW].path)
			find_successor(&n, &n.found.items[i]);
	if (!r)
		r = ask_tree(&n, input);
	return r ? r : hand_over(&n);
}
