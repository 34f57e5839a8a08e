// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The threads that call core_sweep() every second, and core_chore() while there is something to do. */

struct core;
struct sweeper;

int sweeper_start(struct core *core, struct sweeper **ret);
void sweeper_stopp(struct sweeper **sweeper);
