# SPDX-License-Identifier: GPL-2.0-or-later
# make [deps] | all | demo | test | test-real | lint | format | bench | goldens | snapshots |
#      fuzz | install | uninstall | dist | clean
# BUILD=release|asan|cov  CC=gcc|clang-14  WERROR=-Werror  PREFIX=/usr/local  DESTDIR=

VERSION := $(shell sed -n 's/^.define KSA_VERSION "\(.*\)"/\1/p' include/ksymaudit.h)
BUILD ?= release
CC = gcc
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share/ksymaudit
MANDIR ?= $(PREFIX)/share/man
B := build/$(BUILD)

WARN := -Wall -Wextra -Wshadow -Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings \
	-Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
OPT_release := -O2 -g
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DKSA_SANITIZE
OPT_cov := -O0 -g --coverage
PKGS := libelf libarchive jansson
ifneq ($(filter-out deps clean format help,$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
endif
CFLAGS ?= $(OPT_$(BUILD))
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -Iinclude -Isrc -pthread $(PKG_CFLAGS) \
	-DKSA_DATADIR='"$(DATADIR)"' -MMD -MP
ALL_LDFLAGS = $(filter -fsanitize% --coverage -O%,$(CFLAGS)) -pthread $(LDFLAGS)

LIB_SRC := $(wildcard src/base/*.c src/model/*.c src/read/*.c src/audit/*.c src/write/*.c)
LIB_SRC := $(filter-out src/read/rules.c,$(LIB_SRC))
CMD_SRC := $(wildcard src/main.c src/cmd/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$B/%.o) $B/rules_builtin.o
CMD_OBJ := $(CMD_SRC:%.c=$B/%.o)
LIB := $B/libksymaudit.a
BIN := $B/ksymaudit

all: $(BIN)
	@ln -sfn $(BIN) ksymaudit

$(BIN): $(CMD_OBJ) $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# rules/*.yaml are compiled in: the rule compiler reads them with libyaml at build time.
RULES := $(sort $(wildcard rules/KSA*.yaml))
RULEC_OBJ := $B/src/rulec.o $B/src/read/rules.o
$B/rulec: $(RULEC_OBJ) $B/src/base/error.o $B/src/base/arena.o $B/src/base/bytes.o \
	$B/src/base/strbuf.o $B/src/base/vec.o $B/src/base/strmap.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(shell pkg-config --libs yaml-0.1)
$B/rules_builtin.c: $B/rulec $(RULES)
	$B/rulec $(RULES) > $@.tmp
	@mv $@.tmp $@
$B/rules_builtin.o: $B/rules_builtin.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Unit tests: every tests/unit/test_NAME.c is one cmocka program; the rest there is shared.
UNIT := $(patsubst tests/unit/%.c,$B/tests/%,$(wildcard tests/unit/test_*.c))
UNIT_SHARED := $(patsubst %.c,$B/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))
$B/tests/unit/%.o: ALL_CFLAGS += -Itests
$B/tests/%: $B/tests/unit/%.o $(UNIT_SHARED) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(PKG_LIBS)
.PRECIOUS: $B/tests/unit/%.o

clean:
	rm -rf build ksymaudit

.PHONY: all clean
-include $(wildcard $B/src/*.d $B/src/*/*.d $B/tests/*/*.d)
