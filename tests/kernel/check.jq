# SPDX-License-Identifier: GPL-2.0-or-later
# The facts in a report of `ksymaudit check -f json` on one kernel, "MODULE FACT" a line.
# $referee is build or load: what the report is of, and which objections count.

def module_name: split("/")[-1] | sub("\\.k?o$"; "");

# What modpost prints for a finding.
def build_facts:
	{
		KSA001: "gpl-only", KSA002: "undefined", KSA004: "namespace", KSA005: "namespace",
		KSA006: "forged-import", KSA009: "no-license", KSA015: "exported-twice", KSA075: "no-description"
	}[.rule] // "says \(.rule)" | .;

# What the loader logs for a finding, a line each. A symbol that is refused for a reason of its own
# is reported as unknown after that.
def load_facts:
	.symbol as $s
	| if .rule == "KSA001" or .rule == "KSA002" then "unknown \($s)"
	elif .rule == "KSA003" or .rule == "KSA018" then
		if $s == null or $s == "module_layout" then "version module_layout"
		else "version \($s)", "unknown \($s)" end
	elif .rule == "KSA004" or .rule == "KSA005" then "namespace \($s)", "unknown \($s)"
	elif .rule == "KSA006" then "forged-import \($s)"
	elif .rule == "KSA007" then
		"unknown \($s)",
		(if .message | test("module using GPL-only symbols uses symbols") then "inherits \($s)"
		else .evidence | capture("by using '(?<via>[^']*)'") | "inherits \(.via)" end)
	elif .rule == "KSA012" then "vermagic"
	elif .rule == "KSA015" then "duplicate \($s)"
	elif .rule == "KSA021" then "architecture"
	elif .rule == "KSA070" then "module-struct"
	elif .rule == "KSA071" then "btf"
	elif .rule == "KSA072" then
		if .message | test("^Loading of ") then
			"signature \(.message | capture("^Loading of (?<what>.*) is rejected").what | gsub(" "; "-"))"
		else "lockdown" end
	elif .rule == "KSA074" then "livepatch"
	else "says \(.rule)" end;

def outcome:
	if $referee == "build" then "build \(.build)"
	elif .load == "refused" then "load refused \(.errno)"
	elif .load == "loads" then "load loads \(if .taint == "" then "-" else .taint end)"
	else "undecided" end;

# What a finding says to the referee.
def facts($undecided):
	if $referee == "build" then "build \(build_facts)\(if .symbol then " \(.symbol)" else "" end)"
	elif $undecided then "undecided \(.rule)"
	else "load \(load_facts)" end;

[.modules[].path | module_name] as $names
| [.outcomes[][0] | $referee == "load" and .load == "unknown"] as $undecided
| (.outcomes | to_entries[] | "\($names[.key]) \(.value[0] | outcome)"
		| select(endswith(" undecided") | not)),
	(.unchecked[] | "\($names[.module]) undecided \(.symbol)"),
	(.findings[] | select(.level == "error" and (.at | index($referee)))
		| "\($names[.module]) \(facts($undecided[.module]))"),
	# the loader has a line for this one, and goes on
	(.findings[] | select(.rule == "KSA014" and (.message | test(" of proprietary module ")))
		| select($referee == "load") | "\($names[.module]) load inherits \(.symbol)"),
	# modpost of earlier kernels only warns of this one
	(.findings[] | select(.rule == "KSA075" and .level != "error" and $referee == "build")
		| "\($names[.module]) build warns no-description"),
	(.findings[] | select(.level == "warning" and $referee == "load")
		| if $undecided[.module] and (.rule == "KSA072" or .rule == "KSA077")
		then "\($names[.module]) undecided \(.rule)"
		else "\($names[.module]) warns \(.rule)\(if .symbol then " \(.symbol)" else "" end)" end)
