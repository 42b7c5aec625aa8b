/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_AARCH64_SMC_H
#define KEEL_AARCH64_SMC_H

#include "types.h"

#define SMC_WORDS 8

/* Calls the firmware: x0..x7 as they go in and come back (SMC Calling Convention, DEN 0028). */
void smc(word x[SMC_WORDS]);

#endif
