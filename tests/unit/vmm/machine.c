/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

struct machine machine;

void machine_new(unsigned gic_version, unsigned vcpus)
{
    fake_reset();
    memset(&machine, 0, sizeof(machine));
    machine.ram = calloc(1, RAM_SIZE);
    machine.config = (struct board_config){
        .vcpus = vcpus,
        .gic_version = gic_version,
        .tick_hz = 1000000,
        .bootargs = "",
        .console = backend_host_console,
    };
    assert_true(guest_memory_add(&machine.config.memory, RAM_BASE, RAM_SIZE, machine.ram));
    vm_init(&machine.board.vm, vcpus, machine.config.tick_hz, &machine.stats);
    fake_attach(&machine.board.vm);
    assert_true(board_init(&machine.board, &machine.config));
    for (unsigned i = 0; i < vcpus; i++) {
        struct host_vcpu *h = &fake.vcpu[i];
        h->reg[VCPU_REG_PC] = CODE;
        h->reg[VCPU_REG_SPSR] = 0x3c5;
        h->sysreg[VCPU_SCTLR_EL1] = UINT64_C(0x30d00800);
        h->sysreg[VCPU_VBAR_EL1] = VECTORS;
    }
    machine_vcpu(0)->power = VCPU_ON;
}

void machine_free(void)
{
    free(machine.ram);
    machine.ram = NULL;
}

struct vcpu *machine_vcpu(unsigned n)
{
    return &machine.board.vm.vcpu[n];
}

uint64_t machine_reg(enum vcpu_reg reg)
{
    return fake.vcpu[0].reg[reg];
}

void machine_set_reg(enum vcpu_reg reg, uint64_t value)
{
    fake.vcpu[0].reg[reg] = value;
}

uint64_t data_abort(unsigned width, unsigned srt, bool write, bool sign_extend, bool wide)
{
    uint64_t syndrome = (uint64_t)ESR_EC_DABORT_LOWER << ESR_EC_SHIFT | ESR_IL | ESR_ISV | 6;
    syndrome |= (uint64_t)__builtin_ctz(width) << ESR_SAS_SHIFT | (uint64_t)srt << ESR_SRT_SHIFT;
    syndrome |= write ? ESR_WNR : 0;
    syndrome |= sign_extend ? ESR_SSE : 0;
    return syndrome | (wide ? ESR_SF : 0);
}

void memory_exit(uint64_t syndrome, uint64_t address)
{
    struct host_exit exit = {.kind = HOST_EXIT_MEMORY, .syndrome = syndrome, .address = address};
    exit_handle(machine_vcpu(0), &exit);
}

void trap_exit(uint64_t syndrome)
{
    struct host_exit exit = {.kind = HOST_EXIT_TRAP, .syndrome = syndrome};
    exit_handle(machine_vcpu(0), &exit);
}

void hypercall_exit(void)
{
    struct host_exit exit = {.kind = HOST_EXIT_HYPERCALL};
    exit_handle(machine_vcpu(0), &exit);
}

void instruction_exit(uint32_t opcode, uint64_t address, bool write)
{
    uint64_t pc = machine_reg(VCPU_REG_PC);
    memcpy(machine.ram + (pc - RAM_BASE), &opcode, sizeof(opcode));
    memory_exit((uint64_t)ESR_EC_DABORT_LOWER << ESR_EC_SHIFT | ESR_IL | 6 | (write ? ESR_WNR : 0),
                address);
}

bool took_exception(uint64_t mask, uint64_t value)
{
    uint64_t pc = machine_reg(VCPU_REG_PC);
    return pc >= VECTORS && pc < VECTORS + 0x800 &&
           (fake.vcpu[0].sysreg[VCPU_ESR_EL1] & mask) == value;
}

uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}
