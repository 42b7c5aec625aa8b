/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual interrupt controller for one VM: GICv2 or GICv3, 1 to 8 vCPUs, 32 + 256 INTIDs.
 *
 * The guest's CPU interface is hardware (GICV frame, or ICC_* system registers); this library
 * models the distributor, the redistributors and the SGI registers, and feeds the hardware through
 * list registers that it can write but never read back (see lr.c for what follows from that,
 * docs/vgic.md for the whole).
 *
 * Locking, all of it:
 * - `vgic.lock` guards everything below except the flags named here. It is taken by every register
 *   access, SGI, line change and maintenance, and by vgic_flush() only when there is work.
 * - `vgic.cpu[n].dirty` is an atomic flag: "the set that could be loaded on vCPU n may have
 * changed". It is set under the lock and tested without it, which is all that a common exit costs.
 * - List registers of vCPU n are written only inside vgic_flush(n), which only the thread of vCPU n
 *   may call, on its own core, outside the lock. The same holds for vgic_maintenance(n).
 * - No operation of `struct vgic_ops` is called with the lock held.
 */
#ifndef VMM_ARCH_AARCH64_VGIC_H
#define VMM_ARCH_AARCH64_VGIC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"
#include "core/region.h"

#define VGIC_MAX_VCPUS  8u
#define VGIC_NR_PRIVATE 32u  /* 16 SGIs, 16 PPIs */
#define VGIC_MAX_SPIS   256u /* as QEMU's virt board */
#define VGIC_MAX_LRS    16u
#define VGIC_SPI_BANKS  (VGIC_MAX_SPIS / 32u)
#define VGIC_PPI_VTIMER 27u

/* Sizes of the register frames, and where the virtual board puts them. */
#define VGIC_GICD_BASE      0x08000000ull
#define VGIC_V2_GICD_SIZE   0x1000ull
#define VGIC_V3_GICD_SIZE   0x10000ull
#define VGIC_V2_GICC_BASE   0x08010000ull
#define VGIC_V2_GICC_SIZE   0x2000ull
#define VGIC_V3_GICR_BASE   0x080a0000ull
#define VGIC_V3_GICR_STRIDE 0x20000ull /* RD frame and SGI frame of one vCPU */

enum vgic_version { VGIC_V2 = 2, VGIC_V3 = 3 };

/* The SGI-generating system registers of GICv3, all trapped. */
enum vgic_sgi_reg { VGIC_ICC_SGI1R, VGIC_ICC_ASGI1R, VGIC_ICC_SGI0R };

/* What the controller needs of its host. `ctx` is vgic_config.ctx. */
struct vgic_ops {
    /* Writes list register `lr` of `vcpu` as pending: INTID 0..1019, priority 0..31 (0 is the most
     * urgent), group 0 or 1. Returns 0, or non-zero when the host refused (register holds an active
     * interrupt); then nothing was changed. Only called from vgic_flush(). */
    int (*inject)(void *ctx, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                  unsigned group);
    /* Makes the thread of `vcpu` call vgic_flush() soon, waking the vCPU from WFI if it sleeps.
     * Called once for each clean -> dirty transition, and never for the calling thread's vCPU: that
     * thread flushes before it resumes the guest anyway. */
    void (*kick)(void *ctx, unsigned vcpu);
    /* Present level of a sampled line (vgic_config.sampled_ppis), for the virtual timer from
     * CNTV_CTL and CNTV_CVAL. Called on the thread of `vcpu` only. */
    bool (*line_level)(void *ctx, unsigned vcpu, unsigned intid);
    /* The guest is done with a sampled interrupt that was raised with vgic_set_level(true): the
     * host may unmask its source again (AckVPPI). Called on the thread of `vcpu`, once per raise,
     * and never while the guest could not take a new one, so that a masked timer cannot storm. */
    void (*line_ack)(void *ctx, unsigned vcpu, unsigned intid);
};

struct vgic_config {
    enum vgic_version version;
    unsigned nr_vcpus;     /* 1..VGIC_MAX_VCPUS; vCPU n has affinity 0.0.0.n */
    unsigned nr_spis;      /* multiple of 32, 32..VGIC_MAX_SPIS */
    unsigned nr_lrs;       /* 1..VGIC_MAX_LRS; 4 on QEMU */
    uint32_t sampled_ppis; /* bit n = PPI INTID n has its level from ops->line_level; 1 << 27 */
    const struct vgic_ops *ops;
    void *ctx;
    struct bh_lock_waits *waits[VGIC_MAX_VCPUS]; /* where waits of each vCPU are counted, or NULL */
};

/* State of 32 consecutive INTIDs, one bit each. */
struct vgic_bank {
    uint32_t enabled;
    uint32_t group;  /* 1 = group 1 */
    uint32_t edge;   /* ICFGR: 1 = edge-triggered */
    uint32_t latch;  /* pending by edge, SGI, or a write to ISPENDR */
    uint32_t line;   /* input line is high */
    uint32_t active; /* active by a write to ISACTIVER, in no list register */
    uint32_t loaded; /* in a list register: pending or active there, which software cannot see */
    uint32_t spent;  /* of these: `latch` was used up by loading */
    uint8_t priority[32];
};

enum vgic_slot_state {
    VGIC_SLOT_FREE,   /* the list register is known to be empty */
    VGIC_SLOT_LOADED, /* holds `intid`, accounted in its bank's `loaded` */
    VGIC_SLOT_STALE,  /* may still hold an `intid` that the model has taken back (see lr.c) */
};

struct vgic_slot {
    uint8_t state;  /* enum vgic_slot_state */
    uint8_t source; /* GICv2 SGI: vCPU that sent it */
    uint16_t intid;
    uint8_t priority; /* the guest's, when it was loaded */
    uint8_t level;    /* what the hardware has for it: 0..31 */
    uint8_t group;
    bool active; /* and not pending: the host has refused to overwrite it */
};

struct vgic_stats {
    uint64_t injected;     /* list registers written */
    uint64_t retired;      /* list registers that the guest has emptied */
    uint64_t refused;      /* injections that the host refused */
    uint64_t overflow;     /* flushes that left something pending outside the list registers */
    uint64_t spurious;     /* maintenance events that matched nothing */
    uint64_t bad_accesses; /* register accesses answered with REGION_ERROR */
};

struct vgic_cpu {
    struct vgic_bank bank;   /* INTIDs 0..31 */
    uint8_t sgi_sources[16]; /* GICv2: which vCPUs have each SGI pending here */
    uint32_t armed;          /* sampled PPIs raised and not yet acknowledged to the host */
    uint32_t resample;       /* sampled PPIs whose line may be out of date */
    bool asleep;             /* GICR_WAKER.ProcessorSleep */
    bool online;             /* takes SPIs */
    bool overwrite_stale;    /* has not run since it went offline */
    bool dirty;              /* atomic, see above */
    struct vgic_slot slot[VGIC_MAX_LRS];
    struct vgic_stats stats; /* written by the vCPU's own thread only */
};

/* Private to vgic/; defined here so that a VM can embed it. */
struct vgic {
    struct vgic_config cfg;
    struct lock lock;
    uint32_t ctlr; /* GICD_CTLR: bit 0 group 0, bit 1 group 1 */
    struct vgic_bank spi[VGIC_SPI_BANKS];
    uint8_t targets[VGIC_MAX_SPIS]; /* GICv2 ITARGETSR */
    uint64_t router[VGIC_MAX_SPIS]; /* GICv3 IROUTER */
    struct vgic_cpu cpu[VGIC_MAX_VCPUS];
};

/* Checks `cfg` and brings the controller to its reset state with all list registers empty and vCPU
 * 0 online. Returns 0, or -1 if a value is out of range. */
int vgic_init(struct vgic *vgic, const struct vgic_config *cfg);

/* The vCPU starts (PSCI CPU_ON) or has stopped for good (CPU_OFF). Going offline takes its SPIs
 * back from its list registers, so that another vCPU can have them. Called by the vCPU's own
 * thread. */
void vgic_vcpu_online(struct vgic *vgic, unsigned vcpu, bool online);

/* One access by `vcpu` to the distributor (results as in core/region.h). Undefined offsets are
 * RAZ/WI and handled (IHI 0048B 4.1.1, IHI 0069 12.1.3); a width or alignment that a register does
 * not have is REGION_ERROR. `offset` is relative to GICD, `width` in bytes (1, 2, 4, 8); on a write
 * *value holds the data, bits above the width are ignored. */
enum region_result vgic_dist_access(struct vgic *vgic, unsigned vcpu, uint64_t offset,
                                    unsigned width, bool write, uint64_t *value);

/* The same for the redistributors (GICv3), `offset` relative to the first of nr_vcpus frames pairs.
 */
enum region_result vgic_redist_access(struct vgic *vgic, unsigned vcpu, uint64_t offset,
                                      unsigned width, bool write, uint64_t *value);

/* A guest write of `value` to an SGI system register (GICv3; ignored on GICv2). */
void vgic_write_sgi(struct vgic *vgic, unsigned vcpu, enum vgic_sgi_reg reg, uint64_t value);

/* Drives the input line of a PPI of `vcpu` (INTID 16..31), or of an SPI (INTID 32..), where `vcpu`
 * is the vCPU on whose thread the caller runs (VGIC_MAX_VCPUS if on none). For an interrupt
 * configured as edge-triggered a rising line is an edge. INTIDs that do not exist are ignored. */
void vgic_set_level(struct vgic *vgic, unsigned vcpu, unsigned intid, bool level);

/* One edge: makes the interrupt pending once and leaves the line as it is. Arguments as above. */
void vgic_pulse(struct vgic *vgic, unsigned vcpu, unsigned intid);

/* Loads list registers of `vcpu`; call it on the vCPU's thread before each resume of the guest.
 * Returns at once when nothing has changed. */
void vgic_flush(struct vgic *vgic, unsigned vcpu);

/* VGICMaintenance fault: the guest has deactivated what list register `lr` held. Values that are no
 * list register (all-ones) are counted and otherwise ignored. */
void vgic_maintenance(struct vgic *vgic, unsigned vcpu, uint64_t lr);

/* Flushes, then tells whether WFI must not block: something is in a list register, and may be
 * pending there. If it returns false, whatever comes later comes with a kick. */
bool vgic_deliverable(struct vgic *vgic, unsigned vcpu);

/* True if the guest has enabled `intid` (banked for `vcpu` below 32), so that a source that is
 * outside the VMM, like the virtual timer, would interrupt it. */
bool vgic_enabled(const struct vgic *vgic, unsigned vcpu, unsigned intid);

#define VGIC_FDT_NAME "intc@8000000"

/* Appends the controller's node, VGIC_FDT_NAME, to `fdt` (libfdt sequential write, inside the root
 * node, which has two address and two size cells), with `phandle`, at the board's addresses.
 * Returns 0 or a libfdt error. */
int vgic_fdt(const struct vgic *vgic, void *fdt, uint32_t phandle);

/* Prints the state line by line (for the monitor's `dump`), without taking the lock. */
void vgic_dump(const struct vgic *vgic, void (*print)(void *arg, const char *line), void *arg);

#endif
