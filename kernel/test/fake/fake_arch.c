/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake architecture: memory is host memory, time stands still unless a test moves it. */
#include <string.h>

#include "arch.h"

struct fake_machine fake;

word arch_get_context(const struct tcb *t, unsigned i)
{
    switch (i) {
    case 0:
        return arch_restart_pc(t);
    case 1:
        return t->arch.sp;
    case 2:
        return t->arch.flags;
    default:
        return t->arch.x[i - 3];
    }
}

void arch_set_context(struct tcb *t, unsigned i, word value)
{
    switch (i) {
    case 0:
        arch_set_pc(t, value);
        break;
    case 1:
        t->arch.sp = value;
        break;
    case 2:
        t->arch.flags = value & 15;
        break;
    default:
        t->arch.x[i - 3] = value;
        break;
    }
}

void arch_tcb_init(struct tcb *t)
{
    t->arch.flags = 1;
}

void arch_flags_changed(struct tcb *t)
{
}

void arch_tcb_finalise(struct tcb *t)
{
    for (unsigned i = 0; i < cpu_count; i++)
        if (cpus[i].arch.running == t)
            cpus[i].arch.running = NULL;
}

unsigned arch_fault_message(const struct tcb *faulter, struct tcb *receiver, seL4_IPCBuffer *buffer)
{
    arch_set_mr(receiver, 0, arch_restart_pc(faulter));
    arch_set_mr(receiver, 1, faulter->fault.data[0]);
    return 2;
}

bool arch_fault_reply(struct tcb *faulter, const struct tcb *replier, const seL4_IPCBuffer *buffer,
                      word label, unsigned length)
{
    if (length > 0)
        arch_set_pc(faulter, arch_get_mr(replier, 0));
    return faulter->fault.type >= FAULT_ARCH_FIRST || label == 0;
}

void arch_switch_to(struct cpu *cpu, struct tcb *t)
{
    cpu->arch.switches++;
    cpu->arch.running = t;
}

void arch_migrate(struct tcb *t)
{
    fake.migrations++;
}

void arch_set_deadline(ticks deadline)
{
    this_cpu()->arch.deadline = deadline;
}

ticks arch_us_to_ticks(word us)
{
    return us * 10;
}

word arch_ticks_to_us(ticks t)
{
    return t / 10;
}

void arch_ipi_reschedule(unsigned core)
{
    fake.reschedules[core]++;
}

void arch_ipi_stall(unsigned core)
{
    fake.stalls[core]++;
    cpus[core].repeats = fake.stalled_repeats;
}

bool arch_interrupt_pending(void)
{
    return fake.interrupt_after > 0 && --fake.interrupt_after == 0;
}

void arch_irq_mask(unsigned irq)
{
    fake.irq_masked |= BIT(irq);
}

void arch_irq_enable(unsigned irq)
{
    fake.irq_masked &= ~BIT(irq);
}

void arch_irq_ack(unsigned irq)
{
    fake.irq_masked &= ~BIT(irq);
}

bool arch_irq_index(word irq, unsigned *index, word *max)
{
    *max = ARCH_IRQS - 1;
    *index = (unsigned)irq;
    return irq < ARCH_IRQS;
}

enum status arch_irq_control_decode(struct invocation *inv)
{
    return inv_fail(inv, seL4_IllegalOperation);
}

enum status arch_decode(struct invocation *inv)
{
    return inv_fail(inv, seL4_IllegalOperation);
}

seL4_Error arch_cap_derive(struct cap cap, struct cap *out)
{
    *out = cap;
    return seL4_NoError;
}

struct cap arch_cap_mask_rights(struct cap cap, word rights)
{
    return cap_with_info(cap, cap_info(cap) & ((unsigned)(rights & 3) | FAKE_FRAME_DEVICE));
}

bool arch_cap_same_object(struct cap a, struct cap b)
{
    return cap_type(a) == cap_type(b) && cap_object(a) == cap_object(b);
}

unsigned arch_cap_object_bits(struct cap cap)
{
    return FAKE_PAGE_BITS;
}

void arch_cap_finalise(struct cap cap, bool final)
{
}

unsigned arch_object_bits(unsigned type)
{
    return FAKE_PAGE_BITS;
}

bool arch_object_is_frame(unsigned type)
{
    return type == FAKE_OBJECT_FRAME;
}

struct cap arch_create_object(unsigned type, void *memory, bool device)
{
    if (type == FAKE_OBJECT_FRAME)
        return cap_make(CAP_FRAME,
                        SEL4_RIGHT_READ | SEL4_RIGHT_WRITE | (device ? FAKE_FRAME_DEVICE : 0),
                        memory, 0);
    return cap_make(CAP_VSPACE, 0, memory, 0);
}

void arch_clear_memory(void *start, size_t bytes)
{
    memset(start, 0, bytes);
}

bool arch_is_vspace(struct cap cap)
{
    return cap_is(cap, CAP_VSPACE);
}

seL4_Error arch_check_ipc_buffer(struct cap cap, word address)
{
    if (!cap_is(cap, CAP_FRAME) || (cap_info(cap) & FAKE_FRAME_DEVICE))
        return seL4_IllegalOperation;
    return address & MASK(seL4_IPCBufferSizeBits) ? seL4_AlignmentError : seL4_NoError;
}
