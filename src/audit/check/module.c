// SPDX-License-Identifier: GPL-2.0-or-later
/* What is judged of a module before its symbols: architecture, vermagic, licenses, namespaces. */
#include "audit/check/check.h"

#include <stdio.h>
#include <string.h>

#include "model/license.h"

static struct finding_init init_for(uint32_t module, enum rule_id rule, unsigned int at)
{
	return (struct finding_init){.rule = rule, .at = at, .module = module};
}

static int architecture(struct check *c, uint32_t index, bool *stop, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_WRONG_ARCHITECTURE, KSA_AT_LOAD);

	if (!*m->arch || !*c->kernel->arch || strcmp(m->arch, c->kernel->arch) == 0)
		return 0;
	*stop = true;
	return check_add(c, &init, err, "%s.ko is for %s, the kernel is %s", m->name, m->arch,
			 c->kernel->arch);
}

/* same_magic(): the first word does not count for a module that has __versions; the extended ones
 * alone (6.14) do not excuse it. */
static const char *magic_to_compare(const char *vermagic, bool has_versions)
{
	return has_versions ? vermagic + strcspn(vermagic, " ") : vermagic;
}

static int vermagic(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_VERMAGIC_DIFFERS, KSA_AT_LOAD);
	const char *ours = m->vermagic, *theirs = c->kernel->vermagic;

	if (c->rebuild || m->is_object || !theirs)
		return 0;
	init.forcible = !ours;
	if (!ours)
		return check_add(c, &init, err, "%s: version magic is missing, should be '%s'",
				 m->name, theirs);
	if (strcmp(magic_to_compare(ours, m->has_basic_versions),
		   magic_to_compare(theirs, m->has_basic_versions)) == 0)
		return 0;
	return check_add(c, &init, err, "%s: version magic '%s' should be '%s'", m->name, ours,
			 theirs);
}

/* check_modstruct_version(): without versions the module is refused by a kernel that has them, or
 * forced in (try_to_force_load()). */
static int versions(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_NO_SYMBOL_VERSION, KSA_AT_LOAD);

	init.forcible = true;
	if (c->rebuild || m->has_versions || !c->kernel_has_crcs)
		return 0;
	if (m->is_object)
		return check_add_notice(c, err,
					"%s: is not a final module (no modpost output): CRCs and "
					"vermagic not checked",
					m->path);
	return check_add(c, &init, err, "%s: no symbol version for module_layout", m->name);
}

/* Does a license string say that the module is not free on purpose? Then no spelling is meant. */
static bool is_plainly_proprietary(const char *license)
{
	return strcmp(license, "Proprietary") == 0;
}

static int unknown_license(struct check *c, uint32_t index, const char *license,
			   struct ksa_error *err)
{
	struct finding_init init =
		init_for(index, RULE_UNKNOWN_LICENSE, KSA_AT_BUILD | KSA_AT_LOAD);
	const char *nearest;

	if (ksa_license_is_gpl_compatible(license) || is_plainly_proprietary(license))
		return 0;
	nearest = license_nearest(license);
	if (nearest)
		init.fix =
			report_text(c->report,
				    "if that is what you mean, write MODULE_LICENSE(\"%s\"), the "
				    "nearest of the six accepted strings",
				    nearest);
	init.symbol = license;
	return check_add(c, &init, err, "license '%s' is not a GPL-compatible string to the kernel",
			 license);
}

static int licenses(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_NO_LICENSE, KSA_AT_BUILD);
	bool build, load;
	int r = 0;

	if (!check_license_count(c, m))
		return check_add(c, &init, err, "missing MODULE_LICENSE() in %s.o", m->name);
	if (c->options->assume_license)
		return 0; /* what the user said is not what the module says */
	for (size_t i = 0; i < m->licenses.count && !r; i++)
		r = unknown_license(c, index, m->licenses.items[i], err);
	build = check_compatible_at_build(c, m);
	load = check_compatible_at_load(c, m);
	if (r || build == load)
		return r;
	init = init_for(index, RULE_LICENSES_DIFFER, KSA_AT_BUILD);
	init.evidence = report_text(c->report, "the first of %zu license strings is '%s'",
				    m->licenses.count, m->licenses.items[0]);
	return check_add(c, &init, err,
			 "%s.ko has several licenses: the loader takes it as %s, modpost as "
			 "GPL-incompatible",
			 m->name, load ? "GPL-compatible" : "GPL-incompatible");
}

static int forged_imports(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	int r = 0;

	for (size_t i = 0; i < m->import_ns.count && !r; i++) {
		struct finding_init init =
			init_for(index, RULE_FORGED_IMPORT, KSA_AT_BUILD | KSA_AT_LOAD);

		if (!namespace_is_reserved(m->import_ns.items[i]) || !c->kernel_reserves)
			continue;
		init.symbol = m->import_ns.items[i];
		r = check_add(c, &init, err,
			      "%s: explicitly importing namespace \"%s\" is not allowed.", m->name,
			      m->import_ns.items[i]);
	}
	return r;
}

int check_module_facts(struct check *c, uint32_t module, bool *stop, struct ksa_error *err)
{
	int r = check_signature(c, module, err);

	if (!r)
		r = architecture(c, module, stop, err);
	if (r || *stop)
		return r;
	r = check_loading(c, module, err);
	if (!r)
		r = vermagic(c, module, err);
	if (!r)
		r = versions(c, module, err);
	if (!r)
		r = licenses(c, module, err);
	return r ? r : forged_imports(c, module, err);
}
