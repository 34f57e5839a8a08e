// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What an agent is to carry: offers, by asking for them or by a swipe. */

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/release/delivery.h"
#include "core/release/release.h"
#include "door/api/api.h"

#define OFFERS_MAX         64
#define OFFER_ARENA_OCTETS (2 * 1024 * 1024)
#define GRANT_MS           10000 /* from asking to arm to the first octet */

static json_t *strings_json(const void *rows, size_t row_size, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, json_words((const char *)rows + i * row_size));
        return array;
}

static json_t *offer_printer_json(const struct printer *p)
{
        return json_pack("{s:o, s:s, s:o, s:o, s:o, s:b, s:b, s:o, s:I}", "id", json_of_id(p->id), "name",
                         p->name, "addresses", strings_json(p->addresses, PRINTER_ADDRESS, p->address_count),
                         "formats", strings_json(p->formats, CORE_FORMAT, p->format_count), "identity",
                         printer_identity_json(p), "colour", p->colour, "duplex", p->duplex, "media",
                         strings_json(p->media, CORE_NAME, p->media_count), "resolution_dpi",
                         (json_int_t)p->resolution_dpi);
}

static json_t *offer_document_json(const struct delivery_offer *offer)
{
        char seal_id[2 * sizeof(offer->seal_id) + 1];

        hex_format(offer->seal_id, offer->seal_id_length, seal_id);
        return json_pack("{s:I, s:I, s:s, s:s, s:o}", "size", (json_int_t)offer->size_octets, "sealed_size",
                         (json_int_t)offer->sealed_octets, "format", offer->format, "seal_id", seal_id,
                         "stay", json_of_id(offer->stay));
}

/* Under whose name it is handed over to a server's queue; null: to a device. */
static json_t *forward_json(const struct delivery_forward *forward)
{
        return forward->user[0] ? json_pack("{s:s, s:o}", "user", forward->user, "title",
                                            json_words_or_null(forward->title))
                                : json_null();
}

static json_t *offer_json(const struct delivery_offer *offer, int64_t stall_ms)
{
        char delivery[ID_STRING];
        char name[64];

        id_format(offer->delivery, delivery);
        snprintf(name, sizeof(name), "imprimatur %s", delivery);
        return json_pack("{s:s, s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "delivery", delivery,
                         "epoch", (json_int_t)offer->epoch, "job", json_of_id(offer->job), "name", name,
                         "document", offer_document_json(offer), "printer",
                         offer_printer_json(&offer->printer), "ticket", ticket_json(&offer->ticket),
                         "accounting", accounting_json(&offer->accounting), "forward",
                         forward_json(&offer->forward), "lease_ms", (json_int_t)offer->lease_ms, "grant_ms",
                         (json_int_t)GRANT_MS, "stall_ms", (json_int_t)stall_ms);
}

json_t *offers_json(struct core *core, const struct delivery_offer *offers, size_t count)
{
        /* The agent gives up before the service does, so that its word is the first. */
        int64_t stall_ms = core_settings(core)->armed_ms * 3 / 4;
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                if (json_array_append_new(array, offer_json(&offers[i], stall_ms))) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

int leases_answer(struct request *request)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(OFFER_ARENA_OCTETS);
        struct delivery_offer *offers;
        int64_t max = OFFERS_MAX;
        struct members members;
        uint64_t incarnation;
        size_t count;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &incarnation);
        members_number(&members, "max", MEMBER_OPTIONAL, 0, OFFERS_MAX, &max);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = delivery_lease(request->core, &request->actor, incarnation, (uint32_t)max, arena, &offers,
                           &count);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:o}", "deliveries", offers_json(request->core, offers, count)));
}

/* False after a complaint was answered. */
static bool read_swipe(struct request *request, struct swipe_order *order, int *ret_r)
{
        struct members members;
        const char *badge;
        int64_t max = 16;

        if (!request_members(request, &members, ret_r))
                return false;
        members_id(&members, "reader", MEMBER_REQUIRED, &order->reader);
        badge = members_string(&members, "badge", MEMBER_REQUIRED, 64);
        members_id(&members, "swipe", MEMBER_REQUIRED, &order->swipe);
        members_hex64(&members, "incarnation", MEMBER_REQUIRED, &order->incarnation);
        members_number(&members, "max", MEMBER_OPTIONAL, 0, OFFERS_MAX, &max);
        order->badge = text_from(badge);
        order->offers_max = (uint32_t)max;
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int swipes_answer(struct request *request)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(OFFER_ARENA_OCTETS);
        struct swipe_order order = { 0 };
        struct swipe swipe;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        if (!read_swipe(request, &order, &r))
                return r;
        r = release_by_badge(request->core, &request->actor, &order, arena, &swipe);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:s, s:I, s:o}", "result", swipe_result_name(swipe.result),
                                        "released", (json_int_t)swipe.released, "deliveries",
                                        offers_json(request->core, swipe.offers, swipe.offer_count)));
}

/* An appliance that nobody has bound. */
int appliances_answer(struct request *request)
{
        static const char *const models[] = { "tcpconv", "tcpconv2", "ethernet241", "line", NULL };
        struct members members;
        const char *address;
        int model = 0, r;

        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "model", MEMBER_REQUIRED, models, &model);
        address = members_string(&members, "address", MEMBER_REQUIRED, READER_ADDRESS - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = reader_unknown(request->core, &request->actor, (enum reader_model)model, text_from(address));
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
