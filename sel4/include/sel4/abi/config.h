/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference configuration: what the numbers in this directory were taken for.
 * Only options that show in the ABI are listed.
 */
#ifndef SEL4_ABI_CONFIG_H
#define SEL4_ABI_CONFIG_H

#define CONFIG_KERNEL_MCS                    1
#define CONFIG_WORD_SIZE                     64
#define CONFIG_ENABLE_SMP_SUPPORT            1
#define CONFIG_MAX_NUM_NODES                 4
#define CONFIG_NUM_DOMAINS                   1
#define CONFIG_NUM_PRIORITIES                256
#define CONFIG_ROOT_CNODE_SIZE_BITS          17
#define CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS 230
#define CONFIG_RETYPE_FAN_OUT_LIMIT          256
#define CONFIG_BOOT_THREAD_TIME_SLICE        5 /* ms */

#endif
