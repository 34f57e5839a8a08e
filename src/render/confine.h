// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readers of ours, and libraries that are linked, run in a process of their own that has given up everything
 * but memory and the descriptors that are already open to write to: no file, no process, no network, and no
 * more memory and time than the order allows.
 */

#include "conversion/order.h"

/*
 * What work() answers, which runs there and whose writes to memory are lost: 0, RENDER_* or a fault.
 * RENDER_LIMIT where its time was up, memory was out, or it met what no reader of ours should.
 */
int confine_run(const struct order_limits *limits, int (*work)(void *context), void *context);
