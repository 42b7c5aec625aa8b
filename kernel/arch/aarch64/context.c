/* SPDX-License-Identifier: BSD-2-Clause */
/* Register contexts as user level sees and sets them: seL4_UserContext and timeout replies. */
#include "arch.h"
#include "switch.h"
#include "vcpu.h"

#define SPSR_MODE_MASK 0x1fu
#define SPSR_MODE_EL0T 0x0u
#define SPSR_MODE_EL1T 0x4u
#define SPSR_MODE_EL1H 0x5u

/* Where a word of a context lives: which word of struct regs. x[n] is n. */
#define PLACE(field) (offsetof(struct regs, field) / sizeof(word))
enum place {
    SP = PLACE(sp),
    SPSR = PLACE(spsr),
    PC = PLACE(restart_pc),
    TPIDR = PLACE(tpidr_el0), /* from here on: in the hardware of the core that runs the thread */
    TPIDRRO = PLACE(tpidrro_el0),
};

/* seL4_UserContext, and (first 34) the order of a timeout reply. */
static const uint8_t context_order[ARCH_CONTEXT_REGS] = {
    PC, SP, SPSR, 0,  1,  2,  3,  4,  5,  6,  7,  8,  16, 17, 18, 29, 30,    9,
    10, 11, 12,   13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, TPIDR, TPIDRRO,
};

word context_sanitise_spsr(const struct tcb *t, word spsr)
{
    word mode = spsr & SPSR_MODE_MASK;

    if (t->arch.vcpu == NULL)
        return (spsr & SPSR_NZCV) | SPSR_DEFAULT;
    if (mode == SPSR_MODE_EL0T || mode == SPSR_MODE_EL1T || mode == SPSR_MODE_EL1H)
        return spsr;
    return SPSR_DEFAULT;
}

word arch_get_context(const struct tcb *t, unsigned i)
{
    const word *words = (const word *)&t->arch.regs;
    unsigned place = context_order[i];

    if (place < TPIDR || !thread_loaded_here(t))
        return words[place];
    return place == TPIDR ? READ_SYSREG(tpidr_el0) : READ_SYSREG(tpidrro_el0);
}

/* Not part of its caller, whose every other way needs no stack frame. */
static __attribute__((noinline)) void set_thread_register(struct tcb *t, enum place place,
                                                          word value)
{
    bool loaded = thread_loaded_here(t);

    if (place == TPIDR) {
        t->arch.regs.tpidr_el0 = value;
        if (loaded)
            WRITE_SYSREG(tpidr_el0, value);
    } else {
        t->arch.regs.tpidrro_el0 = value;
        if (loaded)
            WRITE_SYSREG(tpidrro_el0, value);
    }
}

void arch_set_context(struct tcb *t, unsigned i, word value)
{
    word *words = (word *)&t->arch.regs;
    unsigned place = context_order[i];

    if (place >= TPIDR)
        set_thread_register(t, place, value);
    else if (place == PC)
        arch_set_pc(t, value);
    else
        words[place] = place == SPSR ? context_sanitise_spsr(t, value) : value;
}

void arch_tcb_init(struct tcb *t)
{
    t->arch.regs.spsr = SPSR_DEFAULT;
}
