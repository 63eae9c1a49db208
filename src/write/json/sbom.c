// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/json/sbom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/sha256.h"
#include "model/license.h"

#define REF_PREFIX "LicenseRef-MODULE-LICENSE-"
#define MAX_REF	   64 /* bytes of a license string in its reference */

void sbom_release(struct sbom *sbom)
{
	strmap_release(&sbom->by_text);
	strmap_release(&sbom->by_ref);
	strmap_release(&sbom->by_module);
	free(sbom->licenses);
	arena_release(&sbom->arena);
}

/* Everything that a document is about, so that two inventories have two names: RFC 9562, version 8.
 */
static int make_uuid(struct sbom *sbom, const char *form, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf all = {NULL, 0, 0, false};
	const struct inventory *inventory = sbom->inventory;
	const char *hex;

	strbuf_printf(&all, "%s %s %lld\n", form, KSA_VERSION, (long long)inventory->created);
	for (size_t i = 0; i < inventory->source_count; i++)
		strbuf_printf(&all, "%s\n", sbom_source_name(sbom, i));
	for (size_t i = 0; i < inventory->count; i++) {
		const struct inventory_item *item = &inventory->items[i];
		const struct inventory_license *license = &inventory->licenses[item->license];

		strbuf_printf(&all, "%u %s %s", item->source, item->path,
			      item->module->sha256 ? item->module->sha256 : "");
		for (size_t k = 0; k < license->count && item->module->builtin; k++)
			strbuf_printf(&all, " %s", license->strings[k]);
		strbuf_addc(&all, '\n');
	}
	hex = all.failed ? NULL : sha256_hex(&sbom->arena, strbuf_string(&all), all.length);
	if (!hex)
		return ksa_fail_nomem(err);
	snprintf(sbom->uuid, sizeof(sbom->uuid), "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8,
		 hex + 12, hex + 15, hex + 18);
	return 0;
}

/* "GPL v2" -> "LicenseRef-MODULE-LICENSE-GPL-v2", with a number where another string has that. */
static const char *make_ref(struct sbom *sbom, const char *text)
{
	char ref[sizeof(REF_PREFIX) + MAX_REF + 16] = REF_PREFIX;
	size_t start = strlen(REF_PREFIX), length = start;
	uint32_t n = 1, base;

	for (; *text && length < start + MAX_REF; text++) {
		bool plain = (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
			     (*text >= 'A' && *text <= 'Z') || *text == '.';

		ref[length++] = *text;
		if (!plain)
			ref[length - 1] = '-';
	}
	ref[length] = '\0';
	/* The value of a reference without a number is the number that was given last. */
	for (bool first = true; strmap_get(&sbom->by_ref, ref, &base); first = false) {
		ref[length] = '\0';
		if (first)
			strmap_get(&sbom->by_ref, ref, &n);
		n++;
		if (strmap_set(&sbom->by_ref, ref, n))
			return NULL;
		snprintf(ref + length, sizeof(ref) - length, "-%u", n);
	}
	return arena_strdup(&sbom->arena, ref);
}

static int add_license(struct sbom *sbom, const char *text, struct ksa_error *err)
{
	uint32_t at = (uint32_t)sbom->license_count;
	const char *ref;

	if (license_spdx(text) || strmap_get(&sbom->by_text, text, NULL))
		return 0;
	ref = make_ref(sbom, text);
	if (!ref || strmap_set(&sbom->by_text, text, at) || strmap_set(&sbom->by_ref, ref, 1))
		return ksa_fail_nomem(err);
	sbom->licenses[sbom->license_count++] = (struct sbom_license){text, ref};
	return 0;
}

static int collect_licenses(struct sbom *sbom, struct ksa_error *err)
{
	const struct inventory *inventory = sbom->inventory;
	size_t count = 0;
	int r = 0;

	for (size_t i = 0; i < inventory->license_count; i++)
		count += inventory->licenses[i].count;
	sbom->licenses = calloc(count + 1, sizeof(*sbom->licenses));
	if (!sbom->licenses)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < inventory->license_count && !r; i++)
		for (size_t k = 0; k < inventory->licenses[i].count && !r; k++)
			r = add_license(sbom, inventory->licenses[i].strings[k], err);
	return r;
}

#define MAX_NAME 128

/* The name of a module as "NUMBER/name", by its source; the name alone begins at the return value.
 */
static const char *name_in(uint32_t source, const char *name, char out[MAX_NAME + 16])
{
	int length = snprintf(out, 16, "%u/", source);

	module_fold_name(name, out + length, MAX_NAME);
	return out + length;
}

static int index_modules(struct sbom *sbom, struct ksa_error *err)
{
	for (size_t i = 0; i < sbom->inventory->count; i++) {
		const struct inventory_item *item = &sbom->inventory->items[i];
		char name[MAX_NAME + 16];
		const size_t skip =
			(size_t)(name_in(item->source, item->module->name, name) - name);
		const char *key = arena_strdup(&sbom->arena, name);
		uint32_t at = (uint32_t)i, there = at;

		if (!key || strmap_add(&sbom->by_module, key, &there, NULL) < 0 ||
		    strmap_add(&sbom->by_module, key + skip, &at, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

int sbom_init(struct sbom *sbom, const struct inventory *inventory, const char *form,
	      struct ksa_error *err)
{
	int r;

	*sbom = (struct sbom){.inventory = inventory};
	r = make_uuid(sbom, form, err);
	if (!r)
		r = collect_licenses(sbom, err);
	return r ? r : index_modules(sbom, err);
}

void sbom_time(const struct sbom *sbom, char out[32])
{
	time_t when = (time_t)sbom->inventory->created;
	struct tm tm;

	/* RFC 3339 has years of four digits. */
	if (!gmtime_r(&when, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900) {
		when = 0;
		gmtime_r(&when, &tm);
	}
	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

const char *sbom_source_name(const struct sbom *sbom, size_t source)
{
	const char *path = sbom->inventory->sources[source].path;
	const char *name = path + strlen(path);

	while (name > path && name[-1] != '/')
		name--;
	return *name ? name : "/";
}

bool sbom_is_module(const struct sbom *sbom, size_t source)
{
	const struct inventory *inventory = sbom->inventory;
	const struct inventory_source *s = &inventory->sources[source];

	if (s->files != 1 || s->builtin)
		return false;
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->items[i].source == source)
			return strcmp(inventory->items[i].path, sbom_source_name(sbom, source)) ==
			       0;
	return false;
}

const char *sbom_version(struct sbom *sbom, const struct inventory_item *item)
{
	const struct ksa_module *m = item->module;

	if (m->version && *m->version)
		return m->version;
	return m->in_tree && m->vermagic
		       ? arena_strndup(&sbom->arena, m->vermagic, strcspn(m->vermagic, " "))
		       : NULL;
}

void sbom_expression(const struct sbom *sbom, const struct inventory_license *license,
		     struct strbuf *out)
{
	for (size_t i = 0; i < license->count; i++) {
		const char *text = license->strings[i], *expression = license_spdx(text);
		uint32_t at = 0;

		if (!expression && strmap_get(&sbom->by_text, text, &at))
			expression = sbom->licenses[at].ref;
		strbuf_printf(out, "%s%s", i ? " AND " : "", expression);
	}
	if (!license->count)
		strbuf_adds(out, "NOASSERTION");
}

size_t sbom_depends(const struct sbom *sbom, const struct inventory_item *item,
		    uint32_t on[SBOM_MAX_DEPENDS])
{
	const struct string_list *names = &item->module->depends;
	size_t count = 0;

	for (size_t i = 0; i < names->count && count < SBOM_MAX_DEPENDS; i++) {
		char name[MAX_NAME + 16];
		const char *alone = name_in(item->source, names->items[i], name);
		size_t k = 0;

		if (!strmap_get(&sbom->by_module, name, &on[count]) &&
		    !strmap_get(&sbom->by_module, alone, &on[count]))
			continue;
		while (on[k] != on[count])
			k++;
		count += k == count;
	}
	return count;
}

size_t sbom_facts(const struct inventory_item *item, struct sbom_fact facts[SBOM_FACTS])
{
	const struct ksa_module *m = item->module;
	const struct sbom_fact all[] = {
		{"path", item->path},
		{"built-in", m->builtin ? "yes" : NULL},
		{"in-tree", m->in_tree ? "yes" : "no"},
		{"gpl-compatible", module_is_compatible_at_build(m) ? "yes" : "no"},
		{"srcversion", m->srcversion},
		{"vermagic", m->vermagic},
		{"signed", m->builtin	  ? NULL
			   : m->is_signed ? "yes"
					  : "no"},
		{"signer", m->loading.signer},
		{"signature-key", m->loading.signature_key},
		{"taints", *item->taints ? item->taints : NULL},
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].text)
			facts[count++] = all[i];
	return count;
}

void sbom_comment(const struct inventory_item *item, struct strbuf *out)
{
	struct sbom_fact facts[SBOM_FACTS];
	size_t count = sbom_facts(item, facts);

	for (size_t i = 0; i < count; i++) {
		strbuf_printf(out, "%s%s: ", i ? "; " : "", facts[i].name);
		escape_text(out, facts[i].text);
	}
}
