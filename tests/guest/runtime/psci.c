/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#define CALL(instruction)                                                                          \
    register uint64_t x0 __asm__("x0") = function;                                                 \
    register uint64_t x1 __asm__("x1") = a;                                                        \
    register uint64_t x2 __asm__("x2") = b;                                                        \
    register uint64_t x3 __asm__("x3") = c;                                                        \
    __asm__ volatile(instruction " #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"memory");        \
    return (int64_t)x0

int64_t smc_call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    CALL("smc");
}

int64_t hvc_call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    CALL("hvc");
}

bool psci_uses_smc(void)
{
    uint32_t size;
    const uint8_t *method = dt_property("arm,psci-0.2", "method", &size);
    return method && size >= 4 && method[0] == 's';
}

int64_t psci_call(uint32_t function, uint64_t a, uint64_t b, uint64_t c)
{
    int64_t result = psci_uses_smc() ? smc_call(function, a, b, c) : hvc_call(function, a, b, c);
    /* 32-bit functions return 32 bits (SMCCC 3.1): the upper half says nothing. */
    return function & 0x40000000u ? result : (int32_t)result;
}
