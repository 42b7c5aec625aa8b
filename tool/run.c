/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#define QEMU "qemu-system-aarch64"

int run_qemu(struct arena *arena, const struct board *board, const char *image,
             const struct run_options *options)
{
    const char *machine = arena_printf(arena, "%s,gic-version=%u", board->machine, options->gic);
    const char *cpus = arena_printf(arena, "%u", options->cpus);
    const char *memory = arena_printf(arena, "%u", board->qemu_memory);
    const char *fixed[] = {QEMU, "-M",   machine,      "-cpu", options->cpu, "-smp",    cpus,
                           "-m", memory, "-nographic", "-nic", "none",       "-kernel", image};
    size_t count = sizeof(fixed) / sizeof(fixed[0]), extra = 0;
    const char **argv;

    while (options->extra[extra] != NULL) {
        extra++;
    }
    argv = arena_alloc(arena, (count + extra + 1) * sizeof(*argv));
    memcpy(argv, fixed, sizeof(fixed));
    memcpy(argv + count, options->extra, extra * sizeof(*argv));
    progress("starting QEMU with %u core%s and GICv%u; Ctrl-] q switches off, Ctrl-A x leaves QEMU",
             options->cpus, options->cpus == 1 ? "" : "s", options->gic);
    fflush(NULL);
    execvp(QEMU, (char *const *)argv);
    if (errno == ENOENT) {
        report(QEMU " is not installed; apt-get install qemu-system-arm");
    } else {
        report("cannot start " QEMU ": %s", strerror(errno));
    }
    return 1;
}
