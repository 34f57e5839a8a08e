// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The inside of relay/absent.h: taking in (absent.c), and what is told of it (absent-show.c). */

#include <openssl/evp.h>

#include "ipp/build.h"
#include "ipp/get.h"
#include "conversion/sniffing.h"
#include "relay/absent-book.h"
#include "relay/absent.h"
#include "relay/state.h"

#define ABSENT_AWAY "The print service cannot be reached just now."
#define ABSENT_UNPROVEN                                                                                    \
        "The print service cannot be reached just now, and nobody has printed here lately with this name " \
        "and password. Print it again later."
#define ABSENT_KEPT                                                                                     \
        "The print service cannot be reached just now. Documents are kept here, sealed, and handed on " \
        "when it can."

struct absent {
        struct arena *arena;
        struct ipp_message message;
        const struct ipp_attribute *attributes; /* of the operation group */
        uint8_t owner[HASH_OCTETS];
        struct deposit *deposit; /* being written */
        EVP_MD_CTX *hash;        /* of the document */
        uint64_t octets;         /* likewise */
        char *created;           /* the message of Create-Job; NULL: the job begins here */
        size_t created_octets;
        uint32_t number; /* of that job */
        bool is_staying; /* the service is there, and only the document stays here (relay/staying.h) */
        struct sniffing sniffing;
        struct text declared;      /* what the client calls the document; empty: nothing */
        uint8_t mark[HASH_OCTETS]; /* of the document, once it is whole: its SHA-256 */
        uint32_t answered;         /* of the job that the answer is about; 0: of none */
};

/* job-id, or the end of job-uri; 0: neither. */
uint32_t absent_job_number(const struct absent *absent);

int absent_answer_job(struct relay_request *request, const struct absent_entry *entry);
int absent_get_printer_attributes(struct relay_request *request);
int absent_get_jobs(struct relay_request *request);
int absent_get_job_attributes(struct relay_request *request);

/* Whether the service knew lately who comes with these credentials, or the settings ask no such thing. */
bool absent_is_proven(const struct relay_request *request);
/* Where documents of the request's queue are kept. */
struct deposits *absent_store(const struct relay_request *request);
/* All of the request but the document: request->absent. Answers where it makes no sense. */
int absent_open(struct relay_request *request);
/* A document comes: its deposit. Answers where it cannot be kept. */
int absent_open_document(struct relay_request *request);
/* The document is whole: absent->mark, and its deposit, finished and taken. Refusals of deposit_finish(). */
int absent_finish(struct relay_request *request, struct id *ret);
/* One that was finished, and taken, is kept after all until the service is there again. Answers. */
int absent_keep_finished(struct relay_request *request, struct id id);
