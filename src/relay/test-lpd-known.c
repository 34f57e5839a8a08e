// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/lpd-known.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"

#define REPEAT_MS 600000

static char folder[] = "/tmp/imprimatur-known-XXXXXX";
static int state;

static struct lpd_known *known_new(void)
{
        struct lpd_known *known = NULL;

        assert(lpd_known_new(state, REPEAT_MS, &known) == 0);
        return known;
}

static void who_sent_it_is_known_again_after_a_restart_and_nobody_else_is(void)
{
        struct lpd_known *known = known_new(), *later = known_new();
        uint8_t owner[HASH_OCTETS], nobody[HASH_OCTETS] = { 0 };

        lpd_known_owner(known, TEXT_OF("10.1.2.3"), TEXT_OF("mara"), owner);
        assert(lpd_known_owns(later, owner, TEXT_OF("10.1.2.3"), TEXT_OF("mara")));
        assert(lpd_known_owns(later, owner, TEXT_OF("10.1.2.3"), TEXT_OF("")));
        assert(!lpd_known_owns(later, owner, TEXT_OF("10.1.2.3"), TEXT_OF("ada")));
        assert(!lpd_known_owns(later, owner, TEXT_OF("10.1.2.4"), TEXT_OF("mara")));
        assert(!lpd_known_owns(later, owner, TEXT_OF("10.1.2.3m"), TEXT_OF("ara")));
        assert(!lpd_known_owns(later, nobody, TEXT_OF("10.1.2.3"), TEXT_OF("")));
        assert(memmem(owner, sizeof(owner), "mara", 4) == NULL);
        lpd_known_free(known);
        lpd_known_free(later);
}

static void mark_of(const struct lpd_known *known, const char *address, const char *user, const char *queue,
                    const char *name, uint8_t content, uint8_t ret[HASH_OCTETS])
{
        uint8_t contents[HASH_OCTETS] = { content };
        const struct lpd_known_job job = { .address = text_from(address),
                                           .queue = text_from(queue),
                                           .user = text_from(user),
                                           .name = text_from(name),
                                           .contents = contents };

        lpd_known_mark(known, &job, ret);
}

static bool finds(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        struct id key;
        bool is_taken;

        return lpd_known_find(known, mark, &key, &is_taken);
}

static void only_the_same_job_is_the_same(void)
{
        static const struct {
                const char *address, *user, *queue, *name;
                uint8_t content;
        } others[] = {
                { "10.1.2.3", "mara", "pull", "dfA001h", 2 }, { "10.1.2.3", "mara", "pull", "dfA002h", 1 },
                { "10.1.2.4", "mara", "pull", "dfA001h", 1 }, { "10.1.2.3", "ada", "pull", "dfA001h", 1 },
                { "10.1.2.3", "mara", "pul", "ldfA001h", 1 }, { "10.1.2.3", "marap", "ull", "dfA001h", 1 },
        };
        struct lpd_known *known = known_new();
        uint8_t mark[HASH_OCTETS], other[HASH_OCTETS];

        mark_of(known, "10.1.2.3", "mara", "pull", "dfA001h", 1, mark);
        assert(!finds(known, mark));
        assert(lpd_known_begin(known, mark, id_new()) == 0);
        assert(finds(known, mark));
        for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
                mark_of(known, others[i].address, others[i].user, others[i].queue, others[i].name,
                        others[i].content, other);
                assert(!finds(known, other));
        }
        lpd_known_forget(known, mark);
        assert(!finds(known, mark));
        lpd_known_free(known);
}

/* Killed between handing on and the yes: the next one knows under which key it went, and not how it ended. */
static void after_a_kill_the_key_is_known_and_the_end_is_not(void)
{
        struct lpd_known *known = known_new(), *later;
        uint8_t mark[HASH_OCTETS], gone[HASH_OCTETS];
        struct id key = id_new(), found;
        bool is_taken;

        mark_of(known, "10.1.2.3", "mara", "pull", "dfA003h", 3, mark);
        mark_of(known, "10.1.2.3", "mara", "pull", "dfA004h", 4, gone);
        assert(lpd_known_begin(known, mark, key) == 0);
        lpd_known_end(known, mark);
        assert(lpd_known_find(known, mark, &found, &is_taken) && is_taken && id_equal(found, key));
        assert(lpd_known_begin(known, gone, id_new()) == 0);
        lpd_known_forget(known, gone);
        later = known_new();
        assert(lpd_known_find(later, mark, &found, &is_taken) && !is_taken && id_equal(found, key));
        assert(!finds(later, gone));
        lpd_known_free(later);
        assert(lpd_known_new(state, 0, &later) == 0);
        assert(!finds(later, mark)); /* its time is over */
        lpd_known_free(later);
        lpd_known_free(known);
}

static void what_was_torn_is_nothing_and_the_oldest_gives_way(void)
{
        struct lpd_known *known = known_new();
        uint8_t mark[HASH_OCTETS];
        char name[32];
        int fd;

        for (int i = 0; i < LPD_KNOWN_MAX + 10; i++) {
                snprintf(name, sizeof(name), "dfA%dh", i);
                mark_of(known, "10.1.2.9", "mara", "pull", name, 1, mark);
                assert(lpd_known_begin(known, mark, id_new()) == 0);
        }
        assert(finds(known, mark));
        mark_of(known, "10.1.2.9", "mara", "pull", "dfA0h", 1, mark);
        assert(!finds(known, mark));
        lpd_known_free(known);
        fd = openat(state, "lpd.marks", O_WRONLY);
        for (int i = 0; i < LPD_KNOWN_MAX; i++)
                assert(pwrite(fd, "torn", 4, i * 64 + 40) == 4);
        close(fd);
        known = known_new();
        mark_of(known, "10.1.2.9", "mara", "pull", "dfA1000h", 1, mark);
        assert(!finds(known, mark));
        lpd_known_free(known);
        fd = openat(state, "lpd.marks", O_WRONLY | O_TRUNC);
        close(fd);
        known = known_new();
        assert(!finds(known, mark));
        assert(lpd_known_begin(known, mark, id_new()) == 0 && finds(known, mark));
        lpd_known_free(known);
}

int main(void)
{
        assert(mkdtemp(folder));
        state = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        who_sent_it_is_known_again_after_a_restart_and_nobody_else_is();
        only_the_same_job_is_the_same();
        after_a_kill_the_key_is_known_and_the_end_is_not();
        what_was_torn_is_nothing_and_the_oldest_gives_way();
        assert(unlinkat(state, "lpd.key", 0) == 0 && unlinkat(state, "lpd.marks", 0) == 0 &&
               rmdir(folder) == 0);
        return 0;
}
