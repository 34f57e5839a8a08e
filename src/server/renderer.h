// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The service's own renderers: a pool of cells (cells/cells.h) that takes its work out of core's list
 * (core/rendering/work.h), where what comes back is sealed. */

#include "cells/settings.h"

struct core;
struct renderer;

int renderer_new(const struct cells_settings *settings, struct renderer **ret);
/* From here on core is borrowed. */
int renderer_start(struct renderer *renderer, struct core *core);
/* There is work. From any thread, also before the start; does not block. */
void renderer_wake(struct renderer *renderer);
/*
 * One document at once, outside of core's list: for door/door.h, whose words these are. context is the
 * renderer. One at a time, and none where this service draws nothing itself.
 */
struct buffer;
struct order;
int renderer_draw(void *context, const struct order *order, struct text document, struct buffer *to);
/* What is under way is wanted again at the next start. */
void renderer_stop(struct renderer *renderer);
void renderer_free(struct renderer *renderer);
