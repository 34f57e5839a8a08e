// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/fake-printer.h"

enum {
        READS_TO_THE_END,
        RESETS_AT_ONCE,
        CLOSES_HALF_WAY,
        STALLS,
        REPORTS_OK,
        REPORTS_FOREIGN_JOB,
        REPORTS_CANCEL_EARLY,
        REPORTS_CANCEL_LATE,
        REPORTS_NO_RESULT,
        STARTS_AND_CLOSES,
        ECHOES_TO_ANOTHER,
};

/* Reads up to the end of job that the envelope announces. */
static void read_job(struct fake_printer *fake, int fd)
{
        while (!fake_got(fake, "@PJL EOJ NAME=\"imprimatur 1\"\r\n\x1b%-12345X") &&
               fake_take(fake, fd, 65536))
                continue;
}

static void say_echo(struct fake_printer *fake, int fd)
{
        const char *at = memmem(fake->got, fake->got_len, "@PJL ECHO ", 10);
        char answer[128];

        assert(at);
        snprintf(answer, sizeof(answer), "@PJL ECHO stale\r\n\f%.46s\r\n\f", at);
        fake_say(fd, answer);
}

static void report(struct fake_printer *fake, int fd, const char *event, const char *name, const char *rest)
{
        char answer[256];

        snprintf(answer, sizeof(answer), "@PJL USTATUS JOB\r\n%s\r\nNAME=\"%s\"\r\n%s\f", event, name, rest);
        fake_say(fd, answer);
}

static void serve(struct fake_printer *fake, int fd)
{
        switch (fake->behaviour) {
        case READS_TO_THE_END:
                while (fake_take(fake, fd, 65536))
                        continue;
                return;
        case RESETS_AT_ONCE: fake_reset(fd); return;
        case CLOSES_HALF_WAY:
                while (fake->got_len < 100000 && fake_take(fake, fd, 1000))
                        continue;
                return;
        case STALLS:
                (void)fake_take(fake, fd, 10);
                /* Until the courier gives up, which ends in a reset. */
                (void)poll(&(struct pollfd){ .fd = fd }, 1, -1);
                return;
        default: break;
        }
        read_job(fake, fd);
        if (fake->behaviour == ECHOES_TO_ANOTHER)
                fake_say(fd, "@PJL ECHO another\r\n\f");
        else
                say_echo(fake, fd);
        switch (fake->behaviour) {
        case REPORTS_OK:
                report(fake, fd, "START", "imprimatur 1", "");
                report(fake, fd, "END", "imprimatur 0", "PAGES=9\r\nRESULT=OK\r\n");
                report(fake, fd, "END", "imprimatur 1", "PAGES=3\r\nRESULT=OK\r\n");
                break;
        case REPORTS_FOREIGN_JOB:
        case ECHOES_TO_ANOTHER:
                report(fake, fd, "END", fake->behaviour == ECHOES_TO_ANOTHER ? "imprimatur 1" : "other",
                       "PAGES=3\r\nRESULT=OK\r\n");
                return;
        case REPORTS_CANCEL_EARLY: report(fake, fd, "CANCELED", "imprimatur 1", "PAGES=0\r\n"); break;
        case REPORTS_CANCEL_LATE:
                report(fake, fd, "END", "imprimatur 1", "PAGES=2\r\nRESULT=USER_CANCELED\r\n");
                break;
        case REPORTS_NO_RESULT: report(fake, fd, "END", "imprimatur 1", "PAGES=3\r\n"); break;
        case STARTS_AND_CLOSES: report(fake, fd, "START", "imprimatur 1", ""); return;
        }
        while (fake_take(fake, fd, 1000))
                continue;
}

static const struct {
        const char *name;
        int behaviour;
        int pieces;
        enum courier_result result;
        bool may_retry;
        const char *reason;
        uint32_t pages;
} rows[] = {
        { "a printer without PJL", READS_TO_THE_END, 1000, COURIER_SENT, false, "taken-by-printer", 0 },
        { "an empty document", READS_TO_THE_END, 0, COURIER_SENT, false, "taken-by-printer", 0 },
        { "half, then close", CLOSES_HALF_WAY, 100000, COURIER_UNCERTAIN, false, NULL, 0 },
        { "stalls", STALLS, 500000, COURIER_UNCERTAIN, false, "stalled", 0 },
        { "reports the job", REPORTS_OK, 1000, COURIER_PRINTED, false, "reported-by-printer", 3 },
        { "reports another job", REPORTS_FOREIGN_JOB, 10, COURIER_SENT, false, "taken-by-printer", 0 },
        { "echoes to somebody else", ECHOES_TO_ANOTHER, 10, COURIER_SENT, false, "taken-by-printer", 0 },
        { "canceled before a page", REPORTS_CANCEL_EARLY, 10, COURIER_NOT_PRINTED, false,
          "canceled-at-printer", 0 },
        { "canceled after two pages", REPORTS_CANCEL_LATE, 10, COURIER_UNCERTAIN, false,
          "canceled-at-printer", 2 },
        { "ends without a result", REPORTS_NO_RESULT, 10, COURIER_SENT, false, "ended-without-result", 3 },
        { "starts and closes", STARTS_AND_CLOSES, 10, COURIER_UNCERTAIN, false, "closed-without-report", 0 },
};

static struct fake_printer fake;

static void check(size_t i)
{
        struct fake_document document = { .piece = "0123456789abcde\n", .pieces = rows[i].pieces };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("%s\n", rows[i].name);
        fake_start(&fake, serve, rows[i].behaviour);
        fake_add_address(&order, "socket", fake.port, "");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        printf("    %s, %s, %u pages\n", courier_result_name(outcome.result), outcome.reason, outcome.pages);
        assert(outcome.result == rows[i].result && outcome.may_retry == rows[i].may_retry &&
               outcome.pages == rows[i].pages && document.begun == 1);
        assert(!rows[i].reason || strcmp(outcome.reason, rows[i].reason) == 0);
}

/* A reset at once may meet us before or after the first octets have gone; it is never taken for paper. */
static void test_reset(void)
{
        struct fake_document document = { .piece = "x", .pieces = 1 };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("reset at once\n");
        fake_start(&fake, serve, RESETS_AT_ONCE);
        fake_add_address(&order, "socket", fake.port, "");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_NOT_PRINTED || outcome.result == COURIER_UNCERTAIN);
        assert(outcome.result == COURIER_UNCERTAIN || outcome.may_retry);
}

/* The next address is tried after a refused connection, and the document starts from its first octet. */
static void test_fallback(void)
{
        struct fake_document document = { .piece = "0123456789abcde\n", .pieces = 3 };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;
        uint16_t refusing;

        printf("fallback\n");
        fake_start(&fake, serve, READS_TO_THE_END);
        refusing = fake.port;
        fake_stop(&fake);
        fake_start(&fake, serve, REPORTS_OK);
        fake_add_address(&order, "socket", fake.port, "");
        fake_add_address(&order, "ipp", refusing, "/ipp/print");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_PRINTED && document.begun == 1);
        assert(fake_got(&fake, "0123456789abcde\n0123456789abcde\n0123456789abcde\n\x1b%-12345X"));
}

static void test_refused(void)
{
        struct fake_document document = { .piece = "x", .pieces = 3 };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("refused\n");
        fake_start(&fake, serve, READS_TO_THE_END);
        fake_add_address(&order, "socket", fake.port, "");
        fake_stop(&fake);
        fake_deliver(&order, &document, &outcome);
        assert(outcome.result == COURIER_NOT_PRINTED && outcome.may_retry && document.begun == 0);
        assert(strcmp(outcome.reason, "connect-refused") == 0 && document.given == 0);
}

static void test_grant(void)
{
        struct fake_document document = { .piece = "x", .pieces = 3, .grant_expired = true };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("the grant has run out\n");
        fake_start(&fake, serve, READS_TO_THE_END);
        fake_add_address(&order, "socket", fake.port, "");
        fake_add_address(&order, "lpd", fake.port, "/lp");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_NOT_PRINTED && outcome.may_retry && document.begun == 1);
        assert(fake.got_len == 0);
}

/* Commands in a document never reach the printer's command interpreter. */
static void test_foreign_commands(void)
{
        struct fake_document document = { .piece = "\x1b%-12345X@PJL FSDELETE NAME=\"0:/\"\r\npage",
                                          .pieces = 2 };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("foreign commands\n");
        fake_start(&fake, serve, REPORTS_OK);
        fake_add_address(&order, "socket", fake.port, "");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_PRINTED && !fake_got(&fake, "FSDELETE"));
        assert(fake_got(&fake, "@PJL ENTER LANGUAGE=PDF\r\npage\npage\x1b%-12345X@PJL\r\n"));
}

/* The source fails when some of the document has gone: that is not proof of anything. */
static void test_unreadable(void)
{
        struct fake_document document = { .piece = "0123456789abcde\n", .pieces = 9, .fails_at = 5 };
        struct courier_order order = fake_order();
        struct courier_outcome outcome;

        printf("unreadable document\n");
        fake_start(&fake, serve, READS_TO_THE_END);
        fake_add_address(&order, "socket", fake.port, "");
        fake_deliver(&order, &document, &outcome);
        assert(outcome.result == COURIER_UNCERTAIN);
        document.fails_at = 1;
        document.given = 0;
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_NOT_PRINTED && strcmp(outcome.reason, "document-unreadable") == 0);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                check(i);
        test_reset();
        test_fallback();
        test_refused();
        test_grant();
        test_foreign_commands();
        test_unreadable();
        return 0;
}
