// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keys/authority.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "keys/call.h"

static struct keys_request request_of(enum keys_operation operation, const struct keys_authority *authority)
{
        struct keys_request request = keys_request_for(operation, &authority->tenant);

        keys_request_add_other(&request, &authority->tenant);
        request.box = authority->seed;
        return request;
}

int keys_authority_public(struct keys *keys, const struct keys_authority *authority,
                          uint8_t ret[AUTHORITY_KEY_OCTETS])
{
        struct keys_request request = request_of(KEYS_AUTHORITY_PUBLIC, authority);
        struct keys_reply reply;
        int r = keys_call(keys, &request, &reply);

        if (r == 0)
                memcpy(ret, reply.octets, AUTHORITY_KEY_OCTETS);
        return r;
}

int keys_authority_sign(struct keys *keys, const struct keys_authority *authority,
                        enum keys_certificate_kind kind, struct id subject, struct text draft,
                        uint8_t ret[AUTHORITY_SIGNATURE_MAX], size_t *ret_len)
{
        struct keys_request request = request_of(KEYS_AUTHORITY_SIGN, authority);
        struct keys_reply reply;
        int r;

        if (draft.len > sizeof(request.octets))
                return fault(-EMSGSIZE);
        request.purpose = kind;
        request.subject = subject;
        memcpy(request.octets, draft.at, draft.len);
        request.octets_len = (uint32_t)draft.len;
        r = keys_call(keys, &request, &reply);
        if (r)
                return r;
        /* Its first octet is its length. */
        if (reply.octets[0] == 0 || reply.octets[0] > AUTHORITY_SIGNATURE_MAX)
                return fault(-EPROTO);
        *ret_len = reply.octets[0];
        memcpy(ret, reply.octets + 1, *ret_len);
        return 0;
}
