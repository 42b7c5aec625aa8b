/* SPDX-License-Identifier: BSD-2-Clause */
/* Values that user level gives for a thread's registers. */
#ifndef KEEL_AARCH64_CONTEXT_H
#define KEEL_AARCH64_CONTEXT_H

#include "cpu.h"

/* What becomes of an SPSR given for the thread: EL2 and AArch32 modes are refused. */
word context_sanitise_spsr(const struct tcb *t, word spsr);

#endif
