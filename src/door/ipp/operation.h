// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The operations we carry out: one file each, one row each. What is not in the table is answered with
 * server-error-operation-not-supported.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/right.h"

struct ipp_exchange;

enum ipp_target {
        IPP_TARGET_PRINTER, /* printer-uri */
        IPP_TARGET_JOB,     /* job-uri, or printer-uri and job-id */
};

struct ipp_handler {
        uint16_t code;
        enum ipp_target target;
        enum right right; /* one that is open needs no credentials */
        int (*begin)(struct ipp_exchange *e);
        int (*end)(struct ipp_exchange *e); /* where it takes a document, else NULL */
};

/* NULL where we do not know it. */
const struct ipp_handler *ipp_handler_find(uint16_t code);

/* All of them, in the order of their codes. */
size_t ipp_handler_count(void);
const struct ipp_handler *ipp_handler_at(size_t i);

int ipp_print_job_begin(struct ipp_exchange *e);
int ipp_print_job_end(struct ipp_exchange *e);
int ipp_validate_job(struct ipp_exchange *e);
int ipp_create_job(struct ipp_exchange *e);
int ipp_send_document_begin(struct ipp_exchange *e);
int ipp_send_document_open(struct ipp_exchange *e); /* with the first octet of the document */
int ipp_send_document_end(struct ipp_exchange *e);
int ipp_cancel_job(struct ipp_exchange *e);
int ipp_get_job_attributes(struct ipp_exchange *e);
int ipp_get_jobs(struct ipp_exchange *e);
int ipp_get_printer_attributes(struct ipp_exchange *e);
int ipp_hold_job(struct ipp_exchange *e);
int ipp_release_job(struct ipp_exchange *e);
int ipp_set_job_attributes(struct ipp_exchange *e);
int ipp_cancel_jobs(struct ipp_exchange *e);
int ipp_close_job(struct ipp_exchange *e);
int ipp_identify_printer(struct ipp_exchange *e);
