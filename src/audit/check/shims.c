// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shims: a module that is not GPL-compatible uses plain exports of a GPL-compatible one from out of
 * the tree, and these lead to GPL-only symbols. Neither modpost nor the loader objects. Which
 * exports do is known by what refers to what in the shim; what is reached only in other ways, such
 * as by its init function, is not handed on.
 */
#include "audit/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

/* So many exports of one shim that a module uses have a finding of their own; more share one. */
#define ALONE	  5
#define MAX_CHAIN 12

#define NOWHERE UINT32_MAX

/* The way from each function or object of a shim to the nearest GPL-only symbol. */
struct ways {
	const struct call_graph *graph; /* NULL: what refers to what is not known */
	uint32_t *next; /* by function: the next one on the way; itself: it is such a symbol;
			   NOWHERE: no way leads to one */
	struct strmap globals; /* name -> function */
};

static void ways_release(struct ways *w)
{
	free(w->next);
	strmap_release(&w->globals);
}

static bool is_gpl_only(const struct check *c, uint32_t shim, const struct call_function *f)
{
	const struct ksa_export *e;

	if (f->local || f->has_code)
		return false;
	e = check_find(c, shim, f->name).export_;
	return e && (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL);
}

/* Edges backwards: who refers to a function stands in from[first[f]..first[f + 1]). */
struct referrers {
	uint32_t *first, *from;
};

static void referrers_release(struct referrers *r)
{
	free(r->first);
	free(r->from);
}

static int turn_around(const struct call_graph *g, struct referrers *out, struct ksa_error *err)
{
	out->first = calloc((size_t)g->function_count + 2, sizeof(*out->first));
	out->from = NULL;
	if (!out->first)
		return ksa_fail_nomem(err);
	/* Aliases share their edges: these may be more than edge_count. */
	for (uint32_t f = 0; f < g->function_count; f++)
		for (uint32_t i = 0; i < g->functions[f].count; i++)
			out->first[g->edges[g->functions[f].first + i].to + 2]++;
	for (uint32_t f = 1; f < g->function_count; f++)
		out->first[f + 1] += out->first[f];
	out->from = calloc((size_t)out->first[g->function_count] +
				   out->first[g->function_count + 1] + 1,
			   sizeof(*out->from));
	if (!out->from)
		return ksa_fail_nomem(err);
	for (uint32_t f = 0; f < g->function_count; f++)
		for (uint32_t i = 0; i < g->functions[f].count; i++)
			out->from[out->first[g->edges[g->functions[f].first + i].to + 1]++] = f;
	return 0;
}

/* Breadth first and backwards from all GPL-only symbols, so that each way is the shortest. */
static int find_ways(const struct check *c, uint32_t shim, struct ways *w, struct ksa_error *err)
{
	const struct call_graph *g = w->graph;
	_cleanup_(referrers_release) struct referrers back = {NULL, NULL};
	_cleanup_free_ uint32_t *queue = calloc((size_t)g->function_count + 1, sizeof(*queue));
	size_t head = 0, tail = 0;

	w->next = calloc((size_t)g->function_count + 1, sizeof(*w->next));
	if (!queue || !w->next)
		return ksa_fail_nomem(err);
	if (turn_around(g, &back, err))
		/* cppcheck-suppress memleak; queue has a cleanup */
		return KSA_ENOMEM;
	for (uint32_t f = 0; f < g->function_count; f++) {
		bool found = is_gpl_only(c, shim, &g->functions[f]);

		w->next[f] = found ? f : NOWHERE;
		if (found)
			queue[tail++] = f;
		if (!g->functions[f].local && strmap_set(&w->globals, g->functions[f].name, f))
			return ksa_fail_nomem(err);
	}
	while (head < tail) {
		uint32_t to = queue[head++];

		for (uint32_t i = back.first[to]; i < back.first[to + 1]; i++) {
			if (w->next[back.from[i]] != NOWHERE)
				continue;
			w->next[back.from[i]] = to;
			queue[tail++] = back.from[i];
		}
	}
	return 0;
}

/* The first names, and how many there are. */
struct symbols {
	const char *items[ALONE];
	size_t count;
};

/* What a module uses of a shim: what leads to GPL-only symbols, and of what that is not known. */
struct use {
	uint32_t user, shim;
	struct symbols leading, unknown;
};

static void note_symbol(struct use *use, const struct ways *w, const char *symbol)
{
	struct symbols *list = &use->leading;
	uint32_t f = NOWHERE;

	/* Code of assembly and second names of objects have no place in the graph. */
	if (!w->graph || !strmap_get(&w->globals, symbol, &f) || !w->graph->functions[f].has_code)
		list = &use->unknown;
	else if (w->next[f] == NOWHERE)
		return;
	if (list->count < ALONE)
		list->items[list->count] = symbol;
	list->count++;
}

/* "'a' -> b -> GPL-only 'c'" */
static void add_chain(const struct ways *w, const char *symbol, struct strbuf *buf)
{
	uint32_t f = NOWHERE, steps = 0;

	strbuf_printf(buf, "'%s'", symbol);
	if (!strmap_get(&w->globals, symbol, &f))
		return;
	for (f = w->next[f]; f != w->next[f]; f = w->next[f])
		if (++steps <= MAX_CHAIN)
			strbuf_printf(buf, " -> %s", w->graph->functions[f].name);
	if (steps > MAX_CHAIN)
		strbuf_printf(buf, " -> %u more", steps - MAX_CHAIN);
	strbuf_printf(buf, " -> GPL-only '%s'", w->graph->functions[f].name);
}

/* For one of the symbols; or for all, where they are many. */
static int accuse(struct check *c, const struct use *use, const struct ways *w, size_t at,
		  struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[use->user],
				*shim = c->report->modules[use->shim];
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct finding_init init = {
		.rule = RULE_SHIM, .module = use->user, .symbol = use->leading.items[at]};
	const bool folded = use->leading.count > ALONE;

	strbuf_printf(&buf, "%s (%s) -> %s: ", m->name, check_license(c, m), shim->name);
	for (size_t i = at; i < (folded ? ALONE : at + 1); i++) {
		strbuf_adds(&buf, i > at ? "; " : "");
		add_chain(w, use->leading.items[i], &buf);
	}
	if (folded)
		strbuf_printf(&buf, "; and %zu more", use->leading.count - ALONE);
	if (buf.failed)
		return ksa_fail_nomem(err);
	init.evidence = report_text(c->report, "%s", strbuf_string(&buf));
	if (folded)
		return check_add(c, &init, err,
				 "GPL-incompatible module %s.ko uses '%s' and %zu other exports of "
				 "%s.ko that lead to GPL-only symbols",
				 m->name, use->leading.items[at], use->leading.count - 1,
				 shim->name);
	return check_add(
		c, &init, err,
		"GPL-incompatible module %s.ko uses '%s' of %s.ko, which leads to GPL-only "
		"symbols",
		m->name, use->leading.items[at], shim->name);
}

static int accuse_unknown(struct check *c, const struct use *use, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[use->user],
				*shim = c->report->modules[use->shim];
	struct finding_init init = {
		.rule = RULE_SHIM, .module = use->user, .symbol = use->unknown.items[0]};

	init.evidence = report_text(c->report,
				    "%s (%s) -> %s, which uses GPL-only '%s': not known which of "
				    "its exports lead there",
				    m->name, check_license(c, m), shim->name,
				    c->state[use->shim].gpl_symbol);
	if (use->unknown.count == 1)
		return check_add(c, &init, err,
				 "GPL-incompatible module %s.ko uses '%s' of %s.ko, which may lead "
				 "to GPL-only symbols",
				 m->name, use->unknown.items[0], shim->name);
	return check_add(c, &init, err,
			 "GPL-incompatible module %s.ko uses '%s' and %zu other exports of %s.ko, "
			 "which may lead to GPL-only symbols",
			 m->name, use->unknown.items[0], use->unknown.count - 1, shim->name);
}

static int judge_user(struct check *c, uint32_t user, uint32_t shim, const struct ways *w,
		      struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[user];
	struct use use = {.user = user, .shim = shim};
	int r = 0;

	if (user == shim || (check_compatible_at_load(c, m) && check_compatible_at_build(c, m)))
		return 0;
	for (size_t i = 0; i < m->import_count; i++) {
		struct provider p = check_find_import(c, user, i);

		if (p.module == shim && p.export_->cls == KSA_CLASS_PLAIN)
			note_symbol(&use, w, m->imports[i].name);
	}
	if (use.unknown.count)
		r = accuse_unknown(c, &use, err);
	if (!r && use.leading.count > ALONE)
		return accuse(c, &use, w, 0, err);
	for (size_t i = 0; i < use.leading.count && !r; i++)
		r = accuse(c, &use, w, i, err);
	return r;
}

static int judge_shim(struct check *c, uint32_t shim, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[shim];
	_cleanup_(ways_release) struct ways ways = {.graph = m->references};
	int r = 0;

	if (m->in_tree || !m->export_count || !c->state[shim].uses_gpl_only ||
	    !check_compatible_at_load(c, m))
		return 0;
	if (ways.graph)
		r = find_ways(c, shim, &ways, err);
	for (uint32_t user = 0; user < c->report->module_count && !r; user++)
		r = judge_user(c, user, shim, &ways, err);
	return r;
}

int check_shims(struct check *c, struct ksa_error *err)
{
	bool any = false;
	int r = 0;

	for (uint32_t m = 0; m < c->report->module_count && !any; m++)
		any = !check_compatible_at_load(c, c->report->modules[m]) ||
		      !check_compatible_at_build(c, c->report->modules[m]);
	for (uint32_t m = 0; m < c->report->module_count && any && !r; m++)
		r = judge_shim(c, m, err);
	return r;
}
