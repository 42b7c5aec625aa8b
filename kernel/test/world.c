/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

struct world world;
static struct tcb *idle[2];

static struct slot *place(unsigned n, struct cap cap)
{
    tree_insert_root(&world.cnode[n], cap);
    return &world.cnode[n];
}

int world_setup(void **state)
{
    memset(cpus, 0, sizeof(cpus));
    memset(&fake, 0, sizeof(fake));
    memset(&world, 0, sizeof(world));
    fake.time = 1000000;
    cpu_count = 2;

    size_t bytes = BIT(WORLD_BITS);
    world.memory = aligned_alloc(bytes, bytes);
    memset(world.memory, 0, bytes);
    for (unsigned core = 0; core < 2; core++) {
        idle[core] = aligned_alloc(BIT(seL4_TCBBits), BIT(seL4_TCBBits));
        memset(idle[core], 0, BIT(seL4_TCBBits));
        cpu_init(core, idle[core]);
    }

    /* Kernel objects of the root thread at the start of the lower half. */
    char *at = world.memory;
    world.cnode = (struct slot *)at;
    at += BIT(WORLD_RADIX + seL4_SlotBits);
    world.root = (struct tcb *)at;
    at += BIT(seL4_TCBBits);
    world.sc = (struct sched_context *)at;
    at += BIT(seL4_TCBBits);
    char *frame = at;
    at += BIT(FAKE_PAGE_BITS);
    char *vspace = at;

    tcb_init(world.root);
    word guard = WORD_BITS - WORLD_RADIX;
    place(W_TCB, cap_make(CAP_THREAD, 0, world.root, 0));
    place(W_CNODE, cap_cnode(world.cnode, WORLD_RADIX, guard));
    place(W_VSPACE, cap_make(CAP_VSPACE, 0, vspace, 0));
    place(W_IRQ_CONTROL, cap_make(CAP_IRQ_CONTROL, 0, NULL, 0));
    place(W_DOMAIN, cap_make(CAP_DOMAIN, 0, NULL, 0));
    place(W_SC, cap_make(CAP_SCHED_CONTEXT, 8, world.sc, 0));
    place(W_CONTROL, cap_make(CAP_SCHED_CONTROL, 0, NULL, 0));
    place(W_CONTROL_1, cap_make(CAP_SCHED_CONTROL, 0, NULL, 1));
    place(W_UNTYPED, cap_untyped(world.memory + bytes / 2, WORLD_BITS - 1, false, bytes / 2));
    place(W_BUFFER, cap_make(CAP_FRAME, SEL4_RIGHT_READ | SEL4_RIGHT_WRITE, frame, 0));
    world.next = W_FIRST_FREE;

    struct slot *own = world.root->slot;
    tree_insert(&world.cnode[W_CNODE], &own[TCB_CSPACE], world.cnode[W_CNODE].cap);
    tree_insert(&world.cnode[W_VSPACE], &own[TCB_VSPACE], world.cnode[W_VSPACE].cap);
    tree_insert(&world.cnode[W_BUFFER], &own[TCB_BUFFER], world.cnode[W_BUFFER].cap);
    world.buffer = (seL4_IPCBuffer *)frame;

    boot_start_thread(world.root, world.sc, 5000);
    kernel_start(this_cpu());
    assert_ptr_equal(world_current(), world.root);
    return 0;
}

int world_teardown(void **state)
{
    for (unsigned i = 0; i < ARCH_IRQS; i++)
        irq_release(i);
    free(world.memory);
    free(idle[0]);
    free(idle[1]);
    return 0;
}

struct slot *world_slot(unsigned n)
{
    return &world.cnode[n];
}

void *world_object(unsigned n)
{
    return cap_object(world.cnode[n].cap);
}

void world_syscall(int64_t number, word operand, word info)
{
    struct cpu *cpu = this_cpu();
    struct tcb *t = cpu->current;

    t->arch.x[0] = operand;
    t->arch.x[1] = info;
    t->arch.x[7] = (word)number;
    t->arch.pc += 4;
    t->arch.trap_back = 4;
    if (!kernel_syscall_fast(cpu, (word)number))
        kernel_syscall(cpu, (word)number);
}

void world_fault(word data)
{
    struct cpu *cpu = this_cpu();

    if (!kernel_fault_fast(cpu, FAULT_ARCH_FIRST, data, 0, 0))
        kernel_fault(cpu, FAULT_ARCH_FIRST, data, 0, 0);
}

void world_abandon(void)
{
    struct cpu *cpu = this_cpu();

    assert_true(cpu->abandoned);
    cpu->abandoned = false;
    kernel_tick(cpu);
}

word world_call(unsigned slot, word label, const unsigned *caps, unsigned ncaps, unsigned n, ...)
{
    va_list args;

    va_start(args, n);
    for (unsigned i = 0; i < n; i++) {
        word value = va_arg(args, word);
        if (i < ARCH_MSG_REGS)
            arch_set_mr(world.root, i, value);
        else
            world.buffer->msg[i] = value;
    }
    va_end(args);
    for (unsigned i = 0; i < ncaps; i++)
        world.buffer->caps_or_badges[i] = caps[i];

    /* A preempted call is repeated, as the processor would. */
    word pc = world.root->arch.pc;
    do {
        assert_ptr_equal(world_current(), world.root);
        world_syscall(seL4_SysCall, slot, info_make(label, 0, ncaps, n));
    } while (world.root->arch.pc == pc && world_current() == world.root);
    return info_label(world.root->arch.x[1]);
}

#define W(x) ((word)(x))

unsigned world_new(unsigned type, unsigned bits)
{
    const unsigned caps[] = {W_CNODE};
    unsigned slot = world.next++;

    assert_int_equal(world_call(W_UNTYPED, UntypedRetype, caps, 1, 6, W(type), W(bits), W(0), W(0),
                                W(slot), W(1)),
                     seL4_NoError);
    return slot;
}

unsigned world_thread(unsigned priority, word budget_us, word period_us, struct tcb **out)
{
    unsigned tcb = world_new(seL4_TCBObject, 0);
    unsigned sc = world_new(seL4_SchedContextObject, 8);
    const unsigned spaces[] = {W_CNODE, W_VSPACE, W_NULL};
    const unsigned auth[] = {W_TCB};
    const unsigned bind[] = {tcb};
    const unsigned contexts[] = {sc};

    assert_int_equal(world_call(tcb, TCBConfigure, spaces, 3, 3, W(0), W(0), W(0)), 0);
    assert_int_equal(world_call(tcb, TCBSetPriority, auth, 1, 1, W(priority)), 0);
    if (budget_us) {
        assert_int_equal(world_call(W_CONTROL, SchedControlConfigureFlags, contexts, 1, 5,
                                    budget_us, period_us, W(0), W(0x5c), W(0)),
                         0);
        assert_int_equal(world_call(sc, SchedContextBind, bind, 1, 0), 0);
    }
    if (out)
        *out = world_object(tcb);
    return tcb;
}

struct sched_context *world_sc(unsigned thread_slot)
{
    return world_object(thread_slot + 1);
}

void world_advance(word us)
{
    struct cpu *cpu = this_cpu();

    fake.time += us * US;
    kernel_tick(cpu);
}

static void check_slot(const struct slot *slot)
{
    if (slot_empty(slot)) {
        assert_int_equal(slot->prev, 0);
        assert_int_equal(slot->next, 0);
        return;
    }
    if (slot_prev(slot))
        assert_ptr_equal(slot_next(slot_prev(slot)), slot);
    if (slot_next(slot))
        assert_ptr_equal(slot_prev(slot_next(slot)), slot);
}

void world_check(void)
{
    for (unsigned i = 0; i < BIT(WORLD_RADIX); i++)
        check_slot(&world.cnode[i]);
    for (unsigned i = 0; i < TCB_SLOTS; i++)
        check_slot(&world.root->slot[i]);
}
