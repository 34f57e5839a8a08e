// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What an agent may release without a line: jobs whose home it is (core/job/home.h), and a snapshot of
 * people. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/home.h"
#include "core/site/snapshot.h"
#include "core/job/terms.h"
#include "door/agent/octets.h"
#include "door/api/api.h"
#include "door/home-report.h"
#include "offline/snapshot-form.h"

#define HOME_ARENA_OCTETS (1024 * 1024)

static json_t *items_json(const struct home_item *items, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, json_pack("{s:o, s:I}", "job", json_of_id(items[i].job),
                                                       "giving", (json_int_t)items[i].giving));
        return array;
}

int homes_answer(struct request *request)
{
        struct members members;
        struct home_list list;
        uint64_t incarnation;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &incarnation);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = home_list(request->core, &request->actor, incarnation, &list);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:o, s:o}", "give", items_json(list.give, list.give_count), "asked",
                                        items_json(list.asked, list.asked_count)));
}

static void read_giving(struct members *members, uint64_t *ret)
{
        int64_t giving = 0;

        members_number(members, "giving", MEMBER_REQUIRED, 1, INT64_MAX, &giving);
        *ret = (uint64_t)giving;
}

static json_t *taken_json(struct core *core, const struct home_taken *taken)
{
        SCOPED(buffer_done) struct buffer box = BUFFER(2 * BOX_SEALED_OCTETS);

        base64_format(taken->box, sizeof(taken->box), &box);
        return json_pack("{s:I, s:o, s:I, s:I, s:s%, s:o}", "giving", (json_int_t)taken->giving, "person",
                         json_of_id(taken->person), "created_ms", (json_int_t)taken->created_ms, "expires_ms",
                         (json_int_t)taken->expires_ms, "box", box.at, box.len, "offers",
                         offers_json(core, taken->offers, taken->offer_count));
}

bool home_taking_read(struct members *members, struct home_taking *ret)
{
        members_id(members, "job", MEMBER_REQUIRED, &ret->job);
        read_giving(members, &ret->giving);
        members_hex64(members, "incarnation", MEMBER_REQUIRED, &ret->incarnation);
        members_hex64(members, "nonce", MEMBER_REQUIRED, &ret->nonce);
        return members_finish(members);
}

int home_take_answer(struct request *request)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(HOME_ARENA_OCTETS);
        struct home_taking taking = { .giving = 0 };
        struct home_taken taken;
        struct members members;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        if (!home_taking_read(&members, &taking))
                return request_complain(request, &members);
        r = home_take(request->core, &request->actor, &taking, arena, &taken);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200, taken_json(request->core, &taken));
}

int home_document_answer(struct request *request)
{
        struct vault_reader *reader;
        struct id job;
        struct text word;
        uint64_t giving, size;
        int r;

        if (!http_query(request->x, "job", &word) || !id_parse(word, &job) ||
            !http_query(request->x, "giving", &word) || !text_number(word, INT64_MAX, &giving))
                return request_bad(request, "Name the job and the giving: ?job=ID&giving=1");
        r = home_open_document(request->core, &request->actor, job, giving, &reader, &size);
        return r ? request_refuse(request, r) : answer_sealed_octets(request, reader, size);
}

bool home_back_read(struct members *members, struct home_back *ret)
{
        members_id(members, "job", MEMBER_REQUIRED, &ret->job);
        read_giving(members, &ret->giving);
        members_hex64(members, "incarnation", MEMBER_REQUIRED, &ret->incarnation);
        members_flag(members, "lost", MEMBER_OPTIONAL, &ret->is_lost);
        return members_finish(members);
}

int home_back_answer(struct request *request)
{
        struct home_back back = { .giving = 0 };
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        if (!home_back_read(&members, &back))
                return request_complain(request, &members);
        r = home_give_back(request->core, &request->actor, &back);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

bool home_release_read(struct members *members, struct home_release *ret)
{
        members_id(members, "job", MEMBER_REQUIRED, &ret->job);
        read_giving(members, &ret->giving);
        members_hex64(members, "incarnation", MEMBER_REQUIRED, &ret->incarnation);
        members_id(members, "delivery", MEMBER_REQUIRED, &ret->delivery);
        members_id(members, "release", MEMBER_REQUIRED, &ret->release);
        members_id(members, "printer", MEMBER_REQUIRED, &ret->printer);
        members_number(members, "at_ms", MEMBER_REQUIRED, 0, INT64_MAX / 1000, &ret->at_ms);
        return members_finish(members);
}

int home_released_answer(struct request *request)
{
        struct home_release release = { .giving = 0 };
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        if (!home_release_read(&members, &release))
                return request_complain(request, &members);
        r = home_released(request->core, &request->actor, &release);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

static int compare_people(const void *a, const void *b)
{
        const struct snapshot_entry *one = a, *other = b;

        return memcmp(one->person.octets, other->person.octets, ID_OCTETS);
}

/* Sorts the entries anew: they are written by then. */
static void add_people(struct snapshot *snapshot, struct buffer *to, uint32_t *ret_count)
{
        struct snapshot_entry *entries = snapshot->entries;

        qsort(entries, snapshot->entry_count, sizeof(*entries), compare_people);
        *ret_count = 0;
        for (size_t i = 0; i < snapshot->entry_count; i++) {
                if (i > 0 && id_equal(entries[i].person, entries[i - 1].person))
                        continue;
                buffer_add(to, entries[i].person.octets, ID_OCTETS);
                buffer_add(to, entries[i].entry.person_key, BOX_KEY_OCTETS);
                (*ret_count)++;
        }
}

static void format_snapshot(const struct request *request, struct snapshot *snapshot, struct text terms,
                            struct buffer *to)
{
        SCOPED(buffer_done) struct buffer entries = BUFFER(SNAPSHOT_OCTETS_MAX);
        SCOPED(buffer_done) struct buffer people = BUFFER(SNAPSHOT_OCTETS_MAX);
        struct snapshot_form form = {
                .agent = request->actor.id,
                .made_ms = snapshot->made_ms,
                .day = snapshot->day,
                .hours = snapshot->offline.hours,
                .printer_count = (uint32_t)snapshot->printer_count,
                .entry_count = (uint32_t)snapshot->entry_count,
                .terms_octets = (uint32_t)terms.len,
        };

        for (size_t i = 0; i < snapshot->entry_count; i++) {
                buffer_add(&entries, snapshot->entries[i].entry.code, ENTRY_CODE_OCTETS);
                buffer_add(&entries, snapshot->entries[i].entry.sealed, ENTRY_OCTETS);
        }
        add_people(snapshot, &people, &form.person_count);
        snapshot_header_format(&form, to);
        buffer_add(to, snapshot->printers, snapshot->printer_count * sizeof(snapshot->printers[0]));
        buffer_add_text(to, buffer_text(&entries));
        buffer_add_text(to, buffer_text(&people));
        buffer_add_text(to, terms);
        if (entries.failure || people.failure)
                to->failure = -ENOMEM;
}

static void add_base64(struct buffer *to, const char *name, const void *octets, size_t len)
{
        buffer_add_string(to, ",\"");
        buffer_add_string(to, name);
        buffer_add_string(to, "\":\"");
        base64_format(octets, len, to);
        buffer_add_string(to, "\"");
}

/* Written by hand: the day key is to lie in no memory that we cannot wipe. */
static int answer_snapshot(struct request *request, struct snapshot *snapshot, struct text terms)
{
        SCOPED(buffer_done) struct buffer body = BUFFER(SNAPSHOT_OCTETS_MAX);
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(2 * SNAPSHOT_OCTETS_MAX);
        uint8_t hash[HASH_OCTETS], signature[SIGN_SIGNATURE_OCTETS];
        char revision[2 * HASH_OCTETS + 1];
        int r;

        format_snapshot(request, snapshot, terms, &body);
        if (body.failure)
                return fault(body.failure);
        hash_sha256(buffer_text(&body), hash);
        r = snapshot_sign(request->core, request->actor.tenant, hash, signature);
        if (r)
                return request_refuse(request, r);
        hex_format(snapshot->revision, HASH_OCTETS, revision);
        /* Room for all of it before it grows: what a growing buffer leaves behind is not wiped. */
        if (!buffer_extend(&answer, body.len * 3 / 2 + 1024))
                return fault(-ENOMEM);
        answer.len = 0;
        buffer_add_string(&answer, "{\"enabled\":true,\"revision\":\"");
        buffer_add_string(&answer, revision);
        buffer_add_string(&answer, "\"");
        add_base64(&answer, "day_key", snapshot->day_key.octets, SECRET_OCTETS);
        add_base64(&answer, "signing_key", snapshot->signing_key, SIGN_KEY_OCTETS);
        add_base64(&answer, "signature", signature, sizeof(signature));
        add_base64(&answer, "snapshot", body.at, body.len);
        buffer_add_string(&answer, "}");
        if (answer.failure)
                return fault(answer.failure);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, "application/json", buffer_text(&answer));
}

static json_t *words_json(const char *const *words, size_t count, uint32_t bits)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++)
                if (bits >> i & 1)
                        json_array_append_new(array, json_string(words[i]));
        return array;
}

static json_t *media_json(const struct printer *printer, uint32_t bits)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < printer->media_count && i < 32; i++)
                if (bits >> i & 1)
                        json_array_append_new(array, json_string(printer->media[i]));
        return array;
}

static json_t *qualities_json(uint32_t bits)
{
        json_t *array = json_array();

        for (int i = 3; array && i <= 5; i++)
                if (bits >> i & 1)
                        json_array_append_new(array, json_integer(i));
        return array;
}

static json_t *pair_json(struct core *core, const struct terms_pair *pair)
{
        const struct terms_can *can = &pair->can;

        return json_pack("{s:s, s:o, s:{s:b, s:o, s:o, s:o, s:o}}", "queue", pair->queue, "deliveries",
                         offers_json(core, &pair->offer, 1), "can", "copies", can->copies, "sides",
                         words_json(terms_sides, ARRAY_LENGTH(terms_sides), can->sides), "print_color_mode",
                         words_json(terms_colours, ARRAY_LENGTH(terms_colours), can->colours),
                         "print_quality", qualities_json(can->qualities), "media",
                         media_json(&pair->offer.printer, can->media));
}

/* Freed by the caller; more than there is room for is none. */
static char *format_terms(struct core *core, const struct terms *terms)
{
        json_t *pairs = json_array(), *people = json_array(), *all;
        char *string;

        for (size_t i = 0; i < terms->pair_count; i++)
                json_array_append_new(pairs, pair_json(core, &terms->pairs[i]));
        for (size_t i = 0; i < terms->person_count; i++)
                json_array_append_new(people, json_of_id(terms->people[i]));
        all = json_pack("{s:o, s:o}", "pairs", pairs, "people", people);
        string = all ? json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        json_decref(all);
        if (string && strlen(string) > SNAPSHOT_TERMS_MAX)
                string[0] = 0;
        return string;
}

static int find_terms(struct request *request, char **ret)
{
        struct terms *terms = calloc(1, sizeof(*terms));
        int r = terms ? terms_find(request->core, &request->actor, terms) : fault(-ENOMEM);

        if (r == 0) {
                *ret = format_terms(request->core, terms);
                r = *ret ? 0 : fault(-ENOMEM);
        }
        free(terms);
        return r;
}

int snapshot_answer(struct request *request)
{
        SCOPED(snapshot_done) struct snapshot snapshot = { .entries = NULL };
        SCOPED(freep) char *terms = NULL;
        uint8_t known[HASH_OCTETS];
        struct text word;
        size_t len = 0;
        bool has_known = http_query(request->x, "revision", &word);
        int r;

        if (has_known && (!hex_parse(word, known, sizeof(known), &len) || len != sizeof(known)))
                return request_bad(request, "?revision= is what the last answer told.");
        r = find_terms(request, &terms);
        if (r == 0)
                r = snapshot_make(request->core, &request->actor, has_known ? known : NULL, text_from(terms),
                                  &snapshot);
        if (r)
                return request_refuse(request, r);
        if (snapshot.is_known)
                return request_answer_nothing(request);
        if (!snapshot.offline.enabled)
                return request_answer(request, 200, json_pack("{s:b}", "enabled", 0));
        return answer_snapshot(request, &snapshot, text_from(terms));
}
