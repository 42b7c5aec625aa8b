/* SPDX-License-Identifier: BSD-2-Clause */
/* The UART's registers (Arm DDI 0183). */
#include "runtime/gic.h"

const char guest_name[] = "pl011";

#define FR    0x18u
#define IBRD  0x24u
#define FBRD  0x28u
#define LCRH  0x2cu
#define CR    0x30u
#define IFLS  0x34u
#define IMSC  0x38u
#define RIS   0x3cu
#define MIS   0x40u
#define ICR   0x44u
#define DMACR 0x48u

#define FR_RXFE 0x10u
#define FR_TXFF 0x20u
#define FR_TXFE 0x80u
#define INT_TX  0x20u

static uint64_t uart;

static uint32_t get(unsigned at)
{
    return load32(uart + at);
}

static void put(unsigned at, uint32_t value)
{
    store32(uart + at, value);
}

static void identification(void)
{
    static const uint8_t id[8] = {0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    bool words = true, bytes = true, fixed = true;

    for (unsigned n = 0; n < 8; n++) {
        unsigned at = 0xfe0 + 4 * n;
        words &= (get(at) & ~0xf0u * (n == 2)) == (id[n] & ~0xf0u * (n == 2));
        bytes &= load8(uart + at) == (get(at) & 0xff);
        uint32_t before = get(at);
        put(at, ~before);
        fixed &= get(at) == before;
    }
    check("identification", words);
    check("identification by bytes", bytes);
    check("identification is read-only", fixed);
}

static void keeps(const char *name, unsigned at, uint32_t value)
{
    uint32_t before = get(at);
    put(at, value);
    check_equal(name, get(at), value);
    put(at, before);
}

static void settings(void)
{
    keeps("the baud rate divisor", IBRD, 0x1234);
    keeps("its fraction", FBRD, 0x2a);
    keeps("line control", LCRH, 0x70);
    keeps("control", CR, 0x301);
    keeps("interrupt levels", IFLS, 0x09);
    keeps("interrupt mask", IMSC, 0x50);
    put(FR, 0);
    check_equal("flags are read-only", get(FR) & FR_TXFF, 0);
}

static void flags(void)
{
    check("nothing received: the receive FIFO is empty", get(FR) & FR_RXFE);
    uint64_t end = now() + ticks_of_us(1000000);
    while (!(get(FR) & FR_TXFE) && now() < end)
        ;
    check("the transmit FIFO drains", get(FR) & FR_TXFE);
    check_equal("  ... and is not full", get(FR) & FR_TXFF, 0);
}

static void interrupts(void)
{
    put(CR, 0x301);
    put(IMSC, 0);
    print(".\n");
    check_equal("masked interrupts with nothing enabled", get(MIS), 0);
    put(IMSC, INT_TX);
    check_equal("the transmit interrupt shows raw", get(RIS) & INT_TX, INT_TX);
    check_equal("  ... and enabled", get(MIS) & INT_TX, INT_TX);
    put(IMSC, 0);
    check_equal("  ... and not when disabled", get(MIS), 0);
    put(ICR, INT_TX);
    check_equal("  ... and not when cleared", get(RIS) & INT_TX, 0);
    put(RIS, ~0u);
    put(MIS, ~0u);
    check_equal("status is read-only", get(MIS), 0);
}

static void nothing_there(void)
{
    trap_expect();
    put(0x08, 1);
    put(0x4c, 1);
    put(0x800, 1);
    uint32_t value = get(0x0c) | get(0x4c) | get(0x800);
    check_equal("reserved registers do not abort", trap_end(), 0);
    check_equal("  ... and read as zero", value, 0);
}

void guest_main(void)
{
    uint64_t size = 0;

    if (!check("there is a PL011", dt_reg("arm,pl011", 0, &uart, &size)))
        return;
    check_equal("at 0x09000000", uart, PL011_BASE);
    check_equal("of one page", size, 0x1000);
    check_equal("its INTID", dt_intid("arm,pl011", 0), 33);
    identification();
    settings();
    flags();
    interrupts();
    nothing_there();
}
