// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/snmp-session.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"

#define AGAIN_MS     400
#define QUESTION_MAX 2048
#define CLOCKS_MAX   2 /* reports of its time that are believed for one question */

static int connect_to(const char *host, uint16_t port, int *ret_fd)
{
        struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        SCOPED(closep) int fd = -1;
        char number[8];

        snprintf(number, sizeof(number), "%u", port);
        if (getaddrinfo(host, number, &hints, &found) != 0)
                return SESSION_NOBODY_LISTENS;
        /* Connected, so that only this host's datagrams come. */
        for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
                fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
                if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) < 0)
                        close(take_fd(&fd));
        }
        freeaddrinfo(found);
        if (fd < 0)
                return SESSION_NOBODY_LISTENS;
        *ret_fd = take_fd(&fd);
        return 0;
}

int snmp_session_open(const char *host, uint16_t port, struct snmp_session **ret)
{
        struct snmp_session *session;
        int fd, r = connect_to(host, port, &fd);

        if (r)
                return r;
        session = calloc(1, sizeof(*session));
        if (!session) {
                close(fd);
                return fault(-ENOMEM);
        }
        session->fd = fd;
        *ret = session;
        return 0;
}

void snmp_session_close(struct snmp_session *session)
{
        if (!session)
                return;
        close(session->fd);
        explicit_bzero(session, sizeof(*session));
        free(session);
}

void snmp_session_closep(struct snmp_session **session)
{
        snmp_session_close(*session);
}

void snmp_session_use(struct snmp_session *session, const struct snmp_credential *credential)
{
        session->credential = credential;
        /* The device is known already: only the keys are another user's. */
        session->engine.is_proved = false;
        if (session->has_engine && credential->version == SNMP_V3)
                session->has_engine = snmp_engine_localize(&session->engine, &credential->user) == 0;
}

/* One datagram of the host: *ret borrows from session->datagram. */
static int receive(struct snmp_session *session, int64_t until_ms, struct text *ret)
{
        struct pollfd pollfd = { .fd = session->fd, .events = POLLIN };
        int64_t left_ms = until_ms - clock_monotonic_ms();
        ssize_t n;

        if (left_ms <= 0 || poll(&pollfd, 1, (int)left_ms) <= 0)
                return SESSION_SILENT;
        n = recv(session->fd, session->datagram, sizeof(session->datagram), 0);
        *ret = (struct text){ session->datagram, n > 0 ? (size_t)n : 0 };
        return n < 0 && errno == ECONNREFUSED ? SESSION_NOBODY_LISTENS : 0;
}

static int64_t now_s(void)
{
        return clock_monotonic_ms() / 1000;
}

enum taken {
        TAKEN_NOTHING, /* it is no answer to that */
        TAKEN_ANSWER,
        TAKEN_ENGINE,
        TAKEN_TIME,
        TAKEN_WRONG_USER,
        TAKEN_WRONG_PASSPHRASE,
};

static enum taken take_report(enum snmp_report report)
{
        switch (report) {
        case SNMP_REPORT_TIME: return TAKEN_TIME;
        case SNMP_REPORT_USER:
        case SNMP_REPORT_LEVEL: return TAKEN_WRONG_USER;
        case SNMP_REPORT_PROOF:
        case SNMP_REPORT_PRIVACY: return TAKEN_WRONG_PASSPHRASE;
        default: return TAKEN_NOTHING;
        }
}

static enum taken take_secure(struct snmp_session *session, struct text octets, int32_t id)
{
        const struct snmp_user *user = &session->credential->user;
        struct snmp_secure_head head;
        enum snmp_report report;

        if (snmp_secure_head_parse(octets, &head) != 0 || head.id != id)
                return TAKEN_NOTHING;
        if (!session->has_engine) {
                session->has_engine =
                        snmp_secure_discovered(&head, now_s(), &session->answer, &session->engine) == 0 &&
                        snmp_engine_localize(&session->engine, user) == 0;
                return session->has_engine ? TAKEN_ENGINE : TAKEN_NOTHING;
        }
        if (snmp_secure_open(&head, octets, user, &session->engine, now_s(), session->room, &session->answer,
                             &report) != 0)
                return TAKEN_NOTHING;
        if (report != SNMP_REPORT_NONE)
                return take_report(report);
        return session->answer.id == id ? TAKEN_ANSWER : TAKEN_NOTHING;
}

static enum taken take_datagram(struct snmp_session *session, struct text octets, int32_t id)
{
        const struct snmp_credential *credential = session->credential;

        if (credential->version == SNMP_V3)
                return take_secure(session, octets, id);
        return snmp_answer_parse(octets, credential->version, text_from(credential->community),
                                 &session->answer) == 0 &&
                               session->answer.id == id
                       ? TAKEN_ANSWER
                       : TAKEN_NOTHING;
}

static int send_question(struct snmp_session *session, const struct snmp_question *question)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(QUESTION_MAX);
        const struct snmp_credential *credential = session->credential;
        struct snmp_secure secure = {
                .user = &credential->user, .engine = &session->engine, .id = question->id, .now_s = now_s()
        };

        random_octets(secure.salt, sizeof(secure.salt));
        if (credential->version != SNMP_V3)
                snmp_question_format(question, credential->version, text_from(credential->community),
                                     &octets);
        else if (session->has_engine)
                snmp_secure_question(&secure, question, &octets);
        else
                snmp_secure_discover(question->id, &octets);
        if (octets.failure)
                return fault(octets.failure);
        return send(session->fd, octets.at, octets.len, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED
                       ? SESSION_NOBODY_LISTENS
                       : 0;
}

/* Sends it once and waits; *ret is what came. */
static int try_once(struct snmp_session *session, struct snmp_question *question, int64_t until_ms,
                    enum taken *ret)
{
        struct text octets;
        int r;

        *ret = TAKEN_NOTHING;
        question->id = (int32_t)(random_u64() & INT32_MAX);
        r = send_question(session, question);
        while (r == 0 && *ret == TAKEN_NOTHING) {
                r = receive(session, until_ms, &octets);
                if (r == 0)
                        *ret = take_datagram(session, octets, question->id);
        }
        return r;
}

int snmp_session_ask(struct snmp_session *session, struct snmp_question *question, int64_t until_ms)
{
        int clocks = 0;

        while (clock_monotonic_ms() < until_ms) {
                int64_t again_ms = clock_monotonic_ms() + AGAIN_MS;
                enum taken taken;
                int r = try_once(session, question, again_ms < until_ms ? again_ms : until_ms, &taken);

                if (r && r != SESSION_SILENT)
                        return r;
                switch (taken) {
                case TAKEN_ANSWER: return 0;
                case TAKEN_WRONG_USER: return SESSION_WRONG_USER;
                case TAKEN_WRONG_PASSPHRASE: return SESSION_WRONG_PASSPHRASE;
                case TAKEN_TIME:
                        if (clocks++ >= CLOCKS_MAX)
                                return SESSION_SILENT;
                        break;
                default: break;
                }
        }
        return SESSION_SILENT;
}
