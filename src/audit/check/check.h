/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_CHECK_CHECK_H
#define AUDIT_CHECK_CHECK_H

#include "audit/check/rebuild.h"
#include "base/strmap.h"
#include "model/family.h"
#include "model/finding.h"
#include "model/pending.h"
#include "model/shipped.h"

/* An export of one of the modules under check. */
struct set_export {
	uint32_t module; /* index in the report */
	const struct ksa_export *export_;
	uint32_t next; /* index of the next one of the same name, or NO_INDEX */
};

/* Where an import of a module under check may come from; each name is looked up once a kernel. */
struct import_place {
	uint32_t first, count; /* the kernel's exports of that name */
	uint32_t needs; /* the module under check that has it, or NO_INDEX, as settle() found */
};

/* What the loader would know of a module under check on the kernel at hand. */
struct module_state {
	enum { STATE_NEW = 0, STATE_OPEN, STATE_DONE } progress;
	size_t cursor; /* imports that were looked at for modules to settle first */
	struct import_place *places; /* by import */
	bool tainted; /* proprietary: by its license or by inheritance */
	bool uses_gpl_only; /* using_gplonly_symbols of struct module */
	const char *tainted_by; /* owner it inherits from, or NULL */
	const char *tainted_symbol;
	const char *gpl_symbol; /* the first GPL-only symbol that it uses */
	const char *unknown_symbol; /* the first symbol that it uses whose class is not known */
	bool refused_at_build, unchecked, stopped; /* stopped: its symbols were not looked at */
	bool forced; /* the kernel takes it with taint F */
	bool uncertain; /* it may take it, or not */
	struct check_pair *pair; /* of a rebuild: what is known of both kernels */
	size_t first_finding; /* of the report, of those on the kernel at hand */
	size_t compared, differing; /* CRCs; counted before the module is judged */
	int refusal; /* by the loader: see check_outcome.c */
	const struct ksa_rule *refused_by; /* the first of these rules; NULL: none */
	bool incurable; /* some of what it is refused for a rebuild does not cure */
};

/* Where an import is resolved. */
struct provider {
	const struct ksa_export *export_; /* NULL: nowhere */
	const char *owner; /* as in the export, or the module's name */
	uint32_t module; /* index of the module under check, or NO_INDEX: the kernel's */
	bool tainted; /* the owner is proprietary */
};

/* A symbol that a release after that of the kernel at hand loses. */
struct check_loss {
	const struct ksa_family *family;
	const struct family_step *step;
	const char *glob; /* the step's name for it, where that is a pattern */
};

/* One run of ksa_check. */
struct check {
	struct ksa_report *report;
	const struct ksa_check_options *options;
	const struct ksa_rules *rules; /* of the options, or the shipped ones */
	bool has_site_rules; /* some are users' own */
	struct strmap names; /* exported name -> first set_export */
	struct set_export *exports;
	size_t export_count;
	struct strmap by_module; /* folded base name -> module under check */
	struct module_state *state; /* by module, of the kernel at hand */
	struct import_place *places; /* those of all modules, one after the other */
	const struct ksa_kernel *kernel; /* at hand */
	uint32_t kernel_index;
	bool kernel_has_crcs, kernel_reserves;
	bool other_build; /* the kernel's CRCs are of another build than the modules' */
	const struct ksa_pending *pending; /* what made it of the one before it, or NULL */
	bool rebuild; /* a rebuild is judged: vermagic and CRCs are not compared */
	struct check_pairs pairs; /* for rebuilds */
	struct check_loss *losses; /* of the kernel at hand: those with a glob first */
	size_t loss_count, loss_globs;
	struct strmap lost_names; /* symbol -> loss */
};

/*
 * Before modules are judged on the kernel at hand: is its Module.symvers of another build than they
 * are? Then one line says so, and each module has one finding instead of one for each import.
 */
int check_compare_builds(struct check *c, struct ksa_error *err) _must_check_;

/* The licenses that count: those of the module, or the assumed one. */
bool check_compatible_at_build(const struct check *c, const struct ksa_module *m);
bool check_compatible_at_load(const struct check *c, const struct ksa_module *m);
size_t check_license_count(const struct check *c, const struct ksa_module *m);
/* The license as a word for messages: the first string, or "none". */
const char *check_license(const struct check *c, const struct ksa_module *m);

/* What a finding says; at 0 means that neither referee objects. */
struct finding_init {
	enum rule_id rule;
	const struct ksa_rule *own; /* NULL, or instead of it: one that users added */
	unsigned int at;
	uint32_t module;
	bool as_warning; /* a warning here, whatever the rule's level */
	bool as_note; /* likewise a note */
	bool uncertain; /* the kernel may take it all the same: that cannot be told */
	bool is_led; /* a leading notice says it of all modules */
	bool cured; /* a rebuild makes it anew, whatever the rule's other cases */
	bool forcible; /* a kernel with CONFIG_MODULE_FORCE_LOAD takes it all the same: a warning */
	const char *symbol;
	const char *fix; /* NULL: the rule's; otherwise in the report's arena or static */
	const char *evidence; /* likewise; may be NULL */
	uint8_t basis; /* enum finding_basis */
	const char *file; /* of the source, where it stands; NULL: it is about the module's own */
	uint32_t line; /* in that */
};

/* Add a finding for the kernel at hand; the message is formatted. */
int check_add(struct check *c, const struct finding_init *init, struct ksa_error *err,
	      const char *format, ...) _printf_(4, 5);

/* Add what cannot be told for the kernel at hand; symbol may be NULL. */
int check_add_unchecked(struct check *c, uint32_t module, const char *symbol, struct ksa_error *err,
			const char *format, ...) _printf_(5, 6);

/* A note on the run that is said once, whatever the kernel. */
int check_add_notice(struct check *c, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

/*
 * Where module m finds the symbol on the kernel at hand: vmlinux first, then the modules under
 * check, then the kernel's own modules (those that a module under check of the same name replaces
 * are out).
 */
struct provider check_find(const struct check *c, uint32_t module, const char *symbol);

/* The same for an import of m. */
struct provider check_find_import(const struct check *c, uint32_t m, size_t import);

/* True if a module under check takes the place of the kernel's module of that owner path. */
bool check_is_replaced(const struct check *c, const char *owner);

/* The licenses, vermagic, architecture, namespaces of one module (check_module.c). *stop: the rest
 * makes no sense (another architecture). */
int check_module_facts(struct check *c, uint32_t module, bool *stop,
		       struct ksa_error *err) _must_check_;

/* What the loader asks beside that (loading.c): a signature, first of all; the rest. */
int check_signature(struct check *c, uint32_t module, struct ksa_error *err) _must_check_;
int check_loading(struct check *c, uint32_t module, struct ksa_error *err) _must_check_;

/* The imports of one module, in the loader's order; settles its state (check_symbols.c). */
int check_module_imports(struct check *c, uint32_t module, struct ksa_error *err) _must_check_;

/* What the lineage of families knows of the kernel at hand, found once (check_lineage.c). */
int check_lineage_begin(struct check *c, struct ksa_error *err) _must_check_;

/* Say of an export that the module may use here that a later release loses it. */
int check_lineage(struct check *c, uint32_t module, const struct ksa_export *e,
		  struct ksa_error *err) _must_check_;

/* What became of a symbol that the kernel at hand does not have: "removed in 6.10 (...)"; NULL. */
const char *check_lineage_missing(struct check *c, const char *symbol);

/* Say of a plain export that the module uses that it only wraps GPL-only ones (check_wraps.c). */
int check_wraps(struct check *c, uint32_t module, const struct ksa_export *e,
		struct ksa_error *err) _must_check_;

/* The kernel is a list of what is promised, and it has not this import, or another CRC of it at the
 * place that where names: the other list, and in which line (allowed.c). */
int check_not_promised(struct check *c, uint32_t module, const char *symbol,
		       struct ksa_error *err) _must_check_;
int check_other_promise(struct check *c, uint32_t module, const struct ksa_import *import,
			uint32_t crc, const char *where, struct ksa_error *err) _must_check_;

/* Is the import on the list of what the module may use (allowed.c)? */
int check_allowed(struct check *c, uint32_t module, const struct ksa_import *import,
		  const struct provider *provider, struct ksa_error *err) _must_check_;

/* What the rules that users added say of an export that the module uses (check_site.c). */
int check_site_rules(struct check *c, uint32_t module, const struct ksa_export *e,
		     struct ksa_error *err) _must_check_;

/* Make notes of what was found on the kernels of which it is only predicted how modules fare, and
 * keep only what refuses a module and is not so on the newest of the others (check_predict.c). */
int check_predict(struct check *c, struct ksa_error *err) _must_check_;

/*
 * Of the findings on a kernel with pending changes: drop those that these changes have no part in,
 * and tell of the others by which patch they come. After that, and the verdicts: drop those that
 * stand without the changes too (pending.c).
 */
int check_pending(struct check *c, struct ksa_error *err) _must_check_;
void check_pending_fold(struct check *c);

/* A symbol that is taken as it was, as it is not known what becomes of it: say so (pending.c). */
int check_pending_undecided(struct check *c, uint32_t module, const char *symbol,
			    struct ksa_error *err) _must_check_;

/* Note signs that exports go which modules import, for the newest kernel that was asked about;
 * after all kernels (signs.c). */
int check_signs(struct check *c, struct ksa_error *err) _must_check_;

/* What modules under check break that take the place of the kernel's, and which of them have the
 * name of what is built in; after all else of the loader (replaces.c). */
int check_replaces(struct check *c, struct ksa_error *err) _must_check_;

/* What becomes of modules whose providers under check the loader refuses, or which need each other;
 * after all else of the loader (providers.c). */
int check_providers(struct check *c, struct ksa_error *err) _must_check_;

/* What only the set shows: duplicate exports, shims (check_set.c). */
int check_set_facts(struct check *c, struct ksa_error *err) _must_check_;

/* Which exports of a GPL-compatible module hand GPL-only symbols on to modules that are not
 * (shims.c). */
int check_shims(struct check *c, struct ksa_error *err) _must_check_;

/* Keep what the finding means for the module's fate (check_outcome.c). */
void check_note_refusal(struct check *c, const struct ksa_finding *f,
			const struct finding_init *init);

/* The outcome of every module on the kernel at hand, after all else was judged. */
void check_give_outcomes(struct check *c);

#endif
