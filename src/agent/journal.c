// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/log.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "os/file.h"

#define FILE_NAME     "journal"
#define MAGIC         0x494d4a31 /* "IMJ1" */
#define RECORD_OCTETS 1024
#define HASH_KEPT     16
#define RECORDS_MAX   8192 /* then it is written anew, with what is open */
#define STAGE_BEGIN   0    /* the first record: only the incarnation */

struct journal {
        pthread_mutex_t lock;
        int directory;
        int fd;
        uint64_t incarnation;
        uint64_t sequence; /* of the next record */
        uint64_t records;  /* in the file */
        struct journal_entry entries[JOURNAL_OPEN_MAX];
        size_t count;
};

/*
 * A record: magic, stage, sequence, incarnation, delivery, epoch, printer, job, sent; outcome: result,
 * may_retry, pages, octets; uri, uuid, fingerprint, reason (each filled up with zeros); keys of certificates:
 * how many and one more, or 0 where there never were any, and their fingerprints as octets; by; zeros; hash.
 */
static void format_issued(const struct courier_identity *identity, struct buffer *to)
{
        uint8_t keys[COURIER_ISSUED][HASH_OCTETS] = { 0 };
        uint32_t count = 0;
        size_t len;

        for (size_t i = 0; i < identity->issued_count; i++)
                count += hex_parse(text_from(identity->issued[i]), keys[count], HASH_OCTETS, &len) &&
                         len == HASH_OCTETS;
        buffer_add_u32(to, identity->is_issued ? count + 1 : 0);
        buffer_add(to, keys, sizeof(keys));
}

static void format_record(const struct journal *journal, int stage, const struct journal_entry *entry,
                          struct buffer *to)
{
        const struct courier_outcome *outcome = &entry->outcome;
        size_t start = to->len;
        uint8_t hash[HASH_OCTETS];
        char *rest;

        buffer_add_u32(to, MAGIC);
        buffer_add_u32(to, (uint32_t)stage);
        buffer_add_u32(to, (uint32_t)(journal->sequence >> 32));
        buffer_add_u32(to, (uint32_t)journal->sequence);
        buffer_add_u32(to, (uint32_t)(journal->incarnation >> 32));
        buffer_add_u32(to, (uint32_t)journal->incarnation);
        buffer_add(to, entry->delivery.octets, ID_OCTETS);
        buffer_add_u32(to, entry->epoch);
        buffer_add(to, entry->printer.octets, ID_OCTETS);
        buffer_add_u32(to, (uint32_t)entry->job_id);
        buffer_add_u32(to, entry->sent);
        buffer_add_u32(to, outcome->result);
        buffer_add_u32(to, outcome->may_retry);
        buffer_add_u32(to, outcome->pages);
        buffer_add_u32(to, (uint32_t)(outcome->octets_acked >> 32));
        buffer_add_u32(to, (uint32_t)outcome->octets_acked);
        buffer_add(to, entry->uri, sizeof(entry->uri));
        buffer_add(to, entry->identity.uuid, sizeof(entry->identity.uuid));
        buffer_add(to, entry->identity.fingerprint, sizeof(entry->identity.fingerprint));
        buffer_add(to, outcome->reason, sizeof(outcome->reason));
        format_issued(&entry->identity, to);
        buffer_add(to, outcome->by, sizeof(outcome->by));
        rest = buffer_extend(to, RECORD_OCTETS - HASH_KEPT - (to->len - start));
        if (!rest)
                return;
        memset(rest, 0, (size_t)(to->at + to->len - rest));
        hash_sha256((struct text){ to->at + start, to->len - start }, hash);
        buffer_add(to, hash, HASH_KEPT);
}

static uint64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return high << 32 | cursor_u32(c);
}

static void read_octets(struct cursor *c, void *ret, size_t size)
{
        struct text octets = cursor_text(c, size);

        if (octets.len == size)
                memcpy(ret, octets.at, size);
}

/* A text that fills its field up with zeros, at least one. */
static void read_string(struct cursor *c, char *ret, size_t size)
{
        read_octets(c, ret, size);
        c->failed |= ret[size - 1] != 0;
}

static void read_issued(struct cursor *c, struct courier_identity *ret)
{
        uint8_t keys[COURIER_ISSUED][HASH_OCTETS] = { 0 };
        uint32_t count = cursor_u32(c);

        read_octets(c, keys, sizeof(keys));
        ret->is_issued = count > 0;
        ret->issued_count = count > 0 ? count - 1 : 0;
        if (ret->issued_count > COURIER_ISSUED) {
                ret->issued_count = 0;
                c->failed = true;
        }
        for (size_t i = 0; i < ret->issued_count; i++)
                hex_format(keys[i], HASH_OCTETS, ret->issued[i]);
}

struct record {
        uint32_t stage;
        uint64_t sequence;
        uint64_t incarnation;
        struct journal_entry entry;
};

static bool parse_record(const char octets[RECORD_OCTETS], struct record *ret)
{
        struct cursor c = cursor_from((struct text){ octets, RECORD_OCTETS });
        uint8_t hash[HASH_OCTETS];
        struct journal_entry *entry = &ret->entry;
        uint32_t result;

        hash_sha256((struct text){ octets, RECORD_OCTETS - HASH_KEPT }, hash);
        if (memcmp(hash, octets + RECORD_OCTETS - HASH_KEPT, HASH_KEPT) != 0 || cursor_u32(&c) != MAGIC)
                return false;
        *ret = (struct record){ .stage = cursor_u32(&c) };
        ret->sequence = read_u64(&c);
        ret->incarnation = read_u64(&c);
        read_octets(&c, entry->delivery.octets, ID_OCTETS);
        entry->epoch = cursor_u32(&c);
        read_octets(&c, entry->printer.octets, ID_OCTETS);
        entry->job_id = (int32_t)cursor_u32(&c);
        entry->sent = cursor_u32(&c);
        result = cursor_u32(&c);
        entry->outcome.result = (enum courier_result)result;
        entry->outcome.may_retry = cursor_u32(&c);
        entry->outcome.pages = cursor_u32(&c);
        entry->outcome.octets_acked = read_u64(&c);
        read_string(&c, entry->uri, sizeof(entry->uri));
        read_string(&c, entry->identity.uuid, sizeof(entry->identity.uuid));
        read_string(&c, entry->identity.fingerprint, sizeof(entry->identity.fingerprint));
        read_string(&c, entry->outcome.reason, sizeof(entry->outcome.reason));
        read_issued(&c, &entry->identity);
        read_string(&c, entry->outcome.by, sizeof(entry->outcome.by));
        entry->stage = (enum journal_stage)ret->stage;
        return cursor_is_good(&c) && ret->stage <= JOURNAL_CLOSED && result <= COURIER_UNCERTAIN;
}

static struct journal_entry *find(struct journal *journal, struct id delivery)
{
        for (size_t i = 0; i < journal->count; i++)
                if (id_equal(journal->entries[i].delivery, delivery))
                        return &journal->entries[i];
        return NULL;
}

static void forget(struct journal *journal, struct journal_entry *entry)
{
        size_t at = (size_t)(entry - journal->entries);

        journal->count--;
        memmove(entry, entry + 1, (journal->count - at) * sizeof(*entry));
}

/* What a record of the file, or one just written, changes. */
static void apply(struct journal *journal, const struct journal_entry *change)
{
        struct journal_entry *entry = find(journal, change->delivery);

        if (change->stage == JOURNAL_CLOSED) {
                if (entry)
                        forget(journal, entry);
                return;
        }
        if (!entry && journal->count < JOURNAL_OPEN_MAX)
                entry = &journal->entries[journal->count++];
        if (entry)
                *entry = *change;
}

/* Begins the file anew, with what is open. */
static int rewrite(struct journal *journal)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER((JOURNAL_OPEN_MAX + 1) * RECORD_OCTETS);
        static const struct journal_entry none;
        int fd, r;

        journal->sequence = 0;
        format_record(journal, STAGE_BEGIN, &none, &octets);
        for (size_t i = 0; i < journal->count; i++) {
                journal->sequence++;
                format_record(journal, (int)journal->entries[i].stage, &journal->entries[i], &octets);
        }
        journal->sequence++;
        if (octets.failure)
                return fault(octets.failure);
        r = file_replace_at(journal->directory, FILE_NAME, 0600, buffer_text(&octets));
        if (r)
                return fold(r);
        fd = openat(journal->directory, FILE_NAME, O_RDWR | O_CLOEXEC);
        if (fd < 0)
                return fault(-errno);
        closep(&journal->fd);
        journal->fd = fd;
        journal->records = journal->sequence;
        return 0;
}

static int begin(struct journal *journal, bool *ret_is_new)
{
        journal->count = 0;
        journal->incarnation = random_u64() | 1; /* never 0 */
        *ret_is_new = true;
        return rewrite(journal);
}

/* False where it is damaged: an unreadable record that readable ones follow. */
static bool replay(struct journal *journal, struct text octets)
{
        struct record record;
        bool torn = false;

        for (size_t at = 0; at + RECORD_OCTETS <= octets.len; at += RECORD_OCTETS) {
                bool good = parse_record(octets.at + at, &record);

                if (!good) {
                        torn = true;
                        continue;
                }
                if (torn || record.sequence != at / RECORD_OCTETS ||
                    (at == 0) != (record.stage == STAGE_BEGIN) ||
                    (at > 0 && record.incarnation != journal->incarnation))
                        return false;
                journal->incarnation = record.incarnation;
                journal->records = journal->sequence = record.sequence + 1;
                if (at > 0)
                        apply(journal, &record.entry);
        }
        return journal->records > 0;
}

/* With a new file, which has no torn end. Where the disk has no room for one the old one will do: what is
 * written next takes the place of its torn end. */
static int go_on(struct journal *journal)
{
        uint64_t records = journal->records;
        int r = rewrite(journal);

        if (r != -ENOSPC && r != -EDQUOT)
                return r;
        log_write(LOG_WARNING, "disk-full", "what", "journal", NULL);
        journal->records = journal->sequence = records;
        journal->fd = openat(journal->directory, FILE_NAME, O_RDWR | O_CLOEXEC);
        return journal->fd < 0 ? fault(-errno) : 0;
}

static int load(struct journal *journal, bool *ret_is_new)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER((RECORDS_MAX + 2) * (size_t)RECORD_OCTETS);
        int r;

        r = file_read_at(journal->directory, FILE_NAME, octets.max, &octets);
        if (r < 0)
                return r;
        if (r == 0 && replay(journal, buffer_text(&octets))) {
                *ret_is_new = false;
                return go_on(journal);
        }
        if (r != FILE_NOT_FOUND)
                log_write(LOG_ERROR, "journal-damaged", NULL);
        return begin(journal, ret_is_new);
}

int journal_open(int directory, struct journal **ret, bool *ret_is_new)
{
        SCOPED(journal_closep) struct journal *journal = calloc(1, sizeof(*journal));
        int r;

        if (!journal)
                return fault(-ENOMEM);
        journal->fd = -1;
        journal->directory = directory;
        pthread_mutex_init(&journal->lock, NULL);
        r = load(journal, ret_is_new);
        if (r)
                return r;
        *ret = take(journal);
        return 0;
}

void journal_close(struct journal *journal)
{
        if (!journal)
                return;
        closep(&journal->fd);
        pthread_mutex_destroy(&journal->lock);
        free(journal);
}

void journal_closep(struct journal **journal)
{
        journal_close(*journal);
}

uint64_t journal_incarnation(const struct journal *journal)
{
        return journal->incarnation;
}

bool journal_get(struct journal *journal, size_t index, struct journal_entry *ret)
{
        bool found;

        pthread_mutex_lock(&journal->lock);
        found = index < journal->count;
        if (found)
                *ret = journal->entries[index];
        pthread_mutex_unlock(&journal->lock);
        return found;
}

/* Under the lock. */
static int append(struct journal *journal, const struct journal_entry *entry)
{
        SCOPED(buffer_done) struct buffer record = BUFFER(RECORD_OCTETS);
        int r;

        if (journal->records >= RECORDS_MAX) {
                r = rewrite(journal);
                if (r)
                        return r;
        }
        format_record(journal, (int)entry->stage, entry, &record);
        if (record.failure)
                return fault(record.failure);
        r = file_write_at(journal->fd, record.at, record.len, journal->records * RECORD_OCTETS);
        if (r)
                return r;
        journal->sequence++;
        journal->records++;
        apply(journal, entry);
        return 0;
}

/* Writes what has become of an entry, and, where it is a promise, waits for the disk. */
static int write_entry(struct journal *journal, const struct journal_entry *entry, bool durable)
{
        int fd = -1, r;

        r = append(journal, entry);
        /* The sync needs no lock, but a descriptor that a rewrite by others does not close. */
        if (r == 0 && durable)
                fd = fcntl(journal->fd, F_DUPFD_CLOEXEC, 0);
        if (r == 0 && durable && fd < 0)
                r = fault(-errno);
        pthread_mutex_unlock(&journal->lock);
        if (fd >= 0) {
                file_sync_data(fd);
                close(fd);
        }
        return r;
}

/* With the lock held on 0, and without it otherwise. */
static int change(struct journal *journal, struct id delivery, struct journal_entry *ret)
{
        struct journal_entry *entry;

        pthread_mutex_lock(&journal->lock);
        entry = find(journal, delivery);
        if (!entry) {
                pthread_mutex_unlock(&journal->lock);
                return JOURNAL_UNKNOWN;
        }
        *ret = *entry;
        return 0;
}

int journal_arming(struct journal *journal, struct id delivery, uint32_t epoch, struct id printer)
{
        struct journal_entry entry = {
                .delivery = delivery, .epoch = epoch, .printer = printer, .stage = JOURNAL_ARMING
        };

        pthread_mutex_lock(&journal->lock);
        if (!find(journal, delivery) && journal->count == JOURNAL_OPEN_MAX) {
                pthread_mutex_unlock(&journal->lock);
                return JOURNAL_FULL;
        }
        return write_entry(journal, &entry, false);
}

int journal_sending(struct journal *journal, struct id delivery, const char *uri,
                    const struct courier_identity *identity)
{
        struct journal_entry entry;
        int r = change(journal, delivery, &entry);

        if (r)
                return r;
        entry.stage = JOURNAL_SENDING;
        entry.identity = *identity;
        entry.job_id = 0;
        entry.sent = false;
        snprintf(entry.uri, sizeof(entry.uri), "%s", uri);
        return write_entry(journal, &entry, true);
}

int journal_job(struct journal *journal, struct id delivery, int32_t job_id)
{
        struct journal_entry entry;
        int r = change(journal, delivery, &entry);

        if (r)
                return r;
        entry.stage = JOURNAL_JOB;
        entry.job_id = job_id;
        return write_entry(journal, &entry, true);
}

int journal_sent(struct journal *journal, struct id delivery)
{
        struct journal_entry entry;
        int r = change(journal, delivery, &entry);

        if (r)
                return r;
        entry.stage = JOURNAL_SENT;
        entry.sent = true;
        return write_entry(journal, &entry, false);
}

int journal_outcome(struct journal *journal, struct id delivery, const struct courier_outcome *outcome)
{
        struct journal_entry entry;
        int r = change(journal, delivery, &entry);

        if (r)
                return r;
        entry.stage = JOURNAL_OUTCOME;
        entry.outcome = *outcome;
        return write_entry(journal, &entry, true);
}

int journal_closed(struct journal *journal, struct id delivery)
{
        struct journal_entry entry;
        int r = change(journal, delivery, &entry);

        if (r)
                return r;
        entry.stage = JOURNAL_CLOSED;
        return write_entry(journal, &entry, false);
}
