// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/relayed.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/outcome.h"
#include "core/sign-in/authenticate.h"
#include "door/ipp/exchange.h"
#include "door/stays.h"
#include "net/http-exchange.h"

/* Of an agent's id, in what stands for it beside an address: its last digits, which are random. */
#define SHORT_ID 12

static bool is_address(struct text text)
{
        char address[INET6_ADDRSTRLEN];
        uint8_t octets[16];

        return text_copy(text, address, sizeof(address)) &&
               (inet_pton(AF_INET, address, octets) == 1 || inet_pton(AF_INET6, address, octets) == 1);
}

static int refuse(struct ipp_exchange *e, const char *why)
{
        return http_respond_problem(e->http, 403, NULL, why);
}

static void note_client(struct ipp_exchange *e, struct text address, const struct actor *agent)
{
        char id[ID_STRING];

        id_format(agent->id, id);
        snprintf(e->came, sizeof(e->came), "%.*s@%s", (int)address.len, address.at,
                 id + ID_STRING - 1 - SHORT_ID);
        e->is_relayed = true;
        ipp_view_set_host(&e->view, http_header(e->http, "Imprimatur-Client-Host"));
        e->view.is_secure = text_equal_string(http_header(e->http, "Imprimatur-Client-Scheme"), "https");
}

int ipp_relayed_read(struct ipp_exchange *e)
{
        struct text address = http_header(e->http, "Imprimatur-Client-Address");
        struct actor agent = { .via = VIA_AGENT };
        int r;

        actor_came(&agent, VIA_AGENT, text_from(e->http->peer));
        r = authenticate_outpost(e->core, ACTOR_AGENT, e->http->fingerprint, &agent);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse(e, "This agent is not known here.");
        if (r)
                return fold(r);
        if (!is_address(address))
                return refuse(e, "An agent says whose request it hands on.");
        if (!stay_order_read(e->http, agent.id, &e->stay, &e->stays))
                return refuse(e, "What an agent says of a document that it keeps is not understood.");
        if (e->has_queue && !id_equal(agent.tenant, e->queue.tenant))
                e->has_queue = false;
        note_client(e, address, &agent);
        return 0;
}
