/* SPDX-License-Identifier: BSD-2-Clause */
#include "bootargs.h"

/* What follows text at the start of word, or NULL. */
static const char *behind(const char *word, const char *text)
{
    while (*text && *word == *text) {
        word++;
        text++;
    }
    return *text ? NULL : word;
}

/* The value of a key; NULL if it is not there. */
static const char *find(const char *key)
{
    uint32_t size;
    const char *word = (const char *)dt_property(NULL, "bootargs", &size);

    while (word && *word) {
        const char *value = behind(word, key);
        if (value && *value == '=')
            return value + 1;
        while (*word && *word != ' ')
            word++;
        while (*word == ' ')
            word++;
    }
    return NULL;
}

uint64_t bootargs_number(const char *key, uint64_t otherwise)
{
    const char *digit = find(key);
    uint64_t number = 0;

    if (!digit || *digit < '0' || *digit > '9')
        return otherwise;
    for (; *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (uint64_t)(*digit - '0');
    return number;
}

bool bootargs_is(const char *key, const char *value)
{
    const char *found = find(key);
    const char *end = found ? behind(found, value) : NULL;

    return end && (*end == '\0' || *end == ' ');
}
