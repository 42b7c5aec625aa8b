/* SPDX-License-Identifier: BSD-2-Clause */
/* WFI, the virtual timer and its livelock, device alarms. */
#include "arch/aarch64/vtimer.h"
#include "machine.h"

#define WFI   ((uint64_t)ESR_EC_WFX << 26 | ESR_IL)
#define TIMER 27u

static unsigned blocks;
static uint64_t step;

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static void gicd(uint64_t offset, uint64_t value)
{
    vgic_dist_access(&machine.board.vgic, 0, offset, 4, true, &value);
}

static uint32_t gicd_read(uint64_t offset)
{
    uint64_t value = 0;
    vgic_dist_access(&machine.board.vgic, 0, offset, 4, false, &value);
    return (uint32_t)value;
}

static int set_up(void **state)
{
    machine_new(2, 1);
    blocks = 0;
    step = 100;
    gicd(0x000, 3);           /* GICD_CTLR */
    gicd(0x104, 1u << 1);     /* SPI 33 on */
    gicd(0x820, 0x01010101u); /* to CPU 0 */
    return 0;
}

static uint64_t time_passes(struct vcpu *vcpu)
{
    blocks++;
    fake.now += step;
    if (fake.now >= fake.vcpu[0].armed) {
        fake.vcpu[0].armed = UINT64_MAX;
        return HOST_EVENT_TIMER;
    }
    return HOST_EVENT_KICK;
}

static uint64_t key_is_pressed(struct vcpu *vcpu)
{
    if (blocks++ > 3) {
        fake.input = "x";
        fake.input_size = 1;
    }
    return HOST_EVENT_CONSOLE;
}

static void resume_runs(struct vcpu *vcpu, struct host_exit *exit)
{
    exit->kind = HOST_EXIT_EVENT;
}

static void run_to_exit(void)
{
    fake.on_resume = resume_runs;
    vcpu_run(machine_vcpu(0));
}

static unsigned injections_of(uint32_t intid)
{
    unsigned count = 0;
    for (unsigned i = 0; i < fake.vcpu[0].injections; i++) {
        count += fake.vcpu[0].injection[i].intid == intid ? 1 : 0;
    }
    return count;
}

static void program_timer(uint64_t ctl, uint64_t deadline)
{
    fake.vcpu[0].sysreg[VCPU_CNTV_CTL] = ctl;
    fake.vcpu[0].sysreg[VCPU_CNTV_CVAL] = deadline;
}

static void timer_ends_idling(void **state)
{
    gicd(0x100, 1u << TIMER);
    program_timer(1, 1000);
    fake.on_block = time_passes;
    trap_exit(WFI);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
    assert_int_equal(fake.now, 1000);
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 1);
}

static uint64_t give_up(struct vcpu *vcpu)
{
    /* Nothing can wake this guest by itself: end with a key. */
    return blocks++ < 50 ? HOST_EVENT_KICK : key_is_pressed(vcpu);
}

static void masked_or_disabled_timer_does_not(void **state)
{
    uint64_t value = 0x10; /* UART receive interrupt */
    pl011_access(&machine.board.uart, machine_vcpu(0), 0x38, 4, true, &value);
    program_timer(1, 0); /* due, but its line is disabled */
    fake.on_block = give_up;
    trap_exit(WFI);
    assert_true(blocks > 50);
    assert_int_equal(fake.vcpu[0].armed, UINT64_MAX);
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 0);
    assert_int_equal(injections_of(33), 1);
}

static void wfe_does_not_block(void **state)
{
    trap_exit(WFI | 1);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
}

/* WFIT x3, FEAT_WFxT: ISS has the register in [9:5], RV in bit 2, TI = 2 in [1:0]. */
static void wfit_ends_at_its_time(void **state)
{
    fake.now = 300;
    fake.vcpu[0].sysreg[VCPU_CNTVOFF] = 200;
    vtimer_reset(machine_vcpu(0));
    machine_set_reg(3, 800); /* of the virtual counter */
    fake.on_block = time_passes;
    trap_exit(WFI | 3u << 5 | 4 | 2);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
    assert_int_equal(fake.now, 1000);
    trap_exit(WFI | 3u << 5 | 4 | 2); /* it is over already */
    assert_int_equal(fake.now, 1000);
    trap_exit(WFI | 31u << 5 | 4 | 2); /* WFIT xzr */
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 12);
}

static void wfit_ends_with_an_interrupt(void **state)
{
    gicd(0x100, 1u << TIMER);
    program_timer(1, 500);
    machine_set_reg(3, UINT64_MAX);
    fake.on_block = time_passes;
    trap_exit(WFI | 3u << 5 | 4 | 2);
    assert_int_equal(fake.now, 500);
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 1);
}

/* Without a register in the syndrome it may end at any time; so it does at once. */
static void wfit_without_its_time(void **state)
{
    trap_exit(WFI | 2);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
}

static void fire(void)
{
    struct host_exit exit = {.kind = HOST_EXIT_TIMER};
    exit_handle(machine_vcpu(0), &exit);
}

/* Fired while its line is disabled: acknowledged only when the guest enables the line and the timer
 * has been reprogrammed, not before (it would fire again at once, for ever). */
static void no_livelock_while_disabled(void **state)
{
    program_timer(1, 0);
    fire();
    run_to_exit();
    assert_int_equal(fake.vcpu[0].vtimer_acks, 0);
    assert_int_equal(injections_of(TIMER), 0);
    assert_int_equal(gicd_read(0x200) >> TIMER & 1, 1); /* pending, as a level */

    program_timer(1, 5000);
    assert_int_equal(gicd_read(0x200) >> TIMER & 1, 0); /* the level is read from the timer */
    gicd(0x100, 1u << TIMER);
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 0);
    assert_int_equal(fake.vcpu[0].vtimer_acks, 1);
}

static void retired(int list_register)
{
    struct host_exit exit = {.kind = HOST_EXIT_IRQ_RETIRED, .list_register = list_register};
    exit_handle(machine_vcpu(0), &exit);
}

static void acknowledged_when_deactivated(void **state)
{
    gicd(0x100, 1u << TIMER);
    program_timer(1, 0);
    fire();
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 1);
    assert_int_equal(fake.vcpu[0].vtimer_acks, 0);
    program_timer(1, 5000); /* the handler set the next deadline */
    retired((int)fake.vcpu[0].injection[0].list_register);
    run_to_exit();
    assert_int_equal(fake.vcpu[0].vtimer_acks, 1);
    assert_int_equal(injections_of(TIMER), 1);
}

/* The guest ends the interrupt and leaves the timer as it is: the source says so again. */
static void still_high_comes_again(void **state)
{
    gicd(0x100, 1u << TIMER);
    program_timer(1, 0);
    fire();
    run_to_exit();
    retired((int)fake.vcpu[0].injection[0].list_register);
    run_to_exit();
    assert_int_equal(fake.vcpu[0].vtimer_acks, 1);
    fire();
    run_to_exit();
    assert_int_equal(injections_of(TIMER), 2);
    assert_int_equal(fake.vcpu[0].vtimer_acks, 1);
}

static void offset_is_respected(void **state)
{
    gicd(0x100, 1u << TIMER);
    fake.now = 10000;
    fake.vcpu[0].sysreg[VCPU_CNTVOFF] = 10000;
    vtimer_reset(machine_vcpu(0));
    program_timer(1, 500);
    fake.on_block = time_passes;
    trap_exit(WFI);
    assert_int_equal(fake.now, 10500);
}

/* While it waits the VM is paused for 1000 ticks. */
static uint64_t paused_once(struct vcpu *vcpu)
{
    if (blocks > 0) {
        return time_passes(vcpu);
    }
    blocks++;
    fake.now += 1000;
    fake.vcpu[0].held = 1000;
    return HOST_EVENT_CONTROL | HOST_EVENT_TIMER; /* the alarm has come meanwhile */
}

static void pause_puts_off_the_timer(void **state)
{
    gicd(0x100, 1u << TIMER);
    program_timer(1, 500);
    fake.on_block = paused_once;
    trap_exit(WFI);
    assert_int_equal(fake.vcpu[0].sysreg[VCPU_CNTVOFF], 1000);
    assert_int_equal(fake.now, 1500);
    assert_int_equal(injections_of(TIMER), 1);
}

static void rtc_alarm_wakes(void **state)
{
    uint64_t value = 1;
    gicd(0x104, 1u << 2); /* SPI 34 on */
    pl031_access(&machine.board.rtc, machine_vcpu(0), 0x10, 4, true, &value);
    value = 3;
    pl031_access(&machine.board.rtc, machine_vcpu(0), 0x04, 4, true, &value);
    step = 500000;
    fake.on_block = time_passes;
    trap_exit(WFI);
    assert_int_equal(fake.now, 3000000);
    run_to_exit();
    assert_int_equal(injections_of(34), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(timer_ends_idling),           TEST(masked_or_disabled_timer_does_not),
        TEST(wfe_does_not_block),          TEST(wfit_ends_at_its_time),
        TEST(wfit_ends_with_an_interrupt), TEST(wfit_without_its_time),
        TEST(no_livelock_while_disabled),  TEST(acknowledged_when_deactivated),
        TEST(still_high_comes_again),      TEST(offset_is_respected),
        TEST(pause_puts_off_the_timer),    TEST(rtc_alarm_wakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
