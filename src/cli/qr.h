// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdio.h>

/* Draws a text as a QR code for whoever has a phone at hand. Nothing where it is too long for a terminal. */
void qr_print(FILE *to, const char *text);
