# SPDX-License-Identifier: GPL-2.0
#
# The user's door.  Every target is one line of help and a call into the script
# that does it; nothing is installed on this machine by any of them but
# "install" and "dkms".  K is a guest kernel: 6.1, 6.12 or debug.

K ?= 6.12
T ?= *

help:           ## this list
	@sed -n 's/^\([a-z-]*\): .*##/\1/p' Makefile | while read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

all: modules tools  ## the module for every kernel, and the programs

modules:        ## build/<release>/dm-predshard.ko for KDIR=tree, else for the guest kernels and the running one
	scripts/module $(KDIR)

tools:          ## programs: build/tools/predshard, and the static helpers of the guest tests
	$(MAKE) -s -C tools/predshard
	$(MAKE) -C tests/guest/tools

demo: tools     ## show it: a booted kernel, a volume, a dead member
	demo/run

check:          ## everything: lint, unit, kunit and guest cases on three kernels
	scripts/check

unit:           ## core in user space, with sanitizers, and the program's command line
	$(MAKE) -C tests/unit check
	$(MAKE) -s -C tools/predshard
	tests/tools/run

sim:            ## the simulator: POINTS=1000000 power cuts, or MIN= minutes of them
	$(MAKE) -s -C tests/sim check $(if $(POINTS),POINTS=$(POINTS)) $(if $(MIN),MIN=$(MIN))

mutants:        ## takes lines of care out of core and model; the simulator must notice each
	$(MAKE) -s -C tests/sim mutants

simbuf:         ## a million crashes of the write buffer on fake disks: SEED= RUNS=
	$(MAKE) -C tests/simbuf check $(if $(SEED),SEED=$(SEED)) $(if $(RUNS),RUNS=$(RUNS))

simbuf-mutants: ## lines of care taken out of it one by one, each must be noticed: RUNS=
	tests/simbuf/mutants

kunit:          ## the same vectors inside the debug kernel
	scripts/module debug
	tests/guest/kunit

model:          ## the protocols of docs/disk-format.md and their mutants, with spin
	tests/model/run

guest:          ## guest cases: T='glob' K=6.1|6.12|debug, TRACE=1 shows each command
	scripts/module $(K)
	tests/guest/run --kernel $(K) $(if $(TRACE),--trace) '$(T)'

crash:          ## power cuts of a volume on a kernel: CUTS= of each run, ROUNDS= runs, SEED=, K=
	scripts/module $(K)
	tests/guest/run --kernel $(K) --timeout 36000 \
		--args 'crash_cuts=$(or $(CUTS),100) crash_rounds=$(or $(ROUNDS),1) crash_seed=$(or $(SEED),1)' \
		'$(if $(filter-out *,$(T)),$(T),a-power-cut-*)'

guest-shell:    ## a root shell in a guest with the module loaded: K=
	scripts/module $(K)
	tests/guest/shell $(K)

bench:          ## instructions per I/O, read scaling, write buffers, against the peers
	scripts/module 6.12
	tests/bench/run

lint:           ## checkpatch, sparse, shellcheck and the house rules
	tests/lint/run

fresh:          ## the README's commands on a clean clone in a pristine Debian root; COLD=1 downloads all
	scripts/fresh

kernels:        ## fetch or build the guest kernels and emulators into the cache
	scripts/kernels

install:        ## the module into the running kernel's extra folder (root)
	scripts/install

dkms:           ## register and build the DKMS package (root, offline)
	scripts/install dkms

clean:          ## remove build/; the cache stays
	rm -rf build

.PHONY: help all modules tools demo check unit sim simbuf simbuf-mutants model mutants kunit guest crash \
	guest-shell bench lint \
	fresh kernels install dkms clean
