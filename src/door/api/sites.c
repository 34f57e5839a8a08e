// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/site.h"

#include "base/scope.h"
#include "core/person/person.h"
#include "door/api/api.h"

static json_t *site_json(const struct site *s)
{
        return json_pack("{s:o, s:s, s:o, s:o, s:o, s:b, s:I, s:I, s:o}", "id", json_of_id(s->id), "name",
                         s->name, "title", json_words_or_null(s->title), "address",
                         json_words_or_null(s->address), "geo", json_words_or_null(s->geo), "encrypted_only",
                         s->encrypted_only, "printers", (json_int_t)s->printers, "administrators",
                         (json_int_t)s->administrators, "created", json_of_time(s->created_ms));
}

static json_t *format_site(const void *item, void *context)
{
        return site_json(item);
}

int request_find_site(struct request *request, struct text name, struct site *ret)
{
        struct id id;

        if (id_parse(name, &id))
                return site_find(request->core, request->actor.tenant, id, ret);
        return site_find_by_name(request->core, request->actor.tenant, name, ret);
}

bool request_read_site(struct request *request, struct members *members, struct id *to, int *ret_r)
{
        const char *name = members_string(members, "site", MEMBER_OPTIONAL, CORE_NAME - 1);
        struct site site;

        *ret_r = 0;
        if (!members_has(members, "site"))
                return true;
        *to = (struct id){ 0 };
        if (!name)
                return true;
        *ret_r = request_find_site(request, text_from(name), &site);
        if (*ret_r) {
                *ret_r = request_refuse(request, *ret_r);
                return false;
        }
        *to = site.id;
        return true;
}

int sites_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct text word;
        bool mine = http_query(request->x, "mine", &word) && text_equal_string(word, "true");
        int r;

        if (!request_page(request, sizeof(struct site), &page, &r))
                return r;
        r = site_list(request->core, &request->actor, mine, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_site, NULL);
}

/* What the body has takes the place of what the site had. False after a complaint was answered. */
static bool read_site(struct request *request, enum member_need need, struct site *s, int *ret_r)
{
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "name", need, s->name, sizeof(s->name));
        members_words(&members, "title", MEMBER_OPTIONAL, s->title, sizeof(s->title));
        members_words(&members, "address", MEMBER_OPTIONAL, s->address, sizeof(s->address));
        members_flag(&members, "encrypted_only", MEMBER_OPTIONAL, &s->encrypted_only);
        members_words(&members, "geo", MEMBER_OPTIONAL, s->geo, sizeof(s->geo));
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int site_make_answer(struct request *request)
{
        struct site site = { 0 };
        int r;

        if (!read_site(request, MEMBER_REQUIRED, &site, &r))
                return r;
        r = site_make(request->core, &request->actor, &site);
        return r ? request_refuse(request, r) : request_answer(request, 201, site_json(&site));
}

int site_answer(struct request *request)
{
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        return r ? request_refuse(request, r) : request_answer(request, 200, site_json(&site));
}

int site_change_answer(struct request *request)
{
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r)
                return request_refuse(request, r);
        if (!read_site(request, MEMBER_OPTIONAL, &site, &r))
                return r;
        r = site_change(request->core, &request->actor, &site);
        return r ? request_refuse(request, r) : request_answer(request, 200, site_json(&site));
}

int site_delete_answer(struct request *request)
{
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r == 0)
                r = site_delete(request->core, &request->actor, site.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

static json_t *format_administrator(const void *item, void *context)
{
        const struct person *p = item;

        return json_pack("{s:o, s:s, s:o}", "id", json_of_id(p->id), "email", p->email, "name",
                         json_words_or_null(p->name));
}

int site_administrators_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r)
                return request_refuse(request, r);
        if (!request_page(request, sizeof(struct person), &page, &r))
                return r;
        r = site_list_administrators(request->core, &request->actor, site.id, page.after, page.items,
                                     page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_administrator, NULL);
}

static int change_administrator(struct request *request,
                                int (*change)(struct core *core, const struct actor *actor, struct id site,
                                              struct id person))
{
        struct site site;
        struct id person;
        int r = request_find_site(request, request->arguments[0], &site);

        if (r == 0)
                r = request_find_person(request, request->arguments[1], &person);
        if (r == 0)
                r = change(request->core, &request->actor, site.id, person);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int site_appoint_answer(struct request *request)
{
        return change_administrator(request, site_appoint);
}

int site_dismiss_answer(struct request *request)
{
        return change_administrator(request, site_dismiss);
}
