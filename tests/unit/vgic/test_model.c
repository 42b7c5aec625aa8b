/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library against the model over random guest writes, device lines, SGIs, acknowledgements and
 * deactivations on 1 to 8 vCPUs. Steps: argument or VGIC_MODEL_STEPS, 100,000 otherwise; seed:
 * VGIC_MODEL_SEED.
 */
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t steps = 100000;
static uint64_t seed = 1;

struct world {
    struct hw hw;
    struct model model;
    uint64_t random;
    uint64_t acknowledged;
};

static uint32_t rnd(struct world *w, uint32_t bound)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)((w->random >> 16 & UINT32_MAX) % bound);
}

static unsigned some_vcpu(struct world *w)
{
    unsigned n;

    do {
        n = rnd(w, w->hw.vcpus);
    } while (!w->model.online[n]);
    return n;
}

/* Mostly out of a few, so that they meet. */
static unsigned some_intid(struct world *w)
{
    static const unsigned few[] = {0, 1, 15, 16, 27, 30, 31, 32, 33, 34, 40, 63, 64, 255, 256, 287};

    return rnd(w, 4) != 0 ? few[rnd(w, sizeof(few) / sizeof(few[0]))] : rnd(w, MODEL_INTIDS);
}

static void end_of_exit(struct world *w, unsigned vcpu)
{
    w->model.nr_flushed = 0;
    hw_flush(&w->hw, vcpu);
    model_check_flushed(&w->model, vcpu);
}

static enum region_result dut_access(struct world *w, unsigned self, unsigned frame,
                                     unsigned offset, unsigned width, bool write, uint64_t *value)
{
    w->hw.current = self;
    return frame == 0 ? vgic_dist_access(&w->hw.vgic, self, offset, width, write, value)
                      : vgic_redist_access(&w->hw.vgic, self,
                                           (frame - 1) * VGIC_V3_GICR_STRIDE + 0x10000 + offset,
                                           width, write, value);
}

struct place {
    unsigned frame, offset, width;
};

/* A register that holds something about `intid`. */
static struct place some_place(struct world *w, unsigned self, unsigned intid)
{
    static const unsigned bits[] = {0x080, 0x100, 0x100, 0x100, 0x180, 0x200,
                                    0x200, 0x200, 0x280, 0x300, 0x380, 0x380};
    bool v3 = w->model.v3;
    unsigned owner = rnd(w, 4) == 0 ? rnd(w, w->hw.vcpus) : self;
    struct place place = {v3 && intid < 32 ? 1 + owner : 0, 0, 4};

    switch (rnd(w, 16)) {
    case 0:
        place.frame = 0;
        return place; /* CTLR */
    case 1:
    case 2:
        place.offset = 0x400 + intid;
        place.width = v3 ? 1 : 1u << rnd(w, 3);
        break;
    case 3:
    case 4:
        place.offset = v3 ? 0x6000 + 8 * intid : 0x800 + intid;
        place.width = v3 ? 8 : 1;
        if (v3 && intid < 32) {
            place.offset = 0x100;
            place.width = 4;
        }
        break;
    case 5:
        place.offset = 0xc00 + intid / 4;
        place.width = v3 ? 4 : 1;
        break;
    case 6:
        place.offset = v3 ? 0xc00 + intid / 4 : 0xf10 + intid % 32;
        place.width = v3 ? 4 : 1;
        break;
    default:
        place.offset = bits[rnd(w, sizeof(bits) / sizeof(bits[0]))] + intid / 8;
        place.width = v3 ? 4 : 1u << rnd(w, 3);
        break;
    }
    place.offset &= ~(place.width - 1);
    return place;
}

static uint64_t some_value(struct world *w, struct place place, unsigned intid)
{
    uint64_t noise = (uint64_t)rnd(w, UINT32_MAX) << 32 | rnd(w, UINT32_MAX);

    if (place.offset == 0) {
        return rnd(w, 8) != 0 ? 3 : noise & 3;
    }
    if (place.offset >= 0x6000) {
        return rnd(w, 32) != 0 ? rnd(w, w->hw.vcpus) : noise;
    }
    if (place.offset >= 0x400 && place.offset < 0xc00) {
        return noise;
    }
    if ((place.offset & ~0x7fu) == 0x100 || (place.offset & ~0x7fu) == 0x380) {
        return noise; /* keep most of them able to be delivered */
    }
    if (place.offset < 0x400 && rnd(w, 8) != 0) {
        return UINT64_C(1) << intid % (8 * place.width); /* just this one */
    }
    return noise & noise >> 17;
}

static void guest_write(struct world *w, unsigned self)
{
    unsigned intid = some_intid(w);
    struct place place = some_place(w, self, intid);
    uint64_t value = some_value(w, place, intid);

    model_write(&w->model, self, place.frame, place.offset, place.width, value);
    assert_int_equal(dut_access(w, self, place.frame, place.offset, place.width, true, &value),
                     REGION_HANDLED);
}

/* An SPI that is being handled gets another target and a high line: the new target takes it next.
 */
static void retarget(struct world *w, unsigned self)
{
    unsigned holder = some_vcpu(w);
    unsigned intid = w->hw.cpu[holder].lr[rnd(w, w->hw.lrs)].intid;
    uint64_t value = rnd(w, w->hw.vcpus);

    if (intid < VGIC_NR_PRIVATE) {
        return;
    }
    unsigned offset = w->model.v3 ? 0x6000 + 8 * intid : 0x800 + intid;
    value = w->model.v3 ? value : UINT64_C(1) << value;
    model_write(&w->model, self, 0, offset, w->model.v3 ? 8 : 1, value);
    assert_int_equal(dut_access(w, self, 0, offset, w->model.v3 ? 8 : 1, true, &value),
                     REGION_HANDLED);
    model_set_level(&w->model, self, intid, true);
    vgic_set_level(&w->hw.vgic, self, intid, true);
}

static void guest_read(struct world *w, unsigned self)
{
    struct place place = some_place(w, self, some_intid(w));
    uint64_t value = UINT64_MAX;

    assert_int_equal(dut_access(w, self, place.frame, place.offset, place.width, false, &value),
                     REGION_HANDLED);
    /* The read may have sampled the timer; the model hears of that by the acknowledgement. */
    bool own = place.frame == 0 ? !w->model.v3 : place.frame == 1 + self;
    if (own && place.offset >= 0x200 && place.offset + place.width <= 0x204 &&
        !w->hw.cpu[self].timer) {
        assert_false(w->model.private[self][VGIC_PPI_VTIMER].line);
    }
    uint64_t expected = model_read(&w->model, self, place.frame, place.offset, place.width);
    if (value != expected) {
        fail_msg("vCPU %u frame %u offset 0x%x width %u: read 0x%llx, expected 0x%llx", self,
                 place.frame, place.offset, place.width, (unsigned long long)value,
                 (unsigned long long)expected);
    }
}

static void guest_sgi(struct world *w, unsigned self)
{
    if (!w->model.v3) {
        uint64_t value = rnd(w, 4) << 24 | rnd(w, 256) << 16 | rnd(w, 16);
        model_write(&w->model, self, 0, 0xf00, 4, value);
        assert_int_equal(dut_access(w, self, 0, 0xf00, 4, true, &value), REGION_HANDLED);
        return;
    }
    uint64_t value = (uint64_t)rnd(w, 16) << 24 | rnd(w, 256);
    value |= rnd(w, 8) == 0 ? UINT64_C(1) << 40 : 0;
    value |= rnd(w, 16) == 0 ? UINT64_C(1) << (16 + rnd(w, 48)) : 0;
    value &= ~UINT64_C(0x0f000000) | (uint64_t)rnd(w, 16) << 24;
    enum vgic_sgi_reg reg = (enum vgic_sgi_reg)rnd(w, 3);
    model_write_sgi(&w->model, self, reg, value);
    w->hw.current = self;
    vgic_write_sgi(&w->hw.vgic, self, reg, value);
}

static void device(struct world *w, unsigned self)
{
    unsigned intid = some_intid(w);

    if (intid < 16 || intid == VGIC_PPI_VTIMER) {
        return;
    }
    /* Private lines belong to the thread of their vCPU; a device may be on no vCPU's thread. */
    unsigned thread = intid >= 32 && rnd(w, 4) == 0 ? VGIC_MAX_VCPUS : self;
    w->hw.current = thread;
    if (rnd(w, 4) == 0) {
        model_pulse(&w->model, self, intid);
        vgic_pulse(&w->hw.vgic, thread, intid);
    } else {
        bool level = rnd(w, 2) != 0;
        model_set_level(&w->model, self, intid, level);
        vgic_set_level(&w->hw.vgic, thread, intid, level);
    }
}

static void acknowledge(struct world *w, unsigned self)
{
    w->hw.cpu[self].pmr = rnd(w, 8) == 0 ? rnd(w, 33) : 32;
    w->acknowledged += hw_iar(&w->hw, self) != SPURIOUS;
}

static void maintain(struct world *w, unsigned self)
{
    struct hw_cpu *cpu = &w->hw.cpu[self];

    for (unsigned i = 0; i < w->hw.lrs; i++) {
        if (!cpu->lr[i].eisr) {
            continue;
        }
        if (!cpu->lr[i].stale) {
            model_retired(&w->model, self, cpu->lr[i].intid);
        }
        cpu->lr[i].eisr = false;
        cpu->lr[i].stale = false;
        w->hw.current = self;
        vgic_maintenance(&w->hw.vgic, self, i);
        end_of_exit(w, self);
    }
}

static void deactivate(struct world *w, unsigned self)
{
    for (unsigned i = rnd(w, w->hw.lrs), n = 0; n < w->hw.lrs; n++, i = (i + 1) % w->hw.lrs) {
        if (w->hw.cpu[self].lr[i].state == HW_ACTIVE) {
            hw_deactivate(&w->hw, self, w->hw.cpu[self].lr[i].intid);
            break;
        }
    }
    if (rnd(w, 4) != 0) {
        maintain(w, self);
    }
}

/* An interrupt handler that silences its device, so that list registers become free now and then.
 */
static void serve(struct world *w, unsigned self)
{
    w->hw.cpu[self].pmr = 32;
    for (unsigned i = rnd(w, 24); i > 0; i--) {
        unsigned intid = hw_iar(&w->hw, self);
        if (intid == SPURIOUS) {
            return;
        }
        w->acknowledged++;
        if (intid >= 16 && intid != VGIC_PPI_VTIMER && rnd(w, 8) != 0) {
            w->hw.current = self;
            model_set_level(&w->model, self, intid, false);
            vgic_set_level(&w->hw.vgic, self, intid, false);
        }
        hw_deactivate(&w->hw, self, intid);
        maintain(w, self);
    }
}

/* The vCPU runs until the timer interrupts it, if it is due. */
static void run(struct world *w, unsigned self)
{
    struct hw_cpu *cpu = &w->hw.cpu[self];

    for (unsigned events = 0; cpu->timer && !cpu->timer_masked; events++) {
        assert_true(events < 2); /* a masked interrupt must not come again and again */
        cpu->timer_masked = true;
        w->hw.current = self;
        model_set_level(&w->model, self, VGIC_PPI_VTIMER, true);
        vgic_set_level(&w->hw.vgic, self, VGIC_PPI_VTIMER, true);
        end_of_exit(w, self);
    }
    cpu->ran = true;
}

static void finish_all(struct world *w, unsigned self)
{
    w->hw.cpu[self].pmr = 32;
    for (unsigned i = 0; i < w->hw.lrs; i++) {
        if (w->hw.cpu[self].lr[i].state == HW_ACTIVE) {
            hw_deactivate(&w->hw, self, w->hw.cpu[self].lr[i].intid);
        }
    }
    maintain(w, self);
}

static void power(struct world *w)
{
    unsigned n = rnd(w, w->hw.vcpus);

    if (n == 0) {
        return;
    }
    bool online = !w->model.online[n];
    if (!online) {
        finish_all(w, n); /* a vCPU that goes off handles no interrupt */
    }
    w->hw.current = n;
    model_online(&w->model, n, online);
    vgic_vcpu_online(&w->hw.vgic, n, online);
    if (online) {
        end_of_exit(w, n);
        run(w, n);
    }
}

static void step(struct world *w)
{
    unsigned self = some_vcpu(w);

    run(w, self);
    switch (rnd(w, 24)) {
    case 0 ... 5:
        guest_write(w, self);
        break;
    case 6 ... 7:
        guest_read(w, self);
        break;
    case 8 ... 9:
        guest_sgi(w, self);
        break;
    case 10 ... 12:
        device(w, self);
        break;
    case 13 ... 15:
        acknowledge(w, self);
        break;
    case 16 ... 17:
        deactivate(w, self);
        break;
    case 18 ... 21:
        serve(w, self);
        break;
    case 22:
        w->hw.cpu[self].timer = rnd(w, 2) != 0;
        break;
    default:
        if (rnd(w, 3) == 0) {
            retarget(w, self);
        } else if (rnd(w, 4) == 0) {
            power(w);
        } else {
            maintain(w, self);
        }
        break;
    }
    if (w->model.online[self]) {
        end_of_exit(w, self);
        run(w, self);
    }
    model_check_kicked(&w->model);
    unsigned other = some_vcpu(w);
    if (w->hw.cpu[other].kicks != 0) {
        end_of_exit(w, other);
    }
}

/* With all lines low everything that is enabled is delivered and comes to an end. */
static void drain(struct world *w)
{
    for (unsigned n = 0; n < w->hw.vcpus; n++) {
        w->hw.cpu[n].timer = false;
        for (unsigned intid = 16; intid < MODEL_INTIDS; intid++) {
            if (intid == VGIC_PPI_VTIMER || !w->model.online[n]) {
                continue;
            }
            w->hw.current = n;
            model_set_level(&w->model, n, intid, false);
            vgic_set_level(&w->hw.vgic, n, intid, false);
        }
    }
    for (unsigned n = 0; n < w->hw.vcpus; n++) {
        if (!w->model.online[n]) {
            continue;
        }
        end_of_exit(w, n);
        for (unsigned rounds = 0;; rounds++) {
            assert_true(rounds < 10000);
            finish_all(w, n);
            if (hw_iar(&w->hw, n) == SPURIOUS) {
                break;
            }
            w->acknowledged++;
        }
        assert_false(vgic_deliverable(&w->hw.vgic, n));
    }
    model_check_kicked(&w->model);
}

static void run_world(enum vgic_version version, unsigned vcpus, unsigned lrs, uint64_t count)
{
    struct world *w = calloc(1, sizeof(*w));

    w->random = seed * UINT64_C(0x9e3779b97f4a7c15) + vcpus * 64 + lrs * 8 + version;
    hw_init(&w->hw, version, vcpus, lrs);
    model_init(&w->model, &w->hw);
    for (uint64_t i = 0; i < count; i++) {
        step(w);
        if (i % 65536 == 65535) {
            drain(w);
        }
    }
    drain(w);
    assert_true(w->acknowledged > count / 1000);
    print_message("GICv%u, %u vCPUs, %u list registers: %llu steps, %llu interrupts\n",
                  (unsigned)version, vcpus, lrs, (unsigned long long)count,
                  (unsigned long long)w->acknowledged);
    free(w);
}

static void run_version(enum vgic_version version)
{
    static const struct {
        unsigned vcpus, lrs;
    } shapes[] = {{1, 4}, {1, 1}, {2, 4}, {3, 2}, {4, 4}, {8, 4}, {8, 16}, {2, 1}};
    const unsigned count = sizeof(shapes) / sizeof(shapes[0]);

    for (unsigned i = 0; i < count; i++) {
        run_world(version, shapes[i].vcpus, shapes[i].lrs, steps / (2 * count) + 1);
    }
}

static void test_v2(void **state)
{
    run_version(VGIC_V2);
}

static void test_v3(void **state)
{
    run_version(VGIC_V3);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_v2), cmocka_unit_test(test_v3)};
    const char *text = argc > 1 ? argv[1] : getenv("VGIC_MODEL_STEPS");

    steps = text != NULL ? strtoull(text, NULL, 0) : steps;
    text = getenv("VGIC_MODEL_SEED");
    seed = text != NULL ? strtoull(text, NULL, 0) : seed;
    return cmocka_run_group_tests_name("vgic model", tests, NULL, NULL);
}
