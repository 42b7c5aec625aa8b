/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place that chooses an architecture's numbers. It goes by the ABI that is wanted, not by
 * the machine that compiles, so that host tests see the board's layouts.
 */
#ifndef SEL4_ABI_ARCH_H
#define SEL4_ABI_ARCH_H

#include <sel4/arch/aarch64/abi.h>

#endif
