/* SPDX-License-Identifier: BSD-2-Clause */
/* Object types of Untyped_Retype and object sizes (log2 of bytes). */
#ifndef SEL4_ABI_OBJECTS_H
#define SEL4_ABI_OBJECTS_H

#include <sel4/abi/types.h>

typedef enum api_object {
    seL4_UntypedObject = 0,
    seL4_TCBObject = 1,
    seL4_EndpointObject = 2,
    seL4_NotificationObject = 3,
    seL4_CapTableObject = 4,
    seL4_SchedContextObject = 5,
    seL4_ReplyObject = 6,
    seL4_NonArchObjectTypeCount = 7, /* the architecture's types begin here */
} seL4_ObjectType;

typedef seL4_Word api_object_t;

#define seL4_SlotBits                5 /* one CNode slot */
#define seL4_TCBBits                 11
#define seL4_EndpointBits            4
#define seL4_NotificationBits        6
#define seL4_ReplyBits               5
#define seL4_MinSchedContextBits     7
#define seL4_MinUntypedBits          4
#define seL4_MaxUntypedBits          47
#define seL4_UntypedRetypeMaxObjects 256

/* A scheduling context of 2^n bytes holds (2^n - core) / refill refills. */
#define seL4_CoreSchedContextBytes 128
#define seL4_RefillSizeBytes       16

enum priorityConstants {
    seL4_InvalidPrio = -1,
    seL4_MinPrio = 0,
    seL4_MaxPrio = 255,
};

typedef enum {
    seL4_TCBFlag_NoFlag = 0,
    seL4_TCBFlag_fpuDisabled = 1,
    seL4_TCBFlag_MASK = 1,
    SEL4_WORD_ENUM(seL4_TCBFlag),
} seL4_TCBFlag;

typedef enum {
    seL4_SchedContext_NoFlag = 0,
    seL4_SchedContext_Sporadic = 1,
    SEL4_WORD_ENUM(seL4_SchedContextFlag),
} seL4_SchedContextFlag;

#include <sel4/abi/arch.h>

#endif
