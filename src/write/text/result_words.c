// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/text/result_words.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/text/text.h"

static void add_kernel(struct strbuf *buf, const struct ksa_report *r, uint32_t kernel)
{
	if (kernel == NO_INDEX)
		return;
	strbuf_adds(buf, " [");
	escape_text(buf, r->kernels[kernel]->label);
	strbuf_addc(buf, ']');
}

void finding_words(struct strbuf *buf, const struct ksa_report *r, const struct ksa_finding *f,
		   bool with_kernel)
{
	escape_text(buf, finding_text(f));
	if (f->evidence) {
		strbuf_adds(buf, " (");
		escape_text(buf, f->evidence);
		strbuf_addc(buf, ')');
	}
	if (with_kernel)
		add_kernel(buf, r, f->kernel);
}

void unchecked_words(struct strbuf *buf, const struct ksa_report *r, const struct ksa_unchecked *u,
		     bool with_kernel)
{
	if (u->symbol) {
		escape_text(buf, u->symbol);
		strbuf_adds(buf, ": ");
	}
	escape_text(buf, u->text);
	if (with_kernel)
		add_kernel(buf, r, u->kernel);
}

void report_summary_words(struct strbuf *buf, const struct ksa_report *r)
{
	size_t counting = r->finding_count - r->waived - r->known;

	if (counting) {
		text_count(buf, "", r->levels[KSA_LEVEL_ERROR], "error");
		text_count(buf, ", ", r->levels[KSA_LEVEL_WARNING], "warning");
		text_count(buf, ", ", r->levels[KSA_LEVEL_NOTE], "note");
	} else {
		strbuf_adds(buf, "no findings");
	}
	if (r->waived) {
		strbuf_adds(buf, "; ");
		text_number(buf, r->waived);
		strbuf_adds(buf, " waived");
	}
	if (r->known) {
		strbuf_adds(buf, "; ");
		text_number(buf, r->known);
		strbuf_adds(buf, " in the baseline");
	}
	if (r->unchecked_count) {
		strbuf_adds(buf, "; ");
		text_number(buf, r->unchecked_count);
		strbuf_adds(buf, " not checked");
	}
}

void finding_excuse_words(struct strbuf *buf, const struct ksa_finding *f)
{
	_cleanup_(strbuf_release) struct strbuf reason = {NULL, 0, 0, false};
	const struct waiver *waiver = f->waived;

	if (!waiver) {
		strbuf_adds(buf, f->known ? "in the baseline" : "");
		return;
	}
	/* The reason may be several lines of prose. */
	for (const char *s = waiver->reason; *s; s++)
		if (*s != '\n')
			strbuf_addc(&reason, *s);
		else if (s[1])
			strbuf_addc(&reason, ' ');
	strbuf_adds(buf, "waived by ");
	escape_text(buf, waiver->by);
	strbuf_printf(buf, " until %s: ", waiver->expires);
	escape_text(buf, strbuf_string(&reason));
	buf->failed |= reason.failed;
}

static const char *file_of(const struct ksa_report *r, uint32_t module, uint32_t kernel,
			   const char *path)
{
	if (!path)
		path = module != NO_INDEX   ? r->modules[module]->path
		       : kernel != NO_INDEX ? r->kernels[kernel]->spec
					    : NULL;
	if (!path || !*path)
		path = r->command;
	while (path[0] == '.' && path[1] == '/' && path[2])
		path += 2;
	return path;
}

const char *finding_file(const struct ksa_report *r, const struct ksa_finding *f)
{
	return file_of(r, f->module, f->kernel, f->path);
}

const char *unchecked_file(const struct ksa_report *r, const struct ksa_unchecked *u)
{
	return file_of(r, u->module, u->kernel, NULL);
}
