// SPDX-License-Identifier: GPL-2.0-or-later
/* diff -i: what the interactive diff is given, and what it writes. */
#include "cmd/diff.h"

#include <string.h>
#include <sys/stat.h>

#include "audit/diff/diff.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "tui/tui.h"
#include "write/diff.h"

static int write_shown(const struct diff_view *shown, const char *format, FILE *file,
		       struct ksa_error *err)
{
	if (strcmp(format, "json") == 0)
		return write_diff_json(shown, 1, file, err);
	if (strcmp(format, "tsv") == 0)
		return write_diff_tsv(shown, 1, file, err);
	return write_diff_markdown(shown, file, err);
}

static int export(void *ctx, const struct diff_view *shown, const char *format, const char *path,
		  struct ksa_error *err)
{
	struct output out;
	struct stat st;

	(void)ctx;
	/* A FIFO would wait for its reader, and nobody could end that: signals are held back. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return ksa_fail(err, KSA_EUSAGE, "'%s' is not a regular file", path);
	if (output_open_file(&out, path, err))
		return err->code;
	if (write_shown(shown, format, out.file, err))
		output_failed(&out, err);
	else
		output_close(&out, true, EXIT_CLEAN);
	return err->code;
}

int diff_check_interactive(const struct invocation *inv)
{
	if (inv->common.formats.count || inv->common.output)
		return usage_error(inv, "-i writes nothing by itself: leave out --format and "
					"--output, and press e there");
	if (inv->operand_count != 2)
		return usage_error(inv, "-i is for two kernels");
	if (!tui_has_terminal()) {
		const struct ksa_error err = {
			.code = KSA_EUNSUPPORTED,
			.text = "-i needs a terminal; 'ksymaudit diff OLD NEW' prints text"};

		return print_error(&err);
	}
	return 0;
}

int diff_interactive(const struct invocation *inv, const struct diff *diff,
		     const struct diff_options *options)
{
	_cleanup_(diff_view_release) struct diff_view rows = {.rows = NULL};
	struct diff_filter filter = options->filter;
	bool one = filter.families.count == 1;
	struct tui_options tui = {.rows = &rows,
				  .family = one ? filter.families.items[0] : NULL,
				  .only_modules = options->modules.count > 0,
				  .color = want_color(inv),
				  .export = export};
	struct ksa_error err = {.code = 0};

	/* What the user can take back there is no limit on what can be shown. */
	if (one)
		filter.families.count = 0;
	filter.fold = false;
	filter.all_rows = true;
	if (diff_view_make(diff, &filter, &rows, &err) || tui_diff_run(diff, &tui, &err))
		return print_error(&err);
	return EXIT_CLEAN;
}

void diff_dump_keys(void)
{
	_cleanup_(strbuf_release) struct strbuf names = {.data = NULL};
	const char *help;

	for (size_t i = 0; (help = tui_key_help(i, &names)); i++)
		printf("key\tdiff\t%s\t%s\n", strbuf_string(&names), help);
}
