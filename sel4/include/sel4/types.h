/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SEL4_TYPES_H
#define SEL4_TYPES_H

#include <sel4/abi/faults.h>
#include <sel4/abi/ipcbuffer.h>
#include <sel4/abi/objects.h>
#include <sel4/abi/types.h>

#endif
