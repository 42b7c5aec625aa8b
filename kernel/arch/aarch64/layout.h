/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that C and assembly must agree on; trap.c checks them. */
#ifndef KEEL_AARCH64_LAYOUT_H
#define KEEL_AARCH64_LAYOUT_H

#define KERNEL_STACK_BITS 13 /* per core */

/* struct regs */
#define REGS_X30  240 /* and SP */
#define REGS_PC   256 /* and SPSR */
#define REGS_SIZE 296

/* struct tcb, struct cpu */
#define TCB_REGS  160
#define CPU_STACK 0

#endif
