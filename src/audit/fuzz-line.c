// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "audit/line.h"
#include "audit/syslog.h"
#include "base/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted is spelt the same when it is written again, and fits a syslog message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer again = BUFFER(AUDIT_LINE_MAX + 1);
        SCOPED(buffer_done) struct buffer message = BUFFER(AUDIT_SYSLOG_MAX);
        struct audit_line line;

        if (!audit_line_parse(text_from_octets(data, size), &line))
                return 0;
        if (line.type == AUDIT_RECORD) {
                audit_record_line(&line.record, line.hash, &again);
                audit_record_syslog(&line.record, line.hash, "host", &message);
        } else {
                audit_checkpoint_line(line.type, &line.checkpoint, &again);
                audit_checkpoint_syslog(&line.checkpoint, "host", &message);
        }
        assert(!again.failure && again.len == size + 1 && memcmp(again.at, data, size) == 0);
        assert(!message.failure);
        return 0;
}
