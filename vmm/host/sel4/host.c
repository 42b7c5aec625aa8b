/* SPDX-License-Identifier: BSD-2-Clause */
/* The host interface on seL4 and keel: exits, interrupts, time, other vCPUs, fate. */
#include <bulkhead/keel.h>
#include <bulkhead/time.h>
#include <string.h>

#include "core/compiler.h"
#include "core/lock.h"
#include "core/turn.h"
#include "core/vm.h"
#include "host/sel4/sel4_host.h"

/* NOLINTBEGIN(misc-redundant-expression): that they are the same is what is checked */
_Static_assert(HOST_EVENT_TIMER == BH_VMM_EVENT_TIMER &&
                   HOST_EVENT_CONSOLE == BH_VMM_EVENT_CONSOLE &&
                   HOST_EVENT_CONTROL == BH_VMM_EVENT_CONTROL &&
                   HOST_EVENT_KICK == BH_VMM_EVENT_KICK,
               "events are the badge bits of the start block");
/* NOLINTEND(misc-redundant-expression) */

#define PC              0u
#define KNOWN_PC        UINT64_C(1)
#define HVC_BYTES       4u
#define VTIMER_PPI      27u
#define SPSR_EL1H_DAIF  0x3c5u
#define SCTLR_RESET     UINT64_C(0x30d00800) /* RES1 bits; MMU and caches off */
#define UNDEFINED_CLASS UINT64_C(0x02000000) /* ESR: unknown reason, 32-bit instruction */
#define PROBE_LR        0xffu

static const uint8_t sysreg_field[VCPU_SYSREG_COUNT] = {
    [VCPU_SCTLR_EL1] = seL4_VCPUReg_SCTLR,     [VCPU_TTBR0_EL1] = seL4_VCPUReg_TTBR0,
    [VCPU_TTBR1_EL1] = seL4_VCPUReg_TTBR1,     [VCPU_TCR_EL1] = seL4_VCPUReg_TCR,
    [VCPU_ESR_EL1] = seL4_VCPUReg_ESR,         [VCPU_FAR_EL1] = seL4_VCPUReg_FAR,
    [VCPU_VBAR_EL1] = seL4_VCPUReg_VBAR,       [VCPU_VMPIDR_EL2] = seL4_VCPUReg_VMPIDR_EL2,
    [VCPU_SP_EL1] = seL4_VCPUReg_SP_EL1,       [VCPU_ELR_EL1] = seL4_VCPUReg_ELR_EL1,
    [VCPU_SPSR_EL1] = seL4_VCPUReg_SPSR_EL1,   [VCPU_CNTV_CTL] = seL4_VCPUReg_CNTV_CTL,
    [VCPU_CNTV_CVAL] = seL4_VCPUReg_CNTV_CVAL, [VCPU_CNTVOFF] = seL4_VCPUReg_CNTVOFF,
};

/* One VM per process: what all threads need and no vCPU owns. Written once by thread 0. */
static unsigned list_registers;

/* --- messages -> exits ------------------------------------------------------------------------ */

/* A hypercall. PC in the message is that of the HVC; to go on there would repeat it. */
static void hypercall(struct host_vcpu *h, const seL4_Word mr[4], struct host_exit *exit)
{
    for (unsigned n = 0; n < 8; n++) {
        h->context[host_context_index[n]] = n < 4 ? mr[n] : h->ipc->msg[n];
    }
    h->context[PC] = h->ipc->msg[seL4_UnknownSyscall_FaultIP] + HVC_BYTES;
    h->context[1] = h->ipc->msg[seL4_UnknownSyscall_SP];
    h->context[2] = h->ipc->msg[seL4_UnknownSyscall_SPSR];
    h->known = UINT64_C(0x7ff);
    h->dirty = KNOWN_PC;
    h->stop = HOST_STOPPED_SYSCALL;
    exit->kind = HOST_EXIT_HYPERCALL;
}

/* An HVC whose x7 happened to be a system call's number: the capability space is empty. */
static void hypercall_as_cap_fault(struct host_vcpu *h, const seL4_Word mr[4],
                                   struct host_exit *exit)
{
    h->context[PC] = mr[seL4_CapFault_IP] + HVC_BYTES;
    h->known = KNOWN_PC;
    h->dirty = KNOWN_PC;
    h->stop = HOST_STOPPED_RARE;
    exit->kind = HOST_EXIT_HYPERCALL;
}

static COLD void rare_message(struct host_vcpu *h, seL4_Word label, const seL4_Word mr[4],
                              struct host_exit *exit)
{
    switch (label) {
    case seL4_Fault_UnknownSyscall:
        hypercall(h, mr, exit);
        return;
    case seL4_Fault_CapFault:
        hypercall_as_cap_fault(h, mr, exit);
        return;
    case seL4_Fault_UserException:
        h->stop = HOST_STOPPED_RARE;
        exit->kind = HOST_EXIT_TRAP;
        exit->syndrome = UNDEFINED_CLASS;
        return;
    default:
        exit->kind = HOST_EXIT_OTHER;
        exit->syndrome = label;
        return;
    }
}

static COLD struct host_exit other_message(struct host_vcpu *h, seL4_Word badge, seL4_Word label,
                                           seL4_Word mr0, seL4_Word mr1, seL4_Word mr2,
                                           seL4_Word mr3)
{
    const seL4_Word mr[4] = {mr0, mr1, mr2, mr3};
    struct host_exit exit = {.kind = HOST_EXIT_OTHER};
    h->known = 0;
    if ((badge & BH_VMM_FAULT_BADGE) == 0) {
        h->stop = HOST_RUNNING;
        exit.kind = HOST_EXIT_EVENT;
        exit.events = badge;
        return exit;
    }
    switch (label) {
    case seL4_Fault_VGICMaintenance:
        exit.kind = HOST_EXIT_IRQ_RETIRED;
        exit.list_register = mr[0] < list_registers ? (int)mr[0] : -1;
        break;
    case seL4_Fault_VPPIEvent:
        exit.kind = mr[0] == VTIMER_PPI ? HOST_EXIT_TIMER : HOST_EXIT_OTHER;
        exit.syndrome = label;
        break;
    default:
        rare_message(h, label, mr, &exit);
        break;
    }
    return exit;
}

/* What came. No function that is really called gets a pointer to the exit, so that the compiler can
 * keep it in registers. */
static inline void decode(struct host_vcpu *h, seL4_Word badge, seL4_MessageInfo_t info,
                          const seL4_Word mr[4], struct host_exit *exit)
{
    seL4_Word label = seL4_MessageInfo_get_label(info);
    bool fault = (badge & BH_VMM_FAULT_BADGE) != 0;
    h->stop = HOST_STOPPED;
    h->known = KNOWN_PC;
    h->dirty = 0;
    h->written_x = 0;
    if (likely(fault && label == seL4_Fault_VMFault)) {
        h->context[PC] = mr[seL4_VMFault_IP];
        *exit = (struct host_exit){.kind = HOST_EXIT_MEMORY,
                                   .address = mr[seL4_VMFault_Addr],
                                   .syndrome = mr[seL4_VMFault_FSR]};
    } else if (fault && label == seL4_Fault_VCPUFault) {
        if (h->fault_registers) {
            h->context[PC] = mr[KEEL_VCPU_FAULT_PC];
        } else {
            h->known = 0;
        }
        *exit = (struct host_exit){.kind = HOST_EXIT_TRAP, .syndrome = mr[seL4_VCPUFault_HSR]};
    } else {
        struct host_exit other = other_message(h, badge, label, mr[0], mr[1], mr[2], mr[3]);
        *exit = other;
    }
}

/* --- resuming ------------------------------------------------------------------------------- */

/* Nobody reads the words of an empty answer, but a length above 4 spares seL4 an attempt at its
 * fast path that cannot succeed for an answer to a fault. */
#define EMPTY_ANSWER 5u

static inline void answer(struct host_vcpu *h, unsigned length, seL4_Word mr[4],
                          struct host_exit *exit)
{
    seL4_Word badge;
    seL4_MessageInfo_t info =
        seL4_ReplyRecvWithMRs(h->ep, seL4_MessageInfo_new(0, 0, 0, length), &badge, &mr[0], &mr[1],
                              &mr[2], &mr[3], h->reply);
    decode(h, badge, info, mr, exit);
}

static inline void resume_plain(struct host_vcpu *h, struct host_exit *exit)
{
    if (h->dirty != 0) {
        host_write_registers(h);
    }
    seL4_Word mr[4] = {0, 0, 0, 0};
    answer(h, EMPTY_ANSWER, mr, exit);
}

/* Constant lengths let the compiler keep the words in registers. */
static inline void resume_with_registers(struct vcpu *vcpu, struct host_exit *exit)
{
    struct host_vcpu *h = vcpu->host;
    seL4_Word mr[4] = {0, 0, 0, 0};
    unsigned length = host_answer_with_registers(vcpu, mr);
    if (length == 3) {
        answer(h, 3, mr, exit);
    } else if (length == 1) {
        answer(h, 1, mr, exit);
    } else {
        answer(h, length, mr, exit);
    }
}

static COLD struct host_exit resume_rarely(struct host_vcpu *h)
{
    seL4_Word mr[4] = {0, 0, 0, 0};
    seL4_Word badge;
    seL4_MessageInfo_t info;
    struct host_exit exit;
    if (h->stop != HOST_RUNNING) {
        unsigned length = host_answer_rare(h, mr);
        answer(h, length, mr, &exit);
        return exit;
    }
    if (h->announced) {
        info = seL4_RecvWithMRs(h->ep, &badge, h->reply, &mr[0], &mr[1], &mr[2], &mr[3]);
    } else {
        h->announced = true;
        info = seL4_NBSendRecvWithMRs(h->slot + BH_VCPU_READY, seL4_MessageInfo_new(0, 0, 0, 0),
                                      h->ep, &badge, &mr[0], &mr[1], &mr[2], &mr[3], h->reply);
    }
    decode(h, badge, info, mr, &exit);
    return exit;
}

void host_resume(struct vcpu *vcpu, struct host_exit *exit)
{
    struct host_vcpu *h = vcpu->host;
    if (h->stop != HOST_STOPPED) {
        struct host_exit rare = resume_rarely(h);
        *exit = rare;
    } else if (h->fault_registers) {
        resume_with_registers(vcpu, exit);
    } else {
        resume_plain(h, exit);
    }
}

uint64_t host_block(struct vcpu *vcpu)
{
    struct host_vcpu *h = vcpu->host;
    seL4_Word badge = 0;
    if (h->announced) {
        seL4_Wait(h->slot + BH_VCPU_NTFN, &badge);
    } else {
        h->announced = true;
        seL4_NBSendRecv(h->slot + BH_VCPU_READY, seL4_MessageInfo_new(0, 0, 0, 0), h->ep, &badge,
                        h->reply);
    }
    return badge;
}

/* --- system registers ----------------------------------------------------------------------------
 */

uint64_t host_sysreg_read(struct vcpu *vcpu, enum vcpu_sysreg reg)
{
    return seL4_ARM_VCPU_ReadRegs(vcpu->host->vcpu, sysreg_field[reg]).value;
}

void host_sysreg_write(struct vcpu *vcpu, enum vcpu_sysreg reg, uint64_t value)
{
    seL4_ARM_VCPU_WriteRegs(vcpu->host->vcpu, sysreg_field[reg], value);
}

/* --- interrupts and time -------------------------------------------------------------------------
 */

unsigned host_list_registers(void)
{
    return list_registers;
}

bool host_inject(struct vcpu *vcpu, unsigned list_register, uint32_t intid, unsigned priority,
                 unsigned group)
{
    return seL4_ARM_VCPU_InjectIRQ(vcpu->host->vcpu, (seL4_Uint16)intid, (seL4_Uint8)priority,
                                   (seL4_Uint8)group, (seL4_Uint8)list_register) == seL4_NoError;
}

void host_ack_vtimer(struct vcpu *vcpu)
{
    seL4_ARM_VCPU_AckVPPI(vcpu->host->vcpu, VTIMER_PPI);
}

uint64_t host_now(void)
{
    return bh_ticks();
}

uint64_t host_stamp(void)
{
    return bh_ticks_early();
}

void host_timer_arm(struct vcpu *vcpu, uint64_t deadline)
{
    seL4_Word mr0 = deadline;
    seL4_CallWithMRs(vcpu->host->slot + BH_VCPU_TIMER_EP,
                     seL4_MessageInfo_new(BH_TIMER_SET, 0, 0, 1), &mr0, NULL, NULL, NULL);
}

bool host_stopped(const struct vcpu *vcpu)
{
    return vcpu->host->stop != HOST_RUNNING;
}

void host_give_turn(struct vcpu *vcpu)
{
    const struct host_vcpu *h = vcpu->host;
    seL4_CPtr self = h->slot + BH_VCPU_THREAD_TCB;
    seL4_TCB_SetPriority(self, self, h->turn.priority);
    seL4_Yield();
    seL4_TCB_SetPriority(self, self, h->turn.vmm_priority);
}

void host_relax(void)
{
    seL4_Yield();
}

/* --- vCPUs
 * ------------------------------------------------------------------------------------------ */

void host_kick(struct vcpu *vcpu)
{
    seL4_Signal(vcpu->host->slot + BH_VCPU_KICK);
}

void host_vcpu_start(struct vcpu *vcpu, uint64_t entry, uint64_t argument)
{
    struct host_vcpu *h = vcpu->host;
    seL4_UserContext context;
    memset(&context, 0, sizeof(context));
    context.pc = entry;
    context.spsr = SPSR_EL1H_DAIF;
    context.x0 = argument;

    for (unsigned field = 0; field < seL4_VCPUReg_CNTVOFF; field++) {
        seL4_ARM_VCPU_WriteRegs(h->vcpu, (seL4_VCPUReg)field, 0);
    }
    seL4_ARM_VCPU_WriteRegs(h->vcpu, seL4_VCPUReg_SCTLR, SCTLR_RESET);
    /* Affinity 0.0.0.n; bit 31 is RES1 (Arm ARM D17.2.101). */
    seL4_ARM_VCPU_WriteRegs(h->vcpu, seL4_VCPUReg_VMPIDR_EL2, UINT64_C(0x80000000) | vcpu->index);

    /* The manager sets vCPU 0 going when all threads are ready; others start at once. After an
     * exit the answer to it starts the vCPU. */
    bool resume = !h->started && vcpu->index != 0;
    h->started = true;
    if (h->stop != HOST_RUNNING) {
        h->stop = HOST_STOPPED_RARE;
    }
    h->known = 0;
    h->dirty = 0;
    h->written_x = 0;
    seL4_TCB_WriteRegisters(h->tcb, resume ? 1 : 0, 0, CONTEXT_REGS, &context);
}

/* --- memory
 * ----------------------------------------------------------------------------------------- */

void host_publish(void *bytes, size_t size)
{
    uint64_t ctr;
    __asm__("mrs %0, ctr_el0" : "=r"(ctr));
    uintptr_t line = (uintptr_t)4 << ((ctr >> 16) & 0xf); /* CTR_EL0.DminLine, in words */
    uintptr_t end = (uintptr_t)bytes + size;
    for (uintptr_t at = (uintptr_t)bytes & ~(line - 1); at < end; at += line) {
        __asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
    }
    __asm__ volatile("dsb sy" ::: "memory");
}

/* --- control
 * ----------------------------------------------------------------------------------------- */

uint64_t host_control(struct vcpu *vcpu)
{
    seL4_Word mr0 = vcpu->index;
    seL4_CallWithMRs(BH_VMM_SLOT_MANAGER_EP, seL4_MessageInfo_new(BH_MSG_CONTROL, 0, 0, 1), &mr0,
                     NULL, NULL, NULL);
    return mr0;
}

/* --- fate
 * -------------------------------------------------------------------------------------------- */

static void tell_manager(seL4_Word label)
{
    seL4_CallWithMRs(BH_VMM_SLOT_MANAGER_EP, seL4_MessageInfo_new(label, 0, 0, 0), NULL, NULL, NULL,
                     NULL);
}

void host_power_off(void)
{
    tell_manager(BH_MSG_POWER_OFF);
}

void host_reset(void)
{
    tell_manager(BH_MSG_RESET);
}

void host_fail(const char *text)
{
    char words[64] = {0};
    for (unsigned i = 0; i < sizeof(words) - 1 && text[i] != 0; i++) {
        words[i] = text[i];
    }
    for (unsigned i = 0; i < sizeof(words) / sizeof(seL4_Word); i++) {
        seL4_Word word;
        memcpy(&word, words + i * sizeof(word), sizeof(word));
        seL4_SetMR((int)i, word);
    }
    seL4_Call(BH_VMM_SLOT_MANAGER_EP,
              seL4_MessageInfo_new(BH_MSG_FAILED, 0, 0, sizeof(words) / sizeof(seL4_Word)));
}

/* --- set-up
 * ------------------------------------------------------------------------------------------ */

static struct host_vcpu host_vcpus[BH_MAX_VCPUS];

/* The kernel tells how many list registers there are only by refusing one that does not exist. */
static unsigned probe_list_registers(seL4_CPtr vcpu)
{
    seL4_Error error = seL4_ARM_VCPU_InjectIRQ(vcpu, 0, 0, 0, PROBE_LR);
    return error == seL4_RangeError ? (unsigned)seL4_GetMR(1) + 1 : 0;
}

void host_sel4_attach(struct vm *vm, const struct bh_start *start)
{
    for (unsigned i = 0; i < vm->vcpus; i++) {
        seL4_CPtr slot = BH_VMM_SLOT_VCPU_BASE + i * BH_VMM_VCPU_STRIDE;
        host_vcpus[i] = (struct host_vcpu){
            .ep = slot + BH_VCPU_EP,
            .reply = slot + BH_VCPU_REPLY,
            .tcb = slot + BH_VCPU_TCB,
            .vcpu = slot + BH_VCPU_VCPU,
            .ipc = (seL4_IPCBuffer *)start->thread[i].ipc_buffer,
            .fault_registers = (start->features & BH_FEATURE_FAULT_REGS) != 0,
            .turn = start->vmm.turn[i],
            .slot = slot,
        };
        vm->vcpu[i].host = &host_vcpus[i];
        turn_init(&vm->vcpu[i], host_vcpus[i].turn.us * vm->tick_hz / 1000000);
    }
    list_registers = probe_list_registers(host_vcpus[0].vcpu);
    host_console_attach(start);
}

void host_sel4_enter_thread(struct vcpu *vcpu)
{
    /* No FP from here on: spares the kernel switching it. */
    seL4_TCB_SetFlags(vcpu->host->slot + BH_VCPU_THREAD_TCB, 0, seL4_TCBFlag_fpuDisabled);
}
