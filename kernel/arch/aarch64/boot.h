/* SPDX-License-Identifier: BSD-2-Clause */
/* Booting: code and data that are given away as untyped memory afterwards. */
#ifndef KEEL_AARCH64_BOOT_H
#define KEEL_AARCH64_BOOT_H

#define BOOT_CODE __attribute__((section(".boot.text"), noinline))
#define BOOT_DATA __attribute__((section(".boot.data")))

/* Stops the core for good; debug builds say why. */
void boot_fail(const char *why) __attribute__((noreturn));

#endif
