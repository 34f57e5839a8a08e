// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The inside of relay/absent.h: taking in (absent.c), and what is told of it (absent-show.c). */

#include <openssl/evp.h>

#include "ipp/build.h"
#include "ipp/get.h"
#include "relay/absent-book.h"
#include "relay/absent.h"
#include "relay/state.h"

#define ABSENT_AWAY "The print service cannot be reached just now."
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
        uint32_t number;   /* of that job */
        uint32_t answered; /* of the job that the answer is about; 0: of none */
};

/* job-id, or the end of job-uri; 0: neither. */
uint32_t absent_job_number(const struct absent *absent);

int absent_answer_job(struct relay_request *request, const struct absent_entry *entry);
int absent_get_printer_attributes(struct relay_request *request);
int absent_get_jobs(struct relay_request *request);
int absent_get_job_attributes(struct relay_request *request);
