# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of rebuild-types.sh. Reads, by the files' names: causes (PACKAGE CAUSE NAME PLACE MESSAGE), fatal (PACKAGE
# FILE), modules and built (PACKAGE MODULE, by the older and the newer headers), unlinked (SYMBOL, which modpost alone misses), findings (PACKAGE MODULE RULE
# LEVEL SYMBOL EVIDENCE MESSAGE). What is missed and what is false goes to `details`, unless `secret`; `verdicts` has pass or
# fail and a text for each thing that is asked for.

# The last part of a name: the member of "struct.member", the tag of "struct tag".
function tail(name) {
	sub(/.*[. ]/, "", name)
	return name
}

function detail(text) {
	if (secret == "")
		print "  " pair ": " text >details
}

# mark KEYS: these causes, one a line, are named
function mark(keys,    n, i, key) {
	n = split(keys, key, "\n")
	for (i = 1; i <= n; i++)
		if (key[i] != "")
			named[key[i]]
}

# whether the build says so too; what causes it tells are marked
function truth(package, symbol, place,    found) {
	symbol = tail(symbol)
	if ((package, symbol) in of_name) {
		mark(of_name[package, symbol])
		found = 1
	}
	if (place != "" && (package, place) in of_place) {
		mark(of_place[package, place])
		found = 1
	}
	return found
}

BEGIN {
	FS = OFS = "\t"
}

FILENAME ~ /causes$/ {
	key = $1 SUBSEP $2 SUBSEP ($3 == "?" ? $4 : $3)
	if ($2 == "follows")
		key = ""
	else
		cause[key] = $2
	places[key] = places[key] " " $4
	of_place[$1, $4] = of_place[$1, $4] "\n" key
	if (key != "" && $3 != "?")
		of_name[$1, tail($3)] = of_name[$1, tail($3)] "\n" key
	next
}

FILENAME ~ /fatal$/ {
	fatal[$1, $2]
	any_fatal[$1]
	next
}

FILENAME ~ /modules$/ {
	asked[$1, $2]
	next
}

FILENAME ~ /built$/ {
	if (($1, $2) in asked)
		builds[$1, $2]
	next
}

FILENAME ~ /unlinked$/ {
	unlinked[$1]
	next
}

{
	place = match($6, /^[^ :]+:[0-9]+/) ? substr($6, RSTART, RLENGTH) : ""
	file = place
	sub(/:.*/, "", file)
	id = $1 SUBSEP $3 SUBSEP $4 SUBSEP $5 SUBSEP place
	if (truth($1, $5, place))
		word = "true"
	else if ((($1, file) in fatal) || (file ~ /\.h$/ && ($1 in any_fatal)) || ($5 in unlinked))
		word = "untold"
	else
		word = "false"
	if (($1, $2) in builds && word != "true") {
		word = "false"
		if (!((id, $2) in counted_builds))
			wrong[$4]++
		counted_builds[id, $2]
	}
	if (id in counted)
		next
	counted[id]
	count[$3, $4, word]++
	if (word == "false")
		detail($4 " false: " $1 ": " $2 ": " $3 " " $5 ": " $6 ": " $7)
}

# verdict GOOD TEXT: for the caller, who counts
function verdict(good, text) {
	print (good ? "pass" : "fail") "\t" pair ": " text >verdicts
}

function print_causes(    n, i, kinds, key, part, all, yes) {
	for (key in cause) {
		all[cause[key]]++
		split(key, part, SUBSEP)
		if (key in named)
			yes[cause[key]]++
		else
			detail("missed: " part[1] ": " part[2] ": " part[3] ":" places[key])
	}
	print pair ": causes by kind: all, named, missed"
	n = split("member's type,prototype,member gone,header no longer included,header gone,function gone,inline or macro gone," \
		"type or constant gone,feature test,Kbuild variable,name taken,modpost,other", kinds, ",")
	for (i = 1; i <= n; i++) {
		if (kinds[i] in all)
			printf "  %-28s %4d %4d %4d\n", kinds[i], all[kinds[i]], yes[kinds[i]], all[kinds[i]] - yes[kinds[i]]
		causes += all[kinds[i]]
		told += yes[kinds[i]]
	}
	printf "  %-28s %4d %4d %4d\n", "all", causes, told, causes - told
}

function print_row(what, sums) {
	printf "  %-28s %4d %4d %4d   %4d %4d %4d\n", what, sums["error", "true"], sums["error", "false"], sums["error", "untold"],
		sums["warning", "true"], sums["warning", "false"], sums["warning", "untold"]
}

function print_findings(    i, key, part, row) {
	print "  findings by rule: errors true, false, not told; warnings true, false, not told"
	for (i = 1; i < 100; i++) {
		split("", row)
		for (key in count) {
			split(key, part, SUBSEP)
			if (part[1] == sprintf("KSA%03d", i)) {
				row[part[2], part[3]] += count[key]
				sum[part[2], part[3]] += count[key]
			}
		}
		for (key in row) {
			print_row(sprintf("KSA%03d", i), row)
			break
		}
	}
	print_row("all", sum)
}

END {
	print_causes()
	print_findings()
	for (key in asked) {
		modules++
		built += key in builds
		split(key, part, SUBSEP)
		packages += !(part[1] in package)
		package[part[1]]
	}
	print "  " packages + 0 " packages of " modules + 0 " modules; of those the newer headers build " built + 0 \
		", with false errors " wrong["error"] + 0 ", false warnings " wrong["warning"] + 0
	verdict(told * 2 >= causes, told + 0 " of " causes + 0 " causes are named")
	good = sum["error", "true"] + 0
	all = good + sum["error", "false"]
	verdict(good * 10 >= all * 9, good " of " all " errors are true")
	good = sum["warning", "true"] + 0
	all = good + sum["warning", "false"]
	# one may be wrong where there are few
	verdict(good * 4 >= all * 3 || all - good <= 1, good " of " all " warnings are true")
	verdict(!wrong["error"] && wrong["warning"] * 5 <= built, wrong["error"] + 0 " false errors and " wrong["warning"] + 0 \
		" false warnings in " built + 0 " modules that build")
}
