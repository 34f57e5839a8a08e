// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The thread that calls core_sweep() every second. */

struct core;
struct sweeper;

int sweeper_start(struct core *core, struct sweeper **ret);
void sweeper_stopp(struct sweeper **sweeper);
