// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/syslog.h"

#include <assert.h>
#include <string.h>

#include "audit/line.h"
#include "base/scope.h"

#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

static struct audit_record example(void)
{
        struct audit_record record = {
                .number = 17,
                .at_ms = 1769860800000,
                .event = TEXT("job-held"),
                .actor_kind = TEXT("service"),
                .detail = TEXT("a=\"]\\"),
        };

        assert(id_parse(TEXT_OF("019aa55e-0000-7000-8000-0000000000aa"), &record.tenant));
        return record;
}

int main(void)
{
        static const uint8_t hash[HASH_OCTETS];
        SCOPED(buffer_done) struct buffer to = BUFFER(AUDIT_SYSLOG_MAX);
        struct audit_record record = example();
        struct audit_line line;
        struct text found;
        struct audit_checkpoint checkpoint = { .tenant = record.tenant,
                                               .sequence = 2,
                                               .at_ms = record.at_ms };

        audit_record_syslog(&record, hash, "print.example", &to);
        assert(strcmp(buffer_string(&to),
                      "<109>1 2026-01-31T12:00:00.000Z print.example imprimatur - job-held [record@32473"
                      " tenant=\"019aa55e-0000-7000-8000-0000000000aa\" number=\"17\" event=\"job-held\""
                      " actor-kind=\"service\" via=\"\" source=\"\" detail=\"a=\\\"\\]\\\\\" hash=\"" ZEROES
                      "\"] {\"type\":\"record\",\"tenant\":\"019aa55e-0000-7000-8000-0000000000aa\",\"number\":17,"
                      "\"at\":\"2026-01-31T12:00:00.000Z\",\"event\":\"job-held\",\"actor\":{\"kind\":\"service\","
                      "\"id\":null},\"via\":\"\",\"source\":\"\",\"subject\":null,\"detail\":\"a=\\\"]\\\\\","
                      "\"hash\":\"" ZEROES "\"}") == 0);
        assert(audit_syslog_find_line(buffer_text(&to), &found) && audit_line_parse(found, &line));
        assert(line.record.number == 17 && text_equal(line.record.detail, record.detail));
        buffer_add_string(&to, " written by a collector");
        assert(audit_syslog_find_line(buffer_text(&to), &found) && audit_line_parse(found, &line));
        assert(!audit_syslog_find_line(TEXT_OF("<109>1 - - - - - [record@32473 detail=\"{\\\"type\\\":\"]"),
                                       &found));
        assert(!audit_syslog_find_line(TEXT_OF("{\"type\":\"record"), &found));
        /* What RFC 5424 does not allow as a host's name, or as a message's, is the nil value. */
        buffer_clear(&to);
        record.event = TEXT_OF("an-event-whose-name-is-longer-than-32-characters");
        audit_record_syslog(&record, hash, "a b", &to);
        assert(strstr(buffer_string(&to), "Z - imprimatur - - [record@"));
        buffer_clear(&to);
        audit_checkpoint_syslog(&checkpoint, "print.example", &to);
        assert(strstr(buffer_string(&to), "imprimatur - checkpoint [checkpoint@32473 tenant=") &&
               !to.failure);
        assert(audit_syslog_find_line(buffer_text(&to), &found) && audit_line_parse(found, &line));
        assert(line.type == AUDIT_CHECKPOINT && line.checkpoint.sequence == 2);
        return 0;
}
