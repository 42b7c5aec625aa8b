/* SPDX-License-Identifier: BSD-2-Clause */
/* Booting: code that is given away as untyped memory afterwards. */
#ifndef KEEL_AARCH64_BOOT_H
#define KEEL_AARCH64_BOOT_H

#include "cpu.h"

#define BOOT_CODE __attribute__((section(".boot.text"), noinline))

/* Stops the core for good; debug builds say why. */
void boot_fail(const char *why) __attribute__((noreturn));

/* A core's first choice of a thread, after boot; nothing of the boot code is used from here on. */
void trap_first(struct cpu *cpu) __attribute__((noreturn));

#endif
