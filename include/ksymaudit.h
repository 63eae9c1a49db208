/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libksymaudit: the license class of Linux kernel symbol exports.
 *
 * Conventions, once for all functions:
 *  - A function that can fail returns 0 or a negative enum ksa_code and fills *err.
 *  - err may be NULL; it must be zero-initialized, because the first error wins.
 *  - Strings and structures returned by a getter belong to the object they came from and live as
 *    long as it does. _new/_open/_free own heap objects; _free(NULL) is fine.
 *  - Names (symbols, licenses, paths, namespaces) are bytes from the input, not checked text:
 *    escape them before they reach a terminal or a document.
 *  - The library never prints, exits or aborts, and keeps no global state. Distinct objects may be
 *    used from distinct threads.
 *  - REPO@REV is read through libgit2, whose settings (memory mapped, objects kept) hold for the
 * whole process. They are set once, at the first repository, and only where nobody else has started
 * it: a program that uses libgit2 itself calls git_libgit2_init() before, and keeps its own.
 */
#ifndef KSYMAUDIT_H
#define KSYMAUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KSA_VERSION "0.1.0"

enum ksa_code {
	KSA_OK = 0,
	KSA_ENOMEM = -1, /* out of memory */
	KSA_EIO = -2, /* the operating system refused: open, read, write, stat */
	KSA_EFORMAT = -3, /* the bytes are not what they claim to be */
	KSA_ELIMIT = -4, /* a cap on size, depth, ratio or count was reached */
	KSA_ENODATA = -5, /* well formed, but holds nothing of what was asked for */
	KSA_EUSAGE = -6, /* the caller asked for something that does not exist */
	KSA_EUNSUPPORTED =
		-7, /* a real form that is not read here; the text says what to give instead */
	KSA_ESYSTEM = -8 /* the machine lacks it: descriptors, memory to map, a disk that reads */
};

/*
 * One error. Owned by the caller, fixed size, never allocates. source is the file (and the member
 * in it, "a.deb: lib/modules/.../b.ko"); line and column are 1-based text positions, or 0 where the
 * text itself says where (a section, a byte offset).
 */
struct ksa_error {
	int code;
	unsigned int line;
	unsigned int column;
	char source[512];
	char text[768];
};

/*
 * License class of an export. See include/linux/export.h and scripts/mod/modpost.c.
 * unused and gpl-future: f71d20e96147 (2.6.18), removed in 5.12.
 */
enum ksa_class {
	KSA_CLASS_UNKNOWN = 0, /* the source cannot say, e.g. a System.map of 7.1 or later */
	KSA_CLASS_PLAIN,
	KSA_CLASS_GPL,
	KSA_CLASS_GPL_FUTURE,
	KSA_CLASS_UNUSED,
	KSA_CLASS_UNUSED_GPL
};

enum ksa_kind { KSA_KIND_UNKNOWN = 0, KSA_KIND_FUNCTION, KSA_KIND_OBJECT };

enum ksa_level { KSA_LEVEL_NOTE = 0, KSA_LEVEL_WARNING, KSA_LEVEL_ERROR };

/* Who objects: modpost when the module is built, the kernel's loader when it is inserted. */
enum ksa_referee { KSA_AT_BUILD = 1, KSA_AT_LOAD = 2 };

/*
 * One word for one module on one kernel, worst last. Of the file as it is: rebuild (only what a
 * rebuild against that kernel makes anew is wrong: vermagic, CRCs) or fails. Of a rebuild of its
 * source: breaks (the source must change) or refused (it may not use what it uses: license,
 * namespace, reserved symbols).
 */
enum ksa_verdict {
	KSA_VERDICT_OK = 0,
	KSA_VERDICT_WARNING,
	KSA_VERDICT_REBUILD,
	KSA_VERDICT_BREAKS,
	KSA_VERDICT_REFUSED,
	KSA_VERDICT_FAILS,
	KSA_VERDICT_UNKNOWN
};

struct ksa_kernel;
struct ksa_export;
struct ksa_module;
struct ksa_report;
struct ksa_finding;
struct ksa_rules;
struct ksa_waivers;
struct ksa_symbol_list;
struct ksa_named;
struct ksa_pending;
struct ksa_typed;

/* Version of the library, "0.1.0". */
const char *ksa_version(void);

/* Names as the command line and the JSON spell them: "plain", "gpl", "gpl-future", "unused",
 * "unused-gpl", "unknown"; "function", "object", "unknown"; "error", "warning", "note";
 * "ok", "warning", "rebuild", "breaks", "refused", "fails", "unknown". Never NULL. */
const char *ksa_class_name(enum ksa_class cls);
const char *ksa_kind_name(enum ksa_kind kind);
const char *ksa_level_name(enum ksa_level level);
const char *ksa_verdict_name(enum ksa_verdict verdict);

/*
 * True if the kernel takes a module with this license string as GPL-compatible: one of exactly six
 * strings, case-sensitive (include/linux/license.h, license_is_gpl_compatible). NULL is false.
 */
bool ksa_license_is_gpl_compatible(const char *license);

/* How to read a kernel. Zero-initialize; 0 means the default. */
struct ksa_read_options {
	unsigned int jobs; /* threads; 0: the number of online processors */
	bool imports; /* read what the kernel's own modules import (for snapshots, users) */
	bool calls; /* read what its functions call (for snapshots, wrappers) */
	bool prototypes; /* read the C declarations of exports and where they are defined */
	bool loading; /* read what else decides whether a module loads (for snapshots, check) */
	bool helpers; /* read its headers: which names lead to which symbols (for snapshots) */
	bool named; /* of modules: read what their code names, by debug information (for rebuilds)
		     */
	bool types; /* read its C types (for rebuilds of a source) */
	bool type_graph; /* read what its exports' types are made of (for causes of CRCs) */
	bool declarations; /* with helpers: also where headers declare what (likewise) */
	bool references; /* of modules: read what refers to what in them (for shims) */
	bool users; /* read what in the image itself, or in sources, uses exports (for users) */
	/* The exports of a snapshot that the caller wants: the others, and its modules, are left
	 * out. NULL: all. May be called from several threads at once. */
	bool (*wanted)(const void *ctx, const char *symbol);
	const void *wanted_ctx;
	const char *data_dir; /* where shipped snapshots are; NULL: the installed directory */
	const char *cache_dir; /* where what is read of repositories is kept; NULL: nowhere */
	/* May be NULL; is called from several threads at once. */
	void (*progress)(void *ctx, const char *what, size_t done, size_t total);
	void *progress_ctx;
};

/*
 * Read one kernel from spec (any form of KERNEL in ksymaudit(1); several parts joined by commas
 * make one kernel; NULL or "" is the running one). On success *out is owned by the caller.
 */
int ksa_kernel_open(const char *spec, const struct ksa_read_options *options,
		    struct ksa_kernel **out, struct ksa_error *err);
void ksa_kernel_free(struct ksa_kernel *kernel);

/* The release ("6.1.0-56-amd64") and architecture ("x86_64"), or "" when the source does not say.
 */
const char *ksa_kernel_release(const struct ksa_kernel *kernel);
const char *ksa_kernel_arch(const struct ksa_kernel *kernel);

/* Exports, sorted by name (bytewise), then owner. i < count. */
size_t ksa_kernel_export_count(const struct ksa_kernel *kernel);
const struct ksa_export *ksa_kernel_export_at(const struct ksa_kernel *kernel, size_t i);
/* The first export of that name, or NULL. */
const struct ksa_export *ksa_kernel_find_export(const struct ksa_kernel *kernel, const char *name);

/* What could not be read or did not agree, while the rest went on. i < count. */
size_t ksa_kernel_notice_count(const struct ksa_kernel *kernel);
const char *ksa_kernel_notice_at(const struct ksa_kernel *kernel, size_t i);

const char *ksa_export_name(const struct ksa_export *export_);
/* "vmlinux" or the module's path without .ko, as Module.symvers writes it. */
const char *ksa_export_owner(const struct ksa_export *export_);
/* The namespace, or NULL if there is none. ksa_export_namespace_known() is false where the source
 * (a System.map, a Module.symvers of before 5.4 is known to have none) cannot say. */
const char *ksa_export_namespace(const struct ksa_export *export_);
bool ksa_export_namespace_known(const struct ksa_export *export_);
enum ksa_class ksa_export_class(const struct ksa_export *export_);
enum ksa_kind ksa_export_kind(const struct ksa_export *export_);
/* True and *crc if the symbol version is known; false is "not available", never zero. */
bool ksa_export_crc(const struct ksa_export *export_, uint32_t *crc);
/* The C declaration, "int f(struct file *file)", if it was asked for and is known; or NULL. */
const char *ksa_export_prototype(const struct ksa_export *export_);
/* Where it is defined, below the kernel's tree, and there the line; NULL and 0 if not known. */
const char *ksa_export_source_file(const struct ksa_export *export_);
unsigned int ksa_export_source_line(const struct ksa_export *export_);

/*
 * Read modules from a file (.ko, .ko.gz, .ko.xz, .ko.zst), a directory (recursively) or a package.
 * On success *out is an array of *count modules, in byte order of their paths; release with
 * ksa_modules_free. One unreadable module fails the call: a gate must not pass over it.
 */
int ksa_modules_open(const char *path, const struct ksa_read_options *options,
		     struct ksa_module ***out, size_t *count, struct ksa_error *err);
void ksa_modules_free(struct ksa_module **modules, size_t count);
const char *ksa_module_name(const struct ksa_module *module);
const char *ksa_module_path(const struct ksa_module *module);
/* The i-th license string, in file order, or NULL past the end. */
const char *ksa_module_license(const struct ksa_module *module, size_t i);

/*
 * The shipped rules and families with what the files *.yaml of these directories (or these files)
 * add and change, the later ones over the earlier: ksymaudit-rules(5). *out is owned by the caller.
 */
int ksa_rules_open(const char *const *dirs, size_t count, struct ksa_rules **out,
		   struct ksa_error *err);
void ksa_rules_free(struct ksa_rules *rules);

/* Read a file of waivers: ksymaudit-rules(5). They may name rules of rules (NULL: the shipped
 * ones), which they do not outlive. *out is owned by the caller. */
int ksa_waivers_open(const char *path, const struct ksa_rules *rules, struct ksa_waivers **out,
		     struct ksa_error *err);
void ksa_waivers_free(struct ksa_waivers *waivers);

/* Read lists of symbols and join them: names, one a line, or the rows of a Module.symvers, as a
 * Module.kabi has them (ksymaudit-check(1), SYMBOL LISTS). *out is owned by the caller. */
int ksa_symbol_list_open(const char *const *paths, size_t count, struct ksa_symbol_list **out,
			 struct ksa_error *err);
void ksa_symbol_list_free(struct ksa_symbol_list *list);
/* How many different symbols it has. */
size_t ksa_symbol_list_count(const struct ksa_symbol_list *list);

/* Options of a check. Zero-initialize. What they point to must outlive the report. */
struct ksa_check_options {
	/* Judge every module as if this were its only license; or NULL. */
	const char *assume_license;
	bool lockdown; /* the kernel takes signed modules only, as with secure boot */
	bool rebuild; /* judge what a rebuild of the source gives, and not the file as it is */
	/* The kernel that modules were built for, for rebuilds; NULL: the one of their release, or
	 * else of its series, among kernels and hints. */
	const struct ksa_kernel *built_for;
	/* What the source of each module names when it is built for each kernel, for rebuilds:
	 * [module * kernels + kernel]; NULL, also for one of them: that is not known. */
	const struct ksa_named *const *named;
	/* What it does with the kernel's types and declarations, in the same order; or NULL. */
	const struct ksa_typed *const *typed;
	/* Of the last so many kernels predict how a rebuild fares: what refuses a module there and
	 * not on the newest of the others becomes a note. */
	size_t predicted;
	/* Two kernels, the older one first, opened with imports and helpers: signs that exports go
	 * are looked for in them, and become notes. NULL: they are not. */
	const struct ksa_kernel *signs[2];
	/* What makes of the kernel before the last one that last one, of which all that the other
	 * has too is left out; rebuild must be set, and predicted 0. NULL: nothing does. */
	const struct ksa_pending *pending;
	const char *remark; /* something to say among the notices that fails nothing; or NULL */
	/* Kernels that are not judged but may know where a missing symbol went; may be NULL. */
	struct ksa_kernel *const *hints;
	size_t hint_count;
	const struct ksa_rules *rules; /* NULL: as shipped */
	const struct ksa_waivers *waivers; /* NULL: none */
	const char *today; /* "2026-12-31", the day for which waivers hold; needed with them */
	const struct ksa_symbol_list *allowed; /* what modules may use of the kernel; NULL: all */
	/* Keep only what concerns symbols of these families, or no symbol; none: all. The verdicts
	 * are then about that alone. */
	const char *const *families;
	size_t family_count;
};

/*
 * Will these modules load on these kernels? The modules are judged together: they may use each
 * other. *out borrows kernels and modules and must be freed before them.
 */
int ksa_check(struct ksa_kernel *const *kernels, size_t kernel_count,
	      struct ksa_module *const *modules, size_t module_count,
	      const struct ksa_check_options *options, struct ksa_report **out,
	      struct ksa_error *err);
void ksa_report_free(struct ksa_report *report);
enum ksa_verdict ksa_report_verdict(const struct ksa_report *report, size_t module, size_t kernel);
size_t ksa_report_finding_count(const struct ksa_report *report);
const struct ksa_finding *ksa_report_finding_at(const struct ksa_report *report, size_t i);

/* A finding: the rule's stable id ("KSA001"), level, who objects (a mask of enum ksa_referee), the
 * indices of module and kernel, the symbol (or NULL), the message in the referee's own words where
 * it has any, and what to do about it. */
const char *ksa_finding_rule(const struct ksa_finding *finding);
enum ksa_level ksa_finding_level(const struct ksa_finding *finding);
unsigned int ksa_finding_at(const struct ksa_finding *finding);
size_t ksa_finding_module(const struct ksa_finding *finding);
size_t ksa_finding_kernel(const struct ksa_finding *finding);
const char *ksa_finding_symbol(const struct ksa_finding *finding);
const char *ksa_finding_message(const struct ksa_finding *finding);
const char *ksa_finding_fix(const struct ksa_finding *finding);

#ifdef __cplusplus
}
#endif
#endif
