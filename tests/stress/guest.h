/* SPDX-License-Identifier: BSD-2-Clause */
/* What guest.S and guests.c share: a guest's state in memory. */
#ifndef STRESS_GUEST_H
#define STRESS_GUEST_H

#define GUEST_SEED   0  /* changes with every pass */
#define GUEST_PASSES 8  /* written by the guest */
#define GUEST_ERROR  16 /* number of the check that failed, 0: none */
#define GUEST_MODE   24
#define GUEST_SPIN   32 /* how long the registers are held in a pass */
#define GUEST_TICKS  40 /* of the timer */
#define GUEST_FIRED  48 /* written by the handler */
#define GUEST_FOUND  56 /* wrong value */

#define GUEST_MODE_FAULT 1 /* stores where nothing is, once a pass */
#define GUEST_MODE_TIMER 2 /* waits for its virtual timer, once a pass */

#define GUEST_UNMAPPED 0x10000000

#endif
