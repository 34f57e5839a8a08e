// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keys/keys.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "keys/call.h"
#include "keys/pool.h"
#include "os/peer.h"

#define POOL_DEFAULT       8
#define TIMEOUT_DEFAULT_MS 5000
#define FRESH_MOST         3

struct keys {
        struct pool *pool;
        unsigned int timeout_ms;
        _Atomic uint64_t number;
};

void keys_request_done(struct keys_request *request)
{
        explicit_bzero(request, sizeof(*request));
}

void keys_reply_done(struct keys_reply *reply)
{
        explicit_bzero(reply, sizeof(*reply));
}

int keys_open(const struct keys_options *options, struct keys **ret)
{
        SCOPED(keys_closep) struct keys *keys = calloc(1, sizeof(*keys));
        int r;

        if (!keys)
                return fault(-ENOMEM);
        keys->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_DEFAULT_MS;
        r = pool_new(options->path, options->uid, options->pool ? options->pool : POOL_DEFAULT,
                     keys->timeout_ms, &keys->pool);
        if (r < 0)
                return r;
        r = keys_ping(keys);
        if (r < 0)
                return r;
        *ret = take(keys);
        return 0;
}

void keys_close(struct keys *keys)
{
        if (!keys)
                return;
        pool_free(keys->pool);
        free(keys);
}

void keys_closep(struct keys **keys)
{
        keys_close(*keys);
}

/* 0, PEER_CLOSED, or a fault. */
static int exchange(int fd, const struct keys_request *request, struct keys_reply *ret)
{
        size_t len = 0;
        int r;

        r = peer_send(fd, request, sizeof(*request));
        if (r == 0)
                r = peer_receive(fd, ret, sizeof(*ret), &len);
        if (r == -EAGAIN)
                return fault(-ETIMEDOUT);
        if (r == 0 && (len != sizeof(*ret) || ret->number != request->number))
                return fault(-EPROTO);
        return r == PEER_WRONG_SIZE ? fault(-EPROTO) : r;
}

/*
 * A connection may have died with an earlier keeper, which shows only now. Every request may be asked twice,
 * so it is: over the next idle connection, and when none is left over a fresh one, some of which may meet a
 * keeper that is just going. One that closes every fresh connection does not want us.
 */
int keys_call(struct keys *keys, struct keys_request *request, struct keys_reply *ret)
{
        int64_t deadline_ms = clock_monotonic_ms() + keys->timeout_ms;
        int fresh_left = FRESH_MOST;
        bool fresh;
        int fd, r;

        request->message_version = KEYS_MESSAGE_VERSION;
        request->number = atomic_fetch_add(&keys->number, 1);
        for (;;) {
                r = pool_take(keys->pool, deadline_ms, &fd, &fresh);
                if (r < 0)
                        return r;
                r = exchange(fd, request, ret);
                if (r == 0)
                        break;
                pool_drop(keys->pool, fd);
                if (r < 0)
                        return r;
                if (fresh && --fresh_left == 0)
                        return fault(-ECONNRESET);
        }
        pool_give_back(keys->pool, fd);
        return ret->outcome < 0 ? fault(-EREMOTEIO) : ret->outcome;
}

struct keys_request keys_request_for(enum keys_operation operation, const struct keys_tenant *tenant)
{
        return (struct keys_request){
                .operation = operation,
                .tenant = tenant->tenant,
                .tenant_version = tenant->version,
                .tenant_wrapped = tenant->wrapped,
        };
}

void keys_request_add_document(struct keys_request *request, const struct keys_document *document)
{
        request->subject = document->job;
        request->artefact = document->artefact;
        request->day = document->expiry_day;
}

void keys_request_add_other(struct keys_request *request, const struct keys_tenant *to)
{
        request->other_version = to->version;
        request->other_wrapped = to->wrapped;
}

int keys_ping(struct keys *keys)
{
        struct keys_request request = { .operation = KEYS_PING };
        struct keys_reply reply;

        return fold(keys_call(keys, &request, &reply));
}

static uint64_t master_of(const struct keys_reply *reply)
{
        uint64_t number;

        memcpy(&number, reply->secret.octets, sizeof(number));
        return number;
}

int keys_master(struct keys *keys, uint64_t *ret)
{
        struct keys_request request = { .operation = KEYS_MASTER };
        struct keys_reply reply;
        int r;

        r = keys_call(keys, &request, &reply);
        if (r)
                return fold(r);
        *ret = master_of(&reply);
        return 0;
}

int keys_tenant_rewrap(struct keys *keys, const struct keys_tenant *tenant, struct wrapped_key *ret)
{
        struct keys_request request = keys_request_for(KEYS_TENANT_REWRAP, tenant);
        struct keys_reply reply;
        int r;

        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret = reply.wrapped;
        return 0;
}

int keys_tenant_destroy(struct keys *keys, struct id tenant)
{
        struct keys_request request = { .operation = KEYS_TENANT_DESTROY, .tenant = tenant };
        struct keys_reply reply;

        return fold(keys_call(keys, &request, &reply));
}

int keys_tenant_retire(struct keys *keys, struct id tenant, uint32_t first)
{
        struct keys_request request = { .operation = KEYS_TENANT_RETIRE,
                                        .tenant = tenant,
                                        .tenant_version = first };
        struct keys_reply reply;

        return fold(keys_call(keys, &request, &reply));
}

int keys_master_add(struct keys *keys, const struct secret *master)
{
        SCOPED(keys_request_done)
        struct keys_request request = { .operation = KEYS_MASTER_ADD, .octets_len = SECRET_OCTETS };
        struct keys_reply reply;

        memcpy(request.octets, master->octets, SECRET_OCTETS);
        return keys_call(keys, &request, &reply);
}

int keys_master_forget(struct keys *keys)
{
        struct keys_request request = { .operation = KEYS_MASTER_FORGET };
        struct keys_reply reply;

        return keys_call(keys, &request, &reply);
}

int keys_tenant_make(struct keys *keys, struct id tenant, uint32_t version, struct keys_tenant *ret,
                     uint64_t *ret_master)
{
        struct keys_request request = { .operation = KEYS_TENANT_MAKE,
                                        .tenant = tenant,
                                        .tenant_version = version };
        struct keys_reply reply;
        int r;

        r = keys_call(keys, &request, &reply);
        if (r)
                return fold(r);
        *ret = (struct keys_tenant){ tenant, version, reply.wrapped };
        *ret_master = master_of(&reply);
        return 0;
}

int keys_document_make(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, struct secret *ret_key,
                       struct wrapped_key *ret_wrapped)
{
        struct keys_request request = keys_request_for(KEYS_DOCUMENT_MAKE, tenant);
        SCOPED(keys_reply_done) struct keys_reply reply;
        int r;

        keys_request_add_document(&request, document);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret_key = reply.secret;
        *ret_wrapped = reply.wrapped;
        return 0;
}

int keys_document_open(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, const struct wrapped_key *wrapped,
                       enum keys_purpose purpose, struct secret *ret_key)
{
        struct keys_request request = keys_request_for(KEYS_DOCUMENT_OPEN, tenant);
        SCOPED(keys_reply_done) struct keys_reply reply;
        int r;

        keys_request_add_document(&request, document);
        request.wrapped = *wrapped;
        request.purpose = purpose;
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret_key = reply.secret;
        return 0;
}

int keys_document_move(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, const struct wrapped_key *wrapped,
                       const struct keys_tenant *to, int64_t expiry_day, struct wrapped_key *ret_wrapped)
{
        struct keys_request request = keys_request_for(KEYS_DOCUMENT_MOVE, tenant);
        struct keys_reply reply;
        int r;

        keys_request_add_document(&request, document);
        request.wrapped = *wrapped;
        request.other_day = expiry_day;
        keys_request_add_other(&request, to);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret_wrapped = reply.wrapped;
        return 0;
}

int keys_day_destroy(struct keys *keys, struct id tenant, int64_t day)
{
        struct keys_request request = { .operation = KEYS_DAY_DESTROY, .tenant = tenant, .day = day };
        struct keys_reply reply;

        return fold(keys_call(keys, &request, &reply));
}

static int call_for_mac(struct keys *keys, struct keys_request *request, uint8_t ret[KEYS_MAC_OCTETS])
{
        SCOPED(keys_reply_done) struct keys_reply reply;
        int r;

        r = keys_call(keys, request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.secret.octets, KEYS_MAC_OCTETS);
        return 0;
}

int keys_card_mac(struct keys *keys, const struct keys_tenant *tenant, struct text number,
                  uint8_t ret[KEYS_MAC_OCTETS])
{
        SCOPED(keys_request_done) struct keys_request request = keys_request_for(KEYS_CARD_MAC, tenant);

        if (number.len == 0 || number.len > KEYS_CARD_MAX)
                return fault(-EMSGSIZE);
        request.octets_len = (uint32_t)number.len;
        memcpy(request.octets, number.at, number.len);
        return call_for_mac(keys, &request, ret);
}

static int call_for_mark(struct keys *keys, struct keys_request *request, enum keys_mark_kind kind,
                         const uint8_t octets[KEYS_MAC_OCTETS], uint8_t ret[KEYS_MAC_OCTETS])
{
        request->purpose = kind;
        request->octets_len = KEYS_MAC_OCTETS;
        memcpy(request->octets, octets, KEYS_MAC_OCTETS);
        return call_for_mac(keys, request, ret);
}

int keys_pepper(struct keys *keys, const struct keys_tenant *tenant, enum keys_mark_kind kind,
                const uint8_t hash[KEYS_MAC_OCTETS], uint8_t ret[KEYS_MAC_OCTETS])
{
        SCOPED(keys_request_done) struct keys_request request = keys_request_for(KEYS_PEPPER, tenant);

        return call_for_mark(keys, &request, kind, hash, ret);
}

int keys_recode(struct keys *keys, const struct keys_tenant *from, const struct keys_tenant *to,
                enum keys_mark_kind kind, const uint8_t mark[KEYS_MAC_OCTETS], uint8_t ret[KEYS_MAC_OCTETS])
{
        struct keys_request request = keys_request_for(KEYS_RECODE, from);

        keys_request_add_other(&request, to);
        return call_for_mark(keys, &request, kind, mark, ret);
}

int keys_field_key(struct keys *keys, const struct keys_tenant *tenant, struct secret *ret)
{
        struct keys_request request = keys_request_for(KEYS_FIELD_KEY, tenant);

        return call_for_mac(keys, &request, ret->octets);
}

int keys_box_make(struct keys *keys, const struct keys_tenant *tenant, uint8_t ret_public[BOX_KEY_OCTETS],
                  struct wrapped_key *ret_wrapped)
{
        struct keys_request request = keys_request_for(KEYS_BOX_MAKE, tenant);
        struct keys_reply reply;
        int r;

        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret_public, reply.secret.octets, BOX_KEY_OCTETS);
        *ret_wrapped = reply.wrapped;
        return 0;
}

int keys_box_open(struct keys *keys, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                  struct id subject, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret)
{
        struct keys_request request = keys_request_for(KEYS_BOX_OPEN, tenant);

        request.subject = subject;
        request.wrapped = *wrapped;
        request.octets_len = BOX_SEALED_OCTETS;
        memcpy(request.octets, sealed, BOX_SEALED_OCTETS);
        return call_for_mac(keys, &request, ret->octets);
}

int keys_box_move(struct keys *keys, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                  const struct keys_tenant *to, struct wrapped_key *ret_wrapped)
{
        struct keys_request request = keys_request_for(KEYS_BOX_MOVE, tenant);
        struct keys_reply reply;
        int r;

        request.wrapped = *wrapped;
        keys_request_add_other(&request, to);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret_wrapped = reply.wrapped;
        return 0;
}

int keys_checkpoint(struct keys *keys, const struct keys_tenant *tenant, uint64_t sequence, uint64_t record,
                    const uint8_t hash[KEYS_MAC_OCTETS], uint8_t ret[KEYS_CHECKPOINT_OCTETS])
{
        struct keys_request request = keys_request_for(KEYS_CHECKPOINT, tenant);
        struct keys_reply reply;
        int r;

        request.sequence = sequence;
        request.record = record;
        request.octets_len = KEYS_MAC_OCTETS;
        memcpy(request.octets, hash, KEYS_MAC_OCTETS);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.octets, KEYS_CHECKPOINT_OCTETS);
        return 0;
}
