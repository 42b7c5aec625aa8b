/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seL4 API (MCS) for user programs: numbers (sel4/abi), system calls, invocations.
 * Programs of more than one thread include <bulkhead/sel4.h> instead, which gives every thread its
 * own IPC buffer pointer.
 */
#ifndef SEL4_SEL4_H
#define SEL4_SEL4_H

#include <sel4/abi/bootinfo.h>
#include <sel4/abi/errors.h>
#include <sel4/abi/faults.h>
#include <sel4/abi/ipcbuffer.h>
#include <sel4/abi/labels.h>
#include <sel4/abi/objects.h>
#include <sel4/abi/syscalls.h>
#include <sel4/abi/types.h>

#include <sel4/functions.h>

#include <sel4/arch/aarch64/syscalls.h>

#include <sel4/invocations.h>

#include <sel4/arch/aarch64/invocations.h>

#endif
