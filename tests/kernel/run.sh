#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Modules under test, each with its expected verdict, go through modpost and through the loader of
# real kernels in QEMU; what these say, what `ksymaudit check` says and what the subject expects is
# compared, fact by fact.
#
#   tests/kernel/run.sh KSYMAUDIT [--kernel 6.1,6.12,7.2,6.12-arm64] [--subjects DIR] [--out DIR] [SUBJECT...]
#
# One test is one module, on one kernel, before one referee; subject.sh says what a subject is.
# The SUBJECT "exerciser" has the driver do its work, in a boot of its own. OUT keeps what
# everybody said: OUT/KERNEL/SUBJECT/{expected,theirs,ours,build.log,...},
# OUT/KERNEL/{boot,exerciser}/{port,console}; it is removed if it was not asked for and all passes.
set -u
usage() {
	echo "usage: tests/kernel/run.sh KSYMAUDIT [--kernel 6.1,6.12-arm64,...] [--subjects DIR] [--out DIR] [SUBJECT...]" >&2
	exit 2
}
[ -x "${1:-}" ] || usage
KSYMAUDIT=$(realpath "$1")
shift
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/../real/common.sh"
kernel_tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/kernel/arch.sh
. "$kernel_tests/arch.sh"
# shellcheck source=tests/kernel/subject.sh
. "$kernel_tests/subject.sh"
# shellcheck source=tests/kernel/build.sh
. "$kernel_tests/build.sh"
# shellcheck source=tests/kernel/boot.sh
. "$kernel_tests/boot.sh"
# shellcheck source=tests/kernel/judge.sh
. "$kernel_tests/judge.sh"
subjects=$kernel_tests/subjects kernels=6.1,6.12,7.2,6.12-arm64 out="" names=()
driver=$(realpath "$kernel_tests/../../testdata/devmem-mirror")
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernels=${2?} && shift ;;
	--subjects) subjects=$(realpath "${2?}") && shift ;;
	--out) out=$(realpath -m "${2?}") && shift ;;
	-*) usage ;;
	*) names+=("${1%/}") ;;
	esac
	shift
done
if [ ${#names[@]} = 0 ]; then
	mapfile -t names < <(find "$subjects" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
	names+=(exerciser)
fi

# for_kernel KERNEL: the subjects that are tested there, of those asked for
for_kernel() {
	local s
	for s in "${names[@]}"; do
		[ "$s" = exerciser ] || ! subject_is_for "$subjects/$s" "$1" || echo "$s"
	done
}

# one_kernel KERNEL SET SUBJECT...: everything on one kernel; what was said is in OUT/KERNEL
one_kernel() {
	local k=$1 set=$2 s place=$out/$1 version
	version=$(version_of "$k")
	shift 2
	work=$place
	arch_is "$(arch_of "$k")" >"$place/unusable" || return
	if ! kernel "$set" || ! headers_tree "$trees/$k"; then
		tail -n 1 "$work/fetch.log" >"$place/unusable"
		return
	fi
	builder_for "$trees/$k" "$out" 2>"$place/chroot.log" || {
		tail -n 1 "$place/chroot.log" >"$place/unusable"
		return
	}
	"${cross}gcc" -O2 -D_GNU_SOURCE -static -o "$place/init" "$kernel_tests/init.c" \
		>"$place/unusable" 2>&1 || return
	rm "$place/unusable"
	for s; do build_subject "$subjects/$s" "$place/$s"; done
	load_subjects "$place" "$@"
	case " ${names[*]} " in *" exerciser "*) exercise "$place" ;; esac
	echo "test-kernel: $k: done after $SECONDS s" >&2
}

for s in "${names[@]}"; do
	[ "$s" != exerciser ] || continue
	[ -d "$subjects/$s" ] || {
		echo "run.sh: no subject '$s' in $subjects" >&2
		exit 2
	}
	faults=$(subject_faults "$subjects/$s")
	[ -z "$faults" ] || fail "$s: $faults"
done
[ $failed = 0 ] || total
asked=$out
[ -n "$out" ] || out=$(mktemp -d "${TMPDIR:-/tmp}/ksymaudit-kernel.XXXXXX")
tools=$out/tools
mkdir -p "$tools" "$cache/build"
rm -f "$out/results"
: >"$out/details"
gcc -O2 -D_GNU_SOURCE -o "$tools/edit" "$kernel_tests/edit.c" -lelf || exit 2
openssl req -new -x509 -newkey rsa:2048 -nodes -subj "/CN=nobody" -keyout "$tools/key" \
	-out "$tools/certificate" 2>/dev/null || exit 2
cat "$tools/key" "$tools/certificate" >"$tools/key.pem"

# Each kernel has a process group, so that none of its programs outlives an interrupt.
trees=$(mktemp -d "$cache/build/kernel.XXXXXX")
groups=()
trap '[ ${#groups[@]} = 0 ] || kill -- "${groups[@]/#/-}" 2>/dev/null; rm -rf "$work" "$trees"' EXIT
set -m
ready=()
for k in ${kernels//,/ }; do
	rm -rf "${out:?}/$k"
	mkdir -p "$out/$k"
	set=$k-cloud
	"$here/fetch.sh" "$set" >/dev/null 2>&1 || set=$k
	kernel "$set" || continue
	ready+=("$k")
	mapfile -t list < <(for_kernel "$k")
	for s in "${list[@]}"; do
		mkdir -p "$out/$k/$s"
		subject_expected "$subjects/$s" "$k" >"$out/$k/$s/expected"
	done
	one_kernel "$k" "$set" "${list[@]}" </dev/null &
	groups+=($!)
done
wait
groups=()

row subject module on referee theirs ours verdict
for k in "${ready[@]}"; do
	if [ -e "$out/$k/unusable" ]; then
		why="$k: $(cat "$out/$k/unusable")"
		if [ -n "${CI:-}" ]; then fail "$why"; else skip "$why"; fi
		continue
	fi
	mapfile -t list < <(for_kernel "$k")
	for s in "${list[@]}"; do
		while read -r module referee; do
			judge "$k" "$s" "$module" "$referee"
		done < <(tests_of "$k" "$s")
	done
	case " ${names[*]} " in *" exerciser "*) judge_exerciser "$k" ;; esac
done
cat "$out/details"
if [ -z "$asked" ]; then
	if [ $failed = 0 ]; then rm -rf "$out"; else echo "all that was said is in $out"; fi
fi
total
