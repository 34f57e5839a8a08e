// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What Print-Job, Validate-Job, Create-Job and Send-Document share: their attributes are judged, a document
 * goes into an intake, and the job is told. A direct queue's job is released by core as it is stored.
 *
 * Functions named _judge return 0 having answered where something was wrong; http_is_answered() tells.
 */

#include "door/ipp/exchange.h"

struct intake_order;

/* Job template attributes into e->template. */
int ipp_submit_judge_template(struct ipp_exchange *e);

/* compression and document-format into e->document; *ret_format is the format to store (static or borrowed).
 */
int ipp_submit_judge_document(struct ipp_exchange *e, struct text *ret_format);

/* job-name, else document-name, else the empty text. */
struct text ipp_submit_title(const struct ipp_exchange *e);

/* Opens the intake and asks for the document. Refusals of core. */
int ipp_submit_open(struct ipp_exchange *e, const struct intake_order *order);

/* Commits what was opened and answers. */
int ipp_submit_close(struct ipp_exchange *e);

/* Answers what went wrong with the document; r is an ipp_document_refusal or a fault. */
int ipp_submit_refuse(struct ipp_exchange *e, int r);
