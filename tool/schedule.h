/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where vCPUs run and how much time they get there. The rules that a description has to keep, for
 * every core (docs/description.md says why):
 *
 *  1. The shares of all reservations and the servers' reserve come to 100 % at most.
 *  2. A reservation's priority is at least 2 above that of every vCPU without one: a VMM thread
 * runs one above its vCPU, or above the highest without one that its VM has on the core.
 */
#ifndef BULKHEAD_TOOL_SCHEDULE_H
#define BULKHEAD_TOOL_SCHEDULE_H

#include "system.h"

#define SCHEDULE_WHOLE 1000000u /* a whole core: shares are in millionths */

/* Gives every vCPU its own numbers where one is written for all, and checks them one by one.
 * `cores` exist. Returns false after one line. */
bool schedule_read(struct vm *vm, uint32_t cores);

/* Checks the rules above and sets system->cores. Returns false after one line. */
bool schedule_check(struct system *system);

/* The budget of a vCPU is less than its period. */
bool schedule_reserved(const struct vm *vm, uint32_t vcpu);

/* Share of a core that a vCPU with a reservation can use, events included; rounded up. */
uint32_t schedule_share(const struct vm *vm, uint32_t vcpu);

/* vCPUs on a core. */
uint32_t schedule_vcpus(const struct system *system, uint32_t core);

/* Share of a core with so many vCPUs that is kept for its timer; for all servers. */
uint32_t schedule_timer(uint32_t vcpus);
uint32_t schedule_reserve(uint32_t core, uint32_t vcpus);

#endif
