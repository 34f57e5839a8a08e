// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "base/scope.h"
#include "offline/snapshot-form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted is written again the same, and every person of it is found. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer again = BUFFER(SNAPSHOT_OCTETS_MAX);
        struct snapshot_form form;
        struct id person;

        if (snapshot_form_parse(text_from_octets(data, size), &form) != 0)
                return 0;
        snapshot_header_format(&form, &again);
        buffer_add(&again, form.printers, form.printer_count * (size_t)ID_OCTETS);
        buffer_add(&again, form.entries, form.entry_count * (size_t)SNAPSHOT_ENTRY_OCTETS);
        buffer_add(&again, form.people, form.person_count * (size_t)SNAPSHOT_PERSON_OCTETS);
        buffer_add(&again, form.terms, form.terms_octets);
        assert(again.len == size && memcmp(again.at, data, size) == 0);
        for (uint32_t i = 0; i < form.person_count; i++) {
                memcpy(person.octets, form.people + i * SNAPSHOT_PERSON_OCTETS, ID_OCTETS);
                assert(snapshot_person_key(&form, person));
        }
        return 0;
}
