/* SPDX-License-Identifier: BSD-2-Clause */
/* The VM's console: a pair of byte pipes shared with the console server. */
#include <bulkhead/ring.h>

#include "core/lock.h"
#include "host/sel4/output.h"
#include "host/sel4/sel4_host.h"

/* One per process. The output end is shared by all threads, the input end is thread 0's. */
static struct {
    struct lock lock;
    struct output out;
    struct bh_pipe_reader in;
} console;

void host_console_attach(const struct bh_start *start)
{
    if (start->vmm.console.size < sizeof(struct bh_pipe_pair)) {
        return;
    }
    struct bh_pipe_pair *pair = (struct bh_pipe_pair *)start->vmm.console.vaddr;
    if (!bh_pipe_pair_known(pair)) {
        return;
    }
    output_attach(&console.out, &pair->to_server);
    bh_pipe_reader_attach(&console.in, &pair->to_client);
    bh_pipe_reader_arm(&console.in);
}

size_t host_console_write(const void *bytes, size_t size)
{
    lock_take(&console.lock);
    size_t taken = output_write(&console.out, bytes, size);
    lock_release(&console.lock);
    return taken;
}

void host_console_flush(void)
{
    lock_take(&console.lock);
    bool wake = console.out.wake_due;
    console.out.wake_due = false;
    lock_release(&console.lock);
    if (wake) {
        seL4_Signal(BH_VMM_SLOT_CONSOLE_NTFN);
    }
}

void host_log(const char *line, size_t size)
{
    lock_take(&console.lock);
    output_line(&console.out, line, size);
    lock_release(&console.lock);
    host_console_flush();
}

size_t host_console_read(void *bytes, size_t size)
{
    bool wake = false;
    size_t count = bh_pipe_read(&console.in, bytes, size, &wake);
    if (count < size && bh_pipe_reader_arm(&console.in)) {
        count += bh_pipe_read(&console.in, (char *)bytes + count, size - count, &wake);
    }
    if (wake) {
        seL4_Signal(BH_VMM_SLOT_CONSOLE_NTFN);
    }
    return count;
}
