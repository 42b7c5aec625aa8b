/* SPDX-License-Identifier: BSD-2-Clause */
/* The distributor's (and redistributor's) registers: what is written is there, and nothing else is.
 */
#include "runtime/gic.h"

const char guest_name[] = "gic-registers";

#define FIRST 40u /* unused lines of this board */
#define LAST  47u

#define TYPER_NO1N (1u << 25)

/* A bank of set and clear registers over one state bit per interrupt. */
static void bank(const char *name, unsigned set, unsigned clear, unsigned intid)
{
    uint64_t set_at = gic_bit_register(set, intid), clear_at = gic_bit_register(clear, intid);
    uint32_t bit = 1u << intid % 32;
    uint32_t before = load32(set_at) & ~bit;

    printf("%s of INTID %u\n", name, intid);
    store32(clear_at, bit);
    check_equal("  clear at first", load32(set_at) & bit, 0);
    store32(set_at, bit);
    check_equal("  set, and no other bit", load32(set_at), before | bit);
    check_equal("  both registers read the same", load32(clear_at), before | bit);
    store32(set_at, 0);
    store32(clear_at, 0);
    check_equal("  zeroes change nothing", load32(set_at), before | bit);
    store32(clear_at, bit);
    check_equal("  cleared, and no other bit", load32(set_at), before);
}

static void banks(unsigned intid)
{
    bank("enable", GICD_ISENABLER, GICD_ICENABLER, intid);
    bank("pending", GICD_ISPENDR, GICD_ICPENDR, intid);
    bank("active", GICD_ISACTIVER, GICD_ICACTIVER, intid);
}

static void priorities(unsigned intid)
{
    uint64_t at = gic_byte_register(GICD_IPRIORITYR, intid);

    printf("priority of INTID %u\n", intid);
    store8(at, 0xa0);
    check_equal("  a byte", load8(at), 0xa0);
    store8(at, 0xff);
    check_equal("  at least 16 levels", load8(at) & 0xf0, 0xf0);
    store8(at, 0);
    check_equal("  the highest", load8(at), 0);

    at &= ~3ul;
    store32(at, 0x40302010);
    check("  a word is four bytes", load8(at) == 0x10 && load8(at + 1) == 0x20 &&
                                        load8(at + 2) == 0x30 && load8(at + 3) == 0x40);
    store8(at + 2, 0xc0);
    check_equal("  four bytes are a word", load32(at), 0x40c02010);
}

static void configuration(void)
{
    uint64_t at = gic.dist + GICD_ICFGR + 4 * (FIRST / 16);
    uint32_t bits = 2u << FIRST % 16 * 2, others = load32(at) & ~bits;

    print("configuration\n");
    store32(at, others | bits);
    check_equal("  edge", load32(at), others | bits);
    store32(at, others);
    check_equal("  level", load32(at), others);
    at = gic.version == 3 ? gic.redist + GICR_SGI_BASE + GICD_ICFGR : gic.dist + GICD_ICFGR;
    uint32_t sgis = load32(at);
    store32(at, 0);
    check_equal("  of SGIs: read-only", load32(at), sgis);
    check_equal("  of SGIs: edge", sgis & 0xaaaaaaaa, 0xaaaaaaaa);
}

static void control(void)
{
    uint32_t on = load32(gic.dist + GICD_CTLR);
    gic_distributor(false);
    uint32_t off = load32(gic.dist + GICD_CTLR);
    gic_distributor(true);
    print("distributor control\n");
    check("  on", on & 3);
    check_equal("  off", off & 3, 0);
    check_equal("  on again", load32(gic.dist + GICD_CTLR), on);
}

static void reserved(void)
{
    uint64_t at[] = {gic.dist + 0x00c, gic.dist + 0x034, gic.dist + 0xf30, gic.dist + 0xf7c};

    print("reserved words\n");
    trap_expect();
    bool zero = true;
    for (unsigned n = 0; n < sizeof(at) / sizeof(at[0]); n++) {
        store32(at[n], ~0u);
        zero &= load32(at[n]) == 0;
    }
    check_equal("  do not abort", trap_end(), 0);
    check("  read as zero", zero);
    /* Lines past the last: registers that exist with nothing in them. */
    trap_expect();
    store32(gic.dist + GICD_ISENABLER + 4 * 31, ~0u);
    store32(gic.dist + GICD_ISPENDR + 4 * 31, ~0u);
    store32(gic.dist + GICD_IPRIORITYR + 1016, ~0u);
    uint32_t value = load32(gic.dist + GICD_ISENABLER + 4 * 31);
    check_equal("  past the last line: do not abort", trap_end(), 0);
    check_equal("  past the last line: read as zero", gic.lines > 992 ? 0 : value, 0);
}

static void type(void)
{
    uint32_t typer = load32(gic.dist + GICD_TYPER);
    uint32_t pidr2 = load32(gic.dist + (gic.version == 3 ? GICV3_PIDR2 : GICV2_PIDR2));

    print("type\n");
    check("  at least 64 lines", gic.lines >= 64);
    check_equal("  no security extensions to trip over", typer & 0x400 & -(gic.version == 2), 0);
    check_equal("  the architecture revision", pidr2 >> 4 & 0xf, gic.version);
    store32(gic.dist + GICD_TYPER, ~typer);
    check_equal("  read-only", load32(gic.dist + GICD_TYPER), typer);
}

static void version2(void)
{
    uint64_t targets = gic.dist + GICD_ITARGETSR;

    print("version 2\n");
    /* With one core the field may be a constant 0 (IHI 0048B 4.3.12). */
    store8(targets + FIRST, 1);
    check("  target of an SPI", load8(targets + FIRST) <= 1);
    uint8_t own = load8(targets);
    store8(targets, 0xfe);
    check("  target of an SGI: this core, read-only", load8(targets) == own && own <= 1);
    gic_distributor(false);
    store8(gic.dist + GICD_SPENDSGIR + 3, 1);
    check_equal("  an SGI set pending", load8(gic.dist + GICD_SPENDSGIR + 3), 1);
    check_equal("  ... seen in the pending register", load32(gic.dist + GICD_ISPENDR) & 0xffff, 8);
    check_equal("  ... both registers read the same", load8(gic.dist + GICD_CPENDSGIR + 3), 1);
    store8(gic.dist + GICD_CPENDSGIR + 3, 1);
    check_equal("  ... and cleared", load32(gic.dist + GICD_SPENDSGIR), 0);
    gic_distributor(true);
}

static void version3(void)
{
    uint64_t router = gic.dist + GICD_IROUTER + 8 * FIRST;
    uint64_t typer = load64(gic.redist + GICR_TYPER);

    print("version 3\n");
    store64(router, 1ul << 31);
    check("  a route to any core, where TYPER says so",
          (load32(gic.dist + GICD_TYPER) & TYPER_NO1N) || load64(router) >> 31 == 1);
    store64(router, 0);
    check_equal("  a route to core 0", load64(router), 0);
    check_equal("  ... in halves", load32(router) | load32(router + 4), 0);
    check_equal("  the redistributor's affinity", typer >> 32, 0);
    check_equal("  the redistributor is the last", typer >> 4 & 1, 1);
    check_equal("  its type in halves", load32(gic.redist + GICR_TYPER), typer & 0xffffffff);
    check_equal("  it is awake", load32(gic.redist + GICR_WAKER) & 6, 0);
    check_equal("  its architecture revision", load32(gic.redist + GICV3_PIDR2) >> 4 & 0xf, 3);
    store32(gic.dist + GICD_ISENABLER, 1u << 20);
    check_equal("  the distributor has no PPIs", load32(gic.dist + GICD_ISENABLER), 0);
    store32(gic.dist + GICD_IPRIORITYR + 20, 0x50505050);
    check_equal("  ... and no priorities of theirs", load32(gic.dist + GICD_IPRIORITYR + 20), 0);
    banks(20);
    priorities(20);
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()))
        return;
    type();
    control();
    gic_distributor(false);
    banks(FIRST);
    banks(LAST);
    priorities(FIRST);
    configuration();
    reserved();
    gic_distributor(true);
    if (gic.version == 2)
        version2();
    else
        version3();
}
