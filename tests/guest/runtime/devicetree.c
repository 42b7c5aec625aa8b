/* SPDX-License-Identifier: BSD-2-Clause */
/* Just enough of a reader for the Devicetree Specification's flattened format (chapter 5). */
#include "guest.h"

#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE   2u
#define FDT_PROP       3u
#define FDT_NOP        4u
#define MAX_DEPTH      16

/* Bytes, since with the MMU off an unaligned load is an alignment fault. */
static uint32_t be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t header(unsigned word)
{
    return be32(devicetree + 4 * word);
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static size_t length(const char *text)
{
    size_t n = 0;
    while (text[n])
        n++;
    return n;
}

static bool list_has(const uint8_t *list, uint32_t size, const char *text)
{
    for (uint32_t at = 0; at < size; at += (uint32_t)length((const char *)list + at) + 1)
        if (same((const char *)list + at, text))
            return true;
    return false;
}

uint32_t dt_total_size(void)
{
    return header(1);
}

/* Skips the properties of one node; answers for this node only. */
struct node {
    const uint8_t *value;
    uint32_t size;
    bool matches;
};

/* The property of the node that matches after `skip` others that do. */
static const uint8_t *nth_property(const char *compatible, const char *name, unsigned skip,
                                   uint32_t *size)
{
    struct node stack[MAX_DEPTH];
    int depth = -1;
    const uint8_t *at = devicetree + header(2);
    const char *strings = (const char *)devicetree + header(3);

    *size = 0;
    for (;;) {
        uint32_t token = be32(at);
        at += 4;
        if (token == FDT_BEGIN_NODE) {
            at += (length((const char *)at) + 4) & ~3ul;
            if (++depth == MAX_DEPTH)
                return NULL;
            stack[depth] = (struct node){.matches = !compatible};
        } else if (token == FDT_END_NODE) {
            depth--;
        } else if (token == FDT_PROP && depth >= 0) {
            uint32_t bytes = be32(at);
            const char *key = strings + be32(at + 4);
            const uint8_t *value = at + 8;
            struct node *node = &stack[depth];
            at = value + ((bytes + 3) & ~3u);
            if (compatible && (same(key, "compatible") || same(key, "device_type")))
                node->matches |= list_has(value, bytes, compatible);
            if (same(key, name)) {
                node->value = value;
                node->size = bytes;
            }
            if (node->matches && node->value) {
                if (skip-- == 0) {
                    *size = node->size;
                    return node->value;
                }
                *node = (struct node){0};
            }
        } else if (token != FDT_NOP) {
            return NULL;
        }
    }
}

const uint8_t *dt_property(const char *compatible, const char *name, uint32_t *size)
{
    return nth_property(compatible, name, 0, size);
}

uint32_t dt_cell(const char *compatible, const char *name, unsigned index)
{
    uint32_t size;
    const uint8_t *value = dt_property(compatible, name, &size);
    if (!value || size < 4 * (index + 1))
        return 0;
    return be32(value + 4 * index);
}

static bool range(const uint8_t *value, uint32_t bytes, unsigned index, uint64_t *base,
                  uint64_t *size)
{
    if (!value || bytes < 16 * (index + 1))
        return false;
    value += 16 * index;
    *base = (uint64_t)be32(value) << 32 | be32(value + 4);
    *size = (uint64_t)be32(value + 8) << 32 | be32(value + 12);
    return true;
}

bool dt_reg(const char *compatible, unsigned index, uint64_t *base, uint64_t *size)
{
    uint32_t bytes;
    const uint8_t *value = dt_property(compatible, "reg", &bytes);
    return range(value, bytes, index, base, size);
}

uint32_t dt_intid(const char *compatible, unsigned index)
{
    uint32_t bytes;
    const uint8_t *value = dt_property(compatible, "interrupts", &bytes);
    if (!value || bytes < 12 * (index + 1))
        return 0;
    value += 12 * index;
    return be32(value + 4) + (be32(value) == 1 ? 16 : 32);
}

bool dt_memory(uint64_t *base, uint64_t *size)
{
    return dt_bank(0, base, size);
}

bool dt_bank(unsigned n, uint64_t *base, uint64_t *size)
{
    uint32_t bytes;
    const uint8_t *value = nth_property("memory", "reg", n, &bytes);
    return range(value, bytes, 0, base, size);
}
