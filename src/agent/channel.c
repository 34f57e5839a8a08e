// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/channel.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

static int load_configuration(struct channel_parts *parts)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(CONFIGURATION_OCTETS_MAX);
        int r;

        r = service_configuration(parts->service, &octets);
        if (r)
                return r;
        if (configuration_take(parts->configuration, buffer_text(&octets)) != 0)
                log_write(LOG_ERROR, "configuration-malformed", NULL);
        discovery_wake(parts->discovery);
        /* The line is back; or somebody has said whose something is. */
        drain_wake(parts->drain);
        drain_wake(parts->staying);
        keeping_wake(parts->keeping);
        return 0;
}

static bool on_event(void *context, struct text name, struct text data)
{
        struct channel_parts *parts = context;

        if (text_equal_string(name, "delivery"))
                carrier_wake(parts->carrier);
        else if (text_equal_string(name, "configuration"))
                /* Nobody says it a second time: where it was not heard the stream begins anew, and with it
                 * the configuration. */
                return load_configuration(parts) == 0;
        else if (text_equal_string(name, "directory"))
                directory_wake(parts->directory);
        else if (text_equal_string(name, "discovery"))
                discovery_wake(parts->discovery);
        else if (text_equal_string(name, "printers"))
                printers_wake(parts->printers);
        else if (text_equal_string(name, "readiness"))
                readiness_wake(parts->readiness);
        else if (text_equal_string(name, "device-configuration"))
                configurer_wake(parts->configurer);
        else if (text_equal_string(name, "homes"))
                offline_wake(parts->offline);
        else if (text_equal_string(name, "stays"))
                keeping_wake(parts->keeping);
        return true;
}

/* How often the service has heard what our journal names. */
static int ask_starts(struct channel_parts *parts, uint64_t *ret)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(CONFIGURATION_OCTETS_MAX);
        json_t *json, *starts;
        int r;

        r = service_configuration(parts->service, &answer);
        if (r)
                return r;
        json = json_loadb((const char *)answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        starts = json_object_get(json, "starts");
        r = json_is_integer(starts) ? 0 : SERVICE_CONFUSED;
        *ret = (uint64_t)json_integer_value(starts);
        json_decref(json);
        return r;
}

/* What the journal names now, before anything new is begun. */
static int introduce_first(struct channel_parts *parts, uint64_t starts)
{
        struct id *journal = calloc(JOURNAL_OPEN_MAX, sizeof(*journal));
        struct journal_entry entry;
        size_t count = 0;
        int r;

        if (!journal)
                return fault(-ENOMEM);
        while (count < JOURNAL_OPEN_MAX && journal_get(parts->journal, count, &entry))
                journal[count++] = entry.delivery;
        r = service_incarnation(parts->service, journal_incarnation(parts->journal), starts, journal, count);
        free(journal);
        return r;
}

bool channel_is_superseded(struct channel_parts *parts)
{
        return atomic_load(&parts->is_superseded);
}

void channel_state(struct channel_parts *parts, char ret[CHANNEL_STATE])
{
        if (channel_is_superseded(parts))
                snprintf(ret, CHANNEL_STATE, "stands back: another machine has this agent's key");
        else
                stream_state(&parts->stream, ret, CHANNEL_STATE);
}

/*
 * We have started, and been heard; since then another has, with our key. Whoever started last goes on, and
 * the other stays as it is until it is started again, so that the two do not take turns. It goes on telling,
 * by which the service knows of it.
 */
static int stand_back(struct channel_parts *parts)
{
        carrier_close(parts->carrier);
        offline_stand_back(parts->offline);
        if (!atomic_exchange(&parts->is_superseded, true))
                log_write(
                        LOG_ERROR, "agent-cloned", "why",
                        "Another machine has this agent's key, and has started after this one, which carries "
                        "nothing any more. Enrol one of the two as an agent of its own, and start it again",
                        NULL);
        (void)service_incarnation(parts->service, journal_incarnation(parts->journal), parts->starts, NULL,
                                  0);
        return SERVICE_STALE;
}

/*
 * The service hears which journal we have before it offers us anything. The list of what the journal names is
 * told until it was heard, and then no more: told later, it would lack what was begun meanwhile. A message
 * whose answer got lost may still be on its way; the next one that is heard makes it void (starts). A service
 * that counts fewer starts than ours was set back to an older state, and has to hear of the journal anew.
 */
static int introduce(void *context)
{
        struct channel_parts *parts = context;
        uint64_t starts;
        int r;

        r = ask_starts(parts, &starts);
        if (r) {
                offline_wake(parts->offline);
                return r;
        }
        if (parts->introduced && starts > parts->starts)
                return stand_back(parts);
        if (parts->introduced && starts == parts->starts)
                r = service_incarnation(parts->service, journal_incarnation(parts->journal), starts, NULL, 0);
        else
                r = introduce_first(parts, starts);
        if (r)
                return r;
        if (!parts->introduced || starts < parts->starts)
                parts->starts = starts + 1;
        parts->introduced = true;
        r = load_configuration(parts);
        if (r == 0)
                carrier_open(parts->carrier);
        /* What was asked while nobody heard it. */
        printers_wake(parts->printers);
        readiness_wake(parts->readiness);
        offline_wake(parts->offline);
        return r;
}

int channel_start(struct channel_parts *parts)
{
        parts->stream = (struct stream){ .service = parts->service,
                                         .path = "/v1/agent/events",
                                         .introduce = introduce,
                                         .event = on_event,
                                         .context = parts };
        return stream_start(&parts->stream);
}
