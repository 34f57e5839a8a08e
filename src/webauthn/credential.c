// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "webauthn/credential.h"

#include <jansson.h>
#include <string.h>

#include "base/cursor.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "webauthn/cbor.h"
#include "webauthn/public-key.h"

#define CHALLENGE_MAX 64

/* Section 6.1, the flags of the authenticator's data. */
#define FLAG_PRESENT    0x01
#define FLAG_VERIFIED   0x04
#define FLAG_CREDENTIAL 0x40
#define FLAG_EXTENSIONS 0x80

static void json_freep(json_t **value)
{
        json_decref(*value);
}

static bool is_string(const json_t *object, const char *name, struct text expected)
{
        const json_t *value = json_object_get(object, name);

        return json_is_string(value) &&
               text_equal(text_from_octets(json_string_value(value), json_string_length(value)), expected);
}

/* Section 5.8.1: type, challenge, origin, crossOrigin. Further members are the browser's affair. */
static int check_client_data(struct text client_data, const char *type,
                             const struct credential_wanted *wanted)
{
        SCOPED(json_freep) json_t *object = NULL;
        char challenge[CHALLENGE_MAX / 3 * 4 + 8];

        if (client_data.len > CREDENTIAL_CLIENT_DATA_MAX || wanted->challenge.len > CHALLENGE_MAX)
                return CREDENTIAL_MALFORMED;
        object = json_loadb(client_data.at, client_data.len, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(object))
                return CREDENTIAL_MALFORMED;
        if (!is_string(object, "type", text_from(type)))
                return CREDENTIAL_OTHER_TYPE;
        base64url_format(wanted->challenge.at, wanted->challenge.len, challenge);
        if (!is_string(object, "challenge", text_from(challenge)))
                return CREDENTIAL_OTHER_CHALLENGE;
        if (!is_string(object, "origin", wanted->origin) ||
            (json_object_get(object, "crossOrigin") &&
             !json_is_false(json_object_get(object, "crossOrigin"))))
                return CREDENTIAL_OTHER_ORIGIN;
        return 0;
}

struct authenticator {
        uint8_t flags;
        uint32_t counter;
        struct text credential; /* where the flag says so */
        struct text public_key;
};

/* Section 6.1: hash of the site's id, flags, counter, then what the flags promise, and nothing else. */
static int parse_authenticator(struct text octets, const struct credential_wanted *wanted,
                               struct authenticator *ret)
{
        struct cursor c = cursor_from(octets);
        struct text site = cursor_text(&c, HASH_OCTETS);
        uint8_t hash[HASH_OCTETS];

        *ret = (struct authenticator){ .credential = { "", 0 }, .public_key = { "", 0 } };
        ret->flags = cursor_u8(&c);
        ret->counter = cursor_u32(&c);
        if (ret->flags & FLAG_CREDENTIAL) {
                cursor_text(&c, 16); /* the model of the authenticator */
                ret->credential = cursor_text(&c, cursor_u16(&c));
                ret->public_key = cbor_whole(&c);
        }
        if (ret->flags & FLAG_EXTENSIONS)
                cbor_skip(&c);
        if (octets.len > CREDENTIAL_DATA_MAX || !cursor_is_good(&c) || c.left)
                return CREDENTIAL_MALFORMED;
        hash_sha256(wanted->site, hash);
        if (!hash_equal(hash, site.at, HASH_OCTETS))
                return CREDENTIAL_OTHER_SITE;
        if ((ret->flags & FLAG_PRESENT) == 0 || (ret->flags & FLAG_VERIFIED) == 0)
                return CREDENTIAL_NOT_VERIFIED;
        return 0;
}

/* Section 6.5.4: a map of "fmt", "attStmt" and "authData". */
static bool find_authenticator(struct text attestation, struct text *ret)
{
        struct cursor c = cursor_from(attestation), at;
        struct cbor_item item;
        struct text map;

        if (attestation.len > CREDENTIAL_DATA_MAX)
                return false;
        map = cbor_whole(&c);
        if (c.failed || c.left || !cbor_find_text(map, "fmt", &at) || cbor_read(&at).kind != CBOR_TEXT ||
            !cbor_find_text(map, "attStmt", &at) || cbor_read(&at).kind != CBOR_MAP ||
            !cbor_find_text(map, "authData", &at))
                return false;
        item = cbor_read(&at);
        *ret = item.text;
        return !at.failed && item.kind == CBOR_OCTETS;
}

int credential_register(struct text client_data, struct text attestation,
                        const struct credential_wanted *wanted, struct credential *ret)
{
        struct authenticator authenticator;
        struct text octets;
        int r;

        r = check_client_data(client_data, "webauthn.create", wanted);
        if (r)
                return r;
        if (!find_authenticator(attestation, &octets))
                return CREDENTIAL_MALFORMED;
        r = parse_authenticator(octets, wanted, &authenticator);
        if (r)
                return r;
        if ((authenticator.flags & FLAG_CREDENTIAL) == 0 || authenticator.credential.len == 0 ||
            authenticator.credential.len > CREDENTIAL_ID_MAX)
                return CREDENTIAL_MALFORMED;
        r = public_key_check(authenticator.public_key);
        if (r)
                return r < 0 ? r : CREDENTIAL_BAD_KEY;
        *ret = (struct credential){ authenticator.credential, authenticator.public_key,
                                    authenticator.counter };
        return 0;
}

int credential_assert(struct text client_data, struct text authenticator_data, struct text signature,
                      const struct credential_wanted *wanted, const struct credential *known,
                      uint32_t *ret_counter)
{
        uint8_t octets[CREDENTIAL_DATA_MAX + HASH_OCTETS];
        struct authenticator authenticator;
        int r;

        r = check_client_data(client_data, "webauthn.get", wanted);
        if (r == 0)
                r = parse_authenticator(authenticator_data, wanted, &authenticator);
        if (r)
                return r;
        memcpy(octets, authenticator_data.at, authenticator_data.len);
        hash_sha256(client_data, octets + authenticator_data.len);
        r = public_key_verify(known->public_key,
                              text_from_octets(octets, authenticator_data.len + HASH_OCTETS), signature);
        if (r)
                return r < 0                           ? r
                       : r == PUBLIC_KEY_BAD_SIGNATURE ? CREDENTIAL_BAD_SIGNATURE
                                                       : CREDENTIAL_BAD_KEY;
        /* Section 7.2, step 21. */
        if ((authenticator.counter || known->counter) && authenticator.counter <= known->counter)
                return CREDENTIAL_COPIED;
        *ret_counter = authenticator.counter;
        return 0;
}

const char *credential_refusal_name(int refusal)
{
        static const char *const names[] = {
                [CREDENTIAL_MALFORMED] = "malformed",
                [CREDENTIAL_OTHER_TYPE] = "other-type",
                [CREDENTIAL_OTHER_CHALLENGE] = "other-challenge",
                [CREDENTIAL_OTHER_ORIGIN] = "other-origin",
                [CREDENTIAL_OTHER_SITE] = "other-site",
                [CREDENTIAL_NOT_VERIFIED] = "not-verified",
                [CREDENTIAL_BAD_KEY] = "bad-key",
                [CREDENTIAL_BAD_SIGNATURE] = "bad-signature",
                [CREDENTIAL_COPIED] = "copied",
        };

        return refusal > 0 && (size_t)refusal < ARRAY_LENGTH(names) ? names[refusal] : "fault";
}
