// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The imports of one module, one after the other as the loader resolves them (resolve_symbol() in
 * kernel/module/main.c): find, GPL bookkeeping, taint inheritance, CRC, namespace. What modpost
 * says of the same import at build time is told apart by the finding's at.
 */
#include "audit/check/check.h"

#include <stdio.h>
#include <string.h>

/* One import under judgment. */
struct import_case {
	struct check *c;
	uint32_t index; /* of the module */
	const struct ksa_module *module;
	const struct ksa_import *import;
	struct provider provider;
	const struct strmap *namespaces; /* that the module imports: name -> index in import_ns */
	bool *used; /* those that a symbol of it needs */
};

static struct finding_init init_for(const struct import_case *ic, enum rule_id rule,
				    unsigned int at)
{
	return (struct finding_init){
		.rule = rule, .at = at, .module = ic->index, .symbol = ic->import->name};
}

static const struct ksa_kernel *other_kernel(const struct check *c, size_t i)
{
	return i < c->report->kernel_count ? c->report->kernels[i]
					   : c->options->hints[i - c->report->kernel_count];
}

/* Where the symbol is on another kernel than the one at hand, or NULL. */
static const struct ksa_export *elsewhere(const struct import_case *ic, size_t i)
{
	const struct ksa_kernel *k = other_kernel(ic->c, i);
	size_t count;

	return k == ic->c->kernel || k == ic->c->kernel->base
		       ? NULL
		       : kernel_find_exports(k, ic->import->name, &count);
}

static bool is_same_place(const struct ksa_export *a, const struct ksa_export *b)
{
	return b && a->cls == b->cls && strcmp(a->owner, b->owner) == 0;
}

/* Where a missing symbol is on other kernels, those that agree together; or NULL. */
static const char *where_else(const struct import_case *ic)
{
	struct check *c = ic->c;
	size_t total = c->report->kernel_count + c->options->hint_count;
	const char *text = NULL;

	for (size_t i = 0; i < total; i++) {
		const struct ksa_export *e = elsewhere(ic, i);
		const char *labels;
		size_t before = 0;

		while (e && before < i && !is_same_place(e, elsewhere(ic, before)))
			before++;
		if (!e || before < i || (text && strlen(text) > 400))
			continue;
		labels = other_kernel(c, i)->label;
		for (size_t k = i + 1; k < total; k++)
			if (is_same_place(e, elsewhere(ic, k)) && strlen(labels) < 200)
				labels = report_text(c->report, "%s, %s", labels,
						     other_kernel(c, k)->label);
		text = report_text(c->report, "%s%s%s: %s in %s", text ? text : "",
				   text ? "; " : "", labels, ksa_class_name((enum ksa_class)e->cls),
				   e->owner);
	}
	return text;
}

/* Not among the exports, of which not all were read. */
static int not_read(const struct import_case *ic, struct ksa_error *err)
{
	const struct ksa_kernel *k = ic->c->kernel;

	if (k->promised)
		return check_not_promised(ic->c, ic->index, ic->import->name, err);
	if (k->from_source)
		return check_add_unchecked(
			ic->c, ic->index, ic->import->name, err,
			"not in source: its name may be pasted by a macro or made by "
			"a tool; add the image or the Module.symvers");
	if (k->has_image && !k->has_modules && k->gap_count)
		return check_add_unchecked(ic->c, ic->index, ic->import->name, err,
					   "not among the exports that were read, and %s %s%s",
					   owner_base_name(k->gaps[0].module), k->gaps[0].why,
					   k->gap_count > 1 ? "; nor could others be read" : "");
	if (k->has_image && kernel_has_some_modules(k))
		return check_add_unchecked(
			ic->c, ic->index, ic->import->name, err,
			"not among the exports that were read, and not all of the kernel's modules "
			"were; add the others or the Module.symvers");
	return check_add_unchecked(
		ic->c, ic->index, ic->import->name, err,
		"not among the exports that were read, and those of %s were not read; add "
		"%s or the Module.symvers",
		!k->has_image ? "vmlinux" : "the kernel's modules",
		!k->has_image ? "the image" : "the modules");
}

/* Where the symbol went, as far as that is known; or NULL. */
static const char *whereabouts(const struct import_case *ic)
{
	const char *others = where_else(ic),
		   *lineage = check_lineage_missing(ic->c, ic->import->name);

	if (!others)
		return lineage;
	return report_text(ic->c->report, "%s%sexported elsewhere: %s", lineage ? lineage : "",
			   lineage ? "; " : "", others);
}

/* The module that depends= names and that neither this kernel nor the check has; or NULL. */
static const char *absent_dependency(const struct import_case *ic)
{
	const struct ksa_module *m = ic->module;
	char folded[256];

	for (size_t i = 0; i < m->depends.count; i++) {
		module_fold_name(m->depends.items[i], folded, sizeof(folded));
		if (!kernel_find_module(ic->c->kernel, m->depends.items[i]) &&
		    !strmap_get(&ic->c->by_module, folded, NULL))
			return m->depends.items[i];
	}
	return NULL;
}

/* What of this case the rule cannot know; or NULL. */
static const char *missing_fix(const struct import_case *ic)
{
	const struct call_helpers *group = rules_helper(ic->c->rules, ic->import->name);
	const char *absent = absent_dependency(ic);
	struct ksa_report *report = ic->c->report;

	if (absent)
		return report_text(report,
				   "depends names '%s', which this kernel does not have: give "
				   "%s.ko to the same check",
				   absent, absent);
	if (group && strcmp(group->group, "compiler") == 0)
		return "the compiler put this call in, for a kernel that is configured otherwise: "
		       "build the module for this kernel, with the compiler that its headers name";
	if (check_is_other_series(ic->c->kernel, ic->module))
		return report_text(report,
				   "the module was built for %.*s: build it for this kernel, whose "
				   "headers may do without the symbol (check --rebuild tells)",
				   (int)strcspn(ic->module->vermagic, " "), ic->module->vermagic);
	return NULL;
}

/* True if the kernel has it, and pending changes take it away. */
static bool is_taken_away(const struct import_case *ic)
{
	size_t count;

	return ic->c->pending && kernel_find_exports(ic->c->kernel->base, ic->import->name, &count);
}

static int missing(const struct import_case *ic, struct ksa_error *err)
{
	struct finding_init init = init_for(ic, RULE_UNDEFINED_SYMBOL, KSA_AT_BUILD | KSA_AT_LOAD);
	const struct ksa_kernel *k = ic->c->kernel;
	const struct ksa_export *replaced;
	size_t count;

	if (ic->import->weak)
		return 0; /* modpost and the loader both let it be NULL */
	if ((k->from_source || !k->has_image || !k->has_modules) && !is_taken_away(ic))
		return not_read(ic, err);
	replaced = kernel_find_exports(k, ic->import->name, &count);
	ic->c->report->misses = true;
	/* modpost still finds it in Module.symvers; only the kernel then has the other module. */
	if (replaced)
		init.at = KSA_AT_LOAD;
	if (!replaced && check_is_rebuilt(ic->c, ic->index) &&
	    (is_taken_away(ic) || !check_is_only_pending(ic->c, ic->index)))
		return check_rebuild_lost(ic->c, ic->index, ic->import, whereabouts(ic), err);
	init.evidence = replaced ? report_text(ic->c->report,
					       "exported by the kernel's %s, which a module under "
					       "check replaces",
					       replaced->owner)
				 : whereabouts(ic);
	/* modpost never sees this file where it was built for another kernel. */
	if (check_is_other_release(k, ic->module) && !ic->c->rebuild)
		init.at = KSA_AT_LOAD;
	init.fix = missing_fix(ic);
	return check_add(ic->c, &init, err, "\"%s\" [%s.ko] undefined!", ic->import->name,
			 ic->module->name);
}

/* A GPL-only symbol: what modpost says, what the loader says. *denied: the loader does not find it.
 */
static int gpl_only(const struct import_case *ic, bool *denied, struct ksa_error *err)
{
	struct check *c = ic->c;
	const struct module_state *state = &c->state[ic->index];
	struct finding_init init = init_for(ic, RULE_GPL_ONLY_SYMBOL, 0);
	bool inherited = state->tainted_by != NULL;
	int r = 0;

	*denied = state->tainted;
	if (!check_compatible_at_build(c, ic->module))
		init.at |= KSA_AT_BUILD;
	if (*denied && !inherited && !ic->import->weak)
		init.at |= KSA_AT_LOAD;
	if (init.at)
		r = check_add(c, &init, err,
			      "GPL-incompatible module %s.ko uses GPL-only symbol '%s'",
			      ic->module->name, ic->import->name);
	if (r || !*denied)
		return r;
	if (ic->import->weak) {
		init = init_for(ic, RULE_WEAK_DENIED, KSA_AT_LOAD);
		return check_add(c, &init, err,
				 "weak reference to GPL-only symbol '%s' resolves to NULL",
				 ic->import->name);
	}
	if (!inherited)
		return 0;
	init = init_for(ic, RULE_TAINT_INHERITED, KSA_AT_LOAD);
	init.evidence = report_text(c->report,
				    "%s.ko lost GPL-only symbols by using '%s' of proprietary %s",
				    ic->module->name, state->tainted_symbol, state->tainted_by);
	return check_add(c, &init, err, "%s: Unknown symbol %s (err -2)", ic->module->name,
			 ic->import->name);
}

/* 262e6ae7081d "modules: inherit TAINT_PROPRIETARY_MODULE" (5.9). *denied: the load ends here. */
static int inherit_taint(const struct import_case *ic, bool *denied, struct ksa_error *err)
{
	struct check *c = ic->c;
	struct module_state *state = &c->state[ic->index];
	struct finding_init init = init_for(ic, RULE_TAINT_INHERITED, KSA_AT_LOAD);

	*denied = false;
	if (!ic->provider.tainted)
		return 0;
	if (!state->uses_gpl_only) {
		if (state->tainted)
			return 0;
		state->tainted = true;
		state->tainted_by = ic->provider.owner;
		state->tainted_symbol = ic->import->name;
		if (!state->unknown_symbol)
			return 0;
		return check_add_unchecked(
			c, ic->index, state->unknown_symbol, err,
			"its class is not known from these sources, and the module also uses '%s' "
			"of proprietary %s; add the image or the Module.symvers",
			ic->import->name, owner_base_name(ic->provider.owner));
	}
	*denied = true;
	if (ic->import->weak) {
		init.rule = RULE_WEAK_DENIED;
		return check_add(c, &init, err,
				 "weak reference to '%s' of proprietary module %s resolves to NULL",
				 ic->import->name, owner_base_name(ic->provider.owner));
	}
	if (strcmp(state->gpl_symbol, ic->import->name) == 0)
		init.evidence = report_text(c->report, "'%s' is GPL-only itself", ic->import->name);
	else
		init.evidence = report_text(c->report, "%s.ko also uses GPL-only '%s'",
					    ic->module->name, state->gpl_symbol);
	return check_add(
		c, &init, err,
		"%s: module using GPL-only symbols uses symbols %s from proprietary module "
		"%s.",
		ic->module->name, ic->import->name, owner_base_name(ic->provider.owner));
}

/* Sources have a symbol in several files, for several machines or configurations: which is built is
 * not told. The first that has another class, or NULL. */
static const struct ksa_export *other_class(const struct import_case *ic)
{
	const struct ksa_export *e = ic->provider.export_, *all;
	size_t count = 0;

	if (!ic->c->kernel->from_source || ic->provider.module != NO_INDEX)
		return NULL;
	all = kernel_find_exports(ic->c->kernel, e->name, &count);
	for (size_t i = 0; i < count; i++)
		if (all[i].cls != e->cls)
			return &all[i];
	return NULL;
}

/* True if the class matters: somebody may take the module for GPL-incompatible. */
static bool is_denied_gpl(const struct import_case *ic)
{
	return ic->c->state[ic->index].tainted || !check_compatible_at_build(ic->c, ic->module);
}

static int license_and_taint(const struct import_case *ic, bool *denied, struct ksa_error *err)
{
	struct module_state *state = &ic->c->state[ic->index];
	const struct ksa_export *e = ic->provider.export_, *other = other_class(ic);
	int r = 0;

	*denied = false;
	if ((other || e->cls == KSA_CLASS_UNKNOWN) && !state->unknown_symbol)
		state->unknown_symbol = e->name;
	if (other && is_denied_gpl(ic))
		return check_add_unchecked(ic->c, ic->index, e->name, err,
					   "mixed: %s in %s, %s in %s, and the module is not "
					   "GPL-compatible; add the image or the Module.symvers",
					   ksa_class_name((enum ksa_class)e->cls), e->owner,
					   ksa_class_name((enum ksa_class)other->cls),
					   other->owner);
	if (other)
		return inherit_taint(ic, denied, err);
	if (e->cls == KSA_CLASS_UNKNOWN && is_denied_gpl(ic))
		return check_add_unchecked(ic->c, ic->index, e->name, err,
					   "its class is not known from these sources, and the "
					   "module is not GPL-compatible; add the image or the "
					   "Module.symvers");
	if (export_is_gpl_only(e)) {
		r = gpl_only(ic, denied, err);
		if (!r && !*denied && !state->uses_gpl_only) {
			state->uses_gpl_only = true;
			state->gpl_symbol = e->name;
		}
	}
	return r || *denied ? r : inherit_taint(ic, denied, err);
}

static int old_classes(const struct import_case *ic, struct ksa_error *err)
{
	const struct ksa_export *e = ic->provider.export_;
	struct finding_init init;

	if (e->cls == KSA_CLASS_GPL_FUTURE) {
		init = init_for(ic, RULE_GPL_FUTURE_SYMBOL, 0);
		if (!check_compatible_at_build(ic->c, ic->module))
			init.at |= KSA_AT_BUILD;
		if (!check_compatible_at_load(ic->c, ic->module))
			init.at |= KSA_AT_LOAD;
		if (!init.at)
			return 0;
		return check_add(ic->c, &init, err,
				 "GPL-incompatible module %s.ko uses future GPL-only symbol '%s'",
				 ic->module->name, e->name);
	}
	if (e->cls == KSA_CLASS_UNUSED || e->cls == KSA_CLASS_UNUSED_GPL) {
		init = init_for(ic, RULE_UNUSED_SYMBOL, KSA_AT_BUILD | KSA_AT_LOAD);
		return check_add(ic->c, &init, err, "module %s.ko uses symbol '%s' marked UNUSED",
				 ic->module->name, e->name);
	}
	return 0;
}

/* check_version(): a name that __versions lacks is refused; the extended ones (6.14) only warn. */
static int no_version(const struct import_case *ic, struct ksa_error *err)
{
	const struct ksa_module *m = ic->module;
	struct finding_init init = init_for(ic, RULE_NO_SYMBOL_VERSION, KSA_AT_LOAD);

	if (!m->has_basic_versions || m->has_extended_versions)
		return 0;
	init.evidence =
		report_text(ic->c->report, "'__versions' of %s.ko does not list it", m->name);
	return check_add(ic->c, &init, err, "%s: no symbol version for %s", m->name,
			 ic->import->name);
}

/* Of a kernel of another build the loader refuses each module for module_layout, before anything
 * else. */
static int other_build(const struct import_case *ic, struct finding_init *init,
		       struct ksa_error *err)
{
	const struct module_state *state = &ic->c->state[ic->index];

	if (strcmp(ic->import->name, "module_layout") != 0)
		return 0;
	init->is_led = true;
	init->evidence =
		report_text(ic->c->report,
			    "0x%08x in %s.ko, 0x%08x in vmlinux; so do %zu of %zu imports: "
			    "the kernel's CRCs are of another build",
			    ic->import->crc, ic->module->name, ic->provider.export_->crc,
			    state->differing, state->compared);
	return check_add(ic->c, init, err, "%s: disagrees about version of symbol module_layout",
			 ic->module->name);
}

static int crc(const struct import_case *ic, struct ksa_error *err)
{
	const struct ksa_export *e = ic->provider.export_;
	struct finding_init init = init_for(ic, RULE_CRC_DIFFERS, KSA_AT_LOAD);

	if (ic->c->rebuild || !e->has_crc)
		return 0;
	if (!ic->import->has_crc)
		return no_version(ic, err);
	if (e->crc == ic->import->crc)
		return 0;
	if (ic->c->kernel->promised)
		return check_other_promise(ic->c, ic->index, ic->import, e->crc,
					   ic->c->kernel->label, err);
	if (ic->c->other_build && ic->module->has_layout_crc && ic->provider.module == NO_INDEX)
		return other_build(ic, &init, err);
	init.evidence = report_text(ic->c->report, "0x%08x in %s.ko, 0x%08x in %s", ic->import->crc,
				    ic->module->name, e->crc, ic->provider.owner);
	return check_add(ic->c, &init, err, "%s: disagrees about version of symbol %s",
			 ic->module->name, e->name);
}

/* True if the module imports the namespace, which is then in use. */
static bool imports_namespace(const struct import_case *ic, const char *ns)
{
	uint32_t i;

	if (!strmap_get(ic->namespaces, ns, &i))
		return false;
	ic->used[i] = true;
	return true;
}

/* The loader compares name= of .modinfo, modpost the file's name, to which '-' and '_' are two. */
static int reserved(const struct import_case *ic, unsigned int at, struct ksa_error *err)
{
	const struct ksa_module *m = ic->module;
	const char *ns = ic->provider.export_->ns;
	struct finding_init init;

	/* KSA006 says it all: to modpost it is imported, and the loader does not get here. */
	if (imports_namespace(ic, ns))
		return 0;
	if (namespace_allows_module(ns, m->name, false))
		at &= ~(unsigned int)KSA_AT_BUILD;
	if (namespace_allows_module(ns, m->modname ? m->modname : m->name, true))
		at &= ~(unsigned int)KSA_AT_LOAD;
	if (!at)
		return 0;
	init = init_for(ic, RULE_RESERVED_SYMBOL, at);
	init.evidence = report_text(ic->c->report, "reserved for: %s", ns + strlen("module:"));
	return check_add(ic->c, &init, err,
			 "module %s uses symbol %s from namespace %s, but does not import it.",
			 m->name, ic->import->name, ns);
}

/* denied: the loader has stopped before it looks at the namespace. */
static int name_space(const struct import_case *ic, bool denied, struct ksa_error *err)
{
	const struct ksa_module *m = ic->module;
	const char *ns = ic->provider.export_->ns;
	unsigned int at = denied ? KSA_AT_BUILD : KSA_AT_BUILD | KSA_AT_LOAD;
	struct finding_init init;

	if (!ns)
		return 0;
	if (namespace_is_reserved(ns) && ic->c->kernel_reserves)
		return reserved(ic, at, err);
	if (imports_namespace(ic, ns))
		return 0;
	init = init_for(ic, RULE_NAMESPACE_NOT_IMPORTED, at);
	init.fix = report_text(ic->c->report,
			       "add MODULE_IMPORT_NS(\"%s\"); (6.13 and later) or "
			       "MODULE_IMPORT_NS(%s); (5.4 to 6.12)",
			       ns, ns);
	init.evidence = report_text(ic->c->report, "exported by %s", ic->provider.owner);
	return check_add(ic->c, &init, err,
			 "module %s uses symbol %s from namespace %s, but does not import it.",
			 m->name, ic->import->name, ns);
}

/* depends= is what modprobe loads first. */
static int depends(const struct import_case *ic, struct strmap *owners, struct ksa_error *err)
{
	const struct ksa_module *m = ic->module;
	const char *owner = owner_base_name(ic->provider.owner);
	const struct kernel_module *km;
	struct finding_init init;
	uint32_t seen = 1;
	int r;

	if (m->is_object || !m->has_modinfo || strcmp(owner, "vmlinux") == 0)
		return 0;
	if (!owner_is_known(owner))
		return 0;
	/* Which module a source file becomes part of, its sources do not tell. */
	if (ic->provider.export_->source_kind == SOURCE_TEXT && ic->provider.module == NO_INDEX)
		return 0;
	km = ic->provider.module == NO_INDEX ? kernel_find_module(ic->c->kernel, owner) : NULL;
	if (km && km->builtin)
		return 0;
	r = strmap_add(owners, owner, &seen, NULL);
	if (r <= 0)
		return r ? ksa_fail_nomem(err) : 0;
	for (size_t i = 0; i < m->depends.count; i++)
		if (module_name_compare(m->depends.items[i], owner) == 0)
			return 0;
	init = init_for(ic, RULE_DEPENDS_MISSING, KSA_AT_LOAD);
	init.evidence = report_text(ic->c->report, "'%s' is exported by %s", ic->import->name,
				    ic->provider.owner);
	return check_add(ic->c, &init, err, "%s.ko does not name '%s' in depends", m->name, owner);
}

static int runtime_lookup(const struct import_case *ic, struct ksa_error *err)
{
	static const char *const lookups[] = {
		"__symbol_get",	   "kallsyms_lookup_name", "kallsyms_on_each_symbol",
		"register_kprobe", "register_kprobes",	   NULL};
	struct finding_init init = init_for(ic, RULE_RUNTIME_LOOKUP, 0);

	for (size_t i = 0; lookups[i] && !ic->module->in_tree; i++)
		if (strcmp(ic->import->name, lookups[i]) == 0)
			return check_add(ic->c, &init, err,
					 "%s.ko looks symbols up at run time (%s): which ones is "
					 "out of reach",
					 ic->module->name, lookups[i]);
	return 0;
}

/* One that the kernel, or a module under check, has. */
static int judge_provided(const struct import_case *ic, struct strmap *owners,
			  struct ksa_error *err)
{
	bool denied = false;
	int r = license_and_taint(ic, &denied, err);

	if (!r)
		r = old_classes(ic, err);
	/* modpost knows no order: what it objects to is said even where the loader stopped before.
	 */
	if (!r && !denied)
		r = crc(ic, err);
	if (!r)
		r = name_space(ic, denied, err);
	if (!r && !denied && ic->provider.module == NO_INDEX)
		r = check_lineage(ic->c, ic->index, ic->provider.export_, err);
	if (!r)
		r = check_wraps(ic->c, ic->index, ic->provider.export_, err);
	if (!r)
		r = check_site_rules(ic->c, ic->index, ic->provider.export_, err);
	return r ? r : depends(ic, owners, err);
}

static int judge_import(const struct import_case *ic, struct strmap *owners, struct ksa_error *err)
{
	int r = runtime_lookup(ic, err);

	if (!r)
		r = check_allowed(ic->c, ic->index, ic->import, &ic->provider, err);
	if (!r && ic->c->pending)
		r = check_pending_undecided(ic->c, ic->index, ic->import->name, err);
	if (r)
		return r;
	if (!ic->provider.export_)
		return missing(ic, err);
	if (ic->c->rebuild && check_rebuild_leaves_out(ic->c, ic->index, ic->import->name))
		return 0;
	return judge_provided(ic, owners, err);
}

/* Which import_ns are used; only where every provider and its namespace are known. */
static int unused_namespaces(struct check *c, uint32_t index, const bool *used, bool complete,
			     struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[index];
	int r = 0;

	for (size_t i = 0; i < m->import_ns.count && complete && !m->in_tree && !r; i++) {
		struct finding_init init = {.rule = RULE_UNUSED_NAMESPACE_IMPORT, .module = index};

		if (used[i] || namespace_is_reserved(m->import_ns.items[i]))
			continue;
		init.symbol = m->import_ns.items[i];
		r = check_add(c, &init, err, "%s.ko imports namespace %s, but uses no symbol of it",
			      m->name, m->import_ns.items[i]);
	}
	return r;
}

static int layout_crc(struct check *c, uint32_t index, struct ksa_error *err)
{
	static const struct ksa_import layout = {.name = "module_layout"};
	const struct ksa_module *m = c->report->modules[index];
	struct ksa_import import = layout;
	struct import_case ic = {.c = c, .index = index, .module = m, .import = &import};

	int r;

	ic.provider = check_find(c, index, "module_layout");
	import.has_crc = m->has_layout_crc;
	import.crc = m->layout_crc;
	r = check_allowed(c, index, &import, &ic.provider, err);
	return r || !ic.provider.export_ ? r : crc(&ic, err);
}

static int index_namespaces(const struct ksa_module *m, struct strmap *namespaces,
			    struct ksa_error *err)
{
	for (size_t i = 0; i < m->import_ns.count; i++) {
		uint32_t value = (uint32_t)i;

		if (strmap_add(namespaces, m->import_ns.items[i], &value, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

int check_module_imports(struct check *c, uint32_t module, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	struct strmap owners = {NULL, 0, 0}, namespaces = {NULL, 0, 0};
	bool *used = arena_calloc(&c->report->arena, m->import_ns.count + 1, sizeof(*used));
	bool complete = true;
	int r = used ? index_namespaces(m, &namespaces, err) : ksa_fail_nomem(err);

	if (!r)
		r = layout_crc(c, module, err);
	for (size_t i = 0; i < m->import_count && !r; i++) {
		struct import_case ic = {.c = c,
					 .index = module,
					 .module = m,
					 .import = &m->imports[i],
					 .namespaces = &namespaces,
					 .used = used};

		ic.provider = check_find_import(c, module, i);
		c->report->reference_count++;
		complete = complete && ic.provider.export_ && ic.provider.export_->ns_known;
		r = judge_import(&ic, &owners, err);
	}
	if (!r)
		r = unused_namespaces(c, module, used, complete, err);
	strmap_release(&owners);
	strmap_release(&namespaces);
	return r;
}
