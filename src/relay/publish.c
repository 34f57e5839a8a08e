// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/publish.h"

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/strlst.h>
#include <avahi-common/thread-watch.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

/* Everything below is touched by Avahi's thread, or with its lock. */
struct publisher {
        AvahiThreadedPoll *poll;
        AvahiClient *client;
        AvahiEntryGroup *group;
        struct door_plan plan;
        bool is_wanted;
};

static void complain(const char *what, int error)
{
        log_write(LOG_WARNING, "dns-sd-not-announced", "what", what, "why", avahi_strerror(error), NULL);
}

static AvahiStringList *strings_of(const struct door_queue *queue)
{
        AvahiStringList *list = NULL;

        /* Each is put before the others. */
        for (size_t i = queue->string_count; i > 0; i--)
                list = avahi_string_list_add(list, queue->strings[i - 1]);
        return list;
}

static int add_subtype(struct publisher *publisher, const struct door_queue *queue, const char *service,
                       const char *kind)
{
        char subtype[64];

        snprintf(subtype, sizeof(subtype), "%s._sub.%s", kind, service);
        return avahi_entry_group_add_service_subtype(publisher->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, 0,
                                                     queue->instance, service, NULL, subtype);
}

static int add_service(struct publisher *publisher, const struct door_queue *queue, const char *service,
                       AvahiStringList *strings)
{
        int r = avahi_entry_group_add_service_strlst(publisher->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, 0,
                                                     queue->instance, service, NULL, NULL,
                                                     publisher->plan.port, strings);

        if (r == 0)
                r = add_subtype(publisher, queue, service, "_print");
        if (r == 0 && queue->universal)
                r = add_subtype(publisher, queue, service, "_universal");
        return r;
}

static void take_number(struct door_queue *queue)
{
        char *other = avahi_alternative_service_name(queue->instance);

        if (other && strlen(other) < sizeof(queue->instance))
                memcpy(queue->instance, other, strlen(other) + 1);
        avahi_free(other);
}

static int add_queue(struct publisher *publisher, struct door_queue *queue)
{
        AvahiStringList *strings = strings_of(queue);
        int r;

        r = add_service(publisher, queue, "_ipps._tcp", strings);
        if (r == 0 && publisher->plan.plain)
                r = add_service(publisher, queue, "_ipp._tcp", strings);
        avahi_string_list_free(strings);
        return r;
}

static void announce(struct publisher *publisher);

static void group_changed(AvahiEntryGroup *group, AvahiEntryGroupState state, void *context)
{
        struct publisher *publisher = context;

        publisher->group = group;
        if (state == AVAHI_ENTRY_GROUP_COLLISION) {
                for (size_t i = 0; i < publisher->plan.queue_count; i++)
                        take_number(&publisher->plan.queues[i]);
                announce(publisher);
        } else if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) {
                log_write(LOG_NOTICE, "dns-sd-announced", NULL);
        } else if (state == AVAHI_ENTRY_GROUP_FAILURE) {
                complain("the queues", avahi_client_errno(publisher->client));
        }
}

/* All of it anew: queues are few, and rarely change. */
static void announce(struct publisher *publisher)
{
        int r = 0;

        if (publisher->group)
                avahi_entry_group_reset(publisher->group);
        if (!publisher->is_wanted || !publisher->client ||
            avahi_client_get_state(publisher->client) != AVAHI_CLIENT_S_RUNNING)
                return;
        if (!publisher->group)
                publisher->group = avahi_entry_group_new(publisher->client, group_changed, publisher);
        if (!publisher->group) {
                complain("a group", avahi_client_errno(publisher->client));
                return;
        }
        for (size_t i = 0; i < publisher->plan.queue_count && r == 0; i++) {
                r = add_queue(publisher, &publisher->plan.queues[i]);
                /* Another of ours has that name. */
                if (r == AVAHI_ERR_COLLISION) {
                        take_number(&publisher->plan.queues[i]);
                        avahi_entry_group_reset(publisher->group);
                        i = (size_t)-1;
                        r = 0;
                }
        }
        if (r == 0 && publisher->plan.queue_count)
                r = avahi_entry_group_commit(publisher->group);
        if (r)
                complain("the queues", r);
}

static void client_changed(AvahiClient *client, AvahiClientState state, void *context);

static void connect_client(struct publisher *publisher)
{
        int error = 0;

        publisher->group = NULL;
        /* With AVAHI_CLIENT_NO_FAIL it waits for a daemon that is not there yet. */
        publisher->client = avahi_client_new(avahi_threaded_poll_get(publisher->poll), AVAHI_CLIENT_NO_FAIL,
                                             client_changed, publisher, &error);
        if (!publisher->client)
                complain("Avahi", error);
}

static void client_changed(AvahiClient *client, AvahiClientState state, void *context)
{
        struct publisher *publisher = context;

        publisher->client = client;
        if (state == AVAHI_CLIENT_S_RUNNING) {
                announce(publisher);
        } else if (state == AVAHI_CLIENT_S_COLLISION || state == AVAHI_CLIENT_S_REGISTERING) {
                /* The machine gets another name: the records say it again afterwards. */
                if (publisher->group)
                        avahi_entry_group_reset(publisher->group);
        } else if (state == AVAHI_CLIENT_FAILURE && avahi_client_errno(client) == AVAHI_ERR_DISCONNECTED) {
                avahi_client_free(client);
                connect_client(publisher);
        }
}

int publisher_new(struct publisher **ret)
{
        struct publisher *publisher = calloc(1, sizeof(*publisher));

        if (!publisher)
                return fault(-ENOMEM);
        *ret = publisher;
        return 0;
}

static void stop(struct publisher *publisher)
{
        if (!publisher->poll)
                return;
        avahi_threaded_poll_stop(publisher->poll);
        if (publisher->client)
                avahi_client_free(publisher->client);
        avahi_threaded_poll_free(publisher->poll);
        publisher->poll = NULL;
        publisher->client = NULL;
        publisher->group = NULL;
}

void publisher_free(struct publisher *publisher)
{
        if (!publisher)
                return;
        stop(publisher);
        free(publisher);
}

/* The thread and the connection to Avahi are there only while something is announced. */
static int start(struct publisher *publisher)
{
        publisher->poll = avahi_threaded_poll_new();
        if (!publisher->poll)
                return fault(-ENOMEM);
        connect_client(publisher);
        if (!publisher->client || avahi_threaded_poll_start(publisher->poll) < 0) {
                stop(publisher);
                return 0;
        }
        return 0;
}

int publisher_set(struct publisher *publisher, const struct door_plan *plan)
{
        bool is_wanted = plan->enabled && plan->dns_sd && plan->queue_count > 0;

        if (!is_wanted) {
                stop(publisher);
                publisher->is_wanted = false;
                return 0;
        }
        if (!publisher->poll) {
                publisher->plan = *plan;
                publisher->is_wanted = true;
                return start(publisher);
        }
        avahi_threaded_poll_lock(publisher->poll);
        publisher->plan = *plan;
        announce(publisher);
        avahi_threaded_poll_unlock(publisher->poll);
        return 0;
}
