/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The servers that every system has: the console, and the timer with a thread per core.
 */
#ifndef MANAGER_SERVERS_H
#define MANAGER_SERVERS_H

#include <stdbool.h>

#include "board.h"
#include "description.h"
#include "domain.h"
#include "event.h"

/* Set up the UART for the manager's own lines. */
bool servers_early_console(const struct board *board);

/* Start the console with the manager as client 0 and the VMs behind it; lines go through it from
 * now on. */
bool servers_start_console(const seL4_BootInfo *info, const struct board *board,
                           const struct description *description);

/* Start the timer server on every core and wait until it serves. */
bool servers_start_timer(const seL4_BootInfo *info, const struct board *board);

/* The next byte that the console has for the manager: typed, or BH_CONSOLE_COMMAND_*. False if
 * there is none; EVENT_CONSOLE tells of the next one then. */
bool servers_console_input(uint8_t *byte);

/* Give the keyboard to a VM. */
void servers_focus_console(unsigned vm);

/* Start the console server anew, unless it has failed too often lately; without one, the manager
 * writes its lines itself. fault: what ended it, to be reported; NULL = somebody wants it so. */
void servers_restart_console(const struct event *fault);

/* Report the fault of a thread of the timer server, which is not started again. */
void servers_report_timer_fault(const struct event *fault);

/* The keyboard is with that client of the console (0: the monitor), and stays with it. False if
 * there is no such client. */
bool servers_note_focus(unsigned client);

/* Whether this is the server's address space. */
bool servers_console_is(seL4_CPtr vspace);
bool servers_timer_is(seL4_CPtr vspace);

/* Tell of each page that the manager and the servers share with others: what it is, and of whom. */
void servers_each_page(void (*tell)(const char *what, const char *name, seL4_CPtr frame));

/* Let the console take all lines of the manager that wait for it. */
void servers_drain_lines(void);

/* The console may use all the time there is: for when no VM runs any more. */
void servers_free_console(void);

/* Ask the console to tell when it has nothing to put out any more; true once it has told, or if
 * there is no console. What is typed meanwhile is dropped. */
void servers_ask_out(void);
bool servers_all_out(void);

/* Facts that every start block has. */
void servers_fill_start(struct bh_start *start, const struct board *board, const char *name);

/* Connect VM number vm (0 ...) to the console: a fresh pipe, its page mapped in the VMM, its
 * notification (thread 0) known to the server. */
bool servers_connect_console(unsigned vm, struct domain *vmm, seL4_CPtr notification);
/* The VM has gone. */
void servers_disconnect_console(unsigned vm);

/* Connect a VMM thread as client number client of its core's timer. slot: where the endpoint goes
 * in the VMM's space; notification: the thread's. */
bool servers_connect_timer(unsigned core, unsigned client, struct domain *vmm, unsigned slot,
                           seL4_CPtr notification);

#endif
