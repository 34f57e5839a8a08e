// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How a device comes to print here: an address of a queue for it alone, and what is typed or opened on it. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/tenant.h"
#include "core/sign-in/token.h"
#include "door/api/api.h"
#include "door/html-qr.h"
#include "door/profile.h"
#include "net/tls.h"

#define QUEUES_MAX     200
#define PORT_HTTPS     443
#define ADDRESS_STRING 640
#define LINE_STRING    (ADDRESS_STRING + 256)
#define PROFILE_OCTETS ((size_t)64 * 1024)

enum platform {
        WINDOWS,
        MACOS,
        IOS,
        ANDROID,
        CHROMEOS,
        LINUX,
};

static const char *const platforms[] = {
        [WINDOWS] = "windows",   [MACOS] = "macos", [IOS] = "ios", [ANDROID] = "android",
        [CHROMEOS] = "chromeos", [LINUX] = "linux", NULL
};

static const struct problem problem_no_pull_queue = {
        409, "no-queue", "There is no queue that people print to",
        "Have an administrator add one: imprimatur queue add pull.", 0
};

/* Where the service is, as devices reach it. */
struct place {
        char host[ORIGIN_STRING];
        uint16_t port;
};

static void wipe_secret(char (*secret)[TOKEN_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

/* "https://host:8443" or "https://[::1]". */
static bool read_place(const char *origin, struct place *ret)
{
        const char *host = strstr(origin, "://"), *colon;
        uint64_t port = PORT_HTTPS;

        if (!host)
                return false;
        snprintf(ret->host, sizeof(ret->host), "%s", host + 3);
        colon = strrchr(ret->host, ':');
        if (colon && !strchr(colon, ']')) {
                if (!text_number(text_from(colon + 1), UINT16_MAX, &port))
                        return false;
                ret->host[colon - ret->host] = '\0';
        }
        ret->port = (uint16_t)port;
        return true;
}

/* The queue that is named, or the first that is for everything. */
static int find_queue(struct request *request, const char *name, struct queue *ret)
{
        SCOPED(freep) struct queue *queues = NULL;
        size_t count;
        int r;

        if (name)
                return request_find_queue_named(request, name, ret);
        queues = calloc(QUEUES_MAX, sizeof(*queues));
        if (!queues)
                return fault(-ENOMEM);
        r = queue_list(request->core, &request->actor, (struct id){ 0 }, queues, QUEUES_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                if (queues[i].kind == QUEUE_PULL && queues[i].accepting) {
                        *ret = queues[i];
                        return 0;
                }
        return r ? r : CORE_NOT_ACCEPTING;
}

/* What is typed on the device, for shells in which single quotes quote everything: names and addresses here
 * hold none. */
static json_t *commands(enum platform platform, const char *name, const char *address)
{
        char line[LINE_STRING];

        switch (platform) {
        case WINDOWS:
                snprintf(line, sizeof(line), "Add-Printer -Name 'Imprimatur %s' -IppURL '%s'", name, address);
                return json_pack("[{s:s, s:s}]", "program", "powershell", "line", line);
        case MACOS:
        case LINUX:
                snprintf(line, sizeof(line), "lpadmin -p 'imprimatur-%s' -E -v '%s' -m everywhere", name,
                         address);
                return json_pack("[{s:s, s:s}]", "program", "sh", "line", line);
        default: return json_array();
        }
}

/* What a phone's camera takes it from. */
static json_t *qr(const char *words)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(262144);
        int width, r = qr_path(words, &path, &width);

        return r ? NULL : json_pack("{s:i, s:s}", "width", width, "path", buffer_string(&path));
}

/* With the device's own path where secret is told. */
static int answer(struct request *request, enum platform platform, const struct queue *queue,
                  const struct token *token, const char *secret, const char *origin)
{
        bool has_profile = platform == IOS || platform == MACOS;
        char path[256], address[ADDRESS_STRING], profile[ADDRESS_STRING];
        struct place place;

        if (!read_place(origin, &place))
                return fault(-EINVAL);
        snprintf(path, sizeof(path), "/ipp/print/%s/%s/%s", queue->tenant_name, queue->name, secret);
        snprintf(address, sizeof(address), "ipps://%s:%u%s", place.host, (unsigned)place.port, path);
        snprintf(profile, sizeof(profile), "%s/v1/set-up/profile?key=%s", origin, secret);
        return request_answer(request, 201,
                              json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:s, s:o, s:o, s:o}", "platform",
                                        platforms[platform], "token", json_of_id(token->id), "label",
                                        json_words(token->label), "queue",
                                        json_pack("{s:o, s:s, s:o}", "id", json_of_id(queue->id), "name",
                                                  queue->name, "title", json_words_or_null(queue->title)),
                                        "address", address, "host", place.host, "port", (int)place.port,
                                        "path", path + 1, "commands",
                                        commands(platform, queue->name, address), "profile",
                                        has_profile ? json_string(profile) : json_null(), "qr",
                                        qr(has_profile ? profile : address)));
}

/* POST /v1/set-up */
int set_up_answer(struct request *request)
{
        SCOPED(wipe_secret) char secret[TOKEN_STRING];
        char origin[ORIGIN_STRING];
        const char *label, *name;
        struct members members;
        struct queue queue;
        struct token token;
        int platform = LINUX, r;

        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "platform", MEMBER_REQUIRED, platforms, &platform);
        label = members_string(&members, "label", MEMBER_REQUIRED, CORE_TITLE - 1);
        name = members_string(&members, "queue", MEMBER_OPTIONAL, CORE_NAME - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!request_origin(request, origin, &r))
                return r;
        r = find_queue(request, name, &queue);
        if (r == CORE_NOT_ACCEPTING)
                return request_problem(request, &problem_no_pull_queue, NULL);
        if (r == 0)
                r = token_make(request->core, &request->actor, TOKEN_ADDRESS, &queue, text_from(label), 0,
                               &token, secret);
        return r ? request_refuse(request, r)
                 : answer(request, (enum platform)platform, &queue, &token, secret, origin);
}

static int write_profile(struct request *request, struct text key, const char *origin, struct buffer *to)
{
        char path[256];
        struct tenant tenant;
        struct place place;
        struct queue queue;
        struct id token;
        int r;

        r = token_find_address(request->core, key, &token, &queue);
        if (r == 0)
                r = tenant_find_by_id(request->core, queue.tenant, &tenant);
        if (r)
                return r;
        if (!read_place(origin, &place))
                return fault(-EINVAL);
        snprintf(path, sizeof(path), "ipp/print/%s/%s/%.*s", queue.tenant_name, queue.name, (int)key.len,
                 key.at);
        return profile_write(&(struct profile){ .id = token,
                                                .organisation = tenant.title[0] ? tenant.title : tenant.name,
                                                .title = queue.title[0] ? queue.title : "Imprimatur",
                                                .host = place.host,
                                                .port = place.port,
                                                .path = path },
                             to);
}

/* GET /v1/set-up/profile: whoever has the key has all that the profile says. */
int set_up_profile_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(PROFILE_OCTETS);
        SCOPED(buffer_done) struct buffer whole = BUFFER(2 * PROFILE_OCTETS);
        char origin[ORIGIN_STRING];
        struct text key;
        int r;

        if (!http_query(request->x, "key", &key) || key.len >= TOKEN_STRING)
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_origin(request, origin, &r))
                return r;
        r = write_profile(request, key, origin, &plain);
        if (r)
                return request_refuse(request, r);
        r = request->door->tls ? tls_server_sign(request->door->tls, buffer_text(&plain), &whole) : 0;
        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Content-Disposition",
                                    "attachment; filename=\"imprimatur.mobileconfig\"");
        return r ? r
                 : http_respond(request->x, 200, "application/x-apple-aspen-config",
                                buffer_text(request->door->tls ? &whole : &plain));
}
