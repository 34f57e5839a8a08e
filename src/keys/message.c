// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keys/message.h"

#include <string.h>

#include "crypt/hash.h"
#include "keys/authority.h"
#include "keys/offline.h"

static bool artefact_is_known(uint32_t artefact)
{
        return artefact >= KEYS_ORIGINAL && artefact <= KEYS_ARTEFACT_MAX;
}

static bool offline_fields_are_known(const struct keys_request *request)
{
        if (request->tenant_version == 0 || request->other_version == 0)
                return false;
        switch (request->operation) {
        case KEYS_OFFLINE_PUBLIC:
        case KEYS_OFFLINE_DAY: return true;
        case KEYS_OFFLINE_HOME: return artefact_is_known(request->artefact);
        case KEYS_OFFLINE_ENTRY: return request->octets_len == KEYS_MAC_OCTETS + ENTRY_RIGHTS_OCTETS;
        case KEYS_OFFLINE_SIGN: return request->octets_len == HASH_OCTETS;
        case KEYS_AUTHORITY_PUBLIC: return true;
        case KEYS_AUTHORITY_SIGN:
                return request->octets_len > 0 && request->octets_len <= KEYS_OCTETS_MAX &&
                       (request->purpose == KEYS_ROOT || request->purpose == KEYS_ISSUED);
        default: return false;
        }
}

static bool fields_are_known(const struct keys_request *request)
{
        switch (request->operation) {
        case KEYS_PING:
        case KEYS_MASTER:
        case KEYS_MASTER_FORGET:
        case KEYS_TENANT_DESTROY:
        case KEYS_DAY_DESTROY: return true;
        case KEYS_MASTER_ADD: return request->octets_len == SECRET_OCTETS;
        case KEYS_TENANT_RETIRE:
        case KEYS_TENANT_REWRAP:
        case KEYS_TENANT_MAKE:
        case KEYS_BOX_MAKE:
        case KEYS_FIELD_KEY: return request->tenant_version > 0;
        case KEYS_DOCUMENT_MOVE:
                return request->tenant_version > 0 && request->other_version > 0 &&
                       artefact_is_known(request->artefact);
        case KEYS_DOCUMENT_MAKE: return request->tenant_version > 0 && artefact_is_known(request->artefact);
        case KEYS_DOCUMENT_OPEN:
                return request->tenant_version > 0 && artefact_is_known(request->artefact) &&
                       request->purpose >= KEYS_FOR_ARM && request->purpose <= KEYS_FOR_PREVIEW;
        case KEYS_CARD_MAC:
                return request->tenant_version > 0 && request->octets_len > 0 &&
                       request->octets_len <= KEYS_CARD_MAX;
        case KEYS_PEPPER:
                return request->tenant_version > 0 && request->octets_len == 32 &&
                       (request->purpose == KEYS_PASSWORD || request->purpose == KEYS_PIN);
        case KEYS_RECODE:
                return request->tenant_version > 0 && request->other_version > 0 &&
                       request->octets_len == 32 && request->purpose >= KEYS_PASSWORD &&
                       request->purpose <= KEYS_CARD;
        case KEYS_BOX_OPEN: return request->tenant_version > 0 && request->octets_len == BOX_SEALED_OCTETS;
        case KEYS_BOX_MOVE: return request->tenant_version > 0 && request->other_version > 0;
        case KEYS_CHECKPOINT:
                return request->tenant_version > 0 && request->record > 0 && request->octets_len == 32;
        default: return offline_fields_are_known(request);
        }
}

bool keys_request_parse(struct text octets, struct keys_request *ret)
{
        struct keys_request request;

        if (octets.len != sizeof(request))
                return false;
        memcpy(&request, octets.at, sizeof(request));
        if (request.message_version != KEYS_MESSAGE_VERSION || !fields_are_known(&request))
                return false;
        *ret = request;
        return true;
}
