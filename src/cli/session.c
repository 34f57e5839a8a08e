// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/id.h"
#include "base/scope.h"
#include "cli/oauth.h"
#include "cli/terminal.h"

#define ANSWER_OCTETS_MAX (16 * 1024 * 1024)
#define PAGE_ITEMS        200
#define CALL_TIMEOUT_MS   120000
#define LONG_IDLE_MS      300000 /* a table with PINs in it */

static int open_client(struct session *session, const char *email, const char *password)
{
        struct http_client_options options = {
                .base = session->profile.server,
                .ca_path = session->profile.ca[0] ? session->profile.ca : NULL,
                .bearer = !email && session->profile.token[0] ? session->profile.token : NULL,
                .user = email && email[0] ? email : NULL,
                .password = email && email[0] ? password : NULL,
        };
        int r = http_client_new(&options, &session->client);

        if (r == 0)
                return EXIT_DONE;
        return complain("%s: not the address of a service. It looks like https://host:8443.",
                        session->profile.server);
}

int session_open_as(struct session *session, const struct invocation *invocation, const char *email,
                    const char *password)
{
        memset(session, 0, sizeof(*session));
        session->invocation = invocation;
        session->json = option_flag(invocation, "json");
        session->yes = option_flag(invocation, "yes");
        if (!profile_read(invocation, &session->profile))
                return EXIT_REFUSED;
        return open_client(session, email, password);
}

/* With a token that lasts; the client shows the new one. */
static int refresh(struct session *session, bool forced)
{
        char before[sizeof(session->profile.token)];
        bool is_done;

        memcpy(before, session->profile.token, sizeof(before));
        is_done = oauth_refresh(session->invocation, &session->profile, forced);
        if (is_done && strcmp(before, session->profile.token) != 0) {
                http_client_free(session->client);
                session->client = NULL;
                is_done = open_client(session, NULL, NULL) == EXIT_DONE;
        }
        explicit_bzero(before, sizeof(before));
        return is_done ? EXIT_DONE : EXIT_REFUSED;
}

int session_open(struct session *session, const struct invocation *invocation)
{
        int status = session_open_as(session, invocation, NULL, NULL);

        if (status == EXIT_DONE && !session->profile.token[0])
                return complain("you are not signed in. Run: imprimatur login");
        return status == EXIT_DONE ? refresh(session, false) : status;
}

int session_open_client(struct session *session)
{
        return open_client(session, NULL, NULL);
}

void session_done(struct session *session)
{
        http_client_free(session->client);
        profile_done(&session->profile);
        memset(session, 0, sizeof(*session));
}

static int complain_of_refusal(struct session *session, int refusal)
{
        const char *server = session->profile.server;
        const char *words = http_client_complaint(session->client);

        if (refusal < 0)
                complain("%s: %s", server, strerror(-refusal));
        else if (refusal == HTTP_CLIENT_UNTRUSTED)
                complain("%s: its certificate is not trusted (%s). Name its authority: --ca FILE", server,
                         words);
        else if (refusal == HTTP_CLIENT_UNREACHABLE)
                complain("%s: nobody answers there (%s). Is the service running? Name it with --server URL; "
                         "imprimatur doctor tells more.",
                         server, words);
        else
                complain("%s: %s (%s)", server, http_client_refusal_phrase(refusal), words);
        return EXIT_UNREACHABLE;
}

/* Octets of others are shown without what could steer the terminal. */
static void print_safely(FILE *to, const char *string)
{
        for (; string && *string; string++) {
                unsigned char c = (unsigned char)*string;

                fputc(c < 0x20 || c == 0x7f ? '?' : c, to);
        }
}

const struct column session_refused[] = {
        { "JOB", "job", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },
        { "OPTION", "option", COLUMN_TEXT },
        { "ASKED", "asked", COLUMN_TEXT },
        { "CHOOSE FROM", "choices", COLUMN_TEXT },
        { "POLICY", "policy", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static int complain_of_problem(struct session *session, int status, json_t *problem)
{
        const char *title = json_string_value(json_object_get(problem, "title"));
        const char *detail = json_string_value(json_object_get(problem, "detail"));

        if (session->json && problem) {
                json_dumpf(problem, stdout, JSON_INDENT(2));
                fputc('\n', stdout);
        }
        fputs("imprimatur: ", stderr);
        if (title)
                print_safely(stderr, title);
        else
                fprintf(stderr, "the service answered with status %d", status);
        fputs(".", stderr);
        if (detail) {
                fputc(' ', stderr);
                print_safely(stderr, detail);
        }
        if (status == 401 && session->profile.token[0])
                fputs(" (imprimatur login makes a new token.)", stderr);
        fputc('\n', stderr);
        if (!session->json && json_array_size(json_object_get(problem, "refused")))
                table_print(stderr, session_refused, json_object_get(problem, "refused"), "");
        return EXIT_REFUSED;
}

static int finish(struct session *session, struct http_client_response *response, int r, json_t **ret)
{
        json_t *value = NULL;
        int status;

        if (r)
                return complain_of_refusal(session, r);
        if (response->body.len)
                value = json_loadb(response->body.at, response->body.len, 0, NULL);
        if (response->status >= 200 && response->status < 300 && (value || response->body.len == 0)) {
                if (ret)
                        *ret = take(value);
                json_decref(value);
                return EXIT_DONE;
        }
        status = complain_of_problem(session, response->status, value);
        json_decref(value);
        return status;
}

/* The same command typed twice is two commands; the same request sent twice by the network is one. */
static void make_key(char header[80])
{
        char id[ID_STRING];

        id_format(id_new(), id);
        snprintf(header, 80, "Idempotency-Key: %s", id);
}

static void wipe_json_text(char **text)
{
        if (*text)
                explicit_bzero(*text, strlen(*text));
        free(*text);
}

int session_call(struct session *session, const char *method, const char *path, json_t *body, json_t **ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(wipe_json_text) char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
        char key[80];
        const char *const headers[] = { key, NULL };
        struct http_client_request request = {
                .method = method,
                .path = path,
                .content_type = body ? "application/json" : NULL,
                .body = text_from(text),
                .response_max_octets = ANSWER_OCTETS_MAX,
                .timeout_ms = CALL_TIMEOUT_MS,
        };
        int r;

        json_decref(body);
        if (strcmp(method, "POST") == 0) {
                make_key(key);
                request.headers = headers;
        }
        r = http_client_request(session->client, &request, &response);
        /* The clocks may differ, or somebody has the token refreshed who shares the profile: once more. */
        if (r == 0 && response.status == 401 && session->profile.refresh_token[0] && !session->is_refreshed) {
                session->is_refreshed = true;
                if (refresh(session, true))
                        return EXIT_REFUSED;
                http_client_response_done(&response);
                r = http_client_request(session->client, &request, &response);
        }
        return finish(session, &response, r, ret);
}

void session_look(struct session *session, const char *path, json_t **ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = { .method = "GET",
                                               .path = path,
                                               .response_max_octets = ANSWER_OCTETS_MAX,
                                               .timeout_ms = CALL_TIMEOUT_MS };

        *ret = NULL;
        if (http_client_request(session->client, &request, &response) == 0 && response.status == 200)
                *ret = json_loadb(response.body.at, response.body.len, 0, NULL);
}

int session_send(struct session *session, const char *path, const char *content_type,
                 const char *const *further, const struct http_source *source, int64_t size, json_t **ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char key[80];
        const char *headers[SESSION_HEADERS_MAX + 2] = { key };
        struct http_client_request request = {
                .method = "POST",
                .path = path,
                .headers = headers,
                .content_type = content_type,
                .source = source,
                .source_size = size,
                .idle_timeout_ms = LONG_IDLE_MS,
        };
        int r;

        for (size_t i = 0; further && further[i] && i < SESSION_HEADERS_MAX; i++)
                headers[i + 1] = further[i];
        make_key(key);
        r = http_client_request(session->client, &request, &response);
        return finish(session, &response, r, ret);
}

static bool copy_octets(void *context, struct text octets)
{
        return fwrite(octets.at, 1, octets.len, context) == octets.len;
}

int session_copy(struct session *session, const char *path, FILE *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = {
                .path = path, .octets = copy_octets, .context = to, .idle_timeout_ms = LONG_IDLE_MS
        };
        int r = http_client_request(session->client, &request, &response);

        if (r == HTTP_CLIENT_CANCELLED || (r == 0 && fflush(to)))
                return complain("cannot write: %s", strerror(errno));
        return finish(session, &response, r, NULL);
}

int session_copy_made(struct session *session, const char *path, json_t *body, FILE *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(wipe_json_text) char *text = json_dumps(body, JSON_COMPACT);
        struct http_client_request request = { .method = "POST",
                                               .path = path,
                                               .content_type = "application/json",
                                               .body = text_from(text),
                                               .octets = copy_octets,
                                               .context = to,
                                               .idle_timeout_ms = LONG_IDLE_MS };
        int r;

        json_decref(body);
        r = http_client_request(session->client, &request, &response);
        if (r == HTTP_CLIENT_CANCELLED || (r == 0 && fflush(to)))
                return complain("cannot write: %s", strerror(errno));
        return finish(session, &response, r, NULL);
}

int session_take(struct session *session, const char *path, bool (*octets)(void *context, struct text octets),
                 void *context)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = {
                .path = path, .octets = octets, .context = context, .idle_timeout_ms = LONG_IDLE_MS
        };
        int r = http_client_request(session->client, &request, &response);

        return finish(session, &response, r, NULL);
}

int session_list(struct session *session, const char *path, size_t max, json_t **ret)
{
        json_t *all = json_array();
        char after[64] = "";

        for (;;) {
                json_t *page = NULL;
                char full[2048];
                int status;

                snprintf(full, sizeof(full), "%s%climit=%d%s%s", path, strchr(path, '?') ? '&' : '?',
                         PAGE_ITEMS, after[0] ? "&after=" : "", after);
                status = session_call(session, "GET", full, NULL, &page);
                if (status) {
                        json_decref(all);
                        return status;
                }
                json_array_extend(all, json_object_get(page, "items"));
                snprintf(after, sizeof(after), "%.*s", (int)sizeof(after) - 1,
                         json_is_string(json_object_get(page, "next"))
                                 ? json_string_value(json_object_get(page, "next"))
                                 : "");
                json_decref(page);
                if (!after[0] || (max && json_array_size(all) >= max))
                        break;
        }
        while (max && json_array_size(all) > max)
                json_array_remove(all, json_array_size(all) - 1);
        *ret = all;
        return EXIT_DONE;
}

int session_resolve(struct session *session, const char *list, const char *member, const char *word,
                    char ret_id[64])
{
        json_t *items = NULL, *item;
        const char *found = NULL;
        size_t i;
        int status;

        status = session_list(session, list, 0, &items);
        if (status)
                return status;
        json_array_foreach(items, i, item)
        {
                const char *id = json_string_value(json_object_get(item, "id"));
                const char *name = json_string_value(json_object_get(item, member));

                if (id && (strcmp(id, word) == 0 || (name && strcmp(name, word) == 0)))
                        found = id;
        }
        if (found)
                snprintf(ret_id, 64, "%s", found);
        else
                status = complain("there is no \"%s\" in %s.", word, list + strlen("/v1/"));
        json_decref(items);
        return status;
}

static void add_escaped(struct buffer *to, const char *word)
{
        percent_format(text_from(word), to);
}

bool path_make(char *ret, size_t size, const char *pattern, const char *first, const char *second)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(size - 1);
        const char *words[] = { first, second };
        size_t next = 0;

        for (const char *at = pattern; *at; at++) {
                if (*at == '%' && next < 2)
                        add_escaped(&path, words[next++]);
                else
                        buffer_add(&path, at, 1);
        }
        if (path.failure || !text_copy(buffer_text(&path), ret, size)) {
                complain("\"%.40s…\" is too long.", first);
                return false;
        }
        return true;
}

bool session_confirm(const struct session *session, const char *format, ...)
{
        char question[512];
        va_list args;

        if (session->yes)
                return true;
        va_start(args, format);
        vsnprintf(question, sizeof(question), format, args);
        va_end(args);
        return terminal_confirm(question);
}

bool session_print_json(const struct session *session, json_t *value)
{
        if (!session->json)
                return false;
        if (value) {
                json_dumpf(value, stdout, JSON_INDENT(2));
                fputc('\n', stdout);
        }
        return true;
}

int session_open_agent(struct session *session, struct invocation *invocation, const char *pattern,
                       char *path, size_t size)
{
        char id[64];
        int status = session_open(session, invocation);

        if (status == EXIT_DONE)
                status = session_resolve(session, "/v1/agents", "name", invocation->operands[0], id);
        if (status == EXIT_DONE && !path_make(path, size, pattern, id, ""))
                status = EXIT_REFUSED;
        return status;
}
