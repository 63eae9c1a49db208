// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of an inventory. */
#include "write/modules.h"

#include "base/cleanup.h"
#include "write/html/html.h"
#include "write/text/text.h"

struct page {
	struct html html;
	const struct inventory *inventory;
	struct strbuf value;
};

static void page_release(struct page *p)
{
	html_release(&p->html);
	strbuf_release(&p->value);
}

static const char *value_of(struct page *p)
{
	p->html.buf.failed |= p->value.failed;
	return strbuf_string(&p->value);
}

static void put_head(struct page *p)
{
	const struct inventory *inventory = p->inventory;

	html_begin(&p->html, "ksymaudit modules: what there is, and under which licenses");
	modules_summary(inventory, &p->value);
	html_element(&p->html, "p", value_of(p));
	html_raw(&p->html, "<ul class=\"note\">\n");
	for (size_t i = 0; i < inventory->source_count; i++) {
		strbuf_reset(&p->value);
		strbuf_printf(&p->value, "from: %s", inventory->sources[i].path);
		html_element(&p->html, "li", value_of(p));
	}
	strbuf_reset(&p->value);
	strbuf_adds(&p->value, "classes of imports: ");
	if (inventory->kernel)
		text_kernel(&p->value, inventory->kernel);
	else
		strbuf_adds(&p->value, "not known without a kernel");
	html_element(&p->html, "li", value_of(p));
	for (size_t i = 0; i < inventory->notice_count; i++)
		html_element(&p->html, "li", inventory->notices[i]);
	for (size_t i = 0; i < inventory->gap_count; i++) {
		strbuf_reset(&p->value);
		strbuf_printf(&p->value, "not read: %s: %s", inventory->gaps[i].path,
			      inventory->gaps[i].why);
		html_element(&p->html, "li", value_of(p));
	}
	html_raw(&p->html, "</ul>\n");
}

static void put_licenses(struct page *p)
{
	struct html *h = &p->html;

	html_raw(h, "<h2>Licenses</h2>\n");
	html_plain_table(h, "licenses", "License strings, and how the kernel takes them");
	html_raw(h, "<tr><th scope=\"col\">license</th><th scope=\"col\">the kernel's "
		    "reading</th><th scope=\"col\">SPDX</th><th scope=\"col\" "
		    "class=\"number\">modules</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->inventory->license_count; i++) {
		const struct inventory_license *license = &p->inventory->licenses[i];

		html_raw(h, "<tr><th scope=\"row\">");
		html_text(h, license->count ? license->text : "none");
		html_raw(h, "</th>");
		html_element(h, "td", modules_license_word(license));
		html_element(h, "td", license->spdx ? license->spdx : "NOASSERTION");
		html_raw(h, "<td class=\"number\">");
		text_number(&h->buf, license->modules);
		html_raw(h, "</td></tr>\n");
		html_drain(h);
	}
	html_raw(h, "</tbody>\n</table>\n</div>\n");
}

static void put_number(struct page *p, struct html_table *t, bool known, size_t n)
{
	strbuf_reset(&p->value);
	if (known)
		strbuf_number(&p->value, n);
	html_cell(t, value_of(p));
}

static void put_list(struct page *p, struct html_table *t, const char *label,
		     const struct string_list *list)
{
	strbuf_reset(&p->value);
	for (size_t i = 0; i < list->count; i++)
		strbuf_printf(&p->value, "%s%s", i ? ", " : "", list->items[i]);
	html_detail(t, label, list->count ? value_of(p) : NULL);
}

static void put_item(struct page *p, struct html_table *t, const struct inventory_item *item)
{
	const struct inventory *inventory = p->inventory;
	const struct inventory_license *license = &inventory->licenses[item->license];
	const struct ksa_module *m = item->module;
	bool file = !m->builtin, known = file && inventory->kernel;

	html_cell(t, m->name);
	html_cell(t, m->version ? m->version : "");
	html_cell(t, license->count ? license->text : "none");
	html_cell(t, license->at_build ? "yes" : license->at_load ? "load" : "no");
	html_cell(t, m->builtin ? "built in" : m->in_tree ? "yes" : "no");
	html_cell(t, modules_signer(m));
	html_cell(t, item->taints);
	put_number(p, t, file, m->export_count);
	put_number(p, t, file, m->import_count);
	put_number(p, t, known, item->imports.gpl);
	put_number(p, t, known, item->imports.reserved);
	html_cell(t, item->path);
	html_detail(t, "sha256", m->sha256);
	html_detail(t, "vermagic", m->vermagic);
	html_detail(t, "srcversion", m->srcversion);
	html_detail(t, "loaded, taints", item->loaded ? item->loaded->taints : NULL);
	put_list(p, t, "GPL-only imports", &item->gpl_only);
	put_list(p, t, "reserved imports", &item->reserved);
	put_list(p, t, "namespaces", &m->import_ns);
	html_row_end(t);
}

static void put_items(struct page *p)
{
	static const struct html_column columns[] = {
		{"module", NULL, HTML_NAME, false},
		{"version", NULL, HTML_TEXT, false},
		{"license", NULL, HTML_TEXT, true},
		{"GPL-compatible", "no load yes", HTML_TEXT, true},
		{"in tree", NULL, HTML_TEXT, true},
		{"signer", NULL, HTML_TEXT, true},
		{"taints", NULL, HTML_TEXT, true},
		{"exports", NULL, HTML_NUMBER, false},
		{"imports", NULL, HTML_NUMBER, false},
		{"GPL-only", NULL, HTML_NUMBER, false},
		{"reserved", NULL, HTML_NUMBER, false},
		{"path", NULL, HTML_MAIN, false},
	};
	struct html_table table = {.html = &p->html,
				   .id = "modules",
				   .caption = "Modules, by path",
				   .noun = "module",
				   .columns = columns,
				   .column_count = sizeof(columns) / sizeof(*columns),
				   .row_count = p->inventory->count};

	html_raw(&p->html, "<h2>Modules</h2>\n");
	html_table_begin(&table);
	for (size_t i = 0; i < p->inventory->count; i++)
		put_item(p, &table, &p->inventory->items[i]);
	html_table_end(&table);
}

int write_modules_html(const struct inventory *inventory, FILE *out, struct ksa_error *err)
{
	_cleanup_(page_release) struct page p = {.html = {.out = out, .err = err},
						 .inventory = inventory};

	put_head(&p);
	if (inventory->license_count)
		put_licenses(&p);
	if (inventory->count)
		put_items(&p);
	return html_end(&p.html);
}
