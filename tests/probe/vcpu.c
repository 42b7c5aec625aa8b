/* SPDX-License-Identifier: BSD-2-Clause */
/* VCPUs: the object, a thread with one at EL0 and EL1, the virtual timer, other cores. */
#include "programs.h"

#include <stdio.h>

#define RUN(name) probe_run(p, #name, probe_##name)

#define SPSR_EL0T 0x0
#define SPSR_EL1H 0x3c5

static void probe_inject(struct probe *p)
{
    seL4_CPtr v = p->vcpu;

    CALL("inject 40", v, ARMVCPUInjectIRQ, WORDS(40));
    CALL("inject 40 again", v, ARMVCPUInjectIRQ, WORDS(40));
    CALL("inject 41 in 1", v, ARMVCPUInjectIRQ, WORDS(41 | 1ul << 32));
    CALL("inject 41 in 3", v, ARMVCPUInjectIRQ, WORDS(41 | 3ul << 32));
    CALL("inject in 4", v, ARMVCPUInjectIRQ, WORDS(41 | 4ul << 32));
    CALL("inject in 64", v, ARMVCPUInjectIRQ, WORDS(41 | 64ul << 32));
    CALL("priority 32", v, ARMVCPUInjectIRQ, WORDS(41 | 32 << 16 | 2ul << 32));
    CALL("priority 31, group 1", v, ARMVCPUInjectIRQ, WORDS(41 | 31 << 16 | 1 << 24 | 2ul << 32));
    CALL("group 2", v, ARMVCPUInjectIRQ, WORDS(41 | 2 << 24 | 2ul << 32));
    CALL("inject 1024", v, ARMVCPUInjectIRQ, WORDS(1024 | 2ul << 32));
    CALL("inject nothing", v, ARMVCPUInjectIRQ);
    CALL("ack 27", v, ARMVCPUAckVPPI, WORDS(27));
    CALL("ack 28", v, ARMVCPUAckVPPI, WORDS(28));
    CALL("ack 200", v, ARMVCPUAckVPPI, WORDS(200));
    CALL("ack nothing", v, ARMVCPUAckVPPI);
}

void probe_vcpu(struct probe *p)
{
    CALL("bind an endpoint", p->vcpu, ARMVCPUSetTCB, CAPS(p->endpoint));
    CALL("bind nothing", p->vcpu, ARMVCPUSetTCB);
    CALL("bind", p->vcpu, ARMVCPUSetTCB, CAPS(p->tcb));
    for (seL4_Word i = 0; i < seL4_VCPUReg_Num + 1; i++) {
        char name[16];
        snprintf(name, sizeof(name), "register %lu", (unsigned long)i);
        CALL(name, p->vcpu, ARMVCPUReadReg, WORDS(i));
    }
    CALL("write register 24", p->vcpu, ARMVCPUWriteReg, WORDS(24, 0));
    CALL("write, one word", p->vcpu, ARMVCPUWriteReg, WORDS(1));
    CALL("read, no words", p->vcpu, ARMVCPUReadReg);
    probe_inject(p);
}

static void probe_spsr(struct probe *p)
{
    static const seL4_Word values[] = {0x3c4, 0x3c0, 0x3c9, 0x3cd, 0x1d0, 0xf00003c5};
    seL4_UserContext regs = {0};

    for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        regs.spsr = values[i];
        seL4_TCB_Suspend(p->tcb);
        seL4_TCB_WriteRegisters(p->tcb, 0, 0, 3, &regs);
        seL4_TCB_ReadRegisters(p->tcb, 0, 0, 3, &regs);
        root_print("spsr 0x%lx: 0x%lx\n", (unsigned long)values[i], (unsigned long)regs.spsr);
    }
}

static void probe_vtimer(struct probe *p)
{
    RUN(guest_vtimer);
    CALL("CNTV_CTL", p->vcpu, ARMVCPUReadReg, WORDS(seL4_VCPUReg_CNTV_CTL));
    CALL("CNTVOFF", p->vcpu, ARMVCPUReadReg, WORDS(seL4_VCPUReg_CNTVOFF));
    CALL("ack", p->vcpu, ARMVCPUAckVPPI, WORDS(27));
    probe_resume(p, "still high", probe_guest_vtimer, 0, 0, 0, 0);
    CALL("timer off", p->vcpu, ARMVCPUWriteReg, WORDS(seL4_VCPUReg_CNTV_CTL, 0));
    CALL("ack", p->vcpu, ARMVCPUAckVPPI, WORDS(27));
    probe_resume(p, "off", probe_guest_vtimer, 0, 0, 0, 0);
}

static void probe_guest_mode(struct probe *p)
{
    RUN(guest_unknown);
    RUN(guest_yield);
    RUN(guest_ids);
    RUN(guest_smc);
    RUN(guest_wfi);
    RUN(guest_read);
    RUN(guest_write);
    RUN(guest_fetch);
    RUN(guest_actlr);
    RUN(guest_tlbi);
    RUN(guest_dc_isw);
    RUN(guest_ttbr);
    RUN(guest_cntp);
    RUN(guest_cntvct);
    RUN(guest_cntkctl);
    RUN(guest_mdscr);
    RUN(guest_oslar);
    RUN(guest_cpacr);
    RUN(guest_fp);
    RUN(guest_state);
    RUN(guest_csselr);
    RUN(guest_undefined);
    RUN(guest_breakpoint);
    RUN(guest_svc);
}

void probe_guest(struct probe *p)
{
    for (unsigned i = 0; i < 9; i++) {
        p->x[i] = 0;
    }
    p->spsr = SPSR_EL0T;
    RUN(unknown_syscall);
    RUN(read_unmapped);
    RUN(fetch_unmapped);
    RUN(undefined);
    RUN(wfi);
    RUN(read_cntvct);
    p->spsr = SPSR_EL1H;
    probe_guest_mode(p);
    probe_spsr(p);
    p->spsr = SPSR_EL1H;
    probe_vtimer(p);
    p->spsr = 0;
    seL4_TCB_Suspend(p->tcb);
    CALL("delete the VCPU", seL4_CapInitThreadCNode, CNodeDelete, WORDS(p->vcpu, 64));
}

/* The child as a native thread, then as a guest, on every core. */
void probe_cores(struct probe *p)
{
    for (seL4_Word core = 0; core < p->bootinfo->numNodes; core++) {
        CALL("to the core", p->bootinfo->schedcontrol.start + core, SchedControlConfigureFlags,
             WORDS(10000, 10000, 0, 0xbad9e, 0), CAPS(p->sc));
        p->spsr = 0;
        RUN(unknown_syscall);
    }
    seL4_CPtr vcpu = probe_object(p, seL4_ARM_VCPUObject, 0);
    CALL("bind", vcpu, ARMVCPUSetTCB, CAPS(p->tcb));
    p->spsr = SPSR_EL1H;
    RUN(guest_unknown);
    CALL("SCTLR from afar", vcpu, ARMVCPUReadReg, WORDS(0));
    RUN(guest_vtimer);
    CALL("inject from afar", vcpu, ARMVCPUInjectIRQ, WORDS(40));
    CALL("and again", vcpu, ARMVCPUInjectIRQ, WORDS(40));
}
