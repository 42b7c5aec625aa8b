/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache maintenance by virtual address (Arm ARM D7.5) and the zeroing of memory. */
#include <string.h>

#include "vspace.h"

#define PIECE (UINT64_C(1) << 16) /* that is maintained between two looks for interrupts */

/* CTR_EL0: log2 words of the smallest line, DminLine [19:16], IminLine [3:0]. */
static word data_line(void)
{
    return 4u << (READ_SYSREG(ctr_el0) >> 16 & 15);
}

static word instruction_line(void)
{
    return 4u << (READ_SYSREG(ctr_el0) & 15);
}

#define FOR_LINES(start, end, line, instruction)                                                   \
    do {                                                                                           \
        for (word at_ = (start) & ~((line)-1); at_ < (end); at_ += (line))                         \
            __asm__ volatile(instruction /* NOLINT(bugprone-macro-parentheses): text */            \
                             :                                                                     \
                             : "r"(at_)                                                            \
                             : "memory");                                                          \
    } while (0)

static void maintain(enum cache_op op, word start, word end)
{
    word line = data_line();

    switch (op) {
    case CACHE_CLEAN:
        FOR_LINES(start, end, line, "dc cvac, %0");
        break;
    case CACHE_INVALIDATE:
        /* Lines that the range only touches hold somebody's data: invalidating must not lose it. */
    case CACHE_CLEAN_INVALIDATE:
        FOR_LINES(start, end, line, "dc civac, %0");
        break;
    case CACHE_UNIFY:
        FOR_LINES(start, end, line, "dc cvau, %0");
        dsb_ish();
        FOR_LINES(start, end, instruction_line(), "ic ivau, %0");
        break;
    }
    dsb_sy();
    isb();
}

enum status cache_maintain(struct invocation *inv, enum cache_op op, word start, word end)
{
    for (word done = 0; end - start > PIECE; start += PIECE) {
        maintain(op, start, start + PIECE);
        done += PIECE;
        if (arch_interrupt_pending()) {
            arch_set_mr(inv->caller, 0, inv_arg(inv, 0) + done);
            return STATUS_PREEMPTED;
        }
    }
    maintain(op, start, end);
    return STATUS_OK;
}

/*
 * User level may map the memory uncached, and a translation table walk or a device may look at it:
 * the zeroes go all the way to memory.
 */
void arch_clear_memory(void *start, size_t bytes)
{
    word line = data_line();
    word end = (word)(uintptr_t)start + bytes;

    memset(start, 0, bytes);
    FOR_LINES((word)(uintptr_t)start, end, line, "dc civac, %0");
    dsb_sy();
}
