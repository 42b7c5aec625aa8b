/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments and answers of invocations. */
#include <string.h>

#include "arch.h"
#include "ipc.h"

word inv_arg(const struct invocation *inv, unsigned i)
{
    return message_word(inv->caller, inv->buffer, i);
}

enum status inv_fail(struct invocation *inv, seL4_Error error)
{
    inv->error = error;
    inv->results = 0;
    return STATUS_ERROR;
}

enum status inv_fail1(struct invocation *inv, seL4_Error error, word mr0)
{
    inv->error = error;
    inv->results = 1;
    inv->result[0] = mr0;
    return STATUS_ERROR;
}

enum status inv_fail_range(struct invocation *inv, word min, word max)
{
    inv->error = seL4_RangeError;
    inv->results = 2;
    inv->result[0] = min;
    inv->result[1] = max;
    return STATUS_ERROR;
}

enum status inv_fail_lookup(struct invocation *inv, bool source, struct lookup_failure failure)
{
    inv->error = seL4_FailedLookup;
    inv->results = 1 + failure.words;
    inv->result[0] = source;
    memcpy(&inv->result[1], failure.word, sizeof failure.word);
    return STATUS_ERROR;
}

enum status inv_fail_missing(struct invocation *inv, bool source, word bits_left)
{
    return inv_fail_lookup(inv, source,
                           (struct lookup_failure){2, {seL4_MissingCapability, bits_left}});
}

enum status inv_result(struct invocation *inv, word value)
{
    inv->results = 1;
    inv->result[0] = value;
    return STATUS_OK;
}

enum status inv_written(struct invocation *inv, const word *words, unsigned n)
{
    inv->results_written = true;
    inv->results = inv->how.call ? message_put(inv->caller, words, n) : 0;
    return STATUS_OK;
}

void inv_answer(struct invocation *inv, word label)
{
    struct tcb *t = inv->caller;

    if (!inv->results_written || label != 0)
        inv->results = message_put(t, inv->result, inv->results);
    message_head(t, 0, info_make(label, 0, 0, inv->results));
}
