// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer.h"

#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "core/site/certificate.h"
#include "core/printer/printer-glance.h"
#include "core/printer/printer-wire.h"
#include "core/release/release.h"
#include "core/site/site.h"
#include "door/api/api.h"

static json_t *rows_json(const void *rows, size_t row_size, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                if (json_array_append_new(array, json_words((const char *)rows + i * row_size))) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

/* Addresses are for administrators: they may carry what an outsider could use. */
static json_t *addresses_json(const struct printer *printer, bool shows_addresses)
{
        return rows_json(printer->addresses, PRINTER_ADDRESS, shows_addresses ? printer->address_count : 0);
}

/* By the certificates that it was issued; null: it never was. */
static json_t *issued_keys_json(const struct printer *printer)
{
        struct printer_issued_keys keys;

        printer_issued_keys(printer->identity_issued, clock_unix_ms(), &keys);
        return keys.any ? rows_json(keys.spki, sizeof(keys.spki[0]), keys.count) : json_null();
}

json_t *printer_identity_json(const struct printer *printer)
{
        return json_pack("{s:o, s:o, s:o, s:o}", "uuid", json_words_or_null(printer->identity_uuid), "spki",
                         json_words_or_null(printer->identity_spki), "serial",
                         json_words_or_null(printer->identity_serial), "issued", issued_keys_json(printer));
}

static json_t *numbers_json(const uint32_t *numbers, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                if (json_array_append_new(array, json_integer(numbers[i]))) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

/* What it can do with sheets, as IPP spells it. */
static json_t *abilities_json(const struct printer *p)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:s}", "output_bins",
                         rows_json(p->output_bins, CORE_NAME, p->output_bin_count), "media_types",
                         rows_json(p->media_types, CORE_NAME, p->media_type_count), "media_sources",
                         rows_json(p->media_sources, CORE_NAME, p->media_source_count), "finishings",
                         numbers_json(p->finishings, p->finishing_count), "sheet_back",
                         json_words(p->sheet_back[0] ? p->sheet_back : "normal"), "password_digits",
                         (json_int_t)p->password_digits, "substitution",
                         json_words_or_null(substitution_words[p->substitution]), "accounting",
                         accounting_needs_names[p->accounting]);
}

/* A server's queue: under which name jobs are handed over; null: a device. */
static json_t *forward_json(const struct printer *p)
{
        return p->forward_user[0]
                       ? json_pack("{s:s, s:b}", "user", p->forward_user, "titles", p->forward_titles)
                       : json_null();
}

/* For those who could mend it. */
static json_t *warnings_json(const struct printer *p, bool shows)
{
        const char *word = shows ? printer_wire_names[printer_wire(p)] : NULL;

        return word ? json_pack("[s, s*]", word, p->openly_ms ? "reached-openly" : NULL) : json_array();
}

json_t *printer_json(const struct printer *p, bool shows_addresses)
{
        json_t *value = json_pack(
                "{s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:I, s:I, s:I}", "id", json_of_id(p->id),
                "name", p->name, "title", json_words_or_null(p->title), "location",
                json_words_or_null(p->location), "make_and_model", json_words_or_null(p->make_and_model),
                "agent", json_of_id(p->agent), "accepting", p->accepting, "public", p->is_public, "colour",
                p->colour, "duplex", p->duplex, "resolution_dpi", (json_int_t)p->resolution_dpi,
                "pages_per_minute", (json_int_t)p->pages_per_minute, "trays", (json_int_t)p->trays);

        if (!value)
                return NULL;
        if (json_object_update_new(value, abilities_json(p)) ||
            json_object_set_new(value, "alias", json_words_or_null(p->alias)) ||
            json_object_set_new(value, "forward", forward_json(p)) ||
            json_object_set_new(value, "warnings", warnings_json(p, shows_addresses)) ||
            json_object_set_new(value, "badges", json_boolean(p->badges)) ||
            json_object_set_new(value, "site", json_of_id(p->site)) ||
            json_object_set_new(value, "addresses", addresses_json(p, shows_addresses)) ||
            json_object_set_new(value, "formats", rows_json(p->formats, CORE_FORMAT, p->format_count)) ||
            json_object_set_new(value, "media", rows_json(p->media, CORE_NAME, p->media_count)) ||
            json_object_set_new(value, "identity", printer_identity_json(p)) ||
            json_object_set_new(value, "created", json_of_time(p->created_ms))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

/* What is known of it now; its alerts, and whether another device stands there, for those who could mend it.
 */
static json_t *glance_json(const struct printer_glance *g, bool inspects)
{
        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "condition", printer_condition_name(g->condition),
                         "reasons", rows_json(g->reasons, CORE_NAME, g->reason_count), "seen",
                         json_of_time(g->seen_ms), "alerts", inspects ? json_integer(g->alerts) : json_null(),
                         "worst",
                         inspects && g->alerts ? json_string(alert_severity_names[g->worst]) : json_null(),
                         "swapped_since", json_of_time(inspects ? g->swapped_ms : 0));
}

json_t *printer_listed_json(const void *item, void *context)
{
        struct request *request = context;
        const struct printer *printer = item;
        struct printer_glance glance;
        bool inspects;
        json_t *value;

        if (site_actor_may(request->core, &request->actor, RIGHT_PRINTERS_INSPECT, printer->site,
                           &inspects) ||
            printer_glance_find(request->core, request->actor.tenant, printer->id, &glance))
                return NULL;
        value = printer_json(printer, inspects);
        if (value && json_object_set_new(value, "status", glance_json(&glance, inspects))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

static bool asks(struct request *request, const char *name)
{
        struct text word;

        return http_query(request->x, name, &word) && text_equal_string(word, "true");
}

/* What is asked for in the address. */
struct asked {
        struct printer_search search;
        struct geo place;
        struct id jobs[RELEASE_JOBS_MAX];
};

/* "jobs=ID,ID". False after a complaint. */
static bool read_jobs(struct request *request, struct asked *asked, int *ret_r)
{
        struct printer_search *search = &asked->search;
        struct text rest, id;
        bool goes_on;

        if (!http_query(request->x, "jobs", &rest))
                return true;
        search->jobs = asked->jobs;
        do {
                goes_on = text_cut(rest, ',', &id, &rest);
                if (search->job_count == RELEASE_JOBS_MAX ||
                    !id_parse(id, &asked->jobs[search->job_count++])) {
                        *ret_r = request_bad(request, "\"jobs\" are ids of jobs with commas between them.");
                        return false;
                }
        } while (goes_on);
        return true;
}

/* Where somebody is stands in this one request and nowhere else: the log has no queries
 * (net/http-exchange.h). */
static bool read_place(struct request *request, struct asked *asked, int *ret_r)
{
        struct text word;

        if (!http_query(request->x, "near", &word))
                return true;
        if (!geo_parse(word, &asked->place)) {
                *ret_r = request_bad(request, "\"near\" is latitude and longitude: 52.52,13.405.");
                return false;
        }
        asked->search.near = &asked->place;
        return true;
}

/* False after a complaint or a refusal was answered. */
static bool read_asked(struct request *request, struct asked *asked, int *ret_r)
{
        struct printer_search *search = &asked->search;
        struct site site;
        struct text word;

        if (http_query(request->x, "search", &word))
                search->words = word;
        search->inspected = asks(request, "inspected");
        search->attention = asks(request, "attention");
        search->usable = asks(request, "usable");
        if (http_query(request->x, "site", &word)) {
                *ret_r = request_find_site(request, word, &site);
                if (*ret_r) {
                        *ret_r = request_refuse(request, *ret_r);
                        return false;
                }
                search->site = site.id;
        }
        return read_jobs(request, asked, ret_r) && read_place(request, asked, ret_r);
}

/* With how far it is. */
static json_t *format_near(const void *item, void *context)
{
        const struct printer *printer = item;
        json_t *value = printer_listed_json(item, context);

        if (value && json_object_set_new(value, "metres",
                                         printer->metres == GEO_NOWHERE ? json_null()
                                                                        : json_integer(printer->metres))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

int printers_answer_of(struct request *request, struct id group)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct asked asked = { .search.group = group };
        int r;

        if (!read_asked(request, &asked, &r) || !request_page(request, sizeof(struct printer), &page, &r))
                return r;
        r = printer_list(request->core, &request->actor, &asked.search, page.after, page.items, page.max,
                         &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, asked.search.near ? format_near : printer_listed_json,
                                       request);
}

int printers_answer(struct request *request)
{
        return printers_answer_of(request, (struct id){ 0 });
}

static void read_count(struct members *members, const char *name, int64_t most, uint32_t *to)
{
        int64_t number;

        if (members_number(members, name, MEMBER_OPTIONAL, 0, most, &number))
                *to = (uint32_t)number;
}

static void read_identity(struct members *members, struct printer *printer)
{
        json_t *value = members_object(members, "identity", MEMBER_OPTIONAL);
        struct members identity;

        if (!value) {
                /* null: whatever stands there now is accepted and pinned anew. */
                if (members_has(members, "identity")) {
                        printer->identity_uuid[0] = printer->identity_spki[0] = printer->identity_serial[0] =
                                '\0';
                        printer->forgets_issued = true;
                }
                return;
        }
        members_open(&identity, value);
        members_words(&identity, "uuid", MEMBER_OPTIONAL, printer->identity_uuid,
                      sizeof(printer->identity_uuid));
        members_words(&identity, "spki", MEMBER_OPTIONAL, printer->identity_spki,
                      sizeof(printer->identity_spki));
        members_words(&identity, "serial", MEMBER_OPTIONAL, printer->identity_serial,
                      sizeof(printer->identity_serial));
        if (!members_finish(&identity))
                members_complain(members, "In \"identity\": %s", identity.complaint);
}

static void read_forward(struct members *members, struct printer *p)
{
        json_t *value = members_object(members, "forward", MEMBER_OPTIONAL);
        struct members forward;

        if (!members_has(members, "forward"))
                return;
        p->forward_user[0] = 0;
        p->forward_titles = false;
        if (!value)
                return;
        members_open(&forward, value);
        members_words(&forward, "user", MEMBER_REQUIRED, p->forward_user, sizeof(p->forward_user));
        members_flag(&forward, "titles", MEMBER_OPTIONAL, &p->forward_titles);
        if (!members_finish(&forward))
                members_complain(members, "In \"forward\": %s", forward.complaint);
}

static void read_finishings(struct members *members, struct printer *p)
{
        json_t *array = members_array(members, "finishings", MEMBER_OPTIONAL, PRINTER_FINISHINGS);
        const json_t *value;
        size_t i;

        if (!array)
                return;
        p->finishing_count = 0;
        json_array_foreach(array, i, value)
        {
                json_int_t number = json_is_integer(value) ? json_integer_value(value) : 0;

                if (number < 3 || number > UINT16_MAX) {
                        members_complain(members, "\"finishings\" are IPP's numbers, such as 4 for staple.");
                        return;
                }
                p->finishings[p->finishing_count++] = (uint32_t)number;
        }
}

/* null: as the tenant says. */
static void read_substitution(struct members *members, struct printer *p)
{
        int word = SUBSTITUTION_UNSAID;

        (void)members_word(members, "substitution", MEMBER_OPTIONAL, substitution_words, &word);
        p->substitution = (enum substitution)word;
}

static void read_abilities(struct members *members, struct printer *p)
{
        members_strings(members, "output_bins", PRINTER_BINS, p->output_bins, CORE_NAME,
                        &p->output_bin_count);
        members_strings(members, "media_types", PRINTER_TYPES, p->media_types, CORE_NAME,
                        &p->media_type_count);
        members_strings(members, "media_sources", PRINTER_SOURCES, p->media_sources, CORE_NAME,
                        &p->media_source_count);
        read_finishings(members, p);
        members_words(members, "sheet_back", MEMBER_OPTIONAL, p->sheet_back, sizeof(p->sheet_back));
        read_count(members, "password_digits", 255, &p->password_digits);
        if (members_has(members, "substitution"))
                read_substitution(members, p);
}

/* What the body has takes the place of what the printer had. False after a complaint was answered. */
static bool read_printer(struct request *request, enum member_need need, struct printer *p, int *ret_r)
{
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "name", need, p->name, sizeof(p->name));
        members_words(&members, "title", MEMBER_OPTIONAL, p->title, sizeof(p->title));
        members_words(&members, "alias", MEMBER_OPTIONAL, p->alias, sizeof(p->alias));
        printer_alias_fold(p->alias);
        members_words(&members, "location", MEMBER_OPTIONAL, p->location, sizeof(p->location));
        members_words(&members, "make_and_model", MEMBER_OPTIONAL, p->make_and_model,
                      sizeof(p->make_and_model));
        if (!request_read_site(request, &members, &p->site, ret_r))
                return false;
        if (!members_id(&members, "agent", MEMBER_OPTIONAL, &p->agent) && members_has(&members, "agent"))
                p->agent = (struct id){ 0 };
        members_flag(&members, "accepting", MEMBER_OPTIONAL, &p->accepting);
        members_flag(&members, "badges", MEMBER_OPTIONAL, &p->badges);
        members_flag(&members, "public", MEMBER_OPTIONAL, &p->is_public);
        members_flag(&members, "colour", MEMBER_OPTIONAL, &p->colour);
        members_flag(&members, "duplex", MEMBER_OPTIONAL, &p->duplex);
        read_count(&members, "resolution_dpi", 9600, &p->resolution_dpi);
        read_count(&members, "pages_per_minute", 10000, &p->pages_per_minute);
        read_count(&members, "trays", PRINTER_MEDIA, &p->trays);
        members_strings(&members, "addresses", PRINTER_ADDRESSES, p->addresses, PRINTER_ADDRESS,
                        &p->address_count);
        members_strings(&members, "formats", PRINTER_FORMATS, p->formats, CORE_FORMAT, &p->format_count);
        members_strings(&members, "media", PRINTER_MEDIA, p->media, CORE_NAME, &p->media_count);
        read_forward(&members, p);
        read_abilities(&members, p);
        read_identity(&members, p);
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int printer_make_answer(struct request *request)
{
        struct printer printer = { .accepting = true, .badges = true };
        int r;

        if (!read_printer(request, MEMBER_REQUIRED, &printer, &r))
                return r;
        r = printer_make(request->core, &request->actor, &printer);
        return r ? request_refuse(request, r) : request_answer(request, 201, printer_json(&printer, true));
}

int printer_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r)
                 : request_answer(request, 200, printer_listed_json(&printer, request));
}

int printer_change_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r)
                return request_refuse(request, r);
        if (!read_printer(request, MEMBER_OPTIONAL, &printer, &r))
                return r;
        r = printer_change(request->core, &request->actor, &printer);
        return r ? request_refuse(request, r) : request_answer(request, 200, printer_json(&printer, true));
}

int printer_delete_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r == 0)
                r = printer_delete(request->core, &request->actor, printer.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
