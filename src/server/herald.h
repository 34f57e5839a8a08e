// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The thread that tells of alerts (core/notice/alert.h), one route after another: by mail, which then waits
 * with all other mail, or by a hook. A hook gets JSON, and the header
 *
 *      Imprimatur-Signature: t=1767225600,v1=<HMAC-SHA256 of "1767225600." and the body, hexadecimal>
 *
 * under the key that its route was told once (in hexadecimal: the key is the octets). It has taken them when
 * it answers with a status of 200 to 299.
 */

struct core;
struct fetcher;
struct herald;

int herald_start(struct fetcher *fetcher, struct core *core, struct herald **ret);
void herald_stopp(struct herald **herald);
