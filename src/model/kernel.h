/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include "base/strmap.h"
#include "model/calls.h"
#include "model/ctypes.h"
#include "model/export.h"
#include "model/helper.h"
#include "model/loading.h"
#include "model/type_graph.h"

/* Bounds what a hostile file can cost: real kernels have some 31,000. */
#define KERNEL_MAX_EXPORTS 500000

/* A thing the kernel was read from. */
struct kernel_source {
	const char *name; /* path as given, or "package: member" */
	enum source_kind kind;
	size_t exports; /* how many exports it gave */
	bool inherited; /* named by a snapshot as what that was made from */
};

/* A module of the kernel's own tree (in-tree, updates/ or extra/). */
struct kernel_module {
	const char
		*name; /* path without .ko below kernel/ ("fs/btrfs/btrfs"), or "updates/dkms/x" */
	const char *license; /* the first license string: the one that the loader reads; or NULL */
	const char *vermagic; /* or NULL */
	bool in_tree; /* .modinfo has intree */
	bool builtin; /* named by modules.builtin, no .ko */
	const char *const *imports; /* names of undefined symbols, only if imports were asked for */
	uint32_t import_count;
};

/* A module that could not be read: what it exports, imports and calls is not known. */
struct kernel_gap {
	const char *module; /* as struct kernel_module names it */
	const char *why; /* "is cut short or damaged: ..." */
	bool inherited; /* a snapshot says so: its notices do too */
};

enum kernel_uses {
	USES_UNKNOWN = 0,
	USES_CALLS, /* functions that call the export */
	USES_ALL /* whatever refers to it, from relocations */
};

/* Everything known of one kernel. Readers fill it through the functions below, then seal it. */
struct ksa_kernel {
	struct arena arena;
	struct intern intern; /* once sealed, a name's value is the index of its first export, and
				 before that where this was added */
	bool moved; /* exports have been taken back or moved since they were added */
	const char *spec; /* how the user named it */
	const char
		*label; /* short name for tables: a snapshot's name, the release, or the file's */
	const char *release; /* "" when not known */
	const char *arch; /* "x86_64", "arm64", "s390x" ...; "" when not known */
	const char *vermagic; /* as the loader compares it, or NULL */
	enum kernel_tristate reserves; /* does its loader know module: namespaces (6.16)? */
	enum kernel_tristate
		forces; /* CONFIG_MODULE_FORCE_LOAD: no vermagic, no versions: no matter */
	struct kernel_loading loading;
	bool want_loading; /* somebody asked for that */
	bool from_source; /* of all configurations: owners are files, a name may be there several
			     times; modules are the files that use an export, if those were
			     asked for */
	bool promised; /* a Module.kabi: a list of what is promised; what it lacks may be exported
			*/
	bool has_image; /* vmlinux's exports were read, from any source */
	bool has_modules; /* the modules' exports were read, from any source */
	bool has_imports; /* what the modules import was read: importers are complete */
	enum kernel_uses image_uses; /* what is known of users in vmlinux of vmlinux's exports */
	bool want_image_uses; /* somebody asked for that */
	bool has_image_wraps; /* which exports of vmlinux are thin wrappers is known */
	bool has_module_wraps; /* the same of modules' */
	bool drop_importers; /* nobody asked for them: do not keep those of a snapshot */
	bool want_prototypes; /* somebody asked for them */
	bool (*wanted)(const void *ctx, const char *symbol); /* those of a snapshot that are; NULL:
								all */
	const void *wanted_ctx;
	bool want_helpers; /* likewise what the headers say */
	bool want_types; /* and its types */
	bool want_type_graph; /* and what they are made of */
	bool want_declared; /* and where its headers declare what */
	bool want_calls; /* and what functions call */
	bool has_prototypes; /* once read: some export has one */
	bool has_source_lines; /* once read: of some export it is known where it is defined */
	bool sealed;
	const struct ksa_kernel *base; /* it is that one with other exports, and borrows all else
					  from it: see model/kernel_overlay.h; or NULL */
	const char
		*want_kernel; /* which one of a container is to be read; NULL again once it was */
	struct btf_info *btf; /* the image's types while the kernel is read (read/debug/btf.h) */
	const char
		*index_note; /* why the index of its repository is not used or kept; NULL: it is */
	const char *source_root; /* where the image's debug information has the tree, or NULL */
	struct helpers *helpers; /* of its headers; NULL: none were at hand */
	const char *helpers_at; /* the file beside a shipped snapshot that has them, or NULL */
	const char *declared_at; /* the same of what headers declare */
	struct type_graph *type_graph; /* NULL: it was not wanted, or there are neither BTF of the
					  image nor symtypes files */
	struct declared *type_places; /* with a type graph: where its headers have types, and no
					 more; NULL: none were at hand */
	struct ctypes *types; /* NULL: they were not wanted, or are not known */
	const char *types_of; /* the snapshot that lent them: they say what was there, never what
				 will be; NULL: they are its own */
	bool types_of_image; /* they are vmlinux's: it has modules, which were not at hand */

	struct ksa_export *exports; /* sorted by name, then owner, once sealed */
	size_t export_count, export_capacity;

	struct kernel_module *modules; /* sorted by name once sealed */
	size_t module_count, module_capacity;
	struct strmap by_module; /* base name with '-' folded to '_' -> index, once sealed */

	struct kernel_source *sources;
	size_t source_count, source_capacity;

	/* What functions call: of vmlinux and of each module that was read, if that was asked for.
	 */
	unsigned int jobs; /* threads that may read an image's code; 0: one */
	struct call_graph *graphs; /* in the order of reading */
	size_t graph_count, graph_capacity;
	struct strmap by_graph; /* owner -> index */

	/* An incomplete kernel has any. Where has_modules holds all the same, another source (a
	 * Module.symvers) has told what those modules export. */
	struct kernel_gap *gaps; /* in the order of reading */
	size_t gap_count, gap_capacity;

	const char **notices;
	size_t notice_count, notice_capacity;
};

int kernel_new(const char *spec, struct ksa_kernel **out, struct ksa_error *err) _must_check_;

/* A copy of the string, held once in the kernel's arena; NULL when out of memory. */
const char *kernel_string(struct ksa_kernel *kernel, const char *s) _must_check_;

/* Register a source; *index names it in exports. */
int kernel_add_source(struct ksa_kernel *kernel, const char *name, enum source_kind kind,
		      uint32_t *index, struct ksa_error *err) _must_check_;

/*
 * Add one export. All strings are copied. init->source must be a registered source; source_kind
 * is taken from it. init->importers, if any, are indices of modules in the order in which they were
 * or will be added (snapshots have them; for other sources kernel_seal makes them from the modules'
 * imports). Not after kernel_seal.
 */
int kernel_add_export(struct ksa_kernel *kernel, const struct ksa_export *init,
		      struct ksa_error *err) _must_check_;

/* Before kernel_seal: the exports of vmlinux by name, each where it came first. */
int kernel_index_image(const struct ksa_kernel *kernel, struct strmap *names,
		       struct ksa_error *err) _must_check_;

/* Add a module; strings are copied, the imports array is borrowed until kernel_seal copies it. */
int kernel_add_module(struct ksa_kernel *kernel, const struct kernel_module *init,
		      struct ksa_error *err) _must_check_;

/*
 * Add what the functions of vmlinux or of a module call; all of graph is copied. Of two graphs of
 * one owner the one from the better source is kept. A graph without a source says that the owner's
 * code was there, and told nothing.
 */
int kernel_add_calls(struct ksa_kernel *kernel, const char *owner, const struct call_graph *graph,
		     struct ksa_error *err) _must_check_;

/* The graph of that owner, also one without a source, or NULL. */
const struct call_graph *kernel_find_calls(const struct ksa_kernel *kernel, const char *owner);

/* A module that could not be read, and why; both are copied. */
int kernel_add_gap(struct ksa_kernel *kernel, const char *module, const char *why,
		   struct ksa_error *err) _must_check_;

/* What is not known of a module that could not be read: "what it imports is not known". */
const char *kernel_gap_effect(const struct ksa_kernel *kernel);

/* True if any module was read, in whatever way: has_modules says whether all of them were. */
bool kernel_has_some_modules(const struct ksa_kernel *kernel);

/* Keep a sentence about what could not be read or did not agree. */
int kernel_add_notice(struct ksa_kernel *kernel, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

/* Set release, arch or vermagic (copied) if not yet known; a second, different release is an error
 * (KSA_EUSAGE: two kernels in one), a second arch too. NULL and "" are ignored. */
int kernel_set_release(struct ksa_kernel *kernel, const char *release, const char *source,
		       struct ksa_error *err) _must_check_;
int kernel_set_arch(struct ksa_kernel *kernel, const char *arch, const char *source,
		    struct ksa_error *err) _must_check_;
int kernel_set_vermagic(struct ksa_kernel *kernel, const char *vermagic,
			struct ksa_error *err) _must_check_;

/*
 * Sort, join what several sources say of one symbol (the smallest source_kind wins, the rest is
 * filled in where the winner does not know), turn disagreements into notices (one a source and
 * fact, with the count and the first names), and index. Exports of one name with different owners
 * that come from the same kind of source are all kept.
 */
int kernel_seal(struct ksa_kernel *kernel, struct ksa_error *err) _must_check_;

/* All exports of that name: *count of them from the returned one on; NULL if none. */
const struct ksa_export *kernel_find_exports(const struct ksa_kernel *kernel, const char *name,
					     size_t *count);

/* The base name of a module or owner with '-' folded to '_', cut to size: a key of by_module. */
void module_fold_name(const char *name, char *out, size_t size);

/* The module of that base name ('-' and '_' folded), or NULL. */
const struct kernel_module *kernel_find_module(const struct ksa_kernel *kernel, const char *name);

/* True if any export has a CRC. */
bool kernel_has_crcs(const struct ksa_kernel *kernel);

#endif
