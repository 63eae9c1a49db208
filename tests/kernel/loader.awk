# SPDX-License-Identifier: GPL-2.0-or-later
# What the loader did, from the lines that init.c wrote: "SUBJECT MODULE load FACT" for every load
# and unload, and "SUBJECT complete" for a case that was followed by another or by the end.
# -v trouble=REGEX: what the kernel must never log

function base(path) {
	sub(/.*\//, "", path)
	sub(/\.ko$/, "", path)
	return path
}

# the text between two parts of it
function between(text, before, after) {
	text = substr(text, index(text, before) + length(before))
	return after == "" ? text : substr(text, 1, index(text, after) - 1)
}

function dashed(text) {
	gsub(/ /, "-", text)
	return text
}

function fact(text) { print subject, module, "load", text }

function has(mask, bit) { return int(mask / 2 ^ bit) % 2 }

# The kernel's mask has the bits that it had and those of the module, which are letters; a module
# that was refused may have left its license, its place and its missing signature behind.
function check_mask(mask, letters, allowed, i, letter) {
	allowed = (refused ? "POE" : letters) (module == "ndiswrapper" ? "P" : "")
	for (i = 0; i < length(ALL); i++) {
		letter = substr(ALL, i + 1, 1)
		if (has(before, i) && !has(mask, i))
			fact("kernel-taint-lost " letter)
		if (!has(before, i) && has(mask, i) && !index(allowed, letter))
			fact("kernel-taint " letter)
		if (!refused && index(letters, letter) && !has(mask, i))
			fact("kernel-taint-missing " letter)
	}
}

# One line of the kernel's log while a module was loaded or unloaded.
function kmsg(text) {
	if (text ~ /: Unknown symbol [^ ]+ \(err -?[0-9]+\)/)
		fact("unknown " between(text, "Unknown symbol ", " ("))
	else if (text ~ /: disagrees about version of symbol /)
		fact("version " between(text, "version of symbol ", ""))
	else if (text ~ /: no symbol version for /)
		fact("version " between(text, "no symbol version for ", ""))
	else if (text ~ /: version magic '.*' should be '/)
		fact("vermagic")
	else if (text ~ /: module uses symbol \(.*\) from namespace .*, but does not import it/)
		fact("namespace " between(text, "symbol (", ")"))
	else if (text ~ /: module uses symbols .* from proprietary module .*, inheriting taint/)
		inherits = between(text, "uses symbols ", " from")
	else if (text ~ /: module using GPL-only symbols uses symbols .* from proprietary module /)
		fact("inherits " between(text, " uses symbols ", " from"))
	else if (text ~ /: module tries to import module namespace: /)
		fact("forged-import " between(text, "module namespace: ", ""))
	else if (text ~ /: exports duplicate symbol .* \(owned by /)
		fact("duplicate " between(text, "duplicate symbol ", " ("))
	else if (text ~ /^Invalid architecture in ELF header/)
		fact("architecture")
	else if (text ~ /: No module found in object/ || text ~ /^module .*: (Exactly|Only) one \.gnu\.linkonce\.this_module section must exist/ ||
		 text ~ /^module .*: \.gnu\.linkonce\.this_module section size must match /)
		fact("module-struct")
	else if (text ~ /^failed to validate module \[.*\] BTF: /) {
		# 6.1 says so where it lets the module in as well
		if (refused)
			fact("btf")
	}
	else if (text ~ /^Loading of .* is rejected/)
		fact("signature " dashed(between(text, "Loading of ", " is rejected")))
	else if (text ~ /^Lockdown: .*: unsigned module loading is restricted/)
		fact("lockdown")
	else if (text ~ /: module is marked as livepatch module, but livepatch support is disabled/)
		fact("livepatch")
	else if (text ~ /: module is already loaded$/)
		fact("already-loaded")
	else if (text ~ trouble)
		fact("log " text)
}

BEGIN {
	ALL = "PFSRMBUDAWCIOELKXTNJ" # kernel/panic.c, taint_flags[], by bit
	module = "?"
}

/^> / || /^end$/ {
	if ($2 == "case" || /^end$/) {
		if (subject != "")
			print subject, "complete"
		subject = $3
	}
	does = $2
	if (does == "load" || does == "unload") {
		module = does == "load" ? base($3) : name[subject, $3]
		refused = 0
		letters = inherits = ""
		before = mask
	}
	if (does == "load") {
		sysname = module
		gsub(/-/, "_", sysname)
		name[subject, sysname] = module
	}
	next
}
/^errno / && does == "load" {
	refused = $2 != "none"
	loaded[subject, module] = !refused
	if (refused)
		fact("refused " $2)
	next
}
/^errno / && does == "unload" {
	# what was not loaded is not there to go
	if (loaded[subject, module] ? $2 != "none" : $2 != "ENOENT")
		fact("unload-" $2)
	next
}
/^kmsg / {
	if (does == "load" || does == "unload")
		kmsg(substr($0, 6))
	next
}
/^taint / { letters = $2 }
/^tainted / {
	mask = $2
	if (does != "load")
		next
	check_mask(mask, letters)
	if (!refused) {
		gsub(/E/, "", letters)
		fact("loads " (letters == "" ? "-" : letters))
	} else if (inherits != "") {
		# of a module that loads, taint P says it
		fact("inherits " inherits)
	}
}
