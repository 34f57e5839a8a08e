// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Deliveries: carrying one document to one printer, once.
 *
 * What is always true:
 *
 *   1. No octet of the document leaves before the printer's identity has been compared and begin() has
 *      returned 0.
 *   2. NOT_PRINTED is said only with proof: nothing of the document was given to the connection, or the other
 *      end reset or closed it and none of its octets beyond were acknowledged, or the printer itself says
 * that it stopped the job with no page printed.
 *   3. The next address is tried only after proof that nothing happened at the one before, and never after an
 *      identity that did not match.
 *   4. A stall is not a failure: paper that has run out is waited for, up to stall_ms without any progress.
 *
 *      what happened                                                       outcome         may_retry
 *      no connection, handshake, identity, Create-Job refused              NOT_PRINTED     yes
 *      no octet acknowledged, then reset or close                          NOT_PRINTED     yes
 *      some acknowledged, then reset, close or silence; LPD without a
 *        last zero; IPP state unknown                                      UNCERTAIN
 *      all taken and closed in order, no PJL; LPD's last zero              SENT
 *      PJL "JOB END RESULT=OK" of our name; IPP completed                  PRINTED
 *      IPP job that waits at the printer for its job-password              SENT
 *      IPP job that a server's queue has whole                             SENT
 *      IPP aborted or canceled, PJL canceled, with 0 pages                 NOT_PRINTED     no: somebody did
 *      the same with more pages, or an unknown number                      UNCERTAIN
 *
 * Silence is kept apart from a reset: octets that nobody acknowledged may have arrived although the answer
 * got lost, but not where the other end has said that it did not take them.
 *
 * courier_deliver() blocks its thread; any number of them may run at once.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "courier/address.h"

#define COURIER_ADDRESSES    8
#define COURIER_NAME         80
#define COURIER_KEYWORD      64
#define COURIER_FINISHINGS   8
#define COURIER_ACCOUNT      256 /* name(MAX), NUL */
#define COURIER_TITLE        256 /* name(MAX), NUL */
#define COURIER_REASON       64
#define COURIER_BY           8
#define COURIER_JOB_PASSWORD 17 /* 16 digits, NUL */

enum courier_result {
        COURIER_PRINTED,     /* the printer said so */
        COURIER_SENT,        /* all octets taken; the printer cannot say */
        COURIER_NOT_PRINTED, /* proof that nothing was printed */
        COURIER_UNCERTAIN,   /* octets may have arrived */
};

/* "printed", "sent", "not-printed", "uncertain". */
const char *courier_result_name(enum courier_result result);

/*
 * What the printer must be before it gets anything. Empty parts are not compared. Of a printer that was
 * issued certificates its key is one of theirs, or the one that was pinned before; where none of them is good
 * any more, no key is.
 */
#define COURIER_ISSUED 4
struct courier_identity {
        char uuid[64];        /* printer-uuid, "urn:uuid:…" */
        char fingerprint[65]; /* SHA-256 of its TLS public key, hexadecimal */
        bool is_issued;
        size_t issued_count;
        char issued[COURIER_ISSUED][65];
};
/* Whether its key is compared at all, and whether this is one of its keys. */
bool courier_identity_has_key(const struct courier_identity *identity);
bool courier_identity_accepts(const struct courier_identity *identity, const char *fingerprint);

/* Intent, in IPP's keywords; empty and 0 mean: as the printer does. */
struct courier_ticket {
        uint32_t copies;
        char sides[COURIER_KEYWORD];
        char media[COURIER_KEYWORD];
        char media_source[COURIER_KEYWORD];
        char media_type[COURIER_KEYWORD];
        char output_bin[COURIER_KEYWORD];
        char multiple_document_handling[COURIER_KEYWORD];
        char print_color_mode[COURIER_KEYWORD];
        uint32_t print_quality;
        uint32_t orientation_requested;
        uint32_t number_up;
        uint32_t finishings[COURIER_FINISHINGS]; /* enums; 0 at the end */
        char page_ranges[128];                   /* "1-3,7-7" */
};

/* Who pays, for printers that say that they ask for it (IPP alone); empty: not said. */
struct courier_accounting {
        char account[COURIER_ACCOUNT];
        char user[COURIER_ACCOUNT];
};

/* A server's queue: the job is handed over under this name, and what the server does with it is its own
 * matter: SENT ("handed-over"). user empty: a device. */
struct courier_forward {
        char user[COURIER_ACCOUNT];
        char title[COURIER_TITLE]; /* empty: the order's name */
};

/* The document in clear, octet by octet, never on a disk. */
struct courier_source {
        /* The next piece, borrowed until the next call; empty at the end. Not 0: it cannot be had. */
        int (*pull)(void *context, struct text *ret);
        /* From the first octet again. */
        int (*rewind)(void *context);
        void *context;
};

struct courier_observer {
        /*
         * Before anything at this address can lead to paper: makes it durable that octets may now be on their
         * way. Not 0: they may not (the grant has run out), and nothing is sent.
         */
        int (*begin)(void *context, const struct courier_address *address);
        /* The job at the printer, before its document: makes it durable. Not 0: the document is not sent. */
        int (*note_job)(void *context, const struct courier_address *address, int32_t job_id);
        /* The printer has confirmed the whole document; worth remembering, no harm where it is forgotten. */
        void (*note_sent)(void *context);
        /* What keeps the printer ("media-empty"); an empty reason: nothing. pages: out so far, 0 unknown. */
        void (*progress)(void *context, struct text reason, uint32_t pages);
        void *context;
};

struct courier_limits {
        int64_t connect_ms; /* 5 s: name, connection and handshake */
        int64_t answer_ms;  /* 30 s: a printer's answer to a question */
        int64_t stall_ms;   /* 30 min: without any progress */
        int64_t echo_ms;    /* 2 s: after the document, for a raw printer to show that it speaks PJL */
};
extern const struct courier_limits courier_limits_default;

struct courier_order {
        char name[COURIER_NAME]; /* "imprimatur <delivery>": the job's name at the printer */
        struct courier_address addresses[COURIER_ADDRESSES];
        size_t address_count;
        struct courier_identity identity;
        struct courier_ticket ticket;
        struct courier_accounting accounting;
        struct courier_forward forward;
        /* Digits that a person types at the printer, which holds the job until then (PWG 5100.11); empty:
         * none. A printer that cannot gets nothing. Whoever made the order wipes it. */
        char job_password[COURIER_JOB_PASSWORD];
        char format[COURIER_KEYWORD];
        struct courier_limits limits;
};

struct courier_outcome {
        enum courier_result result;
        bool may_retry;               /* of NOT_PRINTED */
        char reason[COURIER_REASON];  /* a keyword: "connect-refused", "identity-mismatch", "stalled", … */
        uint32_t pages;               /* known to have come out */
        uint64_t octets_acked;        /* of the last connection that carried the document */
        char by[COURIER_BY];          /* the scheme of the last address that was tried; empty: none was */
        struct courier_identity seen; /* of the printer, as far as it showed it */
};

/* Tries the addresses in the order of their schemes. Writes *ret in every case. */
void courier_deliver(const struct courier_order *order, const struct courier_source *source,
                     const struct courier_observer *observer, struct courier_outcome *ret);

/*
 * After a crash: what became of an attempt that had begun. Of IPP the printer is asked, until it knows (of
 * observer only progress() is called); of others nothing can be known.
 */
struct courier_trace {
        struct courier_address address; /* what begin() was told last */
        int32_t job_id;                 /* what note_job() was told; 0: it was not called */
        bool sent;                      /* note_sent() was called */
};
void courier_ask(const struct courier_order *order, const struct courier_trace *trace,
                 const struct courier_observer *observer, struct courier_outcome *ret);
