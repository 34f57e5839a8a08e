// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Documents of office programs, by LibreOffice in a cell of its own: one process and one profile a document.
 * Nothing that a document names is fetched, no macro runs.
 */

#include "render/cell.h"
#include "render/source.h"

#define OFFICE_CALLS_MAX 128

struct office_profile {
        struct cell_profile profile;
        const char *calls[OFFICE_CALLS_MAX]; /* the profile's */
};
void source_office_profile(struct office_profile *ret);

bool source_office_is_there(enum format format);

/* *ret is a descriptor of a PDF. RENDER_PASSWORD, RENDER_DAMAGED, RENDER_LIMIT; RENDER_UNSUPPORTED where
 * LibreOffice, or its part for such documents, is not installed. */
int source_office(const struct order *order, const struct source *source, int *ret);
