// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The desk: where questions to a directory lie that an agent serves.
 *
 *      asker                         desk                       agent
 *      desk_ask() -> WAITING         wakes -------------------->
 *                    TAKEN           desk_take()  <------------  POST /v1/agent/directory/questions
 *                    answered        desk_answer() <-----------  POST /v1/agent/directory/answers
 *      returns   <-
 *
 * A question lies here only while somebody waits for its answer, in his own locked memory; it is given out
 * once, to the one agent it is for, and what comes for a question that nobody waits for (any more) is
 * refused. Nothing is stored. Safe from every thread.
 */

#include "base/buffer.h"
#include "directory/ask.h"

struct desk;

enum desk_refusal {
        DESK_NOBODY_WAITS = 1,
        DESK_MALFORMED,
};

struct desk_question {
        struct id tenant, agent;
        const struct directory_question *question;
        struct text settings; /* JSON, as it stands in the method */
        int64_t timeout_ms;   /* until it is taken, and between two parts of an answer */
};

int desk_new(void (*wake)(void *context, struct id tenant, struct id agent), void *context,
             struct desk **ret);
/* When nobody asks any more. */
void desk_free(struct desk *desk);

/* Waits. 0 with the outcome in *ret, SILENT where the agent says nothing in time, BUSY where the desk is
 * full; parts of a list go to the asker's give(), on this thread. */
int desk_ask(struct desk *desk, const struct desk_question *asked, const struct directory_asker *asker,
             struct arena *arena, struct directory_answer *ret);

/* Adds the next question for this agent to *to, as JSON, and says so; the caller wipes it. */
bool desk_take(struct desk *desk, struct id tenant, struct id agent, struct buffer *to);

struct json_t;
/* An answer of this agent, or a part of one: returns when it has been taken. */
int desk_answer(struct desk *desk, struct id tenant, struct id agent, const struct json_t *answer);
