// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "net/fetch-policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What we take apart, curl takes apart the same way: otherwise it would go where we did not look. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(freep) char *url = text_duplicate(text_from_octets(data, size));
        struct fetch_policy policy;
        struct fetch_url ours;
        char *host = NULL, *port = NULL, *user = NULL;
        CURLU *theirs;

        (void)fetch_policy_parse(text_from_octets(data, size), text_from_octets(data, size), &policy);
        assert(policy.allow_count <= FETCH_ALLOW_MAX && policy.port_count <= FETCH_PORTS_MAX);
        if (!url || !fetch_policy_parse(TEXT_OF("http://id.example"), TEXT_OF("443"), &policy) ||
            !fetch_url_parse(&policy, url, &ours))
                return 0;
        theirs = curl_url();
        assert(theirs && curl_url_set(theirs, CURLUPART_URL, url, 0) == CURLUE_OK);
        assert(curl_url_get(theirs, CURLUPART_HOST, &host, 0) == CURLUE_OK);
        assert(curl_url_get(theirs, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK);
        assert(curl_url_get(theirs, CURLUPART_USER, &user, 0) == CURLUE_NO_USER);
        assert((unsigned long)atoi(port) == ours.port);
        if (host[0] == '[')
                assert(strncasecmp(host + 1, ours.host, strlen(ours.host)) == 0);
        else
                assert(strcasecmp(host, ours.host) == 0);
        curl_free(host);
        curl_free(port);
        curl_url_cleanup(theirs);
        return 0;
}
