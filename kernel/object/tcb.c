/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: life and state, and invocations of TCBs. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

void tcb_init(struct tcb *t)
{
    t->core = this_cpu()->core;
    arch_tcb_init(t);
}

void tcb_suspend(struct tcb *t)
{
    thread_stall(t);
    ipc_cancel(t);
    t->fault.type = seL4_Fault_NullFault;
    /* One that was stopped in the middle goes on there; a caller repeats its call. */
    if (t->state == THREAD_RUNNING)
        arch_commit_pc(t);
    t->state = THREAD_INACTIVE;
    sched_dequeue(t);
    sc_cancel_yield(t);
}

void tcb_restart(struct tcb *t)
{
    if (!thread_stopped(t) || t->state == THREAD_IDLE)
        return;
    ipc_cancel(t);
    t->fault.type = seL4_Fault_NullFault;
    t->state = THREAD_RESTART;
    sched_wake(t);
}

/* --- invocations --- */

static struct tcb *target(const struct invocation *inv)
{
    return cap_object(inv->cap);
}

/* --- registers --- */

#define FLAG_SUSPEND  BIT(0) /* ReadRegisters, CopyRegisters */
#define FLAG_RESUME_W BIT(0) /* WriteRegisters */
#define FLAG_RESUME   BIT(1) /* CopyRegisters */
#define FLAG_FRAME    BIT(2)
#define FLAG_INTEGER  BIT(3)

static enum status read_registers(struct invocation *inv)
{
    struct tcb *t = target(inv);
    word words[ARCH_CONTEXT_REGS];

    word count = inv_arg(inv, 1);
    if (count < 1 || count > ARCH_CONTEXT_REGS)
        return inv_fail_range(inv, 1, ARCH_CONTEXT_REGS);
    if (t == inv->caller)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv_arg(inv, 0) & FLAG_SUSPEND)
        tcb_suspend(t);
    for (unsigned i = 0; i < count; i++)
        words[i] = arch_get_context(t, i);
    return inv_written(inv, words, (unsigned)count);
}

static enum status write_registers(struct invocation *inv)
{
    struct tcb *t = target(inv);

    word count = inv_arg(inv, 1);
    if (inv->length - 2 < count)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (t == inv->caller)
        return inv_fail(inv, seL4_IllegalOperation);
    for (unsigned i = 0; i < count && i < ARCH_CONTEXT_REGS; i++)
        arch_set_context(t, i, inv_arg(inv, i + 2));
    if (inv_arg(inv, 0) & FLAG_RESUME_W)
        tcb_restart(t);
    return STATUS_OK;
}

static void copy_context(struct tcb *from, struct tcb *to, unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++)
        arch_set_context(to, i, arch_get_context(from, i));
}

static enum status copy_registers(struct invocation *inv)
{
    struct tcb *t = target(inv);

    if (!cap_is(inv->extra[0]->cap, CAP_THREAD))
        return inv_fail1(inv, seL4_InvalidCapability, 1);

    struct tcb *source = cap_object(inv->extra[0]->cap);
    word flags = inv_arg(inv, 0);
    thread_stall(source);
    if (flags & FLAG_SUSPEND)
        tcb_suspend(source);
    if (flags & FLAG_RESUME)
        tcb_restart(t);
    if (flags & FLAG_FRAME)
        copy_context(source, t, 0, ARCH_FRAME_REGS);
    if (flags & FLAG_INTEGER)
        copy_context(source, t, ARCH_FRAME_REGS, ARCH_CONTEXT_REGS);
    return STATUS_OK;
}

static enum status set_tls_base(struct invocation *inv)
{
    arch_set_context(target(inv), ARCH_TLS_REG, inv_arg(inv, 0));
    return STATUS_OK;
}

static enum status set_flags(struct invocation *inv)
{
    struct tcb *t = target(inv);

    word flags = (t->flags & ~inv_arg(inv, 0)) |
                 (inv_arg(inv, 1) & (seL4_TCBFlag_fpuDisabled | KEEL_TCB_FAULT_REGS));
    t->flags = (uint8_t)flags;
    arch_flags_changed(t);
    return inv_result(inv, flags);
}

/* --- priorities --- */

/* May this priority or MCP be given? The thread that the first capability names limits it. */
static enum status check_priority(struct invocation *inv, word value)
{
    struct cap cap = inv->extra[0]->cap;

    if (!cap_is(cap, CAP_THREAD))
        return inv_fail1(inv, seL4_InvalidCapability, 1);
    const struct tcb *authority = cap_object(cap);
    return value > authority->mcp ? inv_fail_range(inv, 0, authority->mcp) : STATUS_OK;
}

static enum status set_priority(struct invocation *inv)
{
    enum status status = check_priority(inv, inv_arg(inv, 0));
    if (status != STATUS_OK)
        return status;
    if (inv->label == TCBSetPriority)
        sched_set_priority(target(inv), (unsigned)inv_arg(inv, 0));
    else
        target(inv)->mcp = (uint8_t)inv_arg(inv, 0);
    return STATUS_OK;
}

/* --- spaces, buffers and handlers --- */

/* A capability to be put into one of the thread's own slots. */
struct install {
    enum tcb_slot where;
    struct slot *src; /* NULL: only delete */
    struct cap cap;
    word address; /* of the IPC buffer */
};

/*
 * The old capability goes first, which may take several attempts, and may take the new one or the
 * TCB with it.
 */
static enum status install(struct invocation *inv, const struct install *what)
{
    struct tcb *t = target(inv);
    struct slot *slot = &t->slot[what->where];

    enum status status = slot_delete(slot);
    if (status != STATUS_OK)
        return status;
    bool alive = cap_is(inv->slot->cap, CAP_THREAD) && cap_object(inv->slot->cap) == t;
    if (alive && what->src && what->cap.head != 0 && cap_same_object(what->cap, what->src->cap))
        tree_insert(what->src, slot, what->cap);
    /* One that is gone is stopped, and nothing of it may get into the hardware any more. */
    if (what->where == TCB_VSPACE && t == inv->cpu->current && !thread_stopped(t))
        arch_switch_to(inv->cpu, t);
    if (what->where == TCB_BUFFER)
        t->ipc_buffer = what->address;
    return STATUS_OK;
}

static enum status install_all(struct invocation *inv, const struct install *what, unsigned n)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < n && status == STATUS_OK; i++)
        status = install(inv, &what[i]);
    return status;
}

static enum status check_handler(struct invocation *inv, unsigned cap, enum tcb_slot where,
                                 struct install *out)
{
    struct cap handler = inv->extra[cap]->cap;

    *out = (struct install){.where = where, .src = inv->extra[cap], .cap = handler};
    if (handler.head == 0)
        return STATUS_OK;
    if (cap_is(handler, CAP_ENDPOINT) && (cap_rights(handler) & SEL4_RIGHT_WRITE) &&
        (cap_rights(handler) & (SEL4_RIGHT_GRANT | SEL4_RIGHT_GRANTREPLY)))
        return STATUS_OK;
    return inv_fail1(inv, seL4_InvalidCapability, cap + 1);
}

static enum status check_cspace(struct invocation *inv, unsigned cap, word data,
                                struct install *out)
{
    struct slot *src = inv->extra[cap];
    struct cap root = data ? cap_update_data(src->cap, data, false) : src->cap;

    if (!cap_is(root, CAP_CNODE))
        return inv_fail(inv, seL4_IllegalOperation);
    *out = (struct install){.where = TCB_CSPACE, .src = src, .cap = root};
    return STATUS_OK;
}

static enum status check_vspace(struct invocation *inv, unsigned cap, struct install *out)
{
    struct slot *src = inv->extra[cap];
    struct cap root;

    seL4_Error error = cap_derive(src, src->cap, &root);
    if (error != seL4_NoError)
        return inv_fail(inv, error);
    if (!arch_is_vspace(root))
        return inv_fail(inv, seL4_IllegalOperation);
    *out = (struct install){.where = TCB_VSPACE, .src = src, .cap = root};
    return STATUS_OK;
}

/* Address 0 means no buffer; the capability is not looked at then. */
static enum status check_buffer(struct invocation *inv, unsigned cap, word address,
                                struct install *out)
{
    *out = (struct install){.where = TCB_BUFFER, .address = address};
    if (address == 0)
        return STATUS_OK;
    out->src = inv->extra[cap];
    seL4_Error error = cap_derive(out->src, out->src->cap, &out->cap);
    if (error == seL4_NoError)
        error = arch_check_ipc_buffer(out->cap, address);
    return error == seL4_NoError ? STATUS_OK : inv_fail(inv, error);
}

static enum status configure(struct invocation *inv)
{
    struct install spaces[3];

    enum status status = check_buffer(inv, 2, inv_arg(inv, 2), &spaces[2]);
    if (status == STATUS_OK)
        status = check_cspace(inv, 0, inv_arg(inv, 0), &spaces[0]);
    if (status == STATUS_OK)
        status = check_vspace(inv, 1, &spaces[1]);
    return status == STATUS_OK ? install_all(inv, spaces, 3) : status;
}

static enum status set_space(struct invocation *inv)
{
    struct install spaces[3];

    enum status status = check_cspace(inv, 1, inv_arg(inv, 0), &spaces[1]);
    if (status == STATUS_OK)
        status = check_vspace(inv, 2, &spaces[2]);
    if (status == STATUS_OK)
        status = check_handler(inv, 0, TCB_FAULT, &spaces[0]);
    return status == STATUS_OK ? install_all(inv, spaces, 3) : status;
}

static enum status set_ipc_buffer(struct invocation *inv)
{
    struct install buffer;

    enum status status = check_buffer(inv, 0, inv_arg(inv, 0), &buffer);
    return status == STATUS_OK ? install(inv, &buffer) : status;
}

static enum status set_timeout_endpoint(struct invocation *inv)
{
    struct install handler;

    enum status status = check_handler(inv, 0, TCB_TIMEOUT, &handler);
    return status == STATUS_OK ? install(inv, &handler) : status;
}

/* --- scheduling --- */

/* The second capability of SetSchedParams: a scheduling context to bind, or null to unbind. */
static enum status check_sched_context(struct invocation *inv, struct sched_context **out)
{
    struct tcb *t = target(inv);
    struct cap cap = inv->extra[1]->cap;

    *out = NULL;
    if (cap.head == 0)
        return t == inv->caller ? inv_fail(inv, seL4_IllegalOperation) : STATUS_OK;
    if (!cap_is(cap, CAP_SCHED_CONTEXT))
        return inv_fail1(inv, seL4_InvalidCapability, 2);
    *out = cap_object(cap);
    return sc_may_bind(*out, t) ? STATUS_OK : inv_fail(inv, seL4_IllegalOperation);
}

static enum status set_sched_params(struct invocation *inv)
{
    struct tcb *t = target(inv);
    struct sched_context *sc = NULL;
    struct install handler = {0};

    enum status status = check_priority(inv, inv_arg(inv, 0));
    if (status == STATUS_OK)
        status = check_priority(inv, inv_arg(inv, 1));
    if (status == STATUS_OK)
        status = check_sched_context(inv, &sc);
    if (status == STATUS_OK)
        status = check_handler(inv, 2, TCB_FAULT, &handler);
    if (status == STATUS_OK)
        status = install(inv, &handler);
    if (status != STATUS_OK)
        return status;

    t->mcp = (uint8_t)inv_arg(inv, 0);
    sched_set_priority(t, (unsigned)inv_arg(inv, 1));
    if (sc)
        sc_bind_tcb(sc, t);
    else if (t->sc)
        sc_unbind_tcb(t->sc);
    return STATUS_OK;
}

/* --- notifications --- */

static enum status bind_notification(struct invocation *inv)
{
    struct tcb *t = target(inv);

    struct cap cap = inv->extra[0]->cap;
    if (t->bound_notification || !cap_is(cap, CAP_NOTIFICATION) ||
        !(cap_rights(cap) & SEL4_RIGHT_READ))
        return inv_fail(inv, seL4_IllegalOperation);
    struct notification *ntfn = cap_object(cap);
    if (ntfn->bound_tcb || ntfn->queue.head)
        return inv_fail(inv, seL4_IllegalOperation);
    ntfn->bound_tcb = t;
    t->bound_notification = ntfn;
    return STATUS_OK;
}

static enum status unbind_notification(struct invocation *inv)
{
    struct tcb *t = target(inv);

    if (!t->bound_notification)
        return inv_fail(inv, seL4_IllegalOperation);
    notification_unbind(t->bound_notification);
    return STATUS_OK;
}

static enum status suspend(struct invocation *inv)
{
    tcb_suspend(target(inv));
    return STATUS_OK;
}

static enum status resume(struct invocation *inv)
{
    tcb_restart(target(inv));
    return STATUS_OK;
}

/* By label: the method, and how many message words and capabilities it takes at least. */
static const struct {
    enum status (*run)(struct invocation *inv);
    uint8_t words;
    uint8_t caps;
} methods[] = {
    [TCBReadRegisters] = {read_registers, 2, 0},
    [TCBWriteRegisters] = {write_registers, 2, 0},
    [TCBCopyRegisters] = {copy_registers, 1, 1},
    [TCBConfigure] = {configure, 3, 3},
    [TCBSetPriority] = {set_priority, 1, 1},
    [TCBSetMCPriority] = {set_priority, 1, 1},
    [TCBSetSchedParams] = {set_sched_params, 2, 3},
    [TCBSetTimeoutEndpoint] = {set_timeout_endpoint, 0, 1},
    [TCBSetIPCBuffer] = {set_ipc_buffer, 1, 1},
    [TCBSetSpace] = {set_space, 2, 3},
    [TCBSuspend] = {suspend, 0, 0},
    [TCBResume] = {resume, 0, 0},
    [TCBBindNotification] = {bind_notification, 0, 1},
    [TCBUnbindNotification] = {unbind_notification, 0, 0},
    [TCBSetTLSBase] = {set_tls_base, 1, 0},
    [TCBSetFlags] = {set_flags, 2, 0},
};

enum status tcb_decode(struct invocation *inv)
{
    thread_stall(target(inv));
    if (inv->label >= array_len(methods) || !methods[inv->label].run)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < methods[inv->label].words || inv->caps < methods[inv->label].caps)
        return inv_fail(inv, seL4_TruncatedMessage);
    return methods[inv->label].run(inv);
}
