// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The place where an agent's journal is kept: this machine, and this folder.
 *
 * A journal counts only where it was written. A copy of it (a machine that was cloned, a folder that came
 * back from a backup) does not know what was begun since, and to believe it would print twice. So beside the
 * journal lies a hash over what is of this machine and folder alone: its id, the fixed addresses of its
 * network devices, the number of the folder in its file system. Where it is another, the journal is put away,
 * and the new one has an incarnation of its own; what was under way is then uncertain, and its owners are
 * asked.
 */

#include <stdbool.h>

enum place_refusal {
        PLACE_TAKEN = 1, /* another agent works in this folder */
};

/*
 * Whoever has it open has it alone, until he ends, however that is: two programs with one journal would each
 * carry what the other one does. PLACE_TAKEN.
 */
int place_take(int directory);

/* *ret_moved: the journal was of another place, and was put away. Before the journal is opened. */
int place_check(int directory, bool *ret_moved);
