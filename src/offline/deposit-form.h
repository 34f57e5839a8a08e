// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The form of a deposit: what was submitted to an agent while the service was out of reach, sealed as it
 * came. Version 1; numbers in network byte order.
 *
 *      header     DEPOSIT_HEADER_OCTETS, in clear
 *                 "imprdepo" | version 1, 4 | door, 4 | id, 16 | made, 8 (ms since 1970) | key of the tenant,
 *                 32 | document's key in the tenant's box, 80 | person, 16 | document's key in the person's
 *                 box, 80 | owner, 32 | mark, 32 | number, 4 | octets of sealed metadata, 4 | of the sealed
 *                 document, 8 | zeros | SHA-256 of all before, 32
 *      document   crypt/seal.h, under a key of its own; its id is "imprimatur deposit document" | id
 *      metadata   JSON, sealed alike under the same key; "imprimatur deposit metadata" | id
 *
 * So it lies in the agent's folder. On its way to the service the metadata comes before the document, for it
 * says what is to be done with that.
 *
 * The header tells nothing of people: person is an id, owner and mark are hashes under a key of the agent's.
 * It is no proof of anything either: who may write into the folder may write another. The service believes
 * the agent, whose connection it is.
 */

#include <stdint.h>

#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/box.h"
#include "crypt/hash.h"

#define DEPOSIT_HEADER_OCTETS 512
#define DEPOSIT_METADATA_MAX  65536 /* of plain text */
#define DEPOSIT_SEAL_ID       64    /* at most */

enum deposit_door {
        DEPOSIT_IPP = 1,
        DEPOSIT_LPD = 2,
};

struct deposit_header {
        enum deposit_door door;
        struct id id;
        int64_t made_ms;
        uint8_t tenant_key[BOX_KEY_OCTETS];
        uint8_t for_tenant[BOX_SEALED_OCTETS];
        struct id person;                      /* zero: whose it is will be found out by the service */
        uint8_t for_person[BOX_SEALED_OCTETS]; /* zeros: in nobody's box but the tenant's */
        uint8_t owner[HASH_OCTETS];            /* whose it is, as its door tells people apart; or zeros */
        uint8_t mark[HASH_OCTETS];             /* by which its door knows it again; or zeros */
        uint32_t number;                       /* by which its door's client knows it */
        uint32_t metadata_octets;              /* sealed */
        uint64_t document_octets;              /* sealed */
};

enum deposit_form_refusal {
        DEPOSIT_FORM_FOREIGN = 1, /* no header, of a later version, or damaged */
};

bool deposit_has_person(const struct deposit_header *header);

void deposit_header_format(const struct deposit_header *header, uint8_t ret[DEPOSIT_HEADER_OCTETS]);
/* DEPOSIT_HEADER_OCTETS of them; *ret is written only on 0. */
int deposit_header_parse(struct text octets, struct deposit_header *ret);

/* What the seals are bound to. */
struct text deposit_document_id(const struct id *id, char room[DEPOSIT_SEAL_ID]);
struct text deposit_metadata_id(const struct id *id, char room[DEPOSIT_SEAL_ID]);

const char *deposit_door_name(enum deposit_door door);
