// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What a camera wrote beside a picture (Exif 2.3, which is a TIFF file). Pure. */

#include <stdint.h>

#include "base/text.h"

/* 1 to 8 (tag 274 of the first directory); 1 where it says nothing. */
uint8_t exif_orientation(struct text tiff);
