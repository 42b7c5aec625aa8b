/* SPDX-License-Identifier: BSD-2-Clause */
/* PL011 and PL031: register behaviour, and every offset and width of every device of the board. */
#include "machine.h"

#include <string.h>

#define DR   0x00u
#define FR   0x18u
#define IFLS 0x34u
#define IMSC 0x38u
#define RIS  0x3cu
#define MIS  0x40u
#define ICR  0x44u

static int set_up(void **state)
{
    machine_new(2, 1);
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static uint64_t read_at(uint64_t address, unsigned width)
{
    uint64_t value = 0;
    assert_int_equal(region_bus_access(&machine.board.vm.bus, machine_vcpu(0),
                                       &machine_vcpu(0)->last_region, address, width, false,
                                       &value),
                     REGION_HANDLED);
    return value;
}

static void write_at(uint64_t address, unsigned width, uint64_t value)
{
    assert_int_equal(region_bus_access(&machine.board.vm.bus, machine_vcpu(0),
                                       &machine_vcpu(0)->last_region, address, width, true, &value),
                     REGION_HANDLED);
}

static uint32_t uart(unsigned offset)
{
    return (uint32_t)read_at(BOARD_PL011_BASE + offset, 4);
}

static void uart_write(unsigned offset, uint32_t value)
{
    write_at(BOARD_PL011_BASE + offset, 4, value);
}

static void type(const char *text)
{
    fake.input = text;
    fake.input_size = strlen(text);
    vm_device_events(&machine.board.vm, HOST_EVENT_CONSOLE);
}

static void reset_values(void **state)
{
    assert_int_equal(uart(FR), 0x90);
    assert_int_equal(uart(0x30), 0x300);
    assert_int_equal(uart(IFLS), 0x12);
    assert_int_equal(uart(RIS), 0);
    static const uint8_t id[8] = {0x11, 0x10, 0x14, 0, 0x0d, 0xf0, 0x05, 0xb1};
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(uart(0xfe0 + i * 4), id[i]);
        assert_int_equal(read_at(BOARD_PL011_BASE + 0xfe0 + i * 4, 1), id[i]);
    }
}

/* Bytes stored at offset 0 appear, whatever has been set up before. */
static void early_output(void **state)
{
    static const char text[] = "early\n";
    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        write_at(BOARD_PL011_BASE, 1, (uint8_t)text[i]);
    }
    assert_memory_equal(fake.console, text, sizeof(text) - 1);
    assert_int_equal(fake.flushes, 1);
}

static void output_is_batched_but_not_kept(void **state)
{
    uart_write(DR, '$');
    assert_int_equal(fake.flushes, 0);
    for (unsigned i = 0; i < 10; i++) {
        uart(FR); /* the guest waits for a key */
    }
    assert_int_equal(fake.flushes, 1);
    uart_write(DR, '%');
    assert_true(machine.board.vm.alarm != UINT64_MAX); /* the guest does something else */
    vm_device_events(&machine.board.vm, HOST_EVENT_TIMER);
    assert_int_equal(fake.flushes, 2);
    for (unsigned i = 0; i < 1000; i++) {
        uart_write(DR, 'x');
    }
    assert_int_equal(fake.flushes, 5);
}

static void full_console_shows_in_flags(void **state)
{
    fake.console_room = 2;
    uart_write(0x2c, 0x70); /* FIFOs on */
    for (unsigned i = 0; i < 18; i++) {
        assert_int_equal(uart(FR) & 0x20, 0);
        uart_write(DR, 'a' + i);
    }
    assert_int_equal(uart(FR) & 0xa8, 0x28); /* full, busy, not empty */
    uart_write(ICR, 0x7ff);
    fake.console_room = 100;
    vm_device_events(&machine.board.vm, HOST_EVENT_CONSOLE);
    assert_int_equal(uart(FR) & 0xa8, 0x80);
    assert_int_equal(uart(RIS) & 0x20, 0x20);
    assert_memory_equal(fake.console, "abcdefghijklmnopqr", 18);
    assert_int_equal(machine.board.uart.lost, 0);
}

static void full_console_ends(void **state)
{
    fake.console_room = 0;
    for (unsigned i = 0; i < 100; i++) {
        uart_write(DR, 'x');
    }
    assert_true(machine.board.uart.lost > 0);
}

static void receiving(void **state)
{
    uart_write(0x2c, 0x70);
    uart_write(IMSC, 0x50);
    type("abc");
    assert_int_equal(uart(RIS) & 0x50, 0x40); /* below the trigger: timeout */
    assert_int_equal(uart(MIS) & 0x50, 0x40);
    assert_true(machine.board.uart.irq.level);
    assert_int_equal(uart(FR) & 0x50, 0);
    assert_int_equal(uart(DR), 'a');
    assert_int_equal(uart(DR), 'b');
    assert_int_equal(uart(DR), 'c');
    assert_int_equal(uart(FR) & 0x10, 0x10);
    assert_int_equal(uart(RIS) & 0x50, 0);
    assert_false(machine.board.uart.irq.level);
    assert_int_equal(uart(DR), 0);

    type("0123456789abcdefghijklmnopqrstuvwxyz"); /* more than the FIFO: nothing is lost */
    assert_int_equal(uart(FR) & 0x40, 0x40);
    assert_int_equal(uart(RIS) & 0x10, 0x10);
    char text[37] = {0};
    for (unsigned i = 0; (uart(FR) & 0x10) == 0 && i < 36; i++) {
        text[i] = (char)uart(DR);
    }
    assert_string_equal(text, "0123456789abcdefghijklmnopqrstuvwxyz");
}

static void without_fifo(void **state)
{
    uart_write(IMSC, 0x10);
    type("xy");
    assert_int_equal(uart(FR) & 0x40, 0x40);
    assert_int_equal(uart(MIS), 0x10);
    assert_int_equal(uart(DR), 'x');
    assert_int_equal(uart(DR), 'y');
    assert_int_equal(uart(FR) & 0x10, 0x10);
}

static void loopback(void **state)
{
    uart_write(0x30, 0x380);
    uart_write(DR, 'L');
    assert_int_equal(uart(DR), 'L');
    assert_int_equal(fake.console_size, 0);
}

static void widths(void **state)
{
    uint64_t value = 0;
    struct vcpu *vcpu = machine_vcpu(0);
    assert_int_equal(pl011_access(&machine.board.uart, vcpu, 1, 2, false, &value), REGION_ERROR);
    assert_int_equal(pl011_access(&machine.board.uart, vcpu, 4, 8, false, &value), REGION_ERROR);
    assert_int_equal(pl011_access(&machine.board.uart, vcpu, 0xffe, 4, false, &value),
                     REGION_ERROR);
    assert_int_equal(read_at(BOARD_PL011_BASE + 0x30, 8), UINT64_C(0x1200000300));
    assert_int_equal(read_at(BOARD_PL011_BASE + 0x31, 1), 0);
    write_at(BOARD_PL011_BASE + 0x3, 1, 'q');
    assert_int_equal(fake.console_size, 0);
}

static void clock_runs(void **state)
{
    fake.now = 5000000;
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 5);
    write_at(BOARD_PL031_BASE + 8, 4, 1000);
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 1000);
    fake.now = 7000000;
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 1002);
    assert_int_equal(read_at(BOARD_PL031_BASE + 0xc, 4), 1);
    write_at(BOARD_PL031_BASE + 0x10, 4, 1);
    write_at(BOARD_PL031_BASE + 4, 4, 1010);
    fake.now = 14000000;
    vm_device_events(&machine.board.vm, HOST_EVENT_TIMER);
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x18, 4), 0);
    fake.now = 15000000;
    vm_device_events(&machine.board.vm, HOST_EVENT_TIMER);
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x18, 4), 1);
    assert_true(machine.board.rtc.irq.level);
    write_at(BOARD_PL031_BASE + 0x1c, 4, 1);
    assert_false(machine.board.rtc.irq.level);
    write_at(BOARD_PL031_BASE + 4, 4, 0xffffffff); /* far away: never now */
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x14, 4), 0);
}

/* DDI 0224C 2.2: the counter is compared with MR all the time, also after it has been set back. */
static void clock_that_is_set_back_matches_again(void **state)
{
    fake.now = 100000000;
    write_at(BOARD_PL031_BASE + 0x10, 4, 1);
    write_at(BOARD_PL031_BASE + 4, 4, 102);
    fake.now = 102000000;
    vm_device_events(&machine.board.vm, HOST_EVENT_TIMER);
    assert_true(machine.board.rtc.irq.level);
    write_at(BOARD_PL031_BASE + 0x1c, 4, 1);
    machine.board.vm.alarm = UINT64_MAX; /* as thread 0 leaves it when it has come */
    write_at(BOARD_PL031_BASE + 8, 4, 95);
    assert_false(machine.board.rtc.irq.level);
    assert_int_equal(machine.board.vm.alarm, 109000000);
    fake.now = 109000000;
    vm_device_events(&machine.board.vm, HOST_EVENT_TIMER);
    assert_true(machine.board.rtc.irq.level);
}

/* With the interrupt masked nothing wakes the VMM at the match: it is found at the next access. */
static void match_is_kept_until_cleared(void **state)
{
    write_at(BOARD_PL031_BASE + 4, 4, 2);
    fake.now = 3000000;
    write_at(BOARD_PL031_BASE + 4, 4, 1000);
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x14, 4), 1);
    write_at(BOARD_PL031_BASE + 0x1c, 4, 1);
    write_at(BOARD_PL031_BASE + 4, 4, 5);
    fake.now = 6000000;
    write_at(BOARD_PL031_BASE + 8, 4, 2000);
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x14, 4), 1);
    write_at(BOARD_PL031_BASE + 0x1c, 4, 1);
    write_at(BOARD_PL031_BASE + 4, 4, 2002);
    fake.now = 9000000;
    write_at(BOARD_PL031_BASE + 0x1c, 4, 1); /* the match came before */
    assert_int_equal(read_at(BOARD_PL031_BASE + 0x14, 4), 0);
}

/* A VM that starts later shows the later time; what a guest sets lasts until a reset. */
static void clock_shows_time_of_day(void **state)
{
    struct board_config config = machine.config;
    struct board *board = &machine.board;
    config.clock = (struct bh_start_clock){.seconds = 1700000000, .ticks = 5000000};
    fake.now = 65000000;
    vm_init(&board->vm, 1, config.tick_hz, &machine.stats);
    assert_true(board_init(board, &config));
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 1700000060);
    write_at(BOARD_PL031_BASE + 8, 4, 1000);
    fake.now += 1000000;
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 1001);
    board->rtc.device.ops->reset(&board->rtc.device);
    assert_int_equal(read_at(BOARD_PL031_BASE, 4), 1700000061);
}

/* Every offset, width and direction of every region gives a value or an abort. */
static void sweep(unsigned gic_version, unsigned vcpus)
{
    static const uint64_t patterns[] = {0, 1, 0x80, UINT32_MAX, UINT64_MAX, 0x5555555555555555};
    machine_new(gic_version, vcpus);
    fake.console_room = SIZE_MAX;
    for (unsigned r = 0; r < machine.board.vm.bus.count; r++) {
        struct region *region = &machine.board.vm.bus.region[r];
        uint64_t size = region->size;
        for (uint64_t offset = 0; offset < size; offset++) {
            if (offset > 0x2000 && (offset & 0xff) > 0x10) {
                continue; /* wide, mostly empty frames: a sample */
            }
            for (unsigned width = 1; width <= 8; width *= 2) {
                for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
                    uint64_t value = patterns[p];
                    region_bus_access(&machine.board.vm.bus, machine_vcpu(0),
                                      &machine_vcpu(0)->last_region, region->base + offset, width,
                                      true, &value);
                }
                uint64_t value = 0;
                region_bus_access(&machine.board.vm.bus, machine_vcpu(0),
                                  &machine_vcpu(0)->last_region, region->base + offset, width,
                                  false, &value);
            }
        }
    }
    for (unsigned i = 0; i < vcpus; i++) {
        vgic_flush(&machine.board.vgic, i);
    }
    for (unsigned i = 0; i < machine.board.vm.devices; i++) {
        struct device *device = machine.board.vm.device[i];
        device->ops->dump(device);
        device->ops->reset(device);
    }
    assert_null(fake.failure);
    machine_free();
}

static void sweep_v2(void **state)
{
    sweep(2, 1);
    sweep(2, 8);
}

static void sweep_v3(void **state)
{
    sweep(3, 1);
    sweep(3, 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reset_values),
        TEST(early_output),
        TEST(output_is_batched_but_not_kept),
        TEST(full_console_shows_in_flags),
        TEST(full_console_ends),
        TEST(receiving),
        TEST(without_fifo),
        TEST(loopback),
        TEST(widths),
        TEST(clock_runs),
        TEST(clock_that_is_set_back_matches_again),
        TEST(match_is_kept_until_cleared),
        TEST(clock_shows_time_of_day),
        cmocka_unit_test(sweep_v2),
        cmocka_unit_test(sweep_v3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
