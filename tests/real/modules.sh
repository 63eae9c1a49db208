#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The inventory of all modules of real kernels against modinfo, sha256, Module.symvers and nm
# (tests/real/modules.py), and its bills of materials against the published schemas (tests/real/sbom.py).
#
#   tests/real/modules.sh [SET...]
#
# The schemas are not part of this project: KSYMAUDIT_SCHEMAS names a directory with spdx-2.3.schema.json and
# spdx-3.0.1.schema.json; bom-1.6*.schema.json and those that it refers to are there too, or come with the npm
# package @cyclonedx/cyclonedx-library. What is not at hand is skipped.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 7.2

# cyclonedx_schema: where it is
cyclonedx_schema() {
	for at in "${KSYMAUDIT_SCHEMAS:-/nowhere}"/bom-1.6*.schema.json; do
		[ ! -e "$at" ] || {
			echo "$at"
			return
		}
	done
	[ -e "$work/package" ] || (cd "$work" && npm pack @cyclonedx/cyclonedx-library >/dev/null 2>&1 && tar xzf ./*.tgz package/res/schema)
	at=$work/package/res/schema/bom-1.6.SNAPSHOT.schema.json
	[ ! -e "$at" ] || echo "$at"
}

# valid SET FORM SCHEMA: the bill of materials of $tree, twice the same and as its schema wants it
valid() {
	for to in "$2" again; do
		"$KSYMAUDIT" modules -f "$2" "$tree" >"$work/$to" 2>"$work/err" || {
			fail "$1: $2: $(head -n 3 "$work/err")"
			return
		}
	done
	cmp -s "$work/$2" "$work/again" || fail "$1: $2 is another one the second time"
	! grep -qwF -e "$(uname -n)" -e "$(id -un)" -e "$tree" "$work/$2" || fail "$1: $2 has a path or name of this machine"
	[ -e "${3:-/nowhere}" ] || {
		skip "$1: $2: no schema at hand (KSYMAUDIT_SCHEMAS)"
		return
	}
	if python3 "$here/sbom.py" "$3" "$work/$2" >"$work/said" 2>&1; then
		pass "$1: $2 of $(cat "$work/said") elements, $(wc -c <"$work/$2") bytes, as $(basename "$3") wants it"
	else
		fail "$1: $2: $(head -n 5 "$work/said")"
	fi
}

# packaged SET: from the package itself the same modules, by their hashes
packaged() {
	"$KSYMAUDIT" modules -f tsv "$tree" | cut -f 1,3-20 | sort >"$work/of-tree"
	"$KSYMAUDIT" modules -f tsv "${debs##*,}" | cut -f 1,3-20 | sort >"$work/of-package"
	if [ -s "$work/of-tree" ] && cmp -s "$work/of-tree" "$work/of-package"; then
		pass "$1: $(wc -l <"$work/of-tree") rows of the package, the same as of the tree"
	else
		fail "$1: $(comm -3 "$work/of-tree" "$work/of-package" | wc -l) rows differ between package and tree"
	fi
}

command -v modinfo >/dev/null || PATH=$PATH:/usr/sbin:/sbin
for set; do
	kernel "$set" || continue
	"$KSYMAUDIT" modules -k "$tree" -f json "$tree" >"$work/report" 2>"$work/err" || {
		fail "$set: exit status $?: $(head -n 3 "$work/err")"
		continue
	}
	if python3 "$here/modules.py" "$work/report" "$tree" "$symvers" >"$work/said" 2>&1; then
		pass "$set: $(sed -n 's/^license: 0 of \([0-9]*\) differ/\1/p' "$work/said") modules as modinfo, nm and Module.symvers have them"
		tail -n 1 "$work/said"
	else
		fail "$set: $(cat "$work/said")"
	fi
	valid "$set" spdx "${KSYMAUDIT_SCHEMAS:-/nowhere}/spdx-2.3.schema.json"
	valid "$set" spdx3 "${KSYMAUDIT_SCHEMAS:-/nowhere}/spdx-3.0.1.schema.json"
	valid "$set" cyclonedx "$(cyclonedx_schema)"
	case $debs in *,*) ;; *) packaged "$set" ;; esac
done
total
