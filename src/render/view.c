// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/view.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/outcome.h"
#include "render/outcome.h"

int view_init(struct view *view, int fd)
{
        struct stat stat;
        void *at;

        view->octets = text_from(NULL);
        if (fstat(fd, &stat) < 0)
                return fault(-errno);
        if (stat.st_size == 0)
                return RENDER_DAMAGED;
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return fault(-errno);
        view->octets = text_from_octets(at, (size_t)stat.st_size);
        return 0;
}

void view_done(struct view *view)
{
        if (view->octets.len > 0)
                munmap((void *)(uintptr_t)view->octets.at, view->octets.len);
        view->octets = text_from(NULL);
}
