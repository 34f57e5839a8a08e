// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A document that comes by IPP to a queue whose documents stay here (relay/stays.h), while the line is up.
 *
 *      attributes gathered -> the document into a deposit -> on the disk -> the request without it to the
 *      service, with what is told of the document (door/stays.h) -> its answer is the client's
 *
 *   1. Only what the disk has is told of, so that the service never has a job without a document.
 *   2. What the service would not have is removed.
 *   3. Where the service was gone meanwhile, it is as if it had been from the beginning (relay/absent.h):
 * told of again it is the same job. Of one that the service had made before (Create-Job) nobody knows then;
 * it lies here until the service was asked what it is to be (agent/keeping.h), and the client sends it again.
 */

struct relay_request;

#include <stdbool.h>

/* Whether it brings a document that is to stay here; the attributes are there. */
bool staying_is(const struct relay_request *request);
/* The document is whole. Answers. */
int staying_end(struct relay_request *request);
