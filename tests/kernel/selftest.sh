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
# shellcheck source=tests/kernel/boot.sh
. "$kernel_tests/boot.sh" # for $trouble
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
	printf '%s\n' begin "kmsg WARNING: at boot" "> load /m.ko" "errno none" "taint OE" \
		"kmsg m: here" "tainted 12288" "> run /exerciser" "out 1..2" "out ok 1 - a" \
		"out # 500 random operations, seed 1" "out ok 2 - b" "exit 0" "tainted 12288" \
		"> unload m" "errno none" "tainted 12288" end |
		sed "$1" | awk -v rounds=1 -v least=500 -v trouble="$trouble" \
		-f "$kernel_tests/exercise.awk" >"$work/actual"
	echo "$2" >"$work/expected"
	is "exerciser: $2"
}

exercises() {
	exercised '' "ok, 1 times 2 tests"
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
}

grammars
exercises
spoiled
died
total
