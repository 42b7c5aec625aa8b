/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"

/* Above everything the kernel hands out, so that slot numbers are stable. */
#define FIRST_SLOT 0x1001

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

    root_init(bootinfo, "probe");
    p.untyped = root.untyped;
    root_print("\nprobe: begin\n");
    make_objects(&p);
    seL4_SetCapReceivePath(0, 0, 0);
    for (unsigned i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        root_print("== %s\n", sections[i].name);
        sections[i].run(&p);
    }
    root_print("probe: end\n");
    root_power_off();
}
