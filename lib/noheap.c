/* SPDX-License-Identifier: BSD-2-Clause */
/* There is no heap. zlib names malloc and free as its defaults; gunzip.c gives it others. */
#include <stddef.h>

void *malloc(size_t size);
void free(void *memory);

void *malloc(size_t size)
{
    return NULL;
}

void free(void *memory)
{
}
