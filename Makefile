# SPDX-License-Identifier: GPL-2.0-or-later
# make [deps] | all | demo | test | test-real | test-kernel | test-ci | test-package | test-chroot |
#      test-cross | test-html | lint | format | bench | goldens | snapshots | forecast | fuzz | valgrind | install | uninstall | dist | clean
# BUILD=release|asan|cov  CC=gcc|clang-14  WERROR=-Werror  V=1  PREFIX=/usr/local  DESTDIR=
# CROSS_COMPILE=aarch64-linux-gnu-, with the libraries of that architecture, builds for another machine
# (tests/cross.sh shows how); what runs while building is made with HOSTCC.

VERSION := $(shell sed -n 's/^.define KSA_VERSION "\(.*\)"/\1/p' include/ksymaudit.h)
BUILD ?= release
CC = $(CROSS_COMPILE)gcc
AR = $(CROSS_COMPILE)ar
OBJDUMP ?= $(CROSS_COMPILE)objdump
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
HOSTCC ?= cc
HOSTCFLAGS ?= -O1 -g
HOSTPKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share/ksymaudit
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
B := build/$(notdir $(CROSS_COMPILE))$(BUILD)
# The sanitizer build that `make test` replays the fuzz corpora with.
ASAN_B := $(if $(filter asan,$(BUILD)),$B,$(if $(filter build/$(BUILD),$B),build/asan,$B-asan))

WARN := -Wall -Wextra -Wshadow -Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings \
	-Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Werror=int-conversion $(WERROR)
OPT_release := -O2 -g
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DKSA_SANITIZE
OPT_cov := -O0 -g --coverage
PKGS := libelf zlib libzstd libarchive jansson yaml-0.1 libgit2 libbpf nettle
CFLAGS ?= $(OPT_$(BUILD))
# What the compiler takes and where libraries are is asked once for each way to call them.
ifneq ($(filter-out deps demo test clean format help,$(or $(MAKECMDGOALS),all)),)
PROBE_VARS := CC PKG_CONFIG OBJDUMP CPPFLAGS CFLAGS LDFLAGS ARCHIVE GIT DWARF_CFLAGS DWARF_LIBS
SETTINGS := $(strip $(foreach v,$(PROBE_VARS),$v=$($v)) $(PKGS))
$(shell mkdir -p $B; \
	[ $B/config.mk -nt src/probe.sh ] && grep -qxF 'PROBED := $(SETTINGS)' $B/config.mk || { \
	$(foreach v,$(PROBE_VARS),$v='$($v)') src/probe.sh '$(SETTINGS)' $(PKGS) >$B/config.$$$$ && \
	mv $B/config.$$$$ $B/config.mk; })
include $B/config.mk
endif
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(HARDEN_CFLAGS) $(CPPFLAGS) $(CFLAGS) -Iinclude -Isrc -I$B/gen -pthread \
	$(PKG_CFLAGS) -DKSA_DATADIR='"$(DATADIR)"' -MMD -MP
ALL_LDFLAGS = $(filter -fsanitize% --coverage -O%,$(CFLAGS)) $(HARDEN_LDFLAGS) -pthread $(LDFLAGS)

# One short line a file; V=1 shows the commands instead, and -s nothing.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $Q,$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $1	$(or $2,$@)'))

LIB_SRC := $(sort $(shell find src/base src/model src/read src/audit src/write -name '*.c'))
CMD_SRC := $(wildcard src/main.c src/cmd/*.c src/tui/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$B/%.o) $B/rules_builtin.o $B/html_assets.o
CMD_OBJ := $(CMD_SRC:%.c=$B/%.o)
LIB := $B/libksymaudit.a
RULES_H := $B/gen/model/rules_builtin.h
BIN := $B/ksymaudit

all: $(BIN)
	@[ "$B" != build/$(BUILD) ] || ln -sfn $(BIN) ksymaudit

$(BIN): $(CMD_OBJ) $(LIB)
	$(call say,LD)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $^ $(BIN_LIBS)
$B/src/tui/screen.o: ALL_CFLAGS += $(NCURSES_CFLAGS)

$(LIB): $(LIB_OBJ)
	$(call say,AR)
	@rm -f $@
	$Q$(AR) rcs $@ $^

$B/%.o: %.c | $(RULES_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$Q$(CC) $(ALL_CFLAGS) -c -o $@ $<

# rules/*.yaml are compiled in: the rule compiler, a program of the machine that builds, reads them. All but
# its own objects may include the enum that it makes of their names, which is new only if it is another one.
RULE_FILES := $(sort $(wildcard rules/KSA*.yaml))
RULES := $(RULE_FILES) $(sort $(wildcard rules/family-*.yaml)) \
	rules/export-macros.yaml rules/call-helpers.yaml rules/test-doubles.yaml \
	rules/kbuild-variables.yaml rules/forecast.yaml rules/licenses.yaml
RULEC_OBJ := $(patsubst %,$B/host/%.o,rulec read/rules/rulefile read/rules/rules read/rules/families \
	read/rules/export_macros read/rules/call_helpers read/rules/kbuild_variables read/rules/forecast read/rules/licenses \
	model/forecast model/finding model/family model/rule model/release model/export base/error \
	base/arena base/bytes base/strbuf base/vec base/strmap)
$B/rulec: $(RULEC_OBJ)
	$(call say,HOSTLD)
	$Q$(HOSTCC) -o $@ $^ $(HOSTLDFLAGS) $(shell $(HOSTPKG_CONFIG) --libs yaml-0.1)
$B/host/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$Q$(HOSTCC) -std=gnu11 -D_GNU_SOURCE $(WARN) $(HOSTCFLAGS) -Iinclude -Isrc \
		$(shell $(HOSTPKG_CONFIG) --cflags yaml-0.1) -MMD -MP -c -o $@ $<
$(RULES_H): $B/rulec $(RULE_FILES)
	@mkdir -p $(@D)
	@$B/rulec --enum $(RULE_FILES) > $@.tmp
	@cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@
$B/rules_builtin.c: $B/rulec $(RULES)
	$(call say,GEN)
	@$B/rulec $(RULES) > $@.tmp
	@mv $@.tmp $@

# So are the style and the script of pages, with their hashes.
HTML_ASSETS := src/write/html/report.css src/write/html/report.js
$B/html_assets.c: src/write/html/embed.sh $(HTML_ASSETS)
	@mkdir -p $(@D)
	$(call say,GEN)
	@src/write/html/embed.sh $(HTML_ASSETS) > $@.tmp
	@mv $@.tmp $@
# What was made lies in $B.
$B/%.o: $B/%.c | $(RULES_H)
	$(call say,CC,$<)
	$Q$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Unit tests: every tests/unit/test_NAME.c is one cmocka program; the rest there is shared.
UNIT := $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test_*.c))
UNIT_SHARED := $(patsubst %.c,$B/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))
$B/tests/unit/%.o: ALL_CFLAGS += -Itests
$B/tests/%: $B/tests/unit/%.o $(UNIT_SHARED) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) -lcmocka $(PKG_LIBS)
# The views of the terminal are no part of it either; their test needs no terminal.
TUI_CORE := $(filter-out src/tui/tui.c src/tui/screen.c,$(wildcard src/tui/*.c))
$(filter $B/tests/test_tui%,$(UNIT)): $(TUI_CORE:%.c=$B/%.o) $B/tests/tui/viewtest.o
$B/tests/tui/%.o: ALL_CFLAGS += -Itests

# The helper that makes the fixtures of the command-line cases.
$B/tests/cli/%.o: ALL_CFLAGS += -Itests
$B/tests/mkfixture: $B/tests/cli/mkfixture.o $(filter $B/tests/unit/elfbuild% \
	$B/tests/unit/btfbuild% $B/tests/unit/containerbuild%,$(UNIT_SHARED)) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $^
# The allocation-failure loop counts the allocations of the library and of what it links.
$B/tests/test_nomem: ALL_LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

# The readings that real kernels are measured by: our call graph, our header facts, what sources name, and a
# bare walk of libdwarf.
$B/tests/callgraph $B/tests/headers $B/tests/names $B/tests/types: $B/tests/%: $B/tests/real/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)
$B/tests/dwarf_walk: tests/bench/dwarf_walk.c
	@mkdir -p $(@D)
	$(call say,LD)
	$Q$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(DWARF_LIBS)

# Fuzz targets, replayed over their corpora by a plain main(); tests/fuzz/run.sh fuzzes with clang.
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,$B/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
$B/fuzz/%: $B/tests/fuzz/fuzz_%.o $B/tests/fuzz/standalone.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD)
	$Q$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# What a fresh machine lacks is installed first; only then can pkg-config be asked, in a new make.
deps:
	tests/deps.sh

demo test:
	@tests/deps.sh --if-missing build $(if $(filter test,$@),test)
	@[ $@ != demo ] || tests/deps.sh --if-missing demo || :
	@$(MAKE) --no-print-directory $@-built

demo-built: all
	@CC="$(CC)" testdata/devmem-mirror/demo.sh $(BIN) $B/demo

tests-built: $(BIN) $(UNIT) $(if $(wildcard tests/cli/mkfixture.c),$B/tests/mkfixture)
fuzz-built: $(FUZZ)
# What the tests that may go side by side would otherwise all build.
all-built: all tests-built man $B/tests/callgraph $B/tests/headers $B/tests/names $B/tests/types

test-built: all tests-built
	@$(MAKE) --no-print-directory BUILD=asan B=$(ASAN_B) fuzz-built
	@tests/run.sh $B $(ASAN_B)

# Unit and CLI tests of this build alone, e.g. BUILD=asan.
test-quick: tests-built
	@tests/run.sh $B

test-real: all $B/tests/callgraph $B/tests/headers $B/tests/names $B/tests/types $B/tests/mkfixture
	@tests/deps.sh --if-missing real
	@tests/real/run.sh $(BIN)

test-kernel: all
	@tests/deps.sh --if-missing kernel
	@tests/kernel/all.sh $(BIN) $B/kernel

test-ci: all
	@tests/deps.sh --if-missing ci
	@tests/ci/run.sh $(BIN)

test-package:
	@tests/deps.sh --if-missing build package
	@tests/package.sh

# On a Debian with only make and git: of another release, or with a compiler for another architecture.
SUITE ?= trixie
test-chroot:
	@tests/deps.sh --if-missing package
	@tests/chroot.sh $(SUITE)

test-cross: all
	@tests/deps.sh --if-missing package
	@tests/cross.sh $(BIN)

# The pages in a real browser; screenshots stay in build/html.
test-html: tests-built
	@tests/deps.sh --if-missing html || :
	@tests/html/run.sh $B build/html

lint:
	@tests/deps.sh --if-missing build lint
	@$(MAKE) --no-print-directory all
	@B=$B tests/lint/run.sh

format:
	find include src tests testdata -name '*.[ch]' -exec clang-format-14 -i {} +

bench: all tests-built $B/tests/dwarf_walk
	@tests/deps.sh --if-missing bench
	@tests/bench/bench.sh $(BIN) $(or $(RUNS),7) $(OLD)

goldens: tests-built
	@B=$B tests/cli/run.sh --update

# The oldest kernel is none of the shipped ones: of Debian 11.
forecast: all
	@tests/real/fetch.sh 5.10 >/dev/null
	@data/forecast.sh $(BIN) $$(find $(or $(KSYMAUDIT_CACHE),$(HOME)/.cache/ksymaudit-test)/5.10 \
		-maxdepth 1 -name '*.deb' | sort | paste -sd,) debian-6.1 debian-6.12 debian-7.2 > rules/forecast.yaml.tmp
	@mv rules/forecast.yaml.tmp rules/forecast.yaml

snapshots: all
	@tests/real/snapshots.sh $(BIN) data/kernels

FUZZ_SECONDS ?= 60
fuzz: all
	@set -e; for t in $(notdir $(FUZZ)); do tests/fuzz/run.sh $$t $(FUZZ_SECONDS); done

valgrind: tests-built
	@B=$B tests/cli/run.sh --valgrind
	@tests/cli/threads.sh $(BIN)

# What the program says of its options: the manual pages and the completions are made of it. A program that
# was built for another machine cannot be asked: then NATIVE is one of the same version for this machine.
NATIVE ?= $(BIN)
$B/options: $(if $(filter $(BIN),$(NATIVE)),$(BIN))
	@mkdir -p $(@D)
	@$(NATIVE) --dump-options > $@.tmp || { \
		echo "'$(NATIVE)' does not run here: give NATIVE=PROGRAM, a ksymaudit of this machine" >&2; exit 1; }
	@mv $@.tmp $@

# Man pages and completions are made on installation; a name is NAME.SECTION.scd.
MAN := $(patsubst man/%.scd,$B/man/%,$(wildcard man/*.scd))
$B/man/%: man/%.scd
	@mkdir -p $(@D)
	$(call say,GEN)
	@scdoc < $< > $@.tmp
	@mv $@.tmp $@
$B/man/%.1: man/%.1.scd man/ksymaudit.1.scd man/options.awk $B/options
	@mkdir -p $(@D)
	$(call say,GEN)
	@awk -v command=$(patsubst ksymaudit-%,%,$(patsubst ksymaudit,-,$*)) -f man/options.awk \
		$B/options man/ksymaudit.1.scd $< > $@.scd
	@scdoc < $@.scd > $@.tmp
	@mv $@.tmp $@
COMPLETIONS := $(patsubst contrib/completion/%,$B/completion/%,$(wildcard contrib/completion/*))
$B/completion/%: contrib/completion/% man/completion.sh $B/options
	@mkdir -p $(@D)
	$(call say,GEN)
	@man/completion.sh $B/options $< > $@.tmp
	@mv $@.tmp $@
man: $(MAN) $(COMPLETIONS)

$B/ksymaudit.pc: packaging/ksymaudit.pc.in include/ksymaudit.h
	@mkdir -p $(@D)
	$(call say,GEN)
	@sed -e 's|@prefix@|$(PREFIX)|; s|@libdir@|$(LIBDIR)|; s|@includedir@|$(INCLUDEDIR)|' \
		-e 's|@datadir@|$(DATADIR)|; s|@version@|$(VERSION)|; s|@dwarf@|$(DWARF_LIBS)|' $< > $@

D = $(DESTDIR)
INSTALL ?= install
install: $(BIN) $(LIB) man $B/ksymaudit.pc
	$(INSTALL) -d $D$(BINDIR) $D$(LIBDIR)/pkgconfig $D$(INCLUDEDIR) $D$(MANDIR)/man1 \
		$D$(MANDIR)/man5 $D$(MANDIR)/man7 $D$(DATADIR)/kernels $D$(DATADIR)/rules $D$(DATADIR)/dkms $D$(BASHDIR) $D$(ZSHDIR) $D$(FISHDIR)
	$(INSTALL) -m 755 $(BIN) $D$(BINDIR)/ksymaudit
	$(INSTALL) -m 644 $(LIB) $D$(LIBDIR)/libksymaudit.a
	$(INSTALL) -m 644 $B/ksymaudit.pc $D$(LIBDIR)/pkgconfig/ksymaudit.pc
	$(INSTALL) -m 644 include/ksymaudit.h $D$(INCLUDEDIR)/ksymaudit.h
	for m in $(MAN); do $(INSTALL) -m 644 $$m $D$(MANDIR)/man$${m##*.}/ || exit; done
	for r in rules/*.yaml rules/schema/*.json; do \
		[ ! -e $$r ] || $(INSTALL) -m 644 $$r $D$(DATADIR)/rules/ || exit; done
	for k in data/kernels/*.zst; do \
		[ ! -e $$k ] || $(INSTALL) -m 644 $$k $D$(DATADIR)/kernels/ || exit; done
	$(INSTALL) -m 644 contrib/ksymaudit.mk $D$(DATADIR)/ksymaudit.mk
	$(INSTALL) -m 755 contrib/dkms/ksymaudit-dkms $D$(DATADIR)/dkms/ksymaudit-dkms
	$(INSTALL) -m 644 $B/completion/ksymaudit.bash $D$(BASHDIR)/ksymaudit
	$(INSTALL) -m 644 $B/completion/_ksymaudit $D$(ZSHDIR)/_ksymaudit
	$(INSTALL) -m 644 $B/completion/ksymaudit.fish $D$(FISHDIR)/ksymaudit.fish

uninstall:
	rm -f $D$(BINDIR)/ksymaudit $D$(LIBDIR)/libksymaudit.a $D$(LIBDIR)/pkgconfig/ksymaudit.pc \
		$D$(INCLUDEDIR)/ksymaudit.h $D$(MANDIR)/man1/ksymaudit.1 $D$(MANDIR)/man[157]/ksymaudit-* \
		$D$(BASHDIR)/ksymaudit $D$(ZSHDIR)/_ksymaudit $D$(FISHDIR)/ksymaudit.fish
	cd rules && for r in *.yaml schema/*.json; do rm -f $D$(DATADIR)/rules/$${r##*/}; done
	cd data/kernels && for k in *.zst; do rm -f $D$(DATADIR)/kernels/$$k; done
	rm -f $D$(DATADIR)/ksymaudit.mk $D$(DATADIR)/dkms/ksymaudit-dkms
	for d in rules kernels dkms .; do rmdir $D$(DATADIR)/$$d 2>/dev/null || :; done

# The same bytes from the same commit: git archive takes its times from the commit. What packages are made
# with (debian/, packaging/) is in it: `rpmbuild -tb` takes it as it is.
dist:
	@mkdir -p build
	git archive --format=tar --prefix=ksymaudit-$(VERSION)/ HEAD | xz -9e -T1 \
		> build/ksymaudit-$(VERSION).tar.xz
	@sha256sum build/ksymaudit-$(VERSION).tar.xz

clean:
	rm -rf build ksymaudit

# Objects are kept: a pattern rule's go-between is not thrown away.
.SECONDARY:

.PHONY: all deps demo test demo-built test-built tests-built fuzz-built all-built test-quick test-real test-kernel \
	test-ci test-package test-chroot test-cross test-html lint format bench goldens snapshots forecast fuzz valgrind man install uninstall \
	dist clean
-include $(shell find $B -name '*.d' 2>/dev/null)
