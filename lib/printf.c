/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A text under construction: length counts on when the space is used up. */
struct text {
    char *to;
    size_t size;
    size_t length;
};

struct conversion {
    bool zero;
    bool left;
    int width;
    int precision; /* -1 = none */
    int longs;     /* -2 char, -1 short, 0 int, 1 long, 2 long long */
};

static void put(struct text *text, char c)
{
    if (text->length + 1 < text->size) {
        text->to[text->length] = c;
    }
    text->length++;
}

static void put_padding(struct text *text, const struct conversion *conv, size_t used, char c)
{
    for (size_t i = used; conv->width > 0 && i < (size_t)conv->width; i++) {
        put(text, c);
    }
}

static void put_field(struct text *text, const struct conversion *conv, const char *s,
                      size_t length)
{
    if (!conv->left) {
        put_padding(text, conv, length, ' ');
    }
    for (size_t i = 0; i < length; i++) {
        put(text, s[i]);
    }
    if (conv->left) {
        put_padding(text, conv, length, ' ');
    }
}

static void put_number(struct text *text, const struct conversion *conv, uint64_t value,
                       unsigned base, bool upper, const char *prefix)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char buffer[24]; /* a sign or "0x", and 20 digits */
    char *end = buffer + sizeof(buffer);
    char *p = end;
    size_t prefix_length = strlen(prefix);

    do {
        *--p = digits[value % base];
        value /= base;
    } while (value > 0);
    if (conv->zero && !conv->left) {
        for (const char *c = prefix; *c; c++) {
            put(text, *c);
        }
        put_padding(text, conv, (size_t)(end - p) + prefix_length, '0');
        for (; p < end; p++) {
            put(text, *p);
        }
        return;
    }
    for (size_t i = prefix_length; i > 0; i--) {
        *--p = prefix[i - 1];
    }
    put_field(text, conv, p, (size_t)(end - p));
}

static int64_t signed_argument(const struct conversion *conv, va_list *args)
{
    switch (conv->longs) {
    case -2:
        return (signed char)va_arg(*args, int);
    case -1:
        return (short)va_arg(*args, int);
    case 0:
        return va_arg(*args, int);
    case 1:
        return va_arg(*args, long);
    default:
        return va_arg(*args, long long);
    }
}

static uint64_t unsigned_argument(const struct conversion *conv, va_list *args)
{
    switch (conv->longs) {
    case -2:
        return (unsigned char)va_arg(*args, unsigned);
    case -1:
        return (unsigned short)va_arg(*args, unsigned);
    case 0:
        return va_arg(*args, unsigned);
    case 1:
        return va_arg(*args, unsigned long);
    default:
        return va_arg(*args, unsigned long long);
    }
}

static const char *parse_number(const char *format, int *number, va_list *args)
{
    if (*format == '*') {
        *number = va_arg(*args, int);
        return format + 1;
    }
    *number = 0;
    for (; *format >= '0' && *format <= '9'; format++) {
        if (*number < 100000) {
            *number = *number * 10 + (*format - '0');
        }
    }
    return format;
}

/* Everything between '%' and the conversion character. */
static const char *parse_conversion(const char *format, struct conversion *conv, va_list *args)
{
    *conv = (struct conversion){.precision = -1};
    for (;; format++) {
        if (*format == '0') {
            conv->zero = true;
        } else if (*format == '-') {
            conv->left = true;
        } else {
            break;
        }
    }
    format = parse_number(format, &conv->width, args);
    if (conv->width < 0) {
        conv->left = true;
        conv->width = conv->width > -100000 ? -conv->width : 100000;
    }
    if (*format == '.') {
        format = parse_number(format + 1, &conv->precision, args);
    }
    for (;; format++) {
        switch (*format) {
        case 'h':
            conv->longs--;
            break;
        case 'l':
            conv->longs++;
            break;
        case 'z':
        case 'j':
        case 't':
            conv->longs = 1;
            break;
        default:
            return format;
        }
    }
}

static void put_string(struct text *text, const struct conversion *conv, const char *s)
{
    s = s ? s : "(null)";
    put_field(text, conv, s, conv->precision < 0 ? strlen(s) : strnlen(s, (size_t)conv->precision));
}

static void put_signed(struct text *text, const struct conversion *conv, int64_t value)
{
    bool negative = value < 0;

    put_number(text, conv, negative ? 0 - (uint64_t)value : (uint64_t)value, 10, false,
               negative ? "-" : "");
}

static void convert(struct text *text, const struct conversion *conv, char type, va_list *args)
{
    char c;

    switch (type) {
    case 'd':
    case 'i':
        put_signed(text, conv, signed_argument(conv, args));
        break;
    case 'u':
        put_number(text, conv, unsigned_argument(conv, args), 10, false, "");
        break;
    case 'x':
    case 'X':
        put_number(text, conv, unsigned_argument(conv, args), 16, type == 'X', "");
        break;
    case 'p':
        put_number(text, conv, (uintptr_t)va_arg(*args, void *), 16, false, "0x");
        break;
    case 'c':
        c = (char)va_arg(*args, int);
        put_field(text, conv, &c, 1);
        break;
    case 's':
        put_string(text, conv, va_arg(*args, const char *));
        break;
    case '%':
        put(text, '%');
        break;
    default:
        put(text, '%');
        put(text, type);
    }
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
{
    struct text text = {to, size, 0};
    struct conversion conv;
    va_list copy;

    va_copy(copy, args);
    for (; *format; format++) {
        if (*format != '%') {
            put(&text, *format);
            continue;
        }
        format = parse_conversion(format + 1, &conv, &copy);
        if (*format == '\0') {
            break;
        }
        convert(&text, &conv, *format, &copy);
    }
    va_end(copy);
    if (size > 0) {
        to[text.length < size ? text.length : size - 1] = '\0';
    }
    return (int)text.length;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(to, size, format, args);
    va_end(args);
    return length;
}
