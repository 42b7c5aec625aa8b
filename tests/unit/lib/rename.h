/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's libc functions under other names, beside the host's. */
#ifndef TESTS_LIB_RENAME_H
#define TESTS_LIB_RENAME_H

#include <stdarg.h>
#include <stddef.h>

void *rt_memcpy(void *to, const void *from, size_t size);
void *rt_memmove(void *to, const void *from, size_t size);
void *rt_memset(void *to, int value, size_t size);
int rt_memcmp(const void *a, const void *b, size_t size);
void *rt_memchr(const void *bytes, int value, size_t size);
size_t rt_strlen(const char *s);
size_t rt_strnlen(const char *s, size_t max);
int rt_strcmp(const char *a, const char *b);
int rt_strncmp(const char *a, const char *b, size_t max);
char *rt_strchr(const char *s, int c);
char *rt_strrchr(const char *s, int c);
unsigned long rt_strtoul(const char *s, char **end, int base);
int rt_snprintf(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int rt_vsnprintf(char *to, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
