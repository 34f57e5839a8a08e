// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "snmp/secure.h"

#define QUESTION_MAX 4096
#define CLOCKS_MAX   2 /* how often the device may correct ours */

struct talk {
        struct talk_options options;
        int fd;
        bool has_engine;
        struct snmp_engine engine;
        uint64_t salt;
        int complaint; /* what is known of why there is no answer */
        struct snmp_answer answer;
        uint8_t datagram[SNMP_MESSAGE_MAX];
        uint8_t room[SNMP_MESSAGE_MAX];
};

int talk_open(const struct talk_options *options, struct talk **ret)
{
        SCOPED(talk_closep) struct talk *talk = calloc(1, sizeof(*talk));
        struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons(options->port),
                                  .sin_addr = { htonl(options->address) } };

        if (!talk)
                return fault(-ENOMEM);
        talk->options = *options;
        talk->salt = random_u64();
        talk->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (talk->fd < 0)
                return fault(-errno);
        if (connect(talk->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
                return TALK_SILENT;
        *ret = take(talk);
        return 0;
}

void talk_close(struct talk *talk)
{
        if (!talk)
                return;
        closep(&talk->fd);
        explicit_bzero(talk, sizeof(*talk));
        free(talk);
}

void talk_closep(struct talk **talk)
{
        talk_close(*talk);
}

static bool is_secure(const struct talk *talk)
{
        return talk->options.credential->version == SNMP_V3;
}

/* ---- out ---- */

/* NULL discovers the engine. */
static int send_question(struct talk *talk, const struct snmp_question *question, int32_t id)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(QUESTION_MAX);
        const struct snmp_credential *credential = talk->options.credential;
        struct snmp_secure secure = { .user = &credential->user,
                                      .engine = &talk->engine,
                                      .id = id,
                                      .now_s = clock_monotonic_ms() / 1000 };
        uint64_t salt = talk->salt++;

        memcpy(secure.salt, &salt, sizeof(secure.salt));
        if (!question)
                snmp_secure_discover(id, &octets);
        else if (is_secure(talk))
                snmp_secure_question(&secure, question, &octets);
        else
                snmp_question_format(question, credential->version, text_from(credential->community),
                                     &octets);
        if (octets.failure)
                return fault(octets.failure);
        /* Where a datagram cannot go now it is as if it were lost. */
        (void)send(talk->fd, octets.at, octets.len, MSG_NOSIGNAL);
        return 0;
}

/* ---- in ---- */

enum heard {
        HEARD_NOTHING, /* of ours */
        HEARD_ANSWER,
        HEARD_REFUSAL, /* there will be none: talk->complaint */
        HEARD_CLOCK,   /* ours was wrong: once more */
};

static enum heard hear_report(struct talk *talk, enum snmp_report report)
{
        switch (report) {
        case SNMP_REPORT_TIME: return HEARD_CLOCK;
        case SNMP_REPORT_USER:
        case SNMP_REPORT_LEVEL: talk->complaint = TALK_WRONG_USER; break;
        case SNMP_REPORT_PROOF:
        case SNMP_REPORT_PRIVACY: talk->complaint = TALK_WRONG_PASSPHRASE; break;
        default: talk->complaint = TALK_NOT_UNDERSTOOD; break;
        }
        return HEARD_REFUSAL;
}

static enum heard hear_secure(struct talk *talk, struct text octets, int32_t id)
{
        const struct snmp_user *user = &talk->options.credential->user;
        int64_t now_s = clock_monotonic_ms() / 1000;
        struct snmp_secure_head head;
        enum snmp_report report;
        int r = snmp_secure_head_parse(octets, &head);

        if (r || head.id != id)
                return HEARD_NOTHING;
        if (!talk->has_engine) {
                if (snmp_secure_discovered(&head, now_s, &talk->answer, &talk->engine) != 0 ||
                    snmp_engine_localize(&talk->engine, user) != 0)
                        return HEARD_NOTHING;
                talk->has_engine = true;
                return HEARD_ANSWER;
        }
        r = snmp_secure_open(&head, octets, user, &talk->engine, now_s, talk->room, &talk->answer, &report);
        if (r == SNMP_NOT_PROVED)
                talk->complaint = TALK_WRONG_PASSPHRASE; /* or somebody pretends: it is waited on */
        if (r)
                return HEARD_NOTHING;
        if (report != SNMP_REPORT_NONE)
                return hear_report(talk, report);
        return talk->answer.id == id ? HEARD_ANSWER : HEARD_NOTHING;
}

static enum heard hear_plain(struct talk *talk, struct text octets, int32_t id)
{
        const struct snmp_credential *credential = talk->options.credential;
        int r = snmp_answer_parse(octets, credential->version, text_from(credential->community),
                                  &talk->answer);

        if (r == SNMP_MALFORMED)
                talk->complaint = TALK_NOT_UNDERSTOOD;
        return r == 0 && talk->answer.id == id ? HEARD_ANSWER : HEARD_NOTHING;
}

/* The next of what waits there. */
static enum heard hear(struct talk *talk, int32_t id)
{
        ssize_t n = recv(talk->fd, talk->datagram, sizeof(talk->datagram), MSG_TRUNC);
        struct text octets = { (const char *)talk->datagram, n < 0 ? 0 : (size_t)n };

        if (n < 0) {
                talk->complaint = errno == ECONNREFUSED ? TALK_SILENT : talk->complaint;
                return errno == ECONNREFUSED ? HEARD_REFUSAL : HEARD_NOTHING;
        }
        if (octets.len > sizeof(talk->datagram))
                return HEARD_NOTHING;
        return is_secure(talk) ? hear_secure(talk, octets, id) : hear_plain(talk, octets, id);
}

static enum heard wait_for_answer(struct talk *talk, int32_t id)
{
        int64_t until_ms = clock_monotonic_ms() + talk->options.timeout_ms;

        if (until_ms > talk->options.until_ms)
                until_ms = talk->options.until_ms;
        for (;;) {
                struct pollfd fd = { .fd = talk->fd, .events = POLLIN };
                int64_t left_ms = until_ms - clock_monotonic_ms();
                enum heard heard;

                if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0)
                        return HEARD_NOTHING;
                heard = hear(talk, id);
                if (heard != HEARD_NOTHING)
                        return heard;
        }
}

/* All tries; question NULL: which engine is it? */
static int ask(struct talk *talk, struct snmp_question *question)
{
        uint32_t tries = 0, clocks = 0;

        talk->complaint = TALK_SILENT;
        while (tries <= talk->options.retries && clock_monotonic_ms() < talk->options.until_ms) {
                /* A number of its own each time, so that a device's late report counts for nothing. */
                int32_t id = (int32_t)(random_u64() & INT32_MAX);
                int r;

                if (question)
                        question->id = id;
                r = send_question(talk, question, id);
                if (r)
                        return r;
                switch (wait_for_answer(talk, id)) {
                case HEARD_ANSWER: return 0;
                case HEARD_REFUSAL: return talk->complaint;
                case HEARD_CLOCK:
                        if (clocks++ >= CLOCKS_MAX)
                                return TALK_NOT_UNDERSTOOD;
                        continue;
                case HEARD_NOTHING: tries++;
                }
        }
        return talk->complaint;
}

int talk_ask(struct talk *talk, struct snmp_question *question, const struct snmp_answer **ret)
{
        int r = is_secure(talk) && !talk->has_engine ? ask(talk, NULL) : 0;

        if (r == 0)
                r = ask(talk, question);
        if (r == 0)
                *ret = &talk->answer;
        return r;
}
