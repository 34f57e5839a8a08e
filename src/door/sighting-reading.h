// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One sighting as an agent tells it (POST /v1/agent/sightings in api/openapi.yaml). */

#include <jansson.h>

#include "core/printer/sighting.h"
#include "door/shape.h"

/* Facts, supplies, trays and covers, as they are kept: JSON, freed by the caller also after a refusal. */
#define SIGHTING_KEPT 4

/* *ret is all zeros before, and borrows from kept. False: complaint says why, in words for people. */
bool sighting_read(json_t *value, char *kept[SIGHTING_KEPT], struct sighting *ret,
                   char complaint[SHAPE_COMPLAINT]);
