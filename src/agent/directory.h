// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The directory of the site, asked on behalf of the service.
 *
 * The service says "directory" on the channel; a worker fetches the question, asks (directory/ask.h), and
 * answers. A question holds the password that somebody typed and the one of the account that looks people up:
 * both lie in locked memory while it is asked, and nowhere afterwards. Nothing of it is stored or logged
 * here.
 */

#include "agent/service.h"
#include "agent/settings.h"

struct directory;

enum directory_refusal {
        DIRECTORY_BAD_ALLOW = 1, /* [directory] allow cannot be read */
};

/* Starts the workers, which live as long as the process. */
int directory_start(const struct agent_settings *settings, struct service *service, struct directory **ret);
/* There may be questions. Does not block. */
void directory_wake(struct directory *directory);
/* Off: no question is fetched any more. Under way may be one a worker; its answer is still given. */
void directory_switch(struct directory *directory, bool is_on);
