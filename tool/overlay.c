/* SPDX-License-Identifier: BSD-2-Clause */
#include "overlay.h"

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

const char *overlay_check(struct arena *arena, struct bytes blob)
{
    const void *fdt = blob.data;
    unsigned fragments = 0;
    int node, fixups;

    if (fdt_check_full(fdt, blob.size) != 0) {
        return "is a truncated or damaged devicetree blob; compile it again";
    }
    fixups = fdt_subnode_offset(fdt, 0, "__fixups__");
    if (fixups >= 0) {
        int property = fdt_first_property_offset(fdt, fixups);
        const char *label = "";

        if (property >= 0) {
            fdt_getprop_by_offset(fdt, property, &label, NULL);
        }
        return arena_printf(arena,
                            "refers to the label \"%s\", which a guest's devicetree does not have; "
                            "name the target by its path, &{/...}",
                            label);
    }
    fdt_for_each_subnode(node, fdt, 0)
    {
        if (fdt_subnode_offset(fdt, node, "__overlay__") < 0) {
            continue;
        }
        if (fdt_getprop(fdt, node, "target-path", NULL) == NULL) {
            return "has a fragment without target; name the target by its path, &{/...}";
        }
        fragments++;
    }
    return fragments == 0 ? "is no overlay; begin it with /dts-v1/; /plugin/; and extend &{/...}"
                          : NULL;
}
