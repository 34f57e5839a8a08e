// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/certificate.h"
#include "os/file.h"

#define IDENTITY   "identity.pem"
#define NEXT       "identity-next.pem"
#define PEM_MAX    65536

#define ANSWER_MAX ((size_t)4 << 20)

static int path_of(const char *state, const char *name, char ret[IDENTITY_PATH])
{
        int len = snprintf(ret, IDENTITY_PATH, "%s/%s", state, name);

        return len > 0 && len < IDENTITY_PATH ? 0 : fault(-ENAMETOOLONG);
}

static int fingerprint_of(struct text certificate, char ret[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1])
{
        uint8_t fingerprint[CERTIFICATE_FINGERPRINT_OCTETS];
        int r = certificate_fingerprint(certificate, fingerprint);

        if (r == 0)
                hex_format(fingerprint, sizeof(fingerprint), ret);
        return r;
}

/* A new key and its certificate, in the file that waits; its fingerprint. */
static int make_next(const struct identity_place *place,
                     char ret_fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1])
{
        const struct certificate_options options = { .common_name = place->program, .days = IDENTITY_DAYS };
        SCOPED(buffer_wipe) struct buffer pem = BUFFER(PEM_MAX);
        SCOPED(buffer_done) struct buffer certificate = BUFFER(PEM_MAX);
        int r;

        r = certificate_make(&options, &pem, &certificate);
        if (r == 0)
                r = fingerprint_of(buffer_text(&certificate), ret_fingerprint);
        if (r)
                return fold(r);
        buffer_add_text(&pem, buffer_text(&certificate));
        if (pem.failure)
                return fault(pem.failure);
        return fold(file_replace_at(place->directory, NEXT, 0600, buffer_text(&pem)));
}

static int promote(int directory)
{
        if (renameat(directory, NEXT, directory, IDENTITY) < 0)
                return fault(-errno);
        directory_sync(directory);
        return 0;
}

static int service_with(const struct identity_place *place, const char *name, char path[IDENTITY_PATH],
                        struct service **ret)
{
        struct service_options options = { place->url, place->ca, path, place->prefix, place->proxy };
        int r = path_of(place->state, name, path);

        return r ? r : service_new(&options, ret);
}

static bool exists(int directory, const char *name)
{
        return faccessat(directory, name, R_OK, 0) == 0;
}

bool identity_is_between(const struct identity_place *place)
{
        return exists(place->directory, NEXT) && exists(place->directory, place->file);
}

int identity_service(const struct identity_place *place, char path[IDENTITY_PATH], struct service **ret)
{
        int r = service_with(place, IDENTITY, path, ret);

        if (r == 0)
                service_is_between(*ret, identity_is_between(place));
        return r;
}

static bool may_have_acted(int refusal)
{
        return refusal == SERVICE_SILENT || refusal == SERVICE_BUSY;
}

/* With the key that waits. *ret: what the service calls us. */
static int tell_code(const struct identity_place *place, struct text code, const char *name,
                     struct buffer *ret)
{
        SCOPED(service_freep) struct service *service = NULL;
        char path[IDENTITY_PATH];
        int r;

        r = service_with(place, NEXT, path, &service);
        return r ? r : service_enrol(service, code, name, ret);
}

/* An enrolment whose answer got lost: the code is used, and the key that waits is known. */
static int ask_who_next_is(const struct identity_place *place, struct buffer *ret)
{
        SCOPED(service_freep) struct service *service = NULL;
        char path[IDENTITY_PATH];
        int r;

        r = service_with(place, NEXT, path, &service);
        return r ? r : service_configuration(service, ret);
}

int identity_enrol(const struct identity_place *place, struct text code, const char *name)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(ANSWER_MAX);
        char fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1];
        bool is_first = !exists(place->directory, place->file);
        int r = SERVICE_UNKNOWN_US;

        if (is_first && exists(place->directory, NEXT))
                r = ask_who_next_is(place, &answer);
        if (r > 0) {
                r = make_next(place, fingerprint);
                if (r)
                        return r;
                r = tell_code(place, code, name, &answer);
                if (r && !(is_first && may_have_acted(r)))
                        (void)file_remove(place->directory, NEXT);
        }
        if (r < 0)
                return r;
        if (r)
                return r == SERVICE_UNREACHABLE || may_have_acted(r) ? IDENTITY_UNREACHABLE
                                                                     : IDENTITY_CODE_REFUSED;
        r = file_replace_at(place->directory, place->file, 0600, buffer_text(&answer));
        return r ? fold(r) : promote(place->directory);
}

/* 0 where the service knows the next key, which then takes the place of the other. */
static int try_next(const struct identity_place *place)
{
        SCOPED(service_freep) struct service *service = NULL;
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(ANSWER_MAX);
        char path[IDENTITY_PATH];
        int r;

        r = service_with(place, NEXT, path, &service);
        if (r == 0)
                r = service_configuration(service, &answer);
        return r ? r : promote(place->directory);
}

int identity_check(const struct identity_place *place)
{
        int r;

        if (identity_is_between(place)) {
                r = try_next(place);
                if (r < 0)
                        return r;
                if (r == 0)
                        log_write(LOG_NOTICE, "identity-renewed", NULL);
        }
        return exists(place->directory, IDENTITY) && exists(place->directory, place->file)
                       ? 0
                       : IDENTITY_NOT_ENROLLED;
}

/* When the certificate was made. */
static int read_age(int directory, int64_t now_ms, int64_t *ret_days)
{
        SCOPED(buffer_wipe) struct buffer pem = BUFFER(PEM_MAX);
        struct tm tm = { 0 };
        X509 *certificate;
        BIO *bio;
        bool good;
        int r;

        r = file_read_at(directory, IDENTITY, pem.max, &pem);
        if (r)
                return r < 0 ? r : IDENTITY_NOT_ENROLLED;
        bio = BIO_new_mem_buf(pem.at, (int)pem.len);
        certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
        good = certificate && ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &tm) == 1;
        X509_free(certificate);
        BIO_free(bio);
        if (!good)
                return IDENTITY_DAMAGED;
        *ret_days = (now_ms / 1000 - timegm(&tm)) / 86400;
        return 0;
}

/* Of the key that waits; IDENTITY_NOT_ENROLLED where none does, or what waits is none. */
static int read_next(int directory, char ret_fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1])
{
        SCOPED(buffer_wipe) struct buffer pem = BUFFER(PEM_MAX);
        int r = file_read_at(directory, NEXT, pem.max, &pem);

        if (r)
                return r < 0 ? r : IDENTITY_NOT_ENROLLED;
        r = fingerprint_of(buffer_text(&pem), ret_fingerprint);
        return r > 0 ? IDENTITY_NOT_ENROLLED : r;
}

/* By connections of its own, which hear that they are not known. */
static int announce(const struct identity_place *place, const char *fingerprint)
{
        SCOPED(service_freep) struct service *service = NULL;
        char path[IDENTITY_PATH];
        int r;

        r = service_with(place, IDENTITY, path, &service);
        if (r == 0)
                r = service_announce_key(service, fingerprint);
        if (r == 0)
                return promote(place->directory);
        /* The old one is void: because the new one was heard of earlier? */
        if (r == SERVICE_UNKNOWN_US) {
                r = try_next(place);
                if (r == SERVICE_UNKNOWN_US)
                        return IDENTITY_VOID;
        }
        return r > 0 ? IDENTITY_UNREACHABLE : r;
}

int identity_renew(const struct identity_place *place, struct service *service, int64_t now_ms)
{
        char fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1];
        int64_t days;
        int r;

        r = read_next(place->directory, fingerprint);
        if (r == IDENTITY_NOT_ENROLLED) {
                r = read_age(place->directory, now_ms, &days);
                if (r || days < IDENTITY_RENEW_DAYS)
                        return r;
                r = make_next(place, fingerprint);
        }
        if (r == 0) {
                service_is_between(service, true);
                r = announce(place, fingerprint);
        }
        if (r == IDENTITY_VOID)
                service_is_between(service, false);
        if (r)
                return r;
        service_renew(service);
        log_write(LOG_NOTICE, "identity-renewed", NULL);
        return 0;
}
