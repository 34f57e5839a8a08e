// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The runtime folder: for what is to outlive a kill, and neither a power cut nor a theft of the disk. */

/* Opens it, and makes it where there is none; -1 where it is no tmpfs, which the log tells. path is "": none.
 */
int runtime_open(const char *path);
