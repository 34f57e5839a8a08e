// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/scope.h"

int main(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(10000);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(10);

        buffer_format(&buffer, "%d-%s", 12, "ab");
        assert(strcmp(buffer_string(&buffer), "12-ab") == 0);
        buffer_consume(&buffer, 3);
        buffer_add_u32(&buffer, 0x01020304);
        assert(buffer.len == 6 && memcmp(buffer.at, "ab\1\2\3\4", 6) == 0);

        /* The maximum is kept, and the failure stays. */
        buffer_add_string(&buffer, "12345");
        assert(buffer.failure == -EMSGSIZE && buffer.len == 6);
        buffer_add_octet(&buffer, 'x');
        assert(buffer.len == 6 && !buffer_string(&buffer));
        buffer_clear(&buffer);
        buffer_add_string(&buffer, "1234567890");
        assert(!buffer.failure && buffer.len == 10);

        assert(strcmp(arena_format(arena, "%s/%d", "a", 1), "a/1") == 0);
        assert(!arena_alloc(arena, 20000));
        assert(arena_alloc(arena, 5000));
        assert(!arena_alloc(arena, 5000));
        return 0;
}
