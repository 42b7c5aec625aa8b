/* SPDX-License-Identifier: BSD-2-Clause */
#include "devicetree.h"

#include <string.h>

#define FDT_MAGIC      0xd00dfeedu
#define FDT_VERSION    17u
#define HEADER_SIZE    40u
#define TOKEN_NODE     1u
#define TOKEN_NODE_END 2u
#define TOKEN_PROP     3u
#define TOKEN_NOP      4u
#define TOKEN_END      9u

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Whether a block of the header lies inside the blob. */
static bool block_ok(uint32_t offset, uint32_t size, uint32_t total)
{
    return offset <= total && size <= total - offset;
}

bool devicetree_open(struct devicetree *fdt, const void *blob, size_t size)
{
    const uint8_t *p = blob;

    if (size < HEADER_SIZE || be32(p) != FDT_MAGIC)
        return false;
    uint32_t total = be32(p + 4);
    uint32_t structs = be32(p + 8);
    uint32_t strings = be32(p + 12);
    uint32_t version = be32(p + 20);
    uint32_t last_compatible = be32(p + 24);
    uint32_t strings_size = be32(p + 32);
    uint32_t structs_size = be32(p + 36);

    if (total > size || version < FDT_VERSION || last_compatible > FDT_VERSION)
        return false;
    if (!block_ok(structs, structs_size, total) || !block_ok(strings, strings_size, total))
        return false;
    fdt->structs = p + structs;
    fdt->structs_size = structs_size & ~3u;
    fdt->strings = p + strings;
    fdt->strings_size = strings_size;
    return true;
}

static const struct devicetree_event broken = {.type = DT_BROKEN};

static struct devicetree_event read_node(const struct devicetree *fdt, uint32_t *offset)
{
    uint32_t left = fdt->structs_size - *offset;
    const uint8_t *name = fdt->structs + *offset;
    uint32_t length = (uint32_t)strnlen((const char *)name, left);

    if (length == left)
        return broken;
    *offset += (length + 4) & ~3u;
    if (*offset > fdt->structs_size)
        return broken;
    return (struct devicetree_event){.type = DT_NODE, .name = (const char *)name};
}

static struct devicetree_event read_property(const struct devicetree *fdt, uint32_t *offset)
{
    if (fdt->structs_size - *offset < 8)
        return broken;
    const uint8_t *head = fdt->structs + *offset;
    uint32_t len = be32(head);
    uint32_t name = be32(head + 4);
    *offset += 8;

    uint32_t left = fdt->structs_size - *offset;
    if (len > left || ((len + 3) & ~3u) > left || name >= fdt->strings_size)
        return broken;
    uint32_t name_left = fdt->strings_size - name;
    if (strnlen((const char *)fdt->strings + name, name_left) == name_left)
        return broken;
    *offset += (len + 3) & ~3u;
    return (struct devicetree_event){.type = DT_PROPERTY,
                                     .name = (const char *)fdt->strings + name,
                                     .data = head + 8,
                                     .len = len};
}

struct devicetree_event devicetree_next(const struct devicetree *fdt, uint32_t *offset)
{
    while (*offset <= fdt->structs_size && fdt->structs_size - *offset >= 4) {
        uint32_t token = be32(fdt->structs + *offset);
        *offset += 4;
        switch (token) {
        case TOKEN_NOP:
            continue;
        case TOKEN_NODE:
            return read_node(fdt, offset);
        case TOKEN_PROP:
            return read_property(fdt, offset);
        case TOKEN_NODE_END:
            return (struct devicetree_event){.type = DT_NODE_END};
        case TOKEN_END:
            return (struct devicetree_event){.type = DT_FINISHED};
        default:
            return broken;
        }
    }
    return broken;
}

bool devicetree_cells(const struct devicetree_event *prop, uint32_t i, uint32_t cells,
                      uint64_t *value)
{
    uint32_t total = prop->len / 4;

    if (cells < 1 || cells > 2 || i > total || total - i < cells)
        return false;
    const uint8_t *p = prop->data + (size_t)i * 4;
    *value = be32(p);
    if (cells == 2)
        *value = *value << 32 | be32(p + 4);
    return true;
}

bool devicetree_has_string(const struct devicetree_event *prop, const char *string)
{
    uint32_t at = 0;

    while (at < prop->len) {
        const char *item = (const char *)prop->data + at;
        uint32_t length = (uint32_t)strnlen(item, prop->len - at);
        if (length == prop->len - at)
            return false;
        if (strcmp(item, string) == 0)
            return true;
        at += length + 1;
    }
    return false;
}
