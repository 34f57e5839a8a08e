// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/package.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/config.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"

#define PATH_OCTETS  4096
#define SETTINGS_MAX (1024 * 1024)
#define AUTHORITY    "service-ca.pem"

void package_done(struct package *package)
{
        explicit_bzero(package->code, sizeof(package->code));
        buffer_done(&package->authority);
}

/* It becomes a line of settings: nothing else may be said in it. */
static bool is_address(struct text url)
{
        if (!text_starts_with(url, "https://") || !text_is_printable(url))
                return false;
        for (size_t i = 0; i < url.len; i++)
                if (memchr(" \t;#\"'\\", url.at[i], 7))
                        return false;
        return url.len > 8;
}

static bool read_members(const json_t *json, struct package *ret)
{
        const json_t *url = json_object_get(json, "url"), *code = json_object_get(json, "code"),
                     *authority = json_object_get(json, "authority");
        struct text address = text_from_octets(json_string_value(url), json_string_length(url));
        struct text secret = text_from_octets(json_string_value(code), json_string_length(code));

        if (json_integer_value(json_object_get(json, "imprimatur_enrolment")) != 1 || !json_is_string(url) ||
            !json_is_string(code) || !is_address(address) || secret.len == 0 ||
            !text_copy(address, ret->url, sizeof(ret->url)) ||
            !text_copy(secret, ret->code, sizeof(ret->code)))
                return false;
        if (json_is_string(authority))
                buffer_add(&ret->authority, json_string_value(authority), json_string_length(authority));
        return !ret->authority.failure && (json_is_string(authority) || json_is_null(authority));
}

int package_parse(struct text octets, struct package *ret)
{
        json_t *json;
        bool good;

        *ret = (struct package){ .authority = BUFFER(PACKAGE_OCTETS_MAX) };
        if (!text_starts_with(text_trim(octets), "{"))
                return PACKAGE_NONE;
        json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        good = json_is_object(json) && read_members(json, ret);
        json_decref(json);
        if (good)
                return 0;
        package_done(ret);
        *ret = (struct package){ .authority = BUFFER(PACKAGE_OCTETS_MAX) };
        return PACKAGE_DAMAGED;
}

int package_read(const char *path, struct package *ret)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(PACKAGE_OCTETS_MAX);

        *ret = (struct package){ .authority = BUFFER(PACKAGE_OCTETS_MAX) };
        if (strcmp(path, "-") == 0 || file_read(path, PACKAGE_OCTETS_MAX, &octets) != 0)
                return PACKAGE_NONE;
        return package_parse(buffer_text(&octets), ret);
}

/* "/etc/imprimatur/agent.conf" -> "/etc/imprimatur/service-ca.pem" */
static bool authority_path(const char *settings_path, char ret[PATH_OCTETS])
{
        const char *slash = strrchr(settings_path, '/');
        int folder = slash ? (int)(slash + 1 - settings_path) : 0;
        int n = snprintf(ret, PATH_OCTETS, "%.*s" AUTHORITY, folder, settings_path);

        return n > 0 && n < PATH_OCTETS;
}

/* *ret_kept: what stands there already. */
static int has_url(const char *settings_path, struct buffer *kept, bool *ret)
{
        SCOPED(config_closep) struct config *config = NULL;
        int r = file_read(settings_path, SETTINGS_MAX, kept);

        *ret = false;
        if (r == FILE_NOT_FOUND)
                return 0;
        if (r)
                return r < 0 ? r : fault(-EFBIG);
        /* Settings that cannot be read are complained of where they are used. */
        *ret = config_open(settings_path, &config) != 0 || config_string(config, "service", "url", NULL);
        return 0;
}

int package_settle(const struct package *package, const char *settings_path)
{
        SCOPED(buffer_done) struct buffer settings = BUFFER(SETTINGS_MAX + 8192);
        char authority[PATH_OCTETS];
        bool has;
        int r = has_url(settings_path, &settings, &has);

        if (r || has)
                return r;
        if (!authority_path(settings_path, authority))
                return fault(-ENAMETOOLONG);
        buffer_format(&settings, "%s[service]\nurl = %s\n", settings.len ? "\n" : "", package->url);
        if (package->authority.len) {
                buffer_format(&settings, "ca = %s\n", authority);
                r = file_replace(authority, 0644, buffer_text(&package->authority));
        }
        if (r == 0)
                r = settings.failure ? fault(settings.failure)
                                     : file_replace(settings_path, 0644, buffer_text(&settings));
        return fold(r);
}
