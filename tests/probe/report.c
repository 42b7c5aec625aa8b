/* SPDX-License-Identifier: BSD-2-Clause */
/* Output: the probe drives the PL011 itself, since release kernels have no debug output. */
#include "probe.h"

#include <stdarg.h>
#include <stdio.h>

#define UART_PADDR 0x9000000ul
#define UART_VADDR 0x5d0000ul
#define UART_DR    0x00
#define UART_FR    0x18
#define FR_TXFF    (1u << 5)

static void put(char c)
{
    volatile uint32_t *uart = (volatile uint32_t *)UART_VADDR;

    while (uart[UART_FR / 4] & FR_TXFF) {
    }
    uart[UART_DR / 4] = (uint8_t)c;
}

void probe_print(const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (const char *c = line; *c; c++) {
        if (*c == '\n') {
            put('\r');
        }
        put(*c);
    }
}

void probe_report_init(struct probe *p)
{
    seL4_BootInfo *bi = p->bootinfo;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        if (!desc->isDevice || desc->paddr != UART_PADDR) {
            continue;
        }
        seL4_CPtr frame = p->next_slot++;
        seL4_Untyped_Retype(cap, seL4_ARM_SmallPageObject, 0, seL4_CapInitThreadCNode, 0, 0, frame,
                            1);
        seL4_ARM_Page_Map(frame, seL4_CapInitThreadVSpace, UART_VADDR, seL4_ReadWrite, 0);
        return;
    }
}
