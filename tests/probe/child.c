/* SPDX-License-Identifier: BSD-2-Clause */
/* The child thread: runs one small program after another and reports by faulting. */
#include "programs.h"

void probe_start(struct probe *p, probe_program program)
{
    seL4_UserContext regs;
    seL4_Word *words = (seL4_Word *)&regs;

    seL4_TCB_Suspend(p->tcb);
    for (unsigned i = 0; i < sizeof(regs) / sizeof(seL4_Word); i++) {
        words[i] = 0x100 + i;
    }
    regs.pc = (seL4_Word)program;
    regs.sp = PROBE_STACK_TOP;
    regs.spsr = p->spsr;
    regs.tpidr_el0 = 0x10;
    regs.tpidrro_el0 = 0x20;
    for (unsigned i = 0; i < 9; i++) {
        (&regs.x0)[i] = p->x[i];
    }
    seL4_Error error =
        seL4_TCB_WriteRegisters(p->tcb, 1, 0, sizeof(regs) / sizeof(seL4_Word), &regs);
    if (error != seL4_NoError) {
        root_print("!! WriteRegisters: error %u\n", (unsigned)error);
    }
}

static void receive(struct probe *p, struct probe_message *message)
{
    seL4_Word mr[4];
    seL4_MessageInfo_t info = seL4_RecvWithMRs(p->fault_endpoint, &message->badge, p->reply, &mr[0],
                                               &mr[1], &mr[2], &mr[3]);

    message->label = seL4_MessageInfo_get_label(info);
    message->length = seL4_MessageInfo_get_length(info);
    for (unsigned i = 0; i < 40; i++) {
        message->mr[i] = i < 4 ? mr[i] : seL4_GetMR((int)i);
    }
}

/* Words of a fault message that hold a PC of the child. */
static bool is_pc(seL4_Word label, unsigned word)
{
    switch (label) {
    case seL4_Fault_CapFault:
    case seL4_Fault_UserException:
        return word == 0;
    case seL4_Fault_VMFault:
        return word == seL4_VMFault_IP;
    case seL4_Fault_UnknownSyscall:
        return word == seL4_UnknownSyscall_FaultIP || word == seL4_UnknownSyscall_LR;
    default:
        return false;
    }
}

void probe_fault(struct probe *p, const char *name, probe_program program)
{
    struct probe_message message;
    seL4_Word base = (seL4_Word)program;

    receive(p, &message);
    root_print("%s: fault %lu badge 0x%lx:", name, (unsigned long)message.label,
               (unsigned long)message.badge);
    for (unsigned i = 0; i < message.length && i < 40; i++) {
        seL4_Word value = message.mr[i];
        if (is_pc(message.label, i) && value >= base && value < base + 0x1000) {
            root_print(" pc+0x%lx", (unsigned long)(value - base));
        } else {
            root_print(" 0x%lx", (unsigned long)value);
        }
    }
    root_print("\n");
}

void probe_run(struct probe *p, const char *name, probe_program program)
{
    probe_start(p, program);
    probe_fault(p, name, program);
}

void probe_resume(struct probe *p, const char *name, probe_program program, seL4_Word label,
                  seL4_Word length, seL4_Word mr0, seL4_Word mr1)
{
    seL4_SetMR(0, mr0);
    seL4_SetMR(1, mr1);
    seL4_Send(p->reply, seL4_MessageInfo_new(label, 0, 0, length));
    probe_fault(p, name, program);
}

void probe_syscall_start(struct probe *p, seL4_Word number, seL4_Word cap, seL4_Word info,
                         seL4_Word reply, seL4_Word x8)
{
    const seL4_Word x[9] = {cap, info, 0xd2, 0xd3, 0xd4, 0xd5, reply, number, x8};

    for (unsigned i = 0; i < 9; i++) {
        p->x[i] = x[i];
    }
    probe_start(p, probe_syscall_only);
}

void probe_syscall(struct probe *p, const char *name, seL4_Word number, seL4_Word cap,
                   seL4_Word info, seL4_Word reply, seL4_Word x8)
{
    probe_syscall_start(p, number, cap, info, reply, x8);
    probe_fault(p, name, probe_syscall_only);
}
