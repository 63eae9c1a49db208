// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/family.h"

#include <fnmatch.h>
#include <string.h>

#include "model/release.h"

const char *family_event_name(enum family_event event)
{
	static const char *const names[FAMILY_EVENTS] = {
		[FAMILY_ADDED] = "added",	  [FAMILY_REMOVED] = "removed",
		[FAMILY_RENAMED] = "renamed",	  [FAMILY_RECLASSIFIED] = "reclassified",
		[FAMILY_NAMESPACE] = "namespace", [FAMILY_CHANGED] = "changed",
	};

	return event < FAMILY_EVENTS ? names[event] : "changed";
}

size_t family_commit_id(const char *commit)
{
	size_t length = commit ? strspn(commit, "0123456789abcdef") : 0;

	return length >= 12 && (!commit[length] || commit[length] == ' ') ? length : 0;
}

bool family_names(const char *const *list, const char *symbol)
{
	for (; list && *list; list++) {
		/* Nearly all are done with by their first letter. */
		if (**list != *symbol && !strchr("*?[\\", **list))
			continue;
		if ((*list)[strcspn(*list, "*?[")] ? fnmatch(*list, symbol, 0) == 0
						   : strcmp(*list, symbol) == 0)
			return true;
	}
	return false;
}

void families_add_names(const struct family_list *families, struct strbuf *out)
{
	for (size_t i = 0; i < families->count; i++)
		strbuf_printf(out, "%s%s", i ? ", " : "", families->items[i]->name);
}

bool families_have(const struct family_list *families, const char *symbol)
{
	for (size_t i = 0; i < families->count; i++)
		if (family_names(families->items[i]->members, symbol))
			return true;
	return false;
}

bool family_is_for(const char *const *list, const char *arch)
{
	if (!list)
		return true;
	for (; *list; list++)
		if (strcmp(*list, arch) == 0)
			return true;
	return false;
}

/* True if a is before b; false too where one of them is not known. */
static bool is_before(const char *a, const char *b)
{
	struct release x, y;

	return release_parse(a, &x) && release_parse(b, &y) && release_compare(&x, &y) < 0;
}

const struct family_class *family_expect(const struct ksa_family *family, const char *symbol,
					 const struct family_place *place)
{
	struct release known;

	if (!release_parse(place->release, &known))
		return NULL;
	for (size_t i = 0; i < family->class_count; i++) {
		const struct family_class *c = &family->classes[i];

		if (family_is_for(c->arch, place->arch) &&
		    !(c->from && is_before(place->release, c->from)) &&
		    !(c->to && is_before(c->to, place->release)) &&
		    family_names(c->symbols, symbol))
			return c;
	}
	return NULL;
}

/* True if b is the release after a; of the last one before a new major number that is not told. */
static bool are_neighbors(const char *a, const char *b)
{
	struct release x, y;

	return release_parse(a, &x) && release_parse(b, &y) && x.part[0] == y.part[0] &&
	       x.part[1] + 1 == y.part[1] && !x.part[2] && !y.part[2];
}

bool family_knows_start(const struct ksa_family *family, const struct family_class *c,
			const char *symbol)
{
	for (size_t i = 0; c->from && i < family->step_count; i++) {
		const struct family_step *step = &family->steps[i];

		if (!step->after && strcmp(step->release, c->from) == 0 &&
		    (family_names(step->symbols, symbol) ||
		     (step->event == FAMILY_RENAMED && family_names(step->became, symbol))))
			return true;
	}
	for (size_t i = 0; c->from && i < family->class_count; i++)
		if (family->classes[i].to && are_neighbors(family->classes[i].to, c->from) &&
		    family_names(family->classes[i].symbols, symbol))
			return true;
	return false;
}

/* True if the step is about the symbol there and comes later than the release. */
static bool is_ahead(const struct family_step *step, const char *symbol,
		     const struct family_place *place)
{
	/* Between the two releases nobody knows: nothing is claimed of what may have happened. */
	return family_is_for(step->arch, place->arch) && is_before(place->release, step->release) &&
	       !(step->after && is_before(step->after, place->release)) &&
	       family_names(step->symbols, symbol);
}

static bool is_gone(const struct family_step *step)
{
	return step->event == FAMILY_REMOVED || step->event == FAMILY_RENAMED;
}

static bool is_loss(const struct family_step *step)
{
	return is_gone(step) || (step->event == FAMILY_NAMESPACE && step->ns) ||
	       (step->event == FAMILY_RECLASSIFIED && step->cls != KSA_CLASS_PLAIN);
}

const struct family_step *family_next_loss(const struct ksa_family *family, const char *symbol,
					   const struct family_place *place)
{
	for (size_t i = 0; i < family->step_count; i++)
		if (is_loss(&family->steps[i]) && is_ahead(&family->steps[i], symbol, place))
			return &family->steps[i];
	return NULL;
}

const struct family_step *family_next_gain(const struct ksa_family *family, const char *symbol,
					   const struct family_place *place)
{
	for (size_t i = 0; i < family->step_count; i++)
		if (family->steps[i].event == FAMILY_ADDED &&
		    is_ahead(&family->steps[i], symbol, place))
			return &family->steps[i];
	return NULL;
}

const struct family_step *family_loss(const struct ksa_family *family, const char *symbol,
				      const struct family_place *place)
{
	struct release known;

	if (!release_parse(place->release, &known))
		return NULL;
	for (size_t i = family->step_count; i-- > 0;) {
		const struct family_step *step = &family->steps[i];

		if (is_gone(step) && family_is_for(step->arch, place->arch) &&
		    (step->after ? is_before(step->after, place->release)
				 : !is_before(place->release, step->release)) &&
		    family_names(step->symbols, symbol))
			return step;
	}
	return NULL;
}
