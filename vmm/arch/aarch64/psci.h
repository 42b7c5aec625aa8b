/* SPDX-License-Identifier: BSD-2-Clause */
/* Function identifiers and results of PSCI 1.1 (Arm DEN 0022) and SMCCC (Arm DEN 0028). */
#ifndef VMM_ARCH_AARCH64_PSCI_H
#define VMM_ARCH_AARCH64_PSCI_H

#include <stdint.h>

#define SMCCC_64BIT UINT32_C(0x40000000) /* set in the SMC64 form of a function */

#define SMCCC_VERSION       UINT32_C(0x80000000)
#define SMCCC_ARCH_FEATURES UINT32_C(0x80000001)

#define PSCI_VERSION           UINT32_C(0x84000000)
#define PSCI_CPU_SUSPEND       UINT32_C(0x84000001)
#define PSCI_CPU_OFF           UINT32_C(0x84000002)
#define PSCI_CPU_ON            UINT32_C(0x84000003)
#define PSCI_AFFINITY_INFO     UINT32_C(0x84000004)
#define PSCI_MIGRATE_INFO_TYPE UINT32_C(0x84000006)
#define PSCI_SYSTEM_OFF        UINT32_C(0x84000008)
#define PSCI_SYSTEM_RESET      UINT32_C(0x84000009)
#define PSCI_FEATURES          UINT32_C(0x8400000a)
#define PSCI_SYSTEM_RESET2     UINT32_C(0x84000012)

#define PSCI_SUCCESS            INT64_C(0)
#define PSCI_NOT_SUPPORTED      INT64_C(-1)
#define PSCI_INVALID_PARAMETERS INT64_C(-2)
#define PSCI_DENIED             INT64_C(-3)
#define PSCI_ALREADY_ON         INT64_C(-4)
#define PSCI_ON_PENDING         INT64_C(-5)
#define PSCI_INVALID_ADDRESS    INT64_C(-9)

#define PSCI_VERSION_1_1      UINT32_C(0x10001)
#define SMCCC_VERSION_1_1     UINT32_C(0x10001)
#define PSCI_MIGRATE_NOT_USED 2 /* no trusted OS that would have to migrate */

enum psci_affinity { PSCI_AFFINITY_ON, PSCI_AFFINITY_OFF, PSCI_AFFINITY_ON_PENDING };

#endif
