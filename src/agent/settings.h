// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The agent's settings; every one has a default but the service's address and the state's folder. */

#include <stdint.h>

#include "badge/reader.h"
#include "base/config.h"
#include "courier/delivery.h"
#include "offline/deposit.h"
#include "outpost/program.h"
#include "relay/lpd.h"
#include "relay/relay.h"

struct agent_settings {
        struct program_settings program;

        uint32_t workers;        /* [agent] deliveries at once */
        uint64_t memory_octets;  /* a larger sealed document waits in a file */
        const char *update_mode; /* [update] notify, automatic or off */
        const char *update_key;  /* file of public keys; "": nothing is checked */
        int64_t update_ms;       /* between two looks */
        int64_t health_ms;       /* between two reports; 0: none */
        uint16_t status_port;    /* [status] on the loopback; 0: off */

        const char *listen;            /* [readers] address */
        uint16_t ports[READER_MODELS]; /* 0: off */
        uint32_t connections;
        int64_t pause_ms;
        int64_t repeat_ms;
        uint32_t rate;
        uint32_t per_address, unbound; /* connections of one address; appliances that nobody has bound */
        int64_t unbound_ms;            /* such a one may stay so long */
        int64_t line_ms;               /* in which a line has to end */
        int64_t poll_ms, silence_ms;   /* of one that is asked for cards */
        int64_t light_ms;
        uint32_t strangers;         /* appliances that nobody has bound, kept for the report */
        int64_t strangers_again_ms; /* each is told of once within it */

        const char *directory_allow; /* [directory] where a directory may be asked */
        uint32_t directory_workers;

        struct courier_limits limits;       /* [printers]; stall_ms 0: as the service says */
        uint32_t lookers;                   /* printers asked for their state at once */
        int64_t look_ms;                    /* for one of them */
        int64_t look_again_ms;              /* after which one that somebody stands at is asked again */
        int64_t try_connect_ms, try_ask_ms; /* of a printer that is tried (agent/readiness.h) */
        int64_t try_ms;                     /* for all of it */
        int64_t clock_tolerance_ms;
        const char *snmp_community; /* [snmp]; empty: not asked so */
        uint16_t snmp_port;

        struct relay_settings relay;       /* [ipp] */
        struct deposits_settings deposits; /* [deposits] */
        struct drain_settings drain;
        struct deposits_settings stays; /* [stays] */
        int64_t stays_ms;               /* between two looks at what the service says of them */
        struct lpd_settings lpd;        /* [lpd] */
        const char *offline_runtime;    /* [offline] folder of what must not be on a disk */
        int64_t remember_ms; /* who came to a door is known there for so long after the last time */
        int64_t notice_ms;   /* without an answer, after which the line counts as down */
};

/* The strings are borrowed from config. A config_refusal, whose sentence is config_complaint(). */
int agent_settings_read(struct config *config, struct agent_settings *ret);
