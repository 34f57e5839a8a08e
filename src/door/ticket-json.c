// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tickets in the API: the same members as in struct ticket, each only where it is set. */

#include "core/job/ticket.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

void ticket_member_name(const struct ticket_member *member, char ret[TICKET_KEYWORD])
{
        text_copy(text_from(member->name), ret, TICKET_KEYWORD);
        for (char *c = ret; *c; c++)
                if (*c == '-')
                        *c = '_';
}

/* Its value as text to JSON: a number, a list of numbers, a string. */
json_t *ticket_value_json(const struct ticket_member *member, const char *value)
{
        struct text rest = text_from(value), one;
        bool more = rest.len > 0;
        uint64_t number;
        json_t *array;

        if (member->kind == TICKET_WORD)
                return json_words(value);
        if (member->kind == TICKET_NUMBER)
                return text_number(rest, UINT32_MAX, &number) ? json_integer((json_int_t)number)
                                                              : json_null();
        array = json_array();
        while (array && more) {
                more = text_cut(rest, ',', &one, &rest);
                if (text_number(one, UINT32_MAX, &number))
                        json_array_append_new(array, json_integer((json_int_t)number));
        }
        return array;
}

json_t *ticket_json(const struct ticket *ticket)
{
        json_t *object = json_object();

        for (size_t i = 0; object && i < ticket_member_count; i++) {
                const struct ticket_member *member = &ticket_members[i];
                char name[TICKET_KEYWORD], value[TICKET_VALUE];

                if (member->is_ours || !ticket_has(ticket, member))
                        continue;
                ticket_member_name(member, name);
                ticket_value(ticket, member, value);
                if (json_object_set_new(object, name, ticket_value_json(member, value))) {
                        json_decref(object);
                        return NULL;
                }
        }
        return object;
}

/* A list of numbers as core takes it; false after a complaint. */
static bool read_numbers(struct members *members, const char *name, char ret[TICKET_VALUE])
{
        json_t *array = members_array(members, name, MEMBER_OPTIONAL, TICKET_FINISHINGS), *item;
        size_t at = 0, i;

        ret[0] = 0;
        json_array_foreach(array, i, item)
        {
                json_int_t number = json_integer_value(item);

                if (!json_is_integer(item) || number < 1 || number > 100000) {
                        members_complain(members, "\"%s\" is a list of numbers.", name);
                        return false;
                }
                at += (size_t)snprintf(ret + at, TICKET_VALUE - at, "%s%lld", at ? "," : "", number);
        }
        return at > 0;
}

/* What words there are, where it has to be one of them. */
static void complain(struct members *members, const struct ticket_member *member, const char *name)
{
        char words[160];
        size_t at = 0;

        words[0] = 0;
        for (const char *const *word = member->words; word && *word; word++)
                at += (size_t)snprintf(words + at, sizeof(words) - at, "%s%s",
                                       !at       ? ""
                                       : word[1] ? ", "
                                                 : " or ",
                                       *word);
        if (at)
                members_complain(members, "\"%s\" must be %s.", name, words);
        else if (member->kind == TICKET_WORD && strcmp(name, "page_ranges") != 0)
                members_complain(members, "\"%s\" must be a keyword.", name);
        /* Numbers and ranges that are out of bounds are core's to refuse. */
}

/* False where it is not there, or after a complaint. */
static bool read_value(struct members *members, const struct ticket_member *member, const char *name,
                       char ret[TICKET_VALUE])
{
        const char *string;
        int64_t number;

        if (member->kind == TICKET_NUMBERS)
                return read_numbers(members, name, ret);
        if (member->kind == TICKET_WORD) {
                string = members_string(members, name, MEMBER_OPTIONAL, member->size - 1);
                return string && text_copy(text_from(string), ret, TICKET_VALUE);
        }
        if (!members_number(members, name, MEMBER_OPTIONAL, 1, 100000, &number))
                return false;
        snprintf(ret, TICKET_VALUE, "%lld", (long long)number);
        return true;
}

bool ticket_read(struct request *request, json_t *value, struct ticket *ret, int *ret_r)
{
        char names[MEMBERS_MAX][TICKET_KEYWORD]; /* which the members borrow */
        struct members members;
        int r = 0;

        memset(ret, 0, sizeof(*ret));
        members_open(&members, value);
        for (size_t i = 0; i < ticket_member_count && i < MEMBERS_MAX; i++) {
                const struct ticket_member *member = &ticket_members[i];
                char *name = names[i], string[TICKET_VALUE];

                ticket_member_name(member, name);
                if (member->is_ours || !read_value(&members, member, name, string) ||
                    ticket_set(ret, member, text_from(string)) == 0)
                        continue;
                complain(&members, member, name);
                r = CORE_BAD_VALUE;
        }
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        if (r == 0 && ticket_is_valid(ret))
                return true;
        *ret_r = request_refuse(request, CORE_BAD_VALUE);
        return false;
}

bool ticket_read_query(struct request *request, struct ticket *ret, int *ret_r)
{
        json_t *value = json_object();
        bool is_good;

        for (size_t i = 0; value && i < ticket_member_count; i++) {
                const struct ticket_member *member = &ticket_members[i];
                char name[TICKET_KEYWORD], string[TICKET_VALUE];
                struct ticket unused;
                struct text word;
                json_t *made;

                ticket_member_name(member, name);
                if (member->is_ours || !http_query(request->x, name, &word))
                        continue;
                /* A number that is none stays a string, and is complained of as such. */
                made = text_copy(word, string, sizeof(string)) && ticket_set(&unused, member, word) == 0
                               ? ticket_value_json(member, string)
                               : json_stringn(word.at, word.len);
                json_object_set_new(value, name, made ? made : json_true());
        }
        is_good = ticket_read(request, value, ret, ret_r);
        json_decref(value);
        return is_good;
}
