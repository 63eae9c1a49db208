// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/wrappers/wrappers.h"

#include <stdlib.h>
#include <string.h>

#include "audit/exports.h"
#include "audit/wrappers/notices.h"
#include "base/cleanup.h"
#include "base/vec.h"

/* The search in one call graph, of vmlinux or a module. */
struct search {
	const struct ksa_kernel *kernel;
	const struct wrappers_options *options;
	struct export_matcher matcher;
	struct wrappers *out;
	bool *coded; /* by export: its code was seen */
	const struct call_graph *graph;
	/* By function of the graph, as long as the longest one: */
	const struct ksa_export **exports; /* what export it is; NULL: none */
	uint8_t *helper; /* 0: not looked at, 1: no, 2: yes */
	uint32_t *seen; /* in which round a function was met */
	uint32_t *parent; /* from where */
	uint32_t *queue;
	uint32_t round;
};

static bool is_plain(const struct ksa_export *e)
{
	return e->cls == KSA_CLASS_PLAIN || e->cls == KSA_CLASS_GPL_FUTURE ||
	       e->cls == KSA_CLASS_UNUSED;
}

/* The export that a function of the graph is: one of the owner's own if its code is here. */
static const struct ksa_export *export_of(const struct search *s, const struct call_function *f)
{
	const struct ksa_export *e;
	size_t count;

	if (f->local)
		return NULL;
	e = kernel_find_exports(s->kernel, f->name, &count);
	for (size_t i = 0; i < count; i++)
		if (owner_is_same(e[i].owner, s->graph->owner) == f->has_code)
			return &e[i];
	return NULL;
}

static bool is_helper(struct search *s, uint32_t function)
{
	if (s->options->all)
		return false;
	if (!s->helper[function])
		s->helper[function] =
			rules_helper(s->options->rules, s->graph->functions[function].name) ? 2 : 1;
	return s->helper[function] == 2;
}

/* The functions from below start down to the one that calls the target. */
static int make_chain(struct search *s, uint32_t start, uint32_t last, struct wrapper_target *t,
		      struct ksa_error *err)
{
	const char **via;
	uint32_t n = 0;

	for (uint32_t f = last; f != start; f = s->parent[f])
		n++;
	t->via_count = n;
	if (!n)
		return 0;
	via = arena_calloc(&s->out->arena, n, sizeof(*via));
	if (!via)
		return ksa_fail_nomem(err);
	t->via = via;
	for (uint32_t f = last; f != start; f = s->parent[f])
		via[--n] = s->graph->functions[f].name;
	return 0;
}

/* Targets while they are gathered. */
struct targets {
	struct wrapper_target *items;
	size_t count, capacity;
};

static bool is_wanted(const struct search *s, const char *name)
{
	return !s->options->to.count || globs_match(&s->options->to, name);
}

/*
 * Look at the calls of one function, which is depth calls away from start: GPL-only exports are
 * what is looked for, other exports end a chain, the rest goes onto the queue.
 */
static int look_at(struct search *s, uint32_t start, uint32_t function, uint32_t *tail,
		   struct targets *targets, bool last, struct ksa_error *err)
{
	const struct call_function *f = &s->graph->functions[function];

	for (uint32_t i = 0; i < f->count; i++) {
		const struct call_edge *edge = &s->graph->edges[f->first + i];
		const struct ksa_export *e = s->exports[edge->to];
		struct wrapper_target *t;
		int r;

		if (s->seen[edge->to] == s->round || is_helper(s, edge->to))
			continue;
		s->seen[edge->to] = s->round;
		s->parent[edge->to] = function;
		if (!e && !last && s->graph->functions[edge->to].has_code)
			s->queue[(*tail)++] = edge->to;
		if (!e || !export_is_gpl_only(e) || !is_wanted(s, e->name))
			continue;
		r = VEC_PUSH_ROOM(targets, err);
		if (r)
			return r;
		t = &targets->items[targets->count];
		*t = (struct wrapper_target){.name = e->name, .export_ = e};
		r = make_chain(s, start, function, t, err);
		if (r)
			return r;
		t->calls = t->via_count ? 0 : edge->calls;
		targets->count++;
	}
	return 0;
}

/* Breadth first, so that the shortest chain to each export is the one that is found. */
static int search_from(struct search *s, uint32_t start, struct targets *targets,
		       struct ksa_error *err)
{
	unsigned int depth = s->options->depth ? s->options->depth : 1;
	uint32_t head = 0, tail = 0, level = 0, calls = 1;
	int r = 0;

	s->round++;
	s->seen[start] = s->round;
	s->queue[tail++] = start;
	level = tail;
	while (head < tail && !r) {
		r = look_at(s, start, s->queue[head], &tail, targets, calls >= depth, err);
		if (++head == level) {
			level = tail;
			calls++;
		}
	}
	return r;
}

static int compare_targets(const void *a, const void *b)
{
	const struct wrapper_target *x = a, *y = b;

	if (x->via_count != y->via_count)
		return x->via_count < y->via_count ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* May the function be a GPL-only export of what was not read? What vmlinux calls it has itself. */
static bool is_unknown(const struct search *s, uint32_t function)
{
	const struct call_function *f = &s->graph->functions[function];
	const struct ksa_export *e = s->exports[function];

	if (e || f->local || f->has_code)
		return e && e->cls == KSA_CLASS_UNKNOWN;
	return strcmp(s->graph->owner, "vmlinux") != 0 &&
	       (!s->kernel->has_image || !s->kernel->has_modules);
}

/* The first by name stands for all. */
static int add_unknown(struct search *s, const char *name, struct ksa_error *err)
{
	struct wrappers *out = s->out;

	out->unknown++;
	if (out->unknown_example && strcmp(out->unknown_example, name) <= 0)
		return 0;
	out->unknown_example = arena_strdup(&out->arena, name);
	return out->unknown_example ? 0 : ksa_fail_nomem(err);
}

/* What the function calls itself, whatever was asked for. *unknown: a function of which
 * is_unknown() holds; NULL: none. */
static bool count_calls(struct search *s, uint32_t function, struct wrapper *w,
			const char **unknown)
{
	const struct call_function *f = &s->graph->functions[function];
	bool gpl = false;

	*unknown = NULL;

	w->indirect = f->indirect;
	for (uint32_t i = 0; i < f->count; i++) {
		const struct call_edge *edge = &s->graph->edges[f->first + i];

		if (is_helper(s, edge->to))
			continue;
		w->functions++;
		w->calls += edge->calls;
		w->local += !s->exports[edge->to];
		gpl |= export_is_gpl_only(s->exports[edge->to]);
		if (!*unknown && is_unknown(s, edge->to))
			*unknown = s->graph->functions[edge->to].name;
	}
	w->is_thin = gpl && !w->indirect && w->functions <= WRAPPER_THIN_FUNCTIONS;
	return gpl;
}

static bool is_family(const struct search *s, const struct wrapper *w)
{
	const struct family_list *families = &s->options->families;

	if (!families->count || families_have(families, w->export_->name))
		return true;
	for (uint32_t i = 0; i < w->target_count; i++)
		if (families_have(families, w->targets[i].name))
			return true;
	return false;
}

static int keep(struct search *s, struct wrapper *w, const struct targets *targets,
		struct ksa_error *err)
{
	int r;

	w->targets = arena_calloc(&s->out->arena, targets->count, sizeof(*w->targets));
	if (!w->targets)
		return ksa_fail_nomem(err);
	memcpy(w->targets, targets->items, targets->count * sizeof(*w->targets));
	w->target_count = (uint32_t)targets->count;
	qsort(w->targets, w->target_count, sizeof(*w->targets), compare_targets);
	while (w->direct < w->target_count && !w->targets[w->direct].via_count)
		w->direct++;
	if (!is_family(s, w))
		return 0;
	r = VEC_PUSH_ROOM(s->out, err);
	if (!r)
		s->out->items[s->out->count++] = *w;
	return r;
}

static int take_function(struct search *s, uint32_t function, struct targets *targets,
			 struct ksa_error *err)
{
	const struct ksa_export *e = s->exports[function];
	struct wrapper w = {.export_ = e};
	const char *unknown;
	int r = 0;

	s->coded[e - s->kernel->exports] = true;
	/* A trampoline that is patched at run time wraps nothing, whatever it holds at first. */
	if (is_helper(s, function))
		return 0;
	s->out->seen++;
	if (count_calls(s, function, &w, &unknown)) {
		s->out->direct++;
		s->out->thin += w.is_thin;
	} else if (unknown) {
		r = add_unknown(s, unknown, err);
	}
	if (r)
		return r;
	if (!export_matches(&s->matcher, e) || (s->options->thin && !w.is_thin))
		return 0;
	targets->count = 0;
	r = search_from(s, function, targets, err);
	return r || !targets->count ? r : keep(s, &w, targets, err);
}

static int search_graph(struct search *s, const struct call_graph *graph, struct ksa_error *err)
{
	struct targets targets = {NULL, 0, 0};
	int r = 0;

	s->graph = graph;
	for (uint32_t i = 0; i < graph->function_count; i++)
		s->exports[i] = export_of(s, &graph->functions[i]);
	memset(s->helper, 0, graph->function_count);
	for (uint32_t i = 0; i < graph->function_count && !r; i++)
		if (graph->functions[i].has_code && s->exports[i] && is_plain(s->exports[i]))
			r = take_function(s, i, &targets, err);
	free(targets.items);
	return r;
}

static int compare_wrappers(const void *a, const void *b)
{
	const struct wrapper *x = a, *y = b;
	int c;

	if (x->is_thin != y->is_thin)
		return x->is_thin ? -1 : 1;
	if (x->functions != y->functions)
		return x->functions < y->functions ? -1 : 1;
	if (x->calls != y->calls)
		return x->calls < y->calls ? -1 : 1;
	c = strcmp(x->export_->name, y->export_->name);
	return c ? c : strcmp(x->export_->owner, y->export_->owner);
}

/* Working memory for the longest graph. */
static int search_begin(struct search *s, struct ksa_error *err)
{
	size_t n = 1;

	for (size_t i = 0; i < s->kernel->graph_count; i++)
		if (s->kernel->graphs[i].function_count > n)
			n = s->kernel->graphs[i].function_count;
	s->exports = calloc(n, sizeof(*s->exports));
	s->helper = calloc(n, sizeof(*s->helper));
	s->seen = calloc(n, sizeof(*s->seen));
	s->parent = calloc(n, sizeof(*s->parent));
	s->queue = calloc(n + 1, sizeof(*s->queue));
	s->coded = calloc(s->kernel->export_count + 1, sizeof(*s->coded));
	export_matcher_init(&s->matcher, s->options->filter);
	return s->coded && s->exports && s->helper && s->seen && s->parent && s->queue
		       ? 0
		       : ksa_fail_nomem(err);
}

static void search_end(struct search *s)
{
	export_matcher_release(&s->matcher);
	free(s->coded);
	free(s->exports);
	free(s->helper);
	free(s->seen);
	free(s->parent);
	free(s->queue);
}

/* A snapshot names the thin wrappers, and what they wrap. */
static int take_stored(struct search *s, const struct ksa_export *e, struct ksa_error *err)
{
	struct wrapper w = {.export_ = e, .is_thin = true, .functions = e->wrap_count};
	struct targets targets = {NULL, 0, 0};
	int r = 0;

	s->out->direct++;
	s->out->thin++;
	if (!export_matches(&s->matcher, e))
		return 0;
	for (uint32_t i = 0; i < e->wrap_count && !r; i++) {
		size_t count;

		if (!is_wanted(s, e->wraps[i]))
			continue;
		r = VEC_PUSH_ROOM(&targets, err);
		if (!r)
			targets.items[targets.count++] = (struct wrapper_target){
				.name = e->wraps[i],
				.export_ = kernel_find_exports(s->kernel, e->wraps[i], &count)};
	}
	if (!r && targets.count)
		r = keep(s, &w, &targets, err);
	free(targets.items);
	return r;
}

static int search_all(struct search *s, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = s->kernel;
	bool stored = kernel->has_image_wraps || kernel->has_module_wraps;
	int r = 0;

	for (size_t i = 0; i < kernel->graph_count && !r; i++) {
		stored &= kernel->graphs[i].source == CALLS_NONE;
		r = search_graph(s, &kernel->graphs[i], err);
	}
	for (size_t i = 0; i < kernel->export_count && !r; i++) {
		const struct ksa_export *e = &kernel->exports[i];

		s->out->plain += is_plain(e);
		if (stored && e->wrap_count)
			r = take_stored(s, e, err);
	}
	if (!r)
		r = wrappers_add_notices(s->out, s->coded, stored, err);
	return r;
}

int wrappers_find(const struct ksa_kernel *kernel, const struct wrappers_options *options,
		  struct wrappers *out, struct ksa_error *err)
{
	static const struct export_filter everything;
	struct wrappers_options o = *options;
	struct search s = {.kernel = kernel, .options = &o, .out = out};
	int r;

	if (!o.filter)
		o.filter = &everything;
	*out = (struct wrappers){.kernel = kernel,
				 .depth = o.depth ? o.depth : 1,
				 .with_helpers = o.all,
				 .filtered = o.thin || o.to.count || o.families.count ||
					     export_filter_is_narrow(o.filter)};
	r = search_begin(&s, err);
	if (!r)
		r = search_all(&s, err);
	if (!r && (s.matcher.patterns.failed || s.matcher.owner.failed))
		r = ksa_fail_nomem(err);
	search_end(&s);
	if (r) {
		wrappers_release(out);
		return r;
	}
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), compare_wrappers);
	return 0;
}

void wrappers_release(struct wrappers *wrappers)
{
	arena_release(&wrappers->arena);
	free(wrappers->items);
	free(wrappers->notices);
	memset(wrappers, 0, sizeof(*wrappers));
}

int wrappers_store(struct ksa_kernel *kernel, const struct ksa_rules *rules, struct ksa_error *err)
{
	const struct wrappers_options options = {.rules = rules, .thin = true};
	struct wrappers found;
	bool image = false, modules = false;
	int r;

	for (size_t i = 0; i < kernel->graph_count; i++) {
		const struct call_graph *graph = &kernel->graphs[i];
		bool is_image = strcmp(graph->owner, "vmlinux") == 0;

		image |= is_image && graph->source;
		modules |= !is_image && graph->source;
	}
	if (!image && !modules)
		return 0;
	r = wrappers_find(kernel, &options, &found, err);
	if (r)
		return r;
	kernel->has_image_wraps |= image;
	kernel->has_module_wraps |= modules;
	for (size_t i = 0; i < found.count && !r; i++) {
		const struct wrapper *w = &found.items[i];
		struct ksa_export *e = &kernel->exports[w->export_ - kernel->exports];
		const char **names = arena_calloc(&kernel->arena, w->target_count, sizeof(*names));

		for (uint32_t k = 0; names && k < w->target_count; k++)
			names[k] = w->targets[k].name;
		e->wraps = names;
		e->wrap_count = w->target_count;
		r = names ? 0 : ksa_fail_nomem(err);
	}
	wrappers_release(&found);
	return r;
}
