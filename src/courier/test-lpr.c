// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/fake-printer.h"

enum {
        ACCEPTS,
        REFUSES_QUEUE,
        REFUSES_DATA,
        REFUSES_AT_THE_END,
        CLOSES_BEFORE_THE_END,
        SILENT_AT_THE_END,
};

static bool answer(int fd, bool good)
{
        return write(fd, good ? "" : "\1", 1) == 1;
}

/* Up to and with the line feed; the number of octets the line announces. */
static size_t read_line(struct fake_printer *fake, int fd)
{
        size_t start = fake->got_len;

        while (fake_take(fake, fd, 1))
                if (fake->got[fake->got_len - 1] == '\n')
                        return (size_t)atol(fake->got + start + 1);
        return 0;
}

static void read_octets(struct fake_printer *fake, int fd, size_t octets)
{
        size_t end = fake->got_len + octets + 1;

        while (fake->got_len < end && fake_take(fake, fd, end - fake->got_len))
                continue;
        assert(fake->got_len == end && fake->got[end - 1] == 0);
}

static void serve(struct fake_printer *fake, int fd)
{
        size_t octets;

        (void)read_line(fake, fd);
        if (!answer(fd, fake->behaviour != REFUSES_QUEUE) || fake->behaviour == REFUSES_QUEUE)
                return;
        octets = read_line(fake, fd);
        (void)answer(fd, true);
        read_octets(fake, fd, octets);
        (void)answer(fd, true);
        octets = read_line(fake, fd);
        if (!answer(fd, fake->behaviour != REFUSES_DATA) || fake->behaviour == REFUSES_DATA)
                return;
        read_octets(fake, fd, octets);
        if (fake->behaviour == ACCEPTS || fake->behaviour == REFUSES_AT_THE_END)
                (void)answer(fd, fake->behaviour == ACCEPTS);
        if (fake->behaviour == SILENT_AT_THE_END)
                (void)fake_take(fake, fd, 1);
}

static const struct {
        const char *name;
        int behaviour;
        enum courier_result result;
        bool may_retry;
        const char *reason;
} rows[] = {
        { "accepts", ACCEPTS, COURIER_SENT, false, "received-by-printer" },
        { "refuses the queue", REFUSES_QUEUE, COURIER_NOT_PRINTED, true, "refused-by-printer" },
        { "refuses the data", REFUSES_DATA, COURIER_NOT_PRINTED, true, "refused-by-printer" },
        { "refuses at the end", REFUSES_AT_THE_END, COURIER_UNCERTAIN, false, "refused-by-printer" },
        { "closes before the end", CLOSES_BEFORE_THE_END, COURIER_UNCERTAIN, false, "closed-by-printer" },
        { "silent at the end", SILENT_AT_THE_END, COURIER_UNCERTAIN, false, "stalled" },
};

static struct fake_printer fake;

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct fake_document document = { .piece = "0123456789abcde\n", .pieces = 100 };
                struct courier_order order = fake_order();
                struct courier_outcome outcome;

                printf("%s\n", rows[i].name);
                fake_start(&fake, serve, rows[i].behaviour);
                fake_add_address(&order, "lpd", fake.port, "/lp");
                fake_deliver(&order, &document, &outcome);
                fake_stop(&fake);
                printf("    %s, %s\n", courier_result_name(outcome.result), outcome.reason);
                assert(outcome.result == rows[i].result && outcome.may_retry == rows[i].may_retry &&
                       strcmp(outcome.reason, rows[i].reason) == 0 && document.begun == 1);
                assert(rows[i].behaviour != ACCEPTS || fake_got(&fake, "\nJimprimatur 1\n"));
        }
        return 0;
}
