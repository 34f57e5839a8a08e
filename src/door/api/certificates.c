// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The organisation's authority, and what it has issued to printers and agents. */

#include "core/site/certificate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/tenant.h"
#include "crypt/certificate-request.h"
#include "door/api/api.h"

#define PEM_MAX 8192

static json_t *pem_json(struct text der)
{
        SCOPED(buffer_done) struct buffer pem = BUFFER(PEM_MAX);

        return issue_pem(der, &pem) == 0 ? json_words(buffer_string(&pem)) : NULL;
}

static json_t *hash_json(struct text octets)
{
        uint8_t hash[HASH_OCTETS];
        char hex[2 * HASH_OCTETS + 1];

        hash_sha256(octets, hash);
        hex_format(hash, sizeof(hash), hex);
        return json_string(hex);
}

static json_t *authority_json(const struct authority *authority)
{
        struct text root = text_from_octets(authority->root, authority->root_len);

        return json_pack("{s:o, s:o, s:o, s:o, s:o}", "certificate", pem_json(root), "fingerprint",
                         hash_json(root), "created", json_of_time(authority->created_ms), "begins",
                         json_of_time(authority->from_ms), "expires", json_of_time(authority->until_ms));
}

static int answer_authority(struct request *request, int status,
                            int (*find)(struct request *request, struct authority *ret))
{
        SCOPED(freep) struct authority *authority = calloc(1, sizeof(*authority));
        int r;

        if (!authority)
                return fault(-ENOMEM);
        r = find(request, authority);
        return r ? request_refuse(request, r) : request_answer(request, status, authority_json(authority));
}

static int find_own(struct request *request, struct authority *ret)
{
        return authority_find(request->core, request->actor.tenant, ret);
}

static int make_own(struct request *request, struct authority *ret)
{
        return authority_make(request->core, &request->actor, ret);
}

int authority_answer(struct request *request)
{
        return answer_authority(request, 200, find_own);
}

int authority_make_answer(struct request *request)
{
        return answer_authority(request, 201, make_own);
}

static json_t *names_json(const char *names)
{
        struct text rest = text_from(names), name;
        json_t *array = json_array();

        while (array && rest.len) {
                text_cut(rest, ' ', &name, &rest);
                json_array_append_new(array, json_stringn(name.at, name.len));
        }
        return array;
}

static json_t *certificate_json(const struct certificate *c)
{
        char serial[2 * ISSUE_SERIAL_OCTETS + 1];

        hex_format(c->serial, sizeof(c->serial), serial);
        return json_pack("{s:o, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "id", json_of_id(c->id), "kind",
                         c->kind == CERTIFICATE_OF_AGENT ? "agent" : "printer", "subject",
                         json_of_id(c->subject), "serial", serial, "fingerprint", c->spki, "names",
                         names_json(c->names), "begins", json_of_time(c->from_ms), "expires",
                         json_of_time(c->until_ms), "revoked",
                         c->revoked_ms ? json_of_time(c->revoked_ms) : json_null());
}

static json_t *format_certificate(const void *item, void *context)
{
        return certificate_json(item);
}

/* ?printer= and ?agent=, one of them or none. False after a complaint was answered. */
static bool read_subject(struct request *request, struct id *ret, int *ret_r)
{
        struct printer *printer = arena_alloc(request->x->arena, sizeof(*printer));
        struct text value;
        int r = 0;

        *ret = (struct id){ 0 };
        if (!printer)
                r = fault(-ENOMEM);
        else if (http_query(request->x, "printer", &value)) {
                r = request_find_printer(request, value, printer);
                *ret = printer->id;
        } else if (http_query(request->x, "agent", &value) && !id_parse(value, ret))
                r = CORE_NOT_FOUND;
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

int certificates_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id subject;
        int r;

        if (!read_subject(request, &subject, &r) ||
            !request_page(request, sizeof(struct certificate), &page, &r))
                return r;
        r = certificate_list(request->core, &request->actor, subject, page.after, page.items, page.max,
                             &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_certificate, NULL);
}

int certificate_revoke_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? certificate_revoke(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

static json_t *issued_json(const struct certificate_issued *issued)
{
        json_t *value = certificate_json(&issued->row);
        struct text root = text_from_octets(issued->authority.root, issued->authority.root_len);

        if (json_object_set_new(value, "certificate", pem_json(buffer_text(&issued->der))) ||
            json_object_set_new(value, "authority", pem_json(root))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

static int find_printer(struct request *request, struct id *ret)
{
        SCOPED(freep) struct printer *printer = calloc(1, sizeof(*printer));
        int r;

        if (!printer)
                return fault(-ENOMEM);
        r = request_find_printer(request, request->arguments[0], printer);
        *ret = printer->id;
        return r;
}

int printer_certificate_make_answer(struct request *request)
{
        SCOPED(certificate_issued_done) struct certificate_issued issued = { .der = BUFFER(0) };
        struct members members;
        struct text pem;
        struct id printer;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        pem = members_secret(&members, "request", MEMBER_REQUIRED,
                             CERTIFICATE_REQUEST_MAX); /* it has lines */
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = find_printer(request, &printer);
        if (r == 0)
                r = certificate_issue_printer(request->core, &request->actor, printer, pem, &issued);
        return r ? request_refuse(request, r) : request_answer(request, 201, issued_json(&issued));
}

int printer_certificate_code_answer(struct request *request)
{
        char code[OUTPOST_CODE] = "", origin[ORIGIN_STRING];
        int64_t expires_ms;
        struct tenant tenant;
        struct id printer;
        json_t *value;
        int r;

        if (!request_origin(request, origin, &r))
                return r;
        r = find_printer(request, &printer);
        if (r == 0)
                r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r == 0)
                r = certificate_make_code(request->core, &request->actor, printer, code, &expires_ms);
        if (r)
                return request_refuse(request, r);
        value = json_pack("{s:s+++, s:o, s:s, s:o}", "url", origin, "/.well-known/est/", tenant.name, "",
                          "name", json_of_id(printer), "code", code, "expires", json_of_time(expires_ms));
        explicit_bzero(code, sizeof(code));
        return request_answer(request, 201, value);
}

int agent_certificate_answer(struct request *request)
{
        SCOPED(certificate_issued_done) struct certificate_issued issued = { .der = BUFFER(0) };
        char(*names)[ISSUE_NAME] = arena_alloc(request->x->arena, ISSUE_NAMES_MAX * sizeof(*names));
        const char *list[ISSUE_NAMES_MAX + 1] = { NULL };
        struct members members;
        size_t count = 0;
        struct text pem;
        int r;

        if (!names)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        pem = members_secret(&members, "request", MEMBER_REQUIRED,
                             CERTIFICATE_REQUEST_MAX); /* it has lines */
        members_strings(&members, "names", ISSUE_NAMES_MAX, names, sizeof(*names), &count);
        if (!members_finish(&members))
                return request_complain(request, &members);
        for (size_t i = 0; i < count; i++)
                list[i] = names[i];
        r = certificate_issue_agent(request->core, &request->actor, list, pem, &issued);
        return r ? request_refuse(request, r) : request_answer(request, 201, issued_json(&issued));
}
