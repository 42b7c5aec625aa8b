/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start block: what the manager tells a program it has built, and the slots of the program's
 * capability space. The block is mapped read-only in the program; every thread is entered with x0 =
 * address of the block and x1 = thread index (0 first).
 *
 * A program's CNode has 2^BH_CNODE_BITS slots (the timer's 2^BH_TIMER_CNODE_BITS) and resolves
 * 64-bit pointers, so capptr = slot.
 */
#ifndef BULKHEAD_START_H
#define BULKHEAD_START_H

#include <stdint.h>

#define BH_START_MAGIC      UINT64_C(0x5452415453484b42) /* "BKHSTART" in memory order */
#define BH_START_VERSION    1u
#define BH_CNODE_BITS       8
#define BH_TIMER_CNODE_BITS 11 /* the timer server's: room for every client of every core */
#define BH_MAX_VCPUS        8u
#define BH_MAX_RAM_BANKS    4u
#define BH_MAX_WINDOWS      8u /* of one VM */
#define BH_MAX_VMS          48u
#define BH_MAX_CLIENTS      (1u + BH_MAX_VMS) /* of the console: the manager and every VM */
#define BH_MAX_CORES        8u
#define BH_NAME_MAX         32u
#define BH_BOOTARGS_MAX     1024u

enum bh_program {
    BH_PROGRAM_VMM = 1,
    BH_PROGRAM_CONSOLE = 2,
    BH_PROGRAM_TIMER = 3,
};

/* bh_start.features */
#define BH_FEATURE_FAULT_REGS (UINT64_C(1) << 0) /* keel extension 1 is active on the vCPUs */

/* One thread of the program. IPC buffer and stack are already mapped; the buffer is 1 KiB aligned.
 */
struct bh_start_thread {
    uint64_t ipc_buffer;
};

/* A blob or window in the program's address space; size 0 = absent. */
struct bh_start_window {
    uint64_t vaddr;
    uint64_t size; /* bytes */
};

/* A bank of guest RAM. */
struct bh_start_bank {
    uint64_t ipa;
    uint64_t vaddr; /* the same memory in the VMM */
    uint64_t size;  /* bytes */
    uint64_t flags; /* BH_BANK_* */
};
#define BH_BANK_HIDDEN (UINT64_C(1) << 0) /* not in the guest's devicetree */

/* Memory that the guest shares with other VMs; its VMM does not have it. */
struct bh_start_shared {
    uint64_t ipa;
    uint64_t size;  /* bytes */
    uint64_t flags; /* BH_SHARED_* */
    char name[BH_NAME_MAX];
};
#define BH_SHARED_WRITABLE (UINT64_C(1) << 0)

/* Where guest-physical memory may be: as on QEMU's virt board, devices are below and above. */
#define BH_GUEST_MEMORY_BASE UINT64_C(0x40000000)
#define BH_GUEST_MEMORY_END  UINT64_C(0x4000000000)

/*
 * Threads start one after the other: thread n + 1 runs only after thread n has said that it is
 * ready. The windows kernel, initrd and overlay are unmapped as soon as the last thread is ready.
 */

/* --- vmm ----------------------------------------------------------------------------------- */

/* Bits of the badge with which a VMM thread's own notification is signalled. */
#define BH_VMM_EVENT_TIMER   (UINT64_C(1) << 0)
#define BH_VMM_EVENT_CONSOLE (UINT64_C(1) << 1) /* thread 0 only */
#define BH_VMM_EVENT_CONTROL (UINT64_C(1) << 2) /* from the manager */
#define BH_VMM_EVENT_KICK    (UINT64_C(1) << 3) /* from a sibling thread */

/* Badge of vCPU faults on a VMM thread's endpoint (signals of its bound notification never set it).
 */
#define BH_VMM_FAULT_BADGE (UINT64_C(1) << 63)

enum bh_vmm_slot {
    BH_VMM_SLOT_NULL = 0,
    BH_VMM_SLOT_MANAGER_EP,   /* Call: BH_MSG_*; badge names the VM */
    BH_VMM_SLOT_CONSOLE_NTFN, /* signal: the console has something to read */
    BH_VMM_SLOT_VCPU_BASE = 16,
};

/* Slots of vCPU n: BH_VMM_SLOT_VCPU_BASE + n * BH_VMM_VCPU_STRIDE + one of these. */
#define BH_VMM_VCPU_STRIDE 16
enum bh_vmm_vcpu_slot {
    BH_VCPU_TCB,        /* TCB of the vCPU */
    BH_VCPU_VCPU,       /* its VCPU object */
    BH_VCPU_EP,         /* endpoint of VMM thread n: faults of vCPU n (read right) */
    BH_VCPU_REPLY,      /* reply object of VMM thread n */
    BH_VCPU_NTFN,       /* notification of VMM thread n, bound to it (read right) */
    BH_VCPU_KICK,       /* the same notification, badge BH_VMM_EVENT_KICK (write right) */
    BH_VCPU_READY,      /* signal: VMM thread n waits for faults */
    BH_VCPU_TIMER_EP,   /* Call the timer server of vCPU n's core: BH_TIMER_SET */
    BH_VCPU_THREAD_TCB, /* TCB of VMM thread n itself (to give up its FPU) */
};

/* The time of day; all zero if it is not known. */
struct bh_start_clock {
    uint64_t seconds; /* since 1970, */
    uint64_t ticks;   /* when CNTPCT had this value */
};

/* A vCPU without limit takes turns with others of its priority: its VMM thread, which runs at a
 * higher one, goes down to it to end one. */
struct bh_start_turn {
    uint32_t us; /* length of a turn; 0 = the vCPU has a reservation */
    uint32_t priority;
    uint32_t vmm_priority;
};

struct bh_start_vmm {
    uint32_t vcpus;
    uint32_t ram_banks;
    struct bh_start_bank ram[BH_MAX_RAM_BANKS]; /* the first one is not hidden, to boot in */
    uint32_t shared_count;
    uint32_t reserved;
    struct bh_start_clock clock;
    struct bh_start_turn turn[BH_MAX_VCPUS];
    struct bh_start_shared shared[BH_MAX_WINDOWS];
    struct bh_start_window kernel;
    struct bh_start_window initrd;
    struct bh_start_window overlay; /* devicetree overlay */
    struct bh_start_window console; /* struct bh_pipe_pair, see ring.h */
    struct bh_start_window stats;   /* struct bh_stats, all 0; see stats.h */
    char bootargs[BH_BOOTARGS_MAX];
};

/* --- console --------------------------------------------------------------------------------- */

enum bh_console_slot {
    BH_CONSOLE_SLOT_NULL = 0,
    BH_CONSOLE_SLOT_NTFN, /* own notification, bound to the only thread */
    BH_CONSOLE_SLOT_IRQ,  /* handler of the UART's interrupt; badge BH_CONSOLE_EVENT_IRQ */
    BH_CONSOLE_SLOT_CLIENT_BASE = 16, /* + n: signal client n's notification */
};

/* Client n signals with badge 1 << n. */
#define BH_CONSOLE_EVENT_IRQ (UINT64_C(1) << 62)

/* Bytes that the console writes into the manager's pipe besides the ASCII that the user types. */
#define BH_CONSOLE_COMMAND_QUIT 0xf1u /* stop all VMs and switch off */
#define BH_CONSOLE_COMMAND_OUT  0xf2u /* the answer to out_asked: everything is in the UART */
#define BH_CONSOLE_COMMAND_FOCUS                                                                   \
    0x80u /* + n: the keyboard is client n's now; 0 = the monitor's                                \
           */

struct bh_start_console_client {
    char name[BH_NAME_MAX];
    struct bh_start_window pipe; /* struct bh_pipe_pair; size 0 = unused */
    uint32_t generation; /* changes when the manager has initialised the page again for a client
                            that starts anew: the server attaches both its ends again */
    uint32_t running;    /* the client's program runs; cleared when it is gone */
    uint32_t unread;     /* bytes of input that were in the page then, for the client before */
    uint32_t reserved;
};

struct bh_start_console {
    struct bh_start_window uart; /* PL011 registers */
    uint32_t clients;            /* client 0 is the manager */
    uint32_t focus; /* client that gets the keyboard, at first and when this changes: */
    uint32_t focus_change;
    uint32_t out_asked; /* changes when the manager wants to know once there is nothing to be put
                           out any more */
    struct bh_start_console_client client[BH_MAX_CLIENTS];
};

/* --- timer ----------------------------------------------------------------------------------- */

/*
 * One server thread, one alarm thread and one idle thread per core. Clients are VMM threads; the
 * badge of the client's endpoint capability is BH_TIMER_CLIENT_BADGE plus its index on that core.
 */
#define BH_TIMER_CLIENT_BADGE (UINT64_C(1) << 63) /* tells a call from the alarm's signal */
#define BH_TIMER_MAX_CLIENTS  64u                 /* per core */
enum bh_timer_slot {
    BH_TIMER_SLOT_NULL = 0,
    BH_TIMER_SLOT_CORE_BASE = 16,
};

/* Slots of core c: BH_TIMER_SLOT_CORE_BASE + c * BH_TIMER_CORE_STRIDE + ...; thread c serves core
 * c. */
#define BH_TIMER_CORE_STRIDE 160
enum bh_timer_core_slot {
    BH_TIMER_EP,
    BH_TIMER_NTFN,       /* bound to the server thread; the alarm signals it */
    BH_TIMER_NTFN_ALARM, /* the same, write right, badge BH_TIMER_EVENT_ALARM, for the alarm thread
                          */
    BH_TIMER_SCHEDCONTROL, /* of this core */
    BH_TIMER_ALARM_TCB,
    BH_TIMER_ALARM_SC,
    BH_TIMER_READY,            /* signal: the server thread waits for calls */
    BH_TIMER_IDLE_TCB,         /* thread that runs when nothing else wants to */
    BH_TIMER_CLIENT_BASE = 16, /* + client: signal with badge BH_VMM_EVENT_TIMER */
    /* + 0 ... BH_TIMER_MAX_CLIENTS: reply objects, for all clients that wait and one more */
    BH_TIMER_REPLY_BASE = BH_TIMER_CLIENT_BASE + BH_TIMER_MAX_CLIENTS,
};
_Static_assert(BH_TIMER_REPLY_BASE + BH_TIMER_MAX_CLIENTS < BH_TIMER_CORE_STRIDE &&
                   BH_TIMER_SLOT_CORE_BASE + BH_MAX_CORES * BH_TIMER_CORE_STRIDE <=
                       1u << BH_TIMER_CNODE_BITS,
               "the timer's slots");
#define BH_TIMER_EVENT_ALARM (UINT64_C(1) << 0)

struct bh_start_timer {
    uint32_t cores;
    uint32_t reserved;
};

/* --- messages -------------------------------------------------------------------------------- */

/* Labels of messages to the manager (MR0.. as said); the reply has label 0. */
enum bh_message {
    BH_MSG_FAILED =
        0x100,        /* start-up failed: MR0.. = up to 64 bytes of text, NUL padded, as words */
    BH_MSG_POWER_OFF, /* the guest asked for SYSTEM_OFF; never answered */
    BH_MSG_RESET,     /* the guest asked for SYSTEM_RESET; never answered */
    BH_MSG_CONTROL,   /* a VMM thread has got BH_VMM_EVENT_CONTROL and asks until the answer is 0.
                         MR0 = its index. It is answered when its vCPU may run; MR0 = ticks of the
                         system counter by which to hold back the guest's time first */
};

/* Labels of messages to the timer server. */
enum bh_timer_message {
    BH_TIMER_SET = 0x200, /* MR0 = deadline, CNTPCT ticks; UINT64_MAX = none. Reply label 0 */
};

/* --- the block -------------------------------------------------------------------------------- */

struct bh_start {
    uint64_t magic;
    uint32_t version;
    uint32_t program; /* enum bh_program */
    char name[BH_NAME_MAX];
    uint64_t features;
    uint64_t tick_hz;     /* CNTFRQ */
    uint32_t gic_version; /* 2 or 3 */
    uint32_t threads;
    struct bh_start_thread thread[BH_MAX_CORES];
    union {
        struct bh_start_vmm vmm;
        struct bh_start_console console;
        struct bh_start_timer timer;
    };
};

_Static_assert(sizeof(struct bh_start) <= 4096, "the start block is one page");
_Static_assert(BH_CONSOLE_COMMAND_FOCUS + BH_MAX_CLIENTS <= BH_CONSOLE_COMMAND_QUIT, "commands");

#endif
