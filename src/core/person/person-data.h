// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * All that is kept of one person, for himself or on his behalf (GDPR, articles 15 and 20): rows of named
 * values, section by section, some at a time. One table in person-data.c names the sections; who adds a table
 * about people adds its line there, and a test looks for tables without one.
 *
 * Secrets are not told: of passwords, keys and codes only that there is one. Titles of jobs are told to their
 * owner alone. Events are those about him and by him. What is left out: documents, which their owner prints,
 * and counters of wrong guesses, which are kept under hashes.
 */

#include "core/actor.h"

#define PERSON_DATA_VALUES 16

enum person_data_kind {
        PERSON_DATA_TEXT = 1,
        PERSON_DATA_NUMBER,
        PERSON_DATA_FLAG,
        PERSON_DATA_TIME, /* milliseconds since 1970; 0: none */
        PERSON_DATA_ID,
        PERSON_DATA_HIDDEN,  /* not told: where to go on */
        PERSON_DATA_TITLE,   /* sealed in the database; left out for others than the owner */
        PERSON_DATA_ACCOUNT, /* likewise sealed: account and user, as a text with a blank between */
};

struct person_data_value {
        const char *name;
        enum person_data_kind kind;
        struct text text; /* borrowed for the call */
        int64_t number;
        struct id id;
};

/* Where the walk stands: zero at the beginning. */
struct person_data {
        size_t section;
        bool goes_on; /* the section was begun before */
        int64_t number;
        char octets[CORE_TITLE];
        size_t octets_len;
};

/* Whether rows of that table are told: for the test that looks at the schema. */
bool person_data_tells_of(const char *table);

/* The section that comes next; NULL at the end. */
const char *person_data_section(const struct person_data *at);

/*
 * Calls row() for the next rows of the section (a fault of it ends the call), and moves at. *ret_ended: that
 * section has no more. CORE_NOT_FOUND (also for somebody else), CORE_FORBIDDEN.
 */
int person_data_next(struct core *core, const struct actor *actor, struct id person, struct person_data *at,
                     int (*row)(void *context, const struct person_data_value *values, size_t count),
                     void *context, bool *ret_ended);
