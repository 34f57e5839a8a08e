// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/offline.h"

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/box.h"
#include "crypt/entry.h"
#include "crypt/field.h"
#include "crypt/sign.h"
#include "keeper/box.h"
#include "keys/offline.h"

_Static_assert(ENTRY_OCTETS == ENTRY_PLAIN_OCTETS + FIELD_OVERHEAD, "a sealed entry");
_Static_assert(sizeof(struct keys_entry) <= KEYS_CHECKPOINT_OCTETS, "fits into a reply");

/* bound_to: ids, and the day where there is one. */
static void derive(const struct secret *above, const char *label, struct text bound_to, struct secret *ret)
{
        hash_hkdf(above->octets, SECRET_OCTETS, bound_to, text_from(label), ret->octets, SECRET_OCTETS);
}

static void signing_seed(const struct secret *above, struct secret *ret)
{
        derive(above, "imprimatur snapshot", TEXT_OF(""), ret);
}

static void person_seed(const struct secret *above, const struct keys_request *request, struct secret *ret)
{
        uint8_t ids[2 * ID_OCTETS];

        memcpy(ids, request->person.octets, ID_OCTETS);
        memcpy(ids + ID_OCTETS, request->agent.octets, ID_OCTETS);
        derive(above, "imprimatur home box", text_from_octets(ids, sizeof(ids)), ret);
}

static void day_key(const struct secret *above, const struct keys_request *request, struct secret *ret)
{
        uint8_t octets[ID_OCTETS + 8];

        memcpy(octets, request->agent.octets, ID_OCTETS);
        for (size_t i = 0; i < 8; i++)
                octets[ID_OCTETS + i] = (uint8_t)((uint64_t)request->day >> (56 - 8 * i));
        derive(above, "imprimatur offline day", text_from_octets(octets, sizeof(octets)), ret);
}

static void tell_public(const struct secret *above, struct keys_reply *reply)
{
        SCOPED(secret_done) struct secret seed;

        signing_seed(above, &seed);
        sign_public_key(&seed, reply->octets);
}

static int box_home(struct chain *chain, const struct secret *above, const struct keys_request *request,
                    struct keys_reply *reply)
{
        struct keys_tenant tenant = keys_request_tenant(request);
        struct keys_document document = keys_request_document(request);
        SCOPED(secret_done) struct secret key;
        SCOPED(secret_done) struct secret seed;
        uint8_t public[BOX_KEY_OCTETS];
        int r;

        r = chain_document_open(chain, &tenant, &document, &request->wrapped, &key);
        if (r)
                return r;
        person_seed(above, request, &seed);
        box_public_key(&seed, public);
        return box_put(public, &key, reply->octets) ? fault(-EINVAL) : 0;
}

/* The number's hash is known to the keeper alone, and only while it makes this. */
static int make_entry(struct chain *chain, const struct secret *above, const struct keys_request *request,
                      struct keys_reply *reply)
{
        struct keys_tenant tenant = keys_request_tenant(request);
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(ENTRY_PLAIN_OCTETS);
        SCOPED(buffer_done) struct buffer sealed = BUFFER(ENTRY_OCTETS);
        SCOPED(secret_done) struct secret number;
        SCOPED(secret_done) struct secret day;
        SCOPED(secret_done) struct secret seed;
        SCOPED(secret_done) struct secret key;
        struct keys_entry entry;
        int r;

        r = chain_unmark(chain, &tenant, CHAIN_CARD, request->octets, number.octets);
        if (r)
                return r;
        day_key(above, request, &day);
        person_seed(above, request, &seed);
        entry_code(&day, number.octets, entry.code);
        entry_key(&day, number.octets, &key);
        box_public_key(&seed, entry.person_key);
        buffer_add_u32(&plain, 1);
        buffer_add(&plain, request->person.octets, ID_OCTETS);
        buffer_add(&plain, seed.octets, SECRET_OCTETS);
        buffer_add(&plain, request->octets + KEYS_MAC_OCTETS, ENTRY_RIGHTS_OCTETS);
        r = field_seal(&key, text_from_octets(entry.code, sizeof(entry.code)), buffer_text(&plain), &sealed);
        if (r || sealed.len != sizeof(entry.sealed))
                return r ? fold(r) : fault(-EINVAL);
        memcpy(entry.sealed, sealed.at, sizeof(entry.sealed));
        memcpy(reply->octets, &entry, sizeof(entry));
        return 0;
}

static void sign_snapshot(const struct secret *above, const struct keys_request *request,
                          struct keys_reply *reply)
{
        SCOPED(secret_done) struct secret seed;

        signing_seed(above, &seed);
        sign_octets(&seed, text_from_octets(request->octets, HASH_OCTETS), reply->octets);
}

int offline_answer(struct chain *chain, const struct keys_request *request, struct keys_reply *reply)
{
        struct keys_tenant tenant = keys_request_other(request);
        SCOPED(secret_done) struct secret above;
        int r;

        r = keeper_box_seed(chain, &tenant, &request->box, &above);
        if (r)
                return r;
        switch (request->operation) {
        case KEYS_OFFLINE_HOME: return box_home(chain, &above, request, reply);
        case KEYS_OFFLINE_ENTRY: return make_entry(chain, &above, request, reply);
        case KEYS_OFFLINE_DAY: day_key(&above, request, &reply->secret); return 0;
        case KEYS_OFFLINE_SIGN: sign_snapshot(&above, request, reply); return 0;
        default: tell_public(&above, reply); return 0;
        }
}
