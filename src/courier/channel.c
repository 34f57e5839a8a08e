// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/channel.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/http-answer.h"

#define ANSWER_MAX   ((size_t)2 * 1024 * 1024)
#define QUESTION_MAX ((size_t)256 * 1024)
#define CHUNK_MAX    65536
#define QUIET_MS     5000

/* One question and its answer, both under way at once. */
struct exchange {
        struct channel *channel;
        struct attempt_feed *feed; /* NULL without a document */
        int64_t limit_ms;
        struct buffer out;
        size_t out_at;
        bool out_is_document;
        bool asked; /* everything is written */
        struct buffer in;
        struct http_answer head;
        bool has_head;
        struct http_chunks chunks;
        bool heard; /* the answer is whole, in channel->answer */
        uint64_t acked;
        int64_t progress_ms;
        int64_t quiet_ms; /* when on_quiet() was last called, or progress made */
};

void channel_init(struct channel *channel, const struct attempt *attempt)
{
        *channel = (struct channel){
                .address = attempt->address,
                .limits = &attempt->order->limits,
                .wanted = &attempt->order->identity,
                .reason = "",
        };
        buffer_init(&channel->answer, ANSWER_MAX);
}

void channel_done(struct channel *channel)
{
        wire_close(take(channel->wire));
        arena_free(take(channel->arena));
        buffer_done(&channel->answer);
}

static int refuse(struct channel *channel, int refusal, const char *reason)
{
        channel->reason = reason;
        return refusal;
}

static int check_key(struct channel *channel)
{
        uint8_t fingerprint[WIRE_FINGERPRINT_OCTETS];

        if (!wire_fingerprint(channel->wire, fingerprint))
                return 0;
        hex_format(fingerprint, sizeof(fingerprint), channel->seen.fingerprint);
        if (courier_identity_accepts(channel->wanted, channel->seen.fingerprint))
                return 0;
        return refuse(channel, CHANNEL_OTHER_KEY, "identity-mismatch");
}

static int connect_to_printer(struct channel *channel)
{
        int r = wire_open(channel->address, clock_monotonic_ms() + channel->limits->connect_ms,
                          &channel->wire);

        if (r)
                return refuse(channel, CHANNEL_CLOSED, attempt_wire_reason(r));
        r = check_key(channel);
        if (r)
                wire_abort(take(channel->wire));
        return r;
}

struct ipp_builder channel_begin(struct channel *channel, uint16_t operation)
{
        struct ipp_builder b;

        arena_free(channel->arena);
        channel->arena = arena_new(IPP_ARENA_OCTETS);
        if (!channel->arena)
                return (struct ipp_builder){ .failed = true };
        b = ipp_request(channel->arena, operation, ++channel->request_id);
        ipp_add_string(&b, IPP_TAG_URI, "printer-uri", channel->address->uri);
        return b;
}

/* "POST /ipp/print HTTP/1.1", and the question as its body or, before a document, as its first chunk. */
static int format_question(struct exchange *exchange, struct ipp_builder *question)
{
        const struct courier_address *address = exchange->channel->address;
        SCOPED(buffer_done) struct buffer message = BUFFER(QUESTION_MAX);
        bool brackets = strchr(address->host, ':');
        int r = ipp_builder_format(question, &message);

        if (r)
                return fold(r);
        buffer_format(&exchange->out,
                      "POST %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUser-Agent: Imprimatur/" IMPRIMATUR_VERSION
                      "\r\nContent-Type: application/ipp\r\n",
                      address->path, brackets ? "[" : "", address->host, brackets ? "]" : "", address->port);
        if (exchange->feed)
                buffer_format(&exchange->out, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", message.len);
        else
                buffer_format(&exchange->out, "Content-Length: %zu\r\n\r\n", message.len);
        buffer_add_text(&exchange->out, buffer_text(&message));
        if (exchange->feed)
                buffer_add_string(&exchange->out, "\r\n");
        return exchange->out.failure;
}

/* Puts the next chunk of the document into out, or the last one, which is empty. */
static int format_chunk(struct exchange *exchange)
{
        struct text piece;

        if (attempt_feed_peek(exchange->feed, &piece) != 0)
                return refuse(exchange->channel, CHANNEL_UNREADABLE, "document-unreadable");
        if (piece.len > CHUNK_MAX)
                piece.len = CHUNK_MAX;
        if (piece.len == 0) {
                exchange->feed = NULL;
                buffer_add_string(&exchange->out, "0\r\n\r\n");
                return exchange->out.failure;
        }
        buffer_format(&exchange->out, "%zx\r\n", piece.len);
        buffer_add_text(&exchange->out, piece);
        buffer_add_string(&exchange->out, "\r\n");
        attempt_feed_take(exchange->feed, piece.len);
        exchange->out_is_document = true;
        return exchange->out.failure;
}

static int refuse_wire(struct exchange *exchange, int refusal)
{
        return refusal < 0 ? refusal
                           : refuse(exchange->channel, CHANNEL_CLOSED, attempt_wire_reason(refusal));
}

static int write_some(struct exchange *exchange, bool *ret_busy)
{
        struct channel *channel = exchange->channel;
        size_t n;
        int r;

        if (exchange->out_at == exchange->out.len) {
                buffer_clear(&exchange->out);
                exchange->out_at = 0;
                *ret_busy = true;
                if (!exchange->feed) {
                        exchange->asked = true;
                        return 0;
                }
                r = format_chunk(exchange);
                if (r)
                        return r;
        }
        channel->document_began |= exchange->out_is_document;
        r = wire_write(channel->wire, exchange->out.at + exchange->out_at,
                       exchange->out.len - exchange->out_at, &n);
        if (r)
                return refuse_wire(exchange, r);
        exchange->out_at += n;
        *ret_busy |= n > 0;
        return 0;
}

/* Takes the head off in; a 1xx answer is only a step on the way. */
static int read_head(struct exchange *exchange)
{
        while (!exchange->has_head) {
                size_t length;
                int r = http_answer_scan(buffer_text(&exchange->in), &length);

                if (r == HTTP_ANSWER_MORE)
                        return 0;
                if (r == 0)
                        r = http_answer_parse((struct text){ exchange->in.at, length }, &exchange->head);
                if (r)
                        return refuse(exchange->channel, CHANNEL_NO_IPP, "no-http");
                buffer_consume(&exchange->in, length);
                exchange->has_head = exchange->head.status >= 200;
        }
        return 0;
}

static int read_body(struct exchange *exchange)
{
        struct buffer *body = &exchange->channel->answer;
        struct text octets = buffer_text(&exchange->in), data;

        if (exchange->head.chunked) {
                while (octets.len > 0 && !http_chunks_ended(&exchange->chunks)) {
                        if (http_chunks_next(&exchange->chunks, &octets, &data) != 0)
                                return refuse(exchange->channel, CHANNEL_NO_IPP, "no-http");
                        buffer_add_text(body, data);
                }
                exchange->heard = http_chunks_ended(&exchange->chunks);
        } else {
                uint64_t left = exchange->head.has_length ? exchange->head.length - body->len : UINT64_MAX;

                if (octets.len > left)
                        octets.len = (size_t)left;
                buffer_add_text(body, octets);
                exchange->heard = exchange->head.has_length && body->len == exchange->head.length;
        }
        buffer_clear(&exchange->in);
        return body->failure ? refuse(exchange->channel, CHANNEL_NO_IPP, "answer-too-large") : 0;
}

static int read_some(struct exchange *exchange, bool *ret_busy)
{
        char octets[8192];
        size_t n;
        int r, end;

        end = wire_read(exchange->channel->wire, octets, sizeof(octets), &n);
        buffer_add(&exchange->in, octets, n);
        if (exchange->in.failure)
                return refuse(exchange->channel, CHANNEL_NO_IPP, "answer-too-large");
        *ret_busy |= n > 0;
        r = read_head(exchange);
        if (r)
                return r;
        if (exchange->has_head) {
                r = read_body(exchange);
                if (r)
                        return r;
        }
        if (end && !exchange->heard) {
                exchange->heard = end == WIRE_CLOSED && exchange->has_head && !exchange->head.has_length &&
                                  !exchange->head.chunked;
                if (!exchange->heard)
                        return refuse_wire(exchange, end);
        }
        return 0;
}

static int wait_some(struct exchange *exchange)
{
        struct wire *wire = exchange->channel->wire;
        uint64_t acked = wire_octets_acked(wire);
        int64_t now_ms = clock_monotonic_ms(), left_ms;

        if (acked != exchange->acked)
                exchange->progress_ms = now_ms;
        exchange->acked = acked;
        left_ms = exchange->progress_ms + exchange->limit_ms - now_ms;
        if (exchange->channel->until_ms && exchange->channel->until_ms - now_ms < left_ms)
                left_ms = exchange->channel->until_ms - now_ms;
        if (left_ms <= 0)
                return refuse(exchange->channel, CHANNEL_STALLED, "stalled");
        if (exchange->quiet_ms < exchange->progress_ms)
                exchange->quiet_ms = exchange->progress_ms;
        if (exchange->channel->on_quiet && now_ms - exchange->quiet_ms >= QUIET_MS) {
                exchange->channel->on_quiet(exchange->channel->context);
                exchange->quiet_ms = clock_monotonic_ms();
        }
        (void)wire_wait(wire, WIRE_READABLE | (exchange->asked ? 0 : WIRE_WRITABLE),
                        left_ms < 1000 ? left_ms : 1000);
        return 0;
}

/* Progress counts for nothing then: a printer that sends an octet a second would hold us for days. */
static bool is_late(const struct channel *channel)
{
        return channel->until_ms && clock_monotonic_ms() >= channel->until_ms;
}

/* Until the whole answer is there; a printer may answer before it has heard everything. */
static int run(struct exchange *exchange)
{
        exchange->progress_ms = clock_monotonic_ms();
        while (!exchange->heard) {
                bool busy = false;
                int r = is_late(exchange->channel) ? refuse(exchange->channel, CHANNEL_STALLED, "stalled")
                                                   : read_some(exchange, &busy);

                if (r)
                        return r;
                if (!exchange->heard && !exchange->asked)
                        r = write_some(exchange, &busy);
                if (r)
                        return r;
                if (busy)
                        exchange->progress_ms = clock_monotonic_ms();
                else if (!exchange->heard)
                        r = wait_some(exchange);
                if (r)
                        return r;
        }
        return 0;
}

static int parse_answer(struct exchange *exchange, struct ipp_message *ret)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        struct channel *channel = exchange->channel;
        int status = exchange->head.status;

        if (status == 401 || status == 403)
                return refuse(channel, CHANNEL_NO_IPP, "printer-wants-password");
        if (status != 200 || !exchange->head.is_ipp)
                return refuse(channel, CHANNEL_NO_IPP, "no-ipp");
        if (ipp_message_parse(buffer_text(&channel->answer), &limits, channel->arena, ret, NULL) != 0)
                return refuse(channel, CHANNEL_NO_IPP, "malformed-answer");
        return 0;
}

static int converse(struct channel *channel, struct ipp_builder *question, struct attempt_feed *feed,
                    struct ipp_message *ret)
{
        struct exchange exchange = {
                .channel = channel,
                .feed = feed,
                .limit_ms = feed ? channel->limits->stall_ms : channel->limits->answer_ms,
                .out = BUFFER(QUESTION_MAX + CHUNK_MAX),
                .in = BUFFER(HTTP_ANSWER_HEAD_MAX + 16384),
        };
        int r;

        buffer_clear(&channel->answer);
        r = format_question(&exchange, question);
        if (r == 0)
                r = run(&exchange);
        channel->octets_acked = wire_octets_acked(channel->wire);
        channel->document_arrived = exchange.asked && channel->document_began &&
                                    channel->octets_acked >= wire_octets_written(channel->wire);
        if (r == 0)
                r = parse_answer(&exchange, ret);
        if (r || !exchange.asked)
                wire_abort(take(channel->wire));
        else if (exchange.head.closes)
                wire_close(take(channel->wire));
        if (exchange.out.at)
                explicit_bzero(exchange.out.at, exchange.out.size);
        buffer_done(&exchange.out);
        buffer_done(&exchange.in);
        return r;
}

int channel_ask(struct channel *channel, struct ipp_builder *question, struct ipp_message *ret)
{
        bool kept = channel->wire;
        int r;

        if (!kept) {
                r = connect_to_printer(channel);
                if (r)
                        return r;
        }
        r = converse(channel, question, NULL, ret);
        if (r != CHANNEL_CLOSED || !kept)
                return r;
        r = connect_to_printer(channel);
        return r ? r : converse(channel, question, NULL, ret);
}

int channel_send(struct channel *channel, struct ipp_builder *question, struct attempt_feed *feed,
                 struct ipp_message *ret)
{
        int r;

        channel->document_began = channel->document_arrived = false;
        if (!channel->wire) {
                r = connect_to_printer(channel);
                if (r)
                        return r;
        }
        return converse(channel, question, feed, ret);
}
