// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Printers that announce themselves on the agent's own networks: DNS-SD over multicast DNS (RFC 6763, RFC
 * 6762; PWG 5100.14), asked of the machine's Avahi through libavahi-client.
 *
 * What is announced is a hint from anybody on the network: where a printer may be asked. It is bounded, and
 * nothing of it counts but that.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "courier/address.h"
#include "discovery/range.h"

#define DNS_SD_SERVICES_MAX 1024

struct dns_sd_service {
        uint32_t address; /* IPv4 */
        struct courier_address at;
        bool is_taken; /* of who uses the list */
};

struct dns_sd_services {
        struct dns_sd_service *at;
        size_t count;
};

enum dns_sd_refusal {
        DNS_SD_NONE = 1, /* no Avahi on this machine, or it does not answer */
};

/* Browses _ipps, _ipp, _printer and _pdl-datastream, for so long at most; blocks its thread. The list is
 * ended by dns_sd_done(). */
int dns_sd_browse(int64_t limit_ms, struct dns_sd_services *ret);
void dns_sd_done(struct dns_sd_services *services);

/* One service as it was announced: its address, if there is one that may be asked. rp is the resource path of
 * its TXT record, without a slash in front. */
bool dns_sd_service_make(struct text type, uint32_t address, uint16_t port, struct text rp,
                         struct dns_sd_service *ret);
