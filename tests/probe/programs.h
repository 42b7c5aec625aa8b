/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of the child thread (programs.S): native ones, then those of a guest at EL1. */
#ifndef PROBE_PROGRAMS_H
#define PROBE_PROGRAMS_H

#include "probe.h"

void probe_read_unmapped(void);
void probe_write_unmapped(void);
void probe_fetch_unmapped(void);
void probe_fetch_misaligned(void);
void probe_read_high(void);
void probe_read_beyond_40_bits(void);
void probe_read_beyond_44_bits(void);
void probe_undefined(void);
void probe_breakpoint(void);
void probe_halt(void);
void probe_unknown_syscall(void);
void probe_svc_immediate(void);
void probe_hvc(void);
void probe_smc(void);
void probe_wfi(void);
void probe_wfe(void);
void probe_read_cntvct(void);
void probe_read_cntpct(void);
void probe_write_cntv_ctl(void);
void probe_read_cntv_tval(void);
void probe_read_cntp_ctl(void);
void probe_read_dczid(void);
void probe_dc_zva(void);
void probe_dc_civac(void);
void probe_ic_ivau(void);
void probe_read_pmccntr(void);
void probe_read_midr(void);
void probe_read_id_pfr0(void);
void probe_tls(void);
void probe_write_daif(void);
void probe_read_daif(void);
void probe_fp(void);
void probe_read_unaligned(void);
void probe_exclusive_unaligned(void);
void probe_read_mdscr(void);
void probe_read_mdccsr(void);
void probe_loop(void);
void probe_syscall_only(void);

void probe_guest_unknown(void);
void probe_guest_yield(void);
void probe_guest_ids(void);
void probe_guest_smc(void);
void probe_guest_wfi(void);
void probe_guest_read(void);
void probe_guest_write(void);
void probe_guest_fetch(void);
void probe_guest_actlr(void);
void probe_guest_tlbi(void);
void probe_guest_dc_isw(void);
void probe_guest_ttbr(void);
void probe_guest_cntp(void);
void probe_guest_cntvct(void);
void probe_guest_cntkctl(void);
void probe_guest_mdscr(void);
void probe_guest_oslar(void);
void probe_guest_cpacr(void);
void probe_guest_fp(void);
void probe_guest_state(void);
void probe_guest_csselr(void);
void probe_guest_undefined(void);
void probe_guest_breakpoint(void);
void probe_guest_svc(void);
void probe_guest_vtimer(void);

#endif
