// SPDX-License-Identifier: GPL-2.0-or-later
/* What the loader asks of a module beside its symbols: signature, struct module, live patches,
 * types. */
#include "audit/check/check.h"

#include <string.h>

#include "model/release.h"

static struct finding_init init_for(uint32_t module, enum rule_id rule)
{
	return (struct finding_init){.rule = rule, .at = KSA_AT_LOAD, .module = module};
}

/* module_sig_check() */
static int unsigned_module(struct check *c, uint32_t index, struct ksa_error *err)
{
	struct finding_init init = init_for(index, RULE_UNSIGNED_MODULE);

	if (c->kernel->loading.forces_signatures == TRI_YES)
		return check_add(c, &init, err, "Loading of unsigned module is rejected");
	return check_add(c, &init, err,
			 "Lockdown: insmod: unsigned module loading is restricted; see man "
			 "kernel_lockdown.7");
}

/* Whether a signature is good only the kernel knows; of its own modules' key it is known. */
int check_signature(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	const struct module_loading *l = &m->loading;
	struct finding_init init = init_for(index, RULE_UNSIGNED_MODULE);

	if (m->is_object ||
	    (!c->options->lockdown && c->kernel->loading.forces_signatures != TRI_YES))
		return 0;
	if (!m->is_signed)
		return unsigned_module(c, index, err);
	if (l->signature_key && c->kernel->loading.signature_key &&
	    strcmp(l->signature_key, c->kernel->loading.signature_key) == 0)
		return 0;
	init.as_warning = true;
	init.uncertain = true;
	init.fix = report_text(c->report,
			       "enroll the key in the kernel's keyring (mokutil --import), or sign "
			       "the module with one that is there");
	if (!l->signer && !l->signature_key)
		return check_add(c, &init, err,
				 "%s: is signed, by whom cannot be read; the key must be in the "
				 "kernel's keyring",
				 m->name);
	return check_add(
		c, &init, err,
		"%s: is signed by '%s' (%s, key %s); the key must be in the kernel's keyring",
		m->name, l->signer ? l->signer : "?",
		l->signature_hash ? l->signature_hash : "hash not known",
		l->signature_key ? l->signature_key : "not named");
}

/* elf_validity_cache_copy(); before 6.4 only that there is one (setup_load_info()). */
static int module_struct(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	const struct kernel_loading *k = &c->kernel->loading;
	struct finding_init init = init_for(index, RULE_MODULE_STRUCT_SIZE);
	uint32_t count = m->loading.struct_count;

	if (!count && k->checks_struct == TRI_NO)
		return check_add(c, &init, err, "%s: No module found in object", m->name);
	if (count) {
		init.as_warning = k->checks_struct == TRI_NO;
		init.uncertain = k->checks_struct == TRI_UNKNOWN;
	}
	if (count != 1)
		return check_add(c, &init, err,
				 "module %s: Exactly one .gnu.linkonce.this_module section must "
				 "exist.",
				 m->name);
	if (!k->struct_size || m->loading.struct_size == k->struct_size)
		return 0;
	init.evidence = report_text(
		c->report, "the section has %llu bytes, the kernel's struct module %llu",
		(unsigned long long)m->loading.struct_size, (unsigned long long)k->struct_size);
	return check_add(c, &init, err,
			 "module %s: .gnu.linkonce.this_module section size must match the "
			 "kernel's built struct module size at run time",
			 m->name);
}

/* check_modinfo_livepatch() */
static int livepatch(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_LIVEPATCH_UNSUPPORTED);

	if (!m->livepatch || c->kernel->loading.takes_livepatch != TRI_NO)
		return 0;
	return check_add(c, &init, err,
			 "%s: module is marked as livepatch module, but livepatch support is "
			 "disabled",
			 m->name);
}

/*
 * btf_module_notify(). A number beyond the last name is refused for certain (btf_check_meta());
 * names and types that are there, but are others, are only refused where they make no sense.
 */
static int types(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	const struct kernel_loading *k = &c->kernel->loading;
	struct finding_init init = init_for(index, RULE_BTF_MISMATCH);
	uint32_t theirs = m->loading.type_strings;

	if (m->loading.types == MODULE_TYPES_NONE || k->reads_types == TRI_NO)
		return 0;
	if (m->loading.types == MODULE_TYPES_SPLIT) {
		if (!k->type_strings || theirs == k->type_strings)
			return 0;
		init.uncertain = theirs < k->type_strings;
		init.evidence =
			report_text(c->report,
				    "the kernel that it was built for has %u bytes of names "
				    "in its types, this one %llu",
				    theirs, (unsigned long long)k->type_strings);
	}
	if (k->allows_other_types == TRI_YES) {
		init.as_warning = true;
		init.uncertain = false;
		return check_add(c, &init, err,
				 "%s: Kernel module BTF mismatch detected, BTF debug info may be "
				 "unavailable for some modules",
				 m->name);
	}
	init.uncertain = init.uncertain || k->allows_other_types == TRI_UNKNOWN;
	return check_add(c, &init, err, "failed to validate module [%s] BTF: -22", m->name);
}

/* read_symbols() of modpost, since 6.15 without W=1 (6c6c1fc09de3). */
static int description(struct check *c, uint32_t index, struct ksa_error *err)
{
	static const struct release first = {{6, 15, 0}};
	const struct ksa_module *m = c->report->modules[index];
	struct finding_init init = init_for(index, RULE_NO_DESCRIPTION);
	struct release release;

	if (m->loading.has_description || !release_parse(c->kernel->release, &release) ||
	    release_compare(&release, &first) < 0)
		return 0;
	init.at = KSA_AT_BUILD;
	return check_add(c, &init, err, "missing MODULE_DESCRIPTION() in %s.o", m->name);
}

int check_loading(struct check *c, uint32_t index, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	int r = description(c, index, err);

	if (r || m->is_object)
		return r;
	r = livepatch(c, index, err);
	if (r || c->rebuild)
		return r;
	r = module_struct(c, index, err);
	return r ? r : types(c, index, err);
}
