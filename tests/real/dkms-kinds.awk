# SPDX-License-Identifier: GPL-2.0-or-later
# Errors of dkms-causes.awk, by the kinds of what became of the kernel. Reads
#
#	old, new	NAME WORD, of dkms-declared.awk, for each kernel
#	symvers		the older kernel's Module.symvers
#	before		PACKAGE KIND NAME PLACE MESSAGE, by the older kernel's headers
#	own		PACKAGE NAME WORD: of the missed names and headers, what the package itself has
#	raw		the same as before, by the newer kernel's headers
#
# and writes PACKAGE, CAUSE, NAME, PLACE, MESSAGE. CAUSE is "follows" where the error is of another one's making.

BEGIN {
	FS = OFS = "\t"
}

FILENAME ~ /old$/ {
	in_old[$1] = in_old[$1] " " $2
	next
}

FILENAME ~ /new$/ {
	in_new[$1]
	next
}

FILENAME ~ /symvers$/ {
	exported[$2]
	next
}

FILENAME ~ /before$/ {
	was[$1, $2, $3]
	next
}

FILENAME ~ /own$/ {
	own[$1, $2] = $3
	next
}

FILENAME ~ /first$/ {
	# what stands beside: a member that is gone makes the values after it misplaced, a name that is missed has no type
	if ($2 != "other" && $2 != "init" && $4 != "")
		beside[$1, $4]
	if ($2 == "missed" && $5 !~ /undeclared/)
		untyped[$1, $4]
	next
}

function its(package, name) {
	return (package, name) in own ? own[package, name] : ""
}

function missed(package, name,    old) {
	if (its(package, name) == "flag")
		return "Kbuild variable"
	if (name in in_new)
		return "header no longer included"
	old = name in in_old ? in_old[name] : ""
	if (name in exported)
		return "function gone"
	if (old ~ /macro|inline/)
		return "inline or macro gone"
	if (old ~ /function/)
		return "function gone"
	if (old != "")
		return "type or constant gone"
	if (its(package, name) == "own" || message !~ /^implicit declaration/)
		return "follows"
	return "feature test"
}

function cause(package, kind, name, place, message) {
	if (kind == "other" && (((package, place) in beside) ||
	    message ~ /^(control reaches end|type defaults|initializer element|data definition has no)/))
		return "follows"
	if ((kind ~ /^(argument|void|assign|init)$/ || message ~ /undeclared/) && ((package, place) in untyped))
		return "follows"
	if (kind == "init")
		return (package, place) in beside ? "follows" : "member's type"
	if (kind == "assign")
		return "member's type"
	if (kind ~ /^(argument|count|void)$/)
		return name in in_old || name in in_new || name in exported ? "prototype" : "other"
	if (kind == "member")
		return "member gone"
	if (kind == "header")
		return name in in_old ? "header gone" : its(package, name) == "flag" ? "Kbuild variable" : "other"
	if (kind == "missed")
		return missed(package, name)
	if (kind == "taken")
		return name in in_new ? "name taken" : "follows"
	return kind == "modpost" ? "modpost" : "other"
}

{
	message = $5
	if (($1, $2, $3) in was)
		next
	word = cause($1, $2, $3, $4, $5)
	print $1, word, word == "Kbuild variable" ? "EXTRA_CFLAGS" : $3, $4, $5
}
