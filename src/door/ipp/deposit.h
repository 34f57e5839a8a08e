// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What an agent's IPP door took in while it could not reach us (relay/absent.h), from the metadata of its
 * deposit: whose it is, by the credentials that came with it, and how it should be printed.
 *
 *      {"path": "/ipp/print/TENANT/QUEUE[/TOKEN]", "authorization": "Basic …" | null, "client": "192.0.2.7",
 *       "secure": true, "message": "<the request without its document, base64>"}
 */

#include <jansson.h>

#include "base/network.h"
#include "door/ipp/template.h"
#include "door/ipp/view.h"
#include "ipp/message.h"

struct core;
struct refused_deposit;

#define IPP_DEPOSIT_WRONG "credentials-wrong" /* why it was refused */

/* As it stands there; the strings borrow from the JSON. */
struct ipp_deposit_words {
        const char *path, *authorization, *client, *message;
        bool secure;
};

struct ipp_deposit {
        struct actor actor;
        struct queue queue;
        struct ipp_template template;
        struct text title;           /* these borrow from the deposit */
        struct text format;          /* as the client said; "application/octet-stream" where it did not */
        char client[NETWORK_STRING]; /* its address */
        char claimed[CORE_EMAIL];    /* the name that came with the credentials; empty: none */

        /* Its own. */
        struct arena *arena;
        struct printer *printer;
        struct ipp_view view;
        struct buffer octets;
        struct ipp_message message;
};

/* Without asking anybody: the words, and the request. CORE_BAD_VALUE. *ret is begun here, and ended by
 * ipp_deposit_done() in every case. */
int ipp_deposit_parse(json_t *value, struct ipp_deposit_words *ret_words, struct ipp_deposit *ret);

/* before: what is known of it from an earlier time, or NULL. Whom it was given to since then it belongs to,
 * and credentials that were wrong then are wrong. *ret is ended by ipp_deposit_done() in every case.
 * CORE_BAD_VALUE: no such request, or the queue cannot do what it insists on; refusals of authentication;
 * CORE_NOT_FOUND: no such queue of the agent's tenant.
 * released_to: whose badge has released it, which is proof enough where the credentials are none any more;
 * NULL: nobody's has. */
int ipp_deposit_read(struct core *core, const struct actor *agent, json_t *value,
                     const struct actor *released_to, const struct refused_deposit *before,
                     struct ipp_deposit *ret);
void ipp_deposit_done(struct ipp_deposit *deposit);
