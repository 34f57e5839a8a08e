// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/scope.h"

/* The greatest integer that every reader of JSON has (RFC 8259, section 6). */
#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

static const char *const type_names[] = {
        [AUDIT_THROUGH] = "through",
        [AUDIT_BASE] = "base",
        [AUDIT_RECORD] = "record",
        [AUDIT_CHECKPOINT] = "checkpoint",
};

static void add_id(struct buffer *to, const char *before, struct id id)
{
        char string[ID_STRING];

        buffer_add_string(to, before);
        if (id_is_zero(id)) {
                buffer_add_string(to, "null");
                return;
        }
        id_format(id, string);
        buffer_add_octet(to, '"');
        buffer_add_string(to, string);
        buffer_add_octet(to, '"');
}

static void add_text(struct buffer *to, const char *before, struct text text)
{
        buffer_add_string(to, before);
        buffer_add_octet(to, '"');
        for (size_t i = 0; i < text.len; i++) {
                if (text.at[i] == '"' || text.at[i] == '\\')
                        buffer_add_octet(to, '\\');
                buffer_add_octet(to, (uint8_t)text.at[i]);
        }
        buffer_add_octet(to, '"');
}

static void add_hex(struct buffer *to, const char *before, const uint8_t *octets, size_t len)
{
        char hex[2 * SIGN_SIGNATURE_OCTETS + 1];

        hex_format(octets, len, hex);
        add_text(to, before, text_from(hex));
}

static void add_number(struct buffer *to, const char *before, uint64_t number)
{
        char digits[24];

        snprintf(digits, sizeof(digits), "%" PRIu64, number);
        buffer_add_string(to, before);
        buffer_add_string(to, digits);
}

static void add_time(struct buffer *to, const char *before, int64_t at_ms)
{
        char string[25];

        clock_format(at_ms, string);
        add_text(to, before, text_from(string));
}

void audit_record_line(const struct audit_record *record, const uint8_t hash[HASH_OCTETS], struct buffer *to)
{
        add_id(to, "{\"type\":\"record\",\"tenant\":", record->tenant);
        add_number(to, ",\"number\":", record->number);
        add_time(to, ",\"at\":", record->at_ms);
        add_text(to, ",\"event\":", record->event);
        add_text(to, ",\"actor\":{\"kind\":", record->actor_kind);
        add_id(to, ",\"id\":", record->actor);
        add_text(to, "},\"via\":", record->via);
        add_text(to, ",\"source\":", record->source);
        add_id(to, ",\"subject\":", record->subject);
        add_text(to, ",\"detail\":", record->detail);
        add_hex(to, ",\"hash\":", hash, HASH_OCTETS);
        buffer_add_string(to, "}\n");
}

void audit_checkpoint_line(enum audit_line_type type, const struct audit_checkpoint *checkpoint,
                           struct buffer *to)
{
        add_text(to, "{\"type\":", text_from(type_names[type]));
        add_id(to, ",\"tenant\":", checkpoint->tenant);
        add_number(to, ",\"sequence\":", checkpoint->sequence);
        add_number(to, ",\"record\":", checkpoint->record);
        add_hex(to, ",\"hash\":", checkpoint->hash, HASH_OCTETS);
        add_time(to, ",\"at\":", checkpoint->at_ms);
        add_hex(to, ",\"before\":", checkpoint->before, HASH_OCTETS);
        add_hex(to, ",\"key\":", checkpoint->key, SIGN_KEY_OCTETS);
        add_hex(to, ",\"next_key\":", checkpoint->next_key, SIGN_KEY_OCTETS);
        add_hex(to, ",\"signature\":", checkpoint->signature, SIGN_SIGNATURE_OCTETS);
        buffer_add_string(to, "}\n");
}

/*
 * Reads what stands there, one piece after the other, with a sticky failure. It may accept more than the one
 * spelling; audit_line_parse() writes what it read again and compares.
 */
struct reader {
        struct text rest;
        char *room;
        size_t room_left;
        bool failed;
};

static void skip(struct reader *reader, const char *expected)
{
        if (reader->failed || !text_starts_with(reader->rest, expected)) {
                reader->failed = true;
                return;
        }
        reader->rest.at += strlen(expected);
        reader->rest.len -= strlen(expected);
}

static bool has(const struct reader *reader, const char *expected)
{
        return !reader->failed && text_starts_with(reader->rest, expected);
}

/* The octets up to the next quotation mark, which is taken too. */
static struct text read_plain(struct reader *reader)
{
        struct text head = { "", 0 }, tail;

        skip(reader, "\"");
        if (reader->failed)
                return head;
        if (!text_cut(reader->rest, '"', &head, &tail))
                reader->failed = true;
        reader->rest = tail;
        return head;
}

static struct text read_text(struct reader *reader, size_t max)
{
        struct text text = { reader->room, 0 };
        bool escaped = false;

        skip(reader, "\"");
        while (!reader->failed) {
                char c;

                if (reader->rest.len == 0 || text.len > max) {
                        reader->failed = true;
                        break;
                }
                c = *reader->rest.at++;
                reader->rest.len--;
                if (!escaped && c == '"')
                        break;
                escaped = !escaped && c == '\\';
                if (escaped)
                        continue;
                if (text.len == max || text.len == reader->room_left || c == '\t') {
                        reader->failed = true;
                        break;
                }
                reader->room[text.len++] = c;
        }
        if (!reader->failed && !text_is_printable(text))
                reader->failed = true;
        if (reader->failed)
                return (struct text){ "", 0 };
        reader->room += text.len;
        reader->room_left -= text.len;
        return text;
}

static struct id read_id(struct reader *reader)
{
        struct id id = { 0 };

        if (has(reader, "null"))
                skip(reader, "null");
        else if (!id_parse(read_plain(reader), &id))
                reader->failed = true;
        return id;
}

static void read_hex(struct reader *reader, uint8_t *ret, size_t octets)
{
        size_t len = 0;

        if (!hex_parse(read_plain(reader), ret, octets, &len) || len != octets)
                reader->failed = true;
}

static uint64_t read_number(struct reader *reader)
{
        struct text digits = { reader->rest.at, 0 };
        uint64_t number = 0;

        while (digits.len < reader->rest.len && digits.at[digits.len] >= '0' && digits.at[digits.len] <= '9')
                digits.len++;
        if (reader->failed || !text_number(digits, NUMBER_MAX, &number)) {
                reader->failed = true;
                return 0;
        }
        reader->rest.at += digits.len;
        reader->rest.len -= digits.len;
        return number;
}

/* Days since 1970 of a day of the Gregorian calendar; years begin in March, so that the leap day is last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
        int64_t years = month > 2 ? year : year - 1;
        int64_t of_400 = years % 400;
        int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

        return years / 400 * 146097 + of_400 * 365 + of_400 / 4 - of_400 / 100 + of_year - 719468;
}

/* "2026-01-31T12:00:00.000Z". */
static int64_t read_time(struct reader *reader)
{
        static const struct {
                uint8_t at, len;
        } parts[] = { { 0, 4 }, { 5, 2 }, { 8, 2 }, { 11, 2 }, { 14, 2 }, { 17, 2 }, { 20, 3 } };
        struct text text = read_plain(reader);
        uint64_t n[ARRAY_LENGTH(parts)];
        int64_t days;

        if (text.len != 24) {
                reader->failed = true;
                return 0;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
                if (!text_number((struct text){ text.at + parts[i].at, parts[i].len }, 9999, &n[i])) {
                        reader->failed = true;
                        return 0;
                }
        if (n[0] < 1970 || n[1] < 1 || n[1] > 12) {
                reader->failed = true;
                return 0;
        }
        days = days_of((int64_t)n[0], (int64_t)n[1], (int64_t)n[2]);
        return (((days * 24 + (int64_t)n[3]) * 60 + (int64_t)n[4]) * 60 + (int64_t)n[5]) * 1000 +
               (int64_t)n[6];
}

static void read_record(struct reader *reader, struct audit_line *ret)
{
        struct audit_record *record = &ret->record;

        skip(reader, "{\"type\":\"record\",\"tenant\":");
        record->tenant = read_id(reader);
        skip(reader, ",\"number\":");
        record->number = read_number(reader);
        skip(reader, ",\"at\":");
        record->at_ms = read_time(reader);
        skip(reader, ",\"event\":");
        record->event = read_text(reader, AUDIT_EVENT_MAX);
        skip(reader, ",\"actor\":{\"kind\":");
        record->actor_kind = read_text(reader, AUDIT_KIND_MAX);
        skip(reader, ",\"id\":");
        record->actor = read_id(reader);
        skip(reader, "},\"via\":");
        record->via = read_text(reader, AUDIT_VIA_MAX);
        skip(reader, ",\"source\":");
        record->source = read_text(reader, AUDIT_SOURCE_MAX);
        skip(reader, ",\"subject\":");
        record->subject = read_id(reader);
        skip(reader, ",\"detail\":");
        record->detail = read_text(reader, AUDIT_DETAIL_MAX);
        skip(reader, ",\"hash\":");
        read_hex(reader, ret->hash, HASH_OCTETS);
}

static void read_checkpoint(struct reader *reader, struct audit_checkpoint *ret)
{
        skip(reader, ",\"tenant\":");
        ret->tenant = read_id(reader);
        skip(reader, ",\"sequence\":");
        ret->sequence = read_number(reader);
        skip(reader, ",\"record\":");
        ret->record = read_number(reader);
        skip(reader, ",\"hash\":");
        read_hex(reader, ret->hash, HASH_OCTETS);
        skip(reader, ",\"at\":");
        ret->at_ms = read_time(reader);
        skip(reader, ",\"before\":");
        read_hex(reader, ret->before, HASH_OCTETS);
        skip(reader, ",\"key\":");
        read_hex(reader, ret->key, SIGN_KEY_OCTETS);
        skip(reader, ",\"next_key\":");
        read_hex(reader, ret->next_key, SIGN_KEY_OCTETS);
        skip(reader, ",\"signature\":");
        read_hex(reader, ret->signature, SIGN_SIGNATURE_OCTETS);
}

static void read_line(struct reader *reader, struct audit_line *ret)
{
        struct text type;

        if (has(reader, "{\"type\":\"record\"")) {
                ret->type = AUDIT_RECORD;
                read_record(reader, ret);
                return;
        }
        skip(reader, "{\"type\":");
        type = read_plain(reader);
        ret->type = text_equal_string(type, "through")      ? AUDIT_THROUGH
                    : text_equal_string(type, "base")       ? AUDIT_BASE
                    : text_equal_string(type, "checkpoint") ? AUDIT_CHECKPOINT
                                                            : 0;
        if (ret->type == 0)
                reader->failed = true;
        read_checkpoint(reader, &ret->checkpoint);
}

static bool is_spelt_so(struct text line, const struct audit_line *parsed)
{
        SCOPED(buffer_done) struct buffer again = BUFFER(AUDIT_LINE_MAX + 1);

        if (parsed->type == AUDIT_RECORD)
                audit_record_line(&parsed->record, parsed->hash, &again);
        else
                audit_checkpoint_line(parsed->type, &parsed->checkpoint, &again);
        return !again.failure && again.len == line.len + 1 && memcmp(again.at, line.at, line.len) == 0;
}

bool audit_line_parse(struct text line, struct audit_line *ret)
{
        struct reader reader = { line, ret->texts, sizeof(ret->texts), line.len > AUDIT_LINE_MAX };

        read_line(&reader, ret);
        skip(&reader, "}");
        return !reader.failed && reader.rest.len == 0 && is_spelt_so(line, ret);
}
