// SPDX-License-Identifier: GPL-2.0-or-later
/* A page of sections, one function each; a section that has nothing to say is left out. */
#include "write/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "model/license.h"
#include "write/history.h"
#include "write/out.h"
#include "write/rules.h"
#include "write/text/text.h"

#define STEP_INDENT 11 /* of what a step of a lineage says */
#define USERS_SHOWN 12 /* modules of a kernel */

struct writer {
	const struct explain_page *page;
	const struct explain_text_options *options;
	struct strbuf buf, scratch;
	FILE *out;
	struct ksa_error *err;
	int status;
};

static const char *escaped(struct writer *w, const char *s)
{
	strbuf_reset(&w->scratch);
	escape_text(&w->scratch, s);
	return strbuf_string(&w->scratch);
}

static size_t width_of(struct writer *w, const char *s)
{
	return text_width(escaped(w, s));
}

/* A cell, padded to width and the gap to the next one. */
static void cell(struct writer *w, const char *s, size_t width)
{
	size_t length = width_of(w, s);

	strbuf_adds(&w->buf, strbuf_string(&w->scratch));
	if (width)
		strbuf_pad(&w->buf, (length < width ? width - length : 0) + 2);
}

static void title(struct writer *w)
{
	const struct explain_page *page = w->page;

	strbuf_printf(&w->buf, "%s: ", escaped(w, page->name));
	if (page->kind == EXPLAIN_FAMILY) {
		strbuf_printf(&w->buf, "family, %s\n", escaped(w, page->families[0]->title));
		return;
	}
	strbuf_adds(&w->buf, "symbol");
	for (size_t i = 0; i < page->family_count; i++)
		strbuf_printf(&w->buf, "%s%s", i ? ", " : " of family ", page->families[i]->name);
	if (!page->family_count)
		strbuf_adds(&w->buf, " of no family");
	strbuf_addc(&w->buf, '\n');
}

/* The class of all exports of that place; "plain, gpl" where they differ; "-" for none. */
static void class_words(const struct explain_place *place, struct strbuf *out)
{
	strbuf_reset(out);
	for (size_t i = 0; i < place->count; i++) {
		const struct ksa_export *e = &place->items[i];
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || place->items[k].cls == e->cls;
		if (!seen)
			strbuf_printf(out, "%s%s", i ? ", " : "",
				      ksa_class_name((enum ksa_class)e->cls));
	}
	if (!place->count)
		strbuf_addc(out, place->unknown ? '?' : '-');
}

static const char *namespace_of(const struct ksa_export *e)
{
	if (!e->ns_known)
		return "?";
	return e->ns ? e->ns : "-";
}

static size_t label_width(struct writer *w)
{
	size_t width = strlen("KERNEL");

	for (size_t k = 0; k < w->page->kernel_count; k++) {
		size_t length = width_of(w, w->page->kernels[k]->label);

		width = length > width ? length : width;
	}
	return width;
}

/* What mainline would have there, if that is known and something else. */
static void deviation(struct writer *w, const struct explain_place *place,
		      const struct ksa_export *e)
{
	const struct family_class *c = place->expected;

	if (!c || place->unknown || (c->absent ? !e : e ? e->cls == c->cls : c->config != NULL))
		return;
	strbuf_printf(&w->buf, "  (mainline: %s)",
		      c->absent ? "not exported" : ksa_class_name(c->cls));
}

/* One export of kernel k; NULL: it has none. */
static void export_row(struct writer *w, size_t k, const struct ksa_export *e, const size_t *widths)
{
	const struct ksa_kernel *kernel = w->page->kernels[k];
	char users[32];

	cell(w, kernel->label, widths[0]);
	if (e) {
		snprintf(users, sizeof(users), "%u", e->importer_count);
		cell(w, ksa_class_name((enum ksa_class)e->cls), widths[1]);
		cell(w, kernel->has_imports ? users : "?", widths[2]);
		cell(w, namespace_of(e), widths[3]);
		cell(w, e->owner, 0);
	} else {
		strbuf_adds(&w->buf, kernel->promised ? "not on the list of what is promised"
				     : w->page->symbols[0].places[k].unknown
					     ? "not known: not all of its exports were read"
					     : "not exported");
	}
	deviation(w, &w->page->symbols[0].places[k], e);
	strbuf_addc(&w->buf, '\n');
}

/* A symbol: a row for each export of each kernel. */
static void one_symbol(struct writer *w)
{
	const struct explain_symbol *symbol = w->page->symbols;
	size_t widths[4] = {label_width(w), strlen("plain"), strlen("USERS"), strlen("NAMESPACE")};

	if (w->page->kind != EXPLAIN_SYMBOL || !w->page->kernel_count)
		return;
	for (size_t k = 0; k < w->page->kernel_count; k++) {
		for (size_t i = 0; i < symbol->places[k].count; i++) {
			const struct ksa_export *e = &symbol->places[k].items[i];
			size_t ns = width_of(w, namespace_of(e));
			size_t cls = strlen(ksa_class_name((enum ksa_class)e->cls));

			widths[1] = cls > widths[1] ? cls : widths[1];
			widths[3] = ns > widths[3] ? ns : widths[3];
		}
	}
	strbuf_addc(&w->buf, '\n');
	cell(w, "KERNEL", widths[0]);
	cell(w, "CLASS", widths[1]);
	cell(w, "USERS", widths[2]);
	cell(w, "NAMESPACE", widths[3]);
	strbuf_adds(&w->buf, "OWNER\n");
	for (size_t k = 0; k < w->page->kernel_count; k++) {
		const struct explain_place *place = &symbol->places[k];

		for (size_t i = 0; i < place->count; i++)
			export_row(w, k, &place->items[i], widths);
		if (!place->count)
			export_row(w, k, NULL, widths);
	}
}

/* Members by kernels, a cell the class. */
static void members(struct writer *w)
{
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
	const struct explain_page *page = w->page;
	size_t width = strlen("SYMBOL");

	if (page->kind != EXPLAIN_FAMILY || !page->kernel_count)
		return;
	for (size_t i = 0; i < page->symbol_count; i++) {
		size_t length = width_of(w, page->symbols[i].name);

		width = length > width ? length : width;
	}
	strbuf_addc(&w->buf, '\n');
	cell(w, "SYMBOL", width);
	for (size_t k = 0; k < page->kernel_count; k++)
		cell(w, page->kernels[k]->label,
		     k + 1 < page->kernel_count ? width_of(w, page->kernels[k]->label) : 0);
	strbuf_addc(&w->buf, '\n');
	for (size_t i = 0; i < page->symbol_count; i++) {
		cell(w, page->symbols[i].name, width);
		for (size_t k = 0; k < page->kernel_count; k++) {
			size_t column = width_of(w, page->kernels[k]->label);

			class_words(&page->symbols[i].places[k], &words);
			cell(w, strbuf_string(&words), k + 1 < page->kernel_count ? column : 0);
		}
		strbuf_addc(&w->buf, '\n');
	}
	w->buf.failed = w->buf.failed || words.failed;
}

static const char *prototype_in(const struct explain_page *page, size_t k)
{
	const struct explain_place *place = &page->symbols[0].places[k];

	for (size_t i = 0; i < place->count; i++)
		if (place->items[i].prototype)
			return place->items[i].prototype;
	return NULL;
}

/* Behind a kernel's label where it has the symbol, " (mm/memory.c:5421)". */
static void source_in(struct writer *w, size_t k)
{
	const struct explain_place *place = &w->page->symbols[0].places[k];
	_cleanup_(strbuf_release) struct strbuf source = {NULL, 0, 0, false};

	for (size_t i = 0; i < place->count && !source.length; i++)
		text_source(&source, &place->items[i]);
	if (source.length)
		strbuf_printf(&w->buf, " (%s)", escaped(w, strbuf_string(&source)));
	w->buf.failed |= source.failed;
}

/* Kernels that have the same one share it. */
static void prototypes(struct writer *w)
{
	const struct explain_page *page = w->page;
	bool any = false;

	for (size_t k = 0; page->kind == EXPLAIN_SYMBOL && k < page->kernel_count; k++) {
		const char *text = prototype_in(page, k), *separator = "  ";
		bool shown = !text;

		for (size_t i = 0; i < k && !shown; i++)
			shown = prototype_in(page, i) && strcmp(prototype_in(page, i), text) == 0;
		if (shown)
			continue;
		strbuf_adds(&w->buf, any ? "" : "\nPrototype:\n");
		any = true;
		for (size_t i = k; i < page->kernel_count; i++) {
			if (!prototype_in(page, i) || strcmp(prototype_in(page, i), text) != 0)
				continue;
			strbuf_printf(&w->buf, "%s%s", separator,
				      escaped(w, page->kernels[i]->label));
			source_in(w, i);
			separator = ", ";
		}
		strbuf_printf(&w->buf, ":\n    %s\n", escaped(w, text));
	}
}

/* The first few of count items, broken into lines; word is what stands before them. */
struct users_list {
	const char *word;
	const char *const *names;
	size_t count;
};

static void write_list(struct writer *w, const struct users_list *list)
{
	size_t shown = w->options->verbose ? SIZE_MAX : USERS_SHOWN;
	struct text_wrap wrap = {.buf = &w->buf, .indent = 4, .column = 4 + strlen(list->word)};

	if (!list->count)
		return;
	strbuf_printf(&w->buf, "    %s", list->word);
	for (size_t i = 0; i < list->count && i < shown; i++)
		text_wrap_item(&wrap, escaped(w, list->names[i]));
	if (list->count > shown)
		strbuf_printf(&w->buf, " and %zu more (-v)", list->count - shown);
	strbuf_addc(&w->buf, '\n');
}

static void users_in(struct writer *w, size_t k)
{
	const struct ksa_kernel *kernel = w->page->kernels[k];
	const struct explain_users *u = &w->page->users[k];
	_cleanup_free_ const char **names = calloc(u->module_count + 1, sizeof(*names));

	if (!names) {
		w->buf.failed = true;
		return;
	}
	for (size_t i = 0; i < u->module_count; i++) {
		const char *name = kernel->modules[u->modules[i]].name;

		names[i] = kernel->from_source ? name : owner_base_name(name);
	}
	strbuf_printf(&w->buf, "  %s: ", escaped(w, kernel->label));
	if (u->module_count)
		text_count(&w->buf, "", u->module_count, kernel->from_source ? "file" : "module");
	if (u->image_count)
		text_count(&w->buf, u->module_count ? ", " : "", u->image_count, "place");
	strbuf_adds(&w->buf, u->image_count ? " in vmlinux\n" : "\n");
	write_list(w, &(struct users_list){"", names, u->module_count});
	write_list(w, &(struct users_list){u->module_count ? "vmlinux: " : "", u->image,
					   u->image_count});
}

static void users(struct writer *w)
{
	bool any = false;

	for (size_t k = 0; k < w->page->kernel_count; k++) {
		if (!w->page->users[k].module_count && !w->page->users[k].image_count)
			continue;
		strbuf_adds(&w->buf, any ? "" : "\nUsers in the tree:\n");
		any = true;
		users_in(w, k);
	}
}

/* " from 5.12 to 6.11"; " by 5.10" where it is not known since when. */
static void class_range(struct writer *w, const struct family_class *c, bool starts)
{
	const char *to = c->from && !starts ? ", up to" : " to";

	if (c->from && c->to && strcmp(c->from, c->to) == 0) {
		strbuf_printf(&w->buf, " in %s", c->from);
		return;
	}
	if (c->from)
		strbuf_printf(&w->buf, " %s %s", starts ? "from" : "by", c->from);
	if (c->to)
		strbuf_printf(&w->buf, "%s %s", to, c->to);
	else if (c->from && starts)
		strbuf_adds(&w->buf, " on");
}

static void class_line(struct writer *w, const struct ksa_family *family,
		       const struct family_class *c)
{
	const bool starts = family_knows_start(family, c, w->page->name);
	const char *absent = c->from && !starts ? "no longer exported" : "not exported";

	strbuf_printf(&w->buf, "  %s", c->absent ? absent : ksa_class_name(c->cls));
	class_range(w, c, starts);
	for (size_t i = 0; c->arch && c->arch[i]; i++)
		strbuf_printf(&w->buf, "%s%s", i ? ", " : ", only on ", escaped(w, c->arch[i]));
	if (c->config)
		strbuf_printf(&w->buf, ", with %s", escaped(w, c->config));
	strbuf_addc(&w->buf, '\n');
}

/* What the families expect of the symbol in mainline. */
static void expected(struct writer *w)
{
	for (size_t f = 0; w->page->kind == EXPLAIN_SYMBOL && f < w->page->family_count; f++) {
		const struct ksa_family *family = w->page->families[f];
		bool any = false;

		for (size_t i = 0; i < family->class_count; i++) {
			if (!family_names(family->classes[i].symbols, w->page->name))
				continue;
			if (!any)
				strbuf_adds(&w->buf, "\nIn mainline:\n");
			any = true;
			class_line(w, family, &family->classes[i]);
		}
	}
}

/* before, then the names; lines after the first are a bit deeper than those of a step. */
static void add_symbols(struct writer *w, const char *const *list, const char *before)
{
	struct text_wrap wrap = {.buf = &w->buf, .indent = STEP_INDENT + 2};

	if (!list || !*list)
		return;
	strbuf_adds(&w->buf, before);
	wrap.column = STEP_INDENT + strlen(before);
	for (; *list; list++)
		text_wrap_item(&wrap, escaped(w, *list));
}

/* "follow_pfn removed; instead follow_pte" */
static void step_words(struct writer *w, const struct family_step *step)
{
	const char *const *list = step->symbols;
	size_t others = 0;

	while (list[others])
		others++;
	/* Of many symbols the one that the page is about. */
	if (w->page->kind == EXPLAIN_SYMBOL && others > 1 && family_names(list, w->page->name)) {
		strbuf_adds(&w->buf, escaped(w, w->page->name));
		strbuf_printf(&w->buf, " (and %zu more)", others - 1);
	} else {
		add_symbols(w, list, "");
	}
	strbuf_printf(&w->buf, ": %s", family_event_name(step->event));
	if (step->event == FAMILY_ADDED || step->event == FAMILY_RECLASSIFIED)
		strbuf_printf(&w->buf, " %s %s", step->event == FAMILY_ADDED ? "as" : "to",
			      ksa_class_name(step->cls));
	if (step->event == FAMILY_NAMESPACE)
		strbuf_printf(&w->buf, " %s", step->ns ? escaped(w, step->ns) : "none");
	add_symbols(w, step->became, step->event == FAMILY_RENAMED ? " to " : ", instead ");
	for (size_t i = 0; step->arch && step->arch[i]; i++)
		strbuf_printf(&w->buf, "%s%s", i ? ", " : "; only on ", escaped(w, step->arch[i]));
}

static void lineage(struct writer *w)
{
	_cleanup_(strbuf_release) struct strbuf line = {NULL, 0, 0, false};
	const struct ksa_family *family = NULL;

	for (size_t i = 0; i < w->page->step_count; i++) {
		const struct explain_step *s = &w->page->steps[i];

		if (family != s->family)
			strbuf_printf(&w->buf, "\nLineage (family %s):\n", s->family->name);
		family = s->family;
		strbuf_printf(&w->buf, "  %-8s ", s->step->release);
		step_words(w, s->step);
		strbuf_addc(&w->buf, '\n');
		strbuf_reset(&line);
		if (s->step->after)
			strbuf_printf(&line, "after %s, and by %s; ", s->step->after,
				      s->step->release);
		if (s->step->commit)
			strbuf_printf(&line, "%s; ", s->step->commit);
		if (s->step->note)
			strbuf_printf(&line, "%s; ", s->step->note);
		if (!s->step->verified)
			strbuf_adds(&line, "not verified; ");
		if (line.length > 2) {
			line.data[line.length - 2] = '\0';
			wrap_prose(&w->buf, "           ", strbuf_string(&line));
		}
	}
	w->buf.failed = w->buf.failed || line.failed;
}

/* What commits did: by symbol. */
static void history(struct writer *w)
{
	const struct ksa_events *events = w->page->events;
	const struct history_text_options options = {.color = w->options->color,
						     .quiet = w->page->kind == EXPLAIN_FAMILY,
						     .verbose = w->options->verbose,
						     .indent = 2};
	char hex[OBJECT_ID_HEX + 1] = "nothing";

	if (!events)
		return;
	if (events->history->head != HISTORY_NONE)
		object_id_format(&events->history->commits[events->history->head].id, hex, 12);
	strbuf_printf(&w->buf, "\nHistory (%s, up to %s):\n", escaped(w, events->history->path),
		      hex);
	w->status = out_flush(&w->buf, w->out, w->err);
	if (!w->status)
		w->status = write_history_timelines(events, &options, w->out, w->err);
}

static void rationale(struct writer *w)
{
	for (size_t f = 0; f < w->page->family_count; f++) {
		const struct ksa_family *family = w->page->families[f];

		if (!family->rationale)
			continue;
		if (w->page->kind == EXPLAIN_FAMILY)
			strbuf_adds(&w->buf, "\nWhy:\n");
		else
			strbuf_printf(&w->buf, "\nWhy (family %s, %s):\n", family->name,
				      escaped(w, family->title));
		wrap_prose(&w->buf, "  ", family->rationale);
	}
}

static void sources(struct writer *w)
{
	bool any = false;

	for (size_t f = 0; f < w->page->family_count; f++) {
		const char *const *s = w->page->families[f]->references;

		for (; s && *s; s++) {
			strbuf_printf(&w->buf, "%s  %s\n", any ? "" : "\nSources:\n",
				      escaped(w, *s));
			any = true;
		}
	}
}

/* What could not be read. */
static void notices(struct writer *w)
{
	const struct ksa_events *events = w->page->events;
	const char *separator = "\n";

	for (size_t k = 0; k < w->page->kernel_count; k++) {
		const struct ksa_kernel *kernel = w->page->kernels[k];

		for (size_t i = 0; i < kernel->notice_count; i++, separator = "") {
			strbuf_printf(&w->buf, "%snotice: %s: ", separator,
				      escaped(w, kernel->label));
			strbuf_printf(&w->buf, "%s\n", escaped(w, kernel->notices[i]));
		}
	}
	for (size_t i = 0; events && i < events->history->notice_count; i++, separator = "")
		strbuf_printf(&w->buf, "%snotice: %s\n", separator,
			      escaped(w, events->history->notices[i]));
}

static void license(struct writer *w)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	const struct explain_page *page = w->page;
	const char *meaning = page->license ? page->license->meaning : NULL;

	strbuf_printf(&text, "'%s' is %s license string that the kernel accepts as GPL-compatible",
		      page->name, page->rule ? "no" : "a");
	strbuf_printf(&text, "%s%s.", meaning ? ": " : "", meaning ? meaning : "");
	if (page->license && page->license->spdx)
		strbuf_printf(&text, "\nSPDX: %s.", page->license->spdx);
	if (page->license_nearest)
		strbuf_printf(&text, "\nIf that is what you mean, write \"%s\": %s.",
			      page->license_nearest, page->license_meaning);
	wrap_prose(&w->buf, "", strbuf_string(&text));
	w->buf.failed |= text.failed;
	strbuf_adds(&w->buf, "\nAccepted, byte for byte:\n");
	for (size_t i = 0; i < licenses_builtin.count; i++)
		if (licenses_builtin.items[i].accepted)
			strbuf_printf(&w->buf, "  %-25s  %s\n", licenses_builtin.items[i].license,
				      licenses_builtin.items[i].meaning);
}

/* Of a string that is refused: the rule that says so. */
static void license_rule(struct writer *w)
{
	const struct ksa_rule *rule = w->page->rule;

	if (!rule) {
		strbuf_adds(&w->buf, "\nSources:\n  Documentation/process/license-rules.rst, "
				     "MODULE_LICENSE\n  include/linux/license.h, "
				     "license_is_gpl_compatible()\n");
		return;
	}
	strbuf_printf(&w->buf, "\nWhy (%s, %s):\n", rule->id, escaped(w, rule->title));
	rule_reason(&w->buf, rule);
}

int write_explain_text(const struct explain_page *page, const struct explain_text_options *options,
		       FILE *out, struct ksa_error *err)
{
	static void (*const of_symbols[])(struct writer * w) = {
		title,	 one_symbol, members,	prototypes, users,  expected,
		lineage, history,    rationale, sources,    notices};
	static void (*const of_licenses[])(struct writer * w) = {license, license_rule};
	struct writer w = {.page = page, .options = options, .out = out, .err = err};
	int r;

	if (page->kind == EXPLAIN_RULE)
		return write_rule_text(page->rule, out, err);
	if (page->kind == EXPLAIN_LICENSE)
		for (size_t i = 0; i < sizeof(of_licenses) / sizeof(*of_licenses); i++)
			of_licenses[i](&w);
	else
		for (size_t i = 0; i < sizeof(of_symbols) / sizeof(*of_symbols) && !w.status; i++)
			of_symbols[i](&w);
	w.buf.failed = w.buf.failed || w.scratch.failed;
	r = w.status ? w.status : out_flush(&w.buf, out, err);
	strbuf_release(&w.buf);
	strbuf_release(&w.scratch);
	return r;
}
