// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "keeper/authority.h"
#include "keeper/box.h"
#include "keeper/chain.h"
#include "keeper/limit.h"
#include "keeper/offline.h"
#include "keeper/trail.h"
#include "keys/authority.h"

static const char *const purpose_names[] = {
        [KEYS_FOR_ARM] = "arm",
        [KEYS_FOR_RENDER] = "render",
        [KEYS_FOR_PREVIEW] = "preview",
};

static const char *outcome_name(int r)
{
        switch (r) {
        case 0: return "opened";
        case KEYS_DESTROYED: return "destroyed";
        case KEYS_WRONG: return "wrong";
        case KEYS_LIMITED: return "limited";
        default: return "fault";
        }
}

/* Ids and reasons only; refused attempts as well, since those are what somebody will look for. */
static void write_down(const struct keys_request *request, const struct asker *asker, int r)
{
        char tenant[ID_STRING], job[ID_STRING], uid[16], day[24];

        id_format(request->tenant, tenant);
        id_format(request->subject, job);
        snprintf(uid, sizeof(uid), "%u", (unsigned int)asker->uid);
        snprintf(day, sizeof(day), "%" PRId64, request->day);
        log_write(LOG_NOTICE, "document-key", "outcome", outcome_name(r), "tenant", tenant, "job", job,
                  "artefact", request->artefact == KEYS_ORIGINAL ? "original" : "derived", "purpose",
                  purpose_names[request->purpose], "day", day, "uid", uid, NULL);
}

static int open_document(struct answerer *answerer, const struct asker *asker,
                         const struct keys_request *request, struct secret *ret)
{
        struct keys_tenant tenant = keys_request_tenant(request);
        struct keys_document document = keys_request_document(request);
        int r;

        if (!limit_allows(answerer->limit, request->tenant, clock_monotonic_ms()))
                r = KEYS_LIMITED;
        else
                r = chain_document_open(answerer->chain, &tenant, &document, &request->wrapped, ret);
        write_down(request, asker, r);
        return r;
}

static int open_box(struct answerer *answerer, const struct asker *asker, const struct keys_request *request,
                    struct secret *ret)
{
        struct keys_tenant tenant = keys_request_tenant(request);
        char tenant_id[ID_STRING], subject[ID_STRING], uid[16];
        int r;

        if (!limit_allows(answerer->limit, request->tenant, clock_monotonic_ms()))
                r = KEYS_LIMITED;
        else
                r = keeper_box_open(answerer->chain, &tenant, &request->wrapped, request->octets, ret);
        id_format(request->tenant, tenant_id);
        id_format(request->subject, subject);
        snprintf(uid, sizeof(uid), "%u", (unsigned int)asker->uid);
        log_write(LOG_NOTICE, "box", "outcome", outcome_name(r), "tenant", tenant_id, "subject", subject,
                  "uid", uid, NULL);
        return r;
}

static bool is_offline(uint32_t operation)
{
        return operation >= KEYS_OFFLINE_PUBLIC && operation <= KEYS_OFFLINE_SIGN;
}

/* Whose documents' keys have left by this way, and for which agent; and that an agent was given a day's. */
static void write_down_offline(const struct keys_request *request, int r)
{
        char tenant[ID_STRING], job[ID_STRING], person[ID_STRING], agent[ID_STRING];

        id_format(request->tenant, tenant);
        id_format(request->subject, job);
        id_format(request->person, person);
        id_format(request->agent, agent);
        if (request->operation == KEYS_OFFLINE_HOME)
                log_write(LOG_NOTICE, "document-key", "outcome", outcome_name(r), "tenant", tenant, "job",
                          job, "purpose", "home", "person", person, "agent", agent, NULL);
        else if (request->operation == KEYS_OFFLINE_DAY)
                log_write(LOG_NOTICE, "offline-day-key", "outcome", outcome_name(r), "tenant", tenant,
                          "agent", agent, NULL);
}

static int go_offline(struct answerer *answerer, const struct keys_request *request, struct keys_reply *reply)
{
        int r = request->operation == KEYS_OFFLINE_HOME &&
                                !limit_allows(answerer->limit, request->tenant, clock_monotonic_ms())
                        ? KEYS_LIMITED
                        : offline_answer(answerer->chain, request, reply);

        write_down_offline(request, r);
        return r;
}

static bool is_of_the_authority(uint32_t operation)
{
        return operation == KEYS_AUTHORITY_PUBLIC || operation == KEYS_AUTHORITY_SIGN;
}

/* Every certificate, and what was refused as well. */
static int certify(struct answerer *answerer, const struct keys_request *request, struct keys_reply *reply)
{
        char tenant[ID_STRING], subject[ID_STRING];
        int r;

        if (request->operation == KEYS_AUTHORITY_PUBLIC)
                return authority_answer(answerer->chain, request, clock_unix_ms(), reply);
        r = limit_allows(answerer->limit, request->tenant, clock_monotonic_ms())
                    ? authority_answer(answerer->chain, request, clock_unix_ms(), reply)
                    : KEYS_LIMITED;
        id_format(request->tenant, tenant);
        id_format(request->subject, subject);
        log_write(LOG_NOTICE, "certificate", "outcome", r == 0 ? "signed" : outcome_name(r), "tenant", tenant,
                  "kind", request->purpose == KEYS_ROOT ? "root" : "issued", "subject", subject, NULL);
        return r;
}

static int destroy_day(struct chain *chain, const struct keys_request *request)
{
        char tenant[ID_STRING], day[24];
        int r;

        r = chain_day_destroy(chain, request->tenant, request->day);
        id_format(request->tenant, tenant);
        snprintf(day, sizeof(day), "%" PRId64, request->day);
        if (r == 0)
                log_write(LOG_NOTICE, "day-key-destroyed", "tenant", tenant, "day", day, NULL);
        return r;
}

static const char *const mark_labels[] = {
        [KEYS_PASSWORD] = "imprimatur password mark",
        [KEYS_PIN] = "imprimatur pin mark",
        [KEYS_CARD] = CHAIN_CARD,
};

static int mark_card(struct chain *chain, const struct keys_request *request, uint8_t ret[HASH_OCTETS])
{
        struct keys_tenant tenant = keys_request_tenant(request);
        uint8_t hash[HASH_OCTETS];
        int r;

        hash_sha256(text_from_octets(request->octets, request->octets_len), hash);
        r = chain_mark(chain, &tenant, mark_labels[KEYS_CARD], hash, ret);
        explicit_bzero(hash, sizeof(hash));
        return r;
}

static int recode(struct chain *chain, const struct keys_request *request, uint8_t ret[HASH_OCTETS])
{
        struct keys_tenant from = keys_request_tenant(request), to = keys_request_other(request);

        return chain_recode(chain, &from, &to, mark_labels[request->purpose], request->octets, ret);
}

static int retire(struct chain *chain, const struct keys_request *request)
{
        char tenant[ID_STRING], first[16];
        int r;

        r = chain_tenant_retire(chain, request->tenant, request->tenant_version);
        id_format(request->tenant, tenant);
        snprintf(first, sizeof(first), "%" PRIu32, request->tenant_version);
        if (r == 0)
                log_write(LOG_NOTICE, "tenant-key-retired", "tenant", tenant, "first", first, NULL);
        return r;
}

static int sign_checkpoint(struct answerer *answerer, const struct keys_request *request,
                           uint8_t ret[AUDIT_CHECKPOINT_OCTETS])
{
        struct trail_order order = {
                .tenant = keys_request_tenant(request),
                .sequence = request->sequence,
                .record = request->record,
                .hash = request->octets,
                .at_ms = clock_unix_ms(),
        };

        if (!limit_allows(answerer->trail_limit, request->tenant, clock_monotonic_ms()))
                return KEYS_LIMITED;
        return trail_sign(answerer->trail, &order, ret);
}

static bool is_of_the_owner(uint32_t operation)
{
        return operation == KEYS_MASTER_ADD || operation == KEYS_MASTER_FORGET;
}

static void note_master(const char *event, struct chain *chain)
{
        char number[24];

        snprintf(number, sizeof(number), "%016" PRIx64, chain_master_number(chain));
        log_write(LOG_NOTICE, event, "newest", number, NULL);
}

static int add_master(struct chain *chain, const struct keys_request *request)
{
        SCOPED(secret_done) struct secret master;
        int r;

        memcpy(master.octets, request->octets, SECRET_OCTETS);
        r = chain_master_add(chain, &master);
        if (r == 0)
                note_master("master-key-added", chain);
        return r;
}

static int forget_masters(struct answerer *answerer)
{
        int r = trail_follow_master(answerer->trail);

        if (r)
                return r;
        chain_master_forget(answerer->chain);
        note_master("master-keys-forgotten", answerer->chain);
        return 0;
}

static int destroy_tenant(struct answerer *answerer, const struct keys_request *request)
{
        char tenant[ID_STRING];
        int r;

        r = chain_tenant_destroy(answerer->chain, request->tenant);
        if (r == 0)
                r = trail_destroy(answerer->trail, request->tenant);
        id_format(request->tenant, tenant);
        if (r == 0)
                log_write(LOG_NOTICE, "tenant-keys-destroyed", "tenant", tenant, NULL);
        return r;
}

/* Beside what is asked for, so that both are of one moment. */
static void tell_master(struct chain *chain, struct keys_reply *reply)
{
        uint64_t number = chain_master_number(chain);

        memcpy(reply->secret.octets, &number, sizeof(number));
}

static bool is_of_a_maker(uint32_t operation)
{
        return operation == KEYS_PING || operation == KEYS_DOCUMENT_MAKE;
}

static int dispatch(struct answerer *answerer, const struct asker *asker, const struct keys_request *request,
                    struct keys_reply *reply)
{
        struct keys_tenant tenant = keys_request_tenant(request);
        struct keys_document document = keys_request_document(request);
        struct chain *chain = answerer->chain;
        struct keys_tenant other;
        int64_t today = clock_day(clock_unix_ms());

        if (asker->may_only_make && !is_of_a_maker(request->operation))
                return KEYS_WRONG;
        if (is_of_the_owner(request->operation) ? !asker->is_owner
                                                : asker->is_owner_only && request->operation != KEYS_PING)
                return KEYS_WRONG;
        if (is_offline(request->operation))
                return go_offline(answerer, request, reply);
        if (is_of_the_authority(request->operation))
                return certify(answerer, request, reply);
        switch (request->operation) {
        case KEYS_PING: return 0;
        case KEYS_MASTER: tell_master(chain, reply); return 0;
        case KEYS_MASTER_ADD: return add_master(chain, request);
        case KEYS_MASTER_FORGET: return forget_masters(answerer);
        case KEYS_TENANT_DESTROY: return destroy_tenant(answerer, request);
        case KEYS_TENANT_REWRAP: return chain_tenant_rewrap(chain, &tenant, &reply->wrapped);
        case KEYS_TENANT_MAKE:
                tell_master(chain, reply);
                return chain_tenant_make(chain, tenant.tenant, tenant.version, &reply->wrapped);
        case KEYS_DOCUMENT_MAKE:
                return chain_document_make(chain, &tenant, &document, today, &reply->secret, &reply->wrapped);
        case KEYS_DOCUMENT_OPEN: return open_document(answerer, asker, request, &reply->secret);
        case KEYS_DOCUMENT_MOVE:
                other = keys_request_other(request);
                return chain_document_move(chain, &tenant, &document, &request->wrapped, &other,
                                           request->other_day, today, &reply->wrapped);
        case KEYS_DAY_DESTROY: return destroy_day(chain, request);
        case KEYS_CARD_MAC: return mark_card(chain, request, reply->secret.octets);
        case KEYS_RECODE: return recode(chain, request, reply->secret.octets);
        case KEYS_TENANT_RETIRE: return retire(chain, request);
        case KEYS_BOX_MAKE: return keeper_box_make(chain, &tenant, reply->secret.octets, &reply->wrapped);
        case KEYS_BOX_OPEN: return open_box(answerer, asker, request, &reply->secret);
        case KEYS_BOX_MOVE:
                other = keys_request_other(request);
                return keeper_box_move(chain, &tenant, &request->wrapped, &other, &reply->wrapped);
        case KEYS_CHECKPOINT: return sign_checkpoint(answerer, request, reply->octets);
        case KEYS_PEPPER:
                return chain_mark(chain, &tenant, mark_labels[request->purpose], request->octets,
                                  reply->secret.octets);
        default: return chain_derived(chain, &tenant, "imprimatur field", &reply->secret);
        }
}

bool answer(struct answerer *answerer, const struct asker *asker, struct text octets, struct keys_reply *ret)
{
        struct keys_request request;
        int r;

        if (!keys_request_parse(octets, &request))
                return false;
        memset(ret, 0, sizeof(*ret));
        r = dispatch(answerer, asker, &request, ret);
        if (r < 0)
                log_fault("request-failed", r);
        if (r)
                memset(ret, 0, sizeof(*ret));
        ret->number = request.number;
        ret->outcome = r < 0 ? -1 : r;
        explicit_bzero(&request, sizeof(request));
        return true;
}
