// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Where the service goes by itself, and where it does not: of all ways to write a forbidden address, none
 * makes a connection. */

#include "net/fetch.h"
#include "net/test-http.h"

/* Forbidden addresses in all the ways that somebody reads: A to D are the octets. */
static const char *const spellings[] = {
        "https://A.B.C.D:P/",
        "https://A.B.C.D./",
        "https://A.B.C.D.:P/",
        "https://DEC:P/",
        "https://HEX:P/",
        "https://OCT:P/",
        "https://0xXA.0xXB.0xXC.0xXD:P/",
        "https://0OA.0OB.0OC.0OD:P/",
        "https://000OA.B.C.D:P/",
        "https://0xXA.B.C.D:P/",
        "https://A.0xXB.C.0OD:P/",
        "https://A.B.TAIL2:P/",
        "https://A.TAIL3:P/",
        "https://[::ffff:A.B.C.D]:P/",
        "https://[::FFFF:A.B.C.D]:P/",
        "https://[::ffff:H1:H2]:P/",
        "https://[0:0:0:0:0:ffff:H1:H2]:P/",
        "https://[::A.B.C.D]:P/",
        "https://[::H1:H2]:P/",
        "https://[64:ff9b::H1:H2]:P/",
        "https://[2002:H1:H2::1]:P/",
        "https://[2001:0:H1:H2::1]:P/",
        "https://[::ffff:0:H1:H2]:P/",
        "https://x@A.B.C.D:P/",
        "https://good.example@A.B.C.D:P/",
        "https://good.example:443@A.B.C.D:P/",
        "https://A.B.C.D:P@good.example/",
        "https://A.B.C.D\\@good.example/",
        "https://good.example\\@A.B.C.D:P/",
        "https:\\\\A.B.C.D:P/",
        "https:/A.B.C.D:P/",
        "https:A.B.C.D:P/",
        "https:///A.B.C.D:P/",
        "https://A.B.C.D%00:P/",
        "https://A%2EB%2EC%2ED:P/",
        "https://A.B.C.D%2fgood.example/",
        "https://A.B.C.D#@good.example/",
        "https://A.B.C.D :P/",
        " https://A.B.C.D:P/",
        "https://A.B.C.D:P/\r\nHost: x",
        "https://A.B.C.D\t:P/",
        "http://A.B.C.D:P/",
        "HTTPS://A.B.C.D:P/",
        "ftp://A.B.C.D:P/",
        "gopher://A.B.C.D:P/",
        "//A.B.C.D:P/",
        "A.B.C.D:P",
        "https://A\xe3\x80\x82"
        "B\xe3\x80\x82"
        "C\xe3\x80\x82"
        "D:P/", /* ideographic full stops */
        "https://A.B.C.D:0P/",
        "https://A.B.C.D:+P/",
};

static const uint8_t forbidden[][4] = {
        { 127, 0, 0, 1 }, { 10, 0, 0, 1 }, { 169, 254, 169, 254 }, { 192, 168, 0, 1 }, { 0, 0, 0, 0 },
};

/* Names and addresses that are forbidden as they stand; names lead where resolve() says. */
static const char *const others[] = {
        "https://localhost:P/",
        "https://LOCALHOST:P/",
        "https://localhost.:P/",
        "https://loopback.example:P/",
        "https://loopback6.example:P/",
        "https://mixed.example:P/",
        "https://mapped.example:P/",
        "https://metadata.example:P/",
        "https://nat64.example:P/",
        "https://sixtofour.example:P/",
        "https://private.example:P/",
        "https://none.example:P/",
        "https://[::1]:P/",
        "https://[0:0:0:0:0:0:0:1]:P/",
        "https://[::0001]:P/",
        "https://[::]:P/",
        "https://[::1%25lo]:P/",
        "https://[::1%lo]:P/",
        "https://[fe80::1]:P/",
        "https://[fe80::1%25eth0]:P/",
        "https://[fc00::1]:P/",
        "https://[fd00:ec2::254]:P/",
        "https://[fd20:ce::254]:P/",
        "https://[ff02::1]:P/",
        "https://[fec0::1]:P/",
        "https://[2001:db8::1]:P/",
        "https://[100::1]:P/",
        "https://[::1:P/",
        "https://::1:P/",
        "https://[::1]x:P/",
        "https://[127.0.0.1]:P/",
        "https://[v1.x]:P/",
        "https://224.0.0.1:P/",
        "https://239.255.255.250:P/",
        "https://255.255.255.255:P/",
        "https://240.0.0.1:P/",
        "https://100.64.0.1:P/",
        "https://100.100.100.200:P/",
        "https://172.16.0.1:P/",
        "https://172.31.255.255:P/",
        "https://198.18.0.1:P/",
        "https://192.0.0.192:P/",
        "https://192.0.2.1:P/",
        "https://198.51.100.1:P/",
        "https://203.0.113.1:P/",
        "https://192.88.99.1:P/",
        "https://168.63.129.16:P/",
        "https://127.0.0.2:P/",
        "https://127.255.255.254:P/",
        "https://0:P/",
        "https://1:P/",
        "https://127.1:P/",
        "https://0x7f.1:P/",
        "https://0177.1:P/",
        "https://017700000001:P/",
        "https://00000000000000000000000000000000000127.0.0.1:P/",
        "https://127.0.0.1.1:P/",
        "https://256.256.256.256:P/",
        "https://4294967297:P/",
        "https://18446744071562067969:P/",
        "https://a.0x7f000001:P/",
        "https://good.example.0:P/",
        "https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:P/", /* circled digits */
        "https://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1:P/", /* fullwidth digits */
        "https://-good.example/",
        "https://good-.example/",
        "https://good..example/",
        "https://.good.example/",
        "https://good_x.example/",
        "https://*.example/",
        "https://:P/",
        "https://",
        "https:///",
        "https://?x",
        "",
        "/",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "dict://127.0.0.1:P/",
        "ldap://127.0.0.1:P/",
        "smb://127.0.0.1/x",
        "scp://127.0.0.1:P/",
        "telnet://127.0.0.1:P/",
        "javascript:alert(1)",
        "https://good.example:0/",
        "https://good.example:65536/",
        "https://good.example:-1/",
        "https://good.example:443x/",
        "https://good.example:22/",
        "https://good.example:25/",
        "https://good.example/\x01",
        "https://good.example/#x",
        "https://good.example/ x",
        "https://good.example/\"",
        "https://good.example/<x>",
        "https://good.example/{x}",
        "https://good.example/\xc3\xa9",
};

static int resolutions;

static struct in6_addr address(const char *text)
{
        struct in6_addr v6 = IN6ADDR_ANY_INIT;

        if (inet_pton(AF_INET6, text, &v6) == 1)
                return v6;
        v6.s6_addr[10] = v6.s6_addr[11] = 0xff;
        assert(inet_pton(AF_INET, text, v6.s6_addr + 12) == 1);
        return v6;
}

/* Somebody else's name server. Nothing here is ever asked of a real one, and "good" is nowhere. */
static size_t resolve(void *context, const char *host, struct in6_addr *ret, size_t max)
{
        static const struct {
                const char *host;
                const char *addresses[2];
        } names[] = {
                { "localhost", { "127.0.0.1", "::1" } },    { "loopback.example", { "127.0.0.1" } },
                { "loopback6.example", { "::1" } },         { "mixed.example", { "8.8.8.8", "127.0.0.1" } },
                { "mapped.example", { "::ffff:7f00:1" } },  { "metadata.example", { "169.254.169.254" } },
                { "nat64.example", { "64:ff9b::7f00:1" } }, { "sixtofour.example", { "2002:7f00:1::1" } },
                { "private.example", { "192.168.0.1" } },
        };

        (void)context;
        resolutions++;
        /* Once an allowed address, then a forbidden one. */
        if (strcmp(host, "rebinding.example") == 0) {
                ret[0] = address(resolutions == 1 ? "127.0.0.2" : "127.0.0.1");
                return 1;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                size_t count = 0;

                if (strcmp(names[i].host, host) != 0)
                        continue;
                for (; count < max && count < 2 && names[i].addresses[count]; count++)
                        ret[count] = address(names[i].addresses[count]);
                return count;
        }
        return 0;
}

/* Counts who connects, to whatever loopback address, and answers what it is told to. */
struct trap {
        int fd;
        uint16_t port;
        atomic_int connections;
        const char *answer;
};

static void *trap_run(void *context)
{
        struct trap *trap = context;
        char octets[4096];
        int fd;

        while ((fd = accept(trap->fd, NULL, NULL)) >= 0) {
                atomic_fetch_add(&trap->connections, 1);
                if (recv(fd, octets, sizeof(octets), 0) > 0 && trap->answer)
                        say(fd, trap->answer);
                shutdown(fd, SHUT_RDWR);
                close(fd);
        }
        return NULL;
}

static pthread_t trap_start(struct trap *trap)
{
        pthread_t thread;

        assert(address_listen("[::]:0", 64, &trap->fd, &trap->port) == 0);
        assert(fcntl(trap->fd, F_SETFL, 0) == 0);
        assert(pthread_create(&thread, NULL, trap_run, trap) == 0);
        return thread;
}

static void trap_stop(struct trap *trap, pthread_t thread)
{
        shutdown(trap->fd, SHUT_RDWR);
        pthread_join(thread, NULL);
        close(trap->fd);
}

/* One word of a spelling; false where it is an ordinary character. */
static bool add_word(struct buffer *to, const char **at, const uint8_t a[4], uint16_t port)
{
        const uint32_t whole = (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
        const struct {
                const char *word;
                const char *format;
                uint32_t value;
        } words[] = {
                { "DEC", "%u", whole },
                { "HEX", "0x%x", whole },
                { "OCT", "0%o", whole },
                { "TAIL2", "%u", whole & 0xffff },
                { "TAIL3", "%u", whole & 0xffffff },
                { "H1", "%x", whole >> 16 },
                { "H2", "%x", whole & 0xffff },
                { "XA", "%x", a[0] },
                { "XB", "%x", a[1] },
                { "XC", "%x", a[2] },
                { "XD", "%x", a[3] },
                { "OA", "%o", a[0] },
                { "OB", "%o", a[1] },
                { "OC", "%o", a[2] },
                { "OD", "%o", a[3] },
                { "A", "%u", a[0] },
                { "B", "%u", a[1] },
                { "C", "%u", a[2] },
                { "D", "%u", a[3] },
                { "P", "%u", port },
        };

        if (strncmp(*at, "HTTPS", 5) == 0) {
                buffer_add_string(to, "HTTPS");
                *at += 5;
                return true;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (strncmp(*at, words[i].word, strlen(words[i].word)) == 0) {
                        char number[16];

                        number[0] = 0;
                        if (words[i].format[0] == '%' && words[i].format[1] == 'u')
                                snprintf(number, sizeof(number), "%u", words[i].value);
                        else if (strstr(words[i].format, "%x"))
                                snprintf(number, sizeof(number), "%s%x",
                                         words[i].format[0] == '0' ? "0x" : "", words[i].value);
                        else
                                snprintf(number, sizeof(number), "%s%o", words[i].format[0] == '0' ? "0" : "",
                                         words[i].value);
                        buffer_add_string(to, number);
                        *at += strlen(words[i].word);
                        return true;
                }
        return false;
}

static void spell(struct buffer *to, const char *spelling, const uint8_t a[4], uint16_t port, bool all_words)
{
        buffer_clear(to);
        while (*spelling) {
                if (all_words && add_word(to, &spelling, a, port))
                        continue;
                if (!all_words && *spelling == 'P') {
                        buffer_format(to, "%u", port);
                        spelling++;
                        continue;
                }
                buffer_add_octet(to, (uint8_t)*spelling++);
        }
        assert(buffer_string(to));
}

static int fetch_it(struct fetcher *fetcher, const char *url)
{
        struct fetch_request request = { .url = url };
        struct fetch_answer answer;
        char words[256];
        int r = fetcher_fetch(fetcher, &request, &answer, words);

        assert(r <= 0 || words[0]);
        fetch_answer_done(&answer);
        return r;
}

static size_t must_refuse(struct fetcher *fetcher, const char *url)
{
        int r = fetch_it(fetcher, url);

        if (r != FETCH_BAD_URL && r != FETCH_DENIED && r != FETCH_UNKNOWN_HOST) {
                fprintf(stderr, "%s: %d\n", url, r);
                abort();
        }
        return 1;
}

static struct fetcher *fetcher_of(const char *allow, const char *ports, const char *ca_path)
{
        struct fetch_settings settings = fetch_settings_default();
        struct fetcher *fetcher;

        settings.allow = allow;
        settings.ports = ports;
        settings.ca_path = ca_path;
        settings.resolve = resolve;
        assert(fetcher_new(&settings, &fetcher) == 0);
        return fetcher;
}

/* More than two hundred of them; the port is one that would be allowed. */
static void test_no_spelling_connects(void)
{
        SCOPED(buffer_done) struct buffer url = BUFFER(4096);
        SCOPED(fetcher_freep) struct fetcher *fetcher = NULL;
        struct trap trap = { .answer = NULL };
        pthread_t thread = trap_start(&trap);
        char ports[32];
        size_t count = 0;

        snprintf(ports, sizeof(ports), "443, %u", trap.port);
        fetcher = fetcher_of("", ports, "");
        for (size_t i = 0; i < ARRAY_LENGTH(spellings); i++)
                for (size_t k = 0; k < ARRAY_LENGTH(forbidden); k++) {
                        spell(&url, spellings[i], forbidden[k], trap.port, true);
                        count += must_refuse(fetcher, buffer_string(&url));
                }
        for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
                spell(&url, others[i], forbidden[0], trap.port, false);
                count += must_refuse(fetcher, buffer_string(&url));
        }
        trap_stop(&trap, thread);
        printf("%zu spellings, %d connections\n", count, atomic_load(&trap.connections));
        assert(count > 200 && atomic_load(&trap.connections) == 0);
}

/* The name means something else a moment later. */
static void test_rebinding(void)
{
        SCOPED(fetcher_freep) struct fetcher *fetcher = NULL;
        struct trap trap = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" };
        pthread_t thread = trap_start(&trap);
        char url[64];

        fetcher = fetcher_of("http://127.0.0.2", "443", "");
        snprintf(url, sizeof(url), "http://rebinding.example:%u/", trap.port);
        resolutions = 0;
        assert(fetch_it(fetcher, url) == 0 && resolutions == 1 && atomic_load(&trap.connections) == 1);
        assert(fetch_it(fetcher, url) == FETCH_DENIED && resolutions == 2);
        assert(atomic_load(&trap.connections) == 1);
        trap_stop(&trap, thread);
}

/* Nobody can allow these, whatever he writes. */
static void test_never(void)
{
        static const char *const urls[] = {
                "https://169.254.169.254/",  "https://metadata.example/",
                "https://0.0.0.0/",          "https://224.0.0.1/",
                "https://[fe80::1]/",        "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::1]/", "https://[::]/",
                "https://[fd00:ec2::254]/",  "https://168.63.129.16/",
        };
        SCOPED(fetcher_freep)
        struct fetcher *fetcher =
                fetcher_of("*, metadata.example, 169.254.0.0/16, fe80::/10, http://0.0.0.0", "443", "");

        for (size_t i = 0; i < ARRAY_LENGTH(urls); i++)
                assert(fetch_it(fetcher, urls[i]) == FETCH_DENIED);
}

static void test_what_is_allowed(void)
{
        static const struct {
                const char *allow;
                const char *url;
                const char *address;
                bool allowed;
        } rows[] = {
                { "", "https://id.example/", "8.8.8.8", true },
                { "", "https://id.example/", "2606:4700::1111", true },
                { "", "https://id.example:8443/", "8.8.8.8", false },
                { "", "https://id.example/", "10.1.2.3", false },
                { "10.0.0.0/8", "https://id.example/", "10.1.2.3", true },
                { "10.0.0.0/8", "https://id.example:8443/", "10.1.2.3", true },
                { "10.0.0.0/8", "https://id.example/", "11.1.2.3", true },
                { "10.0.0.0/8", "https://id.example/", "192.168.0.1", false },
                { "10.1.2.3", "https://id.example/", "10.1.2.4", false },
                { "10.1.2.3:8443", "https://id.example:8443/", "10.1.2.3", true },
                { "10.1.2.3:8443", "https://id.example:443/", "10.1.2.3", false },
                { "fd00::/8", "https://id.example/", "fd12::1", true },
                { "fd00::/8", "https://id.example/", "fe12::1", false },
                { "id.example", "https://id.example:8443/", "10.1.2.3", true },
                { "id.example", "https://ID.Example:8443/", "127.0.0.1", true },
                { "id.example", "https://x.id.example/", "127.0.0.1", false },
                { "id.example", "https://id.example.evil.example/", "127.0.0.1", false },
                { "id.example:8443", "https://id.example:8443/", "10.1.2.3", true },
                { "id.example:8443", "https://id.example/", "10.1.2.3", false },
                { "http://id.example:8080", "http://id.example:8080/", "127.0.0.1", true },
                { "http://id.example:8080", "http://id.example/", "127.0.0.1", false },
                { "http://id.example", "http://other.example/", "8.8.8.8", false },
                { "id.example, http://x.example", "http://id.example/", "127.0.0.1", false },
                { "*", "https://id.example/", "10.1.2.3", true },
                { "*", "https://id.example/", "169.254.169.254", false },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct in6_addr to = address(rows[i].address);
                struct fetch_policy policy;
                struct fetch_url url;

                printf("%s %s %s\n", rows[i].allow, rows[i].url, rows[i].address);
                assert(fetch_policy_parse(text_from(rows[i].allow), TEXT_OF("443"), &policy));
                assert(fetch_url_parse(&policy, rows[i].url, &url));
                assert(fetch_policy_allows(&policy, &url, &to) == rows[i].allowed);
        }
}

static void test_lists(void)
{
        static const char *const bad[] = {
                "10.0.0.0/33",  "10.0.0/8", "010.0.0.0/8",  "fd00::/129",   "x y",       "https://id.example",
                "id.example/x", "[::1",     "id.example:0", "id.example:x", "*.example",
        };
        struct fetch_policy policy;

        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
                assert(!fetch_policy_parse(text_from(bad[i]), TEXT_OF("443"), &policy));
        assert(!fetch_policy_parse(TEXT_OF(""), TEXT_OF("0"), &policy));
        assert(!fetch_policy_parse(TEXT_OF(""), TEXT_OF("443 8443"), &policy));
        assert(fetch_policy_parse(TEXT_OF(" id.example ,, [::1]:8443,10.0.0.1 "), TEXT_OF("443,8443"),
                                  &policy));
        assert(policy.allow_count == 3 && policy.port_count == 2);
}

static int status_of(struct fetcher *fetcher, const char *url, size_t octets_max, int *ret_status)
{
        struct fetch_request request = { .url = url, .octets_max = octets_max };
        struct fetch_answer answer;
        int r = fetcher_fetch(fetcher, &request, &answer, NULL);

        *ret_status = answer.status;
        fetch_answer_done(&answer);
        return r;
}

static void test_with_a_server(void)
{
        struct tls_server *tls;
        struct http_server *server;
        struct fetcher *fetcher;
        uint16_t port;
        char url[96];
        int status;

        assert(tls_server_new(certificate_path, key_path, &tls) == 0);
        server = server_start(short_limits(), tls, &port);
        /* Of the environment nothing is taken. */
        setenv("https_proxy", "http://127.0.0.1:9/", 1);
        setenv("ALL_PROXY", "socks5://127.0.0.1:9/", 1);

        fetcher = fetcher_of("127.0.0.1, localhost, loopback.example", "443", certificate_path);
        snprintf(url, sizeof(url), "https://127.0.0.1:%u/who", port);
        assert(status_of(fetcher, url, 0, &status) == 0 && status == 200);
        snprintf(url, sizeof(url), "https://localhost:%u/who", port);
        assert(status_of(fetcher, url, 0, &status) == 0 && status == 200);
        snprintf(url, sizeof(url), "https://localhost:%u/none", port);
        assert(status_of(fetcher, url, 0, &status) == 0 && status == 404);
        /* Its certificate does not name it. */
        snprintf(url, sizeof(url), "https://loopback.example:%u/who", port);
        assert(status_of(fetcher, url, 0, &status) == FETCH_UNTRUSTED && status == 0);
        snprintf(url, sizeof(url), "https://localhost:%u/stream?size=100001", port);
        assert(status_of(fetcher, url, 100000, &status) == FETCH_TOO_LARGE);
        snprintf(url, sizeof(url), "https://localhost:%u/stream?size=100000", port);
        assert(status_of(fetcher, url, 100000, &status) == 0);
        fetcher_free(fetcher);

        /* An authority of the system's does not know it. */
        fetcher = fetcher_of("localhost", "443", "");
        snprintf(url, sizeof(url), "https://localhost:%u/who", port);
        assert(status_of(fetcher, url, 0, &status) == FETCH_UNTRUSTED);
        fetcher_free(fetcher);
        unsetenv("https_proxy");
        unsetenv("ALL_PROXY");
        http_server_free(server);
        tls_server_free(tls);
}

static void test_no_redirect(void)
{
        struct trap elsewhere = { .answer = NULL }, trap = { 0 };
        pthread_t other = trap_start(&elsewhere), thread;
        struct fetcher *fetcher = fetcher_of("http://127.0.0.1", "443", "");
        char answer[128], url[64];
        int status;

        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/\r\nContent-Length: 0\r\n\r\n",
                 elsewhere.port);
        trap.answer = answer;
        thread = trap_start(&trap);
        snprintf(url, sizeof(url), "http://127.0.0.1:%u/", trap.port);
        assert(status_of(fetcher, url, 0, &status) == 0 && status == 302);
        trap.answer = "nonsense\r\n\r\n";
        assert(status_of(fetcher, url, 0, &status) == FETCH_CUT);
        trap.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}";
        assert(status_of(fetcher, url, 0, &status) == FETCH_CUT);
        assert(atomic_load(&elsewhere.connections) == 0);
        trap_stop(&trap, thread);
        trap_stop(&elsewhere, other);
        assert(status_of(fetcher, url, 0, &status) == FETCH_UNREACHABLE);
        fetcher_free(fetcher);
}

static void test_how_long_it_keeps(void)
{
        static const struct {
                const char *head;
                int64_t fresh_s;
        } rows[] = {
                { "X: y", -1 },
                { "Cache-Control: public, max-age=3600", 3600 },
                { "cache-control: MAX-AGE=60,must-revalidate", 60 },
                { "Cache-Control: max-age=3600, no-store", 0 },
                { "Cache-Control: max-age=x", -1 },
                { "Cache-Control: max-age=99999999999999999999", -1 },
        };
        struct fetcher *fetcher = fetcher_of("http://127.0.0.1", "443", "");
        char words[256], url[64], octets[256];
        struct trap trap = { .answer = octets };
        pthread_t thread = trap_start(&trap);

        snprintf(url, sizeof(url), "http://127.0.0.1:%u/", trap.port);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct fetch_request request = { .url = url, .bearer = "secret" };
                struct fetch_answer answer;

                snprintf(octets, sizeof(octets), "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 2\r\n\r\n{}",
                         rows[i].head);
                assert(fetcher_fetch(fetcher, &request, &answer, words) == 0);
                assert(answer.fresh_s == rows[i].fresh_s &&
                       text_equal_string(buffer_text(&answer.body), "{}"));
                fetch_answer_done(&answer);
        }
        trap_stop(&trap, thread);
        fetcher_free(fetcher);
}

static void *fetch_in_thread(void *context)
{
        struct fetcher *fetcher = ((void **)context)[0];
        int status;

        return (void *)(intptr_t)status_of(fetcher, ((void **)context)[1], 0, &status);
}

/* A server that does not answer keeps as many of us as are allowed, for as long as is allowed, and one host
 * leaves room for the others. */
static void test_few_at_once(void)
{
        struct http_server *server;
        struct fetch_settings settings = fetch_settings_default();
        struct fetcher *fetcher;
        pthread_t threads[2];
        char url[64], other[64];
        void *contexts[2], *r;
        uint16_t port;
        int status;

        server = server_start(short_limits(), NULL, &port);
        settings.allow = "http://127.0.0.1, http://localhost";
        settings.at_once = 4;
        settings.waiting = 0;
        settings.timeout_ms = 30000;
        settings.resolve = resolve;
        assert(fetcher_new(&settings, &fetcher) == 0);
        snprintf(url, sizeof(url), "http://127.0.0.1:%u/hold", port);
        contexts[0] = fetcher;
        contexts[1] = url;
        for (int i = 0; i < 2; i++)
                assert(pthread_create(&threads[i], NULL, fetch_in_thread, contexts) == 0);
        for (int i = 0; i < 2; i++)
                await(&seen.held);
        assert(status_of(fetcher, url, 0, &status) == FETCH_BUSY);
        snprintf(other, sizeof(other), "http://localhost:%u/who", port);
        assert(status_of(fetcher, other, 0, &status) == 0 && status == 200);
        for (int i = 0; i < 2; i++)
                sem_post(&seen.let_go);
        for (int i = 0; i < 2; i++) {
                pthread_join(threads[i], &r);
                assert((intptr_t)r == 0);
        }
        fetcher_free(fetcher);

        settings.timeout_ms = 150;
        assert(fetcher_new(&settings, &fetcher) == 0);
        assert(status_of(fetcher, url, 0, &status) == FETCH_TIMEOUT);
        await(&seen.held);
        sem_post(&seen.let_go);
        /* Left alone for a while: nobody waits for it again, and others are asked as before. */
        assert(status_of(fetcher, url, 0, &status) == FETCH_UNREACHABLE);
        assert(sem_trywait(&seen.held) < 0);
        assert(status_of(fetcher, other, 0, &status) == 0 && status == 200);
        fetcher_free(fetcher);
        http_server_free(server);
}

int main(void)
{
        tests_start();
        test_lists();
        test_what_is_allowed();
        test_no_spelling_connects();
        test_rebinding();
        test_never();
        test_with_a_server();
        test_no_redirect();
        test_how_long_it_keeps();
        test_few_at_once();
        paths_remove();
        return 0;
}
