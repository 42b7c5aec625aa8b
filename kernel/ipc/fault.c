/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults as messages to a handler, and its answers. */
#include <string.h>

#include "arch.h"
#include "ipc.h"
#include "sched.h"

void fault_cap(struct tcb *t, word capptr, bool in_receive, const struct lookup_failure *failure)
{
    t->fault.type = seL4_Fault_CapFault;
    t->fault.in_receive = in_receive;
    t->fault.data[0] = capptr;
    t->fault.lookup = *failure;
    fault_handle(t);
}

/* Sends through a handler capability, which is a null or an endpoint capability fit for it. */
static bool send_to(struct tcb *t, struct cap handler, bool donate)
{
    if (!cap_is(handler, CAP_ENDPOINT))
        return false;
    endpoint_send(t, handler, (struct send){.block = true, .call = true, .donate = donate});
    return true;
}

void fault_handle(struct tcb *t)
{
    if (send_to(t, t->slot[TCB_FAULT].cap, t->sc != NULL))
        return;
    t->fault.type = seL4_Fault_NullFault;
    sched_set_state(t, THREAD_INACTIVE);
}

bool fault_timeout(struct tcb *t)
{
    if (!cap_is(t->slot[TCB_TIMEOUT].cap, CAP_ENDPOINT))
        return false;
    t->fault.type = seL4_Fault_Timeout;
    t->fault.data[0] = t->sc ? t->sc->badge : 0;
    return send_to(t, t->slot[TCB_TIMEOUT].cap, false);
}

static __attribute__((noinline)) unsigned cap_fault_message(struct tcb *faulter,
                                                            struct tcb *receiver)
{
    const struct fault *fault = &faulter->fault;
    word words[7] = {arch_restart_pc(faulter), fault->data[0], fault->in_receive};

    memcpy(&words[3], fault->lookup.word, sizeof fault->lookup.word);
    return message_put(receiver, words, 3 + fault->lookup.words);
}

/* The time that the scheduling context has used is told only if the thread still has it. */
static __attribute__((noinline)) unsigned timeout_message(struct tcb *faulter, struct tcb *receiver)
{
    struct sched_context *sc = faulter->sc;
    word words[seL4_Timeout_Length] = {faulter->fault.data[0], sc ? sc_take_consumed(sc) : 0};

    return message_put(receiver, words, sc ? 2 : 1);
}

void fault_message(struct tcb *faulter, struct tcb *receiver, word badge)
{
    unsigned n;

    if (faulter->fault.type == seL4_Fault_CapFault)
        n = cap_fault_message(faulter, receiver);
    else if (faulter->fault.type == seL4_Fault_Timeout)
        n = timeout_message(faulter, receiver);
    else
        n = arch_fault_message(faulter, receiver, arch_ipc_buffer(receiver, true));
    message_head(receiver, badge, info_make(faulter->fault.type, 0, 0, n));
}

static __attribute__((noinline)) bool timeout_reply(struct tcb *faulter, const struct tcb *replier,
                                                    const seL4_IPCBuffer *buffer, word label,
                                                    unsigned length)
{
    for (unsigned i = 0; i < length && i < ARCH_TIMEOUT_REGS; i++)
        arch_set_context(faulter, i, message_word(replier, buffer, i));
    return label == 0;
}

bool fault_reply(struct tcb *faulter, struct tcb *replier)
{
    word info = arch_get_reg(replier, REG_INFO);
    unsigned length = info_length(info);
    const seL4_IPCBuffer *buffer = message_buffer(replier, &length);

    switch (faulter->fault.type) {
    case seL4_Fault_CapFault:
        return true;
    case seL4_Fault_Timeout:
        return timeout_reply(faulter, replier, buffer, info_label(info), length);
    default:
        return arch_fault_reply(faulter, replier, buffer, info_label(info), length);
    }
}
