// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"

const char *audit_finding_phrase(enum audit_finding finding)
{
        static const char *const phrases[] = {
                [AUDIT_NO_LINE] =
                        "this is no line of an export, or not in its place: its octets were changed",
                [AUDIT_OTHER_TENANT] = "this is of another tenant's trail",
                [AUDIT_RECORD_CHANGED] = "this record, or the hash before it, was changed",
                [AUDIT_RECORD_MISSING] = "records are missing before this one",
                [AUDIT_RECORD_MISPLACED] = "this record was put in, or stood elsewhere",
                [AUDIT_CHECKPOINT_FORGED] = "this checkpoint was changed: its signature is wrong",
                [AUDIT_CHECKPOINT_KEY] = "this checkpoint was not signed with the keeper's next key",
                [AUDIT_CHECKPOINT_MISSING] = "checkpoints are missing before this one",
                [AUDIT_CHECKPOINT_MISPLACED] = "this checkpoint does not stand after its record",
                [AUDIT_CHAIN_REPLACED] = "the records before this checkpoint are not those that were signed",
                [AUDIT_NOT_SIGNED] = "the last records were never signed",
                [AUDIT_CUT] = "the end is missing",
                [AUDIT_BEGINNING_UNKNOWN] = "the beginning is missing, and nothing says that it was pruned",
                [AUDIT_OLDER_THAN_ANCHOR] =
                        "the end is missing: this trail is older than what was seen before",
                [AUDIT_NOT_THE_ANCHOR] = "this trail is another one than was seen before",
        };

        return phrases[finding];
}

void audit_verify_init(struct audit_verify *verify, const struct audit_checkpoint *anchor)
{
        memset(verify, 0, sizeof(*verify));
        if (!anchor)
                return;
        verify->has_anchor = true;
        verify->anchor = *anchor;
}

static bool is_same(const struct audit_checkpoint *a, const struct audit_checkpoint *b)
{
        uint8_t digest_a[HASH_OCTETS], digest_b[HASH_OCTETS];

        audit_checkpoint_digest(a, digest_a);
        audit_checkpoint_digest(b, digest_b);
        return hash_equal(digest_a, digest_b, HASH_OCTETS);
}

/* Whether b says of itself that it comes right after a. */
static bool follows(const struct audit_checkpoint *a, const struct audit_checkpoint *b)
{
        uint8_t digest[HASH_OCTETS];

        audit_checkpoint_digest(a, digest);
        return b->sequence == a->sequence + 1 && hash_equal(b->before, digest, HASH_OCTETS);
}

static bool has_key_of(const struct audit_checkpoint *a, const struct audit_checkpoint *b)
{
        return hash_equal(b->key, a->next_key, SIGN_KEY_OCTETS);
}

/* The anchor is one of these checkpoints, or the one before the first of them. */
static enum audit_finding compare_anchor(struct audit_verify *verify, const struct audit_checkpoint *here)
{
        const struct audit_checkpoint *anchor = &verify->anchor;

        if (!verify->has_anchor || verify->meets_anchor)
                return 0;
        if (here->sequence == anchor->sequence) {
                verify->meets_anchor = is_same(here, anchor);
                return verify->meets_anchor ? 0 : AUDIT_NOT_THE_ANCHOR;
        }
        if (here->sequence == anchor->sequence + 1) {
                verify->meets_anchor = follows(anchor, here) && has_key_of(anchor, here);
                return verify->meets_anchor ? 0 : AUDIT_NOT_THE_ANCHOR;
        }
        return 0;
}

static enum audit_finding take_through(struct audit_verify *verify, const struct audit_checkpoint *through)
{
        if (verify->lines > 1)
                return AUDIT_NO_LINE;
        verify->has_through = true;
        verify->through = *through;
        verify->tenant = through->tenant;
        if (!audit_checkpoint_is_signed(through))
                return AUDIT_CHECKPOINT_FORGED;
        if (!verify->has_anchor)
                return 0;
        if (!id_equal(verify->anchor.tenant, through->tenant))
                return AUDIT_OTHER_TENANT;
        return through->sequence < verify->anchor.sequence ? AUDIT_OLDER_THAN_ANCHOR : 0;
}

static void keep_checkpoint(struct audit_verify *verify, const struct audit_checkpoint *checkpoint)
{
        if (!verify->has_checkpoint)
                memcpy(verify->first_key, checkpoint->key, SIGN_KEY_OCTETS);
        verify->has_checkpoint = true;
        verify->checkpoint = *checkpoint;
}

static enum audit_finding take_base(struct audit_verify *verify, const struct audit_checkpoint *base)
{
        if (verify->lines != 2 || !verify->has_through)
                return AUDIT_NO_LINE;
        verify->has_base = true;
        verify->base = *base;
        verify->number = base->record;
        memcpy(verify->hash, base->hash, HASH_OCTETS);
        keep_checkpoint(verify, base);
        if (!audit_checkpoint_is_signed(base))
                return AUDIT_CHECKPOINT_FORGED;
        return compare_anchor(verify, base);
}

void audit_pruned_words(uint64_t record, const uint8_t hash[HASH_OCTETS], char ret[AUDIT_PRUNED_WORDS])
{
        char hex[2 * HASH_OCTETS + 1];

        hex_format(hash, HASH_OCTETS, hex);
        snprintf(ret, AUDIT_PRUNED_WORDS, "through=%" PRIu64 " hash=%s", record, hex);
}

static void look_for_base(struct audit_verify *verify, const struct audit_record *record)
{
        char words[AUDIT_PRUNED_WORDS];

        if (!verify->has_base || !text_equal_string(record->event, AUDIT_PRUNED))
                return;
        audit_pruned_words(verify->base.record, verify->base.hash, words);
        if (text_equal_string(record->detail, words))
                verify->base_is_known = true;
}

static enum audit_finding take_record(struct audit_verify *verify, const struct audit_line *line)
{
        const struct audit_record *record = &line->record;
        uint8_t hash[HASH_OCTETS];
        uint64_t before = verify->number;

        if (record->number <= before)
                return AUDIT_RECORD_MISPLACED;
        verify->records++;
        verify->number = record->number;
        audit_record_hash(verify->hash, record, hash);
        memcpy(verify->hash, line->hash, HASH_OCTETS);
        look_for_base(verify, record);
        if (record->number > before + 1)
                return AUDIT_RECORD_MISSING;
        return hash_equal(hash, line->hash, HASH_OCTETS) ? 0 : AUDIT_RECORD_CHANGED;
}

/* Its place among the checkpoints. */
static enum audit_finding compare_order(const struct audit_verify *verify,
                                        const struct audit_checkpoint *here)
{
        static const uint8_t none[HASH_OCTETS];

        if (verify->has_checkpoint) {
                if (!has_key_of(&verify->checkpoint, here))
                        return here->sequence == verify->checkpoint.sequence + 1 ? AUDIT_CHECKPOINT_KEY
                                                                                 : AUDIT_CHECKPOINT_MISSING;
                return follows(&verify->checkpoint, here) ? 0 : AUDIT_CHECKPOINT_MISSING;
        }
        return here->sequence == 1 && hash_equal(here->before, none, HASH_OCTETS) ? 0
                                                                                  : AUDIT_CHECKPOINT_MISSING;
}

static enum audit_finding take_checkpoint(struct audit_verify *verify, const struct audit_checkpoint *here)
{
        enum audit_finding finding = compare_order(verify, here);
        enum audit_finding anchored = compare_anchor(verify, here);

        verify->checkpoints++;
        keep_checkpoint(verify, here);
        if (!audit_checkpoint_is_signed(here))
                return AUDIT_CHECKPOINT_FORGED;
        if (finding)
                return finding;
        if (here->record != verify->number)
                return AUDIT_CHECKPOINT_MISPLACED;
        if (!hash_equal(here->hash, verify->hash, HASH_OCTETS))
                return AUDIT_CHAIN_REPLACED;
        return anchored;
}

static enum audit_finding take_line(struct audit_verify *verify, struct text text)
{
        struct audit_line line;
        struct id tenant;

        verify->lines++;
        if (!audit_line_parse(text, &line))
                return AUDIT_NO_LINE;
        if (line.type == AUDIT_THROUGH)
                return take_through(verify, &line.checkpoint);
        tenant = line.type == AUDIT_RECORD ? line.record.tenant : line.checkpoint.tenant;
        if (!verify->has_through)
                return AUDIT_NO_LINE;
        if (!id_equal(tenant, verify->tenant))
                return AUDIT_OTHER_TENANT;
        switch (line.type) {
        case AUDIT_BASE: return take_base(verify, &line.checkpoint);
        case AUDIT_RECORD: return take_record(verify, &line);
        default: return take_checkpoint(verify, &line.checkpoint);
        }
}

enum audit_finding audit_verify_line(struct audit_verify *verify, struct text text)
{
        enum audit_finding finding = take_line(verify, text);

        verify->findings += finding != 0;
        return finding;
}

static enum audit_finding judge_end(const struct audit_verify *verify)
{
        if (!verify->has_through || !verify->has_checkpoint ||
            !is_same(&verify->checkpoint, &verify->through))
                return AUDIT_CUT;
        if (verify->number != verify->checkpoint.record)
                return AUDIT_NOT_SIGNED;
        if (verify->has_base && !verify->base_is_known && !verify->meets_anchor)
                return AUDIT_BEGINNING_UNKNOWN;
        return 0;
}

enum audit_finding audit_verify_end(struct audit_verify *verify)
{
        enum audit_finding finding = judge_end(verify);

        verify->findings += finding != 0;
        return finding;
}
