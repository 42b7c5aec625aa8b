/* SPDX-License-Identifier: BSD-2-Clause */
/* Secure monitor calls for whoever holds the capability (SMC Calling Convention, DEN 0028). */
#include "vspace.h"

void smc(word x[SMC_WORDS])
{
    __asm__ volatile("ldp x0, x1, [%0]\n\t"
                     "ldp x2, x3, [%0, #16]\n\t"
                     "ldp x4, x5, [%0, #32]\n\t"
                     "ldp x6, x7, [%0, #48]\n\t"
                     "smc #0\n\t"
                     "stp x0, x1, [%0]\n\t"
                     "stp x2, x3, [%0, #16]\n\t"
                     "stp x4, x5, [%0, #32]\n\t"
                     "stp x6, x7, [%0, #48]"
                     :
                     : "r"(x)
                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
                       "x12", "x13", "x14", "x15", "x16", "x17", "memory");
}

enum status smc_decode(struct invocation *inv)
{
    if (inv->label != ARMSMCCall)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < SMC_WORDS)
        return inv_fail(inv, seL4_TruncatedMessage);
    /* A badged capability allows one function only. */
    if (inv->cap.data != 0 && inv_arg(inv, 0) != inv->cap.data)
        return inv_fail(inv, seL4_IllegalOperation);
    for (unsigned i = 0; i < SMC_WORDS; i++)
        inv->result[i] = inv_arg(inv, i);
    smc(inv->result);
    inv->results = SMC_WORDS;
    return STATUS_OK;
}
