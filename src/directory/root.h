// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a server says of itself in its root DSE (RFC 4512, section 5.1): which software it is, and what it
 * holds. All of it is an outsider's word: it chooses between ways to ask, and proves nothing of anybody.
 */

#include "directory/link.h"

struct root {
        bool is_active_directory;
        char context[DIRECTORY_DN];       /* what it holds that the base of the settings lies in */
        char home[DIRECTORY_DN];          /* of Active Directory: its own domain; "": it does not say */
        char configuration[DIRECTORY_DN]; /* likewise, of the forest */
};

/* A server that says nothing of itself is one that holds the base of the settings. DONE, SILENT, CONFUSED. */
int root_read(struct link *link, struct root *ret);
