#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages go through scdoc and mandoc without a warning. scdoc ends every paragraph with
# a .PP of its own, which mandoc then skips: those are not ours to mend. Its line numbers are of the
# page that scdoc makes; the source's is that of the first line with the same words.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
status=0
for m in man/*.scd; do
	[ -e "$m" ] || {
		echo "man: no *.scd"
		exit 1
	}
	page=$dir/$(basename "$m" .scd)
	scdoc <"$m" >"$page" 2>"$dir/error" || {
		sed "s|^Error at |$m:|" "$dir/error"
		status=1
		continue
	}
	mandoc -T lint -W warning "$page" |
		grep -vE 'skipping paragraph macro: PP (empty|after S[HS])$' >"$dir/error" || continue
	status=1
	while IFS=: read -r _ _ line _ what; do
		words=$(sed -n "${line}p" "$page")
		line=$(grep -nF -- "$words" "$m" | head -n 1 | cut -d: -f1)
		echo "$m:${line:-1}:$what: $words"
	done <"$dir/error"
done
exit $status
