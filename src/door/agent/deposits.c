// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What was submitted to an agent comes to the service: sealed as the agent keeps it (offline/deposit-form.h),
 * and opened while it streams in.
 *
 *      header -> the keeper opens the box -> metadata: whose it is, and to which queue -> intake
 *
 * Memory is bounded whatever the size: one header, the metadata, one segment of the document. The deposit's
 * id, or what its door says in place of it, is the key of the submission, so that one that is sent again is
 * the same job. What is refused stays at the agent, and administrators see it (core/site/refused-deposit.h).
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/site/deposit-box.h"
#include "core/trail/event.h"
#include "core/job/home.h"
#include "core/job/intake.h"
#include "core/site/refused-deposit.h"
#include "core/job/stay.h"
#include "core/job/submitter.h"
#include "core/tenant/tenant.h"
#include "core/trail/watch.h"
#include "crypt/seal.h"
#include "door/api/api.h"
#include "door/ipp/deposit.h"
#include "door/stays.h"
#include "offline/deposit-form.h"

#define METADATA_SEALED_MAX (DEPOSIT_METADATA_MAX + SEAL_HEADER_OCTETS + 4 * SEAL_TAG_OCTETS)
#define BEGINNING_MAX       (DEPOSIT_HEADER_OCTETS + METADATA_SEALED_MAX)
/* An agent keeps one at most DEPOSIT_DAYS, and the job is known by its key for longer. */
#define DEPOSIT_MS  (INT64_C(30) * 86400000)
#define KEY_KEEP_MS (INT64_C(40) * 86400000)
/* What comes from a queue beyond them is told so (CORE_SITE_ONLY), and kept at the agent all the same. */
#define STAYING_QUEUES 1024

struct arrival {
        struct buffer beginning; /* header and sealed metadata, as far as they came */
        struct deposit_header header;
        bool has_header, has_metadata;
        struct secret key;
        struct unseal unseal; /* of the document */
        uint64_t octets;      /* of the sealed document so far */
        bool is_released;     /* by the agent, while its line was down */
        struct home_release released;
        struct actor owner; /* who did that, by his badge */
        bool stays;         /* its octets do not come */
        struct stay_order stay;
        struct refused_deposit refused; /* what is known of it: from before, and as it comes in */
        bool was_refused;
        struct id submission; /* the key of the submission; zero: the deposit's id */
};

static const struct problem problem_not_a_deposit = {
        422, "not-a-deposit", "This is no deposit of this organisation's",
        "It is damaged, cut, or was sealed for somebody else. It cannot be opened.", 0
};

static const struct problem problem_unknown_submitter = {
        422, "submitter-unknown", "Nobody knows whose this is",
        "An administrator says it: imprimatur submitter add NETWORK USER PERSON.", 0
};

static const struct problem problem_discarded = { 410, "deposit-discarded", "It is not wanted any more",
                                                  "An administrator has said so. Remove it.", 0 };

static void unseal_endp(struct unseal *unseal)
{
        unseal_done(unseal);
}

/* The queues whose documents stay with the agent that they are sent to. */
static json_t *staying_json(struct request *request)
{
        SCOPED(freep) char(*names)[CORE_NAME] = calloc(STAYING_QUEUES, sizeof(*names));
        json_t *array = json_array();
        size_t count = 0;

        if (names &&
            queue_names_of_sites(request->core, request->actor.tenant, names, STAYING_QUEUES, &count))
                count = 0;
        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, json_string(names[i]));
        return array;
}

json_t *deposit_configuration_json(struct request *request)
{
        SCOPED(buffer_done) struct buffer string = BUFFER(64);
        uint8_t key[BOX_KEY_OCTETS];

        if (deposit_box_key(request->core, request->actor.tenant, key) != 0)
                return json_null();
        base64_format(key, sizeof(key), &string);
        return json_pack("{s:s, s:o}", "key", buffer_string(&string), "staying", staying_json(request));
}

void deposit_receive_close(struct request *request)
{
        struct arrival *arrival = request->arrival;

        intake_abortp(&request->intake);
        sniffing_done(&request->sniffing);
        if (!arrival)
                return;
        buffer_done(&arrival->beginning);
        secret_done(&arrival->key);
        unseal_done(&arrival->unseal);
        free(take(request->arrival));
}

static bool read_id(struct request *request, const char *name, struct id *ret)
{
        struct text word;

        return http_query(request->x, name, &word) && id_parse(word, ret);
}

/* False where it makes no sense. */
static bool read_release(struct request *request, struct arrival *arrival)
{
        struct home_release *released = &arrival->released;
        uint8_t incarnation[8];
        struct text word;
        uint64_t at_ms;
        size_t len;

        arrival->is_released = http_query(request->x, "delivery", &word);
        if (!arrival->is_released)
                return true;
        if (!read_id(request, "delivery", &released->delivery) ||
            !read_id(request, "release", &released->release) ||
            !read_id(request, "printer", &released->printer) || !http_query(request->x, "at_ms", &word) ||
            !text_number(word, INT64_MAX / 1000, &at_ms) || !http_query(request->x, "incarnation", &word) ||
            !hex_parse(word, incarnation, sizeof(incarnation), &len) || len != sizeof(incarnation))
                return false;
        released->at_ms = (int64_t)at_ms;
        for (size_t i = 0; i < sizeof(incarnation); i++)
                released->incarnation = released->incarnation << 8 | incarnation[i];
        return true;
}

int deposit_receive_open(struct request *request)
{
        struct arrival *arrival = calloc(1, sizeof(*arrival));
        struct text word;

        if (!arrival)
                return fault(-ENOMEM);
        buffer_init(&arrival->beginning, BEGINNING_MAX);
        arrival->stays = http_query(request->x, "stays", &word) && text_equal_string(word, "yes");
        request->arrival = arrival;
        if (!read_release(request, arrival))
                return request_bad(request,
                                   "?delivery= comes with &release=, &printer=, &at_ms= and &incarnation=");
        request->x->body_max_octets = UINT64_MAX; /* the header says how many, and the intake counts */
        return 0;
}

/* How long the agent will keep it yet, as it says. */
static int64_t keep_of(const struct request *request)
{
        uint64_t seconds;

        return text_number(http_header(request->x, "Imprimatur-Keep"), DEPOSIT_MS / 1000, &seconds)
                       ? (int64_t)seconds * 1000
                       : DEPOSIT_MS;
}

/* Nobody has heard yes for it, and it is gone with our no: the trail tells. */
static int note_gone(struct request *request, const struct problem *problem)
{
        const struct deposit_header *header = &request->arrival->header;
        char detail[CORE_WORDS];

        if (problem == &problem_unknown_submitter ||
            !watch_may_note(request->core, request->actor.tenant, &request->actor))
                return 0;
        snprintf(detail, sizeof(detail), "door=%s reason=%s", deposit_door_name(header->door), problem->code);
        return event_note(request->core, request->actor.tenant, &request->actor, "deposit-refused",
                          header->id, detail);
}

/* Administrators see that something was submitted and is not here. What is refused only for a moment is not.
 */
static int note_refused(struct request *request, const struct problem *problem)
{
        struct arrival *arrival = request->arrival;
        struct refused_deposit *refused = &arrival->refused;

        /* That it is to stay where it is refuses nothing. */
        if (!arrival->has_header || (problem->status >= 500 && problem->status != 507) ||
            strcmp(problem->code, "site-only") == 0)
                return 0;
        if (keep_of(request) == 0)
                return note_gone(request, problem);
        refused->id = arrival->header.id;
        refused->octets = arrival->header.document_octets;
        refused->made_ms = arrival->header.made_ms;
        refused->until_ms = clock_unix_ms() + keep_of(request);
        (void)text_copy(text_from(deposit_door_name(arrival->header.door)), refused->door,
                        sizeof(refused->door));
        (void)text_copy(text_from(problem->code), refused->reason, sizeof(refused->reason));
        return fold(refused_deposit_note(request->core, &request->actor, refused));
}

static int refuse_with(struct request *request, const struct problem *problem)
{
        int r = note_refused(request, problem);

        return r ? r : request_problem(request, problem, NULL);
}

static int refuse(struct request *request, int refusal)
{
        int r;

        if (refusal <= 0)
                return refusal;
        r = note_refused(request, problem_of_refusal(refusal));
        return r ? r : request_refuse(request, refusal);
}

/* Of the document itself. */
static int take_plain(struct request *request, struct text plain)
{
        int r = plain.len ? sniffing_push(&request->sniffing, plain) : 0;

        return r || !plain.len ? r : intake_write(request->intake, plain);
}

/* Who says that it was made before its agent was has a clock that nobody had set then: that says nothing. */
static int judge_age(struct request *request, int64_t made_ms)
{
        struct agent agent;
        int r;

        if (clock_unix_ms() - made_ms <= DEPOSIT_MS)
                return 0;
        r = agent_find(request->core, &request->actor, request->actor.id, &agent);
        return r || made_ms < agent.created_ms ? r : CORE_EXPIRED;
}

static int open_header(struct request *request)
{
        struct arrival *arrival = request->arrival;
        struct deposit_header *header = &arrival->header;
        int r;

        if (deposit_header_parse((struct text){ arrival->beginning.at, DEPOSIT_HEADER_OCTETS }, header) ||
            header->metadata_octets > METADATA_SEALED_MAX)
                return CORE_BAD_VALUE;
        arrival->has_header = true;
        r = judge_age(request, header->made_ms);
        if (r)
                return r;
        r = refused_deposit_find(request->core, &request->actor, header->id, &arrival->refused);
        if (r && r != CORE_NOT_FOUND)
                return r;
        arrival->was_refused = r == 0;
        r = deposit_box_open(request->core, request->actor.tenant, header->tenant_key, header->id,
                             header->for_tenant, &arrival->key);
        return r == CORE_NOT_FOUND ? CORE_BAD_VALUE : r;
}

/* Adds what is told of it to *to. CORE_BAD_VALUE. */
static int unseal_metadata(struct arrival *arrival, struct buffer *to)
{
        SCOPED(unseal_endp) struct unseal unseal = { 0 };
        struct text sealed = buffer_text(&arrival->beginning), plain;
        char room[DEPOSIT_SEAL_ID];
        size_t taken;
        int r;

        sealed.at += DEPOSIT_HEADER_OCTETS;
        sealed.len -= DEPOSIT_HEADER_OCTETS;
        r = unseal_init(&unseal, &arrival->key, deposit_metadata_id(&arrival->header.id, room));
        while (r == 0 && sealed.len) {
                r = unseal_add(&unseal, sealed.at, sealed.len, &taken, &plain);
                if (r == 0)
                        buffer_add_text(to, plain);
                sealed.at += taken;
                sealed.len -= taken;
        }
        if (r == 0)
                r = unseal_finish(&unseal, &plain);
        if (r == 0)
                buffer_add_text(to, plain);
        if (r == 0 && to->failure)
                r = fault(to->failure);
        return r > 0 ? CORE_BAD_VALUE : r;
}

/* Who sent it by LPD: the address that the agent saw, and the name he gave; or whom it was given to since. */
static int find_by_lpd(struct request *request, json_t *value, struct actor *ret)
{
        struct refused_deposit *refused = &request->arrival->refused;
        const char *address, *user;
        struct members members;
        int r;

        members_open(&members, value);
        address = members_string(&members, "address", MEMBER_REQUIRED, CORE_NAME - 1);
        user = members_string(&members, "user", MEMBER_REQUIRED, SUBMITTER_USER - 1);
        if (!members_finish(&members))
                return CORE_BAD_VALUE;
        (void)text_copy(text_from(address), refused->client, sizeof(refused->client));
        if (!text_is_printable(text_from(user)) ||
            !text_copy(text_from(user), refused->user, sizeof(refused->user)))
                refused->user[0] = '\0';
        if (id_is_zero(refused->person))
                return submitter_find(request->core, &request->actor, text_from(address), text_from(user),
                                      ret);
        r = refused_deposit_owner(request->core, &request->actor, refused, ret);
        if (r == 0)
                actor_came(ret, VIA_LPD, text_from(address));
        return r;
}

static int find_queue(struct request *request, const char *name)
{
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);

        return r ? r : queue_find(request->core, text_from(tenant.name), text_from(name), &request->queue);
}

/* What the agent tells of a document: enough for one that stays, and a help for the others. CORE_BAD_VALUE.
 */
static int read_document(struct request *request, json_t *value)
{
        struct arrival *arrival = request->arrival;
        struct stay_order *stay = &arrival->stay;
        struct members members;
        const char *format, *contents;
        int64_t size = 0;
        size_t len = 0;

        members_open(&members, value);
        members_number(&members, "size", MEMBER_REQUIRED, 0, INT64_MAX, &size);
        format = members_string(&members, "format", MEMBER_REQUIRED, CORE_FORMAT - 1);
        contents = members_string(&members, "contents", MEMBER_REQUIRED, 2 * HASH_OCTETS);
        if (!members_finish(&members) || !text_copy(text_from(format), stay->format, sizeof(stay->format)) ||
            !hex_parse(text_from(contents), stay->contents, sizeof(stay->contents), &len) ||
            len != sizeof(stay->contents))
                return CORE_BAD_VALUE;
        stay->size_octets = (uint64_t)size;
        return 0;
}

static int open_intake(struct request *request, const struct actor *actor, struct intake_order *order)
{
        char key[sizeof("deposit ") + ID_STRING] = "deposit ";
        struct arrival *arrival = request->arrival;

        id_format(id_is_zero(arrival->submission) ? arrival->header.id : arrival->submission,
                  key + strlen(key));
        order->actor = actor;
        order->queue = &request->queue;
        order->key = text_from(key);
        order->key_keep_ms = KEY_KEEP_MS;
        if (request->arrival->is_released) {
                order->released = &request->arrival->released;
                order->agent = &request->actor;
        }
        if (request->arrival->stays) {
                stay_order_fill(&request->arrival->stay, request->actor.id, &request->arrival->header);
                order->stay = &request->arrival->stay;
        }
        sniffing_init(&request->sniffing, TEXT_OF(MEDIA_TYPE_UNSAID), order->title);
        return intake_open(request->core, order, &request->intake);
}

static const struct problem problem_wrong_credentials = {
        422, "credentials-wrong", "The credentials that came with it are wrong",
        "They could not be looked at when it was taken. Its owner prints it again.", 0
};

/* By IPP, with the credentials of its owner. */
static int use_ipp(struct request *request, json_t *value)
{
        SCOPED(ipp_deposit_done) struct ipp_deposit deposit = { .arena = NULL };
        struct intake_order order = { .title = TEXT("") };
        struct arrival *arrival = request->arrival;
        char declared[CORE_FORMAT];
        int r;

        r = ipp_deposit_read(request->core, &request->actor, value,
                             arrival->is_released ? &arrival->owner : NULL,
                             arrival->was_refused ? &arrival->refused : NULL, &deposit);
        memcpy(arrival->refused.client, deposit.client, sizeof(deposit.client));
        memcpy(arrival->refused.claimed_email, deposit.claimed, sizeof(deposit.claimed));
        if (r == CORE_WRONG_CREDENTIALS || r == CORE_FORBIDDEN)
                return refuse_with(request, &problem_wrong_credentials);
        if (r)
                return refuse(request, r);
        request->queue = deposit.queue;
        order.title = deposit.title;
        order.ticket = deposit.template.ticket;
        order.accounting = &deposit.template.accounting;
        order.is_same_by_contents = true;
        order.sent_ms = request->arrival->header.made_ms;
        r = open_intake(request, &deposit.actor, &order);
        if (r)
                return refuse(request, r);
        if (!text_copy(deposit.format, declared, sizeof(declared)))
                declared[0] = '\0';
        sniffing_done(&request->sniffing);
        sniffing_init(&request->sniffing, text_from(declared), order.title);
        return 0;
}

/* 0 also after a complaint was answered: then there is no intake. */
static int use_metadata(struct request *request, json_t *metadata)
{
        struct intake_order order = { .title = TEXT("") };
        struct arrival *arrival = request->arrival;
        const char *queue, *title, *key;
        json_t *ticket, *lpd, *ipp, *document;
        struct members members;
        struct actor actor;
        int r;

        members_open(&members, metadata);
        queue = members_string(&members, "queue", MEMBER_REQUIRED, CORE_NAME - 1);
        title = members_string(&members, "title", MEMBER_OPTIONAL, CORE_TITLE - 1);
        ticket = members_object(&members, "ticket", MEMBER_OPTIONAL);
        ipp = members_object(&members, "ipp", MEMBER_OPTIONAL);
        document = members_object(&members, "document",
                                  request->arrival->stays ? MEMBER_REQUIRED : MEMBER_OPTIONAL);
        lpd = members_object(&members, "lpd", ipp ? MEMBER_OPTIONAL : MEMBER_REQUIRED);
        key = members_string(&members, "submission", MEMBER_OPTIONAL, ID_STRING - 1);
        if (!members_finish(&members) || (key && !id_parse(text_from(key), &arrival->submission)))
                return refuse_with(request, &problem_not_a_deposit);
        (void)text_copy(text_from(queue), arrival->refused.queue, sizeof(arrival->refused.queue));
        if (request->arrival->is_released) {
                r = submitter_of_badge(request->core, &request->actor, request->arrival->header.person,
                                       ipp ? VIA_IPP : VIA_LPD, &request->arrival->owner);
                if (r)
                        return refuse(request, r);
        }
        r = document ? read_document(request, document) : 0;
        if (r)
                return refuse_with(request, &problem_not_a_deposit);
        if (ipp)
                return use_ipp(request, ipp);
        if (ticket && !ticket_read(request, ticket, &order.ticket, &r))
                return r;
        r = find_by_lpd(request, lpd, &actor);
        if (request->arrival->is_released &&
            (r == CORE_NOT_FOUND || (r == 0 && !id_equal(actor.id, request->arrival->owner.id)))) {
                actor = request->arrival->owner;
                r = 0;
        }
        if (r == CORE_NOT_FOUND)
                return refuse_with(request, &problem_unknown_submitter);
        if (r == 0)
                r = find_queue(request, queue);
        order.title = text_from(title);
        if (r == 0)
                r = open_intake(request, &actor, &order);
        return refuse(request, r);
}

static int open_metadata(struct request *request)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(DEPOSIT_METADATA_MAX);
        struct arrival *arrival = request->arrival;
        char room[DEPOSIT_SEAL_ID];
        json_t *metadata;
        int r;

        arrival->has_metadata = true;
        r = unseal_metadata(arrival, &plain);
        if (r)
                return r == CORE_BAD_VALUE ? refuse_with(request, &problem_not_a_deposit) : r;
        metadata = json_loadb(plain.at, plain.len, JSON_REJECT_DUPLICATES, NULL);
        r = metadata ? use_metadata(request, metadata) : refuse_with(request, &problem_not_a_deposit);
        json_decref(metadata);
        if (r || !request->intake)
                return r;
        return unseal_init(&arrival->unseal, &arrival->key, deposit_document_id(&arrival->header.id, room));
}

/* As much of the piece as is wanted of header and metadata. */
static void gather(struct arrival *arrival, struct text *octets)
{
        size_t wanted = DEPOSIT_HEADER_OCTETS + (arrival->has_header ? arrival->header.metadata_octets : 0);
        size_t part = wanted - arrival->beginning.len;

        if (part > octets->len)
                part = octets->len;
        buffer_add(&arrival->beginning, octets->at, part);
        octets->at += part;
        octets->len -= part;
}

/* 0 also after a refusal was answered. */
static int take_beginning(struct request *request, struct text *octets)
{
        struct arrival *arrival = request->arrival;
        int r;

        gather(arrival, octets);
        if (arrival->beginning.failure)
                return fault(arrival->beginning.failure);
        if (!arrival->has_header && arrival->beginning.len == DEPOSIT_HEADER_OCTETS) {
                r = open_header(request);
                if (r)
                        return r == CORE_BAD_VALUE ? refuse_with(request, &problem_not_a_deposit)
                                                   : refuse(request, r);
                if (arrival->refused.is_discarded)
                        return request_problem(request, &problem_discarded, NULL);
        }
        if (arrival->has_header &&
            arrival->beginning.len == DEPOSIT_HEADER_OCTETS + arrival->header.metadata_octets)
                return open_metadata(request);
        return 0;
}

/* CORE_BAD_VALUE; refusals of intake_write(). */
static int take_document(struct request *request, struct text octets)
{
        struct arrival *arrival = request->arrival;
        struct text plain;
        size_t taken;
        int r;

        arrival->octets += octets.len;
        if (arrival->octets > (arrival->stays ? 0 : arrival->header.document_octets))
                return CORE_BAD_VALUE;
        for (; octets.len; octets.at += taken, octets.len -= taken) {
                r = unseal_add(&arrival->unseal, octets.at, octets.len, &taken, &plain);
                if (r)
                        return r > 0 ? CORE_BAD_VALUE : r;
                r = take_plain(request, plain);
                if (r)
                        return r;
        }
        return 0;
}

int deposit_receive_octets(struct request *request, struct text octets)
{
        struct arrival *arrival = request->arrival;
        int r;

        while (octets.len && !arrival->has_metadata) {
                r = take_beginning(request, &octets);
                if (r || http_is_answered(request->x))
                        return r;
        }
        r = take_document(request, octets);
        return r == CORE_BAD_VALUE ? refuse_with(request, &problem_not_a_deposit) : refuse(request, r);
}

static int finish(struct request *request, struct job *ret)
{
        struct arrival *arrival = request->arrival;
        struct text plain;
        int r;

        if (arrival->stays)
                return intake_commit(take(request->intake), ret);
        r = unseal_finish(&arrival->unseal, &plain);
        if (r)
                return r > 0 ? CORE_BAD_VALUE : r;
        r = take_plain(request, plain);
        if (r)
                return r;
        if (!request->sniffing.is_settled && request->sniffing.beginning.len == 0)
                return CORE_EMPTY;
        r = upload_settle_format(request);
        return r ? r : intake_commit(take(request->intake), ret);
}

int deposit_receive_answer(struct request *request)
{
        struct job job;
        int r;

        if (!request->intake)
                return refuse_with(request, &problem_not_a_deposit);
        r = finish(request, &job);
        if (r)
                return r == CORE_BAD_VALUE ? refuse_with(request, &problem_not_a_deposit)
                                           : refuse(request, r);
        if (request->arrival->was_refused) {
                r = refused_deposit_settle(request->core, &request->actor, request->arrival->header.id);
                if (r)
                        return r;
        }
        return request_answer(request, 201,
                              json_pack("{s:o, s:I, s:o}", "job", json_of_id(job.id), "number",
                                        (json_int_t)job.number, "person", json_of_id(job.owner)));
}
