/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VMM that has been taken over, for tests of what the others make of it. What it does is in the
 * VM's bootargs; without them it is the ordinary VMM.
 */
#include <bulkhead/crt.h>
#include <bulkhead/ring.h>
#include <bulkhead/time.h>
#include <stdbool.h>
#include <string.h>

/* The ordinary one, vmm/main.c. */
void vmm_main(const struct bh_start *start, unsigned index);

#define NO_LABEL 0x999u
#define LATE_MS  300u

static _Noreturn void spin(void)
{
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

static void wait_ms(uint64_t ms)
{
    uint64_t end = bh_ticks() + bh_tick_hz() / 1000 * ms;

    while (bh_ticks() < end) {
    }
}

/* A message that has to end it, and a word for whoever comes after it. */
static void die_and_say_ready(void)
{
    wait_ms(LATE_MS);
    seL4_Send(BH_VMM_SLOT_MANAGER_EP, seL4_MessageInfo_new(NO_LABEL, 0, 0, 0));
    seL4_Signal(BH_VMM_SLOT_VCPU_BASE + BH_VCPU_READY);
    spin();
}

/* What would only stop itself, and the message to the manager that ends it. */
static bool left_out(seL4_CPtr slot, seL4_Word label)
{
    return slot == BH_VMM_SLOT_MANAGER_EP || slot == BH_VMM_SLOT_VCPU_BASE + BH_VCPU_READY ||
           (slot == BH_VMM_SLOT_VCPU_BASE + BH_VCPU_THREAD_TCB && label == TCBSuspend);
}

/* All that it can name, with labels and lengths that nobody expects. */
static void call_everything(void)
{
    for (seL4_CPtr slot = 0; slot < (1u << BH_CNODE_BITS); slot++) {
        for (seL4_Word label = 0; label < 80; label++) {
            if (left_out(slot, label)) {
                continue;
            }
            for (unsigned i = 0; i < 4; i++) {
                seL4_SetMR((int)i, slot * label);
            }
            for (unsigned i = 0; i < label % 4; i++) {
                seL4_SetCap((int)i, BH_VMM_SLOT_VCPU_BASE + (slot + label / 4 + i) % 16);
            }
            seL4_NBSend(slot, seL4_MessageInfo_new(label, 0, label % 4, label));
        }
    }
    seL4_Call(BH_VMM_SLOT_MANAGER_EP, seL4_MessageInfo_new(NO_LABEL, 0, 3, 120));
    spin();
}

/* The console's pipe is full, whenever it looks. */
static void fill_pipe(const struct bh_start *start)
{
    volatile struct bh_pipe_pair *pair = (void *)start->vmm.console.vaddr;

    seL4_Signal(BH_VMM_SLOT_CONSOLE_NTFN);
    for (;;) {
        pair->to_server.produced = pair->to_server.consumed + BH_PIPE_CAPACITY;
    }
}

void bh_main(const struct bh_start *start, unsigned index)
{
    const char *what = start->vmm.bootargs;

    if (!strcmp(what, "silent")) {
        spin();
    } else if (!strcmp(what, "label")) {
        seL4_Call(BH_VMM_SLOT_MANAGER_EP, seL4_MessageInfo_new(NO_LABEL, 0, 0, 0));
    } else if (!strcmp(what, "fault")) {
        *(volatile int *)8 = 0;
    } else if (!strcmp(what, "ready")) {
        die_and_say_ready();
    } else if (!strcmp(what, "late")) {
        wait_ms(LATE_MS); /* and then as usual */
    } else if (!strcmp(what, "pipe")) {
        fill_pipe(start);
    } else if (!strcmp(what, "everything")) {
        call_everything();
    }
    vmm_main(start, index);
}
