// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>

#include "base/clock.h"
#include "base/scope.h"
#include "discovery/web-page.h"
#include "net/http-client.h"

#define REQUEST_OCTETS 200 /* about */

static void ask(struct http_client *client, const struct web_page *page, int64_t left_ms,
                struct device *device, uint64_t *ret_octets)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct http_client_request request = { .path = web_page_path(page),
                                                     .response_max_octets = WEB_PAGE_OCTETS,
                                                     .timeout_ms = (uint32_t)left_ms,
                                                     .idle_timeout_ms = (uint32_t)left_ms };
        int r = http_client_request(client, &request, &response);

        *ret_octets += REQUEST_OCTETS + response.head.len + response.body.len;
        /* A page that is somewhere else is not that page: whoever says so may be anybody. */
        if (r == 0 && response.status == 200)
                web_page_read(page, buffer_text(&response.body), device);
}

void web_pages_ask(const struct web_page *const *pages, const char *address, uint16_t port, int64_t limit_ms,
                   struct device *device, uint64_t *ret_octets)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        int64_t until_ms = clock_monotonic_ms() + limit_ms;
        char base[64];
        struct http_client_options options = { .base = base, .connect_timeout_ms = (uint32_t)limit_ms };

        snprintf(base, sizeof(base), "http://%s:%u", address, port);
        if (!*pages || http_client_new(&options, &client) != 0)
                return;
        for (; *pages; pages++) {
                int64_t left_ms = until_ms - clock_monotonic_ms();

                if (left_ms > 0)
                        ask(client, *pages, left_ms, device, ret_octets);
        }
}
