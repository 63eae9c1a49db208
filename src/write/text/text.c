// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/text/text.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"

#define WRAP_COLUMNS 100

size_t text_width(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += ((unsigned char)*s & 0xc0) != 0x80;
	return width;
}

bool text_is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void text_cell(struct strbuf *buf, const char *text, size_t width)
{
	size_t is = text_width(text);

	strbuf_adds(buf, text);
	strbuf_pad(buf, (is < width ? width - is : 0) + 2);
}

void text_number(struct strbuf *buf, size_t n)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%zu", n);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			strbuf_addc(buf, ',');
		strbuf_addc(buf, digits[i]);
	}
}

void text_count(struct strbuf *buf, const char *before, size_t n, const char *noun)
{
	strbuf_adds(buf, before);
	text_number(buf, n);
	strbuf_printf(buf, " %s%s", noun, n == 1 ? "" : "s");
}

void text_wrap_item(struct text_wrap *wrap, const char *item)
{
	size_t width = text_width(item);

	if (wrap->any) {
		strbuf_addc(wrap->buf, ',');
		wrap->column++;
	}
	if (wrap->any && wrap->column + 2 + width > WRAP_COLUMNS) {
		strbuf_addc(wrap->buf, '\n');
		strbuf_pad(wrap->buf, wrap->indent);
		wrap->column = wrap->indent;
	} else if (wrap->any) {
		strbuf_addc(wrap->buf, ' ');
		wrap->column++;
	}
	strbuf_adds(wrap->buf, item);
	wrap->column += width;
	wrap->any = true;
}

/* What the .ko files together are called: their number, or the name of the only one. */
static void add_modules(const struct ksa_kernel *kernel, const struct kernel_source *first,
			size_t sources, size_t exports, struct strbuf *buf)
{
	size_t modules = 0;

	for (size_t i = 0; i < kernel->module_count; i++)
		modules += !kernel->modules[i].builtin;
	/* A whole tree may be one source. */
	if (modules < sources)
		modules = sources;
	if (modules == 1)
		escape_text(buf, first->name);
	else
		strbuf_printf(buf, "%zu modules", modules);
	strbuf_printf(buf, modules == 1 ? " (module, %zu)" : " (%zu)", exports);
}

/* The sources of one origin (read here, or named by a snapshot), thousands of modules as one. */
static bool add_sources(const struct ksa_kernel *kernel, bool inherited, const char *lead,
			struct strbuf *buf)
{
	size_t modules = 0, module_exports = 0;
	bool any = false;

	for (size_t i = 0; i < kernel->source_count; i++) {
		const struct kernel_source *s = &kernel->sources[i];

		if (s->inherited == inherited && s->kind == SOURCE_MODULE) {
			modules++;
			module_exports += s->exports;
		}
	}
	for (size_t i = 0; i < kernel->source_count; i++) {
		const struct kernel_source *s = &kernel->sources[i];

		if (s->inherited != inherited || (s->kind == SOURCE_MODULE && !modules))
			continue;
		strbuf_adds(buf, any ? ", " : lead);
		any = true;
		if (s->kind == SOURCE_MODULE) {
			add_modules(kernel, s, modules, module_exports, buf);
			modules = 0;
			continue;
		}
		escape_text(buf, s->name);
		if (s->kind != SOURCE_OTHER)
			strbuf_printf(buf, " (%s, %zu)", source_kind_name(s->kind), s->exports);
	}
	return any;
}

void text_sources(struct strbuf *buf, const struct ksa_kernel *kernel, const char *indent)
{
	bool any;

	if (!kernel->source_count)
		return;
	strbuf_adds(buf, indent);
	any = add_sources(kernel, false, "read from: ", buf);
	add_sources(kernel, true, any ? "; made from: " : "made from: ", buf);
	strbuf_addc(buf, '\n');
}

void text_source(struct strbuf *buf, const struct ksa_export *e)
{
	strbuf_adds(buf, e->source_file ? e->source_file : "");
	if (e->source_file && e->source_line)
		strbuf_printf(buf, ":%u", e->source_line);
}

void text_kernel(struct strbuf *buf, const struct ksa_kernel *kernel)
{
	escape_text(buf, *kernel->release ? kernel->release : kernel->label);
	if (*kernel->arch) {
		strbuf_addc(buf, ' ');
		escape_text(buf, kernel->arch);
	}
}

void text_notices(struct strbuf *buf, const char *const *notices, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		strbuf_adds(buf, "notice: ");
		escape_text(buf, notices[i]);
		strbuf_addc(buf, '\n');
	}
}
