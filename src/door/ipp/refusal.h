// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What core refuses, in IPP's words: a status and a sentence that says what to do. */

#include "ipp/names.h"

struct ipp_refusal_words {
        enum ipp_status status;
        const char *sentence;
};

/* refusal is of enum core_refusal. */
struct ipp_refusal_words ipp_refusal_words(int refusal);
