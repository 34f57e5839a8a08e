// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a printer says of itself by Get-Printer-Attributes (RFC 8011, section 4.2.5; PWG 5100.9, 5100.13). The
 * reading is pure; device_ask_ipp() blocks its thread, no longer than it is told.
 */

#include "discovery/device.h"
#include "discovery/schedule.h"
#include "ipp/message.h"

/* From a printer's attributes. What is of a wrong type or out of its range is not there. */
void device_read_ipp(const struct ipp_attribute *printer, struct device *device);

enum ipp_facts_refusal {
        IPP_FACTS_SILENT = 1,     /* no connection, no answer in time */
        IPP_FACTS_REFUSED,        /* the connection, or by IPP */
        IPP_FACTS_NOT_UNDERSTOOD, /* what came is no IPP, or no printer */
};
/* Asks at one address and fills what is empty, with the key that was shown. *ret_octets: of questions and
 * answers, without those of TLS. */
int device_ask_ipp(const struct courier_address *address, enum purpose purpose, int64_t limit_ms,
                   struct device *device, uint64_t *ret_octets);
