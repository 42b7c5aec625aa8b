/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPU threads that sleep until they are kicked, under the thread sanitizer. Sixteen tokens, one
 * per SGI, go from vCPU to vCPU; a lost interrupt or kick ends in silence, a doubled one in two
 * tokens. Threads also write shared registers and drive lines, as guests and devices do at the same
 * time.
 */
#include "arch/aarch64/vgic/vgic.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VCPUS  4u
#define LRS    4u
#define TOKENS 16u
#define HOPS   3000u

struct list_register {
    bool full;
    unsigned intid;
};

struct machine {
    struct vgic vgic;
    struct bh_lock_waits waits[VCPUS];
    bool v3;
    sem_t wake[VCPUS];
    struct list_register lr[VCPUS][LRS]; /* each row belongs to its thread */
    unsigned hops[TOKENS];               /* belongs to whoever has the token */
    atomic_int holders[TOKENS];
    atomic_uint done;
};

struct thread {
    struct machine *machine;
    unsigned vcpu;
    unsigned random;
};

static void check(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "FAILED: %s\n", what);
        abort();
    }
}

void host_relax(void)
{
    sched_yield();
}

static int inject(void *ctx, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                  unsigned group)
{
    struct machine *m = ctx;

    check(!m->lr[vcpu][lr].full, "a full list register is overwritten");
    m->lr[vcpu][lr] = (struct list_register){true, intid};
    return 0;
}

static void kick(void *ctx, unsigned vcpu)
{
    struct machine *m = ctx;

    sem_post(&m->wake[vcpu]);
}

static bool line_level(void *ctx, unsigned vcpu, unsigned intid)
{
    return false;
}

static void line_ack(void *ctx, unsigned vcpu, unsigned intid)
{
}

static const struct vgic_ops ops = {inject, kick, line_level, line_ack};

static void write_reg(struct machine *m, unsigned self, uint64_t offset, uint64_t value)
{
    check(vgic_dist_access(&m->vgic, self, offset, 4, true, &value) == REGION_HANDLED, "write");
}

static void send(struct machine *m, unsigned self, unsigned target, unsigned token)
{
    if (m->v3) {
        vgic_write_sgi(&m->vgic, self, VGIC_ICC_SGI1R, (uint64_t)token << 24 | 1u << target);
    } else {
        write_reg(m, self, 0xf00, 1u << (16 + target) | token);
    }
}

/* What a running guest does meanwhile. */
static void noise(struct thread *t)
{
    struct machine *m = t->machine;
    unsigned spi = 32 + rand_r(&t->random) % 64;

    write_reg(m, t->vcpu, 0x180 + spi / 32 * 4, 1u << spi % 32);
    vgic_set_level(&m->vgic, t->vcpu, spi, true);
    write_reg(m, t->vcpu, 0x100 + spi / 32 * 4, 1u << spi % 32);
    vgic_set_level(&m->vgic, t->vcpu, spi, false);
    if (!m->v3) {
        uint64_t target = 1u << rand_r(&t->random) % VCPUS;
        vgic_dist_access(&m->vgic, t->vcpu, 0x800 + spi, 1, true, &target);
    }
}

static void take(struct thread *t, unsigned intid)
{
    struct machine *m = t->machine;

    if (intid >= TOKENS) {
        return;
    }
    check(atomic_fetch_add(&m->holders[intid], 1) == 0, "a token is in two places");
    bool last = ++m->hops[intid] == HOPS;
    check(atomic_fetch_sub(&m->holders[intid], 1) == 1, "a token is in two places");
    if (!last) {
        send(m, t->vcpu, rand_r(&t->random) % VCPUS, intid);
    } else if (atomic_fetch_add(&m->done, 1) == TOKENS - 1) {
        for (unsigned n = 0; n < VCPUS; n++) {
            sem_post(&m->wake[n]);
        }
    }
}

static void *run(void *arg)
{
    struct thread *t = arg;
    struct machine *m = t->machine;

    while (atomic_load(&m->done) < TOKENS) {
        if (!vgic_deliverable(&m->vgic, t->vcpu)) {
            struct timespec limit;
            clock_gettime(CLOCK_REALTIME, &limit);
            limit.tv_sec += 60;
            check(sem_timedwait(&m->wake[t->vcpu], &limit) == 0, "nothing for a minute: lost");
            continue;
        }
        for (unsigned lr = 0; lr < LRS; lr++) {
            struct list_register entry = m->lr[t->vcpu][lr];
            if (entry.full) {
                take(t, entry.intid);
                m->lr[t->vcpu][lr].full = false;
                vgic_maintenance(&m->vgic, t->vcpu, lr);
            }
        }
        noise(t);
    }
    return NULL;
}

static void enable_private(struct machine *m, unsigned vcpu)
{
    uint64_t all = UINT32_MAX;

    if (m->v3) {
        vgic_redist_access(&m->vgic, vcpu, vcpu * VGIC_V3_GICR_STRIDE + 0x10100, 4, true, &all);
    }
}

static void run_machine(enum vgic_version version)
{
    static struct machine m;
    struct thread threads[VCPUS];
    pthread_t ids[VCPUS];
    const struct vgic_config cfg = {
        .version = version,
        .nr_vcpus = VCPUS,
        .nr_spis = 64,
        .nr_lrs = LRS,
        .sampled_ppis = UINT32_C(1) << 27,
        .ops = &ops,
        .ctx = &m,
        .waits = {&m.waits[0], &m.waits[1], &m.waits[2], &m.waits[3]},
    };

    memset(&m, 0, sizeof(m));
    m.v3 = version == VGIC_V3;
    check(vgic_init(&m.vgic, &cfg) == 0, "init");
    write_reg(&m, 0, 0, 3);
    for (unsigned n = 0; n < VCPUS; n++) {
        sem_init(&m.wake[n], 0, 0);
        vgic_vcpu_online(&m.vgic, n, true);
        enable_private(&m, n);
    }
    for (unsigned token = 0; token < TOKENS; token++) {
        send(&m, 0, token % VCPUS, token);
    }
    for (unsigned n = 0; n < VCPUS; n++) {
        threads[n] = (struct thread){&m, n, n + 1};
        check(pthread_create(&ids[n], NULL, run, &threads[n]) == 0, "thread");
    }
    for (unsigned n = 0; n < VCPUS; n++) {
        pthread_join(ids[n], NULL);
    }
    for (unsigned token = 0; token < TOKENS; token++) {
        check(m.hops[token] == HOPS, "a token took the wrong number of hops");
    }
    printf("GICv%u: %u tokens, %u hops each\n", (unsigned)version, TOKENS, HOPS);
}

int main(void)
{
    run_machine(VGIC_V2);
    run_machine(VGIC_V3);
    return 0;
}
