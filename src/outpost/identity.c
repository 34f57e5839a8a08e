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

#define IDENTITY "identity.pem"
#define NEXT     "identity-next.pem"
#define PEM_MAX  65536

static int path_of(const char *state, const char *name, char ret[IDENTITY_PATH])
{
        int len = snprintf(ret, IDENTITY_PATH, "%s/%s", state, name);

        return len > 0 && len < IDENTITY_PATH ? 0 : fault(-ENAMETOOLONG);
}

/* A new key and its certificate, in the file that waits; its fingerprint. */
static int make_next(const struct identity_place *place,
                     char ret_fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1])
{
        const struct certificate_options options = { .common_name = place->program, .days = IDENTITY_DAYS };
        SCOPED(buffer_wipe) struct buffer pem = BUFFER(PEM_MAX);
        SCOPED(buffer_done) struct buffer certificate = BUFFER(PEM_MAX);
        uint8_t fingerprint[CERTIFICATE_FINGERPRINT_OCTETS];
        int r;

        r = certificate_make(&options, &pem, &certificate);
        if (r)
                return fold(r);
        r = certificate_fingerprint(buffer_text(&certificate), fingerprint);
        if (r)
                return fold(r);
        hex_format(fingerprint, sizeof(fingerprint), ret_fingerprint);
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
        struct service_options options = { place->url, place->ca, path, place->prefix };
        int r = path_of(place->state, name, path);

        return r ? r : service_new(&options, ret);
}

int identity_service(const struct identity_place *place, char path[IDENTITY_PATH], struct service **ret)
{
        return service_with(place, IDENTITY, path, ret);
}

int identity_enrol(const struct identity_place *place, struct text code, const char *name)
{
        SCOPED(service_freep) struct service *service = NULL;
        SCOPED(buffer_done) struct buffer answer = BUFFER(PEM_MAX);
        char fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1];
        char path[IDENTITY_PATH];
        int r;

        r = make_next(place, fingerprint);
        if (r)
                return r;
        r = service_with(place, NEXT, path, &service);
        if (r)
                return r;
        r = service_enrol(service, code, name, &answer);
        if (r) {
                (void)file_remove(place->directory, NEXT);
                if (r < 0)
                        return r;
                return r == SERVICE_UNREACHABLE || r == SERVICE_SILENT || r == SERVICE_BUSY
                               ? IDENTITY_UNREACHABLE
                               : IDENTITY_CODE_REFUSED;
        }
        r = file_replace_at(place->directory, place->file, 0600, buffer_text(&answer));
        return r ? fold(r) : promote(place->directory);
}

static bool exists(int directory, const char *name)
{
        return faccessat(directory, name, R_OK, 0) == 0;
}

int identity_check(const struct identity_place *place)
{
        SCOPED(service_freep) struct service *service = NULL;
        SCOPED(buffer_done) struct buffer answer = BUFFER((size_t)1024 * 1024);
        int directory = place->directory;
        char path[IDENTITY_PATH];
        int r;

        if (exists(directory, NEXT) && exists(directory, place->file)) {
                r = service_with(place, NEXT, path, &service);
                if (r)
                        return r;
                r = service_configuration(service, &answer);
                if (r < 0)
                        return r;
                if (r == 0)
                        return promote(directory);
                if (r == SERVICE_UNKNOWN_US)
                        (void)file_remove(directory, NEXT);
        }
        return exists(directory, IDENTITY) && exists(directory, place->file) ? 0 : IDENTITY_NOT_ENROLLED;
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

int identity_renew(const struct identity_place *place, struct service *service, int64_t now_ms)
{
        char fingerprint[2 * CERTIFICATE_FINGERPRINT_OCTETS + 1];
        int64_t days;
        int r;

        r = read_age(place->directory, now_ms, &days);
        if (r || days < IDENTITY_RENEW_DAYS)
                return r;
        r = make_next(place, fingerprint);
        if (r)
                return r;
        r = service_announce_key(service, fingerprint);
        if (r)
                return r < 0 ? r : IDENTITY_UNREACHABLE;
        r = promote(place->directory);
        if (r)
                return r;
        service_renew(service);
        log_write(LOG_NOTICE, "identity-renewed", NULL);
        return 0;
}
