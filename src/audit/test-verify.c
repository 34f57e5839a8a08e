// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/verify.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/*
 * A trail of 10,000 records, and whatever can be done to it. What is done shows within a line or two of the
 * place, so that the verifier is copied there and need not begin again for each of some 100,000 forgeries.
 */

#define RECORDS 10000
#define EVERY   1000
#define LINES   (1 + RECORDS + RECORDS / EVERY)

static struct id tenant;
static struct text lines[LINES];
static struct audit_checkpoint checkpoints[RECORDS / EVERY + 1]; /* by sequence */

static struct audit_record record_of(uint64_t number, const char *detail)
{
        static const char *const events[] = { "job-held", "job-released", "delivery-printed", "sign-in" };
        struct audit_record record = {
                .tenant = tenant,
                .number = number,
                .at_ms = 1769860800000 + (int64_t)number * 1234,
                .event = text_from(events[number % ARRAY_LENGTH(events)]),
                .actor_kind = TEXT("person"),
                .actor = tenant,
                .via = TEXT("ipp"),
                .source = TEXT("192.0.2.1"),
                .detail = text_from(detail),
        };

        record.subject = tenant;
        record.subject.octets[15] = (uint8_t)number;
        return record;
}

static struct text keep(struct buffer *buffer)
{
        struct text line = buffer_text(buffer);

        assert(!buffer->failure && line.at[line.len - 1] == '\n');
        line.len--;
        line.at = text_duplicate(line);
        assert(line.at);
        buffer_clear(buffer);
        return line;
}

static struct text record_line(const struct audit_record *record, const uint8_t hash[HASH_OCTETS])
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(AUDIT_LINE_MAX);

        audit_record_line(record, hash, &buffer);
        return keep(&buffer);
}

static struct text checkpoint_line(enum audit_line_type type, const struct audit_checkpoint *checkpoint)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(AUDIT_LINE_MAX);

        audit_checkpoint_line(type, checkpoint, &buffer);
        return keep(&buffer);
}

static void make(void)
{
        struct secret evolving = { { 42 } };
        uint8_t hash[HASH_OCTETS] = { 0 };
        size_t count = 1;

        tenant = id_new();
        for (uint64_t n = 1; n <= RECORDS; n++) {
                struct audit_record record = record_of(n, "copies=2 \"quoted\"");
                struct audit_checkpoint *checkpoint = &checkpoints[n / EVERY];

                audit_record_hash(hash, &record, hash);
                lines[count++] = record_line(&record, hash);
                if (n % EVERY)
                        continue;
                *checkpoint = (struct audit_checkpoint){
                        .tenant = tenant, .sequence = n / EVERY, .record = n, .at_ms = record.at_ms
                };
                memcpy(checkpoint->hash, hash, sizeof(hash));
                if (checkpoint->sequence > 1)
                        audit_checkpoint_digest(checkpoint - 1, checkpoint->before);
                audit_checkpoint_sign(&evolving, checkpoint);
                audit_key_evolve(&evolving);
                lines[count++] = checkpoint_line(AUDIT_CHECKPOINT, checkpoint);
        }
        assert(count == LINES);
        lines[0] = checkpoint_line(AUDIT_THROUGH, &checkpoints[RECORDS / EVERY]);
}

/* What is found in these lines first, or at the end. */
static enum audit_finding verify(struct audit_verify *verify, size_t from, size_t to)
{
        for (size_t i = from; i < to; i++) {
                enum audit_finding finding = audit_verify_line(verify, lines[i]);

                if (finding)
                        return finding;
        }
        return audit_verify_end(verify);
}

static enum audit_finding verify_all(const struct audit_checkpoint *anchor)
{
        struct audit_verify state;

        audit_verify_init(&state, anchor);
        return verify(&state, 0, LINES);
}

static enum audit_finding first_of(struct audit_verify state, const struct text *octets, size_t count)
{
        enum audit_finding finding = 0;

        for (size_t i = 0; i < count && !finding; i++)
                finding = audit_verify_line(&state, octets[i]);
        return finding;
}

static struct text at(size_t i)
{
        return i < LINES ? lines[i] : (struct text)TEXT("");
}

static void check_deleted(const struct audit_verify *state, size_t i)
{
        const struct text after[] = { at(i + 1), at(i + 2) };
        struct audit_verify rest = *state;

        /* A checkpoint is missed where the next one comes; the last line that is left out is a cut. */
        if (i % (EVERY + 1) == 0 && i > 0)
                assert(verify(&rest, i + 1, LINES));
        else if (i + 1 < LINES)
                assert(first_of(*state, after, 2));
}

static void check_swapped(const struct audit_verify *state, size_t i, size_t other)
{
        const struct text after[] = { at(other), at(i + 1 == other ? i : i + 1) };

        assert(first_of(*state, after, 2));
}

static void check_repeated(const struct audit_verify *state, size_t i)
{
        const struct text after[] = { at(i), at(i) };

        assert(first_of(*state, after, 2));
}

/* A record that never was, with a hash that is right for its place. */
static void check_put_in(const struct audit_verify *state, size_t i)
{
        struct audit_record record = record_of(state->number + 1, "put=in");
        uint8_t hash[HASH_OCTETS];
        struct text forged, after[2];

        audit_record_hash(state->hash, &record, hash);
        forged = record_line(&record, hash);
        after[0] = forged;
        after[1] = at(i);
        assert(first_of(*state, after, 2));
        free((void *)forged.at);
}

/* A record that says something else, with the hash that is right for that: the next one tells. */
static void check_rewritten(const struct audit_verify *state, size_t i)
{
        struct audit_record record = record_of(state->number + 1, "copies=3 \"quoted\"");
        uint8_t hash[HASH_OCTETS];
        struct text forged, after[2];
        struct audit_line parsed;

        assert(audit_line_parse(lines[i], &parsed));
        if (parsed.type != AUDIT_RECORD)
                return;
        audit_record_hash(state->hash, &record, hash);
        forged = record_line(&record, hash);
        after[0] = forged;
        after[1] = at(i + 1);
        assert(first_of(*state, after, 2));
        free((void *)forged.at);
}

static void check_octet(const struct audit_verify *state, size_t i, size_t octet, uint8_t mask)
{
        struct text changed = { text_duplicate(lines[i]), lines[i].len };
        const struct text after[] = { changed, at(i + 1) };

        assert(changed.at);
        ((char *)changed.at)[octet] ^= (char)mask;
        assert(first_of(*state, after, 2));
        free((void *)changed.at);
}

/* Somebody who can do everything but sign writes the whole chain anew from here on. */
static void check_new_chain(const struct audit_verify *state)
{
        struct audit_verify forged = *state;
        uint8_t hash[HASH_OCTETS];
        enum audit_finding finding = 0;

        memcpy(hash, state->hash, sizeof(hash));
        for (uint64_t n = state->number + 1; n <= RECORDS; n++) {
                struct audit_record record = record_of(n, "rewritten=yes");
                struct text line;

                audit_record_hash(hash, &record, hash);
                line = record_line(&record, hash);
                assert(audit_verify_line(&forged, line) == 0);
                free((void *)line.at);
                if (n % EVERY)
                        continue;
                finding = audit_verify_line(&forged, lines[n + n / EVERY]);
                break;
        }
        assert(finding == AUDIT_CHAIN_REPLACED);
}

static void test_every_line(void)
{
        struct audit_verify state;

        audit_verify_init(&state, NULL);
        for (size_t i = 0; i < LINES; i++) {
                struct audit_verify cut = state;

                assert(audit_verify_end(&cut) == AUDIT_CUT);
                check_deleted(&state, i);
                if (i + 1 < LINES)
                        check_swapped(&state, i, i + 1);
                if (i + 2 < LINES)
                        check_swapped(&state, i, i + 2 + (i * 7919) % (LINES - i - 2));
                check_repeated(&state, i);
                if (i > 0) {
                        check_put_in(&state, i);
                        check_rewritten(&state, i);
                }
                check_octet(&state, i, (i * 104729) % lines[i].len, (uint8_t)(1u << i % 8));
                if (i % 1777 == 1)
                        check_new_chain(&state);
                assert(audit_verify_line(&state, lines[i]) == 0);
        }
        assert(audit_verify_end(&state) == 0 && state.records == RECORDS &&
               state.checkpoints == RECORDS / EVERY);
}

/* Every octet of a line of each type, with every bit. */
static void test_every_octet(void)
{
        const size_t which[] = { 0, 1, 2, 3, 4, EVERY, EVERY + 1 };
        struct audit_verify state;

        audit_verify_init(&state, NULL);
        for (size_t i = 0; i <= EVERY + 1; i++) {
                for (size_t w = 0; w < ARRAY_LENGTH(which); w++)
                        for (size_t octet = 0; which[w] == i && octet < lines[i].len; octet++)
                                for (int bit = 0; bit < 8; bit++)
                                        check_octet(&state, i, octet, (uint8_t)(1u << bit));
                assert(audit_verify_line(&state, lines[i]) == 0);
        }
}

/* Cut where a checkpoint stands, and the first line with it: an honest export of yesterday. */
static void test_anchor(void)
{
        struct text through = lines[0];
        struct audit_verify state;

        assert(verify_all(&checkpoints[5]) == 0);
        assert(verify_all(&checkpoints[RECORDS / EVERY]) == 0);
        for (size_t sequence = 1; sequence < RECORDS / EVERY; sequence++) {
                lines[0] = checkpoint_line(AUDIT_THROUGH, &checkpoints[sequence]);
                audit_verify_init(&state, NULL);
                assert(verify(&state, 0, 1 + sequence * (EVERY + 1)) == 0);
                audit_verify_init(&state, &checkpoints[sequence]);
                assert(verify(&state, 0, 1 + sequence * (EVERY + 1)) == 0);
                audit_verify_init(&state, &checkpoints[sequence + 1]);
                assert(verify(&state, 0, 1 + sequence * (EVERY + 1)) == AUDIT_OLDER_THAN_ANCHOR);
                free((void *)lines[0].at);
        }
        lines[0] = through;
}

/* A keeper of somebody else's signs a chain of his. */
static void test_another_keeper(void)
{
        struct audit_checkpoint other = checkpoints[3];
        struct secret theirs = { { 7 } };

        audit_checkpoint_sign(&theirs, &other);
        assert(verify_all(&other) == AUDIT_NOT_THE_ANCHOR);
        {
                struct text mine = lines[3 * (EVERY + 1)];

                lines[3 * (EVERY + 1)] = checkpoint_line(AUDIT_CHECKPOINT, &other);
                assert(verify_all(NULL) == AUDIT_CHECKPOINT_KEY);
                free((void *)lines[3 * (EVERY + 1)].at);
                lines[3 * (EVERY + 1)] = mine;
        }
}

/* Whether an export that begins after checkpoint 4 is good: pruned is in the detail of one of its records. */
static enum audit_finding verify_pruned(const char *pruned, const struct audit_checkpoint *anchor)
{
        struct audit_checkpoint last = checkpoints[5];
        struct secret evolving = { { 42 } };
        uint8_t hash[HASH_OCTETS];
        struct text made[3 + EVERY + 1];
        struct audit_verify state;
        enum audit_finding finding = 0;
        size_t count = 2;

        memcpy(hash, checkpoints[4].hash, sizeof(hash));
        for (uint64_t n = 4 * EVERY + 1; n <= 5 * EVERY; n++) {
                struct audit_record record = record_of(n, pruned);

                if (n == 4 * EVERY + 17)
                        record.event = TEXT_OF(AUDIT_PRUNED);
                audit_record_hash(hash, &record, hash);
                made[count++] = record_line(&record, hash);
        }
        for (int i = 1; i < 5; i++)
                audit_key_evolve(&evolving);
        memcpy(last.hash, hash, sizeof(hash));
        audit_checkpoint_sign(&evolving, &last);
        made[0] = checkpoint_line(AUDIT_THROUGH, &last);
        made[1] = checkpoint_line(AUDIT_BASE, &checkpoints[4]);
        made[count++] = checkpoint_line(AUDIT_CHECKPOINT, &last);
        audit_verify_init(&state, anchor);
        for (size_t i = 0; i < count; i++) {
                if (!finding)
                        finding = audit_verify_line(&state, made[i]);
                free((void *)made[i].at);
        }
        return finding ? finding : audit_verify_end(&state);
}

static void test_pruned(void)
{
        char words[AUDIT_PRUNED_WORDS], others[AUDIT_PRUNED_WORDS];

        audit_pruned_words(4 * EVERY, checkpoints[4].hash, words);
        audit_pruned_words(3 * EVERY, checkpoints[3].hash, others);
        assert(verify_pruned(words, NULL) == 0);
        assert(verify_pruned(words, &checkpoints[2]) == 0);
        assert(verify_pruned(others, NULL) == AUDIT_BEGINNING_UNKNOWN);
        assert(verify_pruned("", NULL) == AUDIT_BEGINNING_UNKNOWN);
        assert(verify_pruned("", &checkpoints[2]) == AUDIT_BEGINNING_UNKNOWN);
        assert(verify_pruned("", &checkpoints[3]) == 0);
        assert(verify_pruned("", &checkpoints[4]) == 0);
        assert(verify_pruned("", &checkpoints[5]) == AUDIT_NOT_THE_ANCHOR);
}

static void test_other_places(void)
{
        struct audit_verify state;
        struct text base = checkpoint_line(AUDIT_BASE, &checkpoints[1]);

        audit_verify_init(&state, NULL);
        assert(audit_verify_end(&state) == AUDIT_CUT);
        audit_verify_init(&state, NULL);
        assert(audit_verify_line(&state, lines[1]) == AUDIT_NO_LINE);
        audit_verify_init(&state, NULL);
        assert(audit_verify_line(&state, lines[0]) == 0 &&
               audit_verify_line(&state, lines[0]) == AUDIT_NO_LINE);
        audit_verify_init(&state, NULL);
        assert(audit_verify_line(&state, lines[0]) == 0 && audit_verify_line(&state, lines[1]) == 0);
        assert(audit_verify_line(&state, base) == AUDIT_NO_LINE);
        free((void *)base.at);
}

int main(void)
{
        make();
        assert(verify_all(NULL) == 0);
        test_every_line();
        test_every_octet();
        test_anchor();
        test_another_keeper();
        test_pruned();
        test_other_places();
        for (size_t i = 0; i < LINES; i++)
                free((void *)lines[i].at);
        return 0;
}
