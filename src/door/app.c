// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/app.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "door/app-files.h"

#define PAGE         "/index.html"
#define NONCE_MARK   "@NONCE@"
#define NONCE_OCTETS 16
#define NONCE_STRING 23
#define POLICY_MAX   768

static bool is_section(struct text segment)
{
        for (const char *const *name = app_sections; *name; name++)
                if (text_equal_string(segment, *name))
                        return true;
        return false;
}

bool app_has_page(struct text path)
{
        struct text rest, first;

        (void)text_cut(path, '?', &path, &rest);
        if (!text_starts_with(path, "/"))
                return false;
        if (path.len == 1)
                return true;
        (void)text_cut(text_from_octets(path.at + 1, path.len - 1), '/', &first, &rest);
        return is_section(first);
}

static const struct app_file *find_file(struct text path)
{
        for (size_t i = 0; i < app_file_count; i++)
                if (text_equal_string(path, app_files[i].path))
                        return &app_files[i];
        return NULL;
}

const char *app_path_of(const char *name)
{
        const char *path = NULL;

        for (size_t i = 0; i < app_file_count && !path; i++)
                if (app_files[i].name && strcmp(app_files[i].name, name) == 0)
                        path = app_files[i].path;
        assert(path);
        return path;
}

/* ---- the page ---- */

static int add_page_headers(struct http_exchange *x, const char *nonce)
{
        static const char *const headers[][2] = {
                { "Cache-Control", "no-store" },
                { "X-Content-Type-Options", "nosniff" },
                { "X-Frame-Options", "DENY" },
                { "Cross-Origin-Opener-Policy", "same-origin" },
                { "Cross-Origin-Resource-Policy", "same-origin" },
                { "Referrer-Policy", "same-origin" },
                { "Permissions-Policy",
                  "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()" },
        };
        char policy[POLICY_MAX];
        int r;

        snprintf(
                policy, sizeof(policy),
                "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' blob: data:;"
                " connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none';"
                " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
                nonce);
        r = http_add_header(x, "Content-Security-Policy", policy);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(headers); i++)
                r = http_add_header(x, headers[i][0], headers[i][1]);
        return r;
}

/* The nonce is for style elements that our own scripts make; a page of another time has another one. */
static int answer_page(struct http_exchange *x)
{
        const struct app_file *file = find_file(TEXT_OF(PAGE));
        SCOPED(buffer_done) struct buffer body = BUFFER(file->plain.len + NONCE_STRING);
        const char *mark = memmem(file->plain.at, file->plain.len, NONCE_MARK, strlen(NONCE_MARK));
        uint8_t octets[NONCE_OCTETS];
        char nonce[NONCE_STRING];
        size_t before;
        int r;

        if (!mark)
                return fault(-EBADMSG);
        random_octets(octets, sizeof(octets));
        base64url_format(octets, sizeof(octets), nonce);
        before = (size_t)(mark - file->plain.at);
        buffer_add(&body, file->plain.at, before);
        buffer_add_string(&body, nonce);
        buffer_add(&body, mark + strlen(NONCE_MARK), file->plain.len - before - strlen(NONCE_MARK));
        if (body.failure)
                return fault(body.failure);
        r = add_page_headers(x, nonce);
        return r ? r : http_respond(x, 200, file->type, buffer_text(&body));
}

/* ---- its files ---- */

/* "gzip, br;q=0" and the like: named, and not with a weight of nothing. */
static bool accepts(struct text header, const char *coding)
{
        struct text item, rest = header, name, weight;
        bool more = header.len > 0;

        while (more) {
                more = text_cut(rest, ',', &item, &rest);
                (void)text_cut(item, ';', &name, &weight);
                weight = text_trim(weight);
                if (text_equal_string(text_trim(name), coding))
                        return !text_equal_string(weight, "q=0") && !text_starts_with(weight, "q=0.0");
        }
        return false;
}

static int add_file_headers(struct http_exchange *x, const struct app_file *file, const char *coding)
{
        int r = http_add_header(x, "Cache-Control",
                                file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");

        if (r == 0)
                r = http_add_header(x, "ETag", file->tag);
        if (r == 0)
                r = http_add_header(x, "Vary", "Accept-Encoding");
        if (r == 0)
                r = http_add_header(x, "X-Content-Type-Options", "nosniff");
        if (r == 0)
                r = http_add_header(x, "Cross-Origin-Resource-Policy", "same-origin");
        return r == 0 && coding ? http_add_header(x, "Content-Encoding", coding) : r;
}

static int answer_file(struct http_exchange *x, const struct app_file *file)
{
        struct text accepted = http_header(x, "Accept-Encoding"), known = http_header(x, "If-None-Match");
        const struct app_form *form = &file->plain;
        const char *coding = NULL;
        int r;

        if (file->brotli.at && accepts(accepted, "br")) {
                form = &file->brotli;
                coding = "br";
        } else if (file->gzip.at && accepts(accepted, "gzip")) {
                form = &file->gzip;
                coding = "gzip";
        }
        if (known.len && text_equal_string(known, file->tag)) {
                r = add_file_headers(x, file, NULL);
                return r ? r : http_respond(x, 304, NULL, TEXT_OF(""));
        }
        r = add_file_headers(x, file, coding);
        return r ? r : http_respond(x, 200, file->type, text_from_octets(form->at, form->len));
}

static int answer(struct http_exchange *x)
{
        const struct app_file *file = find_file(x->path);
        int r;

        if (http_is_answered(x))
                return 0;
        if (!http_method_is(x, "GET") && !http_method_is(x, "HEAD")) {
                /* What is shared is for the worker of an installed app; where that is not there (any more)
                 * somebody chooses the document once more. */
                if (http_method_is(x, "POST") && text_equal_string(x->path, "/share")) {
                        r = http_add_header(x, "Location", "/send?shared=lost");
                        return r ? r : http_respond(x, 303, NULL, TEXT_OF(""));
                }
                r = http_add_header(x, "Allow", "GET, HEAD");
                return r ? r : http_respond_problem(x, 405, NULL, "Pages can only be read.");
        }
        return file ? answer_file(x, file) : answer_page(x);
}

static const struct http_handler handler = { .begin = answer, .end = answer };

const struct http_handler *app_route(struct http_exchange *x)
{
        bool is_file = find_file(x->path) && !text_equal_string(x->path, PAGE);

        return is_file || app_has_page(x->path) ? &handler : NULL;
}
