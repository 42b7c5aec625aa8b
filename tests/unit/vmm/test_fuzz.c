/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that does anything: random exits with random registers, syndromes, addresses and memory,
 * random list registers retired and events, for a bounded number of steps. What must hold is that
 * the VMM goes on (sanitizers, the fake host's own checks) and never gives up.
 *
 * FUZZ_STEPS and FUZZ_SEED in the environment make a longer or another run.
 */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#define STEPS 300000u

static uint64_t seed;
static unsigned blocks; /* in this step */
static jmp_buf asleep;

static uint64_t next(void)
{
    return random_next(&seed);
}

static uint64_t any_address(void)
{
    static const uint64_t bases[] = {0x08000000, 0x080a0000, 0x080b0000, 0x09000000,
                                     0x09010000, RAM_BASE,   0x0,        RAM_BASE + RAM_SIZE};
    uint64_t base = bases[next() % (sizeof(bases) / sizeof(bases[0]))];
    return next() % 16 == 0 ? next() : base + next() % 0x1100;
}

static uint64_t any_syndrome(void)
{
    uint64_t syndrome = next() & 0x1ffffff;
    uint64_t class = next() % 8 == 0 ? ESR_EC_IABORT_LOWER : ESR_EC_DABORT_LOWER;
    return class << 26 | syndrome | (next() % 4 != 0 ? ESR_ISV | ESR_IL : 0);
}

/* Blocking ends because something always comes up; power states come and go. */
static uint64_t anything_happens(struct vcpu *vcpu)
{
    fake.now += next() % 100000;
    if (vcpu->power == VCPU_OFF) {
        vcpu->start_entry = CODE;
        vcpu->power = VCPU_STARTING;
    }
    if (next() % 4 == 0) {
        vgic_set_level(&machine.board.vgic, VGIC_MAX_VCPUS, 32 + next() % 200, next() % 2 == 0);
    }
    if (++blocks > 20) { /* it sleeps for good, as it may */
        longjmp(asleep, 1);
    }
    return next() & 0xf;
}

static void any_exit(struct vcpu *vcpu, struct host_exit *exit)
{
    struct host_vcpu *h = vcpu->host;
    static const unsigned classes[] = {ESR_EC_WFX, ESR_EC_SMC64, ESR_EC_SYSREG};
    fake.now += next() % 1000;
    for (unsigned i = 0; i < 4; i++) {
        h->reg[next() % 31] = next() % 2 == 0 ? any_address() : next();
    }
    if (next() % 16 == 0) {
        h->reg[VCPU_REG_X0] = UINT32_C(0x84000000) | (next() & 0x4000001f);
    }
    if (next() % 8 == 0) {
        h->reg[VCPU_REG_PC] = next() % 4 == 0 ? next() : CODE + next() % 0x1000;
        h->reg[VCPU_REG_SPSR] = next();
        h->sysreg[next() % VCPU_SYSREG_COUNT] = next();
    }
    uint32_t opcode = (uint32_t)next();
    guest_memory_write(&vcpu->vm->memory, h->reg[VCPU_REG_PC], &opcode, sizeof(opcode));

    exit->syndrome = any_syndrome();
    exit->address = any_address();
    exit->list_register = (int)(next() % 6) - 1;
    exit->events = next() & 0xf;
    switch (next() % 16) {
    case 0:
        exit->kind = HOST_EXIT_EVENT;
        break;
    case 1:
        exit->kind = HOST_EXIT_TIMER;
        break;
    case 2:
    case 3:
        exit->kind = HOST_EXIT_IRQ_RETIRED;
        break;
    case 4:
        exit->kind = HOST_EXIT_HYPERCALL;
        break;
    case 5:
    case 6:
        exit->kind = HOST_EXIT_TRAP;
        exit->syndrome = (uint64_t)classes[next() % 3] << 26 | (next() & 0x3ffffff);
        break;
    case 7:
        exit->kind = HOST_EXIT_TRAP;
        exit->syndrome = next() & UINT32_MAX;
        break;
    default:
        exit->kind = HOST_EXIT_MEMORY;
        break;
    }
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 0) : otherwise;
}

static void step(struct vcpu *vcpu)
{
    if (setjmp(asleep) == 0) {
        vcpu_run(vcpu);
    }
}

static void run(unsigned gic_version, unsigned vcpus)
{
    unsigned long steps = from_environment("FUZZ_STEPS", STEPS);
    machine_new(gic_version, vcpus);
    seed = from_environment("FUZZ_SEED", 2463534242u) + gic_version * 8 + vcpus;
    fake.on_resume = any_exit;
    fake.on_block = anything_happens;
    for (unsigned long i = 0; i < steps; i++) {
        fake.console_room = next() % 64;
        fake.console_size = 0;
        fake.log_size = 0;
        fake.input = "typed";
        fake.input_size = next() % 6;
        blocks = 0;
        step(machine_vcpu(i % vcpus));
    }
    assert_null(fake.failure);
    for (unsigned reason = 0; reason < BH_EXIT_OTHER; reason++) { /* all of it has been reached */
        assert_true(machine_vcpu(0)->stats->exits[reason] > steps / vcpus / 1000);
    }
    machine_free();
}

static void one_vcpu_v2(void **state)
{
    run(2, 1);
}

static void one_vcpu_v3(void **state)
{
    run(3, 1);
}

static void eight_vcpus_v2(void **state)
{
    run(2, 8);
}

static void eight_vcpus_v3(void **state)
{
    run(3, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_vcpu_v2), cmocka_unit_test(one_vcpu_v3),
                                       cmocka_unit_test(eight_vcpus_v2),
                                       cmocka_unit_test(eight_vcpus_v3)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
