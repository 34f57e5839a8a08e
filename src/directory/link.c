// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/link.h"

#include <errno.h>
#include <lber.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openldap.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/entry.h"
#include "directory/secure.h"
#include "net/fetch-resolve.h"

#define ADDRESSES_MAX      8           /* of a server's name */
#define MESSAGE_OCTETS_MAX (1UL << 20) /* of one message from the server */
/* Where the library would connect to by itself if it lost our connection: it must not, without TLS. */
#define NOWHERE "ldapi://%2fdev%2fnull%2fnowhere"

static void say(struct link *link, const char *words)
{
        size_t length = 0;

        /* They are the server's or the library's: only what is harmless in a line of a log. */
        for (; *words && length + 1 < sizeof(link->words); words++)
                link->words[length++] = *words >= ' ' && *words < 127 ? *words : ' ';
        link->words[length] = 0;
}

static int64_t left_ms(const struct link *link)
{
        int64_t left = link->deadline_ms - clock_monotonic_ms();

        return left > 0 ? left : 0;
}

static struct timeval left_time(const struct link *link)
{
        int64_t left = left_ms(link);

        return (struct timeval){ .tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 };
}

/* ---- connecting ---- */

static socklen_t socket_address(const struct in6_addr *address, uint16_t port, struct sockaddr_storage *ret)
{
        struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
        struct sockaddr_in *four = (struct sockaddr_in *)ret;

        *ret = (struct sockaddr_storage){ 0 };
        if (IN6_IS_ADDR_V4MAPPED(address)) {
                four->sin_family = AF_INET;
                four->sin_port = htons(port);
                memcpy(&four->sin_addr, address->s6_addr + 12, sizeof(four->sin_addr));
                return sizeof(*four);
        }
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        six->sin6_addr = *address;
        return sizeof(*six);
}

static int connect_address(struct link *link, const struct in6_addr *address, uint16_t port, int *ret_fd)
{
        struct sockaddr_storage at;
        socklen_t length = socket_address(address, port, &at);
        SCOPED(closep) int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
        int failure = 0, on = 1, r;
        socklen_t size = sizeof(failure);

        if (fd < 0)
                return fault(-errno);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (connect(fd, (struct sockaddr *)&at, length) < 0 && errno != EINPROGRESS) {
                say(link, strerror(errno));
                return DIRECTORY_UNREACHABLE;
        }
        do
                r = poll(&pollfd, 1, (int)left_ms(link));
        while (r < 0 && errno == EINTR);
        if (r == 0)
                return DIRECTORY_SILENT;
        if (r < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0)
                return fault(-errno);
        if (failure) {
                say(link, strerror(failure));
                return DIRECTORY_UNREACHABLE;
        }
        *ret_fd = take_fd(&fd);
        return DIRECTORY_DONE;
}

/* Each address once; the address that was judged is the one that is connected to. */
static int connect_server(struct link *link, const struct directory_server *server,
                          const struct directory_asker *asker, int *ret_fd)
{
        struct in6_addr found[ADDRESSES_MAX];
        size_t count = fetch_resolve(server->host, link->deadline_ms, found, ARRAY_LENGTH(found));
        int r = DIRECTORY_ADDRESS_REFUSED;

        if (count == 0)
                return DIRECTORY_UNRESOLVED;
        for (size_t i = 0; i < count && r > DIRECTORY_DONE; i++)
                if (!asker->allows || asker->allows(asker->context, server, &found[i]))
                        r = connect_address(link, &found[i], server->port, ret_fd);
        return r;
}

/* ---- TLS ---- */

static int set_options(struct link *link, Sockbuf **ret_socket)
{
        struct timeval left = left_time(link);
        ber_len_t incoming = MESSAGE_OCTETS_MAX;
        int version = LDAP_VERSION3;

        if (ldap_set_option(link->ldap, LDAP_OPT_PROTOCOL_VERSION, &version) != 0 ||
            ldap_set_option(link->ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) != 0 ||
            ldap_set_option(link->ldap, LDAP_OPT_RESTART, LDAP_OPT_OFF) != 0 ||
            ldap_set_option(link->ldap, LDAP_OPT_NETWORK_TIMEOUT, &left) != 0 ||
            ldap_set_option(link->ldap, LDAP_OPT_TIMEOUT, &left) != 0 ||
            ldap_get_option(link->ldap, LDAP_OPT_SOCKBUF, ret_socket) != 0 || !*ret_socket ||
            ber_sockbuf_ctrl(*ret_socket, LBER_SB_OPT_SET_MAX_INCOMING, &incoming) < 0)
                return fault(-EPROTO);
        return 0;
}

/* The answer to one message, whole: its result code in *ret_code. The server's words are kept. */
static int wait_result(struct link *link, int id, int type, int *ret_code)
{
        struct timeval left = left_time(link);
        LDAPMessage *message = NULL;
        char *words = NULL;
        int got, r;

        got = ldap_result(link->ldap, id, LDAP_MSG_ALL, &left, &message);
        if (got == 0)
                return DIRECTORY_SILENT;
        if (got != type) {
                ldap_msgfree(message);
                return got < 0 && left_ms(link) == 0 ? DIRECTORY_SILENT : DIRECTORY_CONFUSED;
        }
        r = ldap_parse_result(link->ldap, message, ret_code, NULL, &words, NULL, NULL, 1);
        if (r == LDAP_SUCCESS && words && words[0])
                say(link, words);
        ldap_memfree(words);
        return r == LDAP_SUCCESS ? DIRECTORY_DONE : DIRECTORY_CONFUSED;
}

static int start_tls(struct link *link)
{
        int id, code = 0, r;

        if (ldap_start_tls(link->ldap, NULL, NULL, &id) != LDAP_SUCCESS)
                return DIRECTORY_CONFUSED;
        r = wait_result(link, id, LDAP_RES_EXTENDED, &code);
        if (r == DIRECTORY_DONE && code != LDAP_SUCCESS) {
                say(link, "the server knows no StartTLS");
                r = DIRECTORY_UNTRUSTED;
        }
        return r;
}

static int secure(struct link *link, const struct directory_server *server, int fd)
{
        struct secure_options options = { server->host, link->settings->ca, link->deadline_ms };
        Sockbuf *socket = NULL;
        char words[DIRECTORY_WORDS];
        int r;

        r = set_options(link, &socket);
        if (r == 0 && server->starttls)
                r = start_tls(link);
        if (r)
                return r;
        r = secure_start(socket, fd, &options, words, sizeof(words));
        switch (r) {
        case 0: link->is_secure = true; return DIRECTORY_DONE;
        case SECURE_SILENT: return DIRECTORY_SILENT;
        case SECURE_BAD_AUTHORITIES:
        case SECURE_REFUSED: say(link, words); return DIRECTORY_UNTRUSTED;
        default: return fold(r);
        }
}

int link_open(struct link *link, const struct directory_settings *settings,
              const struct directory_server *server, const struct directory_asker *asker, int64_t deadline_ms)
{
        int fd = -1, r;

        *link = (struct link){ .settings = settings, .deadline_ms = deadline_ms };
        r = connect_server(link, server, asker, &fd);
        snprintf(link->connected, sizeof(link->connected), "%s", r == DIRECTORY_UNRESOLVED ? "" : "resolve");
        if (r)
                return r;
        snprintf(link->connected, sizeof(link->connected), "connect");
        if (ldap_init_fd(fd, LDAP_PROTO_TCP, NOWHERE, &link->ldap) != LDAP_SUCCESS) {
                close(fd);
                return fault(-ENOMEM);
        }
        r = secure(link, server, fd);
        if (r == DIRECTORY_DONE)
                snprintf(link->connected, sizeof(link->connected), "tls");
        return r;
}

void link_close(struct link *link)
{
        if (link->ldap)
                ldap_unbind_ext(link->ldap, NULL, NULL);
        link->ldap = NULL;
}

/* ---- bind ---- */

int link_bind(struct link *link, const char *name, const char *password)
{
        struct berval secret = { strlen(password), (char *)(uintptr_t)password };
        int id, code = 0, r;

        /* Neither of both may be nothing (RFC 4513, section 5.1), and never without TLS. */
        if (!name[0] || !password[0] || !link->is_secure)
                return DIRECTORY_CONFUSED;
        if (ldap_sasl_bind(link->ldap, name, LDAP_SASL_SIMPLE, &secret, NULL, NULL, &id) != LDAP_SUCCESS)
                return DIRECTORY_CONFUSED;
        r = wait_result(link, id, LDAP_RES_BIND, &code);
        if (r != DIRECTORY_DONE)
                return r;
        switch (code) {
        case LDAP_SUCCESS: return DIRECTORY_DONE;
        case LDAP_INVALID_CREDENTIALS:
        case LDAP_INAPPROPRIATE_AUTH:
        case LDAP_INSUFFICIENT_ACCESS:
        case LDAP_NO_SUCH_OBJECT:
        case LDAP_INVALID_DN_SYNTAX:
        case LDAP_UNWILLING_TO_PERFORM:
        case LDAP_CONSTRAINT_VIOLATION: return DIRECTORY_WRONG_PASSWORD;
        case LDAP_BUSY: return DIRECTORY_BUSY;
        default:
                if (!link->words[0])
                        say(link, ldap_err2string(code));
                return DIRECTORY_CONFUSED;
        }
}

/* ---- search ---- */

static int outcome_of_search(struct link *link, int code)
{
        switch (code) {
        case LDAP_SUCCESS: return DIRECTORY_DONE;
        case LDAP_SIZELIMIT_EXCEEDED: return DIRECTORY_AMBIGUOUS;
        case LDAP_TIMELIMIT_EXCEEDED: return DIRECTORY_SILENT;
        case LDAP_BUSY:
        case LDAP_UNAVAILABLE: return DIRECTORY_BUSY;
        default:
                if (!link->words[0])
                        say(link, ldap_err2string(code));
                return DIRECTORY_SEARCH_REFUSED;
        }
}

static int start_search(struct link *link, const struct link_query *query, LDAPControl **controls,
                        int size_max, int *ret_id)
{
        struct timeval left = left_time(link);

        if (ldap_search_ext(link->ldap, query->base, query->scope, query->filter,
                            (char **)(uintptr_t)query->attributes, 0, controls, NULL, &left, size_max,
                            ret_id) == LDAP_SUCCESS)
                return DIRECTORY_DONE;
        say(link, "the search cannot be sent");
        return DIRECTORY_SEARCH_REFUSED;
}

/* Gives entries on until the result comes, which is in *ret_result then. */
static int read_entries(struct link *link, int id, size_t max,
                        int (*give)(struct link *, LDAPMessage *, void *), void *context,
                        LDAPMessage **ret_result)
{
        for (size_t count = 0;;) {
                struct timeval left = left_time(link);
                LDAPMessage *message = NULL;
                int got, r = 0;

                got = ldap_result(link->ldap, id, LDAP_MSG_ONE, &left, &message);
                if (got == 0)
                        return DIRECTORY_SILENT;
                if (got < 0)
                        return left_ms(link) == 0 ? DIRECTORY_SILENT : DIRECTORY_CONFUSED;
                if (got == LDAP_RES_SEARCH_RESULT) {
                        *ret_result = message;
                        return DIRECTORY_DONE;
                }
                if (got == LDAP_RES_SEARCH_ENTRY)
                        r = count++ < max ? give(link, message, context) : DIRECTORY_AMBIGUOUS;
                ldap_msgfree(message); /* also a reference to another server, which is not followed */
                if (r)
                        return r;
        }
}

int link_search_at(struct link *link, const struct link_query *query, size_t max,
                   int (*give)(struct link *, LDAPMessage *, void *), void *context)
{
        LDAPMessage *result = NULL;
        int id, code, r;

        r = start_search(link, query, NULL, (int)max + 1, &id);
        if (r == DIRECTORY_DONE)
                r = read_entries(link, id, max, give, context, &result);
        if (r)
                return r;
        r = ldap_parse_result(link->ldap, result, &code, NULL, NULL, NULL, NULL, 1);
        return r == LDAP_SUCCESS ? outcome_of_search(link, code) : DIRECTORY_CONFUSED;
}

int link_search(struct link *link, const char *filter, size_t max,
                int (*give)(struct link *, LDAPMessage *, void *), void *context)
{
        const char *attributes[ENTRY_ASKED_MAX];
        struct link_query query = { link->settings->base, LDAP_SCOPE_SUBTREE, filter, attributes };

        entry_attributes(link->settings, attributes);
        return link_search_at(link, &query, max, give, context);
}

/* The cookie of the next page, or NULL where there is none. */
static int read_cookie(struct link *link, LDAPControl **controls, struct berval **ret)
{
        LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
        struct berval cookie = { 0, NULL };
        ber_int_t estimate;

        if (!control)
                return DIRECTORY_DONE; /* a server that knows no pages has said everything */
        if (ldap_parse_pageresponse_control(link->ldap, control, &estimate, &cookie) != LDAP_SUCCESS)
                return DIRECTORY_CONFUSED;
        if (cookie.bv_len)
                *ret = ber_bvdup(&cookie);
        ber_memfree(cookie.bv_val);
        return DIRECTORY_DONE;
}

int link_search_page(struct link *link, const char *filter, struct berval **cookie,
                     int (*give)(struct link *, LDAPMessage *, void *), void *context)
{
        const char *attributes[ENTRY_ASKED_MAX];
        struct link_query query = { link->settings->base, LDAP_SCOPE_SUBTREE, filter, attributes };
        LDAPControl *controls[2] = { NULL, NULL }, **answered = NULL;
        LDAPMessage *result = NULL;
        int id, code, r;

        if (ldap_create_page_control(link->ldap, (ber_int_t)link->settings->page, *cookie, 1, &controls[0]) !=
            LDAP_SUCCESS)
                return fault(-ENOMEM);
        ber_bvfree(*cookie);
        *cookie = NULL;
        entry_attributes(link->settings, attributes);
        r = start_search(link, &query, controls, 0, &id);
        ldap_control_free(controls[0]);
        /* A server that does not know pages sends all of it at once: that, too, has an end. */
        if (r == DIRECTORY_DONE)
                r = read_entries(link, id, 100000, give, context, &result);
        if (r)
                return r;
        r = ldap_parse_result(link->ldap, result, &code, NULL, NULL, NULL, &answered, 1);
        if (r != LDAP_SUCCESS)
                return DIRECTORY_CONFUSED;
        r = outcome_of_search(link, code);
        if (r == DIRECTORY_DONE)
                r = read_cookie(link, answered, cookie);
        ldap_controls_free(answered);
        return r;
}
