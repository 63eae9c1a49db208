// SPDX-License-Identifier: GPL-2.0-or-later
/* CycloneDX 1.6 (ECMA-424): a component for each module, below what it was found in. */
#include "base/cleanup.h"
#include "model/license.h"
#include "write/json/sbom.h"

static void add_metadata(struct json_writer *w, const struct sbom *sbom)
{
	char created[32];

	sbom_time(sbom, created);
	json_begin_object(w, "metadata");
	json_add_text(w, "timestamp", created);
	json_begin_object(w, "tools");
	json_begin_array(w, "components");
	json_begin_object(w, NULL);
	json_add_text(w, "type", "application");
	json_add_text(w, "name", "ksymaudit");
	json_add_text(w, "version", KSA_VERSION);
	json_end(w);
	json_end(w);
	json_end(w);
	json_end(w);
}

/* Each string that the module declares: by its identifier where it is one of SPDX. */
static void add_licenses(struct json_writer *w, const struct inventory_license *license)
{
	if (!license->count)
		return;
	json_begin_array(w, "licenses");
	for (size_t i = 0; i < license->count; i++) {
		const char *id = license_spdx(license->strings[i]);

		json_begin_object(w, NULL);
		json_begin_object(w, "license");
		json_add_text(w, id ? "id" : "name", id ? id : license->strings[i]);
		json_add_text(w, "acknowledgement", "declared");
		json_end(w);
		json_end(w);
	}
	json_end(w);
}

static void add_properties(struct json_writer *w, const struct inventory_item *item,
			   const char *source)
{
	struct sbom_fact facts[SBOM_FACTS];
	size_t count = sbom_facts(item, facts);

	json_begin_array(w, "properties");
	for (size_t i = 0; i < count; i++) {
		_cleanup_(strbuf_release) struct strbuf name = {NULL, 0, 0, false};

		strbuf_printf(&name, "ksymaudit:%s", facts[i].name);
		json_begin_object(w, NULL);
		json_add_strbuf(w, "name", &name);
		json_add_text(w, "value", facts[i].text);
		json_end(w);
	}
	json_begin_object(w, NULL);
	json_add_text(w, "name", "ksymaudit:found-in");
	json_add_text(w, "value", source);
	json_end(w);
	json_end(w);
}

static void add_item(struct json_writer *w, struct sbom *sbom, const struct inventory_item *item)
{
	const struct inventory *inventory = sbom->inventory;

	json_begin_object(w, NULL);
	/* "library" is what the standard recommends where neither application nor framework fits */
	json_add_text(w, "type", "library");
	json_add_text(w, "bom-ref", item->id);
	json_add_text(w, "name", item->module->name);
	json_add_text(w, "version", sbom_version(sbom, item));
	if (item->module->sha256) {
		json_begin_array(w, "hashes");
		json_begin_object(w, NULL);
		json_add_text(w, "alg", "SHA-256");
		json_add_text(w, "content", item->module->sha256);
		json_end(w);
		json_end(w);
	}
	add_licenses(w, &inventory->licenses[item->license]);
	add_properties(w, item, sbom_source_name(sbom, item->source));
	json_end(w);
}

static void add_dependencies(struct json_writer *w, const struct sbom *sbom)
{
	const struct inventory *inventory = sbom->inventory;

	json_begin_array(w, "dependencies");
	for (size_t i = 0; i < inventory->count && !w->status; i++) {
		const struct inventory_item *item = &inventory->items[i];
		uint32_t on[SBOM_MAX_DEPENDS];
		size_t count = sbom_depends(sbom, item, on);

		json_begin_object(w, NULL);
		json_add_text(w, "ref", item->id);
		json_begin_array(w, "dependsOn");
		for (size_t k = 0; k < count; k++)
			json_add_text(w, NULL, inventory->items[on[k]].id);
		json_end(w);
		json_end(w);
	}
	json_end(w);
}

int write_modules_cyclonedx(const struct inventory *inventory, FILE *out, struct ksa_error *err)
{
	_cleanup_(sbom_release) struct sbom sbom = {.inventory = NULL};
	_cleanup_(strbuf_release) struct strbuf serial = {NULL, 0, 0, false};
	struct json_writer w = {.out = out, .err = err};
	int r = sbom_init(&sbom, inventory, "cyclonedx-1.6", err);

	if (r)
		return r;
	json_write_raw(&w, "{\n\"$schema\": \"http://cyclonedx.org/schema/bom-1.6.schema.json\"");
	json_add_text(&w, "bomFormat", "CycloneDX");
	json_add_text(&w, "specVersion", "1.6");
	strbuf_printf(&serial, "urn:uuid:%s", sbom.uuid);
	json_add_strbuf(&w, "serialNumber", &serial);
	json_add_number(&w, "version", 1);
	add_metadata(&w, &sbom);
	json_begin_array(&w, "components");
	for (size_t i = 0; i < inventory->count && !w.status; i++)
		add_item(&w, &sbom, &inventory->items[i]);
	json_end(&w);
	add_dependencies(&w, &sbom);
	return json_write_end(&w);
}
