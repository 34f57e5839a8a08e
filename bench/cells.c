// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * cells: what the walls of a cell cost, as one line of JSON: from the order to its end, around a program that
 * does nothing, and the same program alone.
 *
 *      cells COUNT
 */
#include <assert.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "os/file.h"
#include "os/process.h"
#include "render/cell.h"
#include "render/ghostscript.h"

#define PROGRAM     "/usr/bin/true"
#define DEADLINE_MS 60000

static const char *const argv_of_it[] = { PROGRAM, NULL };

static int take_nothing(void *context, struct text octets)
{
        (void)context;
        (void)octets;
        return 0;
}

static void run_in_cell(int document)
{
        struct order order;
        struct cell_order cell = {
                .profile = &ghostscript_profile,
                .argv = argv_of_it,
                .document = document,
                .name = "/document",
                .limits = &order.limits,
                .deadline_ms = clock_monotonic_ms() + DEADLINE_MS,
                .collect = take_nothing,
                .listen = take_nothing,
        };

        order_init(&order);
        if (cell_run(&cell)) {
                fprintf(stderr, "cells: the cell was not built\n");
                exit(1);
        }
}

static void run_alone(int document)
{
        static char *const environment[] = { NULL };
        int status = 0;
        pid_t pid;

        (void)document;
        if (posix_spawn(&pid, PROGRAM, NULL, NULL, (char *const *)(uintptr_t)argv_of_it, environment) ||
            waitpid(pid, &status, 0) != pid || status) {
                fprintf(stderr, "cells: " PROGRAM " did not run\n");
                exit(1);
        }
}

static int compare(const void *a, const void *b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return x < y ? -1 : x > y;
}

static void print(const char *name, int64_t *times, int64_t count)
{
        qsort(times, (size_t)count, sizeof(*times), compare);
        printf("\"%s_ms\":%.3f,\"%s_p99_ms\":%.3f", name, (double)times[count / 2] / 1000, name,
               (double)times[count * 99 / 100] / 1000);
}

int main(int argc, char **argv)
{
        int document = memfd_create("document", MFD_CLOEXEC);
        int64_t count, *cells, *bare;

        if (argc != 2 || (count = atoll(argv[1])) < 1) {
                fprintf(stderr, "cells COUNT\n");
                return 2;
        }
        log_init("bench-cells", LOG_NOTICE);
        if (geteuid() == 0 && process_become("nobody"))
                return 1;
        cells = calloc((size_t)count, sizeof(*cells));
        bare = calloc((size_t)count, sizeof(*bare));
        assert(cells && bare && document >= 0 && file_write(document, "%PDF-", 5) == 0);
        for (int64_t i = 0; i < count; i++) {
                int64_t began = clock_monotonic_us();

                run_in_cell(document);
                cells[i] = clock_monotonic_us() - began;
                began = clock_monotonic_us();
                run_alone(document);
                bare[i] = clock_monotonic_us() - began;
        }
        printf("{");
        print("cell", cells, count);
        printf(",");
        print("bare", bare, count);
        printf("}\n");
        free(cells);
        free(bare);
        return 0;
}
