// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Outcomes
 *
 * A function that can fail returns int, and the sign says who must act.
 *
 *      0    Done.
 *    > 0    Refusal. The answer is no, for a reason named in the module's own enum. The direct caller answers
 *           it; a refusal never travels further up.
 *    < 0    Fault, a negative errno. No caller can repair it, so none looks inside it: it passes unchanged to
 *           the edge of the request, where it is logged once and the client is told "internal error".
 *
 * fault() marks the line where a fault is born, so that the one log entry can name it. fold() turns a refusal
 * that cannot happen here into a fault. Both are safe from every thread; the birthplace is kept per thread.
 */

#define fault(r) fault_at((r), __func__, __FILE__, __LINE__)
#define fold(r)  fold_at((r), __func__, __FILE__, __LINE__)

/* Remembers the birthplace and returns r, which must be negative. */
int fault_at(int r, const char *function, const char *file, int line);

/* Returns r where it is 0 or a fault; a refusal becomes the fault -EPROTO. */
int fold_at(int r, const char *function, const char *file, int line);

/* Takes over a fault that was born on another thread, with its birthplace. */
int fault_from(int r, const char *birthplace);

/* Where this thread's last fault was born, as "file:line function"; never NULL, static storage of the thread.
 */
const char *fault_birthplace(void);
