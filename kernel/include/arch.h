/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core needs of an architecture. Besides this file an architecture supplies
 *   arch_types.h   struct arch_tcb (register context first), struct arch_cpu, and the constants
 *                  ARCH_IRQS         number of interrupt indices, per-core ones counted per core
 *                  ARCH_OBJECTS      number of object types, generic ones included
 *                  ARCH_MSG_REGS     message registers held in CPU registers (4)
 *                  ARCH_CONTEXT_REGS words of seL4_UserContext (36)
 *                  ARCH_FRAME_REGS   of these, the leading ones that CopyRegisters calls "frame"
 * (17) ARCH_TIMEOUT_REGS of these, the leading ones that a timeout reply sets (34) ARCH_TLS_REG of
 * these, the one that SetTLSBase sets ARCH_US_MAX       largest microseconds value whose conversion
 * does not overflow arch_cap.h     layout of its capabilities arch_cpu.h     this_cpu()
 *   arch_inline.h  the functions marked [inline] below, as static inline functions
 *
 * All functions are called with the big lock held and may assume that a thread passed to them is
 * not running on another core, unless they say otherwise.
 */
#ifndef KEEL_ARCH_H
#define KEEL_ARCH_H

#include "invoke.h"

/* --- registers of a thread --- */

/*
 * A thread that traps with a system call instruction has two addresses: the restart PC (of the
 * instruction) and the next PC (after it), which is where it goes on unless arch_restart is called.
 * For faults and interrupts both are the address where the thread was stopped.
 *
 * [inline] word arch_restart_pc(const struct tcb *t);    as ReadRegisters and faults show it
 * [inline] void arch_set_pc(struct tcb *t, word pc);     restart and next PC
 * [inline] void arch_restart(struct tcb *t);             next PC := restart PC
 * [inline] void arch_commit_pc(struct tcb *t);           restart PC := next PC (stopped while
 * running)
 *
 * Operands and results of a system call (see enum syscall_reg), message registers:
 * [inline] word arch_get_reg(const struct tcb *t, enum syscall_reg reg);
 * [inline] void arch_set_reg(struct tcb *t, enum syscall_reg reg, word value);
 * [inline] word arch_get_mr(const struct tcb *t, unsigned i);           i < ARCH_MSG_REGS
 * [inline] void arch_set_mr(struct tcb *t, unsigned i, word value);
 *
 * The thread's IPC buffer through the kernel's window, NULL if it has none that can be used that
 * way (writing needs a mapping right of read and write). Frame in t->slot[TCB_BUFFER], address
 * t->ipc_buffer.
 * [inline] seL4_IPCBuffer *arch_ipc_buffer(const struct tcb *t, bool write);
 */

/* Word i < ARCH_CONTEXT_REGS of seL4_UserContext. The PC is the restart PC. */
word arch_get_context(const struct tcb *t, unsigned i);

/* Sets word i, sanitised. The PC sets restart and next PC. */
void arch_set_context(struct tcb *t, unsigned i, word value);

/* Registers of a new TCB (memory is zero): default SPSR. */
void arch_tcb_init(struct tcb *t);

/* t->flags has changed (FPU disabled). */
void arch_flags_changed(struct tcb *t);

/* The TCB is being destroyed: VCPU, FPU and whatever else of it is in hardware are let go. */
void arch_tcb_finalise(struct tcb *t);

/* --- faults --- */

/*
 * Message words of t->fault for the types UnknownSyscall, UserException and from
 * FAULT_ARCH_FIRST on (with the words of extension 1 if the thread's flag is set), written to the
 * receiver's message registers and, from ARCH_MSG_REGS on, to buffer->msg[i] (NULL: stop
 * there). Returns the number of words written.
 */
unsigned arch_fault_message(const struct tcb *faulter, struct tcb *receiver,
                            seL4_IPCBuffer *buffer);

/*
 * The answer to such a fault: `length` words in the replier's registers and buffer (may be NULL;
 * length is then at most ARCH_MSG_REGS). Returns whether the faulter runs on: for UnknownSyscall
 * and UserException iff label is 0, for the others always.
 */
bool arch_fault_reply(struct tcb *faulter, const struct tcb *replier, const seL4_IPCBuffer *buffer,
                      word label, unsigned length);

/* --- running threads --- */

/*
 * Makes `t` the thread that the calling core returns to: address space, VCPU, FPU trap. Called only
 * when the current thread changes or its address space may have; not for the idle thread, which
 * leaves everything as it is.
 */
void arch_switch_to(struct cpu *cpu, struct tcb *t);

/*
 * `t` is about to move to another core: what it has in this or another core's hardware (VCPU, FPU)
 * goes to memory. t->core is still the old one.
 */
void arch_migrate(struct tcb *t);

/* --- time --- */

/* [inline] ticks arch_time(void);                  the kernel clock */

/* The next timer interrupt of the calling core, absolute; one in the past fires at once. */
void arch_set_deadline(ticks deadline);

ticks arch_us_to_ticks(word us); /* us <= ARCH_US_MAX */
word arch_ticks_to_us(ticks t);

/* --- cores --- */

/* Makes another core enter the kernel and call kernel_tick when it gets the lock. */
void arch_ipi_reschedule(unsigned core);

/*
 * Returns when the other core is in the kernel, its thread's context saved, waiting for the lock
 * (for what, cpus[core].repeats tells).
 */
void arch_ipi_stall(unsigned core);

/* --- waiting for the lock --- */

/* [inline] void arch_relax(void);   in a loop that waits for another core */

/* Does on the calling core, which waits for the lock, what its holder has asked for. */
void arch_wait_serve(struct cpu *cpu);

/*
 * Sleeps until another core calls arch_wait_wake() for this one or wants something of it; returns
 * at once if that has happened since it slept last, and may return early.
 */
void arch_wait_sleep(void);
void arch_wait_wake(unsigned core);

/* --- interrupts --- */

/* Is an interrupt waiting for the calling core? */
bool arch_interrupt_pending(void);

void arch_irq_mask(unsigned irq);

/* A handler capability was made or set up: the line may fire. */
void arch_irq_enable(unsigned irq);

/* IRQHandler_Ack: GICv2 unmasks, GICv3 deactivates. */
void arch_irq_ack(unsigned irq);

/*
 * IRQControl_Get names interrupts by number: true with the index if `irq` is in range. *max is the
 * largest legal number for the error reply.
 */
bool arch_irq_index(word irq, unsigned *index, word *max);

/* IRQControl methods of the architecture (GetTrigger, GetTriggerCore...). */
enum status arch_irq_control_decode(struct invocation *inv);

/* --- capabilities --- */

/* Invocation of one of its capabilities. */
enum status arch_decode(struct invocation *inv);

/* As cap_derive, cap_mask_rights for its types. */
seL4_Error arch_cap_derive(struct cap cap, struct cap *out);
struct cap arch_cap_mask_rights(struct cap cap, word rights);

/* Both of its types. */
bool arch_cap_same_object(struct cap a, struct cap b);

/* Object size for the derivation tree; 0 if the capability names no memory. */
unsigned arch_cap_object_bits(struct cap cap);

/* A capability goes away; `final` if it is the last to its object. Cannot be preempted. */
void arch_cap_finalise(struct cap cap, bool final);

/* --- objects --- */

/* log2 bytes of an object of one of its types. */
unsigned arch_object_bits(unsigned type);

/* May it be made of device memory (frames)? */
bool arch_object_is_frame(unsigned type);

/* The capability of a new object in zeroed memory (unless device). */
struct cap arch_create_object(unsigned type, void *memory, bool device);

/* Zeroes kernel memory of an untyped that is being reset, and cleans it as far as devices and other
 * observers need. */
void arch_clear_memory(void *start, size_t bytes);

/* May `cap` be a thread's VSpace root (assigned to an ASID)? */
bool arch_is_vspace(struct cap cap);

/*
 * SetIPCBuffer: may this (already derived) capability back an IPC buffer at `address`?
 * seL4_IllegalOperation for anything but RAM frames, seL4_AlignmentError, or seL4_NoError.
 */
seL4_Error arch_check_ipc_buffer(struct cap cap, word address);

#include "arch_inline.h"

#endif
