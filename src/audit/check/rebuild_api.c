// SPDX-License-Identifier: GPL-2.0-or-later
/* What the compiler will say to a module's source: the findings of audit/rebuild/api.h. */
#include "audit/check/rebuild_internal.h"

#include <string.h>

#include "model/declared.h"
#include "model/kbuild_variable.h"

static bool has_declarations(const struct ksa_kernel *kernel)
{
	return kernel->helpers && kernel->helpers->declared;
}

/* Of which kernel something is not at hand, or of both. */
static const char *say_lack(struct rebuilt *m, bool from, bool to)
{
	const char *a = m->pair->from->label, *b = m->c->kernel->label;

	if (from && to)
		return "";
	if (!from && !to)
		return report_text(m->c->report, "%s and %s", a, b);
	return from ? b : a;
}

/* Headers come with a vmlinux that has types, and no modules, which have theirs. */
static int say_image(struct rebuilt *m, const struct ksa_kernel *kernel, struct ksa_error *err)
{
	if (!kernel->types || !kernel->types_of_image || kernel->types_of)
		return 0;
	return check_add_notice(m->c, err,
				"%s: structures that only modules of %s have are not looked at: of "
				"its types those of vmlinux are at hand",
				m->c->kernel->label, kernel->label);
}

/* What was not looked at: never silently. */
static int say_gaps(struct rebuilt *m, struct ksa_error *err)
{
	const struct ksa_kernel *from = m->pair->from, *to = m->c->kernel;
	const char *headers = say_lack(m, has_declarations(from), has_declarations(to));
	const bool has_types = to->types && !to->types_of;
	const char *types = say_lack(m, from->types != NULL, has_types);
	struct ksa_report *report = m->c->report;
	const size_t before = report->notice_count;
	int r = 0;

	if (*headers)
		r = check_add_notice(m->c, err,
				     "%s: calls, #includes and names that headers take are not "
				     "looked at: the headers themselves are not at hand of %s",
				     to->label, headers);
	if (*types && !r)
		r = check_add_notice(m->c, err,
				     "%s: members of structures and callbacks are not looked at: "
				     "the types are not at hand of %s",
				     to->label, types);
	if (from->types_of && has_types && !r)
		r = check_add_notice(m->c, err, "%s: the types of %s stand for those of %s",
				     to->label, from->types_of, from->label);
	if (!r && !*types)
		r = say_image(m, from, err);
	if (!r && !*types)
		r = say_image(m, to, err);
	report->remark_count += report->notice_count - before;
	for (size_t i = 0; i < m->typed->notice_count && !r; i++)
		r = check_add_notice(m->c, err, "%s", m->typed->notices[i]);
	return r;
}

int rebuild_api_judge(struct rebuilt *m, struct api **out, struct ksa_error *err)
{
	struct api_question question = {.from = m->pair->from,
					.to = m->c->kernel,
					.named = m->named,
					.typed = m->typed,
					.variables = &kbuild_variables_builtin};
	int r;

	*out = NULL;
	/* Pending changes make no other headers, and no other types that are known. */
	if (!m->typed || !m->named || !m->pair->from || m->pair->from == m->c->kernel ||
	    check_is_only_pending(m->c, m->index))
		return 0;
	m->result->has_declarations =
		has_declarations(question.from) && has_declarations(question.to);
	m->result->has_types = question.from->types && question.to->types && !question.to->types_of;
	r = say_gaps(m, err);
	return r ? r : api_judge(&question, out, err);
}

int rebuild_api_report(struct rebuilt *m, struct ksa_error *err)
{
	struct ksa_report *report = m->c->report;
	const struct api_finding *findings;
	size_t count;
	int r = 0;

	if (!m->api)
		return 0;
	findings = api_findings(m->api, &count);
	for (size_t i = 0; i < count && !r; i++) {
		const struct api_finding *f = &findings[i];
		struct finding_init init = {.rule = f->rule,
					    .at = KSA_AT_BUILD,
					    .module = m->index,
					    .symbol = report_text(report, "%s", f->symbol),
					    .evidence = report_text(report, "%s", f->evidence),
					    .as_warning = f->level == KSA_LEVEL_WARNING,
					    .as_note = f->level == KSA_LEVEL_NOTE,
					    .basis = BASIS_TYPES};

		if (f->file)
			rebuild_locate(m, &init, f->file, f->line);
		r = check_add(m->c, &init, err, "%s", f->message);
	}
	return r;
}

bool rebuild_api_defines(const struct rebuilt *m, const char *name)
{
	const struct typed_definition *d = m->typed ? typed_find(m->typed, name) : NULL;

	for (; d && d < m->typed->definitions + m->typed->definition_count &&
	       strcmp(d->name, name) == 0;
	     d++)
		if (d->kind == TYPED_DEFINES_FUNCTION || d->kind == TYPED_DEFINES_OBJECT ||
		    d->kind == TYPED_DEFINES_MACRO)
			return true;
	return false;
}

bool rebuild_api_tells(const struct rebuilt *m, const char *function)
{
	return m->api && api_calls(m->api, function) != API_CALLS_UNKNOWN;
}

/* True if the other kernel would have the name too if its headers declared it so: a snapshot has no
 * constants and nothing in capitals or with underscores before. Helpers are told by their facts. */
static bool is_told(const struct declared *other, const char *name, uint8_t kind)
{
	if (kind == DECLARES_TYPEDEF)
		return true;
	if (!other->partial)
		return kind == DECLARES_ENUMERATOR;
	return (kind == DECLARES_INLINE || kind == DECLARES_MACRO) && *name >= 'a' && *name <= 'z';
}

bool rebuild_api_loses(const struct rebuilt *m, const char *name)
{
	const struct ksa_kernel *from = m->pair->from, *to = m->c->kernel;
	const struct declared_place *place;
	size_t count;

	if (!has_declarations(from) || !has_declarations(to) ||
	    declared_places(to->helpers->declared, name, &count))
		return false;
	place = declared_places(from->helpers->declared, name, &count);
	for (size_t i = 0; i < count; i++)
		if (is_told(to->helpers->declared, name, place[i].kind))
			return true;
	return false;
}

bool rebuild_api_saw(const struct rebuilt *m, const struct named_site *site, const char *name)
{
	return m->api && site && site->file && !site->in_macro && api_saw(m->api, site->file, name);
}
