// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Whether somebody listens there; apart from the rest, since courier and net each have addresses of their
 * own. */

#include <stdint.h>

/* NULL: a connection was made (and closed); otherwise why not, as a keyword. */
const char *readiness_connect(const char *host, uint16_t port, int64_t deadline_ms);
