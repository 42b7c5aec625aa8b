/* SPDX-License-Identifier: BSD-2-Clause */
#include "host/fake/fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lock.h"
#include "core/vm.h"

struct fake_host fake;

void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    fake.console_room = sizeof(fake.console);
}

void fake_attach(struct vm *vm)
{
    for (unsigned i = 0; i < vm->vcpus; i++) {
        vm->vcpu[i].host = &fake.vcpu[i];
        fake.vcpu[i].armed = UINT64_MAX;
    }
}

void host_resume(struct vcpu *vcpu, struct host_exit *exit)
{
    memset(exit, 0, sizeof(*exit));
    if (fake.on_resume != NULL) {
        fake.on_resume(vcpu, exit);
    }
}

uint64_t host_block(struct vcpu *vcpu)
{
    if (fake.on_block == NULL) {
        fprintf(stderr, "fake host: vCPU %u blocks for ever\n", vcpu->index);
        abort();
    }
    return fake.on_block(vcpu);
}

void host_reg_expect(struct vcpu *vcpu, unsigned x)
{
    if (x > 30) {
        abort();
    }
}

uint64_t host_reg_read(struct vcpu *vcpu, enum vcpu_reg reg)
{
    if (reg >= VCPU_REG_COUNT) {
        abort();
    }
    return vcpu->host->reg[reg];
}

void host_reg_write(struct vcpu *vcpu, enum vcpu_reg reg, uint64_t value)
{
    if (reg >= VCPU_REG_COUNT) {
        abort();
    }
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
    return FAKE_LRS;
}

bool host_inject(struct vcpu *vcpu, unsigned list_register, uint32_t intid, unsigned priority,
                 unsigned group)
{
    struct host_vcpu *h = vcpu->host;
    if (list_register >= FAKE_LRS || intid > 1019 || priority > 31 || group > 1) {
        abort();
    }
    h->injection[h->injections++ % FAKE_INJECTIONS] =
        (struct fake_injection){list_register, intid, priority, group};
    return true;
}

void host_ack_vtimer(struct vcpu *vcpu)
{
    vcpu->host->vtimer_acks++;
}

uint64_t host_now(void)
{
    return fake.now;
}

uint64_t host_stamp(void)
{
    return fake.now;
}

void host_timer_arm(struct vcpu *vcpu, uint64_t deadline)
{
    vcpu->host->armed = deadline;
}

uint64_t host_control(struct vcpu *vcpu)
{
    uint64_t held = vcpu->host->held;
    vcpu->host->held = 0;
    vcpu->host->controls++;
    return held;
}

bool host_stopped(const struct vcpu *vcpu)
{
    (void)vcpu;
    return !fake.vcpu_runs;
}

void host_give_turn(struct vcpu *vcpu)
{
    (void)vcpu;
    fake.turns_given++;
}

void host_relax(void)
{
    fake.relaxes++;
    if (fake.on_relax != NULL) {
        fake.on_relax();
    }
}

void host_kick(struct vcpu *vcpu)
{
    vcpu->host->kicks++;
}

void host_vcpu_start(struct vcpu *vcpu, uint64_t entry, uint64_t argument)
{
    struct host_vcpu *h = vcpu->host;
    memset(h->reg, 0, sizeof(h->reg));
    memset(h->sysreg, 0, sizeof(h->sysreg));
    h->reg[VCPU_REG_PC] = entry;
    h->reg[VCPU_REG_X0] = argument;
    h->reg[VCPU_REG_SPSR] = 0x3c5;
    h->starts++;
}

void host_publish(void *bytes, size_t size)
{
}

size_t host_console_write(const void *bytes, size_t size)
{
    size_t taken = size < fake.console_room ? size : fake.console_room;
    size_t space = sizeof(fake.console) - fake.console_size;
    size_t kept = taken < space ? taken : space;
    memcpy(fake.console + fake.console_size, bytes, kept);
    fake.console_size += kept;
    fake.console_room -= taken;
    return taken;
}

void host_console_flush(void)
{
    fake.flushes++;
}

size_t host_console_read(void *bytes, size_t size)
{
    size_t count = size < fake.input_size ? size : fake.input_size;
    if (count > 0) {
        memcpy(bytes, fake.input, count);
    }
    fake.input += count;
    fake.input_size -= count;
    return count;
}

void host_log(const char *line, size_t size)
{
    size_t space = sizeof(fake.log) - fake.log_size;
    size_t kept = size < space ? size : space;
    memcpy(fake.log + fake.log_size, line, kept);
    fake.log_size += kept;
    fake.log_lines++;
}

void host_power_off(void)
{
    fake.power_offs++;
}

void host_reset(void)
{
    fake.resets++;
}

void host_fail(const char *text)
{
    fake.failure = text;
}
