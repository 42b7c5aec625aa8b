/* SPDX-License-Identifier: BSD-2-Clause */
#include "description.h"

#include <libfdt.h>
#include <string.h>

#include <bulkhead/schedule.h>

static bool refuse(struct description_error *error, const char *node, const char *text)
{
    size_t i = 0;

    for (; node && node[i] && i < sizeof(error->node) - 1; i++) {
        error->node[i] = node[i];
    }
    error->node[i] = '\0';
    error->text = text;
    return false;
}

static bool valid_name(const char *name)
{
    size_t length = 0;

    if (!name || name[0] < 'a' || name[0] > 'z') {
        return false;
    }
    for (; name[length]; length++) {
        char c = name[length];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return length < VM_NAME_MAX;
}

static bool get_u32(const void *blob, int node, const char *name, uint32_t *value)
{
    int size;
    const fdt32_t *cell = fdt_getprop(blob, node, name, &size);

    if (!cell || size != (int)sizeof(*cell)) {
        return false;
    }
    *value = fdt32_ld(cell);
    return true;
}

static bool get_u64(const void *blob, int node, const char *name, uint64_t *value)
{
    int size;
    const fdt64_t *cell = fdt_getprop(blob, node, name, &size);

    if (!cell || size != (int)sizeof(*cell)) {
        return false;
    }
    *value = fdt64_ld(cell);
    return true;
}

/* Copy a string property; absent = "". False if it is no string or too long. */
static bool get_string(const void *blob, int node, const char *name, char *text, size_t room)
{
    int size;
    const char *value = fdt_getprop(blob, node, name, &size);

    text[0] = '\0';
    if (!value) {
        return true;
    }
    if (size < 1 || (size_t)size > room || value[size - 1] != '\0' ||
        memchr(value, '\0', (size_t)size) != value + size - 1) {
        return false;
    }
    memcpy(text, value, (size_t)size);
    return true;
}

static bool read_restart(const void *blob, int node, enum life_policy *policy)
{
    char text[16];

    if (!get_string(blob, node, "restart", text, sizeof(text))) {
        return false;
    }
    if (text[0] == '\0' || !strcmp(text, "never")) {
        *policy = LIFE_RESTART_NEVER;
    } else if (!strcmp(text, "on-failure")) {
        *policy = LIFE_RESTART_ON_FAILURE;
    } else if (!strcmp(text, "always")) {
        *policy = LIFE_RESTART_ALWAYS;
    } else {
        return false;
    }
    return true;
}

/* One number from min to max per vCPU. */
static bool read_each(const void *blob, int node, const char *name, const struct vm_config *vm,
                      uint32_t min, uint32_t max, uint32_t *number)
{
    int size;
    const fdt32_t *cell = fdt_getprop(blob, node, name, &size);

    if (!cell || size != (int)(vm->cpus * sizeof(*cell))) {
        return false;
    }
    for (unsigned i = 0; i < vm->cpus; i++) {
        number[i] = fdt32_ld(&cell[i]);
        if (number[i] < min || number[i] > max) {
            return false;
        }
    }
    return true;
}

static const char *read_times(const void *blob, int node, unsigned cores, struct vm_config *vm)
{
    if (!read_each(blob, node, "affinity", vm, 0, cores - 1, vm->affinity)) {
        return "affinity: needs one existing core per vCPU";
    }
    if (!read_each(blob, node, "priority", vm, 1, BH_MAX_VM_PRIORITY, vm->priority)) {
        return "priority: needs a number from 1 to 200 per vCPU";
    }
    if (!read_each(blob, node, "period-us", vm, BH_MIN_PERIOD_US, BH_MAX_PERIOD_US,
                   vm->period_us)) {
        return "period-us: needs a number from 100 to 10000000 per vCPU";
    }
    if (!read_each(blob, node, "budget-us", vm, BH_MIN_BUDGET_US, BH_MAX_PERIOD_US,
                   vm->budget_us)) {
        return "budget-us: needs a number from 20 to the period per vCPU";
    }
    for (unsigned i = 0; i < vm->cpus; i++) {
        if (vm->budget_us[i] > vm->period_us[i]) {
            return "budget-us: needs a number from 20 to the period per vCPU";
        }
    }
    return NULL;
}

static const char *read_numbers(const void *blob, int node, unsigned cores, struct vm_config *vm)
{
    uint32_t value;

    if (!get_u32(blob, node, "cpus", &value) || value < 1 || value > BH_MAX_VCPUS) {
        return "cpus: needs a number from 1 to 8";
    }
    vm->cpus = value;

    const char *text = read_times(blob, node, cores, vm);

    if (text) {
        return text;
    }
    return NULL;
}

static const char *read_texts(const void *blob, int node, struct vm_config *vm)
{
    if (!get_string(blob, node, "kernel", vm->kernel, sizeof(vm->kernel)) || !vm->kernel[0]) {
        return "kernel: needs the name of a file in the archive";
    }
    if (!get_string(blob, node, "initrd", vm->initrd, sizeof(vm->initrd))) {
        return "initrd: needs the name of a file in the archive";
    }
    if (!get_string(blob, node, "overlay", vm->overlay, sizeof(vm->overlay))) {
        return "overlay: needs the name of a file in the archive";
    }
    if (!get_string(blob, node, "bootargs", vm->bootargs, sizeof(vm->bootargs))) {
        return "bootargs: needs a string of at most 1023 characters";
    }
    if (!read_restart(blob, node, &vm->restart)) {
        return "restart: needs \"never\", \"on-failure\" or \"always\"";
    }
    return NULL;
}

/* --- memory --------------------------------------------------------------------------------- */

/* A property of triples of 64-bit numbers: how many there are, or -1 if it is malformed or there
 * are more than max. Absent: 0. */
static int get_triples(const void *blob, int node, const char *name, unsigned max,
                       uint64_t triple[][3])
{
    int size;
    const fdt64_t *cell = fdt_getprop(blob, node, name, &size);

    if (!cell) {
        return 0;
    }
    int count = size / (int)(3 * sizeof(*cell));

    if (size % (int)(3 * sizeof(*cell)) || count > (int)max) {
        return -1;
    }
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++) {
            triple[i][k] = fdt64_ld(cell++);
        }
    }
    return count;
}

static bool in_range(uint64_t ipa, uint64_t size, uint64_t unit)
{
    return size > 0 && ipa % unit == 0 && size % unit == 0 && ipa >= BH_GUEST_MEMORY_BASE &&
           ipa < BH_GUEST_MEMORY_END && size <= BH_GUEST_MEMORY_END - ipa;
}

static bool read_banks(const void *blob, int node, struct vm_config *vm)
{
    uint64_t triple[BH_MAX_RAM_BANKS][3];
    int count = get_triples(blob, node, "ram", BH_MAX_RAM_BANKS, triple);

    if (count <= 0 || triple[0][2] != 0) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!in_range(triple[i][0], triple[i][1], VM_MEMORY_UNIT) || triple[i][2] > 1) {
            return false;
        }
        vm->bank[i] = (struct vm_bank){triple[i][0], triple[i][1], triple[i][2] == 1};
        vm->memory += triple[i][1];
    }
    vm->banks = (unsigned)count;
    return true;
}

static bool read_shares(const void *blob, int node, const struct description *description,
                        struct vm_config *vm)
{
    uint64_t triple[BH_MAX_WINDOWS][3];
    int count = get_triples(blob, node, "windows", BH_MAX_WINDOWS, triple);

    for (int i = 0; i < count; i++) {
        if (triple[i][0] >= description->windows || triple[i][2] > 1 ||
            !in_range(triple[i][1], description->window[triple[i][0]].size, WINDOW_UNIT)) {
            return false;
        }
        vm->share[i] = (struct vm_share){(unsigned)triple[i][0], triple[i][1], triple[i][2] == 1};
    }
    vm->shares = count < 0 ? 0 : (unsigned)count;
    return count >= 0;
}

static bool read_windows(const void *blob, struct description *description,
                         struct description_error *error)
{
    int windows = fdt_subnode_offset(blob, 0, "windows");
    int node;

    if (windows < 0) {
        return true;
    }
    fdt_for_each_subnode(node, blob, windows)
    {
        struct window_config *window = &description->window[description->windows];
        const char *name = fdt_get_name(blob, node, NULL);

        if (description->windows == DESCRIPTION_MAX_WINDOWS || !valid_name(name)) {
            return refuse(error, name, "not a window name, or more than 16 windows");
        }
        if (!get_u64(blob, node, "size", &window->size) || window->size == 0 ||
            window->size > WINDOW_MAX || window->size % WINDOW_UNIT) {
            return refuse(error, name, "size: needs a multiple of 4 KiB up to 64 MiB");
        }
        memcpy(window->name, name, strlen(name) + 1);
        description->windows++;
    }
    return true;
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool read_vm(const void *blob, int node, unsigned cores, struct description *description,
                    struct description_error *error)
{
    const char *name = fdt_get_name(blob, node, NULL);

    if (description->vms == DESCRIPTION_MAX_VMS) {
        return refuse(error, name, "more than 48 VMs");
    }
    if (!valid_name(name)) {
        return refuse(error, name, "not a VM name ([a-z][a-z0-9-]{0,15})");
    }
    struct vm_config *vm = &description->vm[description->vms++];
    const char *text = read_numbers(blob, node, cores, vm);

    if (!text && !read_banks(blob, node, vm)) {
        text = "ram: needs banks of 2 MiB units where memory may be, the first one not hidden";
    }
    if (!text && !read_shares(blob, node, description, vm)) {
        text = "windows: needs windows that exist, where memory may be";
    }
    if (!text) {
        text = read_texts(blob, node, vm);
    }
    memcpy(vm->name, name, strlen(name) + 1);
    return text ? refuse(error, name, text) : true;
}

bool description_read(const void *blob, size_t size, unsigned cores,
                      struct description *description, struct description_error *error)
{
    uint32_t compiled;
    int vms;
    int node;

    memset(description, 0, sizeof(*description));
    *error = (struct description_error){.text = ""};
    if (size < sizeof(struct fdt_header) || fdt_check_full(blob, size)) {
        return refuse(error, "/", "not a devicetree blob");
    }
    if (fdt_node_check_compatible(blob, 0, "bulkhead,system")) {
        return refuse(error, "/", "not compatible with \"bulkhead,system\"");
    }
    if (!get_u32(blob, 0, "bulkhead,compiled", &compiled) || compiled != 1) {
        return refuse(error, "/", "not compiled by this version's tool");
    }
    description->dump_capabilities = fdt_getprop(blob, 0, "dump-capabilities", NULL) != NULL;
    if (!read_windows(blob, description, error)) {
        return false;
    }
    vms = fdt_subnode_offset(blob, 0, "vms");
    if (vms < 0) {
        return refuse(error, "/", "has no node \"vms\"");
    }
    fdt_for_each_subnode(node, blob, vms)
    {
        if (!read_vm(blob, node, cores, description, error)) {
            return false;
        }
    }
    if (description->vms == 0) {
        return refuse(error, "/vms", "names no VM");
    }
    return true;
}

bool description_limited(const struct vm_config *vm, unsigned n)
{
    return vm->budget_us[n] < vm->period_us[n];
}

unsigned description_vmm_priority(const struct vm_config *vm, unsigned n)
{
    unsigned highest = vm->priority[n];

    for (unsigned i = 0; !description_limited(vm, n) && i < vm->cpus; i++) {
        if (vm->affinity[i] == vm->affinity[n] && !description_limited(vm, i) &&
            vm->priority[i] > highest) {
            highest = vm->priority[i];
        }
    }
    return highest + 1;
}
