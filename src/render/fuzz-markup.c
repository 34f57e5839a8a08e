// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/scope.h"
#include "render/markup.h"
#include "render/outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the text, no markup of it is the page's: within the limits, or refused. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
        SCOPED(freep) char *copy = calloc(1, size + 1);
        struct text text = { copy, size };
        int r;

        /* MD4C looks for the end of a line with strcspn(), where there is one: the sanitizer wants a NUL as
         * well. */
        assert(fd >= 0 && copy);
        memcpy(copy, data, size);
        r = markup_from_markdown(text, 1 << 20, fd);
        assert(r == 0 || r == RENDER_LIMIT);
        assert(lseek(fd, 0, SEEK_END) <= 1 << 20);
        (void)markup_is_plain(text);
        return 0;
}
