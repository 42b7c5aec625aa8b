/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls, messages between native threads, invocations on other threads. */
#include "cost.h"

#include <bulkhead/time.h>

#define MEASURE(span, statement)                                                                   \
    do {                                                                                           \
        (span).start = bh_ticks();                                                                 \
        for (unsigned loop_ = 0; loop_ < COST_LOOPS; loop_++) {                                    \
            statement;                                                                             \
        }                                                                                          \
        (span).end = bh_ticks();                                                                   \
    } while (0)

static struct cost_span span;

static seL4_MessageInfo_t info(seL4_Word label, seL4_Word length)
{
    return seL4_MessageInfo_new(label, 0, 0, length);
}

/* --- a client that measures --- */

static void run_client(void (*entry)(void *), const char *name)
{
    struct root_thread client = {.tcb = cost.client,
                                 .sc = cost.client_sc,
                                 .priority = COST_PRIORITY,
                                 .entry = entry,
                                 .stack = &cost_client_stack};

    root_thread(&client, true);
    cost_wait();
    cost_print(name, &span);
}

static _Noreturn void finish(void)
{
    seL4_Signal(cost.done);
    for (;;) {
    }
}

static void poll(void *arg)
{
    MEASURE(span, seL4_Poll(cost.notification, NULL));
    finish();
}

static void signal_nobody(void *arg)
{
    MEASURE(span, seL4_Signal(cost.notification));
    seL4_Poll(cost.notification, NULL);
    finish();
}

static void read_4(void *arg)
{
    seL4_UserContext regs;

    MEASURE(span, seL4_TCB_ReadRegisters(cost.guest, 0, 0, 4, &regs));
    finish();
}

static void write_1(void *arg)
{
    seL4_UserContext regs = {0};

    MEASURE(span, seL4_TCB_WriteRegisters(cost.guest, 0, 0, 1, &regs));
    finish();
}

/* Without asking whether it worked. */
static void write_1_send(void *arg)
{
    seL4_Word flags = 0, count = 1, pc = 0;

    MEASURE(span,
            seL4_SendWithMRs(cost.guest, info(TCBWriteRegisters, 3), &flags, &count, &pc, NULL));
    finish();
}

static void write_4(void *arg)
{
    seL4_UserContext regs = {0};

    MEASURE(span, seL4_TCB_WriteRegisters(cost.guest, 0, 0, 4, &regs));
    finish();
}

static void inject(void *arg)
{
    MEASURE(span, seL4_ARM_VCPU_InjectIRQ(cost.vcpu, 40, 0, 0, 0));
    finish();
}

static void read_vcpu(void *arg)
{
    MEASURE(span, seL4_ARM_VCPU_ReadRegs(cost.vcpu, seL4_VCPUReg_CNTV_CTL));
    finish();
}

void cost_calls(void)
{
    run_client(poll, "poll");
    run_client(signal_nobody, "signal-nobody");
    run_client(read_4, "read-registers-4");
    run_client(write_1, "write-registers-1");
    run_client(write_1_send, "write-registers-1-send");
    run_client(write_4, "write-registers-4");
    run_client(inject, "inject-irq");
    run_client(read_vcpu, "read-vcpu-register");
}

/* --- messages --- */

static void call(void *arg)
{
    seL4_Word mr0 = 1, mr1 = 2;

    MEASURE(span, seL4_CallWithMRs(cost.endpoint, info(1, 2), &mr0, &mr1, NULL, NULL));
    finish();
}

static void call_long(void *arg)
{
    MEASURE(span, seL4_Call(cost.endpoint, info(1, 20)));
    finish();
}

static void serve(void *arg)
{
    seL4_Word badge;

    seL4_NBSendRecv(cost.done, info(0, 0), cost.endpoint, &badge, cost.reply);
    for (;;) {
        seL4_Word mr0 = 0, mr1 = 0;
        seL4_ReplyRecvWithMRs(cost.endpoint, info(0, 2), &badge, &mr0, &mr1, NULL, NULL,
                              cost.reply);
    }
}

static void serve_long(void *arg)
{
    seL4_Word badge;

    seL4_NBSendRecv(cost.done, info(0, 0), cost.endpoint, &badge, cost.reply);
    for (;;) {
        seL4_ReplyRecv(cost.endpoint, info(0, 20), &badge, cost.reply);
    }
}

static void wait_always(void *arg)
{
    seL4_Word badge;

    seL4_NBSendWait(cost.done, info(0, 0), cost.notification, &badge);
    for (;;) {
        seL4_Wait(cost.notification, &badge);
    }
}

void cost_messages(void)
{
    cost_start_server(serve, NULL, COST_PRIORITY, true);
    run_client(call, "call-reply-same-priority-passive");
    cost_start_server(serve, NULL, COST_PRIORITY + 1, true);
    run_client(call, "call-reply-higher-passive");
    cost_start_server(serve, NULL, COST_PRIORITY + 1, false);
    run_client(call, "call-reply-higher-active");
    cost_start_server(serve_long, NULL, COST_PRIORITY + 1, true);
    run_client(call_long, "call-reply-20-words");
    cost_start_server(wait_always, NULL, COST_PRIORITY + 1, false);
    run_client(signal_nobody, "signal-higher-and-wait");
    cost_start_server(wait_always, NULL, COST_PRIORITY - 1, false);
    run_client(signal_nobody, "signal-lower");
}
