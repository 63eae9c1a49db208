// SPDX-License-Identifier: GPL-2.0-or-later
/* The inventory as text, and tab separated. */
#include "write/modules.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "model/license.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

enum column {
	COLUMN_MODULE,
	COLUMN_PATH,
	COLUMN_VERSION,
	COLUMN_SRCVERSION,
	COLUMN_VERMAGIC,
	COLUMN_LICENSE,
	COLUMN_GPL,
	COLUMN_SPDX,
	COLUMN_IN_TREE,
	COLUMN_BUILTIN,
	COLUMN_SIGNER,
	COLUMN_SHA256,
	COLUMN_TAINTS,
	COLUMN_EXPORTS,
	COLUMN_EXPORTS_GPL,
	COLUMN_EXPORTS_RESERVED,
	COLUMN_IMPORTS,
	COLUMN_IMPORTS_GPL,
	COLUMN_IMPORTS_RESERVED,
	COLUMN_IMPORTS_MISSING,
	COLUMN_NAMESPACES,
	COLUMN_SIZE,
	COLUMN_LOADED_TAINTS,
	/* of licenses */
	COLUMN_MODULES,
	COLUMN_READING
};

const char *modules_license_word(const struct inventory_license *license)
{
	if (license->at_load)
		return license->at_build ? "GPL-compatible" : "GPL-compatible for the loader alone";
	return "not GPL-compatible";
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static const char *yes_or_no(bool value)
{
	return value ? "yes" : "no";
}

const char *modules_signer(const struct ksa_module *m)
{
	if (m->builtin)
		return "";
	if (!m->is_signed)
		return "no";
	return m->loading.signer	  ? m->loading.signer
	       : m->loading.signature_key ? m->loading.signature_key
					  : "unknown";
}

static const char *joined(const struct string_list *list, struct strbuf *scratch)
{
	for (size_t i = 0; i < list->count; i++)
		strbuf_printf(scratch, "%s%s", i ? "," : "", list->items[i]);
	return strbuf_string(scratch);
}

static const char *counted(bool known, size_t n, struct strbuf *scratch)
{
	if (known)
		strbuf_number(scratch, n);
	return strbuf_string(scratch);
}

/* What is counted, and what is known of the loaded one. */
static const char *number_cell(const struct inventory *inventory, const struct inventory_item *item,
			       int column, struct strbuf *scratch)
{
	const struct ksa_module *m = item->module;
	bool file = !m->builtin, known = file && inventory->kernel;

	switch (column) {
	case COLUMN_EXPORTS:
		return counted(file, m->export_count, scratch);
	case COLUMN_EXPORTS_GPL:
		return counted(file, item->exports.gpl, scratch);
	case COLUMN_EXPORTS_RESERVED:
		return counted(file, item->exports.reserved, scratch);
	case COLUMN_IMPORTS:
		return counted(file, m->import_count, scratch);
	case COLUMN_IMPORTS_GPL:
		return counted(known, item->imports.gpl, scratch);
	case COLUMN_IMPORTS_RESERVED:
		return counted(known, item->imports.reserved, scratch);
	case COLUMN_IMPORTS_MISSING:
		return counted(known, item->imports.missing, scratch);
	case COLUMN_SIZE:
		return counted(item->loaded != NULL, item->loaded ? item->loaded->size : 0,
			       scratch);
	case COLUMN_LOADED_TAINTS:
		return item->loaded ? item->loaded->taints : "";
	default:
		return joined(&m->import_ns, scratch);
	}
}

static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct inventory *inventory = data;
	const struct inventory_item *item = &inventory->items[row];
	const struct inventory_license *license = &inventory->licenses[item->license];
	const struct ksa_module *m = item->module;
	const char *const texts[] = {
		[COLUMN_MODULE] = m->name,
		[COLUMN_PATH] = item->path,
		[COLUMN_VERSION] = or_empty(m->version),
		[COLUMN_SRCVERSION] = or_empty(m->srcversion),
		[COLUMN_VERMAGIC] = or_empty(m->vermagic),
		[COLUMN_LICENSE] = license->text,
		[COLUMN_GPL] = license->at_build  ? "yes"
			       : license->at_load ? "load"
						  : "no",
		[COLUMN_SPDX] = license->spdx ? license->spdx : "NOASSERTION",
		[COLUMN_IN_TREE] = yes_or_no(m->in_tree),
		[COLUMN_BUILTIN] = yes_or_no(m->builtin),
		[COLUMN_SIGNER] = modules_signer(m),
		[COLUMN_SHA256] = or_empty(m->sha256),
		[COLUMN_TAINTS] = item->taints,
	};

	if ((size_t)column < sizeof(texts) / sizeof(*texts))
		return texts[column];
	return number_cell(inventory, item, column, scratch);
}

static const char *color(const void *data, size_t row, int column)
{
	const struct inventory *inventory = data;
	const struct inventory_item *item = &inventory->items[row];

	if (column == COLUMN_LICENSE && !inventory->licenses[item->license].at_build)
		return COLOR_RED;
	return column == COLUMN_TAINTS && *item->taints ? COLOR_YELLOW : NULL;
}

static const char *license_cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct inventory *inventory = data;
	const struct inventory_license *license = &inventory->licenses[row];

	switch (column) {
	case COLUMN_LICENSE:
		return license->text;
	case COLUMN_MODULES:
		text_number(scratch, license->modules);
		return strbuf_string(scratch);
	case COLUMN_READING:
		return modules_license_word(license);
	default:
		return license->spdx ? license->spdx : "NOASSERTION";
	}
}

static void add_word(struct strbuf *buf, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	strbuf_printf(buf, "    %s: ", label);
	escape_text(buf, text);
	strbuf_addc(buf, '\n');
}

static void add_list(struct strbuf *buf, const char *label, const struct string_list *list)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};
	struct text_wrap wrap = {.buf = buf, .indent = 6};
	size_t start = buf->length;

	if (!list->count)
		return;
	strbuf_printf(buf, "    %s: ", label);
	wrap.column = buf->length - start;
	for (size_t i = 0; i < list->count; i++) {
		strbuf_reset(&escaped);
		escape_text(&escaped, list->items[i]);
		text_wrap_item(&wrap, strbuf_string(&escaped));
	}
	strbuf_addc(buf, '\n');
	buf->failed |= escaped.failed;
}

/* "    exports: 12 plain, 3 gpl" */
static void add_classes(struct strbuf *buf, const char *label, const size_t counts[6])
{
	static const char *const words[] = {
		"plain", "gpl", "reserved", "of other classes", "of unknown class", "missing"};
	const char *before = "";

	if (!(counts[0] | counts[1] | counts[2] | counts[3] | counts[4] | counts[5]))
		return;
	strbuf_printf(buf, "    %s: ", label);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!counts[i])
			continue;
		strbuf_adds(buf, before);
		text_number(buf, counts[i]);
		strbuf_printf(buf, " %s", words[i]);
		before = ", ";
	}
	strbuf_addc(buf, '\n');
}

/* "    built from GPL-2.0-only (12 headers): fs/ext4/balloc.c, ..." */
static void add_source_license(const struct inventory_source_license *l, struct strbuf *buf)
{
	_cleanup_(strbuf_release) struct strbuf label = {NULL, 0, 0, false};
	const struct string_list files = {l->files, l->file_count};

	strbuf_adds(&label, "built from ");
	escape_text(&label, l->license);
	text_count(&label, " (", l->headers, "header");
	strbuf_addc(&label, ')');
	if (files.count)
		add_list(buf, strbuf_string(&label), &files);
	else
		strbuf_printf(buf, "    %s\n", strbuf_string(&label));
	buf->failed |= label.failed;
}

/* What -v says of a module. */
static void add_details(const void *data, size_t row, struct strbuf *buf)
{
	const struct inventory *inventory = data;
	const struct inventory_item *item = &inventory->items[row];
	const struct inventory_license *license = &inventory->licenses[item->license];
	const struct inventory_imports *in = &item->imports;
	const struct ksa_module *m = item->module;

	add_word(buf, "srcversion", m->srcversion);
	add_word(buf, "vermagic", m->vermagic);
	add_word(buf, "sha256", m->sha256);
	add_word(buf, "signer", m->loading.signer);
	add_word(buf, "signature key", m->loading.signature_key);
	for (size_t i = 0; i < license->count; i++) {
		const char *meaning = license_meaning(license->strings[i]);

		if (meaning)
			strbuf_printf(buf, "    license \"%s\": %s\n", license->strings[i],
				      meaning);
	}
	add_classes(buf, "exports",
		    (const size_t[]){item->exports.plain, item->exports.gpl, item->exports.reserved,
				     item->exports.other, 0, 0});
	if (inventory->kernel)
		add_classes(buf, "imports",
			    (const size_t[]){in->plain, in->gpl, in->reserved, in->other,
					     in->unknown, in->missing});
	add_list(buf, "GPL-only imports", &item->gpl_only);
	add_list(buf, "reserved imports", &item->reserved);
	add_list(buf, "namespaces", &m->import_ns);
	for (size_t i = 0; i < item->source_license_count; i++)
		add_source_license(&item->sources[i], buf);
	if (item->loaded) {
		strbuf_adds(buf, "    loaded: ");
		escape_text(buf, item->loaded->state);
		strbuf_printf(buf, ", %llu bytes\n", (unsigned long long)item->loaded->size);
	}
}

/* True if the kernel does not export all that the modules import: it may not be theirs. */
static bool has_missing(const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->items[i].imports.missing)
			return true;
	return false;
}

static int write_items(const struct inventory *inventory,
		       const struct modules_text_options *options, struct strbuf *buf, FILE *out,
		       struct ksa_error *err)
{
	static const struct table_column columns[] = {
		{.name = "module", .id = COLUMN_MODULE, .widest = 28},
		{.name = "version", .id = COLUMN_VERSION, .widest = 12},
		{.name = "license", .id = COLUMN_LICENSE, .widest = 25},
		{.name = "taints", .id = COLUMN_TAINTS, .widest = 6},
		{.name = "loaded", .id = COLUMN_LOADED_TAINTS, .widest = 6},
		{.name = "size", .id = COLUMN_SIZE, .widest = 10},
		{.name = "exports", .id = COLUMN_EXPORTS, .widest = 7},
		{.name = "imports", .id = COLUMN_IMPORTS, .widest = 7},
		{.name = "gpl-only", .id = COLUMN_IMPORTS_GPL, .widest = 8},
		{.name = "reserved", .id = COLUMN_IMPORTS_RESERVED, .widest = 8},
		{.name = "missing", .id = COLUMN_IMPORTS_MISSING, .widest = 8},
		{.name = "path", .id = COLUMN_PATH},
		{.name = NULL}};
	const struct table t = {
		.columns = columns,
		.hide = (inventory->kernel
				 ? 0
				 : 1u << COLUMN_IMPORTS_GPL | 1u << COLUMN_IMPORTS_RESERVED) |
			(has_missing(inventory) ? 0 : 1u << COLUMN_IMPORTS_MISSING) |
			(inventory->is_loaded ? 0 : 1u << COLUMN_LOADED_TAINTS | 1u << COLUMN_SIZE),
		.count = inventory->count,
		.data = inventory,
		.cell = cell,
		.color = options->color ? color : NULL,
		.below = options->verbose ? add_details : NULL};

	strbuf_addc(buf, '\n');
	return table_text(&t, buf, out, err);
}

static int write_licenses(const struct inventory *inventory, struct strbuf *buf, FILE *out,
			  struct ksa_error *err)
{
	static const struct table_column columns[] = {
		{.name = "license", .id = COLUMN_LICENSE, .widest = 40},
		{.name = "modules", .id = COLUMN_MODULES, .widest = 7},
		{.name = "spdx", .id = COLUMN_SPDX, .widest = 24},
		{.name = "the kernel's reading", .id = COLUMN_READING},
		{.name = NULL}};
	const struct table t = {.columns = columns,
				.count = inventory->license_count,
				.data = inventory,
				.cell = license_cell};

	strbuf_addc(buf, '\n');
	return table_text(&t, buf, out, err);
}

static size_t count_incompatible(const struct inventory *inventory)
{
	size_t n = 0;

	for (size_t i = 0; i < inventory->license_count; i++)
		if (!inventory->licenses[i].at_build)
			n += inventory->licenses[i].modules;
	return n;
}

void modules_summary(const struct inventory *inventory, struct strbuf *buf)
{
	size_t files = inventory->count - inventory->builtin;

	text_count(buf, "", files, inventory->is_loaded ? "loaded module" : "module");
	if (inventory->builtin) {
		strbuf_adds(buf, " and ");
		text_number(buf, inventory->builtin);
		strbuf_adds(buf, " built in");
	}
	strbuf_adds(buf, ": ");
	text_number(buf, inventory->count - inventory->in_tree);
	strbuf_adds(buf, " out of tree, ");
	text_number(buf, files - inventory->signed_);
	strbuf_adds(buf, " not signed, ");
	text_number(buf, count_incompatible(inventory));
	strbuf_adds(buf, " not GPL-compatible");
	if (inventory->gap_count) {
		strbuf_adds(buf, ", ");
		text_number(buf, inventory->gap_count);
		strbuf_adds(buf, " not read");
	}
}

static void add_head(const struct inventory *inventory, struct strbuf *buf)
{
	modules_summary(inventory, buf);
	strbuf_addc(buf, '\n');
	for (size_t i = 0; i < inventory->source_count; i++) {
		strbuf_adds(buf, "from: ");
		escape_text(buf, inventory->sources[i].path);
		strbuf_addc(buf, '\n');
	}
	strbuf_adds(buf, "classes of imports: ");
	if (inventory->kernel)
		text_kernel(buf, inventory->kernel);
	else
		strbuf_adds(buf, "not known without a kernel (-k)");
	strbuf_addc(buf, '\n');
	text_notices(buf, inventory->notices, inventory->notice_count);
	for (size_t i = 0; i < inventory->gap_count; i++) {
		strbuf_adds(buf, "not read: ");
		escape_text(buf, inventory->gaps[i].path);
		strbuf_adds(buf, ": ");
		escape_text(buf, inventory->gaps[i].why);
		strbuf_addc(buf, '\n');
	}
}

int write_modules_text(const struct inventory *inventory,
		       const struct modules_text_options *options, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	add_head(inventory, &buf);
	if (inventory->license_count)
		r = write_licenses(inventory, &buf, out, err);
	if (!r && inventory->count && !options->quiet)
		r = write_items(inventory, options, &buf, out, err);
	return out_end(r, &buf, out, err);
}

int write_modules_tsv(const struct inventory *inventory, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	static const struct table_column columns[] = {
		{.name = "module", .id = COLUMN_MODULE},
		{.name = "path", .id = COLUMN_PATH},
		{.name = "version", .id = COLUMN_VERSION},
		{.name = "srcversion", .id = COLUMN_SRCVERSION},
		{.name = "vermagic", .id = COLUMN_VERMAGIC},
		{.name = "license", .id = COLUMN_LICENSE},
		{.name = "gpl_compatible", .id = COLUMN_GPL},
		{.name = "spdx", .id = COLUMN_SPDX},
		{.name = "in_tree", .id = COLUMN_IN_TREE},
		{.name = "builtin", .id = COLUMN_BUILTIN},
		{.name = "signer", .id = COLUMN_SIGNER},
		{.name = "sha256", .id = COLUMN_SHA256},
		{.name = "taints", .id = COLUMN_TAINTS},
		{.name = "exports", .id = COLUMN_EXPORTS},
		{.name = "exports_gpl", .id = COLUMN_EXPORTS_GPL},
		{.name = "exports_reserved", .id = COLUMN_EXPORTS_RESERVED},
		{.name = "imports", .id = COLUMN_IMPORTS},
		{.name = "imports_gpl", .id = COLUMN_IMPORTS_GPL},
		{.name = "imports_reserved", .id = COLUMN_IMPORTS_RESERVED},
		{.name = "imports_missing", .id = COLUMN_IMPORTS_MISSING},
		{.name = "namespaces", .id = COLUMN_NAMESPACES},
		{.name = "loaded_size", .id = COLUMN_SIZE},
		{.name = "loaded_taints", .id = COLUMN_LOADED_TAINTS},
		{.name = NULL}};
	const struct table t = {
		.columns = columns, .count = inventory->count, .data = inventory, .cell = cell};

	return out_end(table_tsv(&t, &buf, out, err), &buf, out, err);
}
