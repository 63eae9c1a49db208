// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rebuild/witness.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

struct witnesses {
	const struct ksa_kernel *from, *to;
	uint32_t *there; /* a module of from -> the same one of to, or NO_INDEX */
	uint32_t *back; /* and the other way round */
	/* Of each module of from the GPL-only exports (indices) that it came to import: gained[i]
	 * for i in [first[m], first[m + 1]). */
	uint32_t *first, *gained;
	uint32_t *came; /* by export of to: how many modules came to import it */
	uint32_t *counts; /* by export of to, while one symbol is looked at */
	struct {
		struct witness_gain *items;
		size_t count, capacity;
	} answer;
};

void witnesses_free(struct witnesses *w)
{
	if (!w)
		return;
	free(w->there);
	free(w->back);
	free(w->first);
	free(w->gained);
	free(w->came);
	free(w->counts);
	free(w->answer.items);
	free(w);
}

static bool is_witness(const struct kernel_module *m)
{
	return m->in_tree && !m->builtin;
}

/* Pair the modules of the two kernels by their names. */
static void pair_modules(struct witnesses *w)
{
	for (size_t i = 0; i < w->to->module_count; i++)
		w->back[i] = NO_INDEX;
	for (size_t i = 0; i < w->from->module_count; i++) {
		const struct kernel_module *m = &w->from->modules[i];
		const struct kernel_module *other = kernel_find_module(w->to, m->name);

		w->there[i] = NO_INDEX;
		if (!other || !is_witness(m) || !is_witness(other) ||
		    w->back[other - w->to->modules] != NO_INDEX)
			continue;
		w->there[i] = (uint32_t)(other - w->to->modules);
		w->back[w->there[i]] = (uint32_t)i;
	}
}

static bool imports(const struct ksa_export *e, uint32_t module)
{
	size_t low = 0, high = e ? e->importer_count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (e->importers[middle] < module)
			low = middle + 1;
		else
			high = middle;
	}
	return e && low < e->importer_count && e->importers[low] == module;
}

/* The first export of that name. Both kernels' are sorted, and names are asked for in that order:
 * *at is how far the last one led. */
static const struct ksa_export *find_from(const struct ksa_kernel *kernel, const char *name,
					  size_t *at)
{
	int c = -1;

	while (*at < kernel->export_count && (c = strcmp(kernel->exports[*at].name, name)) < 0)
		(*at)++;
	return c ? NULL : &kernel->exports[*at];
}

/* Call back for each (module of from, GPL-only export of to) that is new: to count, then to fill.
 */
static void each_gain(struct witnesses *w,
		      void (*take)(struct witnesses *w, uint32_t m, uint32_t e))
{
	size_t at = 0;

	for (size_t i = 0; i < w->to->export_count; i++) {
		const struct ksa_export *e = &w->to->exports[i], *before;

		if (!export_is_gpl_only(e))
			continue;
		before = find_from(w->from, e->name, &at);
		for (uint32_t k = 0; k < e->importer_count; k++) {
			uint32_t m = w->back[e->importers[k]];

			if (m != NO_INDEX && !imports(before, m))
				take(w, m, (uint32_t)i);
		}
	}
}

static void count_gain(struct witnesses *w, uint32_t m, uint32_t e)
{
	w->first[m + 1]++;
	w->came[e]++;
}

/* first[m] moves on to where the next module begins. */
static void fill_gain(struct witnesses *w, uint32_t m, uint32_t e)
{
	w->gained[w->first[m]++] = e;
}

static int index_gains(struct witnesses *w, struct ksa_error *err)
{
	size_t modules = w->from->module_count;

	each_gain(w, count_gain);
	for (size_t m = 0; m < modules; m++)
		w->first[m + 1] += w->first[m];
	w->gained = calloc(w->first[modules] + 1, sizeof(*w->gained));
	if (!w->gained)
		return ksa_fail_nomem(err);
	each_gain(w, fill_gain);
	memmove(w->first + 1, w->first, modules * sizeof(*w->first));
	w->first[0] = 0;
	return 0;
}

int witnesses_new(const struct ksa_kernel *from, const struct ksa_kernel *to,
		  struct witnesses **out, struct ksa_error *err)
{
	struct witnesses *w;
	int r = 0;

	*out = NULL;
	if (!from->has_imports || !to->has_imports)
		return ksa_fail(err, KSA_ENODATA, "what the modules of %s import is not known",
				from->has_imports ? to->label : from->label);
	w = calloc(1, sizeof(*w));
	if (!w)
		return ksa_fail_nomem(err);
	w->from = from;
	w->to = to;
	w->there = calloc(from->module_count + 1, sizeof(*w->there));
	w->back = calloc(to->module_count + 1, sizeof(*w->back));
	w->first = calloc(from->module_count + 2, sizeof(*w->first));
	w->came = calloc(to->export_count + 1, sizeof(*w->came));
	w->counts = calloc(to->export_count + 1, sizeof(*w->counts));
	if (!w->there || !w->back || !w->first || !w->came || !w->counts)
		r = ksa_fail_nomem(err);
	if (!r) {
		pair_modules(w);
		r = index_gains(w, err);
	}
	if (r) {
		witnesses_free(w);
		return r;
	}
	*out = w;
	return 0;
}

/* Keep a gain, or what says more of one that is there. */
static int add_gain(struct witnesses *w, const struct witness_gain *gain,
		    const struct ksa_module *m, struct ksa_error *err)
{
	int r;

	for (size_t i = 0; i < w->answer.count; i++) {
		struct witness_gain *known = &w->answer.items[i];

		if (known->export_ != gain->export_)
			continue;
		if ((uint64_t)gain->came * known->of > (uint64_t)known->came * gain->of)
			*known = *gain;
		return 0;
	}
	if (module_has_import(m, gain->export_->name))
		return 0;
	r = VEC_PUSH_ROOM(&w->answer, err);
	if (!r)
		w->answer.items[w->answer.count++] = *gain;
	return r;
}

/* What the witnesses who import the symbol came to import. */
static int ask_users(struct witnesses *w, const struct ksa_module *m,
		     const struct ksa_export *symbol, uint32_t self, struct ksa_error *err)
{
	struct witness_gain gain = {.symbol = symbol->name};
	int r = 0;

	for (uint32_t i = 0; i < symbol->importer_count; i++) {
		uint32_t user = symbol->importers[i];

		if (user == self || w->there[user] == NO_INDEX)
			continue;
		gain.of++;
		for (uint32_t k = w->first[user]; k < w->first[user + 1]; k++)
			w->counts[w->gained[k]]++;
	}
	for (uint32_t i = 0; i < symbol->importer_count; i++) {
		uint32_t user = symbol->importers[i];

		if (user == self || w->there[user] == NO_INDEX)
			continue;
		for (uint32_t k = w->first[user]; k < w->first[user + 1] && !r; k++) {
			uint32_t e = w->gained[k];

			gain.came = w->counts[e];
			gain.export_ = &w->to->exports[e];
			w->counts[e] = 0;
			if (gain.of >= WITNESS_SUPPORT &&
			    (uint64_t)gain.came * 100 >= (uint64_t)gain.of * WITNESS_CONFIDENCE)
				r = add_gain(w, &gain, m, err);
		}
	}
	return r;
}

int witnesses_ask(struct witnesses *w, const struct ksa_module *m, const struct witness_gain **out,
		  size_t *count, struct ksa_error *err)
{
	const struct kernel_module *same = kernel_find_module(w->from, m->name);
	uint32_t self = same ? (uint32_t)(same - w->from->modules) : NO_INDEX;
	int r = 0;

	w->answer.count = 0;
	for (size_t i = 0; i < m->import_count && !r; i++) {
		size_t found;
		const struct ksa_export *e =
			kernel_find_exports(w->from, m->imports[i].name, &found);

		if (e)
			r = ask_users(w, m, e, self, err);
	}
	*out = w->answer.items;
	*count = w->answer.count;
	return r;
}

uint32_t witnesses_count(const struct witnesses *w, const struct ksa_export *export_)
{
	return w->came[export_ - w->to->exports];
}
