// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/handoff.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "relay/pipe.h"

#define PIPE_OCTETS ((size_t)256 * 1024)

struct handoff {
        struct handoff_order order;
        struct http_client *client;
        struct pipe *pipe;
        pthread_t thread;
        bool has_thread;
        int outcome; /* of the call, once the thread is joined */
        struct http_client_response response;
};

bool handoff_is_answer(const struct http_client_response *response)
{
        struct text length = http_client_header(response, "Content-Length");
        uint64_t octets;

        return response->began && response->status >= 200 && text_number(length, INT32_MAX, &octets) &&
               octets == response->body.len && !response->body.failure;
}

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct handoff *handoff = context;

        return pipe_read(handoff->pipe, to, size, ret_length) ? -ECANCELED : 0;
}

static void *run(void *context)
{
        struct handoff *handoff = context;
        const struct http_source source = { .pull = pull, .context = handoff };
        const struct http_client_request request = {
                .method = "POST",
                .path = handoff->order.path,
                .headers = handoff->order.headers,
                .content_type = handoff->order.content_type,
                .source = &source,
                .source_size = handoff->order.size,
                .response_max_octets = handoff->order.answer_octets_max,
                .idle_timeout_ms = handoff->order.answer_ms,
        };

        handoff->outcome = http_client_request(handoff->client, &request, &handoff->response);
        pipe_break(handoff->pipe);
        return NULL;
}

static int join(struct handoff *handoff)
{
        if (handoff->has_thread)
                pthread_join(handoff->thread, NULL);
        handoff->has_thread = false;
        return handoff->outcome;
}

static int refusal_of(const struct handoff *handoff)
{
        if (handoff_is_answer(&handoff->response))
                return 0;
        switch (handoff->outcome) {
        case HTTP_CLIENT_UNREACHABLE:
        case HTTP_CLIENT_UNTRUSTED:
        case HTTP_CLIENT_TLS: return HANDOFF_UNREACHABLE;
        default: return HANDOFF_SILENT;
        }
}

int handoff_start(struct service *service, const struct handoff_order *order, struct handoff **ret)
{
        SCOPED(handoff_freep) struct handoff *handoff = calloc(1, sizeof(*handoff));
        int r;

        if (!handoff)
                return fault(-ENOMEM);
        handoff->order = *order;
        r = service_client(service, &handoff->client);
        if (r == 0)
                r = pipe_new(PIPE_OCTETS, &handoff->pipe);
        if (r)
                return r;
        r = pthread_create(&handoff->thread, NULL, run, handoff);
        if (r)
                return fault(-r);
        handoff->has_thread = true;
        /* Nothing is asked of us before there is a connection; an answer may come without a question. */
        if (!pipe_await_reader(handoff->pipe)) {
                (void)join(handoff);
                r = refusal_of(handoff);
                if (r)
                        return r;
        }
        *ret = take(handoff);
        return 0;
}

int handoff_write(struct handoff *handoff, struct text octets)
{
        return pipe_write(handoff->pipe, octets) ? HANDOFF_ANSWERED : 0;
}

int handoff_finish(struct handoff *handoff, bool is_whole, const struct http_client_response **ret)
{
        if (is_whole)
                pipe_end(handoff->pipe);
        else
                pipe_break(handoff->pipe);
        (void)join(handoff);
        *ret = &handoff->response;
        return refusal_of(handoff);
}

void handoff_free(struct handoff *handoff)
{
        if (!handoff)
                return;
        if (handoff->pipe)
                pipe_break(handoff->pipe);
        if (handoff->has_thread)
                http_client_cancel(handoff->client);
        (void)join(handoff);
        http_client_free(handoff->client);
        pipe_free(handoff->pipe);
        http_client_response_done(&handoff->response);
        free(handoff);
}

void handoff_freep(struct handoff **handoff)
{
        handoff_free(*handoff);
}
