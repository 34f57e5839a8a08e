// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scope.h"
#include "crypt/entry.h"
#include "crypt/field.h"
#include "crypt/random.h"
#include "keeper/box.h"
#include "keeper/offline.h"
#include "keys/offline.h"

#define TODAY 20000

static char folder[] = "/tmp/imprimatur-offline-XXXXXX";
static struct chain *chain;
static struct keys_tenant tenant, next;
static struct wrapped_key box;

static struct keys_request request_of(enum keys_operation operation)
{
        return (struct keys_request){
                .operation = operation,
                .tenant = tenant.tenant,
                .tenant_version = tenant.version,
                .tenant_wrapped = tenant.wrapped,
                .other_version = tenant.version,
                .other_wrapped = tenant.wrapped,
                .box = box,
        };
}

static void public_of(const struct wrapped_key *key, const struct keys_tenant *under,
                      uint8_t ret[SIGN_KEY_OCTETS])
{
        struct keys_request request = request_of(KEYS_OFFLINE_PUBLIC);
        struct keys_reply reply = { 0 };

        request.other_version = under->version;
        request.other_wrapped = under->wrapped;
        request.box = *key;
        assert(offline_answer(chain, &request, &reply) == 0);
        memcpy(ret, reply.octets, SIGN_KEY_OCTETS);
}

static void what_hangs_on_the_box_outlives_a_version(void)
{
        uint8_t before[SIGN_KEY_OCTETS], after[SIGN_KEY_OCTETS];
        struct keys_request request = request_of(KEYS_OFFLINE_PUBLIC);
        struct keys_reply reply = { 0 };
        struct wrapped_key moved;

        assert(keeper_box_move(chain, &tenant, &box, &next, &moved) == 0);
        public_of(&box, &tenant, before);
        public_of(&moved, &next, after);
        assert(memcmp(before, after, sizeof(before)) == 0);
        /* Bound to its version. */
        request.box = moved;
        assert(offline_answer(chain, &request, &reply) == KEYS_WRONG);
}

static struct keys_entry entry_of(struct id person, struct id agent, int64_t day, const uint8_t *number,
                                  const uint8_t *rights)
{
        struct keys_request request = request_of(KEYS_OFFLINE_ENTRY);
        struct keys_reply reply = { 0 };
        struct keys_entry entry;

        request.person = person;
        request.agent = agent;
        request.day = day;
        assert(chain_mark(chain, &tenant, CHAIN_CARD, number, request.octets) == 0);
        memcpy(request.octets + KEYS_MAC_OCTETS, rights, ENTRY_RIGHTS_OCTETS);
        assert(offline_answer(chain, &request, &reply) == 0);
        memcpy(&entry, reply.octets, sizeof(entry));
        return entry;
}

static struct secret day_of(struct id agent, int64_t day)
{
        struct keys_request request = request_of(KEYS_OFFLINE_DAY);
        struct keys_reply reply = { 0 };

        request.agent = agent;
        request.day = day;
        assert(offline_answer(chain, &request, &reply) == 0);
        return reply.secret;
}

/* What an agent does with a badge. */
static int open_entry(const struct secret *day, const uint8_t *number, const struct keys_entry *entry,
                      struct buffer *to)
{
        uint8_t code[HASH_OCTETS];
        struct secret key;

        entry_code(day, number, code);
        entry_key(day, number, &key);
        if (memcmp(code, entry->code, sizeof(code)) != 0)
                return 1;
        return field_open(&key, text_from_octets(code, sizeof(code)),
                          text_from_octets(entry->sealed, sizeof(entry->sealed)), to);
}

static void a_badge_opens_its_entry_and_the_entry_its_owners_documents(void)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(ENTRY_PLAIN_OCTETS);
        SCOPED(buffer_done) struct buffer nothing = BUFFER(ENTRY_PLAIN_OCTETS);
        struct id person = id_new(), agent = id_new();
        uint8_t number[HASH_OCTETS], other[HASH_OCTETS], rights[ENTRY_RIGHTS_OCTETS] = { 1, 2, 3 };
        struct secret day = day_of(agent, TODAY), later = day_of(agent, TODAY + 1);
        struct keys_document document = { id_new(), KEYS_ORIGINAL, TODAY + 1 };
        struct keys_request request = request_of(KEYS_OFFLINE_HOME);
        struct keys_reply reply = { 0 };
        struct keys_entry entry;
        struct wrapped_key wrapped;
        struct secret key, seed, found;

        hash_sha256(TEXT_OF("04a1b2c3"), number);
        hash_sha256(TEXT_OF("04A1B2C4"), other);
        entry = entry_of(person, agent, TODAY, number, rights);
        assert(open_entry(&day, other, &entry, &nothing) != 0);
        assert(open_entry(&later, number, &entry, &nothing) != 0 && nothing.len == 0);
        assert(open_entry(&day, number, &entry, &plain) == 0 && plain.len == ENTRY_PLAIN_OCTETS);
        assert(memcmp(plain.at + 4, person.octets, ID_OCTETS) == 0);
        assert(memcmp(plain.at + 4 + ID_OCTETS + SECRET_OCTETS, rights, sizeof(rights)) == 0);
        memcpy(seed.octets, plain.at + 4 + ID_OCTETS, SECRET_OCTETS);

        assert(chain_document_make(chain, &tenant, &document, TODAY, &key, &wrapped) == 0);
        request.subject = document.job;
        request.artefact = document.artefact;
        request.day = document.expiry_day;
        request.wrapped = wrapped;
        request.person = person;
        request.agent = agent;
        assert(offline_answer(chain, &request, &reply) == 0);
        assert(box_take(&seed, reply.octets, &found) == 0 && memcmp(&found, &key, sizeof(key)) == 0);
        /* At another agent the same person has another box. */
        request.agent = id_new();
        assert(offline_answer(chain, &request, &reply) == 0);
        assert(box_take(&seed, reply.octets, &found) == BOX_WRONG);
}

static void a_snapshot_is_signed(void)
{
        uint8_t public[SIGN_KEY_OCTETS];
        struct keys_request request = request_of(KEYS_OFFLINE_SIGN);
        struct keys_reply reply = { 0 };

        public_of(&box, &tenant, public);
        hash_sha256(TEXT_OF("snapshot"), request.octets);
        assert(offline_answer(chain, &request, &reply) == 0);
        assert(sign_is_good(public, text_from_octets(request.octets, HASH_OCTETS), reply.octets));
}

static void without_the_tenants_key_there_is_nothing(void)
{
        struct keys_request request = request_of(KEYS_OFFLINE_PUBLIC);
        struct keys_reply reply = { 0 };

        assert(chain_tenant_destroy(chain, tenant.tenant) == 0);
        assert(offline_answer(chain, &request, &reply) == KEYS_DESTROYED);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        return remove(path);
}

int main(void)
{
        struct chain_options options = { folder, 64, 400 };
        uint8_t public[BOX_KEY_OCTETS];
        struct secret master;

        assert(mkdtemp(folder));
        random_secret(&master);
        assert(chain_open(&master, &options, &chain) == 0);
        tenant = (struct keys_tenant){ id_new(), 1, { { 0 } } };
        assert(chain_tenant_make(chain, tenant.tenant, 1, &tenant.wrapped) == 0);
        next = (struct keys_tenant){ tenant.tenant, 2, { { 0 } } };
        assert(chain_tenant_make(chain, tenant.tenant, 2, &next.wrapped) == 0);
        assert(keeper_box_make(chain, &tenant, public, &box) == 0);

        what_hangs_on_the_box_outlives_a_version();
        a_badge_opens_its_entry_and_the_entry_its_owners_documents();
        a_snapshot_is_signed();
        without_the_tenants_key_there_is_nothing();

        chain_close(chain);
        assert(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
        return 0;
}
