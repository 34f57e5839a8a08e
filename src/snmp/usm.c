// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/usm.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/foreign.h"

#define PASSPHRASE_OCTETS ((size_t)1 << 20) /* RFC 3414, section A.2: a megabyte of it is hashed */
#define ENGINE_OCTETS_MIN 5
#define BOOTS_MAX         INT32_MAX
#define VECTOR_OCTETS     16
#define DES_OCTETS        8

static const char *const authentication_names[] = {
        [SNMP_NO_AUTHENTICATION] = "none", [SNMP_MD5] = "md5",        [SNMP_SHA1] = "sha-1",
        [SNMP_SHA224] = "sha-224",         [SNMP_SHA256] = "sha-256", [SNMP_SHA384] = "sha-384",
        [SNMP_SHA512] = "sha-512",
};

static const char *const privacy_names[] = {
        [SNMP_NO_PRIVACY] = "none",    [SNMP_DES] = "des",        [SNMP_AES128] = "aes-128",
        [SNMP_AES192] = "aes-192",     [SNMP_AES256] = "aes-256", [SNMP_AES192_C] = "aes-192-c",
        [SNMP_AES256_C] = "aes-256-c",
};

bool snmp_authentication_parse(struct text name, enum snmp_authentication *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(authentication_names); i++)
                if (text_equal_string(name, authentication_names[i])) {
                        *ret = (enum snmp_authentication)i;
                        return true;
                }
        return false;
}

bool snmp_privacy_parse(struct text name, enum snmp_privacy *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(privacy_names); i++)
                if (text_equal_string(name, privacy_names[i])) {
                        *ret = (enum snmp_privacy)i;
                        return true;
                }
        return false;
}

static enum foreign_digest digest_of(enum snmp_authentication authentication)
{
        static const enum foreign_digest digests[] = {
                [SNMP_MD5] = FOREIGN_MD5,       [SNMP_SHA1] = FOREIGN_SHA1,
                [SNMP_SHA224] = FOREIGN_SHA224, [SNMP_SHA256] = FOREIGN_SHA256,
                [SNMP_SHA384] = FOREIGN_SHA384, [SNMP_SHA512] = FOREIGN_SHA512,
        };

        return digests[authentication];
}

static enum foreign_cipher cipher_of(enum snmp_privacy privacy)
{
        static const enum foreign_cipher ciphers[] = {
                [SNMP_DES] = FOREIGN_DES_CBC,         [SNMP_AES128] = FOREIGN_AES128_CFB,
                [SNMP_AES192] = FOREIGN_AES192_CFB,   [SNMP_AES256] = FOREIGN_AES256_CFB,
                [SNMP_AES192_C] = FOREIGN_AES192_CFB, [SNMP_AES256_C] = FOREIGN_AES256_CFB,
        };

        return ciphers[privacy];
}

size_t snmp_proof_octets(enum snmp_authentication authentication)
{
        static const size_t octets[] = {
                [SNMP_NO_AUTHENTICATION] = 0, [SNMP_MD5] = 12,    [SNMP_SHA1] = 12,  [SNMP_SHA224] = 16,
                [SNMP_SHA256] = 24,           [SNMP_SHA384] = 32, [SNMP_SHA512] = 48
        };

        return octets[authentication];
}

/* ---- keys ---- */

static bool is_passphrase(struct text words)
{
        return words.len >= SNMP_PASSPHRASE_MIN && words.len <= SNMP_PASSPHRASE_MAX;
}

/* RFC 3414, section A.2. */
static int key_make(enum foreign_digest digest, struct text passphrase, uint8_t ret[SNMP_KEY_OCTETS])
{
        return foreign_hash(digest, &passphrase, 1, PASSPHRASE_OCTETS, ret);
}

int snmp_user_init(const struct snmp_user_options *options, struct snmp_user *ret)
{
        struct snmp_user user = { .authentication = options->authentication, .privacy = options->privacy };
        int r = 0;

        if (options->name.len == 0 || !text_copy(options->name, user.name, sizeof(user.name)) ||
            !text_copy(options->context, user.context, sizeof(user.context)))
                return SNMP_BAD_USER;
        if ((user.privacy && !user.authentication) ||
            (user.authentication && !is_passphrase(options->authentication_passphrase)) ||
            (user.privacy && !is_passphrase(options->privacy_passphrase)))
                return SNMP_BAD_USER;
        if (user.authentication)
                r = key_make(digest_of(user.authentication), options->authentication_passphrase,
                             user.authentication_key);
        if (r == 0 && user.privacy)
                r = key_make(digest_of(user.authentication), options->privacy_passphrase, user.privacy_key);
        if (r == 0)
                *ret = user;
        snmp_user_done(&user);
        return r;
}

void snmp_user_done(struct snmp_user *user)
{
        explicit_bzero(user, sizeof(*user));
}

/* RFC 3414, section 2.6. */
static int localize(enum foreign_digest digest, struct text key, struct text engine,
                    uint8_t ret[SNMP_KEY_OCTETS])
{
        struct text pieces[] = { key, engine, key };

        return foreign_hash(digest, pieces, ARRAY_LENGTH(pieces), 0, ret);
}

/* Kul = Kul || H(Kul) || ... */
static int lengthen_by_hash(enum foreign_digest digest, size_t len, uint8_t key[SNMP_KEY_OCTETS])
{
        uint8_t more[FOREIGN_DIGEST_MAX];
        struct text piece = { (const char *)key, len };
        size_t room = SNMP_KEY_OCTETS - len;
        int r = foreign_hash(digest, &piece, 1, 0, more);

        if (r == 0)
                memcpy(key + len, more, len < room ? len : room);
        explicit_bzero(more, sizeof(more));
        return r;
}

/* Kul = Kul || localized(key(Kul as a passphrase)) */
static int lengthen_by_key(enum foreign_digest digest, size_t len, struct text engine,
                           uint8_t key[SNMP_KEY_OCTETS])
{
        uint8_t made[SNMP_KEY_OCTETS], more[SNMP_KEY_OCTETS];
        size_t room = SNMP_KEY_OCTETS - len;
        int r = key_make(digest, (struct text){ (const char *)key, len }, made);

        if (r == 0)
                r = localize(digest, (struct text){ (const char *)made, len }, engine, more);
        if (r == 0)
                memcpy(key + len, more, len < room ? len : room);
        explicit_bzero(made, sizeof(made));
        explicit_bzero(more, sizeof(more));
        return r;
}

/* 16 octets twice are enough for the longest, 32. */
static int privacy_key_make(struct snmp_engine *engine, const struct snmp_user *user, struct text id)
{
        enum foreign_digest digest = digest_of(user->authentication);
        size_t len = foreign_digest_octets(digest);
        int r = localize(digest, (struct text){ (const char *)user->privacy_key, len }, id,
                         engine->privacy_key);

        if (r || user->privacy == SNMP_DES || len >= foreign_cipher_key_octets(cipher_of(user->privacy)))
                return r;
        return user->privacy == SNMP_AES192_C || user->privacy == SNMP_AES256_C
                       ? lengthen_by_key(digest, len, id, engine->privacy_key)
                       : lengthen_by_hash(digest, len, engine->privacy_key);
}

int snmp_engine_localize(struct snmp_engine *engine, const struct snmp_user *user)
{
        struct text id = { (const char *)engine->id, engine->id_len };
        size_t len;
        int r = 0;

        if (engine->id_len < ENGINE_OCTETS_MIN || engine->id_len > SNMP_ENGINE_OCTETS)
                return SNMP_BAD_USER;
        if (user->authentication) {
                len = foreign_digest_octets(digest_of(user->authentication));
                r = localize(digest_of(user->authentication),
                             (struct text){ (const char *)user->authentication_key, len }, id,
                             engine->authentication_key);
        }
        if (r == 0 && user->privacy)
                r = privacy_key_make(engine, user, id);
        return r;
}

/* ---- time ---- */

uint32_t snmp_engine_time(const struct snmp_engine *engine, int64_t now_s)
{
        int64_t time_s = engine->time_s + (now_s - engine->heard_s);

        return time_s < 0 ? 0 : time_s > BOOTS_MAX ? BOOTS_MAX : (uint32_t)time_s;
}

bool snmp_engine_hear(struct snmp_engine *engine, uint32_t boots, uint32_t time_s, int64_t now_s)
{
        if (engine->is_proved) {
                if (boots == BOOTS_MAX || boots < engine->boots)
                        return false;
                if (boots == engine->boots &&
                    (int64_t)time_s + SNMP_WINDOW_S < (int64_t)snmp_engine_time(engine, now_s))
                        return false;
        }
        engine->is_proved = true;
        engine->boots = boots;
        engine->time_s = time_s;
        engine->heard_s = now_s;
        return true;
}

/* ---- messages ---- */

int snmp_proof_make(const struct snmp_engine *engine, enum snmp_authentication authentication,
                    const struct text *pieces, size_t count, uint8_t ret[SNMP_KEY_OCTETS])
{
        enum foreign_digest digest = digest_of(authentication);
        struct text key = { (const char *)engine->authentication_key, foreign_digest_octets(digest) };

        return foreign_hmac(digest, key, pieces, count, ret);
}

static void add_u32(uint32_t value, uint8_t ret[4])
{
        for (size_t i = 0; i < 4; i++)
                ret[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* RFC 3414, section 8.1.1.1: the key's second half, in exclusive or with the salt. RFC 3826, section 3.1.2.1:
 * boots, time, salt. */
static void vector_make(const struct snmp_engine *engine, enum snmp_privacy privacy, uint32_t boots,
                        uint32_t time_s, const uint8_t *salt, uint8_t ret[VECTOR_OCTETS])
{
        if (privacy == SNMP_DES) {
                for (size_t i = 0; i < DES_OCTETS; i++)
                        ret[i] = engine->privacy_key[DES_OCTETS + i] ^ salt[i];
                return;
        }
        add_u32(boots, ret);
        add_u32(time_s, ret + 4);
        memcpy(ret + 8, salt, SNMP_SALT_OCTETS);
}

int snmp_privacy_encrypt(const struct snmp_engine *engine, enum snmp_privacy privacy, uint32_t boots,
                         uint32_t time_s, const uint8_t salt[SNMP_SALT_OCTETS], struct text octets,
                         uint8_t *ret, size_t *ret_len)
{
        uint8_t vector[VECTOR_OCTETS];
        size_t len = octets.len;

        if (privacy == SNMP_DES)
                len = (len + DES_OCTETS - 1) / DES_OCTETS * DES_OCTETS;
        memcpy(ret, octets.at, octets.len);
        memset(ret + octets.len, 0, len - octets.len);
        vector_make(engine, privacy, boots, time_s, salt, vector);
        *ret_len = len;
        return foreign_encrypt(cipher_of(privacy), engine->privacy_key, vector,
                               (struct text){ (const char *)ret, len }, ret);
}

int snmp_privacy_decrypt(const struct snmp_engine *engine, enum snmp_privacy privacy, uint32_t boots,
                         uint32_t time_s, struct text salt, struct text octets, uint8_t *ret)
{
        uint8_t vector[VECTOR_OCTETS];

        if (salt.len != SNMP_SALT_OCTETS || octets.len == 0 ||
            (privacy == SNMP_DES && octets.len % DES_OCTETS))
                return SNMP_MALFORMED;
        vector_make(engine, privacy, boots, time_s, (const uint8_t *)salt.at, vector);
        return foreign_decrypt(cipher_of(privacy), engine->privacy_key, vector, octets, ret);
}
