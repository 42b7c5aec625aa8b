/* SPDX-License-Identifier: BSD-2-Clause */
#include "domain.h"

#include <stdio.h>
#include <string.h>

#include <bulkhead/archive.h>
#include <bulkhead/elf.h>

#include "log.h"
#include "window.h"

#define PAGE              ((uint64_t)1 << seL4_PageBits)
#define SEGMENT_MAX_PAGES 512u

/* --- image ---------------------------------------------------------------------------------- */

/* The part of segment that lies in the page at vaddr, copied into the page. */
static void copy_part(const struct bh_elf_segment *segment, uint64_t vaddr, uint8_t *page)
{
    uint64_t file_end = segment->vaddr + segment->file_size;
    uint64_t from = vaddr > segment->vaddr ? vaddr : segment->vaddr;
    uint64_t to = vaddr + PAGE < file_end ? vaddr + PAGE : file_end;

    if (from < to) {
        memcpy(page + (from - vaddr), segment->data + (from - segment->vaddr), to - from);
    }
}

/* Fill a new frame with what the segment has at vaddr. */
static bool fill_page(struct domain *domain, const struct bh_elf_segment *segment, uint64_t vaddr,
                      seL4_CPtr *frame)
{
    *frame = realm_simple(domain->realm, seL4_ARM_SmallPageObject);
    uint8_t *page = *frame ? window_open(*frame, seL4_PageBits) : NULL;

    if (!page) {
        return false;
    }
    copy_part(segment, vaddr, page);
    return !(segment->flags & BH_ELF_EXECUTE) ||
           log_ok("cleaning the caches", seL4_ARM_Page_Unify_Instruction(*frame, 0, PAGE));
}

/* mapped: where the pages of the segments before end; pages are not shared between segments. */
static bool load_segment(struct domain *domain, const struct bh_elf_segment *segment,
                         uint64_t *mapped)
{
    const bool writable = segment->flags & BH_ELF_WRITE;
    const bool executable = segment->flags & BH_ELF_EXECUTE;
    seL4_CPtr frame[SEGMENT_MAX_PAGES];
    uint64_t first = segment->vaddr & ~(PAGE - 1);
    uint64_t count = (segment->vaddr + segment->memory_size - first + PAGE - 1) / PAGE;

    if (first < *mapped || count > SEGMENT_MAX_PAGES || first > DOMAIN_START_BLOCK - count * PAGE) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!fill_page(domain, segment, first + i * PAGE, &frame[i])) {
            return false;
        }
    }
    window_close_all();
    for (uint64_t i = 0; i < count; i++) {
        if (!realm_map(domain->realm, domain->vspace, frame[i], first + i * PAGE,
                       writable ? seL4_ReadWrite : seL4_CanRead,
                       seL4_ARM_Default_VMAttributes | (executable ? 0 : seL4_ARM_ExecuteNever))) {
            return false;
        }
    }
    *mapped = first + count * PAGE;
    return true;
}

static bool load_image(struct domain *domain, const char *name)
{
    char path[BH_ARCHIVE_NAME_MAX];
    struct archive_file file;
    struct bh_elf elf;
    uint64_t mapped = 0;

    snprintf(path, sizeof(path), "prog/%s", name);
    if (!archive_find(path, &file)) {
        log_line("the archive has no %s", path);
        return false;
    }
    enum bh_elf_result result = bh_elf_open(&elf, file.bytes, file.size, BH_ELF_MACHINE_AARCH64);

    if (result != BH_ELF_OK) {
        log_line("%s %s", path, bh_elf_result_text(result));
        return false;
    }
    domain->entry = elf.entry;
    for (unsigned i = 0; i < elf.segments; i++) {
        if (!load_segment(domain, &elf.segment[i], &mapped)) {
            log_line("%s: segment %u cannot be loaded", path, i);
            return false;
        }
    }
    return true;
}

/* --- domain --------------------------------------------------------------------------------- */

bool domain_create(struct domain *domain, struct realm *realm, enum bh_program program,
                   const char *name, unsigned cnode_bits)
{
    memset(domain, 0, sizeof(*domain));
    domain->realm = realm;
    domain->cnode_bits = cnode_bits;
    domain->start =
        (struct bh_start){.magic = BH_START_MAGIC, .version = BH_START_VERSION, .program = program};
    domain->vspace = realm_vspace(realm);
    if (domain->vspace == 0) {
        return false;
    }
    domain->cnode = realm_cnode(realm, cnode_bits);
    domain->start_frame = realm_simple(realm, seL4_ARM_SmallPageObject);
    return domain->cnode != 0 && domain->start_frame != 0 && load_image(domain, name);
}

static bool map_stack(struct domain *domain, unsigned n)
{
    uint64_t top = DOMAIN_STACKS + (n + 1) * DOMAIN_STACK_STRIDE;

    for (unsigned i = 1; i <= DOMAIN_STACK_PAGES; i++) {
        seL4_CPtr frame = realm_simple(domain->realm, seL4_ARM_SmallPageObject);

        if (frame == 0 ||
            !realm_map(domain->realm, domain->vspace, frame, top - i * PAGE, seL4_ReadWrite,
                       seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
            return false;
        }
    }
    return true;
}

bool domain_thread(struct domain *domain, const struct domain_thread *thread)
{
    unsigned n = domain->threads;
    uint64_t buffer = DOMAIN_IPC_BUFFERS + n * PAGE;
    seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - domain->cnode_bits).words[0];
    seL4_CPtr frame = realm_simple(domain->realm, seL4_ARM_SmallPageObject);
    seL4_CPtr tcb = realm_simple(domain->realm, seL4_TCBObject);

    if (frame == 0 || tcb == 0 || !map_stack(domain, n) ||
        !realm_map(domain->realm, domain->vspace, frame, buffer, seL4_ReadWrite,
                   seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
        return false;
    }
    domain->tcb[n] = tcb;
    domain->start.thread[n].ipc_buffer = buffer;
    domain->start.threads = ++domain->threads;
    return log_ok("configuring a thread", seL4_TCB_Configure(tcb, domain->cnode, guard,
                                                             domain->vspace, 0, buffer, frame)) &&
           log_ok("scheduling a thread",
                  seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, thread->mcp, thread->priority,
                                          thread->sc, thread->fault_ep));
}

bool domain_give(struct domain *domain, unsigned slot, seL4_CPtr source, seL4_CapRights_t rights,
                 seL4_Word badge)
{
    return cspace_give(domain->cnode, domain->cnode_bits, slot, source, rights, badge);
}

void domain_take(struct domain *domain, unsigned slot)
{
    log_ok("taking a capability back",
           seL4_CNode_Delete(domain->cnode, slot, (seL4_Uint8)domain->cnode_bits));
}

bool domain_share(struct domain *domain, seL4_CPtr frame, uint64_t vaddr, seL4_CapRights_t rights,
                  seL4_Word attributes)
{
    seL4_CPtr copy = cspace_copy(&domain->realm->node, frame, rights, 0);

    return copy != 0 && realm_map(domain->realm, domain->vspace, copy, vaddr, rights, attributes);
}

bool domain_seal(struct domain *domain)
{
    void *page = window_open(domain->start_frame, seL4_PageBits);

    if (!page) {
        return false;
    }
    memcpy(page, &domain->start, sizeof(domain->start));
    window_close_all();
    return realm_map(domain->realm, domain->vspace, domain->start_frame, DOMAIN_START_BLOCK,
                     seL4_CanRead, seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever);
}

bool domain_run(struct domain *domain, unsigned n)
{
    seL4_UserContext regs = {
        .pc = domain->entry,
        .sp = DOMAIN_STACKS + (n + 1) * DOMAIN_STACK_STRIDE,
        .x0 = DOMAIN_START_BLOCK,
        .x1 = n,
    };

    return log_ok(
        "starting a thread",
        seL4_TCB_WriteRegisters(domain->tcb[n], true, 0, sizeof(regs) / sizeof(seL4_Word), &regs));
}
