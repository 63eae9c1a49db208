// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/result_words.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/text.h"

static void add_kernel(struct strbuf *buf, const struct results *r, uint32_t kernel)
{
	if (kernel == NO_INDEX)
		return;
	strbuf_adds(buf, " [");
	escape_text(buf, r->kernels[kernel]->label);
	strbuf_addc(buf, ']');
}

void result_words(struct strbuf *buf, const struct results *r, const struct result *result,
		  bool with_kernel)
{
	escape_text(buf, result->message);
	if (result->evidence) {
		strbuf_adds(buf, " (");
		escape_text(buf, result->evidence);
		strbuf_addc(buf, ')');
	}
	if (with_kernel)
		add_kernel(buf, r, result->kernel);
}

void result_gap_words(struct strbuf *buf, const struct results *r, const struct result_gap *gap,
		      bool with_kernel)
{
	if (gap->symbol) {
		escape_text(buf, gap->symbol);
		strbuf_adds(buf, ": ");
	}
	escape_text(buf, gap->text);
	if (with_kernel)
		add_kernel(buf, r, gap->kernel);
}

void results_summary_words(struct strbuf *buf, const struct results *r)
{
	size_t counting = r->count - r->waived - r->known;

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
	if (r->gap_count) {
		strbuf_adds(buf, "; ");
		text_number(buf, r->gap_count);
		strbuf_adds(buf, " not checked");
	}
}

void result_excuse_words(struct strbuf *buf, const struct result *result)
{
	_cleanup_(strbuf_release) struct strbuf reason = {NULL, 0, 0, false};
	const struct waiver *waiver = result->waived;

	if (!waiver) {
		strbuf_adds(buf, result->known ? "in the baseline" : "");
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

static const char *file_of(const struct results *r, uint32_t module, uint32_t kernel,
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

const char *result_file(const struct results *r, const struct result *result)
{
	return file_of(r, result->module, result->kernel, result->path);
}

const char *result_gap_file(const struct results *r, const struct result_gap *gap)
{
	return file_of(r, gap->module, gap->kernel, NULL);
}
