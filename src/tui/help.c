// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/help.h"

#include "base/cleanup.h"
#include "tui/tui.h"

#define INDENT 22

static void add_kernel(const struct ksa_kernel *kernel, unsigned int width, struct lines *out)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

	strbuf_printf(&text, "%s%s%s%s%zu exports", kernel->release, *kernel->release ? " " : "",
		      kernel->arch, *kernel->arch ? " " : "", kernel->export_count);
	for (size_t i = 0; i < kernel->source_count; i++)
		strbuf_printf(&text, "%s%s (%s)",
			      i ? ", " : "; read from: ", kernel->sources[i].name,
			      source_kind_name(kernel->sources[i].kind));
	lines_wrap(out, kernel->label, INDENT, width, strbuf_string(&text));
	for (size_t i = 0; i < kernel->notice_count; i++)
		lines_wrap(out, "", INDENT, width, kernel->notices[i]);
}

static void add_heading(struct lines *out, const char *text)
{
	lines_add(out, 0, 0, "%s", "");
	lines_add(out, CELL_BOLD, 0, "%s", text);
}

void help_lines(const struct diff *diff, unsigned int width, struct lines *out)
{
	_cleanup_(strbuf_release) struct strbuf names = {.data = NULL};
	const char *help;

	for (size_t i = 0; (help = tui_key_help(i, &names)); i++)
		lines_wrap(out, strbuf_string(&names), INDENT, width, help);
	lines_add(out, 0, 0, "%s", "");
	lines_wrap(
		out, "", 0, width,
		"Each symbol stands once, in the group of the worst that happened to it; what else "
		"changed shows in its columns.");
	add_heading(out, "kernels");
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
		add_kernel(diff->kernels[side], width, out);
	if (diff->gap_count)
		add_heading(out, "not compared");
	for (size_t i = 0; i < diff->gap_count; i++) {
		const struct diff_gap *gap = &diff->gaps[i];

		lines_wrap(out, gap->axis < AXIS_COUNT ? diff_axis_name(gap->axis) : "", INDENT,
			   width, gap->text);
	}
	if (diff->module_count)
		add_heading(out, "modules");
	for (size_t i = 0; i < diff->module_count; i++) {
		_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
		const struct diff_module *m = &diff->modules[i];

		strbuf_printf(&text, "%s%s%s", diff_fate_name(m->fate), m->why ? ": " : "",
			      m->why ? m->why : "");
		lines_wrap(out, m->module->name, INDENT, width, strbuf_string(&text));
	}
}
