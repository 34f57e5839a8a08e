// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/authority.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/issue.h"
#include "keeper/box.h"
#include "keys/authority.h"

_Static_assert(1 + AUTHORITY_SIGNATURE_MAX <= KEYS_CHECKPOINT_OCTETS, "fits into a reply");
_Static_assert(ISSUE_DRAFT_MAX <= KEYS_OCTETS_MAX, "fits into a request");

static int sign(const struct secret *seed, const struct keys_request *request, int64_t now_ms,
                struct keys_reply *reply)
{
        struct text draft = text_from_octets(request->octets, request->octets_len);
        uint8_t key[AUTHORITY_KEY_OCTETS];
        struct issue_rule rule = { .is_root = request->purpose == KEYS_ROOT,
                                   .tenant = request->tenant,
                                   .subject = request->subject,
                                   .key = key,
                                   .now_ms = now_ms };
        size_t len;
        int r = authority_public_key(seed, key);

        if (r)
                return r;
        if (issue_check(draft, &rule) != 0)
                return KEYS_WRONG;
        r = authority_sign(seed, draft, reply->octets + 1, &len);
        reply->octets[0] = (uint8_t)len;
        return r;
}

int authority_answer(struct chain *chain, const struct keys_request *request, int64_t now_ms,
                     struct keys_reply *reply)
{
        struct keys_tenant tenant = keys_request_other(request);
        SCOPED(secret_done) struct secret seed;
        int r = keeper_box_seed(chain, &tenant, &request->box, &seed);

        if (r)
                return r;
        return request->operation == KEYS_AUTHORITY_SIGN ? sign(&seed, request, now_ms, reply)
                                                         : authority_public_key(&seed, reply->octets);
}
