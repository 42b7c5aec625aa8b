/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bulkhead: checks a system description, builds its boot image, runs it under QEMU.
 *
 * Exit status: 0 done, 1 something is wrong with the description or its files, 2 something is wrong
 * with the command line. Every error is one line on standard error.
 */
#include <stdio.h>
#include <string.h>

#include "build.h"
#include "cache.h"
#include "cpu_model.h"
#include "graph.h"
#include "options.h"
#include "report.h"
#include "run.h"

#define EXIT_WRONG 1
#define EXIT_USAGE 2

static const char help[] =
    "Usage: bulkhead COMMAND [OPTION...] FILE.dts\n"
    "\n"
    "  bulkhead check FILE.dts            report the first mistake in a system description\n"
    "  bulkhead build FILE.dts -o IMAGE   write its boot image\n"
    "  bulkhead run FILE.dts              build what changed and boot it under QEMU\n"
    "  bulkhead graph FILE.dts            print the system as a graph for Graphviz (dot -Tsvg)\n"
    "  bulkhead schema                    print all nodes and properties as Markdown\n"
    "\n"
    "  --kernel KERNEL.elf   build, run: a seL4 kernel instead of the bundled one\n"
    "  --format elf|raw|efi  build: for QEMU's -kernel (elf, the default), or for U-Boot's booti\n"
    "                        and as an EFI application (raw and efi are the same bytes)\n"
    "  --cpus N              check: cores of the board (default 8); build: cores that the kernel\n"
    "                        starts (default: all; 4 with --kernel, as seL4 is built for a\n"
    "                        number of cores); run: cores of the machine (default: those that\n"
    "                        the description uses; 4 with --kernel)\n"
    "  --gic 2|3             run: version of the interrupt controller (default 2)\n"
    "  --cpu MODEL           run: QEMU's CPU model (default cortex-a53); max is what of QEMU's\n"
    "                        max the kernels keep apart between VMs; MODEL,OPTION... is as is\n"
    "  --text                graph: tables of cores, memory, files and connections instead\n"
    "  -- ARGUMENT...        run: further arguments for QEMU\n"
    "  --help, --version\n"
    "\n"
    "In a running system Ctrl-] q stops all VMs and switches off, Ctrl-A x leaves QEMU at once.\n"
    "docs/description.md explains descriptions.\n";

static int command_check(struct arena *arena, char **argv)
{
    struct options options = {0};
    struct system *system = arena_alloc(arena, sizeof(*system));

    if (!options_read("check", OPTION_CPUS, argv, &options)) {
        return EXIT_USAGE;
    }
    if (!system_load(arena, options.source, options.cpus, system)) {
        return EXIT_WRONG;
    }
    printf("%s: no mistakes found: %u VM%s on %s\n", options.source, system->vms,
           system->vms == 1 ? "" : "s", system->board->name);
    return 0;
}

/*
 * A seL4 kernel is built for a number of cores and waits for exactly so many; the bundled one takes
 * what there is.
 */
static bool find_parts(struct arena *arena, const struct system *system,
                       const struct options *options, struct parts *parts)
{
    if (!parts_find(arena, options->kernel, parts)) {
        return false;
    }
    parts->kernel_cores = options->cpus;
    if (options->cpus == 0 && options->kernel != NULL) {
        parts->kernel_cores = system->board->cores_sel4;
    }
    return true;
}

static bool read_format(const char *name, enum image_format *format)
{
    *format = strcmp(name, "elf") == 0 ? IMAGE_ELF : IMAGE_RAW;
    return *format == IMAGE_ELF || strcmp(name, "raw") == 0 || strcmp(name, "efi") == 0 ||
           report("--format %s: write elf, raw or efi", name);
}

static int command_build(struct arena *arena, char **argv)
{
    struct options options = {.format = "elf"};
    struct system *system = arena_alloc(arena, sizeof(*system));
    enum image_format format;
    struct parts parts;

    if (!options_read("build", OPTION_OUTPUT | OPTION_KERNEL | OPTION_FORMAT | OPTION_CPUS, argv,
                      &options) ||
        !read_format(options.format, &format)) {
        return EXIT_USAGE;
    }
    if (options.output == NULL) {
        report("build needs the name of the image: -o IMAGE");
        return EXIT_USAGE;
    }
    if (!system_load(arena, options.source, options.cpus, system) ||
        !find_parts(arena, system, &options, &parts) ||
        !build_image(arena, system, &parts, format, options.output)) {
        return EXIT_WRONG;
    }
    return 0;
}

static int command_run(struct arena *arena, char **argv)
{
    struct options options = {.gic = 2, .cpu = "cortex-a53"};
    struct system *system = arena_alloc(arena, sizeof(*system));
    struct run_options run;
    struct parts parts;
    const char *image;

    if (!options_read("run", OPTION_KERNEL | OPTION_CPU | OPTION_CPUS | OPTION_GIC | OPTION_EXTRA,
                      argv, &options)) {
        return EXIT_USAGE;
    }
    if (!system_load(arena, options.source, options.cpus, system) ||
        !find_parts(arena, system, &options, &parts)) {
        return EXIT_WRONG;
    }
    run = (struct run_options){.gic = options.gic,
                               .cpus = options.cpus,
                               .cpu = cpu_model(options.cpu),
                               .extra = options.extra};
    if (run.cpus == 0) {
        run.cpus = system->cores;
        if (options.kernel != NULL && run.cpus < system->board->cores_sel4) {
            run.cpus = system->board->cores_sel4;
        }
    }
    image = cache_image(arena, system, &parts);
    return image == NULL ? EXIT_WRONG : run_qemu(arena, system->board, image, &run);
}

static int command_graph(struct arena *arena, char **argv)
{
    struct options options = {0};
    struct system *system = arena_alloc(arena, sizeof(*system));

    if (!options_read("graph", OPTION_CPUS | OPTION_TEXT, argv, &options)) {
        return EXIT_USAGE;
    }
    if (!system_load(arena, options.source, options.cpus, system)) {
        return EXIT_WRONG;
    }
    (options.text ? graph_text : graph_dot)(stdout, system);
    return 0;
}

static int command_schema(struct arena *arena, char **argv)
{
    (void)arena;
    if (argv[0] != NULL) {
        report("schema takes no arguments");
        return EXIT_USAGE;
    }
    schema_print(stdout);
    return 0;
}

static int command_help(struct arena *arena, char **argv)
{
    (void)arena;
    (void)argv;
    fputs(help, stdout);
    return 0;
}

static int command_version(struct arena *arena, char **argv)
{
    (void)arena;
    (void)argv;
    puts("bulkhead " BULKHEAD_VERSION);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct arena *arena, char **argv);
} commands[] = {
    {"check", command_check}, {"graph", command_graph},   {"build", command_build},
    {"run", command_run},     {"schema", command_schema}, {"--help", command_help},
    {"-h", command_help},     {"help", command_help},     {"--version", command_version},
};

/* "bulkhead COMMAND --help" is asked before anything about the command is known. */
static bool asks_for_help(char **argv)
{
    for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++) {
        if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct arena arena = {0};

    if (argc < 2) {
        report("name a command: check, build, run, graph or schema; see bulkhead --help");
        return EXIT_USAGE;
    }
    if (asks_for_help(argv + 1)) {
        return command_help(&arena, argv);
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            int status = commands[i].run(&arena, argv + 2);

            arena_free(&arena);
            return fflush(stdout) == 0 ? status : EXIT_WRONG;
        }
    }
    report("there is no command \"%s\"; see bulkhead --help", argv[1]);
    return EXIT_USAGE;
}
