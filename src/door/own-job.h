// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the service makes for somebody and prints where he says, as an ordinary job of his: welcome pages,
 * labels. */

#include "core/printer/printer.h"
#include "core/job/ticket.h"
#include "door/request.h"

/* The queues that lead to a printer; id zero: there is none. */
struct printer_queues {
        struct queue pull, direct, secure;
};
int printer_queues_find(struct request *request, struct id printer, struct printer_queues *ret);

struct own_job {
        struct id printer;
        const struct printer_queues *queues;
        struct text title, format, octets;
        struct ticket ticket;
};
/* Answers with the job, or why there is none. */
int own_job_print(struct request *request, const struct own_job *own);
