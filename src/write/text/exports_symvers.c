// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/exports.h"

#include "base/cleanup.h"
#include "write/out.h"

/* The type texts of modpost, by class. unknown has none that modpost would not skip or misread. */
static const char *const type_texts[CLASS_COUNT] = {
	[KSA_CLASS_UNKNOWN] = NULL,
	[KSA_CLASS_PLAIN] = "EXPORT_SYMBOL",
	[KSA_CLASS_GPL] = "EXPORT_SYMBOL_GPL",
	[KSA_CLASS_GPL_FUTURE] = "EXPORT_SYMBOL_GPL_FUTURE",
	[KSA_CLASS_UNUSED] = "EXPORT_UNUSED_SYMBOL",
	[KSA_CLASS_UNUSED_GPL] = "EXPORT_UNUSED_SYMBOL_GPL",
};

/* The file has no quoting: a tab or a line end in a name would forge fields, an escape sequence
 * would reach the terminal. */
static bool is_writable(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

static int check_export(const struct ksa_export *e, struct ksa_error *err)
{
	if (e->cls >= CLASS_COUNT || !type_texts[e->cls])
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"the class of '%s' is not known, and a Module.symvers cannot say "
				"so (modpost skips the symbol, or takes it for a plain one); -f "
				"tsv and json can; or read the kernel from its image or "
				"Module.symvers",
				e->name);
	if (!e->ns_known)
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"the namespace of '%s' is not known, and a Module.symvers cannot "
				"say so; read the kernel from its image or Module.symvers",
				e->name);
	if (!is_writable(e->name) || !is_writable(e->owner) || (e->ns && !is_writable(e->ns)))
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"the names of '%s' hold a control byte, which a Module.symvers "
				"cannot hold",
				e->name);
	return 0;
}

int write_symvers_row(const struct ksa_export *e, unsigned int columns, struct strbuf *buf,
		      struct ksa_error *err)
{
	int r = check_export(e, err);

	if (r)
		return r;
	if (columns < 4)
		return ksa_fail(err, KSA_EUNSUPPORTED,
				"rows of %u columns have no place for the class of '%s'", columns,
				e->name);
	if (e->ns && columns < 5)
		return ksa_fail(
			err, KSA_EUNSUPPORTED,
			"'%s' is in namespace %s, for which rows of %u columns have no place",
			e->name, e->ns, columns);
	strbuf_printf(buf, "0x%08x\t%s\t%s\t%s", e->has_crc ? e->crc : 0, e->name, e->owner,
		      type_texts[e->cls]);
	if (columns > 4)
		strbuf_printf(buf, "\t%s", e->ns ? e->ns : "");
	strbuf_addc(buf, '\n');
	return 0;
}

int write_exports_symvers(const struct export_view *view, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	for (size_t i = 0; i < view->count && !r; i++) {
		r = write_symvers_row(view->items[i], 5, &buf, err);
		if (!r)
			r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
