// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Messages of SNMPv3 between somebody who asks and a device, each of which may be changed on the way. */

#include "snmp/secure.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct level {
        const char *name;
        enum snmp_authentication authentication;
        enum snmp_privacy privacy;
} levels[] = {
        { "in clear", SNMP_NO_AUTHENTICATION, SNMP_NO_PRIVACY },
        { "MD5", SNMP_MD5, SNMP_NO_PRIVACY },
        { "MD5, DES", SNMP_MD5, SNMP_DES },
        { "SHA-1, AES-128", SNMP_SHA1, SNMP_AES128 },
        { "SHA-224, AES-192", SNMP_SHA224, SNMP_AES192 },
        { "SHA-256, AES-256", SNMP_SHA256, SNMP_AES256 },
        { "SHA-384", SNMP_SHA384, SNMP_NO_PRIVACY },
        { "SHA-512, AES-256 as Cisco", SNMP_SHA512, SNMP_AES256_C },
};

static struct snmp_answer said;
static uint8_t room[SNMP_MESSAGE_MAX];

/* Both ends of a conversation. */
struct pair {
        struct snmp_user user;
        struct snmp_engine device, ours;
};

static void begin(const struct level *level, struct pair *ret)
{
        struct snmp_user_options options = { .name = TEXT_OF("ada"),
                                             .context = TEXT_OF("floor-2"),
                                             .authentication = level->authentication,
                                             .privacy = level->privacy,
                                             .authentication_passphrase = TEXT_OF("one passphrase"),
                                             .privacy_passphrase = TEXT_OF("another passphrase") };

        *ret = (struct pair){ .device = { .id = "\x80\x00\x01\x02\x03\x04",
                                          .id_len = 6,
                                          .boots = 7,
                                          .time_s = 5000,
                                          .is_proved = true } };
        assert(snmp_user_init(&options, &ret->user) == 0);
        assert(snmp_engine_localize(&ret->device, &ret->user) == 0);
}

/* The device tells which engine it is. */
static void discover(struct pair *pair)
{
        SCOPED(buffer_done) struct buffer question = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        struct snmp_user nobody = { .name = "" };
        struct snmp_secure secure = { .user = &nobody, .engine = &pair->device, .id = 4 };
        struct snmp_secure_head head;

        snmp_secure_discover(4, &question);
        assert(snmp_secure_head_parse(buffer_text(&question), &head) == 0);
        assert(head.id == 4 && head.engine.len == 0 && head.flags == SNMP_FLAG_REPORTABLE);
        said = (struct snmp_answer){ .operation = SNMP_REPORT, .value_count = 1 };
        said.values[0] = (struct snmp_value){ .name = { { 1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0 }, 11 },
                                              .kind = SNMP_INTEGER,
                                              .tag = 0x41,
                                              .integer = 9 };
        snmp_secure_answer(&secure, &said, false, &answer);
        assert(!answer.failure && snmp_secure_head_parse(buffer_text(&answer), &head) == 0);
        assert(snmp_secure_discovered(&head, 100, &said, &pair->ours) == 0);
        assert(pair->ours.id_len == 6 && pair->ours.boots == 7 && !pair->ours.is_proved);
        assert(snmp_engine_localize(&pair->ours, &pair->user) == 0);
}

static void ask(struct pair *pair, struct buffer *to)
{
        const struct snmp_name names[] = { { { 1, 3, 6, 1, 2, 1, 43 }, 7 } };
        struct snmp_question question = { 77, names, 1, 0, 10 };
        struct snmp_secure secure = { &pair->user, &pair->ours, 5, 110, { 1, 2, 3, 4, 5, 6, 7, 8 } };

        snmp_secure_question(&secure, &question, to);
        assert(!to->failure);
}

static void reply(struct pair *pair, enum snmp_operation operation, struct buffer *to)
{
        struct snmp_secure secure = { &pair->user, &pair->device, 5, 10, { 9 } };

        said = (struct snmp_answer){ .operation = operation, .id = 77, .value_count = 1 };
        said.values[0] = (struct snmp_value){ .name = { { 1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0 }, 11 },
                                              .kind = SNMP_INTEGER,
                                              .tag = 2,
                                              .integer = 42 };
        snmp_secure_answer(&secure, &said, true, to);
        assert(!to->failure);
}

static int take_in(struct pair *pair, struct text octets, enum snmp_report *ret_report)
{
        struct snmp_secure_head head;
        int r = snmp_secure_head_parse(octets, &head);

        return r ? r
                 : snmp_secure_open(&head, octets, &pair->user, &pair->ours, 110, room, &said, ret_report);
}

static void test_conversation(const struct level *level)
{
        SCOPED(buffer_done) struct buffer question = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        struct snmp_secure_head head;
        enum snmp_report report;
        struct pair pair;

        printf("%s\n", level->name);
        begin(level, &pair);
        discover(&pair);
        ask(&pair, &question);
        assert(snmp_secure_head_parse(buffer_text(&question), &head) == 0 && head.id == 5);
        assert(head.boots == 7 && head.time_s == 5010);
        assert(snmp_secure_open_question(&head, buffer_text(&question), &pair.user, &pair.device, room,
                                         &said) == 0);
        assert(said.operation == SNMP_GET_BULK && said.id == 77 && said.index == 10);
        reply(&pair, SNMP_RESPONSE, &answer);
        assert(take_in(&pair, buffer_text(&answer), &report) == 0 && report == SNMP_REPORT_NONE);
        assert(said.id == 77 && said.value_count == 1 && said.values[0].integer == 42);
        assert(pair.ours.is_proved == (level->authentication != SNMP_NO_AUTHENTICATION));
        /* what is encrypted cannot be seen */
        if (level->privacy)
                assert(!memmem(question.at, question.len, "\x2b\x06\x01\x02\x01\x2b", 6));
        snmp_user_done(&pair.user);
}

/* No octet of an answer can be changed and the answer still count. */
static void test_changed(const struct level *level)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        enum snmp_report report;
        struct pair pair;

        begin(level, &pair);
        discover(&pair);
        reply(&pair, SNMP_RESPONSE, &answer);
        for (size_t i = 0; i < answer.len; i++) {
                answer.at[i] = (char)(answer.at[i] ^ 1);
                assert(take_in(&pair, buffer_text(&answer), &report) != 0);
                answer.at[i] = (char)(answer.at[i] ^ 1);
        }
        assert(take_in(&pair, buffer_text(&answer), &report) == 0);
}

/* An answer in clear to a question that was not, an old one, a wrong passphrase, a report that pretends. */
static void test_not_proved(void)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer clear = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer pretended = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer user = BUFFER(SNMP_MESSAGE_MAX);
        enum snmp_report report = SNMP_REPORT_NONE;
        struct pair pair, other;

        begin(&levels[3], &pair);
        discover(&pair);
        reply(&pair, SNMP_RESPONSE, &answer);
        begin(&levels[0], &other);
        reply(&other, SNMP_RESPONSE, &clear);
        assert(take_in(&pair, buffer_text(&clear), &report) == SNMP_NOT_PROVED);
        reply(&other, SNMP_REPORT, &pretended);
        assert(take_in(&pair, buffer_text(&pretended), &report) == SNMP_NOT_PROVED);
        assert(!pair.ours.is_proved);

        pair.device.boots = 8;
        reply(&pair, SNMP_RESPONSE, &user);
        assert(take_in(&pair, buffer_text(&user), &report) == 0);
        assert(take_in(&pair, buffer_text(&answer), &report) == SNMP_NOT_PROVED);

        pair.ours.authentication_key[0] ^= 1;
        assert(take_in(&pair, buffer_text(&user), &report) == SNMP_NOT_PROVED);
}

/* The clock's report is believed where it is proved. */
static void test_clock(void)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        enum snmp_report report = SNMP_REPORT_NONE;
        struct pair pair;

        begin(&levels[5], &pair);
        discover(&pair);
        pair.ours.boots = 0;
        pair.ours.time_s = 0;
        reply(&pair, SNMP_REPORT, &answer);
        /* A report may be sent in clear; this one is not. */
        assert(take_in(&pair, buffer_text(&answer), &report) == 0 && report == SNMP_REPORT_TIME);
        assert(pair.ours.is_proved && pair.ours.boots == 7 && pair.ours.time_s == 5010);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(levels); i++)
                test_conversation(&levels[i]);
        test_changed(&levels[1]);
        test_changed(&levels[3]);
        test_not_proved();
        test_clock();
        return 0;
}
