// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/deposit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/authenticate.h"
#include "core/core.h"
#include "core/site/refused-deposit.h"
#include "core/sign-in/token.h"
#include "door/ipp/ipp.h"
#include "door/json.h"
#include "conversion/sniffing.h"
#include "ipp/get.h"
#include "ipp/request.h"

#define MESSAGE_OCTETS     ((size_t)64 * 1024)
#define CREDENTIALS_OCTETS 1024
#define SHORT_ID           12
#define PATH               "/ipp/print/"

void ipp_deposit_done(struct ipp_deposit *deposit)
{
        arena_free(deposit->arena);
        free(deposit->printer);
        buffer_wipe(&deposit->octets);
}

static bool read_words(json_t *value, struct ipp_deposit_words *ret)
{
        struct members members;

        members_open(&members, value);
        ret->path = members_string(&members, "path", MEMBER_REQUIRED, 511);
        ret->authorization =
                members_string(&members, "authorization", MEMBER_OPTIONAL, 2 * CREDENTIALS_OCTETS);
        ret->client = members_string(&members, "client", MEMBER_REQUIRED, 45);
        ret->message = members_string(&members, "message", MEMBER_REQUIRED, 2 * MESSAGE_OCTETS);
        members_flag(&members, "secure", MEMBER_REQUIRED, &ret->secure);
        return members_finish(&members);
}

/* "/ipp/print/TENANT/QUEUE", and a token behind it or none. */
static int find_queue(struct core *core, const struct actor *agent, struct text path, struct queue *ret,
                      struct text *ret_token)
{
        struct text tenant, name, rest;
        int r;

        rest = (struct text){ path.at + strlen(PATH), path.len - strlen(PATH) };
        (void)text_cut(rest, '/', &tenant, &rest);
        (void)text_cut(rest, '/', &name, ret_token);
        r = queue_find(core, tenant, name, ret);
        return r == 0 && !id_equal(ret->tenant, agent->tenant) ? CORE_NOT_FOUND : r;
}

static int authenticate_encoded(struct core *core, const struct queue *queue, struct text encoded,
                                struct text source, char claimed[CORE_EMAIL], struct actor *ret)
{
        char credentials[CREDENTIALS_OCTETS];
        struct text name, secret;
        int r = CORE_WRONG_CREDENTIALS;
        size_t length;

        if (base64_parse(encoded, credentials, sizeof(credentials), &length) &&
            text_cut((struct text){ credentials, length }, ':', &name, &secret)) {
                if (!text_copy(name, claimed, CORE_EMAIL))
                        claimed[0] = '\0';
                r = authenticate_basic(core, &queue->tenant, name, secret, source, ret);
        }
        explicit_bzero(credentials, sizeof(credentials));
        return r;
}

static void source_of(const struct actor *agent, const struct ipp_deposit_words *words, char ret[CORE_NAME])
{
        char id[ID_STRING];

        id_format(agent->id, id);
        snprintf(ret, CORE_NAME, "%s@%s", words->client, id + ID_STRING - 1 - SHORT_ID);
}

static int authenticate(struct core *core, const struct actor *agent, const struct ipp_deposit_words *words,
                        const struct queue *queue, struct text token, char claimed[CORE_EMAIL],
                        struct actor *ret)
{
        struct text scheme, value = TEXT("");
        char source[CORE_NAME];
        int r = CORE_WRONG_CREDENTIALS;

        source_of(agent, words, source);
        ret->via = VIA_IPP;
        if (text_starts_with(token, TOKEN_ADDRESS_PREFIX))
                return authenticate_address(core, queue, token, text_from(source), ret);
        (void)text_cut(text_from(words->authorization), ' ', &scheme, &value);
        if (text_equal_nocase(scheme, TEXT_OF("Basic")))
                r = authenticate_encoded(core, queue, text_trim(value), text_from(source), claimed, ret);
        else if (text_equal_nocase(scheme, TEXT_OF("Bearer")))
                r = authenticate_token(core, text_trim(value), text_from(source), ret);
        if (r == 0 &&
            (ret->kind != ACTOR_PERSON || !id_equal(ret->tenant, queue->tenant) || ret->owes_password))
                r = CORE_WRONG_CREDENTIALS;
        if (r == 0 && ret->owes_factor) {
                ret->owes_factor = false;
                ret->prints_only = true;
        }
        return r == 0 && !actor_may(ret, RIGHT_SUBMIT, whose_some()) ? CORE_FORBIDDEN : r;
}

static int parse_message(struct ipp_deposit *d, const struct ipp_deposit_words *words)
{
        const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        char *room = buffer_extend(&d->octets, MESSAGE_OCTETS);
        const char *why;
        size_t length;

        d->arena = arena_new(IPP_ARENA_OCTETS);
        if (!room || !d->arena)
                return fault(-ENOMEM);
        if (!base64_parse(text_from(words->message), room, MESSAGE_OCTETS, &length) ||
            ipp_message_parse((struct text){ room, length }, &limits, d->arena, &d->message, NULL) ||
            ipp_request_check(&d->message, &why) != IPP_OK)
                return CORE_BAD_VALUE;
        return 0;
}

static int judge(struct core *core, struct ipp_deposit *d, const struct ipp_deposit_words *words)
{
        const struct ipp_attribute *operation = d->message.groups->attributes;
        const struct ipp_group *group = ipp_group_find(&d->message, IPP_TAG_JOB);
        int r;

        d->printer = calloc(1, sizeof(*d->printer));
        if (!d->printer)
                return fault(-ENOMEM);
        r = ipp_door_find_abilities(core, &d->queue, d->printer);
        if (r)
                return r;
        d->view = (struct ipp_view){ .queue = &d->queue,
                                     .printer = d->printer,
                                     .host = "localhost",
                                     .is_secure = words->secure,
                                     .organization = "" };
        r = ipp_template_parse(operation, group ? group->attributes : NULL, &d->view, d->arena, &d->template);
        if (r)
                return r;
        if (ipp_get_name(operation, "job-name", 255, &d->title) || !d->title.len)
                (void)ipp_get_name(operation, "document-name", 255, &d->title);
        if (ipp_get_keyword(operation, "document-format", CORE_FORMAT - 1, &d->format))
                d->format = TEXT_OF(MEDIA_TYPE_UNSAID);
        return d->template.is_refused || !ipp_view_takes(&d->view, d->format) ? CORE_BAD_VALUE : 0;
}

int ipp_deposit_parse(json_t *value, struct ipp_deposit_words *ret_words, struct ipp_deposit *ret)
{
        *ret = (struct ipp_deposit){ .title = TEXT(""), .arena = NULL };
        *ret_words = (struct ipp_deposit_words){ .path = NULL };
        buffer_init(&ret->octets, MESSAGE_OCTETS);
        if (!read_words(value, ret_words) || !text_starts_with(text_from(ret_words->path), PATH))
                return CORE_BAD_VALUE;
        return parse_message(ret, ret_words);
}

/* Whose it is: whom an administrator gave it to, or who has the credentials. */
static int find_owner(struct core *core, const struct actor *agent, const struct ipp_deposit_words *words,
                      const struct refused_deposit *before, struct text token, struct ipp_deposit *d)
{
        char source[CORE_NAME];
        int r;

        if (before && !id_is_zero(before->person)) {
                r = refused_deposit_owner(core, agent, before, &d->actor);
                if (r)
                        return r == CORE_NOT_FOUND ? CORE_WRONG_CREDENTIALS : r;
                source_of(agent, words, source);
                actor_came(&d->actor, VIA_IPP, text_from(source));
                return actor_may(&d->actor, RIGHT_SUBMIT, whose_some()) ? 0 : CORE_FORBIDDEN;
        }
        /* Asked again, they would count as another guess. */
        if (before && strcmp(before->reason, IPP_DEPOSIT_WRONG) == 0)
                return CORE_WRONG_CREDENTIALS;
        return authenticate(core, agent, words, &d->queue, token, d->claimed, &d->actor);
}

int ipp_deposit_read(struct core *core, const struct actor *agent, json_t *value,
                     const struct actor *released_to, const struct refused_deposit *before,
                     struct ipp_deposit *ret)
{
        struct text token = TEXT("");
        struct ipp_deposit_words words;
        int r;

        r = ipp_deposit_parse(value, &words, ret);
        if (r == 0)
                (void)text_copy(text_from(words.client), ret->client, sizeof(ret->client));
        if (r == 0)
                r = find_queue(core, agent, text_from(words.path), &ret->queue, &token);
        if (r == 0)
                r = find_owner(core, agent, &words, before, token, ret);
        if (released_to && r >= 0 && (r == 0 || r == CORE_WRONG_CREDENTIALS || r == CORE_FORBIDDEN)) {
                if (r || !id_equal(ret->actor.id, released_to->id))
                        ret->actor = *released_to;
                r = 0;
        }
        return r ? r : judge(core, ret, &words);
}
