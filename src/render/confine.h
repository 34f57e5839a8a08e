// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readers of ours, and libraries that are linked, run in a process of their own that has given up everything
 * but memory and one descriptor to write to: no file, no process, no network, not even the standard output
 * and the log of the program, and no more memory, octets and time than the order allows.
 */

#include "conversion/order.h"

/*
 * What work() answers, which runs there and whose writes to memory are lost: 0, RENDER_* or a fault. to: the
 * descriptor that it may write to, a file in memory; -1: none. RENDER_LIMIT where its time was up, memory was
 * out, or it met what no reader of ours should.
 */
int confine_run(const struct order_limits *limits, int to, int (*work)(void *context), void *context);
