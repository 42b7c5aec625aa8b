/* SPDX-License-Identifier: BSD-2-Clause */
#include "overlay.h"

#include <bulkhead/labels.h>
#include <bulkhead/overlay.h>
#include <libfdt.h>
#include <string.h>

#include "source.h"

bool overlay_is_blob(struct bytes file)
{
    return file.size >= 4 && memcmp(file.data, "\xd0\x0d\xfe\xed", 4) == 0;
}

bool overlay_compile(struct arena *arena, const char *path, struct bytes *blob)
{
    return source_compile(arena, path, blob);
}

static bool is_label(struct arena *arena, const char *name, uint32_t cpus)
{
    static const char *const labels[] = BH_LABELS;

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i], name) == 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < cpus; i++) {
        if (strcmp(arena_printf(arena, "cpu%u", i), name) == 0) {
            return true;
        }
    }
    return false;
}

/* /__fixups__ has a property for each label that dtc has not found in the overlay itself. */
static const char *check_labels(struct arena *arena, const void *fdt, uint32_t cpus)
{
    int fixups = fdt_subnode_offset(fdt, 0, "__fixups__");
    int property;

    if (fixups < 0) {
        return NULL;
    }
    fdt_for_each_property_offset(property, fdt, fixups)
    {
        const char *label = "";

        fdt_getprop_by_offset(fdt, property, &label, NULL);
        if (!is_label(arena, label, cpus)) {
            return arena_printf(arena,
                                "refers to the label \"%s\", which this guest's devicetree does "
                                "not have; see docs/description.md, or name the node by its path, "
                                "&{/...}",
                                label);
        }
    }
    return NULL;
}

const char *overlay_check(struct arena *arena, struct bytes blob, uint32_t cpus)
{
    const void *fdt = blob.data;
    unsigned fragments = 0;
    const char *wrong;
    int node;

    if (fdt_check_full(fdt, blob.size) != 0) {
        return "is a truncated or damaged devicetree blob; compile it again";
    }
    if (bh_overlay_too_deep(fdt)) {
        return arena_printf(arena, "has nodes in nodes more than %d deep; make it flatter",
                            BH_OVERLAY_DEPTH);
    }
    if (blob.size > BH_OVERLAY_MAX) {
        return arena_printf(arena, "has %zu bytes compiled, the VMM takes %u; make it smaller",
                            blob.size, BH_OVERLAY_MAX);
    }
    wrong = check_labels(arena, fdt, cpus);
    if (wrong != NULL) {
        return wrong;
    }
    fdt_for_each_subnode(node, fdt, 0)
    {
        if (fdt_subnode_offset(fdt, node, "__overlay__") < 0) {
            continue;
        }
        if (fdt_getprop(fdt, node, "target-path", NULL) == NULL &&
            fdt_getprop(fdt, node, "target", NULL) == NULL) {
            return "has a fragment without target; name the target by label, &uart0, or by path, "
                   "&{/...}";
        }
        fragments++;
    }
    return fragments == 0
               ? "is no overlay; begin it with /dts-v1/; /plugin/; and extend &uart0 or &{/...}"
               : NULL;
}
