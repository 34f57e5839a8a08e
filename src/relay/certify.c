// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/certify.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/certificate-request.h"
#include "crypt/certificate.h"
#include "os/file.h"
#include "outpost/thread.h"

#define CERTIFICATE  "ipp-certificate.pem"
#define KEY          "ipp-key.pem"
#define PEM_MAX      65536
#define NAMES        1024
#define LOOK_SECONDS 600 /* between looks at what the door has */

struct certify {
        int directory;
        struct service *service;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool is_changed;        /* the thread shall not wait */
        struct tls_server *tls; /* NULL: closed */
        char names[NAMES];
};

/* One of our own making, or one of whose time two thirds are over. */
static bool is_due(const struct certify *certify)
{
        SCOPED(buffer_done) struct buffer pem = BUFFER(PEM_MAX);
        struct certificate_facts facts;

        if (file_read_at(certify->directory, CERTIFICATE, PEM_MAX, &pem) != 0 ||
            certificate_look(buffer_text(&pem), &facts) != 0)
                return false;
        return facts.is_self_signed ||
               clock_unix_ms() >= facts.from_ms + (facts.until_ms - facts.from_ms) / 3 * 2;
}

static json_t *names_json(const char *names)
{
        struct text rest = text_from(names), name;
        json_t *array = json_array();

        while (array && rest.len) {
                text_cut(rest, ',', &name, &rest);
                if (name.len)
                        json_array_append_new(array, json_stringn(name.at, name.len));
        }
        return array;
}

/* The request, and the certificate with its root behind it. */
static int ask(struct certify *certify, const char *names, struct buffer *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(buffer_wipe) struct buffer key = BUFFER(PEM_MAX);
        SCOPED(buffer_wipe) struct buffer same = BUFFER(PEM_MAX);
        SCOPED(buffer_done) struct buffer request = BUFFER(PEM_MAX);
        const char *certificate, *root;
        json_t *answer;
        int r = file_read_at(certify->directory, KEY, PEM_MAX, &key);

        if (r == 0)
                r = certificate_request_make(buffer_text(&key), &same, &request);
        if (r)
                return r;
        r = service_ask_json(
                certify->service, "POST", "/certificate",
                json_pack("{s:s, s:o}", "request", buffer_string(&request), "names", names_json(names)),
                &response);
        if (r)
                return r;
        answer = json_loadb(response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        certificate = json_string_value(json_object_get(answer, "certificate"));
        root = json_string_value(json_object_get(answer, "authority"));
        if (certificate && root) {
                buffer_add_string(ret, certificate);
                buffer_add_string(ret, root);
        }
        json_decref(answer);
        return ret->len ? ret->failure : fault(-EPROTO);
}

static void take_up(struct certify *certify)
{
        int r = 0;

        pthread_mutex_lock(&certify->lock);
        if (certify->tls)
                r = tls_server_reload(certify->tls);
        pthread_mutex_unlock(&certify->lock);
        log_write(r ? LOG_ERROR : LOG_NOTICE, r ? "ipp-door-certificate-not-loaded" : "ipp-door-certified",
                  NULL);
}

static void certify_once(struct certify *certify, const char *names)
{
        SCOPED(buffer_done) struct buffer pem = BUFFER(PEM_MAX);
        int r;

        if (!is_due(certify))
                return;
        r = ask(certify, names, &pem);
        if (r == 0)
                r = file_replace_at(certify->directory, CERTIFICATE, 0644, buffer_text(&pem));
        if (r < 0)
                log_fault("ipp-door-not-certified", r);
        if (r == 0)
                take_up(certify);
}

static void wait(struct certify *certify, char names[NAMES])
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += LOOK_SECONDS;
        pthread_mutex_lock(&certify->lock);
        while (!certify->is_changed &&
               pthread_cond_timedwait(&certify->changed, &certify->lock, &until) != ETIMEDOUT)
                ;
        certify->is_changed = false;
        memcpy(names, certify->tls ? certify->names : "", certify->tls ? NAMES : 1);
        pthread_mutex_unlock(&certify->lock);
}

static void *run(void *context)
{
        struct certify *certify = context;
        char names[NAMES];

        for (;;) {
                wait(certify, names);
                if (names[0])
                        certify_once(certify, names);
        }
        return NULL;
}

int certify_new(int directory, struct service *service, struct certify **ret)
{
        struct certify *certify = calloc(1, sizeof(*certify));
        pthread_condattr_t attributes;
        int r;

        if (!certify)
                return fault(-ENOMEM);
        certify->directory = directory;
        certify->service = service;
        pthread_mutex_init(&certify->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&certify->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        r = thread_start(run, certify);
        if (r) {
                free(certify);
                return r;
        }
        *ret = certify;
        return 0;
}

void certify_set(struct certify *certify, struct tls_server *tls, const char *names)
{
        pthread_mutex_lock(&certify->lock);
        certify->tls = tls;
        snprintf(certify->names, sizeof(certify->names), "%s", names ? names : "");
        certify->is_changed = true;
        pthread_cond_signal(&certify->changed);
        pthread_mutex_unlock(&certify->lock);
}
