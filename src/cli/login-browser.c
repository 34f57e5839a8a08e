// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Signing in with a browser on this machine (RFC 8252): an authorization code with PKCE, which comes back to
 * a port of the loopback address that we listen on for this one answer.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "cli/command.h"
#include "cli/oauth.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define WORD           44 /* 43 characters base64url, NUL */
#define REQUEST_MAX    8192
#define WAIT_MS        (10 * 60000)
#define ANSWER_WAIT_MS 5000
#define DONE_PAGE                                                                            \
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Imprimatur</title>" \
        "<p>The command line has its answer. You can close this page.</p></html>\n"

/* 256 random bits, or the SHA-256 of something, in base64url. */
static void format_word(const uint8_t octets[HASH_OCTETS], char ret[WORD])
{
        SCOPED(buffer_done) struct buffer words = BUFFER(64);

        base64_format(octets, HASH_OCTETS, &words);
        for (size_t i = 0; i < WORD - 1 && i < words.len; i++)
                ret[i] = words.at[i] == '+' ? '-' : words.at[i] == '/' ? '_' : words.at[i];
        ret[WORD - 1] = '\0';
        if (words.at)
                explicit_bzero(words.at, words.len);
}

static void make_word(char ret[WORD])
{
        SCOPED(secret_done) struct secret secret;

        random_secret(&secret);
        format_word(secret.octets, ret);
}

static int listen_on_loopback(uint16_t *ret_port)
{
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t length = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 4) == 0 &&
            getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
                *ret_port = ntohs(address.sin_port);
                return fd;
        }
        complain("no port of this machine can be listened on: %s", strerror(errno));
        if (fd >= 0)
                close(fd);
        return -1;
}

/* The desktop's own browser, told nothing of us but the address. It goes on without us. */
static void open_browser(const char *url)
{
        static const char *const kept[] = {
                "DISPLAY",         "WAYLAND_DISPLAY",         "XAUTHORITY", "HOME", "PATH",
                "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"
        };
        char program[] = "xdg-open", address[2048], room[ARRAY_LENGTH(kept)][512];
        char *argv[] = { program, address, NULL }, *environment[ARRAY_LENGTH(kept) + 1];
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        size_t count = 0;
        pid_t pid;

        if ((!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")) ||
            !text_copy(text_from(url), address, sizeof(address)))
                return;
        for (size_t i = 0; i < ARRAY_LENGTH(kept); i++)
                if (getenv(kept[i]) && snprintf(room[count], sizeof(room[0]), "%s=%s", kept[i],
                                                getenv(kept[i])) < (int)sizeof(room[0])) {
                        environment[count] = room[count];
                        count++;
                }
        environment[count] = NULL;
        posix_spawn_file_actions_init(&actions);
        for (int fd = 0; fd < 3; fd++)
                posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        posix_spawnp(&pid, program, &actions, &attributes, argv, environment);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
}

struct question {
        char verifier[WORD], state[WORD], challenge[WORD];
        char redirect[64];
        char issuer[512];
};

static void question_done(struct question *question)
{
        explicit_bzero(question, sizeof(*question));
}

static int read_issuer(struct http_client *client, const char *server, struct question *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(json_decrefp) json_t *metadata = NULL;
        struct http_client_request request = { .path = "/.well-known/oauth-authorization-server",
                                               .timeout_ms = 10000 };
        const char *issuer;
        int r = http_client_request(client, &request, &response);

        if (r) {
                complain("%s: %s (%s)", server, r > 0 ? http_client_refusal_phrase(r) : strerror(-r),
                         http_client_complaint(client));
                return EXIT_UNREACHABLE;
        }
        metadata = json_loadb(response.body.at ? response.body.at : "", response.body.len, 0, NULL);
        issuer = json_string_value(json_object_get(metadata, "issuer"));
        if (response.status != 200 || !issuer ||
            !text_copy(text_from(issuer), ret->issuer, sizeof(ret->issuer)))
                return complain("%s: it does not say how programs sign in (status %d).", server,
                                response.status);
        return EXIT_DONE;
}

static void add_question(struct buffer *url, const struct question *q, const char *scope)
{
        buffer_add_string(url, "/oauth/authorize?response_type=code&code_challenge_method=S256");
        oauth_field(url, "client_id", OAUTH_CLIENT);
        oauth_field(url, "redirect_uri", q->redirect);
        oauth_field(url, "state", q->state);
        oauth_field(url, "code_challenge", q->challenge);
        if (scope)
                oauth_field(url, "scope", scope);
}

static void make_question(struct question *q, uint16_t port)
{
        uint8_t hash[HASH_OCTETS];

        make_word(q->verifier);
        make_word(q->state);
        hash_sha256(text_from(q->verifier), hash);
        format_word(hash, q->challenge);
        snprintf(q->redirect, sizeof(q->redirect), "http://127.0.0.1:%u/callback", port);
}

/* The head of a request, up to its empty line. */
static bool read_head(int fd, char *ret, size_t size)
{
        int64_t deadline = clock_monotonic_ms() + ANSWER_WAIT_MS;
        size_t length = 0;

        while (length + 1 < size) {
                struct pollfd waits = { .fd = fd, .events = POLLIN };
                int64_t left = deadline - clock_monotonic_ms();
                ssize_t n;

                if (left <= 0 || poll(&waits, 1, (int)left) <= 0)
                        return false;
                n = recv(fd, ret + length, size - 1 - length, 0);
                if (n <= 0)
                        return false;
                length += (size_t)n;
                ret[length] = '\0';
                if (strstr(ret, "\r\n\r\n"))
                        return true;
        }
        return false;
}

static void answer(int fd, bool is_ours)
{
        char head[256];
        int length =
                snprintf(head, sizeof(head),
                         "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\n"
                         "Cache-Control: no-store\r\nConnection: close\r\n\r\n",
                         is_ours ? "200 OK" : "404 Not Found", is_ours ? strlen(DONE_PAGE) : 0);

        if (send(fd, head, (size_t)length, MSG_NOSIGNAL) == length && is_ours)
                (void)!send(fd, DONE_PAGE, strlen(DONE_PAGE), MSG_NOSIGNAL);
}

/* The decoded value of a parameter; false where it is not there once. */
static bool find_parameter(struct text query, const char *name, char *ret, size_t size)
{
        struct text pair, key, value;
        bool more = query.len > 0, is_found = false;
        size_t length;

        while (more) {
                more = text_cut(query, '&', &pair, &query);
                text_cut(pair, '=', &key, &value);
                if (!text_equal_string(key, name))
                        continue;
                if (is_found || !percent_parse(value, ret, size - 1, &length))
                        return false;
                ret[length] = '\0';
                is_found = true;
        }
        return is_found;
}

enum came {
        CAME_NOTHING, /* of somebody else's, or of the browser's own (its icon) */
        CAME_CODE,
        CAME_NO,
};

/* Only an answer to our very question counts, from whom it was asked (RFC 9207). */
static enum came read_answer(char *head, const struct question *q, char *ret_code, size_t size)
{
        struct text line, method, target, path, query, rest;
        char state[128], issuer[512], error[64];

        text_cut(text_from(head), '\r', &line, &rest);
        text_cut(line, ' ', &method, &rest);
        text_cut(rest, ' ', &target, &rest);
        if (!text_equal_string(method, "GET") || !text_cut(target, '?', &path, &query) ||
            !text_equal_string(path, "/callback") || !find_parameter(query, "state", state, sizeof(state)) ||
            strcmp(state, q->state) != 0 || !find_parameter(query, "iss", issuer, sizeof(issuer)) ||
            strcmp(issuer, q->issuer) != 0)
                return CAME_NOTHING;
        if (find_parameter(query, "error", error, sizeof(error)))
                return CAME_NO;
        return find_parameter(query, "code", ret_code, size) ? CAME_CODE : CAME_NOTHING;
}

static int wait_for(int listener, const struct question *q, char *ret_code, size_t size)
{
        int64_t deadline = clock_monotonic_ms() + WAIT_MS;

        for (;;) {
                SCOPED(closep) int fd = -1;
                struct pollfd waits = { .fd = listener, .events = POLLIN };
                int64_t left = deadline - clock_monotonic_ms();
                char head[REQUEST_MAX];
                enum came came;

                if (left <= 0 || (poll(&waits, 1, (int)left) < 0 && errno != EINTR))
                        return complain("no answer came in time. Run: imprimatur login");
                fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
                if (fd < 0 || !read_head(fd, head, sizeof(head)))
                        continue;
                came = read_answer(head, q, ret_code, size);
                answer(fd, came != CAME_NOTHING);
                explicit_bzero(head, sizeof(head));
                if (came == CAME_CODE)
                        return EXIT_DONE;
                if (came == CAME_NO)
                        return complain("the service or somebody there said no.");
        }
}

static int redeem(struct http_client *client, const struct question *q, const char *code,
                  struct profile *profile)
{
        SCOPED(buffer_wipe) struct buffer form = BUFFER(4096);
        SCOPED(json_decrefp) json_t *given = NULL;
        int r, status = 0;

        oauth_field(&form, "grant_type", "authorization_code");
        oauth_field(&form, "client_id", OAUTH_CLIENT);
        oauth_field(&form, "redirect_uri", q->redirect);
        oauth_field(&form, "code", code);
        oauth_field(&form, "code_verifier", q->verifier);
        r = oauth_ask(client, "/oauth/token", &form, &status, &given);
        if (r == 0 && status == 200 && oauth_take(profile, given))
                return EXIT_DONE;
        return complain("%s: the answer could not be exchanged for a token (%s).", profile->server,
                        r ? http_client_complaint(client) : oauth_error(given));
}

int oauth_login_by_browser(struct http_client *client, const char *scope, struct profile *profile)
{
        SCOPED(question_done) struct question question = { .redirect = "" };
        SCOPED(buffer_done) struct buffer url = BUFFER(4096);
        SCOPED(closep) int listener = -1;
        char code[128] = "";
        uint16_t port;
        int status;

        status = read_issuer(client, profile->server, &question);
        if (status)
                return status;
        listener = listen_on_loopback(&port);
        if (listener < 0)
                return EXIT_REFUSED;
        make_question(&question, port);
        buffer_add_string(&url, profile->server);
        add_question(&url, &question, scope);
        if (url.failure)
                return complain("out of memory");
        fprintf(stderr, "Open this address in a browser on this machine:\n\n    %s\n\n", buffer_string(&url));
        fflush(stderr);
        open_browser(buffer_string(&url));
        status = wait_for(listener, &question, code, sizeof(code));
        if (status == EXIT_DONE)
                status = redeem(client, &question, code, profile);
        explicit_bzero(code, sizeof(code));
        return status;
}
