/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"

#include <stdlib.h>

#define FIRST_SLOT                                                                                 \
    0x1000 /* above everything the kernel hands out, so that slot numbers are stable */

/* An ordinary RAM untyped with room for everything. */
static seL4_CPtr pick_untyped(const seL4_BootInfo *bi)
{
    seL4_CPtr best = 0;
    seL4_Word best_bits = 64;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        if (!desc->isDevice && desc->sizeBits >= 24 && desc->sizeBits < best_bits) {
            best = cap;
            best_bits = desc->sizeBits;
        }
    }
    return best;
}

static void make_objects(struct probe *p)
{
    p->cnode = probe_object(p, seL4_CapTableObject, 4);
    p->endpoint = probe_object(p, seL4_EndpointObject, 0);
    p->notification = probe_object(p, seL4_NotificationObject, 0);
    p->fault_endpoint = probe_object(p, seL4_EndpointObject, 0);
    p->reply = probe_object(p, seL4_ReplyObject, 0);
    p->child_reply = probe_object(p, seL4_ReplyObject, 0);
    p->tcb = probe_object(p, seL4_TCBObject, 0);
    p->sc = probe_object(p, seL4_SchedContextObject, 8);
    p->buffer_frame = probe_object(p, seL4_ARM_SmallPageObject, 0);
    p->vcpu = probe_object(p, seL4_ARM_VCPUObject, 0);
    p->scratch = p->next_slot;
    p->next_slot += 16;
}

static void power_off(void)
{
    seL4_ARM_SMCContext request = {.x0 = 0x84000008}; /* PSCI SYSTEM_OFF */
    seL4_ARM_SMCContext answer;

    seL4_ARM_SMC_Call(seL4_CapSMC, &request, &answer);
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    static const struct {
        const char *name;
        void (*run)(struct probe *p);
    } sections[] = {
        {"bootinfo", probe_bootinfo},
        {"untyped", probe_untyped},
        {"cnode", probe_cnode},
        {"tcb", probe_tcb},
        {"sched", probe_sched},
        {"irq", probe_irq},
        {"vspace", probe_vspace},
        {"misc", probe_misc},
        {"native", probe_native},
        {"replies", probe_replies},
        {"cap faults", probe_cap_faults},
        {"ipc", probe_ipc},
        {"donation", probe_donation},
        {"timeout", probe_timeout},
        {"vcpu", probe_vcpu},
        {"guest", probe_guest},
        {"cores", probe_cores},
    };
    struct probe p = {.bootinfo = bootinfo, .next_slot = FIRST_SLOT};

    p.untyped = pick_untyped(bootinfo);
    probe_report_init(&p);
    probe_print("\nprobe: begin\n");
    make_objects(&p);
    seL4_SetCapReceivePath(0, 0, 0);
    for (unsigned i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        probe_print("== %s\n", sections[i].name);
        sections[i].run(&p);
    }
    probe_print("probe: end\n");
    power_off();
    for (;;) {
    }
}
