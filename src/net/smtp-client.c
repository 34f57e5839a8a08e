// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/smtp-client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

#define CONNECT_MS    15000L
#define WHOLE_MS      60000L

#define NOT_SIGNED_IN 530 /* RFC 4954, section 6 */

struct smtp_client {
        CURL *easy;
        char *relay;
        char *ca_path;
        char *name;
        bool plain;
        _Atomic bool cancelled;
        char complaint[160];
        struct text rest; /* of the message under way */
};

bool smtp_relay_is_valid(const char *relay, bool *ret_local)
{
        static const char *const local[] = { "localhost", "127.0.0.1", "::1", "[::1]" };
        CURLU *url = curl_url();
        char *scheme = NULL, *host = NULL, *user = NULL, *path = NULL, *query = NULL;
        bool is_valid;

        is_valid = url && curl_url_set(url, CURLUPART_URL, relay, 0) == CURLUE_OK &&
                   curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                   curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                   curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK &&
                   curl_url_get(url, CURLUPART_QUERY, &query, 0) != CURLUE_OK &&
                   (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
        if (is_valid && curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK)
                is_valid = strcmp(path, "/") == 0 || !path[0];
        *ret_local = false;
        for (size_t i = 0; is_valid && i < ARRAY_LENGTH(local); i++)
                *ret_local = *ret_local || strcmp(host, local[i]) == 0;
        curl_free(scheme);
        curl_free(host);
        curl_free(user);
        curl_free(path);
        curl_free(query);
        curl_url_cleanup(url);
        return is_valid;
}

static void freep_client(struct smtp_client **client)
{
        smtp_client_free(*client);
}

int smtp_client_new(const struct smtp_client_options *options, struct smtp_client **ret)
{
        SCOPED(freep_client) struct smtp_client *client = NULL;
        bool is_local;

        if (!smtp_relay_is_valid(options->relay, &is_local) || (options->plain && !is_local))
                return fault(-EINVAL);
        client = calloc(1, sizeof(*client));
        if (!client)
                return fault(-ENOMEM);
        client->plain = options->plain;
        client->easy = curl_easy_init();
        client->relay = strdup(options->relay);
        client->name = strdup(options->name);
        if (options->ca_path)
                client->ca_path = strdup(options->ca_path);
        if (!client->easy || !client->relay || !client->name || (options->ca_path && !client->ca_path))
                return fault(-ENOMEM);
        *ret = take(client);
        return 0;
}

void smtp_client_free(struct smtp_client *client)
{
        if (!client)
                return;
        curl_easy_cleanup(client->easy);
        free(client->relay);
        free(client->ca_path);
        free(client->name);
        free(client);
}

const char *smtp_client_complaint(const struct smtp_client *client)
{
        return client->complaint;
}

void smtp_client_cancel(struct smtp_client *client)
{
        client->cancelled = true;
}

static size_t message_wanted(char *to, size_t size, size_t count, void *context)
{
        struct smtp_client *client = context;
        size_t room = size * count;
        size_t len = client->rest.len < room ? client->rest.len : room;

        memcpy(to, client->rest.at, len);
        client->rest = text_from_octets(client->rest.at + len, client->rest.len - len);
        return len;
}

static int progress(void *context, curl_off_t down, curl_off_t downed, curl_off_t up, curl_off_t upped)
{
        struct smtp_client *client = context;

        (void)down, (void)downed, (void)up, (void)upped;
        return client->cancelled;
}

static void set_connection(struct smtp_client *client)
{
        CURL *easy = client->easy;

        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(client->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
        if (client->ca_path) {
                curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_path);
                curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        }
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, WHOLE_MS);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, progress);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, client);
}

/* "mail.example.org" as the path of the address is what libcurl says after EHLO. */
static CURLcode set_address(struct smtp_client *client)
{
        char url[512];
        int len = snprintf(url, sizeof(url), "%s%s%s", client->relay,
                           client->relay[strlen(client->relay) - 1] == '/' ? "" : "/", client->name);

        if (len < 0 || (size_t)len >= sizeof(url))
                return CURLE_URL_MALFORMAT;
        return curl_easy_setopt(client->easy, CURLOPT_URL, url);
}

static CURLcode set_mail(struct smtp_client *client, const struct smtp_mail *mail, struct curl_slist **to)
{
        CURL *easy = client->easy;

        client->rest = mail->message;
        *to = curl_slist_append(NULL, mail->to);
        if (!*to)
                return CURLE_OUT_OF_MEMORY;
        curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, *to);
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, message_wanted);
        curl_easy_setopt(easy, CURLOPT_READDATA, client);
        if (mail->user && !client->plain) {
                curl_easy_setopt(easy, CURLOPT_USERNAME, mail->user);
                curl_easy_setopt(easy, CURLOPT_PASSWORD, mail->password);
        }
        return set_address(client);
}

/* 5yz to MAIL, RCPT or DATA (libcurl: CURLE_SEND_ERROR) is for good; the same to AUTH or as a greeting is a
 * matter of settings, which somebody may mend. */
static int judge(struct smtp_client *client, CURLcode code)
{
        long status = 0;

        curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
        snprintf(client->complaint, sizeof(client->complaint), "%s (%ld)", curl_easy_strerror(code), status);
        if (code == CURLE_OK)
                return 0;
        if (code == CURLE_ABORTED_BY_CALLBACK)
                return SMTP_CANCELLED;
        if (code == CURLE_OUT_OF_MEMORY)
                return fault(-ENOMEM);
        return code == CURLE_SEND_ERROR && status >= 500 && status < 600 && status != NOT_SIGNED_IN
                       ? SMTP_REFUSED
                       : SMTP_LATER;
}

int smtp_client_send(struct smtp_client *client, const struct smtp_mail *mail)
{
        struct curl_slist *to = NULL;
        CURLcode code;
        int r;

        if (client->cancelled)
                return SMTP_CANCELLED;
        curl_easy_reset(client->easy);
        set_connection(client);
        code = set_mail(client, mail, &to);
        if (code == CURLE_OK)
                code = curl_easy_perform(client->easy);
        r = judge(client, code);
        curl_easy_reset(client->easy); /* it holds the password */
        curl_slist_free_all(to);
        return r;
}
