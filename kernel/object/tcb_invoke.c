/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of TCBs. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

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

    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
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

    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
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

    if (inv->length < 1 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
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
    if (inv->length < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    arch_set_context(target(inv), ARCH_TLS_REG, inv_arg(inv, 0));
    return STATUS_OK;
}

static enum status set_flags(struct invocation *inv)
{
    struct tcb *t = target(inv);

    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
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
    if (inv->length < 1 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
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
};

/*
 * The old capability goes first, which may take several attempts, and may take the new one or the
 * TCB with it.
 */
static enum status install(struct invocation *inv, struct install what)
{
    struct tcb *t = target(inv);
    struct slot *slot = &t->slot[what.where];

    enum status status = slot_delete(slot);
    if (status != STATUS_OK)
        return status;
    bool alive = cap_is(inv->slot->cap, CAP_THREAD) && cap_object(inv->slot->cap) == t;
    if (alive && what.src && what.cap.head != 0 && cap_same_object(what.cap, what.src->cap))
        tree_insert(what.src, slot, what.cap);
    if (what.where == TCB_VSPACE && t == inv->cpu->current)
        arch_switch_to(inv->cpu, t);
    return STATUS_OK;
}

static enum status check_handler(struct invocation *inv, unsigned cap, enum tcb_slot where,
                                 struct install *out)
{
    struct cap handler = inv->extra[cap]->cap;

    *out = (struct install){where, inv->extra[cap], handler};
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
    *out = (struct install){TCB_CSPACE, src, root};
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
    *out = (struct install){TCB_VSPACE, src, root};
    return STATUS_OK;
}

/* Address 0 means no buffer; the capability is not looked at then. */
static enum status check_buffer(struct invocation *inv, unsigned cap, word address,
                                struct install *out)
{
    *out = (struct install){.where = TCB_BUFFER};
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
    struct install buffer, cspace, vspace;
    enum status status;

    if (inv->length < 3 || inv->caps < 3)
        return inv_fail(inv, seL4_TruncatedMessage);
    status = check_buffer(inv, 2, inv_arg(inv, 2), &buffer);
    if (status == STATUS_OK)
        status = check_cspace(inv, 0, inv_arg(inv, 0), &cspace);
    if (status == STATUS_OK)
        status = check_vspace(inv, 1, &vspace);

    if (status == STATUS_OK)
        status = install(inv, cspace);
    if (status == STATUS_OK)
        status = install(inv, vspace);
    if (status == STATUS_OK)
        status = install(inv, buffer);
    if (status == STATUS_OK)
        target(inv)->ipc_buffer = inv_arg(inv, 2);
    return status;
}

static enum status set_space(struct invocation *inv)
{
    struct install handler, cspace, vspace;
    enum status status;

    if (inv->length < 2 || inv->caps < 3)
        return inv_fail(inv, seL4_TruncatedMessage);
    status = check_cspace(inv, 1, inv_arg(inv, 0), &cspace);
    if (status == STATUS_OK)
        status = check_vspace(inv, 2, &vspace);
    if (status == STATUS_OK)
        status = check_handler(inv, 0, TCB_FAULT, &handler);

    if (status == STATUS_OK)
        status = install(inv, handler);
    if (status == STATUS_OK)
        status = install(inv, cspace);
    if (status == STATUS_OK)
        status = install(inv, vspace);
    return status;
}

static enum status set_ipc_buffer(struct invocation *inv)
{
    struct install buffer;

    if (inv->length < 1 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    enum status status = check_buffer(inv, 0, inv_arg(inv, 0), &buffer);
    if (status == STATUS_OK)
        status = install(inv, buffer);
    if (status == STATUS_OK)
        target(inv)->ipc_buffer = inv_arg(inv, 0);
    return status;
}

static enum status set_timeout_endpoint(struct invocation *inv)
{
    struct install handler;

    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    enum status status = check_handler(inv, 0, TCB_TIMEOUT, &handler);
    return status == STATUS_OK ? install(inv, handler) : status;
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

    if (inv->length < 2 || inv->caps < 3)
        return inv_fail(inv, seL4_TruncatedMessage);
    enum status status = check_priority(inv, inv_arg(inv, 0));
    if (status == STATUS_OK)
        status = check_priority(inv, inv_arg(inv, 1));
    if (status == STATUS_OK)
        status = check_sched_context(inv, &sc);
    if (status == STATUS_OK)
        status = check_handler(inv, 2, TCB_FAULT, &handler);
    if (status == STATUS_OK)
        status = install(inv, handler);
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

    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct cap cap = inv->extra[0]->cap;
    if (t->bound_notification || !cap_is(cap, CAP_NOTIFICATION) ||
        !(cap_rights(cap) & SEL4_RIGHT_READ))
        return inv_fail(inv, seL4_IllegalOperation);
    struct notification *ntfn = cap_object(cap);
    if (ntfn->bound_tcb || ntfn->queue.head)
        return inv_fail(inv, seL4_IllegalOperation);
    notification_bind(ntfn, t);
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

enum status tcb_decode(struct invocation *inv)
{
    thread_stall(target(inv));

    switch (inv->label) {
    case TCBReadRegisters:
        return read_registers(inv);
    case TCBWriteRegisters:
        return write_registers(inv);
    case TCBCopyRegisters:
        return copy_registers(inv);
    case TCBConfigure:
        return configure(inv);
    case TCBSetPriority:
    case TCBSetMCPriority:
        return set_priority(inv);
    case TCBSetSchedParams:
        return set_sched_params(inv);
    case TCBSetTimeoutEndpoint:
        return set_timeout_endpoint(inv);
    case TCBSetIPCBuffer:
        return set_ipc_buffer(inv);
    case TCBSetSpace:
        return set_space(inv);
    case TCBSuspend:
        tcb_suspend(target(inv));
        return STATUS_OK;
    case TCBResume:
        tcb_restart(target(inv));
        return STATUS_OK;
    case TCBBindNotification:
        return bind_notification(inv);
    case TCBUnbindNotification:
        return unbind_notification(inv);
    case TCBSetTLSBase:
        return set_tls_base(inv);
    case TCBSetFlags:
        return set_flags(inv);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
