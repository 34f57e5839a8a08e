// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/journal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"

static int directory;
static const struct courier_identity identity = {
        .uuid = "urn:uuid:1",
        .fingerprint = "ab",
        .is_issued = true,
        .issued_count = 2,
        .issued = { "00000000000000000000000000000000000000000000000000000000000000aa",
                    "00000000000000000000000000000000000000000000000000000000000000bb" },
};

static struct journal *reopen(struct journal *journal, bool expect_new)
{
        bool is_new;

        journal_close(journal);
        assert(journal_open(directory, &journal, &is_new) == 0);
        assert(is_new == expect_new);
        return journal;
}

static void change_octet(off_t at)
{
        int fd = openat(directory, "journal", O_RDWR);
        char octet;

        assert(pread(fd, &octet, 1, at) == 1);
        octet = (char)~octet;
        assert(pwrite(fd, &octet, 1, at) == 1);
        close(fd);
}

static void cut(off_t less)
{
        int fd = openat(directory, "journal", O_RDWR);
        struct stat stat;

        assert(fstat(fd, &stat) == 0 && ftruncate(fd, stat.st_size - less) == 0);
        close(fd);
}

/* What was written is there after every kind of end. */
static struct journal *test_stages(struct journal *journal)
{
        struct courier_outcome outcome = { COURIER_PRINTED, true,      "reported-by-printer", 3, 1000,
                                           "ipps",          { "", "" } };
        struct id one = id_new(), two = id_new(), printer = id_new();
        uint64_t incarnation = journal_incarnation(journal);
        struct journal_entry entry;

        assert(journal_job(journal, one, 7) == JOURNAL_UNKNOWN);
        assert(journal_arming(journal, one, 4, printer) == 0 &&
               journal_arming(journal, two, 1, printer) == 0);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.stage == JOURNAL_ARMING && entry.epoch == 4);
        assert(id_equal(entry.delivery, one) && id_equal(entry.printer, printer));

        assert(journal_sending(journal, one, "ipp://p:631/ipp/print", &identity) == 0);
        assert(journal_job(journal, one, 17) == 0);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.stage == JOURNAL_JOB && entry.job_id == 17 &&
               !entry.sent);
        assert(strcmp(entry.uri, "ipp://p:631/ipp/print") == 0 &&
               strcmp(entry.identity.uuid, "urn:uuid:1") == 0 && entry.identity.is_issued &&
               entry.identity.issued_count == 2 && strcmp(entry.identity.issued[1], identity.issued[1]) == 0);

        assert(journal_sent(journal, one) == 0 && journal_outcome(journal, one, &outcome) == 0);
        assert(journal_closed(journal, two) == 0);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.stage == JOURNAL_OUTCOME && entry.sent);
        assert(entry.outcome.result == COURIER_PRINTED && entry.outcome.pages == 3 &&
               entry.outcome.may_retry && strcmp(entry.outcome.by, "ipps") == 0);
        assert(!journal_get(journal, 1, &entry));
        assert(journal_closed(journal, one) == 0);
        journal = reopen(journal, false);
        assert(!journal_get(journal, 0, &entry) && journal_incarnation(journal) == incarnation);
        return journal;
}

/* The next address takes the place of the one before, and its job is forgotten. */
static struct journal *test_next_address(struct journal *journal)
{
        struct id one = id_new();
        struct journal_entry entry;

        assert(journal_arming(journal, one, 1, one) == 0);
        assert(journal_sending(journal, one, "ipp://p:631/ipp/print", &identity) == 0);
        assert(journal_job(journal, one, 17) == 0);
        assert(journal_sending(journal, one, "socket://p:9100", &identity) == 0);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.stage == JOURNAL_SENDING && entry.job_id == 0);
        assert(strcmp(entry.uri, "socket://p:9100") == 0);
        assert(journal_closed(journal, one) == 0);
        return journal;
}

/* A torn end is cut off; anything else that is missing or changed voids the journal. */
static struct journal *test_damage(struct journal *journal)
{
        struct id one = id_new();
        uint64_t incarnation = journal_incarnation(journal);
        struct journal_entry entry;

        assert(journal_arming(journal, one, 1, one) == 0);
        assert(journal_sending(journal, one, "socket://p:9100", &identity) == 0);
        cut(100);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.stage == JOURNAL_ARMING);
        assert(journal_incarnation(journal) == incarnation);

        assert(journal_sending(journal, one, "socket://p:9100", &identity) == 0);
        change_octet(1024 + 40);
        journal = reopen(journal, true);
        assert(journal_incarnation(journal) != incarnation && !journal_get(journal, 0, &entry));

        incarnation = journal_incarnation(journal);
        change_octet(3);
        journal = reopen(journal, true);
        assert(journal_incarnation(journal) != incarnation);

        incarnation = journal_incarnation(journal);
        assert(unlinkat(directory, "journal", 0) == 0);
        journal = reopen(journal, true);
        assert(journal_incarnation(journal) != incarnation);
        return journal;
}

/* Many deliveries: it does not grow for ever, and what is open is not lost when it is written anew. */
static struct journal *test_many(struct journal *journal)
{
        struct id one = id_new();
        struct journal_entry entry;
        struct stat stat;

        assert(journal_arming(journal, one, 9, one) == 0);
        for (int i = 0; i < 10000; i++) {
                struct id other = id_new();

                assert(journal_arming(journal, other, 1, one) == 0 && journal_closed(journal, other) == 0);
        }
        assert(fstatat(directory, "journal", &stat, 0) == 0 && stat.st_size <= 9 << 20);
        journal = reopen(journal, false);
        assert(journal_get(journal, 0, &entry) && entry.epoch == 9 && !journal_get(journal, 1, &entry));
        return journal;
}

static struct journal *test_full(struct journal *journal)
{
        struct id one = id_new();

        for (int i = 0; i < JOURNAL_OPEN_MAX - 1; i++)
                assert(journal_arming(journal, id_new(), 1, one) == 0);
        assert(journal_arming(journal, id_new(), 1, one) == JOURNAL_FULL);
        return journal;
}

int main(void)
{
        char path[] = "/tmp/imprimatur-journal-XXXXXX";
        struct journal *journal = NULL;

        assert(mkdtemp(path));
        directory = open(path, O_RDONLY | O_DIRECTORY);
        journal = reopen(NULL, true);
        journal = test_stages(journal);
        journal = test_next_address(journal);
        journal = test_damage(journal);
        journal = test_many(journal);
        journal = test_full(journal);
        journal_close(journal);
        assert(unlinkat(directory, "journal", 0) == 0 && rmdir(path) == 0);
        return 0;
}
