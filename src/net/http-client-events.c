// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-client.h"

#include "base/scope.h"
#include "net/event-stream.h"

#define EVENT_MAX_OCTETS (256 * 1024)
#define SILENT_MS        75000

struct events_call {
        const struct http_client_events *events;
        struct http_client_response *response;
        struct event_stream stream;
        bool opened;
        int refusal;
};

static bool events_octets(void *context, struct text octets)
{
        struct events_call *call = context;

        if (!call->opened) {
                struct text type = http_client_header(call->response, "Content-Type");

                call->opened = true;
                if (!text_starts_with(type, "text/event-stream")) {
                        call->refusal = HTTP_CLIENT_CUT;
                        return false;
                }
                if (call->events->opened)
                        call->events->opened(call->events->context);
        }
        switch (event_stream_push(&call->stream, octets)) {
        case 0: return true;
        case EVENT_STREAM_TOO_LARGE: call->refusal = HTTP_CLIENT_TOO_LARGE; return false;
        default: call->refusal = HTTP_CLIENT_CANCELLED; return false;
        }
}

int http_client_events(struct http_client *client, const struct http_client_events *events, int *ret_status)
{
        static const char *const headers[] = { "Accept: text/event-stream", NULL };
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct events_call call = { .events = events, .response = &response };
        struct http_client_request request = {
                .path = events->path,
                .headers = headers,
                .octets = events_octets,
                .context = &call,
                .idle_timeout_ms = events->silent_ms ? events->silent_ms : SILENT_MS,
        };
        int r;

        event_stream_init(&call.stream, EVENT_MAX_OCTETS, events->event, events->context);
        r = http_client_request(client, &request, &response);
        event_stream_done(&call.stream);
        *ret_status = response.status;
        return call.refusal ? call.refusal : r;
}
