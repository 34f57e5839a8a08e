// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/names.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define TIMEOUT_DEFAULT_MS 5000
#define TRIES              3
#define RECORDS_OCTETS     65536
#define NAME_MAX_OCTETS    253

struct question {
        bool is_answered;
        int status;
        struct buffer *to;
};

static void channel_done(ares_channel *channel)
{
        if (*channel)
                ares_destroy(*channel);
}

static void library_start(void)
{
        ares_library_init(ARES_LIB_INIT_ALL);
}

/* False where nothing more fits; what holds a NUL is taken back. */
static bool record_end(struct buffer *to, size_t from)
{
        if (!to->failure && !memchr(to->at + from, '\0', to->len - from))
                buffer_add(to, "", 1);
        else
                to->len = from;
        return !to->failure;
}

/* A record's strings follow each other; the first of each says so. */
static void keep(struct buffer *to, const struct ares_txt_ext *strings)
{
        size_t from = to->len;

        for (const struct ares_txt_ext *at = strings; at; at = at->next) {
                if (at->record_start && at != strings) {
                        if (!record_end(to, from))
                                return;
                        from = to->len;
                }
                buffer_add(to, at->txt, at->length);
        }
        if (strings)
                record_end(to, from);
}

static void take_answer(void *context, int status, int timeouts, unsigned char *octets, int len)
{
        struct question *question = context;
        struct ares_txt_ext *strings = NULL;

        (void)timeouts;
        question->is_answered = true;
        question->status = status;
        if (status != ARES_SUCCESS)
                return;
        question->status = ares_parse_txt_reply_ext(octets, len, &strings);
        if (question->status == ARES_SUCCESS)
                keep(question->to, strings);
        ares_free_data(strings);
}

/* One turn: waits for the resolver's sockets, at most until the deadline. */
static int wait_turn(ares_channel channel, int64_t left_ms)
{
        ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
        struct pollfd polled[ARES_GETSOCK_MAXNUM];
        struct timeval most = { left_ms / 1000, left_ms % 1000 * 1000 }, until;
        const struct timeval *wait = ares_timeout(channel, &most, &until);
        /* Unsigned: with the library's own macros the last bit would be shifted into the sign. */
        unsigned int bits = (unsigned int)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
        nfds_t count = 0;

        for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
                short events = (short)((bits & 1U << i ? POLLIN : 0) |
                                       (bits & 1U << (i + ARES_GETSOCK_MAXNUM) ? POLLOUT : 0));

                if (events)
                        polled[count++] = (struct pollfd){ .fd = sockets[i], .events = events };
        }
        if (poll(polled, count, (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1)) < 0 && errno != EINTR)
                return fault(-errno);
        for (nfds_t i = 0; i < count; i++)
                ares_process_fd(channel, polled[i].revents & ~POLLOUT ? polled[i].fd : ARES_SOCKET_BAD,
                                polled[i].revents & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD);
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        return 0;
}

static int open_channel(const struct names_settings *settings, unsigned int timeout_ms, ares_channel *ret)
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        struct ares_options options = {
                .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                .timeout = (int)timeout_ms / (2 * TRIES) + 1,
                .tries = TRIES,
        };
        int r;

        pthread_once(&once, library_start);
        r = ares_init_options(ret, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
        if (r != ARES_SUCCESS) {
                *ret = NULL;
                return r == ARES_ENOMEM ? fault(-ENOMEM) : NAMES_UNREACHABLE;
        }
        if (!settings->servers || !settings->servers[0])
                return 0;
        r = ares_set_servers_ports_csv(*ret, settings->servers);
        return r == ARES_SUCCESS ? 0 : r == ARES_ENOMEM ? fault(-ENOMEM) : NAMES_BAD;
}

static int outcome_of(const struct question *question)
{
        if (!question->is_answered)
                return NAMES_UNREACHABLE;
        switch (question->status) {
        case ARES_SUCCESS: return question->to->len ? 0 : NAMES_NONE;
        case ARES_ENODATA:
        case ARES_ENOTFOUND: return NAMES_NONE;
        case ARES_EBADNAME: return NAMES_BAD;
        case ARES_ENOMEM: return fault(-ENOMEM);
        default: return NAMES_UNREACHABLE;
        }
}

int names_find_txt(const struct names_settings *settings, const char *name, struct buffer *ret)
{
        unsigned int timeout_ms = settings->timeout_ms ? settings->timeout_ms : TIMEOUT_DEFAULT_MS;
        int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
        /* Before the channel, whose end may answer it a last time. */
        struct question question = { .to = ret };
        SCOPED(channel_done) ares_channel channel = NULL;
        int r;

        if (!name[0] || strlen(name) > NAME_MAX_OCTETS)
                return NAMES_BAD;
        r = open_channel(settings, timeout_ms, &channel);
        if (r)
                return r;
        ares_query(channel, name, ns_c_in, ns_t_txt, take_answer, &question);
        while (!question.is_answered) {
                int64_t left_ms = deadline_ms - clock_monotonic_ms();

                if (left_ms <= 0)
                        return NAMES_UNREACHABLE;
                r = wait_turn(channel, left_ms);
                if (r < 0)
                        return r;
        }
        return ret->failure == -ENOMEM ? fault(-ENOMEM) : outcome_of(&question);
}

int names_check_txt(const struct names_settings *settings, const char *name, struct text wanted)
{
        SCOPED(buffer_done) struct buffer records = BUFFER(RECORDS_OCTETS);
        struct text left, record;
        int r;

        r = names_find_txt(settings, name, &records);
        if (r)
                return r;
        left = buffer_text(&records);
        while (left.len) {
                text_cut(left, '\0', &record, &left);
                if (text_equal(record, wanted))
                        return 0;
        }
        return NAMES_NONE;
}
