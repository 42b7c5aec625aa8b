/* SPDX-License-Identifier: BSD-2-Clause */
#include "host/sel4/output.h"

#include <stdio.h>

void output_attach(struct output *output, struct bh_pipe *pipe)
{
    *output = (struct output){0};
    bh_pipe_writer_attach(&output->writer, pipe);
}

size_t output_write(struct output *output, const void *bytes, size_t size)
{
    struct bh_pipe_writer *writer = &output->writer;

    if (writer->pipe == NULL) {
        return size;
    }
    size_t taken = bh_pipe_write(writer, bytes, size, &output->wake_due);
    while (taken < size && bh_pipe_writer_arm(writer)) {
        size_t more =
            bh_pipe_write(writer, (const char *)bytes + taken, size - taken, &output->wake_due);
        if (more == 0) {
            break;
        }
        taken += more;
    }
    if (taken > 0) {
        output->middle_of_line = ((const char *)bytes)[taken - 1] != '\n';
    }
    return taken;
}

void output_line(struct output *output, const char *line, size_t size)
{
    char lost[48] = "";
    char text[sizeof("\r\nvmm: \r\n") + sizeof(lost) + OUTPUT_LINE_MAX];

    if (output->lines_lost > 0) {
        snprintf(lost, sizeof(lost), "vmm: (%llu lines lost)\r\n",
                 (unsigned long long)output->lines_lost);
    }
    size_t length = (size_t)snprintf(text, sizeof(text), "%s%svmm: %.*s\r\n",
                                     output->middle_of_line ? "\r\n" : "", lost,
                                     (int)(size < OUTPUT_LINE_MAX ? size : OUTPUT_LINE_MAX), line);
    if (output->writer.pipe != NULL && bh_pipe_room(&output->writer) < length) {
        output->lines_lost++;
        return;
    }
    output->lines_lost = 0;
    output_write(output, text, length);
}
