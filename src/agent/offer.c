// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/offer.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "agent/recognise.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/scope.h"

static struct text string_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

/* A member that may be missing or null; false where it is something else, or does not fit. */
static bool copy_string(const json_t *object, const char *name, char *ret, size_t size)
{
        const json_t *value = json_object_get(object, name);

        ret[0] = 0;
        if (!value || json_is_null(value))
                return true;
        return json_is_string(value) && text_copy(string_of(object, name), ret, size);
}

static bool copy_number(const json_t *object, const char *name, uint64_t max, uint64_t *ret)
{
        const json_t *value = json_object_get(object, name);

        *ret = 0;
        if (!value || json_is_null(value))
                return true;
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            (uint64_t)json_integer_value(value) > max)
                return false;
        *ret = (uint64_t)json_integer_value(value);
        return true;
}

static bool read_id(const json_t *object, const char *name, struct id *ret)
{
        return json_is_string(json_object_get(object, name)) && id_parse(string_of(object, name), ret);
}

static bool read_document(const json_t *document, struct offer *offer)
{
        uint64_t sealed;

        if (!copy_number(document, "sealed_size", INT64_MAX, &sealed) || sealed == 0 ||
            !copy_string(document, "format", offer->order.format, sizeof(offer->order.format)) ||
            !hex_parse(string_of(document, "seal_id"), offer->seal_id, sizeof(offer->seal_id),
                       &offer->seal_id_length))
                return false;
        offer->sealed_octets = sealed;
        offer->stay = (struct id){ { 0 } };
        return json_is_null(json_object_get(document, "stay")) || !json_object_get(document, "stay") ||
               read_id(document, "stay", &offer->stay);
}

/* Addresses of kinds that we do not know are for agents that do. */
static void read_addresses(const json_t *addresses, struct courier_order *order)
{
        const json_t *value;
        size_t i;

        json_array_foreach(addresses, i, value)
        {
                struct text uri = text_from_octets(json_string_value(value), json_string_length(value));

                if (order->address_count < COURIER_ADDRESSES && uri.at &&
                    courier_address_parse(uri, &order->addresses[order->address_count]) == 0)
                        order->address_count++;
        }
}

static bool read_printer(const json_t *printer, struct offer *offer)
{
        read_addresses(json_object_get(printer, "addresses"), &offer->order);
        return read_id(printer, "id", &offer->printer) &&
               recognise_parse(json_object_get(printer, "identity"), &offer->order.identity);
}

static bool read_numbers(const json_t *json, struct courier_ticket *ticket)
{
        const struct {
                const char *name;
                uint32_t *to;
        } numbers[] = {
                { "copies", &ticket->copies },
                { "print_quality", &ticket->print_quality },
                { "orientation_requested", &ticket->orientation_requested },
                { "number_up", &ticket->number_up },
        };
        uint64_t number;

        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
                if (!copy_number(json, numbers[i].name, INT32_MAX, &number))
                        return false;
                *numbers[i].to = (uint32_t)number;
        }
        return true;
}

static bool read_finishings(const json_t *list, struct courier_ticket *ticket)
{
        const json_t *value;
        size_t i;

        if (list && (!json_is_array(list) || json_array_size(list) > COURIER_FINISHINGS))
                return false;
        json_array_foreach(list, i, value)
        {
                if (!json_is_integer(value) || json_integer_value(value) < 1 ||
                    json_integer_value(value) > INT32_MAX)
                        return false;
                ticket->finishings[i] = (uint32_t)json_integer_value(value);
        }
        return true;
}

static bool read_ticket(const json_t *json, struct courier_ticket *t)
{
        return copy_string(json, "sides", t->sides, sizeof(t->sides)) &&
               copy_string(json, "media", t->media, sizeof(t->media)) &&
               copy_string(json, "media_source", t->media_source, sizeof(t->media_source)) &&
               copy_string(json, "media_type", t->media_type, sizeof(t->media_type)) &&
               copy_string(json, "output_bin", t->output_bin, sizeof(t->output_bin)) &&
               copy_string(json, "multiple_document_handling", t->multiple_document_handling,
                           sizeof(t->multiple_document_handling)) &&
               copy_string(json, "print_color_mode", t->print_color_mode, sizeof(t->print_color_mode)) &&
               copy_string(json, "page_ranges", t->page_ranges, sizeof(t->page_ranges)) &&
               read_finishings(json_object_get(json, "finishings"), t) && read_numbers(json, t);
}

static bool read_accounting(const json_t *json, struct courier_accounting *to)
{
        return copy_string(json, "account", to->account, sizeof(to->account)) &&
               copy_string(json, "user", to->user, sizeof(to->user));
}

/* To a server's queue; null: to a device. */
static bool read_forward(const json_t *json, struct courier_forward *to)
{
        return copy_string(json, "user", to->user, sizeof(to->user)) &&
               copy_string(json, "title", to->title, sizeof(to->title));
}

static bool read_times(const json_t *json, struct offer *offer)
{
        uint64_t lease, grant, stall;

        if (!copy_number(json, "lease_ms", INT32_MAX, &lease) ||
            !copy_number(json, "grant_ms", INT32_MAX, &grant) ||
            !copy_number(json, "stall_ms", INT32_MAX, &stall))
                return false;
        offer->lease_ms = (int64_t)lease;
        offer->grant_ms = (int64_t)grant;
        offer->stall_ms = (int64_t)stall;
        return true;
}

int offer_parse(const json_t *json, struct offer *ret)
{
        struct offer offer = { .epoch = 0 };
        uint64_t epoch;

        if (!read_id(json, "delivery", &offer.delivery) || !copy_number(json, "epoch", UINT32_MAX, &epoch) ||
            !copy_string(json, "name", offer.order.name, sizeof(offer.order.name)) || !offer.order.name[0] ||
            !read_document(json_object_get(json, "document"), &offer) ||
            !read_printer(json_object_get(json, "printer"), &offer) ||
            !read_ticket(json_object_get(json, "ticket"), &offer.order.ticket) ||
            !read_accounting(json_object_get(json, "accounting"), &offer.order.accounting) ||
            !read_forward(json_object_get(json, "forward"), &offer.order.forward) ||
            !read_times(json, &offer))
                return OFFER_MALFORMED;
        offer.epoch = (uint32_t)epoch;
        *ret = offer;
        return 0;
}

int offers_parse(struct text answer, struct offer *ret, size_t max, size_t *ret_count)
{
        json_t *json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        const json_t *deliveries = json_object_get(json, "deliveries"), *value;
        size_t i;

        *ret_count = 0;
        json_array_foreach(deliveries, i, value)
        {
                if (*ret_count == max)
                        break;
                if (offer_parse(value, &ret[*ret_count]) == 0)
                        (*ret_count)++;
                else
                        log_write(LOG_WARNING, "offer-malformed", NULL);
        }
        json_decref(json);
        return deliveries ? 0 : OFFER_MALFORMED;
}
