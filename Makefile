# SPDX-License-Identifier: BSD-2-Clause
# The front door. Everything is built by meson in $(BUILD); this file knows the usual commands.
#
#   make                    build everything; the host command is build/bulkhead
#   make run                build and run a system on this terminal
#       SYSTEM=FILE.dts     another one than systems/minimal.dts
#       KERNEL=FILE.elf     a seL4 kernel instead of the bundled one
#       GIC=2|3 CPUS=N CPU=MODEL
#   make test               unit tests, tests of the host command, system tests, form of the sources
#       JOBS=N              so many tests at a time
#   make lint               what clang-tidy says of the sources; part of make test
#   make test-long          the same and what takes hours: every machine, fifty boots under load
#   make soak ROUNDS=N      Debian's kernels on every machine, N times each (tests/soak.py)
#   make bench              measurements in counted instructions; KERNEL= adds a seL4 kernel, which
#                           must be one for a single core (KERNEL_CORES=1) to be counted
#   make clean
#
# MICROKIT_SDK=FOLDER builds user level with that SDK's seL4 headers, and its kernel is the default for
# KERNEL; KERNEL= is the bundled one again.

BUILD   ?= build
SYSTEM  ?= systems/minimal.dts
PYTHON  := /usr/bin/python3
MESON   := meson
NEED    := build-aux/need-packages.sh
TESTS   ?= tests/tool tests/system
KERNEL  ?= $(if $(MICROKIT_SDK),$(MICROKIT_SDK)/board/qemu_virt_aarch64/smp-release/elf/sel4.elf)
JOBS    ?= 2
ROUNDS  ?= 50

RUN_FLAGS = $(if $(KERNEL),--kernel $(KERNEL)) $(if $(GIC),--gic $(GIC)) \
            $(if $(CPUS),--cpus $(CPUS)) $(if $(CPU),--cpu $(CPU))
SETUP_FLAGS = --cross-file build-aux/aarch64.ini \
              $(if $(MICROKIT_SDK),-Dmicrokit_sdk=$(abspath $(MICROKIT_SDK)))

.PHONY: all build packages-run packages-test run test test-long soak unit lint bench style clean

all:
	@$(NEED) check build
	@$(MAKE) --no-print-directory build

# Configured again when the SDK changes; ninja notices everything else by itself.
build:
	@mkdir -p $(BUILD)
	@if [ ! -e $(BUILD)/build.ninja ]; then \
	    echo "bulkhead: configuring $(BUILD)" >&2; \
	    $(MESON) setup $(BUILD) $(SETUP_FLAGS) >$(BUILD)/setup.log 2>&1 || \
	        { cat $(BUILD)/setup.log >&2; rm -f $(BUILD)/build.ninja; exit 1; }; \
	elif [ "$$(cat $(BUILD)/sdk 2>/dev/null)" != "$(MICROKIT_SDK)" ]; then \
	    $(MESON) configure $(BUILD) -Dmicrokit_sdk=$(abspath $(MICROKIT_SDK)); \
	fi
	@echo "$(MICROKIT_SDK)" >$(BUILD)/sdk
	@if ! ninja -C $(BUILD) -n 2>/dev/null | grep -q 'no work to do'; then \
	    echo "bulkhead: building" >&2; \
	    ninja --quiet -C $(BUILD); \
	fi
	@ln -sf tool/bulkhead $(BUILD)/bulkhead

packages-run:
	@$(NEED) install build guests run

packages-test:
	@$(NEED) install build guests run test

run: packages-run
	@$(MAKE) --no-print-directory build
	@$(BUILD)/bulkhead run $(SYSTEM) $(RUN_FLAGS)

test: packages-test
	@$(MAKE) --no-print-directory build
	@$(MAKE) --no-print-directory unit style lint
	BULKHEAD_BUILD=$(abspath $(BUILD)) KERNEL=$(if $(KERNEL),$(abspath $(KERNEL))) \
	    $(PYTHON) -B -m pytest -q -p no:cacheprovider -n $(JOBS) $(wildcard $(TESTS))

test-long:
	@BULKHEAD_LONG=1 $(MAKE) --no-print-directory test JOBS=1
	for seed in 1 2; do \
	    VGIC_MODEL_STEPS=10000000 VGIC_MODEL_SEED=$$seed $(BUILD)/tests/unit/vgic/test_vgic_model || \
	        exit 1; \
	done

soak: packages-test
	@$(MAKE) --no-print-directory build
	@BULKHEAD_BUILD=$(abspath $(BUILD)) tests/soak.py --rounds $(ROUNDS) --jobs $(JOBS) \
	    $(if $(KERNEL),--kernel $(abspath $(KERNEL)))

unit:
	$(MESON) test -C $(BUILD) --no-rebuild --suite unit --print-errorlogs --quiet

style:
	build-aux/check-style.sh

lint:
	build-aux/lint.py $(BUILD)

bench: packages-test
	@$(MAKE) --no-print-directory build
	@BULKHEAD_BUILD=$(abspath $(BUILD)) $(PYTHON) bench/run.py $(if $(KERNEL),--kernel $(abspath $(KERNEL)))

clean:
	rm -rf $(BUILD)
