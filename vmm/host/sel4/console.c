/* SPDX-License-Identifier: BSD-2-Clause */
/* The VM's console: a pair of byte pipes shared with the console server. */
#include <bulkhead/ring.h>

#include "core/lock.h"
#include "host/sel4/sel4_host.h"

/* One per process. The output end is shared by all threads, the input end is thread 0's. */
static struct {
    struct lock lock;
    struct bh_pipe_writer out;
    struct bh_pipe_reader in;
    bool middle_of_line;
    bool wake_due; /* the server sleeps and does not know yet of what was written */
} console;

void host_console_attach(const struct bh_start *start)
{
    if (start->vmm.console.size < sizeof(struct bh_pipe_pair)) {
        return;
    }
    struct bh_pipe_pair *pair = (struct bh_pipe_pair *)start->vmm.console.vaddr;
    bh_pipe_writer_attach(&console.out, &pair->to_server);
    bh_pipe_reader_attach(&console.in, &pair->to_client);
    bh_pipe_reader_arm(&console.in);
}

static size_t write_locked(const void *bytes, size_t size)
{
    if (console.out.pipe == NULL) {
        return size;
    }
    bool *wake = &console.wake_due;
    size_t taken = bh_pipe_write(&console.out, bytes, size, wake);
    while (taken < size && bh_pipe_writer_arm(&console.out)) {
        size_t more = bh_pipe_write(&console.out, (const char *)bytes + taken, size - taken, wake);
        if (more == 0) {
            break;
        }
        taken += more;
    }
    if (taken > 0) {
        console.middle_of_line = ((const char *)bytes)[taken - 1] != '\n';
    }
    return taken;
}

size_t host_console_write(const void *bytes, size_t size)
{
    lock_take(&console.lock);
    size_t taken = write_locked(bytes, size);
    lock_release(&console.lock);
    return taken;
}

void host_console_flush(void)
{
    lock_take(&console.lock);
    bool wake = console.wake_due;
    console.wake_due = false;
    lock_release(&console.lock);
    if (wake) {
        seL4_Signal(BH_VMM_SLOT_CONSOLE_NTFN);
    }
}

void host_log(const char *line, size_t size)
{
    lock_take(&console.lock);
    if (console.middle_of_line) {
        write_locked("\r\n", 2);
    }
    write_locked("vmm: ", 5);
    write_locked(line, size);
    write_locked("\r\n", 2);
    lock_release(&console.lock);
    host_console_flush();
}

size_t host_console_read(void *bytes, size_t size)
{
    bool wake = false;
    if (console.in.pipe == NULL) {
        return 0;
    }
    size_t count = bh_pipe_read(&console.in, bytes, size, &wake);
    if (count < size && bh_pipe_reader_arm(&console.in)) {
        count += bh_pipe_read(&console.in, (char *)bytes + count, size - count, &wake);
    }
    if (wake) {
        seL4_Signal(BH_VMM_SLOT_CONSOLE_NTFN);
    }
    return count;
}
