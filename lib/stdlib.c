/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'Z') {
        return c - 'A' + 10;
    }
    return INT_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* C11 7.22.1.4, without errno. */
unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
    const char *p = s;
    bool negative = false;
    bool any = false;
    bool overflow = false;
    unsigned long value = 0;

    while (is_space(*p)) {
        p++;
    }
    if (*p == '+' || *p == '-') {
        negative = *p++ == '-';
    }
    if ((base == 0 || base == 16) && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') &&
        digit_value(p[2]) < 16) {
        p += 2;
        base = 16;
    }
    if (base == 0) {
        base = *p == '0' ? 8 : 10;
    }
    for (; digit_value(*p) < base; p++) {
        unsigned long digit = (unsigned long)digit_value(*p);
        any = true;
        overflow |= value > (ULONG_MAX - digit) / (unsigned long)base;
        value = value * (unsigned long)base + digit;
    }
    if (end) {
        *end = (char *)(any ? p : s);
    }
    if (overflow) {
        return ULONG_MAX;
    }
    return negative ? 0 - value : value;
}
