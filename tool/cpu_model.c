/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests read the processor's own feature registers: the kernels do not trap that (HCR_EL2.TID3 is
 * clear). So a processor may have only what a kernel switches between VMs. The longer registers of
 * SVE, the state of SME and the keys of pointer authentication are not: their use is trapped, and a
 * guest that believes the feature registers dies of it.
 */
#include "cpu_model.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    const char *qemu;
} models[] = {
    /* seL4 stops at a granule field that says LPA2, and QEMU is slower with it. */
    {"max", "max,sve=off,sme=off,pauth=off,lpa2=off"},
};

const char *cpu_model(const char *name)
{
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        if (strcmp(models[i].name, name) == 0) {
            return models[i].qemu;
        }
    }
    return name;
}
