/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats.h"

#include <stdio.h>
#include <string.h>

#define ITEM_MAX 48u
#define INDENT   14

typedef unsigned long long ull;

static const char *const reason_name[BH_EXIT_REASONS] = {
    [BH_EXIT_MMIO] = "mmio",           [BH_EXIT_ABORT] = "abort",
    [BH_EXIT_HYPERCALL] = "hypercall", [BH_EXIT_IDLE] = "idle",
    [BH_EXIT_SYSREG] = "sysreg",       [BH_EXIT_UNDEFINED] = "undefined",
    [BH_EXIT_IRQ_RETIRED] = "irq-end", [BH_EXIT_TIMER] = "timer",
    [BH_EXIT_EVENT] = "event",         [BH_EXIT_OTHER] = "other",
};

_Static_assert(sizeof(struct bh_stats_vcpu) % sizeof(uint64_t) == 0, "counters only");

bool stats_read(const struct bh_stats *page, unsigned vcpu, struct bh_stats_vcpu *counts)
{
    const uint64_t *from = (const uint64_t *)&page->vcpu[vcpu];
    uint64_t *to = (uint64_t *)counts;

    if (__atomic_load_n(&page->magic, __ATOMIC_ACQUIRE) != BH_STATS_MAGIC) {
        return false;
    }
    for (unsigned i = 0; i < sizeof(*counts) / sizeof(uint64_t); i++) {
        to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
    }
    return true;
}

/* --- lines of items, with a title in front -----------------------------------------------------
 */

struct row {
    char text[STATS_LINE_MAX + 1];
    size_t length;
    bool empty; /* nothing behind the title yet */
    stats_line_fn *line;
    void *context;
};

static void begin(struct row *row, const char *title)
{
    row->length = (size_t)snprintf(row->text, sizeof(row->text), "  %-*s", INDENT, title);
    row->empty = true;
}

static void end(struct row *row)
{
    if (!row->empty) {
        row->line(row->context, row->text);
    }
}

static void add(struct row *row, const char *name, uint64_t count)
{
    char item[ITEM_MAX];

    if (count == 0) {
        return;
    }
    int length =
        snprintf(item, sizeof(item), "%s%s %llu", row->empty ? "" : ", ", name, (ull)count);

    if (row->length + (size_t)length > STATS_LINE_MAX) {
        end(row);
        begin(row, "");
        length = snprintf(item, sizeof(item), "%s %llu", name, (ull)count);
    }
    memcpy(row->text + row->length, item, (size_t)length + 1);
    row->length += (size_t)length;
    row->empty = false;
}

/* --- contents ------------------------------------------------------------------------------- */

/* What is below the times of bucket n, in words. */
static void name_bucket(unsigned n, uint64_t tick_hz, char text[ITEM_MAX])
{
    uint64_t ns = (UINT64_C(1) << (BH_STATS_BUCKETS - 1 - n)) * 1000000000u / tick_hz;

    if (ns < 10000) {
        snprintf(text, ITEM_MAX, "<%llu ns:", (ull)ns);
    } else if (ns < 10000000) {
        snprintf(text, ITEM_MAX, "<%llu us:", (ull)(ns / 1000));
    } else {
        snprintf(text, ITEM_MAX, "<%llu ms:", (ull)(ns / 1000000));
    }
}

void stats_print(const struct bh_stats_vcpu *counts, uint64_t tick_hz, stats_line_fn *line,
                 void *context)
{
    struct row row = {.line = line, .context = context};
    char name[ITEM_MAX];

    begin(&row, "exits");
    for (unsigned i = 0; i < BH_EXIT_REASONS; i++) {
        add(&row, reason_name[i], counts->exits[i]);
    }
    add(&row, "decoded", counts->decoded);
    end(&row);

    begin(&row, "answered in");
    for (unsigned n = BH_STATS_BUCKETS; n-- > 0;) {
        name_bucket(n, tick_hz, name);
        add(&row, name, counts->latency[n]);
    }
    end(&row);

    begin(&row, "interrupts");
    add(&row, "injected", counts->injected);
    end(&row);

    begin(&row, "locks");
    add(&row, "waits", counts->locks.waits);
    add(&row, "spins", counts->locks.spins);
    end(&row);
}
