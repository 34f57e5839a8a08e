// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "keys/authority.h"
#include "keys/message.h"

static const struct {
        const char *name;
        struct keys_request request;
        bool good;
} rows[] = {
        { "ping", { .operation = KEYS_PING }, true },
        { "no operation", { .operation = 0 }, false },
        { "unknown operation", { .operation = KEYS_OPERATIONS }, false },
        { "tenant", { .operation = KEYS_TENANT_MAKE, .tenant_version = 1 }, true },
        { "tenant of no version", { .operation = KEYS_TENANT_MAKE }, false },
        { "make", { .operation = KEYS_DOCUMENT_MAKE, .tenant_version = 1, .artefact = KEYS_ORIGINAL }, true },
        { "make nothing", { .operation = KEYS_DOCUMENT_MAKE, .tenant_version = 1 }, false },
        { "open",
          { .operation = KEYS_DOCUMENT_OPEN,
            .tenant_version = 1,
            .artefact = KEYS_ARTEFACT_MAX,
            .purpose = KEYS_FOR_ARM },
          true },
        { "open for no reason",
          { .operation = KEYS_DOCUMENT_OPEN, .tenant_version = 1, .artefact = KEYS_ARTEFACT_MAX },
          false },
        { "card", { .operation = KEYS_CARD_MAC, .tenant_version = 1, .octets_len = KEYS_CARD_MAX }, true },
        { "empty card", { .operation = KEYS_CARD_MAC, .tenant_version = 1 }, false },
        { "card beyond the message",
          { .operation = KEYS_CARD_MAC, .tenant_version = 1, .octets_len = KEYS_CARD_MAX + 1 },
          false },
        { "pepper",
          { .operation = KEYS_PEPPER, .tenant_version = 1, .octets_len = 32, .purpose = KEYS_PIN },
          true },
        { "pepper of another length",
          { .operation = KEYS_PEPPER, .tenant_version = 1, .octets_len = 31, .purpose = KEYS_PIN },
          false },
        { "recode",
          { .operation = KEYS_RECODE,
            .tenant_version = 1,
            .other_version = 2,
            .octets_len = 32,
            .purpose = KEYS_CARD },
          true },
        { "recode to nothing",
          { .operation = KEYS_RECODE, .tenant_version = 1, .octets_len = 32, .purpose = KEYS_CARD },
          false },
        { "recode of nothing",
          { .operation = KEYS_RECODE, .tenant_version = 1, .other_version = 2, .octets_len = 32 },
          false },
        { "move to no version",
          { .operation = KEYS_DOCUMENT_MOVE, .tenant_version = 1, .artefact = KEYS_ORIGINAL },
          false },
        { "box", { .operation = KEYS_BOX_MAKE, .tenant_version = 1 }, true },
        { "box of no version", { .operation = KEYS_BOX_MAKE }, false },
        { "open a box",
          { .operation = KEYS_BOX_OPEN, .tenant_version = 1, .octets_len = BOX_SEALED_OCTETS },
          true },
        { "open nothing", { .operation = KEYS_BOX_OPEN, .tenant_version = 1, .octets_len = 32 }, false },
        { "move a box", { .operation = KEYS_BOX_MOVE, .tenant_version = 1, .other_version = 2 }, true },
        { "move a box to no version", { .operation = KEYS_BOX_MOVE, .tenant_version = 1 }, false },
        { "retire", { .operation = KEYS_TENANT_RETIRE, .tenant_version = 2 }, true },
        { "retire nothing", { .operation = KEYS_TENANT_RETIRE }, false },
        { "an entry of a snapshot",
          { .operation = KEYS_OFFLINE_ENTRY, .tenant_version = 1, .other_version = 2, .octets_len = 68 },
          true },
        { "an entry that says not what its holder may",
          { .operation = KEYS_OFFLINE_ENTRY, .tenant_version = 1, .other_version = 2, .octets_len = 32 },
          false },
        { "a home of no document",
          { .operation = KEYS_OFFLINE_HOME, .tenant_version = 1, .other_version = 1 },
          false },
        { "a day without a box's version", { .operation = KEYS_OFFLINE_DAY, .tenant_version = 1 }, false },
        { "a certificate",
          { .operation = KEYS_AUTHORITY_SIGN,
            .tenant_version = 1,
            .other_version = 1,
            .purpose = KEYS_ISSUED,
            .octets_len = KEYS_OCTETS_MAX },
          true },
        { "a certificate beyond the message",
          { .operation = KEYS_AUTHORITY_SIGN,
            .tenant_version = 1,
            .other_version = 1,
            .purpose = KEYS_ISSUED,
            .octets_len = KEYS_OCTETS_MAX + 1 },
          false },
        { "a certificate of no kind",
          { .operation = KEYS_AUTHORITY_SIGN, .tenant_version = 1, .other_version = 1, .octets_len = 9 },
          false },
        { "checkpoint",
          { .operation = KEYS_CHECKPOINT, .tenant_version = 1, .record = 1, .octets_len = 32 },
          true },
        { "checkpoint of no record",
          { .operation = KEYS_CHECKPOINT, .tenant_version = 1, .octets_len = 32 },
          false },
        { "checkpoint of no hash",
          { .operation = KEYS_CHECKPOINT, .tenant_version = 1, .record = 1 },
          false },
};

int main(void)
{
        struct keys_request parsed;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct keys_request request = rows[i].request;

                printf("%s\n", rows[i].name);
                request.message_version = KEYS_MESSAGE_VERSION;
                assert(keys_request_parse(text_from_octets(&request, sizeof(request)), &parsed) ==
                       rows[i].good);
                assert(!keys_request_parse(text_from_octets(&request, sizeof(request) - 1), &parsed));
                request.message_version++;
                assert(!keys_request_parse(text_from_octets(&request, sizeof(request)), &parsed));
        }
        return 0;
}
