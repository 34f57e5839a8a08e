// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Enrollment over Secure Transport (RFC 7030, as RFC 8951 reads it), for printers that speak it: /cacerts,
 * /simpleenroll with a one-time code as the password, /simplereenroll with the key that the printer has
 * (where its connection was asked for one) or with another code. The label is the tenant's name; there are
 * clients that know no labels, and then the code or the key tells whose printer it is.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/certificate.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

#define BUNDLE_MAX      (2 * AUTHORITY_ROOT_MAX + 512)
#define CREDENTIALS_MAX 1024
#define BUNDLE_TYPE     "application/pkcs7-mime; smime-type=certs-only"

/* The same for an organisation that is not there: whether it is, is nobody's business. */
static const struct problem problem_no_root = {
        404, "no-authority", "There is no authority of that name",
        "Ask for the address that the printer's administrator was told.", 0
};

/* A name that nobody has is answered as a code that is wrong. */
static int find_tenant(struct request *request, struct id *ret)
{
        struct tenant tenant = { .name = "" };
        bool has_label = strchr(request->route->pattern, '{');
        int r = has_label ? tenant_find(request->core, request->arguments[0], &tenant) : 0;

        *ret = tenant.id;
        return r;
}

static int answer_bundle(struct request *request, const struct text *ders, size_t count)
{
        SCOPED(buffer_done) struct buffer der = BUFFER(BUNDLE_MAX);
        SCOPED(buffer_done) struct buffer base64 = BUFFER(2 * BUNDLE_MAX);
        int r = issue_bundle(ders, count, &der);

        if (r)
                return fold(r);
        base64_format(der.at, der.len, &base64);
        r = base64.failure ? fault(base64.failure)
                           : http_add_header(request->x, "Content-Transfer-Encoding", "base64");
        return r ? r : http_respond(request->x, 200, BUNDLE_TYPE, buffer_text(&base64));
}

int est_authority_answer(struct request *request)
{
        SCOPED(freep) struct authority *authority = calloc(1, sizeof(*authority));
        struct text root;
        struct id tenant;
        int r;

        if (!authority)
                return fault(-ENOMEM);
        r = find_tenant(request, &tenant);
        if (r == 0)
                r = authority_find(request->core, tenant, authority);
        if (r == CORE_NO_AUTHORITY || r == CORE_NOT_FOUND)
                return request_problem(request, &problem_no_root, NULL);
        if (r)
                return request_refuse(request, r);
        root = text_from_octets(authority->root, authority->root_len);
        return answer_bundle(request, &root, 1);
}

static int answer_issued(struct request *request, int r, const struct certificate_issued *issued)
{
        struct text der = buffer_text(&issued->der);

        return r ? request_refuse(request, r) : answer_bundle(request, &der, 1);
}

static void wipe(char (*octets)[CREDENTIALS_MAX])
{
        explicit_bzero(octets, sizeof(*octets));
}

/* By a code: the name is the printer's. */
static int enrol(struct request *request, struct id tenant, struct certificate_issued *issued)
{
        struct text header = http_header(request->x, "Authorization"), scheme, rest;
        SCOPED(wipe) char octets[CREDENTIALS_MAX];
        struct certificate_enrolment enrolment = { .tenant = tenant, .request = buffer_text(&request->body) };
        size_t len;

        text_cut(header, ' ', &scheme, &rest);
        if (!header.at || !text_equal_nocase(scheme, TEXT_OF("Basic")) ||
            !base64_parse(text_trim(rest), octets, sizeof(octets), &len) ||
            !text_cut(text_from_octets(octets, len), ':', &enrolment.printer, &enrolment.code))
                return CORE_WRONG_CREDENTIALS;
        return certificate_enrol(request->core, &enrolment, issued);
}

int est_enrol_answer(struct request *request)
{
        SCOPED(freep) struct certificate_issued *issued = calloc(1, sizeof(*issued));
        struct id tenant;
        int r;

        if (!issued)
                return fault(-ENOMEM);
        r = find_tenant(request, &tenant);
        r = r == CORE_NOT_FOUND ? CORE_WRONG_CREDENTIALS : r ? r : enrol(request, tenant, issued);
        r = answer_issued(request, r, issued);
        certificate_issued_done(issued);
        return r;
}

int est_renew_answer(struct request *request)
{
        SCOPED(freep) struct certificate_issued *issued = calloc(1, sizeof(*issued));
        struct id tenant;
        int r;

        if (!issued)
                return fault(-ENOMEM);
        if (!request->x->has_key)
                return est_enrol_answer(request);
        r = find_tenant(request, &tenant);
        r = r == CORE_NOT_FOUND ? CORE_WRONG_CREDENTIALS
            : r                 ? r
                                : certificate_renew(request->core, tenant, request->x->fingerprint,
                                                    buffer_text(&request->body), issued);
        r = answer_issued(request, r, issued);
        certificate_issued_done(issued);
        return r;
}
