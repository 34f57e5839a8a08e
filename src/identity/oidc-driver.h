// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The driver of methods of kind "oidc": OpenID Connect. The sign-in itself goes through a browser
 * (identity/oidc-flow.h). */

#include "core/sign-in/method.h"

extern const struct method_driver oidc_driver;
