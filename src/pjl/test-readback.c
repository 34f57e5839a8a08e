// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/readback.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define NO TEXT("")

static const struct {
        const char *name;
        struct text octets;
        struct pjl_report report;
} rows[] = {
        { "echo", TEXT("@PJL ECHO n-1\r\n\f"), { PJL_ECHO, TEXT("n-1"), NO, NO, NO, false, 0, 0, false } },
        { "start",
          TEXT("@PJL USTATUS JOB\r\nSTART\r\nNAME=\"imprimatur 1\"\r\n\f"),
          { PJL_JOB_START, NO, NO, TEXT("imprimatur 1"), NO, false, 0, 0, false } },
        { "end",
          TEXT("@PJL USTATUS JOB\r\nEND\r\nNAME=\"imprimatur 1\"\r\nPAGES=3\r\nRESULT=OK\r\n\f"),
          { PJL_JOB_END, NO, NO, TEXT("imprimatur 1"), TEXT("OK"), true, 3, 0, false } },
        { "end without a result",
          TEXT("@PJL USTATUS JOB\nEND\nNAME = \"a\"\nPAGES = 0\n\f"),
          { PJL_JOB_END, NO, NO, TEXT("a"), NO, true, 0, 0, false } },
        { "canceled",
          TEXT("@PJL USTATUS JOB\r\nCANCELED\r\nNAME=\"a\"\r\nPAGES=2\r\n\f"),
          { PJL_JOB_CANCELED, NO, NO, TEXT("a"), NO, true, 2, 0, false } },
        { "a page", TEXT("@PJL USTATUS PAGE\r\n1\r\n\f"), { PJL_OTHER, NO, NO, NO, NO, false, 0, 0, false } },
        { "device",
          TEXT("@PJL USTATUS DEVICE\r\nCODE=40010\r\nDISPLAY=\"Paper out\"\r\nONLINE=FALSE\r\n\f"),
          { PJL_DEVICE, TEXT("Paper out"), NO, NO, NO, false, 0, 40010, false } },
        { "online",
          TEXT("@PJL USTATUS DEVICE\r\nCODE=10001\r\nONLINE=TRUE\r\n\f"),
          { PJL_DEVICE, NO, NO, NO, NO, false, 0, 10001, true } },
        { "info",
          TEXT("@PJL INFO ID\r\n\"LASER 9\"\r\n\f"),
          { PJL_INFO, TEXT("ID"), TEXT("\"LASER 9\""), NO, NO, false, 0, 0, false } },
        { "pages beyond belief",
          TEXT("@PJL USTATUS JOB\r\nEND\r\nPAGES=99999999999\r\n\f"),
          { PJL_JOB_END, NO, NO, NO, NO, false, 0, 0, false } },
        { "negative pages",
          TEXT("@PJL USTATUS JOB\r\nEND\r\nPAGES=-1\r\n\f"),
          { PJL_JOB_END, NO, NO, NO, NO, false, 0, 0, false } },
        { "not PJL", TEXT("hello\f"), { PJL_OTHER, NO, NO, NO, NO, false, 0, 0, false } },
        { "longer word", TEXT("@PJLX ECHO a\f"), { PJL_OTHER, NO, NO, NO, NO, false, 0, 0, false } },
        { "one quotation mark",
          TEXT("@PJL USTATUS JOB\r\nEND\r\nNAME=\"\r\n\f"),
          { PJL_JOB_END, NO, NO, TEXT("\""), NO, false, 0, 0, false } },
};

static void check(size_t row, size_t step)
{
        struct text octets = rows[row].octets;
        struct pjl_report expected = rows[row].report, report;
        struct pjl_reader reader;
        unsigned reports = 0;

        printf("%s, %zu at a time\n", rows[row].name, step);
        pjl_reader_init(&reader);
        while (octets.len > 0) {
                struct text part = { octets.at, octets.len < step ? octets.len : step };

                octets.at += part.len;
                octets.len -= part.len;
                while (pjl_reader_next(&reader, &part, &report)) {
                        reports++;
                        assert(report.kind == expected.kind && text_equal(report.words, expected.words) &&
                               text_equal(report.body, expected.body) &&
                               text_equal(report.name, expected.name) &&
                               text_equal(report.result, expected.result) &&
                               report.has_pages == expected.has_pages && report.pages == expected.pages &&
                               report.code == expected.code && report.online == expected.online);
                }
        }
        assert(reports == 1);
}

static void test_overlong(void)
{
        static char flood[3 * PJL_MESSAGE_MAX];
        struct text octets = { flood, sizeof(flood) };
        struct pjl_reader reader;
        struct pjl_report report;

        memset(flood, 'x', sizeof(flood));
        memcpy(flood + sizeof(flood) - 14, "\f@PJL ECHO abc\f", 14);
        flood[sizeof(flood) - 1] = '\f';
        pjl_reader_init(&reader);
        assert(pjl_reader_next(&reader, &octets, &report) && report.kind == PJL_ECHO);
        assert(!pjl_reader_next(&reader, &octets, &report));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                for (size_t step = 1; step < 100; step += 11)
                        check(i, step);
        test_overlong();
        return 0;
}
