// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Document formats: what their first octets say. For application/octet-stream, where the client leaves it to
 * us to find out (RFC 8011, section 5.1.10.1). Pure.
 */

#include <stdbool.h>

#include "base/text.h"

#define FORMAT_SENSE_OCTETS 512 /* of a document are enough */

#define FORMAT_PDF          "application/pdf"
#define FORMAT_POSTSCRIPT   "application/postscript"
#define FORMAT_JPEG         "image/jpeg"
#define FORMAT_PWG_RASTER   "image/pwg-raster"
#define FORMAT_URF          "image/urf"
#define FORMAT_TEXT         "text/plain"
#define FORMAT_PCL          "application/vnd.hp-PCL"
#define FORMAT_PCLXL        "application/vnd.hp-PCLXL"
#define FORMAT_OCTET_STREAM "application/octet-stream"

/*
 * The media type of a document that starts with these octets (all of it, or its first FORMAT_SENSE_OCTETS);
 * NULL where it is none we know. Static.
 */
const char *format_sense(struct text octets);
