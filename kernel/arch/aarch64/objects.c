/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects and capabilities of the architecture, as far as the core treats them alike. */
#include "asid.h"
#include "vcpu.h"
#include "vspace.h"

enum status arch_decode(struct invocation *inv)
{
    switch (cap_type(inv->cap)) {
    case CAP_FRAME:
        return frame_decode(inv);
    case CAP_PAGE_TABLE:
        return page_table_decode(inv);
    case CAP_VSPACE:
        return vspace_decode(inv);
    case CAP_ASID_CONTROL:
        return asid_control_decode(inv);
    case CAP_ASID_POOL:
        return asid_pool_decode(inv);
    case CAP_VCPU:
        return vcpu_decode(inv);
    case CAP_SMC:
        return smc_decode(inv);
    default:
        return inv_fail1(inv, seL4_InvalidCapability, 0);
    }
}

seL4_Error arch_cap_derive(struct cap cap, struct cap *out)
{
    *out = cap;
    if (cap_is(cap, CAP_FRAME)) {
        *out = cap_unmapped(cap);
        return seL4_NoError;
    }
    if ((cap_is(cap, CAP_PAGE_TABLE) || cap_is(cap, CAP_VSPACE)) && mapping_asid(cap) == 0)
        return seL4_IllegalOperation;
    return seL4_NoError;
}

struct cap arch_cap_mask_rights(struct cap cap, word rights)
{
    if (!cap_is(cap, CAP_FRAME))
        return cap;
    unsigned info = cap_info(cap);
    if ((rights & SEL4_RIGHT_READ) == 0)
        info &= ~FRAME_READ;
    if ((rights & SEL4_RIGHT_WRITE) == 0)
        info &= ~FRAME_WRITE;
    return cap_with_info(cap, info);
}

bool arch_cap_same_object(struct cap a, struct cap b)
{
    if (cap_type(a) != cap_type(b))
        return false;
    /* Frames of different sizes are different objects even at the same address. */
    if (cap_is(a, CAP_FRAME) && frame_bits(a) != frame_bits(b))
        return false;
    return cap_object(a) == cap_object(b);
}

unsigned arch_cap_object_bits(struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_FRAME:
        return frame_bits(cap);
    case CAP_PAGE_TABLE:
        return seL4_PageTableBits;
    case CAP_VSPACE:
        return seL4_VSpaceBits;
    /* NOLINTNEXTLINE(bugprone-branch-clone): equal as numbers only */
    case CAP_ASID_POOL:
        return seL4_ASIDPoolBits;
    case CAP_VCPU:
        return seL4_VCPUBits;
    default:
        return 0;
    }
}

void arch_cap_finalise(struct cap cap, bool final)
{
    switch (cap_type(cap)) {
    case CAP_FRAME:
        if (mapping_asid(cap) != 0)
            frame_unmap(cap);
        break;
    case CAP_PAGE_TABLE:
        if (final && mapping_asid(cap) != 0)
            page_table_unmap(cap);
        break;
    case CAP_VSPACE:
        if (final && mapping_asid(cap) != 0)
            asid_release(mapping_asid(cap), cap_object(cap));
        break;
    case CAP_ASID_POOL:
        if (final)
            asid_delete_pool((unsigned)cap.data);
        break;
    case CAP_VCPU:
        if (final)
            vcpu_destroy(cap_object(cap));
        break;
    default:
        break;
    }
}

unsigned arch_object_bits(unsigned type)
{
    switch (type) {
    case seL4_ARM_HugePageObject:
        return seL4_HugePageBits;
    case seL4_ARM_LargePageObject:
        return seL4_LargePageBits;
    case seL4_ARM_VSpaceObject:
        return seL4_VSpaceBits;
    default:
        return seL4_PageBits; /* small page, page table, VCPU */
    }
}

bool arch_object_is_frame(unsigned type)
{
    return type == seL4_ARM_HugePageObject || type == seL4_ARM_LargePageObject ||
           type == seL4_ARM_SmallPageObject;
}

struct cap arch_create_object(unsigned type, void *memory, bool device)
{
    switch (type) {
    case seL4_ARM_VSpaceObject:
        return cap_make(CAP_VSPACE, 0, memory, 0);
    case seL4_ARM_PageTableObject:
        return cap_make(CAP_PAGE_TABLE, 0, memory, 0);
    case seL4_ARM_VCPUObject:
        vcpu_init(memory);
        return cap_make(CAP_VCPU, 0, memory, 0);
    default:
        return cap_frame(memory, arch_object_bits(type), device);
    }
}

bool arch_is_vspace(struct cap cap)
{
    return cap_is(cap, CAP_VSPACE) && mapping_asid(cap) != 0;
}

seL4_Error arch_check_ipc_buffer(struct cap cap, word address)
{
    if (!cap_is(cap, CAP_FRAME) || frame_is_device(cap))
        return seL4_IllegalOperation;
    return (address & MASK(seL4_IPCBufferSizeBits)) != 0 ? seL4_AlignmentError : seL4_NoError;
}
