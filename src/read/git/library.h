/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_LIBRARY_H
#define READ_GIT_LIBRARY_H

#include <git2.h>
#include <git2/sys/repository.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The functions of libgit2 that are used, behind a table. libgit2 brings in libraries for network
 * protocols that are never used here; loading all of them takes longer than reading a kernel's
 * exports. So it is loaded when the first repository is opened, unless the build links it
 * (KSA_GIT_LIBRARY not defined; for distributions, whose tools look at what a program is linked
 * with).
 */
#define GIT_FUNCTIONS(X)                                                                           \
	X(git_buf_dispose)                                                                         \
	X(git_config_free)                                                                         \
	X(git_config_get_multivar_foreach)                                                         \
	X(git_config_open_ondisk)                                                                  \
	X(git_diff_free)                                                                           \
	X(git_diff_patchid)                                                                        \
	X(git_diff_tree_to_tree)                                                                   \
	X(git_error_last)                                                                          \
	X(git_libgit2_init)                                                                        \
	X(git_libgit2_opts)                                                                        \
	X(git_merge_base)                                                                          \
	X(git_object_free)                                                                         \
	X(git_object_id)                                                                           \
	X(git_object_lookup)                                                                       \
	X(git_object_peel)                                                                         \
	X(git_object_type2string)                                                                  \
	X(git_odb_exists_prefix)                                                                   \
	X(git_odb_free)                                                                            \
	X(git_odb_object_data)                                                                     \
	X(git_odb_object_free)                                                                     \
	X(git_odb_object_size)                                                                     \
	X(git_odb_object_type)                                                                     \
	X(git_odb_open)                                                                            \
	X(git_odb_read)                                                                            \
	X(git_odb_read_header)                                                                     \
	X(git_oid_fromstrn)                                                                        \
	X(git_reference_iterator_free)                                                             \
	X(git_reference_iterator_glob_new)                                                         \
	X(git_reference_next_name)                                                                 \
	X(git_repository_commondir)                                                                \
	X(git_repository_discover)                                                                 \
	X(git_repository_free)                                                                     \
	X(git_repository_head_unborn)                                                              \
	X(git_repository_open_bare)                                                                \
	X(git_repository_open_ext)                                                                 \
	X(git_repository_set_odb)                                                                  \
	X(git_revparse_single)                                                                     \
	X(git_revwalk_free)                                                                        \
	X(git_revwalk_hide)                                                                        \
	X(git_revwalk_new)                                                                         \
	X(git_revwalk_next)                                                                        \
	X(git_revwalk_push)                                                                        \
	X(git_revwalk_sorting)                                                                     \
	X(git_tag_foreach)

struct git_library {
#define GIT_MEMBER(f) __typeof__(&(f)) f##_;
	GIT_FUNCTIONS(GIT_MEMBER)
#undef GIT_MEMBER
};

/* Filled once, by git_library_load; then only read. */
extern struct git_library git_library;

/*
 * Load the library and start it, if it is not yet; it stays started until the process ends. From
 * any thread. KSA_EIO: it cannot be had.
 *
 * Some of its settings hold for the whole process: how much of packs is mapped, whether objects are
 * kept in memory, whether each object is hashed. They are set once, and only where nobody else uses
 * the library: a program that has called git_libgit2_init() before keeps its own.
 */
int git_library_start(struct ksa_error *err) _must_check_;

/* How much of packs may be mapped at a time: in one piece, and in all. */
struct git_mapping {
	size_t window, limit;
};

/*
 * What a machine gives: packs as a whole where addresses cost nothing, else a part of what there
 * is. pointer is the width of one in bits; address_space (RLIMIT_AS) and memory are bytes, 0: no
 * limit.
 */
struct git_mapping git_library_mapping(unsigned int pointer, uint64_t address_space,
				       uint64_t memory);

#ifndef GIT_LIBRARY_NAMES
#define git_buf_dispose			git_library.git_buf_dispose_
#define git_config_free			git_library.git_config_free_
#define git_config_get_multivar_foreach git_library.git_config_get_multivar_foreach_
#define git_config_open_ondisk		git_library.git_config_open_ondisk_
#define git_diff_free			git_library.git_diff_free_
#define git_diff_patchid		git_library.git_diff_patchid_
#define git_diff_tree_to_tree		git_library.git_diff_tree_to_tree_
#define git_error_last			git_library.git_error_last_
#define git_libgit2_init		git_library.git_libgit2_init_
#define git_libgit2_opts		git_library.git_libgit2_opts_
#define git_merge_base			git_library.git_merge_base_
#define git_object_free			git_library.git_object_free_
#define git_object_id			git_library.git_object_id_
#define git_object_lookup		git_library.git_object_lookup_
#define git_object_peel			git_library.git_object_peel_
#define git_object_type2string		git_library.git_object_type2string_
#define git_odb_exists_prefix		git_library.git_odb_exists_prefix_
#define git_odb_free			git_library.git_odb_free_
#define git_odb_object_data		git_library.git_odb_object_data_
#define git_odb_object_free		git_library.git_odb_object_free_
#define git_odb_object_size		git_library.git_odb_object_size_
#define git_odb_object_type		git_library.git_odb_object_type_
#define git_odb_open			git_library.git_odb_open_
#define git_odb_read			git_library.git_odb_read_
#define git_odb_read_header		git_library.git_odb_read_header_
#define git_oid_fromstrn		git_library.git_oid_fromstrn_
#define git_reference_iterator_free	git_library.git_reference_iterator_free_
#define git_reference_iterator_glob_new git_library.git_reference_iterator_glob_new_
#define git_reference_next_name		git_library.git_reference_next_name_
#define git_repository_commondir	git_library.git_repository_commondir_
#define git_repository_discover		git_library.git_repository_discover_
#define git_repository_free		git_library.git_repository_free_
#define git_repository_head_unborn	git_library.git_repository_head_unborn_
#define git_repository_open_bare	git_library.git_repository_open_bare_
#define git_repository_open_ext		git_library.git_repository_open_ext_
#define git_repository_set_odb		git_library.git_repository_set_odb_
#define git_revparse_single		git_library.git_revparse_single_
#define git_revwalk_free		git_library.git_revwalk_free_
#define git_revwalk_hide		git_library.git_revwalk_hide_
#define git_revwalk_new			git_library.git_revwalk_new_
#define git_revwalk_next		git_library.git_revwalk_next_
#define git_revwalk_push		git_library.git_revwalk_push_
#define git_revwalk_sorting		git_library.git_revwalk_sorting_
#define git_tag_foreach			git_library.git_tag_foreach_
#endif

#endif
