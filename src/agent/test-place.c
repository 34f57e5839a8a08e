// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/place.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "os/file.h"

static int open_folder(char *template)
{
        int fd;

        assert(mkdtemp(template));
        fd = open(template, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert(fd >= 0);
        return fd;
}

static bool has_journal(int directory)
{
        return faccessat(directory, "journal", R_OK, 0) == 0;
}

/* A journal counts where it was written, and nowhere else. */
int main(void)
{
        char one[] = "/tmp/imprimatur-place-XXXXXX", two[] = "/tmp/imprimatur-place-XXXXXX";
        int first = open_folder(one), second = open_folder(two), again;
        SCOPED(buffer_done) struct buffer place = BUFFER(4096);
        bool moved;

        assert(place_check(first, &moved) == 0 && !moved);
        assert(file_replace_at(first, "journal", 0600, TEXT_OF("of here")) == 0);
        assert(place_check(first, &moved) == 0 && !moved && has_journal(first));

        /* The folder was copied, as with a machine that is cloned. */
        assert(file_read_at(first, "place", place.max, &place) == 0 && place.len == 64);
        assert(file_replace_at(second, "place", 0600, buffer_text(&place)) == 0);
        assert(file_replace_at(second, "journal", 0600, TEXT_OF("of elsewhere")) == 0);
        assert(place_check(second, &moved) == 0 && moved && !has_journal(second));
        assert(place_check(second, &moved) == 0 && !moved);

        /* One has it at a time, for as long as he has it open. */
        again = open(one, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert(place_take(first) == 0 && place_take(first) == 0 && place_take(second) == 0);
        assert(place_take(again) == PLACE_TAKEN);

        (void)file_remove(first, "place");
        (void)file_remove(first, "journal");
        (void)file_remove(second, "place");
        close(first);
        assert(place_take(again) == 0);
        close(again);
        close(second);
        assert(rmdir(one) == 0 && rmdir(two) == 0);
        return 0;
}
