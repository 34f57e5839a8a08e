// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keys/offline.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "keys/call.h"

/* tenant: what else belongs to the question; NULL: nothing does. */
static struct keys_request request_with(enum keys_operation operation, const struct keys_offline *offline,
                                        const struct keys_tenant *tenant)
{
        struct keys_request request = keys_request_for(operation, tenant ? tenant : &offline->tenant);

        keys_request_add_other(&request, &offline->tenant);
        request.box = offline->box;
        return request;
}

static void add_octets(struct keys_request *request, const void *octets, size_t len)
{
        memcpy(request->octets + request->octets_len, octets, len);
        request->octets_len += (uint32_t)len;
}

int keys_offline_public(struct keys *keys, const struct keys_offline *offline, uint8_t ret[SIGN_KEY_OCTETS])
{
        struct keys_request request = request_with(KEYS_OFFLINE_PUBLIC, offline, NULL);
        struct keys_reply reply;
        int r;

        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.octets, SIGN_KEY_OCTETS);
        return 0;
}

int keys_home_box(struct keys *keys, const struct keys_offline *offline, const struct keys_tenant *tenant,
                  const struct keys_document *document, const struct wrapped_key *wrapped, struct id person,
                  struct id agent, uint8_t ret[BOX_SEALED_OCTETS])
{
        struct keys_request request = request_with(KEYS_OFFLINE_HOME, offline, tenant);
        struct keys_reply reply;
        int r;

        keys_request_add_document(&request, document);
        request.wrapped = *wrapped;
        request.person = person;
        request.agent = agent;
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.octets, BOX_SEALED_OCTETS);
        return 0;
}

int keys_offline_day(struct keys *keys, const struct keys_offline *offline, struct id agent, int64_t day,
                     struct secret *ret)
{
        struct keys_request request = request_with(KEYS_OFFLINE_DAY, offline, NULL);
        SCOPED(keys_reply_done) struct keys_reply reply;
        int r;

        request.agent = agent;
        request.day = day;
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        *ret = reply.secret;
        return 0;
}

int keys_offline_entry(struct keys *keys, const struct keys_offline *offline, const struct keys_tenant *badge,
                       const uint8_t mark[KEYS_MAC_OCTETS], struct id person, struct id agent, int64_t day,
                       const uint8_t rights[ENTRY_RIGHTS_OCTETS], struct keys_entry *ret)
{
        struct keys_request request = request_with(KEYS_OFFLINE_ENTRY, offline, badge);
        struct keys_reply reply;
        int r;

        request.person = person;
        request.agent = agent;
        request.day = day;
        add_octets(&request, mark, KEYS_MAC_OCTETS);
        add_octets(&request, rights, ENTRY_RIGHTS_OCTETS);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.octets, sizeof(*ret));
        return 0;
}

int keys_offline_sign(struct keys *keys, const struct keys_offline *offline, const uint8_t hash[HASH_OCTETS],
                      uint8_t ret[SIGN_SIGNATURE_OCTETS])
{
        struct keys_request request = request_with(KEYS_OFFLINE_SIGN, offline, NULL);
        struct keys_reply reply;
        int r;

        add_octets(&request, hash, HASH_OCTETS);
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        memcpy(ret, reply.octets, SIGN_SIGNATURE_OCTETS);
        return 0;
}
