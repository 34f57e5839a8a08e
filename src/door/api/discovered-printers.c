// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Printers that agents have seen: those that wait to become ours, and what is known of those that are. */

#include "core/printer/discovered-printer.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer-watch.h"
#include "door/api/api.h"
#include "door/shape.h"

static json_t *via_json(const char *via)
{
        struct text rest = text_from(via), way;
        json_t *array = json_array();

        while (array && rest.len) {
                text_cut(rest, ' ', &way, &rest);
                json_array_append_new(array, json_stringn(way.at, way.len));
        }
        return array;
}

static json_t *identity_json(const struct sighting_identity *identity)
{
        return json_pack("{s:o, s:o, s:o, s:o}", "uuid", json_words_or_null(identity->uuid), "spki",
                         json_words_or_null(identity->spki), "serial", json_words_or_null(identity->serial),
                         "mac", json_words_or_null(identity->mac));
}

static json_t *discovered_json(const struct discovered_printer *d)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                         json_of_id(d->id), "agent", json_of_id(d->agent), "site", json_of_id(d->site),
                         "printer", json_of_id(d->printer), "address", json_words_or_null(d->address), "also",
                         json_words_or_null(d->also), "via", via_json(d->via), "make_and_model",
                         json_words_or_null(d->make_and_model), "identity", identity_json(&d->identity),
                         "first_seen", json_of_time(d->first_ms), "seen", json_of_time(d->seen_ms),
                         "silent_since", json_of_time(d->silent_ms));
}

/* What was told and can be read stands as it was told. */
static json_t *kept_json(const struct buffer *kept, bool is_list)
{
        struct text text = buffer_text(kept);
        json_t *value = text.len ? json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;

        return value ? value : is_list ? json_array() : json_object();
}

static json_t *with_facts(json_t *value, const struct discovered_facts *facts)
{
        if (value && (json_object_set_new(value, "facts", kept_json(&facts->facts, false)) ||
                      json_object_set_new(value, "supplies", kept_json(&facts->supplies, true)) ||
                      json_object_set_new(value, "trays", kept_json(&facts->trays, true)) ||
                      json_object_set_new(value, "covers", kept_json(&facts->covers, true)))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

static json_t *format_discovered(const void *item, void *context)
{
        return discovered_json(item);
}

int discovered_printers_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        enum discovered_which which = DISCOVERED_NEW;
        struct text word;
        int r;

        if (http_query(request->x, "which", &word)) {
                for (which = DISCOVERED_NEW; which <= DISCOVERED_ALL; which++)
                        if (text_equal_string(word, discovered_which_names[which]))
                                break;
                if (which > DISCOVERED_ALL)
                        return request_bad(request, "which is one of: new, known, all.");
        }
        if (!request_page(request, sizeof(struct discovered_printer), &page, &r))
                return r;
        r = discovered_list(request->core, &request->actor, which, page.after, page.items, page.max,
                            &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_discovered, NULL);
}

int discovered_printer_answer(struct request *request)
{
        SCOPED(discovered_facts_done) struct discovered_facts facts;
        struct discovered_printer found;
        struct id id;
        int r;

        discovered_facts_init(&facts);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = discovered_find(request->core, &request->actor, id, &found, &facts);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200, with_facts(discovered_json(&found), &facts));
}

int discovered_printer_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = discovered_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

/* ---- one of ours from now on ---- */

static void take_strings(json_t *array, void *rows, size_t row_size, size_t max, size_t *ret_count)
{
        json_t *item;
        size_t i;

        *ret_count = 0;
        json_array_foreach(array, i, item)
        {
                struct text text = text_from_octets(json_string_value(item), json_string_length(item));

                if (*ret_count < max && text.len && !memchr(text.at, ' ', text.len) &&
                    text_copy(text, (char *)rows + *ret_count * row_size, row_size))
                        (*ret_count)++;
        }
}

static void take_abilities(json_t *facts, struct printer *p)
{
        json_t *item;
        size_t i;

        take_strings(json_object_get(facts, "formats"), p->formats, CORE_FORMAT, PRINTER_FORMATS,
                     &p->format_count);
        take_strings(json_object_get(facts, "media"), p->media, CORE_NAME, PRINTER_MEDIA, &p->media_count);
        take_strings(json_object_get(facts, "media_types"), p->media_types, CORE_NAME, PRINTER_TYPES,
                     &p->media_type_count);
        take_strings(json_object_get(facts, "media_sources"), p->media_sources, CORE_NAME, PRINTER_SOURCES,
                     &p->media_source_count);
        take_strings(json_object_get(facts, "output_bins"), p->output_bins, CORE_NAME, PRINTER_BINS,
                     &p->output_bin_count);
        json_array_foreach(json_object_get(facts, "finishings"), i, item)
        {
                if (p->finishing_count < PRINTER_FINISHINGS && json_integer_value(item) > 3)
                        p->finishings[p->finishing_count++] = (uint32_t)json_integer_value(item);
        }
        p->colour = json_is_true(json_object_get(facts, "colour"));
        p->duplex = json_is_true(json_object_get(facts, "duplex"));
        p->resolution_dpi = (uint32_t)shape_number(facts, "resolution_dpi", 0);
        if (p->resolution_dpi > 2400)
                p->resolution_dpi = 0;
        p->pages_per_minute = (uint32_t)shape_number(facts, "speed_ppm", 0);
        text_copy(text_from(shape_string(facts, "sheet_back")), p->sheet_back, sizeof(p->sheet_back));
}

/* Everything that it said of itself. Where it did not say how it can be reached, by RAW; nor what it takes,
 * PDF. */
static void fill(const struct discovered_printer *found, json_t *facts, size_t trays, struct printer *p)
{
        take_strings(json_object_get(facts, "uris"), p->addresses, PRINTER_ADDRESS, PRINTER_ADDRESSES,
                     &p->address_count);
        if (!p->address_count) {
                snprintf(p->addresses[0], PRINTER_ADDRESS,
                         strchr(found->address, ':') ? "socket://[%s]:9100" : "socket://%s:9100",
                         found->address);
                p->address_count = 1;
        }
        take_abilities(facts, p);
        if (!p->format_count) {
                text_copy(TEXT_OF("application/pdf"), p->formats[0], CORE_FORMAT);
                p->format_count = 1;
        }
        p->trays = trays > 32 ? 32 : (uint32_t)trays;
        text_copy(text_from(found->make_and_model), p->make_and_model, sizeof(p->make_and_model));
        text_copy(text_from(shape_string(facts, "location")), p->location, sizeof(p->location));
        text_copy(text_from(shape_string(facts, "name")), p->title, sizeof(p->title));
        p->site = found->site;
        if (id_is_zero(p->site))
                p->agent = found->agent;
        /* What IPP said of it is what the courier will be told, too. */
        if (memmem(found->via, strlen(found->via), "ipp", 3)) {
                memcpy(p->identity_uuid, found->identity.uuid, sizeof(p->identity_uuid));
                memcpy(p->identity_spki, found->identity.spki, sizeof(p->identity_spki));
        }
}

static bool read_adoption(struct request *request, struct printer *p, int *ret_r)
{
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "name", MEMBER_REQUIRED, p->name, sizeof(p->name));
        members_words(&members, "title", MEMBER_OPTIONAL, p->title, sizeof(p->title));
        members_words(&members, "location", MEMBER_OPTIONAL, p->location, sizeof(p->location));
        if (!request_read_site(request, &members, &p->site, ret_r))
                return false;
        members_id(&members, "agent", MEMBER_OPTIONAL, &p->agent);
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

static void unload(json_t **value)
{
        json_decref(*value);
}

int discovered_printer_adopt_answer(struct request *request)
{
        SCOPED(discovered_facts_done) struct discovered_facts facts;
        SCOPED(unload) json_t *told = NULL;
        SCOPED(unload) json_t *trays = NULL;
        struct printer printer = { .accepting = true, .badges = true };
        struct discovered_printer found;
        struct id id;
        int r;

        discovered_facts_init(&facts);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = discovered_find(request->core, &request->actor, id, &found, &facts);
        if (r)
                return request_refuse(request, r);
        told = kept_json(&facts.facts, false);
        trays = kept_json(&facts.trays, true);
        fill(&found, told, json_array_size(trays), &printer);
        if (!read_adoption(request, &printer, &r))
                return r;
        r = discovered_adopt(request->core, &request->actor, id, &printer);
        return r ? request_refuse(request, r) : request_answer(request, 201, printer_json(&printer, true));
}

/* ---- what is known of one of ours ---- */

static json_t *watch_json(struct request *request, const struct printer *printer)
{
        struct printer_watch watch;

        /* Whoever may not inspect it sees what it is, and not where it stands. */
        if (printer_watch_find(request->core, &request->actor, printer->id, &watch))
                return json_null();
        return json_pack("{s:b, s:o, s:o}", "follows", watch.follows, "swapped_since",
                         json_of_time(watch.swapped_ms), "swapped_by", json_of_id(watch.swapped_by));
}

static int answer_device(struct request *request, const struct printer *printer)
{
        SCOPED(discovered_facts_done) struct discovered_facts facts;
        struct discovered_printer found;
        json_t *device = NULL;
        int r;

        discovered_facts_init(&facts);
        r = discovered_find_of(request->core, &request->actor, printer, &found, &facts);
        if (r && r != CORE_NOT_FOUND)
                return request_refuse(request, r);
        device = r ? json_null() : with_facts(discovered_json(&found), &facts);
        return request_answer(request, 200,
                              json_pack("{s:o, s:o, s:o}", "printer", json_of_id(printer->id), "watch",
                                        watch_json(request, printer), "device", device));
}

int printer_device_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : answer_device(request, &printer);
}

int printer_device_change_answer(struct request *request)
{
        struct printer_watch watch;
        struct members members;
        struct printer printer;
        struct id discovered;
        bool has_discovered;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r == 0)
                r = printer_watch_find(request->core, &request->actor, printer.id, &watch);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "follows", MEMBER_OPTIONAL, &watch.follows);
        has_discovered = members_id(&members, "device", MEMBER_OPTIONAL, &discovered);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = printer_watch_change(request->core, &request->actor, printer.id, watch.follows,
                                 has_discovered ? &discovered : NULL);
        return r ? request_refuse(request, r) : answer_device(request, &printer);
}
