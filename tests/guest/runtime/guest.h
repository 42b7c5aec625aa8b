/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small runtime for bare-metal test programs on QEMU's virt board (and whatever claims to be
 * one): output, checks, exceptions, devicetree, PSCI, timer. Everything comes from the devicetree
 * but the PL011, whose address every early print on this board assumes.
 *
 * A program defines guest_name and guest_main; it ends by returning from guest_main.
 */
#ifndef TEST_GUEST_H
#define TEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL011_BASE 0x09000000ul
#define RAM_BASE   0x40000000ul

extern const char guest_name[];
void guest_main(void);

/* --- checks and output ------------------------------------------------------------------- */

void put_char(char c);
void print(const char *text);
/* %s %c %d %u %x %lx %lu %% only */
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line per check: "ok WHAT" or "BAD WHAT". A program with a BAD line ends in FAIL. */
bool check(const char *what, bool good);
bool check_equal(const char *what, uint64_t got, uint64_t wanted);
/* Prints the verdict and powers the machine off. */
void finish(void) __attribute__((noreturn));

/* --- exceptions -------------------------------------------------------------------------- */

struct frame {
    uint64_t x[31];
    uint64_t pc;
    uint64_t spsr;
    uint64_t pad;
};

/* The last synchronous exception that came while one was expected. */
struct trap {
    uint64_t esr;
    uint64_t far;
    uint64_t pc;
    uint64_t spsr;
    unsigned vector; /* 0..15: 4 = from EL1 with SP_EL1, 8 = from EL0 */
    unsigned count;
};
extern volatile struct trap trap;

/*
 * From now on synchronous exceptions are recorded in trap and their instruction is skipped (a fetch
 * that fails goes on at x30). Clears the record.
 */
void trap_expect(void);
/* From now on one is a failure again. Returns how many came. */
unsigned trap_end(void);

#define ESR_EC(esr)     ((unsigned)((esr) >> 26) & 0x3f)
#define ESR_ISS(esr)    ((unsigned)(esr)&0x1ffffff)
#define ESR_IL          (1u << 25)
#define EC_UNKNOWN      0x00u
#define EC_WFX          0x01u
#define EC_SVC          0x15u
#define EC_SYSREG       0x18u
#define EC_FETCH_LOWER  0x20u
#define EC_FETCH_SAME   0x21u
#define EC_PC_ALIGNMENT 0x22u
#define EC_DATA_LOWER   0x24u
#define EC_DATA_SAME    0x25u
#define EC_SP_ALIGNMENT 0x26u
#define EC_BRK          0x3cu
#define FSC_EXTERNAL    0x10u
#define FSC_ALIGNMENT   0x21u
#define ISS_WRITE       (1u << 6)

/* Called for every IRQ; a program that takes interrupts sets it. */
extern void (*irq_handler)(struct frame *frame);

/* Runs function at EL0 until it executes `svc #0xe0`. */
void guest_call_el0(void (*function)(void));

static inline void irq_unmask(void)
{
    __asm__ volatile("msr daifclr, #2\n\tisb" ::: "memory");
}

static inline void irq_mask(void)
{
    __asm__ volatile("msr daifset, #2\n\tisb" ::: "memory");
}

/* --- registers --------------------------------------------------------------------------- */

#define read_sysreg(name)                                                                          \
    ({                                                                                             \
        uint64_t value_;                                                                           \
        __asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory");                               \
        value_;                                                                                    \
    })
#define write_sysreg(name, value)                                                                  \
    __asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((uint64_t)(value)) : "memory")

/* Core n has affinity 0.0.0.n on this board. */
static inline unsigned core_index(void)
{
    return read_sysreg(mpidr_el1) & 0xff;
}

/* Device accesses by plain instructions with base register addressing. */
static inline uint8_t load8(uint64_t at)
{
    uint32_t value;
    __asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(at) : "memory");
    return (uint8_t)value;
}

static inline uint16_t load16(uint64_t at)
{
    uint32_t value;
    __asm__ volatile("ldrh %w0, [%1]" : "=r"(value) : "r"(at) : "memory");
    return (uint16_t)value;
}

static inline uint32_t load32(uint64_t at)
{
    uint32_t value;
    __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(at) : "memory");
    return value;
}

static inline uint64_t load64(uint64_t at)
{
    uint64_t value;
    __asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(at) : "memory");
    return value;
}

static inline void store8(uint64_t at, uint8_t value)
{
    __asm__ volatile("strb %w0, [%1]" ::"r"((uint32_t)value), "r"(at) : "memory");
}

static inline void store16(uint64_t at, uint16_t value)
{
    __asm__ volatile("strh %w0, [%1]" ::"r"((uint32_t)value), "r"(at) : "memory");
}

static inline void store32(uint64_t at, uint32_t value)
{
    __asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(at) : "memory");
}

static inline void store64(uint64_t at, uint64_t value)
{
    __asm__ volatile("str %0, [%1]" ::"r"(value), "r"(at) : "memory");
}

/* --- time -------------------------------------------------------------------------------- */

static inline uint64_t now(void)
{
    __asm__ volatile("isb" ::: "memory");
    return read_sysreg(cntvct_el0);
}

/* Ticks of the virtual counter in so many microseconds. */
uint64_t ticks_of_us(uint64_t us);
/* Spins. */
void delay_us(uint64_t us);
/* Spins until *counter >= wanted, for two seconds at most. */
bool wait_count(volatile unsigned *counter, unsigned wanted);

/* --- devicetree -------------------------------------------------------------------------- */

extern const uint8_t *devicetree;

/* A property of the first node with that compatible string (or, without it, that device_type);
 * compatible NULL: of the first node that has such a property. */
const uint8_t *dt_property(const char *compatible, const char *name, uint32_t *size);
/* Entry `index` of the node's reg (two cells each). False: no such node or entry. */
bool dt_reg(const char *compatible, unsigned index, uint64_t *base, uint64_t *size);
/* Cell `index` of a property, 0 when there is none. */
uint32_t dt_cell(const char *compatible, const char *name, unsigned index);
/* INTID of entry `index` of the node's interrupts (three cells each); 0: none. */
uint32_t dt_intid(const char *compatible, unsigned index);
/* The first bank of RAM that the devicetree names, and bank n (from 0); false: there is none. */
bool dt_memory(uint64_t *base, uint64_t *size);
bool dt_bank(unsigned n, uint64_t *base, uint64_t *size);
uint32_t dt_total_size(void);

/* --- PSCI (Arm DEN0022) ------------------------------------------------------------------ */

#define PSCI_VERSION           0x84000000u
#define PSCI_CPU_SUSPEND64     0xc4000001u
#define PSCI_CPU_OFF           0x84000002u
#define PSCI_CPU_ON64          0xc4000003u
#define PSCI_AFFINITY_INFO64   0xc4000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF        0x84000008u
#define PSCI_SYSTEM_RESET      0x84000009u
#define PSCI_FEATURES          0x8400000au

#define PSCI_SYSTEM_RESET2_64 0xc4000012u

#define PSCI_SUCCESS            0
#define PSCI_NOT_SUPPORTED      (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_ALREADY_ON         (-4)
#define PSCI_ON_PENDING         (-5)
#define PSCI_INVALID_ADDRESS    (-9)

/* Results of AFFINITY_INFO. */
#define PSCI_AFFINITY_ON  0
#define PSCI_AFFINITY_OFF 1

bool psci_uses_smc(void);
int64_t psci_call(uint32_t function, uint64_t a, uint64_t b, uint64_t c);
int64_t smc_call(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
int64_t hvc_call(uint64_t function, uint64_t a, uint64_t b, uint64_t c);

/* --- MMU --------------------------------------------------------------------------------- */

/*
 * Turns on an identity map: RAM normal and cached, everything else up to 512 GiB normal and not
 * cached, so that unaligned accesses reach the devices instead of failing in the first stage.
 */
void mmu_enable(void);
/* The same map on one more core. */
void mmu_enable_core(void);

#endif
