// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/job.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

static const struct {
        const char *name;
        struct text line;
        int outcome;
        struct lpd_subcommand value;
} rows[] = {
        { "data",
          TEXT("\3"
               "1024 dfA007desk"),
          0,
          { LPD_DATA_FILE, 1024, 7, TEXT("desk") } },
        { "control",
          TEXT("\2"
               "99 cfA123a.example"),
          0,
          { LPD_CONTROL_FILE, 99, 123, TEXT("a.example") } },
        { "control names data",
          TEXT("\2"
               "99 dfA123desk"),
          LPD_BAD_SUBCOMMAND,
          { 0 } },
        { "abort", TEXT("\1"), LPD_BAD_SUBCOMMAND, { 0 } },
        { "no size", TEXT("\3dfA007desk"), LPD_BAD_SUBCOMMAND, { 0 } },
        { "negative size", TEXT("\3-1 dfA007desk"), LPD_BAD_SUBCOMMAND, { 0 } },
        { "size beyond belief",
          TEXT("\3"
               "99999999999999999999 dfA007desk"),
          LPD_BAD_SUBCOMMAND,
          { 0 } },
        { "number is none",
          TEXT("\3"
               "1 dfA0x7desk"),
          LPD_BAD_NUMBER,
          { 0 } },
        { "no host",
          TEXT("\3"
               "1 dfA007"),
          LPD_BAD_SUBCOMMAND,
          { 0 } },
        { "host leaves spool",
          TEXT("\3"
               "1 dfA007../x"),
          LPD_BAD_NAME,
          { 0 } },
        { "nothing", TEXT(""), LPD_BAD_SUBCOMMAND, { 0 } },
};

static void test_control(void)
{
        SCOPED(buffer_done) struct buffer to = BUFFER(1000);
        struct lpd_job job = { 7, TEXT("desk"), TEXT("ada"), TEXT("imprimatur 17") };

        assert(lpd_control_format(&job, &to) == 0);
        assert(text_equal(buffer_text(&to), TEXT_OF("Hdesk\nPada\nJimprimatur 17\n"
                                                    "ldfA007desk\nUdfA007desk\nNimprimatur 17\n")));
        buffer_clear(&to);
        job.copies = 2;
        assert(lpd_control_format(&job, &to) == 0);
        assert(text_equal(buffer_text(&to), TEXT_OF("Hdesk\nPada\nJimprimatur 17\nldfA007desk\n"
                                                    "ldfA007desk\nUdfA007desk\nNimprimatur 17\n")));
        buffer_clear(&to);
        assert(lpd_subcommand_format(&job, LPD_DATA_FILE, 5000000000, &to) == 0);
        assert(text_equal(buffer_text(&to), TEXT_OF("\3"
                                                    "5000000000 dfA007desk\n")));

        buffer_clear(&to);
        job.title = TEXT_OF("a\nUdfA001other");
        assert(lpd_control_format(&job, &to) == LPD_BAD_NAME && to.len == 0);
        job.title = TEXT_OF("a");
        job.number = 1000;
        assert(lpd_control_format(&job, &to) == LPD_BAD_NUMBER && to.len == 0);
        assert(lpd_subcommand_format(&job, LPD_CONTROL_FILE, 1, &to) == LPD_BAD_NUMBER && to.len == 0);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(buffer_done) struct buffer line = BUFFER(1000);
                struct lpd_subcommand value;
                struct lpd_job job = { 0, TEXT(""), TEXT("ada"), TEXT("title") };

                printf("%s\n", rows[i].name);
                assert(lpd_subcommand_parse(rows[i].line, &value) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(value.file == rows[i].value.file && value.octets == rows[i].value.octets &&
                       value.number == rows[i].value.number && text_equal(value.host, rows[i].value.host));
                job.number = value.number;
                job.host = value.host;
                assert(lpd_subcommand_format(&job, value.file, value.octets, &line) == 0);
                line.len--;
                assert(text_equal(buffer_text(&line), rows[i].line));
        }
        test_control();
        return 0;
}
