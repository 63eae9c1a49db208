// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a rebuild of a module gives, for a kernel that it was not built for: from the headers of
 * both kernels, from what the module's source names where that is known, and from the modules that
 * both kernels have.
 */
#include "audit/check/rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "audit/check/rebuild_internal.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/prototype.h"
#include "model/release.h"

void check_pairs_release(struct check_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		rebuild_pair_free(pairs->items[i]->pair);
		witnesses_free(pairs->items[i]->witnesses);
		free(pairs->items[i]);
	}
	free(pairs->items);
}

/* The release in a version magic, its first word. */
static bool is_of_release(const struct ksa_module *m, const char *release)
{
	size_t length = strlen(release);

	return m->vermagic && length && strncmp(m->vermagic, release, length) == 0 &&
	       (m->vermagic[length] == ' ' || m->vermagic[length] == '\0');
}

bool check_is_other_release(const struct ksa_kernel *kernel, const struct ksa_module *m)
{
	return *kernel->release && m->vermagic && !is_of_release(m, kernel->release);
}

bool check_is_other_series(const struct ksa_kernel *kernel, const struct ksa_module *m)
{
	struct release a, b;

	return check_is_other_release(kernel, m) && release_parse(m->vermagic, &a) &&
	       release_parse(kernel->release, &b) && release_compare(&a, &b) != 0;
}

bool check_is_rebuilt(const struct check *c, uint32_t module)
{
	/* Where either does not say its release, they are taken for different. What there is not
	 * yet no module was built for. */
	return c->rebuild &&
	       (c->pending || !is_of_release(c->report->modules[module], c->kernel->release));
}

bool check_is_only_pending(const struct check *c, uint32_t module)
{
	return c->pending && is_of_release(c->report->modules[module], c->kernel->release);
}

static bool is_same_series(const struct ksa_module *m, const struct ksa_kernel *k)
{
	struct release a, b;

	return m->vermagic && release_parse(m->vermagic, &a) && release_parse(k->release, &b) &&
	       release_compare(&a, &b) == 0 &&
	       (!*k->arch || !m->arch || strcmp(k->arch, m->arch) == 0);
}

static const struct ksa_kernel *other(const struct check *c, size_t i)
{
	return i < c->report->kernel_count ? c->report->kernels[i]
					   : c->options->hints[i - c->report->kernel_count];
}

/*
 * The kernel that stands for the one that the module was built for: the one that was given, or the
 * one of that very release, or else one of its series whose headers are known.
 */
static const struct ksa_kernel *find_built_for(const struct check *c, const struct ksa_module *m)
{
	const size_t count = c->report->kernel_count + c->options->hint_count;

	if (c->options->built_for)
		return c->options->built_for;
	for (size_t i = 0; i < count; i++)
		if (is_of_release(m, other(c, i)->release) && other(c, i)->helpers)
			return other(c, i);
	for (size_t i = 0; i < count; i++)
		if (is_same_series(m, other(c, i)) && other(c, i)->helpers)
			return other(c, i);
	return NULL;
}

static int find_pair(struct check *c, const struct ksa_kernel *from, struct check_pair **out,
		     struct ksa_error *err)
{
	struct check_pair *pair;
	int r;

	for (size_t i = 0; i < c->pairs.count; i++) {
		*out = c->pairs.items[i];
		if ((*out)->from == from && (*out)->to == c->kernel)
			return 0;
	}
	r = VEC_PUSH_ROOM(&c->pairs, err);
	if (r)
		return r;
	pair = calloc(1, sizeof(*pair));
	if (!pair)
		return ksa_fail_nomem(err);
	c->pairs.items[c->pairs.count++] = *out = pair;
	pair->from = from;
	pair->to = c->kernel;
	r = rebuild_pair_new(from, c->kernel, &pair->pair, err);
	if (!r && from && from != c->kernel->base && from->has_imports && c->kernel->has_imports)
		r = witnesses_new(from, c->kernel, &pair->witnesses, err);
	return r;
}

/* What the module's source names on the kernel at hand: by the source, else by debug information.
 */
static const struct ksa_named *find_named(const struct check *c, uint32_t module)
{
	const size_t cell = module * c->report->kernel_count + c->kernel_index;

	if (c->options->named && c->options->named[cell])
		return c->options->named[cell];
	return c->report->modules[module]->named;
}

static struct rebuilt rebuilt_for(struct check *c, uint32_t module)
{
	struct ksa_report *report = c->report;
	const size_t cell = module * report->kernel_count + c->kernel_index;

	return (struct rebuilt){.c = c,
				.index = module,
				.module = report->modules[module],
				.named = find_named(c, module),
				.typed = c->options->typed ? c->options->typed[cell] : NULL,
				.pair = c->state[module].pair,
				.result = &report->rebuilds[cell]};
}

/* Pending changes make no headers of their own that were read. */
static const char *headers_label(const struct ksa_kernel *kernel)
{
	return kernel->base ? kernel->base->label : kernel->label;
}

/* What the answer lacks: of an import that the kernel does not have, or of the module as a whole.
 */
static int say_unknown(struct rebuilt *m, const char *symbol, struct ksa_error *err)
{
	struct check *c = m->c;
	const char *release = m->module->vermagic ? m->module->vermagic : "an unknown release";
	const char *needs = symbol ? "whether a rebuild needs it is not known"
				   : "what a rebuild links is not known";

	if (!rebuild_pair_has_headers(m->pair->pair))
		return check_add_unchecked(c, m->index, symbol, err,
					   "the headers of %s are not at hand: %s; give them with "
					   "the kernel (-k KERNEL,HEADERS)",
					   headers_label(c->kernel), needs);
	return check_add_unchecked(c, m->index, symbol, err,
				   "it was built for %.*s, whose headers are not at hand: %s; give "
				   "them with --built-for",
				   (int)strcspn(release, " "), release, needs);
}

/* What answers rest on, once for all modules of which it is the same. */
static int say_basis(struct rebuilt *m, struct ksa_error *err)
{
	static const char *const words[] = {[BASIS_SOURCE] = "the source, and ",
					    [BASIS_DEBUG_INFO] = "debug information, and ",
					    [BASIS_HEADERS] = ""};
	struct ksa_report *report = m->c->report;
	const size_t before = report->notice_count;
	int r;

	if (!rebuild_pair_is_whole(m->pair->pair))
		return 0;
	/* Of pending changes the headers are not known: those of the kernel without them count, and
	 * that is said of it. */
	if (m->pair->from == m->c->kernel || m->c->pending)
		return 0;
	r = check_add_notice(m->c, err, "%s: rebuilds are judged by %sthe headers of %s and %s",
			     m->c->kernel->label, words[m->result->basis], m->pair->from->label,
			     m->c->kernel->label);
	report->remark_count += report->notice_count - before;
	return r;
}

/* What the source could not tell of itself. */
static int say_source(const struct rebuilt *m, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; m->result->basis == BASIS_SOURCE && i < m->named->notice_count && !r;
	     i++)
		r = check_add_notice(m->c, err, "%s", m->named->notices[i]);
	return r;
}

int check_rebuild_begin(struct check *c, uint32_t module, struct ksa_error *err)
{
	const struct ksa_kernel *from = find_built_for(c, c->report->modules[module]);
	struct rebuilt m;
	int r = find_pair(c, from, &c->state[module].pair, err);

	if (r)
		return r;
	m = rebuilt_for(c, module);
	m.result->is_judged = true;
	m.result->built_for = from ? from->label : NULL;
	m.result->basis = BASIS_HEADERS;
	if (m.named && m.named->basis != NAMED_BASIS_NONE)
		m.result->basis =
			m.named->basis == NAMED_BASIS_SOURCE ? BASIS_SOURCE : BASIS_DEBUG_INFO;
	r = say_basis(&m, err);
	return r ? r : say_source(&m, err);
}

/* The first of the surest places where the module names it; NULL: none is known. */
static const struct named_site *find_site(const struct named_name *name)
{
	const struct named_site *best = NULL;

	for (uint32_t i = 0; i < name->site_count; i++)
		if (!best || name->sites[i].certainty > best->certainty)
			best = &name->sites[i];
	return best;
}

/* Note a name that the headers bring, for the folded line. */
static int add_brought(struct rebuilt *m, const char *symbol, struct ksa_error *err)
{
	struct rebuild_names *names = &m->result->brought;

	return vec_add_text(&names->items, &names->count, &names->capacity, symbol, err);
}

/* Note a name that stands behind a condition which does not hold here. */
static int add_left_out(struct rebuilt *m, const struct named_name *name, struct ksa_error *err)
{
	struct rebuild_names *names = &m->result->left_out;
	const struct named_site *site = find_site(name);
	const char *text = name->name;

	if (site && site->file)
		text = report_text(m->c->report, "%s (%s:%u%s%s)", name->name, site->file,
				   site->line, site->condition ? ": " : "",
				   site->condition ? site->condition : "");
	return vec_add_text(&names->items, &names->count, &names->capacity, text, err);
}

/* "compat.c:12 and 3 more places name it, behind ...", or what the debug information says. */
static const char *say_site(const struct rebuilt *m, const struct named_name *name)
{
	const struct named_site *site = find_site(name);
	struct ksa_report *report = m->c->report;
	const char *place;

	if (!site || !site->file)
		return "its debug information has calls";
	place = site->line ? report_text(report, "%s:%u", site->file, site->line) : site->file;
	if (m->named->basis == NAMED_BASIS_DEBUG_INFO)
		return report_text(report, "%s calls it, behind a version check or not", place);
	if (site->certainty == NAMED_MAYBE && site->condition)
		return report_text(report, "%s names it, behind '%s', which is not decided here",
				   place, site->condition);
	if (name->site_count > 1)
		return report_text(report, "%s names it, and %u more", place, name->site_count - 1);
	return report_text(report, "%s names it", place);
}

/* True if all places where the module names it stand behind a feature test, one of the project's
 * own that its build decides: then its author knows that there is a choice. */
static bool is_behind_test(const struct named_name *name)
{
	const struct named_site *site = find_site(name);

	return site && site->certainty == NAMED_MAYBE && site->condition &&
	       !strstr(site->condition, "CONFIG_") && !strstr(site->condition, "RHEL_");
}

static struct finding_init init_for(const struct rebuilt *m, enum rule_id rule, const char *symbol)
{
	return (struct finding_init){.rule = rule,
				     .at = KSA_AT_BUILD,
				     .module = m->index,
				     .symbol = symbol,
				     .basis = m->result->basis};
}

void rebuild_locate(const struct rebuilt *m, struct finding_init *init, const char *file,
		    uint32_t line)
{
	size_t length;

	if (!m->named || !m->named->root || !file || !line)
		return;
	length = strlen(m->named->root);
	while (length && m->named->root[length - 1] == '/')
		length--;
	init->file = *file == '/' ? report_text(m->c->report, "%s", file)
				  : report_text(m->c->report, "%.*s/%s", (int)length,
						m->named->root, file);
	init->line = line;
}

static void locate_name(const struct rebuilt *m, struct finding_init *init,
			const struct named_name *name)
{
	const struct named_site *site = find_site(name);

	if (site)
		rebuild_locate(m, init, site->file, site->line);
}

/* Proven or not, the kernel at hand does not have what the source names. */
static int gone(struct rebuilt *m, const char *symbol, const struct named_name *name, bool proven,
		const char *evidence, struct ksa_error *err)
{
	struct finding_init init = init_for(m, RULE_API_GONE, symbol);
	struct ksa_report *report = m->c->report;

	init.as_warning = !proven;
	init.evidence = evidence;
	if (!name) {
		init.basis = BASIS_HEADERS;
		return check_add(m->c, &init, err,
				 "'%s' is gone from the API: the source must handle it", symbol);
	}
	/* What all arms of a conditional name is named for certain. */
	init.as_note = !proven && is_behind_test(name);
	locate_name(m, &init, name);
	init.evidence = report_text(report, "%s%s%s", say_site(m, name), evidence ? "; " : "",
				    evidence ? evidence : "");
	return check_add(m->c, &init, err, "'%s' is gone from the API", symbol);
}

static bool is_proven(const struct named_name *name)
{
	return name->certainty == NAMED_YES;
}

/* What a rebuild links in place of what it lost, as its headers have it. */
static int add_standins(struct rebuilt *m, const struct lost_symbol *lost, struct ksa_error *err);

/* What a compiler puts in, the compiler of the rebuild sees to. */
static bool is_compilers(const struct check *c, const char *symbol)
{
	const struct call_helpers *group = rules_helper(c->rules, symbol);

	return group &&
	       (strcmp(group->group, "compiler") == 0 || strcmp(group->group, "thunks") == 0);
}

/* A lost import of which it is known whether and where the module itself names it. */
static int lost_by_name(struct rebuilt *m, const char *symbol, const struct named_name *name,
			const char *evidence, struct ksa_error *err)
{
	const struct helpers *helpers = m->c->kernel->helpers;
	const struct lost_symbol *lost;
	int r;

	if (!name && rebuild_api_defines(m, symbol))
		return add_brought(m, symbol, err);
	if (!name || !(name->by & NAMED_BY_MODULE)) {
		r = rebuild_pair_lost(m->pair->pair, symbol, &lost, err);
		if (r || lost->fate != LOST_GONE || name)
			return r ? r : add_brought(m, symbol, err);
		/* No header names it either: then the source is not all there. */
		return gone(m, symbol, NULL, false,
			    report_text(m->c->report,
					"neither the source that was given nor any "
					"header of %s names it: is it all of it?",
					m->pair->from->label),
			    err);
	}
	if (name->certainty == NAMED_NO)
		return add_left_out(m, name, err);
	if (!helpers)
		return say_unknown(m, symbol, err);
	if (helpers_find(helpers, symbol))
		return add_brought(m, symbol, err);
	/* Debug information has what was compiled for the other kernel: a condition may leave it
	 * out on this one. */
	return gone(m, symbol, name, is_proven(name) && m->named->basis == NAMED_BASIS_SOURCE,
		    evidence, err);
}

/* Debug information has the calls of a macro as calls of the source's own: there it is no proof
 * where a macro may have brought the symbol. */
static bool is_told(const struct rebuilt *m, const struct named_name *name,
		    const struct lost_symbol *lost)
{
	if (!m->named || (!name && m->named->calls_only))
		return false;
	return m->named->basis == NAMED_BASIS_SOURCE || !(name && name->by & NAMED_BY_MODULE) ||
	       !lost->by_macro;
}

int check_rebuild_lost(struct check *c, uint32_t module, const struct ksa_import *import,
		       const char *evidence, struct ksa_error *err)
{
	struct rebuilt m = rebuilt_for(c, module);
	const struct named_name *name = m.named ? named_find(m.named, import->name) : NULL;
	const struct pending_change *change =
		c->pending ? pending_find(c->pending, import->name) : NULL;
	const struct lost_symbol *lost;
	int r;

	if (is_compilers(c, import->name) || (change && change->in_header))
		return add_brought(&m, import->name, err);
	r = rebuild_pair_lost(m.pair->pair, import->name, &lost, err);
	if (r)
		return r;
	if (is_told(&m, name, lost))
		return lost_by_name(&m, import->name, name, evidence, err);
	if (lost->fate == LOST_GONE)
		return gone(&m, import->name, NULL, false, evidence, err);
	if (lost->fate == LOST_UNKNOWN)
		return say_unknown(&m, import->name, err);
	r = add_brought(&m, import->name, err);
	return r ? r : add_standins(&m, lost, err);
}

bool check_rebuild_leaves_out(const struct check *c, uint32_t module, const char *symbol)
{
	const struct ksa_named *named = find_named(c, module);
	const struct check_pair *pair = c->state[module].pair;
	const struct named_name *name;

	if (!pair || !named || named->basis != NAMED_BASIS_SOURCE || !c->kernel->helpers)
		return false;
	name = named_find(named, symbol);
	if (!name || name->certainty != NAMED_NO)
		return false;
	/* Some header may still bring it. */
	for (size_t i = 0; i < named->name_count; i++)
		if (named->names[i].certainty != NAMED_NO &&
		    rebuild_pair_leads(pair->pair, named->names[i].name, symbol))
			return false;
	return true;
}

static bool is_denied(const struct rebuilt *m)
{
	return !check_compatible_at_build(m->c, m->module) ||
	       !check_compatible_at_load(m->c, m->module);
}

/* Each GPL-only symbol that a rebuild links is said once, the first time with the best proof. */
static bool is_said(const struct rebuilt *m, const char *symbol)
{
	const struct ksa_report *report = m->c->report;

	for (size_t i = report->finding_count; i-- > m->c->state[m->index].first_finding;)
		if (rule_is(report->findings[i].rule, RULE_GAINED_GPL_ONLY) &&
		    report->findings[i].module == m->index &&
		    strcmp(report->findings[i].symbol, symbol) == 0)
			return true;
	return false;
}

/* How many in-tree modules bear it out; only -v asks for the rest of the evidence. */
static const char *say_witnesses(const struct rebuilt *m, const struct ksa_export *e)
{
	uint32_t count = m->pair->witnesses ? witnesses_count(m->pair->witnesses, e) : 0;

	if (!m->pair->witnesses)
		return "";
	return count ? report_text(m->c->report, "; %u in-tree module%s came to import it", count,
				   count == 1 ? "" : "s")
		     : "; no in-tree module came to import it";
}

static int gained(struct rebuilt *m, const struct finding_init *init, const struct ksa_export *e,
		  struct ksa_error *err)
{
	if (module_has_import(m->module, e->name) || is_said(m, e->name))
		return 0;
	return check_add(m->c, init, err, "a rebuild of %s.ko links GPL-only '%s'", m->module->name,
			 e->name);
}

static int add_standins(struct rebuilt *m, const struct lost_symbol *lost, struct ksa_error *err)
{
	int r = 0;

	for (uint32_t i = 0; i < lost->gained_count && is_denied(m) && !r; i++) {
		struct finding_init init = init_for(m, RULE_GAINED_GPL_ONLY, lost->gained[i]->name);

		init.as_warning = true;
		init.basis = BASIS_HEADERS;
		init.evidence = report_text(m->c->report, "in place of '%s': %s%s", lost->name,
					    lost->ways[i], say_witnesses(m, lost->gained[i]));
		r = gained(m, &init, lost->gained[i], err);
	}
	return r;
}

/* What a name of the source leads to here and did not lead to before. */
static int gained_by_name(struct rebuilt *m, const struct named_name *name, struct ksa_error *err)
{
	const struct gained_symbol *list;
	size_t count;
	int r = rebuild_pair_gained(m->pair->pair, name->name, &list, &count, err);

	for (size_t i = 0; i < count && !r; i++) {
		struct finding_init init = init_for(m, RULE_GAINED_GPL_ONLY, list[i].export_->name);
		const struct named_site *site = find_site(name);

		/* Of a version check debug information knows nothing. */
		init.as_warning =
			list[i].maybe || !is_proven(name) || m->named->basis != NAMED_BASIS_SOURCE;
		locate_name(m, &init, name);
		init.evidence =
			site && site->file && site->line
				? report_text(m->c->report, "%s:%u: %s%s", site->file, site->line,
					      list[i].way, say_witnesses(m, list[i].export_))
				: report_text(m->c->report, "%s%s", list[i].way,
					      say_witnesses(m, list[i].export_));
		r = gained(m, &init, list[i].export_, err);
	}
	return r;
}

/* True if conditions that hold on the kernel at hand stand before all places that count. */
static bool is_conditional(const struct named_name *name)
{
	for (uint32_t i = 0; i < name->site_count; i++)
		if (name->sites[i].certainty != NAMED_NO && !name->sites[i].condition)
			return false;
	return name->site_count > 0;
}

/* A GPL-only symbol of both kernels that the module does not import, as its source names it for the
 * kernel at hand only. The compiler may still leave it out: a warning. */
static int newly_named(struct rebuilt *m, const struct named_name *name, struct ksa_error *err)
{
	struct finding_init init = init_for(m, RULE_GAINED_GPL_ONLY, name->name);
	const struct named_site *site = find_site(name);
	const struct ksa_kernel *k = m->c->kernel;
	const struct ksa_export *e;
	size_t count;

	if (!is_proven(name) || !is_conditional(name) || !site->file ||
	    helpers_find(k->helpers, name->name))
		return 0;
	e = kernel_find_exports(k, name->name, &count);
	if (!e || (e->cls != KSA_CLASS_GPL && e->cls != KSA_CLASS_UNUSED_GPL) ||
	    !kernel_find_exports(m->pair->from, name->name, &count))
		return 0;
	init.as_warning = true;
	locate_name(m, &init, name);
	init.evidence = report_text(m->c->report, "%s:%u names it where '%s'", site->file,
				    site->line, site->condition);
	return gained(m, &init, e, err);
}

/* What the kernel that it was built for offers by that name: an export, a type, a constant, or a
 * helper of which the headers of the kernel at hand would have at least the name. */
static int was_offered(const struct rebuilt *m, const char *name, bool *was, struct ksa_error *err)
{
	const struct check_pair *p = m->pair;
	size_t count;
	int r = 0;

	*was = kernel_find_exports(p->from, name, &count) != NULL;
	if (!*was)
		r = rebuild_pair_offers(p->pair, name, was, err);
	*was = !r && (*was || rebuild_api_loses(m, name));
	return r;
}

/* True if the kernel at hand still has something by that name. */
static bool is_offered(const struct rebuilt *m, const char *name)
{
	const struct ksa_kernel *k = m->c->kernel;
	size_t count;

	return kernel_find_exports(k, name, &count) || helpers_find(k->helpers, name) ||
	       (helpers_declared(k->helpers, name) & (DECLARED_TYPE | DECLARED_CONSTANT)) ||
	       check_find(m->c, m->index, name).export_;
}

/* A name of the source that no import shows: the compiler folds some away. */
static int name_gone(struct rebuilt *m, const struct named_name *name, struct ksa_error *err)
{
	const struct named_site *site = find_site(name);
	const bool is_call = site && site->is_call;
	bool was = false;
	int r = 0;

	if (!module_has_import(m->module, name->name))
		r = was_offered(m, name->name, &was, err);
	if (r || !was || is_offered(m, name->name))
		return r;
	/* What is not called may be the source's own after all, unless a header had it there. */
	return gone(m, name->name, name,
		    is_proven(name) && (is_call || rebuild_api_saw(m, site, name->name)),
		    check_lineage_missing(m->c, name->name), err);
}

/* An export that the module calls and that both kernels have, with another declaration. */
static int prototype_changed(struct rebuilt *m, const struct named_name *name,
			     struct ksa_error *err)
{
	struct finding_init init = init_for(m, RULE_PROTOTYPE_CHANGED, name->name);
	const struct named_site *site = find_site(name);
	size_t before, here;
	const struct ksa_export *a = kernel_find_exports(m->pair->from, name->name, &before);
	const struct ksa_export *b = kernel_find_exports(m->c->kernel, name->name, &here);

	if (!a || !b || before != 1 || here != 1 || !a->prototype || !b->prototype ||
	    prototype_is_same(a->prototype, b->prototype) || rebuild_api_tells(m, name->name))
		return 0;
	/* What is only given to a member changes together with that, which is looked at by itself.
	 */
	init.as_note = is_behind_test(name) ||
		       (m->named->basis == NAMED_BASIS_SOURCE && site && !site->is_call);
	locate_name(m, &init, name);
	init.evidence =
		report_text(m->c->report, "%s; %s: '%s', %s: '%s'", say_site(m, name),
			    m->pair->from->label, a->prototype, m->c->kernel->label, b->prototype);
	return check_add(m->c, &init, err, "the prototype of '%s' changed", name->name);
}

/* True if the kernel may have something else by that name than the one that the module was built
 * for. */
static bool may_differ(const struct rebuilt *m, const char *name)
{
	return !check_is_only_pending(m->c, m->index) || pending_find(m->c->pending, name);
}

static int judge_names(struct rebuilt *m, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < m->named->name_count && !r; i++) {
		const struct named_name *name = &m->named->names[i];

		if (name->certainty == NAMED_NO)
			continue;
		if (!r && is_denied(m))
			r = gained_by_name(m, name, err);
		if (r || !(name->by & NAMED_BY_MODULE) || !may_differ(m, name->name))
			continue;
		r = prototype_changed(m, name, err);
		if (!r && m->named->basis == NAMED_BASIS_SOURCE)
			r = name_gone(m, name, err);
		if (!r && is_denied(m) && m->named->basis == NAMED_BASIS_SOURCE)
			r = newly_named(m, name, err);
	}
	return r;
}

/* True if the kernel decides the condition: another macro that is not defined may be one that the
 * project's build defines. */
static bool is_of_kernel(const char *condition)
{
	return condition &&
	       (strstr(condition, "LINUX_VERSION_CODE") || strstr(condition, "CONFIG_"));
}

/* The source's own words against the kernel. A header may be one that no file includes here. */
static int judge_stops(struct rebuilt *m, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < m->named->stop_count && !r; i++) {
		const struct named_stop *stop = &m->named->stops[i];
		struct finding_init init = init_for(m, RULE_SOURCE_REFUSES, NULL);
		const char *suffix = strrchr(stop->file, '.');

		if (stop->certainty != NAMED_YES || !is_of_kernel(stop->condition))
			continue;
		init.as_warning = suffix && strcmp(suffix, ".h") == 0;
		rebuild_locate(m, &init, stop->file, stop->line);
		init.evidence = report_text(m->c->report, "%s:%u, where '%s'", stop->file,
					    stop->line, stop->condition);
		r = check_add(m->c, &init, err, "#error %s", stop->text);
	}
	return r;
}

/* What those usually link that import the same. */
static int ask_witnesses(struct rebuilt *m, struct ksa_error *err)
{
	const struct witness_gain *list;
	size_t count;
	int r = witnesses_ask(m->pair->witnesses, m->module, &list, &count, err);

	for (size_t i = 0; i < count && !r; i++) {
		struct finding_init init = init_for(m, RULE_GAINED_GPL_ONLY, list[i].export_->name);

		init.as_warning = true;
		init.basis = BASIS_IN_TREE;
		init.evidence =
			report_text(m->c->report,
				    "%u of %u in-tree modules that import '%s' came to import "
				    "it",
				    list[i].came, list[i].of, list[i].symbol);
		r = gained(m, &init, list[i].export_, err);
	}
	return r;
}

/* What the headers and types of both kernels say to what the source names and does. */
static int judge_source(struct rebuilt *m, struct ksa_error *err)
{
	struct api *api;
	int r = rebuild_api_judge(m, &api, err);

	m->api = api;
	if (!r && m->named)
		r = judge_names(m, err);
	if (!r)
		r = rebuild_api_report(m, err);
	m->api = NULL;
	api_free(api);
	return r;
}

int check_rebuild_end(struct check *c, uint32_t module, struct ksa_error *err)
{
	struct rebuilt m = rebuilt_for(c, module);
	const bool is_whole = rebuild_pair_is_whole(m.pair->pair);
	int r = 0;

	/* What is not in the source of another module would pass for not named. */
	if (m.named && m.named->is_foreign)
		return check_add_unchecked(c, module, NULL, err,
					   "no file of the source that was given is %s.ko's: what "
					   "it names is not known; give its own with --source",
					   m.module->name);
	/* Pending changes alone make no other headers. */
	if (!is_whole && !c->state[module].unchecked && !check_is_only_pending(c, module))
		return say_unknown(&m, NULL, err);
	if (is_whole)
		r = judge_source(&m, err);
	/* Pending changes move no condition. */
	if (!r && m.named && !check_is_only_pending(c, module))
		r = judge_stops(&m, err);
	/* Where the source is known, usage elsewhere says nothing. */
	if (!r && m.pair->witnesses && is_denied(&m) &&
	    !(m.named && m.named->basis == NAMED_BASIS_SOURCE))
		r = ask_witnesses(&m, err);
	return r;
}
