/* SPDX-License-Identifier: BSD-2-Clause */
/* Secure monitor calls for whoever holds the capability (SMC Calling Convention, DEN 0028). */
#include "vspace.h"

void smc(word x[SMC_WORDS])
{
    register word x0 __asm__("x0") = x[0];
    register word x1 __asm__("x1") = x[1];
    register word x2 __asm__("x2") = x[2];
    register word x3 __asm__("x3") = x[3];
    register word x4 __asm__("x4") = x[4];
    register word x5 __asm__("x5") = x[5];
    register word x6 __asm__("x6") = x[6];
    register word x7 __asm__("x7") = x[7];

    __asm__ volatile(
        "smc #0"
        : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
        :
        : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
    x[0] = x0;
    x[1] = x1;
    x[2] = x2;
    x[3] = x3;
    x[4] = x4;
    x[5] = x5;
    x[6] = x6;
    x[7] = x7;
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
