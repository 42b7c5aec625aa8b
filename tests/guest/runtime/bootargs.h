/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line that the boot loader or VMM gives: words "key=value", separated by blanks. */
#ifndef TEST_GUEST_BOOTARGS_H
#define TEST_GUEST_BOOTARGS_H

#include "guest.h"

/* The decimal number of the word "key=NUMBER", or otherwise if there is no such word. */
uint64_t bootargs_number(const char *key, uint64_t otherwise);

/* Whether there is the word "key=value". */
bool bootargs_is(const char *key, const char *value);

#endif
