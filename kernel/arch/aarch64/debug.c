/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel log and debug calls; linked into debug kernels only. */
#include "debug.h"

#include <sel4/abi/syscalls.h>
#include <stdarg.h>
#include <stdio.h>

#include "arch.h"
#include "ipc.h"

#define NAME_MAX (sizeof((struct arch_tcb *)0)->name)

void debug_print(const char *format, ...)
{
    char text[160];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (const char *c = text; *c != '\0'; c++)
        arch_log_char(*c);
}

void debug_halt(void)
{
    for (;;)
        __asm__ volatile("wfi");
}

static struct slot *slot_of(struct tcb *t, word capptr)
{
    struct lookup_failure failure;
    return lookup_cap(t, capptr, &failure);
}

/* The TCB behind a capptr; a wrong one stops the kernel, as on the reference kernel. */
static struct tcb *tcb_of(struct tcb *t, word capptr)
{
    struct slot *slot = slot_of(t, capptr);

    if (slot == NULL || !cap_is(slot->cap, CAP_THREAD)) {
        debug_print("keel: debug call with capability %lu, which is no TCB\n", capptr);
        debug_halt();
    }
    return cap_object(slot->cap);
}

static void print_thread(const struct tcb *t)
{
    static const char *const states[] = {"inactive", "running",  "restart",      "receive",
                                         "send",     "on reply", "notification", "idle"};

    debug_print("  %s core %u prio %u %s pc %lx\n", t->arch.name[0] != '\0' ? t->arch.name : "-",
                t->core, t->priority, states[t->state & 7], t->arch.regs.restart_pc);
}

static void dump_scheduler(void)
{
    for (unsigned i = 0; i < cpu_count; i++) {
        debug_print("core %u: current\n", i);
        print_thread(cpus[i].current);
        for (unsigned p = 0; p < CONFIG_NUM_PRIORITIES; p++) {
            for (struct tcb *t = cpus[i].ready.queue[p].head; t != NULL; t = t->next)
                print_thread(t);
        }
        for (struct tcb *t = cpus[i].release.head; t != NULL; t = t->next)
            print_thread(t);
    }
}

static void snapshot(struct tcb *t)
{
    struct cap root = t->slot[TCB_CSPACE].cap;

    if (!cap_is(root, CAP_CNODE))
        return;
    struct slot *slots = cap_object(root);
    for (word i = 0; i < BIT(cnode_radix(root)); i++) {
        struct cap cap = slots[i].cap;
        if (!slot_empty(&slots[i]))
            debug_print("slot %lu: type %u object %lx info %x data %lx\n", i, cap_type(cap),
                        (word)(uintptr_t)cap_object(cap), cap_info(cap), cap.data);
    }
}

static void name_thread(struct tcb *caller)
{
    struct tcb *t = tcb_of(caller, arch_get_reg(caller, REG_CAP));
    const seL4_IPCBuffer *buffer = arch_ipc_buffer(caller, false);

    if (buffer == NULL) {
        debug_print("keel: NameThread without IPC buffer\n");
        debug_halt();
    }
    const char *name = (const char *)&buffer->msg[0];
    unsigned i = 0;
    for (; i + 1 < NAME_MAX && name[i] != '\0'; i++)
        t->arch.name[i] = name[i];
    t->arch.name[i] = '\0';
}

static void send_ipi(struct tcb *t)
{
    word core = arch_get_reg(t, REG_CAP);
    word sgi = arch_get_reg(t, REG_INFO);

    if (core >= cpu_count || sgi >= GIC_SGIS) {
        debug_print("keel: SendIPI(%lu, %lu)\n", core, sgi);
        debug_halt();
    }
    gic->send_sgi((unsigned)core, (unsigned)sgi);
}

bool debug_call(struct cpu *cpu, word number)
{
    struct tcb *t = cpu->current;
    const struct slot *slot;

    switch ((int64_t)number) {
    case seL4_SysDebugPutChar:
        arch_log_char((char)arch_get_reg(t, REG_CAP));
        return true;
    case seL4_SysDebugDumpScheduler:
        dump_scheduler();
        return true;
    case seL4_SysDebugHalt:
        debug_print("keel: halted by a debug call\n");
        debug_halt();
    case seL4_SysDebugCapIdentify:
        slot = slot_of(t, arch_get_reg(t, REG_CAP));
        arch_set_reg(t, REG_BADGE, slot != NULL ? cap_type(slot->cap) : CAP_NULL);
        return true;
    case seL4_SysDebugSnapshot:
        snapshot(t);
        return true;
    case seL4_SysDebugNameThread:
        name_thread(t);
        return true;
    case seL4_SysDebugSendIPI:
        send_ipi(t);
        return true;
    case seL4_SysDebugGetThreadAffinity:
        arch_set_reg(t, REG_BADGE, tcb_of(t, arch_get_reg(t, REG_CAP))->core);
        return true;
    default:
        return false;
    }
}
