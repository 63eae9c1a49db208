/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_KERNEL_SBOM_H
#define READ_KERNEL_KERNEL_SBOM_H

#include "model/inventory.h"

/*
 * The kernel's own bill of materials, as `make sbom` writes it (tools/sbom, SPDX 3.0.1 as JSON-LD):
 * which files each file was built from, and under which license each source file is. Its three
 * documents (source, build, output) name each other's elements. Zero-initialize; release in any
 * case.
 */
struct kernel_sbom {
	struct arena arena;
	struct intern ids;
	struct kernel_sbom_node {
		const char *name; /* of a file, below the tree; or NULL */
		const char *license; /* of a license: the expression; or NULL */
		uint32_t declared; /* of a file: the node of its license, or NO_INDEX */
		uint32_t first; /* of its edges, once linked */
		uint32_t seen; /* in the walk of that number */
	} * nodes; /* by the number of the id */
	size_t count, capacity;
	struct kernel_sbom_edges {
		struct kernel_sbom_edge {
			uint32_t from, to; /* from was made of to */
		} * items;
		size_t count, capacity;
	} edges; /* once linked, by from */
};

/* Add a document. KSA_EIO, KSA_ELIMIT; KSA_EFORMAT: no JSON, or no SPDX 3, with the line. */
int kernel_sbom_read(struct kernel_sbom *sbom, const char *path,
		     struct ksa_error *err) _must_check_;

/*
 * Give each item of the inventory the licenses of the files that it was built from, by its path in
 * the kernel's tree; out of others nothing is known. A notice says how many that are. KSA_ENODATA:
 * none of them is there.
 */
int kernel_sbom_join(struct kernel_sbom *sbom, struct inventory *inventory,
		     struct ksa_error *err) _must_check_;

void kernel_sbom_release(struct kernel_sbom *sbom);

#endif
