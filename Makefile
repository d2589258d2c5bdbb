# SPDX-License-Identifier: GPL-2.0-only

KDIR ?= /lib/modules/$(shell uname -r)/build
CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/mmuscope
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h)
DEPMOD = depmod $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(RELEASE)

# What kbuild leaves where the source is.
LEFT = *.o *.ko *.mod *.mod.c .*.cmd .*.d modules.order Module.symvers

# Where the library and the command go.
PREFIX ?= /usr/local
TOOLS = OUT=$(CURDIR)/build/tools PREFIX=$(PREFIX)

.PHONY: module tools demo check check-quick check-all kunit stress fuzz \
	coverage bench guest install uninstall install-tools clean distclean help headers

module: headers	## build mmuscope.ko for the running kernel, or for KDIR=HEADERS
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:		## build the library and the command in build/tools
	$(MAKE) -C src/lib $(TOOLS)
	$(MAKE) -C src/cli $(TOOLS)

demo:		## show the module at work in a guest
	@scripts/setup demo
	@scripts/demo

check:		## run all tests
	@scripts/setup demo check arm64
	@tests/run

check-quick:	## run the static checks, the unit tests and one guest's tests
	@scripts/setup demo check
	@tests/run quick

check-all:	## run all tests, in every configuration of the guest
	@scripts/setup demo check arm64
	@tests/run all

kunit:		## run the unit tests, on the debug kernel too
	@scripts/setup demo check
	@scripts/kunit
	@scripts/kunit debug

stress:		## run everything at once on the debug kernel, for TIME=600 seconds
	@scripts/setup demo check
	@tests/stress/run $(TIME)

fuzz:		## fuzz the module for TIME=600 seconds, and keep what is new
	@scripts/setup demo check
	@tests/fuzz/run --grow $(or $(TIME),600) $(SEED)

coverage:	## show which lines of the module the tests reach
	@scripts/setup demo check
	@tests/run coverage

bench:		## measure what looking costs, into Documentation/performance.rst
	@scripts/setup demo bench
	@tests/bench/run $(if $(KERNEL),--kernel $(KERNEL))

guest:		## open a shell in a guest that has the module loaded
	@scripts/setup demo
	@scripts/guest

install: module	## install the module for that kernel
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=extra \
		CONFIG_MODULE_SIG_ALL= modules_install
	$(DEPMOD)

uninstall: headers ## undo install
	rm -f $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/extra/mmuscope.ko
	$(DEPMOD)

install-tools: tools ## install library and command: DESTDIR=, PREFIX=/usr/local
	$(MAKE) -C src/lib $(TOOLS) install
	$(MAKE) -C src/cli $(TOOLS) install

clean:		## remove what was built
	rm -rf build
	find . -path ./.git -prune -o -type f \
		\( -false $(foreach name,$(LEFT),-o -name '$(name)') \) \
		-exec rm -f {} +

distclean: clean ## remove what was downloaded too
	rm -rf $(CACHE)

help:		## list these targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | \
		expand -t 20

headers:
	@test -d $(KDIR)/ || { echo "There are no kernel headers in $(KDIR):" \
		"name some with KDIR=DIRECTORY, or try make guest," \
		"which needs none of the running kernel." >&2; exit 1; }
