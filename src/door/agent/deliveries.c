// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* One delivery, step by step, as its agent reports it: armed, under way, what became of it. */

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/release/delivery.h"
#include "core/unwritten.h"
#include "door/api/api.h"

#define NONCE_MAX 128

/* The key must lie in no memory that we cannot wipe, so the answer is written by hand. */
struct arm_answer {
        char octets[NONCE_MAX + 128];
};

static void arm_answer_done(struct arm_answer *answer)
{
        explicit_bzero(answer, sizeof(*answer));
}

static int answer_key(struct request *request, const char *nonce, const struct secret *key,
                      struct text password)
{
        SCOPED(buffer_wipe) struct buffer base64 = BUFFER(64);
        SCOPED(arm_answer_done) struct arm_answer answer;
        int length, r;

        base64_format(key->octets, sizeof(key->octets), &base64);
        if (base64.failure)
                return fault(base64.failure);
        length = snprintf(answer.octets, sizeof(answer.octets), "{\"nonce\":\"%s\",\"key\":\"%.*s\"%s%.*s%s}",
                          nonce, TEXT_ARGS(buffer_text(&base64)), password.len ? ",\"job_password\":\"" : "",
                          TEXT_ARGS(password), password.len ? "\"" : "");
        r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r)
                return r;
        return http_respond(request->x, 200, "application/json",
                            text_from_octets(answer.octets, (size_t)length));
}

static bool is_nonce(const char *nonce)
{
        return nonce[strspn(nonce, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-")] ==
               '\0';
}

int delivery_arm_answer(struct request *request)
{
        SCOPED(unwritten_secret_done) struct unwritten_secret password = { .length = 0 };
        SCOPED(secret_done) struct secret key;
        struct members members;
        uint64_t incarnation;
        struct id delivery;
        const char *nonce;
        int64_t epoch = 0;
        int r;

        if (!request_id(request, 0, &delivery))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_number(&members, "epoch", MEMBER_REQUIRED, 0, UINT32_MAX, &epoch);
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &incarnation);
        nonce = members_string(&members, "nonce", MEMBER_REQUIRED, NONCE_MAX - 1);
        if (nonce && !is_nonce(nonce))
                members_complain(&members, "\"nonce\" is letters and digits.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = delivery_arm(request->core, &request->actor, delivery, (uint32_t)epoch, incarnation, &key,
                         &password);
        return r ? request_refuse(request, r)
                 : answer_key(request, nonce, &key, unwritten_secret_text(&password));
}

static const struct {
        const char *word;
        enum delivery_state state;
} outcomes[] = {
        { "printed", DELIVERY_PRINTED },         { "sent", DELIVERY_SENT },
        { "not-printed", DELIVERY_NOT_PRINTED }, { "uncertain", DELIVERY_UNCERTAIN },
        { "cancelled", DELIVERY_CANCELLED },
};

static void read_outcome(struct members *members, struct delivery_report *report)
{
        const char *word = members_string(members, "outcome", MEMBER_REQUIRED, 32);

        for (size_t i = 0; word && i < ARRAY_LENGTH(outcomes); i++) {
                if (strcmp(outcomes[i].word, word) == 0) {
                        report->outcome = outcomes[i].state;
                        return;
                }
        }
        members_complain(members,
                         "\"outcome\" must be one of: printed, sent, not-printed, uncertain, cancelled.");
}

/* Reasons are keywords: they are shown to people and stand in events. */
static struct text read_reason(struct members *members, const char *name)
{
        const char *reason = members_string(members, name, MEMBER_OPTIONAL, CORE_WORDS - 1);

        if (reason && reason[strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789-.,= ")] != '\0')
                members_complain(members, "\"%s\" must be keywords.", name);
        return text_from(reason);
}

int delivery_outcome_answer(struct request *request)
{
        struct delivery_report report = { 0 };
        int64_t epoch = 0, pages = 0, acked = 0;
        struct members members;
        int r;

        if (!request_id(request, 0, &report.delivery))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_number(&members, "epoch", MEMBER_REQUIRED, 0, UINT32_MAX, &epoch);
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &report.incarnation);
        read_outcome(&members, &report);
        report.reason = read_reason(&members, "reason");
        members_number(&members, "pages", MEMBER_OPTIONAL, 0, UINT32_MAX, &pages);
        members_number(&members, "octets_acked", MEMBER_OPTIONAL, 0, INT64_MAX, &acked);
        members_flag(&members, "retry", MEMBER_OPTIONAL, &report.may_retry);
        report.by = members_string(&members, "by", MEMBER_OPTIONAL, 7);
        if (!delivery_is_way(report.by))
                members_complain(&members, "\"by\" must be one of: ipps, ipp, raw, lpd.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        report.epoch = (uint32_t)epoch;
        report.pages = (uint32_t)pages;
        report.octets_acked = (uint64_t)acked;
        r = delivery_report(request->core, &request->actor, &report);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200, json_pack("{s:o}", "delivery", json_of_id(report.delivery)));
}

/* The first reason is the one that is shown. */
static struct text first_reason(struct members *members)
{
        json_t *reasons = members_array(members, "reasons", MEMBER_OPTIONAL, 32);
        const char *word = json_string_value(json_array_get(reasons, 0));

        if (!word)
                return TEXT_OF("");
        if (strlen(word) >= CORE_WORDS ||
            word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != '\0')
                members_complain(members, "\"reasons\" must hold keywords.");
        return text_from(word);
}

int delivery_progress_answer(struct request *request)
{
        int64_t epoch = 0, pages = 0;
        struct members members;
        struct id delivery;
        struct text reason;
        int r;

        if (!request_id(request, 0, &delivery))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_number(&members, "epoch", MEMBER_REQUIRED, 0, UINT32_MAX, &epoch);
        members_string(&members, "state", MEMBER_OPTIONAL, 64);
        members_number(&members, "pages", MEMBER_OPTIONAL, 0, UINT32_MAX, &pages);
        reason = first_reason(&members);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = delivery_progress(request->core, &request->actor, delivery, (uint32_t)epoch, reason,
                              (uint32_t)pages);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int printer_pin_answer(struct request *request)
{
        const char *uuid, *spki, *serial;
        struct members members;
        struct id printer;
        int r;

        if (!request_id(request, 0, &printer))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        uuid = members_string(&members, "uuid", MEMBER_OPTIONAL, 63);
        spki = members_string(&members, "spki", MEMBER_OPTIONAL, 64);
        serial = members_string(&members, "serial", MEMBER_OPTIONAL, 63);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = printer_pin(request->core, &request->actor, printer, text_from(uuid), text_from(spki),
                        text_from(serial));
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
