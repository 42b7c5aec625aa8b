/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/guest_memory.h"

#include <string.h>

bool guest_memory_add(struct guest_memory *memory, uint64_t base, uint64_t size, void *bytes)
{
    if (size == 0 || base + size < base || bytes == NULL || memory->banks == GUEST_MEMORY_BANKS) {
        return false;
    }
    for (unsigned i = 0; i < memory->banks; i++) {
        const struct guest_bank *other = &memory->bank[i];
        if (base < other->base + other->size && other->base < base + size) {
            return false;
        }
    }
    memory->bank[memory->banks++] = (struct guest_bank){.base = base, .size = size, .bytes = bytes};
    return true;
}

void *guest_memory_at(const struct guest_memory *memory, uint64_t address, uint64_t size)
{
    for (unsigned i = 0; i < memory->banks; i++) {
        const struct guest_bank *bank = &memory->bank[i];
        uint64_t offset = address - bank->base;
        if (address >= bank->base && offset < bank->size) {
            return size != 0 && size <= bank->size - offset ? bank->bytes + offset : NULL;
        }
    }
    return NULL;
}

bool guest_memory_read(const struct guest_memory *memory, uint64_t address, void *to, size_t size)
{
    const void *from = guest_memory_at(memory, address, size);
    if (from == NULL) {
        return false;
    }
    memcpy(to, from, size);
    return true;
}

bool guest_memory_write(const struct guest_memory *memory, uint64_t address, const void *from,
                        size_t size)
{
    void *to = guest_memory_at(memory, address, size);
    if (to == NULL) {
        return false;
    }
    memcpy(to, from, size);
    return true;
}
