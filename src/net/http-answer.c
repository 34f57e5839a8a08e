// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "net/http-connection.h"

const char *http_status_phrase(int status)
{
        static const struct {
                int status;
                const char *phrase;
        } phrases[] = {
                { 200, "OK" },
                { 201, "Created" },
                { 202, "Accepted" },
                { 204, "No Content" },
                { 206, "Partial Content" },
                { 303, "See Other" },
                { 304, "Not Modified" },
                { 400, "Bad Request" },
                { 401, "Unauthorized" },
                { 403, "Forbidden" },
                { 404, "Not Found" },
                { 405, "Method Not Allowed" },
                { 406, "Not Acceptable" },
                { 408, "Request Timeout" },
                { 409, "Conflict" },
                { 410, "Gone" },
                { 411, "Length Required" },
                { 412, "Precondition Failed" },
                { 413, "Content Too Large" },
                { 414, "URI Too Long" },
                { 415, "Unsupported Media Type" },
                { 416, "Range Not Satisfiable" },
                { 417, "Expectation Failed" },
                { 421, "Misdirected Request" },
                { 422, "Unprocessable Content" },
                { 423, "Locked" },
                { 429, "Too Many Requests" },
                { 431, "Request Header Fields Too Large" },
                { 500, "Internal Server Error" },
                { 501, "Not Implemented" },
                { 503, "Service Unavailable" },
                { 505, "HTTP Version Not Supported" },
                { 507, "Insufficient Storage" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(phrases); i++)
                if (phrases[i].status == status)
                        return phrases[i].phrase;
        return "Unknown";
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), made once a second and thread. */
static const char *date_now(void)
{
        static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        static _Thread_local char date[64];
        static _Thread_local time_t made;
        time_t now = time(NULL);
        struct tm tm;

        if (now != made && gmtime_r(&now, &tm)) {
                snprintf(date, sizeof(date), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday,
                         tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                         tm.tm_sec);
                made = now;
        }
        return date;
}

static void json_add(struct buffer *to, const char *string)
{
        buffer_add_octet(to, '"');
        for (const unsigned char *at = (const unsigned char *)string; *at; at++) {
                if (*at == '"' || *at == '\\')
                        buffer_format(to, "\\%c", *at);
                else if (*at < 0x20 || *at == 0x7f)
                        buffer_format(to, "\\u%04x", *at);
                else
                        buffer_add_octet(to, *at);
        }
        buffer_add_octet(to, '"');
}

static void problem_format(struct buffer *to, int status, const char *title, const char *detail)
{
        buffer_add_string(to, "{\"type\":\"about:blank\",\"title\":");
        json_add(to, title ? title : http_status_phrase(status));
        buffer_format(to, ",\"status\":%d", status);
        if (detail) {
                buffer_add_string(to, ",\"detail\":");
                json_add(to, detail);
        }
        buffer_add_string(to, "}\n");
}

static void start_format(struct buffer *to, int status)
{
        buffer_format(to, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, http_status_phrase(status), date_now());
}

void http_answer_refusal(struct http_connection *c, int status)
{
        SCOPED(buffer_done) struct buffer body = BUFFER(1024);

        atomic_fetch_add(&c->server->counters.requests_refused, 1);
        problem_format(&body, status, NULL, NULL);
        start_format(&c->out, status);
        buffer_format(
                &c->out,
                "Content-Type: application/problem+json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                body.len);
        buffer_add_text(&c->out, buffer_text(&body));
        c->close_after = true;
}

static struct http_work *work_of(const struct http_exchange *x)
{
        return x->connection->work;
}

bool http_is_answered(const struct http_exchange *x)
{
        return work_of(x)->answered;
}

int http_add_header(struct http_exchange *x, const char *name, const char *value)
{
        struct http_work *work = work_of(x);

        if (!http_is_token(text_from(name)) || !http_is_field_value(text_from(value)))
                return fault(-EINVAL);
        buffer_format(&work->headers, "%s: ", name);
        buffer_add_string(&work->headers, value);
        buffer_add_string(&work->headers, "\r\n");
        return work->headers.failure ? fault(work->headers.failure) : 0;
}

/*
 * Whether the connection ends with this answer. A client that still waits for "100 Continue" may send its
 * body or not, so that nobody could say where its next request begins. A body that is known to be larger than
 * we would read past is not worth beginning to.
 */
static bool is_last(const struct http_connection *c)
{
        const struct http_work *work = c->work;
        const struct http_limits *limits = &c->server->limits;

        return c->close_after || !work->head.keep_alive ||
               c->requests >= limits->requests_per_connection_max || atomic_load(&c->server->draining) ||
               (!work->body_done && work->continue_owed) || work->body_left > limits->discard_max_octets;
}

static void head_format(struct http_exchange *x, int status, const char *content_type)
{
        struct http_connection *c = x->connection;

        c->close_after = is_last(c);
        start_format(&c->out, status);
        if (content_type)
                buffer_format(&c->out, "Content-Type: %s\r\n", content_type);
        buffer_add_text(&c->out, buffer_text(&c->work->headers));
        if (c->close_after)
                buffer_add_string(&c->out, "Connection: close\r\n");
        else if (x->is_http_1_0)
                buffer_add_string(&c->out, "Connection: keep-alive\r\n");
}

/* Also forgets what a failed attempt wrote, so that its fault can still be answered. */
static int answer_end(struct http_exchange *x, size_t start)
{
        struct http_connection *c = x->connection;
        int failure = c->out.failure;

        if (failure) {
                c->out.failure = 0;
                c->out.len = start;
                return fault(failure);
        }
        c->work->answered = true;
        return 0;
}

static bool status_is_good(int status, const char *content_type)
{
        return status >= 200 && status <= 599 &&
               (!content_type || http_is_field_value(text_from(content_type)));
}

static bool has_no_body(const struct http_exchange *x, int status)
{
        return status == 204 || status == 304 || text_equal_string(x->method, "HEAD");
}

int http_respond(struct http_exchange *x, int status, const char *content_type, struct text body)
{
        struct http_connection *c = x->connection;
        size_t start = c->out.len;

        if (work_of(x)->answered)
                return fault(-EALREADY);
        if (!status_is_good(status, content_type))
                return fault(-EINVAL);
        head_format(x, status, content_type);
        if (status != 204 && status != 304)
                buffer_format(&c->out, "Content-Length: %zu\r\n", body.len);
        buffer_add_string(&c->out, "\r\n");
        if (!has_no_body(x, status))
                buffer_add_text(&c->out, body);
        return answer_end(x, start);
}

int http_respond_problem(struct http_exchange *x, int status, const char *title, const char *detail)
{
        SCOPED(buffer_done) struct buffer body = BUFFER(16384);

        problem_format(&body, status, title, detail);
        if (body.failure)
                return fault(body.failure);
        return http_respond(x, status, "application/problem+json", buffer_text(&body));
}

enum framing {
        SIZED,
        CHUNKED,
        UNTIL_CLOSE,
};

static int stream_head(struct http_exchange *x, int status, const char *content_type, enum framing framing,
                       int64_t size)
{
        struct http_connection *c = x->connection;
        size_t start = c->out.len;

        if (work_of(x)->answered)
                return fault(-EALREADY);
        if (!status_is_good(status, content_type))
                return fault(-EINVAL);
        if (framing == UNTIL_CLOSE)
                c->close_after = true;
        head_format(x, status, content_type);
        if (framing == SIZED)
                buffer_format(&c->out, "Content-Length: %lld\r\n", (long long)size);
        if (framing == CHUNKED)
                buffer_add_string(&c->out, "Transfer-Encoding: chunked\r\n");
        buffer_add_string(&c->out, "\r\n");
        return answer_end(x, start);
}

int http_respond_stream(struct http_exchange *x, int status, const char *content_type, int64_t size,
                        const struct http_source *source)
{
        struct http_work *work = work_of(x);
        enum framing framing = size >= 0 ? SIZED : x->is_http_1_0 ? UNTIL_CLOSE : CHUNKED;
        int r = stream_head(x, status, content_type, framing, size);

        if (r || has_no_body(x, status)) {
                if (source->close)
                        source->close(source->context);
                return r;
        }
        work->source = *source;
        work->source_left = size;
        work->source_chunked = framing == CHUNKED;
        work->has_source = true;
        return 0;
}

/* The comment lets a client know at once that the stream stands. */
int http_answer_events(struct http_exchange *x)
{
        int r = http_add_header(x, "Cache-Control", "no-store");

        if (r == 0)
                r = stream_head(x, 200, "text/event-stream", UNTIL_CLOSE, 0);
        if (r == 0)
                buffer_add_string(&x->connection->out, ":\n\n");
        return r;
}
