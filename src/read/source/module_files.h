/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MODULE_FILES_H
#define READ_SOURCE_MODULE_FILES_H

#include "read/source/module_source_internal.h"

/* Why files were chosen. */
enum module_files_by { FILES_ALL = 0, FILES_BY_UNITS, FILES_BY_KBUILD };

/*
 * Which files are of the module: chosen[i] for file i, source->files.count of them. The sources by
 * debug information or Kbuild, and what they include. FILES_ALL: neither tells; then all sources
 * count, and the headers that some source includes. *partly: Kbuild names objects whose source is
 * not there, or from variables that are not known. KSA_ENOMEM.
 */
int module_files_choose(const struct module_source *source,
			const struct module_source_question *question, bool *chosen,
			enum module_files_by *by, bool *partly, struct ksa_error *err) _must_check_;

#endif
