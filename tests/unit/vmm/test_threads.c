/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest with several vCPUs that do anything at the same time, each on a thread of its own, under
 * the thread sanitizer: devices, interrupt controller, power states, timers, console. The host of
 * this test is made of atomics and per-thread state.
 *
 * THREAD_STEPS in the environment makes a longer run.
 */
#include "arch/aarch64/board.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/esr.h"
#include "arch/aarch64/exit.h"
#include "arch/aarch64/psci.h"
#include "core/lock.h"
#include "core/vm.h"

#define VCPUS    4u
#define LRS      4u
#define STEPS    5000u
#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE UINT64_C(0x100000)
#define PATIENCE 20u /* times a vCPU is asked to sleep before it is woken for good */

/* Everything but `events` belongs to the vCPU's thread. */
struct host_vcpu {
    uint64_t reg[VCPU_REG_COUNT];
    uint64_t sysreg[VCPU_SYSREG_COUNT];
    bool loaded[LRS];
    unsigned blocks;
    uint64_t armed;
    uint64_t random;
    jmp_buf awake;
    uint64_t events; /* atomic */
};

static struct board board;
static struct bh_stats statistics;
static struct host_vcpu hosts[VCPUS];
static uint64_t now;
static unsigned long steps;

static void fail(const char *what)
{
    fprintf(stderr, "FAILED: %s\n", what);
    abort();
}

static uint64_t next(struct host_vcpu *h)
{
    uint64_t x = h->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return h->random = x;
}

/* --- the host ------------------------------------------------------------------------------- */

static void tell(unsigned vcpu, uint64_t events)
{
    __atomic_fetch_or(&hosts[vcpu].events, events, __ATOMIC_SEQ_CST);
}

static uint64_t take_events(struct host_vcpu *h)
{
    uint64_t events = __atomic_exchange_n(&h->events, 0, __ATOMIC_SEQ_CST);
    if (h->armed <= host_now()) {
        h->armed = UINT64_MAX;
        events |= HOST_EVENT_TIMER;
    }
    return events;
}

/* It may sleep for good: then it is torn out of its sleep, as if the guest had been elsewhere. */
uint64_t host_block(struct vcpu *vcpu)
{
    struct host_vcpu *h = vcpu->host;
    for (unsigned i = 0; i < 5 && __atomic_load_n(&h->events, __ATOMIC_RELAXED) == 0; i++) {
        sched_yield();
    }
    if (++h->blocks > PATIENCE) {
        longjmp(h->awake, 1);
    }
    return take_events(h);
}

void host_reg_expect(struct vcpu *vcpu, unsigned x)
{
}

uint64_t host_reg_read(struct vcpu *vcpu, enum vcpu_reg reg)
{
    return vcpu->host->reg[reg];
}

void host_reg_write(struct vcpu *vcpu, enum vcpu_reg reg, uint64_t value)
{
    vcpu->host->reg[reg] = value;
}

uint64_t host_sysreg_read(struct vcpu *vcpu, enum vcpu_sysreg reg)
{
    return vcpu->host->sysreg[reg];
}

void host_sysreg_write(struct vcpu *vcpu, enum vcpu_sysreg reg, uint64_t value)
{
    vcpu->host->sysreg[reg] = value;
}

unsigned host_list_registers(void)
{
    return LRS;
}

bool host_inject(struct vcpu *vcpu, unsigned list_register, uint32_t intid, unsigned priority,
                 unsigned group)
{
    vcpu->host->loaded[list_register] = true;
    return true;
}

void host_ack_vtimer(struct vcpu *vcpu)
{
}

uint64_t host_now(void)
{
    return __atomic_add_fetch(&now, 7, __ATOMIC_RELAXED);
}

void host_timer_arm(struct vcpu *vcpu, uint64_t deadline)
{
    vcpu->host->armed = deadline;
}

uint64_t host_stamp(void)
{
    return __atomic_load_n(&now, __ATOMIC_RELAXED);
}

uint64_t host_control(struct vcpu *vcpu)
{
    return 0;
}

bool host_stopped(const struct vcpu *vcpu)
{
    (void)vcpu;
    return true;
}

void host_give_turn(struct vcpu *vcpu)
{
    (void)vcpu;
    sched_yield();
}

void host_relax(void)
{
    sched_yield();
}

void host_kick(struct vcpu *vcpu)
{
    tell(vcpu->index, HOST_EVENT_KICK);
}

void host_vcpu_start(struct vcpu *vcpu, uint64_t entry, uint64_t argument)
{
    struct host_vcpu *h = vcpu->host;
    memset(h->reg, 0, sizeof(h->reg));
    memset(h->sysreg, 0, sizeof(h->sysreg));
    h->reg[VCPU_REG_PC] = entry;
    h->reg[VCPU_REG_SPSR] = 0x3c5;
}

void host_publish(void *bytes, size_t size)
{
}

void host_log(const char *line, size_t size)
{
}

void host_power_off(void)
{
    fail("powered off");
}

void host_reset(void)
{
    fail("reset");
}

void host_fail(const char *text)
{
    fail(text);
}

size_t host_console_write(const void *bytes, size_t size)
{
    static unsigned calls;
    return __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % 64 == 0 ? 0 : size;
}

size_t host_console_read(void *bytes, size_t size)
{
    static unsigned calls;
    size_t count = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % 2 == 0 ? 0 : 1;
    memset(bytes, 'x', count);
    return count;
}

void host_console_flush(void)
{
}

/* --- the guest ------------------------------------------------------------------------------ */

/* Devices, the interrupt controller and nothing at all. */
static void access_anything(struct host_vcpu *h, struct host_exit *exit)
{
    static const uint64_t bases[] = {0x08000000, 0x08000000, 0x08000100, 0x08000200, 0x08000f00,
                                     0x080a0000, 0x080b0000, 0x080d0000, 0x09000000, 0x09000000,
                                     0x09000018, 0x09010000, 0x09020000};
    unsigned width = next(h) % 8 == 0 ? (unsigned)(next(h) % 4) : 2;
    exit->kind = HOST_EXIT_MEMORY;
    exit->address = bases[next(h) % (sizeof(bases) / sizeof(bases[0]))] +
                    (next(h) % 0x48 & ~((UINT64_C(1) << width) - 1));
    exit->syndrome = (uint64_t)ESR_EC_DABORT_LOWER << ESR_EC_SHIFT | ESR_IL | ESR_ISV |
                     (uint64_t)width << ESR_SAS_SHIFT | (next(h) % 31) << ESR_SRT_SHIFT |
                     (next(h) % 3 != 0 ? ESR_WNR : 0);
    for (unsigned i = 0; i < 31; i++) {
        h->reg[i] = next(h);
    }
}

/* vCPU 0 switches the others on; they ask and go off. */
static void call_firmware(struct vcpu *vcpu, struct host_exit *exit)
{
    static const uint32_t calls[] = {PSCI_CPU_ON, PSCI_AFFINITY_INFO, PSCI_CPU_ON, PSCI_CPU_OFF};
    struct host_vcpu *h = vcpu->host;
    uint32_t call = calls[next(h) % (vcpu->index == 0 ? 3 : 4)];
    h->reg[0] = call == PSCI_CPU_OFF ? call : call | SMCCC_64BIT;
    h->reg[1] = next(h) % (VCPUS + 1);
    h->reg[2] = call == PSCI_CPU_ON ? RAM_BASE : 0;
    h->reg[3] = next(h);
    exit->kind = HOST_EXIT_HYPERCALL;
}

static void trap_sgi(struct host_vcpu *h, struct host_exit *exit)
{
    /* ICC_SGI1R_EL1, written from x1 (GICv3; on GICv2 it is not there). */
    exit->kind = HOST_EXIT_TRAP;
    exit->syndrome = (uint64_t)ESR_EC_SYSREG << ESR_EC_SHIFT | ESR_IL | UINT64_C(0x3a3016) | 1 << 5;
    h->reg[1] = (next(h) & 0xf) << 24 | (next(h) & 0xf);
}

static void retire(struct host_vcpu *h, struct host_exit *exit)
{
    exit->kind = HOST_EXIT_IRQ_RETIRED;
    exit->list_register = (int)(next(h) % LRS);
    h->loaded[exit->list_register] = false;
}

void host_resume(struct vcpu *vcpu, struct host_exit *exit)
{
    struct host_vcpu *h = vcpu->host;
    *exit = (struct host_exit){.kind = HOST_EXIT_EVENT};
    switch (next(h) % 16) {
    case 0:
        exit->events = take_events(h);
        break;
    case 1:
        exit->kind = HOST_EXIT_TIMER;
        break;
    case 2:
        call_firmware(vcpu, exit);
        break;
    case 3:
        exit->kind = HOST_EXIT_TRAP;
        exit->syndrome = (uint64_t)ESR_EC_WFX << ESR_EC_SHIFT | ESR_IL;
        break;
    case 4:
    case 5:
        trap_sgi(h, exit);
        break;
    case 6:
    case 7:
    case 8:
        retire(h, exit);
        break;
    case 9:
        h->sysreg[VCPU_CNTV_CTL] = next(h) & 3;
        h->sysreg[VCPU_CNTV_CVAL] = host_now() + next(h) % 10000;
        break;
    case 10: /* what others do to it */
        tell((unsigned)(next(h) % VCPUS), next(h) & (HOST_EVENT_TIMER | HOST_EVENT_CONSOLE));
        break;
    default:
        access_anything(h, exit);
        break;
    }
}

static void *run(void *argument)
{
    struct vcpu *vcpu = argument;
    struct host_vcpu *h = vcpu->host;
    for (volatile unsigned long i = 0; i < steps; i++) {
        h->blocks = 0;
        if (setjmp(h->awake) != 0) {
            continue;
        }
        if (__atomic_load_n(&vcpu->power, __ATOMIC_ACQUIRE) != VCPU_ON) {
            exit_wait_for_start(vcpu);
        }
        vcpu_run(vcpu);
    }
    return NULL;
}

static void build(unsigned gic_version, void *ram)
{
    struct board_config config = {
        .vcpus = VCPUS,
        .gic_version = gic_version,
        .tick_hz = 1000000,
        .bootargs = "",
        .console = backend_host_console,
    };
    memset(&board, 0, sizeof(board));
    memset(hosts, 0, sizeof(hosts));
    if (!guest_memory_add(&config.memory, RAM_BASE, RAM_SIZE, ram)) {
        fail("memory");
    }
    vm_init(&board.vm, VCPUS, config.tick_hz, &statistics);
    for (unsigned i = 0; i < VCPUS; i++) {
        board.vm.vcpu[i].host = &hosts[i];
        hosts[i].armed = UINT64_MAX;
        hosts[i].random = UINT64_C(0x9e3779b97f4a7c15) * (i + 1) + gic_version;
    }
    if (!board_init(&board, &config)) {
        fail(board.layout.error);
    }
    board.vm.vcpu[0].start_entry = RAM_BASE;
    board.vm.vcpu[0].power = VCPU_STARTING;
}

static void test(unsigned gic_version)
{
    pthread_t thread[VCPUS];
    uint64_t exits = 0;
    void *ram = calloc(1, RAM_SIZE);
    build(gic_version, ram);
    for (unsigned i = 0; i < VCPUS; i++) {
        if (pthread_create(&thread[i], NULL, run, &board.vm.vcpu[i]) != 0) {
            fail("pthread_create");
        }
    }
    for (unsigned i = 0; i < VCPUS; i++) {
        pthread_join(thread[i], NULL);
    }
    for (unsigned i = 0; i < VCPUS; i++) {
        exits += board.vm.vcpu[i].stats->exits[BH_EXIT_MMIO];
        if (board.vm.vcpu[i].stats->exits[BH_EXIT_HYPERCALL] == 0) {
            fail("a vCPU has never run");
        }
    }
    printf("GICv%u: %llu accesses\n", gic_version, (unsigned long long)exits);
    free(ram);
}

int main(void)
{
    const char *text = getenv("THREAD_STEPS");
    steps = text != NULL ? strtoul(text, NULL, 0) : STEPS;
    test(2);
    test(3);
    return 0;
}
