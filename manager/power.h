/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of the system. */
#ifndef MANAGER_POWER_H
#define MANAGER_POWER_H

/* Wait until the console has shown everything, then switch the board off. Does not return. */
_Noreturn void power_off(void);

#endif
