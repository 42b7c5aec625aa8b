/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_AARCH64_PL011_H
#define KEEL_AARCH64_PL011_H

#include "platform.h"

/* Maps the UART for the log, if this is a debug kernel and the board has one. */
void pl011_init(const struct platform *platform);

#endif
