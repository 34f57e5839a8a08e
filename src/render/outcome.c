// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/outcome.h"

const char *render_refusal_name(int refusal)
{
        switch (refusal) {
        case RENDER_UNSUPPORTED: return "unsupported";
        case RENDER_DAMAGED: return "damaged";
        case RENDER_PASSWORD: return "password";
        case RENDER_LIMIT: return "limit";
        default: return "unknown";
        }
}
