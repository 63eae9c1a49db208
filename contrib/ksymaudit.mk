# SPDX-License-Identifier: GPL-2.0-or-later
# make ksymaudit: build the modules of a Kbuild project for a kernel, and check them against it.
#
#	obj-m := driver.o
#	...
#	-include /usr/share/ksymaudit/ksymaudit.mk		(or /usr/local/share/...: where it was installed)
#
# It can stand anywhere in the project's Makefile, which may be the one that Kbuild reads too
# (`make -C $(KDIR) M=$(CURDIR)`): there it defines nothing. What is built is what Kbuild's
# modules.order lists, and a finding fails make. A build that modpost stops is explained by the
# objects that it left (those that no source is newer than), and fails all the same. These can be set before it is included, in the
# environment or on make's command line:
#
#	KDIR               the kernel's headers or build directory; default: the running kernel's
#	KSYMAUDIT_KERNELS  more kernels, as `ksymaudit check -k` takes them, separated by spaces; the
#	                   modules are then held against all of them as if they were rebuilt for each,
#	                   by what the source names (--source KSYMAUDIT_DIR, unless the flags have one)
#	KSYMAUDIT_FLAGS    options of `ksymaudit check`: --waivers FILE, --fail-on LEVEL, -f FORMAT=FILE, ...
#	KSYMAUDIT_DIR      where the modules are, Kbuild's M=; default: this directory
#	KSYMAUDIT_BUILD    the target that builds them; default: Kbuild's own `modules`
#	KSYMAUDIT          the program; default: ksymaudit

ifeq ($(KBUILD_EXTMOD)$(ksymaudit-included),)
ksymaudit-included := y
ksymaudit-goal := $(.DEFAULT_GOAL)

KDIR ?= /lib/modules/$(shell uname -r)/build
KSYMAUDIT_DIR ?= $(CURDIR)
KSYMAUDIT ?= ksymaudit

# Two builds of one directory at a time destroy each other: with -j, `make modules ksymaudit install`
# goes from left to right. Within each goal Kbuild is as parallel as ever.
ifneq ($(filter ksymaudit,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# Not empty if the flags have the option $1.
ksymaudit-has = $(filter $1 $1=%,$(KSYMAUDIT_FLAGS))
# Not empty where it is asked what rebuilds for other kernels give; then the source tells, if it is C.
ksymaudit-rebuilds = $(strip $(KSYMAUDIT_KERNELS) $(call ksymaudit-has,--rebuild) $(call ksymaudit-has,--predict))
ksymaudit-source = $(if $(call ksymaudit-has,--source),,$(if \
	$(shell find $(ksymaudit-dir) -name '*.c' ! -name '*.mod.c' -print | head -n 1),--source $(ksymaudit-dir)))
ksymaudit-check = $(KSYMAUDIT) check -k $(KDIR) $(addprefix -k ,$(KSYMAUDIT_KERNELS)) \
	$(if $(strip $(KSYMAUDIT_KERNELS)),--rebuild) $(if $(ksymaudit-rebuilds),$(ksymaudit-source)) \
	$(KSYMAUDIT_FLAGS)
# An object does not say which kernel it was built for.
ksymaudit-check-objects = $(ksymaudit-check) \
	$(if $(ksymaudit-rebuilds),$(if $(call ksymaudit-has,--built-for),,--built-for $(KDIR)))
# The files of modules.order with the ending $1: it has had "kernel//dir/a.ko" (up to 5.2), "/dir/a.ko",
# "/dir/a.o" (from 6.2 on) and "a.o" (from 6.13 on). Reports have them as seen from here.
ksymaudit-dir = $(abspath $(KSYMAUDIT_DIR))
ksymaudit-files = sed -e 's|^kernel/||' -e 's|\.k*o$$|.$1|' -e 's|^[^/]|$(ksymaudit-dir)/&|' \
	-e 's|^$(CURDIR)/||' $(ksymaudit-dir)/modules.order

ksymaudit: $(or $(KSYMAUDIT_BUILD),ksymaudit-modules)
	@files=$$($(call ksymaudit-files,ko)) && [ -n "$$files" ] || { \
		echo "ksymaudit: no module was built in $(ksymaudit-dir)" >&2; exit 2; }; \
	$(ksymaudit-check) $$files

ksymaudit-modules:
	@$(MAKE) -C $(KDIR) M=$(ksymaudit-dir) modules || { \
		files=$$($(call ksymaudit-files,o) 2>/dev/null) && [ -n "$$files" ] || exit 1; \
		for file in $$files; do [ -e "$$file" ] && [ -z "$$(find $(ksymaudit-dir) -name '*.mod.c' \
			-o -name '*.[chS]' -newer "$$file" -print)" ] || exit 1; done; \
		echo "ksymaudit: the build failed; of the objects that it left:"; \
		$(ksymaudit-check-objects) $$files; exit 1; }

.PHONY: ksymaudit ksymaudit-modules
.DEFAULT_GOAL := $(ksymaudit-goal)
endif
