/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest root task: maps the UART out of device memory and prints what the kernel told it.
 * Boots on release kernels, which have no debug output; shows that loader, kernel entry, crt0 and
 * the invocation stubs fit together.
 */
#include <bulkhead/crt.h>
#include <bulkhead/time.h>
#include <stdio.h>

#define UART_PADDR 0x9000000ul /* QEMU virt */
#define UART_VADDR 0x10000000ul
#define UART_DR    0
#define FULL_DEPTH 64

static seL4_Word next_slot;

static void put_line(const char *text)
{
    volatile uint32_t *uart = (volatile uint32_t *)UART_VADDR;

    for (; *text; text++) {
        uart[UART_DR] = (uint8_t)*text;
    }
}

/* Retype `count` objects into the next slots; returns the first, 0 on failure. */
static seL4_CPtr retype(seL4_Untyped untyped, seL4_Word type, seL4_Word bits, seL4_Word count)
{
    seL4_CPtr first = next_slot;

    if (seL4_Untyped_Retype(untyped, type, bits, seL4_CapInitThreadCNode, 0, 0, first, count) !=
        seL4_NoError) {
        return 0;
    }
    next_slot += count;
    return first;
}

static seL4_CPtr find_untyped(const seL4_BootInfo *info, int device, seL4_Word paddr,
                              seL4_Word *start, unsigned *bits)
{
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const seL4_UntypedDesc *u = &info->untypedList[i];
        int covers = paddr >= u->paddr && paddr - u->paddr < (seL4_Word)1 << u->sizeBits;
        if (u->isDevice == device && (device ? covers : u->sizeBits >= seL4_PageTableBits)) {
            *start = u->paddr;
            *bits = u->sizeBits;
            return info->untyped.start + i;
        }
    }
    return 0;
}

/* Halve a device untyped until a page at paddr is left. */
static seL4_CPtr device_page(const seL4_BootInfo *info, seL4_Word paddr)
{
    seL4_Word start;
    unsigned bits;
    seL4_CPtr untyped = find_untyped(info, 1, paddr, &start, &bits);

    while (untyped && bits > seL4_PageBits) {
        bits--;
        seL4_CPtr halves = retype(untyped, seL4_UntypedObject, bits, 2);
        seL4_Word upper = paddr >> bits & 1;
        untyped = halves ? halves + upper : 0;
    }
    return untyped ? retype(untyped, seL4_ARM_SmallPageObject, 0, 1) : 0;
}

static int map_uart(const seL4_BootInfo *info)
{
    seL4_Word start;
    unsigned bits;
    seL4_CPtr ram = find_untyped(info, 0, 0, &start, &bits);
    seL4_CPtr page = device_page(info, UART_PADDR);
    seL4_CPtr table = ram ? retype(ram, seL4_ARM_PageTableObject, 0, 1) : 0;

    if (!page || !table) {
        return 0;
    }
    seL4_ARM_PageTable_Map(table, seL4_CapInitThreadVSpace, UART_VADDR,
                           seL4_ARM_Default_VMAttributes);
    return seL4_ARM_Page_Map(page, seL4_CapInitThreadVSpace, UART_VADDR, seL4_ReadWrite,
                             seL4_ARM_ExecuteNever) == seL4_NoError;
}

/* Length of the devicetree in the extra bootinfo, 0 if there is none. */
static seL4_Word fdt_length(const seL4_BootInfo *info)
{
    uintptr_t at = (uintptr_t)info + seL4_BootInfoFrameSize;
    uintptr_t end = at + info->extraLen;

    while (end - at >= sizeof(seL4_BootInfoHeader)) {
        const seL4_BootInfoHeader *header = (const seL4_BootInfoHeader *)at;
        if (header->id == SEL4_BOOTINFO_HEADER_FDT) {
            return header->len - sizeof(*header);
        }
        if (header->len < sizeof(*header) || header->len > end - at) {
            return 0;
        }
        at += header->len;
    }
    return 0;
}

void bh_root_main(seL4_BootInfo *info)
{
    char text[128];

    next_slot = info->empty.start;
    if (!map_uart(info)) {
        return;
    }
    snprintf(text, sizeof(text),
             "hello: %lu cores, %lu untypeds, devicetree of %lu bytes, %lu Hz\n", info->numNodes,
             info->untyped.end - info->untyped.start, fdt_length(info),
             (unsigned long)bh_tick_hz());
    put_line(text);
    seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
