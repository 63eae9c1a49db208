#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Can tests/kernel fail? Subjects are copied and spoiled, and exactly the tests and the facts that
# this concerns have to change; the parsers are given what no kernel at hand says.
#
#   tests/kernel/selftest.sh KSYMAUDIT
set -u
[ -x "${1:-}" ] || {
	echo "usage: tests/kernel/selftest.sh KSYMAUDIT" >&2
	exit 2
}
program=$(realpath "$1")
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/../real/common.sh"
kernel_tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/kernel/arch.sh
. "$kernel_tests/arch.sh"
# shellcheck source=tests/kernel/subject.sh
. "$kernel_tests/subject.sh"
# shellcheck source=tests/kernel/boot.sh
. "$kernel_tests/boot.sh" # for $trouble
# shellcheck source=tests/kernel/build.sh
. "$kernel_tests/build.sh" # for modpost_facts
# shellcheck source=tests/kernel/judge.sh
. "$kernel_tests/judge.sh"
k=6.1
used="namespace driver-proprietary shim"

# run_on NAME SUBJECT...: run.sh with work/NAME-subjects; what it said is in work/NAME
run_on() {
	local name=$1
	shift
	"$kernel_tests/run.sh" "$program" --kernel $k --subjects "$work/$name-subjects" \
		--out "$work/$name" "$@" >"$work/$name.log" 2>&1 </dev/null
}

# facts NAME WHO: "SUBJECT MODULE FACT" of all subjects of that run
facts() {
	local s
	for s in $used; do sed "s/^/$s /" "$work/$1/$k/$s/$2"; done | sort
}

# is WHAT: work/expected is what came, in work/actual
is() {
	if [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$1"
	else
		fail "$1"
		diff "$work/expected" "$work/actual" | sed -n 's/^</  expected:/p; s/^>/  came:/p'
	fi
}

# changes FILE FILE: what went and what came, as "- line" and "+ line"
changes() {
	comm -23 "$1" "$2" | sed 's/^/- /'
	comm -13 "$1" "$2" | sed 's/^/+ /'
}

spoil() {
	local d=$work/spoiled-subjects c
	sed -i '/MODULE_IMPORT_NS/d' "$d/namespace/namespace.c"
	c=$(cd "$kernel_tests/../../testdata/devmem-mirror" && grep -l 'memunmap_pages(' ./*.c)
	echo "sed $c s/memunmap_pages(/kfree(/" >>"$d/driver-proprietary/subject"
	sed -i 's/^\* shim build passes$/* shim build refused/' "$d/shim/expect"
}

spoiled() {
	local name who
	for name in plain spoiled; do
		mkdir -p "$work/$name-subjects"
		for s in $used; do cp -r "$kernel_tests/subjects/$s" "$work/$name-subjects/"; done
	done
	spoil
	# shellcheck disable=SC2086
	run_on spoiled $used &
	# shellcheck disable=SC2086
	run_on plain $used
	local status=$?
	wait $!
	echo "$status $? $(tail -n 1 "$work/plain.log")" >"$work/actual"
	echo "0 1 $(grep -c . "$work/plain/results") passed, 0 failed, 0 skipped" >"$work/expected"
	is "untouched subjects pass, spoiled ones do not"
	sort "$work/plain/results" >"$work/plain.results"
	sort "$work/spoiled/results" >"$work/spoiled.results"
	changes "$work/plain.results" "$work/spoiled.results" | tr '\t' ' ' | grep '^+' >"$work/actual"
	cat >"$work/expected" <<-END
		+ driver-proprietary devmem_mirror $k loader FAILED
		+ driver-proprietary devmem_mirror $k modpost FAILED
		+ namespace namespace $k loader FAILED
		+ namespace namespace $k modpost FAILED
		+ shim shim $k modpost FAILED
	END
	is "the tests of a lost import, of one GPL-only use fewer and of a wrong expectation fail"
	cat >"$work/spoiled.facts" <<-END
		- driver-proprietary devmem_mirror build gpl-only memunmap_pages
		- driver-proprietary devmem_mirror load unknown memunmap_pages
		- namespace namespace build passes
		- namespace namespace load loads O
		+ namespace namespace build namespace dma_buf_get
		+ namespace namespace build refused
		+ namespace namespace load namespace dma_buf_get
		+ namespace namespace load refused EINVAL
		+ namespace namespace load unknown dma_buf_get
	END
	for who in theirs ours; do
		facts plain $who >"$work/plain.facts"
		facts spoiled $who >"$work/now.facts"
		cp "$work/spoiled.facts" "$work/expected"
		changes "$work/plain.facts" "$work/now.facts" >"$work/actual"
		is "$who: the facts that follow, and no others"
	done
}

# The facts of a run again, from the logs and reports that it kept.
retell() { # SUBJECT_OUT SUBJECT MODULE
	local status=0 place=$1 r
	! grep -q ' build refused$' "$work/plain/$k/$2/theirs" || status=2
	modpost_facts $status "$place/build.log" "$3" >"$place/theirs"
	awk -v trouble="$trouble" -f "$kernel_tests/loader.awk" "$place/port" |
		sed -n "s#^$2 \(.* load .*\)#\1#p" >>"$place/theirs"
	for r in build load; do
		jq -r --arg referee $r -f "$kernel_tests/check.jq" "$place/$r.json"
	done >"$place/ours"
}

# false_one SUBJECT MODULE FILE CHANGE REFEREE: one of the files of a run that passed is not what it was; the row
# of that referee, and no other, has to fail; a CHANGE of . is none, and nothing fails
false_one() {
	local out=$work/false place=$work/false/$k/$1 file=$work/false/$k/$1/$3 m r
	rm -rf "$out"
	mkdir -p "$out/$k"
	cp -r "$work/plain/$k/$1" "$place"
	cp "$work/plain/$k/boot/port" "$place/port"
	case $3 in
	*.json) jq "$4" "$file" >"$file.new" ;;
	*) sed "$4" "$file" >"$file.new" ;;
	esac
	if [ "$4" != . ] && cmp -s "$file" "$file.new"; then
		echo "'$4' changes nothing in $3" >"$work/actual"
	else
		mv "$file.new" "$file"
		retell "$place" "$1" "$2"
		# in a shell of its own: its tests are not ours
		(
			while read -r m r; do judge "$k" "$1" "$m" "$r"; done < <(tests_of "$k" "$1")
		) >/dev/null
		cut -f 2,4,5 "$out/results" | grep -v '	ok$' | tr '\t' ' ' >"$work/actual"
	fi
	echo "$2 $5 FAILED" >"$work/expected"
	[ "$4" != . ] || echo "as it was" | tee -a "$work/actual" >"$work/expected"
	is "$1: $3 after '$4'"
}

# Each side alone can fail a test: what modpost printed, what the guest wrote, and both of our reports.
alone() {
	false_one driver-proprietary devmem_mirror build.json . ""
	false_one driver-proprietary devmem_mirror build.log '/memunmap_pages/d' modpost
	false_one driver-proprietary devmem_mirror build.log "s/GPL-only symbol 'memunmap/&x/" modpost
	false_one driver-proprietary devmem_mirror port '/Unknown symbol memunmap_pages/d' loader
	false_one driver-proprietary devmem_mirror port 's/^errno ENOENT/errno EINVAL/' loader
	false_one driver-proprietary devmem_mirror build.json \
		'del(.findings[] | select(.symbol == "memunmap_pages"))' modpost
	false_one driver-proprietary devmem_mirror load.json \
		'del(.findings[] | select(.symbol == "memunmap_pages"))' loader
	false_one namespace namespace build.log \
		's/^.*MODPOST.*/WARNING: modpost: missing MODULE_DESCRIPTION() in namespace.o/' modpost
	false_one namespace namespace port '/^> load .*namespace.ko/,/^> /s/^errno none/errno EPERM/' loader
	false_one namespace namespace port '/^> case namespace/,/^> case/s/^kmsg .*/&\nkmsg WARNING: CPU: 0/' loader
}

# A subject whose `kernels` line is not understood, or names one that nobody has, is tested nowhere.
misspelt() {
	local line
	for line in "kernel $k" "kernels $k,7.2" "kernels $k 6.3" "kernels $k $k-arm" "kernels"; do
		rm -rf "$work/misspelt-subjects"
		mkdir "$work/misspelt-subjects"
		cp -r "$kernel_tests/subjects/namespace" "$work/misspelt-subjects/"
		echo "$line" >>"$work/misspelt-subjects/namespace/subject"
		run_on misspelt namespace
		echo "$? $(tail -n 1 "$work/misspelt.log")" >"$work/actual"
		grep -q "FAILED: namespace: .*\(subject: not understood: line [0-9]*:$line\|no kernel 6.3\|no kernel 6.1-arm\)" \
			"$work/misspelt.log" || cat "$work/misspelt.log" >>"$work/actual"
		echo "1 0 passed, 1 failed, 0 skipped" >"$work/expected"
		is "a subject with '$line' fails"
	done
}

# A subject is for what its `kernels` line names, by version, by architecture or by both, and a line of its
# expectations likewise.
named() {
	local d=$work/named kernel
	mkdir "$d"
	echo "kernels arm64 6.1-amd64" >"$d/subject"
	printf '%s\n' "* m all" "6.1,7.2 m version" "arm64 m architecture" "6.12-arm64 m both" \
		"6.1-arm64,amd64 m either" >"$d/expect"
	for kernel in 6.1 6.12 6.12-arm64; do
		! subject_is_for "$d" $kernel || echo "$kernel is tested"
		subject_expected "$d" $kernel | sed "s/^/$kernel /"
	done >"$work/actual"
	printf '%s\n' "6.1 is tested" "6.1 m all" "6.1 m either" "6.1 m version" "6.12 m all" \
		"6.12 m either" "6.12-arm64 is tested" "6.12-arm64 m all" "6.12-arm64 m architecture" \
		"6.12-arm64 m both" >"$work/expected"
	is "a version, an architecture or both name a kernel"
}

# A guest that dies fails what it did not get to, by name, and shows its last words.
died() {
	mkdir -p "$work/dies-subjects/dies"
	(cd "$work/dies-subjects/dies" && dying_subject)
	run_on dies dies
	printf 'dies\t%s\t%s\t%s\n' dies "$k" "loader	FAILED" dies "$k" "modpost	ok" \
		fine "$k" "loader	FAILED" fine "$k" "modpost	ok" >"$work/expected"
	sort "$work/dies/results" >"$work/actual"
	is "a kernel panic fails the tests that it cuts off"
	echo "broken: Kernel panic - not syncing: dies of it" >"$work/expected"
	sed -n 's/^  \(broken: \)\[.*\] \(Kernel panic .*\)/\1\2/p' "$work/dies.log" | sort -u >"$work/actual"
	is "and is shown"
}

dying_subject() {
	echo "obj-m += dies.o fine.o" >Kbuild
	printf '# The guest dies of it.\nload dies fine\n' >subject
	printf '* %s\n' "dies build passes" "dies load loads O" "fine build passes" \
		"fine load loads O" >expect
	cat >fine.c <<-END
		#include <linux/module.h>
		MODULE_DESCRIPTION("fine");
		MODULE_LICENSE("GPL");
	END
	cat fine.c - >dies.c <<-END
		static int __init dies_init(void)
		{
			panic("dies of it");
		}
		module_init(dies_init);
	END
}

# Both grammars of modpost; no kernel at hand has the later one yet.
grammars() {
	cat >"$work/old" <<-'END'
		ERROR: modpost: GPL-incompatible module m.ko uses GPL-only symbol 's1'
		ERROR: modpost: module m uses symbol s2 from namespace N, but does not import it.
		ERROR: modpost: "s3" [/a/m.ko] undefined!
		ERROR: modpost: missing MODULE_LICENSE() in /a/m.o
		ERROR: modpost: /a/m: 's4' exported twice. Previous export was in vmlinux
		ERROR: modpost: m: explicitly importing namespace "module:x" is not allowed.
		WARNING: modpost: missing MODULE_DESCRIPTION() in /a/m.o
	END
	cat >"$work/new" <<-'END'
		ERROR: modpost: /a/m.ko: GPL-incompatible module uses GPL-only symbol 's1'
		ERROR: modpost: /a/m.ko: module uses symbol 's2' from namespace 'N', but does not import it.
		ERROR: modpost: /a/m.ko: symbol 's3' undefined!
		ERROR: modpost: /a/m.ko: missing MODULE_LICENSE()
		ERROR: modpost: /a/m.ko: symbol 's4' exported twice. Previous export was in vmlinux
		ERROR: modpost: /a/m.ko: explicitly importing namespace 'module:x' is not allowed.
		WARNING: modpost: /a/m.ko: missing MODULE_DESCRIPTION()
	END
	printf 'm build %s\n' "gpl-only s1" "namespace s2" "undefined s3" no-license \
		"exported-twice s4" "forged-import module:x" "warns no-description" >"$work/expected"
	for g in old new; do
		awk -f "$kernel_tests/modpost.awk" "$work/$g" >"$work/actual"
		is "modpost's $g messages"
	done
	echo "ERROR: modpost: something else" >"$work/old"
	echo "? build says something else" >"$work/expected"
	awk -f "$kernel_tests/modpost.awk" "$work/old" >"$work/actual"
	is "an error that nobody knows is not lost"
}

# exercised SED WORDS: what is said of a run of the exerciser after SED
exercised() {
	local run="run /exerciser --expect $kind --operations 500"
	printf '%s\n' "load /m.ko" "$run" "unload m" >"$work/script"
	printf '%s\n' begin "kmsg WARNING: at boot" "> load /m.ko" "errno none" "taint OE" \
		"kmsg m: here" "tainted 12288" "> $run" "out 1..2" "out ok 1 - a" \
		"out # 500 random operations, seed 1" "out ok 2 - b" "exit 0" "tainted 12288" \
		"> unload m" "errno none" "tainted 12288" end |
		sed "$1" >"$work/port"
	awk -v trouble="$trouble" -f "$kernel_tests/exercise.awk" "$work/script" "$work/port" >"$work/actual"
	echo "$2" >"$work/expected"
	is "exerciser: $2"
}

exercises() {
	local kind=private
	exercised '' "ok, 2 tests in 1 runs"
	exercised 's/out ok 2/out not ok 2/' "run 1: not ok 2 - b"
	exercised '/out ok 2/d' "run 1: 1 of 2 tests"
	exercised '/out 1[.][.]2/d' "run 1: no plan"
	exercised 's/ok 1 - a/& # SKIP no/' "run 1: ok 1 - a # SKIP no"
	exercised 's/# 500/# 499/' "run 1: 499 of 500 random operations"
	exercised 's/exit 0/exit signal-11/' "run 1: exit signal-11"
	exercised '/unload/,$s/errno none/errno EBUSY/' "unload 1: EBUSY"
	exercised 's/kmsg m: here/kmsg devmem_mirror: leak: 3 pages/' \
		"the kernel says: devmem_mirror: leak: 3 pages"
	exercised 's/kmsg m: here/kmsg rcu: INFO: rcu_preempt self-detected stall on CPU/' \
		"the kernel says: rcu: INFO: rcu_preempt self-detected stall on CPU"
	exercised '/unload/,$s/tainted 12288/tainted 12800/' "the kernel is tainted: 12800"
	exercised '/^end$/d' "the guest did not come to the end"
	exercised '/^> unload/,/^tainted/d' "1 loads, 1 runs, 0 unloads, not 1, 1, 1"
	exercised 's/ok 1 - a/& # SKIP the device has no memory/' \
		"run 1: ok 1 - a # SKIP the device has no memory"
	kind=none
	exercised 's/ok 1 - a/& # SKIP the device has no memory/' "ok, 2 tests in 1 runs"
	exercised 's/ok 1 - a/& # SKIP no/' "run 1: ok 1 - a # SKIP no"
}

grammars
exercises
named
misspelt
spoiled
alone
died
total
