#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-html: the pages in a real browser, against the JSON of the same runs.
#
#   tests/html/run.sh BUILDDIR [OUTDIR]
#
# Makes the pages (hostile names, a diff of shipped snapshots, counts of a history, 4,000 modules on
# three kernels), then drives Chromium over them (pages.js). Screenshots stay in OUTDIR (build/html).
# Needs no network: tests/deps.sh html has brought the browser and the packages of package-lock.json.
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/html/run.sh BUILDDIR [OUTDIR]" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
B=$(cd "$1" && pwd)
export KSYMAUDIT=$B/ksymaudit MKFIXTURE=$B/tests/mkfixture TESTDATA=$root/testdata
export KSYMAUDIT_DATA=$root/data LC_ALL=C TZ=UTC

skip() { # REASON
	echo "SKIPPED: the pages were not tested: $1"
	echo "0 passed, 0 failed, 1 skipped"
	# in CI all of it has to be there
	[ -z "${CI:-}" ]
	exit
}
CHROMIUM=$(command -v chromium || command -v chromium-browser) || skip "no chromium (tests/deps.sh html)"
export CHROMIUM
command -v node >/dev/null || skip "no node (tests/deps.sh html)"
export NODE_PATH=$root/build/npm/node_modules
[ -d "$NODE_PATH/playwright-core" ] || skip "no playwright-core (tests/deps.sh html)"
[ -x "$MKFIXTURE" ] || skip "run 'make tests-built'"
mkdir -p "${2:-$root/build/html}"
out=$(cd "${2:-$root/build/html}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

# Names that would like to be markup, and one of each thing that a page tells.
hostile() {
	local tag='<script>alert(1)</script>' image='"><img src=x onerror=alert(1)>'
	local bidi end
	bidi=$(printf 'a\342\200\256b') end=$(printf 'q\047"</script><!--\134')
	printf '0x00000000\t%s\tvmlinux\tEXPORT_SYMBOL_GPL\t\n' "$tag" "$image" "$bidi" "$end" plain_gpl \
		waived_gpl >k.symvers
	printf '0x00000000\tin_ns\tvmlinux\tEXPORT_SYMBOL\t%s\n' "$tag" >>k.symvers
	"$MKFIXTURE" module -o "m'\"<b>.ko" --license "$tag" --import "$tag" --import "$image" \
		--import "$bidi" --import "$end" --import in_ns --import missing
	"$MKFIXTURE" module -o n.ko --license Proprietary --import plain_gpl --import waived_gpl
	"$MKFIXTURE" module -o fine.ko --license GPL --import plain_gpl
	cat >waivers.yaml <<-END
		schema: 1
		waivers:
		  - rule: KSA001
		    module: n
		    symbol: waived_gpl
		    reason: |
		      first <i>line</i>
		      second line
		    expires: 2999-12-31
		    by: '$image'
	END
	"$KSYMAUDIT" check -k k.symvers --waivers waivers.yaml -f html=hostile.html -f json=hostile.json \
		"m'\"<b>.ko" n.ko fine.ko >/dev/null 2>err
	[ $? -le 2 ] && [ -s hostile.html ]
}

compared() {
	"$KSYMAUDIT" diff -v debian-6.1 debian-6.12 -f html=diff-all.html -f json=diff.json >/dev/null &&
		"$KSYMAUDIT" diff debian-6.1 debian-6.12 -f html=diff.html >/dev/null
}

# A repository of some releases, so that all of the charts have something to show.
counted() (
	# shellcheck source=testdata/cli/git-lib.sh
	. "$TESTDATA/cli/git-lib.sh"
	repository r
	names=()
	for i in $(seq 0 11); do
		for k in 1 2 3 $((i % 4)); do names+=("f_${i}_$k:EXPORT_SYMBOL$( ((k % 2)) || echo _GPL)"); done
		if [ "$i" -gt 2 ]; then
			names[i]=${names[i]/EXPORT_SYMBOL/EXPORT_SYMBOL_GPL} names[i]=${names[i]/_GPL_GPL/}
			printf 'int u%d(void)\n{\n\treturn f_%d_1(%d) + f_%d_3(1);\n}\n' "$i" $((i - 1)) "$i" $((i - 3)) >"r/u$i.c"
		fi
		mapfile -t sources < <(printf '%s\n' "${names[@]}" | sort -u -t: -k1,1)
		source_file a.c "${sources[@]}"
		commit "release $i"
		git -C r tag "v1.$i"
	done
	"$KSYMAUDIT" history --no-cache --stats -C r -f html=stats.html -f json=stats.json >/dev/null
	"$KSYMAUDIT" history --no-cache -C r -f html=events.html >/dev/null
	"$KSYMAUDIT" history --no-cache --stats --by author -C r -f html=authors.html >/dev/null
)

# 4,000 modules that use what is GPL-only, or gone, in several ways.
large() {
	local i from symbols
	"$KSYMAUDIT" exports -f tsv --class gpl debian-6.1 | cut -f 1 | grep -v '^[#_]' >gpl.list
	mkdir large
	for i in $(seq 0 7); do
		from=$((i * 300 + 1))
		mapfile -t symbols < <(sed -n "$from,$((from + 279))p" gpl.list | sed -n '1~20p')
		"$MKFIXTURE" module -o "large/$i.ko" --license Proprietary --import follow_pfn --import vzalloc \
			--depends kvm "${symbols[@]/#/--import=}"
	done
	for i in $(seq 0 7); do
		seq -f "large/driver_${i}_%03.0f.ko" 500 | xargs -n 1 cp "large/$i.ko" && rm "large/$i.ko"
	done
	from=${EPOCHREALTIME/./}
	"$KSYMAUDIT" check --rebuild -k debian-6.1 -k debian-6.12 -k debian-7.2 -f html=large.html large >text
	echo "4,000 modules on 3 kernels, $(tail -n 1 text | sed 's/.*: \(.* errors\).*/\1/'): read, judged and" \
		"written in $(((${EPOCHREALTIME/./} - from) / 1000)) ms, $(wc -c <large.html) bytes"
	"$KSYMAUDIT" check --rebuild -k debian-6.1 -k debian-6.12 -k debian-7.2 -f jsonl large |
		grep '"kind":"finding"' >large.jsonl
	[ -s large.html ] && [ -s large.jsonl ]
}

for page in hostile compared counted large; do
	$page || {
		echo "FAILED: the page '$page' could not be made"
		[ ! -s err ] || cat err
		echo "0 passed, 1 failed, 0 skipped"
		exit 1
	}
done
node "$here/pages.js" "$work" "$out"
