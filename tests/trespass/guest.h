/* SPDX-License-Identifier: BSD-2-Clause */
/* What guest.S and the C files share. */
#ifndef TRESPASS_GUEST_H
#define TRESPASS_GUEST_H

#define TRESPASS_TICKS 200000 /* until the guest's timer fires: some milliseconds */

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Traps with SMC. */
void trespass_guest_smc(void);

/* Traps with WFI. */
void trespass_guest_wfi(void);

/* Sets its virtual timer and spins. */
void trespass_guest_timer(void);

/*
 * Switches stage 1 on with what `tables` points to, then stores to `read_only` for ever. Whatever
 * exception it takes itself, it goes on.
 */
struct trespass_walk {
    uint64_t table;     /* one entry for the first gigabyte, of a table that begins here */
    uint64_t read_only; /* may be read only, as far as stage 2 is concerned */
};
void trespass_guest_walk(void);
#endif

#endif
