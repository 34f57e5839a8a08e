// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the service and the keeper say to each other: one request, one reply, each of a fixed size, in the
 * byte order of the machine that both run on. No field has a length of its own but the short octets, so there
 * is nothing to parse wrongly. Fields that an operation does not use are zero.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/box.h"
#include "crypt/wrap.h"
#include "keys/keys.h"

#define KEYS_MESSAGE_VERSION 5
#define KEYS_OCTETS_MAX      2048

enum keys_operation {
        KEYS_PING = 1,
        KEYS_TENANT_MAKE,
        KEYS_DOCUMENT_MAKE,
        KEYS_DOCUMENT_OPEN,
        KEYS_DOCUMENT_MOVE,
        KEYS_DAY_DESTROY,
        KEYS_CARD_MAC,
        KEYS_PEPPER,
        KEYS_FIELD_KEY,
        KEYS_CHECKPOINT,
        KEYS_MASTER,
        KEYS_TENANT_REWRAP,
        KEYS_TENANT_DESTROY,
        KEYS_MASTER_ADD,    /* octets: the key; by the keeper's owner alone */
        KEYS_MASTER_FORGET, /* all but the newest; likewise */
        KEYS_RECODE,        /* octets: a mark, from one version to the other */
        KEYS_TENANT_RETIRE, /* every version before tenant_version */
        KEYS_BOX_MAKE,
        KEYS_BOX_OPEN, /* octets: what lies in it; subject: what it is of */
        KEYS_BOX_MOVE,
        /* keys/offline.h; the box is under the other version. */
        KEYS_OFFLINE_PUBLIC,
        KEYS_OFFLINE_HOME, /* the key of a document, into its owner's box at an agent */
        KEYS_OFFLINE_DAY,
        KEYS_OFFLINE_ENTRY, /* octets: a badge's mark, and what its holder may */
        KEYS_OFFLINE_SIGN,  /* octets: a hash */
        /* keys/authority.h; the seed is in box, likewise. */
        KEYS_AUTHORITY_PUBLIC,
        KEYS_AUTHORITY_SIGN, /* octets: a certificate to be, of the kind in purpose */
        KEYS_OPERATIONS      /* none: ends them */
};

struct keys_request {
        uint32_t message_version;
        uint32_t operation;
        uint64_t number; /* comes back in the reply */
        struct id tenant;
        uint32_t tenant_version;
        struct wrapped_key tenant_wrapped;
        struct id subject; /* job, person or deposit */
        uint32_t artefact;
        uint32_t purpose; /* or kind of mark */
        int64_t day;
        int64_t other_day;
        uint64_t record;   /* of a checkpoint, whose hash is in octets */
        uint64_t sequence; /* of the last checkpoint that the service has */
        struct wrapped_key wrapped;
        struct wrapped_key other_wrapped; /* the tenant's key of the version that something goes to */
        uint32_t other_version;
        uint32_t octets_len;
        uint8_t octets[KEYS_OCTETS_MAX];
        uint32_t zero;
        struct wrapped_key box; /* the tenant's */
        struct id person;
        struct id agent;
};

struct keys_reply {
        uint64_t number;
        int32_t outcome; /* 0, an enum keys_refusal, or -1: the keeper's own log says more */
        uint32_t zero;
        struct secret
                secret; /* a key, public or not, a MAC, or the number of a master key in the first 8 octets */
        struct wrapped_key wrapped;
        uint32_t zero_too;
        uint8_t octets[KEYS_CHECKPOINT_OCTETS]; /* a checkpoint, or what its operation says */
};

_Static_assert(sizeof(struct keys_request) == 2424, "no hidden padding");
_Static_assert(sizeof(struct keys_reply) == 352, "no hidden padding");

/* Whether octets are a request that makes sense by itself; *ret is written only then. */
bool keys_request_parse(struct text octets, struct keys_request *ret);

static inline struct keys_tenant keys_request_tenant(const struct keys_request *request)
{
        return (struct keys_tenant){ request->tenant, request->tenant_version, request->tenant_wrapped };
}

/* The one that something goes to. */
static inline struct keys_tenant keys_request_other(const struct keys_request *request)
{
        return (struct keys_tenant){ request->tenant, request->other_version, request->other_wrapped };
}

static inline struct keys_document keys_request_document(const struct keys_request *request)
{
        return (struct keys_document){ request->subject, request->artefact, request->day };
}
