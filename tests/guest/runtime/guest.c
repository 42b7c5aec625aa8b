/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#include <stdarg.h>

#define PL011_FR      0x18
#define PL011_FR_TXFF (1u << 5)

const uint8_t *devicetree;
volatile struct trap trap;
void (*irq_handler)(struct frame *frame);

static struct {
    bool trap_expected;
    unsigned checks;
    unsigned bad;
} state;

void guest_start(uint64_t dtb);
void handle_exception(unsigned vector, struct frame *frame);
void guest_el0_return(void);

void put_char(char c)
{
    while (load32(PL011_BASE + PL011_FR) & PL011_FR_TXFF)
        ;
    store8(PL011_BASE, (uint8_t)c);
}

void print(const char *text)
{
    for (; *text; text++)
        put_char(*text);
}

static void print_number(uint64_t value, unsigned base)
{
    char digits[20];
    unsigned n = 0;

    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (n)
        put_char(digits[--n]);
}

void printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (; *format; format++) {
        if (*format != '%') {
            put_char(*format);
            continue;
        }
        bool is_long = *++format == 'l';
        if (is_long)
            format++;
        switch (*format) {
        case 's':
            print(va_arg(args, const char *));
            break;
        case 'c':
            put_char((char)va_arg(args, int));
            break;
        case 'd': {
            int64_t value = is_long ? va_arg(args, long) : va_arg(args, int);
            if (value < 0)
                put_char('-');
            print_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
            break;
        }
        case 'u':
        case 'x':
            print_number(is_long ? va_arg(args, unsigned long) : va_arg(args, unsigned),
                         *format == 'x' ? 16 : 10);
            break;
        default:
            put_char(*format);
            break;
        }
    }
    va_end(args);
}

bool check(const char *what, bool good)
{
    state.checks++;
    if (!good)
        state.bad++;
    printf("%s %s\n", good ? "ok" : "BAD", what);
    return good;
}

bool check_equal(const char *what, uint64_t got, uint64_t wanted)
{
    if (got == wanted)
        return check(what, true);
    state.checks++;
    state.bad++;
    printf("BAD %s: 0x%lx instead of 0x%lx\n", what, got, wanted);
    return false;
}

void finish(void)
{
    if (state.bad)
        printf("%u of %u checks are bad\n", state.bad, state.checks);
    printf("%s %s\n", state.bad ? "FAIL" : "PASS", guest_name);
    psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
    print("FAIL SYSTEM_OFF came back\n");
    for (;;)
        __asm__ volatile("wfi");
}

void guest_start(uint64_t dtb)
{
    devicetree = (const uint8_t *)dtb;
    printf("guest: START %s\n", guest_name);
    guest_main();
    finish();
}

void trap_expect(void)
{
    trap = (struct trap){0};
    state.trap_expected = true;
    __asm__ volatile("" ::: "memory");
}

unsigned trap_end(void)
{
    __asm__ volatile("dsb sy\n\tisb" ::: "memory");
    state.trap_expected = false;
    return trap.count;
}

static void unexpected(unsigned vector, const struct frame *frame)
{
    printf("BAD exception at vector %u: esr 0x%lx far 0x%lx pc 0x%lx lr 0x%lx\n", vector,
           read_sysreg(esr_el1), read_sysreg(far_el1), frame->pc, frame->x[30]);
    state.bad++;
    finish();
}

/* Where to go on after an exception that was asked for. */
static uint64_t resume_address(uint64_t esr, const struct frame *frame)
{
    switch (ESR_EC(esr)) {
    case EC_SVC:
        return frame->pc;
    case EC_FETCH_SAME:
    case EC_FETCH_LOWER:
    case EC_PC_ALIGNMENT:
        return frame->x[30];
    default:
        return frame->pc + 4;
    }
}

void handle_exception(unsigned vector, struct frame *frame)
{
    if (vector % 4 == 1 && irq_handler) {
        irq_handler(frame);
        return;
    }
    if (vector % 4 != 0)
        unexpected(vector, frame);

    uint64_t esr = read_sysreg(esr_el1);
    if (vector >= 8 && ESR_EC(esr) == EC_SVC && (esr & 0xffff) == 0xe0) {
        frame->pc = (uint64_t)guest_el0_return;
        frame->spsr = 0x3c5; /* EL1h, everything masked */
        return;
    }
    if (!state.trap_expected)
        unexpected(vector, frame);
    trap.esr = esr;
    trap.far = read_sysreg(far_el1);
    trap.pc = frame->pc;
    trap.spsr = frame->spsr;
    trap.vector = vector;
    trap.count = trap.count + 1;
    frame->pc = resume_address(esr, frame);
}

uint64_t ticks_of_us(uint64_t us)
{
    return read_sysreg(cntfrq_el0) * us / 1000000;
}

void delay_us(uint64_t us)
{
    uint64_t end = now() + ticks_of_us(us);
    while (now() < end)
        ;
}

bool wait_count(volatile unsigned *counter, unsigned wanted)
{
    uint64_t end = now() + ticks_of_us(20000000);
    while (*counter < wanted && now() < end)
        ;
    return *counter >= wanted;
}
