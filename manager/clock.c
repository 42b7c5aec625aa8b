/* SPDX-License-Identifier: BSD-2-Clause */
#include "clock.h"

#include <bulkhead/sel4.h>
#include <bulkhead/time.h>

#include "log.h"
#include "memory.h"

/* PL031 (Arm DDI 0224C, 3.3) */
#define DR            0x000u
#define PERIPH_ID0    0xfe0u /* the part's number: low byte, high nibble */
#define PERIPH_ID1    0xfe4u
#define PART          0x031u
#define PART_OF(a, b) (((a)&0xffu) | ((b)&0xfu) << 8)

struct bh_start_clock clock_read(const struct board *board)
{
    struct bh_start_clock none = {0};

    if (board->rtc == 0) {
        return none;
    }
    seL4_CPtr frame = memory_device_frame(board->rtc);
    volatile uint8_t *registers = frame ? memory_keep(frame, seL4_ARM_ExecuteNever) : NULL;

    if (!registers) {
        log_line("the real-time clock is not to be had");
        return none;
    }
    uint32_t id0 = *(volatile uint32_t *)(registers + PERIPH_ID0);
    uint32_t id1 = *(volatile uint32_t *)(registers + PERIPH_ID1);

    if (PART_OF(id0, id1) != PART) {
        log_line("the real-time clock is no PL031");
        return none;
    }
    return (struct bh_start_clock){.seconds = *(volatile uint32_t *)(registers + DR),
                                   .ticks = bh_ticks()};
}
