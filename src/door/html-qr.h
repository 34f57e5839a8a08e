// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* QR codes (ISO/IEC 18004) on our sheets, as one drawing of unit squares with the quiet room around it. */

#include "door/html.h"

/* The address, and nothing else, as an <svg> whose size the sheet's style says. */
int html_qr(struct html *html, const char *address);

/* The same drawing for who makes an <svg> of it elsewhere: the path's "d", and how many squares wide it is.
 */
int qr_path(const char *words, struct buffer *to, int *ret_width);

struct printer;
/* The code that a printer carries: "https://print.example/printers/ID". *ret is that address. */
#define QR_ADDRESS 512
int html_qr_printer(struct html *html, const char *origin, const struct printer *printer,
                    char ret[QR_ADDRESS]);
