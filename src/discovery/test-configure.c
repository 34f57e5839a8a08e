// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Settings written to devices that take them, that refuse, and that lie: each is one thread with a socket on
 * the loopback network. */

#include "discovery/configure.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "snmp/ber.h"

#define DEVICE "127.0.77.5"

enum manners {
        MANNERS_HONEST,
        MANNERS_REFUSING,  /* with fake.error */
        MANNERS_FORGETFUL, /* says yes, and keeps nothing */
        MANNERS_CUTTING,   /* keeps four octets of it */
        MANNERS_MUTE,      /* does what it is told, and says nothing of it */
        MANNERS_DYING,     /* says nothing from the first Set on */
        MANNERS_LYING,     /* answers with other names than it was asked for */
};

static struct fake {
        enum manners manners;
        int32_t error;
        bool has_printer;
        char location[64];
        int64_t console;
        int fd, stop[2];
        uint16_t port;
        uint64_t sets;
        pthread_t thread;
        char datagram[SNMP_MESSAGE_MAX];
        struct snmp_answer question, answer;
} fake;

static struct snmp_name name_of(const char *string)
{
        struct snmp_name name;

        assert(snmp_name_parse(text_from(string), &name));
        return name;
}

static bool is(const struct snmp_name *name, const char *string)
{
        struct snmp_name other = name_of(string);

        return snmp_name_equal(name, &other);
}

static void say(struct snmp_value *to, const char *name, const char *words, int64_t number)
{
        *to = (struct snmp_value){ .name = name_of(name),
                                   .kind = words ? SNMP_OCTETS : SNMP_INTEGER,
                                   .tag = words ? BER_OCTETS : BER_INTEGER,
                                   .integer = number,
                                   .octets = words ? text_from(words) : (struct text){ "", 0 } };
}

static void answer_next(const struct snmp_name *name, struct snmp_value *to)
{
        if (fake.has_printer && is(name, "1.3.6.1.2.1.43.5.1.1.1"))
                say(to, "1.3.6.1.2.1.43.5.1.1.1.7", NULL, 3);
        else if (fake.has_printer && is(name, "1.3.6.1.2.1.43.5.1.1.17"))
                say(to, "1.3.6.1.2.1.43.5.1.1.17.7", "SER-0001", 0);
        else
                *to = (struct snmp_value){ .name = *name, .kind = SNMP_NOTHING, .tag = BER_END };
}

static void answer_get(const struct snmp_name *name, struct snmp_value *to)
{
        if (is(name, "1.3.6.1.2.1.1.6.0"))
                say(to, fake.manners == MANNERS_LYING ? "1.3.6.1.2.1.1.5.0" : "1.3.6.1.2.1.1.6.0",
                    fake.location, 0);
        else if (is(name, "1.3.6.1.2.1.43.5.1.1.13.7"))
                say(to, "1.3.6.1.2.1.43.5.1.1.13.7", NULL, fake.console);
        else
                *to = (struct snmp_value){ .name = *name, .kind = SNMP_NOTHING, .tag = BER_NO_INSTANCE };
}

/* False: says nothing. */
static bool take_set(const struct snmp_value *value)
{
        fake.sets++;
        if (fake.manners == MANNERS_DYING)
                return false;
        if (fake.manners == MANNERS_REFUSING) {
                fake.answer.error = fake.error;
                fake.answer.index = 1;
                return true;
        }
        if (fake.manners != MANNERS_FORGETFUL && value->kind == SNMP_INTEGER)
                fake.console = value->integer;
        if (fake.manners != MANNERS_FORGETFUL && value->kind == SNMP_OCTETS)
                assert(text_copy(fake.manners == MANNERS_CUTTING ? text_from_octets(value->octets.at, 4)
                                                                 : value->octets,
                                 fake.location, sizeof(fake.location)));
        return fake.manners != MANNERS_MUTE;
}

static bool behave(void)
{
        const struct snmp_value *value = &fake.question.values[0];

        if (fake.manners == MANNERS_DYING && fake.sets)
                return false;
        fake.answer =
                (struct snmp_answer){ .operation = SNMP_RESPONSE, .id = fake.question.id, .value_count = 1 };
        fake.answer.values[0] = *value;
        if (fake.question.operation == SNMP_SET)
                return take_set(value);
        if (fake.question.operation == SNMP_GET_NEXT)
                answer_next(&value->name, &fake.answer.values[0]);
        else
                answer_get(&value->name, &fake.answer.values[0]);
        return true;
}

static void *serve(void *context)
{
        (void)context;
        for (;;) {
                struct pollfd fds[] = { { fake.fd, POLLIN, 0 }, { fake.stop[0], POLLIN, 0 } };
                SCOPED(buffer_done) struct buffer whole = BUFFER(SNMP_MESSAGE_MAX);
                struct buffer message = BUFFER(SNMP_MESSAGE_MAX);
                struct sockaddr_in from;
                socklen_t len = sizeof(from);
                struct cursor outer, c;
                struct text community;
                ssize_t n;

                assert(poll(fds, 2, -1) > 0);
                if (fds[1].revents)
                        return NULL;
                n = recvfrom(fake.fd, fake.datagram, sizeof(fake.datagram), 0, (struct sockaddr *)&from,
                             &len);
                assert(n > 0);
                outer = cursor_from((struct text){ fake.datagram, (size_t)n });
                c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
                (void)ber_integer(&c);
                community = ber_expect(&c, BER_OCTETS);
                if (!text_equal_string(community, "write"))
                        continue;
                assert(snmp_pdu_parse(cursor_text(&c, c.left), &fake.question) == 0 &&
                       fake.question.value_count == 1);
                if (!behave())
                        continue;
                ber_add_integer(&message, BER_INTEGER, SNMP_V2C);
                ber_add(&message, BER_OCTETS, community);
                snmp_answer_add(&fake.answer, &message);
                ber_add_buffer(&whole, BER_SEQUENCE, &message);
                assert(!whole.failure);
                (void)!sendto(fake.fd, whole.at, whole.len, 0, (struct sockaddr *)&from, len);
        }
}

static void listen_there(void)
{
        struct sockaddr_in at = { .sin_family = AF_INET };
        socklen_t len = sizeof(at);

        fake.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert(inet_pton(AF_INET, DEVICE, &at.sin_addr) == 1);
        assert(fake.fd >= 0 && bind(fake.fd, (struct sockaddr *)&at, sizeof(at)) == 0);
        assert(getsockname(fake.fd, (struct sockaddr *)&at, &len) == 0);
        fake.port = ntohs(at.sin_port);
        assert(pipe(fake.stop) == 0);
        assert(pthread_create(&fake.thread, NULL, serve, NULL) == 0);
}

static struct configured done[3];
static bool tries_wrong;

/* Location, console and service person; the last is nothing that this device has. */
static int run(const char *name, const char *serial, int64_t timeout_ms)
{
        static const struct snmp_credential credentials[] = { { .version = SNMP_V2C, .community = "wrong" },
                                                              { .version = SNMP_V2C, .community = "write" } };
        struct configure_order order = { .port = fake.port,
                                         .timeout_ms = timeout_ms,
                                         .retries = 1,
                                         .until_ms = clock_monotonic_ms() + 60000,
                                         .credentials = credentials + !tries_wrong,
                                         .credential_count = tries_wrong ? 2 : 1,
                                         .serial = serial };
        int r;

        printf("%s\n", name);
        listen_there();
        order.port = fake.port;
        assert(range_address_parse(TEXT_OF(DEVICE), &order.address));
        memset(done, 0, sizeof(done));
        done[0] = (struct configured){ .setting = SETTING_LOCATION, .wanted = "Hall, left" };
        done[1] = (struct configured){ .setting = SETTING_CONSOLE, .wanted = "disabled" };
        done[2] = (struct configured){ .setting = SETTING_SERVICE_PERSON, .wanted = "Somebody" };
        r = configure(&order, done, ARRAY_LENGTH(done));
        assert(write(fake.stop[1], "", 1) == 1);
        pthread_join(fake.thread, NULL);
        close(fake.fd);
        close(fake.stop[0]);
        close(fake.stop[1]);
        return r;
}

static void begin(enum manners manners)
{
        memset(&fake, 0, sizeof(fake));
        fake.manners = manners;
        fake.has_printer = true;
        fake.console = 3;
        strcpy(fake.location, "Cellar");
}

static void test_what_is_taken(void)
{
        begin(MANNERS_HONEST);
        tries_wrong = true;
        assert(run("what is taken", "SER-0001", 300) == 0 && fake.sets == 2);
        tries_wrong = false;
        assert(done[0].outcome == CONFIGURED_CHANGED && strcmp(done[0].before, "Cellar") == 0 &&
               strcmp(done[0].after, "Hall, left") == 0 && !done[0].reason);
        assert(done[1].outcome == CONFIGURED_CHANGED && strcmp(done[1].before, "enabled") == 0 &&
               strcmp(done[1].after, "disabled") == 0 && fake.console == 4);
        assert(done[2].outcome == CONFIGURED_REFUSED && strcmp(done[2].reason, "no-such-name") == 0 &&
               !done[2].has_before);
}

static void test_what_is_so_already(void)
{
        begin(MANNERS_HONEST);
        strcpy(fake.location, "Hall, left");
        fake.console = 4;
        assert(run("what is so already is not written", "", 300) == 0 && fake.sets == 0);
        assert(done[0].outcome == CONFIGURED_UNCHANGED && done[1].outcome == CONFIGURED_UNCHANGED);
}

static void test_another_printer(void)
{
        begin(MANNERS_HONEST);
        assert(run("another printer stands there", "SER-0002", 300) == CONFIGURE_ANOTHER && fake.sets == 0);
        assert(done[0].outcome == CONFIGURED_NOT_TRIED);
        begin(MANNERS_HONEST);
        fake.has_printer = false;
        assert(run("one that says nothing of itself", "SER-0002", 300) == 0 && fake.sets == 1);
}

static void test_refusals(void)
{
        static const struct {
                int32_t error;
                const char *reason;
        } rows[] = {
                { SNMP_NO_ACCESS, "no-access" },
                { SNMP_NOT_WRITABLE, "not-writable" },
                { SNMP_AUTHORIZATION_ERROR, "authorization-error" },
                { SNMP_READ_ONLY, "read-only" },
                { SNMP_WRONG_LENGTH, "wrong-length" },
                { SNMP_COMMIT_FAILED, "commit-failed" },
                { 99, "general-error" },
                { -1, "general-error" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                begin(MANNERS_REFUSING);
                fake.error = rows[i].error;
                assert(run(rows[i].reason, "SER-0001", 300) == 0 && fake.sets == 2);
                assert(done[0].outcome == CONFIGURED_REFUSED && strcmp(done[0].reason, rows[i].reason) == 0);
                assert(strcmp(done[0].before, "Cellar") == 0 && strcmp(done[0].after, "Cellar") == 0);
        }
}

static void test_what_is_not_as_it_says(void)
{
        begin(MANNERS_FORGETFUL);
        assert(run("says yes and keeps nothing", "", 300) == 0);
        assert(done[0].outcome == CONFIGURED_REFUSED && strcmp(done[0].reason, "not-kept") == 0);
        begin(MANNERS_CUTTING);
        assert(run("keeps a part of it", "", 300) == 0);
        assert(done[0].outcome == CONFIGURED_CHANGED && strcmp(done[0].after, "Hall") == 0 &&
               strcmp(done[0].reason, "kept-otherwise") == 0);
        begin(MANNERS_MUTE);
        assert(run("does it and says nothing", "", 100) == 0);
        assert(done[0].outcome == CONFIGURED_CHANGED && strcmp(done[0].after, "Hall, left") == 0);
        begin(MANNERS_DYING);
        assert(run("falls silent", "", 100) == 0);
        assert(done[0].outcome == CONFIGURED_UNKNOWN && done[0].has_before && !done[0].has_after);
        begin(MANNERS_LYING);
        assert(run("answers something else", "", 300) == 0);
        assert(done[0].outcome == CONFIGURED_REFUSED && strcmp(done[0].reason, "no-such-name") == 0);
}

static void test_values(void)
{
        enum setting setting;

        printf("values\n");
        for (size_t i = 0; i < SETTINGS; i++)
                assert(setting_parse(text_from(setting_kind((enum setting)i)->name), &setting) &&
                       setting == i);
        assert(!setting_parse(TEXT_OF("serial"), &setting) && !setting_parse(TEXT_OF(""), &setting));
        assert(setting_fits(SETTING_LOCATION, TEXT_OF("")) &&
               setting_fits(SETTING_LOCATION, TEXT_OF("Hall")));
        assert(!setting_fits(SETTING_LOCATION, TEXT_OF("Hall ")) &&
               !setting_fits(SETTING_NAME, TEXT_OF("a\nb")));
        assert(setting_fits(SETTING_CONSOLE, TEXT_OF("disabled")) &&
               !setting_fits(SETTING_CONSOLE, TEXT_OF("")));
        assert(!setting_fits(SETTING_STARTUP_PAGE, TEXT_OF("enabled")));
}

int main(void)
{
        test_values();
        test_what_is_taken();
        test_what_is_so_already();
        test_another_printer();
        test_refusals();
        test_what_is_not_as_it_says();
        return 0;
}
