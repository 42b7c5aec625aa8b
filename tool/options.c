/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include <bulkhead/start.h>
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* Options are text, unless a greatest number is given: then a number from `min` to there; a least
 * number alone makes a flag. */
static const struct option {
    const char *name;
    enum option_use use;
    size_t offset;
    uint32_t min, max;
} table[] = {
    {"-o", OPTION_OUTPUT, offsetof(struct options, output), 0, 0},
    {"--kernel", OPTION_KERNEL, offsetof(struct options, kernel), 0, 0},
    {"--format", OPTION_FORMAT, offsetof(struct options, format), 0, 0},
    {"--cpu", OPTION_CPU, offsetof(struct options, cpu), 0, 0},
    {"--cpus", OPTION_CPUS, offsetof(struct options, cpus), 1, BH_MAX_CORES},
    {"--gic", OPTION_GIC, offsetof(struct options, gic), 2, 3},
    {"--text", OPTION_TEXT, offsetof(struct options, text), 1, 0},
};

static bool is_flag(const struct option *option)
{
    return option->min > option->max;
}

static const struct option *find(const char *argument, unsigned use, const char **value)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t length = strlen(table[i].name);

        if ((table[i].use & use) == 0 || strncmp(argument, table[i].name, length) != 0) {
            continue;
        }
        if (argument[length] == '\0' || (argument[length] == '=' && argument[1] == '-')) {
            *value = argument[length] == '\0' ? NULL : argument + length + 1;
            return &table[i];
        }
    }
    return NULL;
}

static bool store(const struct option *option, const char *value, struct options *options)
{
    void *field = (char *)options + option->offset;
    unsigned long number;
    char *end;

    if (value == NULL || value[0] == '\0') {
        return report("%s needs a value; see bulkhead --help", option->name);
    }
    if (option->max == 0) {
        *(const char **)field = value;
        return true;
    }
    number = strtoul(value, &end, 10);
    if (!isdigit((unsigned char)value[0]) || *end != '\0' || number < option->min ||
        number > option->max) {
        return report("%s %s: give a number from %u to %u", option->name, value, option->min,
                      option->max);
    }
    *(uint32_t *)field = (uint32_t)number;
    return true;
}

static bool add_source(const char *command, const char *name, struct options *options)
{
    if (options->source != NULL) {
        return report("%s takes one description, \"%s\" is a second one", command, name);
    }
    options->source = name;
    return true;
}

bool options_read(const char *command, unsigned use, char **argv, struct options *options)
{
    while (*argv != NULL) {
        const char *argument = *argv++, *value;
        const struct option *option;

        if (strcmp(argument, "--") == 0 && (use & OPTION_EXTRA) != 0) {
            break;
        }
        if (argument[0] != '-') {
            if (!add_source(command, argument, options)) {
                return false;
            }
            continue;
        }
        option = find(argument, use, &value);
        if (option == NULL) {
            return report("%s has no option \"%s\"; see bulkhead --help", command, argument);
        }
        if (is_flag(option)) {
            *(bool *)((char *)options + option->offset) = true;
            if (value != NULL) {
                return report("%s takes no value; see bulkhead --help", option->name);
            }
            continue;
        }
        if (value == NULL && *argv != NULL) {
            value = *argv++;
        }
        if (!store(option, value, options)) {
            return false;
        }
    }
    options->extra = argv;
    if (options->source == NULL) {
        return report("%s needs a system description: bulkhead %s FILE.dts", command, command);
    }
    return true;
}
