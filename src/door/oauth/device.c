// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* POST /oauth/device_authorization (RFC 8628, section 3.1), and what this server can (RFC 8414). */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "door/oauth/oauth.h"

static void device_issue_done(struct device_issue *device)
{
        explicit_bzero(device, sizeof(*device));
}

static int answer_device(struct request *request, const struct device_issue *device)
{
        char origin[ORIGIN_STRING], uri[ORIGIN_STRING + 16], complete[ORIGIN_STRING + 48];
        int r;

        if (!request_origin(request, origin, &r))
                return r;
        snprintf(uri, sizeof(uri), "%s/device", origin);
        snprintf(complete, sizeof(complete), "%s/device?user_code=%s", origin, device->user_code);
        return request_answer(request, 200,
                              json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "device_code", device->device_code,
                                        "user_code", device->user_code, "verification_uri", uri,
                                        "verification_uri_complete", complete, "expires_in",
                                        (json_int_t)(device->expires_in_ms / 1000), "interval",
                                        (json_int_t)(device->interval_ms / 1000)));
}

/* What the device calls itself is a parameter of ours; others leave it out. */
int oauth_device_answer(struct request *request)
{
        SCOPED(device_issue_done) struct device_issue device = { .interval_ms = 0 };
        struct client client;
        struct text label;
        uint32_t scopes;
        int r;

        if (!oauth_client(request, &client, &r))
                return r;
        if (!client.by_device)
                return oauth_refuse(request, 400, "unauthorized_client", "This client comes in another way.");
        if (!oauth_scopes(request, &client, &scopes, &r))
                return r;
        label = form_value(request->form, "device_name");
        if (label.len >= CORE_TITLE)
                return oauth_refuse(request, 400, "invalid_request", "device_name is too long.");
        r = device_begin(request->core, &client, scopes ? scopes : client.scopes, label,
                         text_from(request->x->peer), &device);
        return r ? oauth_refuse_grant(request, r) : answer_device(request, &device);
}

/* False where memory is out. */
static bool set_endpoint(json_t *object, const char *name, const char *origin, const char *path)
{
        char url[ORIGIN_STRING + 64];

        snprintf(url, sizeof(url), "%s%s", origin, path);
        return json_object_set_new(object, name, json_string(url)) == 0;
}

int oauth_metadata_answer(struct request *request)
{
        char origin[ORIGIN_STRING];
        json_t *value;
        int r;

        if (!request_origin(request, origin, &r))
                return r;
        value = json_pack("{s:s, s:[s], s:[s], s:[s,s,s,s], s:[s,s,s], s:[s,s,s], s:[s], s:[s,s,s,s,s], s:b}",
                          "issuer", origin, "response_types_supported", "code", "response_modes_supported",
                          "query", "grant_types_supported", "authorization_code", "refresh_token",
                          "urn:ietf:params:oauth:grant-type:device_code", "client_credentials",
                          "token_endpoint_auth_methods_supported", "none", "client_secret_basic",
                          "client_secret_post", "revocation_endpoint_auth_methods_supported", "none",
                          "client_secret_basic", "client_secret_post", "code_challenge_methods_supported",
                          "S256", "scopes_supported", "print", "release", "read", "account", "admin",
                          "authorization_response_iss_parameter_supported", 1);
        if (value &&
            !(set_endpoint(value, "authorization_endpoint", origin, "/oauth/authorize") &&
              set_endpoint(value, "token_endpoint", origin, "/oauth/token") &&
              set_endpoint(value, "device_authorization_endpoint", origin, "/oauth/device_authorization") &&
              set_endpoint(value, "revocation_endpoint", origin, "/oauth/revoke"))) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 200, value);
}
