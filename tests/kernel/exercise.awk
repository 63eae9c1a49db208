# SPDX-License-Identifier: GPL-2.0-or-later
# Judges what init.c wrote while the driver was loaded, exercised and unloaded: a line for everything
# that is wrong, else one line "ok, M tests in N runs". The first file is the script that it was given,
# the second one its words. -v trouble=REGEX

function wrong(text) { faults[++count] = text }

function end_of_run() {
	if (does != "run")
		return
	if (plan == "" || plan < 1)
		wrong("run " runs ": no plan")
	else if (tests != plan)
		wrong("run " runs ": " tests " of " plan " tests")
	if (ended != "0")
		wrong("run " runs ": exit " (ended == "" ? "never" : ended))
	if (operations < least)
		wrong("run " runs ": " operations " of " least " random operations")
	all += tests
}

FNR == NR { wanted[$1]++; next }
/^> / || /^end$/ {
	end_of_run()
	does = $2
	if (does == "load") loads++
	if (does == "unload") unloads++
	if (does == "run") {
		runs++
		plan = ended = ""
		tests = operations = least = 0
		for (i = 3; i < NF; i++)
			if ($i == "--operations") least = $(i + 1)
		# all that it tests with the memory that the driver then has not
		skips = / --expect none( |$)/ ? "# SKIP the device has no memory" : ""
	}
	if (/^end$/) complete = 1
	next
}
does == "" { next } # the kernel's own boot
/^errno / && $2 != "none" { wrong(does " " (does == "load" ? loads : unloads) ": " $2) }
/^exit / { ended = $2 }
/^tainted / && $2 != mask {
	# the driver is out of tree (12) and not signed (13), and that is all there is to it
	if ($2 % 4096 != 0 || $2 >= 16384)
		wrong("the kernel is tainted: " $2)
	mask = $2
}
/^kmsg / && $0 ~ trouble { wrong("the kernel says:" substr($0, 5)) }
/^out / && does == "run" {
	text = substr($0, 5)
	if (text ~ /^1\.\.[0-9]+$/) {
		if (plan != "") wrong("run " runs ": a second plan")
		plan = substr(text, 4) + 0
	} else if (text ~ /^ok [0-9]+/) {
		if ($3 + 0 != ++tests) wrong("run " runs ": out of order: " text)
		if (toupper(text) ~ /# *(SKIP|TODO)/ && (skips == "" || !index(text, skips))) wrong("run " runs ": " text)
	} else if (text ~ /^not ok/) {
		tests++
		wrong("run " runs ": " text)
	} else if (text ~ /^Bail out!/) {
		wrong("run " runs ": " text)
	} else if (text ~ /^# [0-9]+ random operations/) {
		operations = substr(text, 3) + 0
	}
}
END {
	if (!complete) wrong("the guest did not come to the end")
	if (loads != wanted["load"] || runs != wanted["run"] || unloads != wanted["unload"])
		wrong(loads + 0 " loads, " runs + 0 " runs, " unloads + 0 " unloads, not " wanted["load"] + 0 ", " wanted["run"] + 0 ", " wanted["unload"] + 0)
	for (i = 1; i <= count; i++)
		print faults[i]
	if (!count)
		print "ok, " all " tests in " runs " runs"
}
