// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The state of a printer now: what it does, what is wrong with it, and which paper lies in which tray. Asked
 * of the printer itself, by IPP where it has such an address, else by SNMP (RFC 3805). Nothing is changed,
 * and no document or name leaves.
 *
 * Answers are hostile: words are IPP's keywords or nothing, numbers are in their range, lists are cut.
 */

#include "courier/delivery.h"
#include "snmp/credential.h"

#define COURIER_TRAYS   16
#define COURIER_REASONS 16

enum courier_condition { /* printer-state (RFC 8011, section 5.4.11) */
        COURIER_UNKNOWN = 0,
        COURIER_IDLE = 3,
        COURIER_PROCESSING = 4,
        COURIER_STOPPED = 5,
};
/* "unknown", "idle", "processing", "stopped". */
const char *courier_condition_name(enum courier_condition condition);

#define COURIER_LEVEL_UNKNOWN (-1)

struct courier_tray {
        char source[COURIER_KEYWORD]; /* media-source; of SNMP the tray's name as a keyword, or "tray-2" */
        char media[COURIER_KEYWORD];  /* self-describing (PWG 5101.1); empty: not known */
        char type[COURIER_KEYWORD];   /* media-type; empty: not known */
        int32_t level;                /* percent, or COURIER_LEVEL_UNKNOWN */
        bool ready;                   /* something lies in it, and it can be used */
};

struct courier_state {
        enum courier_condition condition;
        char reasons[COURIER_REASONS][COURIER_KEYWORD]; /* printer-state-reasons, without "none" */
        size_t reason_count;
        struct courier_tray trays[COURIER_TRAYS];
        size_t tray_count;
        bool by_snmp;
        size_t credential; /* of a question by SNMP: the one that was answered */
};

struct courier_question {
        struct courier_address addresses[COURIER_ADDRESSES];
        size_t address_count;
        struct courier_identity identity;
        char community[COURIER_KEYWORD]; /* of SNMP, after the credentials; empty: not asked so */
        uint16_t snmp_port;
        const struct snmp_credential *credentials; /* borrowed; asked by in this order */
        size_t credential_count;
        size_t first_credential; /* but for this one, which goes first */
        int64_t limit_ms;        /* for everything together */
};

/* What else it tells, for whoever asks whether all is well with it. */
#define COURIER_FORMATS 64
struct courier_facts {
        char formats[COURIER_FORMATS][COURIER_KEYWORD]; /* media types; none: it does not say */
        size_t format_count;
        bool has_clock;
        int64_t clock_ms;   /* since 1970 */
        size_t credential;  /* by which it was asked by SNMP; credential_count: the community */
        const char *reason; /* of a silence: "no-answer", "wrong-user", "wrong-passphrase"; NULL: none */
};

enum courier_question_refusal {
        COURIER_SILENT = 1, /* by no way an answer in time, or not by the printer that is meant */
};

/* Blocks its thread, no longer than limit_ms and what the resolver of the system needs for a name. */
int courier_look(const struct courier_question *question, struct courier_state *ret);

/* ---- for courier_look() and its tests ---- */

struct ipp_attribute;
/* Whether a value may stand as a keyword; copies it then. */
bool courier_keyword_copy(struct text value, char ret[COURIER_KEYWORD]);
/* The self-describing name of a medium by its sides, in hundredths of a millimetre; false where they are no
 * paper's. */
bool courier_media_name(int64_t width, int64_t height, char ret[COURIER_KEYWORD]);
/* From the printer's attributes. */
void courier_state_read(const struct ipp_attribute *printer, struct courier_state *ret);
/* Asks one address by IPP: 0, COURIER_SILENT or a fault. ret_facts may be NULL. */
int courier_look_by_ipp(const struct courier_question *question, const struct courier_address *address,
                        int64_t limit_ms, struct courier_state *ret, struct courier_facts *ret_facts);
/* Asks a host by SNMP, likewise; *ret_facts says why it is silent, too. */
int courier_look_by_snmp(const struct courier_question *question, const char *host, int64_t limit_ms,
                         struct courier_state *ret, struct courier_facts *ret_facts);
