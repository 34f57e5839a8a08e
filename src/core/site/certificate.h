// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Certificates that the tenant's authority (core/site/authority.h) has issued: to printers, and to agents for
 * their doors.
 *
 *   1. The names in a printer's certificate are the hosts of its addresses; of a request nothing is taken but
 *      its key, which has signed it.
 *   2. A printer that was issued certificates is known by their keys, and by the one that was pinned before:
 *      each until it ends or is revoked. Never by "any key of this authority": what was issued to another
 *      printer is a stranger's here. What is told to agents is a list of keys, so that revoking counts with
 *      the next delivery, and no agent has to read certificates.
 *   3. Once there was one, no key is pinned at first use any more, also when all of them are over: whoever
 *      wants that says so, by clearing the printer's identity.
 *   4. Every one is an event, a row, and a line in the keeper's log.
 */

#include "core/site/authority.h"
#include "core/site/outpost.h"
#include "core/printer/printer.h"

enum certificate_kind {
        CERTIFICATE_OF_PRINTER = 1,
        CERTIFICATE_OF_AGENT,
};

#define CERTIFICATE_NAMES 1024 /* separated by spaces, NUL */

struct certificate {
        struct id id;
        enum certificate_kind kind;
        struct id subject;
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        char spki[65]; /* SHA-256 of the SubjectPublicKeyInfo, hexadecimal */
        char names[CERTIFICATE_NAMES];
        int64_t from_ms, until_ms;
        int64_t revoked_ms; /* 0: it is not */
};

/* A certificate as it was issued. */
struct certificate_issued {
        struct certificate row;
        struct authority authority;
        struct buffer der; /* BUFFER(AUTHORITY_ROOT_MAX) */
};
void certificate_issued_done(struct certificate_issued *issued);

/* By an administrator's hand. request: a PKCS #10 request in any form of crypt/certificate-request.h.
 * CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_NO_AUTHORITY, CORE_BAD_REQUEST, CORE_BAD_VALUE (the printer has no
 * address that can be named), CORE_BUSY. */
int certificate_issue_printer(struct core *core, const struct actor *actor, struct id printer,
                              struct text request, struct certificate_issued *ret);

/* A code with which the printer enrols once, by EST, within enrolment_ms; the one before is void.
 * CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_NO_AUTHORITY. */
int certificate_make_code(struct core *core, const struct actor *actor, struct id printer,
                          char ret_code[OUTPOST_CODE], int64_t *ret_expires_ms);

/* What a printer says that enrols (RFC 7030, section 4.2.1). CORE_WRONG_CREDENTIALS (also after its time, or
 * used), and as above. Guesses are not counted: a code has 136 bits, and a site has one address. */
struct certificate_enrolment {
        struct id tenant;    /* zero: the code tells it */
        struct text printer; /* its name or id */
        struct text code;
        struct text request;
};
int certificate_enrol(struct core *core, const struct certificate_enrolment *enrolment,
                      struct certificate_issued *ret);

/* What one says that has proved the key of a certificate that is good (section 4.2.2); its next key may be
 * the same. tenant as above. CORE_WRONG_CREDENTIALS, and as above. */
int certificate_renew(struct core *core, struct id tenant, const uint8_t fingerprint[HASH_OCTETS],
                      struct text request, struct certificate_issued *ret);

/* An agent asks for its door. names: by which clients of its site know it, NULL-terminated; good are the name
 * that an administrator gave the door (core/site/agent-door.h) and what means something on the site alone:
 * names without a dot or in ".local", and private addresses (RFC 1918, RFC 4193, link-local, loopback).
 * Others are left out. CORE_FORBIDDEN, CORE_NO_AUTHORITY, CORE_BAD_REQUEST, CORE_BAD_VALUE (no name is left).
 */
int certificate_issue_agent(struct core *core, const struct actor *agent, const char *const *names,
                            struct text request, struct certificate_issued *ret);

/* Those of a printer or an agent; zero: all that the actor may see. CORE_FORBIDDEN. */
int certificate_list(struct core *core, const struct actor *actor, struct id subject, struct id after,
                     struct certificate *ret, size_t max, size_t *ret_count);
/* Its key counts for nothing from the next delivery on. Again is done, too. CORE_FORBIDDEN, CORE_NOT_FOUND.
 */
int certificate_revoke(struct core *core, const struct actor *actor, struct id id);

/* For core's own files: what is known of a printer by its certificates begins anew. */
struct db_tx;
int certificates_forget(struct db_tx *tx, struct id tenant, struct id subject);

/* printer.identity_issued: "HEX@MS HEX@MS", the newest first; "none": there were some. */
struct printer_issued_keys {
        bool any; /* there was one at some time */
        size_t count;
        char spki[PRINTER_ISSUED][65];
};
/* Those that are good now. */
void printer_issued_keys(const char *column, int64_t now_ms, struct printer_issued_keys *ret);
bool printer_issued_has(const char *column, int64_t now_ms, const char *spki);
