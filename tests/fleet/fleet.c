// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * fleet: thousands of printers that answer by SNMP, in one process and on one socket, in a network that is
 * routed to this machine as a whole ("ip route add local 10.7.0.0/16 dev lo").
 *
 *      fleet --port 161 --network 10.7.0.0/16 --printers 1000 [--others 500] [--seed 1] [--v3]
 *
 * Each printer has an identity for ever and an address by the seed. Lines on standard input: "seed 2" moves
 * every one of them; "counts" prints how many questions came, how many a second at most, how many went where
 * nobody is, and the octets of all others; an end of the input ends it. By default they speak SNMPv1 and v2c
 * with the community "public"; with --v3 only SNMPv3: user "fleet", SHA-256 of "fleet-passphrase", AES-128 of
 * "fleet-privacy".
 */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "discovery/range.h"
#include "fleet-mib.h"
#include "snmp/ber.h"
#include "snmp/secure.h"

#define PRINTERS_MAX 65536
#define ANSWER_MAX   1400 /* octets: a packet */

struct fleet {
        int fd;
        struct range network;
        uint32_t count, others, seed;
        bool is_v3;
        struct fleet_printer *printers;
        uint32_t *at; /* number of the printer + 1 by the address less the first; 0: nobody */
        struct snmp_user user;
        struct snmp_engine *engines;
        uint64_t questions, nobody, second, second_count, second_max;
        uint64_t octets; /* of questions to somebody and of answers, with the heads of UDP and IP */
};

static uint64_t mix(uint64_t x)
{
        x += 0x9e3779b97f4a7c15;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
        x = (x ^ x >> 27) * 0x94d049bb133111eb;
        return x ^ x >> 31;
}

static void place(struct fleet *fleet)
{
        uint32_t span = fleet->network.last - fleet->network.first + 1;

        memset(fleet->at, 0, span * sizeof(*fleet->at));
        for (uint32_t i = 0; i < fleet->count + fleet->others; i++) {
                uint64_t turn = 0;
                uint32_t offset;

                do
                        offset = (uint32_t)(mix((uint64_t)fleet->seed << 40 | (uint64_t)i << 16 | turn++) %
                                            span);
                while (fleet->at[offset]);
                fleet->at[offset] = i + 1;
                fleet->printers[i] =
                        (struct fleet_printer){ i + 1, fleet->network.first + offset, i >= fleet->count };
        }
}

/* ---- answers ---- */

static size_t octets_of(const struct snmp_value *value)
{
        return 4 + value->name.count * 2 + (value->kind == SNMP_OCTETS ? value->octets.len + 2 : 6);
}

static void answer_bulk(const struct fleet_printer *printer, const struct snmp_answer *question,
                        struct snmp_answer *ret)
{
        struct snmp_name names[SNMP_VALUES_MAX];
        size_t octets = 100, columns = question->value_count;
        int32_t rows = question->index > 0 ? question->index : 0;

        for (size_t i = 0; i < columns; i++)
                names[i] = question->values[i].name;
        for (int32_t row = 0; row < rows; row++)
                for (size_t i = 0; i < columns; i++) {
                        struct snmp_value *value = &ret->values[ret->value_count];

                        if (ret->value_count == SNMP_VALUES_MAX)
                                return;
                        fleet_next(printer, &names[i], value);
                        octets += octets_of(value);
                        if (octets > ANSWER_MAX)
                                return;
                        names[i] = value->name;
                        ret->value_count++;
                }
}

static void answer_one(const struct fleet_printer *printer, const struct snmp_answer *question, bool is_v1,
                       struct snmp_answer *ret)
{
        for (size_t i = 0; i < question->value_count; i++) {
                fleet_next(printer, &question->values[i].name, &ret->values[i]);
                if (is_v1 && ret->values[i].kind == SNMP_NOTHING) {
                        memcpy(ret->values, question->values, question->value_count * sizeof(ret->values[0]));
                        ret->error = SNMP_NO_SUCH_NAME;
                        ret->index = (int32_t)i + 1;
                        break;
                }
        }
        ret->value_count = question->value_count;
}

static void answer_make(const struct fleet_printer *printer, const struct snmp_answer *question, bool is_v1,
                        struct snmp_answer *ret)
{
        ret->operation = SNMP_RESPONSE;
        ret->id = question->id;
        ret->error = ret->index = 0;
        ret->value_count = 0;
        if (question->operation == SNMP_GET_BULK)
                answer_bulk(printer, question, ret);
        else
                answer_one(printer, question, is_v1, ret);
}

static bool answer_plain(const struct fleet_printer *printer, struct text octets, enum snmp_version version,
                         struct buffer *to)
{
        static struct snmp_answer question, answer;
        struct cursor outer = cursor_from(octets), c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
        struct buffer message = BUFFER(SNMP_MESSAGE_MAX);
        struct text community;

        (void)ber_integer(&c);
        community = ber_expect(&c, BER_OCTETS);
        if (!cursor_is_good(&c) || !text_equal_string(community, "public") ||
            snmp_pdu_parse(cursor_text(&c, c.left), &question) != 0)
                return false;
        answer_make(printer, &question, version == SNMP_V1, &answer);
        ber_add_integer(&message, BER_INTEGER, version);
        ber_add(&message, BER_OCTETS, community);
        snmp_answer_add(&answer, &message);
        ber_add_buffer(to, BER_SEQUENCE, &message);
        return true;
}

static struct snmp_engine *engine_of(struct fleet *fleet, const struct fleet_printer *printer)
{
        struct snmp_engine *engine = &fleet->engines[printer->number - 1];
        int64_t now_s = clock_monotonic_ms() / 1000;

        if (engine->id_len == 0) {
                char id[SNMP_ENGINE_OCTETS];

                snprintf(id, sizeof(id),
                         "\x80%c\x1f\x88\x04"
                         "FLT%07u",
                         1, printer->number);
                memcpy(engine->id, id, 15);
                engine->id[1] = 0;
                engine->id_len = 15;
                engine->boots = printer->number % 7 + 1;
                engine->is_proved = true;
                (void)snmp_engine_localize(engine, &fleet->user);
        }
        engine->time_s = (uint32_t)now_s;
        engine->heard_s = now_s;
        return engine;
}

static void report(struct fleet *fleet, const struct snmp_secure_head *head, struct snmp_engine *engine,
                   uint32_t which, bool is_proved, struct buffer *to)
{
        static struct snmp_answer answer;
        struct snmp_user nobody = { .name = "" };
        struct snmp_secure secure = { .user = is_proved ? &fleet->user : &nobody,
                                      .engine = engine,
                                      .id = head->id,
                                      .now_s = engine->heard_s };

        answer.operation = SNMP_REPORT;
        answer.id = head->id;
        answer.error = answer.index = 0;
        answer.value_count = 1;
        answer.values[0] = (struct snmp_value){ .name = { { 1, 3, 6, 1, 6, 3, 15, 1, 1, which, 0 }, 11 },
                                                .kind = SNMP_INTEGER,
                                                .tag = BER_COUNTER32,
                                                .integer = 1 };
        snmp_secure_answer(&secure, &answer, false, to);
}

static bool answer_secure(struct fleet *fleet, const struct fleet_printer *printer, struct text octets,
                          struct buffer *to)
{
        static struct snmp_answer question, answer;
        static uint8_t room[SNMP_MESSAGE_MAX];
        static uint64_t salt;
        struct snmp_engine *engine = engine_of(fleet, printer);
        struct snmp_secure_head head;
        struct snmp_secure secure = { .user = &fleet->user, .engine = engine, .now_s = engine->heard_s };
        int64_t off;
        int r;

        if (snmp_secure_head_parse(octets, &head) != 0)
                return false;
        secure.id = head.id;
        salt++;
        memcpy(secure.salt, &salt, sizeof(salt));
        if (head.engine.len == 0) {
                report(fleet, &head, engine, 4, false, to);
                return true;
        }
        r = snmp_secure_open_question(&head, octets, &fleet->user, engine, room, &question);
        off = (int64_t)head.time_s - engine->time_s;
        if (r == SNMP_NOT_OURS)
                report(fleet, &head, engine, 3, false, to);
        else if (r == SNMP_NOT_PROVED)
                report(fleet, &head, engine, 5, false, to);
        else if (r)
                return false;
        else if (head.boots != engine->boots || off > 150 || off < -150)
                report(fleet, &head, engine, 2, true, to);
        else {
                answer_make(printer, &question, false, &answer);
                snmp_secure_answer(&secure, &answer, true, to);
        }
        return true;
}

/* ---- datagrams ---- */

/* From the address that was asked. */
static void reply(int fd, const struct sockaddr_in *to, const struct in_pktinfo *asked,
                  const struct buffer *octets)
{
        union {
                char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
                struct cmsghdr align;
        } control = { .room = "" };
        struct iovec part = { octets->at, octets->len };
        struct msghdr message = { .msg_name = (void *)to,
                                  .msg_namelen = sizeof(*to),
                                  .msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = control.room,
                                  .msg_controllen = sizeof(control.room) };
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        struct in_pktinfo from = { .ipi_spec_dst = asked->ipi_addr };

        header->cmsg_level = IPPROTO_IP;
        header->cmsg_type = IP_PKTINFO;
        header->cmsg_len = CMSG_LEN(sizeof(from));
        memcpy(CMSG_DATA(header), &from, sizeof(from));
        (void)!sendmsg(fd, &message, MSG_NOSIGNAL);
}

static void count(struct fleet *fleet)
{
        uint64_t second = (uint64_t)(clock_monotonic_ms() / 1000);

        fleet->questions++;
        if (second != fleet->second)
                fleet->second_count = 0;
        fleet->second = second;
        if (++fleet->second_count > fleet->second_max)
                fleet->second_max = fleet->second_count;
}

static void receive(struct fleet *fleet)
{
        static char datagram[SNMP_MESSAGE_MAX];
        SCOPED(buffer_done) struct buffer answer = BUFFER(SNMP_MESSAGE_MAX);
        union {
                char room[256];
                struct cmsghdr align;
        } control;
        struct sockaddr_in from;
        struct iovec part = { datagram, sizeof(datagram) };
        struct msghdr message = { .msg_name = &from,
                                  .msg_namelen = sizeof(from),
                                  .msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = control.room,
                                  .msg_controllen = sizeof(control.room) };
        ssize_t n = recvmsg(fleet->fd, &message, 0);
        struct in_pktinfo asked = { .ipi_ifindex = 0 };
        enum snmp_version version;
        uint32_t address, number;
        bool answers;

        if (n <= 0)
                return;
        for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h))
                if (h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_PKTINFO)
                        memcpy(&asked, CMSG_DATA(h), sizeof(asked));
        count(fleet);
        address = ntohl(asked.ipi_addr.s_addr);
        number = address >= fleet->network.first && address <= fleet->network.last
                         ? fleet->at[address - fleet->network.first]
                         : 0;
        if (!number || !snmp_version_find((struct text){ datagram, (size_t)n }, &version)) {
                fleet->nobody++;
                return;
        }
        if ((version == SNMP_V3) != fleet->is_v3)
                return;
        answers = version == SNMP_V3 ? answer_secure(fleet, &fleet->printers[number - 1],
                                                     (struct text){ datagram, (size_t)n }, &answer)
                                     : answer_plain(&fleet->printers[number - 1],
                                                    (struct text){ datagram, (size_t)n }, version, &answer);
        fleet->octets += (uint64_t)n + 28 + (answers ? answer.len + 28 : 0);
        if (answers && !answer.failure)
                reply(fleet->fd, &from, &asked, &answer);
}

/* False at the end of the input. */
static bool command(struct fleet *fleet)
{
        char line[256];

        if (!fgets(line, sizeof(line), stdin))
                return false;
        if (sscanf(line, "seed %u", &fleet->seed) == 1) {
                place(fleet);
                printf("placed\n");
        } else if (strcmp(line, "counts\n") == 0) {
                printf("%llu %llu %llu %llu\n", (unsigned long long)fleet->questions,
                       (unsigned long long)fleet->second_max, (unsigned long long)fleet->nobody,
                       (unsigned long long)fleet->octets);
        } else {
                printf("?\n");
        }
        fflush(stdout);
        return true;
}

static int serve(struct fleet *fleet)
{
        for (;;) {
                struct pollfd fds[] = { { fleet->fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };

                if (poll(fds, 2, -1) < 0)
                        return 1;
                if (fds[0].revents)
                        receive(fleet);
                if (fds[1].revents && !command(fleet))
                        return 0;
        }
}

static bool read_options(struct fleet *fleet, char **argv, uint16_t *ret_port)
{
        for (; *argv; argv++) {
                uint64_t number = 0;

                if (strcmp(*argv, "--v3") == 0) {
                        fleet->is_v3 = true;
                        continue;
                }
                if (!argv[1])
                        return false;
                (void)text_number(text_from(argv[1]), UINT32_MAX, &number);
                if (strcmp(*argv, "--port") == 0)
                        *ret_port = (uint16_t)number;
                else if (strcmp(*argv, "--printers") == 0)
                        fleet->count = (uint32_t)number;
                else if (strcmp(*argv, "--others") == 0)
                        fleet->others = (uint32_t)number;
                else if (strcmp(*argv, "--seed") == 0)
                        fleet->seed = (uint32_t)number;
                else if (strcmp(*argv, "--network") != 0 || !range_parse(text_from(argv[1]), &fleet->network))
                        return false;
                argv++;
        }
        return fleet->network.first && fleet->count + fleet->others > 0 &&
               fleet->count + fleet->others < PRINTERS_MAX &&
               fleet->count + fleet->others < (fleet->network.last - fleet->network.first) / 2 + 2;
}

int main(int argc, char **argv)
{
        static const struct snmp_user_options user = { .name = TEXT("fleet"),
                                                       .authentication = SNMP_SHA256,
                                                       .privacy = SNMP_AES128,
                                                       .authentication_passphrase = TEXT("fleet-passphrase"),
                                                       .privacy_passphrase = TEXT("fleet-privacy") };
        struct fleet fleet = { .seed = 1 };
        struct sockaddr_in any = { .sin_family = AF_INET };
        uint16_t port = 161;
        int on = 1, octets = 8 << 20;

        setvbuf(stdin, NULL, _IONBF, 0);
        if (argc < 2 || !read_options(&fleet, argv + 1, &port) || snmp_user_init(&user, &fleet.user) != 0)
                return 2;
        fleet.printers = calloc(fleet.count + fleet.others, sizeof(*fleet.printers));
        fleet.engines = calloc(fleet.count + fleet.others, sizeof(*fleet.engines));
        fleet.at = calloc(fleet.network.last - fleet.network.first + 1, sizeof(*fleet.at));
        fleet.fd = socket(AF_INET, SOCK_DGRAM, 0);
        any.sin_port = htons(port);
        if (!fleet.printers || !fleet.engines || !fleet.at || fleet.fd < 0 ||
            setsockopt(fleet.fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
            bind(fleet.fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
                perror("fleet");
                return 1;
        }
        if (setsockopt(fleet.fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
                (void)setsockopt(fleet.fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
        place(&fleet);
        printf("ready\n");
        fflush(stdout);
        return serve(&fleet);
}
