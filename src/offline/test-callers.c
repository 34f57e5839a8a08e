// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "offline/callers.h"

#define KEEP_MS 3600000

static char tmpfs[] = "/dev/shm/imprimatur-callers-XXXXXX";
static char path[sizeof(tmpfs) + 16];

static struct callers *open_callers(int64_t keep_ms)
{
        struct callers *callers = NULL;

        assert(callers_new(tmpfs, keep_ms, &callers) == 0);
        return callers;
}

static void who_came_is_known_until_he_is_nobody(void)
{
        struct callers *callers = open_callers(KEEP_MS);
        struct id ada = id_new(), grace = id_new(), found;
        uint8_t mark[HASH_OCTETS], other[HASH_OCTETS];

        callers_mark(callers, TEXT_OF("Basic YWRhOnNlY3JldA=="), mark);
        callers_mark(callers, TEXT_OF("Basic YWRhOndyb25n"), other);
        assert(!callers_find(callers, mark, &found));
        callers_note(callers, mark, ada);
        assert(callers_find(callers, mark, &found) && id_equal(found, ada));
        assert(!callers_find(callers, other, &found));
        callers_note(callers, mark, grace);
        assert(callers_find(callers, mark, &found) && id_equal(found, grace));
        callers_note(callers, mark, (struct id){ 0 });
        callers_note(callers, other, (struct id){ 0 });
        assert(!callers_find(callers, mark, &found));
        free(callers);
}

static void they_outlive_a_kill_and_the_time_ends_them(void)
{
        struct callers *callers = open_callers(KEEP_MS);
        uint8_t mark[HASH_OCTETS], again[HASH_OCTETS];
        struct id ada = id_new(), found;
        struct stat st;

        callers_mark(callers, TEXT_OF("x"), mark);
        callers_note(callers, mark, ada);
        assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
        free(callers);
        callers = open_callers(KEEP_MS);
        callers_mark(callers, TEXT_OF("x"), again);
        assert(memcmp(mark, again, HASH_OCTETS) == 0 && callers_find(callers, mark, &found) &&
               id_equal(found, ada));
        free(callers);
        callers = open_callers(0);
        assert(!callers_find(callers, mark, &found));
        free(callers);
        /* Without the file they have another key, and know nobody. */
        assert(unlink(path) == 0);
        callers = open_callers(KEEP_MS);
        callers_mark(callers, TEXT_OF("x"), again);
        assert(memcmp(mark, again, HASH_OCTETS) != 0 && !callers_find(callers, mark, &found));
        free(callers);
}

static void who_has_not_come_for_longest_gives_way(void)
{
        struct callers *callers = open_callers(KEEP_MS);
        uint8_t mark[HASH_OCTETS];
        size_t known = 0;
        char name[32];
        struct id found;

        for (int i = 0; i < CALLERS_MAX + 2; i++) {
                /* Written down 2050 times: only the last one has to lie there. */
                snprintf(name, sizeof(name), "%d", i);
                callers_mark(callers, text_from(name), mark);
                callers_note(callers, mark, id_new());
        }
        assert(callers_find(callers, mark, &found));
        for (int i = 0; i < CALLERS_MAX + 2; i++) {
                snprintf(name, sizeof(name), "%d", i);
                callers_mark(callers, text_from(name), mark);
                known += callers_find(callers, mark, &found);
        }
        assert(known == CALLERS_MAX);
        free(callers);
}

static void what_was_not_answered_is_in_doubt(void)
{
        struct callers *callers = open_callers(KEEP_MS);
        uint8_t mark[HASH_OCTETS], other[HASH_OCTETS];

        callers_mark(callers, TEXT_OF("x"), mark);
        callers_mark(callers, TEXT_OF("y"), other);
        assert(!callers_has_doubt(callers, mark));
        callers_note_doubt(callers, mark);
        assert(callers_has_doubt(callers, mark) && !callers_has_doubt(callers, other));
        for (int i = 0; i < 256; i++)
                callers_note_doubt(callers, other);
        assert(!callers_has_doubt(callers, mark) && callers_has_doubt(callers, other));
        free(callers);
}

static void nobody_is_known_without_any(void)
{
        uint8_t mark[HASH_OCTETS];
        struct id found;

        callers_mark(NULL, TEXT_OF("x"), mark);
        callers_note(NULL, mark, id_new());
        assert(!callers_find(NULL, mark, &found));
}

int main(void)
{
        assert(mkdtemp(tmpfs));
        snprintf(path, sizeof(path), "%s/callers", tmpfs);
        who_came_is_known_until_he_is_nobody();
        they_outlive_a_kill_and_the_time_ends_them();
        who_has_not_come_for_longest_gives_way();
        what_was_not_answered_is_in_doubt();
        nobody_is_known_without_any();
        unlink(path);
        rmdir(tmpfs);
        return 0;
}
