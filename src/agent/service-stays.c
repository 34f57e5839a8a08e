// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/service-stays.h"

#include <stdio.h>

#include "base/scope.h"

static bool read_page(const json_t *page, struct service_stay *ret, size_t *ret_count)
{
        const json_t *items = json_object_get(page, "items");

        *ret_count = json_array_size(items);
        if (!json_is_array(items) || *ret_count > SERVICE_STAYS_ONCE)
                return false;
        for (size_t i = 0; i < *ret_count; i++) {
                const json_t *item = json_array_get(items, i), *over = json_object_get(item, "over");

                if (!json_is_boolean(over) ||
                    !id_parse(text_from(json_string_value(json_object_get(item, "deposit"))),
                              &ret[i].deposit))
                        return false;
                ret[i].is_over = json_is_true(over);
        }
        return true;
}

int service_stays(struct service *service, struct id after, struct service_stay ret[SERVICE_STAYS_ONCE],
                  size_t *ret_count, bool *ret_more)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[128], id[ID_STRING];
        json_t *page;
        bool good;
        int r;

        id_format(after, id);
        snprintf(path, sizeof(path), "/stays?limit=%d%s%s", SERVICE_STAYS_ONCE,
                 id_is_zero(after) ? "" : "&after=", id_is_zero(after) ? "" : id);
        r = service_ask_json(service, "GET", path, NULL, &response);
        if (r)
                return r;
        page = json_loadb(response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        good = read_page(page, ret, ret_count);
        *ret_more = json_is_string(json_object_get(page, "next"));
        json_decref(page);
        return good ? 0 : SERVICE_CONFUSED;
}

static int tell(struct service *service, struct id deposit, const char *what)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[128], id[ID_STRING];

        id_format(deposit, id);
        snprintf(path, sizeof(path), "/stays/%s/%s", id, what);
        return service_ask_json(service, "POST", path, NULL, &response);
}

int service_stay_removed(struct service *service, struct id deposit)
{
        return tell(service, deposit, "removed");
}

int service_stay_lost(struct service *service, struct id deposit)
{
        return tell(service, deposit, "lost");
}
