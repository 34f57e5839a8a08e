// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* By what a device is asked: a community, or a user of SNMPv3. A secret: whoever has one wipes it. */

#include "snmp/message.h"
#include "snmp/usm.h"

#define SNMP_CREDENTIALS_MAX 16 /* of one site */

struct snmp_credential {
        enum snmp_version version;
        char community[SNMP_COMMUNITY_MAX + 1];
        struct snmp_user user; /* of SNMP_V3 */
};
