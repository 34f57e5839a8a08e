// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/artefact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

static int from_vault(int r)
{
        return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
}

int artefact_begin(struct core *core, const struct tenant_entry *entry, struct id tenant,
                   struct artefact_writer *writer)
{
        struct document *document = &writer->document;
        struct keys_document names = { document->job, document->artefact, document->expiry_day };
        uint8_t header[SEAL_HEADER_OCTETS], seal_id[DOCUMENT_SEAL_ID];
        const struct keys_tenant *keys = keys_newest(entry);
        SCOPED(secret_done) struct secret key = { 0 };
        int r;

        writer->core = core;
        writer->tenant = tenant;
        r = vault_deposit(core->vault, document->expiry_day, &writer->deposit);
        if (r)
                return from_vault(r);
        r = keys_document_make(core->keys, keys, &names, &key, &document->wrapped);
        if (r)
                return fold(r);
        document->key_version = keys->version;
        document_seal_id(tenant, document->job, document->artefact, seal_id);
        r = seal_init(&writer->seal, &key, text_from_octets(seal_id, sizeof(seal_id)), header);
        if (r)
                return fold(r);
        return from_vault(vault_write(writer->deposit, text_from_octets(header, sizeof(header))));
}

static int write_step(struct artefact_writer *writer, struct text octets)
{
        size_t length;
        int r;

        r = seal_add(&writer->seal, octets.at, octets.len, writer->sealed, &length);
        if (r)
                return r > 0 ? CORE_TOO_LARGE : r;
        return from_vault(vault_write(writer->deposit, text_from_octets(writer->sealed, length)));
}

int artefact_write(struct artefact_writer *writer, struct text octets)
{
        if (octets.len > writer->core->settings.document_octets_max - writer->document.size_octets)
                return CORE_TOO_LARGE;
        writer->document.size_octets += octets.len;
        while (octets.len > 0) {
                size_t step = octets.len < ARTEFACT_STEP_OCTETS ? octets.len : ARTEFACT_STEP_OCTETS;
                int r = write_step(writer, text_from_octets(octets.at, step));

                if (r)
                        return r;
                octets = text_from_octets(octets.at + step, octets.len - step);
        }
        return 0;
}

int artefact_finish(struct artefact_writer *writer)
{
        uint8_t tail[SEAL_ROOM_FINISH];
        size_t length;
        int r;

        r = seal_finish(&writer->seal, tail, &length);
        if (r)
                return fold(r);
        r = vault_write(writer->deposit, text_from_octets(tail, length));
        if (r)
                return from_vault(r);
        r = vault_commit(take(writer->deposit), &writer->document.place);
        if (r)
                return from_vault(r);
        writer->document.sealed_octets = writer->document.place.length;
        return 0;
}

void artefact_abort(struct artefact_writer *writer)
{
        seal_done(&writer->seal);
        vault_abort(take(writer->deposit));
}

struct artefact_reader {
        struct vault_reader *vault;
        uint64_t at;
        struct unseal unseal;
        struct text plain; /* what unseal has yielded and nobody has taken yet */
        size_t sealed_at, sealed_length;
        bool is_read;
        uint8_t sealed[ARTEFACT_STEP_OCTETS];
};

void artefact_close(struct artefact_reader *reader)
{
        if (!reader)
                return;
        unseal_done(&reader->unseal);
        vault_close_reader(reader->vault);
        free(reader);
}

static void artefact_closep(struct artefact_reader **reader)
{
        artefact_close(*reader);
}

int artefact_open(struct core *core, const struct tenant_entry *entry, struct id tenant,
                  const struct document *document, enum keys_purpose purpose, struct artefact_reader **ret)
{
        SCOPED(artefact_closep) struct artefact_reader *reader = calloc(1, sizeof(*reader));
        struct keys_document names = { document->job, document->artefact, document->expiry_day };
        SCOPED(secret_done) struct secret key = { 0 };
        uint8_t seal_id[DOCUMENT_SEAL_ID];
        const struct keys_tenant *keys;
        int r;

        if (!reader)
                return fault(-ENOMEM);
        r = keys_of_version(core, entry, document->key_version, &keys);
        if (r)
                return r;
        r = keys_document_open(core->keys, keys, &names, &document->wrapped, purpose, &key);
        if (r)
                return r == KEYS_LIMITED ? CORE_BUSY : r > 0 ? CORE_DESTROYED : r;
        r = vault_open_reader(core->vault, &document->place, &reader->vault);
        if (r)
                return r == VAULT_NOT_FOUND ? CORE_DESTROYED : fold(r);
        document_seal_id(tenant, document->job, document->artefact, seal_id);
        r = unseal_init(&reader->unseal, &key, text_from_octets(seal_id, sizeof(seal_id)));
        if (r)
                return fold(r);
        *ret = take(reader);
        return 0;
}

static int fill_sealed(struct artefact_reader *reader)
{
        int r;

        r = vault_read(reader->vault, reader->at, reader->sealed, sizeof(reader->sealed),
                       &reader->sealed_length);
        reader->at += reader->sealed_length;
        reader->sealed_at = 0;
        return fold(r);
}

/* Feeds unseal until it yields something or the document ends. */
static int fill(struct artefact_reader *reader)
{
        size_t taken;
        int r;

        while (reader->plain.len == 0 && !reader->is_read) {
                r = reader->sealed_at == reader->sealed_length ? fill_sealed(reader) : 0;
                if (r)
                        return r;
                if (reader->sealed_length == 0) {
                        reader->is_read = true;
                        return fold(unseal_finish(&reader->unseal, &reader->plain));
                }
                r = unseal_add(&reader->unseal, reader->sealed + reader->sealed_at,
                               reader->sealed_length - reader->sealed_at, &taken, &reader->plain);
                if (r)
                        return fold(r);
                reader->sealed_at += taken;
        }
        return 0;
}

int artefact_read(struct artefact_reader *reader, void *to, size_t size, size_t *ret_length)
{
        int r;

        r = fill(reader);
        if (r)
                return r;
        *ret_length = reader->plain.len < size ? reader->plain.len : size;
        memcpy(to, reader->plain.at, *ret_length);
        reader->plain = text_from_octets(reader->plain.at + *ret_length, reader->plain.len - *ret_length);
        return 0;
}
