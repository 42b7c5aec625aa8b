/* SPDX-License-Identifier: BSD-2-Clause */
#include "fault.h"

#include "log.h"

typedef unsigned long long ull;

static void report_cause(const char *who, const struct event *event)
{
    const uint64_t *word = event->word;

    switch (event->label) {
    case seL4_Fault_VMFault:
        log_line("%s: fault: %s 0x%llx failed, pc 0x%llx, syndrome 0x%llx", who,
                 word[seL4_VMFault_PrefetchFault]       ? "fetch from"
                 : (word[seL4_VMFault_FSR] & (1u << 6)) ? "write to"
                                                        : "read from",
                 (ull)word[seL4_VMFault_Addr], (ull)word[seL4_VMFault_IP],
                 (ull)word[seL4_VMFault_FSR]);
        return;
    case seL4_Fault_CapFault:
        log_line("%s: fault: no capability 0x%llx, pc 0x%llx", who, (ull)word[seL4_CapFault_Addr],
                 (ull)word[seL4_CapFault_IP]);
        return;
    case seL4_Fault_UserException:
        log_line("%s: fault: exception, pc 0x%llx, syndrome 0x%llx", who, (ull)word[0],
                 (ull)word[3]);
        return;
    case seL4_Fault_UnknownSyscall:
        log_line("%s: fault: unknown system call", who);
        return;
    case seL4_Fault_VCPUFault:
        log_line("%s: fault: trapped instruction, syndrome 0x%llx", who, (ull)word[0]);
        return;
    default:
        log_line("%s: fault %llu, first words 0x%llx 0x%llx", who, (ull)event->label, (ull)word[0],
                 (ull)word[1]);
    }
}

/* Registers in the order a person looks for them; the kernel's order is another one. */
static void report_registers(const char *who, const seL4_UserContext *r)
{
    const seL4_Word x[] = {r->x0,  r->x1,  r->x2,  r->x3,  r->x4,  r->x5,  r->x6,  r->x7,
                           r->x8,  r->x9,  r->x10, r->x11, r->x12, r->x13, r->x14, r->x15,
                           r->x16, r->x17, r->x18, r->x19, r->x20, r->x21, r->x22, r->x23,
                           r->x24, r->x25, r->x26, r->x27, r->x28, r->x29, r->x30};
    const unsigned count = sizeof(x) / sizeof(x[0]);

    log_line("%s: pc 0x%lx sp 0x%lx spsr 0x%lx", who, r->pc, r->sp, r->spsr);
    for (unsigned i = 0; i + 3 < count; i += 4) {
        log_line("%s: x%-2u %016lx %016lx %016lx %016lx", who, i, x[i], x[i + 1], x[i + 2],
                 x[i + 3]);
    }
    log_line("%s: x28 %016lx %016lx %016lx", who, x[28], x[29], x[30]);
}

void fault_report(const char *who, seL4_CPtr tcb, const struct event *event)
{
    seL4_UserContext regs = {0};

    report_cause(who, event);
    if (log_ok("reading registers",
               seL4_TCB_ReadRegisters(tcb, false, 0, sizeof(regs) / sizeof(seL4_Word), &regs))) {
        report_registers(who, &regs);
    }
}
