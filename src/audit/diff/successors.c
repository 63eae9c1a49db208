// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Likely successors of removed symbols. Four kinds of evidence: what the lineage of its family
 * says; a name that is close, of the same owner; what the importers of the removed symbol import
 * instead; the same family. None is proof.
 */
#include "audit/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

#include "audit/diff/names.h"
#include "base/cleanup.h"

#define MAX_SHOWN  3
#define MAX_RANKED 16
#define MIN_NAME   0.45f /* closeness of names that counts as evidence */
#define MIN_MOVED  0.3f /* likewise what the importers say */
#define MIN_SCORE  0.53f
#define NEAR_BEST  0.75f /* of the best one's score */
/* Steps through importers in all; two Debian kernels need a million. */
#define MAX_STEPS 200000000

/* How well a row would succeed the removed one at hand. */
struct candidate {
	float name; /* closeness */
	uint32_t moved; /* importers of the removed one that now import it */
	bool seen;
	bool named; /* by the lineage */
};

struct ranked {
	uint32_t row;
	float name, moved, score;
	uint32_t count; /* of importers */
	unsigned int evidence;
};

/* What must be the same for a close name to count. */
struct traits {
	uint32_t owner; /* a number for its base name */
	uint8_t kind; /* a number for the start of a generated name */
};

struct successor_search {
	struct diff *diff;
	struct name_index names;
	struct traits *traits; /* by row; only of those that were added or removed */
	/* Importers are modules of OLD here; those of NEW are found there by name. */
	uint32_t *old_of; /* by module of NEW: its index in OLD, or NO_INDEX */
	bool *stays; /* by module of OLD: NEW has it as a .ko too */
	uint32_t *gained, *gained_at; /* by module of OLD: rows that it imports since */
	uint32_t *gainers; /* by row: how many modules import it since */
	struct candidate *candidates; /* by row */
	uint32_t *touched; /* rows whose candidate is in use */
	size_t touched_count;
	uint32_t row; /* the removed one at hand */
	uint32_t importers; /* how many importers of it stay */
	const struct family_step *step; /* of its lineage, what took it away; or NULL */
	size_t steps;
};

static const struct ksa_export *with_importers(const struct diff_exports *x)
{
	const struct ksa_export *best = x->items;

	for (uint32_t i = 1; i < x->count; i++)
		if (x->items[i].importer_count > best->importer_count)
			best = &x->items[i];
	return best;
}

static struct candidate *touch(struct successor_search *s, uint32_t row)
{
	struct candidate *c = &s->candidates[row];

	if (!c->seen)
		s->touched[s->touched_count++] = row;
	c->seen = true;
	return c;
}

static void match_modules(struct successor_search *s)
{
	const struct ksa_kernel *old = s->diff->kernels[DIFF_OLD];
	const struct ksa_kernel *new_ = s->diff->kernels[DIFF_NEW];

	for (size_t i = 0; i < new_->module_count; i++) {
		const struct kernel_module *m = kernel_find_module(old, new_->modules[i].name);

		s->old_of[i] = NO_INDEX;
		if (!m || m->builtin || new_->modules[i].builtin)
			continue;
		s->old_of[i] = (uint32_t)(m - old->modules);
		s->stays[s->old_of[i]] = true;
	}
}

/* Call take(s, module, row) for each module of OLD that imports the row in NEW alone. */
static void each_gain(struct successor_search *s, uint32_t *stamps,
		      void (*take)(struct successor_search *s, uint32_t module, uint32_t row))
{
	struct diff *diff = s->diff;

	memset(stamps, 0xff, diff->kernels[DIFF_OLD]->module_count * sizeof(*stamps));
	for (uint32_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];
		const struct ksa_export *e;

		if (row->rust || !row->side[DIFF_NEW].importers)
			continue;
		if (row->side[DIFF_OLD].importers) {
			e = with_importers(&row->side[DIFF_OLD]);
			for (uint32_t k = 0; k < e->importer_count; k++)
				stamps[e->importers[k]] = i;
		}
		e = with_importers(&row->side[DIFF_NEW]);
		for (uint32_t k = 0; k < e->importer_count; k++) {
			uint32_t module = s->old_of[e->importers[k]];

			if (module != NO_INDEX && stamps[module] != i)
				take(s, module, i);
		}
	}
}

static void count_gain(struct successor_search *s, uint32_t module, uint32_t row)
{
	s->gained_at[module]++;
	s->gainers[row]++;
}

static void keep_gain(struct successor_search *s, uint32_t module, uint32_t row)
{
	s->gained[--s->gained_at[module]] = row;
}

static int find_gains(struct successor_search *s, struct ksa_error *err)
{
	size_t modules = s->diff->kernels[DIFF_OLD]->module_count;
	_cleanup_free_ uint32_t *stamps = malloc((modules + 1) * sizeof(*stamps));

	if (!stamps)
		return ksa_fail_nomem(err);
	each_gain(s, stamps, count_gain);
	for (size_t i = 1; i <= modules; i++)
		s->gained_at[i] += s->gained_at[i - 1];
	s->gained = calloc((size_t)s->gained_at[modules] + 1, sizeof(*s->gained));
	if (!s->gained)
		return ksa_fail_nomem(err);
	each_gain(s, stamps, keep_gain);
	return 0;
}

/* What belongs to a tracepoint or a static call comes with a fixed start. */
static uint8_t kind_of(const char *name)
{
	static const char *const starts[] = {"__SCK__", "__SCT__", "__traceiter_", "__tracepoint_",
					     "__probestub_"};
	uint8_t kind = 0;

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts) && name[0] == '_'; i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			kind = (uint8_t)(i + 1);
	return kind;
}

/* Number the owners and kinds of the rows whose names are compared. */
static int classify(struct successor_search *s, struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap owners = {NULL, 0, 0};
	const struct diff *diff = s->diff;

	for (size_t i = 0; i < diff->row_count; i++) {
		const struct diff_row *row = &diff->rows[i];
		enum diff_side side = row->side[DIFF_OLD].count ? DIFF_OLD : DIFF_NEW;
		uint32_t id = (uint32_t)owners.count;
		char folded[256];
		const char *key;

		if (!(row->marks & (AXIS_MARK(AXIS_ADDED) | AXIS_MARK(AXIS_REMOVED))))
			continue;
		s->traits[i].kind = kind_of(row->name);
		module_fold_name(row->side[side].items->owner, folded, sizeof(folded));
		if (!strmap_get(&owners, folded, &id)) {
			key = arena_strdup(&s->names.arena, folded);
			if (!key || strmap_add(&owners, key, &id, NULL) < 0)
				return ksa_fail_nomem(err);
		}
		s->traits[i].owner = id;
	}
	return 0;
}

static bool same_family(const struct diff_row *a, const struct diff_row *b)
{
	return a->family != NO_INDEX && a->family == b->family;
}

static void found_name(void *ctx, uint32_t row, float part)
{
	struct successor_search *s = ctx;
	const struct traits *old = &s->traits[s->row], *new_ = &s->traits[row];

	if (s->candidates[row].seen ||
	    (old->kind == new_->kind && (old->owner == new_->owner ||
					 same_family(&s->diff->rows[s->row], &s->diff->rows[row]))))
		touch(s, row)->name += part;
}

/* What the importers of the removed symbol import since. */
static void find_moved(struct successor_search *s)
{
	const struct diff_row *row = &s->diff->rows[s->row];
	const struct ksa_export *e = with_importers(&row->side[DIFF_OLD]);

	s->importers = 0;
	for (uint32_t k = 0; k < e->importer_count; k++) {
		uint32_t m = e->importers[k];

		if (!s->stays[m])
			continue;
		s->importers++;
		s->steps += s->gained_at[m + 1] - s->gained_at[m];
		for (uint32_t i = s->gained_at[m]; i < s->gained_at[m + 1] && s->steps < MAX_STEPS;
		     i++)
			touch(s, s->gained[i])->moved++;
	}
}

static void find_family(struct successor_search *s)
{
	const struct diff_row *row = &s->diff->rows[s->row];
	const struct diff_family *f;

	if (row->family == NO_INDEX)
		return;
	f = &s->diff->families[row->family];
	for (size_t i = 0; i < f->row_count; i++)
		if (s->diff->rows[f->rows[i]].marks & AXIS_MARK(AXIS_ADDED))
			touch(s, f->rows[i]);
}

/* What the lineage of its family names, if the step lies between the two kernels. */
static void find_lineage(struct successor_search *s)
{
	const struct ksa_kernel *new_ = s->diff->kernels[DIFF_NEW];
	const struct ksa_kernel *old = s->diff->kernels[DIFF_OLD];
	const struct family_place from = {old->release, old->arch},
				  to = {new_->release, new_->arch};
	const struct diff_row *row = &s->diff->rows[s->row];
	const struct ksa_family *family;

	s->step = NULL;
	if (row->family == NO_INDEX)
		return;
	family = s->diff->families[row->family].family;
	s->step = family_loss(family, row->name, &to);
	if (s->step && s->step == family_loss(family, row->name, &from))
		s->step = NULL;
	for (const char *const *name = s->step ? s->step->became : NULL; name && *name; name++) {
		uint32_t at = diff_find(s->diff, *name);

		if (at != NO_INDEX && s->diff->rows[at].side[DIFF_NEW].count)
			touch(s, at)->named = true;
	}
}

/* Independent evidence adds up, and never to certainty. */
static float combine(const struct ranked *r)
{
	float doubt = r->evidence & EVIDENCE_LINEAGE ? 0.05f : 1;

	if (r->evidence & EVIDENCE_NAME)
		doubt *= 1 - 0.9f * (r->name < 1 ? r->name : 1);
	if (r->evidence & EVIDENCE_IMPORTERS)
		doubt *= 1 - 0.9f * r->moved;
	if (r->evidence & EVIDENCE_FAMILY)
		doubt *= r->evidence & EVIDENCE_IMPORTERS ? 0.5f : 0.7f;
	return 1 - doubt;
}

/* How many of the importers went there, and how few others did, which tells less: several symbols
 * may become one. One or two importers say little. */
static float moved_part(const struct successor_search *s, uint32_t row)
{
	float moved = (float)s->candidates[row].moved, share;

	if (!s->candidates[row].moved || !s->importers || !s->gainers[row])
		return 0;
	share = moved / (float)s->gainers[row];
	return moved / (float)s->importers * share * (2 - share) * (moved / (moved + 2));
}

static void rank_one(const struct successor_search *s, uint32_t row, struct ranked *ranked,
		     size_t *count)
{
	const struct candidate *c = &s->candidates[row];
	const struct diff_row *rows = s->diff->rows;
	struct ranked r = {
		.row = row, .name = c->name, .moved = moved_part(s, row), .count = c->moved};
	size_t at = *count;

	if (rows[row].marks & AXIS_MARK(AXIS_ADDED)) {
		r.evidence |= r.name >= MIN_NAME ? EVIDENCE_NAME : 0;
		r.evidence |= same_family(&rows[s->row], &rows[row]) ? EVIDENCE_FAMILY : 0;
	}
	r.evidence |= r.moved >= MIN_MOVED ? EVIDENCE_IMPORTERS : 0;
	r.evidence |= c->named ? EVIDENCE_LINEAGE : 0;
	r.score = combine(&r);
	if (r.score < MIN_SCORE / 2)
		return;
	while (at && (ranked[at - 1].score < r.score))
		at--;
	if (at == MAX_RANKED)
		return;
	if (*count < MAX_RANKED)
		(*count)++;
	memmove(&ranked[at + 1], &ranked[at], (*count - at - 1) * sizeof(*ranked));
	ranked[at] = r;
}

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->name != y->name)
		return x->name > y->name ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Where the importers went to several places alike, none of these is as likely. */
static void break_ties(struct ranked *ranked, size_t count)
{
	float ties[MAX_RANKED] = {0};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			ties[i] += ranked[k].moved >= 0.95f * ranked[i].moved &&
				   ranked[k].score >= 0.85f * ranked[i].score;
	for (size_t i = 0; i < count; i++) {
		ranked[i].moved /= (1 + ties[i]) / 2;
		ranked[i].score = combine(&ranked[i]);
	}
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
}

static int keep_best(struct successor_search *s, const struct ranked *ranked, size_t count,
		     struct ksa_error *err)
{
	struct diff_row *row = &s->diff->rows[s->row];
	struct diff_successor *list;
	uint32_t kept = 0;

	while (kept < count && kept < MAX_SHOWN && ranked[kept].score >= MIN_SCORE &&
	       ranked[kept].score >= NEAR_BEST * ranked[0].score)
		kept++;
	if (!kept)
		return 0;
	list = arena_calloc(&s->diff->arena, kept, sizeof(*list));
	if (!list)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < kept; i++) {
		list[i] = (struct diff_successor){.row = ranked[i].row,
						  .evidence = ranked[i].evidence,
						  .score = (double)ranked[i].score};
		if (ranked[i].evidence & EVIDENCE_LINEAGE)
			list[i].step = s->step;
		if (ranked[i].evidence & EVIDENCE_IMPORTERS) {
			list[i].moved = ranked[i].count;
			list[i].of = s->importers;
		}
	}
	row->successors = list;
	row->successor_count = kept;
	return 0;
}

static int search_row(struct successor_search *s, uint32_t row, struct ksa_error *err)
{
	struct ranked ranked[MAX_RANKED];
	size_t count = 0;

	s->row = row;
	find_moved(s);
	find_family(s);
	find_lineage(s);
	name_index_search(&s->names, row, found_name, s);
	for (size_t i = 0; i < s->touched_count; i++)
		rank_one(s, s->touched[i], ranked, &count);
	for (size_t i = 0; i < s->touched_count; i++)
		s->candidates[s->touched[i]] = (struct candidate){.seen = false};
	s->touched_count = 0;
	if (!count)
		return 0;
	break_ties(ranked, count);
	return keep_best(s, ranked, count, err);
}

static void search_release(struct successor_search *s)
{
	name_index_release(&s->names);
	free(s->traits);
	free(s->old_of);
	free(s->stays);
	free(s->gained);
	free(s->gained_at);
	free(s->gainers);
	free(s->candidates);
	free(s->touched);
}

int diff_find_successors(struct diff *diff, struct ksa_error *err)
{
	size_t old_modules = diff->kernels[DIFF_OLD]->module_count;
	size_t new_modules = diff->kernels[DIFF_NEW]->module_count;
	_cleanup_(search_release) struct successor_search s = {.diff = diff};
	int r;

	s.traits = calloc(diff->row_count + 1, sizeof(*s.traits));
	s.old_of = calloc(new_modules + 1, sizeof(*s.old_of));
	s.stays = calloc(old_modules + 1, sizeof(*s.stays));
	s.gained_at = calloc(old_modules + 2, sizeof(*s.gained_at));
	s.gainers = calloc(diff->row_count + 1, sizeof(*s.gainers));
	s.candidates = calloc(diff->row_count + 1, sizeof(*s.candidates));
	s.touched = calloc(diff->row_count + 1, sizeof(*s.touched));
	if (!s.traits || !s.old_of || !s.stays || !s.gained_at || !s.gainers || !s.candidates ||
	    !s.touched)
		return ksa_fail_nomem(err);
	match_modules(&s);
	r = find_gains(&s, err);
	if (!r)
		r = name_index_make(&s.names, diff, err);
	if (!r)
		r = classify(&s, err);
	for (uint32_t i = 0; i < diff->row_count && !r; i++)
		if ((diff->rows[i].marks & AXIS_MARK(AXIS_REMOVED)) && !diff->rows[i].rust)
			r = search_row(&s, i, err);
	diff->successors_cut = s.steps >= MAX_STEPS;
	return r;
}
