// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/certificate.h"
#include "net/tls.h"
#include "os/file.h"

/* The longest that browsers believe (CA/Browser Forum), though they will ask about this one anyway. */
#define VALID_DAYS 397
#define NAMES_MAX  64
#define NAME_SIZE  254
#define PEM_MAX    (64 * 1024)

struct names {
        char strings[NAMES_MAX][NAME_SIZE];
        const char *list[NAMES_MAX + 1];
};

static bool names_read(const char *string, struct names *ret)
{
        struct text name, rest = text_from(string);
        size_t count = 0;

        while (rest.len > 0) {
                (void)text_cut(rest, ',', &name, &rest);
                name = text_trim(name);
                if (count == NAMES_MAX || name.len == 0 || !text_copy(name, ret->strings[count], NAME_SIZE))
                        return false;
                ret->list[count] = ret->strings[count];
                count++;
        }
        ret->list[count] = NULL;
        return count > 0;
}

/* The subject is the first name, cut to what a common name may hold. */
static int make(const char *names_string, struct text old_key, struct buffer *ret_key, struct buffer *ret)
{
        struct names names;
        char common_name[65];
        int r;

        if (!names_read(names_string, &names))
                return TLS_BAD_CERTIFICATE;
        snprintf(common_name, sizeof(common_name), "%.64s", names.list[0]);
        r = certificate_make(&(struct certificate_options){ .common_name = common_name,
                                                            .alternative_names = names.list,
                                                            .days = VALID_DAYS,
                                                            .for_server = true,
                                                            .key = old_key },
                             ret_key, ret);
        if (r < 0)
                return r;
        if (r == CERTIFICATE_BAD_KEY)
                return TLS_BAD_KEY;
        return r ? TLS_BAD_CERTIFICATE : 0;
}

int tls_certificate_make(const char *certificate_path, const char *key_path, const char *names,
                         bool *ret_made)
{
        SCOPED(buffer_wipe) struct buffer old_key = BUFFER(PEM_MAX);
        SCOPED(buffer_wipe) struct buffer key = BUFFER(PEM_MAX);
        SCOPED(buffer_done) struct buffer certificate = BUFFER(PEM_MAX);
        bool has_key = access(key_path, F_OK) == 0;
        int r;

        *ret_made = false;
        if (access(certificate_path, F_OK) == 0)
                return has_key ? 0 : TLS_BAD_KEY;
        /* A key without a certificate is what a crash between the two leaves: it is used, not replaced. */
        if (has_key && file_read(key_path, PEM_MAX, &old_key))
                return TLS_BAD_KEY;
        r = make(names, buffer_text(&old_key), &key, &certificate);
        if (r)
                return r;
        if (!has_key)
                r = file_replace(key_path, 0600, buffer_text(&key));
        if (r == 0)
                r = file_replace(certificate_path, 0644, buffer_text(&certificate));
        if (r)
                return fold(r);
        *ret_made = true;
        return 0;
}
