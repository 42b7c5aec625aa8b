/* SPDX-License-Identifier: BSD-2-Clause */
/* Label of an invocation's error reply, and how a failed lookup is told (MR1 on). */
#ifndef SEL4_ABI_ERRORS_H
#define SEL4_ABI_ERRORS_H

#include <sel4/abi/types.h>

typedef enum {
    seL4_NoError = 0,
    seL4_InvalidArgument = 1,   /* MR0 argument number */
    seL4_InvalidCapability = 2, /* MR0 capability number, 0 = the invoked one */
    seL4_IllegalOperation = 3,
    seL4_RangeError = 4, /* MR0 least, MR1 greatest allowed value */
    seL4_AlignmentError = 5,
    seL4_FailedLookup = 6, /* MR0 1 = source, else 0; MR1.. lookup failure */
    seL4_TruncatedMessage = 7,
    seL4_DeleteFirst = 8,
    seL4_RevokeFirst = 9,
    seL4_NotEnoughMemory = 10, /* MR0 bytes left */
    seL4_NumErrors = 11,
} seL4_Error;

typedef enum {
    seL4_NoFailure = 0,
    seL4_InvalidRoot = 1,
    seL4_MissingCapability = 2, /* bits left */
    seL4_DepthMismatch = 3,     /* bits left, bits found */
    seL4_GuardMismatch = 4,     /* bits left, guard, guard size */
    SEL4_WORD_ENUM(seL4_LookupFailureType),
} seL4_LookupFailureType;

#endif
