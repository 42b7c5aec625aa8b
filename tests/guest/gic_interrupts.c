/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts as a core sees them: all SGIs, order, masks, levels and edges, more than fit at once.
 */
#include "runtime/gic.h"

const char guest_name[] = "gic-interrupts";

#define UART_IMSC (PL011_BASE + 0x38)
#define UART_ICR  (PL011_BASE + 0x44)
#define UART_CR   (PL011_BASE + 0x30)
#define UART_TX   (1u << 5)
#define FIRST_SPI 36u
#define SPIS      12u

static struct {
    volatile unsigned count;
    volatile unsigned order[64];
    void (*volatile inside)(unsigned intid); /* called while the interrupt is active */
} seen;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    if (seen.count < 64)
        seen.order[seen.count] = intid;
    seen.count = seen.count + 1;
    if (seen.inside)
        seen.inside(intid);
    gic_end(intid);
}

static void reset(void)
{
    seen.count = 0;
    seen.inside = NULL;
}

/* Long enough for anything that is going to arrive. */
static unsigned settle(void)
{
    delay_us(2000);
    return seen.count;
}

static void sgis(void)
{
    bool all = true;

    print("software interrupts\n");
    for (unsigned sgi = 0; sgi < 16; sgi++) {
        reset();
        gic_enable(sgi);
        gic_send_sgi_to_self(sgi);
        all &= wait_count(&seen.count, 1) && seen.order[0] == sgi;
    }
    check("  each of the 16 arrives as itself", all);
    check_equal("  and once", settle(), 1);

    reset();
    irq_mask();
    for (unsigned sgi = 0; sgi < 16; sgi++)
        gic_send_sgi_to_self(sgi);
    irq_unmask();
    check_equal("  all 16 at once", settle(), 16);
}

static void pend(unsigned count, const uint8_t *priority)
{
    reset();
    irq_mask();
    for (unsigned n = 0; n < count; n++) {
        gic_edge(FIRST_SPI + n, true);
        gic_priority(FIRST_SPI + n, priority[n]);
        gic_enable(FIRST_SPI + n);
        gic_set(GICD_ISPENDR, FIRST_SPI + n);
    }
    irq_unmask();
}

static void order(void)
{
    static const uint8_t priority[SPIS] = {0x90, 0x30, 0xc0, 0x50, 0x70, 0x20,
                                           0xb0, 0x40, 0x80, 0x60, 0xa0, 0xd0};
    static const unsigned wanted[4] = {1, 3, 0, 2};
    static const unsigned wanted_of_all[SPIS] = {5, 1, 7, 3, 9, 4, 8, 0, 10, 6, 2, 11};

    print("four peripheral interrupts pending\n");
    pend(4, priority);
    check_equal("  each arrives once", settle(), 4);
    bool sorted = true;
    for (unsigned n = 0; n < 4; n++)
        sorted &= seen.order[n] == FIRST_SPI + wanted[n];
    check("  by priority", sorted);

    /* More than a virtual interface holds, made pending one by one in no order. */
    print("twelve peripheral interrupts pending\n");
    pend(SPIS, priority);
    check_equal("  each arrives once", settle(), SPIS);
    uint64_t all = 0;
    for (unsigned n = 0; n < SPIS; n++)
        all |= 1ul << (seen.order[n] - FIRST_SPI);
    check_equal("  and all of them", all, (1ul << SPIS) - 1);
    sorted = true;
    for (unsigned n = 0; n < SPIS; n++)
        sorted &= seen.order[n] == FIRST_SPI + wanted_of_all[n];
    check("  by priority", sorted);
    check_equal("  none is pending after it",
                load32(gic.dist + GICD_ISPENDR + 4) >> (FIRST_SPI - 32) & 0xfff, 0);
    for (unsigned n = 0; n < SPIS; n++)
        gic_priority(FIRST_SPI + n, PRIORITY_DEFAULT);
}

/*
 * Version 2 only: on version 3 the kernel's injection call takes priorities 0..31 and writes them
 * unshifted into a field of 8 bits, so that a virtual priority between the ends cannot be had.
 */
static void middle_mask(void)
{
    reset();
    gic_mask(0x60);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  the priority mask holds back a lower one", settle(), 0);
    gic_priority(FIRST_SPI + 1, 0x40);
    gic_set(GICD_ISPENDR, FIRST_SPI + 1);
    check("  ... and lets a higher one through", wait_count(&seen.count, 1));
    gic_mask(0xf0);
    check("  ... until it is lowered", wait_count(&seen.count, 2) && settle() == 2);
    gic_priority(FIRST_SPI + 1, PRIORITY_DEFAULT);
}

static void masks(void)
{
    print("masks\n");
    reset();
    gic_mask(0);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  the priority mask at 0 holds back everything", settle(), 0);
    check("  ... it stays pending", gic_get(GICD_ISPENDR, FIRST_SPI));
    gic_mask(0xf0);
    check("  ... until it is lowered", wait_count(&seen.count, 1) && settle() == 1);
    if (gic.version == 2)
        middle_mask();

    reset();
    gic_disable(FIRST_SPI);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  a disabled interrupt does not arrive", settle(), 0);
    gic_enable(FIRST_SPI);
    check("  ... and does when enabled", wait_count(&seen.count, 1) && settle() == 1);

    reset();
    gic_disable(FIRST_SPI);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    gic_set(GICD_ICPENDR, FIRST_SPI);
    gic_enable(FIRST_SPI);
    check_equal("  one that was taken back does not", settle(), 0);

    reset();
    gic_distributor(false);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  nothing arrives with the distributor off", settle(), 0);
    gic_distributor(true);
    check("  ... and does when it is on again", wait_count(&seen.count, 1) && settle() == 1);

    reset();
    irq_mask();
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  nothing arrives with PSTATE.I set", settle(), 0);
    irq_unmask();
    check("  ... and does when it is clear again", wait_count(&seen.count, 1) && settle() == 1);
    irq_mask();
    check_equal("  nothing pending is the spurious INTID", gic_acknowledge(), SPURIOUS);
    irq_unmask();
}

static void pend_again(unsigned intid)
{
    if (seen.count == 1)
        gic_set(GICD_ISPENDR, intid);
}

static volatile unsigned count_inside;

static void send_higher(unsigned intid)
{
    if (intid != FIRST_SPI)
        return;
    uint64_t elr = read_sysreg(elr_el1), spsr = read_sysreg(spsr_el1);
    gic_set(GICD_ISPENDR, FIRST_SPI + 1);
    irq_unmask();
    delay_us(2000);
    irq_mask();
    write_sysreg(elr_el1, elr);
    write_sysreg(spsr_el1, spsr);
    count_inside = seen.count;
}

static void while_active(void)
{
    print("while an interrupt is active\n");
    reset();
    seen.inside = pend_again;
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check("  made pending again it arrives again", wait_count(&seen.count, 2));
    check_equal("  ... once", settle(), 2);

    reset();
    seen.inside = send_higher;
    gic_priority(FIRST_SPI, 0xc0);
    gic_priority(FIRST_SPI + 1, 0x40);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    wait_count(&seen.count, 2);
    check_equal("  a higher one preempts it", count_inside, 2);
    check_equal("  ... each once", settle(), 2);

    reset();
    seen.inside = send_higher;
    gic_priority(FIRST_SPI, 0x40);
    gic_priority(FIRST_SPI + 1, 0xc0);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    wait_count(&seen.count, 2);
    check_equal("  a lower one does not", count_inside, 1);
    check_equal("  ... and comes after it", settle(), 2);
    gic_priority(FIRST_SPI, PRIORITY_DEFAULT);
    gic_priority(FIRST_SPI + 1, PRIORITY_DEFAULT);
}

static void split_end(void)
{
    print("priority drop and deactivation apart\n");
    reset();
    gic_split_end(true);
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check("  it arrives", wait_count(&seen.count, 1));
    gic_set(GICD_ISPENDR, FIRST_SPI);
    check_equal("  active still, it does not arrive again", settle(), 1);
    gic_set(GICD_ISPENDR, FIRST_SPI + 1);
    check("  another of its priority does", wait_count(&seen.count, 2));
    gic_deactivate(FIRST_SPI + 1);
    gic_deactivate(FIRST_SPI);
    check("  deactivated, it arrives again", wait_count(&seen.count, 3));
    gic_deactivate(FIRST_SPI);
    gic_split_end(false);
    check_equal("  ... once", settle(), 3);
}

static void stop_after_three(unsigned intid)
{
    if (seen.count == 3)
        store32(UART_IMSC, 0);
}

static void level_and_edge(unsigned intid)
{
    print("the UART's line\n");
    store32(UART_CR, 0x301);
    print("  (its transmit interrupt: level)\n");
    reset();
    seen.inside = stop_after_three;
    gic_edge(intid, false);
    gic_enable(intid);
    store32(UART_IMSC, UART_TX);
    check("  a line that stays up fires again", wait_count(&seen.count, 3));
    check_equal("  ... until it goes down", settle(), 3);
    check("  ... and is the UART's", seen.order[0] == intid && seen.order[2] == intid);

    gic_disable(intid);
    store32(UART_IMSC, UART_TX);
    check("  up: pending", gic_get(GICD_ISPENDR, intid));
    gic_set(GICD_ICPENDR, intid);
    check("  up: cannot be cleared", gic_get(GICD_ISPENDR, intid));
    store32(UART_IMSC, 0);
    check("  down: not pending", !gic_get(GICD_ISPENDR, intid));

    reset();
    gic_edge(intid, true);
    gic_set(GICD_ICPENDR, intid);
    gic_enable(intid);
    store32(UART_IMSC, UART_TX);
    check("  as an edge it fires", wait_count(&seen.count, 1));
    check_equal("  ... once", settle(), 1);
    store32(UART_IMSC, 0);
    store32(UART_IMSC, UART_TX);
    check("  ... and once more when it rises again", wait_count(&seen.count, 2) && settle() == 2);
    store32(UART_IMSC, 0);
    gic_edge(intid, false);
    gic_disable(intid);
}

static void flood(void)
{
    print("one thousand in a row\n");
    reset();
    bool all = true;
    for (unsigned n = 0; n < 1000 && all; n++) {
        gic_send_sgi_to_self(n % 16);
        all &= wait_count(&seen.count, n + 1);
    }
    check("  none is lost", all);
    check_equal("  none is doubled", settle(), 1000);
}

void guest_main(void)
{
    uint32_t uart = dt_intid("arm,pl011", 0);

    if (!check("there is a GIC", gic_init()))
        return;
    irq_handler = handler;
    irq_unmask();
    sgis();
    order();
    masks();
    while_active();
    split_end();
    check_equal("the UART's INTID", uart, 33);
    level_and_edge(uart);
    flood();
}
