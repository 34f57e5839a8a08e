// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/lpd-known.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/imprimatur-known-XXXXXX";
static int state;

static struct lpd_known *known_new(void)
{
        struct lpd_known *known = NULL;

        assert(lpd_known_new(state, &known) == 0);
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
        free(known);
        free(later);
}

static void only_the_same_job_is_the_same(void)
{
        struct lpd_known *known = known_new();
        uint8_t contents[HASH_OCTETS] = { 1 }, others[HASH_OCTETS] = { 2 }, mark[HASH_OCTETS],
                other[HASH_OCTETS];

        lpd_known_mark(known, TEXT_OF("10.1.2.3"), TEXT_OF("pull"), TEXT_OF("dfA001h"), contents, mark);
        assert(!lpd_known_has(known, mark));
        lpd_known_add(known, mark);
        assert(lpd_known_has(known, mark));
        lpd_known_mark(known, TEXT_OF("10.1.2.3"), TEXT_OF("pull"), TEXT_OF("dfA001h"), others, other);
        assert(!lpd_known_has(known, other));
        lpd_known_mark(known, TEXT_OF("10.1.2.3"), TEXT_OF("pull"), TEXT_OF("dfA002h"), contents, other);
        assert(!lpd_known_has(known, other));
        lpd_known_mark(known, TEXT_OF("10.1.2.4"), TEXT_OF("pull"), TEXT_OF("dfA001h"), contents, other);
        assert(!lpd_known_has(known, other));
        lpd_known_mark(known, TEXT_OF("10.1.2.3"), TEXT_OF("pul"), TEXT_OF("ldfA001h"), contents, other);
        assert(!lpd_known_has(known, other));
        free(known);
}

int main(void)
{
        assert(mkdtemp(folder));
        state = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        who_sent_it_is_known_again_after_a_restart_and_nobody_else_is();
        only_the_same_job_is_the_same();
        assert(unlinkat(state, "lpd.key", 0) == 0 && rmdir(folder) == 0);
        return 0;
}
