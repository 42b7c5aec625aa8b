/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Input: first by asking the UART, then by its interrupt. Prints every line it gets, control bytes
 * as ^X; "quit" ends a part. For a harness that types.
 */
#include "runtime/gic.h"

const char guest_name[] = "echo";

#define DR   (PL011_BASE + 0x00)
#define FR   (PL011_BASE + 0x18)
#define LCRH (PL011_BASE + 0x2c)
#define CR   (PL011_BASE + 0x30)
#define IMSC (PL011_BASE + 0x38)
#define ICR  (PL011_BASE + 0x44)
#define RXFE 0x10u
#define RX   0x10u /* receive and receive time-out */
#define RT   0x40u

static struct {
    volatile unsigned head, tail;
    volatile char bytes[1024];
} input;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    while (!(load32(FR) & RXFE)) {
        input.bytes[input.head % sizeof(input.bytes)] = (char)load32(DR);
        input.head = input.head + 1;
    }
    store32(ICR, RX | RT);
    gic_end(intid);
}

static char asked(void)
{
    while (load32(FR) & RXFE)
        ;
    return (char)load32(DR);
}

static char interrupted(void)
{
    irq_mask();
    while (input.head == input.tail) {
        __asm__ volatile("wfi" ::: "memory");
        irq_unmask();
        irq_mask();
    }
    char c = input.bytes[input.tail % sizeof(input.bytes)];
    input.tail = input.tail + 1;
    irq_unmask();
    return c;
}

/* Returns the length; the line without its end in `line`. */
static unsigned read_line(char (*get)(void), char *line, unsigned size)
{
    unsigned n = 0;
    for (;;) {
        char c = get();
        if (c == '\r' || c == '\n')
            break;
        if (n + 3 > size)
            continue;
        if (c < ' ') {
            line[n++] = '^';
            c = (char)(c + '@');
        }
        line[n++] = c;
    }
    line[n] = 0;
    return n;
}

static bool is_quit(const char *line)
{
    return line[0] == 'q' && line[1] == 'u' && line[2] == 'i' && line[3] == 't' && !line[4];
}

static void echo(const char *how, char (*get)(void))
{
    static char line[512];
    printf("echo: %s\n", how);
    for (;;) {
        unsigned n = read_line(get, line, sizeof(line));
        if (is_quit(line))
            return;
        printf("line of %u: %s\n", n, line);
    }
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()))
        return;
    store32(CR, 0x301);
    echo("asking", asked);

    store32(LCRH, 0x70);
    irq_handler = handler;
    gic_enable(dt_intid("arm,pl011", 0));
    store32(IMSC, RX | RT);
    irq_unmask();
    echo("interrupted", interrupted);
    store32(IMSC, 0);
    check("all lines are read", true);
}
