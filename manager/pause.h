/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pausing a VM, so that no exit and no interrupt is lost.
 *
 * A vCPU must not be suspended by the kernel while it waits for the answer to a fault, or has sent
 * one that was not received yet: the fault would be forgotten, and with it the end of an interrupt
 * or a timer. So each VMM thread is signalled, finishes what it does, and asks (BH_MSG_CONTROL).
 * Its vCPU then is in one of two states:
 * - it runs, or waits to be heard: it keeps that state, but loses its scheduling context;
 * - it is stopped in an exit that the thread does not answer now (WFI, off): nothing to do.
 * The thread itself is suspended in its call. When it is let go on the kernel makes it repeat the
 * call, which is answered with the time the VM was paused, to be taken from the guest's counter,
 * and at last with 0, when the vCPU has its scheduling context again.
 */
#ifndef MANAGER_PAUSE_H
#define MANAGER_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

struct vm;
struct vm_host;

/* Ask all VMM threads to stop. LIFE_HELD follows when the last one has. */
void pause_begin(struct vm *vm);

/* Let them go on, those that have stopped and those that have not yet. */
void pause_end(struct vm *vm);

/* VMM thread n asks. False: it was not told to. */
bool pause_asked(struct vm *vm, const struct vm_host *host, uint64_t n);

#endif
