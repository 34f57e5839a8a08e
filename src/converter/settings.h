// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The converter's settings; every one has a default but the service's address. */

#include "cells/settings.h"
#include "outpost/program.h"

struct converter_settings {
        struct program_settings program;
        struct cells_settings cells; /* [render], as the service has them */
};

/* Texts are borrowed from config and from *ret itself, which stays where it is. A config_refusal, whose
 * sentence is config_complaint(). */
int converter_settings_read(struct config *config, struct converter_settings *ret);
