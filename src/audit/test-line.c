// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/line.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define ID   "019aa55e-0000-7000-8000-0000000000aa"
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define REST                                          \
        "\"actor\":{\"kind\":\"person\",\"id\":\"" ID \
        "\"},\"via\":\"api\",\"source\":\"::1\",\"subject\":null,"
#define LINE(at, detail)                                                                                   \
        "{\"type\":\"record\",\"tenant\":\"" ID "\",\"number\":12,\"at\":\"" at "\",\"event\":\"x\"," REST \
        "\"detail\":\"" detail "\",\"hash\":\"" HASH "\"}"
#define CHECKPOINT(type)                                                                             \
        "{\"type\":\"" type "\",\"tenant\":\"" ID "\",\"sequence\":1,\"record\":12,\"hash\":\"" HASH \
        "\",\"at\":\"2026-01-31T12:00:00.000Z\",\"before\":\"" HASH "\",\"key\":\"" HASH             \
        "\",\"next_key\":\"" HASH "\",\"signature\":\"" HASH HASH "\"}"
#define NOON "2026-01-31T12:00:00.000Z"

static const struct {
        const char *name;
        struct text line;
        bool good;
        struct text detail;
} rows[] = {
        { "a record", TEXT(LINE(NOON, "a=b")), true, TEXT("a=b") },
        { "no detail", TEXT(LINE(NOON, "")), true, TEXT("") },
        { "escapes", TEXT(LINE(NOON, "\\\"\\\\")), true, TEXT("\"\\") },
        { "UTF-8", TEXT(LINE(NOON, "\xc3\xa9")), true, TEXT("\xc3\xa9") },
        { "leap day", TEXT(LINE("2024-02-29T23:59:59.999Z", "")), true, TEXT("") },
        { "1970", TEXT(LINE("1970-01-01T00:00:00.001Z", "")), true, TEXT("") },
        { "no leap day", TEXT(LINE("2026-02-29T12:00:00.000Z", "")), false, TEXT("") },
        { "day 0", TEXT(LINE("2026-01-00T12:00:00.000Z", "")), false, TEXT("") },
        { "hour 24", TEXT(LINE("2026-01-01T24:00:00.000Z", "")), false, TEXT("") },
        { "another zone", TEXT(LINE("2026-01-31T12:00:00.000+", "")), false, TEXT("") },
        { "an escape that is not needed", TEXT(LINE(NOON, "\\u0041")), false, TEXT("") },
        { "a control character", TEXT(LINE(NOON, "a\nb")), false, TEXT("") },
        { "a tab", TEXT(LINE(NOON, "a\tb")), false, TEXT("") },
        { "NUL", TEXT(LINE(NOON, "a\0b")), false, TEXT("") },
        { "no UTF-8", TEXT(LINE(NOON, "\xc3")), false, TEXT("") },
        { "a blank after it", TEXT(LINE(NOON, "") " "), false, TEXT("") },
        { "a blank before it", TEXT(" " LINE(NOON, "")), false, TEXT("") },
        { "cut", TEXT("{\"type\":\"record\",\"tenant\":\"" ID "\""), false, TEXT("") },
        { "nothing", TEXT(""), false, TEXT("") },
        { "an empty object", TEXT("{}"), false, TEXT("") },
        { "a checkpoint", TEXT(CHECKPOINT("checkpoint")), true, TEXT("") },
        { "through", TEXT(CHECKPOINT("through")), true, TEXT("") },
        { "base", TEXT(CHECKPOINT("base")), true, TEXT("") },
        { "another type", TEXT(CHECKPOINT("anchor")), false, TEXT("") },
        { "checkpoint with a record's type", TEXT(CHECKPOINT("record")), false, TEXT("") },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(buffer_done) struct buffer again = BUFFER(AUDIT_LINE_MAX);
                struct audit_line line;

                printf("%s\n", rows[i].name);
                assert(audit_line_parse(rows[i].line, &line) == rows[i].good);
                if (!rows[i].good)
                        continue;
                if (line.type == AUDIT_RECORD) {
                        assert(text_equal(line.record.detail, rows[i].detail) && line.record.number == 12);
                        audit_record_line(&line.record, line.hash, &again);
                } else {
                        assert(line.checkpoint.record == 12);
                        audit_checkpoint_line(line.type, &line.checkpoint, &again);
                }
                assert(again.at[again.len - 1] == '\n');
                again.len--;
                assert(text_equal(buffer_text(&again), rows[i].line));
        }
        return 0;
}
