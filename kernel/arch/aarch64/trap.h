/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_AARCH64_TRAP_H
#define KEEL_AARCH64_TRAP_H

#include "cpu.h"

/* A core's first choice of a thread, after boot; nothing of the boot code is used from here on. */
void trap_first(struct cpu *cpu) __attribute__((noreturn));

#endif
