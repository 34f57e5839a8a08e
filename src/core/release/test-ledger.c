// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The ledger's table is the one in models/transitions.txt, which the models and the checker of traces read:
 * each pair of states is legal here exactly where it stands there.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/release/ledger.h"

struct law {
        bool job[JOB_STATES][JOB_STATES];
        bool delivery[DELIVERY_STATES][DELIVERY_STATES];
        size_t count;
};

static bool delivery_state_of(const char *name, enum delivery_state *ret)
{
        for (int state = 0; state < DELIVERY_STATES; state++) {
                if (strcmp(delivery_state_name((enum delivery_state)state), name) == 0) {
                        *ret = (enum delivery_state)state;
                        return true;
                }
        }
        return false;
}

static void law_add(struct law *law, const char *noun, const char *from, const char *to)
{
        enum job_state job_from, job_to;
        enum delivery_state from_state, to_state;

        law->count++;
        if (strcmp(from, "none") == 0)
                return;
        if (strcmp(noun, "job") == 0) {
                assert(job_state_parse(from, &job_from) && job_state_parse(to, &job_to));
                law->job[job_from][job_to] = true;
        } else {
                assert(strcmp(noun, "delivery") == 0);
                assert(delivery_state_of(from, &from_state) && delivery_state_of(to, &to_state));
                law->delivery[from_state][to_state] = true;
        }
}

static void law_read(struct law *law)
{
        const char *source = getenv("IMPRIMATUR_SOURCE");
        char path[4096], line[256], noun[32], from[32], to[32];
        FILE *file;

        assert(source);
        snprintf(path, sizeof(path), "%s/models/transitions.txt", source);
        file = fopen(path, "re");
        assert(file);
        while (fgets(line, sizeof(line), file))
                if (line[0] != '#' && sscanf(line, "%31s %31s %31s", noun, from, to) == 3)
                        law_add(law, noun, from, to);
        fclose(file);
        assert(law->count > 20);
}

static void compare(bool here, bool there, const char *noun, const char *from, const char *to)
{
        if (here == there)
                return;
        fprintf(stderr, "%s %s -> %s: %s in ledger.c, %s in transitions.txt\n", noun, from, to,
                here ? "legal" : "refused", there ? "legal" : "refused");
        assert(here == there);
}

int main(void)
{
        static struct law law;

        law_read(&law);
        for (int from = 0; from < JOB_STATES; from++)
                for (int to = 0; to < JOB_STATES; to++)
                        compare(job_may_become((enum job_state)from, (enum job_state)to), law.job[from][to],
                                "job", job_state_name((enum job_state)from),
                                job_state_name((enum job_state)to));
        for (int from = 0; from < DELIVERY_STATES; from++)
                for (int to = 0; to < DELIVERY_STATES; to++)
                        compare(delivery_may_become((enum delivery_state)from, (enum delivery_state)to),
                                law.delivery[from][to], "delivery",
                                delivery_state_name((enum delivery_state)from),
                                delivery_state_name((enum delivery_state)to));
        return 0;
}
