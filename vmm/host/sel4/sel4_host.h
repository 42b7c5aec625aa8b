/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to the seL4 host, but for host_sel4_attach(), which the program calls. */
#ifndef VMM_HOST_SEL4_HOST_H
#define VMM_HOST_SEL4_HOST_H

#include <bulkhead/sel4.h>
#include <bulkhead/start.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/host.h"

#define CONTEXT_REGS 34u /* of seL4_UserContext: without the two thread registers */

/* What kind of message the vCPU waits for an answer to. */
enum host_stop {
    HOST_RUNNING,         /* none: it runs, or was never started */
    HOST_STOPPED,         /* a fault of the common kinds */
    HOST_STOPPED_SYSCALL, /* UnknownSyscall: the answer writes x0..x7 and PC */
    HOST_STOPPED_RARE,    /* another fault: the answer has to be empty */
};

struct host_vcpu {
    seL4_CPtr ep;
    seL4_CPtr reply;
    seL4_CPtr tcb;
    seL4_CPtr vcpu;
    seL4_IPCBuffer *ipc;  /* of the VMM thread */
    bool fault_registers; /* keel extension 1 */
    bool announced;       /* BH_VCPU_READY was signalled */
    bool started;
    enum host_stop stop; /* these are set at each exit: side by side, two at once */
    uint32_t written_x;  /* x registers in `dirty`, bit n = xn */
    struct bh_start_turn turn;
    uint64_t known;                 /* bit i: context[i] is the vCPU's register */
    uint64_t dirty;                 /* bit i: and has to be written back */
    uint64_t context[CONTEXT_REGS]; /* in the order of seL4_UserContext */
    seL4_CPtr slot;                 /* base of this vCPU's capabilities */
};

/* Position in seL4_UserContext of each enum vcpu_reg. */
extern const uint8_t host_context_index[VCPU_REG_COUNT];

/* Write changed registers (at least one) back with a system call. */
void host_write_registers(struct host_vcpu *h);

/* The same as far as possible by the answer to the fault: its words are put into mr and the IPC
 * buffer. Returns its length, 0 if nothing is left to be answered. The first is for faults of the
 * common kinds on a vCPU with fault registers, the second for all others. */
unsigned host_answer_with_registers(struct vcpu *vcpu, seL4_Word mr[4]);
unsigned host_answer_rare(struct host_vcpu *h, seL4_Word mr[4]);

/* Connect a VM to what the manager's start block says. Once, on thread 0. */
struct vm;
void host_sel4_attach(struct vm *vm, const struct bh_start *start);

/* On each thread, last thing before it runs its vCPU: the host's per-thread set-up. */
void host_sel4_enter_thread(struct vcpu *vcpu);

/* Console part. */
void host_console_attach(const struct bh_start *start);

#endif
