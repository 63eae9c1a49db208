// SPDX-License-Identifier: GPL-2.0-or-later
/* SPDX 2.3 (ISO/IEC 5962 is its 2.2.1): a package for each module and for what it was found in. */
#include "base/cleanup.h"
#include "model/license.h"
#include "write/json/sbom.h"

#define NOASSERTION "NOASSERTION"
#define DOCUMENT    "SPDXRef-DOCUMENT"

static void add_source_id(struct json_writer *w, const char *key, size_t source)
{
	_cleanup_(strbuf_release) struct strbuf id = {NULL, 0, 0, false};

	strbuf_printf(&id, "SPDXRef-Source-%zu", source + 1);
	json_add_strbuf(w, key, &id);
}

static void add_item_id(struct json_writer *w, const char *key, const struct inventory_item *item)
{
	_cleanup_(strbuf_release) struct strbuf id = {NULL, 0, 0, false};

	strbuf_printf(&id, "SPDXRef-Module-%s", item->id);
	json_add_strbuf(w, key, &id);
}

static void add_creation(struct json_writer *w, const struct sbom *sbom)
{
	char created[32];

	sbom_time(sbom, created);
	json_begin_object(w, "creationInfo");
	json_add_text(w, "created", created);
	json_begin_array(w, "creators");
	json_add_text(w, NULL, "Tool: ksymaudit-" KSA_VERSION);
	json_end(w);
	json_end(w);
}

/* What nobody says of a package. */
static void add_unknown(struct json_writer *w)
{
	json_add_text(w, "downloadLocation", NOASSERTION);
	json_add_bool(w, "filesAnalyzed", false);
	json_add_text(w, "licenseConcluded", NOASSERTION);
	json_add_text(w, "copyrightText", NOASSERTION);
}

static void add_source(struct json_writer *w, const struct sbom *sbom, size_t source)
{
	json_begin_object(w, NULL);
	add_source_id(w, "SPDXID", source);
	json_add_text(w, "name", sbom_source_name(sbom, source));
	add_unknown(w);
	json_add_text(w, "licenseDeclared", NOASSERTION);
	json_end(w);
}

static void add_item(struct json_writer *w, struct sbom *sbom, const struct inventory_item *item)
{
	const struct inventory *inventory = sbom->inventory;
	_cleanup_(strbuf_release) struct strbuf license = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf comment = {NULL, 0, 0, false};

	sbom_expression(sbom, &inventory->licenses[item->license], &license);
	sbom_comment(item, &comment);
	json_begin_object(w, NULL);
	add_item_id(w, "SPDXID", item);
	json_add_text(w, "name", item->module->name);
	json_add_text(w, "versionInfo", sbom_version(sbom, item));
	if (!item->module->builtin)
		json_add_text(w, "packageFileName", item->path);
	add_unknown(w);
	json_add_strbuf(w, "licenseDeclared", &license);
	if (item->module->sha256) {
		json_begin_array(w, "checksums");
		json_begin_object(w, NULL);
		json_add_text(w, "algorithm", "SHA256");
		json_add_text(w, "checksumValue", item->module->sha256);
		json_end(w);
		json_end(w);
	}
	json_add_strbuf(w, "comment", &comment);
	json_end(w);
}

/* The strings that MODULE_LICENSE takes are no identifiers of SPDX. */
static void add_licenses(struct json_writer *w, const struct sbom *sbom)
{
	if (!sbom->license_count)
		return;
	json_begin_array(w, "hasExtractedLicensingInfos");
	for (size_t i = 0; i < sbom->license_count; i++) {
		json_begin_object(w, NULL);
		json_add_text(w, "licenseId", sbom->licenses[i].ref);
		json_add_text(w, "name", sbom->licenses[i].text);
		json_add_text(w, "extractedText", sbom->licenses[i].text);
		json_add_text(w, "comment", license_meaning(sbom->licenses[i].text));
		json_end(w);
	}
	json_end(w);
}

static void begin_relationship(struct json_writer *w, const char *type)
{
	json_begin_object(w, NULL);
	json_add_text(w, "relationshipType", type);
}

static void add_relationships(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;

	json_begin_array(w, "relationships");
	for (size_t i = 0; i < inventory->source_count; i++) {
		if (sbom_is_module(sbom, i))
			continue;
		begin_relationship(w, "DESCRIBES");
		json_add_text(w, "spdxElementId", DOCUMENT);
		add_source_id(w, "relatedSpdxElement", i);
		json_end(w);
	}
	for (size_t i = 0; i < inventory->count && !w->status; i++) {
		const struct inventory_item *item = &inventory->items[i];
		uint32_t on[SBOM_MAX_DEPENDS];
		size_t count = sbom_depends(sbom, item, on);
		bool is_source = sbom_is_module(sbom, item->source);

		begin_relationship(w, is_source ? "DESCRIBES" : "CONTAINS");
		if (is_source)
			json_add_text(w, "spdxElementId", DOCUMENT);
		else
			add_source_id(w, "spdxElementId", item->source);
		add_item_id(w, "relatedSpdxElement", item);
		json_end(w);
		for (size_t k = 0; k < count; k++) {
			begin_relationship(w, "DEPENDS_ON");
			add_item_id(w, "spdxElementId", item);
			add_item_id(w, "relatedSpdxElement", &inventory->items[on[k]]);
			json_end(w);
		}
	}
	json_end(w);
}

int write_modules_spdx(const struct inventory *inventory, FILE *out, struct ksa_error *err)
{
	_cleanup_(sbom_release) struct sbom sbom = {.inventory = NULL};
	_cleanup_(strbuf_release) struct strbuf ns = {NULL, 0, 0, false};
	struct json_writer w = {.out = out, .err = err};
	int r = sbom_init(&sbom, inventory, "spdx-2.3", err);

	if (r)
		return r;
	json_write_raw(&w, "{\n\"spdxVersion\": \"SPDX-2.3\"");
	json_add_text(&w, "dataLicense", "CC0-1.0");
	json_add_text(&w, "SPDXID", DOCUMENT);
	json_add_text(&w, "name",
		      inventory->source_count == 1 ? sbom_source_name(&sbom, 0) : "kernel modules");
	strbuf_printf(&ns, "urn:uuid:%s", sbom.uuid);
	json_add_strbuf(&w, "documentNamespace", &ns);
	add_creation(&w, &sbom);
	json_begin_array(&w, "packages");
	for (size_t i = 0; i < inventory->source_count; i++)
		if (!sbom_is_module(&sbom, i))
			add_source(&w, &sbom, i);
	for (size_t i = 0; i < inventory->count && !w.status; i++)
		add_item(&w, &sbom, &inventory->items[i]);
	json_end(&w);
	add_licenses(&w, &sbom);
	add_relationships(&w, &sbom);
	return json_write_end(&w);
}
