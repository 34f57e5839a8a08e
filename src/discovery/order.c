// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

void look_order_init(struct order *order)
{
        *order = (struct order){ .packets_per_second = 200,
                                 .window = 256,
                                 .timeout_ms = 1000,
                                 .retries = 1,
                                 .snmp_port = 161,
                                 .ipp_port = 631,
                                 .http_port = 80 };
}

static struct text words_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

static bool is_said(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return value && !json_is_null(value);
}

/* What is not said stays as it is. */
static bool read_number(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *ret)
{
        const json_t *value = json_object_get(object, name);

        if (!is_said(object, name))
                return true;
        if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
                return false;
        *ret = json_integer_value(value);
        return true;
}

static bool read_ranges(const json_t *list, bool (*parse)(struct text text, struct range *ret),
                        struct range *ret, size_t *ret_count)
{
        const json_t *value;
        size_t i;

        *ret_count = 0;
        if (!list || json_is_null(list))
                return true;
        if (!json_is_array(list) || json_array_size(list) > RANGES_MAX)
                return false;
        json_array_foreach(list, i, value)
        {
                struct text text = text_from_octets(json_string_value(value), json_string_length(value));

                if (!json_is_string(value) || !parse(text, &ret[(*ret_count)++]))
                        return false;
        }
        return true;
}

static bool read_where(const json_t *member, struct order *order)
{
        struct range included[RANGES_MAX], excluded[RANGES_MAX];
        size_t included_count, excluded_count;

        if (!read_ranges(json_object_get(member, "ranges"), range_parse, included, &included_count) ||
            !read_ranges(json_object_get(member, "excludes"), range_parse_whole, excluded, &excluded_count))
                return false;
        ranges_make(included, included_count, excluded, excluded_count, &order->ranges);
        order->excluded = (struct ranges){ .count = 0 };
        ranges_make(excluded, excluded_count, NULL, 0, &order->excluded);
        return true;
}

static bool read_ways(const json_t *list, struct order *order)
{
        const json_t *value;
        size_t i;

        if (!list || json_is_null(list)) {
                for (size_t way = 0; way < WAYS; way++)
                        order->ways[way] = true;
                return true;
        }
        if (!json_is_array(list))
                return false;
        json_array_foreach(list, i, value)
        {
                bool is_known = false;

                for (size_t way = 0; way < WAYS; way++)
                        if (json_is_string(value) && strcmp(json_string_value(value), way_name(way)) == 0)
                                order->ways[way] = is_known = true;
                if (!is_known)
                        return false;
        }
        return true;
}

static bool read_pace(const json_t *member, struct order *order)
{
        int64_t packets = order->packets_per_second, window = order->window, retries = order->retries,
                snmp = order->snmp_port, ipp = order->ipp_port, http = order->http_port;
        const json_t *pages = json_object_get(member, "pages");

        if (!read_number(member, "packets_per_second", 1, 10000, &packets) ||
            !read_number(member, "window", 1, 4096, &window) ||
            !read_number(member, "timeout_ms", 100, 30000, &order->timeout_ms) ||
            !read_number(member, "retries", 0, 5, &retries) ||
            !read_number(member, "snmp_port", 1, UINT16_MAX, &snmp) ||
            !read_number(member, "ipp_port", 1, UINT16_MAX, &ipp) ||
            !read_number(member, "http_port", 1, UINT16_MAX, &http) ||
            (is_said(member, "pages") && !json_is_boolean(pages)))
                return false;
        order->packets_per_second = (uint32_t)packets;
        order->window = (uint32_t)(window > ORDER_WINDOW_MAX ? ORDER_WINDOW_MAX : window);
        order->retries = (uint32_t)retries;
        order->snmp_port = (uint16_t)snmp;
        order->ipp_port = (uint16_t)ipp;
        order->http_port = (uint16_t)http;
        order->pages = json_is_true(pages);
        return true;
}

static bool read_minute(const json_t *object, const char *name, int *ret)
{
        return !is_said(object, name) || minute_parse(words_of(object, name), ret);
}

static bool read_schedule(const json_t *json, struct schedule *ret)
{
        int64_t weekday = 0, minutes = 0;

        ret->at = 2 * 60 + 30;
        ret->meters_at = 3 * 60 + 30;
        if (!json || json_is_null(json))
                return true;
        if ((is_said(json, "discovery") && !cycle_parse(words_of(json, "discovery"), &ret->discovery)) ||
            (is_said(json, "meters") &&
             (!cycle_parse(words_of(json, "meters"), &ret->meters) || ret->meters == CYCLE_WEEKLY)))
                return false;
        if (!read_number(json, "weekday", 0, 6, &weekday) || !read_minute(json, "at", &ret->at) ||
            !read_minute(json, "meters_at", &ret->meters_at) ||
            !read_number(json, "supplies_minutes", 0, MINUTES_A_DAY, &minutes) ||
            (minutes > 0 && minutes < 15))
                return false;
        ret->weekday = (int)weekday;
        ret->supplies_minutes = (int)minutes;
        return true;
}

static bool read_hours(const json_t *json, struct schedule *ret)
{
        if (!json || json_is_null(json))
                return true;
        ret->has_hours = true;
        return minute_parse(words_of(json, "from"), &ret->from) &&
               minute_parse(words_of(json, "to"), &ret->to);
}

int look_order_parse(const json_t *member, struct order *ret)
{
        struct order order;

        look_order_init(&order);
        if (member && !json_is_null(member)) {
                if (!json_is_object(member) || !read_where(member, &order) ||
                    !read_ways(json_object_get(member, "ways"), &order) || !read_pace(member, &order) ||
                    !read_schedule(json_object_get(member, "schedule"), &order.schedule) ||
                    !read_hours(json_object_get(member, "hours"), &order.schedule))
                        return ORDER_MALFORMED;
        }
        *ret = order;
        return 0;
}

/* ---- secrets ---- */

static bool read_protected(const json_t *json, struct snmp_user_options *options)
{
        const json_t *auth = json_object_get(json, "auth"), *privacy = json_object_get(json, "privacy");

        if (is_said(json, "auth")) {
                if (!snmp_authentication_parse(words_of(auth, "protocol"), &options->authentication))
                        return false;
                options->authentication_passphrase = words_of(auth, "passphrase");
        }
        if (is_said(json, "privacy")) {
                if (!snmp_privacy_parse(words_of(privacy, "protocol"), &options->privacy))
                        return false;
                options->privacy_passphrase = words_of(privacy, "passphrase");
        }
        /* DES hides nothing from anybody who wants to know: only where somebody insists. */
        return options->privacy != SNMP_DES || json_is_true(json_object_get(privacy, "forced"));
}

static int read_credential(const json_t *json, struct snmp_credential *ret)
{
        struct snmp_user_options options = { .name = words_of(json, "user"),
                                             .context = words_of(json, "context") };
        struct text version = words_of(json, "version");

        *ret = (struct snmp_credential){ .version = SNMP_V2C };
        if (text_equal_string(version, "3")) {
                ret->version = SNMP_V3;
                return read_protected(json, &options) ? snmp_user_init(&options, &ret->user) : SNMP_BAD_USER;
        }
        if (text_equal_string(version, "1"))
                ret->version = SNMP_V1;
        else if (!text_equal_string(version, "2c"))
                return SNMP_BAD_USER;
        return words_of(json, "community").len > 0 &&
                               text_copy(words_of(json, "community"), ret->community, sizeof(ret->community))
                       ? 0
                       : SNMP_BAD_USER;
}

int credentials_parse(const json_t *list, struct snmp_credential ret[SNMP_CREDENTIALS_MAX], size_t *ret_count,
                      size_t *ret_unusable)
{
        const json_t *value;
        size_t i;

        *ret_count = *ret_unusable = 0;
        json_array_foreach(list, i, value)
        {
                int r;

                if (*ret_count == SNMP_CREDENTIALS_MAX)
                        return ORDER_MALFORMED;
                r = read_credential(value, &ret[*ret_count]);
                if (r < 0)
                        return r;
                if (r)
                        (*ret_unusable)++;
                else
                        (*ret_count)++;
        }
        return 0;
}

static int read_targets(const json_t *list, struct secrets *secrets)
{
        const json_t *value;
        size_t i;

        if (json_array_size(list) == 0)
                return 0;
        if (json_array_size(list) > ORDER_TARGETS)
                return ORDER_MALFORMED;
        secrets->targets = calloc(json_array_size(list), sizeof(*secrets->targets));
        if (!secrets->targets)
                return fault(-ENOMEM);
        json_array_foreach(list, i, value)
        {
                struct target *target = &secrets->targets[secrets->target_count];

                target->counters = json_is_true(json_object_get(value, "counters"));
                if (id_parse(words_of(value, "printer"), &target->printer) &&
                    range_address_parse(words_of(value, "address"), &target->address))
                        secrets->target_count++;
        }
        return 0;
}

static bool read_run(const json_t *run, struct secrets *secrets)
{
        if (!run || json_is_null(run))
                return true;
        return id_parse(words_of(run, "run"), &secrets->run) &&
               purpose_parse(words_of(run, "purpose"), &secrets->purpose);
}

int secrets_parse(const json_t *json, struct secrets **ret, size_t *ret_unusable)
{
        SCOPED(secrets_freep) struct secrets *secrets = calloc(1, sizeof(*secrets));
        int r;

        *ret_unusable = 0;
        if (!secrets)
                return fault(-ENOMEM);
        if (!json_is_object(json) || !read_run(json_object_get(json, "run"), secrets))
                return ORDER_MALFORMED;
        r = credentials_parse(json_object_get(json, "credentials"), secrets->credentials,
                              &secrets->credential_count, ret_unusable);
        if (r == 0)
                r = read_targets(json_object_get(json, "printers"), secrets);
        if (r == 0)
                *ret = take(secrets);
        return r;
}

void secrets_free(struct secrets *secrets)
{
        if (!secrets)
                return;
        free(secrets->targets);
        explicit_bzero(secrets, sizeof(*secrets));
        free(secrets);
}

void secrets_freep(struct secrets **secrets)
{
        secrets_free(*secrets);
}
