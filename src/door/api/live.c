// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The one stream of events of an open page. */

#include "door/api/api.h"
#include "door/live-channel.h"

/* GET /v1/live */
int live_answer(struct request *request)
{
        struct http_exchange *x = request->x;
        int r;

        /* Of a stream there is no head without it. */
        if (http_method_is(x, "HEAD"))
                return http_respond(x, 200, "text/event-stream", (struct text)TEXT(""));
        /* Whatever stands between us and the page shall keep nothing and pass everything on at once. */
        r = http_add_header(x, "X-Accel-Buffering", "no");
        if (r)
                return r;
        r = live_channel_open(request->door->live, x, &request->actor, http_header(x, "Last-Event-ID"));
        switch (r) {
        case LIVE_CHANNEL_FULL: return request_problem(request, &problem_too_many_streams, NULL);
        case LIVE_CHANNEL_OVER: return request_refuse(request, CORE_FORBIDDEN);
        default: return r;
        }
}
