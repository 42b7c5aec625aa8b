/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows: frames that the manager maps to fill them, before their owners get them.
 *
 * Unmapping a page makes the kernel interrupt every core to flush its TLB. So windows are closed
 * together: their page table is unmapped once, and then the kernel finds nothing to flush for the
 * frames.
 */
#ifndef MANAGER_WINDOW_H
#define MANAGER_WINDOW_H

#include <bulkhead/sel4.h>

/* Map a frame of 4 KiB, 2 MiB or 1 GiB, writable. Valid until window_close_all(). Opening one when
 * there are too many closes the others first: what was filled must not be needed any more. NULL if
 * mapping failed. */
void *window_open(seL4_CPtr frame, unsigned page_bits);

/* Unmap all windows: the frames can be mapped elsewhere now. */
void window_close_all(void);

#endif
