// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "directory/filter.h"
#include "base/scope.h"
#include "directory/sid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is one is written the same, and is one value of a filter, whatever its octets are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX);
        struct text octets = text_from_octets(data, size);
        char written[SID_OCTETS_MAX];
        struct sid sid, again;
        size_t length;

        if (!sid_parse(octets, &sid))
                return 0;
        length = sid_write(&sid, written);
        assert(text_equal(text_from_octets(written, length), octets));
        filter_add_equals(&filter, "objectSid", text_from_octets(written, length));
        assert(!filter.failure && filter_is_whole(buffer_text(&filter)));
        sid = sid_beside(&sid, 513);
        assert(sid_parse(text_from_octets(written, sid_write(&sid, written)), &again));
        assert(again.parts[again.count - 1] == 513);
        return 0;
}
