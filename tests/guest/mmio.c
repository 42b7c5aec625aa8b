/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device accesses by every form of load and store: widths, sign extension, the zero register, every
 * general register, pairs, writeback, offsets. The registers used are the PL011's identification
 * bytes and baud divisor (16 bits) and the PL031's match register (32 bits).
 */
#include "runtime/guest.h"

const char guest_name[] = "mmio";

#define ID   (PL011_BASE + 0xfe0) /* 11 10 14 00 0d f0 05 b1, one in each word */
#define IBRD (PL011_BASE + 0x24)
#define FBRD (PL011_BASE + 0x28)
#define LCRH (PL011_BASE + 0x2c)
#define ONES 0xfffffffffffffffful

static uint64_t match; /* PL031 RTCMR: 32 bits that keep what is written */

/* One load from `address` into x0, which held all ones, by the given instruction on x1. */
#define LOAD(instruction, address)                                                                 \
    ({                                                                                             \
        register uint64_t x0_ __asm__("x0") = ONES;                                                \
        register uint64_t x1_ __asm__("x1") = (address);                                           \
        __asm__ volatile(instruction : "+r"(x0_), "+r"(x1_)::"memory", "x2", "x3");                \
        moved = x1_;                                                                               \
        x0_;                                                                                       \
    })
#define STORE(instruction, address, value)                                                         \
    ({                                                                                             \
        register uint64_t x0_ __asm__("x0") = (value);                                             \
        register uint64_t x1_ __asm__("x1") = (address);                                           \
        __asm__ volatile(instruction : "+r"(x0_), "+r"(x1_)::"memory", "x2", "x3");                \
        moved = x1_;                                                                               \
    })
static uint64_t moved; /* the base register after it */

static void widths_and_signs(void)
{
    check_equal("ldrb zeroes the rest", LOAD("ldrb w0, [x1]", ID + 0x14), 0xf0);
    check_equal("ldrh zeroes the rest", LOAD("ldrh w0, [x1]", ID + 0x14), 0xf0);
    check_equal("ldr w zeroes the upper half", LOAD("ldr w0, [x1]", ID + 0x14), 0xf0);
    check_equal("ldrsb w", LOAD("ldrsb w0, [x1]", ID + 0x14), 0xfffffff0);
    check_equal("ldrsb x", LOAD("ldrsb x0, [x1]", ID + 0x14), 0xfffffffffffffff0);

    STORE("strh w0, [x1]", IBRD, 0x8765);
    check_equal("strh, then ldrh", LOAD("ldrh w0, [x1]", IBRD), 0x8765);
    check_equal("ldrsh w", LOAD("ldrsh w0, [x1]", IBRD), 0xffff8765);
    check_equal("ldrsh x", LOAD("ldrsh x0, [x1]", IBRD), 0xffffffffffff8765);

    STORE("str w0, [x1]", match, 0x1234567889abcdef);
    check_equal("str w stores the lower half", LOAD("ldr w0, [x1]", match), 0x89abcdef);
    check_equal("ldrsw", LOAD("ldrsw x0, [x1]", match), 0xffffffff89abcdef);
    STORE("str w0, [x1]", match, 0x7fffffff);
    check_equal("ldrsw of a positive value", LOAD("ldrsw x0, [x1]", match), 0x7fffffff);
}

static void zero_register(void)
{
    STORE("str w0, [x1]", match, 0x5555);
    check_equal("ldr wzr changes nothing", LOAD("ldr wzr, [x1]", match), ONES);
    check_equal("ldrsb xzr changes nothing", LOAD("ldrsb xzr, [x1]", ID), ONES);
    STORE("str wzr, [x1]", match, 0x7777);
    check_equal("str wzr stores zero", LOAD("ldr w0, [x1]", match), 0);
}

/* mmio_registers.S: one routine for each of x0..x30 but the base register, x19. */
#define BASE_REGISTER 19u
extern void (*const load_routines[30])(uint64_t at, uint64_t *registers);
extern void (*const store_routines[30])(uint64_t at);

static bool load_changes_only(unsigned n, uint64_t *registers)
{
    for (unsigned r = 0; r < 31; r++) {
        uint64_t wanted = r == n ? 0xf0 : 0xabcd000000000000 | r;
        if (r != BASE_REGISTER && registers[r] != wanted) {
            printf("x%u is 0x%lx after ldr w%u\n", r, registers[r], n);
            return false;
        }
    }
    return true;
}

static void every_register(void)
{
    bool loads = true, stores = true;

    for (unsigned index = 0; index < 30; index++) {
        unsigned n = index + (index >= BASE_REGISTER);
        uint64_t registers[31];
        load_routines[index](ID + 0x14, registers);
        loads &= load_changes_only(n, registers);

        store32(match, ~0u);
        store_routines[index](match);
        stores &= load32(match) == n;
    }
    check("ldr into every register, the others unchanged", loads);
    check("str from every register", stores);
}

static void writeback(void)
{
    check_equal("ldr post-indexed", LOAD("ldr w0, [x1], #4", ID + 0x14), 0xf0);
    check_equal("  ... its base", moved, ID + 0x18);
    check_equal("ldr pre-indexed", LOAD("ldr w0, [x1, #4]!", ID + 0x10), 0xf0);
    check_equal("  ... its base", moved, ID + 0x14);
    check_equal("ldr post-indexed, negative", LOAD("ldr w0, [x1], #-256", ID + 0x1c), 0xb1);
    check_equal("  ... its base", moved, ID + 0x1c - 256);
    check_equal("ldrb pre-indexed, negative", LOAD("ldrb w0, [x1, #-8]!", ID + 0x1c), 0xf0);
    check_equal("  ... its base", moved, ID + 0x14);
    check_equal("ldrsb x post-indexed", LOAD("ldrsb x0, [x1], #1", ID + 0x1c), 0xffffffffffffffb1);
    check_equal("  ... its base", moved, ID + 0x1d);
    check_equal("ldrsh w pre-indexed", LOAD("ldrsh w0, [x1, #2]!", IBRD - 2), 0xffff8765);
    check_equal("ldrsw post-indexed", LOAD("ldrsw x0, [x1], #8", ID), 0x11);
    check_equal("ldr wzr post-indexed", LOAD("ldr wzr, [x1], #4", ID), ONES);
    check_equal("  ... its base", moved, ID + 4);

    STORE("str w0, [x1], #4", match, 0x101);
    check_equal("str post-indexed", load32(match), 0x101);
    check_equal("  ... its base", moved, match + 4);
    STORE("str w0, [x1, #-4]!", match + 4, 0x202);
    check_equal("str pre-indexed", load32(match), 0x202);
    check_equal("  ... its base", moved, match);
    STORE("str wzr, [x1], #12", match, 0);
    check_equal("str wzr post-indexed", load32(match), 0);
    check_equal("  ... its base", moved, match + 12);
    STORE("strh w0, [x1], #2", IBRD, 0x4321);
    check_equal("strh post-indexed", load32(IBRD), 0x4321);

    uint64_t value;
    __asm__ volatile(
        "mov x3, sp\n\tmov sp, %1\n\tldr %w0, [sp], #16\n\tmov x2, sp\n\tmov sp, x3\n\t"
        "mov %1, x2"
        : "=&r"(value), "+r"((uint64_t){ID + 0x10})::"memory", "x2", "x3");
    check_equal("ldr post-indexed by the stack pointer", value, 0x0d);
}

static void offsets(void)
{
    check_equal("ldr with an offset", LOAD("ldr w0, [x1, #0xff4]", PL011_BASE), 0xf0);
    check_equal("ldur, negative", LOAD("ldur w0, [x1, #-8]", ID + 0x1c), 0xf0);
    check_equal("ldr by register", LOAD("mov x2, #5\n\tldr w0, [x1, x2, lsl #2]", ID), 0xf0);
    check_equal("ldr by sign-extended register",
                LOAD("mov w2, #-2\n\tldr w0, [x1, w2, sxtw #2]", ID + 0x1c), 0xf0);
    check_equal(
        "ldr by zero-extended register",
        LOAD("mov x2, #-1\n\tmovk x2, #0, lsl #16\n\tmov w2, #5\n\tldr w0, [x1, w2, uxtw #2]", ID),
        0xf0);
    check_equal("ldrb by register", LOAD("mov x2, #0x14\n\tldrb w0, [x1, x2]", ID), 0xf0);
    check_equal("ldar", LOAD("ldar w0, [x1]", ID + 0x14), 0xf0);
    check_equal("ldtr", LOAD("ldtr w0, [x1]", ID + 0x14), 0xf0);
    STORE("stlr w0, [x1]", match, 0x303);
    check_equal("stlr", load32(match), 0x303);
    STORE("stur w0, [x1, #-3]", match + 3, 0x404);
    check_equal("stur", load32(match), 0x404);
    STORE("mov x2, #1\n\tstr w0, [x1, x2, lsl #2]", match - 4, 0x505);
    check_equal("str by register", load32(match), 0x505);
}

static void pairs(void)
{
    uint64_t a = ONES, b = ONES, base = ID + 0x10;

    __asm__ volatile("ldp %w0, %w1, [%2]" : "+r"(a), "+r"(b) : "r"(base) : "memory");
    check("ldp w", a == 0x0d && b == 0xf0);
    __asm__ volatile("ldp %w0, %w1, [%2], #8" : "+&r"(a), "+&r"(b), "+r"(base)::"memory");
    check("ldp w post-indexed", a == 0x0d && b == 0xf0 && base == ID + 0x18);
    __asm__ volatile("ldp %w0, %w1, [%2, #-8]!" : "+&r"(a), "+&r"(b), "+r"(base)::"memory");
    check("ldp w pre-indexed", a == 0x0d && b == 0xf0 && base == ID + 0x10);
    a = ONES;
    __asm__ volatile("ldp wzr, %w0, [%1]" : "+r"(a) : "r"(base) : "memory");
    check_equal("ldp with wzr", a, 0xf0);

    STORE("str w0, [x1]", match, 0x80000001);
    base = match;
    __asm__ volatile("ldpsw %0, %1, [%2]" : "+&r"(a), "+&r"(b) : "r"(base) : "memory");
    check_equal("ldpsw", a, 0xffffffff80000001);

    base = IBRD;
    __asm__ volatile("stp %w0, %w1, [%2]" ::"r"(0x111), "r"(0x22), "r"(base) : "memory");
    check("stp w", load32(IBRD) == 0x111 && load32(FBRD) == 0x22);
    __asm__ volatile("stp %w1, %w2, [%0], #8" : "+&r"(base) : "r"(0x333), "r"(0x14) : "memory");
    check("stp w post-indexed", load32(IBRD) == 0x333 && load32(FBRD) == 0x14 && base == IBRD + 8);
    __asm__ volatile("stp %w1, wzr, [%0, #-8]!" : "+&r"(base) : "r"(0x555) : "memory");
    check("stp w pre-indexed", load32(IBRD) == 0x555 && load32(FBRD) == 0 && base == IBRD);

    check_equal("ldr x reads two words", LOAD("ldr x0, [x1]", ID + 0x10), 0xf00000000dul);
    STORE("str x0, [x1]", FBRD, 0x6000000015ul);
    check("str x writes two words", load32(FBRD) == 0x15 && load32(LCRH) == 0x60);
}

static void harmless(void)
{
    __asm__ volatile("prfm pldl1keep, [%0]" ::"r"(ID) : "memory");
    check("a prefetch hint does nothing", true);
}

void guest_main(void)
{
    uint64_t size;

    if (!check("there is a PL031", dt_reg("arm,pl031", 0, &match, &size)))
        return;
    match += 4;
    widths_and_signs();
    zero_register();
    every_register();
    writeback();
    offsets();
    pairs();
    harmless();
}
