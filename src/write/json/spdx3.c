// SPDX-License-Identifier: GPL-2.0-or-later
/* SPDX 3.0.1 as JSON-LD: elements of the core, software and simple licensing profiles. */
#include "base/cleanup.h"
#include "model/license.h"
#include "write/json/sbom.h"

#define CONTEXT	 "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
#define CREATION "_:creation"

/* Every element of ours is urn:uuid:UUID#WHAT. */
static void add_iri(struct json_writer *w, const char *key, const struct sbom *sbom,
		    const char *kind, const char *name)
{
	_cleanup_(strbuf_release) struct strbuf iri = {NULL, 0, 0, false};

	strbuf_printf(&iri, "urn:uuid:%s#%s%s", sbom->uuid, kind, name);
	json_add_strbuf(w, key, &iri);
}

static void add_numbered(struct json_writer *w, const char *key, const struct sbom *sbom,
			 const char *kind, size_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", n + 1);
	add_iri(w, key, sbom, kind, digits);
}

static void begin_element(struct json_writer *w, const char *type)
{
	json_begin_object(w, NULL);
	json_add_text(w, "type", type);
	json_add_text(w, "creationInfo", CREATION);
}

static void add_creation(struct json_writer *w, const struct sbom *sbom)
{
	char created[32];

	sbom_time(sbom, created);
	json_begin_object(w, NULL);
	json_add_text(w, "type", "CreationInfo");
	json_add_text(w, "@id", CREATION);
	json_add_text(w, "specVersion", "3.0.1");
	json_add_text(w, "created", created);
	json_begin_array(w, "createdBy");
	add_iri(w, NULL, sbom, "agent", "");
	json_end(w);
	json_end(w);
	begin_element(w, "SoftwareAgent");
	add_iri(w, "spdxId", sbom, "agent", "");
	json_add_text(w, "name", "ksymaudit " KSA_VERSION);
	json_end(w);
}

/* The roots: what modules were found in, or the one module that was named. */
static void add_roots(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;

	json_begin_array(w, "rootElement");
	for (size_t i = 0; i < inventory->source_count; i++)
		if (!sbom_is_module(sbom, i))
			add_numbered(w, NULL, sbom, "source-", i);
	for (size_t i = 0; i < inventory->count; i++)
		if (sbom_is_module(sbom, inventory->items[i].source))
			add_iri(w, NULL, sbom, "module-", inventory->items[i].id);
	json_end(w);
}

/* Everything else in the document, in its order. */
static void add_elements(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;
	uint32_t on[SBOM_MAX_DEPENDS];

	json_begin_array(w, "element");
	for (size_t i = 0; i < sbom->license_count; i++)
		add_numbered(w, NULL, sbom, "text-", i);
	for (size_t i = 0; i < inventory->license_count; i++)
		if (inventory->licenses[i].count)
			add_numbered(w, NULL, sbom, "license-", i);
	for (size_t i = 0; i < inventory->source_count; i++) {
		if (sbom_is_module(sbom, i))
			continue;
		add_numbered(w, NULL, sbom, "source-", i);
		if (inventory->sources[i].files || inventory->sources[i].builtin)
			add_numbered(w, NULL, sbom, "contents-", i);
	}
	for (size_t i = 0; i < inventory->count && !w->status; i++) {
		const struct inventory_item *item = &inventory->items[i];

		add_iri(w, NULL, sbom, "module-", item->id);
		if (inventory->licenses[item->license].count)
			add_iri(w, NULL, sbom, "declared-", item->id);
		if (sbom_depends(sbom, item, on))
			add_iri(w, NULL, sbom, "depends-", item->id);
	}
	json_end(w);
}

static void add_document(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;

	begin_element(w, "software_Sbom");
	add_iri(w, "spdxId", sbom, "sbom", "");
	add_roots(w, sbom);
	add_elements(w, sbom);
	json_begin_array(w, "software_sbomType");
	json_add_text(w, NULL, inventory->is_loaded ? "runtime" : "analyzed");
	json_end(w);
	json_end(w);
	begin_element(w, "SpdxDocument");
	add_iri(w, "spdxId", sbom, "document", "");
	json_add_text(w, "name",
		      inventory->source_count == 1 ? sbom_source_name(sbom, 0) : "kernel modules");
	json_begin_array(w, "profileConformance");
	json_add_text(w, NULL, "core");
	json_add_text(w, NULL, "software");
	json_add_text(w, NULL, "simpleLicensing");
	json_end(w);
	json_begin_array(w, "rootElement");
	add_iri(w, NULL, sbom, "sbom", "");
	json_end(w);
	json_begin_array(w, "element");
	add_iri(w, NULL, sbom, "agent", "");
	add_iri(w, NULL, sbom, "sbom", "");
	json_end(w);
	json_end(w);
}

static void add_item(struct json_writer *w, struct sbom *sbom, const struct inventory_item *item)
{
	_cleanup_(strbuf_release) struct strbuf comment = {NULL, 0, 0, false};

	sbom_comment(item, &comment);
	begin_element(w, "software_Package");
	add_iri(w, "spdxId", sbom, "module-", item->id);
	json_add_text(w, "name", item->module->name);
	json_add_text(w, "software_packageVersion", sbom_version(sbom, item));
	json_add_text(w, "software_primaryPurpose", "module");
	if (item->module->sha256) {
		json_begin_array(w, "verifiedUsing");
		json_begin_object(w, NULL);
		json_add_text(w, "type", "Hash");
		json_add_text(w, "algorithm", "sha256");
		json_add_text(w, "hashValue", item->module->sha256);
		json_end(w);
		json_end(w);
	}
	json_add_strbuf(w, "comment", &comment);
	json_end(w);
}

/* What the strings that are no identifiers say, and the expressions that modules have. */
static void add_licenses(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;

	for (size_t i = 0; i < sbom->license_count; i++) {
		begin_element(w, "simplelicensing_SimpleLicensingText");
		add_numbered(w, "spdxId", sbom, "text-", i);
		json_add_text(w, "name", sbom->licenses[i].ref);
		json_add_text(w, "comment", license_meaning(sbom->licenses[i].text));
		json_add_text(w, "simplelicensing_licenseText", sbom->licenses[i].text);
		json_end(w);
	}
	for (size_t i = 0; i < inventory->license_count && !w->status; i++) {
		const struct inventory_license *license = &inventory->licenses[i];
		_cleanup_(strbuf_release) struct strbuf expression = {NULL, 0, 0, false};

		if (!license->count)
			continue;
		sbom_expression(sbom, license, &expression);
		begin_element(w, "simplelicensing_LicenseExpression");
		add_numbered(w, "spdxId", sbom, "license-", i);
		json_add_strbuf(w, "simplelicensing_licenseExpression", &expression);
		json_begin_array(w, "simplelicensing_customIdToUri");
		for (size_t k = 0; k < license->count; k++) {
			uint32_t at;

			if (!strmap_get(&sbom->by_text, license->strings[k], &at))
				continue;
			json_begin_object(w, NULL);
			json_add_text(w, "type", "DictionaryEntry");
			json_add_text(w, "key", sbom->licenses[at].ref);
			add_numbered(w, "value", sbom, "text-", at);
			json_end(w);
		}
		json_end(w);
		json_end(w);
	}
}

static void begin_relationship(struct json_writer *w, const struct sbom *sbom, const char *type,
			       const char *kind, const char *name)
{
	begin_element(w, "Relationship");
	add_iri(w, "spdxId", sbom, kind, name);
	json_add_text(w, "relationshipType", type);
}

static void add_contents(struct json_writer *w, const struct sbom *sbom, size_t source)
{
	const struct inventory *inventory = sbom->inventory;
	const struct inventory_source *s = &inventory->sources[source];
	char digits[24];

	begin_element(w, "software_Package");
	add_numbered(w, "spdxId", sbom, "source-", source);
	json_add_text(w, "name", sbom_source_name(sbom, source));
	json_end(w);
	if (!s->files && !s->builtin)
		return;
	snprintf(digits, sizeof(digits), "%zu", source + 1);
	begin_relationship(w, sbom, "contains", "contents-", digits);
	add_numbered(w, "from", sbom, "source-", source);
	json_begin_array(w, "to");
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->items[i].source == source)
			add_iri(w, NULL, sbom, "module-", inventory->items[i].id);
	json_end(w);
	json_end(w);
}

static void add_license_of(struct json_writer *w, const struct sbom *sbom,
			   const struct inventory_item *item)
{
	if (!sbom->inventory->licenses[item->license].count)
		return;
	begin_relationship(w, sbom, "hasDeclaredLicense", "declared-", item->id);
	add_iri(w, "from", sbom, "module-", item->id);
	json_begin_array(w, "to");
	add_numbered(w, NULL, sbom, "license-", item->license);
	json_end(w);
	json_end(w);
}

static void add_depends(struct json_writer *w, const struct sbom *sbom,
			const struct inventory_item *item)
{
	uint32_t on[SBOM_MAX_DEPENDS];
	size_t count = sbom_depends(sbom, item, on);

	if (!count)
		return;
	begin_relationship(w, sbom, "dependsOn", "depends-", item->id);
	add_iri(w, "from", sbom, "module-", item->id);
	json_begin_array(w, "to");
	for (size_t k = 0; k < count; k++)
		add_iri(w, NULL, sbom, "module-", sbom->inventory->items[on[k]].id);
	json_end(w);
	json_end(w);
}

int write_modules_spdx3(const struct inventory *inventory, FILE *out, struct ksa_error *err)
{
	_cleanup_(sbom_release) struct sbom sbom = {.inventory = NULL};
	struct json_writer w = {.out = out, .err = err};
	int r = sbom_init(&sbom, inventory, "spdx-3.0.1", err);

	if (r)
		return r;
	json_write_raw(&w, "{\n\"@context\": \"" CONTEXT "\"");
	json_begin_array(&w, "@graph");
	add_creation(&w, &sbom);
	add_document(&w, &sbom);
	add_licenses(&w, &sbom);
	for (size_t i = 0; i < inventory->source_count; i++)
		if (!sbom_is_module(&sbom, i))
			add_contents(&w, &sbom, i);
	for (size_t i = 0; i < inventory->count && !w.status; i++) {
		add_item(&w, &sbom, &inventory->items[i]);
		add_license_of(&w, &sbom, &inventory->items[i]);
		add_depends(&w, &sbom, &inventory->items[i]);
	}
	json_end(&w);
	return json_write_end(&w);
}
