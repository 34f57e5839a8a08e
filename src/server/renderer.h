// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The renderer's side of the service: threads that take one work after another (core/work.h), feed its
 * document to the program imprimatur-render, and give what comes back to core, which seals it.
 *
 * The plaintext is in two pipes and nowhere else. A conversion has a limit on its time; what it may write is
 * limited by core. One that fails or is killed fails its own work and no other.
 */

#include "server/settings.h"

struct renderer;

int renderer_new(const struct renderer_settings *settings, struct renderer **ret);
/* The threads; from here on core is borrowed. Nothing where settings.cells is 0. */
int renderer_start(struct renderer *renderer, struct core *core);
/* There is work. From any thread, also before the start; does not block. */
void renderer_wake(struct renderer *renderer);
/* Ends the conversions under way (they are wanted again at the next start) and waits for the threads. */
void renderer_stop(struct renderer *renderer);
/* Stops where that was not done. */
void renderer_free(struct renderer *renderer);
