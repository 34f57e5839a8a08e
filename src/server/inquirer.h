// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The thread that calls identity_check() every second: providers elsewhere are slow, and the sweeper must not
 * wait for them. */

struct core;
struct identity;
struct inquirer;

int inquirer_start(struct identity *identity, struct core *core, struct inquirer **ret);
void inquirer_stopp(struct inquirer **inquirer);
