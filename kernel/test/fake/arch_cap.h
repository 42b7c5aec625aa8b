/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_ARCH_CAP_H
#define KEEL_ARCH_CAP_H

#include "cap.h"

#define FAKE_FRAME_DEVICE 4u /* info: device, rights [1:0] */

#endif
