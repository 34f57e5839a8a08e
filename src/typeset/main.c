// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * imprimatur-typeset: lays a text out on pages, inside of a cell of imprimatur-render, and writes the PDF to
 * its standard output.
 *
 *      imprimatur-typeset FILE WIDTH HEIGHT PAGES MEMORY
 *
 * WIDTH and HEIGHT in whole points, at most so many PAGES, and MEMORY octets beyond what the program has at
 * its start. The exit status is 0, 1 where nothing came of it, and TYPESET_LIMIT where a limit was met.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"
#include "typeset/layout.h"

#define TYPESET_LIMIT 153 /* as if the kernel had ended it, for which the renderer looks */

static int map(const char *path, struct text *ret)
{
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat stat;
        void *at;

        if (fd < 0 || fstat(fd, &stat) < 0 || stat.st_size == 0)
                return -EINVAL;
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return -errno;
        *ret = text_from_octets(at, (size_t)stat.st_size);
        return 0;
}

static int run(char **argv)
{
        struct layout_order order = { .to = STDOUT_FILENO };
        uint64_t numbers[4];
        struct text text;

        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                if (!text_number(text_from(argv[2 + i]), INT64_MAX, &numbers[i]))
                        return LAYOUT_FAILED;
        order.width = (double)numbers[0];
        order.height = (double)numbers[1];
        order.pages_max = (uint32_t)numbers[2];
        if (process_limit_memory(numbers[3]) < 0 || map(argv[1], &text) < 0)
                return LAYOUT_FAILED;
        return layout_text(&order, text);
}

int main(int argc, char **argv)
{
        int r;

        if (argc != 6) {
                fprintf(stderr, "imprimatur-typeset FILE WIDTH HEIGHT PAGES MEMORY\n");
                return 2;
        }
        r = run(argv);
        /* What libraries keep until their end is of no use to anybody. */
        _exit(r == LAYOUT_TOO_LONG ? TYPESET_LIMIT : r != 0);
}
