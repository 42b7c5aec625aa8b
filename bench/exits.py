# SPDX-License-Identifier: BSD-2-Clause
"""What an exit and an interrupt cost: one VM alone on one core."""
from targets import ICOUNT, Row, run_guest

TITLE = "exits"
QUICK = True

ROWS = [
    Row("mmio-load-x0", "MMIO load, low register: round trip"),
    Row("mmio-load-x28", "MMIO load, high register"),
    Row("mmio-load-xzr", "MMIO load, zero register"),
    Row("mmio-store", "MMIO store, low register"),
    Row("mmio-store-x28", "MMIO store, high register"),
    Row("mmio-load-pair", "MMIO load of a pair (decoded)"),
    Row("mmio-gic-distributor", "GIC distributor load"),
    Row("smc", "SMC (PSCI_VERSION): round trip"),
    Row("hvc", "HVC (PSCI_VERSION): round trip"),
    Row("interrupt-to-handler", "software interrupt to guest handler"),
    Row("interrupt-round-trip", "software interrupt, its end included"),
    Row("timer-to-handler", "virtual timer to guest handler"),
    Row("timer-to-handler-from-wfi", "virtual timer to handler, from WFI"),
]


def wanted(target):
    # Without a hypervisor there is nothing that an SMC could call.
    return [row.key for row in ROWS if target.counts and not (target.bare and row.key == "smc")]


def measure(target, folder):
    return run_guest(target, folder, "bench", *ICOUNT)
