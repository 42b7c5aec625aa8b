/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"

#include <stdlib.h>

seL4_CPtr probe_object(struct probe *p, seL4_Word type, seL4_Word size_bits)
{
    seL4_CPtr slot = p->next_slot++;
    seL4_Error error =
        seL4_Untyped_Retype(p->untyped, type, size_bits, seL4_CapInitThreadCNode, 0, 0, slot, 1);

    if (error != seL4_NoError) {
        root_print("!! object type %lu: error %u\n", (unsigned long)type, (unsigned)error);
        abort();
    }
    return slot;
}

void probe_call(const struct probe_call *call)
{
    seL4_Word m[4] = {0x1111, 0x2222, 0x3333, 0x4444};

    for (unsigned i = 0; i < call->caps; i++) {
        seL4_SetCap((int)i, call->cap_list[i]);
    }
    for (unsigned i = 0; i < call->words; i++) {
        if (i < 4) {
            m[i] = call->mr[i];
        } else {
            seL4_SetMR((int)i, call->mr[i]);
        }
    }
    seL4_MessageInfo_t info =
        seL4_CallWithMRs(call->cap, seL4_MessageInfo_new(call->label, 0, call->caps, call->words),
                         &m[0], &m[1], &m[2], &m[3]);
    seL4_Word length = seL4_MessageInfo_get_length(info);

    root_print("%s: error %lu", call->name, (unsigned long)seL4_MessageInfo_get_label(info));
    for (seL4_Word i = 0; i < length; i++) {
        root_print(" 0x%lx", (unsigned long)(i < 4 ? m[i] : seL4_GetMR((int)i)));
    }
    root_print("\n");
}
