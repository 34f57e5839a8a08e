// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Starts a thread that nobody waits for: it ends with the program, or by itself. 0 or a fault. */
int thread_start(void *(*run)(void *), void *context);
