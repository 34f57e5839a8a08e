// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/idempotency.h"
#include "crypt/hash.h"

#define ANSWER_OCTETS_MAX (256 * 1024)

/* What is easily guessed must not lie in the database as a plain hash: PINs, badges and passwords do not
 * count when two requests are compared. */
static const char *const secret_members[] = { "identification", "number", "password", "pin", "secret" };

static int hash_request(const struct request *request, uint8_t ret[HASH_OCTETS])
{
        json_t *copy = json_copy(request->json);
        struct sha256 sha256;
        char *octets;
        int r;

        for (size_t i = 0; copy && i < ARRAY_LENGTH(secret_members); i++)
                json_object_del(copy, secret_members[i]);
        octets = copy ? json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        json_decref(copy);
        if (!octets)
                return fault(-ENOMEM);
        r = sha256_init(&sha256);
        if (r == 0) {
                sha256_add(&sha256, request->x->path.at, request->x->path.len);
                sha256_add(&sha256, "\n", 1);
                sha256_add(&sha256, octets, strlen(octets));
                sha256_finish(&sha256, ret);
                sha256_done(&sha256);
        }
        free(octets);
        return r;
}

static bool key_is_good(struct text key)
{
        for (size_t i = 0; i < key.len; i++)
                if (key.at[i] < 0x21 || key.at[i] > 0x7e)
                        return false;
        return key.len >= 1 && key.len <= 128;
}

static int answer_again(struct request *request, int status, struct text body)
{
        int r = http_add_header(request->x, "Idempotency-Replayed", "true");

        if (r)
                return r;
        if (body.len == 0)
                return http_respond(request->x, status, NULL, body);
        return http_respond(request->x, status, status >= 400 ? PROBLEM_TYPE : "application/json", body);
}

static int look_up(struct request *request, int *ret_r)
{
        SCOPED(freep) char *body = malloc(ANSWER_OCTETS_MAX);
        uint8_t hash[HASH_OCTETS];
        size_t length = 0;
        int status = 0, r;

        if (!body)
                return fault(-ENOMEM);
        r = hash_request(request, hash);
        if (r)
                return r;
        r = idempotency_begin(request->core, &request->actor, request->key, hash, &status, body,
                              ANSWER_OCTETS_MAX, &length);
        if (r == CORE_TAKEN) {
                *ret_r = answer_again(request, status, text_from_octets(body, length));
                explicit_bzero(body, length);
        } else if (r == CORE_BUSY) {
                *ret_r = request_problem(request, &problem_under_way, NULL);
        } else if (r > 0) {
                *ret_r = request_refuse(request, r);
        }
        return r;
}

bool request_begin_key(struct request *request, int *ret_r)
{
        struct text key = http_header(request->x, "Idempotency-Key");
        int r;

        if (!key.at || !request->route->creates)
                return true;
        if (!key_is_good(key)) {
                *ret_r = request_bad(request, "Idempotency-Key is 1 to 128 visible ASCII characters.");
                return false;
        }
        request->key = key;
        if (request->route->body != ROUTE_JSON || request->actor.kind == ACTOR_NOBODY)
                return true;
        r = look_up(request, ret_r);
        if (r < 0)
                *ret_r = r;
        request->key_is_open = r == 0;
        return r == 0;
}
