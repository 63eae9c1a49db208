#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table rules/forecast.yaml: how many plain exports of a kernel have a sign, and how many of these the next
# one does not export any more. The importers of an export are the modules of the kernel's own tree that import
# it, by base name. "importers-drained": of at least 3 that it had in the kernel before at least 3 in 4 do not
# import it in this one, or are not there. "only-staging": it has some, all of them below drivers/staging. "all":
# every plain export. Left out are names that a macro or inline function of the headers of this kernel or the one
# before names: who imports them need not name them, and they come and go with the headers; and names that hold
# a hash of the build (Rust).
#
#   data/forecast.sh KSYMAUDIT KERNEL KERNEL...    from old to new, as in ksymaudit(1); needs jq
set -eu
[ $# -ge 3 ] || {
	echo "usage: data/forecast.sh KSYMAUDIT KERNEL KERNEL..." >&2
	exit 2
}
tool=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# table KERNEL: the release's series; the names of the headers; then symbol, class and importers, one array a line
table() {
	"$tool" exports -f json "$1" | jq -c '
		(.kernel.release | capture("^(?<series>[0-9]+[.][0-9]+)").series),
		(if .headers then [.headers.helpers[] | .name, .names[]] + .headers.others | unique
			else error("the headers are not at hand") end),
		([.modules[].name] as $modules
		| .exports | group_by(.symbol)[]
		| select(.[0].symbol | startswith("_R") | not)
		| [.[0].symbol, .[0].class, ([.[].importers // [] | .[] | $modules[.]] | unique)])'
}

# rows FROM TO BEFORE: tables
rows() {
	jq -n -r --slurpfile from "$1" --slurpfile to "$2" --slurpfile before "$3" '
	def named: .[2:] | map({key: .[0], value: .[2]}) | from_entries;
	def base: split("/")[-1] | gsub("-"; "_");
	($to | named) as $later | ($before | named) as $was
	| ([$from[1], $before[1] // [] | .[]] | map({key: ., value: true}) | from_entries) as $headers
	| def drained: (.[2] | map(base)) as $now | ($was[.[0]] // [] | map(base) | unique) as $had
		| ($had | length) >= 3 and ($had - $now | length) * 4 >= ($had | length) * 3;
	def staging: (.[2] | length) > 0 and all(.[2][]; test("(^|/)drivers/staging/"));
	def row($sign; $since): "  - sign: \($sign)\n" + $since
		+ "    from: \"\($from[0])\"\n    to: \"\($to[0])\"\n    n: \(length)\n"
		+ "    gone: \(map(select($later[.[0]] | not)) | length)";
	[$from[2:][] | select(.[1] == "plain" and ($headers[.[0]] | not))]
	| row("all"; ""),
		(map(select(staging)) | row("only-staging"; "")),
		(if $before == [] then empty
			else map(select(drained)) | row("importers-drained"; "    since: \"\($before[0])\"\n") end)'
}

cat <<'END'
# SPDX-License-Identifier: GPL-2.0-or-later
# Signs of plain exports that go: what 'check --predict' notes, with the counts. Made by `make forecast` of Debian's
# kernels for amd64; data/forecast.sh says what each sign is.
schema: 1
forecast:
END
: >"$work/before"
table "$1" >"$work/from"
shift
for kernel; do
	table "$kernel" >"$work/to"
	rows "$work/from" "$work/to" "$work/before"
	mv "$work/from" "$work/before"
	mv "$work/to" "$work/from"
done
