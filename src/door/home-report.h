// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What an agent tells of jobs whose home it is, or wants to be (/v1/agent/homes… in api/openapi.yaml). False:
 * the members have a complaint.
 */

#include "core/job/home.h"
#include "door/json.h"

bool home_taking_read(struct members *members, struct home_taking *ret);
bool home_back_read(struct members *members, struct home_back *ret);
bool home_release_read(struct members *members, struct home_release *ret);
