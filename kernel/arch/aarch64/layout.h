/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that C and assembly must agree on; trap.c checks them. */
#ifndef KEEL_AARCH64_LAYOUT_H
#define KEEL_AARCH64_LAYOUT_H

#define KERNEL_STACK_BITS 13 /* per core */

/* struct regs */
#define REGS_X30  (30 * 8) /* and SP */
#define REGS_PC   (32 * 8) /* and SPSR */
#define REGS_SIZE (37 * 8)

/* struct tcb, struct cpu */
#define TCB_REGS  (5 * 32)
#define CPU_STACK 0

#endif
