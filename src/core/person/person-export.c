// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Everybody as a table, which core/person/person-import.h reads again. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/group.h"
#include "core/person/person-import.h"
#include "core/person/person.h"

#define PEOPLE_ONCE 32

/* A cell that a spreadsheet does not calculate. */
static void add_cell(struct text text, struct buffer *to)
{
        SCOPED(buffer_done) struct buffer cell = BUFFER(CSV_RECORD_MAX);

        if (text.len && strchr("=+-@\t", text.at[0]))
                buffer_add_octet(&cell, '\'');
        buffer_add_text(&cell, text);
        if (cell.failure)
                to->failure = cell.failure;
        csv_format_field(buffer_text(&cell), to);
}

static void add_name(const char *name, struct buffer *to)
{
        for (; *name; name++) {
                if (*name == ';')
                        buffer_add_octet(to, ';');
                buffer_add_octet(to, (uint8_t)*name);
        }
}

/* The local ones: what a directory says is not ours to bring back. */
static int add_groups(struct core *core, const struct actor *actor, const struct person *person,
                      struct buffer *to)
{
        SCOPED(freep) struct membership *of = calloc(GROUPS_FROM_MAX, sizeof(*of));
        SCOPED(buffer_done) struct buffer cell = BUFFER(CSV_RECORD_MAX);
        size_t count = 0;
        int r;

        if (!of)
                return fault(-ENOMEM);
        r = group_list_of(core, actor, person->id, of, GROUPS_FROM_MAX, &count);
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r; /* gone meanwhile */
        for (size_t i = 0; i < count; i++) {
                if (!id_is_zero(of[i].method))
                        continue;
                if (cell.len)
                        buffer_add_octet(&cell, ';');
                add_name(of[i].group_name, &cell);
        }
        add_cell(cell.failure ? TEXT_OF("") : buffer_text(&cell), to);
        return 0;
}

static int add_person(struct core *core, const struct actor *actor, const struct person *person,
                      struct buffer *to)
{
        int r;

        add_cell(text_from(person->email), to);
        buffer_add_octet(to, ',');
        add_cell(text_from(person->name), to);
        buffer_add_octet(to, ',');
        add_cell(text_from(person->department), to);
        buffer_add_octet(to, ',');
        r = add_groups(core, actor, person, to);
        buffer_format(to, ",%s,%s,%u\r\n", role_name(person->role), person->disabled ? "yes" : "no",
                      person->badges);
        return r;
}

int person_export_part(struct core *core, const struct actor *actor, struct id *after, struct buffer *to)
{
        SCOPED(freep) struct person *people = calloc(PEOPLE_ONCE, sizeof(*people));
        size_t count = 0;
        int r;

        if (!people)
                return fault(-ENOMEM);
        if (!actor_may(actor, RIGHT_PEOPLE_EXPORT, whose_tenant()))
                return CORE_FORBIDDEN;
        if (id_is_zero(*after))
                buffer_add_string(to, "email,name,department,groups,role,disabled,badges\r\n");
        r = person_list(core, actor, *after, people, PEOPLE_ONCE, &count);
        for (size_t i = 0; r == 0 && i < count; i++) {
                r = add_person(core, actor, &people[i], to);
                *after = people[i].id;
        }
        return r ? r : to->failure ? fault(to->failure) : 0;
}
