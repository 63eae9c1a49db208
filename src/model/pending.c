// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/pending.h"

#include <string.h>

void pending_release(struct ksa_pending *pending)
{
	strmap_release(&pending->by_symbol);
	arena_release(&pending->arena);
	memset(pending, 0, sizeof(*pending));
}

const struct pending_change *pending_find(const struct ksa_pending *pending, const char *symbol)
{
	uint32_t at;

	return strmap_get(&pending->by_symbol, symbol, &at) ? &pending->items[at] : NULL;
}

const struct pending_change *pending_next(const struct ksa_pending *pending,
					  const struct ksa_module *module, size_t *at)
{
	while (*at < module->import_count) {
		const struct pending_change *c =
			pending_find(pending, module->imports[(*at)++].name);

		if (c && pending_what(c) != PENDING_ADDED)
			return c;
	}
	return NULL;
}

enum pending_what pending_what(const struct pending_change *c)
{
	const struct review_place *after = &c->sides[PATCH_NEW];

	if (!after->path)
		return c->renamed ? PENDING_RENAMED : PENDING_REMOVED;
	if (!c->sides[PATCH_OLD].path)
		return PENDING_ADDED;
	if (c->ns_by != NO_INDEX && after->ns && namespace_is_reserved(after->ns))
		return PENDING_RESERVED;
	return c->class_by != NO_INDEX ? PENDING_CLASS : PENDING_NAMESPACE;
}

const char *pending_what_name(enum pending_what what)
{
	static const char *const names[] = {
		[PENDING_REMOVED] = "removed",	   [PENDING_RENAMED] = "renamed",
		[PENDING_RESERVED] = "reserved",   [PENDING_CLASS] = "class",
		[PENDING_NAMESPACE] = "namespace", [PENDING_ADDED] = "added",
	};

	return names[what];
}

uint32_t pending_by(const struct pending_change *c)
{
	switch (pending_what(c)) {
	case PENDING_RESERVED:
	case PENDING_NAMESPACE:
		return c->ns_by;
	case PENDING_CLASS:
		return c->class_by;
	default:
		return c->presence_by;
	}
}

const struct patch *pending_patch(const struct ksa_pending *pending, const struct pending_change *c)
{
	return pending->input->patches[pending_by(c)].patch;
}

static const char *class_words(uint8_t cls)
{
	return cls == KSA_CLASS_GPL ? "GPL-only" : ksa_class_name((enum ksa_class)cls);
}

void pending_add_words(const struct pending_change *c, struct strbuf *out)
{
	const struct review_place *before = &c->sides[PATCH_OLD], *after = &c->sides[PATCH_NEW];

	switch (pending_what(c)) {
	case PENDING_ADDED:
		strbuf_printf(out, "added as %s", class_words(after->cls));
		return;
	case PENDING_RENAMED:
		strbuf_printf(out, "renamed to %s (%s)", c->successor,
			      class_words(c->successor_cls));
		return;
	case PENDING_REMOVED:
		strbuf_adds(out, "removed");
		if (c->in_header)
			strbuf_adds(out, ", a header defines it now");
		else if (c->successor)
			strbuf_printf(out, ", the same patch adds %s (%s)", c->successor,
				      class_words(c->successor_cls));
		return;
	default:
		break;
	}
	if (c->class_by != NO_INDEX)
		strbuf_printf(out, "%s -> %s", class_words(before->cls), class_words(after->cls));
	if (c->ns_by == NO_INDEX)
		return;
	if (c->class_by != NO_INDEX)
		strbuf_adds(out, ", ");
	if (!after->ns)
		strbuf_printf(out, "taken out of namespace %s", before->ns);
	else if (namespace_is_reserved(after->ns))
		strbuf_printf(out, "reserved for %s", after->ns + strlen("module:"));
	else
		strbuf_printf(out, "put into namespace %s", after->ns);
}

void pending_add_patch(const struct ksa_pending *pending, const struct patch *patch,
		       struct strbuf *out)
{
	const char *title = patch->title ? patch->title : patch->subject;
	const char *commit = pending->input->range ? patch->commit : NULL;

	if (commit)
		strbuf_printf(out, "%.12s", commit);
	if (title)
		strbuf_printf(out, "%s\"%s\"", commit ? " " : "", title);
	else if (!commit)
		strbuf_adds(out, patch->source);
}

void pending_add_cause(const struct ksa_pending *pending, const struct pending_change *change,
		       const char *symbol, const struct patch *patch, struct strbuf *out)
{
	if (!symbol || strcmp(symbol, change->symbol) != 0)
		strbuf_printf(out, "'%s' ", change->symbol);
	pending_add_words(change, out);
	strbuf_adds(out, " by ");
	pending_add_patch(pending, patch, out);
}
