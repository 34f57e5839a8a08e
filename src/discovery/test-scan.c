// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Scans of devices that behave, and of those that do not: each is one thread with a socket on the loopback
 * network. */

#include "discovery/scan.h"

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
#include "discovery/scan-host.h"
#include "snmp/ber.h"

#define DEVICE  "127.0.77.1"
#define ANOTHER "127.0.77.2"

struct fake {
        int fd, other, stop[2];
        uint16_t port;
        struct snmp_answer question, answer;
        char datagram[SNMP_MESSAGE_MAX];
        /* Makes of the question the answer; false: says nothing. */
        bool (*behave)(struct fake *fake);
        bool from_other;
        int32_t number_off;
        size_t cut;            /* so many octets of the answer are sent; 0: all */
        int64_t timeout_ms;    /* 0: as long as it may take */
        const char *community; /* in the answer; NULL: as it was asked */
        struct buffer held;    /* of one that answers only when it is asked again */
        bool is_late;
        bool is_v1, is_v3; /* asked so; what speaks v3 here speaks nonsense */
        size_t noise;      /* datagrams of nonsense before each answer */
        bool is_target;    /* asked as a printer that is known */
        uint64_t questions;
        pthread_t thread;
};

static struct snmp_name name_of(const char *string)
{
        struct snmp_name name;

        assert(snmp_name_parse(text_from(string), &name));
        return name;
}

static const struct {
        const char *name;
        enum snmp_kind kind;
        uint8_t tag;
        int64_t number;
        const char *words;
} mib[] = {
        { "1.3.6.1.2.1.1.1.0", SNMP_OCTETS, 4, 0, "A printer\nof the tests" },
        { "1.3.6.1.2.1.2.2.1.6.1", SNMP_OCTETS, 4, 0, "\2\1\2\3\4\5" },
        { "1.3.6.1.2.1.25.3.5.1.1.1", SNMP_INTEGER, 2, 3, "" },
        { "1.3.6.1.2.1.43.5.1.1.1.1", SNMP_INTEGER, 0x41, 7, "" },
        { "1.3.6.1.2.1.43.5.1.1.17.1", SNMP_OCTETS, 4, 0, "SER-0001" },
        { "1.3.6.1.2.1.43.11.1.1.8.1.1", SNMP_INTEGER, 2, 100, "" },
        { "1.3.6.1.2.1.43.11.1.1.9.1.1", SNMP_INTEGER, 2, -3, "" },
};

static struct snmp_value next_of(const struct snmp_name *name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(mib); i++) {
                struct snmp_name at = name_of(mib[i].name);

                if (snmp_name_is_before(name, &at))
                        return (struct snmp_value){ at, mib[i].kind, mib[i].tag, mib[i].number,
                                                    text_from(mib[i].words) };
        }
        return (struct snmp_value){ .name = *name, .kind = SNMP_NOTHING, .tag = BER_END };
}

/* GetBulk as it should be. */
static bool honest(struct fake *fake)
{
        struct snmp_name names[SNMP_VALUES_MAX];
        int32_t rows = fake->question.operation == SNMP_GET_BULK ? fake->question.index : 1;

        for (size_t i = 0; i < fake->question.value_count; i++)
                names[i] = fake->question.values[i].name;
        for (int32_t row = 0; row < rows; row++)
                for (size_t i = 0; i < fake->question.value_count; i++) {
                        struct snmp_value value = next_of(&names[i]);

                        assert(fake->answer.value_count < SNMP_VALUES_MAX);
                        names[i] = value.name;
                        fake->answer.values[fake->answer.value_count++] = value;
                }
        return true;
}

static void *serve(void *context)
{
        struct fake *fake = context;

        for (;;) {
                struct pollfd fds[] = { { fake->fd, POLLIN, 0 }, { fake->stop[0], POLLIN, 0 } };
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
                n = recvfrom(fake->fd, fake->datagram, sizeof(fake->datagram), 0, (struct sockaddr *)&from,
                             &len);
                assert(n > 0);
                fake->questions++;
                if (fake->is_v3) {
                        (void)!sendto(fake->fd, fake->datagram, (size_t)n / 2, 0, (struct sockaddr *)&from,
                                      len);
                        continue;
                }
                outer = cursor_from((struct text){ fake->datagram, (size_t)n });
                c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
                (void)ber_integer(&c);
                community = ber_expect(&c, BER_OCTETS);
                assert(snmp_pdu_parse(cursor_text(&c, c.left), &fake->question) == 0);
                fake->answer = (struct snmp_answer){ .operation = SNMP_RESPONSE,
                                                     .id = fake->question.id + fake->number_off };
                for (size_t i = 0; i < fake->noise; i++)
                        (void)!sendto(fake->fd, fake->datagram, i % (size_t)n, 0, (struct sockaddr *)&from,
                                      len);
                if (!fake->behave(fake))
                        continue;
                ber_add_integer(&message, BER_INTEGER, fake->is_v1 ? SNMP_V1 : SNMP_V2C);
                ber_add(&message, BER_OCTETS, fake->community ? text_from(fake->community) : community);
                snmp_answer_add(&fake->answer, &message);
                ber_add_buffer(&whole, BER_SEQUENCE, &message);
                assert(!whole.failure);
                if (fake->is_late && fake->held.len == 0) {
                        buffer_add_text(&fake->held, buffer_text(&whole));
                        continue;
                }
                if (fake->is_late) {
                        (void)!sendto(fake->fd, fake->held.at, fake->held.len, 0, (struct sockaddr *)&from,
                                      len);
                        buffer_clear(&fake->held);
                        continue;
                }
                (void)!sendto(fake->from_other ? fake->other : fake->fd, whole.at,
                              fake->cut ? fake->cut : whole.len, 0, (struct sockaddr *)&from, len);
        }
}

static int listen_at(const char *address, uint16_t port, uint16_t *ret_port)
{
        struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
        socklen_t len = sizeof(at);
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        assert(inet_pton(AF_INET, address, &at.sin_addr) == 1);
        assert(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
        assert(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
        *ret_port = ntohs(at.sin_port);
        return fd;
}

static struct sighting seen;
static size_t seen_count;

static int see(void *context, const struct sighting *sighting)
{
        (void)context;
        seen = *sighting;
        seen_count++;
        return 0;
}

static bool go_on(void *context, const struct scan_counts *counts)
{
        (void)counts;
        return !context;
}

static struct order order_of(uint16_t port)
{
        struct range range;
        struct order order;

        look_order_init(&order);
        assert(range_parse(text_from(DEVICE), &range));
        ranges_make(&range, 1, NULL, 0, &order.ranges);
        order.ways[WAY_SNMP] = true;
        order.packets_per_second = 10000;
        order.timeout_ms = 10000;
        order.retries = 2;
        order.snmp_port = port;
        return order;
}

/* One device with its manners, and one scan of it. */
static struct scan_counts look(struct fake *fake)
{
        SCOPED(secrets_freep) struct secrets *secrets = calloc(1, sizeof(*secrets));
        struct scan_observer observer = { see, go_on, NULL };
        struct scan_counts counts;
        struct scan_options options;
        struct order order;
        uint16_t port;

        assert(secrets);
        fake->fd = listen_at(DEVICE, 0, &fake->port);
        fake->other = listen_at(ANOTHER, fake->port, &port);
        assert(pipe(fake->stop) == 0);
        buffer_init(&fake->held, SNMP_MESSAGE_MAX);
        assert(pthread_create(&fake->thread, NULL, serve, fake) == 0);
        secrets->credentials[0] = (struct snmp_credential){ .version = fake->is_v1   ? SNMP_V1
                                                                       : fake->is_v3 ? SNMP_V3
                                                                                     : SNMP_V2C,
                                                            .community = "public" };
        secrets->credential_count = 1;
        if (fake->is_target) {
                secrets->targets = calloc(1, sizeof(*secrets->targets));
                assert(secrets->targets && range_address_parse(TEXT_OF(DEVICE), &secrets->targets->address));
                memset(&secrets->targets->printer, 7, sizeof(secrets->targets->printer));
                secrets->target_count = 1;
        }
        order = order_of(fake->port);
        if (fake->timeout_ms)
                order.timeout_ms = fake->timeout_ms;
        options = (struct scan_options){ &order, secrets,
                                         fake->is_target ? PURPOSE_STATUS : PURPOSE_DISCOVERY };
        seen_count = 0;
        assert(scan_run(&options, &observer, &counts) == 0);
        assert(write(fake->stop[1], "", 1) == 1);
        pthread_join(fake->thread, NULL);
        close(fake->fd);
        close(fake->other);
        close(fake->stop[0]);
        close(fake->stop[1]);
        buffer_done(&fake->held);
        assert(counts.asked == 1 && counts.packets <= 3 * (MIB_QUESTIONS_MAX + 1));
        return counts;
}

static struct fake fake;

static void begin(const char *name, bool (*behave)(struct fake *fake))
{
        printf("%s\n", name);
        memset(&fake, 0, sizeof(fake));
        fake.behave = behave;
}

static void test_a_printer_is_found(void)
{
        struct scan_counts counts;

        begin("a printer is found", honest);
        counts = look(&fake);
        assert(counts.found == 1 && seen_count == 1 && seen.tried[WAY_SNMP] == TRIED_ANSWERED);
        assert(strcmp(seen.device.serial, "SER-0001") == 0 &&
               strcmp(seen.device.mac, "02:01:02:03:04:05") == 0);
        assert(strcmp(seen.device.description, "A printer of the tests") == 0);
        assert(seen.device.condition == COURIER_IDLE && seen.device.supply_count == 1);
        assert(seen.device.supplies[0].level == DEVICE_SOME && seen.device.supplies[0].max == 100);
        assert(!seen.was_cut && seen.octets <= BUDGET_DISCOVERY_OCTETS && counts.strangers == 0);
}

/* Always the same name, with a value: GetNext would never come to an end. */
static bool loops(struct fake *f)
{
        for (size_t i = 0; i < f->question.value_count; i++) {
                f->answer.values[i] =
                        (struct snmp_value){ f->question.values[i].name, SNMP_INTEGER, 2, 1, { "", 0 } };
                if (f->questions == 1)
                        f->answer.values[i].name.at[f->answer.values[i].name.count++] = 1;
        }
        f->answer.value_count = f->question.value_count;
        return true;
}

static void test_a_mib_that_loops(void)
{
        begin("a MIB that loops", loops);
        (void)look(&fake);
        assert(seen_count == 1 && fake.questions <= MIB_QUESTIONS_MAX + 1);
}

static void test_a_mib_that_loops_by_version_1(void)
{
        begin("a MIB that loops, one value at a time", loops);
        fake.is_v1 = true;
        (void)look(&fake);
        assert(seen_count == 1 && fake.questions <= MIB_QUESTIONS_MAX + MIB_PROBE_COLUMNS);
}

/* Back and forth between two names: each is another than the one before. */
static bool swings(struct fake *f)
{
        static const char *const names[] = { "1.3.6.1.2.1.43.5.1.1.1.1", "1.3.6.1.2.1.43.5.1.1.17.1" };

        for (size_t i = 0; i < f->question.value_count; i++)
                f->answer.values[i] =
                        (struct snmp_value){ f->questions == 1 ? next_of(&f->question.values[i].name).name
                                                               : name_of(names[f->questions % 2]),
                                             SNMP_INTEGER,
                                             2,
                                             1,
                                             { "", 0 } };
        f->answer.value_count = f->question.value_count;
        return true;
}

static void test_a_mib_that_swings(void)
{
        begin("a MIB that swings between two names", swings);
        (void)look(&fake);
        assert(seen_count == 1 && fake.questions <= MIB_QUESTIONS_MAX + 1);
}

/* There is always one more row. */
static bool never_ends(struct fake *f)
{
        static uint32_t row;
        size_t columns = f->question.value_count;

        for (int32_t i = 0; i < (f->question.index ? f->question.index : 1); i++)
                for (size_t k = 0; k < columns; k++) {
                        struct snmp_value *value = &f->answer.values[f->answer.value_count++];

                        *value = (struct snmp_value){ f->question.values[k].name, SNMP_OCTETS, 4, 0,
                                                      TEXT_OF("again and again") };
                        value->name.count = value->name.count > 13 ? 13 : value->name.count;
                        if (value->name.count < 13)
                                value->name.at[value->name.count++] = 1;
                        value->name.at[value->name.count - 1] = ++row + 1000;
                }
        return true;
}

static void test_a_mib_that_never_ends(void)
{
        begin("a MIB that never ends", never_ends);
        (void)look(&fake);
        assert(seen_count == 1 && seen.was_cut && seen.octets <= BUDGET_DISCOVERY_OCTETS + 2000);
}

/* Sixty kilobytes where a serial number should be. */
static bool huge(struct fake *f)
{
        static char octets[60000];

        memset(octets, 'x', sizeof(octets));
        f->answer.values[0] = (struct snmp_value){
                f->question.values[0].name, SNMP_OCTETS, 4, 0, { octets, sizeof(octets) }
        };
        f->answer.values[0].name.at[f->answer.values[0].name.count++] = 1;
        f->answer.value_count = 1;
        return true;
}

static void test_an_answer_that_is_huge(void)
{
        begin("an answer that is huge", huge);
        (void)look(&fake);
        assert(seen_count == 1 && seen.was_cut && fake.questions <= 3 && !seen.device.serial[0]);
}

static void test_an_answer_that_is_malformed(void)
{
        struct scan_counts counts;

        begin("an answer that is malformed", honest);
        fake.cut = 30;
        fake.timeout_ms = 400;
        counts = look(&fake);
        assert(seen_count == 0 && counts.malformed > 0 && counts.found == 0 && counts.answered == 0);
}

/* Each answer comes behind fifty datagrams that nobody can read. */
static void test_an_answer_among_noise(void)
{
        struct scan_counts counts;

        begin("an answer among noise", honest);
        fake.noise = 50;
        counts = look(&fake);
        assert(seen_count == 1 && strcmp(seen.device.serial, "SER-0001") == 0 && counts.malformed >= 40);
}

/* What cannot be read is no silence, and is told as what it is. */
static void test_a_known_printer_that_speaks_nonsense(void)
{
        struct scan_counts counts;

        begin("a known printer that speaks nonsense", honest);
        fake.cut = 30;
        fake.is_target = true;
        fake.timeout_ms = 100;
        counts = look(&fake);
        assert(seen_count == 1 && !sighting_is_printer(&seen) && counts.malformed == 3);
        assert(seen.tried[WAY_SNMP] == TRIED_NOT_UNDERSTOOD);
        begin("and by SNMPv3", honest);
        fake.is_v3 = true;
        fake.is_target = true;
        fake.timeout_ms = 100;
        counts = look(&fake);
        assert(seen_count == 1 && !sighting_is_printer(&seen) && counts.malformed == 3 && counts.found == 0);
        assert(seen.tried[WAY_SNMP] == TRIED_NOT_UNDERSTOOD);
}

static void test_an_answer_from_the_wrong_address(void)
{
        struct scan_counts counts;

        begin("an answer from the wrong address", honest);
        fake.from_other = true;
        fake.timeout_ms = 400;
        counts = look(&fake);
        assert(seen_count == 0 && counts.strangers > 0 && counts.answered == 0);
}

static void test_an_answer_of_another_number(void)
{
        struct scan_counts counts;

        begin("an answer of another number", honest);
        fake.number_off = 1;
        fake.timeout_ms = 400;
        counts = look(&fake);
        assert(seen_count == 0 && counts.strangers > 0 && counts.answered == 0);
}

static void test_an_answer_of_another_community(void)
{
        struct scan_counts counts;

        begin("an answer of another community", honest);
        fake.community = "private";
        fake.timeout_ms = 400;
        counts = look(&fake);
        assert(seen_count == 0 && counts.strangers > 0);
}

/* Each answer comes when the question was sent again. */
static void test_a_printer_that_is_slow(void)
{
        begin("a printer that is slow", honest);
        fake.is_late = true;
        fake.timeout_ms = 400;
        (void)look(&fake);
        assert(seen_count == 1 && strcmp(seen.device.serial, "SER-0001") == 0 && !seen.was_cut);
}

static bool silent(struct fake *f)
{
        (void)f;
        return false;
}

static void test_nobody_answers(void)
{
        struct scan_counts counts;

        begin("nobody answers", silent);
        fake.timeout_ms = 100;
        counts = look(&fake);
        assert(seen_count == 0 && counts.packets == 3);
}

static bool dies(struct fake *f)
{
        return f->questions <= 3 && honest(f);
}

static void test_a_printer_that_falls_silent(void)
{
        begin("a printer that falls silent", dies);
        fake.timeout_ms = 400;
        (void)look(&fake);
        assert(seen_count == 1 && seen.was_cut && seen.tried[WAY_SNMP] == TRIED_ANSWERED);
}

static bool too_big(struct fake *f)
{
        if (f->questions > 1 && f->question.value_count > 1) {
                f->answer.error = SNMP_TOO_BIG;
                return true;
        }
        return honest(f);
}

static void test_a_printer_for_which_everything_is_too_big(void)
{
        begin("a printer for which everything is too big", too_big);
        (void)look(&fake);
        assert(seen_count == 1 && fake.questions <= MIB_QUESTIONS_MAX + 1);
        assert(strcmp(seen.device.serial, "SER-0001") == 0);
}

static bool is_switch(struct fake *f)
{
        for (size_t i = 0; i < f->question.value_count; i++)
                f->answer.values[i] = (struct snmp_value){
                        f->question.values[i].name, SNMP_NOTHING, BER_END, 0, { "", 0 }
                };
        f->answer.value_count = f->question.value_count;
        return true;
}

/* DISC-SIZE: 0.1 kB for what is no printer, which is asked once. */
static void test_what_is_no_printer_costs_little(void)
{
        struct scan_counts counts;

        begin("what is no printer costs little", is_switch);
        counts = look(&fake);
        assert(seen_count == 0 && counts.answered == 1 && counts.found == 0 && counts.packets == 1);
        assert(counts.octets - 2 * HEAD_OCTETS <= 2 * 126);
}

/* A known one that is silent is told, with what was tried. */
static void test_a_known_printer_is_silent(void)
{
        struct target target = { .address = 0x7f004d03 };
        struct secrets secrets = { .targets = &target, .target_count = 1, .credential_count = 1 };
        struct scan_observer observer = { see, go_on, NULL };
        struct order order = order_of(9);
        struct scan_options options = { &order, &secrets, PURPOSE_SUPPLIES };
        struct scan_counts counts;

        order.timeout_ms = 100;
        printf("a known printer is silent\n");
        memset(&target.printer, 7, sizeof(target.printer));
        secrets.credentials[0] = (struct snmp_credential){ .version = SNMP_V2C, .community = "public" };
        seen_count = 0;
        assert(scan_run(&options, &observer, &counts) == 0);
        assert(seen_count == 1 && id_equal(seen.printer, target.printer) && !sighting_is_printer(&seen));
        assert(seen.tried[WAY_SNMP] == TRIED_SILENT && strcmp(seen.address, "127.0.77.3") == 0);
}

/* A listener whose queue is full says nothing to who knocks; it is knocked at as often as the order says. */
static void test_a_port_that_says_nothing(void)
{
        struct scan_observer observer = { see, go_on, NULL };
        struct secrets secrets = { .credential_count = 0 };
        struct sockaddr_in at = { .sin_family = AF_INET };
        socklen_t len = sizeof(at);
        struct scan_counts counts;
        int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), knocking[8];
        struct order order = order_of(9);
        struct scan_options options = { &order, &secrets, PURPOSE_DISCOVERY };

        printf("a port that says nothing\n");
        assert(inet_pton(AF_INET, DEVICE, &at.sin_addr) == 1);
        assert(bind(server, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(server, 0) == 0);
        assert(getsockname(server, (struct sockaddr *)&at, &len) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(knocking); i++) {
                knocking[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
                (void)!connect(knocking[i], (struct sockaddr *)&at, sizeof(at));
        }
        order.ways[WAY_SNMP] = false;
        order.ways[WAY_IPP] = true;
        order.ipp_port = ntohs(at.sin_port);
        order.timeout_ms = 100;
        seen_count = 0;
        assert(scan_run(&options, &observer, &counts) == 0);
        assert(seen_count == 0 && counts.packets == 3 && counts.answered == 0 && counts.opening == 1);
        for (size_t i = 0; i < ARRAY_LENGTH(knocking); i++)
                close(knocking[i]);
        close(server);
}

static void test_a_scan_can_be_stopped(void)
{
        struct secrets secrets = { .credential_count = 1 };
        struct scan_observer observer = { see, go_on, &secrets };
        struct range range = { 0x7f004e01, 0x7f00ffff };
        struct order order = order_of(9);
        struct scan_options options = { &order, &secrets, PURPOSE_DISCOVERY };
        struct scan_counts counts;
        int64_t began_ms = clock_monotonic_ms();

        printf("a scan can be stopped\n");
        ranges_make(&range, 1, NULL, 0, &order.ranges);
        order.packets_per_second = 10;
        secrets.credentials[0] = (struct snmp_credential){ .version = SNMP_V2C, .community = "public" };
        assert(scan_run(&options, &observer, &counts) == SCAN_STOPPED);
        /* within the cap until then, which is seconds at most: what was owed of a tenth of a second is one */
        assert((int64_t)counts.packets <= (clock_monotonic_ms() - began_ms) / 100 + 2);
}

int main(void)
{
        test_a_printer_is_found();
        test_a_mib_that_loops();
        test_a_mib_that_loops_by_version_1();
        test_a_mib_that_swings();
        test_a_mib_that_never_ends();
        test_an_answer_among_noise();
        test_a_known_printer_that_speaks_nonsense();
        test_an_answer_that_is_huge();
        test_an_answer_that_is_malformed();
        test_an_answer_from_the_wrong_address();
        test_an_answer_of_another_number();
        test_an_answer_of_another_community();
        test_a_printer_that_is_slow();
        test_nobody_answers();
        test_a_printer_that_falls_silent();
        test_a_printer_for_which_everything_is_too_big();
        test_what_is_no_printer_costs_little();
        test_a_known_printer_is_silent();
        test_a_port_that_says_nothing();
        test_a_scan_can_be_stopped();
        return 0;
}
