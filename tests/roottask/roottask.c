/* SPDX-License-Identifier: BSD-2-Clause */
#include "roottask.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define UART_PADDR 0x9000000ul
#define UART_VADDR 0x5d0000ul /* above the image, below what its page table covers */
#define UART_DR    0x00
#define UART_FR    0x18
#define FR_TXFF    (1u << 5)
#define IMAGE_BASE 0x400000ul
#define MIN_BITS   24

struct root root;

static void put(char c)
{
    volatile uint32_t *uart = (volatile uint32_t *)UART_VADDR;

    while (uart[UART_FR / 4] & FR_TXFF) {
    }
    uart[UART_DR / 4] = (uint8_t)c;
}

static void print(const char *format, va_list args)
{
    char line[512]; /* a fault with all its words fits */

    vsnprintf(line, sizeof(line), format, args);
    for (const char *c = line; *c; c++) {
        put(*c);
    }
}

void root_print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print(format, args);
    va_end(args);
}

_Noreturn void root_power_off(void)
{
    seL4_ARM_SMCContext request = {.x0 = 0x84000008}; /* PSCI SYSTEM_OFF */
    seL4_ARM_SMCContext answer;

    seL4_ARM_SMC_Call(seL4_CapSMC, &request, &answer);
    for (;;) {
    }
}

_Noreturn void root_fail(const char *format, ...)
{
    va_list args;

    root_print("%s: FAIL: ", root.name);
    va_start(args, format);
    print(format, args);
    va_end(args);
    root_print("\n");
    root_power_off();
}

void root_check(seL4_Error error, const char *what)
{
    if (error != seL4_NoError) {
        root_fail("%s: error %u", what, (unsigned)error);
    }
}

seL4_CPtr root_slots(unsigned n)
{
    seL4_CPtr first = root.next_slot;
    root.next_slot += n;
    return first;
}

seL4_CPtr root_object(seL4_Word type, seL4_Word size_bits)
{
    seL4_CPtr slot = root_slots(1);
    root_check(seL4_Untyped_Retype(root.untyped, type, size_bits, ROOT_CNODE, 0, 0, slot, 1),
               "retype");
    return slot;
}

seL4_CPtr root_frame(const void *address)
{
    return root.bootinfo->userImageFrames.start + (((seL4_Word)address - IMAGE_BASE) >> 12);
}

/* The two smallest RAM untypeds that are large enough. */
static void find_memory(const seL4_BootInfo *bi)
{
    unsigned bits = 64;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        if (desc->isDevice || desc->sizeBits < MIN_BITS) {
            continue;
        }
        if (desc->sizeBits < bits) {
            root.memory = root.untyped;
            root.memory_bits = bits;
            root.untyped = cap;
            bits = desc->sizeBits;
        } else if (root.memory == 0 || desc->sizeBits < root.memory_bits) {
            root.memory = cap;
            root.memory_bits = desc->sizeBits;
        }
    }
}

static void find_uart(const seL4_BootInfo *bi)
{
    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        if (desc->isDevice && desc->paddr == UART_PADDR) {
            seL4_CPtr frame = root_slots(1);
            seL4_Untyped_Retype(cap, seL4_ARM_SmallPageObject, 0, ROOT_CNODE, 0, 0, frame, 1);
            seL4_ARM_Page_Map(frame, ROOT_VSPACE, UART_VADDR, seL4_ReadWrite, 0);
            return;
        }
    }
}

void root_init(const seL4_BootInfo *bootinfo, const char *name)
{
    root = (struct root){.bootinfo = bootinfo, .name = name, .next_slot = bootinfo->empty.start};
    find_memory(bootinfo);
    find_uart(bootinfo);
}

void root_round_robin(seL4_CPtr sc, unsigned core, uint64_t us)
{
    root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start + core, sc, us,
                                                us, 0, 0, 0),
               "configure a scheduling context");
}

static void write_registers(seL4_CPtr tcb, seL4_UserContext *regs, bool resume)
{
    root_check(seL4_TCB_WriteRegisters(tcb, resume, 0, sizeof(*regs) / sizeof(seL4_Word), regs),
               "write registers");
}

static void set_params(seL4_CPtr tcb, unsigned priority, seL4_CPtr sc, seL4_CPtr fault_ep)
{
    root_check(seL4_TCB_SetSchedParams(tcb, ROOT_TCB, priority, priority, sc, fault_ep),
               "scheduling parameters");
}

void root_thread(const struct root_thread *thread, bool resume)
{
    struct root_stack *stack = thread->stack;
    seL4_UserContext regs = {.pc = (seL4_Word)thread->entry,
                             .sp = (seL4_Word)(stack->stack + ROOT_STACK_SIZE),
                             .x0 = (seL4_Word)thread->arg,
                             .tpidr_el0 = (seL4_Word)&stack->block};

    stack->block = (struct bh_thread){.ipc_buffer = stack->buffer};
    root_check(seL4_TCB_Configure(thread->tcb, ROOT_CNODE, 0, ROOT_VSPACE, 0,
                                  (seL4_Word)stack->buffer, root_frame(stack->buffer)),
               "configure a thread");
    set_params(thread->tcb, thread->priority, thread->sc, thread->fault_ep);
    write_registers(thread->tcb, &regs, resume);
}

void root_guest(const struct root_guest *guest, bool resume)
{
    seL4_UserContext regs = {.pc = (seL4_Word)guest->entry, .spsr = SPSR_EL1H, .x0 = guest->x0};

    root_check(seL4_TCB_Configure(guest->tcb, guest->cspace, 0, ROOT_VSPACE, 0, 0, 0),
               "configure a guest");
    set_params(guest->tcb, guest->priority, guest->sc, guest->fault_ep);
    root_check(seL4_ARM_VCPU_SetTCB(guest->vcpu, guest->tcb), "bind a VCPU");
    write_registers(guest->tcb, &regs, resume);
}
