/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "log.h"
#include "servers.h"
#include "servers_private.h"
#include "uart.h"
#include "window.h"

uint64_t fake_ticks;
struct fake fake;

static void show(const char *text, size_t size)
{
    assert_true(fake.length + size < sizeof(fake.text));
    memcpy(fake.text + fake.length, text, size);
    fake.length += size;
    fake.text[fake.length] = '\0';
}

static bool step(void)
{
    return ++fake.steps != fake.failing;
}

struct bh_pipe_pair *fake_pair(unsigned client)
{
    return (struct bh_pipe_pair *)fake.page[2 + client];
}

void fake_serve(size_t most)
{
    struct bh_pipe_reader reader;
    char bytes[BH_PIPE_CAPACITY];
    bool wake = false;

    bh_pipe_reader_attach(&reader, &fake_pair(0)->to_server);
    show(bytes, bh_pipe_read(&reader, bytes, most < sizeof(bytes) ? most : sizeof(bytes), &wake));
}

void uart_write(volatile void *registers, const char *text, size_t size)
{
    show(text, registers ? size : 0);
}

void seL4_Signal(seL4_CPtr notification)
{
    bool wake = false;

    while (fake.typist && bh_pipe_writer_arm(fake.typist)) {
        bh_pipe_write(fake.typist, "x", 1, &wake);
        assert_true(++fake.typed < 100 * BH_PIPE_CAPACITY); /* else it goes on for ever */
    }
}

void seL4_Yield(void)
{
    fake_ticks += 1000;
    if (fake.runs && !fake.suspended && fake.priority < 220 && fake.budget > 0) {
        fake_serve(fake.budget);
        fake.budget = fake.spent ? 0 : BH_PIPE_CAPACITY;
    }
}

seL4_Error seL4_TCB_SetPriority(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word priority)
{
    fake.priority = priority;
    return seL4_NoError;
}

seL4_Error seL4_TCB_Resume(seL4_CPtr tcb)
{
    fake.suspended = false;
    return seL4_NoError;
}

/* Of a thread that runs, what it has used up stays used up. */
bool servers_set_time(seL4_CPtr control, seL4_CPtr sc, uint64_t budget, uint64_t period)
{
    if (fake.suspended) {
        fake.budget = fake.spent ? 8 : BH_PIPE_CAPACITY;
    }
    return true;
}

seL4_Error seL4_TCB_Suspend(seL4_CPtr tcb)
{
    fake.suspended = true;
    return seL4_NoError;
}

static seL4_Error answer(void)
{
    return step() ? seL4_NoError : seL4_NotEnoughMemory;
}

seL4_Error seL4_TCB_BindNotification(seL4_CPtr tcb, seL4_CPtr notification)
{
    return answer();
}

seL4_Error seL4_IRQControl_GetTrigger(seL4_CPtr control, seL4_Word irq, seL4_Word trigger,
                                      seL4_CPtr root, seL4_Word index, seL4_Uint8 depth)
{
    return answer();
}

seL4_Error seL4_IRQHandler_SetNotification(seL4_CPtr handler, seL4_CPtr notification)
{
    return answer();
}

seL4_Error seL4_TCB_Configure(seL4_CPtr tcb, seL4_CPtr cspace, seL4_Word guard, seL4_CPtr vspace,
                              seL4_Word data, seL4_Word buffer, seL4_CPtr frame)
{
    return answer();
}

seL4_Error seL4_TCB_SetSchedParams(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word mcp,
                                   seL4_Word priority, seL4_CPtr sc, seL4_CPtr fault_ep)
{
    return answer();
}

seL4_MessageInfo_t seL4_Recv(seL4_CPtr source, seL4_Word *badge, seL4_CPtr reply)
{
    assert_true(fake.heard < fake.signals); /* else it waits for ever */
    *badge = fake.signal[fake.heard++];
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

seL4_MessageInfo_t seL4_NBWait(seL4_CPtr notification, seL4_Word *badge)
{
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

void seL4_Send(seL4_CPtr to, seL4_MessageInfo_t message)
{
}

seL4_Word seL4_GetMR(int n)
{
    return 0;
}

void seL4_SetMR(int n, seL4_Word word)
{
}

struct realm *memory_own(void)
{
    return &fake.own;
}

seL4_CPtr memory_device_frame(uint64_t paddr)
{
    return 1;
}

void *memory_keep(seL4_CPtr frame, seL4_Word attributes)
{
    assert_true(fake.pages < FAKE_PAGES);
    return fake.page[fake.pages++];
}

seL4_CPtr realm_simple(struct realm *realm, seL4_Word type)
{
    return step() ? 2 : 0;
}

bool realm_create(struct realm *realm, unsigned bits)
{
    bool done = step();

    fake.realms += done;
    realm->node.number = done;
    return done;
}

void realm_destroy(struct realm *realm)
{
    fake.realms -= realm->node.number;
    realm->node.number = 0;
}

void realm_drop_vspace(struct realm *realm, seL4_CPtr vspace)
{
    assert_true(vspace == 0 || realm->node.number != 0);
}

seL4_Word cspace_take(struct cspace_node *node, seL4_Word count)
{
    return 1;
}

seL4_CPtr cspace_pointer(const struct cspace_node *node, seL4_Word slot)
{
    return slot;
}

seL4_CPtr cspace_copy(struct cspace_node *node, seL4_CPtr source, seL4_CapRights_t rights,
                      seL4_Word badge)
{
    return step() ? 3 : 0;
}

bool domain_create(struct domain *domain, struct realm *realm, enum bh_program program,
                   const char *name, unsigned cnode_bits)
{
    *domain = (struct domain){.realm = realm, .vspace = 4};
    return step();
}

bool domain_thread(struct domain *domain, const struct domain_thread *thread)
{
    domain->threads = step();
    return domain->threads == 1;
}

bool domain_give(struct domain *domain, unsigned slot, seL4_CPtr source, seL4_CapRights_t rights,
                 seL4_Word badge)
{
    return step();
}

bool domain_share(struct domain *domain, seL4_CPtr frame, uint64_t vaddr, seL4_CapRights_t rights,
                  seL4_Word attributes)
{
    return step();
}

bool domain_seal(struct domain *domain)
{
    return step();
}

bool domain_run(struct domain *domain, unsigned n)
{
    fake.suspended = false;
    return step();
}

void servers_fill_start(struct bh_start *start, const struct board *facts, const char *name)
{
}

seL4_CPtr servers_sc(struct realm *realm, seL4_CPtr control, uint64_t budget, uint64_t period)
{
    return step() ? 5 : 0;
}

seL4_CPtr servers_fault_endpoint(struct realm *realm, unsigned who, unsigned thread)
{
    return step() ? 6 : 0;
}

void window_close_all(void)
{
}

void fault_report(const char *who, seL4_CPtr tcb, const struct event *event)
{
    log_line("%s: fault", who);
}
