// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The user-based security model of SNMPv3 (RFC 3414): users, the keys that are made of their passphrases, and
 * what is known of an engine, which is a device's agent of SNMP.
 *
 *   authentication   HMAC-MD5-96, HMAC-SHA-96 (RFC 3414); HMAC-SHA-224, -256, -384, -512 (RFC 7860)
 *   privacy          CBC-DES (RFC 3414), CFB-AES-128 (RFC 3826), CFB-AES-192 and -256
 *
 * AES-192 and AES-256 never became a standard, and where a localized key is shorter than theirs there are two
 * ways to make it longer. SNMP_AES192 and SNMP_AES256 hash what there is and put it behind
 * (draft-blumenthal-aes-usm-04: net-snmp, most printers); the two with _C make another key out of the first
 * one as of a passphrase (draft-reeder-snmpv3-usm-3desede-00: Cisco, and who follows them). From SHA-256 on
 * both are the same for AES-256, for nothing has to be made longer.
 *
 * Users are secrets: whoever has one ends it with snmp_user_done(). Values, without clock and random number.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "snmp/pdu.h"

#define SNMP_NAME_OCTETS    33 /* of a user or a context, with NUL */
#define SNMP_ENGINE_OCTETS  32
#define SNMP_KEY_OCTETS     64
#define SNMP_PASSPHRASE_MIN 8
#define SNMP_PASSPHRASE_MAX 255
#define SNMP_WINDOW_S       150 /* RFC 3414, section 2.2.3 */

enum snmp_authentication {
        SNMP_NO_AUTHENTICATION,
        SNMP_MD5,
        SNMP_SHA1,
        SNMP_SHA224,
        SNMP_SHA256,
        SNMP_SHA384,
        SNMP_SHA512,
};

enum snmp_privacy {
        SNMP_NO_PRIVACY,
        SNMP_DES,
        SNMP_AES128,
        SNMP_AES192,
        SNMP_AES256,
        SNMP_AES192_C,
        SNMP_AES256_C,
};

/* "md5", "sha-1", "sha-224", "sha-256", "sha-384", "sha-512"; "des", "aes-128", "aes-192", "aes-256",
 * "aes-192-c", "aes-256-c"; "none". */
bool snmp_authentication_parse(struct text name, enum snmp_authentication *ret);
bool snmp_privacy_parse(struct text name, enum snmp_privacy *ret);

struct snmp_user_options {
        struct text name;    /* 1 to 32 octets */
        struct text context; /* up to 32 octets; mostly empty */
        enum snmp_authentication authentication;
        enum snmp_privacy privacy; /* not without authentication */
        struct text authentication_passphrase;
        struct text privacy_passphrase;
};

struct snmp_user {
        char name[SNMP_NAME_OCTETS];
        char context[SNMP_NAME_OCTETS];
        enum snmp_authentication authentication;
        enum snmp_privacy privacy;
        uint8_t authentication_key[SNMP_KEY_OCTETS]; /* of the passphrase; not yet any engine's */
        uint8_t privacy_key[SNMP_KEY_OCTETS];
};

/* Hashes a megabyte for each passphrase. SNMP_BAD_USER. */
int snmp_user_init(const struct snmp_user_options *options, struct snmp_user *ret);
void snmp_user_done(struct snmp_user *user);

/* A device's engine, with the keys that a user has there. */
struct snmp_engine {
        uint8_t id[SNMP_ENGINE_OCTETS];
        size_t id_len;
        uint32_t boots, time_s; /* the latest that was heard of it */
        int64_t heard_s;        /* when, by the caller's clock */
        bool is_proved;         /* boots and time came in a message that was authenticated */
        uint8_t authentication_key[SNMP_KEY_OCTETS];
        uint8_t privacy_key[SNMP_KEY_OCTETS];
};

/* Makes the keys of a user at an engine whose id is set. SNMP_BAD_USER: an id of under 5 or over 32 octets.
 */
int snmp_engine_localize(struct snmp_engine *engine, const struct snmp_user *user);
/* What its clock says now, as far as we know. */
uint32_t snmp_engine_time(const struct snmp_engine *engine, int64_t now_s);
/*
 * Takes in the boots and time of an authenticated message (RFC 3414, section 3.2, 7b). False where they are
 * too old: it may be a repetition of what somebody else has caught.
 */
bool snmp_engine_hear(struct snmp_engine *engine, uint32_t boots, uint32_t time_s, int64_t now_s);

/* How many octets of the HMAC stand in a message. */
size_t snmp_proof_octets(enum snmp_authentication authentication);
/* Of the whole message, the field of the proof in it filled with zeros. */
int snmp_proof_make(const struct snmp_engine *engine, enum snmp_authentication authentication,
                    const struct text *pieces, size_t count, uint8_t ret[SNMP_KEY_OCTETS]);

#define SNMP_SALT_OCTETS 8
/* Of the scoped PDU; ret has room for eight octets more. salt stands in the message, and never twice. */
int snmp_privacy_encrypt(const struct snmp_engine *engine, enum snmp_privacy privacy, uint32_t boots,
                         uint32_t time_s, const uint8_t salt[SNMP_SALT_OCTETS], struct text octets,
                         uint8_t *ret, size_t *ret_len);
/* As many octets as there were. SNMP_MALFORMED: no whole blocks. */
int snmp_privacy_decrypt(const struct snmp_engine *engine, enum snmp_privacy privacy, uint32_t boots,
                         uint32_t time_s, struct text salt, struct text octets, uint8_t *ret);
