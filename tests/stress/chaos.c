/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that hold capabilities to everything of their cycle, themselves and each other included,
 * make system calls at random, while the root task deletes things under them. Nothing is expected
 * of it but that the kernel lives and gives all memory back.
 */
#include "stress.h"

#define CYCLES      60
#define THREADS     10
#define REGION_BITS 19
#define RADIX       6
#define SLOTS       (1u << RADIX)
#define STEPS       12 /* of the root task in a cycle */
#define MAX_OBJECTS 128

static struct {
    seL4_CPtr region;
    seL4_CPtr first;
    unsigned objects;
    seL4_CPtr pool_slots;
    struct root_stack *stack[THREADS];
    uint64_t random[THREADS];
    volatile unsigned long calls;
} c;

/* --- the threads --- */

/* What would let a thread leave its program or its stack is not asked for. */
static bool harmless(seL4_Word label)
{
    switch (label) {
    case TCBWriteRegisters:
    case TCBCopyRegisters:
    case TCBConfigure:
    case TCBSetIPCBuffer:
    case TCBSetSpace:
    case TCBSetTLSBase:
    case ARMVCPUSetTCB:
        return false;
    default:
        return true;
    }
}

static seL4_Word argument(uint64_t *random)
{
    uint32_t r = stress_next(random);

    switch (r % 8) {
    case 0:
        return 64; /* depth of everything */
    case 1:
        return RADIX;
    case 2:
        return 1000 + (r >> 8) % 5000; /* microseconds */
    case 3:
        return r & 0x300000;
    default:
        return (r >> 8) % SLOTS;
    }
}

/* Any system call with any registers. */
static void raw_call(const seL4_Word x[9])
{
    register seL4_Word x0 __asm__("x0") = x[0];
    register seL4_Word x1 __asm__("x1") = x[1];
    register seL4_Word x2 __asm__("x2") = x[2];
    register seL4_Word x3 __asm__("x3") = x[3];
    register seL4_Word x4 __asm__("x4") = x[4];
    register seL4_Word x5 __asm__("x5") = x[5];
    register seL4_Word x6 __asm__("x6") = x[6];
    register seL4_Word x7 __asm__("x7") = x[7];
    register seL4_Word x8 __asm__("x8") = x[8];

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                     : "r"(x6), "r"(x7), "r"(x8)
                     : "memory");
}

/* x0 capability, x1 message info, x2 to x5 message, x6 reply, x7 number, x8 second capability. */
static void random_call(uint64_t *random)
{
    uint32_t r = stress_next(random);
    seL4_Word label = (r >> 10) % 62;
    seL4_Word x[9] = {(r >> 4) % SLOTS};

    x[1] =
        seL4_MessageInfo_new(harmless(label) ? label : 0, 0, (r >> 20) % 4, (r >> 22) % 8).words[0];
    x[7] = (seL4_Word) - (int64_t)(1 + (r >> 16) % 11);
    if (r % 4 != 0) {
        x[7] = (seL4_Word)seL4_SysCall;
    }
    for (unsigned i = 2; i < 6; i++) {
        x[i] = argument(random);
    }
    for (unsigned i = 4; i < 8; i++) {
        seL4_SetMR((int)i, argument(random));
    }
    for (unsigned i = 0; i < 3; i++) {
        seL4_SetCap((int)i, stress_next(random) % SLOTS);
    }
    x[6] = stress_next(random) % SLOTS;
    x[8] = stress_next(random) % SLOTS;
    raw_call(x);
}

static void thread_main(void *arg)
{
    uint64_t *random = arg;

    seL4_SetCapReceivePath(0, SLOTS - 1, RADIX);
    for (;;) {
        random_call(random);
        __atomic_add_fetch(&c.calls, 1, __ATOMIC_RELAXED);
    }
}

/* --- the root task --- */

static seL4_CPtr make(seL4_Word type, seL4_Word bits)
{
    seL4_CPtr slot = c.first + c.objects;

    root_check(seL4_Untyped_Retype(c.region, type, bits, ROOT_CNODE, 0, 0, slot, 1),
               "retype for a cycle");
    c.objects++;
    return slot;
}

static void make_objects(seL4_CPtr tcb[THREADS], seL4_CPtr cnode[THREADS], seL4_CPtr sc[THREADS])
{
    for (unsigned i = 0; i < THREADS; i++) {
        tcb[i] = make(seL4_TCBObject, 0);
        cnode[i] = make(seL4_CapTableObject, RADIX);
        sc[i] = make(seL4_SchedContextObject, 8);
    }
    for (unsigned i = 0; i < 3; i++) {
        make(seL4_EndpointObject, 0);
        make(seL4_NotificationObject, 0);
        make(seL4_ReplyObject, 0);
        make(seL4_ARM_VCPUObject, 0);
        make(seL4_ARM_SmallPageObject, 0);
        make(seL4_ARM_PageTableObject, 0);
    }
    make(seL4_UntypedObject, 14);
    make(seL4_SchedContextObject, 8);
    seL4_CPtr vspace = make(seL4_ARM_VSpaceObject, 0);
    root_check(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, vspace), "assign an ASID");
}

/* Copies of objects of the cycle, some badged, and what gives time on cores. */
static void fill_cnode(seL4_CPtr cnode)
{
    for (unsigned slot = 1; slot < SLOTS - 8; slot++) {
        seL4_CPtr object = c.first + stress_below(c.objects);
        if (stress_one_in(4)) {
            seL4_CNode_Mint(cnode, slot, RADIX, ROOT_CNODE, object, 64, seL4_AllRights,
                            1 + stress_below(3));
        } else {
            seL4_CNode_Copy(cnode, slot, RADIX, ROOT_CNODE, object, 64, seL4_AllRights);
        }
    }
    seL4_CNode_Copy(cnode, SLOTS - 8, RADIX, ROOT_CNODE,
                    root.bootinfo->schedcontrol.start + stress_below(stress.cores), 64,
                    seL4_AllRights);
    /* Its own, addressed as root. */
    seL4_CNode_Mint(cnode, 0, RADIX, ROOT_CNODE, cnode, 64, seL4_AllRights, 64 - RADIX);
}

/* Blocked for ever or stopped, most of them, after a while: they begin anew, if they still exist.
 */
static void kick(unsigned i, seL4_CPtr tcb, seL4_CPtr sc)
{
    seL4_UserContext regs = {.pc = (seL4_Word)thread_main,
                             .sp = (seL4_Word)(c.stack[i]->stack + ROOT_STACK_SIZE),
                             .x0 = (seL4_Word)&c.random[i],
                             .tpidr_el0 = (seL4_Word)&c.stack[i]->block};

    seL4_TCB_Suspend(tcb);
    seL4_SchedContext_Unbind(sc);
    seL4_SchedContext_Bind(sc, tcb);
    seL4_TCB_WriteRegisters(tcb, 1, 0, 36, &regs);
}

static void start(unsigned i, seL4_CPtr tcb, seL4_CPtr cnode, seL4_CPtr sc)
{
    struct root_stack *stack = c.stack[i];

    stack->block = (struct bh_thread){.ipc_buffer = stack->buffer};
    c.random[i] = stress_random() | 1;
    stress_configure(sc, stress_below(stress.cores));
    root_check(seL4_TCB_Configure(tcb, cnode, 64 - RADIX, ROOT_VSPACE, 0, (seL4_Word)stack->buffer,
                                  root_frame(stack->buffer)),
               "configure a thread");
    seL4_CPtr endpoint = c.first + 3 * THREADS;
    root_check(seL4_TCB_SetSchedParams(tcb, ROOT_TCB, 100, 50 + stress_below(50), sc,
                                       stress_one_in(2) ? endpoint : 0),
               "scheduling parameters");
    if (stress_one_in(2)) {
        root_check(seL4_TCB_SetTimeoutEndpoint(tcb, endpoint), "timeout endpoint");
    }
    kick(i, tcb, sc);
}

static void disturb(void)
{
    seL4_CPtr object = c.first + stress_below(c.objects);
    seL4_CPtr tcb = c.first + 3 * stress_below(THREADS);

    switch (stress_below(6)) {
    case 0:
        seL4_CNode_Delete(ROOT_CNODE, object, 64);
        break;
    case 1:
        seL4_CNode_Revoke(ROOT_CNODE, object, 64);
        break;
    case 2:
        seL4_TCB_Suspend(tcb);
        break;
    case 3:
        seL4_TCB_Resume(tcb);
        break;
    case 4:
        seL4_CNode_CancelBadgedSends(ROOT_CNODE, object, 64);
        break;
    default:
        stress_pause();
        break;
    }
}

static void cycle(void)
{
    seL4_CPtr tcb[THREADS], cnode[THREADS], sc[THREADS];

    c.objects = 0;
    make_objects(tcb, cnode, sc);
    for (unsigned i = 0; i < THREADS; i++) {
        fill_cnode(cnode[i]);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        start(i, tcb[i], cnode[i], sc[i]);
    }
    stress_pause();
    for (unsigned step = 0; step < STEPS; step++) {
        stress_pause();
        disturb();
        for (unsigned i = 0; i < THREADS; i++) {
            kick(i, tcb[i], sc[i]);
        }
    }
}

void stress_chaos(void)
{
    c.region = stress_object(seL4_UntypedObject, REGION_BITS);
    c.first = root_slots(MAX_OBJECTS);
    for (unsigned i = 0; i < THREADS; i++) {
        c.stack[i] = stress_stack();
    }
    for (unsigned i = 0; i < CYCLES * stress.scale && !stress_over(); i++) {
        cycle();
        root_check(seL4_CNode_Revoke(ROOT_CNODE, c.region, 64), "revoke the region");
        root_check(seL4_Untyped_Retype(c.region, seL4_UntypedObject, REGION_BITS, ROOT_CNODE, 0, 0,
                                       c.first, 1),
                   "retype all of the region");
        root_check(seL4_CNode_Revoke(ROOT_CNODE, c.region, 64), "revoke all of the region");
        stress_watch("chaos");
    }
    root_print("stress: %lu random calls\n", c.calls);
}
