// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/dns-sd.h"

#include <arpa/inet.h>
#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

static const char *const types[] = { "_ipps._tcp", "_ipp._tcp", "_printer._tcp", "_pdl-datastream._tcp" };

/* Nothing new for so long, after all that Avahi has kept was told: everybody has answered. */
#define QUIET_MS 700
#define TURN_MS  50

struct browsing {
        AvahiSimplePoll *poll;
        AvahiClient *client;
        AvahiServiceBrowser *browsers[ARRAY_LENGTH(types)];
        struct dns_sd_services services;
        size_t pending; /* being resolved */
        int64_t heard_ms;
        bool has_failed;
};

bool dns_sd_service_make(struct text type, uint32_t address, uint16_t port, struct text rp,
                         struct dns_sd_service *ret)
{
        char uri[ADDRESS_URI], host[RANGE_ADDRESS];
        const char *scheme;

        range_address_format(address, host);
        if (address == 0 || address >= 0xe0000000U || port == 0 || rp.len > ADDRESS_PATH / 2)
                return false;
        while (rp.len > 0 && rp.at[0] == '/')
                rp = (struct text){ rp.at + 1, rp.len - 1 };
        if (text_equal_string(type, types[0]))
                scheme = "ipps";
        else if (text_equal_string(type, types[1]))
                scheme = "ipp";
        else
                return false; /* it is there, and IPP is not: SNMP will tell */
        snprintf(uri, sizeof(uri), "%s://%s:%u/%.*s", scheme, host, port, TEXT_ARGS(rp));
        *ret = (struct dns_sd_service){ .address = address };
        return courier_address_parse(text_from(uri), &ret->at) == 0;
}

/* The same printer by IPP over TLS goes before it without. */
static void add(struct browsing *browsing, const struct dns_sd_service *service)
{
        struct dns_sd_services *list = &browsing->services;

        for (size_t i = 0; i < list->count; i++) {
                struct dns_sd_service *known = &list->at[i];

                if (known->address == service->address && known->at.port == service->at.port &&
                    strcmp(known->at.path, service->at.path) == 0) {
                        if (service->at.scheme < known->at.scheme)
                                *known = *service;
                        return;
                }
        }
        if (list->count < DNS_SD_SERVICES_MAX)
                list->at[list->count++] = *service;
}

static void on_resolved(AvahiServiceResolver *resolver, AvahiIfIndex interface, AvahiProtocol protocol,
                        AvahiResolverEvent event, const char *name, const char *type, const char *domain,
                        const char *host_name, const AvahiAddress *address, uint16_t port,
                        AvahiStringList *txt, AvahiLookupResultFlags flags, void *context)
{
        struct browsing *browsing = context;
        AvahiStringList *found = event == AVAHI_RESOLVER_FOUND ? avahi_string_list_find(txt, "rp") : NULL;
        struct dns_sd_service service;
        char *key = NULL, *value = NULL;
        size_t len = 0;

        (void)interface, (void)protocol, (void)name, (void)domain, (void)host_name, (void)flags;
        browsing->pending--;
        browsing->heard_ms = clock_monotonic_ms();
        if (found)
                (void)avahi_string_list_get_pair(found, &key, &value, &len);
        if (event == AVAHI_RESOLVER_FOUND && address->proto == AVAHI_PROTO_INET &&
            dns_sd_service_make(text_from(type), ntohl(address->data.ipv4.address), port,
                                text_from_octets(value, len), &service))
                add(browsing, &service);
        avahi_free(key);
        avahi_free(value);
        avahi_service_resolver_free(resolver);
}

static void on_browsed(AvahiServiceBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                       AvahiBrowserEvent event, const char *name, const char *type, const char *domain,
                       AvahiLookupResultFlags flags, void *context)
{
        struct browsing *browsing = context;

        (void)browser, (void)flags;
        browsing->heard_ms = clock_monotonic_ms();
        if (event == AVAHI_BROWSER_FAILURE)
                browsing->has_failed = true;
        if (event != AVAHI_BROWSER_NEW || browsing->pending >= DNS_SD_SERVICES_MAX)
                return;
        if (avahi_service_resolver_new(browsing->client, interface, protocol, name, type, domain,
                                       AVAHI_PROTO_INET, 0, on_resolved, browsing))
                browsing->pending++;
}

static void on_client(AvahiClient *client, AvahiClientState state, void *context)
{
        struct browsing *browsing = context;

        (void)client;
        if (state == AVAHI_CLIENT_FAILURE)
                browsing->has_failed = true;
}

static void browse(struct browsing *browsing, int64_t until_ms)
{
        for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
                browsing->browsers[i] =
                        avahi_service_browser_new(browsing->client, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET,
                                                  types[i], NULL, 0, on_browsed, browsing);
        browsing->heard_ms = clock_monotonic_ms();
        while (!browsing->has_failed && clock_monotonic_ms() < until_ms &&
               (browsing->pending > 0 || clock_monotonic_ms() - browsing->heard_ms < QUIET_MS))
                if (avahi_simple_poll_iterate(browsing->poll, TURN_MS) != 0)
                        return;
}

int dns_sd_browse(int64_t limit_ms, struct dns_sd_services *ret)
{
        struct browsing browsing = { .services = { .count = 0 } };
        int error = 0;

        *ret = (struct dns_sd_services){ .count = 0 };
        browsing.services.at = calloc(DNS_SD_SERVICES_MAX, sizeof(browsing.services.at[0]));
        browsing.poll = avahi_simple_poll_new();
        if (!browsing.services.at || !browsing.poll) {
                free(browsing.services.at);
                if (browsing.poll)
                        avahi_simple_poll_free(browsing.poll);
                return fault(-ENOMEM);
        }
        browsing.client =
                avahi_client_new(avahi_simple_poll_get(browsing.poll), 0, on_client, &browsing, &error);
        if (browsing.client) {
                browse(&browsing, clock_monotonic_ms() + limit_ms);
                avahi_client_free(browsing.client); /* with its browsers and resolvers */
        }
        avahi_simple_poll_free(browsing.poll);
        *ret = browsing.services;
        return browsing.client ? 0 : DNS_SD_NONE;
}

void dns_sd_done(struct dns_sd_services *services)
{
        free(services->at);
        *services = (struct dns_sd_services){ .count = 0 };
}
